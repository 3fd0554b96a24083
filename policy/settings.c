/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> settings. One table; the configuration file, module arguments and --set all pass here. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dict/text.h"
#include "file.h"
#include "paths.h" /* made by meson from paths.h.in */

#define AT(member) offsetof(struct a2a_settings, member)

/* 10^15, where a long holds that. */
#if LONG_MAX > 2147483647L
#define MOST_GUESSES 1000000000000000L
#else
#define MOST_GUESSES LONG_MAX
#endif

static const struct a2a_setting table[] = {
	{"min_length", A2A_NUMBER, 2, 128, "8",
		"characters that a password must have at least (too-short)", false, AT(min_length)},
	{"max_length", A2A_NUMBER, 8, A2A_TEXT_BYTES, "256",
		"bytes that it may have at most; nothing is ever cut off (too-long)", false,
		AT(max_length)},
	{"min_letters", A2A_NUMBER, 0, 64, "1",
		"letters of any alphabet that it must have (no-letter)", false, AT(min_letters)},
	{"min_digits", A2A_NUMBER, 0, 64, "1", "digits that it must have (no-digit)", false,
		AT(min_digits)},
	{"passphrase_length", A2A_NUMBER, 0, A2A_TEXT_BYTES, "0",
		"from so many characters on, min_letters and min_digits are not asked; 0: never",
		false, AT(passphrase_length)},
	{"person_rest", A2A_NUMBER, 0, 64, "5",
		"characters that must be left without the person's own words; 0: not asked "
		"(person)",
		false, AT(person_rest)},
	{"person_word", A2A_NUMBER, 2, 64, "3", "letters from which on a word of the person counts",
		false, AT(person_word)},
	{"site_words", A2A_TEXT, 0, 0, "all2all maximusconfessor",
		"words of the service that count like the person's own", false, AT(site_words)},
	{"difok", A2A_NUMBER, 0, 255, "4",
		"changes that must separate it from the old password; 0: not asked (old-password)",
		false, AT(difok)},
	{"min_guesses", A2A_NUMBER, 0, MOST_GUESSES, "270000000",
		"guesses that one of 8 characters must withstand, twice as many for each further "
		"one up to 16; 0: not asked (leaked, guessable)",
		false, AT(min_guesses)},
	{"lexicon", A2A_TEXT, 0, 0, A2A_LEXICON_FILE,
		"the words and passwords that guesses are made of", true, AT(lexicon)},
	{"words", A2A_TEXT, 0, 0, "",
		"the site's own lists of words, made by all2all-dict add: files, separated by "
		"spaces",
		true, AT(words)},
	{"dictcheck", A2A_SWITCH, 0, 1, "yes",
		"whether dictionary words are looked for (dictionary-word)", false, AT(dictcheck)},
	{"dictpath", A2A_TEXT, 0, 0, A2A_DICTIONARY,
		"cracklib dictionary, without the endings .pwd .pwi .hwm", true, AT(dictpath)},
	{"second_opinion", A2A_SWITCH, 0, 1, "yes",
		"whether libpwquality and cracklib are asked last (second-opinion)", false,
		AT(second_opinion)},
	{"minclass", A2A_NUMBER, 0, 4, "0",
		"kinds of characters out of lower case, upper case, digits, others "
		"(second-opinion)",
		false, AT(minclass)},
	{"dcredit", A2A_NUMBER, -64, 0, "0", "-N: at least N digits (second-opinion)", false,
		AT(dcredit)},
	{"ucredit", A2A_NUMBER, -64, 0, "0", "-N: at least N upper case letters (second-opinion)",
		false, AT(ucredit)},
	{"lcredit", A2A_NUMBER, -64, 0, "0", "-N: at least N lower case letters (second-opinion)",
		false, AT(lcredit)},
	{"ocredit", A2A_NUMBER, -64, 0, "0", "-N: at least N other characters (second-opinion)",
		false, AT(ocredit)},
	{"maxrepeat", A2A_NUMBER, 0, 255, "0",
		"times that one character may stand in a row; 0: not asked (second-opinion)", false,
		AT(maxrepeat)},
	{"maxsequence", A2A_NUMBER, 0, 255, "0",
		"length of runs such as 1234 or dcba; 0: not asked (second-opinion)", false,
		AT(maxsequence)},
	{"maxclassrepeat", A2A_NUMBER, 0, 255, "0",
		"characters of one kind in a row; 0: not asked (second-opinion)", false,
		AT(maxclassrepeat)},
	{"badwords", A2A_TEXT, 0, 0, "",
		"words, separated by spaces, that it must not contain at all (second-opinion)",
		false, AT(badwords)},
	{"word_list_dir", A2A_TEXT, 0, 0, A2A_WORD_LISTS,
		"folder of the word lists for passphrases", true, AT(word_list_dir)},
	{"locale_dir", A2A_TEXT, 0, 0, A2A_LOCALES, "folder of the translated messages", true,
		AT(locale_dir)},
	{"lang", A2A_TEXT, 0, 0, "",
		"languages of the messages, one after the other: fr nl de en; empty: the caller's",
		false, AT(lang)},
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

/* What people bring along from pwquality.conf under a name that has no place here. */
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

static const struct {
	const char *word;
	long value;
} switches[] = {
	{"yes", 1},
	{"no", 0},
	{"on", 1},
	{"off", 0},
	{"true", 1},
	{"false", 0},
	{"1", 1},
	{"0", 0},
};

void a2a_report(
	const struct a2a_log *log, enum a2a_level level, const char *where, const char *format, ...)
{
	char *what = NULL;
	char *text = NULL;
	va_list arguments;

	if (!log || !log->say)
		return;
	va_start(arguments, format);
	if (vasprintf(&what, format, arguments) < 0)
		what = NULL;
	va_end(arguments);
	if (what && where && asprintf(&text, "%s: %s", where, what) < 0)
		text = NULL;
	if (text)
		log->say(log->context, level, text);
	else
		log->say(log->context, level, what ? what : "out of memory");
	free(text);
	free(what);
}

const struct a2a_setting *a2a_settings_table(size_t *count)
{
	*count = ROWS;
	return table;
}

static long *number_at(struct a2a_settings *settings, const struct a2a_setting *row)
{
	return (long *)(void *)((char *)settings + row->offset);
}

static char **text_at(struct a2a_settings *settings, const struct a2a_setting *row)
{
	return (char **)(void *)((char *)settings + row->offset);
}

static const struct a2a_setting *find(const char *name, size_t length)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0)
			return &table[i];
	return NULL;
}

