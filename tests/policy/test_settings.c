/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> settings: every key's range, every mistake with its place, nothing half taken. */
#define _GNU_SOURCE
#include "fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads a text as a configuration file; the reports say what was wrong. */
static bool read_text(struct a2a_settings *settings, const char *text, struct reports *reports)
{
	char *folder = new_folder();
	char *path = NULL;
	bool ok;

	reports_start(reports);
	assert_true(asprintf(&path, "%s/all2all.conf", folder) > 0);
	write_file(path, text, strlen(text));
	ok = a2a_settings_read_file(settings, path, false, &reports->log);
	remove_folder(folder);
	free(path);
	return ok;
}

static const char *value_of(const struct a2a_settings *settings, const char *name)
{
	static char buffer[24];

	return a2a_settings_get(settings, name, buffer);
}

static bool set_number(struct a2a_settings *settings, const char *name, int64_t value)
{
	char *assignment = NULL;
	bool ok;

	assert_true(asprintf(&assignment, "%s=%" PRId64, name, value) > 0);
	ok = a2a_settings_set(settings, assignment, "test", NULL);
	free(assignment);
	return ok;
}

static void every_number_holds_its_range(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();
	size_t count;
	const struct a2a_setting *table = a2a_settings_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *name = table[i].name;

		if (table[i].type != A2A_NUMBER)
			continue;
		assert_true(set_number(settings, name, table[i].least));
		assert_int_equal(atoll(value_of(settings, name)), table[i].least);
		assert_true(set_number(settings, name, table[i].most));
		assert_int_equal(atoll(value_of(settings, name)), table[i].most);
		assert_false(set_number(settings, name, table[i].least - 1));
		assert_false(set_number(settings, name, table[i].most + 1));
		assert_false(set_number(settings, name, INT64_MAX));
		assert_false(set_number(settings, name, INT64_MIN));
		assert_int_equal(atoll(value_of(settings, name)), table[i].most);
	}
	a2a_settings_free(settings);
}

static void what_is_not_quite_a_value_is_refused(void **state)
{
	static const char *const bad[] = {"min_length=", "min_length=8x", "min_length=0x9",
		"min_length=8.5", "min_length=99999999999999999999", "min_length",
		"min_length=eight", "profile=iso", "dictcheck=maybe", "dictcheck=", "dictcheck=2",
		"dictpath=relative/path", "dictpath=", "dictpath", "lang=xx", "lang=fr,xx",
		"lang=french", "lang=fr nl de en pl", "=8", "", "minlen=8", "min_lenght=8",
		"MIN_LENGTH=8", "gecoscheck=1", "dcredit=1", "retry=3"};
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_settings *fresh = a2a_settings_new();
	size_t count;
	const struct a2a_setting *table = a2a_settings_table(&count);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct reports reports;

		reports_start(&reports);
		if (a2a_settings_set(settings, bad[i], "argument 3", &reports.log))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_int_equal(reports.faults, 1);
		assert_ptr_equal(strstr(reports.text, "argument 3: "), reports.text);
	}
	for (size_t i = 0; i < count; i++) {
		char *before = strdup(value_of(fresh, table[i].name));

		assert_string_equal(value_of(settings, table[i].name), before);
		free(before);
	}
	a2a_settings_free(settings);
	a2a_settings_free(fresh);
}

static void a_switch_takes_the_usual_words(void **state)
{
	static const struct {
		const char *assignment, *value;
	} good[] = {{"dictcheck=yes", "yes"}, {"dictcheck=no", "no"}, {"dictcheck", "yes"},
		{"dictcheck=0", "no"}, {"dictcheck=on", "yes"}, {"dictcheck=false", "no"},
		{" dictcheck = true ", "yes"}};
	struct a2a_settings *settings = a2a_settings_new();

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(a2a_settings_set(settings, good[i].assignment, "test", NULL));
		assert_string_equal(value_of(settings, "dictcheck"), good[i].value);
	}
	a2a_settings_free(settings);
}

static void a_file_is_read_as_it_is_written(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct reports reports;

	(void)state;
	assert_true(read_text(settings,
		"# comment\n\n  min_length=10\t# why\nlang = fr, nl\r\n\tsite_words = a#b c # d\n"
		"badwords =\ndictpath = /a b/c\nmin_digits = 2\n",
		&reports));
	assert_string_equal(reports.text, "");
	assert_string_equal(value_of(settings, "min_length"), "10");
	assert_string_equal(value_of(settings, "lang"), "fr, nl");
	assert_string_equal(value_of(settings, "site_words"), "a#b c");
	assert_string_equal(value_of(settings, "badwords"), "");
	assert_string_equal(value_of(settings, "dictpath"), "/a b/c");
	assert_string_equal(value_of(settings, "min_digits"), "2");
	a2a_settings_free(settings);
}

