/* SPDX-License-Identifier: BSD-3-Clause */
/* What a policy is opened with: the lexicon and the site's own lists, whole, damaged, missing; on
 * small ones made here, of invented words. */
#define _GNU_SOURCE
#include "fixture.h"

#include <endian.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile.h"
#include "lexicon_format.h"

/* A folder with a lexicon and two lists of words, and the settings that name them. */
struct site {
	char *folder;
	char *lexicon, *list, *other;
	char *set_lexicon, *set_list, *set_both;
};

static char *text(const char *format, const char *one, const char *other)
{
	char *result = NULL;

	assert_true(asprintf(&result, format, one, other) > 0);
	return result;
}

static void write_list(const char *path, const char *word, const char *other)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	assert_true(a2a_compiler_add(compiler, word, 2, A2A_OWN, 0));
	assert_true(a2a_compiler_add(compiler, other, 2, A2A_OWN, 0));
	a2a_compiler_note(compiler, "a list");
	assert_true(a2a_compiler_write(compiler, path));
	a2a_compiler_free(compiler);
}

static void write_lexicon(const char *path)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	assert_true(a2a_compiler_add(compiler, "plafondvaas", 9, A2A_WORD, (1 << A2A_DUTCH)));
	a2a_compiler_train(compiler, "plafondvaas", 1);
	assert_true(a2a_compiler_add_leaked(compiler, "Xkq7-Vwz3m"));
	assert_true(a2a_compiler_add_leaked(compiler, "xkq7é€vwz"));
	assert_true(a2a_compiler_write(compiler, path));
	a2a_compiler_free(compiler);
}

static struct site open_site(void)
{
	struct site site = {.folder = new_folder()};

	site.lexicon = text("%s/%s", site.folder, "lexicon");
	site.list = text("%s/%s", site.folder, "list");
	site.other = text("%s/%s", site.folder, "other");
	site.set_lexicon = text("lexicon=%s%s", site.lexicon, "");
	site.set_list = text("words=%s%s", site.list, "");
	site.set_both = text("words=%s\t%s ,", site.list, site.other);
	write_lexicon(site.lexicon);
	write_list(site.list, "kvoltabrix", "stromwolk");
	write_list(site.other, "glazenbries", "ab");
	return site;
}

static void close_site(struct site *site)
{
	remove_folder(site->folder);
	free(site->lexicon);
	free(site->list);
	free(site->other);
	free(site->set_lexicon);
	free(site->set_list);
	free(site->set_both);
}

/* Opens with the site's lexicon and a setting; the reports are in `reports`. */
static struct a2a_policy *try_policy(
	const struct site *site, const char *set, struct reports *reports)
{
	struct a2a_settings *settings = tree_settings(
		(const char *const[]){site->set_lexicon, "second_opinion=no", set, NULL});
	struct a2a_policy *policy;

	reports_start(reports);
	policy = a2a_policy_open(settings, &reports->log);
	a2a_settings_free(settings);
	assert_int_equal(policy == NULL, reports->faults > 0);
	return policy;
}

static struct a2a_policy *good_policy(const struct site *site, const char *set)
{
	struct reports reports;
	struct a2a_policy *policy = try_policy(site, set, &reports);

	if (!policy || reports.warnings)
		fail_msg("%s: %s", set, reports.text);
	return policy;
}

static bool is_word(const struct a2a_policy *policy, const char *password)
{
	return strstr(rules_of(policy, password, NULL), "dictionary-word") != NULL;
}

/* ---- A site's own words ---------------------------------------------------------------------- */

