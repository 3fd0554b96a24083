/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules: the table of verdicts, and laws that must hold for any password. */
#define _GNU_SOURCE
#include "fixture.h"
#include "language.h"

#include <ctype.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "text.h"

enum { COLUMNS = 5, MOST = 16 };

/* Splits in place; returns how many. */
static size_t split(char *text, const char *separators, char **field, size_t most)
{
	size_t count = 0;

	while (text && count < most)
		field[count++] = strsep(&text, separators);
	return count;
}

/* Replaces \t \n \xNN by the bytes they stand for. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] == 'x') {
			const char hex[] = {text[2], text[3], '\0'};

			*to++ = (char)strtoul(hex, NULL, 16);
			text += 4;
		} else if (text[0] == '\\' && (text[1] == 't' || text[1] == 'n')) {
			*to++ = text[1] == 't' ? '\t' : '\n';
			text += 2;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

static bool is_none(const char *field)
{
	return strcmp(field, "-") == 0;
}

static const char *verdict_of_row(char *column[static COLUMNS])
{
	char *name[MOST + 1] = {0}, *set[MOST + 1] = {0};
	struct secret old = a2a_secret_borrow(column[2], strlen(column[2]));
	struct a2a_person person = {.names = (const char *const *)name};
	struct a2a_policy *policy;
	const char *rules;

	unescape(column[0]);
	unescape(column[1]);
	if (!is_none(column[1]))
		person.name_count = split(column[1], ";", name, MOST);
	if (!is_none(column[2]))
		person.old_password = &old;
	if (!is_none(column[3]))
		split(column[3], ";", set, MOST);
	policy = tree_policy((const char *const *)set);
	rules = rules_of(policy, column[0], &person);
	a2a_policy_close(policy);
	return rules;
}

static void table_of_verdicts(void **state)
{
	char *path = NULL, *line = NULL;
	size_t room = 0;
	unsigned wrong = 0, rows = 0;
	FILE *file;

	(void)state;
	assert_true(asprintf(&path, "%s/tests/policy/verdicts.tsv", getenv("A2A_SOURCE")) > 0);
	file = fopen(path, "re");
	assert_non_null(file);
	for (unsigned number = 1; getline(&line, &room, file) >= 0; number++) {
		char *column[COLUMNS] = {0};
		const char *rules;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		if (split(line, "\t", column, COLUMNS) != COLUMNS)
			fail_msg("verdicts.tsv:%u: five columns wanted", number);
		rules = verdict_of_row(column);
		rows++;
		if (strcmp(rules, column[4]) != 0) {
			print_error("verdicts.tsv:%u: \"%s\": %s, not %s\n", number, column[0],
				rules, column[4]);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	assert_true(rows > 80);
	free(line);
	free(path);
	fclose(file);
}

/* ---- Laws ------------------------------------------------------------------------------------ */

/* Ours alone, without the libraries, so that thousands of cases cost nothing. */
static const char *const alone[] = {"dictcheck=no", "second_opinion=no", "min_guesses=0", NULL};

static unsigned draw(unsigned *seed, unsigned bound)
{
	return (unsigned)rand_r(seed) % bound;
}

static void random_password(unsigned *seed, char *password, size_t length)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789.-_ ";

	for (size_t i = 0; i < length; i++)
		password[i] = characters[draw(seed, sizeof(characters) - 1)];
	password[length] = '\0';
}

static void appending_to_an_accepted_password_never_makes_it_too_short(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char password[64];

		random_password(&seed, password, draw(&seed, 40));
		if (strcmp(rules_of(policy, password, NULL), "accept") != 0)
			continue;
		strcat(password, "é");
		assert_string_equal(rules_of(policy, password, NULL), "accept");
	}
	a2a_policy_close(policy);
}

static void order_of_characters_does_not_matter_to_composition(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	unsigned seed = 2;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char password[64], reversed[64];
		char rules[256];
		size_t length = draw(&seed, 20);

		random_password(&seed, password, length);
		for (size_t j = 0; j < length; j++)
			reversed[j] = password[length - 1 - j];
		reversed[length] = '\0';
		strcpy(rules, rules_of(policy, password, NULL));
		assert_string_equal(rules_of(policy, reversed, NULL), rules);
	}
	a2a_policy_close(policy);
}

static void knowing_more_of_the_person_never_helps(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	unsigned seed = 3;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char password[64], name[2][16];
		const char *const names[] = {name[0], name[1]};
		bool before;

		random_password(&seed, name[0], draw(&seed, 12));
		random_password(&seed, name[1], draw(&seed, 12));
		random_password(&seed, password, draw(&seed, 12));
		strcat(password, name[0]);
		before = strstr(rules_of(policy, password,
					&(struct a2a_person){.names = names, .name_count = 1}),
				 "person") != NULL;
		if (before)
			assert_non_null(strstr(
				rules_of(policy, password,
					&(struct a2a_person){.names = names, .name_count = 2}),
				"person"));
	}
	a2a_policy_close(policy);
}

