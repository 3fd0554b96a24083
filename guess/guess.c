/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "guess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "changed.h"
#include "costs.h"
#include "identifier.h"
#include "pattern.h"
#include "script.h"
#include "word.h"

/* ---- Letters --------------------------------------------------------------------------------- */

/* Fills the sums of the characters' costs under the model. */
static void price_letters(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice)
{
	uint32_t history = 0;
	bool after_upper = false; /* stays false after the first character: many passwords begin
				     with a capital */

	for (size_t i = 0; i < lattice->count; i++) {
		struct a2a_column *column = &lattice->column[i];
		uint32_t letter = a2a_model_letter(column->character.point), cost;

		history = a2a_model_next(history, letter);
		cost = a2a_model_cost(lexicon, history) * (A2A_BIT / A2A_MODEL_BIT);
		cost = a2a_cheaper(cost, LETTER_MOST) + (letter ? 0 : LETTER_OTHER);
		cost += column->character.upper * (uint32_t)(i ? UPPER_LATER : UPPER_FIRST);
		cost += (!column->character.upper & after_upper &
				(column[1].before.letters > column->before.letters)) *
			(uint32_t)LOWER_AFTER_UPPER;
		after_upper = column->character.upper & (i > 0);
		column[1].before.model = column->before.model + cost;
	}
}

/* Returns a2a_capitals_cost() of at most INITIALS_LONGEST letters, without a branch. */
static uint32_t few_capitals_cost(const struct a2a_column *from, const struct a2a_column *to)
{
	/* Indexed by whether the first or last character is a capital, by the number of letters,
	 * and by the number of capitals. */
	enum { usual = CAPITALS_USUAL, some = CAPITALS_SOME_OF_THREE };
	static const uint16_t costs[2][INITIALS_LONGEST + 1][INITIALS_LONGEST + 1] = {
		{{0}, {0, usual}, {0, CAPITALS_ONE_OF_TWO, usual}, {0, some, some, usual}},
		{{0, usual}, {0, usual}, {0, usual, usual}, {0, usual, some, usual}},
	};

	return costs[from->character.upper | to[-1].character.upper]
		    [to->before.letters - from->before.letters]
		    [to->before.uppers - from->before.uppers];
}

/* Returns the cost of a run whose letters are drawn from the alphabet. */
static uint32_t initials_cost(const struct a2a_column *from, size_t length)
{
	return (length > 1 ? LETTERS_LENGTH : 0) + (uint32_t)length * ONE_LETTER +
	       few_capitals_cost(from, from + length);
}

/* Returns the cost of a run under the model. */
static uint32_t letters_cost(const struct a2a_column *from, size_t length)
{
	return LETTERS_LENGTH + from[length].before.model - from->before.model;
}

/* Returns the smaller of the two costs above. */
static uint32_t few_letters_cost(const struct a2a_column *from, size_t length)
{
	return a2a_cheaper(letters_cost(from, length), initials_cost(from, length));
}

/* Tells whether one of the next ROUND_LONGEST characters equals the first. All are compared at
 * once, as the bytes of one number. */
static bool comes_again(const char *text)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t next;

	_Static_assert(ROUND_LONGEST == sizeof(next), "one number holds them");
	_Static_assert(
		(size_t)A2A_LATTICE_MARGIN >= sizeof(next), "the margin covers an 8-byte read");
	memcpy(&next, text + 1, sizeof(next));
	next ^= each * (unsigned char)*text;
	/* A byte was 0 if subtracting 1 sets its highest bit, which was clear before. */
	return (next - each) & ~next & (each << 7);
}

/* Adds groups of any characters that follow again at once: kxqkxq. */
static void add_repeats(struct a2a_lattice *lattice, size_t start)
{
	const size_t left = lattice->count - start;

	if (!comes_again(lattice->text + start))
		return;
	for (size_t length = 1; length <= ROUND_LONGEST && 2 * length <= left; length++)
		if (a2a_lattice_same(lattice, start, start + length, length))
			a2a_candidate_add(lattice, start, length,
				length <= INITIALS_LONGEST
					? few_letters_cost(&lattice->column[start], length)
					: letters_cost(&lattice->column[start], length),
				A2A_SEGMENT_REPEAT, NULL);
}

