/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libpwquality and cracklib, asked with care: neither may look up users, and what they find is
 * translated into numbers.
 */
#ifndef A2A_SECOND_OPINION_H
#define A2A_SECOND_OPINION_H

#include <stdbool.h>

#include "dictionary.h"
#include "settings.h"

/* What cracklib says. */
enum a2a_cracklib { A2A_CRACKLIB_FINE, A2A_CRACKLIB_WORD, A2A_CRACKLIB_SIMPLE, A2A_CRACKLIB_FAULT };

/*
 * Asks cracklib about a folded, NUL-terminated password. SIMPLE is its verdict that there are too
 * few different characters, or too many neighbours of the alphabet: it has then not looked into
 * the dictionary. FAULT: it could not say, which is reported.
 */
enum a2a_cracklib a2a_ask_cracklib(const struct a2a_dictionary *opened, const char *dictpath,
	const char *folded, const struct a2a_log *log);

/* What libpwquality says: 0, or its error number, and the number that belongs to it. */
struct a2a_pwquality {
	int error;
	long needs;
};

/* Whether a new password is the old one or a variant of it; both folded and NUL-terminated. */
struct a2a_pwquality a2a_ask_variant(
	const struct a2a_settings *settings, const char *folded, const char *folded_old);

/* All that libpwquality can say of a password alone under the settings that carry its names. */
struct a2a_pwquality a2a_ask_pwquality(const struct a2a_settings *settings, const char *password);

#endif