static void reversing_the_name_never_helps(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	unsigned seed = 4;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		char name[32], forwards[64], backwards[64] = "";
		const char *const names[] = {name};
		const struct a2a_person person = {.names = names, .name_count = 1};
		size_t length = 4 + draw(&seed, 12);

		for (size_t j = 0; j < length; j++)
			name[j] = (char)('a' + draw(&seed, 26));
		name[length] = '\0';
		for (size_t j = 0; j < length; j++)
			backwards[j] = (char)toupper(name[length - 1 - j]);
		backwards[length] = '\0';
		strcat(strcpy(forwards, name), "7k9");
		strcat(backwards, "7k9");
		assert_non_null(strstr(rules_of(policy, forwards, &person), "person"));
		assert_non_null(strstr(rules_of(policy, backwards, &person), "person"));
	}
	a2a_policy_close(policy);
}

/* Neither digits nor a run of them: cracklib stops looking when it sees neighbours (1234). */
static void appending_digits_to_a_word_never_saves_it(void **state)
{
	static const char *const words[] = {"bibliothèque", "gezelligheid", "Frühstück", "weather",
		"charleroi", "vlaanderen", "mardi", "donderdag", "Weihnachten"};
	static const char *const behind[] = {
		"1", "01", "123", "1234", "12345", "4321", "2026", "!1", "-9876"};
	struct a2a_policy *policy = tree_policy(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (size_t j = 0; j < sizeof(behind) / sizeof(behind[0]); j++) {
			char *password = NULL;
			const char *rules;

			assert_true(asprintf(&password, "%s%s", words[i], behind[j]) > 0);
			rules = rules_of(policy, password, NULL);
			if (!strstr(rules, "dictionary-word"))
				fail_msg("%s: %s", password, rules);
			free(password);
		}
	a2a_policy_close(policy);
}

/* ---- Words, whatever is done to them --------------------------------------------------------- */

/* What is done to words, each of the four languages; `seed` for what is done at random. */
struct law {
	void (*change)(char *password, const char *word, unsigned *seed);
	struct a2a_policy *policy;
	unsigned seed, judged, refused;
};

static void judge_changed(void *context, const char *word)
{
	struct law *law = context;
	char password[128];
	const char *rules;

	law->change(password, word, &law->seed);
	rules = rules_of(law->policy, password, NULL);
	law->judged++;
	if (strstr(rules, "dictionary-word"))
		law->refused++;
	else
		print_error("%s: %s\n", password, rules);
}

/* However they are changed, words of so many letters are refused as such. */
static void never_saves_a_word(
	void (*change)(char *password, const char *word, unsigned *seed), size_t shortest)
{
	struct law law = {
		.change = change,
		.policy = tree_policy((const char *const[]){"second_opinion=no", NULL}),
		.seed = 6,
	};

	each_word(shortest, judge_changed, &law);
	a2a_policy_close(law.policy);
	assert_true(law.judged > 3000);
	assert_int_equal(law.refused, law.judged);
}

static char draw_of(unsigned *seed, const char *characters)
{
	return characters[draw(seed, (unsigned)strlen(characters))];
}

static void append_digit(char *password, const char *word, unsigned *seed)
{
	sprintf(password, "%s%u", word, draw(seed, 10));
}

static void appending_a_digit_to_a_word_never_saves_it(void **state)
{
	(void)state;
	never_saves_a_word(append_digit, 6);
}

static void reverse(char *password, const char *word, unsigned *seed)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < length; i++)
		password[i] = word[length - 1 - i];
	sprintf(password + length, "%u", draw(seed, 100));
}

static void reversing_never_helps(void **state)
{
	(void)state;
	never_saves_a_word(reverse, 6);
}

static void set_capitals(char *password, const char *word, unsigned *seed)
{
	append_digit(password, word, seed);
	for (; *password; password++)
		if (draw(seed, 2))
			*password = (char)toupper(*password);
}

static void capitals_never_save_a_word(void **state)
{
	(void)state;
	never_saves_a_word(set_capitals, 6);
}

/* All of it or some; but one letter stays, or it would have none. */
static void write_leet(char *password, const char *word, unsigned *seed)
{
	static const char *const written[] = {
		"o0", "i1!", "l1|", "z2", "e3", "a4@", "s5$", "t7+", "g69", "b8", "c("};
	const unsigned share = 1 + draw(seed, 3);
	const size_t stays = draw(seed, (unsigned)strlen(word));

	append_digit(password, word, seed);
	for (size_t at = 0; password[at]; at++)
		for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
			if (at != stays && password[at] == written[i][0] && draw(seed, 3) < share) {
				password[at] = draw_of(seed, written[i] + 1);
				break;
			}
}

static void leet_never_saves_a_word(void **state)
{
	(void)state;
	never_saves_a_word(write_leet, 8);
}

static void put_inside(char *password, const char *word, unsigned *seed)
{
	int place = 1 + (int)draw(seed, (unsigned)strlen(word) - 1);

	sprintf(password, "%.*s%c%s%u", place, word, draw_of(seed, ".-_!1 7*+"), word + place,
		draw(seed, 10));
	/* No blank: that parts two words. */
	for (; *password; password++)
		if (*password == ' ')
			*password = '#';
}

static void something_inside_never_saves_a_word(void **state)
{
	(void)state;
	never_saves_a_word(put_inside, 8);
}

