/* SPDX-License-Identifier: BSD-3-Clause */
/* What is no word: walks over the keys of every layout, sequences, dates, numbers; out of a lexicon
 * that knows nothing, so that nothing else can explain them. */
#define _GNU_SOURCE
#include "fixture.h"

#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lexicon.h"
#include "guess.h"

static struct a2a_keyboards keyboards;
static uint8_t model[A2A_MODEL_SIZE];

/* Its one word is "~~"; every letter costs 5 bits after any others. */
static struct a2a_lexicon lexicon_of_nothing(void)
{
	static uint32_t graph[5];
	static const struct a2a_class class = {.kind = A2A_WORD};

	graph[1] = htole32(2 << A2A_EDGE_SHIFT | A2A_EDGE_LAST | a2a_lexicon_code('~'));
	graph[2] = htole32(
		4 << A2A_EDGE_SHIFT | A2A_EDGE_WORD | A2A_EDGE_LAST | a2a_lexicon_code('~'));
	graph[4] = htole32(A2A_EDGE_LAST);
	return (struct a2a_lexicon){
		.classes = &class,
		.graph = graph,
		.model = model,
		.class_count = 1,
		.unit_count = 5,
		.root = 1,
	};
}

static struct a2a_estimate guess(const char *password)
{
	const struct a2a_lexicon lexicon = lexicon_of_nothing();
	const struct a2a_vocabulary vocabulary = {
		.lexicon = &lexicon, .lexicons = 1, .keyboards = &keyboards};
	struct a2a_estimate estimate = {.segments = 0};
	struct a2a_text text;

	assert_true(a2a_text_read(&text, password, strlen(password)));
	assert_true(a2a_guess(&vocabulary, &text, -INFINITY, &estimate));
	return estimate;
}

static int set_up(void **state)
{
	(void)state;
	a2a_keyboards_fill(&keyboards);
	/* A character without a free number would be dropped. */
	assert_true(keyboards.others < A2A_OTHER_KEYS);
	memset(model, 5 * A2A_MODEL_BIT, sizeof(model));
	return 0;
}

/* ---- Keyboards ------------------------------------------------------------------------------- */

/* Tells whether all of it is one segment of a kind, below so many bits. */
static bool is_one(const char *password, enum a2a_segment_kind kind, double bits)
{
	struct a2a_estimate estimate = guess(password);

	if (estimate.segments == 1 && estimate.segment[0].kind == kind &&
		estimate.segment[0].bits <= bits)
		return true;
	print_error("%s: 2^%.1f, %zu segments, the first %s\n", password, estimate.log2_guesses,
		estimate.segments, a2a_segment_name(estimate.segment[0].kind));
	return false;
}

static void walks_are_cheap_on_their_layouts(void **state)
{
	static const struct {
		const char *password;
		double bits;
	} walks[] = {
		/* Rows, both ways: AZERTY, QWERTY, QWERTZ. */
		{"azertyuiop", 12},
		{"poiuytreza", 12},
		{"qsdfghjklm", 12},
		{"mlkjhgfdsq", 12},
		{"wxcvbn", 11},
		{"nbvcxw", 11},
		{"wxcvbn,;:=", 12},
		{"qwertyuiop", 12},
		{"asdfghjkl", 12},
		{"zxcvbnm", 11},
		{"mnbvcxz", 11},
		{"qwertzuiop", 12},
		{"yxcvbnm", 11},
		{"AZERTYUIOP", 13},
		{"Qsdfghjklm", 13},
		/* The digit row without Shift, of Belgium and of France; with it elsewhere. */
		{"&é\"'(§è!çà", 12},
		{"&é\"'(-è_çà", 12},
		{"àç!è§('\"é&", 12},
		{"!@#$%^&*()", 12},
		{"!\"§$%&/()=", 12},
		{")(*&^%$#@!", 12},
		/* The keypad. */
		{"789456123", 16},
		{"147258369", 16},
		{"7410", 12},
		/* Columns beside each other, down and down, down and up, up and up. */
		{"aqwzsx", 20},
		{"1qaz2wsx", 20},
		{"qaz2wsx3edc", 20},
		{"1aqw2zsx", 20},
		{"aqw1zsx2", 23},
		{"zaq1xsw2", 20},
		{"1qazxsw2", 23},
		{"wqa1xsz2", 23},
		{"1qaz2wsx3edc4rfv", 22},
		{"1aqw2zsx3edc", 22},
		{"&aqwézsx", 20},
		/* Pairs. */
		{"1q2w3e4r", 20},
		{"1a2z3e4r", 20},
		{"a1z2e3r4", 20},
		{"q1w2e3r4t5", 22},
		{"aq1zsw2x", 23},
		{"aq1zsw2xde3", 29},
		{"1q2w3e4r5t6y7u8i9o0p", 24},
		{"&aéz\"e'r", 20},
		{"aqzsedrf", 20},
		{"qawsedrf", 20},
		{"yaxscdvf", 20},
		/* Rows one below the other, to and fro, round a corner. */
		{"azerqsdf", 20},
		{"qwerasdf", 20},
		{"qweasdzxc", 20},
		{"azeqsdwxc", 20},
		{"qwerfdsa", 16},
		{"azerfdsq", 16},
		{"qwertgb", 21},
		{"1234rfv", 22},
		{"azertgb", 21},
		{"azertytreza", 22},
		/* The next one begins at the end of a row. */
		{"azertypoiuy", 18},
		{"azertymlkjhg", 18},
		{"azerfdsqwxcv", 18},
		{"1qazxsw23edcvfr4", 20},
	};
	bool ok = true;

	(void)state;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++)
		ok &= is_one(walks[i].password, A2A_SEGMENT_KEYBOARD, walks[i].bits);
	assert_true(ok);
}

