/* SPDX-License-Identifier: BSD-3-Clause */
/* Each profile accepts and refuses what its standard says, gives reasons in four languages, and is
 * overridden by settings that are made by name. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"
#include "kinds.h"
#include "message.h"
#include "text.h"

static const char *const profiles[] = {"house", "safeonweb", "anssi", "bsi", "cnil", "nist"};

enum { PROFILES = sizeof(profiles) / sizeof(profiles[0]) };

static char *set_profile(const char *profile)
{
	char *assignment = NULL;

	assert_true(asprintf(&assignment, "profile=%s", profile) > 0);
	return assignment;
}

static struct a2a_policy *open_profile(const char *profile)
{
	char *assignment = set_profile(profile);
	struct a2a_policy *policy = tree_policy((const char *const[]){assignment, NULL});

	free(assignment);
	return policy;
}

/* ---- What each standard says ----------------------------------------------------------------- */

static const struct {
	const char *profile, *password, *verdict;
} cases[] = {
	/* ALL2ALL: 8 characters, letters and digits, no dictionary word. */
	{"house", "k7hq9ab2", "accept"},
	{"house", "k7hq9ab", "too-short"},
	{"house", "qjxkzvwb", "no-digit"},
	{"house", "internationalisation7q", "dictionary-word"},
	/* Safeonweb: over 13 characters; a mix of four kinds; CyberFundamentals: or three words. */
	{"safeonweb", "k7Hq.9aB2xRt3m", "accept"},
	{"safeonweb", "k7Hq.9aB2xRt3", "too-short"},
	{"safeonweb", "k7hq.9ab2xrt3m", "too-few-kinds"},
	{"safeonweb", "K7HQ.9AB2XRT3M", "too-few-kinds"},
	{"safeonweb", "kvHq.jaBwxRtzm", "too-few-kinds"},
	{"safeonweb", "k7Hqj9aB2xRt3m", "too-few-kinds"},
	{"safeonweb", "paraplu gordijn kwartel mosterd", "accept"},
	{"safeonweb", "gordijn-zmkvwartel", "too-few-kinds"},
	/* ANSSI: 12 characters of four kinds; no special one is asked above 20. */
	{"anssi", "k7Hq.9aB2xRt", "accept"},
	{"anssi", "k7Hq.9aB2xR", "too-short"},
	{"anssi", "k7hq.9ab2xrt", "too-few-kinds"},
	{"anssi", "K7HQ.9AB2XRT", "too-few-kinds"},
	{"anssi", "kvHq.jaBwxRt", "too-few-kinds"},
	{"anssi", "k7Hqj9aB2xRt", "too-few-kinds"},
	{"anssi", "k7Hqj9aB2xRtm4Vw8Zs", "too-few-kinds"},
	{"anssi", "k7Hqj9aB2xRtm4Vw8Zs3", "accept"},
	{"anssi", "k7hqj9ab2xrtm4vw8zs3", "too-few-kinds"},
	{"anssi", "k7h.j9ab2xrtm4vw8zs3", "too-few-kinds"},
	{"anssi", "Internationalisation7!", "dictionary-word"},
	/* BSI: 8 to 12 characters of four kinds, or 20 to 25 of two. */
	{"bsi", "k7Hq.9aB", "accept"},
	{"bsi", "k7Hq.9a", "too-short"},
	{"bsi", "k7Hq9aB2", "too-few-kinds"},
	{"bsi", "k7Hqj9aB2xRtm4Vw8Zs", "too-few-kinds"},
	{"bsi", "k7hqj9ab2xrtm4vw8zs3", "accept"},
	{"bsi", "paraplu gordijn kwartel mosterd", "accept"},
	{"bsi", "kdhqxsabfxrtmjvwpzsn", "too-few-kinds"},
	/* CNIL: 12 characters of four kinds, or 14 without special ones, or 7 words. */
	{"cnil", "k7Hq.9aB2xRt", "accept"},
	{"cnil", "k7Hq.9aB2xR", "too-short"},
	{"cnil", "k7Hqj9aB2xRt", "too-few-kinds"},
	{"cnil", "k7Hqj9aB2xRtm", "too-few-kinds"},
	{"cnil", "k7Hqj9aB2xRtm4", "accept"},
	{"cnil", "kvHqjjaBwxRtmz", "too-few-kinds"},
	{"cnil", "k7hqj9ab2xrtm4", "too-few-kinds"},
	{"cnil", "paraplu gordijn kwartel ladder mosterd venster wortel", "accept"},
	{"cnil", "paraplu gordijn kwartel ladder mosterd venster", "too-few-kinds"},
	{"cnil", "paraplugordijnkwartelladdermosterdvensterwortel", "too-few-kinds"},
	/* NIST: 15 characters and no mixture; a blocklist for the whole password. */
	{"nist", "kdhqxsabfxrtmjv", "accept"},
	{"nist", "kdhqxsabfxrtmj", "too-short"},
	{"nist", "730418592604817", "accept"},
	{"nist", "paraplu gordijn", "accept"},
	{"nist", "internationalisation", "dictionary-word"},
	{"nist", "INTERNATIONALISATION", "dictionary-word"},
	{"nist", "internationalisation7q", "accept"},
	{"nist", "aaaaaaaaaaaaaaa", "guessable"},
	{"nist", "user0001user0001", "person"},
	{"nist", "user0001-kdhqxsabfx", "accept"},
};

