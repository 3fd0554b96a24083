/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "guess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"
#include "pattern.h"
#include "word.h"

static uint32_t cheaper(uint32_t one, uint32_t other)
{
	return one < other ? one : other;
}

/* ---- Letters --------------------------------------------------------------------------------- */

static void price_letters(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice)
{
	uint32_t history = 0;
	bool after_upper = false; /* but for the first */

	for (size_t i = 0; i < lattice->count; i++) {
		struct a2a_cell *cell = &lattice->cell[i];
		uint32_t letter = a2a_model_letter(cell->point), cost;

		history = a2a_model_next(history, letter);
		cost = a2a_model_cost(lexicon, history) * (A2A_BIT / A2A_MODEL_BIT);
		cost = cheaper(cost, LETTER_MOST) + (letter ? 0 : LETTER_OTHER);
		cost += cell->upper * (uint32_t)(i ? UPPER_LATER : UPPER_FIRST);
		cost += (!cell->upper & after_upper & (cell[1].letters > cell->letters)) *
			(uint32_t)LOWER_AFTER_UPPER;
		after_upper = cell->upper & (i > 0);
		cell[1].model = cell->model + cost;
	}
}

/* a2a_capitals_cost() of so few letters, without a branch. */
static uint32_t few_capitals_cost(const struct a2a_cell *from, const struct a2a_cell *to)
{
	/* Whether one stands first or last, by how many letters there are, and capitals: log2(3)
	 * where one of three is not like the others, unless it is the capital and stands there. */
	enum { usual = CAPITALS_USUAL, some = CAPITALS_SOME_OF_THREE };
	static const uint16_t costs[2][INITIALS_LONGEST + 1][INITIALS_LONGEST + 1] = {
		{{0}, {0, usual}, {0, CAPITALS_ONE_OF_TWO, usual}, {0, some, some, usual}},
		{{0, usual}, {0, usual}, {0, usual, usual}, {0, usual, some, usual}},
	};

	return costs[from->upper | to[-1].upper][to->letters - from->letters]
		    [to->uppers - from->uppers];
}

static uint32_t initials_cost(const struct a2a_cell *from, size_t length)
{
	return (length > 1 ? LETTERS_LENGTH : 0) + (uint32_t)length * ONE_LETTER +
	       few_capitals_cost(from, from + length);
}

/* What the model says of a stretch. */
static uint32_t letters_cost(const struct a2a_cell *from, size_t length)
{
	return LETTERS_LENGTH + from[length].model - from->model;
}

/* A few letters are of the alphabet, whatever stands before them. */
static uint32_t few_letters_cost(const struct a2a_cell *from, size_t length)
{
	return cheaper(letters_cost(from, length), initials_cost(from, length));
}

/* Whether any of the next characters is this one again: looked at all at once. */
static bool comes_again(const char *text)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t next;

	_Static_assert(ROUND_LONGEST == sizeof(next), "they are all looked at");
	_Static_assert((size_t)A2A_LATTICE_MARGIN >= sizeof(next), "they are all there");
	memcpy(&next, text + 1, sizeof(next));
	next ^= each * (unsigned char)*text;
	/* Whether one of its bytes is 0. */
	return (next - each) & ~next & (each << 7);
}

/* The same few letters may be there again. */
static void offer_repeats(struct a2a_lattice *lattice, size_t start)
{
	const size_t left = lattice->count - start;

	if (!comes_again(lattice->text + start))
		return;
	for (size_t length = 1; length <= ROUND_LONGEST && 2 * length <= left; length++)
		if (a2a_lattice_same(lattice, start, start + length, length))
			a2a_offer(lattice, start, length,
				length <= INITIALS_LONGEST
					? few_letters_cost(&lattice->cell[start], length)
					: letters_cost(&lattice->cell[start], length),
				A2A_SEGMENT_REPEAT, NULL);
}

/* What it begins with may be there again, whatever it is made of: lucky7lucky7, lucky7lucky8. */
static void offer_again(struct a2a_lattice *lattice, size_t start)
{
	size_t length = 0, shortest;

	while (start + length < lattice->count &&
		lattice->cell[length].point == lattice->cell[start + length].point)
		length++;
	shortest = start + length == lattice->count ? AGAIN_SHORTEST_AT_END : AGAIN_SHORTEST;
	if (start && length >= shortest)
		a2a_offer_once(lattice, start, length,
			AGAIN + a2a_capitals_cost(lattice, start, length), A2A_SEGMENT_REPEAT,
			NULL);
}

/*
 * Offers the cheapest of all stretches of letters that end before `end`. The cheapest of any length
 * begins where it is cheapest to begin one, less what the letters before cost: `*from` keeps that
 * up to date.
 */
static void offer_letters(struct a2a_lattice *lattice, size_t end, size_t *from)
{
	const struct a2a_cell *cell = lattice->cell, *here = &cell[end - 1], *there = &cell[*from];
	const size_t group = A2A_LETTERS_GROUP;
	uint32_t total;
	size_t start;

	if (here->entry[group] + there->model < there->entry[group] + here->model)
		*from = end - 1;
	start = *from;
	total = cell[start].entry[group] + letters_cost(&cell[start], end - start);
	for (size_t length = 1; length <= INITIALS_LONGEST && length <= end; length++) {
		uint32_t other = cell[end - length].entry[group] +
				 few_letters_cost(&cell[end - length], length);

		start = other <= total ? end - length : start;
		total = cheaper(other, total);
	}
	a2a_offer_once(lattice, start, end - start, total - cell[start].entry[group],
		A2A_SEGMENT_LETTERS, NULL);
}

/* ---- Characters ------------------------------------------------------------------------------ */

static uint32_t log2_cost(double number)
{
	return (uint32_t)lrint(log2(number) * A2A_BIT);
}

