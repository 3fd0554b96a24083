/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Passwords spelled out for the telephone, in the four languages.
 *
 * The alphabets are those of Belgium in French and Dutch; those of France and of the Netherlands;
 * in German the first names that people know (DIN 5009 before 2022, with Nathan) and the towns of
 * DIN 5009:2022-06; in English that of the ICAO. all2all-pwgen(1) names the sources.
 */
#ifndef A2A_SPELLING_H
#define A2A_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "secret.h"

/* A cell of a spelling. */
struct a2a_spelled {
	struct secret shown; /* the character, or the word of a passphrase; borrowed */
	struct secret name; /* how it is said: "marie", "MARIE" for a capital; "mot 1" for a word */
	const char *mark;   /* "majuscule"; NULL: not a capital. Static. */
	bool is_word;       /* a word is said as it is */
};

struct a2a_spelling {
	struct a2a_spelled *cell;
	size_t count;
};

/*
 * Spells an ASCII text with the alphabet of a tag or locale ("fr", "fr-FR"; the language's own if
 * the country has none here; English for an unknown language). With `in_words`, each word is one
 * cell. Two characters never have the same name and mark. Returns false when memory is out. Release
 * with a2a_spelling_wipe() in any case; the password must stay until then.
 */
bool a2a_spell(const struct secret *password, const char *tag, bool in_words,
	struct a2a_spelling *spelling);
void a2a_spelling_wipe(struct a2a_spelling *spelling);

/* Appends all cells in one line: "kilogramme, sept, majuscule MARIE", where a no-break space stands
 * after the mark. Returns false when memory is out. */
bool a2a_spelling_line(const struct a2a_spelling *spelling, struct secret *line);

/* Appends the spelling of a text in one line; the arguments are those of a2a_spell(). */
bool a2a_spell_line(
	const struct secret *password, const char *tag, bool in_words, struct secret *line);

/* Tells whether the text is exactly the tag of an alphabet: "fr_FR". */
bool a2a_spelling_is_tag(const char *tag);

enum { A2A_SPELLING_LIST_SIZE = 64 };

/* Writes the tags of all alphabets with spaces between them, for a message. Returns `text`. */
const char *a2a_spelling_list(char text[static A2A_SPELLING_LIST_SIZE]);

#endif
