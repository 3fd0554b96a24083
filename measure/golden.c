/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Measures guess numbers: of made passwords over a small lexicon of its own, so that a test notices
 * each changed constant of guess/costs.h; or of passwords from standard input.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile.h"
#include "guess.h"
#include "language.h"
#include "policy.h"

static const char usage[] =
	"usage: golden --golden WORDS LEXICON             print the golden values\n"
	"       golden --check GOLDEN WORDS LEXICON       compare with those of a file\n"
	"       golden --print WORDS                      the passwords: CLASS TAB PASSWORD\n"
	"       golden --bits LEXICON <PASSWORDS          let in (1 or 0) TAB bits, for each\n"
	"\n"
	"WORDS is tests/guess/golden-words.tsv, LEXICON the built one. The classes are made from "
	"WORDS\n"
	"with a fixed seed. Golden values of each class: how many passwords; over a lexicon of "
	"WORDS\n"
	"alone the sum of their bits in steps of 1/256, the sum of place, length and kind of the "
	"words\n"
	"reported as dictionary-word, and how many are let in; how many are let in over LEXICON. "
	"All\n"
	"must be equal, but the last may differ by a tenth, or by 10 passwords, because new "
	"versions of\n"
	"Debian's lists change the ranks of words.\n"
	"\n"
	"Regenerate, after a cost was changed on purpose:\n"
	"  build/measure/golden --golden tests/guess/golden-words.tsv \\\n"
	"      build/dict/words/lexicon >tests/guess/golden.tsv\n"
	"\n"
	"Exit status: 0 done, or the same; 1 different; 2 a fault.\n";

enum { DIFFERENT = 1, FAULT = 2 };
enum { LONGEST = 600, MOST_WORDS = 1024, EACH = 400, EACH_RANDOM = 4000 };

/* ---- Words ----------------------------------------------------------------------------------- */

struct word {
	char *text;
	double bits;
	enum a2a_kind kind;
	uint8_t languages;
};

struct words {
	struct word word[MOST_WORDS];
	size_t count;
};

static enum a2a_kind kind_of(const char *name)
{
	static const char *const names[A2A_KINDS] = {"password", "word", "lexicon", "name", "own"};

	for (size_t kind = 0; kind < A2A_KINDS; kind++)
		if (strcmp(name, names[kind]) == 0)
			return (enum a2a_kind)kind;
	errx(FAULT, "%s: no kind of word", name);
}

static void read_words(struct words *words, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];

	if (!file)
		err(FAULT, "%s", path);
	while (fgets(line, sizeof(line), file)) {
		struct word *word = &words->word[words->count];
		char kind[16], tag[16], text[128];

		if (line[0] == '#')
			continue;
		if (words->count == MOST_WORDS ||
			sscanf(line, "%lf %15s %15s %127s", &word->bits, kind, tag, text) != 4)
			errx(FAULT, "%s: %s", path, line);
		word->kind = kind_of(kind);
		word->languages = tag[0] == '-' ? 0 : a2a_language_bit(a2a_language_find(tag));
		word->text = strdup(text);
		if (!word->text)
			err(FAULT, NULL);
		words->count++;
	}
	fclose(file);
	if (!words->count)
		errx(FAULT, "%s: has no words", path);
}

/* ---- Lexicons -------------------------------------------------------------------------------- */

static void open_lexicon(struct a2a_lexicon *lexicon, const char *path)
{
	FILE *file = fopen(path, "re");
	struct stat status;
	unsigned char *bytes;
	const char *wrong;

	if (!file || fstat(fileno(file), &status))
		err(FAULT, "%s", path);
	bytes = malloc((size_t)status.st_size);
	if (!bytes || fread(bytes, 1, (size_t)status.st_size, file) != (size_t)status.st_size)
		err(FAULT, "%s", path);
	fclose(file);
	wrong = a2a_lexicon_open(lexicon, bytes, (size_t)status.st_size);
	if (wrong)
		errx(FAULT, "%s: %s", path, wrong);
}

