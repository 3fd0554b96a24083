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

/* Words with how often a model of the written language counted each. */
struct counted {
	unsigned long count;
	char *word;
};

struct counts {
	struct counted *counted;
	size_t count;
};

/* One line of sources.conf, whose heading says what the columns mean. */
struct source {
	char language[8];
	char kind[16];
	bool is_required;
	double bits;
	unsigned first, first_times, other_times; /* how often the model learns its words */
	char package[64];
	char name[1024]; /* the path as it stands there */
	char path[1024]; /* where the list is */
	bool is_missing; /* it is not there, and not required */
};

/*
 * Calls `each` for every source in the file, until one returns false. A list that is not there is
 * looked for below `root` (if not NULL), where its package may have been unpacked; our own lie
 * below the folder of sources.conf. Complaints go to standard error, with file and line. Returns
 * whether all went well.
 */
bool sources_read(const char *path, const char *root, bool (*each)(const struct source *, void *),
	void *context);

/* The files *.txt of a folder of our own lists, as paths, sorted. False, having complained, when
 * there are none. */
bool words_find_lists(struct words *lists, const char *folder);

/* Adds a copy of `length` bytes. Ends the program when memory is out. */
void words_add(struct words *words, const char *word, size_t length);

/* Sorts by bytes, as strcmp() does, and drops what is there twice. */
void words_sort(struct words *words);

/* Whether sorted words hold this one. */
bool words_have(const struct words *words, const char *word);

/* How the lines of a list are taken. */
enum word_lines {
	WORD_LINES,      /* each is a word */
	COMMENTED_LINES, /* `#` begins a comment: our own lists; elsewhere it could be a word */
	FOUND_LINES,     /* as somebody found them: what is no text is passed over */
};

/*
 * Calls `each` for every line of a list, without its newline and numbered from 1, that is neither
 * empty nor a comment. The list may be compressed or lie in an archive, in any way that libarchive
 * knows. False, having complained, when it cannot be read, a line is not UTF-8 or holds a NUL, or
 * `each` was false once.
 */
bool words_each(const char *path, enum word_lines lines,
	bool (*each)(const char *line, size_t number, void *context), void *context);

/* Adds every such line, as it stands. */
bool words_read(struct words *words, const char *path, enum word_lines lines);

void words_free(struct words *words);

/* Adds a copy. Ends the program when memory is out. */
void counts_add(struct counts *counts, unsigned long count, const char *word);

/*
 * Adds the unigrams of an ARPA-like language model, lines "COUNT WORD" between \1-grams: and
 * \2-grams:, but not its marks, as <s>. False, having complained, when it cannot be read or has
 * none.
 */
bool counts_read(struct counts *counts, const char *path);

/* The greater count first; of equals, by bytes, so that every build is the same. */
void counts_sort(struct counts *counts);

void counts_free(struct counts *counts);

#endif
