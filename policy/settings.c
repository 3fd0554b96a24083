/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads text into settings, by one table: for the configuration file, for module arguments and for
 * --set. */
#define _GNU_SOURCE
#include "settings.h"

#include <stdlib.h>
#include <string.h>

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

static const struct a2a_setting rows[] = {
	{"min_length", NUMBER(min_length), 2, 128, "8",
		"characters that a password must have at least (too-short)"},
	{"max_length", NUMBER(max_length), 8, A2A_TEXT_BYTES, "256",
		"bytes that it may have at most; nothing is ever cut off (too-long)"},
	{"min_letters", NUMBER(min_letters), 0, 64, "1",
		"letters of any alphabet that it must have (no-letter)"},
	{"min_digits", NUMBER(min_digits), 0, 64, "1", "digits that it must have (no-digit)"},
	{"passphrase_length", NUMBER(passphrase_length), 0, A2A_TEXT_BYTES, "0",
		"from so many characters on, min_letters and min_digits are not asked; 0: never"},
	{"person_rest", NUMBER(person_rest), 0, 64, "5",
		"characters that must be left without the person's own words; 0: not asked "
		"(person)"},
	{"person_word", NUMBER(person_word), 2, 64, "3",
		"letters from which on a word of the person counts"},
	{"site_words", TEXT(site_words), 0, 0, "all2all maximusconfessor",
		"words of the service that count like the person's own"},
	{"difok", NUMBER(difok), 0, 255, "4",
		"changes that must separate it from the old password; 0: not asked (old-password)"},
	{"min_guesses", NUMBER(min_guesses), 0, INT64_C(1000000000000000), "270000000",
		"guesses that one of 8 characters must withstand, twice as many for each further "
		"one, from the 11th to the 16th four times as many; 0: not asked (leaked, "
		"guessable)"},
	{"lexicon", TEXT(lexicon), 0, 0, A2A_LEXICON_FILE,
		"the words and passwords that guesses are made of", true},
	{"words", TEXT(words), 0, 0, "",
		"the site's own lists of words, made by all2all-dict add: files, separated by "
		"spaces",
		true, paths_are_absolute},
	{"dictcheck", SWITCH(dictcheck), 0, 0, "yes",
		"whether dictionary words are looked for (dictionary-word)"},
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
		"times that one character may stand in a row; 0: not asked (second-opinion)"},
	{"maxsequence", NUMBER(maxsequence), 0, 255, "0",
		"length of runs such as 1234 or dcba; 0: not asked (second-opinion)"},
	{"maxclassrepeat", NUMBER(maxclassrepeat), 0, 255, "0",
		"characters of one kind in a row; 0: not asked (second-opinion)"},
	{"badwords", TEXT(badwords), 0, 0, "",
		"words, separated by spaces, that it must not contain at all (second-opinion)"},
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
	{"usercheck", "the user's name is always looked for: see person_rest"},
	{"usersubstr", "parts of the user's name are always looked for: see person_word"},
	{"gecoscheck", "the GECOS field is always looked at: see person_rest"},
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

static const struct a2a_table table = {rows, sizeof(rows) / sizeof(rows[0]), report_unknown};

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

	if (!copy || a2a_table_copy(&table, copy, settings))
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
	return a2a_table_set(&table, settings, assignment, where, log);
}

bool a2a_settings_read_file(struct a2a_settings *settings, const char *path, bool may_be_missing,
	const struct a2a_log *log)
{
	return a2a_table_read_file(&table, settings, path, may_be_missing, log);
}
