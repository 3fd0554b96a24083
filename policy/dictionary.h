/* SPDX-License-Identifier: BSD-3-Clause */
/* The dictionary of cracklib, which we check before cracklib reads it. */
#ifndef A2A_DICTIONARY_H
#define A2A_DICTIONARY_H

#include "file.h"
#include "log.h"
#include "packed.h"

enum { A2A_DICTIONARY_FILES = 3 };

/* The files as they were when they were checked; all zero before. Nothing to release. */
struct a2a_dictionary {
	struct a2a_stamp stamp[A2A_DICTIONARY_FILES];
	char word[A2A_PACKED_WORD_ROOM]; /* its first one */
};

/*
 * Tells whether the three files of `dictpath` are there and trusted (a2a_file_read()), without
 * reading them. Returns false, having reported, when one is not.
 */
bool a2a_dictionary_find(const char *dictpath, const struct a2a_log *log);

/*
 * Reads the three files of `dictpath`. They are whole if they have the checksums that were taken
 * when they were packed (`dictpath`.sums); everything in files without these, or with others, is
 * checked. Returns false, having reported, when one is missing, not trusted or damaged.
 */
bool a2a_dictionary_check(
	struct a2a_dictionary *dictionary, const char *dictpath, const struct a2a_log *log);

/*
 * Keeps others from writing to the files while cracklib reads them. Returns false, with nothing
 * guarded, when the names of `dictpath` lead to other files than those that were checked.
 * a2a_dictionary_unguard() ends it.
 */
bool a2a_dictionary_guard(const struct a2a_dictionary *dictionary, const char *dictpath,
	int guard[static A2A_DICTIONARY_FILES]);
void a2a_dictionary_unguard(int guard[static A2A_DICTIONARY_FILES]);

/* Tells whether the names of `dictpath` still lead to the files that were checked, unchanged. */
bool a2a_dictionary_is_current(const struct a2a_dictionary *dictionary, const char *dictpath);

/*
 * Waits a tenth of a second and returns true, if the dictionary could not be used because somebody
 * may be replacing its files: one of them was written, linked or renamed in the last ten seconds. A
 * package replaces the three files one after the other, which takes a second on a slow machine, and
 * a user at the prompt must not be turned away meanwhile. Returns false at once otherwise, and when
 * `*tries`, 0 at first, has come to 20. Only changes of passwords wait: no login opens it.
 */
bool a2a_dictionary_wait(const char *dictpath, int *tries);

#endif
