/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that set up a mail program for one account. None of them holds a password. */
#ifndef A2A_SETUP_H
#define A2A_SETUP_H

#include "service.h"

/* Whose account; UTF-8, and the caller's. */
struct a2a_setup_account {
	const char *user; /* the user name that the server knows */
	const char *name; /* the person's; NULL or "": the user name */
	/* The address; NULL or "": the user name if it has an @, else user@domain. */
	const char *mail;
	const char *language; /* "fr": of the sentences that a mail program shows */
};

/*
 * Prepares libxml2. Whoever makes set-up files in several threads calls it before there are any:
 * the library prepares itself with its first use too, but 2.9 looks whether it has without its
 * lock.
 */
void a2a_setup_start(void);

/*
 * Mozilla's autoconfiguration file (config-v1.1.xml, as Thunderbird and others read it): IMAPS,
 * POP3S and SMTPS of the service. Appends it to `xml`. Returns false, having reported, when it
 * cannot be written: a text that is no UTF-8 or holds control characters, no mail address, and for
 * the next one a language that is not known. May be called in several threads at once, as the next
 * one, after a2a_setup_start().
 */
bool a2a_setup_autoconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *xml, const struct a2a_log *log);

/*
 * Apple's configuration profile (.mobileconfig) with one mail account, IMAPS and SMTPS. The same
 * account has the same identifiers each time, so that a new profile takes the old one's place.
 */
bool a2a_setup_mobileconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *plist, const struct a2a_log *log);

#endif
