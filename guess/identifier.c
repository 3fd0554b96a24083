/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "identifier.h"

#include <string.h>

#include "costs.h"

/* An identifier that was read. */
struct identifier {
	uint8_t *digit; /* a letter is two digits, as ISO 13616 has it: a is 10 */
	size_t digits;
	size_t length; /* characters of the password, separators included */
};

/* ---- Check digits ---------------------------------------------------------------------------- */

static uint64_t number(const struct identifier *identifier, size_t from, size_t count)
{
	uint64_t value = 0;

	for (size_t i = from; i < from + count; i++)
		value = 10 * value + identifier->digit[i];
	return value;
}

/* Returns the remainder of the digits from `from` on, and then of those before, by 97. */
static unsigned remainder_from(const struct identifier *identifier, size_t from)
{
	unsigned remainder = 0;

	for (size_t i = 0; i < identifier->digits; i++)
		remainder =
			(10 * remainder + identifier->digit[(from + i) % identifier->digits]) % 97;
	return remainder;
}

/* Belgian enterprise number (Crossroads Bank for Enterprises): ten digits, or nine without the
 * leading 0; the two letters of the country are four digits. The last two digits are 97 less the
 * remainder of the others. */
static bool is_enterprise(const struct identifier *identifier)
{
	const size_t first = identifier->digits > 10 ? 4 : 0, check = identifier->digits - 2;

	return 97 - number(identifier, first, check - first) % 97 == number(identifier, check, 2);
}

/* Belgian national number: yymmdd, three digits, two check digits. From 2000 on, a 2 stands before
 * the nine digits for the check. */
static bool is_resident(const struct identifier *identifier)
{
	const uint64_t first = number(identifier, 0, 9), check = number(identifier, 9, 2);
	const uint64_t month = number(identifier, 2, 2), day = number(identifier, 4, 2);

	return month <= 12 && day <= 31 &&
	       (97 - first % 97 == check || 97 - (first + 2000000000) % 97 == check);
}

/* IBAN (ISO 13616): with the country and the check digits moved to the end, the remainder is 1. The
 * two letters of the country are four digits here. */
static bool is_account(const struct identifier *identifier)
{
	return remainder_from(identifier, 6) == 1;
}