static bool parse_number(const struct a2a_setting *row, const char *value, long *number)
{
	char *end = NULL;

	errno = 0;
	*number = strtol(value, &end, 10);
	return !errno && end != value && !*end && *number >= row->least && *number <= row->most;
}

static bool parse_switch(const char *value, long *number)
{
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (strcmp(switches[i].word, value) == 0) {
			*number = switches[i].value;
			return true;
		}
	return false;
}

/* Whether every word of a `lang` is a language that there are messages in. */
static bool languages_known(const char *value, const char *where, const struct a2a_log *log)
{
	while (*(value += strspn(value, " ,\t"))) {
		size_t length = strcspn(value, " ,\t");
		char *tag = strndup(value, length);
		bool known = tag && a2a_language_known(tag);

		free(tag);
		if (!known) {
			a2a_report(log, A2A_FAULT, where,
				"lang: no messages in \"%.*s\"; there are: fr nl de en",
				(int)length, value);
			return false;
		}
		value += length;
	}
	return true;
}

/* Only `words` may be several, or none. */
static bool paths_are_absolute(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	const char *separators = row->offset == AT(words) ? A2A_PATH_SEPARATORS : "";

	if (row->offset == AT(words) && !value[strspn(value, separators)])
		return true;
	for (value += strspn(value, separators);; value += strspn(value, separators)) {
		size_t length = strcspn(value, separators);

		if (*value != '/') {
			a2a_report(log, A2A_FAULT, where, "%s: \"%.*s\" is not an absolute path",
				row->name, (int)length, value);
			return false;
		}
		value += length;
		if (!value[strspn(value, separators)])
			return true;
	}
}

static bool set_text(struct a2a_settings *settings, const struct a2a_setting *row,
	const char *value, const char *where, const struct a2a_log *log)
{
	char *copy;

	if (row->is_path && !paths_are_absolute(row, value, where, log))
		return false;
	if (row->offset == AT(lang) && !languages_known(value, where, log))
		return false;
	copy = strdup(value);
	if (!copy) {
		a2a_report(log, A2A_FAULT, where, "out of memory");
		return false;
	}
	free(*text_at(settings, row));
	*text_at(settings, row) = copy;
	return true;
}

static bool set(struct a2a_settings *settings, const struct a2a_setting *row, const char *value,
	const char *where, const struct a2a_log *log)
{
	switch (row->type) {
	case A2A_TEXT:
		return set_text(settings, row, value, where, log);
	case A2A_SWITCH:
		if (parse_switch(value, number_at(settings, row)))
			return true;
		a2a_report(log, A2A_FAULT, where, "%s: \"%s\" is neither yes nor no", row->name,
			value);
		return false;
	case A2A_NUMBER: {
		long number;

		if (parse_number(row, value, &number)) {
			*number_at(settings, row) = number;
			return true;
		}
		a2a_report(log, A2A_FAULT, where,
			"%s: \"%s\" is not a whole number from %ld to %ld", row->name, value,
			row->least, row->most);
		return false;
	}
	}
	return false;
}

struct a2a_settings *a2a_settings_new(void)
{
	struct a2a_settings *settings = calloc(1, sizeof(*settings));

	for (size_t i = 0; settings && i < ROWS; i++)
		if (!set(settings, &table[i], table[i].fallback, NULL, NULL)) {
			a2a_settings_free(settings);
			return NULL;
		}
	return settings;
}

