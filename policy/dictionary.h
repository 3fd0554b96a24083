/* SPDX-License-Identifier: BSD-3-Clause */
/* The dictionary that cracklib reads: opened and checked before it does. */
#ifndef A2A_DICTIONARY_H
#define A2A_DICTIONARY_H

#include "file.h"
#include "log.h"

enum { A2A_DICTIONARY_FILES = 3 };

/* All zero is none. */
struct a2a_dictionary {
	struct a2a_file file[A2A_DICTIONARY_FILES];
};

/*
 * Maps the three files of `dictpath` and checks all that is in them. Returns false, having
 * reported, when they are not there, not to be trusted or not whole.
 */
bool a2a_dictionary_open(
	struct a2a_dictionary *dictionary, const char *dictpath, const struct a2a_log *log);
void a2a_dictionary_close(struct a2a_dictionary *dictionary);

/* Whether the files under that name are still those that were opened. */
bool a2a_dictionary_is_current(const struct a2a_dictionary *dictionary, const char *dictpath);

#endif
