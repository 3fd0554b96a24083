/* SPDX-License-Identifier: BSD-3-Clause */
/* An account on its way through a run, from the row of the list to the password. */
#ifndef A2A_RECIPIENT_H
#define A2A_RECIPIENT_H

#include "generate.h"
#include "journal.h"
#include "language.h"
#include "list.h"
#include "run.h"
#include "who.h"

struct recipient {
	struct a2a_row row; /* empty without a list */
	double share;       /* of the list, up to here */
	const char *user, *name, *mail, *language;
	const char *spelling;       /* the tag with which the list asks for the language: "fr-FR" */
	char *own_user, *own_name;  /* the memory of `user` and `name`, if they are not the row's */
	struct a2a_account account; /* all zero when nothing is set */
	char id[A2A_ISSUE_ID_SIZE]; /* of its files while they have hidden names */
	struct secret password, hashed, page[A2A_OUTPUTS];
	char *old_hash;      /* of the password that an earlier run issued */
	bool is_before;      /* an earlier run issued its password */
	bool is_issued;      /* this run did */
	bool is_partly_set;  /* the password is set, and the rest of the service failed */
	char *partly_why;    /* in English; NULL: out of memory */
	const char *problem; /* why it gets no password; NULL: it does */
	char *own_problem;   /* the memory of `problem`; NULL: static */
};

void issue_recipient_free(struct recipient *recipient);

/* Gives the recipient a problem. Only the first one counts. */
__attribute__((format(printf, 2, 3))) void issue_refuse(
	struct recipient *recipient, const char *format, ...);

/* Whether it is to get a password from this run. */
bool issue_is_due(const struct recipient *recipient);

/* Reads recipients and draws their passwords. All zero before. */
struct recipients {
	const struct a2a_run_request *request;
	const struct a2a_log *log;
	struct a2a_list *list;                          /* NULL: the request's users */
	struct a2a_generator *generator[A2A_LANGUAGES]; /* of passphrases, by language; else the
							   first */
	void *seen;                                     /* a tree of the names so far */
	size_t next_user;
};

/* Opens generators and list. Returns false, having reported; issue_recipients_close() in any case.
 */
bool issue_recipients_open(struct recipients *recipients, const struct a2a_run_request *request,
	const struct a2a_log *log);
void issue_recipients_close(struct recipients *recipients);

/*
 * Reads the next recipient, and looks the account up. What is wrong with it is the recipient's
 * problem. A2A_LIST_FAILED, having reported, is the end of the run; only A2A_LIST_ROW sets `*next`,
 * to be released with issue_recipient_free().
 */
enum a2a_list_step issue_recipients_next(struct recipients *recipients, struct recipient **next);

/* Draws the recipient's password and id. Returns false, having reported. */
bool issue_recipient_draw(const struct recipients *recipients, struct recipient *recipient);

#endif