static void a_site_word_is_a_dictionary_word(void **state)
{
	static const char *const passwords[] = {"Kvoltabrix7", "12kvoltabrix!", "KVOLTABRIX2026",
		"7xirbatlovk", "kv0lt4br1x", "kvolta.brix9", "1stromwolken", "5tromw0lk99",
		"kv.olta.brix7", "x1rbatl0vk7", "kvoltabrixer7q"};
	struct site site = open_site();
	struct a2a_policy *with = good_policy(&site, site.set_list);
	struct a2a_policy *without = good_policy(&site, "words=");
	struct a2a_verdict verdict;

	(void)state;
	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++) {
		if (!is_word(with, passwords[i]))
			fail_msg("%s: %s", passwords[i], rules_of(with, passwords[i], NULL));
		if (is_word(without, passwords[i]))
			fail_msg("%s is a word without the list", passwords[i]);
	}
	verdict = verdict_of(with, "7Kvoltabrix7", NULL);
	assert_int_equal(verdict.estimate.word.start, 1);
	assert_int_equal(verdict.estimate.word.length, 10);
	assert_int_equal(verdict.estimate.word.languages, 0);
	assert_true(verdict.estimate.log2_guesses <
		    verdict_of(without, "7Kvoltabrix7", NULL).estimate.log2_guesses - 20);
	/* What is in the lexicon still counts. */
	assert_true(is_word(with, "Plafondvaas1"));
	assert_true(is_word(without, "Plafondvaas1"));
	a2a_policy_close(with);
	a2a_policy_close(without);
	close_site(&site);
}

/* Not what has more around it than decoration, or what parts it. */
static void what_is_more_than_a_word_is_none(void **state)
{
	static const char *const passwords[] = {"kvoltabrixqzw7", "qkvoltabrixzw7",
		"kvoltabrixeredq7", "kvolta brix7", "kvolta€brix7", "kv.ol.ta.brix7", "xkvoltabri7",
		"x1.rbatl0vk7", "kv0lta.br1x7"};
	struct site site = open_site();
	struct a2a_policy *policy = good_policy(&site, site.set_list);

	(void)state;
	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++)
		if (is_word(policy, passwords[i]))
			fail_msg("%s is a word", passwords[i]);
	a2a_policy_close(policy);
	close_site(&site);
}

/* The bits of the spelling, without what is tried before the first of its kind. */
static double bits_of(const struct a2a_policy *policy, const char *password)
{
	const struct a2a_verdict verdict = verdict_of(policy, password, NULL);
	double bits = 0;

	for (size_t i = 0; i < verdict.estimate.segments; i++)
		bits += verdict.estimate.segment[i].bits;
	return bits;
}

static void what_is_done_to_a_word_costs(void **state)
{
	static const struct {
		const char *password;
		double least, most; /* bits more than the word */
	} rows[] = {{"Kvoltabrix", 1, 1}, {"kvoltabriX", 1, 1}, {"KVOLTABRIX", 1, 1},
		{"kVoltaBrix", 4, 7}, {"kVoLtAbRiX", 7, 10}, {"xirbatlovk", 2, 8},
		{"kv0ltabrix", 2, 6}, {"kv0l7abrix", 3, 7}, {"kvol.tabrix", 4, 9},
		{"kvoltabrixkvoltabrix", 1, 4}, {"kvoltabrixxx", 2, 3}, {"Kvoltabrixxxxx", 3, 5},
		{"kvoltabrix7", 4, 6}, {"kvoltabrix7kvoltabrix7", 9, 10},
		{"kvoltabrix7kvoltabrix8", 13, 16}, {"kvoltabrixq", 5, 6}, {"kvoltabrixq8", 9, 12},
		{"kvoltabrix.", 4, 12}};
	struct site site = open_site();
	struct a2a_policy *policy = good_policy(&site, site.set_list);
	const double word = bits_of(policy, "kvoltabrix");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double more = bits_of(policy, rows[i].password) - word;

		if (more < rows[i].least || more > rows[i].most)
			fail_msg("%s: %f bits more", rows[i].password, more);
	}
	/* A capital that is not ASCII is one too. */
	assert_true(bits_of(policy, "Kvöltabrix") == word + 1);
	assert_true(bits_of(policy, "kvöltÁbrIx") > word + 4);
	assert_true(bits_of(policy, "Œ7Kvoltabrix") > bits_of(policy, "œ7Kvoltabrix"));
	a2a_policy_close(policy);
	close_site(&site);
}

