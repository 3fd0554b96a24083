/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "pattern.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* ---- Keyboards ------------------------------------------------------------------------------- */

enum { ROWS = 4 };

/* Rows from the top, keys from the left; `other`: the same keys with Shift, or without where the
 * digits need it. */
static const struct {
	const wchar_t *row[ROWS], *other[ROWS];
} keyboards[A2A_KEYBOARDS] = {
	/* AZERTY, French and Belgian */
	{{L"1234567890", L"azertyuiop", L"qsdfghjklm", L"wxcvbn,;:="},
		{L"&é\"'(-è_çà", L"", L"", L"  ?./+"}},
	{{L"1234567890", L"azertyuiop", L"qsdfghjklm", L"wxcvbn,;:="},
		{L"&é\"'(§è!çà", L"", L"", L""}},
	/* QWERTY and QWERTZ */
	{{L"1234567890", L"qwertyuiop", L"asdfghjkl;", L"zxcvbnm,./"},
		{L"!@#$%^&*()", L"", L"", L""}},
	{{L"1234567890", L"qwertzuiop", L"asdfghjkl", L"yxcvbnm,.-"},
		{L"!\"§$%&/()=", L"", L"", L""}},
	/* the keypad */
	{{L"789", L"456", L"123", L"0"}, {L"", L"", L"", L""}},
};

static struct a2a_key find_key(size_t keyboard, int32_t point)
{
	for (int8_t y = 0; point > ' ' && y < ROWS; y++)
		for (int other = 0; other < 2; other++) {
			const wchar_t *row =
				other ? keyboards[keyboard].other[y] : keyboards[keyboard].row[y];
			const wchar_t *at = wcschr(row, (wchar_t)point);

			if (at)
				return (struct a2a_key){(int8_t)(at - row), y, true};
		}
	return (struct a2a_key){0};
}

void a2a_prepare_patterns(struct a2a_lattice *lattice)
{
	for (size_t i = 0; i < lattice->count; i++) {
		struct a2a_cell *cell = &lattice->cell[i];
		/* In small letters; accented ones are keys of their own on AZERTY. */
		int32_t point = cell->typed < 0x80 ? cell->point : cell->typed;

		for (size_t keyboard = 0; keyboard < A2A_KEYBOARDS; keyboard++)
			cell->key[keyboard] = find_key(keyboard, point);
	}
}

struct step {
	int8_t x, y;
};

static bool is_step(struct step step, int8_t x, int8_t y)
{
	return step.x == x && step.y == y;
}

/* Whether the steps so far went in rounds of `period`, as far back as one round. */
static bool in_rounds(const struct step *steps, size_t count, struct step step, size_t period)
{
	return count >= period && is_step(steps[count - period], step.x, step.y);
}

/*
 * What a step costs: nothing much when it goes on as the one before, little when the walk goes in
 * rounds of two, three or four steps (1q2w3e, qazwsx), more when it turns to a neighbour, most when
 * it goes back to where a column or row begins. 0: it is no step of a walk.
 */
static uint32_t step_cost(const struct step *steps, size_t count, struct step step)
{
	if (in_rounds(steps, count, step, 1))
		return A2A_BIT / 2;
	for (size_t period = 2; period <= 4; period++)
		if (in_rounds(steps, count, step, period))
			return count > period &&
					       in_rounds(steps, count - 1, steps[count - 1], period)
				       ? A2A_BIT / 2
				       : A2A_BIT * 5 / 2;
	if (abs(step.x) <= 1 && abs(step.y) <= 1)
		return A2A_BIT * 7 / 2;
	if (count >= 2 && (abs(step.x) <= 1 || step.y == 1))
		return A2A_BIT * 6;
	return 0;
}

static void offer_walk(struct a2a_lattice *lattice, size_t start, size_t keyboard)
{
	enum { LONGEST = 48, SHORTEST = 4 };
	struct step steps[LONGEST];
	size_t count = 0;
	struct a2a_key key = lattice->cell[start].key[keyboard];
	/* Which keyboard, which key; walks begin at the edge more often than not. */
	uint32_t cost = (key.x == 0 || key.y == 0 ? 7 : 9) * A2A_BIT / 2 + A2A_BIT;

	if (!key.there)
		return;
	while (count < LONGEST && start + count + 1 < lattice->count) {
		struct a2a_key next = lattice->cell[start + count + 1].key[keyboard];
		struct step step = {(int8_t)(next.x - key.x), (int8_t)(next.y - key.y)};
		uint32_t more = next.there ? step_cost(steps, count, step) : 0;

		if (!more)
			return;
		cost += more;
		steps[count++] = step;
		key = next;
		if (count + 1 >= SHORTEST)
			a2a_offer(lattice, start, count + 1,
				cost + a2a_capitals_cost(lattice, start, count + 1),
				A2A_SEGMENT_KEYBOARD, NULL);
	}
}

/* ---- Sequences ------------------------------------------------------------------------------- */

