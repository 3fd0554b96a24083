/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The languages of the users: one table that all rooms index. A further language is one name in the
 * enumeration, one row in language.c, and its texts: po/, sheets/, the spelling alphabet, the word
 * lists of dict/words/sources.conf.
 */
#ifndef A2A_LANGUAGE_H
#define A2A_LANGUAGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * In the order in which they are listed to people. A lexicon file stores a word's languages as bits
 * of these numbers: a new language goes to the end, and none is ever given another number.
 */
enum a2a_language { A2A_FRENCH, A2A_DUTCH, A2A_GERMAN, A2A_ENGLISH, A2A_LANGUAGES };

/* All of them, as bits. */
enum { A2A_ALL_LANGUAGES = (1 << A2A_LANGUAGES) - 1 };

static inline uint8_t a2a_language_bit(enum a2a_language language)
{
	return (uint8_t)(1u << language);
}

/* The two letters of ISO 639-1: "fr". */
const char *a2a_language_tag(enum a2a_language language);

/*
 * The language of a tag or of a locale's name, in capitals or small letters: "fr", "nl-BE",
 * "fr_BE.UTF-8". A2A_LANGUAGES when it is none of ours, or `tag` is NULL.
 */
enum a2a_language a2a_language_find(const char *tag);

/* Whether it is one of the tags themselves, "fr". */
bool a2a_language_is_tag(const char *text);

enum { A2A_LANGUAGE_LIST_SIZE = 3 * A2A_LANGUAGES + 1 };

/* All tags with spaces between them, "fr nl de en", for a sentence to a person. Returns `text`. */
const char *a2a_language_list(char text[static A2A_LANGUAGE_LIST_SIZE]);

#endif
