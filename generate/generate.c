/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strong random passwords that pass the policy.
 *
 * A candidate is a row of independent, uniform choices: characters of an alphabet, or units
 * (syllables, words) of a list and a number after one of them. So every candidate of a recipe is
 * equally likely. A candidate that the judge refuses, that begins like a formula or that holds an
 * offensive word is thrown away whole, which keeps the others equally likely. The candidates that
 * the rules of length, composition and first character accept can be counted; that gives the exact
 * bits.
 */
#define _GNU_SOURCE
#include "generate.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "file.h"
#include "jobs.h"
#include "kinds.h"
#include "language.h"
#include "offensive.h"
#include "spreadsheet.h"
#include "text.h"

enum {
	DEFAULT_LENGTH = 12,
	DEFAULT_PRONOUNCEABLE = 16,
	DEFAULT_WORDS = 5,
	MOST_WORDS = 64,
	LONGEST_WORD = 32,
	/* Refusals in a row after which the settings must be at fault. Of the default recipe, fewer
	 * than one password in a thousand is refused. */
	MOST_REFUSALS = 2000,
	/* A candidate of the wrong composition is thrown away before it is judged, which is cheap.
	 * But a recipe is refused if fewer than one in 2^20 of its candidates fits. */
	LEAST_SHARE_BITS = 20,
	/* Of the passwords of 8 characters from an alphabet of this size, 1 in 50 has fewer than 5
	 * different ones. */
	SMALL_ALPHABET = 16,
};

