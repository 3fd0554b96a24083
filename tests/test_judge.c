/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules: the table of verdicts, and laws that must hold for any password. */
#define _GNU_SOURCE
#include "fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	assert_true(asprintf(&path, "%s/tests/verdicts.tsv", getenv("A2A_SOURCE")) > 0);
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
	struct a2a_policy *policy = tree_policy((const char *const[]){"min_guesses=0", NULL});

	(void)state;
	/* Ten neighbouring pairs (no, op, st, de, fe, ...), 38 characters. */
	assert_string_equal(
		rules_of(policy, "hijst-rustig-noop-defect-stoep-definitie7", NULL), "accept");
	assert_string_equal(rules_of(policy, "abcdefghij12345", NULL), "second-opinion");
	assert_string_equal(rules_of(policy, "zyxwv98765", NULL), "second-opinion");
	a2a_policy_close(policy);
}

/* A dictionary that goes away after the policy was opened: refused as a fault, not accepted. */
static void a_dictionary_that_goes_away_is_a_fault(void **state)
{
	static const char *const endings[] = {"pwd", "pwi", "hwm"};
	char *folder = new_folder();
	char *set = NULL;
	struct a2a_policy *policy;
	struct reports reports;
	struct a2a_verdict verdict;
	const struct secret password = a2a_secret_borrow("k7hq9ab2", 8);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *from = NULL, *to = NULL;
		unsigned char *bytes;
		size_t size;

		assert_true(asprintf(&from, "%s/dict/dictionary.%s", getenv("A2A_BUILD"),
				    endings[i]) > 0);
		assert_true(asprintf(&to, "%s/d.%s", folder, endings[i]) > 0);
		bytes = read_file(from, &size);
		write_file(to, bytes, size);
		free(bytes);
		free(from);
		free(to);
	}
	assert_true(asprintf(&set, "dictpath=%s/d", folder) > 0);
	policy = tree_policy((const char *const[]){set, NULL});
	assert_string_equal(rules_of(policy, "k7hq9ab2", NULL), "accept");
	remove_folder(folder);
	reports_start(&reports);
	assert_false(a2a_judge(policy, &password, NULL, &verdict, &reports.log));
	assert_false(verdict.accepted);
	assert_true(reports.faults >= 1);
	assert_null(strstr(reports.text, "k7hq9ab2"));
	free(set);
	a2a_policy_close(policy);
}

/* The lexicon with one byte changed, or cut, or not there: nothing can be judged. */
static void a_lexicon_that_is_not_whole_opens_no_policy(void **state)
{
	char *folder = new_folder();
	char *from = in_build("dict/lexicon"), *to = NULL, *set = NULL;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_of_verdicts),
		cmocka_unit_test(appending_to_an_accepted_password_never_makes_it_too_short),
		cmocka_unit_test(order_of_characters_does_not_matter_to_composition),
		cmocka_unit_test(knowing_more_of_the_person_never_helps),
		cmocka_unit_test(reversing_the_name_never_helps),
		cmocka_unit_test(appending_digits_to_a_word_never_saves_it),
		cmocka_unit_test(length_is_judged_at_every_length),
		cmocka_unit_test(any_bytes_get_a_verdict),
		cmocka_unit_test(no_password_is_a_fault),
		cmocka_unit_test(a_long_passphrase_is_not_too_simple),
		cmocka_unit_test(a_dictionary_that_goes_away_is_a_fault),
		cmocka_unit_test(a_lexicon_that_is_not_whole_opens_no_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
