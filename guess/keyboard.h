/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are walks over a keyboard: AZERTY, QWERTY, QWERTZ, the keypad. */
#ifndef A2A_KEYBOARD_H
#define A2A_KEYBOARD_H

#include "lattice.h"

enum {
	A2A_KEYBOARDS = 4,
	A2A_OTHER_KEYS = 8, /* characters that are not ASCII */
	A2A_KEYS = A2A_CODES + A2A_OTHER_KEYS,
};

/* The place of a character on a keyboard. */
struct a2a_key {
	int8_t x, y;
	bool there;
	bool edge; /* the first of its row, or the last that is a letter or digit */
};

/*
 * The places of all characters on the keyboards: filled once, then only read. The number of a
 * character is its code in the lexicon or, if it is not ASCII, a number behind all codes. Number 0
 * has no key.
 */
struct a2a_keyboards {
	struct a2a_key key[A2A_KEYS][A2A_KEYBOARDS];
	int32_t other[A2A_OTHER_KEYS]; /* é, è, ... */
	uint8_t others;
	/* For two characters, bits by keyboard: the lower A2A_KEYBOARDS bits say that their keys
	 * are in the same column or in adjacent ones, the upper bits say that the keys are
	 * neighbours. */
	uint8_t pair[A2A_KEYS][A2A_KEYS];
};

_Static_assert(2 * A2A_KEYBOARDS <= 8, "with a further keyboard, a pair needs a wider type");

void a2a_keyboards_fill(struct a2a_keyboards *keyboards);

/* Fills the keys of the lattice's characters. Call it once, before a2a_add_walks(). */
void a2a_find_keys(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice);

/* Adds every walk that begins at `start`. */
void a2a_add_walks(
	const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice, size_t start);

#endif
