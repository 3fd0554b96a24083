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

/* Adds a sequence: abcd, 9876, 2468. Its characters have a constant difference of at most
 * SEQUENCE_WIDEST. */
static void add_sequence(struct a2a_lattice *lattice, size_t start)
{
	const struct a2a_column *column = &lattice->column[start];
	const size_t most = lattice->count - start;
	const char *text = lattice->text + start;
	const int32_t difference = text[1] - text[0];
	/* Random passwords often contain three characters at distances of 2 or 3. */
	const size_t shortest = abs(difference) == 1 ? SEQUENCE_SHORTEST : SEQUENCE_WIDE_SHORTEST;
	uint32_t cost;
	size_t length = 1;

	if ((text[2] - text[1] != difference) | (difference == 0) |
		(abs(difference) > SEQUENCE_WIDEST))
		return;
	/* Most sequences begin at an end of the alphabet, of the digits or of the keyboard. */
	cost = strchr("a1z90q", (int)column[0].character.point) ? SEQUENCE_FROM_END
	       : column[0].character.point > '9'                ? SEQUENCE_FROM_LETTER
								: SEQUENCE_FROM_DIGIT;
	cost += difference == 1 ? 0 : difference == -1 ? SEQUENCE_DOWN : SEQUENCE_WIDE;
	while (length < most && is_plain(column[length].character.point) &&
		column[length].character.point - column[length - 1].character.point == difference)
		if (++length >= shortest)
			a2a_candidate_add(lattice, start, length,
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
		number = 10 * number + (unsigned)(lattice->column[start + i].character.point - '0');
	return number;
}

static bool is_year(unsigned number)
{
	return number >= YEAR_FIRST && number <= YEAR_LAST;
}

/* Returns the cost of a year. Years within the lives of people are commoner than earlier ones. */
static uint32_t year_cost(unsigned year)
{
	return year >= YEAR_OF_LIFE_FIRST ? YEAR_OF_LIFE : YEAR_EARLIER;
}

/* Reads a number of `length` digits at `*at` and moves `*at` behind it. Returns false when there
 * are fewer digits. */
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
	int32_t point = place < lattice->count ? lattice->column[place].character.point : 0;

	return point > ' ' && point < 0x7f && strchr("-/.:_", (int)point);
}

/* Moves `*at` behind a separator. Returns false when it is not the same separator as before. */
static bool take_separator(const struct a2a_lattice *lattice, size_t *at, int32_t *separator)
{
	int32_t point = *at < lattice->count ? lattice->column[*at].character.point : 0;

	if (*separator == 0)
		*separator = is_separator(lattice, *at) ? point : -1;
	if (*separator > 0 && point != *separator)
		return false;
	*at += *separator > 0;
	return true;
}

/* Tells whether the rest of the password consists of letters, all of them before the stretch or all
 * behind it. */
static bool is_beside_letters(const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const size_t letters = lattice->count - length;
	const struct a2a_column *column = &lattice->column[start ? 0 : length];

	return letters && (start == 0 || start == letters) &&
	       (size_t)(column[letters].before.letters - column->before.letters) == letters;
}

/* Adds the whole password as one segment if only a few letters stand beside the stretch: the letter
 * that the rule asks for, or initials. */
static void add_with_letters(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, size_t most, enum a2a_segment_kind kind)
{
	const size_t letters = lattice->count - length;

	if (letters > most || !is_beside_letters(lattice, start, length))
		return;
	cost += (uint32_t)letters * ONE_LETTER +
		a2a_capitals_cost(lattice, start ? 0 : length, letters);
	a2a_candidate_add_once(lattice, 0, lattice->count, cost, kind, NULL);
}

/* Adds a date of birth beside initials or a name, where it is commoner than elsewhere. */
static void add_birth_date(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	unsigned year_length)
{
	cost -= year_length == 2 ? BIRTH_FEWER_YEARS : 0;
	add_with_letters(lattice, start, length, cost, BIRTH_INITIALS_MOST, A2A_SEGMENT_DATE);
	if (is_beside_letters(lattice, start, length))
		a2a_candidate_add_once(
			lattice, start, length, cost - BIRTH_BESIDE_NAME, A2A_SEGMENT_DATE, NULL);
}

/* Moves `*at` behind the name of a month, in full or short, in one of the four languages. Returns
 * false when there is none. */
