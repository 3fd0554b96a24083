/* SPDX-License-Identifier: BSD-3-Clause */
/* The generator: its choice is uniform, its entropy is counted, and it always ends. */
#define _GNU_SOURCE
#include "fixture.h"
#include "generate.h"

#include "offensive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const alone[] = {"dictcheck=no", "second_opinion=no", "min_guesses=0", NULL};

static struct a2a_generator *open_generator(
	const struct a2a_policy *policy, const struct a2a_recipe *recipe)
{
	struct reports reports;
	struct a2a_generator *generator;

	reports_start(&reports);
	generator = a2a_generator_open(policy, recipe, &reports.log);
	if (!generator)
		fail_msg("%s", reports.text);
	return generator;
}

/* ---- Entropy --------------------------------------------------------------------------------- */

/* Counts by brute force: every string of the alphabet, shown to the judge, unless a spreadsheet
 * would take it for a formula. */
static unsigned long count_accepted(
	const struct a2a_policy *policy, const char *alphabet, size_t length)
{
	char text[32] = "";
	size_t at[32] = {0};
	unsigned long accepted = 0;
	bool more = true;

	while (more) {
		const struct secret password = a2a_secret_borrow(text, length);
		struct a2a_verdict verdict;

		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[at[i]];
		text[length] = '\0';
		assert_true(a2a_judge(policy, &password, NULL, &verdict, NULL));
		accepted += verdict.accepted && !strchr("=+-@", text[0]);
		more = false;
		for (size_t i = 0; i < length && !more; i++) {
			more = alphabet[++at[i]] != '\0';
			if (!more)
				at[i] = 0;
		}
	}
	return accepted;
}