static void decorate(char *password, const char *word, unsigned *seed)
{
	static const char marks[] = "0123456789!?.*-_#@$+&%()/=,;:'";
	size_t before = draw(seed, 5), after = 1 + draw(seed, 8);

	for (; before; before--)
		*password++ = draw_of(seed, marks);
	password = stpcpy(password, word);
	for (; after; after--)
		*password++ = draw_of(seed, marks);
	*password++ = '1';
	*password = '\0';
}

static void what_stands_around_a_word_never_saves_it(void **state)
{
	(void)state;
	never_saves_a_word(decorate, 8);
}

static void append_ending(char *password, const char *word, unsigned *seed)
{
	static const char *const endings[] = {
		"ed", "en", "er", "es", "ly", "st", "te", "ing", "tje", "ung", "chen", "ment"};

	sprintf(password, "%s%s%u", word, endings[draw(seed, 12)], draw(seed, 100));
}

static void an_ending_never_saves_a_word(void **state)
{
	(void)state;
	never_saves_a_word(append_ending, 8);
}

static void append_letter(char *password, const char *word, unsigned *seed)
{
	sprintf(password, "%s%s%u", word, (const char *const[]){"x", "qk", "z"}[draw(seed, 3)],
		draw(seed, 100));
}

static void one_or_two_letters_never_save_a_long_word(void **state)
{
	(void)state;
	never_saves_a_word(append_letter, 8);
}

/* ---- How many guesses ------------------------------------------------------------------------ */

static const char lower_digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const char all_letters_digits[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* Draws until there are a letter and a digit. */
static void draw_password(unsigned *seed, char *password, size_t length, const char *characters)
{
	do {
		for (size_t i = 0; i < length; i++)
			password[i] = draw_of(seed, characters);
		password[length] = '\0';
	} while (!strpbrk(password, "0123456789") || strspn(password, "0123456789") == length);
}

static unsigned count_refused(size_t length, const char *characters, unsigned times)
{
	struct a2a_policy *policy = tree_policy((const char *const[]){"second_opinion=no", NULL});
	unsigned seed = 7, refused = 0;

	while (times--) {
		char password[64];

		draw_password(&seed, password, length, characters);
		refused += strcmp(rules_of(policy, password, NULL), "accept") != 0;
	}
	a2a_policy_close(policy);
	return refused;
}

static void a_random_password_of_eight_is_accepted(void **state)
{
	const unsigned lower = count_refused(8, lower_digits, 40000),
		       all = count_refused(8, all_letters_digits, 40000);

	(void)state;
	print_message("of 40000 each: %u of small letters and digits, %u with capitals refused\n",
		lower, all);
	assert_true(lower < 40);
	assert_true(all < 40);
}

static void a_random_password_of_ten_and_more_is_accepted(void **state)
{
	(void)state;
	assert_true(count_refused(10, lower_digits, 20000) <= 4);
	assert_int_equal(count_refused(12, lower_digits, 10000), 0);
	assert_int_equal(count_refused(12, all_letters_digits, 10000), 0);
	assert_int_equal(count_refused(16, lower_digits, 10000), 0);
}

/* Bits that a password of so many characters needs more than one of 8: twice as many guesses for
 * each further one, from the 11th to the 16th four times as many. */
static double more_needed(size_t length)
{
	const size_t counted = length > 16 ? 16 : length;

	return (double)(counted > 8 ? counted - 8 : 0) + (double)(counted > 10 ? counted - 10 : 0);
}

static void a_longer_password_needs_more_up_to_sixteen(void **state)
{
	struct a2a_policy *policy = tree_policy((const char *const[]){
		"second_opinion=no", "min_length=2", "min_guesses=1048576", NULL});
	char password[128] = "";

	(void)state;
	/* Characters are counted, as they are read. */
	for (size_t length = 1; length <= 32; length++) {
		strcat(password, length % 3 ? "k" : "e\xcc\x81");
		assert_true(
			verdict_of(policy, password, NULL).log2_needed == 20 + more_needed(length));
	}
	a2a_policy_close(policy);
}

/* The same spelling, with as many bits: refused below the limit, accepted at it. */
static void the_limit_itself_is_enough(void **state)
{
	static const char *const passwords[] = {"k7xq2m9w", "h3j8k2p1w", "blauwfiets7groen"};

	(void)state;
	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++) {
		const double more = more_needed(strlen(passwords[i]));
		struct a2a_policy *policy =
			tree_policy((const char *const[]){"second_opinion=no", NULL});
		const double has = verdict_of(policy, passwords[i], NULL).estimate.log2_guesses;

		a2a_policy_close(policy);
		for (int above = 0; above < 2; above++) {
			char set[64];

			snprintf(set, sizeof(set), "min_guesses=%.0f",
				exp2(has - more) + (above ? 2 : -2));
			policy = tree_policy((const char *const[]){"second_opinion=no", set, NULL});
			assert_string_equal(rules_of(policy, passwords[i], NULL),
				above ? "guessable" : "accept");
			a2a_policy_close(policy);
		}
	}
}

