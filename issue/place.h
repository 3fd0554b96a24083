/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the passwords of a run go: the folder of sheets, the table, and the journal of both. */
#ifndef A2A_PLACE_H
#define A2A_PLACE_H

#include "outbox.h"
#include "partial.h"
#include "recipient.h"

/* All zero before. */
struct place {
	const struct a2a_run_request *request;
	const struct a2a_list *list; /* NULL: without one */
	const struct a2a_log *log;
	struct a2a_outbox *outbox;   /* NULL: no folder of sheets */
	struct a2a_journal *journal; /* the outbox's, or beside the table; NULL: neither is there */
	bool owns_journal;
	struct a2a_partial *table, *errors; /* NULL until there is a row */
	char *table_path;                   /* absolute; NULL: no table */
	char *errors_path;                  /* of the rows that are refused; NULL: none */
	char *doubtful; /* the user in whose row an earlier run was interrupted; NULL: nobody */
};

/* Opens what is there for a run that writes. Returns false, having reported; issue_place_close() in
 * any case. */
bool issue_place_open(struct place *place, const struct a2a_run_request *request,
	const struct a2a_list *list, const struct a2a_log *log);
void issue_place_close(struct place *place);

/* Whether an earlier run was interrupted between writing the account's files and the journal, so
 * that its password may be set or not. */
bool issue_place_is_doubtful(const struct place *place, const char *user);

/* Marks a recipient whose password an earlier run issued. Returns false, having reported, when the
 * journal cannot be read. */
bool issue_place_look_before(const struct place *place, struct recipient *recipient);

/* Gives the tables their names, at the end of the list. Returns false, having reported. */
bool issue_place_complete(struct place *place);

#endif
