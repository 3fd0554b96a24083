/* SPDX-License-Identifier: BSD-3-Clause */
/* The words of a person in the forms in which people make a password of them. */
#ifndef A2A_PERSON_WORDS_H
#define A2A_PERSON_WORDS_H

#include "person.h"
#include "small_lexicon.h"
#include "text.h"

/*
 * Makes a lexicon of a person's words of at least `shortest` characters: the words of the names
 * (name.h), each with slips of typing, and the parts of a name joined and as initials. `scratch` is
 * overwritten.
 */
void a2a_person_words(struct a2a_small_lexicon *words, const struct a2a_person *person,
	size_t shortest, struct a2a_text *scratch);

#endif
