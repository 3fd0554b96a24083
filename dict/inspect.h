/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking into a lexicon as all2all-dict does: all of it, or a word as somebody types it. */
#ifndef A2A_INSPECT_H
#define A2A_INSPECT_H

#include "lexicon.h"
#include "log.h"

/* A file in memory, and the lexicon that it is opened as. */
struct a2a_lexicon_file {
	void *bytes; /* NULL: none */
	size_t size;
	struct a2a_lexicon lexicon;
};

/*
 * Maps a file, which may belong to anybody: it is looked into, not trusted. False, having reported,
 * when it cannot be read. a2a_lexicon_open_words() is to follow, and a2a_lexicon_file_close() in
 * any case.
 */
bool a2a_lexicon_file_open(
	struct a2a_lexicon_file *file, const char *path, const struct a2a_log *log);
void a2a_lexicon_file_close(struct a2a_lexicon_file *file);

/*
 * Checks all of an open lexicon. Every node is inside of the graph and overlaps no other; edges are
 * in order and lead downwards; every path ends at a word, with a class and of no more than
 * A2A_WORD_LONGEST characters; there are as many words as the header says; the probabilities of the
 * model sum up to 1 after every three characters; leaked passwords are in order; the inputs are
 * lines of text. Returns NULL, or an English clause that says what is wrong, or that memory is out.
 */
const char *a2a_lexicon_verify(const struct a2a_lexicon *lexicon);

/* Calls `each` for every word, in the order of strcmp(). Only for a verified lexicon. */
void a2a_lexicon_each(const struct a2a_lexicon *lexicon,
	void (*each)(void *context, const char *word, const struct a2a_class *class),
	void *context);

/* How many words of each kind, and in row A2A_KINDS of all kinds, each language has; then how many
 * belong to no language, and how many there are. */
enum { A2A_CENSUS_NONE = A2A_LANGUAGES, A2A_CENSUS_ALL, A2A_CENSUS_COLUMNS };

struct a2a_census {
	unsigned long count[A2A_KINDS + 1][A2A_CENSUS_COLUMNS];
};

/* Counts all words. Only for a verified lexicon. */
void a2a_lexicon_count(const struct a2a_lexicon *lexicon, struct a2a_census *census);

/* The class of a word in UTF-8, which is folded here; NULL if the lexicon does not have it. */
const struct a2a_class *a2a_lexicon_find(const struct a2a_lexicon *lexicon, const char *word);

/* Whether the lexicon has it as a leaked password. */
bool a2a_lexicon_has_leaked(const struct a2a_lexicon *lexicon, const char *password);

#endif
