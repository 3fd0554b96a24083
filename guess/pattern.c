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

/* Tells whether the text begins with the word; mostly the first two characters say no. */
static bool starts_with(const char *text, const char *word)
{
	while (*word && *word == *text) {
		word++;
		text++;
	}
	return !*word;
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

/* Adds the whole password as one segment if as many letters stand before the stretch as behind it,
 * and no more than `most`: j12051985d, jd1985mv. */
static void add_between_initials(
	struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost, size_t most)
{
	const struct a2a_column *column = lattice->column;

	if (!start || start > most || lattice->count != 2 * start + length ||
		(size_t)(column[lattice->count].before.letters) != 2 * start ||
		column[start].before.letters != start)
		return;
	cost += (uint32_t)(2 * start) * ONE_LETTER + a2a_capitals_cost(lattice, 0, start) +
		a2a_capitals_cost(lattice, start + length, start);
	a2a_candidate_add_once(lattice, 0, lattice->count, cost, A2A_SEGMENT_DATE, NULL);
}

/* Adds a date of birth beside initials or a name, where it is commoner than elsewhere. */
static void add_birth_date(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	unsigned year_length)
{
	cost -= year_length == 2 ? BIRTH_FEWER_YEARS : 0;
	a2a_candidate_add_with_letters(
		lattice, start, length, cost, BIRTH_INITIALS_MOST, A2A_SEGMENT_DATE);
	add_between_initials(lattice, start, length, cost, 1);
	if (a2a_is_beside_letters(lattice, start, length))
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
		if (starts_with(text, *name))
			break;
	*at += *name ? strlen(*name) : 0;
	return *name;
}

/* Tells whether people write a date of birth in this order: as Europeans do, or as numbers of
 * residents and files have it. */
static bool is_birth_form(const char *form)
{
	return strncmp(form, "d2m2y", strlen("d2m2y")) == 0 || strcmp(form, "y2m2d2") == 0 ||
	       strcmp(form, "y4m2d2") == 0;
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
	if (is_birth_form(form))
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
		a2a_candidate_add_with_letters(
			lattice, start, length, cost, TELEPHONE_LETTERS_MOST, A2A_SEGMENT_NUMBER);
	}
}