/* Guesses are counted, with or without a limit, or words alone looked for. */
static void what_is_not_asked_is_not_needed(void **state)
{
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"second_opinion=no", "min_guesses=0", NULL});
	struct a2a_verdict verdict = verdict_of(policy, "Welkom2026", NULL);

	(void)state;
	assert_true(verdict.estimate.log2_guesses > 0);
	assert_true(isnan(verdict.log2_needed));
	assert_int_equal(verdict.estimate.word.length, 6);
	assert_string_equal(rules_of(policy, "Welkom2026", NULL), "dictionary-word");
	/* Neither leaked nor guessable is asked. */
	assert_string_equal(rules_of(policy, "abcdefgh1234", NULL), "accept");
	a2a_policy_close(policy);
	policy = tree_policy((const char *const[]){"second_opinion=no", "dictcheck=no", NULL});
	verdict = verdict_of(policy, "Welkom2026", NULL);
	assert_true(verdict.estimate.log2_guesses < verdict.log2_needed);
	assert_string_equal(rules_of(policy, "Welkom2026", NULL), "guessable");
	assert_string_equal(rules_of(policy, "abcdefgh1234", NULL), "leaked");
	a2a_policy_close(policy);
	policy = tree_policy(alone);
	verdict = verdict_of(policy, "Welkom2026", NULL);
	assert_true(isnan(verdict.estimate.log2_guesses) && isnan(verdict.log2_needed));
	assert_int_equal(verdict.estimate.word.length, 0);
	assert_int_equal(verdict.estimate.segments, 0);
	a2a_policy_close(policy);
}

/* ---- The person ------------------------------------------------------------------------------ */

/* Their words are the first that is tried. */
static void the_persons_words_cost_next_to_nothing(void **state)
{
	static const char *const names[] = {"Xqvwk Zjbhf"};
	const struct a2a_person person = {.names = names, .name_count = 1};
	static const struct {
		const char *password;
		size_t start, length;
	} rows[] = {{"xqvwk7kq3vx", 0, 5}, {"7kq3v2ZJBHF", 6, 5}, {"7kkwvqx3vxm", 2, 5},
		{"€xqvwkzjbhf7k", 1, 10}, {"œ7xqvwk3vx2", 2, 5}};
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"second_opinion=no", "person_rest=1", NULL});

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct a2a_verdict with = verdict_of(policy, rows[i].password, &person);
		struct a2a_verdict without = verdict_of(policy, rows[i].password, NULL);
		bool found = false;

		if (with.estimate.log2_guesses > without.estimate.log2_guesses - 12)
			fail_msg("%s: %f, not %f", rows[i].password, with.estimate.log2_guesses,
				without.estimate.log2_guesses);
		for (size_t j = 0; j < with.estimate.segments; j++)
			found |= with.estimate.segment[j].kind == A2A_SEGMENT_PERSON &&
				 with.estimate.segment[j].start == rows[i].start &&
				 with.estimate.segment[j].length == rows[i].length;
		if (!found)
			fail_msg("%s: another place", rows[i].password);
		for (size_t j = 0; j < without.estimate.segments; j++)
			assert_true(without.estimate.segment[j].kind != A2A_SEGMENT_PERSON);
	}
	a2a_policy_close(policy);
}

static void knowing_the_person_never_raises_the_guess_number(void **state)
{
	struct a2a_policy *policy = tree_policy((const char *const[]){"second_opinion=no", NULL});
	unsigned seed = 8;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char password[64], name[16];
		const char *const names[] = {name};
		const struct a2a_person person = {.names = names, .name_count = 1};

		random_password(&seed, name, draw(&seed, 12));
		random_password(&seed, password, draw(&seed, 12));
		strcat(password, name);
		assert_true(verdict_of(policy, password, &person).estimate.log2_guesses <=
			    verdict_of(policy, password, NULL).estimate.log2_guesses);
	}
	a2a_policy_close(policy);
}

