/* SPDX-License-Identifier: BSD-3-Clause */
/* Strong random passwords that pass the policy. */
#ifndef A2A_GENERATE_H
#define A2A_GENERATE_H

#include "policy.h"

enum a2a_style { A2A_CHARACTERS, A2A_PRONOUNCEABLE, A2A_WORDS };

/* What to generate. All zero is the house's default: 12 letters and digits that nobody mixes up. */
struct a2a_recipe {
	enum a2a_style style;
	unsigned length;        /* in characters, or in words; 0: the style's default */
	unsigned bits;          /* instead of length: the shortest with at least so many bits */
	const char *characters; /* instead of letters and digits (ASCII); NULL: those */
	const char *symbols;    /* also these (ASCII); "" the usual ones; NULL: none */
	const char *avoid;      /* none of these; NULL: nothing more */
	bool keyboard_safe;     /* only keys that AZERTY, QWERTY and QWERTZ have in one place */
	const char *language;   /* of the words: fr, nl, de, en */
	const char *separator;  /* between words; NULL: "-", with keyboard_safe a space */
};

struct a2a_generator;

/*
 * Prepares to draw. Returns NULL, having reported, when no password can satisfy both recipe and
 * policy. Release with a2a_generator_close(); the policy must stay open until then.
 */
struct a2a_generator *a2a_generator_open(const struct a2a_policy *policy,
	const struct a2a_recipe *recipe, const struct a2a_log *log);
void a2a_generator_close(struct a2a_generator *generator);

/*
 * log2 of the number of passwords that the recipe allows, that do not begin like a formula, and
 * that the policy's rules of length and composition accept: counted, not estimated. What the rules
 * about words and names and the list of offensive words take away from that is not (it cannot be
 * counted without trying all).
 */
double a2a_generator_bits(const struct a2a_generator *generator);

/*
 * Whether those bits are all that there is to say: false under settings that are judged but not
 * counted (maxrepeat, maxsequence, maxclassrepeat, badwords), and for an alphabet so small that the
 * second opinion's five different characters matter. The bits are then an upper bound.
 */
bool a2a_generator_is_exact(const struct a2a_generator *generator);

/*
 * Draws one password into `password` (which must own nothing; release with a2a_secret_wipe()),
 * uniform over all that the recipe allows and the judge accepts: from getrandom(2), without modulo
 * bias, and what the judge refuses is thrown away whole; so is what holds an offensive word
 * (a2a_is_offensive()), and what begins with one of = + - @, which a spreadsheet takes for a
 * formula. `person` may be NULL. Returns false, having reported, on a fault.
 */
bool a2a_generate(const struct a2a_generator *generator, const struct a2a_person *person,
	struct secret *password, const struct a2a_log *log);

#endif
