/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many guesses a password withstands: the cheapest way to spell it out of what attackers try,
 * found by dynamic programming over its characters. Each segment costs bits, and so does what
 * follows what; the guess number is 2 to the power of their sum.
 */
#ifndef A2A_GUESS_H
#define A2A_GUESS_H

#include "keyboard.h"

/* What passwords are spelled out of. */
struct a2a_vocabulary {
	const struct a2a_lexicon *lexicon; /* `lexicons` of them; the first has the model */
	size_t lexicons;
	const struct a2a_keyboards *keyboards;
	const bool *taken; /* of `places` folded characters, which belong to a name of the person */
	size_t places;
};

/*
 * Measures a password, given as its characters (NFC): fills `log2_guesses`, the segments and the
 * word of the estimate. Returns false when memory is out.
 */
bool a2a_guess(const struct a2a_vocabulary *vocabulary, const struct a2a_text *password,
	struct a2a_estimate *estimate);

#endif