/* Adds a later copy of the beginning of the password: lucky7xlucky7. */
static void add_again(struct a2a_lattice *lattice, size_t start)
{
	size_t length = 0, shortest;

	while (start + length < lattice->count &&
		lattice->column[length].character.point ==
			lattice->column[start + length].character.point)
		length++;
	shortest = start + length == lattice->count ? AGAIN_SHORTEST_AT_END : AGAIN_SHORTEST;
	if (start && length >= shortest)
		a2a_candidate_add_once(lattice, start, length,
			AGAIN + a2a_capitals_cost(lattice, start, length), A2A_SEGMENT_REPEAT,
			NULL);
}

/*
 * Adds the cheapest of all runs of letters that end before `end`. The cost of a run is a difference
 * of sums, so that the best beginning for one end stays the best for all later ones, unless a later
 * beginning is better: `*from` is the best so far. Thus the time is linear in the length.
 */
static void add_letters(struct a2a_lattice *lattice, size_t end, size_t *from)
{
	const struct a2a_column *column = lattice->column, *here = &column[end - 1],
				*there = &column[*from];
	const size_t class = A2A_CLASS_LETTERS;
	uint32_t total;
	size_t start;

	if (here->entry[class] + there->before.model < there->entry[class] + here->before.model)
		*from = end - 1;
	start = *from;
	total = column[start].entry[class] + letters_cost(&column[start], end - start);
	for (size_t length = 1; length <= INITIALS_LONGEST && length <= end; length++) {
		uint32_t other = column[end - length].entry[class] +
				 few_letters_cost(&column[end - length], length);

		start = other <= total ? end - length : start;
		total = a2a_cheaper(other, total);
	}
	a2a_candidate_add_once(lattice, start, end - start, total - column[start].entry[class],
		A2A_SEGMENT_LETTERS, NULL);
}

/* ---- Characters ------------------------------------------------------------------------------ */

static uint32_t log2_cost(double number)
{
	return (uint32_t)lrint(log2(number) * A2A_BIT);
}

/* Returns the binomial coefficient: the number of ways to choose `some` of `of`. */
static double choices(unsigned of, unsigned some)
{
	double ways = 1;

	for (unsigned i = 0; i < some; i++)
		ways *= (double)(of - i) / (i + 1);
	return ways;
}

/* The characters of a password: the number of different ones, and the number of all characters of
 * their kinds. */
struct used {
	unsigned different, all;
};

