/* SPDX-License-Identifier: BSD-3-Clause */
/* Words that nobody wants to get as a password. */
#ifndef A2A_OFFENSIVE_H
#define A2A_OFFENSIVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The number of letters from which a word of the list also counts inside of other letters. Nobody
 * misses the random passwords that this excludes. Words would be missed: "chien" begins with a word
 * of four letters in the list. But few good words contain one of five.
 */
enum { A2A_PART_OF_CHARACTERS = 4, A2A_PART_OF_WORDS = 5, A2A_WHOLE_WORDS = 1 << 16 };

/*
 * Tells whether a text contains a word of words/offensive.txt: any of them with no letter beside
 * it, and those of `part` letters or more also between letters. Ignores case; every character
 * except the letters a to z separates words.
 */
bool a2a_is_offensive(const char *text, size_t length, size_t part);

#endif
