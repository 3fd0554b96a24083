/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "guess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

/* The costs were set by measuring: let in against kept out, and the order of real passwords. */
enum {
	LONGEST_WORD = 32,
	LONGEST_STRETCH = 64,
	LONGEST_ROUND = 8, /* of letters that repeat themselves */
	MOST_STEPS = 400,  /* of one walk through the lexicon, leet and all */
	CHEAPEST_WORD = A2A_BIT,
	SHORT_PART = 3 * A2A_BIT, /* a word of three letters that is not all; half for four */
	BACKWARDS = 4 * A2A_BIT,
	LEET_ANY = 2 * A2A_BIT,
	LEET_EACH = A2A_BIT,
	LEET_MOST = 4,
	SHORTEST_CHANGED = 4,           /* letters of a word that is leet or backwards */
	STRETCH = A2A_BIT,              /* how many letters */
	ONE_LETTER = 47 * A2A_BIT / 10, /* log2(26) */
	MOST_LETTER = 13 * A2A_BIT / 2,
	NO_LETTER = 7 * A2A_BIT / 2,
	UPPER_FIRST = A2A_BIT,
	UPPER_LATER = 2 * A2A_BIT,
	LOWER_AFTER_UPPER = A2A_BIT,
};

/* What people write for letters. */
static const struct {
	char written;
	const char *meant;
} leet[] = {
	{'0', "o"},
	{'1', "il"},
	{'2', "z"},
	{'3', "e"},
	{'4', "a"},
	{'5', "s"},
	{'6', "bg"},
	{'7', "t"},
	{'8', "b"},
	{'9', "g"},
	{'@', "a"},
	{'$', "s"},
	{'!', "i"},
	{'|', "l"},
	{'+', "t"},
	{'(', "c"},
};

/* ---- Words ----------------------------------------------------------------------------------- */

/* A walk through the lexicon along the password, in one direction from `start`. */
struct stroll {
	const struct a2a_lexicon *lexicon;
	struct a2a_lattice *lattice;
	size_t start;
	bool backwards; /* the word stands backwards: `start` is its end */
	unsigned steps;
};

/* How far it has come. */
struct progress {
	struct a2a_walk walk;
	size_t length;
	unsigned changed; /* characters that are leet */
	unsigned letters; /* and that are letters as they are written */
};

/* Who writes some letters so mostly writes all of them so: after a few there is no more to guess.
 */
static uint32_t leet_cost(unsigned changed)
{
	if (changed == 0)
		return 0;
	return LEET_ANY + (changed < LEET_MOST ? changed : LEET_MOST) * LEET_EACH;
}

static void meet(struct stroll *stroll, const struct progress *progress)
{
	const struct a2a_class *class = a2a_lexicon_word(stroll->lexicon, progress->walk);
	const size_t length = progress->length;
	const bool changed = progress->changed || stroll->backwards;
	size_t start = stroll->backwards ? stroll->start + 1 - length : stroll->start;
	uint32_t cost;

	/* A number alone is no word that was changed. */
	if (!class || (changed && length < SHORTEST_CHANGED) ||
		(progress->changed && !progress->letters))
		return;
	cost = a2a_class_cost(class) > CHEAPEST_WORD ? a2a_class_cost(class) : CHEAPEST_WORD;
	cost += a2a_capitals_cost(stroll->lattice, start, length);
	cost += leet_cost(progress->changed);
	cost += stroll->backwards ? BACKWARDS : 0;
	if (length <= 4 && length < stroll->lattice->count)
		cost += length < 4 ? SHORT_PART : SHORT_PART / 2;
	a2a_offer(stroll->lattice, start, length, cost,
		stroll->backwards             ? A2A_SEGMENT_BACKWARDS
		: class->kind == A2A_PASSWORD ? A2A_SEGMENT_PASSWORD
					      : A2A_SEGMENT_WORD,
		class);
}

static void walk_on(struct stroll *stroll, struct progress progress);

static void try_step(
	struct stroll *stroll, struct progress progress, char character, bool changed, bool letter)
{
	if (stroll->steps++ == MOST_STEPS ||
		!a2a_lexicon_step(stroll->lexicon, &progress.walk, character))
		return;
	progress.length++;
	progress.changed += changed;
	progress.letters += letter;
	walk_on(stroll, progress);
}

