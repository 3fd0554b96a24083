/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asks libpwquality and cracklib in such a way that neither looks up users. Their answers become
 * numbers.
 */
#ifndef A2A_SECOND_OPINION_H
#define A2A_SECOND_OPINION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dictionary.h"
#include "settings.h"

/* An answer of cracklib. */
enum a2a_cracklib {
	A2A_CRACKLIB_FINE,
	A2A_CRACKLIB_WORD,
	/* Too few different characters, or too many alphabetic neighbours. cracklib then did not
	 * look into the dictionary. */
	A2A_CRACKLIB_SIMPLE,
	A2A_CRACKLIB_FAULT, /* it could not answer; this was reported */
};

/*
 * Asks cracklib about a folded, NUL-terminated password. If the files of `dictpath` are not those
 * that were checked last, they are checked first, and `*dictionary` becomes them. Files that are
 * damaged, or that change while cracklib reads them, are a fault.
 */
enum a2a_cracklib a2a_ask_cracklib(struct a2a_dictionary *dictionary, const char *dictpath,
	const char *folded, const struct a2a_log *log);

/*
 * Looks up the first word of the dictionary through cracklib itself. Returns false, having
 * reported, when cracklib cannot open the files or does not find the word.
 */
bool a2a_try_cracklib(
	struct a2a_dictionary *dictionary, const char *dictpath, const struct a2a_log *log);

/* An answer of libpwquality: 0 or its error number, and the number that the error needs. */
struct a2a_pwquality {
	int error;
	int64_t needs;
};

/* Asks whether a new password is the old one or a variant of it; both are folded and
 * NUL-terminated. */
struct a2a_pwquality a2a_ask_variant(
	const struct a2a_settings *settings, const char *folded, const char *folded_old);

/*
 * Tells whether libpwquality could refuse a password under these settings, so that it must be
 * asked. Under ours, which are all off, it refuses only palindromes and what is shorter than six
 * bytes.
 */
bool a2a_pwquality_could_refuse(
	const struct a2a_settings *settings, const char *password, size_t length);

/* Asks about a password alone, under the settings that have libpwquality's names. */
struct a2a_pwquality a2a_ask_pwquality(const struct a2a_settings *settings, const char *password);

#endif
