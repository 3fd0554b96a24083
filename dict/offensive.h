/* SPDX-License-Identifier: BSD-3-Clause */
/* What nobody wants to be handed as a password. */
#ifndef A2A_OFFENSIVE_H
#define A2A_OFFENSIVE_H

#include <stdbool.h>
#include <stddef.h>

/* Of random characters nobody misses one. Of words somebody would: "chien" begins with four letters
 * of the list, but few good ones hold five. */
enum { A2A_PART_OF_CHARACTERS = 4, A2A_PART_OF_WORDS = 5, A2A_WHOLE_WORDS = 1 << 16 };

/*
 * Whether a text holds a word of words/offensive.txt: any of them where no letter stands beside it,
 * and those of `part` letters or more also between letters. Small letters and capitals are the
 * same; what is not a letter a to z parts words.
 */
bool a2a_is_offensive(const char *text, size_t length, size_t part);

#endif
