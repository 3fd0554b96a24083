/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Words as people write them in passwords: with capitals, in leet, backwards, with a mark or a
 * digit put inside.
 */
#ifndef A2A_WORD_H
#define A2A_WORD_H

#include "lattice.h"

/*
 * Offers the words of a lexicon that begin at `start`, or, backwards, those whose last letter (as
 * they are read: their first) stands there. A word that may be all there is to the password is
 * noted in the lattice.
 */
void a2a_offer_words(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start);
void a2a_offer_words_backwards(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start);

#endif
