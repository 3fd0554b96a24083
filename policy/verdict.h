/* SPDX-License-Identifier: BSD-3-Clause */
/* The verdict on a password: ids and numbers, which a door puts into words. */
#ifndef A2A_VERDICT_H
#define A2A_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "segment.h"

/* The rules, in the order in which they are judged and reported. */
enum a2a_rule {
	A2A_NOT_TEXT,
	A2A_TOO_SHORT,
	A2A_TOO_LONG,
	A2A_NO_LETTER,
	A2A_NO_DIGIT,
	A2A_FEW_KINDS,
	A2A_PERSON,
	A2A_OLD_PASSWORD,
	A2A_DICTIONARY_WORD,
	A2A_LEAKED,
	A2A_GUESSABLE,
	A2A_SECOND_OPINION,
	A2A_RULES
};

/* Returns the rule's id as configuration, log and manuals write it: "too-short". Static. */
const char *a2a_rule_name(enum a2a_rule rule);

/* A detail beside libpwquality's error numbers, which are negative: cracklib knows the word. */
enum { A2A_CRACKLIB_KNOWS = 1 };

/* The detail of `leaked` when a filter of leaked passwords knows it, or a variant of it. */
enum { A2A_FILTER_KNOWS = 1 };

/* The finding of one rule: numbers only, in the rule's own unit. */
struct a2a_finding {
	enum a2a_rule rule;
	int64_t has, needs; /* 0 where the rule does not count */
	/* second-opinion: libpwquality's error number, or A2A_CRACKLIB_KNOWS. too-few-kinds: the
	 * kinds that are missing (enum a2a_character_kind), or 0 if any will do. leaked:
	 * A2A_FILTER_KNOWS, or 0 if the lexicon knows it. Else 0. */
	int detail;
};

/* A verdict holds only ids and numbers: nothing to free, and no part of the password. */
struct a2a_verdict {
	bool accepted;
	size_t count;
	struct a2a_finding finding[A2A_RULES]; /* one for each rule that failed */
	double log2_needed; /* log2 of the guesses that `guessable` needs at this length; NAN: none
			     */
	struct a2a_estimate estimate; /* its guess number is NAN if it was not measured */
};

/*
 * Returns the ids of the rules that failed, in their order, with commas between them; "" when none
 * failed. Returns NULL when memory is out; release with free().
 */
char *a2a_verdict_rules(const struct a2a_verdict *verdict);

#endif