/* ASCII without the characters that look alike in many typefaces: 0 O o, 1 l I. */
static const char plain_characters[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static const char plain_digits[] = "23456789";
/* Every keyboard has them, every mail program sends them, and none begins a formula. */
static const char plain_symbols[] = "!#%*.:?_";
/* The characters that AZERTY, QWERTY and QWERTZ have on the same keys; not a q z w y m. The digits
 * need Shift on AZERTY. */
static const char same_key[] = "bcdefghijklnoprstuvxBCDEFGHIJKLNOPRSTUVX0123456789";
/* A syllable is a consonant that the four languages pronounce much alike, and a vowel. */
static const char consonants[] = "bdfgklmnprstvz";
static const char vowels[] = "aeiou";

struct units {
	char **unit;
	size_t count;
};

struct a2a_generator {
	const struct a2a_policy *policy;
	enum a2a_style style;
	char alphabet[128];   /* A2A_CHARACTERS */
	struct units units;   /* the other styles */
	char digits[16];      /* of the number after a unit */
	bool capitals;        /* each unit begins with a capital, as the policy asks */
	unsigned digit_count; /* of the number after a unit */
	char *separator;
	unsigned length; /* characters, or units */
	unsigned least_bits;
	double bits;
};

/* ---- Randomness ------------------------------------------------------------------------------ */

struct randomness {
	uint32_t word[64];
	size_t left;
};

/* Draws a uniform number from 0 to bound - 1, and rejects numbers that would spoil this. `bound` is
 * at least 1. */
static bool random_below(struct randomness *randomness, uint32_t bound, uint32_t *number)
{
	/* The largest multiple of bound that fits; greater numbers would favour small results. */
	const uint32_t limit = UINT32_MAX - UINT32_MAX % bound;

	do {
		if (randomness->left == 0) {
			ssize_t got;

			/* getrandom(2) returns up to 256 bytes at once. A signal can interrupt it
			 * only before the kernel's pool is ready. */
			do
				got = getrandom(randomness->word, sizeof(randomness->word), 0);
			while (got < 0 && errno == EINTR);
			if (got != (ssize_t)sizeof(randomness->word))
				return false;
			randomness->left = sizeof(randomness->word) / sizeof(randomness->word[0]);
		}
		*number = randomness->word[--randomness->left];
	} while (*number >= limit);
	*number %= bound;
	return true;
}

/* ---- Counting -------------------------------------------------------------------------------- */

/* The number of characters of each kind that the rules of the policy know. Words are counted where
 * a password is made of them; those that characters form by chance are not. */
struct composition {
	int64_t lower, upper, digit, other;
	size_t words;
};

static void count_characters(struct composition *composition, const char *text)
{
	for (; *text; text++) {
		bool lower = *text >= 'a' && *text <= 'z';
		bool upper = *text >= 'A' && *text <= 'Z';
		bool digit = *text >= '0' && *text <= '9';

		composition->lower += lower;
		composition->upper += upper;
		composition->digit += digit;
		composition->other += !lower && !upper && !digit;
	}
}

static bool kinds_pass(const struct a2a_settings *settings, const struct composition *c)
{
	const size_t length = (size_t)(c->lower + c->upper + c->digit + c->other);
	const unsigned has = (c->lower ? A2A_SMALL : 0u) | (c->upper ? A2A_CAPITAL : 0u) |
			     (c->digit ? A2A_DIGIT : 0u) | (c->other ? A2A_OTHER : 0u);
	struct a2a_kinds asked;

	if (!*settings->kinds)
		return true;
	asked = a2a_kinds_asked(settings->kinds, length, c->words);
	return !(asked.each & ~has) && a2a_kinds_count(has) >= asked.least;
}

/* Applies the rules of length and composition to ASCII. The judge decides in the end. */
static bool composition_passes(
	const struct a2a_settings *settings, const struct composition *composition)
{
	const struct composition *c = composition;
	int64_t length = c->lower + c->upper + c->digit + c->other;
	int64_t classes = !!c->lower + !!c->upper + !!c->digit + !!c->other;

	if (length < settings->min_length || length > settings->max_length)
		return false;
	if (a2a_mix_is_asked(settings, (size_t)length) &&
		(c->lower + c->upper < settings->min_letters || c->digit < settings->min_digits))
		return false;
	if (!kinds_pass(settings, composition))
		return false;
	if (!settings->second_opinion)
		return true;
	return classes >= settings->minclass && c->lower >= -settings->lcredit &&
	       c->upper >= -settings->ucredit && c->digit >= -settings->dcredit &&
	       c->other >= -settings->ocredit;
}

/* A sum of numbers whose log2 is given; the sum itself would overflow. */
struct log_sum {
	double greatest, rest; /* the sum is 2^greatest * rest; empty while rest is 0 */
};

static void add_log2(struct log_sum *sum, double bits)
{
	if (sum->rest == 0) {
		*sum = (struct log_sum){.greatest = bits, .rest = 1};
	} else if (bits <= sum->greatest) {
		sum->rest += exp2(bits - sum->greatest);
	} else {
		sum->rest = sum->rest * exp2(sum->greatest - bits) + 1;
		sum->greatest = bits;
	}
}

/* Returns -INFINITY for an empty sum. */
static double log2_of(const struct log_sum *sum)
{
	return sum->rest == 0 ? -INFINITY : sum->greatest + log2(sum->rest);
}

static double log2_factorial(int64_t n)
{
	int sign; /* lgamma() would write it to a global variable */

	return lgamma_r((double)n + 1, &sign) / M_LN2;
}

/* Returns log2 of the number of strings with exactly this composition: the multinomial coefficient
 * times the choices at each place. Returns -INFINITY when the alphabet lacks a kind. */
static double log2_arrangements(const struct composition *c, const struct composition *alphabet)
{
	const int64_t has[] = {c->lower, c->upper, c->digit, c->other};
	const int64_t choices[] = {
		alphabet->lower, alphabet->upper, alphabet->digit, alphabet->other};
	double bits = log2_factorial(has[0] + has[1] + has[2] + has[3]);

	for (size_t i = 0; i < 4; i++) {
		if (has[i] && !choices[i])
			return -INFINITY;
		if (has[i])
			bits += (double)has[i] * log2((double)choices[i]) - log2_factorial(has[i]);
	}
	return bits;
}

/* Returns the share of the arrangements of a composition that do not begin like a formula. By
 * symmetry, every kind of character is as frequent in the first place as in any other. */
static double share_without_formula(
	const struct composition *c, const struct composition *alphabet, const char *characters)
{
	const double length = (double)(c->lower + c->upper + c->digit + c->other);
	size_t starts = 0;

	for (; *characters; characters++)
		starts += a2a_is_formula_start(*characters);
	if (!starts || !c->other)
		return 1;
	return 1 - (double)c->other / length * ((double)starts / (double)alphabet->other);
}

static double count_strings(const struct a2a_generator *generator, int64_t length)
{
	const struct a2a_settings *settings = a2a_policy_settings(generator->policy);
	struct composition alphabet = {0};
	struct log_sum sum = {0};
	struct composition c = {0};

	count_characters(&alphabet, generator->alphabet);
	for (c.lower = 0; c.lower <= (alphabet.lower ? length : 0); c.lower++)
		for (c.upper = 0; c.upper <= (alphabet.upper ? length - c.lower : 0); c.upper++) {
			int64_t rest = length - c.lower - c.upper;

			for (c.digit = 0; c.digit <= (alphabet.digit ? rest : 0); c.digit++) {
				double bits;

				c.other = rest - c.digit;
				if (!composition_passes(settings, &c))
					continue;
				bits = log2_arrangements(&c, &alphabet) +
				       log2(share_without_formula(
					       &c, &alphabet, generator->alphabet));
				if (isfinite(bits))
					add_log2(&sum, bits);
			}
		}
	return log2_of(&sum);
}

/* Returns the words of a password of so many units. */
static size_t words_in(const struct a2a_generator *generator, unsigned units)
{
	return generator->style == A2A_WORDS ? units : 0;
}

/* Returns the part of the composition that does not depend on the units: separators, number. */
static struct composition fixed_part(const struct a2a_generator *generator, unsigned units)
{
	struct composition fixed = {.words = words_in(generator, units)};

	for (unsigned i = 1; i < units; i++)
		count_characters(&fixed, generator->separator);
	fixed.digit += generator->digit_count;
	return fixed;
}

/*
 * Counts rows of so many units by their total number of letters: the distribution of the lengths of
 * units is convolved with itself. The number can stand after any unit of the row. Returns log2, or
 * NAN when memory is out.
 */
static double count_rows(const struct a2a_generator *generator, unsigned units)
{
	const struct a2a_settings *settings = a2a_policy_settings(generator->policy);
	const size_t most = (size_t)units * LONGEST_WORD;
	double *rows = calloc(most + 1, sizeof(double));
	double *next = calloc(most + 1, sizeof(double));
	double length_share[LONGEST_WORD + 1] = {0};
	double share = 0;

	if (!rows || !next) {
		free(rows);
		free(next);
		return NAN;
	}
	for (size_t i = 0; i < generator->units.count; i++)
		length_share[strlen(generator->units.unit[i])] +=
			1 / (double)generator->units.count;
	rows[0] = 1;
	for (unsigned i = 0; i < units; i++) {
		double *swap = rows;

		memset(next, 0, (most + 1) * sizeof(double));
		for (size_t letters = 0; letters <= (size_t)i * LONGEST_WORD; letters++)
			for (size_t word = 1; rows[letters] > 0 && word <= LONGEST_WORD; word++)
				next[letters + word] += rows[letters] * length_share[word];
		rows = next;
		next = swap;
	}
	for (size_t letters = 0; letters <= most; letters++) {
		struct composition c = fixed_part(generator, units);

		c.upper += generator->capitals ? units : 0;
		c.lower += (int64_t)letters - (generator->capitals ? units : 0);
		if (rows[letters] > 0 && composition_passes(settings, &c))
			share += rows[letters];
	}
	free(rows);
	free(next);
	if (share == 0)
		return -INFINITY;
	return log2(share) + units * log2((double)generator->units.count) + log2(units) +
	       generator->digit_count * log2((double)strlen(generator->digits));
}

static double count(const struct a2a_generator *generator, unsigned length)
{
	if (generator->style == A2A_CHARACTERS)
		return count_strings(generator, length);
	return count_rows(generator, length);
}

/* Returns log2 of the number of all candidates, before any is thrown away. */
static double count_all(const struct a2a_generator *generator, unsigned length)
{
	if (generator->style == A2A_CHARACTERS)
		return length * log2((double)strlen(generator->alphabet));
	return length * log2((double)generator->units.count) + log2(length) +
	       generator->digit_count * log2((double)strlen(generator->digits));
}

/* ---- Preparing ------------------------------------------------------------------------------- */

/* Adds the characters of `more` that are not there yet. Returns false when one is not printable
 * ASCII. */
static bool add_characters(char *alphabet, size_t room, const char *more)
{
	for (; *more; more++) {
		size_t length = strlen(alphabet);

		if (*more <= ' ' || *more > '~')
			return false;
		if (!strchr(alphabet, *more) && length + 1 < room) {
			alphabet[length] = *more;
			alphabet[length + 1] = '\0';
		}
	}
	return true;
}

/* Keeps the characters of the alphabet that are in `these`, or, without `keep`, the others. */
static void filter(char *alphabet, const char *these, bool keep)
{
	size_t length = 0;

	for (size_t i = 0; alphabet[i]; i++)
		if ((strchr(these, alphabet[i]) != NULL) == keep)
			alphabet[length++] = alphabet[i];
	alphabet[length] = '\0';
}

/* Tells whether letters and digits of the usual length cannot withstand the guesses of the policy,
 * even if they are all different. */
static bool guesses_ask_symbols(const struct a2a_settings *settings)
{
	const double length = fmin(
		fmax(DEFAULT_LENGTH, (double)settings->min_length), (double)settings->max_length);
	const double letters_and_digits = 62;

	return settings->min_guesses &&
	       length * log2(letters_and_digits) < a2a_guesses_needed(settings, (size_t)length);
}

/* Returns the kinds of characters that the policy asks of a short password. */
static unsigned kinds_asked(const struct a2a_settings *settings)
{
	const size_t length = (size_t)fmax(DEFAULT_LENGTH, (double)settings->min_length);
	const struct a2a_kinds asked = a2a_kinds_asked(settings->kinds, length, 0);

	return asked.least == 4 ? A2A_ALL_KINDS : asked.least == 3 ? A2A_CAPITAL : asked.each;
}

static bool policy_asks_symbols(const struct a2a_settings *settings)
{
	return kinds_asked(settings) & A2A_OTHER ||
	       (settings->second_opinion && (settings->ocredit < 0 || settings->minclass == 4)) ||
	       guesses_ask_symbols(settings);
}

static bool policy_asks_capitals(const struct a2a_settings *settings)
{
	return kinds_asked(settings) & A2A_CAPITAL ||
	       (settings->second_opinion && (settings->ucredit < 0 || settings->minclass >= 3));
}

static bool prepare_characters(
	struct a2a_generator *generator, const struct a2a_recipe *recipe, const struct a2a_log *log)
{
	const char *characters = recipe->characters ? recipe->characters : plain_characters;
	const char *symbols = recipe->symbols;
	const size_t room = sizeof(generator->alphabet);

	/* When the policy asks for symbols, the recipe need not ask too. */
	if (!symbols && !recipe->characters &&
		policy_asks_symbols(a2a_policy_settings(generator->policy)))
		symbols = "";
	if (symbols && !*symbols)
		symbols = plain_symbols;
	if (!add_characters(generator->alphabet, room, characters) ||
		(symbols && !add_characters(generator->alphabet, room, symbols))) {
		a2a_report(log, A2A_FAULT, NULL,
			"a set may have only printable ASCII characters, which everybody can "
			"type");
		return false;
	}
	if (recipe->keyboard_safe)
		filter(generator->alphabet, same_key, true);
	if (recipe->avoid)
		filter(generator->alphabet, recipe->avoid, false);
	if (strlen(generator->alphabet) < 2) {
		a2a_report(log, A2A_FAULT, NULL,
			"fewer than two characters are left: characters to avoid are removed, and "
			"no symbol has the same key on all keyboards");
		return false;
	}
	return true;
}

/* Tells whether a unit may be used: it is not offensive and holds no letter to avoid. A site's own
 * list of words may hold words that ours does not. */
static bool unit_allowed(const struct a2a_recipe *recipe, const char *unit)
{
	return !a2a_is_offensive(unit, strlen(unit), A2A_WHOLE_WORDS) &&
	       (!recipe->avoid || !strpbrk(unit, recipe->avoid)) &&
	       (!recipe->keyboard_safe || unit[strspn(unit, same_key)] == '\0');
}

static bool add_unit(struct a2a_generator *generator, const struct a2a_recipe *recipe,
	const char *unit, size_t length)
{
	struct units *units = &generator->units;
	char *copy = strndup(unit, length);

	if (!copy)
		return false;
	if (!unit_allowed(recipe, copy)) {
		free(copy);
		return true;
	}
	if ((units->count & (units->count - 1)) == 0) {
		size_t room = units->count ? 2 * units->count : 1;
		char **larger = reallocarray(units->unit, room, sizeof(*larger));

		if (!larger) {
			free(copy);
			return false;
		}
		units->unit = larger;
	}
	if (generator->capitals)
		copy[0] = (char)(copy[0] - 'a' + 'A');
	units->unit[units->count++] = copy;
	return true;
}

static bool prepare_syllables(
	struct a2a_generator *generator, const struct a2a_recipe *recipe, const struct a2a_log *log)
{
	for (const char *consonant = consonants; *consonant; consonant++)
		for (const char *vowel = vowels; *vowel; vowel++) {
			const char syllable[] = {*consonant, *vowel, '\0'};

			if (!add_unit(generator, recipe, syllable, 2)) {
				a2a_report(log, A2A_FAULT, NULL, "out of memory");
				return false;
			}
		}
	return true;
}

/* One word a line, lower case a to z; anything else means that it is another file. */
static bool read_words(struct a2a_generator *generator, const struct a2a_recipe *recipe,
	const struct a2a_file *file, const char *path, const struct a2a_log *log)
{
	size_t at = 0;

	for (unsigned line = 1; at < file->size; line++) {
		size_t length = 0;

		while (at + length < file->size && file->bytes[at + length] >= 'a' &&
			file->bytes[at + length] <= 'z')
			length++;
		if (length == 0 || length > LONGEST_WORD || at + length >= file->size ||
			file->bytes[at + length] != '\n') {
			a2a_report(log, A2A_FAULT, path,
				"line %u is not a word of up to %d letters a to z: the word list "
				"is damaged, install it again",
				line, LONGEST_WORD);
			return false;
		}
		if (!add_unit(generator, recipe, file->bytes + at, length)) {
			a2a_report(log, A2A_FAULT, path, "out of memory");
			return false;
		}
		at += length + 1;
	}
	return true;
}

static bool prepare_words(
	struct a2a_generator *generator, const struct a2a_recipe *recipe, const struct a2a_log *log)
{
	struct a2a_file file;
	char *path = NULL;
	bool ok = false;
	int error;

	if (!a2a_language_is_tag(recipe->language)) {
		a2a_report(log, A2A_FAULT, NULL, "words need a language: fr, nl, de or en");
		return false;
	}
	if (asprintf(&path, "%s/%s.txt", a2a_policy_settings(generator->policy)->word_list_dir,
		    recipe->language) < 0) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	error = a2a_file_read(&file, path, A2A_MOST_TEXT);
	if (error) {
		a2a_report(log, A2A_FAULT, path, "the word list %s", a2a_file_reason(error));
		goto out;
	}
	ok = read_words(generator, recipe, &file, path, log);
	a2a_file_close(&file);
out:
	free(path);
	return ok;
}

/* Tells whether `kinds` asks for a symbol however long the password is: syllables then need one,
 * too. */
static bool always_asks_symbols(const struct a2a_settings *settings)
{
	const struct a2a_kinds asked =
		a2a_kinds_asked(settings->kinds, (size_t)settings->max_length, 0);

	return asked.each & A2A_OTHER || asked.least == 4;
}

/* The separator keeps words apart and so the count right: it must hold no letter and no digit. */
static bool prepare_units(
	struct a2a_generator *generator, const struct a2a_recipe *recipe, const struct a2a_log *log)
{
	const struct a2a_settings *settings = a2a_policy_settings(generator->policy);
	const bool words = generator->style == A2A_WORDS;
	/* No symbol is on one key everywhere; the space bar is. */
	const char *usual = recipe->keyboard_safe ? " " : "-";
	const char *wanted = recipe->separator ? recipe->separator : usual;
	const char *separator = words || always_asks_symbols(settings) ? wanted : "";
	int64_t asked = settings->second_opinion ? -settings->dcredit : 0;

	if (words && !*separator) {
		a2a_report(log, A2A_FAULT, NULL,
			"words need a separator: without one, two rows of words can be the same");
		return false;
	}
	for (const char *c = separator; *c; c++)
		if (*c < ' ' || *c > '~' || a2a_is_letter(*c) || a2a_is_digit(*c)) {
			a2a_report(log, A2A_FAULT, NULL,
				"the separator must be of ASCII characters that are neither "
				"letters "
				"nor digits");
			return false;
		}
	add_characters(generator->digits, sizeof(generator->digits), plain_digits);
	if (recipe->avoid)
		filter(generator->digits, recipe->avoid, false);
	if (!*generator->digits || (recipe->avoid && strpbrk(separator, recipe->avoid))) {
		a2a_report(log, A2A_FAULT, NULL,
			"words and syllables need their separator and one of the digits %s, which "
			"must not be avoided",
			plain_digits);
		return false;
	}
	generator->separator = strdup(separator);
	if (!generator->separator) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	generator->digit_count = words ? 1 : 2;
	asked = asked > settings->min_digits ? asked : settings->min_digits;
	if (asked > (int64_t)generator->digit_count)
		generator->digit_count = (unsigned)asked;
	generator->capitals = policy_asks_capitals(settings);
	if (!(words ? prepare_words : prepare_syllables)(generator, recipe, log))
		return false;
	if (generator->units.count < 2) {
		a2a_report(log, A2A_FAULT, NULL, "fewer than two words or syllables are left");
		return false;
	}
	return true;
}

/* Characters of a pronounceable password -> its syllables of two. */
static unsigned syllables(const struct a2a_generator *generator, unsigned characters)
{
	return characters > generator->digit_count ? (characters - generator->digit_count + 1) / 2
						   : 1;
}

/* Tells whether passwords of this length can be drawn: whether enough of them have the right
 * composition. */
static bool length_fits(const struct a2a_generator *generator, unsigned length)
{
	/* NAN when memory is out. */
	return count_all(generator, length) - count(generator, length) <= LEAST_SHARE_BITS;
}

/*
 * Returns the length nearest to the usual one, at most `most`, that can be drawn; the longer one of
 * two. Returns the usual one if there is none. Counting long passwords takes time, and of lengths
 * far from the usual one it does not matter which is taken.
 */
static unsigned nearest_length(const struct a2a_generator *generator, unsigned usual, unsigned most)
{
	enum { CLOSE = 20 };

	for (unsigned away = 0; away < usual || usual + away <= most;
		away += away < CLOSE ? 1 : away / 4) {
		if (usual + away <= most && length_fits(generator, usual + away))
			return usual + away;
		if (away && away < usual && length_fits(generator, usual - away))
			return usual - away;
	}
	return usual;
}

/* Characters that are usual for a kind of passwords -> as many as the policy allows. */
static unsigned allowed(const struct a2a_generator *generator, unsigned usual)
{
	const struct a2a_settings *settings = a2a_policy_settings(generator->policy);
	const unsigned least = (unsigned)settings->min_length;
	const unsigned most = (unsigned)settings->max_length;

	return usual < least ? least : usual > most ? most : usual;
}

/* Returns the shortest length from `length` on that has the bits, or `most`. */
static unsigned length_with_bits(
	const struct a2a_generator *generator, unsigned length, unsigned most)
{
	const unsigned bits = generator->least_bits;

	/* Counting a long password takes time, so lengths that cannot suffice are skipped. */
	while (length < most &&
		(count_all(generator, length) < bits || !(count(generator, length) >= bits)))
		length++;
	return length;
}

/* Returns the length that the recipe asks for, or the usual one. */
static unsigned usual_length(
	const struct a2a_generator *generator, const struct a2a_recipe *recipe, unsigned most)
{
	switch (generator->style) {
	case A2A_CHARACTERS:
		return recipe->length ? recipe->length
				      : nearest_length(generator,
						allowed(generator, DEFAULT_LENGTH), most);
	case A2A_PRONOUNCEABLE:
		return recipe->length ? syllables(generator, recipe->length)
				      : nearest_length(generator,
						syllables(generator,
							allowed(generator, DEFAULT_PRONOUNCEABLE)),
						most);
	case A2A_WORDS:
		break;
	}
	return recipe->length ? recipe->length : nearest_length(generator, DEFAULT_WORDS, most);
}

static unsigned choose_length(
	const struct a2a_generator *generator, const struct a2a_recipe *recipe)
{
	unsigned most = generator->style == A2A_CHARACTERS
				? (unsigned)a2a_policy_settings(generator->policy)->max_length
				: MOST_WORDS;
	unsigned length = recipe->bits ? 1 : usual_length(generator, recipe, most);

	return generator->least_bits ? length_with_bits(generator, length, most) : length;
}

/* Tells whether a password can be drawn; reports why not. */
static bool can_draw(const struct a2a_generator *generator, const struct a2a_log *log)
{
	double all = count_all(generator, generator->length);

	if (!isfinite(generator->bits)) {
		a2a_report(log, A2A_FAULT, NULL,
			"no password of this kind can satisfy the policy: look at its length, and "
			"at min_length, max_length, min_letters, min_digits, kinds, minclass and "
			"the credits (all2all-pwcheck --show-config)");
		return false;
	}
	if (generator->bits < generator->least_bits) {
		a2a_report(log, A2A_FAULT, NULL,
			"max_length does not leave room for %u bits: at most %.1f are possible",
			generator->least_bits, generator->bits);
		return false;
	}
	if (all - generator->bits > LEAST_SHARE_BITS) {
		a2a_report(log, A2A_FAULT, NULL,
			"only one in 2^%.0f passwords of this kind satisfies the policy's rules of "
			"composition: ask for another length or other characters",
			all - generator->bits);
		return false;
	}
	return true;
}

struct a2a_generator *a2a_generator_open(
	const struct a2a_policy *policy, const struct a2a_recipe *recipe, const struct a2a_log *log)
{
	struct a2a_generator *generator = calloc(1, sizeof(*generator));

	if (!generator) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return NULL;
	}
	generator->policy = policy;
	generator->style = recipe->style;
	if (!(recipe->style == A2A_CHARACTERS ? prepare_characters : prepare_units)(
		    generator, recipe, log))
		goto fail;
	if (recipe->length > A2A_TEXT_BYTES ||
		(recipe->style != A2A_CHARACTERS && recipe->length > 2 * MOST_WORDS)) {
		a2a_report(log, A2A_FAULT, NULL, "a length of %u is too long", recipe->length);
		goto fail;
	}
	generator->least_bits = recipe->bits;
	if (!recipe->bits && !recipe->length)
		generator->least_bits = (unsigned)a2a_policy_settings(policy)->generated_bits;
	generator->length = choose_length(generator, recipe);
	generator->bits = count(generator, generator->length);
	if (!can_draw(generator, log))
		goto fail;
	return generator;
fail:
	a2a_generator_close(generator);
	return NULL;
}

