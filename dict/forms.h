/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Forms in which people write a word to hide it: without its vowels, or as it sounds. They are too
 * many to be searched for in a password, so that they are words of the lexicon.
 */
#ifndef A2A_FORMS_H
#define A2A_FORMS_H

#include <stdbool.h>

/*
 * Calls `take` for each form of a word, which is folded ASCII of at most A2A_WORD_LONGEST
 * characters, and says what the form costs more than the word, in bits. A form may come twice. A
 * word with anything but letters has no forms, nor has one that is too short. Returns false when
 * `take` did.
 */
bool a2a_forms_each(const char *word, bool (*take)(void *context, const char *form, double bits),
	void *context);

#endif