static void entropy_is_what_brute_force_counts(void **state)
{
	static const struct {
		const char *characters;
		unsigned length;
		const char *set[5];
	} cases[] = {
		{"ab1", 4, {"min_length=4"}},
		{"ab12", 6, {"min_length=6"}},
		{"abcd1", 5, {"min_length=5", "min_digits=2"}},
		{"abcd1", 5, {"min_length=4", "min_letters=3"}},
		{"abcd1", 5, {"min_length=4", "min_letters=2", "min_digits=3"}},
		{"a1.", 7, {"min_length=7"}},
		{"aB1.", 6, {"min_length=6", "min_letters=3"}},
		{"ab1", 6, {"min_length=4", "passphrase_length=6"}},
		{"ab1", 5, {"min_length=4", "passphrase_length=6"}},
		{"ab", 4, {"min_length=4", "min_digits=0"}},
		{"12", 8, {"min_letters=0"}},
		{"a1=", 6, {"min_length=6"}},
		{"a1=.", 5, {"min_length=5"}},
		{"aB1-@", 5, {"min_length=5"}},
		{"ab1+-", 5, {"min_length=4", "min_letters=2"}},
		{"a1=+-@", 4, {"min_length=4"}},
		{"a=+", 5, {"min_length=4", "min_digits=0"}},
		{"1-", 6, {"min_length=4", "min_letters=0"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *set[9] = {alone[0], alone[1], alone[2], "person_rest=0"};
		struct a2a_policy *policy;
		struct a2a_generator *generator;
		unsigned long counted;

		memcpy(set + 4, cases[i].set, sizeof(cases[i].set));
		policy = tree_policy(set);
		generator = open_generator(
			policy, &(struct a2a_recipe){.characters = cases[i].characters,
					.length = cases[i].length});
		counted = count_accepted(policy, cases[i].characters, cases[i].length);
		if (fabs(a2a_generator_bits(generator) - log2((double)counted)) > 1e-9)
			fail_msg("case %zu: %.12f, not %.12f", i, a2a_generator_bits(generator),
				log2((double)counted));
		a2a_generator_close(generator);
		a2a_policy_close(policy);
	}
}

/* The same for what libpwquality counts under its own names. */
static void entropy_counts_the_credits_too(void **state)
{
	static const char *const sets[][7] = {
		{"min_length=6", "dictcheck=no", "second_opinion=yes", "ucredit=-2",
			"person_rest=0"},
		{"min_length=6", "dictcheck=no", "second_opinion=yes", "minclass=4",
			"person_rest=0"},
		{"min_length=6", "dictcheck=no", "second_opinion=yes", "ocredit=-1", "lcredit=-1",
			"person_rest=0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		/* Six characters that are all different in each: neither cracklib nor libpwquality
		 * finds anything else in strings of five different ones that are no neighbours. */
		const char alphabet[] = "aX7.";
		struct a2a_policy *policy = tree_policy(sets[i]);
		struct a2a_generator *generator = open_generator(
			policy, &(struct a2a_recipe){.characters = alphabet, .length = 6});
		unsigned long wanted = 0;

		/* Compositions counted one by one: 4^6 strings. */
		for (unsigned s = 0; s < 4096; s++) {
			unsigned kind[4] = {0}, classes;

			for (unsigned c = 0; c < 6; c++)
				kind[s >> 2 * c & 3]++;
			classes = !!kind[0] + !!kind[1] + !!kind[2] + !!kind[3];
			if (kind[0] + kind[1] < 1 || kind[2] < 1)
				continue;
			wanted += i == 0   ? kind[1] >= 2
				  : i == 1 ? classes == 4
					   : kind[3] >= 1 && kind[0] >= 1;
		}
		assert_true(fabs(a2a_generator_bits(generator) - log2((double)wanted)) < 1e-9);
		a2a_generator_close(generator);
		a2a_policy_close(policy);
	}
}

static void entropy_of_words_is_counted(void **state)
{
	char *folder = new_folder();
	char *path = NULL, *set = NULL;
	struct a2a_policy *policy;
	struct a2a_generator *generator;

	(void)state;
	assert_true(asprintf(&path, "%s/fr.txt", folder) > 0);
	assert_true(asprintf(&set, "word_list_dir=%s", folder) > 0);
	/* Words of 4, 4, 5 and 8 letters. Two of them, a hyphen and a digit: 10 to 18 characters.
	 */
	write_file(path, "abri\nbois\nchien\nabricots\n", 25);
	policy = tree_policy((const char *const[]){
		alone[0], alone[1], alone[2], "person_rest=0", "min_length=11", set, NULL});
	generator = open_generator(
		policy, &(struct a2a_recipe){.style = A2A_WORDS, .length = 2, .language = "fr"});
	/* 16 rows less the 4 of two words of four letters; 2 places and 8 digits for the number. */
	assert_true(fabs(a2a_generator_bits(generator) - log2(12 * 2 * 8)) < 1e-9);
	a2a_generator_close(generator);
	a2a_policy_close(policy);
	remove_folder(folder);
	free(path);
	free(set);
}

static void bits_choose_the_shortest_length(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);

	(void)state;
	for (unsigned bits = 1; bits <= 256; bits += 15) {
		struct a2a_generator *generator =
			open_generator(policy, &(struct a2a_recipe){.bits = bits});
		struct secret password;
		struct a2a_generator *shorter;

		assert_true(a2a_generator_bits(generator) >= bits);
		assert_true(a2a_generate(generator, NULL, &password, NULL));
		assert_true(password.length >= 8);
		if (password.length > 8) {
			shorter = open_generator(policy,
				&(struct a2a_recipe){.length = (unsigned)password.length - 1});
			assert_true(a2a_generator_bits(shorter) < bits);
			a2a_generator_close(shorter);
		}
		a2a_secret_wipe(&password);
		a2a_generator_close(generator);
	}
	a2a_policy_close(policy);
}

/* ---- Uniformity ------------------------------------------------------------------------------ */

/*
 * Pearson's statistic against its distribution by Wilson and Hilferty's approximation: how many
 * standard deviations it lies from what chance would give. Beyond 6, once in 500 million runs.
 */
static double chi_square_z(const unsigned long *seen, size_t cells, double expected)
{
	double statistic = 0, freedom = (double)cells - 1;

	for (size_t i = 0; i < cells; i++) {
		double distance = (double)seen[i] - expected;

		statistic += distance * distance / expected;
	}
	return (cbrt(statistic / freedom) - (1 - 2 / (9 * freedom))) / sqrt(2 / (9 * freedom));
}

/* What stands in the way of one of the passwords of the small recipe. */
static bool may_be_drawn(const char *password)
{
	return strpbrk(password, "0123456789") && strpbrk(password, "abcdefghijklmnopqrstuvwxyz") &&
	       !strchr("=+-@", password[0]) &&
	       !a2a_is_offensive(password, strlen(password), A2A_PART_OF_CHARACTERS);
}

/* Every password of a small recipe, drawn hundreds of times each: as a whole, so that a digit that
 * was patched in, or a first character that was drawn again, would show. */
static void every_password_is_equally_likely(void **state)
{
	/* The last two: "kut" where no letter stands beside it, and "tutu" and the like. */
	static const char *const alphabets[] = {"abc12", "ab1-=", "a1.@+", "kut12", "natzi"};
	static const char *const letters_too[] = {"", "", "", "", "min_digits=0"};
	enum { LENGTH = 4, CELLS = 625, DRAWS = 220000, AT_ONCE = 2200 };
	static struct secret passwords[AT_ONCE];

	(void)state;
	for (size_t i = 0; i < sizeof(alphabets) / sizeof(alphabets[0]); i++) {
		const char *alphabet = alphabets[i];
		const bool digits = !*letters_too[i];
		struct a2a_policy *policy = tree_policy(
			(const char *const[]){alone[0], alone[1], alone[2], "min_length=4",
				"person_rest=0", digits ? NULL : letters_too[i], NULL});
		struct a2a_generator *generator = open_generator(
			policy, &(struct a2a_recipe){.characters = alphabet, .length = LENGTH});
		unsigned long seen[CELLS] = {0}, accepted[CELLS];
		size_t count = 0, offensive = 0;

		for (int j = 0; j < DRAWS; j++) {
			struct secret *password = &passwords[j % AT_ONCE];
			size_t cell = 0;

			/* In threads, and without. */
			if (j % AT_ONCE == 0)
				assert_true(a2a_generate_many(generator, passwords, AT_ONCE,
					j / AT_ONCE % 2 ? 4 : 1, NULL));
			assert_int_equal(password->length, LENGTH);
			for (size_t k = 0; k < LENGTH; k++)
				cell = cell * 5 +
				       (size_t)(strchr(alphabet, password->bytes[k]) - alphabet);
			seen[cell]++;
			a2a_secret_wipe(password);
		}
		/* Those that may be drawn are seen, the others never. */
		for (size_t cell = 0; cell < CELLS; cell++) {
			char text[LENGTH + 1] = "";

			for (size_t rest = cell, k = LENGTH; k-- > 0; rest /= 5)
				text[k] = alphabet[rest % 5];
			offensive += a2a_is_offensive(text, LENGTH, A2A_PART_OF_CHARACTERS) &&
				     (!digits || strpbrk(text, "12"));
			if (digits ? may_be_drawn(text)
				   : !a2a_is_offensive(text, LENGTH, A2A_PART_OF_CHARACTERS))
				accepted[count++] = seen[cell];
			else
				assert_int_equal(seen[cell], 0);
		}
		/* Offensive ones are not counted: the bits are those with them. */
		assert_true((offensive > 0) == (i >= 3));
		assert_true(fabs(exp2(a2a_generator_bits(generator)) -
				    (double)(count + offensive)) < 1e-6);
		assert_in_range(
			(long)(fabs(chi_square_z(accepted, count, (double)DRAWS / (double)count)) *
				100),
			0, 600);
		a2a_generator_close(generator);
		a2a_policy_close(policy);
	}
}

/* Each place of the default recipe takes each character equally often, but for the passwords
 * without a digit that are thrown away: letters are then a shade rarer. */
static void no_character_is_favoured_at_any_place(void **state)
{
	enum { DRAWS = 60000, LENGTH = 12 };
	static const char letters[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
	static const char figures[] = "23456789";
	struct a2a_policy *policy = tree_policy(alone);
	struct a2a_generator *generator = open_generator(policy, &(struct a2a_recipe){0});
	unsigned long seen[LENGTH][128] = {0};

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		struct secret password;

		assert_true(a2a_generate(generator, NULL, &password, NULL));
		assert_int_equal(password.length, LENGTH);
		for (size_t j = 0; j < LENGTH; j++)
			seen[j][(unsigned char)password.bytes[j] & 127]++;
		a2a_secret_wipe(&password);
	}
	for (size_t j = 0; j < LENGTH; j++) {
		unsigned long cells[64] = {0}, sum = 0;

		for (size_t k = 0; letters[k]; k++)
			sum += cells[k] = seen[j][(unsigned char)letters[k]];
		assert_true(fabs(chi_square_z(cells, strlen(letters),
				    (double)sum / (double)strlen(letters))) < 6);
		sum = 0;
		for (size_t k = 0; figures[k]; k++)
			sum += cells[k] = seen[j][(unsigned char)figures[k]];
		assert_true(fabs(chi_square_z(cells, strlen(figures),
				    (double)sum / (double)strlen(figures))) < 6);
		for (size_t c = 0; c < 128; c++)
			if (!c || (!strchr(letters, (int)c) && !strchr(figures, (int)c)))
				assert_int_equal(seen[j][c], 0);
	}
	a2a_generator_close(generator);
	a2a_policy_close(policy);
}

static void the_number_stands_behind_any_word(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	struct a2a_generator *generator = open_generator(
		policy, &(struct a2a_recipe){.style = A2A_WORDS, .length = 4, .language = "nl"});
	unsigned long at[4] = {0}, digit[8] = {0};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct secret password;
		size_t word = 0, digits = 0;

		assert_true(a2a_generate(generator, NULL, &password, NULL));
		for (size_t j = 0; j < password.length; j++) {
			char c = password.bytes[j];

			word += c == '-';
			if (c >= '2' && c <= '9') {
				at[word]++;
				digit[c - '2']++;
				digits++;
				assert_true(
					j + 1 == password.length || password.bytes[j + 1] == '-');
			}
		}
		assert_int_equal(word, 3);
		assert_int_equal(digits, 1);
		a2a_secret_wipe(&password);
	}
	assert_true(fabs(chi_square_z(at, 4, 5000)) < 6);
	assert_true(fabs(chi_square_z(digit, 8, 2500)) < 6);
	a2a_generator_close(generator);
	a2a_policy_close(policy);
}

/* ---- What comes out -------------------------------------------------------------------------- */

static void everything_generated_is_accepted(void **state)
{
	static const struct a2a_recipe recipes[] = {
		{.length = 8},
		{.length = 0},
		{.symbols = ""},
		{.keyboard_safe = true},
		{.avoid = "aeiouAEIOU"},
		{.style = A2A_PRONOUNCEABLE},
		{.style = A2A_PRONOUNCEABLE, .length = 11},
		{.style = A2A_WORDS, .language = "fr"},
		{.style = A2A_WORDS, .language = "nl", .length = 3, .separator = " "},
		{.style = A2A_WORDS, .language = "de", .separator = ".", .bits = 80},
		{.style = A2A_WORDS, .language = "en", .keyboard_safe = true},
	};
	struct a2a_policy *policy = tree_policy(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		struct a2a_generator *generator = open_generator(policy, &recipes[i]);

		for (int j = 0; j < 100; j++) {
			struct secret password;

			assert_true(a2a_generate(generator, NULL, &password, NULL));
			assert_string_equal(rules_of(policy, password.bytes, NULL), "accept");
			assert_int_equal(strlen(password.bytes), password.length);
			assert_null(recipes[i].avoid ? strpbrk(password.bytes, recipes[i].avoid)
						     : NULL);
			if (recipes[i].keyboard_safe)
				assert_null(strpbrk(password.bytes, "aqzwmyAQZWMY"));
			a2a_secret_wipe(&password);
		}
		a2a_generator_close(generator);
	}
	a2a_policy_close(policy);
}

/* Characters that begin a formula stand everywhere but at the beginning. */
static void nothing_begins_like_a_formula(void **state)
{
	enum { PLACES = 12 };
	struct a2a_policy *policy = tree_policy(NULL);
	struct a2a_generator *generator =
		open_generator(policy, &(struct a2a_recipe){.characters = "=+-@abcXYZ2345"});
	unsigned long at[PLACES] = {0};

	(void)state;
	for (int i = 0; i < 4000; i++) {
		struct secret password;

		assert_true(a2a_generate(generator, NULL, &password, NULL));
		assert_int_equal(password.length, PLACES);
		for (size_t j = 0; j < PLACES; j++)
			at[j] += strchr("=+-@", password.bytes[j]) != NULL;
		a2a_secret_wipe(&password);
	}
	assert_int_equal(at[0], 0);
	for (size_t j = 1; j < PLACES; j++)
		assert_true(at[j] > 500);
	a2a_generator_close(generator);
	a2a_policy_close(policy);
}

static void offensive_is_what_can_be_read(void **state)
{
	static const struct {
		const char *text;
		size_t part;
		bool offensive;
	} cases[] = {
		{"k7fuck2", 4, true},
		{"7FuCk2xy", 4, true},
		{"xyfuckxy", 4, true},
		{"fu2ck", 4, false},
		{"fu-ck", 4, false},
		{"ka2xnazix9", 4, true},
		{"chatte", 4, true},
		{"enculer", 4, true},
		{"encule2", 4, true},
		{"arschloch", 4, true},
		{"scheisse", 4, true},
		{"klootzak", 4, true},
		{"2kut9", 4, true},
		{"KuT", 4, true},
		{"con-2", 4, true},
		{"concours", 4, false},
		{"ballon", 4, false},
		{"2xkut9", 4, false},
		{"classe", 4, false},
		{"fenetre-jardin2-soleil", 4, false},
		{"fenetre-con2-soleil", 4, true},
		{"", 4, false},
		{"2wsSKV2GDMAE", 4, false},
		{"chien", 4, true},
		{"chien", 5, false},
		{"chie", 5, true},
		{"nazisme", 5, true},
		{"xfuckx", 5, false},
		{"nazisme", A2A_WHOLE_WORDS, false},
		{"NAZI", A2A_WHOLE_WORDS, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (a2a_is_offensive(cases[i].text, strlen(cases[i].text), cases[i].part) !=
			cases[i].offensive)
			fail_msg("%s", cases[i].text);
	/* Of a view, no more than its length. */
	assert_false(a2a_is_offensive("2xfuck", 5, 4));
}

/* A site's own list of words may hold what ours does not: left out, and counted without. */
static void offensive_words_of_a_list_are_left_out(void **state)
{
	char *folder = new_folder();
	char *path = NULL, *set = NULL;
	struct a2a_policy *policy;
	struct a2a_generator *generator;

	(void)state;
	assert_true(asprintf(&path, "%s/fr.txt", folder) > 0);
	assert_true(asprintf(&set, "word_list_dir=%s", folder) > 0);
	write_file(path, "fenetre\nconnard\njardin\nenculeur\nsoleil\ncon\n", 43);
	policy = tree_policy((const char *const[]){alone[0], alone[1], alone[2], set, NULL});
	generator = open_generator(
		policy, &(struct a2a_recipe){.style = A2A_WORDS, .length = 4, .language = "fr"});
	assert_true(fabs(a2a_generator_bits(generator) - log2(81 * 4 * 8)) < 1e-9);
	for (int i = 0; i < 200; i++) {
		struct secret password;

		assert_true(a2a_generate(generator, NULL, &password, NULL));
		assert_null(strstr(password.bytes, "con"));
		assert_null(strstr(password.bytes, "encul"));
		a2a_secret_wipe(&password);
	}
	a2a_generator_close(generator);
	a2a_policy_close(policy);
	remove_folder(folder);
	free(path);
	free(set);
}

/* A stricter policy is obeyed without being told to the recipe. */
static void the_policy_shapes_what_is_drawn(void **state)
{
	static const char *const sets[][6] = {
		{"min_length=20", NULL},
		{"minclass=4", NULL},
		{"ocredit=-2", "ucredit=-2", NULL},
		{"min_digits=6", NULL},
		{"maxrepeat=1", "maxsequence=2", NULL},
		{"maxclassrepeat=4", NULL},
		{"max_length=12", "min_length=12", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct a2a_policy *policy = tree_policy(sets[i]);
		struct a2a_generator *generator = open_generator(policy, &(struct a2a_recipe){0});

		for (int j = 0; j < 30; j++) {
			struct secret password;

			assert_true(a2a_generate(generator, NULL, &password, NULL));
			assert_string_equal(rules_of(policy, password.bytes, NULL), "accept");
			a2a_secret_wipe(&password);
		}
		a2a_generator_close(generator);
		a2a_policy_close(policy);
	}
}

/* What cannot be drawn by one thread cannot be drawn by many, and is said once. */
static void no_thread_repeats_it(const struct a2a_generator *generator)
{
	enum { MANY = 4000 };
	struct secret *passwords = calloc(MANY, sizeof(*passwords));
	struct reports reports;

	assert_non_null(passwords);
	reports_start(&reports);
	assert_false(a2a_generate_many(generator, passwords, MANY, 8, &reports.log));
	assert_int_equal(reports.faults, 1);
	for (size_t i = 0; i < MANY; i++)
		a2a_secret_wipe(&passwords[i]);
	free(passwords);
}

static void what_cannot_be_is_an_error_at_once(void **state)
{
	static const struct {
		struct a2a_recipe recipe;
		const char *set[4];
	} cases[] = {
		{{.characters = "abcdef"}, {NULL}},
		{{.length = 7}, {NULL}},
		{{.length = 300}, {NULL}},
		{{.length = 100000}, {NULL}},
		{{.bits = 3000}, {NULL}},
		{{.length = 12}, {"min_length=13"}},
		{{.length = 12}, {"min_digits=13"}},
		{{.length = 60}, {"min_digits=59"}},
		{{.characters = "é1"}, {NULL}},
		{{.characters = "a b1"}, {NULL}},
		{{.characters = "a"}, {NULL}},
		{{.characters = "!#%", .keyboard_safe = true}, {NULL}},
		{{.avoid = "23456789"}, {NULL}},
		{{.style = A2A_PRONOUNCEABLE}, {"ocredit=-1"}},
		{{.style = A2A_PRONOUNCEABLE, .avoid = "aeiou"}, {NULL}},
		{{.style = A2A_PRONOUNCEABLE, .length = 200}, {NULL}},
		{{.style = A2A_WORDS}, {NULL}},
		{{.style = A2A_WORDS, .language = "xx"}, {NULL}},
		{{.style = A2A_WORDS, .language = "../../etc/passwd"}, {NULL}},
		{{.style = A2A_WORDS, .language = "fr", .separator = "a"}, {NULL}},
		{{.style = A2A_WORDS, .language = "fr", .separator = "é"}, {NULL}},
		{{.style = A2A_WORDS, .language = "fr", .separator = ""}, {NULL}},
		{{.style = A2A_WORDS, .language = "fr", .length = 64}, {NULL}},
		{{.style = A2A_WORDS, .language = "fr"}, {"word_list_dir=/nonexistent"}},
		/* Nothing of so few different characters is ever accepted by cracklib. */
		{{.characters = "ab1", .length = 10}, {NULL}},
		/* Nothing but formulas. */
		{{.characters = "=+-@"}, {"min_letters=0", "min_digits=0"}},
		/* Nothing but an offensive word. */
		{{.characters = "xX", .length = 6},
			{"min_length=6", "min_digits=0", "second_opinion=no"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_policy *policy = tree_policy(cases[i].set);
		struct a2a_generator *generator;
		struct secret password = {0};
		struct reports reports;

		reports_start(&reports);
		generator = a2a_generator_open(policy, &cases[i].recipe, &reports.log);
		if (generator && a2a_generate(generator, NULL, &password, &reports.log))
			fail_msg("case %zu: %s", i, password.bytes);
		assert_int_equal(reports.faults, 1);
		assert_null(password.bytes);
		if (generator)
			no_thread_repeats_it(generator);
		a2a_generator_close(generator);
		a2a_policy_close(policy);
	}
}

static void a_damaged_word_list_is_refused(void **state)
{
	static const char *const lists[] = {"", "un\n\ndeux\n", "mot", "été\n", "Mot\n", "mot\r\n",
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n", "mot mot\n", "seul\n"};
	char *folder = new_folder();
	char *path = NULL, *set = NULL;

	(void)state;
	assert_true(asprintf(&path, "%s/fr.txt", folder) > 0);
	assert_true(asprintf(&set, "word_list_dir=%s", folder) > 0);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct a2a_policy *policy = tree_policy((const char *const[]){set, NULL});
		struct reports reports;

		write_file(path, lists[i], strlen(lists[i]));
		reports_start(&reports);
		assert_null(a2a_generator_open(policy,
			&(struct a2a_recipe){.style = A2A_WORDS, .language = "fr"}, &reports.log));
		assert_int_equal(reports.faults, 1);
		a2a_policy_close(policy);
	}
	remove_folder(folder);
	free(path);
	free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entropy_is_what_brute_force_counts),
		cmocka_unit_test(entropy_counts_the_credits_too),
		cmocka_unit_test(entropy_of_words_is_counted),
		cmocka_unit_test(bits_choose_the_shortest_length),
		cmocka_unit_test(every_password_is_equally_likely),
		cmocka_unit_test(no_character_is_favoured_at_any_place),
		cmocka_unit_test(the_number_stands_behind_any_word),
		cmocka_unit_test(everything_generated_is_accepted),
		cmocka_unit_test(nothing_begins_like_a_formula),
		cmocka_unit_test(offensive_is_what_can_be_read),
		cmocka_unit_test(offensive_words_of_a_list_are_left_out),
		cmocka_unit_test(the_policy_shapes_what_is_drawn),
		cmocka_unit_test(what_cannot_be_is_an_error_at_once),
		cmocka_unit_test(a_damaged_word_list_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
