/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "pattern.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"

static bool is_plain(int32_t point)
{
	return a2a_is_small(point) || a2a_is_figure(point);
}

/* ---- Sequences ------------------------------------------------------------------------------- */

/* abcd, 9876, 2468: a constant step of at most 3. */
static void offer_sequence(struct a2a_lattice *lattice, size_t start)
{
	const struct a2a_cell *cell = &lattice->cell[start];
	const size_t most = lattice->count - start;
	const char *text = lattice->text + start;
	const int32_t step = text[1] - text[0];
	/* Three characters that are 2 or 3 apart are so by chance. */
	const size_t shortest = abs(step) == 1 ? SEQUENCE_SHORTEST : SEQUENCE_WIDE_SHORTEST;
	uint32_t cost;
	size_t length = 1;

	if ((text[2] - text[1] != step) | (step == 0) | (abs(step) > SEQUENCE_WIDEST))
		return;
	/* Mostly from an end on: of the alphabet, of the keyboard, of the digits. */
	cost = strchr("a1z90q", (int)cell[0].point) ? SEQUENCE_FROM_END
	       : cell[0].point > '9'                ? SEQUENCE_FROM_LETTER
						    : SEQUENCE_FROM_DIGIT;
	cost += step == 1 ? 0 : step == -1 ? SEQUENCE_DOWN : SEQUENCE_WIDE;
	while (length < most && is_plain(cell[length].point) &&
		cell[length].point - cell[length - 1].point == step)
		if (++length >= shortest)
			a2a_offer(lattice, start, length,
				cost + (uint32_t)lrint(log2((double)length) * A2A_BIT) +
					a2a_capitals_cost(lattice, start, length),
				A2A_SEGMENT_SEQUENCE, NULL);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static bool is_digit(const struct a2a_lattice *lattice, size_t place)
{
	return a2a_is_figure(lattice->text[place]);
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
	return number >= YEAR_FIRST && number <= YEAR_LAST;
}

/* Years of a life that ends today are commoner than the others: 2^6 of them. */
static uint32_t year_cost(unsigned year)
{
	return year >= YEAR_OF_LIFE_FIRST ? YEAR_OF_LIFE : YEAR_EARLIER;
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

static bool is_separator(const struct a2a_lattice *lattice, size_t place)
{
	int32_t point = place < lattice->count ? lattice->cell[place].point : 0;

	return point > ' ' && point < 0x7f && strchr("-/.:_", (int)point);
}

/* Passes over a separator; false when it is not the one that stood before. */
static bool take_separator(const struct a2a_lattice *lattice, size_t *at, int32_t *separator)
{
	int32_t point = *at < lattice->count ? lattice->cell[*at].point : 0;

	if (*separator == 0)
		*separator = is_separator(lattice, *at) ? point : -1;
	if (*separator > 0 && point != *separator)
		return false;
	*at += *separator > 0;
	return true;
}

/* Whether something else is there, which is letters, and all of them before it or behind it. */
static bool is_beside_letters(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const size_t letters = lattice->count - length;
	const struct a2a_cell *cell = &lattice->cell[start ? 0 : length];

	return letters && (start == 0 || start == letters) &&
	       (size_t)(cell[letters].letters - cell->letters) == letters;
}

/* What is all there is but for a few letters: the one that the rule asks for, somebody's initials.
 */
static void offer_with_letters(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, size_t most, enum a2a_segment_kind kind)
{
	const size_t letters = lattice->count - length;

	if (letters > most || !is_beside_letters(lattice, start, length))
		return;
	cost += (uint32_t)letters * ONE_LETTER +
		a2a_capitals_cost(lattice, start ? 0 : length, letters);
	a2a_offer_once(lattice, 0, lattice->count, cost, kind, NULL);
}

/* A date of birth beside somebody's initials, or a name. */
static void offer_birth_date(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, unsigned year_length)
{
	cost -= year_length == 2 ? BIRTH_FEWER_YEARS : 0;
	offer_with_letters(lattice, start, length, cost, BIRTH_INITIALS_MOST, A2A_SEGMENT_DATE);
	if (is_beside_letters(lattice, start, length))
		a2a_offer_once(
			lattice, start, length, cost - BIRTH_BESIDE_NAME, A2A_SEGMENT_DATE, NULL);
}

/* Passes over the name of a month, in full or short, in one of the four languages; false when there
 * is none. */
static bool take_month(const struct a2a_lattice *lattice, size_t *at)
{
	/* By their first letters; of those that begin alike, the longer ones first. */
	static const char *const names['z' - 'a' + 1][16] = {
		['a' - 'a'] = {"augustus", "august", "avril", "april", "aout", "avr", "apr", "aug"},
		['d' - 'a'] = {"decembre", "december", "dezember", "dec", "dez"},
		['f' - 'a'] = {"fevrier", "februari", "february", "februar", "fevr", "febr", "fev",
			"feb"},
		['j' - 'a'] = {"januari", "january", "januar", "janvier", "janv", "juillet", "juin",
			"juni", "juli", "june", "july", "juil", "jan", "jun", "jul"},
		['m' - 'a'] = {"maerz", "maart", "march", "mars", "marz", "mai", "may", "mei",
			"mrt", "mar"},
		['n' - 'a'] = {"november", "novembre", "nov"},
		['o' - 'a'] = {"october", "octobre", "oktober", "oct", "okt"},
		['s' - 'a'] = {"september", "septembre", "sept", "sep"},
	};
	const char *text = lattice->text + *at;
	const char *const *name;

	if (!a2a_is_small(*text))
		return false;
	for (name = names[*text - 'a']; *name; name++)
		if (strncmp(text, *name, strlen(*name)) == 0)
			break;
	*at += *name ? strlen(*name) : 0;
	return *name;
}

/* A date in the order and with the lengths of `form`: "d2m2y4"; "d2n0y4" has the month's name. */
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
		if (*part == 'n' ? !take_month(lattice, &at)
				 : !take_number(lattice, &at, length, number))
			return;
		if (*part == 'y')
			year_length = (unsigned)length;
	}
	if (day < 1 || day > 31 || month < 1 || month > 12 || (year_length == 4 && !is_year(year)))
		return;
	/* One of the days of a year, one of the years, and how it is written. */
	cost = DATE_DAY + (separator > 0 ? DATE_SEPARATOR : 0);
	cost += year_length == 4   ? year_cost(year)
		: year_length == 2 ? DATE_SHORT_YEAR
				   : DATE_NO_YEAR;
	cost += strchr(form, 'n') ? DATE_NAMED_MONTH + a2a_capitals_cost(lattice, start, at - start)
				  : 0;
	a2a_offer(lattice, start, at - start, cost, A2A_SEGMENT_DATE, NULL);
	/* Beside a name, one of birth is written so. */
	if (strncmp(form, "d2m2y", strlen("d2m2y")) == 0)
		offer_birth_date(lattice, start, at - start, cost, year_length);
}

