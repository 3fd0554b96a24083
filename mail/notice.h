/* SPDX-License-Identifier: BSD-3-Clause */
/* The mail to a user whose password is weak. */
#ifndef A2A_NOTICE_H
#define A2A_NOTICE_H

#include "message.h"

/* The texts belong to the caller. `address` and `from` go into the header, so they must satisfy
 * a2a_is_mail_address(). */
struct a2a_notice {
	const char *user;    /* the account's name */
	const char *address; /* the recipient */
	const char *from;    /* the sender; NULL: sendmail chooses it */
	const char *rules;   /* the ids of the rules that failed, as a2a_verdict_rules() */
	const char *webmail; /* the page that changes it (a2a_is_page_address()), or NULL */
	long days;           /* days of grace that are left; negative: not mentioned */
};

/*
 * Makes the whole mail: headers first, lines ended by LF as sendmail(8) wants them, the text as
 * quoted-printable UTF-8 in each language of the messages, one after the other. Returns NULL when
 * memory is out; release with free().
 */
char *a2a_notice_write(const struct a2a_notice *notice, const struct a2a_messages *messages,
	const struct a2a_settings *settings);

#endif
