/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes the files that set up a mail program, for one account, or for all accounts of a domain to
 * be published. They hold no password.
 */
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

/*
 * The functions below make what a web server publishes for a domain. They do what those above do,
 * with the domain in the place of the account: its name as the DNS knows it. The files name no
 * user. Returns false, having reported, when the domain is none, or a text cannot be shown.
 */

/*
 * Mozilla's file with a placeholder for the user name, as login_name says, and mx_domain. A program
 * finds it as https://autoconfig.DOMAIN/mail/config-v1.1.xml.
 */
bool a2a_setup_domain_autoconfig(const struct a2a_service *service, const char *domain,
	struct secret *xml, const struct a2a_log *log);

/* Apple's profile. The device asks for address, user name and password. */
bool a2a_setup_domain_mobileconfig(const struct a2a_service *service, const char *domain,
	const char *language, struct secret *plist, const struct a2a_log *log);

/*
 * Microsoft's "plain old XML" response for older versions of Outlook, which find it as
 * https://autodiscover.DOMAIN/autodiscover/autodiscover.xml, by POST.
 */
bool a2a_setup_autodiscover(const struct a2a_service *service, const char *domain,
	struct secret *xml, const struct a2a_log *log);

/*
 * The records of the domain in the syntax of a zone file (RFC 1035, section 5): SRV of RFC 6186 and
 * RFC 8314, and the names of the hosts that programs look for, all of them the service's server.
 */
bool a2a_setup_records(const struct a2a_service *service, const char *domain,
	struct secret *records, const struct a2a_log *log);

#endif
