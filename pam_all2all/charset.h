/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The character set of a host program, for doors into programs whose locale is not in UTF-8.
 *
 * Only sets with one byte for each character are converted, from a table. Passwords are converted
 * too, and iconv(3) itself would leave copies of them in memory that it has freed.
 */
#ifndef A2A_CHARSET_H
#define A2A_CHARSET_H

#include <stdint.h>

#include "secret.h"

enum a2a_charset_kind {
	A2A_CHARSET_UTF8,   /* nothing is converted */
	A2A_CHARSET_SINGLE, /* one byte for each character, ASCII below 0x80 */
	A2A_CHARSET_OTHER,  /* any other: texts are written in ASCII, and nothing is read */
};

struct a2a_charset {
	enum a2a_charset_kind kind;
	uint32_t point[128]; /* the code points of the bytes from 0x80; 0: there is none */
};

/*
 * Finds out what nl_langinfo(CODESET) names. The locale C (ANSI_X3.4-1968) counts as UTF-8: daemons
 * run in it and pass the bytes between us and the user's terminal, which is in UTF-8 today. NULL
 * and "" count as UTF-8 too.
 */
struct a2a_charset a2a_charset_find(const char *name);

/*
 * Converts what was typed to UTF-8. `utf8` must own nothing; release it with a2a_secret_wipe(). A
 * byte that stands for no character becomes U+FFFD. Where nothing is converted, `utf8` borrows the
 * bytes of `typed`. Returns false when memory is out.
 */
bool a2a_charset_read(
	const struct a2a_charset *charset, const struct secret *typed, struct secret *utf8);

/*
 * Converts a text in UTF-8 for the host. A character that the host does not have is written in
 * ASCII: without its accent, in two letters, or as a question mark. Ownership and the result are as
 * for a2a_charset_read().
 */
bool a2a_charset_write(
	const struct a2a_charset *charset, const struct secret *utf8, struct secret *text);

#endif