static void each_profile_judges_as_its_standard_says(void **state)
{
	const struct a2a_person person = {
		.names = (const char *const[]){"user0001"}, .name_count = 1};

	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		struct a2a_policy *policy = open_profile(profiles[i]);

		for (size_t j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
			const char *said;

			if (strcmp(cases[j].profile, profiles[i]) != 0)
				continue;
			said = rules_of(policy, cases[j].password, &person);
			if (strcmp(said, cases[j].verdict) != 0)
				fail_msg("%s: %s: %s", profiles[i], cases[j].password, said);
		}
		a2a_policy_close(policy);
	}
}

/* NIST: at least 64 characters, of any script; here of four bytes each. */
static void nist_takes_64_characters_of_any_script(void **state)
{
	struct a2a_policy *policy = open_profile("nist");
	char password[64 * 4 + 1] = "";
	struct a2a_text text = {.count = 64};

	(void)state;
	for (size_t i = 0; i < text.count; i++)
		text.point[i] = (int32_t)(0x20000 + i * i * 37 % 4099);
	assert_int_equal(a2a_text_write(&text, password, sizeof(password)), 256);
	assert_string_equal(rules_of(policy, password, NULL), "accept");
	a2a_policy_close(policy);
}

/* The old password itself, and nothing else, is refused by nist; by the others its variants too. */
static void nist_compares_only_with_the_old_password_itself(void **state)
{
	static const char old[] = "k7Hq.9aB2xRt3m", variant[] = "k7Hq.9aB2xRt4m";
	const struct secret before = a2a_secret_borrow(old, strlen(old));
	const struct a2a_person person = {.old_password = &before};

	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		const bool is_nist = strcmp(profiles[i], "nist") == 0;
		char *assignment = set_profile(profiles[i]);
		struct a2a_policy *policy =
			tree_policy((const char *const[]){assignment, "min_length=14", NULL});

		assert_string_equal(rules_of(policy, old, &person), "old-password");
		assert_string_equal(
			rules_of(policy, variant, &person), is_nist ? "accept" : "old-password");
		a2a_policy_close(policy);
		free(assignment);
	}
}

/* A password in use is judged at login without the second opinion. */
static void the_kinds_are_asked_at_login_too(void **state)
{
	struct a2a_policy *policy =
		tree_policy((const char *const[]){"profile=anssi", "second_opinion=no", NULL});

	(void)state;
	assert_string_equal(rules_of(policy, "k7hq.9ab2xrt", NULL), "too-few-kinds");
	assert_string_equal(rules_of(policy, "k7Hq.9aB2xRt", NULL), "accept");
	a2a_policy_close(policy);
}

/* ---- Single settings override ---------------------------------------------------------------- */

static const char *value_of(const struct a2a_settings *settings, const char *name)
{
	static char buffer[24];

	return a2a_settings_get(settings, name, buffer);
}