/* Cards (ISO/IEC 7812-1): the formula of Luhn. */
static bool is_card(const struct identifier *identifier)
{
	unsigned sum = 0;

	for (size_t i = 0; i < identifier->digits; i++) {
		unsigned digit = identifier->digit[identifier->digits - 1 - i];

		if (i % 2)
			digit = digit < 5 ? 2 * digit : 2 * digit - 9;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* ---- Shapes ---------------------------------------------------------------------------------- */

/* A shape of identifiers: 9 is a digit, # a letter or a digit, a any letter, and a letter behind '
 * that letter. A blank may be a separator, and _ must be one. */
struct shape {
	const char *shape;
	const char *first; /* the characters that it begins with; NULL: any */
	bool (*is_right)(const struct identifier *identifier);
	uint32_t cost;
	size_t letters_most; /* beside it, that count as one guess with it */
};

/* They have FEWEST_DIGITS or more. */
static const struct shape numbers[] = {
	{"9999 999 999", "01", is_enterprise, ENTERPRISE_BE, 1},
	{"999 999 999", "48", is_enterprise, ENTERPRISE_BE, 1},
	{"'b'e 9999 999 999", "b", is_enterprise, ENTERPRISE_BE + IDENTIFIER_COUNTRY, 1},
	{"'b'e 999 999 999", "b", is_enterprise, ENTERPRISE_BE + IDENTIFIER_COUNTRY, 1},
	{"99 99 99 999 99", NULL, is_resident, RESIDENT_BE, 1},
	{"'b'e99 9999 9999 9999", "b", is_account, ACCOUNT_BE, 1},
	{"'n'l99 aaaa 9999 9999 99", "n", is_account, ACCOUNT_NL, 1},
	{"'l'u99 999# #### #### ####", "l", is_account, ACCOUNT_LU, 1},
	{"9999 9999 9999 9999", "23456", is_card, CARD, 1},
	{"9999 9999 9999 9999 9", "6", is_card, CARD, 1},
};

/* Number plates as they are printed, with their separators. Without them, random passwords look
 * like plates. */
static const struct shape plates[] = {
	/* Belgium since 2010, and before */
	{"9_aaa_999", "12", NULL, PLATE_BE, 1},
	{"aaa_999", NULL, NULL, PLATE_BE, 1},
	{"999_aaa", NULL, NULL, PLATE_BE, 1},
	/* France since 2009, and before */
	{"aa_999_aa", NULL, NULL, PLATE_FR, 0},
	{"9999_aa_99", NULL, NULL, PLATE_FR, 0},
	{"999_aaa_99", NULL, NULL, PLATE_FR, 0},
	{"999_aa_99", NULL, NULL, PLATE_FR, 0},
	/* the series of the Netherlands */
	{"aa_99_99", NULL, NULL, PLATE_NL, 1},
	{"99_99_aa", NULL, NULL, PLATE_NL, 1},
	{"99_aa_99", NULL, NULL, PLATE_NL, 1},
	{"aa_99_aa", NULL, NULL, PLATE_NL, 1},
	{"aa_aa_99", NULL, NULL, PLATE_NL, 1},
	{"99_aa_aa", NULL, NULL, PLATE_NL, 1},
	{"99_aaa_9", NULL, NULL, PLATE_NL, 1},
	{"9_aaa_99", NULL, NULL, PLATE_NL, 1},
	{"aa_999_a", NULL, NULL, PLATE_NL, 1},
	{"a_999_aa", NULL, NULL, PLATE_NL, 1},
	{"aaa_99_a", NULL, NULL, PLATE_NL, 1},
	{"a_99_aaa", NULL, NULL, PLATE_NL, 1},
	{"9_aa_999", NULL, NULL, PLATE_NL, 1},
	{"999_aa_9", NULL, NULL, PLATE_NL, 1},
	/* Germany: the district, one or two letters, up to four digits */
	{"a_aa 9999", NULL, NULL, PLATE_DE, 0},
	{"aa_aa 9999", NULL, NULL, PLATE_DE, 0},
	{"aaa_aa 9999", NULL, NULL, PLATE_DE, 0},
	{"a_a 9999", NULL, NULL, PLATE_DE, 0},
	{"aa_a 9999", NULL, NULL, PLATE_DE, 0},
	{"aaa_a 9999", NULL, NULL, PLATE_DE, 0},
	{"a_aa 999", NULL, NULL, PLATE_DE_SHORT, 1},
	{"aa_aa 999", NULL, NULL, PLATE_DE_SHORT, 0},
	{"aaa_aa 999", NULL, NULL, PLATE_DE_SHORT, 0},
	{"aa_a 999", NULL, NULL, PLATE_DE_SHORT, 1},
	{"aaa_a 999", NULL, NULL, PLATE_DE_SHORT, 0},
	{"aa_aa 99", NULL, NULL, PLATE_DE_SHORT, 1},
	{"aaa_aa 99", NULL, NULL, PLATE_DE_SHORT, 0},
};

static bool is_separator(char character)
{
	return character && strchr(".-/:_ ", character);
}

/* Takes one character, whose digits it keeps. Returns false when it is not of the kind. */
static bool take(struct identifier *identifier, char kind, char character)
{
	const bool digit = a2a_is_figure(character), letter = a2a_is_small(character);
	const unsigned value =
		letter ? (unsigned)(character - 'a') + 10 : (unsigned)(character - '0');

	if (!(kind == '9'         ? digit
		    : kind == 'a' ? letter
				  : digit || letter) ||
		identifier->digits + 2 > A2A_READING_MOST)
		return false;
	if (letter)
		identifier->digit[identifier->digits++] = (uint8_t)(value / 10);
	identifier->digit[identifier->digits++] = (uint8_t)(value % 10);
	return true;
}

/* Reads an identifier of a shape. Returns false when there is none. */
static bool read_shape(struct identifier *identifier, const char *text, const char *shape)
{
	const char *at = text;

	identifier->digits = 0;
	for (; *shape; shape++) {
		if (*shape == ' ' || *shape == '_') {
			if (is_separator(*at))
				at++;
			else if (*shape == '_')
				return false;
		} else if (*shape == '\'') {
			if (*at != *++shape || !take(identifier, 'a', *at++))
				return false;
		} else if (!take(identifier, *shape, *at++)) {
			return false;
		}
	}
	identifier->length = (size_t)(at - text);
	return true;
}

static void add_shapes(
	struct a2a_lattice *lattice, size_t start, const struct shape *shapes, size_t count)
{
	struct identifier identifier = {.digit = lattice->reading};
	const char *text = lattice->text + start;

	for (const struct shape *shape = shapes; shape < shapes + count; shape++) {
		if ((shape->first && !strchr(shape->first, *text)) ||
			!read_shape(&identifier, text, shape->shape) ||
			(shape->is_right && !shape->is_right(&identifier)))
			continue;
		a2a_candidate_add_once(lattice, start, identifier.length,
			shape->cost + a2a_capitals_cost(lattice, start, identifier.length),
			A2A_SEGMENT_NUMBER, NULL);
		a2a_candidate_add_with_letters(lattice, start, identifier.length, shape->cost,
			shape->letters_most, A2A_SEGMENT_NUMBER);
	}
}

void a2a_add_identifiers(struct a2a_lattice *lattice, size_t start)
{
	enum { FEWEST_DIGITS = 9 };
	const struct a2a_sums *here = &lattice->column[start].before;
	const struct a2a_sums *end = &lattice->column[lattice->count].before;
	const size_t digits = (size_t)(end->digits - here->digits);
	const size_t letters = (size_t)(end->letters - here->letters);

	if (digits >= FEWEST_DIGITS)
		add_shapes(lattice, start, numbers, sizeof(numbers) / sizeof(numbers[0]));
	if (start <= 1 && digits && letters && digits + letters < lattice->count - start)
		add_shapes(lattice, start, plates, sizeof(plates) / sizeof(plates[0]));
}
