/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists in lines that fit a terminal. */
#ifndef A2A_WRAP_H
#define A2A_WRAP_H

#include "secret.h"

/* Returns the columns of the terminal; SIZE_MAX if the descriptor is none. */
size_t wrap_width(int fd);

/* Returns the columns that a text of UTF-8 takes, if each of its letters takes one. */
size_t wrap_columns(const char *text, size_t length);

/*
 * Appends items that are separated by ", ", and begins a new line between two of them where the
 * next one would not fit into `width` columns. The first line begins in column `indent`; as many
 * blanks begin the others. Returns false when memory is out.
 */
bool wrap_append(struct secret *to, const char *items, size_t length, size_t indent, size_t width);

#endif
