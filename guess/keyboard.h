/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are walks over a keyboard, in four layouts. */
#ifndef A2A_KEYBOARD_H
#define A2A_KEYBOARD_H

#include "lattice.h"

enum {
	A2A_KEYBOARDS = 4,
	A2A_OTHER_KEYS = 8, /* characters that are not ASCII */
	A2A_KEYS = A2A_CODES + A2A_OTHER_KEYS,
};

/* Where a character sits on a keyboard. */
struct a2a_key {
	int8_t x, y;
	bool there;
	bool edge; /* the first of its row, or the last that is a letter or digit */
};

/*
 * Where each character sits on the keyboards: made once, then only read. A character is numbered by
 * its code in the lexicon, or behind all codes if it is not ASCII; 0 sits nowhere.
 */
struct a2a_keyboards {
	struct a2a_key key[A2A_KEYS][A2A_KEYBOARDS];
	int32_t other[A2A_OTHER_KEYS]; /* é, è, ... */
	uint8_t others;
	/* Of two characters, a bit for each keyboard that has both: whether their keys are in one
	 * column or in two beside each other, and above these whether they are neighbours. */
	uint8_t pair[A2A_KEYS][A2A_KEYS];
};

void a2a_keyboards_fill(struct a2a_keyboards *keyboards);

/* Finds the characters' keys; once, before a2a_offer_on_keyboards(). */
void a2a_find_keys(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice);

/* Offers every walk that begins at `start`. */
void a2a_offer_on_keyboards(
	const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice, size_t start);

#endif
