/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The audit database: the history of the records that logins write (record.h), who was mailed, and
 * the counts of each day and month. all2all-audit folds the records into it and reads it. A login
 * never opens it.
 *
 * It is a SQLite database in WAL mode, in a folder that nobody else may write to. Several processes
 * may use it at once. Each waits for the others for at most 20 seconds; after that time, the call
 * fails and reports that the store is busy.
 */
#ifndef A2A_STORE_H
#define A2A_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

struct a2a_store;

/*
 * Opens the store. It is made when it is missing and logins have left records. A store of the first
 * version, to which logins wrote themselves, is changed to this version: users without a file get
 * one with what the store knows of them, so that no day of grace is lost.
 *
 * The file must be a regular one and no symbolic link, belong to root or the caller, and be
 * readable and writable by nobody else; nobody else may write to its folder. Returns NULL, having
 * reported (a warning when the store is only busy). Use it in one thread, and release it with
 * a2a_store_close().
 */
struct a2a_store *a2a_store_open(const char *path, const struct a2a_log *log);
void a2a_store_close(struct a2a_store *store);

/* Tells whether there is no store, and no login has left a record to make one from: then
 * a2a_store_open() fails, and that is no fault. */
bool a2a_store_is_missing(const char *path);

/*
 * Folds the records of the logins into the store: all of them, or that of one user when `user` is
 * not NULL. `now` is in seconds since 1970. Doing it again changes nothing, and so does the end of
 * the process at any point, when it is done again. A file that is no record is left out, with a
 * warning. `progress` may be NULL. Returns false, having reported, when it cannot be done.
 */
bool a2a_store_fold(struct a2a_store *store, const char *user, int64_t now,
	const struct a2a_record_progress *progress, const struct a2a_log *log);

/* The store calls `see` for each record; `see` returns false to stop. It may change the store. */
struct a2a_reader {
	bool (*see)(void *context, const struct a2a_record *record);
	void *context;
};

enum a2a_which { A2A_EVERYBODY, A2A_THE_WEAK };

/*
 * Shows the records to the reader, ordered by `since`. All are read before the first is shown.
 * Returns false, having reported, when they cannot be read.
 */
bool a2a_store_each(struct a2a_store *store, enum a2a_which which, const struct a2a_reader *reader,
	const struct a2a_log *log);

/* Shows the record of one user; `*found` tells whether there is one. Returns false, having
 * reported, when it cannot be read. */
bool a2a_store_find(struct a2a_store *store, const char *user, bool *found,
	const struct a2a_reader *reader, const struct a2a_log *log);

/* Deletes all that is recorded of a user, in the store and in the user's file; `*found` tells
 * whether there was anything. The counts do not change. Returns false, having reported, when it
 * cannot be done. */
bool a2a_store_forget(
	struct a2a_store *store, const char *user, bool *found, const struct a2a_log *log);

/*
 * Notes that a user was mailed at `when`, if the user is weak and was last mailed at `before` or
 * earlier. `*taken` tells whether it was noted: when two callers do this at once, only one of them
 * is to send the mail.
 */
bool a2a_store_take_notice(struct a2a_store *store, const char *user, int64_t when, int64_t before,
	bool *taken, const struct a2a_log *log);

/* Takes the note back when the mail could not be sent: `notified` is the time from before, which it
 * restores. */
bool a2a_store_return_notice(
	struct a2a_store *store, const char *user, int64_t notified, const struct a2a_log *log);

/* How many users were seen in a day or month (UTC). Each user counts as weak or as good, according
 * to the last sighting in that time. */
struct a2a_count {
	const char *period; /* "2026-11-22" or "2026-11" */
	int64_t weak, good;
};

enum a2a_period { A2A_DAYS, A2A_MONTHS };

/* Shows the last `most` periods that have a count, the oldest first, until `see` returns false.
 * Returns false, having reported, when they cannot be read. */
bool a2a_store_count(struct a2a_store *store, enum a2a_period period, unsigned most,
	bool (*see)(void *context, const struct a2a_count *count), void *context,
	const struct a2a_log *log);

#endif
