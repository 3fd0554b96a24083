/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The characters of a password and the cheapest spellings of all that is before each of them: what
 * words and patterns offer their segments to, and the guess number is read from.
 */
#ifndef A2A_LATTICE_H
#define A2A_LATTICE_H

#include "lexicon.h"
#include "segment.h"
#include "text.h"

enum {
	A2A_BIT = A2A_COST_BIT, /* costs are in steps of 1/256 bit */
};

/* Folded letters and digits of ASCII; isw...() would ask the locale of whoever called. */
static inline bool a2a_is_small(int32_t point)
{
	return point >= 'a' && point <= 'z';
}

static inline bool a2a_is_figure(int32_t point)
{
	return point >= '0' && point <= '9';
}

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

/* One character, and what is known of all before it. */
struct a2a_cell {
	int32_t point;                    /* folded */
	int32_t typed;                    /* as it was */
	uint16_t origin;                  /* its place among the characters that were typed */
	bool upper;                       /* it was a capital */
	uint8_t key;                      /* its number on the keyboards */
	uint16_t uppers, letters, digits; /* how many of these are before it */
	uint32_t model;                   /* what the characters before it cost under the model */
	/* By what the last segment is: the cheapest spelling of all before it, and that segment. */
	uint32_t best[A2A_GROUPS];
	/* By what the next segment will be: the cheapest spelling before it, with the join. */
	uint32_t entry[A2A_GROUPS];
	uint32_t entry_group[A2A_GROUPS];
	struct a2a_step last[A2A_GROUPS];
};

/* A word of a dictionary with nothing but decoration around it. */
struct a2a_word {
	uint16_t start, length;
	uint16_t letters; /* 0: there is none */
	uint16_t weight;  /* the greater, the more it says */
	uint8_t languages;
	uint8_t kind;    /* enum a2a_segment_kind */
	bool is_changed; /* in leet, backwards, or with something inside */
};

/* How many characters behind the last may be read. */
enum { A2A_LATTICE_MARGIN = 8 };

/* Characters, and one cell more. */
struct a2a_lattice {
	size_t size, count; /* `size` in bytes */
	bool is_allocated;
	char *text;           /* the folded characters that are ASCII, 1 for others, and
			       * A2A_LATTICE_MARGIN of 0 behind them */
	uint8_t *code;        /* their codes in the lexicon, in the same way */
	struct a2a_word word; /* of these, that which says most */
	struct a2a_cell cell[];
};

/* Room on the stack for passwords that are not unusually long. */
struct a2a_lattice_room {
	_Alignas(struct a2a_lattice) unsigned char bytes[4096];
};

/*
 * A lattice of the characters (NFC), folded, with nothing offered yet, in the caller's room or, if
 * that is too small, allocated; NULL when memory is out. It holds the password: release with
 * a2a_lattice_free(), which wipes it.
 */
struct a2a_lattice *a2a_lattice_new(const struct a2a_text *password, struct a2a_lattice_room *room);
void a2a_lattice_free(struct a2a_lattice *lattice);

/* Once all that ends at `place` has been offered: lets what comes next go on from there. */
void a2a_lattice_enter(struct a2a_lattice *lattice, size_t place);

/* Whether the characters at two places are the same over a length. */
bool a2a_lattice_same(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length);

/*
 * Offers that the characters from `start` on, `length` of them, are of a kind at a cost; `class` is
 * what the lexicon knows of a word, or NULL.
 */
void a2a_offer(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	enum a2a_segment_kind kind, const struct a2a_class *class);

/* What the capitals of a stretch cost: mostly it has none. */
uint32_t a2a_some_capitals_cost(const struct a2a_lattice *lattice, size_t start, size_t length);

static inline uint32_t a2a_capitals_cost(
	const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const struct a2a_cell *from = &lattice->cell[start];

	return from[length].uppers == from->uppers ? 0
						   : a2a_some_capitals_cost(lattice, start, length);
}

/* The group of what is no symbol and no letters of the model. */
static inline enum a2a_group a2a_group_between(
	const struct a2a_cell *from, const struct a2a_cell *to)
{
	return from->digits + (to - from) == to->digits ? A2A_NUMBERS_GROUP : A2A_WORDS_GROUP;
}

static inline enum a2a_group a2a_group_of(
	const struct a2a_cell *from, const struct a2a_cell *to, enum a2a_segment_kind kind)
{
	return kind == A2A_SEGMENT_SYMBOL    ? A2A_SYMBOLS_GROUP
	       : kind == A2A_SEGMENT_LETTERS ? A2A_LETTERS_GROUP
					     : a2a_group_between(from, to);
}

/* Offers it once, without looking whether it is repeated. */
static inline void a2a_offer_once(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, enum a2a_segment_kind kind, const struct a2a_class *class)
{
	const struct a2a_cell *from = &lattice->cell[start];
	struct a2a_cell *to = &lattice->cell[start + length];
	const enum a2a_group group = a2a_group_of(from, to, kind);
	const uint32_t total = from->entry[group] + cost;

	if (total >= to->best[group])
		return;
	to->best[group] = total;
	to->last[group] = (struct a2a_step){
		.kind = (uint8_t)kind,
		.languages = class ? class->languages : 0,
		.before = (uint8_t)from->entry_group[group],
		.start = (uint16_t)start,
		.cost = total - from->best[from->entry_group[group]],
	};
}

/*
 * Whether a word that costs so much, and perhaps more, could be the cheapest spelling of these
 * characters yet, or be there again.
 */
static inline bool a2a_may_matter(
	const struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost)
{
	const struct a2a_cell *from = &lattice->cell[start], *to = from + length;
	const enum a2a_group group = a2a_group_between(from, to);

	return from->entry[group] + cost < to->best[group] || to->point == from->point ||
	       to->point == to[-1].point;
}

/* Where the cells from `start` up to `end` stand in the password, in characters that were typed. */
struct a2a_segment a2a_segment_between(const struct a2a_lattice *lattice, size_t start, size_t end);

/* The cheapest spelling of all: returns its cost, and fills the estimate's segments. */
uint32_t a2a_lattice_read(const struct a2a_lattice *lattice, struct a2a_estimate *estimate);

#endif