/* Reads a file, then takes assignments, as a door does. */
static struct a2a_settings *read_both(const char *text, const char *const *set)
{
	struct a2a_settings *settings = a2a_settings_new();
	char *folder = new_folder();
	char *path = NULL;

	assert_true(asprintf(&path, "%s/all2all.conf", folder) > 0);
	write_file(path, text, strlen(text));
	assert_true(a2a_settings_read_file(settings, path, false, NULL));
	for (; *set; set++)
		assert_true(a2a_settings_set(settings, *set, "argument", NULL));
	remove_folder(folder);
	free(path);
	return settings;
}

static void what_is_set_by_name_holds_wherever_it_stands(void **state)
{
	static const struct {
		const char *file;
		const char *set[4];
		const char *min_length, *kinds;
	} orders[] = {
		{"profile = anssi\n", {NULL}, "12", "aA0! 20:aA0"},
		{"lang = fr\n", {"profile=anssi"}, "12", "aA0! 20:aA0"},
		{"profile = anssi\nmin_length = 10\n", {NULL}, "10", "aA0! 20:aA0"},
		{"min_length = 10\nprofile = anssi\n", {NULL}, "10", "aA0! 20:aA0"},
		{"profile = anssi\n", {"min_length=10"}, "10", "aA0! 20:aA0"},
		{"min_length = 10\n", {"profile=anssi"}, "10", "aA0! 20:aA0"},
		{"lang = fr\n", {"profile=anssi", "min_length=10"}, "10", "aA0! 20:aA0"},
		{"lang = fr\n", {"min_length=10", "profile=anssi"}, "10", "aA0! 20:aA0"},
		{"profile = anssi\nkinds =\n", {NULL}, "12", ""},
		/* The default, by name, is no default. */
		{"min_length = 8\n", {"profile=anssi"}, "8", "aA0! 20:aA0"},
		/* Of two profiles the later one is in force, with nothing of the other. */
		{"profile = anssi\n", {"profile=nist"}, "15", ""},
		{"profile = anssi\nmin_length = 10\n", {"profile=nist"}, "10", ""},
		{"profile = cnil\n", {"profile=house"}, "8", ""},
		{"profile = house\n", {NULL}, "8", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct a2a_settings *settings = read_both(orders[i].file, orders[i].set);

		assert_string_equal(value_of(settings, "min_length"), orders[i].min_length);
		assert_string_equal(value_of(settings, "kinds"), orders[i].kinds);
		a2a_settings_free(settings);
	}
}

static void a_copy_knows_what_was_set_by_name(void **state)
{
	struct a2a_settings *settings = read_both("min_length = 10\n", (const char *const[]){NULL});
	struct a2a_settings *copy = a2a_settings_copy(settings);

	(void)state;
	assert_true(a2a_settings_is_named(copy, "min_length"));
	assert_false(a2a_settings_is_named(copy, "min_digits"));
	assert_true(a2a_settings_set(copy, "profile=anssi", "test", NULL));
	assert_string_equal(value_of(copy, "min_length"), "10");
	assert_string_equal(value_of(copy, "min_digits"), "0");
	assert_string_equal(value_of(settings, "min_digits"), "1");
	a2a_settings_free(settings);
	a2a_settings_free(copy);
}

static void house_is_the_default_of_every_setting(void **state)
{
	struct a2a_settings *usual = a2a_settings_new();
	struct a2a_settings *house =
		read_both("profile = nist\n", (const char *const[]){"profile=house", NULL});
	size_t count;
	const struct a2a_setting *table = a2a_settings_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char buffer[24];

		assert_string_equal(a2a_settings_get(house, table[i].name, buffer),
			value_of(usual, table[i].name));
		assert_null(a2a_settings_of_profile(house, table[i].name));
	}
	a2a_settings_free(usual);
	a2a_settings_free(house);
}

/* ---- Mistakes -------------------------------------------------------------------------------- */

