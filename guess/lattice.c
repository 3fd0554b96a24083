/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "lattice.h"

#include "costs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP_BITS = 2 };
_Static_assert(A2A_GROUPS == 1 << GROUP_BITS, "they fill their bits");

/* One for each group, in steps of 1/256 bit: compilers know how to compute with all at once. */
typedef int32_t costs __attribute__((vector_size(A2A_GROUPS * sizeof(int32_t))));

/* What it costs that one group follows another; the last row is the beginning. */
static const costs join[A2A_GROUPS + 1] = {
	[A2A_WORDS_GROUP] = {WORD_TO_WORD, WORD_TO_NUMBER, WORD_TO_SYMBOL, WORD_TO_LETTERS},
	[A2A_NUMBERS_GROUP] = {NUMBER_TO_WORD, NUMBER_TO_NUMBER, NUMBER_TO_SYMBOL,
		NUMBER_TO_LETTERS},
	[A2A_SYMBOLS_GROUP] = {SYMBOL_TO_WORD, SYMBOL_TO_NUMBER, SYMBOL_TO_SYMBOL,
		SYMBOL_TO_LETTERS},
	[A2A_LETTERS_GROUP] = {LETTERS_TO_WORD, LETTERS_TO_NUMBER, LETTERS_TO_SYMBOL,
		LETTERS_TO_LETTERS},
	[A2A_GROUPS] = {BEGIN_TO_WORD, BEGIN_TO_NUMBER, BEGIN_TO_SYMBOL, BEGIN_TO_LETTERS},
};

static uint32_t log2_cost(double number)
{
	return (uint32_t)lrint(log2(number) * A2A_BIT);
}

/* As many bits as there are ways to set so many capitals, but for the ways that everybody takes. */
uint32_t a2a_some_capitals_cost(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const struct a2a_cell *from = &lattice->cell[start], *to = from + length;
	unsigned uppers = to->uppers - from->uppers;
	unsigned letters = to->letters - from->letters;
	unsigned few = uppers < letters - uppers ? uppers : letters - uppers;
	double ways = 0, choices = 1;

	if (uppers == letters || (uppers == 1 && (from->upper || to[-1].upper)))
		return CAPITALS_USUAL;
	for (unsigned i = 1; i <= few; i++) {
		choices *= (double)(letters - i + 1) / i;
		ways += choices;
	}
	return log2_cost(ways);
}

/* ---- Offers ---------------------------------------------------------------------------------- */

/*
 * Once all that ends here is known: what goes on from here begins with this. Cost and group are
 * compared as one number, so that there is no branch to be foreseen.
 */
void a2a_lattice_enter(struct a2a_lattice *lattice, size_t place)
{
	struct a2a_cell *cell = &lattice->cell[place];
	costs cheapest = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}, group_of;

	for (int32_t group = 0; group < A2A_GROUPS; group++) {
		costs cost = join[place ? group : A2A_GROUPS] + (int32_t)cell->best[group];
		costs is_less;

		cost = (cost << GROUP_BITS) + group;
		is_less = cost < cheapest;
		cheapest = (cost & is_less) | (cheapest & ~is_less);
	}
	group_of = cheapest & (A2A_GROUPS - 1);
	cheapest >>= GROUP_BITS;
	memcpy(cell->entry, &cheapest, sizeof(cell->entry));
	memcpy(cell->entry_group, &group_of, sizeof(cell->entry_group));
}

bool a2a_lattice_same(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length)
{
	if (lattice->text[one] != lattice->text[other] || other + length > lattice->count)
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

	a2a_offer_once(lattice, start, length, cost, kind, class);
	/* In the middle of a row of the same there is nothing new to say: it was offered from its
	 * beginning on, and a long row must not be gone along from each of its places. */
	if (start >= length && a2a_lattice_same(lattice, start - length, start, length))
		return;
	while (a2a_lattice_same(lattice, start, start + times * length, length)) {
		times++;
		a2a_offer_once(lattice, start, times * length,
			cost + REPEAT + log2_cost((double)times), kind, class);
	}
	if (length >= MIRROR_SHORTEST && mirrored(lattice, start, start + length, length))
		a2a_offer_once(lattice, start, 2 * length, cost + MIRROR, kind, class);
}

/* ---- From characters ------------------------------------------------------------------------- */

static void add(
	struct a2a_lattice *lattice, int32_t point, int32_t typed, size_t origin, bool upper)
{
	struct a2a_cell *cell = &lattice->cell[lattice->count];
	bool letter = a2a_is_small(point) || (point >= 0x80 && a2a_is_letter(point));

