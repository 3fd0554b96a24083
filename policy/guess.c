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
	SHORTEST_CHANGED = 4, /* letters of a word that is leet or backwards */
	REPEAT = A2A_BIT,
	MIRROR = 2 * A2A_BIT,
	STRETCH = A2A_BIT, /* how many letters */
	MOST_LETTER = 13 * A2A_BIT / 2,
	NO_LETTER = 7 * A2A_BIT / 2,
	UPPER_FIRST = A2A_BIT,
	UPPER_LATER = 2 * A2A_BIT,
	LOWER_AFTER_UPPER = A2A_BIT,
	UNREACHED = 1 << 28,
};

/* What it costs that one group follows another, in 1/8 bit; the last row is the beginning. */
static const uint8_t join[A2A_GROUPS + 1][A2A_GROUPS] = {
	[A2A_WORDS_GROUP] = {28, 12, 16, 40},
	[A2A_NUMBERS_GROUP] = {20, 32, 16, 28},
	[A2A_SYMBOLS_GROUP] = {24, 16, 16, 40},
	[A2A_LETTERS_GROUP] = {40, 20, 24, 255},
	[A2A_GROUPS] = {0, 0, 16, 8},
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

static uint32_t log2_cost(double number)
{
	return (uint32_t)lrint(log2(number) * A2A_BIT);
}

/* As many bits as there are ways to set so many capitals, but for the ways that everybody takes. */
uint32_t a2a_capitals_cost(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const struct a2a_cell *from = &lattice->cell[start], *to = from + length;
	unsigned uppers = to->uppers - from->uppers;
	unsigned letters = to->letters - from->letters;
	unsigned few = uppers < letters - uppers ? uppers : letters - uppers;
	double ways = 0, choices = 1;

	if (uppers == 0)
		return 0;
	if (uppers == letters || (uppers == 1 && (from->upper || to[-1].upper)))
		return A2A_BIT;
	for (unsigned i = 1; i <= few; i++) {
		choices *= (double)(letters - i + 1) / i;
		ways += choices;
	}
	return log2_cost(ways);
}

/* ---- Offers ---------------------------------------------------------------------------------- */

static enum a2a_group group_of(
	const struct a2a_lattice *lattice, size_t start, size_t length, enum a2a_segment_kind kind)
{
	const struct a2a_cell *from = &lattice->cell[start], *to = from + length;

	if (kind == A2A_SEGMENT_SYMBOL)
		return A2A_SYMBOLS_GROUP;
	if (kind == A2A_SEGMENT_LETTERS)
		return A2A_LETTERS_GROUP;
	return from->digits + length == to->digits ? A2A_NUMBERS_GROUP : A2A_WORDS_GROUP;
}

/* Once all that ends here is known: what goes on from here begins with this. */
static void enter(struct a2a_lattice *lattice, size_t place)
{
	struct a2a_cell *cell = &lattice->cell[place];

	for (size_t next = 0; next < A2A_GROUPS; next++) {
		cell->entry[next] = UNREACHED;
		for (uint8_t group = 0; group < A2A_GROUPS; group++) {
			uint32_t cost = cell->best[group] +
					join[place ? group : A2A_GROUPS][next] * (A2A_BIT / 8);

			if (cost < cell->entry[next]) {
				cell->entry[next] = cost;
				cell->entry_group[next] = group;
			}
		}
	}
}

static void offer_once(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	enum a2a_segment_kind kind, const struct a2a_class *class)
{
	enum a2a_group group = group_of(lattice, start, length, kind);
	const struct a2a_cell *from = &lattice->cell[start];
	struct a2a_cell *to = &lattice->cell[start + length];
	uint32_t total = from->entry[group] + cost;

	if (total >= to->best[group])
		return;
	to->best[group] = total;
	to->last[group] = (struct a2a_step){
		.kind = (uint8_t)kind,
		.languages = class ? class->languages : 0,
		.before = from->entry_group[group],
		.start = (uint16_t)start,
		.cost = total - from->best[from->entry_group[group]],
	};
}

static bool same(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length)
{
	if (other + length > lattice->count)
		return false;
	for (size_t i = 0; i < length; i++)
		if (lattice->cell[one + i].point != lattice->cell[other + i].point)
			return false;
	return true;
}

static bool mirrored(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length)
{
	if (other + length > lattice->count)
		return false;
	for (size_t i = 0; i < length; i++)
		if (lattice->cell[one + length - 1 - i].point != lattice->cell[other + i].point)
			return false;
	return true;
}

/* What is there once may be there again, and then costs little more. */
void a2a_offer(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	enum a2a_segment_kind kind, const struct a2a_class *class)
{
	size_t times = 1;

	offer_once(lattice, start, length, cost, kind, class);
	while (same(lattice, start, start + times * length, length)) {
		times++;
		offer_once(lattice, start, times * length, cost + REPEAT + log2_cost((double)times),
			kind, class);
	}
	if (length > 2 && mirrored(lattice, start, start + length, length))
		offer_once(lattice, start, 2 * length, cost + MIRROR, kind, class);
}

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
	cost = class->cost > CHEAPEST_WORD ? class->cost : CHEAPEST_WORD;
	cost += a2a_capitals_cost(stroll->lattice, start, length);
	cost += progress->changed ? LEET_ANY + progress->changed * LEET_EACH : 0;
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

		offer_once(lattice, start, length, cost, A2A_SEGMENT_LETTERS, NULL);
		if (length <= LONGEST_ROUND && same(lattice, start, start + length, length))
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
	return (uint32_t)password->count * log2_cost(lower + upper + digit + symbol + other);
}