/* Digits in their row are a sequence, or a number, as well. */
static void rows_of_digits_are_cheap(void **state)
{
	static const char *const rows[] = {"1234567890", "0987654321", "123456", "7890", "159753"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (guess(rows[i]).log2_guesses > 20)
			fail_msg("%s: 2^%.1f", rows[i], guess(rows[i]).log2_guesses);
}

/* Every stretch of every row costs much less than as many letters. */
static void every_stretch_of_a_row_is_a_walk(void **state)
{
	static const char *const rows[] = {"azertyuiop", "qsdfghjklm", "wxcvbn,;:=", "qwertyuiop",
		"asdfghjkl;", "zxcvbnm,./", "qwertzuiop", "yxcvbnm,.-", "!@#$%^&*()"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t start = 0; rows[i][start]; start++)
			for (size_t length = 5; start + length <= strlen(rows[i]); length++) {
				char forwards[16] = "", backwards[16] = "";

				for (size_t j = 0; j < length; j++) {
					forwards[j] = rows[i][start + j];
					backwards[length - 1 - j] = rows[i][start + j];
				}
				assert_true(is_one(forwards, A2A_SEGMENT_KEYBOARD, 12));
				assert_true(is_one(backwards, A2A_SEGMENT_KEYBOARD, 13));
			}
}

/* A digit behind costs little more, and the walk is seen at its place. */
static void a_digit_behind_a_walk_saves_little(void **state)
{
	static const char *const walks[] = {
		"azerty", "qsdfgh", "wxcvbn", "1q2w3e4r", "zaq1xsw2", "&é\"'(§è!çà", "a1z2e3r4"};

	(void)state;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		char *password = NULL;
		struct a2a_estimate alone = guess(walks[i]), more;

		assert_true(asprintf(&password, "%s7", walks[i]) > 0);
		more = guess(password);
		assert_true(more.log2_guesses < alone.log2_guesses + 9);
		assert_int_equal(more.segment[0].kind, A2A_SEGMENT_KEYBOARD);
		assert_int_equal(more.segment[0].start, 0);
		/* 7 is beside y. */
		assert_in_range(more.segment[0].length, alone.segment[0].length,
			alone.segment[0].length + 1);
		free(password);
	}
}

static unsigned draw(unsigned *seed, unsigned bound)
{
	return (unsigned)rand_r(seed) % bound;
}

static void random_strings_are_no_walks(void **state)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned seed = 1, walks = 0, cheap = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		char password[9] = "";
		struct a2a_estimate estimate;

		for (size_t j = 0; j < 8; j++)
			password[j] = characters[draw(&seed, 36)];
		estimate = guess(password);
		for (size_t j = 0; j < estimate.segments; j++)
			walks += estimate.segment[j].kind == A2A_SEGMENT_KEYBOARD &&
				 estimate.segment[j].length >= 6;
		cheap += estimate.log2_guesses < 28;
	}
	print_message("of 100000: %u long walks, %u cheap\n", walks, cheap);
	assert_true(walks < 200);
	assert_true(cheap < 50);
}

/* One step too wide is no walk. */
static void jumps_across_the_keyboard_are_no_walks(void **state)
{
	static const char *const passwords[] = {
		"qpalzmwo", "amzpeqro", "1p3i5y7r", "qlwkejrh1", "azqmerpo", "a0k3x8f2"};

	(void)state;
	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++)
		if (guess(passwords[i]).log2_guesses < 30)
			fail_msg("%s: 2^%.1f", passwords[i], guess(passwords[i]).log2_guesses);
}