static struct used look_at_all(const struct a2a_text *password)
{
	const uint64_t letters = (UINT64_C(1) << 26) - 1, digits = (UINT64_C(1) << 10) - 1;
	const uint64_t lower = letters << ('a' - 64), upper = letters << ('A' - 64);
	const uint64_t digit = digits << '0';
	uint64_t seen[2] = {0, 0}; /* the characters of ASCII, as bits */
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

/*
 * Returns the cost of drawing each character at random from the kinds that are used. If that is
 * cheaper, returns the cost of choosing the few different characters first and drawing from these.
 */
static uint32_t random_cost(const struct a2a_text *password)
{
	const struct used used = look_at_all(password);
	const uint32_t count = (uint32_t)password->count, cost = count * log2_cost(used.all);

	if (used.different < FEW_DIFFERENT_LEAST || used.different > FEW_DIFFERENT_MOST)
		return cost;
	return a2a_cheaper(cost,
		count * log2_cost(used.different) + log2_cost(choices(used.all, used.different)));
}

/* Tells whether a character was typed that is neither a letter nor a digit. */
static bool has_mark(const struct a2a_lattice *lattice)
{
	for (size_t i = 0; i < lattice->count; i++)
		if (!a2a_is_letter(lattice->column[i].character.typed) &&
			!a2a_is_digit(lattice->column[i].character.typed))
			return true;
	return false;
}

static bool has_capital(const struct a2a_lattice *lattice)
{
	return lattice->column[lattice->count].before.uppers > 0;
}

/* Returns the cost from which on random passwords contain such a word by chance. */
static uint32_t chance_cost(const struct a2a_lattice *lattice)
{
	uint32_t cost = ALONE_COST;

	if (!has_capital(lattice) && !has_mark(lattice))
		cost = lattice->count < ALONE_PLAIN_LONG ? ALONE_PLAIN_SHORT_COST
							 : ALONE_PLAIN_LONG_COST;
	return lattice->word.is_inserted ? a2a_cheaper(cost, ALONE_INSERTED_COST) : cost;
}

/* Reports the word of the lattice, unless a random password could contain it by chance. */
static void read_word(
	const struct a2a_lattice *lattice, uint32_t cost, struct a2a_estimate *estimate)
{
	const struct a2a_word *word = &lattice->word;

	if (!word->letters)
		return;
	if (word->letters < (word->is_changed ? ALONE_CHANGED_LONG : ALONE_LONG) &&
		cost >= chance_cost(lattice))
		return;
	estimate->word = a2a_segment_between(lattice, word->start, word->start + word->length);
	estimate->word.kind = (enum a2a_segment_kind)word->kind;
	estimate->word.languages = word->languages;
}

/* ---- The order of guesses -------------------------------------------------------------------- */

/*
 * Returns how many guesses an attacker makes before the first of the password's kind. The attacker
 * tries plain words and passwords first, and then those that are joined, have a capital or have a
 * mark. So `Password1` comes some thousands of guesses after `password`, although its own spelling
 * costs hardly more.
 */
static double guesses_before(const struct a2a_lattice *lattice, size_t segments)
{
	double before = 0;

	if (segments > 1)
		before += exp2((double)BEFORE_JOINED / A2A_BIT);
	if (has_capital(lattice))
		before += exp2((double)BEFORE_CAPITALS / A2A_BIT);
	if (has_mark(lattice))
		before += exp2((double)BEFORE_MARKS / A2A_BIT);
	return before;
}

static void count_guesses(
	const struct a2a_lattice *lattice, uint32_t cost, struct a2a_estimate *estimate)
{
	double before;

	estimate->log2_guesses = (double)cost / A2A_BIT;
	estimate->log2_before = -INFINITY;
	if (cost >= BEFORE_COUNTS)
		return;
	before = guesses_before(lattice, estimate->segments);
	estimate->log2_guesses = log2(exp2(estimate->log2_guesses) + before);
	estimate->log2_before = log2(before);
}

/* ---- The estimate -----------------------------------------------------------------------------
 */

/* Adds a word of the person, which costs next to nothing. */
static void add_person(
	const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice, size_t start)
{
	const bool *person_mask = vocabulary->person_mask;
	size_t length = 0;

	if (vocabulary->person_mask_length != lattice->count || !person_mask[start] ||
		(start && person_mask[start - 1]))
		return;
	while (start + length < lattice->count && person_mask[start + length])
		length++;
	a2a_candidate_add(lattice, start, length,
		PERSON_WORD + a2a_capitals_cost(lattice, start, length), A2A_SEGMENT_PERSON, NULL);
}

/* Calls `add` for each lexicon of the vocabulary but that of the person. */
static void add_words(const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice,
	size_t place, void (*add)(const struct a2a_lexicon *, struct a2a_lattice *, size_t))
{
	for (size_t i = 0; i < vocabulary->lexicons; i++)
		add(&vocabulary->lexicon[i], lattice, place);
}

/* Adds the words of the person that end before `place`, and those that begin there. They are few,
 * so their disguises are always searched for. */
static void add_person_ending(
	const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice, size_t place)
{
	if (!vocabulary->person)
		return;
	a2a_add_words_backwards(vocabulary->person, lattice, place - 1);
	a2a_add_moved(vocabulary->person, lattice, place);
}

static void add_person_beginning(
	const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice, size_t place)
{
	add_person(vocabulary, lattice, place);
	if (!vocabulary->person)
		return;
	a2a_add_words(vocabulary->person, lattice, place);
	a2a_add_changed(vocabulary->person, lattice, place);
}

static void add_words_backwards(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t place)
{
	a2a_add_words_backwards(lexicon, lattice, place - 1);
}

/* Adds candidates, column by column: the plain ones, the disguised ones, or both. */
static void spell(const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice,
	bool is_plain, bool is_disguised)
{
	size_t stretch = 0;

	for (size_t place = 0; place <= lattice->count; place++) {
		if (place && is_plain) {
			add_letters(lattice, place, &stretch);
			/* A backward word is found at its last character, so it must be added
			 * before the column behind that is entered. */
			add_words(vocabulary, lattice, place, add_words_backwards);
			add_person_ending(vocabulary, lattice, place);
		}
		if (place && is_disguised)
			add_words(vocabulary, lattice, place, a2a_add_moved);
		if (place == lattice->count)
			break;
		a2a_lattice_enter(lattice, place);
		if (is_plain) {
			add_words(vocabulary, lattice, place, a2a_add_words);
			add_person_beginning(vocabulary, lattice, place);
			a2a_add_walks(vocabulary->keyboards, lattice, place);
			a2a_add_patterns(lattice, place);
			add_repeats(lattice, place);
			add_again(lattice, place);
		}
		if (is_disguised) {
			add_words(vocabulary, lattice, place, a2a_add_changed);
			a2a_add_identifiers(lattice, place);
		}
	}
}

/*
 * Searches for disguised words and for identifiers beside the plain spellings. Mostly there are
 * none that are cheaper than what was found before; then the cheapest spelling has none either.
 * Otherwise all candidates are added again, because one may continue another. Returns whether it
 * found any.
 */
static bool spell_disguised(const struct a2a_vocabulary *vocabulary, struct a2a_lattice *lattice)
{
	lattice->is_improved = false;
	spell(vocabulary, lattice, false, true);
	if (!lattice->is_improved)
		return false;
	a2a_lattice_clear(lattice);
	spell(vocabulary, lattice, true, true);
	return true;
}

/* Reads the cheapest spelling, or the cost of random characters if that is less. Returns the cost.
 */
static uint32_t read_spelling(
	const struct a2a_lattice *lattice, uint32_t random, struct a2a_estimate *estimate)
{
	const uint32_t cost = a2a_cheaper(a2a_lattice_read(lattice, estimate), random);

	count_guesses(lattice, cost, estimate);
	return cost;
}

/* Measures a password as it is typed. Returns false when memory is out. */
static bool measure(const struct a2a_vocabulary *vocabulary, const struct a2a_text *password,
	double enough, struct a2a_estimate *estimate)
{
	struct a2a_lattice_buffer buffer;
	struct a2a_lattice *lattice = a2a_lattice_new(password, &buffer);

	estimate->log2_guesses = 0;
	estimate->log2_before = -INFINITY;
	estimate->segments = 0;
	estimate->word = (struct a2a_segment){0};
	if (!lattice)
		return false;
	if (lattice->count) {
		const uint32_t random = random_cost(password);
		uint32_t cost;

		price_letters(&vocabulary->lexicon[0], lattice);
		a2a_find_keys(vocabulary->keyboards, lattice);
		spell(vocabulary, lattice, true, false);
		cost = read_spelling(lattice, random, estimate);
		if (!(estimate->log2_guesses < enough) && spell_disguised(vocabulary, lattice))
			cost = read_spelling(lattice, random, estimate);
		read_word(lattice, cost, estimate);
	}
	a2a_lattice_free(lattice);
	return true;
}

/* Measures the keys that were pressed, if there are letters of other scripts, and keeps what takes
 * fewer guesses. Returns false when memory is out. */
static bool measure_keys(const struct a2a_vocabulary *vocabulary, const struct a2a_text *password,
	double enough, struct a2a_estimate *estimate)
{
	struct a2a_estimate other;
	struct a2a_text keys;
	bool is_measured = true;

	if (!a2a_script_press(password, &keys))
		goto out;
	is_measured = measure(vocabulary, &keys, enough, &other);
	if (is_measured) {
		other.log2_guesses += (double)OTHER_KEYS / A2A_BIT;
		other.log2_before += (double)OTHER_KEYS / A2A_BIT;
		other.segment[0].bits += (double)OTHER_KEYS / A2A_BIT;
		if (other.log2_guesses < estimate->log2_guesses)
			*estimate = other;
	}
out:
	explicit_bzero(keys.point, keys.count * sizeof(keys.point[0]));
	return is_measured;
}

static bool is_ascii(const struct a2a_text *text)
{
	int32_t all = 0;

	for (size_t i = 0; i < text->count; i++)
		all |= text->point[i];
	return a2a_is_ascii(all);
}

bool a2a_guess(const struct a2a_vocabulary *vocabulary, const struct a2a_text *password,
	double enough, struct a2a_estimate *estimate)
{
	return measure(vocabulary, password, enough, estimate) &&
	       (is_ascii(password) || measure_keys(vocabulary, password, enough, estimate));
}