static bool take_month(const struct a2a_lattice *lattice, size_t *at)
{
	/* Indexed by the first letter. Of two names that begin alike, the longer one must stand
	 * first. */
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

/* Adds a date of a form such as "d2m2y4", which has the parts and their numbers of digits; n0 is
 * the name of a month. */
static void add_date(struct a2a_lattice *lattice, size_t start, const char *form)
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
	cost = DATE_DAY + (separator > 0 ? DATE_SEPARATOR : 0);
	cost += year_length == 4   ? year_cost(year)
		: year_length == 2 ? DATE_SHORT_YEAR
				   : DATE_NO_YEAR;
	cost += strchr(form, 'n') ? DATE_NAMED_MONTH + a2a_capitals_cost(lattice, start, at - start)
				  : 0;
	a2a_candidate_add(lattice, start, at - start, cost, A2A_SEGMENT_DATE, NULL);
	/* Europeans write a date of birth in this order. */
	if (strncmp(form, "d2m2y", strlen("d2m2y")) == 0)
		add_birth_date(lattice, start, at - start, cost, year_length);
}

static bool is_letter_at(const struct a2a_lattice *lattice, size_t place)
{
	return a2a_is_small(lattice->text[place]);
}

/* Adds 12mei1985, may121985, 1-avr-85. Such a date does not begin amid letters. */
static void add_named_dates(struct a2a_lattice *lattice, size_t start)
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
		add_date(lattice, start, forms[i]);
}

static bool is_telephone_separator(int32_t point)
{
	return point == '/' || point == '.' || point == '-' || point == ' ';
}

/* Telephone numbers by prefix and number of digits. If a number fits two rows, the cheaper row
 * counts. */
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

/* Returns the length of a telephone number at `start`, with the separators between groups of its
 * digits; 0 when there is none. */
static size_t telephone_length(
	const struct a2a_lattice *lattice, size_t start, const char *prefix, unsigned digits)
{
	size_t place = start;
	int32_t separator = 0;

	for (unsigned i = 0; i < digits; place++) {
		int32_t point = place < lattice->count ? lattice->column[place].character.point : 0;

		if (is_digit(lattice, place)) {
			if (*prefix && point != *prefix++)
				return 0;
			i++;
		} else if (i == 0 || !is_telephone_separator(point) ||
			   !is_digit(lattice, place - 1) || (separator && point != separator)) {
			return 0;
		} else {
			/* 0475/83.91.62: a slash may stand before other separators. */
			separator = point == '/' ? 0 : point;
		}
	}
	return place - start;
}

static void add_telephone(struct a2a_lattice *lattice, size_t start)
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
		a2a_candidate_add(lattice, start, length, cost, A2A_SEGMENT_NUMBER, NULL);
		add_with_letters(
			lattice, start, length, cost, TELEPHONE_LETTERS_MOST, A2A_SEGMENT_NUMBER);
	}
}

static void add_numbers(struct a2a_lattice *lattice, size_t start)
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
		a2a_candidate_add(lattice, start, length,
			(uint32_t)length * NUMBER_DIGIT + NUMBER_LENGTH, A2A_SEGMENT_NUMBER, NULL);
		if (length == 4 && is_year(value(lattice, start, 4)))
			a2a_candidate_add(lattice, start, 4, year_cost(value(lattice, start, 4)),
				A2A_SEGMENT_YEAR, NULL);
	}
	add_telephone(lattice, start);
	/* If a separator follows the digits, a date may continue behind it. */
	is_separated = is_separator(lattice, start + length);
	if (length < FEWEST_IN_DATE && !is_separated)
		return;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		if (length >= dates[i].digits || is_separated)
			add_date(lattice, start, dates[i].form);
}

/* Adds one symbol. `common` is in the order of frequency. The joining symbols are commoner between
 * letters: marie&luc. */
static void add_symbol(struct a2a_lattice *lattice, size_t start)
{
	static const char common[] = "!.*@-_#$?+&,=/%()", joining[] = ".-_&+'/";
	int32_t point = lattice->column[start].character.point;
	const char *at;

	if (point <= ' ' || point >= 0x7f)
		return;
	at = strchr(common, (int)point);
	if (at)
		a2a_candidate_add(lattice, start, 1,
			(uint32_t)(SYMBOL_COMMONEST +
				   lrint(log2(1 + (double)(at - common)) * A2A_BIT)),
			A2A_SEGMENT_SYMBOL, NULL);
	if (start && is_letter_at(lattice, start - 1) && is_letter_at(lattice, start + 1) &&
		strchr(joining, (int)point))
		a2a_candidate_add_once(lattice, start, 1, SYMBOL_JOINING, A2A_SEGMENT_SYMBOL, NULL);
}

void a2a_add_patterns(struct a2a_lattice *lattice, size_t start)
{
	if (!is_plain(lattice->column[start].character.point)) {
		add_symbol(lattice, start);
		return;
	}
	add_sequence(lattice, start);
	add_named_dates(lattice, start);
	if (is_digit(lattice, start))
		add_numbers(lattice, start);
}
