/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads text into settings, by one table: for the configuration file, for module arguments and for
 * --set. */
#define _GNU_SOURCE
#include "settings.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "language.h"
#include "paths.h" /* made by meson from base/paths.h.in */
#include "text.h"

#define NUMBER(field) A2A_NUMBER_FIELD(struct a2a_settings, field)
#define SWITCH(field) A2A_SWITCH_FIELD(struct a2a_settings, field)
#define TEXT(field) A2A_TEXT_FIELD(struct a2a_settings, field)

/* Accepts a `lang` when there are messages in each language that it lists. */
static bool languages_known(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	while (*(value += strspn(value, " ,\t"))) {
		size_t length = strcspn(value, " ,\t");
		char *tag = strndup(value, length);
		bool known = a2a_language_find(tag) < A2A_LANGUAGES;

		free(tag);
		if (!known) {
			char list[A2A_LANGUAGE_LIST_SIZE];

			a2a_report(log, A2A_FAULT, where,
				"%s: no messages in \"%.*s\"; there are: %s", row->name,
				(int)length, value, a2a_language_list(list));
			return false;
		}
		value += length;
	}
	return true;
}

/* Accepts a list of absolute paths, which may be empty. */
static bool paths_are_absolute(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	while (*(value += strspn(value, A2A_PATH_SEPARATORS))) {
		size_t length = strcspn(value, A2A_PATH_SEPARATORS);

		if (*value != '/') {
			a2a_report(log, A2A_FAULT, where, "%s: \"%.*s\" is not an absolute path",
				row->name, (int)length, value);
			return false;
		}
		value += length;
	}
	return true;
}

/* Accepts a setting of kinds.h whose steps come in the order in which they apply. */
static bool kinds_are_steps(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	struct a2a_kinds step, last[2] = {0};
	const char *text = value;
	bool is_first = true;

	for (; a2a_kinds_next(&text, &step); is_first = false) {
		if (!is_first && step.from <= last[step.in_words].from)
			return a2a_fault(log, where,
				"%s: \"%s\": the steps must go from the shorter password to the "
				"longer one",
				row->name, value);
		last[step.in_words] = step;
	}
	text += strspn(text, " ,\t");
	return !*text ||
	       a2a_fault(log, where,
		       "%s: \"%s\" is neither a number of kinds from 0 to 4 nor a sample of them "
		       "such as aA0!, after 20: for passwords from 20 characters on, or after 7w: "
		       "from 7 words on",
		       row->name, text);
}

/*
 * The profiles, in the order of the columns of the table below, and the document that each follows.
 * The manual, all2all.conf(5), says where a profile asks for less than its document, or for more:
 *
 * house      the guide of ALL2ALL for its users: the defaults.
 * safeonweb  Centre for Cybersecurity Belgium, safeonweb.be: "Happy World Password Day!", point 1
 *            (over 13 characters), and "Use strong passwords" (combine the four kinds);
 *            CyberFundamentals, level small (a passphrase of three random words).
 * anssi      MonServiceSécurisé, "Fixer des contraintes de longueur et de complexité des mots de
 *            passe" (12 characters for users and 16 for administrators, four kinds, without the
 *            special one above 20). It names ANSSI-PG-078, "Recommandations relatives à
 *            l'authentification multifacteur et aux mots de passe", version 2.0 of 2021.
 * bsi        "Sichere Passwörter erstellen", bsi.bund.de, as read in 2026 (8 to 12 characters of
 *            four kinds, or 20 to 25 of two kinds).
 * cnil       Délibération 2022-100 of 21 July 2022, case 1, password alone, 80 bits: its examples 1
 *            to 3 (12 characters of four kinds, 14 without special ones, 7 words).
 * nist       SP 800-63B-4 of August 2025, section 3.1.1.2 (15 characters, no rules of composition,
 *            a blocklist that the whole password is compared with).
 */
enum { PROFILES = 6 };
static const char *const profiles[PROFILES] = {
	"house", "safeonweb", "anssi", "bsi", "cnil", "nist"};

