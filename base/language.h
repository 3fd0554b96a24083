/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The languages of the users: the one table that every room indexes. To add a language, add a name
 * to the enumeration, a row to language.c, and the texts: po/, sheets/, the spelling alphabet, and
 * the word lists of dict/sources.conf.
 */
#ifndef A2A_LANGUAGE_H
#define A2A_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * In the order in which people see them listed. A lexicon file stores the languages of a word as
 * bits of these numbers, so a new language goes to the end and no number ever changes.
 */
enum a2a_language { A2A_FRENCH, A2A_DUTCH, A2A_GERMAN, A2A_ENGLISH, A2A_LANGUAGES };

/* The bits of all languages. */
enum { A2A_ALL_LANGUAGES = (1 << A2A_LANGUAGES) - 1 };

/* A bit beside those of the languages of a word: it is the name of a place. */
enum { A2A_PLACE_BIT = 1 << 7 };

static inline uint8_t a2a_language_bit(enum a2a_language language)
{
	return (uint8_t)(1u << language);
}

/* Returns the two letters of ISO 639-1: "fr". */
const char *a2a_language_tag(enum a2a_language language);

/*
 * Returns the language of a tag or of a locale's name, in upper or lower case: "fr", "nl-BE",
 * "fr_BE.UTF-8". Returns A2A_LANGUAGES when the language is not in the table or `tag` is NULL.
 */
enum a2a_language a2a_language_find(const char *tag);

/* Tells whether the text is exactly a tag of the table: "fr". */
bool a2a_language_is_tag(const char *text);

/*
 * Returns which form of a word a number wants, as "Plural-Forms" in po/ says it: 0 for the
 * singular, 1 for the plural. In French, 0 wants the singular.
 */
size_t a2a_language_plural(enum a2a_language language, int64_t number);

enum { A2A_LANGUAGE_LIST_SIZE = 3 * A2A_LANGUAGES + 1 };

/* Writes all tags with spaces between them, "fr nl de en", for a message. Returns `text`. */
const char *a2a_language_list(char text[static A2A_LANGUAGE_LIST_SIZE]);

#endif