static void an_unknown_profile_is_a_fault_that_names_the_others(void **state)
{
	static const char *const bad[] = {
		"profile=iso", "profile=", "profile", "profile=ANSSI", "profile=anssi bsi"};
	struct a2a_settings *settings = a2a_settings_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct reports reports;

		reports_start(&reports);
		assert_false(a2a_settings_set(settings, bad[i], "argument", &reports.log));
		assert_int_equal(reports.faults, 1);
		if (strchr(bad[i], '='))
			assert_non_null(strstr(reports.text,
				"there are: house, safeonweb, anssi, bsi, cnil, nist"));
		assert_string_equal(value_of(settings, "profile"), "house");
		assert_string_equal(value_of(settings, "min_length"), "8");
	}
	a2a_settings_free(settings);
}

static void kinds_are_numbers_or_samples(void **state)
{
	static const char *const good[] = {"kinds=", "kinds=0", "kinds=4", "kinds=aA0!", "kinds=aA",
		"kinds=4 20:3", "kinds=4, 20:aA0\t7w:0", "kinds=12:4", "kinds=511:4",
		"kinds=7w:0 9:2", "kinds=Z"};
	static const char *const bad[] = {"kinds", "kinds=5", "kinds=12", "kinds=4 4",
		"kinds=20:3 4", "kinds=20:3 20:2", "kinds=9w:1 7w:0", "kinds=0:4", "kinds=512:4",
		"kinds=:4", "kinds=w:4", "kinds=20:", "kinds=20:5", "kinds=20x:3",
		"kinds=99999999999999999999:3", "kinds=a\xc3\xa9"};
	struct a2a_settings *settings = a2a_settings_new();
	struct reports reports;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		reports_start(&reports);
		if (!a2a_settings_set(settings, good[i], "test", &reports.log))
			fail_msg("%s", reports.text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reports_start(&reports);
		if (a2a_settings_set(settings, bad[i], "test", &reports.log))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_int_equal(reports.faults, 1);
	}
	assert_string_equal(value_of(settings, "kinds"), "Z");
	a2a_settings_free(settings);
}

static void the_last_step_that_applies_counts(void **state)
{
	static const char setting[] = "aA0! 14:aA0 7w:0";

	(void)state;
	assert_int_equal(a2a_kinds_asked(setting, 13, 0).each, A2A_ALL_KINDS);
	assert_int_equal(a2a_kinds_asked(setting, 14, 6).each, A2A_SMALL | A2A_CAPITAL | A2A_DIGIT);
	assert_int_equal(a2a_kinds_asked(setting, 14, 7).each, 0);
	assert_int_equal(a2a_kinds_asked("4 20:2", 19, 0).least, 4);
	assert_int_equal(a2a_kinds_asked("4 20:2", 20, 0).least, 2);
	assert_int_equal(a2a_kinds_asked("12:4", 11, 0).least, 0);
	assert_int_equal(a2a_kinds_asked("", 11, 0).least, 0);
}

static void letters_of_other_scripts_have_their_kinds(void **state)
{
	struct a2a_policy *policy = tree_policy((const char *const[]){"kinds=aA0!", NULL});

	(void)state;
	assert_string_equal(rules_of(policy, "ωλΚψ4.ρξ7", NULL), "accept");
	assert_string_equal(rules_of(policy, "ωλκψ4.ρξ7", NULL), "too-few-kinds");
	assert_string_equal(rules_of(policy, "ΩΛΚΨ4.ΡΞ7", NULL), "too-few-kinds");
	assert_string_equal(rules_of(policy, "ωλΚψ٣.ρξβ", NULL), "accept");
	a2a_policy_close(policy);
}