static bool is_plain(int32_t point)
{
	return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

/* abcd, 9876, 2468: a constant step of at most 3. */
static void offer_sequence(struct a2a_lattice *lattice, size_t start)
{
	const struct a2a_cell *cell = &lattice->cell[start];
	const size_t most = lattice->count - start;
	int32_t step = most > 1 ? cell[1].point - cell[0].point : 0;
	bool usual = cell[0].point < 0x80 && strchr("a1z90q", (int)cell[0].point);
	uint32_t cost = (usual ? 5 : 9) * A2A_BIT / 2;
	size_t length = 1;

	if (step == 0 || abs(step) > 3 || !is_plain(cell[0].point))
		return;
	cost += step == 1 ? 0 : step == -1 ? A2A_BIT : 3 * A2A_BIT;
	while (length < most && is_plain(cell[length].point) &&
		cell[length].point - cell[length - 1].point == step)
		if (++length >= 3)
			a2a_offer(lattice, start, length,
				cost + (uint32_t)lrint(log2((double)length) * A2A_BIT) +
					a2a_capitals_cost(lattice, start, length),
				A2A_SEGMENT_SEQUENCE, NULL);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static bool is_digit(const struct a2a_lattice *lattice, size_t place)
{
	return place < lattice->count && lattice->cell[place].point >= '0' &&
	       lattice->cell[place].point <= '9';
}

static unsigned value(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	unsigned number = 0;

	for (size_t i = 0; i < length; i++)
		number = 10 * number + (unsigned)(lattice->cell[start + i].point - '0');
	return number;
}

static bool is_year(unsigned number)
{
	return number >= 1900 && number <= 2039;
}

/* Years of a life that ends today are commoner than the others: 2^6 of them. */
static uint32_t year_cost(unsigned year)
{
	return year >= 1940 ? 13 * A2A_BIT / 2 : 8 * A2A_BIT;
}

/* Reads a number of `length` digits at `*at` and moves on; false when they are not there. */
static bool take_number(
	const struct a2a_lattice *lattice, size_t *at, size_t length, unsigned *number)
{
	for (size_t i = 0; i < length; i++)
		if (!is_digit(lattice, *at + i))
			return false;
	*number = value(lattice, *at, length);
	*at += length;
	return true;
}

/* Passes over a separator; false when it is not the one that stood before. */
static bool take_separator(const struct a2a_lattice *lattice, size_t *at, int32_t *separator)
{
	int32_t point = *at < lattice->count ? lattice->cell[*at].point : 0;
	bool there = point > ' ' && point < 0x7f && strchr("-/.:_", (int)point);

	if (*separator == 0)
		*separator = there ? point : -1;
	if (*separator > 0 && point != *separator)
		return false;
	*at += *separator > 0;
	return true;
}

/* A date in the order and with the lengths of `form`: "d2m2y4". */
static void offer_date(struct a2a_lattice *lattice, size_t start, const char *form)
{
	unsigned day = 1, month = 1, year = 0, year_length = 0;
	int32_t separator = 0;
	size_t at = start;
	uint32_t cost;

	for (const char *part = form; *part; part += 2) {
		unsigned *number = *part == 'd' ? &day : *part == 'm' ? &month : &year;
		size_t length = (size_t)(part[1] - '0');

		if (part != form && !take_separator(lattice, &at, &separator))
			return;
		if (!take_number(lattice, &at, length, number))
			return;
		if (*part == 'y')
			year_length = (unsigned)length;
	}
	if (day < 1 || day > 31 || month < 1 || month > 12 || (year_length == 4 && !is_year(year)))
		return;
	/* One of the days of a year, one of the years, and how it is written. */
	cost = 17 * A2A_BIT / 2 + (separator > 0 ? 3 * A2A_BIT / 2 : 0);
	cost += year_length == 4   ? year_cost(year)
		: year_length == 2 ? 13 * A2A_BIT / 2
				   : A2A_BIT / 2;
	a2a_offer(lattice, start, at - start, cost, A2A_SEGMENT_DATE, NULL);
}

static void offer_numbers(struct a2a_lattice *lattice, size_t start)
{
	static const char *const forms[] = {"d2m2y4", "d2m2y2", "d1m1y4", "d1m2y4", "d2m1y4",
		"d1m1y2", "d1m2y2", "d2m1y2", "y4m2d2", "y2m2d2", "y4m1d2", "y4m1d1", "y4m2d1",
		"d2m2", "m2y4"};
	const uint32_t digit_cost = (uint32_t)lrint(log2(10) * A2A_BIT);
	size_t length = 0;

	while (length < 24 && is_digit(lattice, start + length)) {
		length++;
		a2a_offer(lattice, start, length, (uint32_t)length * digit_cost + A2A_BIT / 2,
			A2A_SEGMENT_NUMBER, NULL);
		if (length == 4 && is_year(value(lattice, start, 4)))
			a2a_offer(lattice, start, 4, year_cost(value(lattice, start, 4)),
				A2A_SEGMENT_YEAR, NULL);
	}
	/* A Belgian mobile number: 04, three of four first digits, six others. */
	if (length >= 10 && value(lattice, start, 2) == 4)
		a2a_offer(lattice, start, 10, 24 * A2A_BIT, A2A_SEGMENT_NUMBER, NULL);
	for (size_t i = 0; length && i < sizeof(forms) / sizeof(forms[0]); i++)
		offer_date(lattice, start, forms[i]);
}

/* Symbols that stand alone, by how often they do. */
static void offer_symbol(struct a2a_lattice *lattice, size_t start)
{
	static const char common[] = "!.*@-_#$?+&,=/%()";
	int32_t point = lattice->cell[start].point;
	const char *at = point > ' ' && point < 0x7f ? strchr(common, (int)point) : NULL;

	if (at)
		a2a_offer(lattice, start, 1,
			(uint32_t)lrint((2 + log2(1 + (double)(at - common))) * A2A_BIT),
			A2A_SEGMENT_SYMBOL, NULL);
}

void a2a_offer_patterns(struct a2a_lattice *lattice, size_t start)
{
	offer_symbol(lattice, start);
	for (size_t i = 0; i < A2A_KEYBOARDS; i++)
		offer_walk(lattice, start, i);
	offer_sequence(lattice, start);
	offer_numbers(lattice, start);
}
