/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The record of weak passwords that were found in use: the user, since when the password has been
 * weak, when and by which service it was last seen, which rules failed, and under which policy. It
 * holds no password, no length and no part of one. The PAM door writes it at login; all2all-audit
 * and all2all-passwd read it.
 *
 * It is a SQLite database in WAL mode, in a folder that only its owner may enter. Many processes
 * use it at once, each for a moment. None waits for the others longer than its purpose allows;
 * after that time, the call fails and reports that the store is busy.
 */
#ifndef A2A_STORE_H
#define A2A_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "policy.h"

struct a2a_store;

/* The purpose of opening the store. It decides whether a missing store is made, the longest wait
 * for one lock, and the longest wait for all locks together. */
enum a2a_purpose {
	A2A_AT_LOGIN,   /* the store is made, with its folder; 20 ms, 40 ms */
	A2A_AT_CHANGE,  /* when a password is changed; not made; 1 s, 2 s */
	A2A_TO_LOOK_UP, /* when a page asks about one user; not made; 5 s, 5 s */
	A2A_FOR_TOOL,   /* not made; 5 s, 20 s */
};

/* Tells whether a file of that name exists, trusted or not. Without it there is nothing to look up.
 */
bool a2a_store_exists(const char *path);

/*
 * Opens the store. The file must be a regular one and no symbolic link, belong to root or the
 * caller, and be writable by nobody else; the same holds for its folder. Returns NULL, having
 * reported (a warning when the store is only busy). Use it in one thread, and release it with
 * a2a_store_close().
 */
struct a2a_store *a2a_store_open(
	const char *path, enum a2a_purpose purpose, const struct a2a_log *log);
void a2a_store_close(struct a2a_store *store);

/*
 * The cache of verified lexicons, for a2a_policy_open_trusting(). It belongs to the store. A stamp
 * that cannot be stored is not reported: its file is only verified again.
 */
struct a2a_verified_files a2a_store_verified_files(struct a2a_store *store);

/* One login: a password was judged. Times are seconds since 1970. */
struct a2a_sighting {
	const char *user, *service;
	const char *policy; /* a2a_policy_digest() */
	const struct a2a_verdict *verdict;
	int64_t when;
};

/*
 * Records a sighting. The record is written on the user's first sighting, when the failed rules or
 * the policy have changed, and otherwise once a day (UTC). `*since` becomes the time when the
 * password in use was first found weak (or good, if it is good now). A change of the policy or of
 * the failed rules alone does not reset that time. Returns false, having reported, when the record
 * cannot be read or written.
 */
bool a2a_store_record(struct a2a_store *store, const struct a2a_sighting *sighting, int64_t *since,
	const struct a2a_log *log);

/*
 * Records that a new password was accepted, if the user is recorded as weak; otherwise writes
 * nothing. Returns false, having reported, when it cannot be done.
 */
bool a2a_store_clear(
	struct a2a_store *store, const struct a2a_sighting *sighting, const struct a2a_log *log);

/* The record of one user. The texts are valid during the call that gets them. */
struct a2a_record {
	const char *user, *service, *policy;
	const char *rules; /* ids with commas; "" for a good password */
	int64_t since, last_seen;
	int64_t notified; /* when a mail was sent about it; 0: never */
};

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

/* Deletes the record of a user; `*found` tells whether there was one. The counts do not change. */
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