/* Or every number would be a word of some language. */
static void a_number_is_no_word_in_leet(void **state)
{
	struct site site = open_site();
	struct a2a_policy *with, *without = good_policy(&site, "words=");

	(void)state;
	write_list(site.list, "obistola", "legosaas");
	with = good_policy(&site, site.set_list);
	assert_true(is_word(with, "Obistola1"));
	assert_true(is_word(with, "o8157014x"));
	assert_false(is_word(with, "08157014x"));
	assert_true(verdict_of(with, "08157014x", NULL).estimate.log2_guesses ==
		    verdict_of(without, "08157014x", NULL).estimate.log2_guesses);
	a2a_policy_close(with);
	a2a_policy_close(without);
	close_site(&site);
}

/* A short word with much around it is not what most of the guesses are spent on. */
static void a_short_word_is_one_up_to_a_limit(void **state)
{
	struct site site = open_site();
	struct a2a_policy *policy;

	(void)state;
	write_list(site.list, "wolkzes", "wolkacht");
	policy = good_policy(&site, site.set_list);
	assert_true(is_word(policy, "Wolkzes7"));
	assert_true(is_word(policy, "Wolkacht7"));
	assert_false(is_word(policy, "83916Wolkzes#4$72"));
	assert_true(is_word(policy, "83916Wolkacht#4$72"));
	a2a_policy_close(policy);
	close_site(&site);
}

static void a_site_word_counts_beside_the_built_lexicon(void **state)
{
	struct site site = open_site();
	struct a2a_policy *with =
		tree_policy((const char *const[]){"second_opinion=no", site.set_list, NULL});
	struct a2a_policy *without = tree_policy((const char *const[]){"second_opinion=no", NULL});

	(void)state;
	assert_string_equal(rules_of(with, "Kvoltabrix72", NULL), "dictionary-word");
	assert_string_equal(rules_of(without, "Kvoltabrix72", NULL), "accept");
	/* As a part of something longer it is cheap. */
	assert_string_equal(rules_of(with, "kvoltabrixkvoltabrix7", NULL), "guessable");
	assert_true(verdict_of(with, "zomerkvoltabrix7", NULL).estimate.log2_guesses <
		    verdict_of(without, "zomerkvoltabrix7", NULL).estimate.log2_guesses - 10);
	a2a_policy_close(with);
	a2a_policy_close(without);
	close_site(&site);
}

static void all_lists_count(void **state)
{
	struct site site = open_site();
	struct a2a_policy *policy = good_policy(&site, site.set_both);

	(void)state;
	assert_true(is_word(policy, "Kvoltabrix7"));
	assert_true(is_word(policy, "Glazenbries7"));
	assert_true(is_word(policy, "Plafondvaas7"));
	assert_false(is_word(policy, "Glazenwolken7"));
	a2a_policy_close(policy);
	close_site(&site);
}

static void a_missing_list_of_words_is_a_warning(void **state)
{
	struct site site = open_site();
	struct reports reports;
	struct a2a_policy *policy;

	(void)state;
	assert_int_equal(remove(site.list), 0);
	policy = try_policy(&site, site.set_both, &reports);
	assert_non_null(policy);
	assert_int_equal(reports.warnings, 1);
	assert_int_equal(reports.faults, 0);
	assert_non_null(strstr(reports.text, site.list));
	assert_non_null(strstr(reports.text, "left out"));
	/* The other one still counts. */
	assert_true(is_word(policy, "Glazenbries7"));
	assert_false(is_word(policy, "Kvoltabrix7"));
	a2a_policy_close(policy);
	assert_int_equal(remove(site.other), 0);
	policy = try_policy(&site, site.set_both, &reports);
	assert_non_null(policy);
	assert_int_equal(reports.warnings, 2);
	assert_true(is_word(policy, "Plafondvaas7"));
	a2a_policy_close(policy);
	close_site(&site);
}

/* A fault that names the list and says what to do. */
static void refuses(const struct site *site)
{
	struct reports reports;

	assert_null(try_policy(site, site->set_both, &reports));
	assert_int_equal(reports.faults, 1);
	assert_int_equal(reports.warnings, 0);
	if (!strstr(reports.text, site->other) || !strstr(reports.text, "list of words"))
		fail_msg("%s", reports.text);
}

