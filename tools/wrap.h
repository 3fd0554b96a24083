/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists and sentences in lines that fit a terminal. */
#ifndef A2A_WRAP_H
#define A2A_WRAP_H

#include <stdio.h>

#include "secret.h"

/*
 * Appends items that are separated by ", ", and begins a new line between two of them where the
 * next one would not fit into `width` columns. The first line begins in column `indent`; as many
 * blanks begin the others. Returns false when memory is out.
 */
bool wrap_append(struct secret *to, const char *items, size_t length, size_t indent, size_t width);

/* Prints such items on standard output, behind a label, and with a newline. The first line begins
 * with the label, and `indent` blanks begin the others. Ends the program when memory is out. */
void wrap_print_items(const char *label, const char *items, size_t indent, size_t width);

/*
 * Prints lines of prose, each with its newline, and breaks those that are longer
 * than `width` columns between two words. A line that goes on begins `hang` columns behind where
 * the text of its first line begins, which may have blanks and a dash in front.
 */
void wrap_print(FILE *to, const char *text, size_t hang, size_t width);

#endif
