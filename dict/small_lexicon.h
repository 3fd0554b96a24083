/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A lexicon of a few words that are known only when a password is judged: those of a person. It is
 * in memory alone, and is searched as every lexicon is, so that such words are found in all the
 * ways in which people write a word.
 */
#ifndef A2A_SMALL_LEXICON_H
#define A2A_SMALL_LEXICON_H

#include "lexicon.h"

enum {
	A2A_SMALL_NODES = 2048,
	/* An edge to a node, its class, and its end or its bitmap. */
	A2A_SMALL_UNITS = A2A_SMALL_NODES * (2 + A2A_BITMAP_UNITS),
};

/* A node of the tree that the words are put into: the beginning of a word. Its children are a chain
 * in the order of their codes. 0 is no node. */
struct a2a_small_node {
	uint16_t child, next;
	uint8_t code;
	bool is_word;
};

struct a2a_small_lexicon {
	struct a2a_lexicon lexicon; /* after a2a_small_lexicon_finish() */
	struct a2a_class class;     /* of every word */
	uint32_t nodes, units;
	struct a2a_small_node node[A2A_SMALL_NODES];
	uint32_t unit[A2A_SMALL_UNITS];
};

/* Tells whether a lexicon is of a person's words. */
static inline bool a2a_is_of_person(const struct a2a_lexicon *lexicon)
{
	return lexicon->classes->kind == A2A_OF_PERSON;
}

/* Begins a lexicon of words of A2A_OF_PERSON, which have no rank. */
void a2a_small_lexicon_begin(struct a2a_small_lexicon *small);

/*
 * Adds a word: folded code points. Does nothing when a lexicon cannot hold it (it has fewer than
 * A2A_WORD_SHORTEST or more than A2A_WORD_LONGEST characters, or one without a code), and when the
 * nodes are all used. A word may be added twice.
 */
void a2a_small_lexicon_add(struct a2a_small_lexicon *small, const int32_t *word, size_t length);

/* Makes the lexicon of the words. It points into `small`, which must stay where it is. */
void a2a_small_lexicon_finish(struct a2a_small_lexicon *small);

#endif