/* Adds a year, also amid initials. */
static void add_year(struct a2a_lattice *lattice, size_t start)
{
	const unsigned year = value(lattice, start, 4);
	const uint32_t cost = year_cost(year);

	a2a_candidate_add(lattice, start, 4, cost, A2A_SEGMENT_YEAR, NULL);
	if (year >= YEAR_OF_LIFE_FIRST && year <= YEAR_AMID_LAST)
		add_between_initials(lattice, start, 4, cost, BIRTH_INITIALS_MOST);
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
			add_year(lattice, start);
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
	static const char common[] = "!.*@- _#$?+&,=/%()", joining[] = " .-_&+'/";
	int32_t point = lattice->column[start].character.point;
	const char *at;

	if (point < ' ' || point >= 0x7f)
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

/* ---- Between words, and behind them ---------------------------------------------------------- */

/* Tells whether there are so many letters from `start` on. */
static bool has_letters(const struct a2a_lattice *lattice, size_t start, size_t count)
{
	return start + count <= lattice->count &&
	       (size_t)(lattice->column[start + count].before.letters -
			lattice->column[start].before.letters) == count;
}

/* Adds what people write behind a word to satisfy a rule, or to mean something. These are commoner
 * than their parts are together. */
static void add_tail(struct a2a_lattice *lattice, size_t start)
{
	/* the commonest first */
	static const char *const tails[] = {"123!", "@123", "4ever", "1!", "4me", "123.", "12!",
		"@1234", ".123", "2!", "4you", "1234!", "01!", "#1", "123*", "_123", "-123", "1*",
		"1.", "123@", "@12345", "2day", "4u", "!1", "!123", "2u", "4life", "2you", "4all",
		"#123", "*123", "$123", "123#", "123$", "123?", "+123", "&123", "007!", "00!", "@1",
		"@12", "@01", ".1", ".12", "_1", "-1", "!!!", "1234@", "1@", "12345!", "2me", "2b"};
	const size_t left = lattice->count - start;

	if (!start || !is_letter_at(lattice, start - 1) || is_letter_at(lattice, start) ||
		left < 2 || left > TAIL_LONGEST)
		return;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (lattice->text[start] == *tails[i] &&
			strcmp(lattice->text + start, tails[i]) == 0)
			a2a_candidate_add_once(lattice, start, left,
				TAIL + (uint32_t)lrint(log2(1 + (double)i) * A2A_BIT),
				A2A_SEGMENT_ADDITION, NULL);
}

/* Adds the code of a country before a number, as numbers of enterprises and registers have it. */
static void add_country(struct a2a_lattice *lattice)
{
	static const char *const countries[] = {"be", "nl", "fr", "de", "lu"};
	enum { LETTERS = 2 };

	for (size_t i = LETTERS; i < LETTERS + COUNTRY_DIGITS_LEAST; i++)
		if (i >= lattice->count || !is_digit(lattice, i))
			return;
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		if (starts_with(lattice->text, countries[i]))
			a2a_candidate_add_once(lattice, 0, LETTERS,
				COUNTRY + a2a_capitals_cost(lattice, 0, LETTERS), A2A_SEGMENT_WORD,
				NULL);
}

/* Adds a small word that stands before another one: monchat, ikhouvanje. Most are too short for the
 * lexicon. */
static void add_small_word(struct a2a_lattice *lattice, size_t start)
{
	/* Indexed by the first letter. The number of a word is its rank among all of them. */
	static const struct {
		char word[6];
		uint8_t rank;
	} words['z' - 'a' + 1][14] = {
		['a' - 'a'] = {{"a", 49}, {"an", 50}, {"am", 52}, {"and", 58}, {"al", 68},
			{"auf", 81}, {"au", 89}, {"aux", 90}, {"als", 100}, {"at", 109},
			{"as", 115}, {"all", 122}, {"aan", 123}},
		['b' - 'a'] = {{"ben", 53}, {"bin", 54}, {"be", 104}, {"by", 107}, {"bij", 124}},
		['c' - 'a'] = {{"ce", 83}, {"cet", 84}},
		['d' - 'a'] = {{"de", 13}, {"der", 18}, {"die", 19}, {"das", 20}, {"du", 45},
			{"dit", 85}, {"dat", 86}, {"des", 92}, {"dela", 93}, {"do", 103}},
		['e' - 'a'] = {{"een", 17}, {"elle", 22}, {"es", 41}, {"er", 42}, {"ein", 46},
			{"eine", 47}, {"en", 55}, {"et", 56}, {"est", 94}},
		['f' - 'a'] = {{"for", 75}},
		['g' - 'a'] = {{"go", 102}},
		['h' - 'a'] = {{"het", 14}, {"hij", 31}, {"he", 39}, {"hoe", 98}},
		['i' - 'a'] = {{"ik", 6}, {"ich", 12}, {"il", 21}, {"i", 37}, {"is", 51},
			{"in", 60}, {"im", 61}, {"ist", 95}, {"if", 101}, {"it", 108},
			{"ihr", 128}},
		['j' - 'a'] = {{"je", 8}, {"jij", 35}, {"ja", 110}},
		['l' - 'a'] = {{"le", 2}, {"la", 3}, {"les", 9}},
		['m' - 'a'] = {{"my", 1}, {"mon", 4}, {"ma", 5}, {"mijn", 10}, {"mein", 11},
			{"mes", 26}, {"meine", 48}, {"met", 78}, {"mit", 79}, {"me", 105}},
		['n' - 'a'] = {{"nous", 25}, {"no", 65}, {"ne", 66}, {"not", 114}, {"ni", 117},
			{"nee", 118}, {"non", 119}},
		['o' - 'a'] = {{"on", 24}, {"of", 59}, {"op", 80}, {"ou", 112}, {"or", 113},
			{"oui", 120}, {"om", 126}},
		['p' - 'a'] = {{"pas", 67}, {"pour", 76}},
		['s' - 'a'] = {{"sa", 29}, {"son", 30}, {"she", 40}, {"sie", 43}, {"so", 64},
			{"sur", 82}, {"si", 99}},
		['t' - 'a'] = {{"the", 7}, {"tu", 23}, {"ta", 27}, {"ton", 28}, {"te", 62},
			{"to", 74}, {"that", 87}, {"this", 88}},
		['u' - 'a'] = {{"un", 15}, {"une", 16}, {"u", 36}, {"und", 57}, {"us", 106},
			{"um", 116}, {"uit", 125}},
		['v' - 'a'] = {{"van", 69}, {"von", 70}, {"vom", 71}, {"voor", 77}},
		['w' - 'a'] = {{"we", 33}, {"wij", 34}, {"wir", 44}, {"was", 96}, {"wie", 97},
			{"wo", 111}, {"wer", 129}},
		['y' - 'a'] = {{"you", 38}, {"yes", 121}},
		['z' - 'a'] = {{"zij", 32}, {"zo", 63}, {"zu", 72}, {"zum", 73}, {"zur", 127}},
	};

	if (start + 1 + SMALL_WORD_BEFORE > lattice->count)
		return;
	for (size_t i = 0, letter = (size_t)(lattice->text[start] - 'a');
		i < sizeof(words[0]) / sizeof(words[0][0]) && words[letter][i].rank; i++) {
		const char *word = words[letter][i].word;
		size_t length, next;

		if (!starts_with(lattice->text + start, word))
			continue;
		length = strlen(word);
		next = start + length + (lattice->text[start + length] == ' ');
		if (has_letters(lattice, next, SMALL_WORD_BEFORE))
			a2a_candidate_add_once(lattice, start, length,
				SMALL_WORD +
					(uint32_t)lrint(log2(words[letter][i].rank) * A2A_BIT) +
					a2a_capitals_cost(lattice, start, length),
				A2A_SEGMENT_WORD, NULL);
	}
}

/* Adds a word that joins two others: lucetanna, jeanenmarie. */
static void add_joining(struct a2a_lattice *lattice, size_t start)
{
	static const char *const joining[] = {"and", "en", "et", "und", "avec", "met", "mit",
		"with", "de", "du", "la", "le", "of", "van", "ik", "is", "the", "my", "ma", "il",
		"je", "un", "plus", "loves", "love"};

	if (start < JOINED_SHORTEST ||
		!has_letters(lattice, start - JOINED_SHORTEST, 2 * JOINED_SHORTEST + 1))
		return;
	for (size_t i = 0; i < sizeof(joining) / sizeof(joining[0]); i++) {
		size_t length, end;

		if (!starts_with(lattice->text + start, joining[i]))
			continue;
		length = strlen(joining[i]);
		end = start + length;
		if (has_letters(lattice, end, JOINED_SHORTEST))
			a2a_candidate_add_once(
				lattice, start, length, JOINING, A2A_SEGMENT_ADDITION, NULL);
	}
}

/* Returns the fewest letters of the name of a street beside such a word. Random passwords contain
 * the short ones by chance. */
static size_t street_name_least(size_t length)
{
	return length > STREET_SHORT ? STREET_NAME_SHORTEST : STREET_NAME_BESIDE_SHORT;
}

/* Adds what a street is called before its name. */
static void add_street_before(struct a2a_lattice *lattice, size_t start)
{
	static const char *const kinds[] = {"avenue", "boulevard", "chaussee", "chemin", "clos",
		"cours", "impasse", "place", "quai", "route", "rue", "ruelle", "sentier", "square"};
	static const char *const links[] = {
		"des", "dela", "del", "de", "du", "saint", "sainte", ""};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const size_t kind = strlen(kinds[i]);

		if (!starts_with(lattice->text + start, kinds[i]))
			continue;
		for (size_t j = 0; j < sizeof(links) / sizeof(links[0]); j++) {
			const size_t length = kind + strlen(links[j]);

			if (starts_with(lattice->text + start + kind, links[j]) &&
				has_letters(lattice, start + length, street_name_least(length)))
				a2a_candidate_add_once(lattice, start, length,
					STREET + a2a_capitals_cost(lattice, start, length),
					A2A_SEGMENT_ADDITION, NULL);
		}
	}
}

