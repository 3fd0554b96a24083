/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many guesses a password withstands: the cheapest way to spell it out of what attackers try,
 * found by dynamic programming over its characters. Each segment costs bits, and so does what
 * follows what; the guess number is 2 to the power of their sum.
 */
#ifndef A2A_GUESS_H
#define A2A_GUESS_H

#include "lattice.h"

/*
 * Measures a password, given as its characters (NFC): fills `log2_guesses` and the segments of the
 * verdict. Returns false when memory is out.
 */
bool a2a_guess(const struct a2a_lexicon *lexicon, const struct a2a_text *password,
	struct a2a_verdict *verdict);

#endif