/* The byte of a file in which all versions of the format that there can be have their number. */
enum { VERSION_PLACE = offsetof(struct a2a_lexicon_header, version) };

static void a_list_of_another_version_is_left_out_with_a_warning(void **state)
{
	static const unsigned char versions[] = {
		1, A2A_LEXICON_VERSION - 1, A2A_LEXICON_VERSION + 1, A2A_MOST_LEXICON_VERSION};
	struct site site = open_site();
	struct reports reports;
	struct a2a_policy *policy;
	unsigned char *bytes;
	size_t size;

	(void)state;
	bytes = read_file(site.list, &size);
	for (size_t i = 0; i < sizeof(versions); i++) {
		bytes[VERSION_PLACE] = versions[i];
		write_file(site.list, bytes, size);
		policy = try_policy(&site, site.set_both, &reports);
		assert_non_null(policy);
		assert_int_equal(reports.warnings, 1);
		assert_non_null(strstr(reports.text, site.list));
		assert_non_null(strstr(reports.text, "left out"));
		assert_non_null(strstr(reports.text, "all2all-dict upgrade"));
		/* Everything else counts, the list behind it too. */
		assert_true(is_word(policy, "Glazenbries7"));
		assert_true(is_word(policy, "Plafondvaas7"));
		assert_false(is_word(policy, "Kvoltabrix7"));
		a2a_policy_close(policy);
		/* Damage is damage, whatever the version. */
		write_file(site.list, bytes, size - 1);
		assert_null(try_policy(&site, site.set_both, &reports));
		bytes[size - 1] ^= 1;
		write_file(site.list, bytes, size);
		assert_null(try_policy(&site, site.set_both, &reports));
		bytes[size - 1] ^= 1;
	}
	/* There is no such version. */
	bytes[VERSION_PLACE] = 0;
	write_file(site.list, bytes, size);
	assert_null(try_policy(&site, site.set_both, &reports));
	free(bytes);
	close_site(&site);
}

/* The lexicon itself is not left out. */
static void a_lexicon_of_another_version_is_a_fault(void **state)
{
	struct site site = open_site();
	struct reports reports;
	unsigned char *bytes;
	size_t size;

	(void)state;
	bytes = read_file(site.lexicon, &size);
	bytes[VERSION_PLACE]--;
	write_file(site.lexicon, bytes, size);
	assert_null(try_policy(&site, "words=", &reports));
	assert_int_equal(reports.faults, 1);
	assert_non_null(strstr(reports.text, "older format"));
	free(bytes);
	close_site(&site);
}

static void a_damaged_list_of_words_is_a_fault(void **state)
{
	struct site site = open_site();
	struct reports reports;
	unsigned char *bytes;
	size_t size;

	(void)state;
	/* The second of two: the first is closed again. */
	bytes = read_file(site.other, &size);
	for (size_t cut = 0; cut < size; cut++) {
		write_file(site.other, bytes, cut);
		refuses(&site);
	}
	for (size_t bit = 0; bit < 8 * size; bit++) {
		if (bit / 8 == VERSION_PLACE)
			continue;
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		write_file(site.other, bytes, size);
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		refuses(&site);
	}
	try_policy(&site, site.set_both, &reports);
	assert_non_null(strstr(reports.text, "all2all-dict add"));
	write_file(site.other, bytes, size);
	a2a_policy_close(good_policy(&site, site.set_both));
	/* One byte more. */
	bytes[size] = 0;
	write_file(site.other, bytes, size + 1);
	refuses(&site);
	free(bytes);
	close_site(&site);
}

