/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

static void keep(void *context, enum a2a_level level, const char *text)
{
	struct reports *reports = context;
	size_t length = strlen(reports->text);

	reports->faults += level == A2A_FAULT;
	reports->warnings += level == A2A_WARNING;
	snprintf(reports->text + length, sizeof(reports->text) - length, "%s\n", text);
}

void reports_start(struct reports *reports)
{
	*reports = (struct reports){.log = {keep, reports}};
}

char *in_build(const char *below)
{
	const char *build = getenv("A2A_BUILD");
	char *path = NULL;

	if (!build)
		fail_msg("A2A_BUILD must name the build tree");
	assert_true(asprintf(&path, "%s/%s", build, below) > 0);
	return path;
}

char *new_folder(void)
{
	char *folder = strdup("/tmp/all2all-test-XXXXXX");

	assert_non_null(mkdtemp(folder));
	return folder;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *level)
{
	(void)status;
	(void)kind;
	(void)level;
	return remove(path);
}

void remove_folder(char *folder)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

unsigned char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	unsigned char *bytes;
	struct stat status;

	if (!file)
		fail_msg("%s cannot be read", path);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*size = (size_t)status.st_size;
	bytes = malloc(*size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *size, file), *size);
	fclose(file);
	bytes[*size] = '\0';
	return bytes;
}

struct a2a_settings *tree_settings(const char *const *set)
{
	struct a2a_settings *settings = a2a_settings_new();
	char *path = in_build("uninstalled.conf");
	struct reports reports;

	reports_start(&reports);
	assert_non_null(settings);
	if (!a2a_settings_read_file(settings, path, false, &reports.log))
		fail_msg("%s", reports.text);
	for (; set && *set; set++)
		if (!a2a_settings_set(settings, *set, "test", &reports.log))
			fail_msg("%s", reports.text);
	free(path);
	return settings;
}

struct a2a_policy *tree_policy(const char *const *set)
{
	struct a2a_settings *settings = tree_settings(set);
	struct a2a_policy *policy;
	struct reports reports;

	reports_start(&reports);
	policy = a2a_policy_open(settings, &reports.log);
	if (!policy)
		fail_msg("%s", reports.text);
	a2a_settings_free(settings);
	return policy;
}

const char *rules_of(
	const struct a2a_policy *policy, const char *password, const struct a2a_person *person)
{
	const struct secret secret = a2a_secret_borrow(password, strlen(password));
	static char rules[256];
	struct a2a_verdict verdict;

	if (!a2a_judge(policy, &secret, person, &verdict, NULL)) {
		assert_false(verdict.accepted);
		return "fault";
	}
	assert_int_equal(verdict.accepted, verdict.count == 0);
	strcpy(rules, verdict.accepted ? "accept" : "");
	for (size_t i = 0; i < verdict.count; i++) {
		strcat(rules, i ? "," : "");
		strcat(rules, a2a_rule_name(verdict.finding[i].rule));
	}
	return rules;
}

struct a2a_verdict verdict_of(
	const struct a2a_policy *policy, const char *password, const struct a2a_person *person)
{
	const struct secret secret = a2a_secret_borrow(password, strlen(password));
	struct a2a_verdict verdict, shorter;
	struct reports reports;

	reports_start(&reports);
	if (!a2a_judge_exactly(policy, &secret, person, &verdict, &reports.log) ||
		!a2a_judge(policy, &secret, person, &shorter, &reports.log))
		fail_msg("%s: %s", password, reports.text);
	/* The shorter search decides the same, and its number is an upper bound. */
	if (shorter.accepted != verdict.accepted ||
		shorter.estimate.log2_guesses < verdict.estimate.log2_guesses)
		fail_msg("%s: 2^%.3f guesses, and 2^%.3f after a shorter search", password,
			verdict.estimate.log2_guesses, shorter.estimate.log2_guesses);
	return verdict;
}

static void each_line(const char *path, size_t shortest,
	void (*each)(void *context, const char *word), void *context)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	if (!file)
		fail_msg("%s cannot be read", path);
	while (getline(&line, &room, file) >= 0) {
		struct a2a_text text;
		char word[4 * A2A_TEXT_POINTS + 1];
		size_t length = strcspn(line, "\n");

		assert_true(a2a_text_fold(&text, line, length));
		length = a2a_text_write(&text, word, sizeof(word));
		if (length >= shortest && strspn(word, "abcdefghijklmnopqrstuvwxyz") == length)
			each(context, word);
	}
	free(line);
	fclose(file);
}

void each_word(size_t shortest, void (*each)(void *context, const char *word), void *context)
{
	static const char *const lists[] = {
		"dict/words/fr.txt", "dict/words/nl.txt", "dict/words/de.txt", "dict/words/en.txt"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char *path = in_build(lists[i]);

		each_line(path, shortest, each, context);
		free(path);
	}
}