/* Of two columns each key is taken once. */
static void a_key_twice_is_no_walk_over_columns(void **state)
{
	(void)state;
	assert_true(guess("qqaawwss").log2_guesses > 25);
	assert_true(guess("qqwaaswq").log2_guesses > 25);
}

/* The bits of its only segment, without what is tried before it. */
static double bits_of(const char *password)
{
	const struct a2a_estimate estimate = guess(password);

	assert_int_equal(estimate.segments, 1);
	return estimate.segment[0].bits;
}

static void capitals_cost_in_walks_as_well(void **state)
{
	const double plain = bits_of("qsdfghjk");

	(void)state;
	assert_true(bits_of("Qsdfghjk") == plain + 1);
	assert_true(bits_of("qsdfghjK") == plain + 1);
	assert_true(bits_of("QSDFGHJK") == plain + 1);
	assert_true(bits_of("qsDfghjk") > plain + 1);
	assert_true(bits_of("qSdFgHjK") > plain + 5);
}

/* ---- Others ---------------------------------------------------------------------------------- */

static void dates_are_dates(void **state)
{
	static const char *const dates[] = {"12051987", "12-05-1987", "12/05/1987", "12.05.87",
		"120587", "1/5/1987", "01.5.87", "1987-05-12", "19870512", "31:12:1999", "870512",
		"12_5_2010", "5.12", "05-1987"};
	/* No month, no day, another separator, another century. */
	static const char *const others[] = {
		"12131987", "32051987", "12-05/1987", "00051987", "12001987", "12-05-1799"};

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		if (strlen(dates[i]) > 5)
			assert_true(is_one(dates[i], A2A_SEGMENT_DATE, 19));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct a2a_estimate estimate = guess(others[i]);

		assert_false(
			estimate.segments == 1 && estimate.segment[0].kind == A2A_SEGMENT_DATE);
	}
}

static void months_have_names(void **state)
{
	static const char *const dates[] = {"28mei1971", "3avr85", "1januari2001", "12-März-1985",
		"dec271985", "31déc1999", "4May2010", "17.august.64", "1aout2003", "5JUIN1944"};
	static const char *const others[] = {
		"32mei1971", "28mee1971", "28mei1771", "28mei-1971", "xdec271985"};

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		if (!is_one(dates[i], A2A_SEGMENT_DATE, 22))
			fail_msg("%s: 2^%.1f", dates[i], guess(dates[i]).log2_guesses);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct a2a_estimate estimate = guess(others[i]);

		assert_false(
			estimate.segments == 1 && estimate.segment[0].kind == A2A_SEGMENT_DATE);
	}
}

static void years_and_numbers(void **state)
{
	(void)state;
	assert_true(is_one("1900", A2A_SEGMENT_YEAR, 8));
	assert_true(is_one("1987", A2A_SEGMENT_YEAR, 7));
	assert_true(is_one("2039", A2A_SEGMENT_YEAR, 7));
	assert_true(is_one("1898", A2A_SEGMENT_NUMBER, 14));
	assert_true(is_one("0475839162", A2A_SEGMENT_NUMBER, 24));
	assert_true(is_one("1475839163", A2A_SEGMENT_NUMBER, 34));
	assert_true(guess("1475839163").log2_guesses > 30);
}

static void sequences_and_repeats(void **state)
{
	static const char *const sequences[] = {
		"abcdefgh", "zyxwvuts", "acegikmo", "13579", "zwtq", "ABCDEFGH", "2468"};
	static const char *const repeats[] = {
		"kxkxkxkx", "kxqkxqkxq", "7k7k7k7k7k", "kvqzxwkvqzxw", "!!!!!!!!", "kkkkkkkk"};

	(void)state;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		assert_true(is_one(sequences[i], A2A_SEGMENT_SEQUENCE, 12));
	/* Little more than what is repeated. */
	for (size_t i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++) {
		char once[16] = "";
		size_t length = 1;

		while (strncmp(repeats[i], repeats[i] + length, strlen(repeats[i] + length)))
			length++;
		memcpy(once, repeats[i], length);
		if (guess(repeats[i]).log2_guesses > guess(once).log2_guesses + 8)
			fail_msg("%s: 2^%.1f; %s: 2^%.1f", repeats[i],
				guess(repeats[i]).log2_guesses, once, guess(once).log2_guesses);
	}
	/* There and back. */
	assert_true(guess("kvqzx7xzqvk").log2_guesses < guess("kvqzx7").log2_guesses + 30);
	/* Of three letters by chance: they cost what letters do. */
	assert_int_equal(guess("vxz47489").segment[0].kind, A2A_SEGMENT_LETTERS);
	/* What it begins with, at the end. */
	assert_true(guess("kvq1958kvq").log2_guesses < guess("kvq1958").log2_guesses + 5);
	assert_true(guess("kvq7zx9kvq").log2_guesses < guess("kvq7zx9").log2_guesses + 10);
	assert_true(guess("20142014").log2_guesses < 12);
	assert_true(guess("20144102").log2_guesses < 12);
}