/* The ways to choose some of so many. */
static double choices(unsigned of, unsigned some)
{
	double ways = 1;

	for (unsigned i = 0; i < some; i++)
		ways *= (double)(of - i) / (i + 1);
	return ways;
}

/* Which characters are used: how many different ones, and of how many all of their kinds are. */
struct used {
	unsigned different, all;
};

static struct used look_at_all(const struct a2a_text *password)
{
	const uint64_t letters = (UINT64_C(1) << 26) - 1, digits = (UINT64_C(1) << 10) - 1;
	const uint64_t lower = letters << ('a' - 64), upper = letters << ('A' - 64);
	const uint64_t digit = digits << '0';
	uint64_t seen[2] = {0, 0}; /* of ASCII */
	struct used used = {0, 0};
	bool other = false;

	for (size_t i = 0; i < password->count; i++) {
		int32_t point = password->point[i];
		size_t j = 0;

		if (point < 0x80) {
			used.different += !(seen[point >> 6] >> (point & 63) & 1);
			seen[point >> 6] |= UINT64_C(1) << (point & 63);
			continue;
		}
		while (password->point[j] != point)
			j++;
		used.different += j == i;
		other = true;
	}
	used.all = (seen[1] & lower ? ALPHABET_LETTERS : 0) +
		   (seen[1] & upper ? ALPHABET_LETTERS : 0) +
		   (seen[0] & digit ? ALPHABET_DIGITS : 0) +
		   ((seen[0] & ~digit) | (seen[1] & ~lower & ~upper) ? ALPHABET_SYMBOLS : 0) +
		   (other ? ALPHABET_OTHERS : 0);
	return used;
}

/* No more than drawing each character from the kinds that are used, or from those few characters
 * that are used, once these were chosen. */
static uint32_t random_cost(const struct a2a_text *password)
{
	const struct used used = look_at_all(password);
	const uint32_t count = (uint32_t)password->count, cost = count * log2_cost(used.all);

	if (used.different < FEW_DIFFERENT_LEAST || used.different > FEW_DIFFERENT_MOST)
		return cost;
	return cheaper(cost,
		count * log2_cost(used.different) + log2_cost(choices(used.all, used.different)));
}

/* Whether a random password of small letters and digits could look so. */
static bool is_long_and_plain(const struct a2a_lattice *lattice)
{
	for (size_t i = 0; i < lattice->count; i++)
		if (lattice->cell[i].upper || !(a2a_is_letter(lattice->cell[i].typed) ||
						      a2a_is_digit(lattice->cell[i].typed)))
			return false;
	return lattice->count >= ALONE_PLAIN_LONG;
}

static void read_word(
	const struct a2a_lattice *lattice, uint32_t cost, struct a2a_estimate *estimate)
{
	const struct a2a_word *word = &lattice->word;

	if (!word->letters)
		return;
	if (word->letters < (word->is_changed ? ALONE_CHANGED_LONG : ALONE_LONG) &&
		cost >= (is_long_and_plain(lattice) ? ALONE_PLAIN_COST : ALONE_COST))
		return;
	estimate->word = a2a_segment_between(lattice, word->start, word->start + word->length);
	estimate->word.kind = (enum a2a_segment_kind)word->kind;
	estimate->word.languages = word->languages;
}

/* ---- All of it ------------------------------------------------------------------------------- */

/* The person's names cost next to nothing. */
static void offer_person(
	const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice, size_t start)
{
	const bool *taken = vocabulary->taken;
	size_t length = 0;

	if (vocabulary->places != lattice->count || !taken[start] || (start && taken[start - 1]))
		return;
	while (start + length < lattice->count && taken[start + length])
		length++;
	a2a_offer(lattice, start, length, PERSON_WORD + a2a_capitals_cost(lattice, start, length),
		A2A_SEGMENT_PERSON, NULL);
}

static void spell(const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice)
{
	const struct a2a_lexicon *lexicon = vocabulary->lexicon;
	size_t stretch = 0;

	price_letters(&lexicon[0], lattice);
	a2a_find_keys(vocabulary->keyboards, lattice);
	for (size_t place = 0; place <= lattice->count; place++) {
		/* Words that stand backwards are met at their end, before it is gone on from. */
		for (size_t i = 0; place && i < vocabulary->lexicons; i++)
			a2a_offer_words_backwards(&lexicon[i], lattice, place - 1);
		if (place)
			offer_letters(lattice, place, &stretch);
		if (place == lattice->count)
			break;
		a2a_lattice_enter(lattice, place);
		for (size_t i = 0; i < vocabulary->lexicons; i++)
			a2a_offer_words(&lexicon[i], lattice, place);
		offer_person(vocabulary, lattice, place);
		a2a_offer_on_keyboards(vocabulary->keyboards, lattice, place);
		a2a_offer_patterns(lattice, place);
		offer_repeats(lattice, place);
		offer_again(lattice, place);
	}
}

bool a2a_guess(const struct a2a_vocabulary *vocabulary, const struct a2a_text *password,
	struct a2a_estimate *estimate)
{
	struct a2a_lattice_room room;
	struct a2a_lattice *lattice = a2a_lattice_new(password, &room);

	estimate->log2_guesses = 0;
	estimate->segments = 0;
	estimate->word = (struct a2a_segment){0};
	if (!lattice)
		return false;
	if (lattice->count) {
		uint32_t cost, random = random_cost(password);

		spell(vocabulary, lattice);
		cost = a2a_lattice_read(lattice, estimate);
		cost = cheaper(cost, random);
		estimate->log2_guesses = (double)cost / A2A_BIT;
		read_word(lattice, cost, estimate);
	}
	a2a_lattice_free(lattice);
	return true;
}