/* The service's name counts like theirs. */
static void the_site_is_a_person_too(void **state)
{
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"second_opinion=no", "site_words=xqvwk", NULL});
	struct a2a_verdict verdict = verdict_of(policy, "7kq3vxxqvwk", NULL);

	(void)state;
	assert_int_equal(
		verdict.estimate.segment[verdict.estimate.segments - 1].kind, A2A_SEGMENT_PERSON);
	a2a_policy_close(policy);
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* In characters as they are typed and read, whatever they fold to. */
static void the_word_stands_where_it_was_typed(void **state)
{
	static const struct {
		const char *password;
		size_t start, length;
		enum a2a_segment_kind kind;
		unsigned languages;
	} rows[] = {
		{"12étalonnage!", 2, 10, A2A_SEGMENT_WORD, (1 << A2A_FRENCH)},
		{"12e\xcc\x81talonnage!", 2, 10, A2A_SEGMENT_WORD, (1 << A2A_FRENCH)},
		{"7cœlacanthe", 1, 10, A2A_SEGMENT_WORD, (1 << A2A_FRENCH)},
		{"1ßStraßenbahn", 2, 11, A2A_SEGMENT_WORD, (1 << A2A_GERMAN)},
		{"7egannolaté", 1, 10, A2A_SEGMENT_BACKWARDS, (1 << A2A_FRENCH)},
		{"1nhabneßartS!", 1, 11, A2A_SEGMENT_BACKWARDS, (1 << A2A_GERMAN)},
		{"€Gezel.ligheid7", 1, 13, A2A_SEGMENT_WORD, (1 << A2A_DUTCH)},
		{"9g3z3ll1gh31d", 1, 12, A2A_SEGMENT_WORD, (1 << A2A_DUTCH)},
		{"…………………gezelligheid1", 7, 12, A2A_SEGMENT_WORD, (1 << A2A_DUTCH)},
		{"½½½½½½1gezelligheid", 7, 12, A2A_SEGMENT_WORD, (1 << A2A_DUTCH)},
		{"k7xq2m9w", 0, 0, A2A_SEGMENT_LETTERS, 0},
	};
	struct a2a_policy *policy = tree_policy((const char *const[]){"second_opinion=no", NULL});

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct a2a_segment word =
			verdict_of(policy, rows[i].password, NULL).estimate.word;

		if (word.start != rows[i].start || word.length != rows[i].length ||
			word.kind != rows[i].kind ||
			(word.languages & rows[i].languages) != rows[i].languages)
			fail_msg("%s: %s of %u at %zu, %zu long", rows[i].password,
				a2a_segment_name(word.kind), word.languages, word.start,
				word.length);
	}
	a2a_policy_close(policy);
}

static void segments_stand_where_they_were_typed(void **state)
{
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"second_opinion=no", "dictcheck=no", NULL});
	struct a2a_verdict verdict = verdict_of(policy,
		"e\xcc\x81te\xcc\x81"
		"2024!",
		NULL);

	(void)state;
	assert_int_equal(verdict.estimate.segments, 3);
	assert_int_equal(verdict.estimate.segment[0].kind, A2A_SEGMENT_WORD);
	assert_int_equal(verdict.estimate.segment[0].start, 0);
	assert_int_equal(verdict.estimate.segment[0].length, 3);
	assert_true(verdict.estimate.segment[0].languages & (1 << A2A_FRENCH));
	assert_int_equal(verdict.estimate.segment[1].kind, A2A_SEGMENT_YEAR);
	assert_int_equal(verdict.estimate.segment[1].start, 3);
	assert_int_equal(verdict.estimate.segment[1].length, 4);
	assert_int_equal(verdict.estimate.segment[2].kind, A2A_SEGMENT_SYMBOL);
	assert_int_equal(verdict.estimate.segment[2].start, 7);
	assert_int_equal(verdict.estimate.segment[2].length, 1);
	a2a_policy_close(policy);
}

/* What is short of text alone costs its bits in all; a long spelling is cut off, not mangled. */
static void segments_lie_side_by_side(void **state)
{
	static const char *const parts[] = {"é", "œ", "ß", "…", "½", "welkom", "2024", "azerty",
		"Q", "7", "!", "한", "passw0rd", "aaaa", "12.12.1999", "х", "ﬃ"};
	struct a2a_policy *policy = tree_policy((const char *const[]){"second_opinion=no", NULL});
	unsigned seed = 9;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		char password[256] = "";
		struct a2a_verdict verdict;
		struct a2a_text text;
		size_t end = 0, count = 1 + draw(&seed, 12);
		double bits = 0;

		while (count--)
			strcat(password, parts[draw(&seed, sizeof(parts) / sizeof(parts[0]))]);
		verdict = verdict_of(policy, password, NULL);
		assert_true(a2a_text_read(&text, password, strlen(password)));
		for (size_t j = 0; j < verdict.estimate.segments; j++) {
			const struct a2a_segment *segment = &verdict.estimate.segment[j];

			/* One character may fold to two, of different segments. */
			assert_true(segment->start == end || segment->start + 1 == end);
			assert_true(segment->length > 0);
			end = segment->start + segment->length;
			bits += segment->bits;
		}
		if (verdict.estimate.segments < A2A_MOST_SEGMENTS && end != text.count)
			fail_msg("%s: up to %zu of %zu", password, end, text.count);
		if (verdict.estimate.segments < A2A_MOST_SEGMENTS)
			assert_true(verdict.estimate.log2_guesses <=
				    log2(exp2(bits) + exp2(verdict.estimate.log2_before)) + 0.001);
		assert_true(
			verdict.estimate.word.start + verdict.estimate.word.length <= text.count);
	}
	a2a_policy_close(policy);
}

/* The engine asks for no locale, and gets none from whoever calls it. */
static void the_callers_locale_changes_nothing(void **state)
{
	static const char *const passwords[] = {"&é\"'(§è!çà5", "çà&é\"'(-è_7", "(-è_çà(-è_1",
		"qsdfgh_çà7", "azerty-è_7", "wxcvbn!çà7", "étalonnage1", "k7xq2m9w",
		"1a&2zé3e\"4r'"};
	double guesses[2][sizeof(passwords) / sizeof(passwords[0])];

	(void)state;
	for (int utf8 = 0; utf8 < 2; utf8++) {
		struct a2a_policy *policy;

		if (utf8 && !setlocale(LC_ALL, "C.UTF-8"))
			skip();
		policy = tree_policy((const char *const[]){"second_opinion=no", NULL});
		for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++)
			guesses[utf8][i] =
				verdict_of(policy, passwords[i], NULL).estimate.log2_guesses;
		a2a_policy_close(policy);
		setlocale(LC_ALL, "C");
	}
	assert_memory_equal(guesses[0], guesses[1], sizeof(guesses[0]));
}