struct a2a_settings *a2a_settings_copy(const struct a2a_settings *settings)
{
	struct a2a_settings *copy = a2a_settings_new();
	char buffer[24];

	for (size_t i = 0; copy && i < ROWS; i++) {
		const char *value = a2a_settings_get(settings, table[i].name, buffer);

		if (!set(copy, &table[i], value, NULL, NULL)) {
			a2a_settings_free(copy);
			return NULL;
		}
	}
	return copy;
}

void a2a_settings_free(struct a2a_settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < ROWS; i++)
		if (table[i].type == A2A_TEXT)
			free(*text_at(settings, &table[i]));
	free(settings);
}

bool a2a_settings_has(const char *assignment)
{
	return find(assignment, strcspn(assignment, "=")) != NULL;
}

const char *a2a_settings_get(
	const struct a2a_settings *settings, const char *name, char buffer[static 24])
{
	const struct a2a_setting *row = find(name, strlen(name));
	const char *field;

	if (!row)
		return NULL;
	field = (const char *)settings + row->offset;
	switch (row->type) {
	case A2A_TEXT:
		return *(char *const *)(const void *)field;
	case A2A_SWITCH:
		return *(const long *)(const void *)field ? "yes" : "no";
	case A2A_NUMBER:
		snprintf(buffer, 24, "%ld", *(const long *)(const void *)field);
		return buffer;
	}
	return NULL;
}

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

/* Cuts blanks from both ends, in place. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r");
	length = strlen(text);
	while (length && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Splits `text`, which is written to, and sets. `*row` tells which setting it was, if any. */
static bool assign(struct a2a_settings *settings, char *text, const char *where,
	const struct a2a_setting **row, const struct a2a_log *log)
{
	char *value = strchr(text, '=');
	char *name;

	if (value)
		*value++ = '\0';
	name = trim(text);
	*row = find(name, strlen(name));
	if (!*row) {
		report_unknown(name, where, log);
		return false;
	}
	if (!value && (*row)->type != A2A_SWITCH) {
		a2a_report(log, A2A_FAULT, where, "%s has no value: write %s = ...", name, name);
		return false;
	}
	return set(settings, *row, value ? trim(value) : (char[]){"yes"}, where, log);
}

bool a2a_settings_set(struct a2a_settings *settings, const char *assignment, const char *where,
	const struct a2a_log *log)
{
	const struct a2a_setting *row;
	char *text = strdup(assignment);
	bool ok;

	if (!text) {
		a2a_report(log, A2A_FAULT, where, "out of memory");
		return false;
	}
	ok = assign(settings, text, where, &row, log);
	free(text);
	return ok;
}

/* Ends the line where a comment begins. */
static void cut_comment(char *line)
{
	for (char *c = line; *c; c++)
		if (*c == '#' && (c == line || c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
}

/* One line of a file. `seen` remembers for each setting the line that set it. */
static bool take_line(struct a2a_settings *settings, char *line, const char *path, unsigned number,
	unsigned seen[static ROWS], const struct a2a_log *log)
{
	const struct a2a_setting *row = NULL;
	char *where = NULL;
	bool ok;

	cut_comment(line);
	line = trim(line);
	if (!*line)
		return true;
	if (asprintf(&where, "%s:%u", path, number) < 0) {
		a2a_report(log, A2A_FAULT, path, "out of memory");
		return false;
	}
	ok = assign(settings, line, where, &row, log);
	if (row && seen[row - table]) {
		a2a_report(log, A2A_FAULT, where, "%s is set in line %u already: leave one of them",
			row->name, seen[row - table]);
		ok = false;
	}
	if (row)
		seen[row - table] = number;
	free(where);
	return ok;
}

bool a2a_settings_read_file(struct a2a_settings *settings, const char *path, bool may_be_missing,
	const struct a2a_log *log)
{
	unsigned seen[ROWS] = {0};
	struct a2a_file file;
	char *text = NULL;
	char *rest;
	bool ok = false;
	int error = a2a_file_open(&file, path);

	if (error) {
		if (may_be_missing && (error == ENOENT || error == ENOTDIR))
			return true;
		a2a_report(log, A2A_FAULT, path, "the configuration %s", a2a_file_reason(error));
		return false;
	}
	if (file.size && memchr(file.bytes, '\0', file.size)) {
		a2a_report(
			log, A2A_FAULT, path, "the configuration holds a NUL byte: it is no text");
		goto out;
	}
	text = strndup(file.bytes ? file.bytes : "", file.size);
	if (!text) {
		a2a_report(log, A2A_FAULT, path, "out of memory");
		goto out;
	}
	ok = true;
	rest = text;
	for (unsigned number = 1; rest; number++)
		ok &= take_line(settings, strsep(&rest, "\n"), path, number, seen, log);
out:
	free(text);
	a2a_file_close(&file);
	return ok;
}
