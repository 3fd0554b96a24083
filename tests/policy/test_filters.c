/* SPDX-License-Identifier: BSD-3-Clause */
/* The setting `leaks`: which passwords a filter refuses, and what happens without it. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leaks_build.h"
#include "policy.h"

static char folder[] = "/dev/shm/test_filters.XXXXXX";
static char filter[64], other[64], latin[64];
static unsigned warnings, faults;

static void count(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)text;
	warnings += level == A2A_WARNING;
	faults += level == A2A_FAULT;
}

static const struct a2a_log counting = {count, NULL};

static void build(const char *output, const char *passwords)
{
	char list[80];
	const struct a2a_leaks_order order = {.input = list,
		.output = output,
		.lines = A2A_LEAKS_PASSWORDS,
		.rate = 1e-9,
		.least_count = 1,
		.jobs = 1};
	const struct a2a_leaks_observer observer = {&counting, NULL, NULL};
	struct a2a_leaks_result result;
	FILE *file;

	snprintf(list, sizeof(list), "%s/list", folder);
	file = fopen(list, "we");
	assert_non_null(file);
	fputs(passwords, file);
	assert_int_equal(fclose(file), 0);
	assert_true(a2a_leaks_build(&order, &result, &observer));
}

/* A policy that looks at nothing but the filters. */
static struct a2a_policy *open_policy(
	const char *leaks, const char *more, const struct a2a_verified_files *verified)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_policy *policy;
	char *line = NULL;

	assert_non_null(settings);
	assert_true(asprintf(&line, "leaks=%s", leaks) > 0);
	assert_true(a2a_settings_set(settings, line, "test", NULL));
	assert_true(a2a_settings_set(settings, "min_guesses=0", "test", NULL));
	assert_true(a2a_settings_set(settings, "dictcheck=no", "test", NULL));
	assert_true(a2a_settings_set(settings, "second_opinion=no", "test", NULL));
	if (more)
		assert_true(a2a_settings_set(settings, more, "test", NULL));
	warnings = faults = 0;
	policy = a2a_policy_open_trusting(settings, verified, &counting);
	a2a_settings_free(settings);
	free(line);
	return policy;
}

/* Tells whether the password is accepted. */
static bool accepts(const struct a2a_policy *policy, const char *password)
{
	const struct secret secret = a2a_secret_borrow(password, strlen(password));
	struct a2a_verdict verdict;

	if (!a2a_judge(policy, &secret, NULL, &verdict, &counting))
		fail_msg("%s cannot be judged", password);
	if (!verdict.accepted) {
		assert_int_equal(verdict.count, 1);
		assert_int_equal(verdict.finding[0].rule, A2A_LEAKED);
		assert_int_equal(verdict.finding[0].detail, A2A_FILTER_KNOWS);
	}
	return verdict.accepted;
}

static int make_filters(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(filter, sizeof(filter), "%s/filter", folder);
	snprintf(other, sizeof(other), "%s/other", folder);
	snprintf(latin, sizeof(latin), "%s/latin", folder);
	build(filter, "k7hq9ab2\nQz7hK9ab\nmx4rtvwkz\n7Étagqx1\n\xc3\xa9t\xc3\xa9"
		      "12345\nWxYz1234Ab\n");
	build(other, "w5pd8rj3\n");
	build(latin, "\xe9t\xe9"
		     "98765\n");
	return 0;
}

static int remove_filters(void **state)
{
	char *command = NULL;
	int status = -1;

	(void)state;
	if (asprintf(&command, "rm -rf '%s'", folder) > 0)
		status = system(command);
	free(command);
	return status;
}

static void variants_are_refused(void **state)
{
	static const struct {
		const char *password;
		bool accepted, accepted_whole;
	} cases[] = {
		{"k7hq9ab2", false, false},
		{"K7hq9ab2", false, false}, /* the first capital */
		{"K7HQ9AB2", false, false}, /* small */
		{"k7hQ9ab3", true, true},
		{"k7hq9ab21", true, true}, /* its own digits are a part of it */
		{"Qz7hK9ab", false, false},
		{"qz7hk9ab", true, true}, /* nothing is made greater */
		{"Qz7hK9ab2026!", false, true},
		{"Qz7hK9ab!", false, true},
		{"1Qz7hK9ab", true, true},    /* in front, nothing is taken away */
		{"Mx4Rtvwkz99", false, true}, /* nine small letters are left */
		{"QZ7HK9AB12", true, true},
		{"7Étagqx1", false, false},
		{"7étagqx1", true, true},
		{"été12345", false, false},
		{"e\xcc\x81te\xcc\x81"
		 "12345",
			false, false}, /* decomposed */
		{"Été12345", false, false},
		{"ete12345", true, true},   /* nothing is folded */
		{"été98765", false, false}, /* in Latin-1 */
		{"WxYz1234Ab", false, false},
		{"w5pd8rj3", false, false}, /* of the second filter */
		{"w5pd8rj4", true, true},
	};
	char *all = NULL;
	struct a2a_policy *policy, *whole;

	(void)state;
	assert_true(asprintf(&all, "%s %s %s", filter, other, latin) > 0);
	policy = open_policy(all, NULL, NULL);
	whole = open_policy(all, "whole_password=yes", NULL);
	assert_true(policy && whole);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (accepts(policy, cases[i].password) != cases[i].accepted)
			fail_msg("%s", cases[i].password);
		if (accepts(whole, cases[i].password) != cases[i].accepted_whole)
			fail_msg("%s, whole", cases[i].password);
	}
	assert_int_equal(warnings + faults, 0);
	a2a_policy_close(policy);
	a2a_policy_close(whole);
	free(all);
}

