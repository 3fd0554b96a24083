/* SPDX-License-Identifier: BSD-3-Clause */
/* What the engine's files share with each other and with no door. */
#ifndef A2A_INTERNAL_H
#define A2A_INTERNAL_H

#include <sys/types.h>
#include <time.h>

#include "../dict/lexicon.h"
#include "name.h"
#include "policy.h"

/* One field for each row of the table in settings.c, found by its offset. */
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

/* What tells a file from another one that takes its place. */
struct a2a_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed; /* also when the time of modification was set back */
};

/* A file mapped for reading. An empty file has size 0 and no bytes. */
struct a2a_file {
	const char *bytes;
	size_t size;
	struct a2a_stamp stamp;
};

struct a2a_dictionary;
struct a2a_keyboards;

struct a2a_policy {
	struct a2a_settings *settings;
	struct a2a_dictionary *dictionary; /* cracklib's; NULL when no setting asks for it */
	/* The lexicon and the site's own lists of words, with their bytes; the lexicon is the
	 * first. None when no setting asks for them. */
	struct a2a_lexicon *lexicon;
	struct a2a_file *lexicon_file;
	size_t lexicons;
	struct a2a_keyboards *keyboards;
	struct a2a_name site_words; /* of the setting: the service's */
};

/* A copy, or NULL when memory is out. */
struct a2a_settings *a2a_settings_copy(const struct a2a_settings *settings);

/*
 * Whether letters and digits are asked of a password of so many characters: not from
 * `passphrase_length` on.
 */
bool a2a_mix_is_asked(const struct a2a_settings *settings, size_t characters);

#endif