	lattice->text[lattice->count] = point < 0x80 ? (char)point : 1;
	lattice->code[lattice->count] = a2a_lexicon_code(lattice->text[lattice->count]);
	cell->point = point;
	cell->typed = typed;
	cell->origin = (uint16_t)origin;
	cell->upper = upper;
	cell[1].uppers = (uint16_t)(cell->uppers + upper);
	cell[1].letters = (uint16_t)(cell->letters + letter);
	cell[1].digits = (uint16_t)(cell->digits + a2a_is_figure(point));
	for (size_t group = 0; group < A2A_GROUPS; group++)
		cell[1].best[group] = UNREACHED;
	lattice->count++;
}

/* One character that is not ASCII: it may become several, or none. */
static void fold_one(struct a2a_text *folded, int32_t point)
{
	const struct a2a_text one = {.count = 1, .point = {point}};
	char bytes[8];

	a2a_text_fold(folded, bytes, a2a_text_write(&one, bytes, sizeof(bytes)));
}

static void add_folded(struct a2a_lattice *lattice, int32_t point, size_t origin)
{
	struct a2a_text folded;

	fold_one(&folded, point);
	for (size_t i = 0; i < folded.count; i++)
		add(lattice, folded.point[i], point, origin, i == 0 && a2a_is_upper(point));
}

/* Folds character by character, so that it stays known what each was. */
static void add_all(struct a2a_lattice *lattice, const struct a2a_text *password)
{
	for (size_t i = 0; i < password->count; i++) {
		int32_t point = password->point[i];
		bool upper = a2a_is_capital(point);

		if (point < 0x80)
			add(lattice, point | (upper ? 'a' - 'A' : 0), point, i, upper);
		else
			add_folded(lattice, point, i);
	}
}

/* A cell for each folded character, and one more. */
static size_t room_for(const struct a2a_text *password)
{
	struct a2a_text folded;
	size_t room = password->count + 1;

	for (size_t i = 0; i < password->count; i++)
		if (password->point[i] >= 0x80) {
			fold_one(&folded, password->point[i]);
			room += folded.count - 1;
		}
	return room;
}

static size_t size_of(size_t cells)
{
	return sizeof(struct a2a_lattice) + cells * sizeof(struct a2a_cell) +
	       2 * (cells + A2A_LATTICE_MARGIN);
}

struct a2a_lattice *a2a_lattice_new(const struct a2a_text *password, struct a2a_lattice_room *room)
{
	const size_t cells = room_for(password), size = size_of(cells);
	const bool is_large = size > sizeof(*room);
	struct a2a_lattice *lattice = is_large ? malloc(size) : (void *)room;

	if (!lattice)
		return NULL;
	memset(lattice, 0, size);
	lattice->size = size;
	lattice->is_allocated = is_large;
	lattice->text = (char *)&lattice->cell[cells];
	lattice->code = (uint8_t *)lattice->text + cells + A2A_LATTICE_MARGIN;
	add_all(lattice, password);
	return lattice;
}

void a2a_lattice_free(struct a2a_lattice *lattice)
{
	const bool is_allocated = lattice->is_allocated;

	explicit_bzero(lattice, lattice->size);
	if (is_allocated)
		free(lattice);
}

/* ---- To segments ----------------------------------------------------------------------------- */

struct a2a_segment a2a_segment_between(const struct a2a_lattice *lattice, size_t start, size_t end)
{
	size_t first = lattice->cell[start].origin;

	return (struct a2a_segment){
		.start = first,
		.length = lattice->cell[end - 1].origin + 1u - first,
	};
}

static struct a2a_segment segment_of(
	const struct a2a_lattice *lattice, const struct a2a_step *step, size_t end)
{
	struct a2a_segment segment = a2a_segment_between(lattice, step->start, end);

	segment.kind = (enum a2a_segment_kind)step->kind;
	segment.languages = step->languages;
	segment.bits = (double)step->cost / A2A_BIT;
	return segment;
}

/* Goes back along the cheapest spelling; of a long one the last segments are left out. */
static void trace(const struct a2a_lattice *lattice, uint8_t final, struct a2a_estimate *estimate)
{
	size_t count = 0;
	uint8_t group = final;

	for (size_t end = lattice->count; end; count++) {
		const struct a2a_step *step = &lattice->cell[end].last[group];

		group = step->before;
		end = step->start;
	}
	estimate->segments = count < A2A_MOST_SEGMENTS ? count : A2A_MOST_SEGMENTS;
	group = final;
	for (size_t end = lattice->count; end;) {
		const struct a2a_step *step = &lattice->cell[end].last[group];

		if (--count < A2A_MOST_SEGMENTS)
			estimate->segment[count] = segment_of(lattice, step, end);
		group = step->before;
		end = step->start;
	}
}

uint32_t a2a_lattice_read(const struct a2a_lattice *lattice, struct a2a_estimate *estimate)
{
	const struct a2a_cell *end = &lattice->cell[lattice->count];
	uint8_t final = 0;

	for (uint8_t group = 1; group < A2A_GROUPS; group++)
		if (end->best[group] < end->best[final])
			final = group;
	trace(lattice, final, estimate);
	return end->best[final];
}