static void every_mistake_in_a_file_is_said_with_its_line(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct reports reports;

	(void)state;
	assert_false(read_text(settings,
		"min_length = 9\nminlen = 8\n\nmin_length = 10\ndifok = many\nnonsense\nlang = "
		"xx\n",
		&reports));
	assert_int_equal(reports.faults, 5);
	assert_non_null(
		strstr(reports.text, "all2all.conf:2: minlen is not a setting here: write"));
	assert_non_null(
		strstr(reports.text, "all2all.conf:4: min_length is set in line 1 already"));
	assert_non_null(
		strstr(reports.text, "all2all.conf:5: difok: \"many\" is not a whole number "
				     "from 0 to 255"));
	assert_non_null(strstr(reports.text, "all2all.conf:6: unknown setting \"nonsense\""));
	assert_non_null(strstr(reports.text, "all2all.conf:7: lang: no messages in \"xx\""));
	a2a_settings_free(settings);
}

static void a_file_that_is_no_text_is_refused(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct reports reports;
	char *folder = new_folder();
	char *path = NULL;

	(void)state;
	reports_start(&reports);
	assert_true(asprintf(&path, "%s/c", folder) > 0);
	write_file(path, "min_length = 9\n\0difok = 1\n", 26);
	assert_false(a2a_settings_read_file(settings, path, true, &reports.log));
	assert_non_null(strstr(reports.text, "NUL"));
	write_file(path, "", 0);
	assert_true(a2a_settings_read_file(settings, path, false, &reports.log));
	remove_folder(folder);
	free(path);
	a2a_settings_free(settings);
}

static void a_missing_file_is_a_mistake_unless_it_may_be_missing(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct reports reports;

	(void)state;
	reports_start(&reports);
	assert_true(a2a_settings_read_file(settings, "/nonexistent/x", true, &reports.log));
	assert_int_equal(reports.faults, 0);
	assert_false(a2a_settings_read_file(settings, "/nonexistent/x", false, &reports.log));
	assert_int_equal(reports.faults, 1);
	a2a_settings_free(settings);
}

/* A file that somebody else could have written decides nothing. */
static void a_file_of_others_is_refused(void **state)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct reports reports;
	char *folder = new_folder();
	char *path = NULL, *link = NULL, *fifo = NULL;

	(void)state;
	assert_true(asprintf(&path, "%s/c", folder) > 0);
	assert_true(asprintf(&link, "%s/l", folder) > 0);
	assert_true(asprintf(&fifo, "%s/f", folder) > 0);
	write_file(path, "difok = 1\n", 10);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	reports_start(&reports);
	assert_true(a2a_settings_read_file(settings, path, false, &reports.log));
	assert_false(a2a_settings_read_file(settings, link, false, &reports.log));
	assert_false(a2a_settings_read_file(settings, fifo, false, &reports.log));
	assert_false(a2a_settings_read_file(settings, folder, false, &reports.log));
	assert_int_equal(chmod(path, 0664), 0);
	assert_false(a2a_settings_read_file(settings, path, false, &reports.log));
	assert_int_equal(chmod(path, 0646), 0);
	assert_false(a2a_settings_read_file(settings, path, false, &reports.log));
	assert_int_equal(reports.faults, 5);
	assert_non_null(strstr(reports.text, "symbolic link"));
	assert_non_null(strstr(reports.text, "chmod go-w"));
	if (geteuid() == 0) {
		assert_int_equal(chmod(path, 0644), 0);
		assert_int_equal(chown(path, 65534, 65534), 0);
		assert_false(a2a_settings_read_file(settings, path, false, &reports.log));
	}
	remove_folder(folder);
	free(path);
	free(link);
	free(fifo);
	a2a_settings_free(settings);
}

