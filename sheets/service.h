/* SPDX-License-Identifier: BSD-3-Clause */
/* The mail service that a sheet speaks of: what its administrator wrote into sheets.conf. */
#ifndef A2A_SERVICE_H
#define A2A_SERVICE_H

#include "secret.h"
#include "table.h"

/* The keys of sheets.conf; all texts are there, "" where nothing was said. */
struct a2a_service {
	char *organisation; /* who gives the account: "ALL2ALL" */
	char *domain;       /* of the mail addresses: "all2all.org" */
	char *server;       /* the host name of IMAPS, POP3S and SMTPS; always said */
	char *webmail;      /* its address, https only */
	char *help;         /* whom to ask for a new password: an address, a telephone number */
	char *logo;         /* a PNG file, absolute */
	long imaps_port;    /* 993 */
	long pop3s_port;    /* 995 */
	long smtps_port;    /* 465 */
	long quota;         /* of a mailbox, in MB; 0: not said */
	long message_limit; /* of a message, in MB; 0: not said */
};

/*
 * Reads `directory`/sheets.conf: `key = value` lines as all2all.conf has them. Returns false when
 * anything is wrong in it, or when it does not name the server, after all of it was reported.
 * Release with a2a_service_free() in any case; all zero before.
 */
bool a2a_service_read(
	struct a2a_service *service, const char *directory, const struct a2a_log *log);
void a2a_service_free(struct a2a_service *service);

/*
 * The mail address of an account that has no other one: the user name if it has an @, otherwise
 * user@domain; "" when the service has no domain. NULL when memory is out; release with free().
 */
char *a2a_service_address(const struct a2a_service *service, const char *user);

/*
 * Whether a text may stand on a sheet or in a file for a mail program: UTF-8 without control
 * characters, line separators and noncharacters, which XML would not hold either.
 */
bool a2a_is_showable(const char *text);

#endif