void a2a_generator_close(struct a2a_generator *generator)
{
	if (!generator)
		return;
	for (size_t i = 0; i < generator->units.count; i++)
		free(generator->units.unit[i]);
	free(generator->units.unit);
	free(generator->separator);
	free(generator);
}

double a2a_generator_bits(const struct a2a_generator *generator)
{
	return generator->bits;
}

bool a2a_generator_is_exact(const struct a2a_generator *generator)
{
	const struct a2a_settings *settings = a2a_policy_settings(generator->policy);

	if (generator->style == A2A_CHARACTERS && strlen(generator->alphabet) < SMALL_ALPHABET &&
		(settings->second_opinion || settings->min_guesses))
		return false;
	return !settings->second_opinion ||
	       (!settings->maxrepeat && !settings->maxsequence && !settings->maxclassrepeat &&
		       !*settings->badwords);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static bool append_one_of(
	struct randomness *randomness, const char *characters, struct secret *password)
{
	uint32_t which;

	return random_below(randomness, (uint32_t)strlen(characters), &which) &&
	       a2a_secret_append(password, &characters[which], 1);
}

static bool draw_characters(const struct a2a_generator *generator, struct randomness *randomness,
	struct secret *password)
{
	for (unsigned i = 0; i < generator->length; i++)
		if (!append_one_of(randomness, generator->alphabet, password))
			return false;
	return true;
}

static bool draw_units(const struct a2a_generator *generator, struct randomness *randomness,
	struct secret *password)
{
	uint32_t number_at;

	if (!random_below(randomness, generator->length, &number_at))
		return false;
	for (unsigned i = 0; i < generator->length; i++) {
		const char *unit;
		uint32_t which;

		if (!random_below(randomness, (uint32_t)generator->units.count, &which))
			return false;
		unit = generator->units.unit[which];
		if (i && !a2a_secret_append(
				 password, generator->separator, strlen(generator->separator)))
			return false;
		if (!a2a_secret_append(password, unit, strlen(unit)))
			return false;
		for (unsigned j = 0; i == number_at && j < generator->digit_count; j++)
			if (!append_one_of(randomness, generator->digits, password))
				return false;
	}
	return true;
}

/* Draws one candidate, good or not. */
static bool draw(const struct a2a_generator *generator, struct randomness *randomness,
	struct secret *password)
{
	/* There is room for the longest password, so that the secret never has to move. */
	const size_t capacity =
		generator->style == A2A_CHARACTERS
			? generator->length
			: generator->length * (LONGEST_WORD + strlen(generator->separator)) +
				  generator->digit_count;

	if (!a2a_secret_reserve(password, capacity))
		return false;
	if (generator->style == A2A_CHARACTERS)
		return draw_characters(generator, randomness, password);
	return draw_units(generator, randomness, password);
}

/* Tells whether a candidate is one of those that count() has counted. */
static bool is_counted(const struct a2a_generator *generator, const struct secret *password)
{
	struct composition composition = {.words = words_in(generator, generator->length)};

	count_characters(&composition, password->bytes);
	/* A spreadsheet would run a formula, or show "#NAME?" instead of the password. */
	return !a2a_is_formula_start(*password->bytes) &&
	       composition_passes(a2a_policy_settings(generator->policy), &composition);
}

/* What became of a candidate. */
enum fate { TAKEN, DROPPED, REFUSED, NOT_JUDGED };

/* Decides about a candidate; the policy is held. `*by` names what refused it. */
static enum fate decide(const struct a2a_generator *generator, const struct a2a_person *person,
	const struct secret *password, const char **by, const struct a2a_log *log)
{
	struct a2a_verdict verdict;

	if (!is_counted(generator, password))
		return DROPPED;
	/* Each word was checked when its list was read, and the separator keeps words apart. */
	if (generator->style != A2A_WORDS &&
		a2a_is_offensive(password->bytes, password->length, A2A_PART_OF_CHARACTERS)) {
		*by = "the list of offensive words";
		return REFUSED;
	}
	if (!a2a_judge_held(generator->policy, password, person, &verdict, log))
		return NOT_JUDGED;
	if (verdict.accepted)
		return TAKEN;
	*by = a2a_rule_name(verdict.finding[0].rule);
	return REFUSED;
}

/* The state of drawing several passwords. */
struct drawing {
	struct randomness randomness;
	bool is_held;        /* the policy */
	unsigned candidates; /* since it is held */
};

/* Candidates between two pauses: they take some milliseconds. */
enum { MOST_HELD = 500 };

/*
 * Holds the policy for the next candidate. Lets it go after some of them, since somebody may want
 * to write to the lexicon: of some recipes a million candidates are drawn before one is taken, and
 * the kernel waits for no more than 45 seconds. Returns false, having reported, when it is not
 * held.
 */
static bool hold(
	const struct a2a_generator *generator, struct drawing *drawing, const struct a2a_log *log)
{
	if (drawing->is_held && drawing->candidates < MOST_HELD) {
		drawing->candidates++;
		return true;
	}
	if (drawing->is_held)
		a2a_policy_rest(generator->policy);
	drawing->is_held = a2a_policy_hold(generator->policy, log);
	drawing->candidates = 1;
	return drawing->is_held;
}

/* Draws until a candidate is taken. */
static bool generate_one(const struct a2a_generator *generator, struct drawing *drawing,
	const struct a2a_person *person, struct secret *password, const struct a2a_log *log)
{
	const char *by = NULL;

	for (unsigned refusals = 0; refusals < MOST_REFUSALS;) {
		a2a_secret_wipe(password);
		if (!hold(generator, drawing, log))
			return false;
		if (!draw(generator, &drawing->randomness, password))
			return a2a_fault(
				log, NULL, "no random numbers (getrandom), or out of memory");
		switch (decide(generator, person, password, &by, log)) {
		case TAKEN:
			return true;
		case DROPPED:
			break;
		case REFUSED:
			refusals++;
			break;
		case NOT_JUDGED:
			return false;
		}
	}
	return a2a_fault(log, NULL,
		"%d passwords of this kind in a row were refused, the last by %s: ask for longer "
		"ones, or look at the policy",
		MOST_REFUSALS, by);
}

static bool generate_some(const struct a2a_generator *generator, const struct a2a_person *person,
	struct secret *passwords, size_t count, const struct a2a_log *log)
{
	struct drawing drawing = {.is_held = false};
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = generate_one(generator, &drawing, person, &passwords[i], log);
	if (drawing.is_held)
		a2a_policy_rest(generator->policy);
	explicit_bzero(&drawing, sizeof(drawing));
	a2a_secret_clear_registers();
	return ok;
}

bool a2a_generate(const struct a2a_generator *generator, const struct a2a_person *person,
	struct secret *password, const struct a2a_log *log)
{
	bool ok;

	*password = (struct secret){0};
	ok = generate_some(generator, person, password, 1, log);
	if (!ok)
		a2a_secret_wipe(password);
	return ok;
}

/* ---- Many ------------------------------------------------------------------------------------ */

/* The data that the threads of a2a_generate_many() share. */
struct many {
	const struct a2a_generator *generator;
	struct secret *passwords;
	size_t count;
	atomic_size_t next; /* the first password that no thread has taken yet */
	atomic_bool failed;
	const struct a2a_log *log;
	pthread_mutex_t lock; /* of what follows */
	bool has_reported;
	pthread_t reporter; /* the thread that reported first: only that one reports */
};

static void report_first(void *context, enum a2a_level level, const char *text)
{
	struct many *many = context;

	pthread_mutex_lock(&many->lock);
	if (!many->has_reported) {
		many->has_reported = true;
		many->reporter = pthread_self();
	}
	if (pthread_equal(many->reporter, pthread_self()))
		a2a_report(many->log, level, NULL, "%s", text);
	pthread_mutex_unlock(&many->lock);
}

static void *generate_share(void *context)
{
	enum { SHARE = 500 }; /* passwords */
	struct many *many = context;
	const struct a2a_log log = {report_first, many};
	size_t at;

	/* When one thread fails, the others stop after the share that they are working on. */
	while (!many->failed && (at = atomic_fetch_add(&many->next, SHARE)) < many->count) {
		const size_t left = many->count - at;

		if (!generate_some(many->generator, NULL, many->passwords + at,
			    left < SHARE ? left : SHARE, &log))
			many->failed = true;
	}
	return NULL;
}

bool a2a_generate_many(const struct a2a_generator *generator, struct secret *passwords,
	size_t count, unsigned jobs, const struct a2a_log *log)
{
	struct many many = {
		.generator = generator, .passwords = passwords, .count = count, .log = log};

	pthread_mutex_init(&many.lock, NULL);
	a2a_run_jobs(jobs, count, generate_share, &many);
	pthread_mutex_destroy(&many.lock);
	return !many.failed;
}