static void settings_that_do_not_fit_together_open_no_policy(void **state)
{
	static const struct {
		const char *set[6];
		const char *says; /* NULL: a policy opens */
	} cases[] = {
		{{"min_length=20", "max_length=19"}, "min_length"},
		{{"min_letters=60", "min_digits=60", "max_length=119"}, "max_length = 120"},
		{{"min_letters=60", "min_digits=60", "max_length=120"}, NULL},
		{{"max_length=8", "dcredit=-3", "ucredit=-3", "lcredit=-3"}, "max_length = 9"},
		{{"max_length=9", "dcredit=-3", "ucredit=-3", "lcredit=-3"}, NULL},
		{{"max_length=8", "dcredit=-3", "ucredit=-3", "lcredit=-3", "second_opinion=no"},
			NULL},
		{{"max_length=16", "dcredit=-64"}, "max_length = 65"},
		/* Seven digits and a letter leave no room for two kinds more. */
		{{"max_length=8", "minclass=4", "min_digits=7"}, "max_length = 10"},
		{{"max_length=10", "minclass=4", "min_digits=7"}, NULL},
		/* Of two bytes each, two letters beyond ASCII are four others. */
		{{"max_length=10", "min_letters=8", "ocredit=-3"}, "max_length = 11"},
		{{"max_length=11", "min_letters=8", "ocredit=-3"}, NULL},
		{{"max_length=9", "dcredit=-7", "maxclassrepeat=2"}, "max_length = 10"},
		{{"max_length=10", "dcredit=-7", "maxclassrepeat=2"}, NULL},
		/* Without the mix there is room. */
		{{"max_length=20", "min_digits=30"}, "max_length = 31"},
		{{"max_length=20", "min_digits=30", "passphrase_length=20"}, NULL},
		{{"max_length=20", "min_digits=30", "passphrase_length=21"}, "max_length = 31"},
		{{"max_length=12", "difok=13"}, "difok"},
		{{"max_length=16", "difok=17"}, NULL}, /* eight characters may become sixteen */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_settings *settings = tree_settings(cases[i].set);
		struct a2a_policy *policy;
		struct reports reports;

		reports_start(&reports);
		policy = a2a_policy_open(settings, &reports.log);
		if (cases[i].says) {
			assert_null(policy);
			assert_int_equal(reports.faults, 1);
			assert_non_null(strstr(reports.text, cases[i].says));
		} else {
			assert_non_null(policy);
			assert_string_equal(reports.text, "");
		}
		a2a_policy_close(policy);
		a2a_settings_free(settings);
	}
}

static void what_letters_and_digits_cannot_withstand_is_a_warning(void **state)
{
	static const struct {
		const char *set[3];
		unsigned warnings;
	} cases[] = {
		{{"max_length=8", "min_guesses=1000000000000000"}, 1},
		{{"max_length=10", "min_guesses=1000000000000000"}, 0},
		{{"max_length=8"}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_settings *settings = tree_settings(cases[i].set);
		struct a2a_policy *policy;
		struct reports reports;

		reports_start(&reports);
		policy = a2a_policy_open(settings, &reports.log);
		assert_non_null(policy);
		assert_int_equal(reports.warnings, cases[i].warnings);
		a2a_policy_close(policy);
		a2a_settings_free(settings);
	}
}

/* A file that was cut short must be noticed. */
static void a_configuration_that_looks_cut_is_a_warning(void **state)
{
	static const struct {
		const char *text;
		unsigned warnings;
	} cases[] = {
		{"", 1},
		{"\n\n", 1},
		{"# a comment\n", 1},
		{"min_length = 10\n", 0},
		{"min_length = 12\nmin_digits = 1", 1},
		{"min_length = 12\n# and a com", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_settings *settings = a2a_settings_new();
		struct reports reports;

		assert_true(read_text(settings, cases[i].text, &reports));
		assert_int_equal(reports.warnings, cases[i].warnings);
		if (cases[i].warnings)
			assert_non_null(strstr(reports.text, "configuration"));
		a2a_settings_free(settings);
	}
}

/* What is shown can be read again and says the same. */
static void what_is_shown_is_a_configuration(void **state)
{
	struct a2a_settings *settings = tree_settings(
		(const char *const[]){"min_length=11", "lang=fr,nl", "badwords=x y", NULL});
	struct a2a_settings *again = a2a_settings_new();
	struct reports reports;
	size_t count;
	const struct a2a_setting *table = a2a_settings_table(&count);
	char *text = strdup("");

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char *longer = NULL;

		assert_true(asprintf(&longer, "%s# %s\n%s = %s\n", text, table[i].meaning,
				    table[i].name, value_of(settings, table[i].name)) > 0);
		free(text);
		text = longer;
	}
	assert_true(read_text(again, text, &reports));
	for (size_t i = 0; i < count; i++) {
		char *value = strdup(value_of(settings, table[i].name));

		assert_string_equal(value_of(again, table[i].name), value);
		free(value);
	}
	free(text);
	a2a_settings_free(settings);
	a2a_settings_free(again);
}

/* ---- The digest ------------------------------------------------------------------------------ */

static void take_digest(const char *const *set, char digest[static A2A_DIGEST_SIZE])
{
	struct a2a_policy *policy = tree_policy(set);

	assert_true(a2a_policy_digest(policy, digest));
	a2a_policy_close(policy);
}

static void the_digest_tells_policies_apart(void **state)
{
	static const char *const same[] = {"lang=fr,nl", "locale_dir=/nowhere",
		"word_list_dir=/nowhere", "sheets_dir=/nowhere", "min_length=8"};
	static const char *const other[] = {"min_length=9", "difok=3", "site_words=twig",
		"badwords=twig", "second_opinion=no", "min_guesses=1000000000"};
	char usual[A2A_DIGEST_SIZE], digest[A2A_DIGEST_SIZE];

	(void)state;
	take_digest((const char *const[]){NULL}, usual);
	assert_int_equal(strlen(usual), A2A_DIGEST_SIZE - 1);
	assert_int_equal(strspn(usual, "0123456789abcdef"), A2A_DIGEST_SIZE - 1);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		take_digest((const char *const[]){same[i], NULL}, digest);
		assert_string_equal(digest, usual);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		take_digest((const char *const[]){other[i], NULL}, digest);
		assert_string_not_equal(digest, usual);
	}
}

