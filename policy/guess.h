/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many guesses a password withstands: the cheapest way to spell it out of what attackers try,
 * found by dynamic programming over its characters. Each segment costs bits, and so does what
 * follows what; the guess number is 2 to the power of their sum.
 */
#ifndef A2A_GUESS_H
#define A2A_GUESS_H

#include "../dict/lexicon.h"
#include "../dict/text.h"
#include "policy.h"

enum {
	A2A_BIT = A2A_COST_BIT, /* costs are in steps of 1/256 bit */
	A2A_KEYBOARDS = 5,
};

/* Kinds that stand alike in a password: what follows what costs by these. */
enum a2a_group {
	A2A_WORDS_GROUP,
	A2A_NUMBERS_GROUP,
	A2A_SYMBOLS_GROUP,
	A2A_LETTERS_GROUP,
	A2A_GROUPS
};

/* The last segment of a spelling; it ends where it stands in the lattice. */
struct a2a_step {
	uint8_t kind;      /* enum a2a_segment_kind */
	uint8_t languages; /* of a word */
	uint8_t before;    /* enum a2a_group of the segment before it */
	uint16_t start;
	uint32_t cost; /* with what joins it to the one before */
};

/* Where a character sits on a keyboard. */
struct a2a_key {
	int8_t x, y;
	bool there;
};

/* One character, and what is known of all before it. */
struct a2a_cell {
	int32_t point;   /* folded */
	int32_t typed;   /* as it was */
	uint16_t origin; /* its place among the characters that were typed */
	bool upper;      /* it was a capital */
	struct a2a_key key[A2A_KEYBOARDS];
	uint16_t uppers, letters, digits; /* how many of these are before it */
	uint32_t model;                   /* what the characters before it cost under the model */
	/* By what the last segment is: the cheapest spelling of all before it, and that segment. */
	uint32_t best[A2A_GROUPS];
	struct a2a_step last[A2A_GROUPS];
	/* By what the next segment will be: the cheapest spelling before it, with the join. */
	uint32_t entry[A2A_GROUPS];
	uint8_t entry_group[A2A_GROUPS];
};

/* Characters, and one cell more. Made by a2a_guess(), to which the patterns add by a2a_offer(). */
struct a2a_lattice {
	size_t room, count;
	struct a2a_cell cell[];
};

/*
 * Measures a password, given as its characters (NFC): fills `log2_guesses` and the segments of the
 * verdict. Returns false when memory is out.
 */
bool a2a_guess(const struct a2a_lexicon *lexicon, const struct a2a_text *password,
	struct a2a_verdict *verdict);

/*
 * Offers that the characters from `start` on, `length` of them, are of a kind at a cost; `class` is
 * what the lexicon knows of a word, or NULL.
 */
void a2a_offer(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	enum a2a_segment_kind kind, const struct a2a_class *class);

/* What the capitals of a stretch cost. */
uint32_t a2a_capitals_cost(const struct a2a_lattice *lattice, size_t start, size_t length);

#endif
