/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "lattice.h"

#include "costs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLASS_BITS = 2 };
_Static_assert(A2A_CLASSES == 1 << CLASS_BITS, "CLASS_BITS hold a class");

/* A cost for each class, in steps of 1/A2A_BIT bit. Compilers turn arithmetic on this type into
 * vector instructions. */
typedef int32_t costs __attribute__((vector_size(A2A_CLASSES * sizeof(int32_t))));

/* Indexed by the class of a segment and the class of the next one; the last row is for the
 * beginning of the password. */
static const costs transition_cost[A2A_CLASSES + 1] = {
	[A2A_CLASS_WORD] = {WORD_TO_WORD, WORD_TO_NUMBER, WORD_TO_SYMBOL, WORD_TO_LETTERS},
	[A2A_CLASS_NUMBER] = {NUMBER_TO_WORD, NUMBER_TO_NUMBER, NUMBER_TO_SYMBOL,
		NUMBER_TO_LETTERS},
	[A2A_CLASS_SYMBOL] = {SYMBOL_TO_WORD, SYMBOL_TO_NUMBER, SYMBOL_TO_SYMBOL,
		SYMBOL_TO_LETTERS},
	[A2A_CLASS_LETTERS] = {LETTERS_TO_WORD, LETTERS_TO_NUMBER, LETTERS_TO_SYMBOL,
		LETTERS_TO_LETTERS},
	[A2A_CLASSES] = {BEGIN_TO_WORD, BEGIN_TO_NUMBER, BEGIN_TO_SYMBOL, BEGIN_TO_LETTERS},
};

static uint32_t log2_cost(double number)
{
	return (uint32_t)lrint(log2(number) * A2A_BIT);
}

/* Returns log2 of the number of ways to place at most as many capitals (or at most as many small
 * letters, if those are fewer). The usual ways cost less. */
uint32_t a2a_some_capitals_cost(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const struct a2a_column *from = &lattice->column[start], *to = from + length;
	unsigned uppers = to->before.uppers - from->before.uppers;
	unsigned letters = to->before.letters - from->before.letters;
	unsigned few = uppers < letters - uppers ? uppers : letters - uppers;
	double ways = 0, choices = 1;

	if (uppers == letters || (uppers == 1 && (from->character.upper || to[-1].character.upper)))
		return CAPITALS_USUAL;
	for (unsigned i = 1; i <= few; i++) {
		choices *= (double)(letters - i + 1) / i;
		ways += choices;
	}
	return log2_cost(ways);
}

/* ---- Candidates ------------------------------------------------------------------------------ */

void a2a_lattice_clear(struct a2a_lattice *lattice)
{
	for (size_t place = 1; place <= lattice->count; place++)
		for (size_t class = 0; class < A2A_CLASSES; class ++)
			lattice->column[place].best[class] = UNREACHED;
}

/* Compares cost and class as one number, so that the processor has no branch to predict. */
void a2a_lattice_enter(struct a2a_lattice *lattice, size_t place)
{
	struct a2a_column *column = &lattice->column[place];
	costs cheapest = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}, class_of;

	for (int32_t class = 0; class < A2A_CLASSES; class ++) {
		costs cost =
			transition_cost[place ? class : A2A_CLASSES] + (int32_t)column->best[class];
		costs is_less;

		cost = (cost << CLASS_BITS) + class;
		is_less = cost < cheapest;
		cheapest = (cost & is_less) | (cheapest & ~is_less);
	}
	class_of = cheapest & (A2A_CLASSES - 1);
	cheapest >>= CLASS_BITS;
	memcpy(column->entry, &cheapest, sizeof(column->entry));
	memcpy(column->entry_class, &class_of, sizeof(column->entry_class));
}

bool a2a_lattice_same(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length)
{
	if (lattice->text[one] != lattice->text[other] || other + length > lattice->count)
		return false;
	for (size_t i = 0; i < length; i++)
		if (lattice->column[one + i].character.point !=
			lattice->column[other + i].character.point)
			return false;
	return true;
}

