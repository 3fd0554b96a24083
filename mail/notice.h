/* SPDX-License-Identifier: BSD-3-Clause */
/* The mail to a user whose password is weak. */
#ifndef A2A_NOTICE_H
#define A2A_NOTICE_H

#include "message.h"

/*
 * The texts belong to the caller. `address` and `from` go into the header, so they must satisfy
 * a2a_is_mail_address(). The organisation and `help` are shown as they are.
 */
struct a2a_notice {
	const char *user;    /* the account's name */
	const char *name;    /* the person's; NULL, "" or unfit for a reader: not greeted by name */
	const char *address; /* the recipient */
	const char *from;    /* the sender; NULL: sendmail chooses it */
	const char *rules;   /* the ids of the rules that failed, as a2a_verdict_rules() */
	const char *organisation; /* the sender's name, and the signature */
	const char *help;    /* where the mail can be checked: a telephone number, an address */
	const char *webmail; /* its address (a2a_is_page_address()), or NULL */
	const char *page;    /* a page that changes passwords, instead of the webmail, or NULL */
	bool has_link;       /* false: the webmail is named without its address */
	long days;           /* days of grace that are left; negative: not mentioned */
};

/*
 * Makes the whole mail as sendmail(8) wants it: headers first, lines ended by LF and of at most 78
 * bytes of ASCII. It has one body as text and as HTML, each with all languages of the messages, one
 * after the other. Returns NULL when memory is out; GLib ends the program when its own memory is.
 * Release with free().
 */
char *a2a_notice_write(const struct a2a_notice *notice, const struct a2a_messages *messages,
	const struct a2a_settings *settings);

#endif