static bool is_letter_at(const struct a2a_lattice *lattice, size_t place)
{
	return a2a_is_small(lattice->text[place]);
}

/* 12mei1985, may121985, 1-avr-85: where it may begin, which is not amid letters. */
static void offer_named_dates(struct a2a_lattice *lattice, size_t start)
{
	static const char *const by_day[] = {"d2n0y4", "d1n0y4", "d2n0y2", "d1n0y2"};
	static const char *const by_month[] = {"n0d2y4", "n0d1y4", "n0d2y2", "n0d1y2"};
	const bool is_letter = is_letter_at(lattice, start);
	const char *const *forms = is_letter ? by_month : by_day;
	size_t month = start;

	while (month < start + 2 && is_digit(lattice, month))
		month++;
	month += !is_letter && is_separator(lattice, month);
	if ((is_letter && start && is_letter_at(lattice, start - 1)) ||
		!take_month(lattice, &month))
		return;
	for (size_t i = 0; i < sizeof(by_day) / sizeof(by_day[0]); i++)
		offer_date(lattice, start, forms[i]);
}

static bool is_telephone_separator(int32_t point)
{
	return point == '/' || point == '.' || point == '-' || point == ' ';
}

/* Telephone numbers: how they begin, how many digits they have, and log2 of how many are in use,
 * or may be: the French mobiles are 80 million. */
static const struct {
	const char *prefix;
	unsigned digits;
	uint32_t cost;
} telephones[] = {
	{"04", 10, TELEPHONE_MOBILE_BE},
	{"0", 9, TELEPHONE_LINE_BE},
	{"06", 10, TELEPHONE_MOBILE_06},
	{"07", 10, TELEPHONE_MOBILE_07},
	{"324", 11, TELEPHONE_ABROAD_BE},
	{"316", 11, TELEPHONE_ABROAD_NL},
	{"336", 11, TELEPHONE_ABROAD_FR_6},
	{"337", 11, TELEPHONE_ABROAD_FR_7},
};

/* Goes along the digits of a telephone number, which may stand in groups, with one separator
 * between them all. Returns its length, or 0 when there are fewer digits. */