/* Accepts the name of a profile. */
static bool is_profile(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	char list[16 * PROFILES] = "";

	for (size_t i = 0; i < PROFILES; i++) {
		if (strcmp(profiles[i], value) == 0)
			return true;
		strcat(strcat(list, i ? ", " : ""), profiles[i]);
	}
	return a2a_fault(log, where, "%s: there is no profile \"%s\"; there are: %s", row->name,
		value, list);
}

/* Accepts what leaks_missing can be. */
static bool is_consequence(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return strcmp(value, "warn") == 0 || strcmp(value, "refuse") == 0 ||
	       a2a_fault(log, where, "%s: \"%s\" is neither warn nor refuse", row->name, value);
}

static const struct a2a_setting rows[] = {
	{"profile", TEXT(profile), 0, 0, "house",
		"defaults of all others: house, safeonweb, anssi, bsi, cnil, nist", false,
		is_profile},
	{"min_length", NUMBER(min_length), 2, 128, "8",
		"smallest number of characters of a password (too-short)"},
	{"max_length", NUMBER(max_length), 8, A2A_TEXT_BYTES, "256",
		"largest number of bytes; a password is never cut off (too-long)"},
	{"min_letters", NUMBER(min_letters), 0, 64, "1",
		"smallest number of letters, of any alphabet (no-letter)"},
	{"min_digits", NUMBER(min_digits), 0, 64, "1", "smallest number of digits (no-digit)"},
	{"passphrase_length", NUMBER(passphrase_length), 0, A2A_TEXT_BYTES, "0",
		"from this length on, min_letters and min_digits do not apply; 0: always apply"},
	{"kinds", TEXT(kinds), 0, 0, "",
		"kinds of characters that a password must have: a number, or a sample such as "
		"aA0!; with the prefix 20: from 20 characters on, with 7w: from 7 words on "
		"(too-few-kinds)",
		false, kinds_are_steps},
	{"person_rest", NUMBER(person_rest), 0, 64, "5",
		"smallest number of characters left without the person's own words; 0: off "
		"(person)"},
	{"person_word", NUMBER(person_word), 2, 64, "3",
		"smallest length of a word of the person that counts"},
	{"site_words", TEXT(site_words), 0, 0, "all2all maximusconfessor",
		"words of the service that count like the person's own"},
	{"difok", NUMBER(difok), 0, 255, "4",
		"smallest number of changes from the old password; 0: off (old-password)"},
	{"min_guesses", NUMBER(min_guesses), 0, INT64_C(1000000000000000), "270000000",
		"guesses that a password of 8 characters must withstand; the 9th and 10th each "
		"double this number, the 11th to 16th each multiply it by four; 0: off (leaked, "
		"guessable)"},
	{"lexicon", TEXT(lexicon), 0, 0, A2A_LEXICON_FILE,
		"the words and passwords from which guesses are made", true},
	{"words", TEXT(words), 0, 0, "",
		"the site's own lists of words, made by all2all-dict add: files, separated by "
		"spaces",
		true, paths_are_absolute},
	{"leaks", TEXT(leaks), 0, 0, "",
		"filters of leaked passwords, made by all2all-leaks build: files, separated by "
		"spaces (leaked)",
		true, paths_are_absolute},
	{"leaks_missing", TEXT(leaks_missing), 0, 0, "warn",
		"what happens to passwords when one of these filters cannot be read: warn or "
		"refuse (leaked)",
		false, is_consequence},
	{"dictcheck", SWITCH(dictcheck), 0, 0, "yes",
		"whether dictionary words are searched for (dictionary-word)"},
	{"whole_password", SWITCH(whole_password), 0, 0, "no",
		"whether a password is refused only if it is the word or leaked password as a "
		"whole (dictionary-word, leaked)"},
	{"dictpath", TEXT(dictpath), 0, 0, A2A_DICTIONARY,
		"cracklib dictionary, without the endings .pwd .pwi .hwm", true},
	{"second_opinion", SWITCH(second_opinion), 0, 0, "yes",
		"whether libpwquality and cracklib are asked last (second-opinion)"},
	{"minclass", NUMBER(minclass), 0, 4, "0",
		"kinds of characters out of lower case, upper case, digits, others "
		"(second-opinion)"},
	{"dcredit", NUMBER(dcredit), -64, 0, "0", "-N: at least N digits (second-opinion)"},
	{"ucredit", NUMBER(ucredit), -64, 0, "0",
		"-N: at least N upper case letters (second-opinion)"},
	{"lcredit", NUMBER(lcredit), -64, 0, "0",
		"-N: at least N lower case letters (second-opinion)"},
	{"ocredit", NUMBER(ocredit), -64, 0, "0",
		"-N: at least N other characters (second-opinion)"},
	{"maxrepeat", NUMBER(maxrepeat), 0, 255, "0",
		"times that a character may occur in a row; 0: no limit (second-opinion)"},
	{"maxsequence", NUMBER(maxsequence), 0, 255, "0",
		"largest length of a sequence such as 1234 or dcba; 0: no limit (second-opinion)"},
	{"maxclassrepeat", NUMBER(maxclassrepeat), 0, 255, "0",
		"characters of one kind that may occur in a row; 0: no limit (second-opinion)"},
	{"badwords", TEXT(badwords), 0, 0, "",
		"words, separated by spaces, that a password must not contain (second-opinion)"},
	{"generated_bits", NUMBER(generated_bits), 0, 256, "0",
		"smallest entropy in bits of a generated password, unless a length is asked for; "
		"0: that of the usual length"},
	{"word_list_dir", TEXT(word_list_dir), 0, 0, A2A_WORD_LISTS,
		"folder of the word lists for passphrases", true},
	{"sheets_dir", TEXT(sheets_dir), 0, 0, A2A_SHEETS, "folder of the templates of the sheets",
		true},
	{"locale_dir", TEXT(locale_dir), 0, 0, A2A_LOCALES, "folder of the translated messages",
		true},
	{"lang", TEXT(lang), 0, 0, "",
		"languages of the messages, one after the other: fr nl de en; empty: the caller's",
		false, languages_known},
};

