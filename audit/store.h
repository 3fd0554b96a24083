/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The record of weak passwords found in use: who, since when, seen last, by which service, which
 * rules failed, under which policy. Never a password, its length or a piece of it. The PAM door
 * writes it at login, all2all-audit reads it.
 *
 * It is a SQLite database in WAL mode, in a folder of its own that only its owner may enter. Many
 * processes use it at once, each for a moment; none waits longer than its purpose allows, and what
 * cannot be had in that time is reported and left.
 */
#ifndef A2A_STORE_H
#define A2A_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "policy.h"

struct a2a_store;

/* What it is opened for: whether it is made when it is missing, and how long is waited for others.
 */
enum a2a_purpose {
	A2A_AT_LOGIN,   /* made, with its folder; 20 ms for a lock, 40 ms in all */
	A2A_AT_CHANGE,  /* when a password is changed: not made; 1 s, 2 s */
	A2A_TO_LOOK_UP, /* when a page asks for one user: not made; 5 s, 5 s */
	A2A_FOR_TOOL,   /* not made; 5 s, 20 s */
};

/* Whether there is something of that name: for who has nothing to do when there is not. */
bool a2a_store_exists(const char *path);

/*
 * Opens the store. Refused is one that is a symbolic link or no regular file, or that belongs
 * neither to root nor to the caller, or that others may write, and the same of its folder. Returns
 * NULL, having reported (a warning when it is only busy). Release with a2a_store_close(); use it in
 * one thread.
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
 * Records a sighting. It is written when there is none of the user yet, when verdict, rules or
 * policy are others than before, and once a day (UTC); otherwise it is only looked up. `*since` is
 * then when the password in use was first found as it is now, weak or good: a change of policy or
 * of rules alone does not begin it anew. Returns false, having reported, when that cannot be told.
 */
bool a2a_store_record(struct a2a_store *store, const struct a2a_sighting *sighting, int64_t *since,
	const struct a2a_log *log);

/*
 * The same when a new password was accepted, but only of a user who is recorded as weak; of others
 * nothing is written. Returns false, having reported, when it could not be done.
 */
bool a2a_store_clear(
	struct a2a_store *store, const struct a2a_sighting *sighting, const struct a2a_log *log);

/* What is recorded of a user. The texts last as long as the call that they are given to. */
struct a2a_record {
	const char *user, *service, *policy;
	const char *rules; /* ids with commas; "" for a good password */
	int64_t since, last_seen;
	int64_t notified; /* when a mail was sent about it; 0: never */
};

/* Is given each record; returns false to see no more. It may change the store. */
struct a2a_reader {
	bool (*see)(void *context, const struct a2a_record *record);
	void *context;
};

enum a2a_which { A2A_EVERYBODY, A2A_THE_WEAK };

/*
 * Shows the records, those longest as they are first. All are read before the first is shown.
 * Returns false, having reported, when they cannot be read.
 */
bool a2a_store_each(struct a2a_store *store, enum a2a_which which, const struct a2a_reader *reader,
	const struct a2a_log *log);

/* Shows the record of one user; `*found` tells whether there is one. */
bool a2a_store_find(struct a2a_store *store, const char *user, bool *found,
	const struct a2a_reader *reader, const struct a2a_log *log);

/* Forgets a user; `*found` tells whether there was anything. The counts stay as they are. */
bool a2a_store_forget(
	struct a2a_store *store, const char *user, bool *found, const struct a2a_log *log);

/*
 * Takes it upon the caller to mail a user who is weak and was not mailed since `before`: of two who
 * try at once, one gets it. `*taken` tells whether the caller did.
 */
bool a2a_store_take_notice(struct a2a_store *store, const char *user, int64_t when, int64_t before,
	bool *taken, const struct a2a_log *log);

/* Gives it back when the mail could not be sent: `notified` as it was in the record. */
bool a2a_store_return_notice(
	struct a2a_store *store, const char *user, int64_t notified, const struct a2a_log *log);

/* How many users were seen in a day or month (UTC), by what was found of them last in it. */
struct a2a_count {
	const char *period; /* "2026-11-22" or "2026-11" */
	int64_t weak, good;
};

enum a2a_period { A2A_DAYS, A2A_MONTHS };

/* Shows the last `most` periods that have a count, the oldest first. */
bool a2a_store_count(struct a2a_store *store, enum a2a_period period, unsigned most,
	bool (*see)(void *context, const struct a2a_count *count), void *context,
	const struct a2a_log *log);

#endif