static void a_list_that_others_may_write_is_a_fault(void **state)
{
	struct site site = open_site();
	char *elsewhere = text("%s/%s", site.folder, "elsewhere");

	(void)state;
	assert_int_equal(chmod(site.other, 0664), 0);
	refuses(&site);
	assert_int_equal(chmod(site.other, 0646), 0);
	refuses(&site);
	assert_int_equal(chmod(site.other, 0444), 0);
	a2a_policy_close(good_policy(&site, site.set_both));
	assert_int_equal(rename(site.other, elsewhere), 0);
	assert_int_equal(symlink(elsewhere, site.other), 0);
	refuses(&site);
	assert_int_equal(remove(site.other), 0);
	assert_int_equal(mkdir(site.other, 0755), 0);
	refuses(&site);
	assert_int_equal(remove(site.other), 0);
	assert_int_equal(mkfifo(site.other, 0644), 0);
	refuses(&site);
	free(elsewhere);
	close_site(&site);
}

/* A whole lexicon may be a list; a list is no whole lexicon. */
static void a_list_is_no_lexicon(void **state)
{
	struct site site = open_site();
	char *set = text("words=%s%s", site.lexicon, "");
	struct reports reports;

	(void)state;
	a2a_policy_close(good_policy(&site, set));
	assert_int_equal(rename(site.list, site.lexicon), 0);
	assert_null(try_policy(&site, "words=", &reports));
	assert_int_equal(reports.faults, 1);
	assert_non_null(strstr(reports.text, "without the model"));
	free(set);
	close_site(&site);
}

/* Writes the number of another format over the one in the file's header. */
static void set_format(const char *path, uint32_t version)
{
	const uint32_t bytes = htole32(version);
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(
		pwrite(fd, &bytes, sizeof(bytes), offsetof(struct a2a_lexicon_header, version)),
		sizeof(bytes));
	close(fd);
}

/* In the middle of an upgrade, the lexicon is of the new format and the program is the old one. */
static void during_an_upgrade_the_kept_lexicon_is_used(void **state)
{
	struct site site = open_site();
	char *kept = text("%s.%s", site.lexicon, "5"), *other = text("%s.%s", site.lexicon, "6");
	struct a2a_policy *policy;
	struct reports reports;

	(void)state;
	/* Change both names above with the format. */
	assert_int_equal(A2A_LEXICON_VERSION, 5);
	write_lexicon(kept);
	set_format(site.lexicon, 6);
	policy = good_policy(&site, "words=");
	assert_true(is_word(policy, "Plafondvaas1"));
	a2a_policy_close(policy);
	/* Neither what is damaged nor what is of the right format has a substitute. */
	set_format(kept, 4);
	assert_null(try_policy(&site, "words=", &reports));
	assert_non_null(strstr(reports.text, "older format"));
	assert_int_equal(rename(kept, other), 0);
	assert_null(try_policy(&site, "words=", &reports));
	assert_non_null(strstr(reports.text, "newer format"));
	write_lexicon(kept);
	assert_int_equal(truncate(site.lexicon, 4), 0);
	assert_null(try_policy(&site, "words=", &reports));
	assert_int_equal(unlink(site.lexicon), 0);
	assert_null(try_policy(&site, "words=", &reports));
	unlink(kept);
	unlink(other);
	free(kept);
	free(other);
	close_site(&site);
}

/* What nothing asks for is not opened; each of two rules asks. */
static void lists_are_opened_when_asked_for(void **state)
{
	struct site site = open_site();
	struct reports reports;
	const char *const not_asked[] = {site.set_lexicon, site.set_both, "second_opinion=no",
		"dictcheck=no", "min_guesses=0", NULL};
	const char *const each[][6] = {
		{site.set_lexicon, site.set_both, "second_opinion=no", "dictcheck=no", NULL},
		{site.set_lexicon, site.set_both, "second_opinion=no", "min_guesses=0", NULL}};
	struct a2a_settings *settings;

	(void)state;
	write_file(site.other, "x", 1);
	reports_start(&reports);
	settings = tree_settings(not_asked);
	a2a_policy_close(a2a_policy_open(settings, &reports.log));
	a2a_settings_free(settings);
	assert_int_equal(reports.faults, 0);
	for (size_t i = 0; i < 2; i++) {
		settings = tree_settings(each[i]);
		assert_null(a2a_policy_open(settings, &reports.log));
		a2a_settings_free(settings);
	}
	assert_int_equal(reports.faults, 2);
	close_site(&site);
}

