/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads lists of words into memory: for the build and for all2all-dict, and not for the engine.
 *
 * This header, sources.h, compile.h and lists.h belong to one library, dict-build. It never ends
 * the program: a function that cannot do its work, because memory is out or for another reason,
 * returns false. If the function has a log, it has then reported why; the log may be NULL.
 */
#ifndef A2A_WORDS_H
#define A2A_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "log.h"

/* Words in memory, NUL-terminated; each one is an allocation of its own. All zero is empty. */
struct words {
	char **word;
	size_t count, capacity;
};

/* A word, and how often a model of the written language counted it. */
struct counted {
	unsigned long count;
	char *word;
};

struct counts {
	struct counted *counted;
	size_t count;
};

/* Adds a copy of `length` bytes. Returns false, and leaves the words as they were, when memory is
 * out. */
bool words_add(struct words *words, const char *word, size_t length);

/* Sorts by bytes, as strcmp() does, and drops duplicates. */
void words_sort(struct words *words);

/* Tells whether sorted words hold this one. */
bool words_have(const struct words *words, const char *word);

void words_free(struct words *words);

/* A line that begins so, with a name behind it, begins a list. */
#define LIST_MARK "#:list "

/* Lines after which the words of a list of our own are names of places, or no longer. */
#define PLACES_MARK "#:places"
#define WORDS_MARK "#:words"

/* How the lines of a list are read. */
enum word_lines {
	WORD_LINES,      /* every line is a word */
	COMMENTED_LINES, /* `#` begins a comment; in other lists it could be a word */
	MARKED_LINES,    /* the same, but lines with LIST_MARK are passed on as well */
	PLACED_LINES,    /* the same, but PLACES_MARK and WORDS_MARK are passed on as well */
	FOUND_LINES,     /* a list of unknown origin: lines that are not text are skipped */
};

/*
 * Calls `each` for every line of a list that is neither empty nor a comment, without its newline
 * and numbered from 1. The list may be compressed or lie in an archive, in any format that
 * libarchive reads. Returns false, having reported, when the list cannot be read, or when a line is
 * not UTF-8 or holds a NUL. Also returns false when `each` returned false once. All lines are read
 * in any case, so that all faults are reported.
 */
bool words_each(const char *path, enum word_lines lines,
	bool (*each)(const char *line, size_t number, void *context), void *context,
	const struct a2a_log *log);

/* Adds every line that words_each() finds. */
bool words_read(
	struct words *words, const char *path, enum word_lines lines, const struct a2a_log *log);

/* Adds the paths of the files *.txt in a folder, sorted. Returns false when there are none. */
bool words_find_lists(struct words *lists, const char *folder, const struct a2a_log *log);

/* Reads all files *.txt of a folder, whose lines may be comments. */
bool words_read_folder(struct words *words, const char *folder, const struct a2a_log *log);

/* Adds a copy of a word and its count. Returns false, and leaves the counts as they were, when
 * memory is out. */
bool counts_add(struct counts *counts, unsigned long count, const char *word);

/*
 * Adds the unigrams of an ARPA-like language model: the lines "COUNT WORD" between \1-grams: and
 * \2-grams:, but not its marks, such as <s>. Returns false when the model cannot be read or has no
 * unigrams.
 */
bool counts_read(struct counts *counts, const char *path, const struct a2a_log *log);

/* Sorts by descending count, and by bytes where the counts are equal, so that every build is the
 * same. */
void counts_sort(struct counts *counts);

void counts_free(struct counts *counts);

#endif