static bool mirrored(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length)
{
	if (other + length > lattice->count)
		return false;
	for (size_t i = 0; i < length; i++)
		if (lattice->column[one + length - 1 - i].character.point !=
			lattice->column[other + i].character.point)
			return false;
	return true;
}

void a2a_candidate_add(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	enum a2a_segment_kind kind, const struct a2a_class *word)
{
	size_t times = 1;

	a2a_candidate_add_once(lattice, start, length, cost, kind, word);
	/* Within a row of repetitions, the whole row was added where it begins. Without this test,
	 * a long row would take quadratic time. */
	if (start >= length && a2a_lattice_same(lattice, start - length, start, length))
		return;
	while (a2a_lattice_same(lattice, start, start + times * length, length)) {
		times++;
		a2a_candidate_add_once(lattice, start, times * length,
			cost + REPEAT + log2_cost((double)times), kind, word);
	}
	if (length >= MIRROR_SHORTEST && mirrored(lattice, start, start + length, length))
		a2a_candidate_add_once(lattice, start, 2 * length, cost + MIRROR, kind, word);
}

bool a2a_is_beside_letters(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const size_t letters = lattice->count - length;
	const struct a2a_column *column = &lattice->column[start ? 0 : length];

	return letters && (start == 0 || start == letters) &&
	       (size_t)(column[letters].before.letters - column->before.letters) == letters;
}

void a2a_candidate_add_with_letters(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, size_t most, enum a2a_segment_kind kind)
{
	const size_t letters = lattice->count - length;

	if (letters > most || !a2a_is_beside_letters(lattice, start, length))
		return;
	cost += (uint32_t)letters * ONE_LETTER +
		a2a_capitals_cost(lattice, start ? 0 : length, letters);
	a2a_candidate_add_once(lattice, 0, lattice->count, cost, kind, NULL);
}

/* ---- What random passwords have by chance ---------------------------------------------------- */

bool a2a_could_be_random(const struct a2a_lattice *lattice)
{
	const struct a2a_column *end = &lattice->column[lattice->count];

	return lattice->count <= SHORT_PART_WITHIN &&
	       (size_t)(end->before.letters + end->before.digits) == lattice->count;
}

/* Tells whether the rest of the password is what people write behind a word: nothing, a digit, the
 * same digit again, a sequence of digits from 0 or 1, or a year. */
static bool is_usual_rest(const struct a2a_lattice *lattice, size_t start)
{
	const char *digits = lattice->text + start;
	const size_t count = lattice->count - start;
	bool same = true, up = true;

	for (size_t i = 0; i < count; i++) {
		if (!a2a_is_figure(digits[i]))
			return false;
		same &= digits[i] == digits[0];
		up &= i ? digits[i] == digits[i - 1] + 1 : digits[0] <= '1';
	}
	return same || up ||
	       (count == 4 && (strncmp(digits, "19", 2) == 0 || strncmp(digits, "20", 2) == 0));
}

uint32_t a2a_chance_cost(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	return a2a_could_be_random(lattice) &&
			       !(start == 0 && is_usual_rest(lattice, start + length))
		       ? DISGUISED_BY_CHANCE
		       : 0;
}

/* ---- From characters ------------------------------------------------------------------------- */

static void add(
	struct a2a_lattice *lattice, int32_t point, int32_t typed, size_t origin, bool upper)
{
	struct a2a_column *column = &lattice->column[lattice->count];
	bool letter = a2a_is_small(point) || (point >= 0x80 && a2a_is_letter(point));