/* ---- Leaked passwords ------------------------------------------------------------------------ */

static void up_to_two_characters_around_never_save_a_leaked_password(void **state)
{
	static const struct {
		const char *before, *after;
		bool is_leaked;
	} around[] = {{"", "", true}, {"", "%", true}, {"%", "", true}, {"%", "%", true},
		{"", "%;", true}, {"%;", "", true}, {"", "€", true}, {"€", "", true},
		{"€", "€", true}, {"€€", "", true}, {"", "€€", true}, {"", "%;,", false},
		{"%;,", "", false}, {"%", "%;", false}, {"%;", ";", false}, {"€€", "€", false},
		{"", "€€€", false}};
	static const char *const leaked[] = {"xkq7-vwz3m", "XKQ7-VWZ3M", "Xkq7é€vwz", "xkq7e€vwz"};
	struct site site = open_site();
	struct a2a_policy *policy = good_policy(&site, "words=");

	(void)state;
	for (size_t i = 0; i < 4 * sizeof(around) / sizeof(around[0]); i++) {
		char password[64];
		const char *rules;

		snprintf(password, sizeof(password), "%s%s%s", around[i / 4].before, leaked[i % 4],
			around[i / 4].after);
		rules = rules_of(policy, password, NULL);
		if (strcmp(rules, around[i / 4].is_leaked ? "leaked" : "accept") != 0)
			fail_msg("%s: %s", password, rules);
	}
	a2a_policy_close(policy);
	close_site(&site);
}

/* It speaks when nothing before it did, and the guess number is there in any case. */
static void leaked_speaks_when_nothing_did_before(void **state)
{
	static const char *const names[] = {"xkq7-vwz3m"};
	const struct a2a_person person = {.names = names, .name_count = 1};
	struct site site = open_site();
	struct a2a_policy *policy = good_policy(&site, "words=");
	struct a2a_verdict verdict = verdict_of(policy, "xkq7-vwz3m", NULL);

	(void)state;
	assert_int_equal(verdict.count, 1);
	assert_int_equal(verdict.finding[0].rule, A2A_LEAKED);
	assert_true(verdict.estimate.log2_guesses > verdict.log2_needed);
	assert_string_equal(rules_of(policy, "xkq7-vwz3m", &person), "person");
	assert_string_equal(rules_of(policy, "xkq7-vwz3", NULL), "accept");
	a2a_policy_close(policy);
	policy = good_policy(&site, "dictcheck=no");
	assert_string_equal(rules_of(policy, "xkq7-vwz3m", NULL), "leaked");
	a2a_policy_close(policy);
	policy = good_policy(&site, "min_guesses=0");
	assert_string_equal(rules_of(policy, "xkq7-vwz3m", NULL), "accept");
	a2a_policy_close(policy);
	close_site(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_site_word_is_a_dictionary_word),
		cmocka_unit_test(what_is_more_than_a_word_is_none),
		cmocka_unit_test(what_is_done_to_a_word_costs),
		cmocka_unit_test(a_number_is_no_word_in_leet),
		cmocka_unit_test(a_short_word_is_one_up_to_a_limit),
		cmocka_unit_test(a_site_word_counts_beside_the_built_lexicon),
		cmocka_unit_test(all_lists_count),
		cmocka_unit_test(a_missing_list_of_words_is_a_warning),
		cmocka_unit_test(a_list_of_another_version_is_left_out_with_a_warning),
		cmocka_unit_test(a_lexicon_of_another_version_is_a_fault),
		cmocka_unit_test(a_damaged_list_of_words_is_a_fault),
		cmocka_unit_test(a_list_that_others_may_write_is_a_fault),
		cmocka_unit_test(a_list_is_no_lexicon),
		cmocka_unit_test(during_an_upgrade_the_kept_lexicon_is_used),
		cmocka_unit_test(lists_are_opened_when_asked_for),
		cmocka_unit_test(up_to_two_characters_around_never_save_a_leaked_password),
		cmocka_unit_test(leaked_speaks_when_nothing_did_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
