/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are words: with capitals, in leet, backwards, with inserted characters. */
#ifndef A2A_WORD_H
#define A2A_WORD_H

#include "lattice.h"

/*
 * Adds the words of a lexicon that begin at `start`; or, backwards, the words whose first letter
 * stands at `start` and the others before it. A word that may be reported as dictionary-word is
 * kept in the lattice.
 */
void a2a_add_words(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start);
void a2a_add_words_backwards(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start);

/* Returns the cost of a word by itself: however it is written, and wherever it stands. */
uint32_t a2a_word_cost(const struct a2a_class *word);

#endif
