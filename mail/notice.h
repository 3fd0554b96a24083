/* SPDX-License-Identifier: BSD-3-Clause */
/* The mail to a user whose password is weak. */
#ifndef A2A_NOTICE_H
#define A2A_NOTICE_H

#include "message.h"

/* The texts stay the caller's. Those that go into a header must be a2a_is_mail_address(). */
struct a2a_notice {
	const char *user;    /* the account's name */
	const char *address; /* the recipient */
	const char *from;    /* the sender; NULL: sendmail chooses it */
	const char *rules;   /* the ids of the rules that failed, as a2a_verdict_rules() */
	const char *webmail; /* a2a_is_page_address() of where to change it; NULL: not said */
	long days;           /* of grace that are left; negative: not said */
};

/*
 * Makes the whole mail: headers first, lines ended by LF as sendmail(8) wants them, the text as
 * quoted-printable UTF-8 in each language of the messages, one after the other. Returns NULL when
 * memory is out; release with free().
 */
char *a2a_notice_write(const struct a2a_notice *notice, const struct a2a_messages *messages,
	const struct a2a_settings *settings);

#endif
