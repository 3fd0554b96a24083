/* SPDX-License-Identifier: BSD-3-Clause */
/* The places for the passwords of a run: the folder of sheets, the table, and the journal of both.
 */
#ifndef A2A_PLACE_H
#define A2A_PLACE_H

#include "outbox.h"
#include "partial.h"
#include "recipient.h"

/* All fields must be zero before issue_place_open(). */
struct place {
	const struct a2a_run_request *request;
	const struct a2a_list *list; /* NULL: there is no list */
	const struct a2a_log *log;
	struct a2a_outbox *outbox; /* NULL: no folder of sheets */
	struct a2a_journal
		*journal; /* that of the outbox, or one beside the table; NULL: there is neither */
	bool owns_journal;
	struct a2a_partial *table, *errors; /* NULL until there is a row */
	char *table_path;                   /* absolute; NULL: no table */
	char *errors_path;                  /* the file for refused rows; NULL: none */
	char *doubtful; /* the user in whose row an earlier run was interrupted; NULL: nobody */
};

/* Opens the folder, the journal and a table that was begun, for a run that writes. Returns false,
 * having reported. Call issue_place_close() in any case. */
bool issue_place_open(struct place *place, const struct a2a_run_request *request,
	const struct a2a_list *list, const struct a2a_log *log);
void issue_place_close(struct place *place);

/* Tells whether an earlier run was interrupted after it wrote the account's files and before it
 * wrote the journal. The password in these files may be set or not. */
bool issue_place_is_doubtful(const struct place *place, const char *user);

/* Marks a recipient whose password an earlier run issued. Returns false, having reported, when the
 * journal cannot be read. */
bool issue_place_look_before(const struct place *place, struct recipient *recipient);

/* Gives the tables their names at the end of the list. Returns false, having reported. */
bool issue_place_complete(struct place *place);

#endif