/* Milliseconds of CPU that the judge may take at most, on a loaded machine and with sanitizers: it is
 * far below. What grows without a bound takes seconds. */
enum { LONG = 200 };

/* As long as a password can be, of what goes most ways. */
static void no_password_takes_long(void **state)
{
	static const char *const parts[] = {"a", "1", "4", "1q", "12", "!@#$%", "p4ssw0rd",
		"0000001", "1!", "$5", "qaz1", "01", "é", "ß", "…", "한", "azertyuiop", "5e4",
		"k7xq2m9w"};
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"second_opinion=no", "max_length=511", NULL});

	(void)state;
	/* An emulator takes as long as it takes. */
	if (getenv("A2A_EMULATED"))
		skip();
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char password[512] = "";
		double shortest = INFINITY;

		while (strlen(password) + strlen(parts[i]) < sizeof(password))
			strcat(password, parts[i]);
		for (int times = 0; times < 5; times++) {
			struct timespec start, end;
			double took;

			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
			verdict_of(policy, password, NULL);
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
			took = (double)(end.tv_sec - start.tv_sec) * 1e3 +
			       (double)(end.tv_nsec - start.tv_nsec) / 1e6;
			shortest = took < shortest ? took : shortest;
		}
		if (shortest > LONG)
			fail_msg("%s...: %.1f ms", parts[i], shortest);
	}
	a2a_policy_close(policy);
}

/* ---- Any password ---------------------------------------------------------------------------- */

static void length_is_judged_at_every_length(void **state)
{
	struct a2a_policy *policy = tree_policy((const char *const[]){
		"dictcheck=no", "second_opinion=no", "min_guesses=0", "max_length=300", NULL});

	(void)state;
	for (size_t length = 0; length <= 4096; length++) {
		char *password = malloc(length + 1);
		const char *rules;

		assert_non_null(password);
		for (size_t i = 0; i < length; i++)
			password[i] = "k7h"[i % 3];
		password[length] = '\0';
		rules = rules_of(policy, password, NULL);
		if (length > 300)
			assert_string_equal(rules, "too-long");
		else
			assert_int_equal(strstr(rules, "too-short") != NULL, length < 8);
		free(password);
	}
	a2a_policy_close(policy);
}

/* Bytes without any structure: whatever comes, there is a verdict, and no byte that is not text is
 * accepted. */
static void any_bytes_get_a_verdict(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	unsigned seed = 5;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		char bytes[600];
		struct secret password = a2a_secret_borrow(bytes, draw(&seed, sizeof(bytes)));
		struct a2a_verdict verdict;
		bool plain = true;

		for (size_t j = 0; j < password.length; j++) {
			bytes[j] =
				(char)(draw(&seed, 20) ? 'a' + draw(&seed, 26) : draw(&seed, 256));
			plain &= bytes[j] >= ' ';
		}
		assert_true(a2a_judge(policy, &password, NULL, &verdict, NULL));
		if (memchr(bytes, '\0', password.length))
			assert_false(verdict.accepted);
		if (!plain && verdict.accepted)
			for (size_t j = 0; j < password.length; j++)
				assert_false((unsigned char)bytes[j] < ' ');
	}
	a2a_policy_close(policy);
}

static void no_password_is_a_fault(void **state)
{
	struct a2a_policy *policy = tree_policy(alone);
	struct secret none = {0};
	struct a2a_verdict verdict = {.accepted = true};
	struct reports reports;

	(void)state;
	reports_start(&reports);
	assert_false(a2a_judge(policy, &none, NULL, &verdict, &reports.log));
	assert_false(verdict.accepted);
	assert_int_equal(reports.faults, 1);
	a2a_policy_close(policy);
}

/* cracklib's veto on neighbours of the alphabet must not cost a long passphrase. */
static void a_long_passphrase_is_not_too_simple(void **state)
{
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"min_guesses=0", "dictcheck=no", NULL});

	(void)state;
	/* Ten neighbouring pairs (no, op, st, de, fe, ...), 38 characters. */
	assert_string_equal(
		rules_of(policy, "hijst-rustig-noop-defect-stoep-definitie7", NULL), "accept");
	assert_string_equal(rules_of(policy, "abcdefghij12345", NULL), "second-opinion");
	assert_string_equal(rules_of(policy, "zyxwv98765", NULL), "second-opinion");
	a2a_policy_close(policy);
}

/* A dictionary of the test, and a policy that uses it. */
struct packed {
	char *folder;
	char *path[3];
	struct a2a_policy *policy;
};

static struct packed copy_dictionary(void)
{
	static const char *const endings[] = {"pwd", "pwi", "hwm"};
	struct packed packed = {.folder = new_folder()};
	char *set = NULL;

