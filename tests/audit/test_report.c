/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report.h"
#include "rule_ids.h"

enum { DAY = 24 * 60 * 60, NOW = 1700000000 };

static void days_of_grace_are_rounded_up_and_end(void **state)
{
	static const struct {
		const char *rules;
		int64_t age; /* seconds */
		long grace, left;
	} cases[] = {
		{"too-short", 0, 30, 30},
		{"too-short", 1, 30, 30},
		{"too-short", DAY - 1, 30, 30},
		{"too-short", DAY, 30, 29},
		{"too-short", 30 * DAY - 1, 30, 1},
		{"too-short", 30 * DAY, 30, 0},
		{"too-short", 300 * DAY, 30, 0},
		{"too-short", 0, 0, 0},
		{"too-short", 0, -1, -1},
		{"", 0, 30, -1},
		/* The clock was set back. */
		{"too-short", -DAY, 30, 31},
		{"too-short", 0, 3650, 3650},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct a2a_record record = {
			.rules = cases[i].rules, .since = NOW - cases[i].age};

		assert_int_equal(a2a_record_days_left(&record, cases[i].grace, NOW), cases[i].left);
	}
}

static void totals_count_users(void **state)
{
	static const char *const rules[] = {"too-short,no-digit", "too-short", "",
		"too-short,too-short", "a-later-rule", "too-shortish,xtoo-short",
		"dictionary-word,too-short", ""};
	struct a2a_totals totals = {0};

	(void)state;
	assert_int_equal(a2a_totals_most(&totals), 0);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		a2a_totals_add(&totals, &(struct a2a_record){.rules = rules[i]});
	assert_int_equal(totals.weak, 6);
	assert_int_equal(totals.good, 2);
	assert_int_equal(totals.by_rule[A2A_TOO_SHORT], 4);
	assert_int_equal(totals.by_rule[A2A_NO_DIGIT], 1);
	assert_int_equal(totals.by_rule[A2A_DICTIONARY_WORD], 1);
	assert_int_equal(totals.by_rule[A2A_GUESSABLE], 0);
	assert_int_equal(a2a_totals_most(&totals), 4);
}

static void a_percentage_is_rounded_to_the_nearest(void **state)
{
	(void)state;
	assert_int_equal(a2a_percent(0, 0), 0);
	assert_int_equal(a2a_percent(4, 5), 80);
	assert_int_equal(a2a_percent(1, 3), 33);
	assert_int_equal(a2a_percent(2, 3), 67);
	assert_int_equal(a2a_percent(1, 200), 1);
	assert_int_equal(a2a_percent(7, 7), 100);
}

/* Every list that a2a_verdict_rules() writes can be read back, whatever rules are in it. */
static void every_list_of_ids_is_read_back(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 1u << A2A_RULES; bits++) {
		char list[A2A_RULES * 32] = "";

		for (unsigned rule = 0; rule < A2A_RULES; rule++)
			if (bits >> rule & 1)
				sprintf(list + strlen(list), "%s%s", *list ? "," : "",
					a2a_rule_name((enum a2a_rule)rule));
		assert_int_equal(a2a_rule_ids_bits(list), bits);
	}
}

static void unknown_ids_keep_their_place(void **state)
{
	const char *list = ",,new-rule,too-long,,", *id;
	enum a2a_rule rule;
	size_t length;

	(void)state;
	id = a2a_rule_ids_next(&list, &length, &rule);
	assert_memory_equal(id, "new-rule", length);
	assert_int_equal(length, 8);
	assert_int_equal(rule, A2A_RULES);
	id = a2a_rule_ids_next(&list, &length, &rule);
	assert_memory_equal(id, "too-long", length);
	assert_int_equal(rule, A2A_TOO_LONG);
	assert_null(a2a_rule_ids_next(&list, &length, &rule));
	assert_null(a2a_rule_ids_next(&list, &length, &rule));
	assert_string_equal(list, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_of_grace_are_rounded_up_and_end),
		cmocka_unit_test(totals_count_users),
		cmocka_unit_test(a_percentage_is_rounded_to_the_nearest),
		cmocka_unit_test(every_list_of_ids_is_read_back),
		cmocka_unit_test(unknown_ids_keep_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
