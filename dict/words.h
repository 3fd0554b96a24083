/* SPDX-License-Identifier: BSD-3-Clause */
/* A bag of words, and the sources that fill it. For the build, not for the engine. */
#ifndef A2A_WORDS_H
#define A2A_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Words in memory, NUL-terminated; each one allocated. */
struct words {
	char **word;
	size_t count, room;
};

/* One line of sources.conf. */
struct source {
	char language[8];
	char kind[16];
	char package[64];
	char path[1024]; /* our own: below the folder of sources.conf */
};

/*
 * Calls `each` for every source in the file, until one returns false. A list that is not there is
 * looked for below `root` (if not NULL), where its package may have been unpacked. Complaints go to
 * standard error, with file and line. Returns whether all went well.
 */
bool sources_read(const char *path, const char *root, bool (*each)(const struct source *, void *),
	void *context);

/* Adds a copy of `length` bytes. Ends the program when memory is out. */
void words_add(struct words *words, const char *word, size_t length);

/* Sorts by bytes, as strcmp() does, and drops what is there twice. */
void words_sort(struct words *words);

/* Whether sorted words hold this one. */
bool words_have(const struct words *words, const char *word);

/*
 * Adds every line of a list, as it stands, that is neither empty nor a comment (`#`, in our own
 * lists only: elsewhere it could be a word). False, having complained, when it cannot be read or a
 * line is not UTF-8.
 */
bool words_read(struct words *words, const char *path, bool has_comments);

void words_free(struct words *words);

#endif
