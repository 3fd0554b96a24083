/* SPDX-License-Identifier: BSD-3-Clause */
/* Strong random passwords that pass the policy. */
#ifndef A2A_GENERATE_H
#define A2A_GENERATE_H

#include "policy.h"

enum a2a_style { A2A_CHARACTERS, A2A_PRONOUNCEABLE, A2A_WORDS };

/* The kind of password to generate. All zero is the default: 12 letters and digits that do not look
 * alike; symbols too, and more or fewer of them, if the policy asks for it. */
struct a2a_recipe {
	enum a2a_style style;
	unsigned length;        /* in characters, or in words; 0: the style's default, or
				 * the nearest to it that the policy allows, with
				 * the bits of the setting generated_bits */
	unsigned bits;          /* instead of length: the shortest length with this many bits */
	const char *characters; /* the alphabet (ASCII); NULL: letters and digits */
	const char *symbols;    /* symbols to add (ASCII); "": the usual symbols; NULL: none */
	const char *avoid;      /* characters to leave out; NULL: none */
	bool keyboard_safe;     /* only keys that AZERTY, QWERTY and QWERTZ share */
	const char *language;   /* of the words: fr, nl, de, en */
	const char *separator;  /* between words; NULL: "-", with keyboard_safe a space */
};

struct a2a_generator;

/*
 * Prepares to draw. Returns NULL, having reported, when no password can satisfy both the recipe and
 * the policy. Release with a2a_generator_close(); the policy must stay open until then.
 */
struct a2a_generator *a2a_generator_open(const struct a2a_policy *policy,
	const struct a2a_recipe *recipe, const struct a2a_log *log);

/* Closes a generator; NULL is allowed. */
void a2a_generator_close(struct a2a_generator *generator);

/*
 * Returns log2 of the number of passwords that the recipe allows, that do not begin like a formula,
 * and that the rules of length and composition accept. The number is counted, not estimated. It
 * includes the few passwords that the other rules and the list of offensive words exclude, because
 * these cannot be counted without trying all.
 */
double a2a_generator_bits(const struct a2a_generator *generator);

/*
 * Tells whether those bits are exact. The bits are only an upper bound in two cases: under settings
 * that are judged but not counted (maxrepeat, maxsequence, maxclassrepeat, badwords), and with an
 * alphabet so small that the second opinion's rule of five different characters matters.
 */
bool a2a_generator_is_exact(const struct a2a_generator *generator);

/*
 * Draws one password into `password`, which must own nothing; release with a2a_secret_wipe(). It is
 * uniform over all passwords that the recipe allows and the judge accepts: drawn from getrandom(2)
 * without modulo bias, and thrown away whole when the judge refuses it, when it holds an offensive
 * word (a2a_is_offensive()), or when it begins with one of = + - @, as a formula in a spreadsheet
 * does. `person` may be NULL. Returns false, having reported, on a fault.
 */
bool a2a_generate(const struct a2a_generator *generator, const struct a2a_person *person,
	struct secret *password, const struct a2a_log *log);

/*
 * Draws `count` passwords for nobody in particular, each as a2a_generate() does, in `jobs` threads
 * (a2a_run_jobs()). Much faster than as many calls, because the lexicon is held and random numbers
 * are fetched for many at once. Every element of `passwords` must own nothing, and must be wiped
 * afterwards, whatever is returned. Returns false, having reported, on a fault.
 */
bool a2a_generate_many(const struct a2a_generator *generator, struct secret *passwords,
	size_t count, unsigned jobs, const struct a2a_log *log);

#endif
