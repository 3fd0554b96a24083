/* SPDX-License-Identifier: BSD-3-Clause */
#include "forms.h"

#include <string.h>

#include "lexicon_format.h"

enum {
	SHORTEST = 5,          /* letters of a word that has forms */
	SHORTEST_SKELETON = 4, /* letters of a word without its vowels */
	LONGEST = 2 * A2A_WORD_LONGEST,
};

/* What a form costs more than its word, in bits: which form it is. Random passwords often have four
 * consonants in a row, so that a word without its vowels costs more. */
static const double SKELETON = 4, SOUND = 3;

/* One letter or two that are written otherwise: as they sound. `before` names the letters that must
 * follow; NULL: any, or none. */
struct sound {
	const char *from, *to, *before;
};

/* What people do together. */
static const struct sound *const habits[] = {
	(const struct sound[]){{"qu", "k", NULL}, {"ck", "k", NULL}, {"ch", "ch", NULL},
		{"c", "k", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"qu", "k", NULL}, {"c", "k", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"qu", "k", NULL}, {"ch", "ch", NULL}, {"c", "s", "eiy"},
		{"c", "k", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){
		{"qu", "k", NULL}, {"ph", "f", NULL}, {"c", "k", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"ph", "f", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"s", "z", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){
		{"qu", "k", NULL}, {"c", "k", NULL}, {"s", "z", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"qu", "k", NULL}, {"ph", "f", NULL}, {"c", "k", NULL},
		{"s", "z", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"v", "f", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"qu", "k", NULL}, {"c", "k", NULL}, {"v", "f", NULL},
		{"s", "z", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"y", "i", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"th", "t", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){{"x", "ks", NULL}, {NULL, NULL, NULL}},
	(const struct sound[]){
		{"qu", "k", NULL}, {"x", "ks", NULL}, {"c", "k", NULL}, {NULL, NULL, NULL}},
};

static bool is_vowel(char letter, const char *vowels)
{
	return strchr(vowels, letter) != NULL;
}

/* Writes the word without its vowels, of which the first may stay when it begins the word. */
static size_t drop_vowels(char *form, const char *word, const char *vowels, bool keep_first)
{
	size_t length = 0;

	for (size_t i = 0; word[i]; i++)
		if (!is_vowel(word[i], vowels) || (keep_first && i == 0))
			form[length++] = word[i];
	form[length] = '\0';
	return length;
}

static bool sounds(const struct sound *sound, const char *at)
{
	const size_t length = strlen(sound->from);

	return strncmp(at, sound->from, length) == 0 &&
	       (!sound->before || (at[length] && strchr(sound->before, at[length])));
}

/* Writes the word as one habit does. */
static void spell(char *form, const char *word, const struct sound *habit)
{
	while (*word) {
		const struct sound *sound = habit;

		while (sound->from && !sounds(sound, word))
			sound++;
		if (sound->from) {
			memcpy(form, sound->to, strlen(sound->to));
			form += strlen(sound->to);
			word += strlen(sound->from);
		} else {
			*form++ = *word++;
		}
	}
	*form = '\0';
}

bool a2a_forms_each(
	const char *word, bool (*take)(void *context, const char *form, double bits), void *context)
{
	static const char *const vowels[] = {"aeiou", "aeiouy"};
	const size_t length = strlen(word);
	char form[LONGEST + 1];

	if (length < SHORTEST || length > A2A_WORD_LONGEST ||
		strspn(word, "abcdefghijklmnopqrstuvwxyz") != length)
		return true;
	for (size_t i = 0; i < 4; i++) {
		const size_t left = drop_vowels(form, word, vowels[i / 2], i % 2);

		if (left >= SHORTEST_SKELETON && left < length && !take(context, form, SKELETON))
			return false;
	}
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++) {
		spell(form, word, habits[i]);
		if (strcmp(form, word) != 0 && !take(context, form, SOUND))
			return false;
	}
	return true;
}
