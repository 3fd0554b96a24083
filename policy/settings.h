/* SPDX-License-Identifier: BSD-3-Clause */
/* The settings of the policy, by the names that the configuration gives them. */
#ifndef A2A_SETTINGS_H
#define A2A_SETTINGS_H

#include "table.h"

/* All settings: one field for each row of the table in settings.c. To be read anywhere, and written
 * by the functions below alone, which check each value. */
struct a2a_settings {
	long min_length;
	long max_length;
	long min_letters;
	long min_digits;
	long passphrase_length;
	long person_rest;
	long person_word;
	char *site_words;
	long difok;
	long min_guesses;
	char *lexicon;
	char *words;
	long dictcheck;
	char *dictpath;
	long second_opinion;
	long minclass;
	long dcredit;
	long ucredit;
	long lcredit;
	long ocredit;
	long maxrepeat;
	long maxsequence;
	long maxclassrepeat;
	char *badwords;
	char *word_list_dir;
	char *sheets_dir;
	char *locale_dir;
	char *lang;
};

/* Between the paths of a setting that lists several. */
#define A2A_PATH_SEPARATORS " \t,"

/* The table: `*count` rows, static. */
const struct a2a_setting *a2a_settings_table(size_t *count);

/* All settings at their defaults, or NULL when memory is out. Release with a2a_settings_free(). */
struct a2a_settings *a2a_settings_new(void);
void a2a_settings_free(struct a2a_settings *settings);

/*
 * Reads `key = value` lines from a file. `#` begins a comment at the start of a line or after
 * white space. A key written twice in one file is a mistake, as is an unknown one or a value out
 * of range: each is reported with file and line, all of them, and then false is returned. With
 * `may_be_missing`, a file that does not exist is not a mistake.
 */
bool a2a_settings_read_file(struct a2a_settings *settings, const char *path, bool may_be_missing,
	const struct a2a_log *log);

/*
 * Takes one `key=value` (or the bare name of a switch, which turns it on). `where` names its
 * origin in a report ("argument 2"). Returns false, having reported, when it is no setting.
 */
bool a2a_settings_set(struct a2a_settings *settings, const char *assignment, const char *where,
	const struct a2a_log *log);

/* Whether the text up to its `=` is the name of a setting. */
bool a2a_settings_has(const char *assignment);

/*
 * The value of a setting as one would write it, in `buffer` if it is a number. NULL for an
 * unknown name. The text belongs to the settings or is the buffer.
 */
const char *a2a_settings_get(
	const struct a2a_settings *settings, const char *name, char buffer[static 24]);

/* A copy, or NULL when memory is out. */
struct a2a_settings *a2a_settings_copy(const struct a2a_settings *settings);

/*
 * Whether letters and digits are asked of a password of so many characters: not from
 * `passphrase_length` on.
 */
bool a2a_mix_is_asked(const struct a2a_settings *settings, size_t characters);

#endif
