/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests which texts are numbers, and that every door says the same. test_pam.c tests the door of
 * the module. */
#define _GNU_SOURCE
#include "fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "numbers.h"

enum { TEXTS = sizeof(number_texts) / sizeof(number_texts[0]) };

static void texts_are_numbers_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEXTS; i++) {
		int64_t number = -7;

		if (a2a_number_parse(number_texts[i].text, 1, 100, &number) !=
			number_texts[i].is_number)
			fail_msg("\"%s\"", number_texts[i].text);
		assert_int_equal(number,
			number_texts[i].is_number ? strtoll(number_texts[i].text, NULL, 10) : -7);
	}
}

static void white_space_is_no_part_of_a_number(void **state)
{
	static const char *const texts[] = {" 9", "9 ", "\t9", "9\n", "\v9", " ", "- 9"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t number;

		if (a2a_number_parse(texts[i], -100, 100, &number))
			fail_msg("\"%s\"", texts[i]);
	}
}

/* The numbers go up to both ends of int64_t, and one beyond. */
static void a_range_holds_at_both_ends(void **state)
{
	static const struct {
		const char *text;
		int64_t least, most;
		bool fits;
	} rows[] = {
		{"-64", -64, 0, true},
		{"-65", -64, 0, false},
		{"-0", -64, 0, true},
		{"1", -64, 0, false},
		{"-0", 0, 9, false},
		{"0", 1, 9, false},
		{"-1", INT64_MIN, -1, true},
		{"0", INT64_MIN, -1, false},
		{"9223372036854775807", 0, INT64_MAX, true},
		{"9223372036854775808", 0, INT64_MAX, false},
		{"92233720368547758070", 0, INT64_MAX, false},
		{"-9223372036854775808", INT64_MIN, 0, true},
		{"-9223372036854775809", INT64_MIN, 0, false},
		{"1000000000000000", 0, INT64_C(1000000000000000), true},
		{"1000000000000001", 0, INT64_C(1000000000000000), false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[32];
		int64_t number;

		if (a2a_number_parse(rows[i].text, rows[i].least, rows[i].most, &number) !=
			rows[i].fits)
			fail_msg("%s", rows[i].text);
		snprintf(text, sizeof(text), "%" PRId64, number);
		if (rows[i].fits && strcmp(rows[i].text, "-0") != 0)
			assert_string_equal(text, rows[i].text);
	}
}

static void a_setting_takes_the_same_numbers(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();

	(void)state;
	for (size_t i = 0; i < TEXTS; i++) {
		char *assignment = NULL;

		assert_true(asprintf(&assignment, "difok=%s", number_texts[i].text) > 0);
		if (a2a_settings_set(settings, assignment, "test", NULL) !=
			number_texts[i].is_number)
			fail_msg("%s", assignment);
		free(assignment);
	}
	a2a_settings_free(settings);
}

/* Runs a command of the build tree with a text in its arguments. Returns whether it said that the
 * text is not a number. */
static bool is_refused(const char *command, const char *text)
{
	char *line = NULL, *said = NULL;
	size_t size = 0;
	FILE *pipe;
	bool refused;

	assert_true(asprintf(&line, "'%s'/tools/%s'%s' 2>&1 >/dev/null", getenv("A2A_BUILD"),
			    command, text) > 0);
	pipe = popen(line, "re");
	assert_non_null(pipe);
	if (getdelim(&said, &size, '\0', pipe) < 0)
		*said = '\0';
	pclose(pipe);
	refused = strstr(said, "is not a number from") || strstr(said, "is not a whole number");
	free(said);
	free(line);
	return refused;
}

static void a_command_line_takes_the_same_numbers(void **state)
{
	static const char *const commands[] = {"all2all-pwgen --set=min_guesses=0 "
					       "--set=dictcheck=no --set=second_opinion=no "
					       "--count=",
		"all2all-audit --store=/nonexistent/store --grace=",
		"all2all-pwcheck --show-config --set=difok="};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		for (size_t j = 0; j < TEXTS; j++)
			if (is_refused(commands[i], number_texts[j].text) ==
				number_texts[j].is_number)
				fail_msg("%s%s", commands[i], number_texts[j].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_numbers_or_not),
		cmocka_unit_test(white_space_is_no_part_of_a_number),
		cmocka_unit_test(a_range_holds_at_both_ends),
		cmocka_unit_test(a_setting_takes_the_same_numbers),
		cmocka_unit_test(a_command_line_takes_the_same_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
