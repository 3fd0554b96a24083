/* SPDX-License-Identifier: BSD-3-Clause */
/* Words that nobody wants to get as a password. */
#ifndef A2A_OFFENSIVE_H
#define A2A_OFFENSIVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * From how many letters on a word counts inside of other letters. Among random characters, the
 * passwords that this costs are not missed. Among words they are: "chien" begins with four letters
 * of the list, but few good words hold five.
 */
enum { A2A_PART_OF_CHARACTERS = 4, A2A_PART_OF_WORDS = 5, A2A_WHOLE_WORDS = 1 << 16 };

/*
 * Whether a text holds a word of words/offensive.txt: any of them with no letter beside it, and
 * those of `part` letters or more also between letters. Ignores case; whatever is not a letter a to
 * z separates words.
 */
bool a2a_is_offensive(const char *text, size_t length, size_t part);

#endif
