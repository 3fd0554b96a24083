/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rules with which password crackers change words into guesses, as hashcat has them and
 * https://hashcat.net/wiki/doku.php?id=rule_based_attack describes them. A function that does not
 * fit a word, such as a position behind its end, leaves it as it is. Left out are the functions
 * that reject words and those that remember them.
 */
#ifndef A2A_MEASURE_RULE_H
#define A2A_MEASURE_RULE_H

#include <stddef.h>

/* As in hashcat: bytes of a guess, functions of a rule. */
enum { LONGEST_GUESS = 256, MOST_STEPS = 31 };

struct guess {
	size_t length;
	unsigned char text[LONGEST_GUESS];
};

enum { MOST_ARGUMENTS = 2 };

/* A function of a rule. An argument is a position or number, or a character. */
struct step {
	void (*apply)(struct guess *guess, const unsigned char *argument);
	unsigned char argument[MOST_ARGUMENTS];
};

/*
 * Reads the text of a rule into the steps. Returns how many there are: 0 when the rule is empty, or
 * is none, or has a function that is left out.
 */
size_t rule_read(const char *text, struct step step[static MOST_STEPS]);

/* Makes a guess of a word of `length` bytes, which must be less than LONGEST_GUESS. */
void rule_apply(const struct step *step, size_t steps, const char *word, size_t length,
	struct guess *guess);

#endif
