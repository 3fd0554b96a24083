/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes the files that set up a mail program for one account. They hold no password. */
#ifndef A2A_SETUP_H
#define A2A_SETUP_H

#include "service.h"

/* The account. All texts are UTF-8 and belong to the caller. */
struct a2a_setup_account {
	const char *user; /* the user name that the server knows */
	const char *name; /* the person's; NULL or "": the user name */
	/* The address; NULL or "": see a2a_service_address(). */
	const char *mail;
	const char *language; /* "fr": of the sentences that a mail program shows */
};

/*
 * Initialises libxml2. Call this before you start threads that make set-up files: the library also
 * initialises itself on first use, but version 2.9 does not lock when it checks whether this was
 * done.
 */
void a2a_setup_start(void);

/*
 * Appends Mozilla's autoconfiguration file (config-v1.1.xml, read by Thunderbird and others) with
 * the service's IMAPS, POP3S and SMTPS to `xml`. Returns false, having reported, when a text is not
 * UTF-8 or holds control characters, or when there is no mail address. May be called in several
 * threads at once, after a2a_setup_start().
 */
bool a2a_setup_autoconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *xml, const struct a2a_log *log);

/*
 * Does the same for Apple's configuration profile (.mobileconfig) with one mail account, IMAPS and
 * SMTPS. Also returns false when the language is not known. The identifiers of an account are
 * always the same, so that a new profile replaces the old one.
 */
bool a2a_setup_mobileconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *plist, const struct a2a_log *log);

#endif