/* A lexicon of the words alone, whose model was trained with them. */
static void compile_words(struct a2a_lexicon *lexicon, const struct words *words)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);
	char folder[] = "/tmp/all2all-golden-XXXXXX", *path = NULL;

	if (!mkdtemp(folder) || asprintf(&path, "%s/lexicon", folder) < 0)
		err(FAULT, "%s", folder);
	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->word[i];

		if (!a2a_compiler_add(
			    compiler, word->text, word->bits, word->kind, word->languages))
			errx(FAULT, "%s: no word for a lexicon", word->text);
		a2a_compiler_train(compiler, word->text, 1);
	}
	if (!a2a_compiler_write(compiler, path))
		err(FAULT, "%s", path);
	a2a_compiler_free(compiler);
	open_lexicon(lexicon, path);
	unlink(path);
	rmdir(folder);
	free(path);
}

/* ---- Chance ---------------------------------------------------------------------------------- */

/* SplitMix64, by Sebastiano Vigna: the same numbers with every C library. */
static uint64_t draw_bits(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned draw(uint64_t *seed, unsigned bound)
{
	return (unsigned)(draw_bits(seed) % bound);
}

/* ---- Passwords that are being made ----------------------------------------------------------- */

struct made {
	const struct words *words;
	uint64_t seed;
	char text[LONGEST];
	size_t person; /* characters at the beginning that are a word of the person */
};

__attribute__((format(printf, 2, 3))) static void add(struct made *made, const char *format, ...)
{
	const size_t length = strlen(made->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(made->text + length, sizeof(made->text) - length, format, arguments);
	va_end(arguments);
}

static void add_from(struct made *made, const char *alphabet, unsigned count)
{
	while (count--)
		add(made, "%c", alphabet[draw(&made->seed, (unsigned)strlen(alphabet))]);
}

static const char digits[] = "0123456789", letters[] = "abcdefghijklmnopqrstuvwxyz",
		  plain[] = "abcdefghijklmnopqrstuvwxyz0123456789",
		  mixed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
		  marks[] = "!!!.?*-_@#$&+,=/%()~^;|";

static void add_digits(struct made *made, unsigned most)
{
	add_from(made, digits, 1 + draw(&made->seed, most));
}

/* A word of some kinds, as bits, and of some length in bytes. */
static const char *some_word(struct made *made, unsigned kinds, size_t shortest, size_t longest)
{
	for (;;) {
		const struct word *word =
			&made->words->word[draw(&made->seed, (unsigned)made->words->count)];
		const size_t length = strlen(word->text);

		if (kinds >> word->kind & 1 && length >= shortest && length <= longest)
			return word->text;
	}
}

enum {
	WORDS = 1 << A2A_WORD | 1 << A2A_LEXICON,
	NAMES = 1 << A2A_NAME | 1 << A2A_OWN,
	PASSWORDS = 1 << A2A_PASSWORD,
	ANY = WORDS | NAMES | PASSWORDS,
};

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* As it is, with a capital, or in capitals: most as it is. */
static void add_cased(struct made *made, const char *word)
{
	const size_t start = strlen(made->text);
	const unsigned style = draw(&made->seed, 10);

	add(made, "%s", word);
	for (char *c = made->text + start; *c; c++)
		if (is_small(*c) && (style == 0 || (style < 4 && c == made->text + start)))
			*c = (char)(*c - 'a' + 'A');
}

static void add_backwards(struct made *made, const char *word)
{
	for (size_t i = strlen(word); i; i--)
		add(made, "%c", word[i - 1]);
}

static void add_leet(struct made *made, const char *word, unsigned of_four)
{
	static const char from[] = "abegilostzc", to[] = "4836110572(";

	for (; *word; word++) {
		const char *at = strchr(from, *word);

		add(made, "%c", at && draw(&made->seed, 4) < of_four ? to[at - from] : *word);
	}
}

static bool is_ascii(const char *word)
{
	for (; *word; word++)
		if ((unsigned char)*word >= 0x80)
			return false;
	return true;
}

static const char *ascii_word(struct made *made, unsigned kinds, size_t shortest, size_t longest)
{
	const char *word;

	do
		word = some_word(made, kinds, shortest, longest);
	while (!is_ascii(word));
	return word;
}

static void add_year(struct made *made)
{
	add(made, "%u", 1895 + draw(&made->seed, 150));
}

/* ---- Classes --------------------------------------------------------------------------------- */

static void word_digits(struct made *made)
{
	add_cased(made, some_word(made, ANY, 5, 20));
	add_digits(made, 3);
}

static void digits_word(struct made *made)
{
	add_digits(made, 3);
	add_cased(made, some_word(made, ANY, 5, 20));
}

static void word_year_mark(struct made *made)
{
	add_cased(made, some_word(made, ANY, 3, 20));
	add_year(made);
	add(made, "!");
}

static void word_mark_year(struct made *made)
{
	add_cased(made, some_word(made, ANY, 3, 20));
	add_from(made, marks, 1);
	add_year(made);
}

static void mark_word_marks(struct made *made)
{
	add_from(made, marks, draw(&made->seed, 3));
	add_cased(made, some_word(made, ANY, 3, 20));
	add_digits(made, 2);
	add_from(made, marks, draw(&made->seed, 4));
}

static void word_number(struct made *made)
{
	add_cased(made, some_word(made, ANY, 3, 20));
	add_from(made, digits, 4 + draw(&made->seed, 24));
}

static void word_capitals(struct made *made)
{
	const char *word = ascii_word(made, ANY, 4, 12);

	for (; *word; word++)
		add(made, "%c",
			is_small(*word) && draw(&made->seed, 2) ? *word - 'a' + 'A' : *word);
	add_digits(made, 2);
}

static void leet_word(struct made *made)
{
	add_leet(made, ascii_word(made, ANY, 3, 12), 4);
	add_digits(made, 2);
}

static void some_leet_word(struct made *made)
{
	add_leet(made, ascii_word(made, ANY, 4, 12), 2);
	add_digits(made, 2);
}

/* A word that goes on in leet to a longer one: tiger and tiger50, tiger505. */
static void leet_behind_word(struct made *made)
{
	static const char *const words[] = {"tiger", "water", "zomer"};

	add(made, "%s50", words[draw(&made->seed, 3)]);
	add(made, "%s", draw(&made->seed, 2) ? "5" : "");
	add_from(made, marks, 1 + draw(&made->seed, 2));
}

static void backward_word(struct made *made)
{
	add_backwards(made, ascii_word(made, ANY, 3, 12));
	add_digits(made, 3);
}

static void backward_leet_word(struct made *made)
{
	/* Drawn apart, because compilers evaluate arguments in different orders. */
	const char *word = ascii_word(made, ANY, 5, 12);
	char leet[LONGEST];

	add_leet(made, word, 1 + draw(&made->seed, 3));
	memcpy(leet, made->text, sizeof(leet));
	made->text[0] = '\0';
	add_backwards(made, leet);
	add_digits(made, 2);
}

static void add_inserted(struct made *made, const char *word, unsigned most)
{
	for (unsigned i = 0; word[i]; i++) {
		if (i && most && !draw(&made->seed, 3)) {
			add_from(made, "-_.!17", 1);
			most--;
		}
		add(made, "%c", word[i]);
	}
}

static void inserted_word(struct made *made)
{
	add_inserted(made, ascii_word(made, ANY, 4, 12), 3);
	add_digits(made, 2);
}

static void backward_inserted_word(struct made *made)
{
	char inserted[LONGEST];

	add_inserted(made, ascii_word(made, ANY, 4, 12), 1);
	memcpy(inserted, made->text, sizeof(inserted));
	made->text[0] = '\0';
	add_backwards(made, inserted);
	add_digits(made, 2);
}

static void stretched_word(struct made *made)
{
	const char *word = ascii_word(made, ANY, 3, 10);

	add_cased(made, word);
	for (unsigned i = 1 + draw(&made->seed, 5); i; i--)
		add(made, "%c", word[strlen(word) - 1]);
	add_digits(made, 2);
}

static void word_ending(struct made *made)
{
	static const char *const endings[] = {"ke", "ske", "en", "ing", "ment", "heid", "er"};

	add_cased(made, some_word(made, ANY, 4, 12));
	add(made, "%s", endings[draw(&made->seed, 7)]);
	add_digits(made, 2);
}

static void name_initial(struct made *made)
{
	add_cased(made, some_word(made, NAMES | PASSWORDS, 3, 12));
	add_from(made, letters, 1);
	add_digits(made, 3);
}

static void letters_around_word(struct made *made)
{
	const unsigned most = 1 + draw(&made->seed, 3), before = draw(&made->seed, most + 1);

	add_from(made, letters, before);
	add_cased(made, some_word(made, ANY, 5, 10));
	add_from(made, letters, most - before);
	add_digits(made, 2);
}

static void letters_around_changed_word(struct made *made)
{
	const unsigned before = draw(&made->seed, 2);

	add_from(made, letters, before);
	if (draw(&made->seed, 2))
		add_backwards(made, ascii_word(made, ANY, 5, 10));
	else
		add_inserted(made, ascii_word(made, ANY, 5, 10), 1);
	add_from(made, letters, 1 - before);
	add_digits(made, 2);
}

static void two_words(struct made *made)
{
	add_cased(made, some_word(made, ANY, 2, 8));
	add_cased(made, some_word(made, ANY, 2, 8));
	add_digits(made, 1);
}

static void word_mark_word(struct made *made)
{
	add_cased(made, some_word(made, ANY, 3, 8));
	add_from(made, ".-_&+'/!", 1);
	add_cased(made, some_word(made, ANY, 3, 8));
	add_digits(made, 1);
}

static void doubled_word(struct made *made)
{
	const char *word = some_word(made, ANY, 3, 7);

	for (unsigned times = 2 + draw(&made->seed, 3); times; times--)
		add(made, "%s", word);
	add_digits(made, 1);
}

static void mirrored_word(struct made *made)
{
	const char *word = ascii_word(made, ANY, 2, 7);

	add(made, "%s", word);
	add_backwards(made, word);
	add_digits(made, 1);
}

static void beginning_again(struct made *made)
{
	char beginning[8] = "";

	add_from(made, plain, 2 + draw(&made->seed, 4));
	memcpy(beginning, made->text, sizeof(beginning) - 1);
	add_from(made, digits, 4);
	add(made, "%s", beginning);
	add_from(made, plain, draw(&made->seed, 3));
}

static void group_again(struct made *made)
{
	char group[16] = "";

	add_from(made, plain, 1 + draw(&made->seed, 9));
	memcpy(group, made->text, sizeof(group) - 1);
	for (unsigned times = 1 + draw(&made->seed, 3); times; times--)
		add(made, "%s", group);
	add_from(made, plain, draw(&made->seed, 2));
}

static void short_word_in_random(struct made *made)
{
	const unsigned before = draw(&made->seed, 6);

	add_from(made, plain, before);
	add(made, "%s", ascii_word(made, ANY, 3, 4));
	add_from(made, plain, 7 - before);
}

/* Small letters and digits around a word, 9 or 10 characters in all. */
static void word_in_random(struct made *made)
{
	const char *word = ascii_word(made, WORDS, 5, 7);
	const unsigned rest = 9 + draw(&made->seed, 2) - (unsigned)strlen(word);
	const unsigned before = draw(&made->seed, rest + 1);

	add_from(made, plain, before);
	add(made, "%s", word);
	add_from(made, plain, rest - before);
}

static void leaked_like_a_word(struct made *made)
{
	add_cased(made, some_word(made, PASSWORDS, 6, 20));
	add_digits(made, 2);
	add_from(made, marks, draw(&made->seed, 2));
}

static void person_word(struct made *made)
{
	const char *name = some_word(made, NAMES, 3, 10);
	struct a2a_text text;

	add_cased(made, name);
	made->person = a2a_text_read(&text, made->text, strlen(made->text)) ? text.count : 0;
	add_digits(made, 3);
	add_from(made, letters, draw(&made->seed, 3));
}

static void invented_word(struct made *made)
{
	static const char consonants[] = "bcdfghjklmnpqrstvwxz", vowels[] = "aeiouy";

	for (unsigned i = 3 + draw(&made->seed, 3); i; i--) {
		add_from(made, consonants, 1);
		add_from(made, vowels, 1);
	}
	if (draw(&made->seed, 2))
		made->text[draw(&made->seed, 4)] -= 'a' - 'A';
	add_digits(made, 2);
}

static void add_date(struct made *made)
{
	static const char *const between[] = {"", "", "", "-", "/", "."};
	static const char *const months[] = {"mei", "janv", "December", "oktober", "Juli"};
	const char *separator = between[draw(&made->seed, 6)];
	const unsigned day = 1 + draw(&made->seed, 31), month = 1 + draw(&made->seed, 12),
		       year = 1895 + draw(&made->seed, 150);

	switch (draw(&made->seed, 6)) {
	case 0:
		add(made, "%u%s%02u%s%u", year, separator, month, separator, day);
		break;
	case 1:
		add(made, "%u%s%s%s%u", day, separator, months[month % 5], separator, year);
		break;
	case 2:
		add(made, "%02u%s%02u", day, separator, month);
		break;
	case 3:
		add(made, "%02u%s%02u%s%u", day, separator, month, separator, year);
		break;
	default:
		add(made, "%02u%s%02u%s%02u", day, separator, month, separator, year % 100);
	}
}

static void date_letter(struct made *made)
{
	add_date(made);
	add_from(made, letters, 1);
}

static void initials_date(struct made *made)
{
	const bool first = draw(&made->seed, 2);

	if (first)
		add_from(made, mixed, 1 + draw(&made->seed, 4));
	add_date(made);
	if (!first)
		add_from(made, letters, 1 + draw(&made->seed, 4));
}

static void name_date(struct made *made)
{
	add_cased(made, some_word(made, NAMES, 3, 10));
	add_date(made);
}

static void telephone_letters(struct made *made)
{
	static const char *const begins[] = {"0475", "0486", "02", "09", "0612", "0698", "0712",
		"32475", "31612", "33612", "33712"};
	static const unsigned rests[] = {6, 6, 7, 7, 6, 6, 6, 6, 6, 6, 6};
	const unsigned kind = draw(&made->seed, 11);
	const bool grouped = draw(&made->seed, 3) == 0;

	add(made, "%s%s", begins[kind], grouped ? "/" : "");
	for (unsigned i = rests[kind]; i;) {
		const unsigned group = i > 3 ? 2 : i;

		add_from(made, digits, group);
		i -= group;
		add(made, "%s", grouped && i ? "." : "");
	}
	add_from(made, letters, draw(&made->seed, 3));
}

static const char *const rows[] = {"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn", "1234567890",
	"qwertyuiop", "asdfghjkl;", "zxcvbnm,./", "1234567890", "qwertzuiop", "asdfghjkl",
	"yxcvbnm,.-"};

static void add_stretch(struct made *made, const char *row, unsigned shortest)
{
	const unsigned all = (unsigned)strlen(row), start = draw(&made->seed, all - shortest + 1);
	const unsigned length = shortest + draw(&made->seed, all - start - shortest + 1);
	char stretch[16] = "";

	memcpy(stretch, row + start, length);
	if (draw(&made->seed, 4))
		add(made, "%s", stretch);
	else
		add_backwards(made, stretch);
}

static void keyboard_row(struct made *made)
{
	const char *row = rows[draw(&made->seed, 12)];
	const unsigned length = 4 + draw(&made->seed, (unsigned)strlen(row) - 3);

	add(made, "%.*s", (int)length, row);
	if (draw(&made->seed, 3) == 0)
		add_backwards(made, made->text);
	add_digits(made, 1);
}

static void keyboard_stretches(struct made *made)
{
	const unsigned layout = 4 * draw(&made->seed, 3), row = 1 + draw(&made->seed, 2);

	add_stretch(made, rows[layout + row], 3);
	add_stretch(made, rows[layout + row + draw(&made->seed, 2)], 3);
	add_digits(made, 1);
}

static void keyboard_columns(struct made *made)
{
	const unsigned layout = 4 * draw(&made->seed, 3), height = 2 + draw(&made->seed, 3);
	const unsigned style = draw(&made->seed, 3), first = draw(&made->seed, 3);

	for (unsigned x = first; strlen(made->text) < 8; x++)
		for (unsigned y = 0; y < height; y++) {
			const bool down = style == 0 || (style == 1 && x % 2 == 0);

			add(made, "%c", rows[layout + (down ? y : height - 1 - y)][x]);
		}
	add_from(made, digits, draw(&made->seed, 2));
}

/* Most of the keys of two columns, in any order. */
static void two_columns(struct made *made)
{
	const unsigned layout = 4 * draw(&made->seed, 3), x = draw(&made->seed, 5);
	char keys[9] = "";

	for (unsigned i = 0; i < 8; i++)
		keys[i] = rows[layout + i / 2][x + i % 2];
	for (unsigned i = 7; i; i--) {
		const unsigned other = draw(&made->seed, i + 1);
		const char key = keys[i];

		keys[i] = keys[other];
		keys[other] = key;
	}
	add(made, "%.*s", 6 + (int)draw(&made->seed, 3), keys);
	add_from(made, plain, draw(&made->seed, 3));
}

static void sequence(struct made *made)
{
	static const char starts[] = "a1z90qacfhk3568";
	static const int steps[] = {1, 1, 1, -1, 2, -2, 3, -3};
	const int step = steps[draw(&made->seed, 8)];
	char c = starts[draw(&made->seed, 15)];

	for (unsigned i = 3 + draw(&made->seed, 6); i; i--, c = (char)(c + step))
		if (strchr(plain, c))
			add(made, "%c", c);
	add_from(made, plain, 1 + draw(&made->seed, 4));
}

static void few_different(struct made *made)
{
	char alphabet[8] = "";

	for (unsigned i = 1 + draw(&made->seed, 7); i; i--)
		alphabet[i - 1] = mixed[draw(&made->seed, 62)];
	add_from(made, alphabet, 10 + draw(&made->seed, 30));
}

static void accented(struct made *made)
{
	static const char *const others[] = {"é", "è", "ç", "à", "ü", "ö", "ñ", "ø", "ł", "ß"};

	for (unsigned i = 8; i; i--)
		if (draw(&made->seed, 3))
			add(made, "%s", others[draw(&made->seed, 10)]);
		else
			add_from(made, plain, 1);
}

static void random_plain_8(struct made *made)
{
	add_from(made, plain, 8);
}

static void random_plain_10(struct made *made)
{
	add_from(made, plain, 10);
}

static void random_mixed_8(struct made *made)
{
	add_from(made, mixed, 8);
}

static void random_symbols_8(struct made *made)
{
	for (unsigned i = 8; i; i--)
		add(made, "%c", (int)(33 + draw(&made->seed, 94)));
}

static void random_digits(struct made *made)
{
	add_from(made, digits, 6 + draw(&made->seed, 6));
	add_from(made, letters, 1);
}

static const struct class
{
	const char *name;
	void (*make)(struct made *made);
	unsigned count;
} classes[] = {
	{"word + digits", word_digits, EACH},
	{"digits + word", digits_word, EACH},
	{"word + year + !", word_year_mark, EACH},
	{"word + mark + year", word_mark_year, EACH},
	{"marks around word", mark_word_marks, EACH},
	{"word + number", word_number, EACH},
	{"word with capitals", word_capitals, EACH},
	{"leet word", leet_word, EACH},
	{"word, some leet", some_leet_word, EACH},
	{"leet behind word", leet_behind_word, EACH},
	{"backward word", backward_word, EACH},
	{"backward leet word", backward_leet_word, EACH},
	{"word with insertions", inserted_word, EACH},
	{"backward word with insertions", backward_inserted_word, EACH},
	{"stretched word", stretched_word, EACH},
	{"word + ending", word_ending, EACH},
	{"name + initial", name_initial, EACH},
	{"letters around word", letters_around_word, EACH},
	{"letters around changed word", letters_around_changed_word, EACH},
	{"two words", two_words, EACH},
	{"word, mark, word", word_mark_word, EACH},
	{"doubled word", doubled_word, EACH},
	{"mirrored word", mirrored_word, EACH},
	{"beginning again", beginning_again, EACH},
	{"group again", group_again, EACH},
	{"short word in random", short_word_in_random, EACH},
	{"word in random", word_in_random, 4 * EACH},
	{"leaked like a word", leaked_like_a_word, EACH},
	{"word of the person", person_word, EACH},
	{"invented word", invented_word, EACH},
	{"date + letter", date_letter, EACH},
	{"initials + date", initials_date, EACH},
	{"name + date", name_date, EACH},
	{"telephone + letters", telephone_letters, EACH},
	{"keyboard row", keyboard_row, EACH},
	{"keyboard stretches", keyboard_stretches, EACH},
	{"keyboard columns", keyboard_columns, EACH},
	{"two columns", two_columns, EACH},
	{"sequence", sequence, EACH},
	{"few different", few_different, EACH},
	{"accented", accented, EACH},
	{"[a-z0-9]{8}", random_plain_8, EACH_RANDOM},
	{"[a-z0-9]{10}", random_plain_10, EACH_RANDOM},
	{"[A-Za-z0-9]{8}", random_mixed_8, EACH_RANDOM},
	{"[!-~]{8}", random_symbols_8, EACH_RANDOM},
	{"[0-9]{6,11}[a-z]", random_digits, EACH_RANDOM},
};

enum { CLASSES = sizeof(classes) / sizeof(classes[0]) };

static void make(struct made *made, const struct words *words, size_t class, unsigned number)
{
	made->words = words;
	/* Each password has a seed of its own, so that a new class changes no other. */
	made->seed = number;
	for (const char *c = classes[class].name; *c; c++)
		made->seed = made->seed * 131 + (unsigned char)*c;
	made->text[0] = '\0';
	made->person = 0;
	classes[class].make(made);
}

/* ---- Measuring ------------------------------------------------------------------------------- */

/* All passwords are measured with these, and with a lexicon. */
struct measure {
	struct a2a_keyboards keyboards;
	struct a2a_settings *settings; /* the defaults */
};

static void open_measure(struct measure *measure)
{
	a2a_keyboards_fill(&measure->keyboards);
	measure->settings = a2a_settings_new();
	if (!measure->settings)
		err(FAULT, NULL);
}

static struct a2a_estimate guess(const struct a2a_lexicon *lexicon, const struct measure *with,
	const char *password, size_t person, bool *let_in)
{
	bool person_mask[LONGEST] = {false};
	struct a2a_vocabulary vocabulary = {.lexicon = lexicon,
		.lexicons = 1,
		.keyboards = &with->keyboards,
		.person_mask = person_mask};
	struct a2a_estimate estimate = {.segments = 0};
	struct a2a_text text, folded;

	*let_in = false;
	if (!a2a_text_read(&text, password, strlen(password)) ||
		!a2a_text_fold(&folded, password, strlen(password)))
		return estimate;
	for (size_t i = 0; i < person && i < LONGEST; i++)
		person_mask[i] = true;
	vocabulary.person_mask_length = folded.count;
	if (!a2a_guess(&vocabulary, &text, -INFINITY, &estimate))
		err(FAULT, NULL);
	*let_in = !estimate.word.length &&
		  estimate.log2_guesses >= a2a_guesses_needed(with->settings, text.count);
	return estimate;
}

struct result {
	unsigned count, let_in;
	unsigned long long bits, words;
};

static struct result measure(const struct a2a_lexicon *lexicon, const struct measure *with,
	const struct words *words, size_t class)
{
	struct result result = {.count = classes[class].count};

	for (unsigned i = 0; i < result.count; i++) {
		static struct made made;
		struct a2a_estimate estimate;
		bool let_in;

		make(&made, words, class, i);
		estimate = guess(lexicon, with, made.text, made.person, &let_in);
		result.bits += (unsigned long long)(estimate.log2_guesses * A2A_BIT);
		result.let_in += let_in;
		/* Another word, or none, changes the sum. */
		if (estimate.word.length)
			result.words += estimate.word.start + estimate.word.length +
					(unsigned)estimate.word.kind;
	}
	return result;
}

/* ---- Golden values --------------------------------------------------------------------------- */

static bool within_a_tenth(unsigned one, unsigned other)
{
	const unsigned difference = one < other ? other - one : one - other;

	return difference <= 10 || 10 * difference <= other;
}

/* One line of the golden file, which must be of this class. */
static void read_golden(
	FILE *file, const char *path, const char *name, struct result *small, unsigned *real)
{
	char line[256], *tab;

	do
		if (!fgets(line, sizeof(line), file))
			errx(FAULT, "%s: ends before the class %s", path, name);
	while (line[0] == '#');
	tab = strchr(line, '\t');
	if (!tab || strncmp(line, name, strlen(name)) || (size_t)(tab - line) != strlen(name) ||
		sscanf(tab, "%u %llu %llu %u %u", &small->count, &small->bits, &small->words,
			&small->let_in, real) != 5)
		errx(FAULT, "%s: is not about the class %s: %s", path, name, line);
}

/* No line may be left: it would be of a class that is not measured any more. */
static void read_end(FILE *file, const char *path)
{
	char line[256];

	while (fgets(line, sizeof(line), file))
		if (line[0] != '#')
			errx(FAULT, "%s: has a class that is not there: %s", path, line);
}

static int golden(const char *check, const char *words_path, const char *lexicon_path)
{
	static struct words words;
	static struct a2a_lexicon small, real;
	static struct measure with;
	FILE *file = check ? fopen(check, "re") : NULL;
	int status = EXIT_SUCCESS;

	if (check && !file)
		err(FAULT, "%s", check);
	read_words(&words, words_path);
	compile_words(&small, &words);
	open_lexicon(&real, lexicon_path);
	open_measure(&with);
	if (!check)
		puts("# SPDX-License-Identifier: BSD-3-Clause\n"
		     "# Made by measure/golden --golden, whose --help says what the columns are:\n"
		     "# class, passwords, bits, words, let in, let in over the built lexicon.");
	for (size_t i = 0; i < CLASSES; i++) {
		const char *name = classes[i].name;
		const struct result now = measure(&small, &with, &words, i);
		const unsigned now_real = measure(&real, &with, &words, i).let_in;
		struct result then;
		unsigned then_real;

		if (!check) {
			printf("%s\t%u\t%llu\t%llu\t%u\t%u\n", name, now.count, now.bits, now.words,
				now.let_in, now_real);
			continue;
		}
		read_golden(file, check, name, &then, &then_real);
		if (now.count == then.count && now.bits == then.bits && now.words == then.words &&
			now.let_in == then.let_in && within_a_tenth(now_real, then_real))
			continue;
		status = DIFFERENT;
		printf("%s: %u passwords, bits %llu, words %llu, let in %u, over the lexicon %u\n"
		       "    golden: %u passwords, bits %llu, words %llu, let in %u, over the "
		       "lexicon "
		       "%u\n",
			name, now.count, now.bits, now.words, now.let_in, now_real, then.count,
			then.bits, then.words, then.let_in, then_real);
	}
	if (file) {
		read_end(file, check);
		fclose(file);
	}
	a2a_settings_free(with.settings);
	return status;
}

static int print(const char *words_path)
{
	static struct words words;

	read_words(&words, words_path);
	for (size_t class = 0; class < CLASSES; class ++)
		for (unsigned i = 0; i < classes[class].count; i++) {
			static struct made made;

			make(&made, &words, class, i);
			printf("%s\t%s\n", classes[class].name, made.text);
		}
	return EXIT_SUCCESS;
}

static int bits(const char *lexicon_path)
{
	static struct a2a_lexicon lexicon;
	static struct measure with;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	open_lexicon(&lexicon, lexicon_path);
	open_measure(&with);
	while ((length = getline(&line, &room, stdin)) >= 0) {
		struct a2a_estimate estimate;
		bool let_in;

		if (length && line[length - 1] == '\n')
			line[length - 1] = '\0';
		estimate = guess(&lexicon, &with, line, 0, &let_in);
		printf("%d\t%.8f\n", let_in, estimate.log2_guesses);
	}
	free(line);
	a2a_settings_free(with.settings);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"golden", no_argument, NULL, 'g'},
		{"check", required_argument, NULL, 'c'},
		{"print", no_argument, NULL, 'p'},
		{"bits", no_argument, NULL, 'b'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const int option = getopt_long(argc, argv, "", options, NULL);
	const char *check = optarg;

	argc -= optind;
	argv += optind;
	if (option == 'h') {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if ((option == 'g' || option == 'c') && argc == 2)
		return golden(check, argv[0], argv[1]);
	if (option == 'p' && argc == 1)
		return print(argv[0]);
	if (option == 'b' && argc == 1)
		return bits(argv[0]);
	fputs(usage, stderr);
	return FAULT;
}