static void a_missing_one_is_as_the_setting_says(void **state)
{
	char *both = NULL;
	struct a2a_policy *policy;

	(void)state;
	assert_true(asprintf(&both, "%s/nonesuch %s", folder, other) > 0);
	policy = open_policy(both, NULL, NULL);
	assert_non_null(policy);
	assert_int_equal(warnings, 1);
	assert_true(accepts(policy, "k7hq9ab2"));
	assert_false(accepts(policy, "w5pd8rj3"));
	a2a_policy_close(policy);
	assert_null(open_policy(both, "leaks_missing=refuse", NULL));
	assert_int_equal(faults, 1);
	/* One that others may write is none. */
	assert_int_equal(chmod(other, 0666), 0);
	assert_null(open_policy(other, "leaks_missing=refuse", NULL));
	assert_int_equal(chmod(other, 0644), 0);
	policy = open_policy(other, "leaks_missing=refuse", NULL);
	assert_non_null(policy);
	assert_false(accepts(policy, "w5pd8rj3"));
	a2a_policy_close(policy);
	free(both);
}

/* Overwrites all but the header. */
static void damage(const char *path)
{
	static const char rubbish[] = "rubbish";
	FILE *file = fopen(path, "r+e");
	struct stat status;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	assert_int_equal(fseek(file, 128, SEEK_SET), 0);
	for (long place = 128; place + 7 <= status.st_size; place += 7)
		fwrite(rubbish, 1, 7, file);
	assert_int_equal(fclose(file), 0);
}

static void a_damaged_one_is_as_the_setting_says(void **state)
{
	const struct secret password = a2a_secret_borrow("w5pd8rj4", 8);
	struct a2a_policy *policy, *strict;
	struct a2a_verdict verdict;

	(void)state;
	policy = open_policy(other, NULL, NULL);
	strict = open_policy(other, "leaks_missing=refuse", NULL);
	assert_true(policy && strict);
	damage(other);
	assert_true(accepts(policy, "w5pd8rj3"));
	assert_int_equal(warnings, 1);
	assert_false(a2a_judge(strict, &password, NULL, &verdict, &counting));
	assert_false(verdict.accepted);
	assert_true(faults > 0);
	a2a_policy_close(policy);
	a2a_policy_close(strict);
	build(other, "w5pd8rj3\n");
}

static bool has(void *context, const char *stamp)
{
	(void)context;
	(void)stamp;
	return false;
}

static void add(void *context, const char *stamp)
{
	(void)context;
	(void)stamp;
}

static void a_login_asks_too(void **state)
{
	const struct a2a_verified_files verified = {has, add, NULL};
	struct a2a_policy *policy = open_policy(filter, NULL, &verified);

	(void)state;
	assert_non_null(policy);
	assert_false(accepts(policy, "k7hq9ab2"));
	assert_true(accepts(policy, "k7hq9ab3"));
	assert_int_equal(warnings, 0);
	a2a_policy_close(policy);
}

static void another_filter_is_another_policy(void **state)
{
	struct a2a_policy *policy = open_policy(other, NULL, NULL), *again, *changed;
	char digest[A2A_DIGEST_SIZE], digest_again[A2A_DIGEST_SIZE],
		digest_changed[A2A_DIGEST_SIZE];

	(void)state;
	again = open_policy(other, NULL, NULL);
	build(other, "w5pd8rj5\n");
	changed = open_policy(other, NULL, NULL);
	assert_true(policy && again && changed);
	/* Who has the old one open goes on with it. */
	assert_false(accepts(policy, "w5pd8rj3"));
	assert_true(accepts(changed, "w5pd8rj3"));
	assert_true(a2a_policy_digest(policy, digest) && a2a_policy_digest(again, digest_again) &&
		    a2a_policy_digest(changed, digest_changed));
	assert_string_equal(digest, digest_again);
	assert_string_not_equal(digest, digest_changed);
	a2a_policy_close(policy);
	a2a_policy_close(again);
	a2a_policy_close(changed);
	build(other, "w5pd8rj3\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variants_are_refused),
		cmocka_unit_test(a_missing_one_is_as_the_setting_says),
		cmocka_unit_test(a_damaged_one_is_as_the_setting_says),
		cmocka_unit_test(a_login_asks_too),
		cmocka_unit_test(another_filter_is_another_policy),
	};

	return cmocka_run_group_tests(tests, make_filters, remove_filters);
}