static void walk_on(struct stroll *stroll, struct progress progress)
{
	const struct a2a_lattice *lattice = stroll->lattice;
	int32_t point;

	meet(stroll, &progress);
	if (progress.length == LONGEST_WORD || stroll->steps >= MOST_STEPS)
		return;
	if (stroll->backwards ? progress.length > stroll->start
			      : stroll->start + progress.length >= lattice->count)
		return;
	point = lattice->cell[stroll->backwards ? stroll->start - progress.length
						: stroll->start + progress.length]
			.point;
	if (point <= ' ' || point >= 0x7f)
		return;
	if (point >= 'a' && point <= 'z') {
		try_step(stroll, progress, (char)point, false, true);
		return;
	}
	try_step(stroll, progress, (char)point, false, false);
	for (size_t i = 0; i < sizeof(leet) / sizeof(leet[0]); i++)
		if (leet[i].written == point)
			for (const char *meant = leet[i].meant; *meant; meant++)
				try_step(stroll, progress, *meant, true, false);
}

static void offer_words(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice,
	size_t start, bool backwards)
{
	struct stroll stroll = {lexicon, lattice, start, backwards, 0};

	walk_on(&stroll, (struct progress){.walk = {lexicon->root, false}});
}

/* ---- Letters --------------------------------------------------------------------------------- */

static void price_letters(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice)
{
	uint8_t letter[4] = {0};

	for (size_t i = 0; i < lattice->count; i++) {
		struct a2a_cell *cell = &lattice->cell[i];
		uint32_t cost;

		memmove(letter, letter + 1, 3);
		letter[3] = a2a_model_letter(cell->point);
		cost = a2a_model_cost(lexicon, letter) * (A2A_BIT / A2A_MODEL_BIT);
		if (cost > MOST_LETTER)
			cost = MOST_LETTER;
		cost += letter[3] == 0 ? NO_LETTER : 0;
		if (cell->upper)
			cost += i == 0 ? UPPER_FIRST : UPPER_LATER;
		else if (i > 1 && cell[-1].upper && cell[1].letters > cell->letters)
			cost += LOWER_AFTER_UPPER;
		cell[1].model = cell->model + cost;
	}
}

static void offer_letters(struct a2a_lattice *lattice, size_t start)
{
	size_t longest = lattice->count - start;

	/* A longer one goes on in another: so that the whole costs time in proportion to its
	 * length. */
	if (longest > LONGEST_STRETCH)
		longest = LONGEST_STRETCH;
	for (size_t length = 1; length <= longest; length++) {
		uint32_t cost =
			STRETCH + lattice->cell[start + length].model - lattice->cell[start].model;
		/* One by itself is one of the alphabet, whatever stands before it. */
		if (length == 1 && cost > ONE_LETTER)
			cost = ONE_LETTER + (lattice->cell[start].upper ? UPPER_FIRST : 0);

		a2a_offer_once(lattice, start, length, cost, A2A_SEGMENT_LETTERS, NULL);
		if (length <= LONGEST_ROUND &&
			a2a_lattice_same(lattice, start, start + length, length))
			a2a_offer(lattice, start, length, cost, A2A_SEGMENT_REPEAT, NULL);
	}
}

/* No more than drawing each character from the kinds that are used. */
static uint32_t random_cost(const struct a2a_text *password)
{
	unsigned lower = 0, upper = 0, digit = 0, symbol = 0, other = 0;

	for (size_t i = 0; i < password->count; i++) {
		int32_t point = password->point[i];

		if (point >= 'a' && point <= 'z')
			lower = 26;
		else if (point >= 'A' && point <= 'Z')
			upper = 26;
		else if (point >= '0' && point <= '9')
			digit = 10;
		else if (point < 0x80)
			symbol = 33;
		else
			other = 100;
	}
	return (uint32_t)lrint(
		(double)password->count * log2(lower + upper + digit + symbol + other) * A2A_BIT);
}

/* ---- All of it ------------------------------------------------------------------------------- */

static void spell(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice)
{
	price_letters(lexicon, lattice);
	a2a_prepare_patterns(lattice);
	for (size_t place = 0; place <= lattice->count; place++) {
		/* Words that stand backwards are met at their end, before it is gone on from. */
		if (place)
			offer_words(lexicon, lattice, place - 1, true);
		if (place == lattice->count)
			break;
		a2a_lattice_enter(lattice, place);
		offer_words(lexicon, lattice, place, false);
		a2a_offer_patterns(lattice, place);
		offer_letters(lattice, place);
	}
}

bool a2a_guess(const struct a2a_lexicon *lexicon, const struct a2a_text *password,
	struct a2a_verdict *verdict)
{
	struct a2a_lattice *lattice = a2a_lattice_new(password);

	verdict->log2_guesses = 0;
	verdict->segments = 0;
	if (!lattice)
		return false;
	if (lattice->count) {
		uint32_t cost, random = random_cost(password);

		spell(lexicon, lattice);
		cost = a2a_lattice_read(lattice, verdict);
		verdict->log2_guesses = (double)(cost < random ? cost : random) / A2A_BIT;
	}
	a2a_lattice_free(lattice);
	return true;
}