static void a_profile_that_cannot_be_satisfied_opens_no_policy(void **state)
{
	static const struct {
		const char *set[6];
		const char *says; /* NULL: a policy opens */
	} impossible[] = {
		{{"profile=anssi", "max_length=11"},
			"min_length (12) is greater than max_length (11)"},
		{{"profile=anssi", "max_length=12"}, NULL},
		{{"profile=cnil", "max_length=12", "min_digits=10"}, "max_length = 13"},
		{{"profile=cnil", "max_length=13", "min_digits=10"}, NULL},
		{{"profile=bsi", "max_length=8", "dcredit=-6"}, "max_length = 9"},
		{{"profile=bsi", "max_length=9", "dcredit=-6"}, NULL},
		/* Two kinds are enough where the password is long. */
		{{"profile=bsi", "max_length=19", "min_digits=19"}, "max_length = 22"},
		{{"profile=bsi", "max_length=20", "min_digits=19"}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
		struct a2a_settings *settings = tree_settings(impossible[i].set);
		struct a2a_policy *policy;
		struct reports reports;

		reports_start(&reports);
		policy = a2a_policy_open(settings, &reports.log);
		if (impossible[i].says && (policy || !strstr(reports.text, impossible[i].says)))
			fail_msg("%zu: \"%s\"", i, reports.text);
		if (!impossible[i].says && !policy)
			fail_msg("%zu: \"%s\"", i, reports.text);
		a2a_policy_close(policy);
		a2a_settings_free(settings);
	}
}

static void the_digest_is_of_the_values_and_not_of_the_name(void **state)
{
	struct a2a_policy *policies[] = {open_profile("bsi"), open_profile("house"),
		tree_policy((const char *const[]){
			"kinds=4 20:2", "min_letters=0", "min_digits=0", NULL})};
	char digest[3][A2A_DIGEST_SIZE];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(a2a_policy_digest(policies[i], digest[i]));
		a2a_policy_close(policies[i]);
	}
	assert_string_equal(digest[0], digest[2]);
	assert_string_not_equal(digest[0], digest[1]);
}

/* ---- What users read ------------------------------------------------------------------------- */