/* Adds what a street is called behind its name. No letter follows. */
static void add_street_behind(struct a2a_lattice *lattice, size_t start)
{
	static const char *const kinds[] = {"allee", "baan", "dreef", "gasse", "gracht", "kaai",
		"kade", "laan", "lei", "markt", "plein", "platz", "sesteenweg", "singel",
		"steenweg", "str", "straat", "strasse", "weg"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t length, least;

		if (!starts_with(lattice->text + start, kinds[i]))
			continue;
		length = strlen(kinds[i]);
		least = street_name_least(length);
		if (start >= least && has_letters(lattice, start - least, least + length) &&
			!is_letter_at(lattice, start + length))
			a2a_candidate_add_once(lattice, start, length,
				STREET + a2a_capitals_cost(lattice, start, length),
				A2A_SEGMENT_ADDITION, NULL);
	}
}

void a2a_add_patterns(struct a2a_lattice *lattice, size_t start)
{
	add_tail(lattice, start);
	if (!is_plain(lattice->column[start].character.point)) {
		add_symbol(lattice, start);
		return;
	}
	if (is_letter_at(lattice, start)) {
		add_small_word(lattice, start);
		add_joining(lattice, start);
		if (!start || !is_letter_at(lattice, start - 1))
			add_street_before(lattice, start);
		else
			add_street_behind(lattice, start);
	}
	if (start == 0)
		add_country(lattice);
	add_sequence(lattice, start);
	add_named_dates(lattice, start);
	if (is_digit(lattice, start))
		add_numbers(lattice, start);
}