/* ---- All of it ------------------------------------------------------------------------------- */

static void add(
	struct a2a_lattice *lattice, int32_t point, int32_t typed, size_t origin, bool upper)
{
	struct a2a_cell *cell = &lattice->cell[lattice->count];
	bool letter = (point >= 'a' && point <= 'z') || (point >= 0x80 && a2a_is_letter(point));

	if (lattice->count + 1 == lattice->room)
		return;
	cell->point = point;
	cell->typed = typed;
	cell->origin = (uint16_t)origin;
	cell->upper = upper;
	cell[1].uppers = (uint16_t)(cell->uppers + upper);
	cell[1].letters = (uint16_t)(cell->letters + letter);
	cell[1].digits = (uint16_t)(cell->digits + (point >= '0' && point <= '9'));
	cell[1].origin = (uint16_t)(origin + 1);
	for (size_t group = 0; group < A2A_GROUPS; group++)
		cell[1].best[group] = UNREACHED;
	lattice->count++;
}

/* One character that is not ASCII: it may become several, or none. */
static void add_folded(struct a2a_lattice *lattice, int32_t point, size_t origin)
{
	const struct a2a_text one = {.count = 1, .point = {point}};
	struct a2a_text folded;
	char bytes[8];

	if (!a2a_text_fold(&folded, bytes, a2a_text_write(&one, bytes, sizeof(bytes))))
		return;
	for (size_t i = 0; i < folded.count; i++)
		add(lattice, folded.point[i], point, origin, i == 0 && a2a_is_upper(point));
}

/* Folds character by character, so that it stays known what each was. */
static void add_all(struct a2a_lattice *lattice, const struct a2a_text *password)
{
	for (size_t i = 0; i < password->count; i++) {
		int32_t point = password->point[i];
		bool upper = point >= 'A' && point <= 'Z';

		if (point < 0x80)
			add(lattice, upper ? point - 'A' + 'a' : point, point, i, upper);
		else
			add_folded(lattice, point, i);
	}
}

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
		enter(lattice, place);
		offer_words(lexicon, lattice, place, false);
		a2a_offer_patterns(lattice, place);
		offer_letters(lattice, place);
	}
}

static struct a2a_segment segment_of(
	const struct a2a_lattice *lattice, const struct a2a_step *step, size_t end)
{
	size_t start = lattice->cell[step->start].origin;

	return (struct a2a_segment){
		.kind = (enum a2a_segment_kind)step->kind,
		.languages = step->languages,
		.start = start,
		.length = lattice->cell[end - 1].origin + 1u - start,
		.bits = (double)step->cost / A2A_BIT,
	};
}

/* Goes back along the cheapest spelling; of a long one the last segments are left out. */
static void trace(const struct a2a_lattice *lattice, uint8_t final, struct a2a_verdict *verdict)
{
	size_t count = 0;
	uint8_t group = final;

	for (size_t end = lattice->count; end; count++) {
		const struct a2a_step *step = &lattice->cell[end].last[group];

		group = step->before;
		end = step->start;
	}
	verdict->segments = count < A2A_MOST_SEGMENTS ? count : A2A_MOST_SEGMENTS;
	group = final;
	for (size_t end = lattice->count; end;) {
		const struct a2a_step *step = &lattice->cell[end].last[group];

		if (--count < A2A_MOST_SEGMENTS)
			verdict->segment[count] = segment_of(lattice, step, end);
		group = step->before;
		end = step->start;
	}
}

bool a2a_guess(const struct a2a_lexicon *lexicon, const struct a2a_text *password,
	struct a2a_verdict *verdict)
{
	/* Folding makes at most two of one character that we would look up, and a cell more. */
	const size_t room = 2 * password->count + 2;
	const size_t size = sizeof(struct a2a_lattice) + room * sizeof(struct a2a_cell);
	struct a2a_lattice *lattice = calloc(1, size);
	uint32_t cost, random;
	uint8_t final = 0;

	verdict->log2_guesses = 0;
	verdict->segments = 0;
	if (!lattice)
		return false;
	lattice->room = room;
	add_all(lattice, password);
	if (lattice->count) {
		spell(lexicon, lattice);
		for (uint8_t group = 1; group < A2A_GROUPS; group++)
			if (lattice->cell[lattice->count].best[group] <
				lattice->cell[lattice->count].best[final])
				final = group;
		cost = lattice->cell[lattice->count].best[final];
		random = random_cost(password);
		verdict->log2_guesses = (double)(cost < random ? cost : random) / A2A_BIT;
		trace(lattice, final, verdict);
	}
	explicit_bzero(lattice, size);
	free(lattice);
	return true;
}