static const struct {
	const char *profile;
	enum a2a_rule rule;
	const char *said[4]; /* en fr nl de; NULL: nothing is said */
} sentences[] = {
	{"house", A2A_TOO_SHORT,
		{"At least 8 characters", "Au moins 8 caractères", "Minstens 8 tekens",
			"Mindestens 8 Zeichen"}},
	{"house", A2A_FEW_KINDS, {NULL}},
	{"safeonweb", A2A_TOO_SHORT,
		{"At least 14 characters", "Au moins 14 caractères", "Minstens 14 tekens",
			"Mindestens 14 Zeichen"}},
	{"safeonweb", A2A_NO_DIGIT, {NULL}},
	{"safeonweb", A2A_FEW_KINDS,
		{"Kinds of characters: a small letter, a capital letter, a digit, a character that "
		 "is neither a letter nor a digit; from 3 words on: whichever you like",
			"Types de caractères : une minuscule, une majuscule, un chiffre, un "
			"caractère qui n’est ni une lettre ni un chiffre ; à partir de 3 mots : "
			"ceux que vous voulez",
			"Soorten tekens: een kleine letter, een hoofdletter, een cijfer, een teken "
			"dat geen letter en geen cijfer is; vanaf 3 woorden: welke u maar wilt",
			"Arten von Zeichen: ein Kleinbuchstabe, ein Großbuchstabe, eine Ziffer, "
			"ein "
			"Zeichen, das weder Buchstabe noch Ziffer ist; ab 3 Wörtern: welche Sie "
			"wollen"}},
	{"anssi", A2A_NO_LETTER, {NULL}},
	{"anssi", A2A_FEW_KINDS,
		{"Kinds of characters: a small letter, a capital letter, a digit, a character that "
		 "is neither a letter nor a digit; from 20 characters on: a small letter, a "
		 "capital letter, a digit",
			"Types de caractères : une minuscule, une majuscule, un chiffre, un "
			"caractère qui n’est ni une lettre ni un chiffre ; à partir de 20 "
			"caractères : une minuscule, une majuscule, un chiffre",
			"Soorten tekens: een kleine letter, een hoofdletter, een cijfer, een teken "
			"dat geen letter en geen cijfer is; vanaf 20 tekens: een kleine letter, "
			"een "
			"hoofdletter, een cijfer",
			"Arten von Zeichen: ein Kleinbuchstabe, ein Großbuchstabe, eine Ziffer, "
			"ein "
			"Zeichen, das weder Buchstabe noch Ziffer ist; ab 20 Zeichen: ein "
			"Kleinbuchstabe, ein Großbuchstabe, eine Ziffer"}},
	{"bsi", A2A_FEW_KINDS,
		{"Kinds of characters: 4 out of small letters, capital letters, digits and "
		 "symbols; "
		 "from 20 characters on: 2 out of small letters, capital letters, digits and "
		 "symbols",
			"Types de caractères : 4 parmi les minuscules, les majuscules, les "
			"chiffres et les symboles ; à partir de 20 caractères : 2 parmi les "
			"minuscules, les majuscules, les chiffres et les symboles",
			"Soorten tekens: 4 van de vier: kleine letters, hoofdletters, cijfers en "
			"symbolen; vanaf 20 tekens: 2 van de vier: kleine letters, hoofdletters, "
			"cijfers en symbolen",
			"Arten von Zeichen: 4 von vier: Kleinbuchstaben, Großbuchstaben, Ziffern "
			"und Sonderzeichen; ab 20 Zeichen: 2 von vier: Kleinbuchstaben, "
			"Großbuchstaben, "
			"Ziffern und Sonderzeichen"}},
	{"cnil", A2A_FEW_KINDS,
		{"Kinds of characters: a small letter, a capital letter, a digit, a character that "
		 "is neither a letter nor a digit; from 14 characters on: a small letter, a "
		 "capital letter, a digit; from 7 words on: whichever you like",
			"Types de caractères : une minuscule, une majuscule, un chiffre, un "
			"caractère qui n’est ni une lettre ni un chiffre ; à partir de 14 "
			"caractères : une minuscule, une majuscule, un chiffre ; à partir de 7 "
			"mots : ceux que vous voulez",
			"Soorten tekens: een kleine letter, een hoofdletter, een cijfer, een teken "
			"dat geen letter en geen cijfer is; vanaf 14 tekens: een kleine letter, "
			"een "
			"hoofdletter, een cijfer; vanaf 7 woorden: welke u maar wilt",
			"Arten von Zeichen: ein Kleinbuchstabe, ein Großbuchstabe, eine Ziffer, "
			"ein "
			"Zeichen, das weder Buchstabe noch Ziffer ist; ab 14 Zeichen: ein "
			"Kleinbuchstabe, ein Großbuchstabe, eine Ziffer; ab 7 Wörtern: welche Sie "
			"wollen"}},
	{"nist", A2A_TOO_SHORT,
		{"At least 15 characters", "Au moins 15 caractères", "Minstens 15 tekens",
			"Mindestens 15 Zeichen"}},
	{"nist", A2A_NO_LETTER, {NULL}},
	{"nist", A2A_NO_DIGIT, {NULL}},
	{"nist", A2A_FEW_KINDS, {NULL}},
	{"nist", A2A_DICTIONARY_WORD,
		{"No word of a dictionary alone", "Pas un mot du dictionnaire à lui seul",
			"Niet alleen een woord uit een woordenboek",
			"Nicht allein ein Wort aus einem Wörterbuch"}},
};

static void the_rules_of_each_profile_are_said_in_four_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		char *assignment = set_profile(sentences[i].profile);
		struct a2a_settings *settings =
			tree_settings((const char *const[]){assignment, "lang=en fr nl de", NULL});
		struct a2a_messages *messages = a2a_messages_open(settings, NULL);

		for (size_t j = 0; j < 4; j++) {
			char *said;

			assert_true(a2a_message_requirement(
				messages, j, settings, sentences[i].rule, &said));
			if (sentences[i].said[j])
				assert_string_equal(said, sentences[i].said[j]);
			else
				assert_null(said);
			free(said);
		}
		a2a_messages_close(messages);
		a2a_settings_free(settings);
		free(assignment);
	}
}

