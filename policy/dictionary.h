/* SPDX-License-Identifier: BSD-3-Clause */
/* The dictionary of cracklib, which we open and check before cracklib reads it. */
#ifndef A2A_DICTIONARY_H
#define A2A_DICTIONARY_H

#include "file.h"
#include "log.h"

enum { A2A_DICTIONARY_FILES = 3 };

/* The files as they were when they were checked. All zero: none is open. */
struct a2a_dictionary {
	struct a2a_file file[A2A_DICTIONARY_FILES];
};

/*
 * Maps the three files of `dictpath` and checks everything in them. Returns false, having reported,
 * when one is missing, not trusted (a2a_file_open()) or damaged.
 */
bool a2a_dictionary_open(
	struct a2a_dictionary *dictionary, const char *dictpath, const struct a2a_log *log);

/* Unmaps the files. Safe on one that is all zero. */
void a2a_dictionary_close(struct a2a_dictionary *dictionary);

/* Tells whether the names of `dictpath` still lead to the files that were opened, unchanged. */
bool a2a_dictionary_is_current(const struct a2a_dictionary *dictionary, const char *dictpath);

#endif