/* ---- Opening again --------------------------------------------------------------------------- */

struct known {
	char stamp[A2A_STAMP_SIZE];
	unsigned asked, added;
};

static bool has(void *context, const char *stamp)
{
	struct known *known = context;

	known->asked++;
	return strcmp(known->stamp, stamp) == 0;
}

static void add(void *context, const char *stamp)
{
	struct known *known = context;

	known->added++;
	memcpy(known->stamp, stamp, sizeof(known->stamp));
}

static bool opens_again(const char *lexicon, struct known *known)
{
	struct a2a_verified_files verified = {has, add, known};
	struct a2a_settings *settings;
	struct a2a_policy *policy;
	char *assignment = NULL;

	assert_true(asprintf(&assignment, "lexicon=%s", lexicon) > 0);
	settings = tree_settings((const char *const[]){"second_opinion=no", assignment, NULL});
	policy = a2a_policy_open_trusting(settings, &verified, NULL);
	a2a_policy_close(policy);
	a2a_settings_free(settings);
	free(assignment);
	return policy;
}

static void a_file_is_summed_once_until_it_is_another(void **state)
{
	char *folder = new_folder(), *built = in_build("dict/words/lexicon"), *path = NULL;
	struct known known = {0};
	size_t size;
	unsigned char *bytes = read_file(built, &size);

	(void)state;
	assert_true(asprintf(&path, "%s/lexicon", folder) > 0);
	write_file(path, bytes, size);
	/* A stamp of this very moment could be that of two changes. */
	assert_true(opens_again(path, &known));
	assert_int_equal(known.asked + known.added, 0);
	sleep(1);
	assert_true(opens_again(path, &known));
	assert_int_equal(known.added, 1);
	assert_true(opens_again(path, &known));
	assert_int_equal(known.added, 1);
	/* Written to, and of the same size: the stamp is another, and so it is summed. */
	bytes[size / 2] ^= 1;
	write_file(path, bytes, size);
	assert_false(opens_again(path, &known));
	sleep(1);
	assert_false(opens_again(path, &known));
	assert_int_equal(known.added, 1);
	assert_int_equal(known.asked, 3);
	free(bytes);
	free(path);
	free(built);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_holds_its_range),
		cmocka_unit_test(what_is_not_quite_a_value_is_refused),
		cmocka_unit_test(a_switch_takes_the_usual_words),
		cmocka_unit_test(a_file_is_read_as_it_is_written),
		cmocka_unit_test(every_mistake_in_a_file_is_said_with_its_line),
		cmocka_unit_test(a_file_that_is_no_text_is_refused),
		cmocka_unit_test(a_missing_file_is_a_mistake_unless_it_may_be_missing),
		cmocka_unit_test(a_file_of_others_is_refused),
		cmocka_unit_test(settings_that_do_not_fit_together_open_no_policy),
		cmocka_unit_test(what_letters_and_digits_cannot_withstand_is_a_warning),
		cmocka_unit_test(a_configuration_that_looks_cut_is_a_warning),
		cmocka_unit_test(what_is_shown_is_a_configuration),
		cmocka_unit_test(the_digest_tells_policies_apart),
		cmocka_unit_test(a_file_is_summed_once_until_it_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
