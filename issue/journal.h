/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was issued into a folder, so that a run that was stopped can be gone on with, and nobody
 * gets a second password because a list is used twice.
 *
 * A text file with a line for each account, added when its password is set. It holds no password.
 * Who has it open has the folder for himself.
 */
#ifndef A2A_JOURNAL_H
#define A2A_JOURNAL_H

#include <sys/types.h>

#include "log.h"
#include "secret.h"

struct a2a_journal;

enum { A2A_ISSUE_ID_SIZE = 17 };

/* One account that has its password. */
struct a2a_issued {
	char id[A2A_ISSUE_ID_SIZE]; /* of its sheet's files, while they do not have their names yet
				     */
	char *when;                 /* "2026-11-22T15:30:00Z" */
	off_t table_end;            /* where its row in the table of passwords ends; 0: no table */
	char *hash;                 /* "{SCHEME}..." or NULL */
	bool in_table;              /* it has its row in the table that is not complete */
};

/*
 * Opens or makes the journal `name` in the open folder, waits until nobody else has it (having said
 * so), and reads it. A line that was cut off by the end of a run is taken away. Returns NULL,
 * having reported, when it cannot be had or is no journal. `path` is for reports. Release with
 * a2a_journal_close().
 */
struct a2a_journal *a2a_journal_open(
	int folder, const char *name, const char *path, const struct a2a_log *log);
void a2a_journal_close(struct a2a_journal *journal);

/*
 * What is known of an account, into an empty `issued` that is released with a2a_issued_free().
 * `*found` tells whether anything is. Returns false, having reported, when it cannot be read.
 */
bool a2a_journal_find(const struct a2a_journal *journal, const char *user, bool *found,
	struct a2a_issued *issued, const struct a2a_log *log);
void a2a_issued_free(struct a2a_issued *issued);

/* Adds one, with the time of now in place of its `when`. It counts after a2a_journal_sync(). */
bool a2a_journal_add(struct a2a_journal *journal, const char *user, const struct a2a_issued *issued,
	const struct a2a_log *log);

/* Returns when all that was added is on the disk. */
bool a2a_journal_sync(const struct a2a_journal *journal, const struct a2a_log *log);

/* Forgets all of them: from here on, everybody gets a new password. */
bool a2a_journal_forget(struct a2a_journal *journal, const struct a2a_log *log);

/*
 * Notes that rows go into the table at `path` from now on, before the first of them; or, with NULL,
 * that it is complete.
 */
bool a2a_journal_set_table(
	struct a2a_journal *journal, const char *path, const struct a2a_log *log);

/* The table that is not complete, NULL when there is none; and where its last row that counts ends,
 * 0 when it has none. */
const char *a2a_journal_table(const struct a2a_journal *journal);
off_t a2a_journal_table_end(const struct a2a_journal *journal);

/* How many accounts there are. */
size_t a2a_journal_count(const struct a2a_journal *journal);

#endif