/* Never more than drawing each character from the kinds that are used. */
static void no_more_than_random(void **state)
{
	static const struct {
		const char *password;
		double most; /* of one character */
	} rows[] = {{"83916405", 10}, {"kxqvjwzp", 26}, {"KxQvJwZp", 52}, {"k7xq2m9w", 36},
		{"K7xQ2m9w", 62}, {"k7~q2|9w", 69}, {"é7èq2ü9ö", 136}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(guess(rows[i].password).log2_guesses <= 8 * log2(rows[i].most) + 0.1);
	/* Few different ones are few, once they were chosen. */
	assert_true(guess("k7q7kqkqqk7q7qk7kqqk").log2_guesses < 20 * log2(3) + 13);
	assert_true(guess("").log2_guesses == 0);
	assert_int_equal(guess("").segments, 0);
	/* Marks alone fold to nothing. */
	assert_true(guess("\xcc\x81\xcc\x81").log2_guesses == 0);
}

/* Belgian, French and Dutch ones, in groups or not, with the one letter that the rule asks for. */
static void telephone_numbers_are_cheap(void **state)
{
	static const struct {
		const char *password;
		double bits;
	} numbers[] = {{"0475839164", 24}, {"0475/83.91.64", 26}, {"0475 83 91 64", 26},
		{"0475839164x", 29}, {"X0475839164", 30}, {"0612839164", 26},
		{"06.12.83.91.64", 28}, {"026481937", 25}, {"02/648.19.37", 27},
		{"32475839164", 25}, {"0612839164x", 31}, {"026481937x", 30}};
	/* Too short, of no such prefix, two separators in a row or of two kinds. */
	static const char *const others[] = {
		"04758391", "0975839164", "0475//839164", "0475.83-91.64"};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (guess(numbers[i].password).log2_guesses > numbers[i].bits)
			fail_msg("%s: 2^%.1f", numbers[i].password,
				guess(numbers[i].password).log2_guesses);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (guess(others[i]).log2_guesses <= 26)
			fail_msg("%s: 2^%.1f", others[i], guess(others[i]).log2_guesses);
}

/* Two letters and a date of birth, whichever is first: it is one of 25 million. */
static void dates_stand_beside_initials(void **state)
{
	static const char *const passwords[] = {"kv231184", "231184kv", "KV231184", "kv23111984",
		"kv23-11-84", "231184k", "k231184v", "841123kv"};
	/* Of more characters more is asked for: 2^29, and 2^32 of 11. */
	static const char *const longer[] = {"kvz23111984", "23111984KVZ", "kvz231184"};
	/* No day or month, too many letters, unlike numbers of them on both sides, no such order.
	 */
	static const char *const others[] = {
		"kv321184", "kv231384", "kvzq231184", "k231184vw", "kv842311"};

	(void)state;
	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++)
		if (guess(passwords[i]).log2_guesses > 28)
			fail_msg("%s: 2^%.1f", passwords[i], guess(passwords[i]).log2_guesses);
	for (size_t i = 0; i < sizeof(longer) / sizeof(longer[0]); i++)
		if (guess(longer[i]).log2_guesses > 31)
			fail_msg("%s: 2^%.1f", longer[i], guess(longer[i]).log2_guesses);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (guess(others[i]).log2_guesses <= 28)
			fail_msg("%s: 2^%.1f", others[i], guess(others[i]).log2_guesses);
	/* Beside a name as well, but not alone, nor amid others. */
	assert_true(guess("23111984").log2_guesses > 14.5);
	assert_true(guess("marie231184").log2_guesses + 1 < guess("marie231184!").log2_guesses - 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(telephone_numbers_are_cheap),
		cmocka_unit_test(walks_are_cheap_on_their_layouts),
		cmocka_unit_test(rows_of_digits_are_cheap),
		cmocka_unit_test(every_stretch_of_a_row_is_a_walk),
		cmocka_unit_test(a_digit_behind_a_walk_saves_little),
		cmocka_unit_test(random_strings_are_no_walks),
		cmocka_unit_test(jumps_across_the_keyboard_are_no_walks),
		cmocka_unit_test(a_key_twice_is_no_walk_over_columns),
		cmocka_unit_test(capitals_cost_in_walks_as_well),
		cmocka_unit_test(dates_are_dates),
		cmocka_unit_test(dates_stand_beside_initials),
		cmocka_unit_test(months_have_names),
		cmocka_unit_test(years_and_numbers),
		cmocka_unit_test(sequences_and_repeats),
		cmocka_unit_test(no_more_than_random),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