	lattice->text[lattice->count] = point < 0x80 ? (char)point : 1;
	lattice->code[lattice->count] = a2a_lexicon_code(lattice->text[lattice->count]);
	column->character.point = point;
	column->character.typed = typed;
	column->character.origin = (uint16_t)origin;
	column->character.upper = upper;
	column[1].before.uppers = (uint16_t)(column->before.uppers + upper);
	column[1].before.letters = (uint16_t)(column->before.letters + letter);
	column[1].before.digits = (uint16_t)(column->before.digits + a2a_is_figure(point));
	for (size_t class = 0; class < A2A_CLASSES; class ++)
		column[1].best[class] = UNREACHED;
	lattice->count++;
}

/* Folds one character that is not ASCII; the result has one character, several, or none. */
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

/* Folds the characters one by one, because each column must know the character it comes from. */
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

/* Returns the number of columns: one for each folded character, and one behind the last. */
static size_t columns_for(const struct a2a_text *password)
{
	struct a2a_text folded;
	size_t columns = password->count + 1;

	for (size_t i = 0; i < password->count; i++)
		if (password->point[i] >= 0x80) {
			fold_one(&folded, password->point[i]);
			columns += folded.count - 1;
		}
	return columns;
}

static size_t size_of(size_t columns)
{
	return sizeof(struct a2a_lattice) + columns * sizeof(struct a2a_column) +
	       2 * (columns + A2A_LATTICE_MARGIN);
}

struct a2a_lattice *a2a_lattice_new(
	const struct a2a_text *password, struct a2a_lattice_buffer *buffer)
{
	const size_t columns = columns_for(password), size = size_of(columns);
	const bool is_large = size > sizeof(*buffer);
	struct a2a_lattice *lattice = is_large ? malloc(size) : (void *)buffer;

	if (!lattice)
		return NULL;
	memset(lattice, 0, size);
	lattice->size = size;
	lattice->is_allocated = is_large;
	lattice->text = (char *)&lattice->column[columns];
	lattice->code = (uint8_t *)lattice->text + columns + A2A_LATTICE_MARGIN;
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
	size_t first = lattice->column[start].character.origin;

	return (struct a2a_segment){
		.start = first,
		.length = lattice->column[end - 1].character.origin + 1u - first,
	};
}

static struct a2a_segment segment_of(
	const struct a2a_lattice *lattice, const struct a2a_backpointer *backpointer, size_t end)
{
	struct a2a_segment segment = a2a_segment_between(lattice, backpointer->start, end);

	segment.kind = (enum a2a_segment_kind)backpointer->kind;
	segment.languages = backpointer->languages;
	segment.bits = (double)backpointer->cost / A2A_BIT;
	return segment;
}

/* Follows the backpointers of the cheapest spelling from the end. The estimate has room for its
 * first A2A_MOST_SEGMENTS segments. */
static void trace(const struct a2a_lattice *lattice, uint8_t final, struct a2a_estimate *estimate)
{
	size_t count = 0;
	uint8_t class = final;

	for (size_t end = lattice->count; end; count++) {
		const struct a2a_backpointer *backpointer =
			&lattice->column[end].backpointer[class];

		class = backpointer->before;
		end = backpointer->start;
	}
	estimate->segments = count < A2A_MOST_SEGMENTS ? count : A2A_MOST_SEGMENTS;
	class = final;
	for (size_t end = lattice->count; end;) {
		const struct a2a_backpointer *backpointer =
			&lattice->column[end].backpointer[class];

		if (--count < A2A_MOST_SEGMENTS)
			estimate->segment[count] = segment_of(lattice, backpointer, end);
		class = backpointer->before;
		end = backpointer->start;
	}
}

uint32_t a2a_lattice_read(const struct a2a_lattice *lattice, struct a2a_estimate *estimate)
{
	const struct a2a_column *end = &lattice->column[lattice->count];
	uint8_t final = 0;

	for (uint8_t class = 1; class < A2A_CLASSES; class ++)
		if (end->best[class] < end->best[final])
			final = class;
	trace(lattice, final, estimate);
	return end->best[final];
}