	for (size_t i = 0; i < 3; i++) {
		char *from = NULL;
		unsigned char *bytes;
		size_t size;

		assert_true(asprintf(&from, "%s/dict/words/" A2A_DICTIONARY_NAME ".%s",
				    getenv("A2A_BUILD"), endings[i]) > 0);
		assert_true(asprintf(&packed.path[i], "%s/d.%s", packed.folder, endings[i]) > 0);
		bytes = read_file(from, &size);
		write_file(packed.path[i], bytes, size);
		free(bytes);
		free(from);
	}
	assert_true(asprintf(&set, "dictpath=%s/d", packed.folder) > 0);
	/* Without the guess number, every verdict depends on cracklib. */
	packed.policy = tree_policy((const char *const[]){set, "min_guesses=0", NULL});
	free(set);
	assert_string_equal(rules_of(packed.policy, "k7hq9ab2", NULL), "accept");
	return packed;
}

static void close_packed(struct packed *packed)
{
	a2a_policy_close(packed->policy);
	for (size_t i = 0; i < 3; i++)
		free(packed->path[i]);
}

/* Checks that a password is neither accepted nor refused by a rule, that the report holds nothing
 * of it, and that nothing goes to standard error, which belongs to the host program. */
static void is_a_quiet_fault(const struct a2a_policy *policy)
{
	const struct secret password = a2a_secret_borrow("k7hq9ab2", 8);
	const int kept = dup(STDERR_FILENO), caught = memfd_create("stderr", MFD_CLOEXEC);
	struct reports reports;
	struct a2a_verdict verdict;
	bool judged;

	assert_true(kept >= 0 && caught >= 0);
	reports_start(&reports);
	fflush(stderr);
	assert_true(dup2(caught, STDERR_FILENO) >= 0);
	judged = a2a_judge(policy, &password, NULL, &verdict, &reports.log);
	fflush(stderr);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	assert_int_equal(lseek(caught, 0, SEEK_END), 0);
	close(kept);
	close(caught);
	assert_false(judged);
	assert_false(verdict.accepted);
	assert_true(reports.faults >= 1);
	assert_null(strstr(reports.text, "k7hq9ab2"));
}

/* If a dictionary goes away after the policy was opened, that is a fault: no password is accepted.
 */
static void a_dictionary_that_goes_away_is_a_fault(void **state)
{
	struct packed packed = copy_dictionary();

	(void)state;
	remove_folder(packed.folder);
	is_a_quiet_fault(packed.policy);
	close_packed(&packed);
}

/* Writes over a file without replacing it, and sets its time of modification back. */
static void rewrite(const char *path, const unsigned char *bytes, size_t size)
{
	const int file = open(path, O_WRONLY | O_CLOEXEC);
	struct stat before, after;

	assert_true(file >= 0);
	assert_int_equal(fstat(file, &before), 0);
	/* The clock of files may tick as slowly as every 10 ms. */
	usleep(30000);
	assert_int_equal(write(file, bytes, size), size);
	assert_int_equal(
		futimens(file, (const struct timespec[]){before.st_atim, before.st_mtim}), 0);
	assert_int_equal(fstat(file, &after), 0);
	assert_int_equal(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
	assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
	assert_int_equal(after.st_size, before.st_size);
	assert_int_equal(after.st_ino, before.st_ino);
	close(file);
}

static void a_dictionary_rewritten_in_place_is_a_fault(void **state)
{
	struct packed packed = copy_dictionary();

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		size_t size;
		unsigned char *bytes = read_file(packed.path[i], &size);
		unsigned char *damaged = calloc(1, size);

		assert_non_null(damaged);
		rewrite(packed.path[i], damaged, size);
		is_a_quiet_fault(packed.policy);
		/* The dictionary is whole again: it is checked again, and used. */
		rewrite(packed.path[i], bytes, size);
		assert_string_equal(rules_of(packed.policy, "k7hq9ab2", NULL), "accept");
		free(damaged);
		free(bytes);
	}
	remove_folder(packed.folder);
	close_packed(&packed);
}

/* The lexicon with one byte changed, or cut, or not there: nothing can be judged. */
static void a_lexicon_that_is_not_whole_opens_no_policy(void **state)
{
	char *folder = new_folder();
	char *from = in_build("dict/words/lexicon"), *to = NULL, *set = NULL;
	unsigned char *bytes;
	size_t size;

	(void)state;
	bytes = read_file(from, &size);
	assert_true(asprintf(&to, "%s/lexicon", folder) > 0);
	assert_true(asprintf(&set, "lexicon=%s", to) > 0);
	for (size_t i = 0; i < 40; i++) {
		const size_t at = i * (size - 1) / 39;
		struct a2a_settings *settings = tree_settings((const char *const[]){set, NULL});
		struct reports reports;

		reports_start(&reports);
		bytes[at] ^= 0x10;
		write_file(to, bytes, size);
		bytes[at] ^= 0x10;
		assert_null(a2a_policy_open(settings, &reports.log));
		write_file(to, bytes, at);
		assert_null(a2a_policy_open(settings, &reports.log));
		assert_int_equal(remove(to), 0);
		assert_null(a2a_policy_open(settings, &reports.log));
		assert_int_equal(reports.faults, 3);
		write_file(to, bytes, size);
		a2a_policy_close(a2a_policy_open(settings, &reports.log));
		assert_int_equal(reports.faults, 3);
		a2a_settings_free(settings);
	}
	free(bytes);
	free(from);
	free(to);
	free(set);
	remove_folder(folder);
}

