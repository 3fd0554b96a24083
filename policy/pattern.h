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
};

void a2a_keyboards_fill(struct a2a_keyboards *keyboards);

/* Finds the characters' keys; once, before a2a_offer_patterns(). */
void a2a_find_keys(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice);

/* Offers every pattern that begins at `start`. */
void a2a_offer_patterns(struct a2a_lattice *lattice, size_t start);

#endif