static void a_refusal_says_which_kinds_are_missing(void **state)
{
	static const struct {
		const char *profile, *password;
		const char *said[4];
	} refusals[] = {
		{"anssi", "k7hqj9ab2xrt",
			{"it lacks: a capital letter, a character that is neither a letter nor a "
			 "digit",
				"il lui manque : une majuscule, un caractère qui n’est ni une "
				"lettre ni un chiffre",
				"wat ontbreekt: een hoofdletter, een teken dat geen letter en geen "
				"cijfer is",
				"es fehlt: ein Großbuchstabe, ein Zeichen, das weder Buchstabe "
				"noch "
				"Ziffer ist"}},
		{"bsi", "k7hq9ab2",
			{"it needs at least 4 kinds of characters out of small letters, capital "
			 "letters, digits and symbols",
				"il faut au moins 4 types de caractères parmi : minuscules, "
				"majuscules, chiffres, symboles",
				"er zijn minstens 4 soorten tekens nodig uit: kleine letters, "
				"hoofdletters, cijfers, symbolen",
				"nötig sind mindestens 4 Arten von Zeichen aus: Kleinbuchstaben, "
				"Großbuchstaben, Ziffern, Sonderzeichen"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct a2a_policy *policy = open_profile(refusals[i].profile);
		struct a2a_settings *settings =
			tree_settings((const char *const[]){"lang=en fr nl de", NULL});
		struct a2a_messages *messages = a2a_messages_open(settings, NULL);
		struct a2a_verdict verdict = verdict_of(policy, refusals[i].password, NULL);

		assert_int_equal(verdict.count, 1);
		for (size_t j = 0; j < 4; j++) {
			char *said = a2a_message_reason(messages, j, &verdict, &verdict.finding[0]);

			assert_string_equal(said, refusals[i].said[j]);
			free(said);
		}
		a2a_messages_close(messages);
		a2a_settings_free(settings);
		a2a_policy_close(policy);
	}
}

/* ---- What the generator makes ---------------------------------------------------------------- */

static void check_generated(
	const struct a2a_policy *policy, const struct a2a_recipe *recipe, unsigned least_bits)
{
	struct reports reports;
	struct a2a_generator *generator;

	reports_start(&reports);
	generator = a2a_generator_open(policy, recipe, &reports.log);
	if (!generator)
		fail_msg("%s: %s", a2a_policy_settings(policy)->profile, reports.text);
	assert_true(a2a_generator_bits(generator) >= least_bits);
	for (int i = 0; i < 50; i++) {
		struct secret password;

		assert_true(a2a_generate(generator, NULL, &password, &reports.log));
		assert_string_equal(rules_of(policy, password.bytes, NULL), "accept");
		a2a_secret_wipe(&password);
	}
	a2a_generator_close(generator);
}

static void every_style_of_generator_satisfies_every_profile(void **state)
{
	static const char *const languages[] = {"fr", "nl", "de", "en"};

	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		struct a2a_policy *policy = open_profile(profiles[i]);
		const unsigned bits = strcmp(profiles[i], "cnil") == 0 ? 80 : 0;

		check_generated(policy, &(struct a2a_recipe){0}, bits);
		check_generated(policy, &(struct a2a_recipe){.style = A2A_PRONOUNCEABLE}, bits);
		for (size_t j = 0; j < 4; j++)
			check_generated(policy,
				&(struct a2a_recipe){.style = A2A_WORDS, .language = languages[j]},
				bits);
		a2a_policy_close(policy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_profile_judges_as_its_standard_says),
		cmocka_unit_test(nist_takes_64_characters_of_any_script),
		cmocka_unit_test(nist_compares_only_with_the_old_password_itself),
		cmocka_unit_test(the_kinds_are_asked_at_login_too),
		cmocka_unit_test(what_is_set_by_name_holds_wherever_it_stands),
		cmocka_unit_test(a_copy_knows_what_was_set_by_name),
		cmocka_unit_test(house_is_the_default_of_every_setting),
		cmocka_unit_test(an_unknown_profile_is_a_fault_that_names_the_others),
		cmocka_unit_test(kinds_are_numbers_or_samples),
		cmocka_unit_test(the_last_step_that_applies_counts),
		cmocka_unit_test(letters_of_other_scripts_have_their_kinds),
		cmocka_unit_test(a_profile_that_cannot_be_satisfied_opens_no_policy),
		cmocka_unit_test(the_digest_is_of_the_values_and_not_of_the_name),
		cmocka_unit_test(the_rules_of_each_profile_are_said_in_four_languages),
		cmocka_unit_test(a_refusal_says_which_kinds_are_missing),
		cmocka_unit_test(every_style_of_generator_satisfies_every_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