/* Keys of pwquality.conf that are no settings here, and what to write instead. */
static const struct {
	const char *name;
	const char *advice;
} foreign[] = {
	{"minlen", "write min_length (characters, without credits)"},
	{"usercheck", "the user's name is always searched for: see person_rest"},
	{"usersubstr", "parts of the user's name are always searched for: see person_word"},
	{"gecoscheck", "the words of the GECOS field are always searched for: see person_rest"},
	{"enforcing", "give pam_all2all the argument dry_run instead"},
	{"retry", "it is an argument of pam_all2all"},
	{"enforce_for_root", "it is an argument of pam_all2all"},
	{"local_users_only", "it is an argument of pam_all2all"},
};

static void report_unknown(const char *name, const char *where, const struct a2a_log *log)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (strcmp(foreign[i].name, name) == 0) {
			a2a_report(log, A2A_FAULT, where, "%s is not a setting here: %s", name,
				foreign[i].advice);
			return;
		}
	a2a_report(log, A2A_FAULT, where,
		"unknown setting \"%s\": all2all.conf(5) and all2all-pwcheck --show-config list "
		"them",
		name);
}

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
static_assert(ROWS <= 64, "struct a2a_settings has a bit for each row");

static void note_named(void *base, const struct a2a_setting *row)
{
	struct a2a_settings *settings = base;

	settings->named |= UINT64_C(1) << (row - rows);
}

static const struct a2a_table table = {rows, ROWS, report_unknown, note_named};
/* The same, for values that nobody has set by name. */
static const struct a2a_table unnamed = {rows, ROWS, report_unknown, NULL};

/* ---- Profiles -------------------------------------------------------------------------------- */

/*
 * What the profiles set; NULL is the default of the setting. min_guesses of nist is that of a list
 * of the million passwords that are tried first: 250 times 2^12 for a password of 15 characters.
 */
