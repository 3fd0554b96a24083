/* SPDX-License-Identifier: BSD-3-Clause */
/* The settings of the policy. They have the same names as in the configuration. */
#ifndef A2A_SETTINGS_H
#define A2A_SETTINGS_H

#include "table.h"

/*
 * All settings: one field for each row of the table in settings.c. Everybody may read the fields;
 * only the functions below write them, because they check each value.
 */
struct a2a_settings {
	char *profile;
	int64_t min_length;
	int64_t max_length;
	int64_t min_letters;
	int64_t min_digits;
	int64_t passphrase_length;
	char *kinds; /* read it with a2a_kinds_asked() */
	int64_t person_rest;
	int64_t person_word;
	char *site_words;
	int64_t difok;
	int64_t min_guesses;
	char *lexicon;
	char *words;
	char *leaks;
	char *leaks_missing;
	bool dictcheck;
	bool whole_password;
	char *dictpath;
	bool second_opinion;
	int64_t minclass;
	int64_t dcredit;
	int64_t ucredit;
	int64_t lcredit;
	int64_t ocredit;
	int64_t maxrepeat;
	int64_t maxsequence;
	int64_t maxclassrepeat;
	char *badwords;
	int64_t generated_bits;
	char *word_list_dir;
	char *sheets_dir;
	char *locale_dir;
	char *lang;
	/* No setting: the rows that were set by name, as bits. A profile leaves them alone. */
	uint64_t named;
};

/* The characters between the paths of a setting that lists several. */
#define A2A_PATH_SEPARATORS " \t,"

/* Returns the rows of all settings, `*count` of them; static. */
const struct a2a_setting *a2a_settings_table(size_t *count);

/* Returns all settings at their defaults, or NULL when memory is out. Release with
 * a2a_settings_free(). */
struct a2a_settings *a2a_settings_new(void);

/* Returns a copy, or NULL when memory is out. Release with a2a_settings_free(). */
struct a2a_settings *a2a_settings_copy(const struct a2a_settings *settings);

/* Frees the settings; NULL is allowed. */
void a2a_settings_free(struct a2a_settings *settings);

/*
 * A profile is a set of defaults. Whatever is set by name is in force, whether it was set before
 * the setting `profile` or after it, in the same place or in another.
 */

/* Returns what the profile in force sets a setting to, as text; NULL when it leaves the setting at
 * its own default. Static. */
const char *a2a_settings_of_profile(const struct a2a_settings *settings, const char *name);

/* Tells whether the setting of that name was set by name: in the file, by an argument, by --set. */
bool a2a_settings_is_named(const struct a2a_settings *settings, const char *name);

/* Tells whether the profile in force is the default, `house`. */
bool a2a_settings_is_house(const struct a2a_settings *settings);

/*
 * Reads `key = value` lines from a file that belongs to root or the caller and that nobody else may
 * write. White space around key and value does not count; `#` begins a comment at the start of a
 * line or after white space. An unknown key, a key that stands in the file twice, and a value out
 * of range are mistakes: each one is reported with file and line, and the function then returns
 * false. With `may_be_missing`, a file that does not exist is no mistake.
 */
bool a2a_settings_read_file(struct a2a_settings *settings, const char *path, bool may_be_missing,
	const struct a2a_log *log);

/*
 * Takes one `key=value`, or the name of a switch alone, which turns it on. `where` is its origin,
 * for reports ("--set"). Returns false, having reported, when there is no such setting or the value
 * does not fit; the settings are then as they were.
 */
bool a2a_settings_set(struct a2a_settings *settings, const char *assignment, const char *where,
	const struct a2a_log *log);

/* Tells whether the text up to its `=`, or all of it, is the name of a setting. */
bool a2a_settings_has(const char *assignment);

/*
 * Returns the value of the setting of that name as text, or NULL for an unknown name. This is for
 * code that walks the table; code that needs one setting reads the field. The text belongs to the
 * settings, or is static, or is in `buffer`.
 */
const char *a2a_settings_get(
	const struct a2a_settings *settings, const char *name, char buffer[static 24]);

/*
 * Tells whether min_letters and min_digits apply to a password of this many characters: they do not
 * apply from `passphrase_length` on.
 */
bool a2a_mix_is_asked(const struct a2a_settings *settings, size_t characters);

#endif
