/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The journal of a folder says which accounts were issued a password. With it, an interrupted run
 * can be resumed, and a list that is used twice does not issue passwords twice.
 *
 * It is a text file with a line for each account, which is added when the password is set. It holds
 * no password. While it is open, the journal is locked, and so is the folder.
 */
#ifndef A2A_JOURNAL_H
#define A2A_JOURNAL_H

#include <sys/types.h>

#include "log.h"
#include "secret.h"

struct a2a_journal;

enum { A2A_ISSUE_ID_SIZE = 17 };

/* An account that was issued its password. */
struct a2a_issued {
	char id[A2A_ISSUE_ID_SIZE]; /* of its files while they have hidden names */
	char *when;                 /* "2026-11-22T15:30:00Z" */
	off_t table_end;            /* offset of the end of its row in the table; 0: no table */
	char *hash;                 /* "{SCHEME}..." or NULL */
	bool in_table;              /* its row is in the incomplete table */
};

/*
 * Opens the journal `name` in the open folder, or creates it, and reads it. If another process has
 * it open, warns and waits. Removes a last line that an interrupted run did not finish. Returns
 * NULL, having reported, when it cannot be read or is not a journal. `path` is for reports. Release
 * with a2a_journal_close().
 */
struct a2a_journal *a2a_journal_open(
	int folder, const char *name, const char *path, const struct a2a_log *log);
void a2a_journal_close(struct a2a_journal *journal);

/*
 * Looks an account up. If `*found` becomes true, fills `issued`, which must be empty before;
 * release it with a2a_issued_free(). Returns false, having reported, when the journal cannot be
 * read.
 */
bool a2a_journal_find(const struct a2a_journal *journal, const char *user, bool *found,
	struct a2a_issued *issued, const struct a2a_log *log);
void a2a_issued_free(struct a2a_issued *issued);

/* Adds an account, with the current time as `when`. The account counts after a2a_journal_sync(). */
bool a2a_journal_add(struct a2a_journal *journal, const char *user, const struct a2a_issued *issued,
	const struct a2a_log *log);

/* Waits until everything that was added is on the disk. Returns false, having reported, on failure.
 */
bool a2a_journal_sync(const struct a2a_journal *journal, const struct a2a_log *log);

/* Forgets all accounts, so that each is issued a new password. */
bool a2a_journal_forget(struct a2a_journal *journal, const struct a2a_log *log);

/*
 * Records that the following accounts have rows in the table at `path`. Call it before the first
 * row is added. NULL records that the table is complete.
 */
bool a2a_journal_set_table(
	struct a2a_journal *journal, const char *path, const struct a2a_log *log);

/* Return the path of the incomplete table, or NULL if there is none; and the offset of the end of
 * its last row that the journal knows, or 0 if there is none. */
const char *a2a_journal_table(const struct a2a_journal *journal);
off_t a2a_journal_table_end(const struct a2a_journal *journal);

/* Returns the number of accounts. */
size_t a2a_journal_count(const struct a2a_journal *journal);

#endif
