/* SPDX-License-Identifier: BSD-3-Clause */
/* The mail to a user whose password is weak. */
#ifndef A2A_NOTICE_H
#define A2A_NOTICE_H

#include "message.h"

struct notice {
	const char *user;    /* the account */
	const char *address; /* where it goes */
	const char *from;    /* NULL: as sendmail has it */
	const char *rules;   /* ids with commas */
	const char *webmail; /* address of the page; NULL: not said */
	long days;           /* of grace that are left; negative: not said */
};

/* Whether a text can stand alone in a header as an address, and is nothing else there. */
bool notice_is_address(const char *text);

/* Whether a text can stand in the mail as the address (https) of a page. */
bool notice_is_link(const char *text);

/*
 * The whole mail, headers first, lines ended by LF as sendmail(8) wants them: in all languages of
 * the messages, one after the other, as quoted-printable UTF-8. NULL when memory is out; release
 * with free().
 */
char *notice_write(const struct notice *notice, const struct a2a_messages *messages,
	const struct a2a_settings *settings);

#endif
