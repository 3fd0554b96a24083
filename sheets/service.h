/* SPDX-License-Identifier: BSD-3-Clause */
/* The mail service as sheets.conf describes it. */
#ifndef A2A_SERVICE_H
#define A2A_SERVICE_H

#include "secret.h"
#include "table.h"

/* The keys of sheets.conf. A text that is not set is "". */
struct a2a_service {
	char *organisation;    /* the provider of the account: "ALL2ALL" */
	char *domain;          /* of the mail addresses: "all2all.org" */
	char *server;          /* the host name of IMAPS, POP3S and SMTPS; never "" */
	char *webmail;         /* its URL, https only */
	char *help;            /* where to ask for a new password: an address, a telephone number */
	bool mail_link;        /* whether mails name the webmail with its address */
	char *logo;            /* a PNG file, absolute */
	int64_t imaps_port;    /* 993 */
	int64_t pop3s_port;    /* 995 */
	int64_t smtps_port;    /* 465 */
	int64_t quota;         /* of a mailbox, in MB; 0: not set */
	int64_t message_limit; /* of a message, in MB; 0: not set */
};

/*
 * Reads `directory`/sheets.conf, which has the syntax of all2all.conf. Returns false, having
 * reported every mistake, when it is wrong or does not name the server. All fields must be zero
 * before. Release with a2a_service_free() in any case.
 */
bool a2a_service_read(
	struct a2a_service *service, const char *directory, const struct a2a_log *log);

/*
 * Does the same for mails, which name the organisation and where users can ask: these two must be
 * set, and the server need not be.
 */
bool a2a_service_read_for_mail(
	struct a2a_service *service, const char *directory, const struct a2a_log *log);

void a2a_service_free(struct a2a_service *service);

/* Tells whether an account may have a value of its own for this key of sheets.conf: all keys but
 * the logo, which is read once, and what is for mails alone. */
bool a2a_service_has(const char *key);

/* Copies all values. All fields must be zero before. Returns false when memory is out. Release with
 * a2a_service_free() in any case. */
bool a2a_service_copy(struct a2a_service *service, const struct a2a_service *from);

/*
 * Takes the value of a key for one account, as a list has it. It is checked as in sheets.conf; an
 * empty one changes nothing. A size may have a unit ("5 GB", "5 Go", "500M"), and may be none at
 * all ("unlimited", "-1"). Returns false, having reported, when the value does not fit.
 */
bool a2a_service_set(
	struct a2a_service *service, const char *key, const char *value, const struct a2a_log *log);

/*
 * Returns the mail address of an account that has no other one: the user name if it has an @,
 * otherwise user@domain; "" when the service has no domain; NULL when memory is out. Release with
 * free().
 */
char *a2a_service_address(const struct a2a_service *service, const char *user);

/*
 * Tells whether a text can be shown on a sheet and written into XML: it must be UTF-8 without
 * control characters, line separators and noncharacters.
 */
bool a2a_is_showable(const char *text);

#endif