/* ---- Threads --------------------------------------------------------------------------------- */

/* One of several threads that judge under one policy at the same time. */
struct thread {
	pthread_t id;
	const struct a2a_policy *policy;
	unsigned wrong, faults;
};

static void count_report(void *context, enum a2a_level level, const char *text)
{
	(void)level;
	(void)text;
	++*(unsigned *)context;
}

static void *judge_many(void *context)
{
	static const struct {
		const char *password;
		bool accepted;
	} rows[] = {
		{"k7hq9ab2", true},
		{"x4mvt8qa", true},
		{"Welkom2026", false},
		{"r9wk3tzd", true},
		{"azerty123", false},
	};
	struct thread *thread = context;
	const struct a2a_log log = {count_report, &thread->faults};
	const struct secret old = a2a_secret_borrow("v5hnc2wj", 8);
	const struct a2a_person person = {.old_password = &old};

	for (size_t i = 0; i < 60; i++) {
		const char *password = rows[i % (sizeof(rows) / sizeof(rows[0]))].password;
		const struct secret secret = a2a_secret_borrow(password, strlen(password));
		struct a2a_verdict verdict;

		thread->wrong +=
			!a2a_judge(thread->policy, &secret, &person, &verdict, &log) ||
			verdict.accepted != rows[i % (sizeof(rows) / sizeof(rows[0]))].accepted;
	}
	return NULL;
}

/* cracklib and libpwquality are not made for threads, but the second opinion is. */
static void threads_judge(const char *const *set)
{
	struct a2a_policy *policy = tree_policy(set);
	struct thread thread[64];

	for (size_t i = 0; i < 64; i++) {
		thread[i] = (struct thread){.policy = policy};
		assert_int_equal(pthread_create(&thread[i].id, NULL, judge_many, &thread[i]), 0);
	}
	for (size_t i = 0; i < 64; i++) {
		assert_int_equal(pthread_join(thread[i].id, NULL), 0);
		assert_int_equal(thread[i].wrong, 0);
		assert_int_equal(thread[i].faults, 0);
	}
	a2a_policy_close(policy);
}

static void threads_judge_at_the_same_time(void **state)
{
	(void)state;
	threads_judge(NULL);
	/* Every verdict depends on both libraries. */
	threads_judge((const char *const[]){"min_guesses=0", "maxrepeat=8", NULL});
}

/* With an argument, runs only the tests of that name, in which * stands for anything. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_judge_at_the_same_time),
		cmocka_unit_test(table_of_verdicts),
		cmocka_unit_test(appending_to_an_accepted_password_never_makes_it_too_short),
		cmocka_unit_test(order_of_characters_does_not_matter_to_composition),
		cmocka_unit_test(knowing_more_of_the_person_never_helps),
		cmocka_unit_test(reversing_the_name_never_helps),
		cmocka_unit_test(appending_digits_to_a_word_never_saves_it),
		cmocka_unit_test(appending_a_digit_to_a_word_never_saves_it),
		cmocka_unit_test(reversing_never_helps),
		cmocka_unit_test(capitals_never_save_a_word),
		cmocka_unit_test(leet_never_saves_a_word),
		cmocka_unit_test(something_inside_never_saves_a_word),
		cmocka_unit_test(what_stands_around_a_word_never_saves_it),
		cmocka_unit_test(an_ending_never_saves_a_word),
		cmocka_unit_test(one_or_two_letters_never_save_a_long_word),
		cmocka_unit_test(a_random_password_of_eight_is_accepted),
		cmocka_unit_test(a_random_password_of_ten_and_more_is_accepted),
		cmocka_unit_test(a_longer_password_needs_more_up_to_sixteen),
		cmocka_unit_test(the_limit_itself_is_enough),
		cmocka_unit_test(what_is_not_asked_is_not_needed),
		cmocka_unit_test(the_persons_words_cost_next_to_nothing),
		cmocka_unit_test(knowing_the_person_never_raises_the_guess_number),
		cmocka_unit_test(the_site_is_a_person_too),
		cmocka_unit_test(the_word_stands_where_it_was_typed),
		cmocka_unit_test(segments_stand_where_they_were_typed),
		cmocka_unit_test(segments_lie_side_by_side),
		cmocka_unit_test(the_callers_locale_changes_nothing),
		cmocka_unit_test(no_password_takes_long),
		cmocka_unit_test(length_is_judged_at_every_length),
		cmocka_unit_test(any_bytes_get_a_verdict),
		cmocka_unit_test(no_password_is_a_fault),
		cmocka_unit_test(a_long_passphrase_is_not_too_simple),
		cmocka_unit_test(a_dictionary_that_goes_away_is_a_fault),
		cmocka_unit_test(a_dictionary_rewritten_in_place_is_a_fault),
		cmocka_unit_test(a_lexicon_that_is_not_whole_opens_no_policy),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