static size_t telephone_length(
	const struct a2a_lattice *lattice, size_t start, const char *prefix, unsigned digits)
{
	size_t place = start;
	int32_t separator = 0;

	for (unsigned i = 0; i < digits; place++) {
		int32_t point = place < lattice->count ? lattice->cell[place].point : 0;

		if (is_digit(lattice, place)) {
			if (*prefix && point != *prefix++)
				return 0;
			i++;
		} else if (i == 0 || !is_telephone_separator(point) ||
			   !is_digit(lattice, place - 1) || (separator && point != separator)) {
			return 0;
		} else {
			/* 0475/83.91.62: the first may be another one. */
			separator = point == '/' ? 0 : point;
		}
	}
	return place - start;
}

static void offer_telephone(struct a2a_lattice *lattice, size_t start)
{
	enum { FEWEST_IN_TELEPHONE = 9 };

	if (start + FEWEST_IN_TELEPHONE > lattice->count ||
		(lattice->text[start] != '0' && lattice->text[start] != '3'))
		return;
	for (size_t i = 0; i < sizeof(telephones) / sizeof(telephones[0]); i++) {
		size_t length = telephone_length(
			lattice, start, telephones[i].prefix, telephones[i].digits);
		uint32_t cost = telephones[i].cost;

		if (!length)
			continue;
		cost += length > telephones[i].digits ? TELEPHONE_GROUPED : 0;
		a2a_offer(lattice, start, length, cost, A2A_SEGMENT_NUMBER, NULL);
		offer_with_letters(
			lattice, start, length, cost, TELEPHONE_LETTERS_MOST, A2A_SEGMENT_NUMBER);
	}
}

static void offer_numbers(struct a2a_lattice *lattice, size_t start)
{
	static const struct {
		const char *form;
		unsigned digits;
	} dates[] = {
		{"d2m2y4", 8},
		{"d2m2y2", 6},
		{"d1m1y4", 6},
		{"d1m2y4", 7},
		{"d2m1y4", 7},
		{"d1m1y2", 4},
		{"d1m2y2", 5},
		{"d2m1y2", 5},
		{"y4m2d2", 8},
		{"y2m2d2", 6},
		{"y4m1d2", 7},
		{"y4m1d1", 6},
		{"y4m2d1", 7},
		{"d2m2", 4},
		{"m2y4", 6},
	};
	enum { FEWEST_IN_DATE = 4 };
	bool is_separated;
	size_t length = 0;

	while (length < NUMBER_LONGEST && is_digit(lattice, start + length)) {
		length++;
		a2a_offer(lattice, start, length, (uint32_t)length * NUMBER_DIGIT + NUMBER_LENGTH,
			A2A_SEGMENT_NUMBER, NULL);
		if (length == 4 && is_year(value(lattice, start, 4)))
			a2a_offer(lattice, start, 4, year_cost(value(lattice, start, 4)),
				A2A_SEGMENT_YEAR, NULL);
	}
	offer_telephone(lattice, start);
	/* The digits stand in a row, unless a separator comes behind the first of them. */
	is_separated = is_separator(lattice, start + length);
	if (length < FEWEST_IN_DATE && !is_separated)
		return;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		if (length >= dates[i].digits || is_separated)
			offer_date(lattice, start, dates[i].form);
}

/* Symbols that stand alone, by how often they do: what is no letter or digit. Those that join words
 * are commoner between letters: marie&luc. */
static void offer_symbol(struct a2a_lattice *lattice, size_t start)
{
	static const char common[] = "!.*@-_#$?+&,=/%()", joining[] = ".-_&+'/";
	int32_t point = lattice->cell[start].point;
	const char *at;

	if (point <= ' ' || point >= 0x7f)
		return;
	at = strchr(common, (int)point);
	if (at)
		a2a_offer(lattice, start, 1,
			(uint32_t)(SYMBOL_COMMONEST +
				   lrint(log2(1 + (double)(at - common)) * A2A_BIT)),
			A2A_SEGMENT_SYMBOL, NULL);
	if (start && is_letter_at(lattice, start - 1) && is_letter_at(lattice, start + 1) &&
		strchr(joining, (int)point))
		a2a_offer_once(lattice, start, 1, SYMBOL_JOINING, A2A_SEGMENT_SYMBOL, NULL);
}

void a2a_offer_patterns(struct a2a_lattice *lattice, size_t start)
{
	if (!is_plain(lattice->cell[start].point)) {
		offer_symbol(lattice, start);
		return;
	}
	offer_sequence(lattice, start);
	offer_named_dates(lattice, start);
	if (is_digit(lattice, start))
		offer_numbers(lattice, start);
}
