/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are not words: keyboard walks, sequences, years, dates, numbers. */
#ifndef A2A_PATTERN_H
#define A2A_PATTERN_H

#include "lattice.h"

/* Where each character sits on the keyboards: made once, then only read. */
struct a2a_keyboards {
	struct a2a_key ascii[128][A2A_KEYBOARDS];
	struct {
		int32_t point;
		struct a2a_key key[A2A_KEYBOARDS];
	} other[A2A_OTHER_KEYS]; /* é, è, ... */
	size_t others;
	/* Of two characters by their codes in the lexicon, a bit for each keyboard that has both:
	 * whether their keys are in one column or in two beside each other, and above these
	 * whether they are neighbours. */
	uint8_t pair[A2A_CODES][A2A_CODES];
};

void a2a_keyboards_fill(struct a2a_keyboards *keyboards);

/* Finds the characters' keys; once, before a2a_offer_patterns(). */
void a2a_find_keys(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice);

/* Offers every pattern that begins at `start`. */
void a2a_offer_patterns(
	const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice, size_t start);

#endif
