/* SPDX-License-Identifier: BSD-3-Clause */
/* The setting `kinds`: which kinds of characters a password must have, by its length. */
#ifndef A2A_KINDS_H
#define A2A_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kinds of characters, as bits. A letter that has no case counts as small. */
enum a2a_character_kind {
	A2A_SMALL = 1 << 0,
	A2A_CAPITAL = 1 << 1,
	A2A_DIGIT = 1 << 2,
	A2A_OTHER = 1 << 3,
	A2A_ALL_KINDS = A2A_SMALL | A2A_CAPITAL | A2A_DIGIT | A2A_OTHER,
};

/* One step of the setting. */
struct a2a_kinds {
	size_t from;   /* the characters, or the words, that a password has for the step to apply */
	bool in_words; /* what `from` counts */
	unsigned each; /* the kinds that it must have, each of them */
	unsigned least; /* the number of kinds that it must have, whichever */
};

/* Returns the kind of a character. */
enum a2a_character_kind a2a_kind_of(int32_t point);

/* Returns the number of kinds among the bits. */
unsigned a2a_kinds_count(unsigned kinds);

/*
 * Reads the next step of the setting and moves `*text` behind it. Returns false at the end, and at
 * a mistake, where `*text` then stays.
 */
bool a2a_kinds_next(const char **text, struct a2a_kinds *step);

/*
 * Returns what the setting asks of a password with so many characters and words: its last step that
 * applies. Where none applies, nothing is asked. A setting that was accepted has no mistakes.
 */
struct a2a_kinds a2a_kinds_asked(const char *setting, size_t characters, size_t words);

/*
 * Counts the words of a passphrase. A word is a run of letters and digits with at least
 * A2A_WORD_LETTERS letters; any other character separates words.
 */
size_t a2a_count_words(const int32_t *point, size_t count);

enum { A2A_WORD_LETTERS = 2 };

#endif
