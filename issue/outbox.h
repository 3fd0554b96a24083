/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The folder that sheets are put into. A file has its name only when the password in it is the
 * account's: until then it is called .USER.ID.new.ENDING, and whole on the disk. An empty one of
 * such a name stands for a file that goes then.
 */
#ifndef A2A_OUTBOX_H
#define A2A_OUTBOX_H

#include "journal.h"

struct a2a_outbox;

/*
 * Opens the folder, which is made when it is not there, and the journal in it. What an earlier run
 * left is put in order: files of accounts that the journal has as issued get their names. Returns
 * NULL, having reported, when that cannot be done. Release with a2a_outbox_close().
 */
struct a2a_outbox *a2a_outbox_open(const char *path, const struct a2a_log *log);
void a2a_outbox_close(struct a2a_outbox *outbox);

/* The outbox's own. */
struct a2a_journal *a2a_outbox_journal(const struct a2a_outbox *outbox);

/* How many files got their names when it was opened. */
size_t a2a_outbox_mended(const struct a2a_outbox *outbox);

/*
 * Whether a run was stopped when it had made a sheet for the account and the journal does not have
 * it as issued: the password may be set or not.
 */
bool a2a_outbox_is_doubtful(const struct a2a_outbox *outbox, const char *user);

/* How many of those accounts there are. */
size_t a2a_outbox_doubtful(const struct a2a_outbox *outbox);

/*
 * Writes a file for the account, under its hidden name. `ending` is "pdf"; the id has 16
 * characters. Returns false, having reported, when it cannot.
 */
bool a2a_outbox_put(struct a2a_outbox *outbox, const char *user, const char *id, const char *ending,
	const struct secret *bytes, const struct a2a_log *log);

/*
 * As a2a_outbox_put(), for a file that the account is not to have any more: one that is there goes
 * when the others get their names.
 */
bool a2a_outbox_put_none(struct a2a_outbox *outbox, const char *user, const char *id,
	const char *ending, const struct a2a_log *log);

/* Returns when all files that were put are on the disk. */
bool a2a_outbox_sync(struct a2a_outbox *outbox, const struct a2a_log *log);

/*
 * Gives the files that were put their names, in the place of earlier ones; and removes what an
 * earlier run left of their accounts. The journal must have these as issued.
 */
bool a2a_outbox_publish(struct a2a_outbox *outbox, const struct a2a_log *log);

/* Removes the files that were put; and only those of one account. */
void a2a_outbox_discard(struct a2a_outbox *outbox);
void a2a_outbox_discard_user(struct a2a_outbox *outbox, const char *user);

#endif
