/* SPDX-License-Identifier: BSD-3-Clause */
/* Inspects a lexicon for all2all-dict: all of it, or one word as somebody types it. */
#ifndef A2A_INSPECT_H
#define A2A_INSPECT_H

#include "lexicon.h"
#include "log.h"

/* A file in memory, and the lexicon in it. */
struct a2a_lexicon_file {
	void *bytes; /* NULL: none */
	size_t size;
	struct a2a_lexicon lexicon;
};

/*
 * Maps a file. The file may belong to anybody, because it is inspected and not trusted. Returns
 * false, having reported, when it cannot be read. Call a2a_lexicon_open_words() next, and
 * a2a_lexicon_file_close() in any case.
 */
bool a2a_lexicon_file_open(
	struct a2a_lexicon_file *file, const char *path, const struct a2a_log *log);
void a2a_lexicon_file_close(struct a2a_lexicon_file *file);

/*
 * Checks all of an open lexicon. Every node must be inside of the graph and overlap no other one;
 * edges must be in order and lead downwards; every path must end at a word that has a class and at
 * most A2A_WORD_LONGEST characters; there must be as many words as the header says; the
 * probabilities of the model must sum up to 1 after every three characters; leaked passwords must
 * be in order; the inputs must be lines of text. Returns NULL, or an English clause that says what
 * is wrong, or that memory is out.
 */
const char *a2a_lexicon_verify(const struct a2a_lexicon *lexicon);

/* Calls `each` for every word, in the order of strcmp(). Only for a verified lexicon. */
void a2a_lexicon_each(const struct a2a_lexicon *lexicon,
	void (*each)(void *context, const char *word, const struct a2a_class *class),
	void *context);

/* Numbers of words. There is a row for each kind, row A2A_KINDS for all kinds together, and row
 * A2A_CENSUS_FORMS for the forms of words (forms.h), which are of no other row's kind. There is a
 * column for each language, then one for the words of no language, and one for all words. */
enum { A2A_CENSUS_NONE = A2A_LANGUAGES, A2A_CENSUS_ALL, A2A_CENSUS_COLUMNS };
enum { A2A_CENSUS_FORMS = A2A_KINDS + 1, A2A_CENSUS_ROWS };

struct a2a_census {
	unsigned long count[A2A_CENSUS_ROWS][A2A_CENSUS_COLUMNS];
};

/* Counts all words. Only for a verified lexicon. */
void a2a_lexicon_count(const struct a2a_lexicon *lexicon, struct a2a_census *census);

/* Looks up a word in UTF-8, which is folded here. Returns its class, or NULL if the lexicon does
 * not have it. */
const struct a2a_class *a2a_lexicon_find(const struct a2a_lexicon *lexicon, const char *word);

/* Tells whether the lexicon has this password as a leaked one. */
bool a2a_lexicon_has_leaked(const struct a2a_lexicon *lexicon, const char *password);

#endif