/* clang-format off */
static const struct {
	const char *name;
	const char *value[PROFILES];
} columns[] = {
	/*                    house safeonweb    anssi          bsi       cnil                nist */
	{"min_length",       {NULL, "14",        "12",          NULL,     "12",               "15"}},
	{"min_letters",      {NULL, "0",         "0",           "0",      "0",                "0"}},
	{"min_digits",       {NULL, "0",         "0",           "0",      "0",                "0"}},
	{"kinds",            {NULL, "aA0! 3w:0", "aA0! 20:aA0", "4 20:2", "aA0! 14:aA0 7w:0", NULL}},
	{"difok",            {NULL, NULL,        NULL,          NULL,     NULL,               "0"}},
	{"min_guesses",      {NULL, NULL,        NULL,          NULL,     NULL,               "250"}},
	{"whole_password",   {NULL, NULL,        NULL,          NULL,     NULL,               "yes"}},
	{"second_opinion",   {NULL, NULL,        NULL,          NULL,     NULL,               "no"}},
	{"generated_bits",   {NULL, NULL,        NULL,          NULL,     "80",               NULL}},
};
/* clang-format on */

static const struct a2a_setting *find_row(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static bool is_named(const struct a2a_settings *settings, const struct a2a_setting *row)
{
	return settings->named >> (row - rows) & 1;
}

bool a2a_settings_is_named(const struct a2a_settings *settings, const char *name)
{
	const struct a2a_setting *row = find_row(name);

	return row && is_named(settings, row);
}

static const char *of_profile(const struct a2a_settings *settings, size_t column)
{
	for (size_t i = 0; i < PROFILES; i++)
		if (strcmp(profiles[i], settings->profile) == 0)
			return columns[column].value[i];
	return NULL;
}

const char *a2a_settings_of_profile(const struct a2a_settings *settings, const char *name)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (strcmp(columns[i].name, name) == 0)
			return of_profile(settings, i);
	return NULL;
}

bool a2a_settings_is_house(const struct a2a_settings *settings)
{
	return strcmp(settings->profile, profiles[0]) == 0;
}

/* Gives each setting that nobody has set by name its value in the profile. */
static bool apply_profile(
	struct a2a_settings *settings, const char *where, const struct a2a_log *log)
{
	if (!a2a_settings_is_named(settings, "profile"))
		return true;
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		const struct a2a_setting *row = find_row(columns[i].name);
		const char *value = of_profile(settings, i);
		char *assignment = NULL;
		bool ok;

		if (!row || is_named(settings, row))
			continue;
		if (asprintf(&assignment, "%s=%s", row->name, value ? value : row->fallback) < 0)
			return a2a_fault(log, where, "out of memory");
		ok = a2a_table_set(&unnamed, settings, assignment, where, log);
		free(assignment);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- Settings -------------------------------------------------------------------------------- */

const struct a2a_setting *a2a_settings_table(size_t *count)
{
	*count = table.count;
	return table.rows;
}

struct a2a_settings *a2a_settings_new(void)
{
	struct a2a_settings *settings = calloc(1, sizeof(*settings));

	if (!settings || a2a_table_defaults(&table, settings))
		return settings;
	a2a_settings_free(settings);
	return NULL;
}

struct a2a_settings *a2a_settings_copy(const struct a2a_settings *settings)
{
	struct a2a_settings *copy = a2a_settings_new();

	if (!copy)
		return NULL;
	copy->named = settings->named;
	if (a2a_table_copy(&table, copy, settings))
		return copy;
	a2a_settings_free(copy);
	return NULL;
}

void a2a_settings_free(struct a2a_settings *settings)
{
	if (settings)
		a2a_table_release(&table, settings);
	free(settings);
}

bool a2a_mix_is_asked(const struct a2a_settings *settings, size_t characters)
{
	return settings->passphrase_length == 0 || characters < (size_t)settings->passphrase_length;
}

bool a2a_settings_has(const char *assignment)
{
	return a2a_table_has(&table, assignment);
}

const char *a2a_settings_get(
	const struct a2a_settings *settings, const char *name, char buffer[static 24])
{
	return a2a_table_get(&table, settings, name, buffer);
}

bool a2a_settings_set(struct a2a_settings *settings, const char *assignment, const char *where,
	const struct a2a_log *log)
{
	return a2a_table_set(&table, settings, assignment, where, log) &&
	       apply_profile(settings, where, log);
}

bool a2a_settings_read_file(struct a2a_settings *settings, const char *path, bool may_be_missing,
	const struct a2a_log *log)
{
	return a2a_table_read_file(&table, settings, path, may_be_missing, log) &&
	       apply_profile(settings, path, log);
}
