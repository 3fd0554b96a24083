/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder of the sheets. A file gets its name when the password in it is set. Until then it has
 * the name .USER.ID.new.ENDING, and is already complete on the disk. An empty file of such a name
 * means that the file of the final name is to be removed.
 */
#ifndef A2A_OUTBOX_H
#define A2A_OUTBOX_H

#include "journal.h"

struct a2a_outbox;

/*
 * Opens the folder, or creates it, and the journal in it. Finishes an interrupted run: hidden files
 * of accounts that the journal knows get their names. Returns NULL, having reported, when that
 * fails. Release with a2a_outbox_close().
 */
struct a2a_outbox *a2a_outbox_open(const char *path, const struct a2a_log *log);
void a2a_outbox_close(struct a2a_outbox *outbox);

/* The journal of the folder, which belongs to the outbox. */
struct a2a_journal *a2a_outbox_journal(const struct a2a_outbox *outbox);

/* The number of files that got their names when the outbox was opened. */
size_t a2a_outbox_mended(const struct a2a_outbox *outbox);

/*
 * Tells whether an interrupted run left a hidden sheet of the account that the journal does not
 * know. The password on that sheet may be set or not.
 */
bool a2a_outbox_is_doubtful(const struct a2a_outbox *outbox, const char *user);

/* Returns the number of accounts that have such a sheet. */
size_t a2a_outbox_doubtful(const struct a2a_outbox *outbox);

/*
 * Writes a file for the account, under its hidden name. `ending` is "pdf"; the id has 16
 * characters. Returns false, having reported, when it cannot.
 */
bool a2a_outbox_put(struct a2a_outbox *outbox, const char *user, const char *id, const char *ending,
	const struct secret *bytes, const struct a2a_log *log);

/*
 * Does the same for a file that the account must no longer have: an existing one is removed when
 * the other files get their names.
 */
bool a2a_outbox_put_none(struct a2a_outbox *outbox, const char *user, const char *id,
	const char *ending, const struct a2a_log *log);

/* Syncs the files that were put. Returns false, having reported. */
bool a2a_outbox_sync(struct a2a_outbox *outbox, const struct a2a_log *log);

/*
 * Gives the files that were put their names; they replace earlier files. Removes the hidden files
 * of the same accounts that an interrupted run left. The journal must know the accounts by now.
 */
bool a2a_outbox_publish(struct a2a_outbox *outbox, const struct a2a_log *log);

/* Leaves the files that were put under their hidden names: the next run finds the accounts in
 * doubt.
 */
void a2a_outbox_leave(struct a2a_outbox *outbox);

/* Removes all files that were put, or those of one account. */
void a2a_outbox_discard(struct a2a_outbox *outbox);
void a2a_outbox_discard_user(struct a2a_outbox *outbox, const char *user);

#endif
