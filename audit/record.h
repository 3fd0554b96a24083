/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The record of weak passwords that logins write: one small text file for each user. It says since
 * when the password has been weak (or good), when and by which service the user was last seen,
 * which rules failed, and under which policy. It holds no password, no length and no part of one.
 *
 * The PAM module reads and writes these files inside other programs, so nothing here waits: there
 * is no lock, no database and no fsync. A file is replaced by rename(2), so that a reader sees
 * either the old one or the new one. Damage to one file concerns one user. After a power failure,
 * the files of the last logins may be lost; those users are recorded again at their next login.
 *
 * The files are in FOLDER/XX/YY/, where XX and YY come from a hash of the user's name: 64 folders
 * of 64 folders, for a million users. A file is named after its user, with %XX for each byte that
 * is not a letter, a digit or one of @ _ + - . (a dot at the beginning becomes %2E too), so that no
 * name leads out of the folder. A name that would be too long for a file becomes "~" and its hash.
 * The file is written under its name with a dot in front, and then renamed.
 *
 * A file has these lines, each with a key, a blank and a value:
 *
 *   all2all-audit 1               the version of this format
 *   user NAME                     encoded as above, and never shortened
 *   service dovecot               encoded as above
 *   policy 0123...                a2a_policy_digest() of the last judgement
 *   rules too-short,no-digit      the rules that failed; empty for a good password
 *   since 1764331200              when the password in use was first found weak (or good)
 *   seen 1764331200               the last recorded login
 *   days 20453w 20454g            the last 40 days on which the user was seen, as days since 1970
 *                                 (UTC), each with the last result of that day: w(eak) or g(ood)
 */
#ifndef A2A_RECORD_H
#define A2A_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "policy.h"

/* What is recorded of one user. The texts are valid during the call that gets them. Times are
 * seconds since 1970. */
struct a2a_record {
	const char *user, *service, *policy;
	const char *rules; /* ids with commas; "" for a good password */
	int64_t since, last_seen;
	int64_t notified; /* when a mail was sent about it; 0: never. Only the database has it. */
};

enum { A2A_RECORD_DAYS = 40 };

/* A day on which a user was seen. */
struct a2a_record_day {
	int32_t day; /* days since 1970, UTC */
	bool weak;   /* the last result of that day */
};

/* The content of a user's file. */
struct a2a_login_record {
	struct a2a_record record;
	size_t days;
	struct a2a_record_day day[A2A_RECORD_DAYS]; /* in the order in which they were recorded */
};

/* One login: a password was judged. `when` is in seconds since 1970. */
struct a2a_sighting {
	const char *user, *service;
	const char *policy; /* a2a_policy_digest() */
	const struct a2a_verdict *verdict;
	int64_t when;
};

/* An opened folder of records. */
struct a2a_record_folder {
	int fd;     /* -1: there is no such folder, so there are no records */
	char *path; /* for reports */
};

/*
 * Opens the folder of the records that belong to an audit database: `store` with ".logins" behind
 * it. With `make`, makes it (0700) when it is missing, and the folder around it too; otherwise a
 * folder that is missing, or that the caller may not look for, is one without records. The folder
 * must belong to root or the caller, and nobody else may enter it; nobody else may write to the
 * folder around it. Returns false, having reported, when it cannot be opened or trusted. Release
 * with a2a_record_close() in any case.
 */
bool a2a_record_open(
	struct a2a_record_folder *folder, const char *store, bool make, const struct a2a_log *log);
void a2a_record_close(struct a2a_record_folder *folder);

/*
 * Records a sighting. The file is written on the user's first sighting, when the failed rules or
 * the policy have changed, and otherwise once a day (UTC). `*since` becomes the time when the
 * password in use was first found weak (or good, if it is good now). A change of the policy or of
 * the failed rules alone does not reset that time. A file that is no record, or a FIFO, a link or
 * the like in its place, is replaced, with a warning; the time then begins anew.
 *
 * Two processes may record the same user at once. Then one of them writes, and the sighting of the
 * other is recorded at the next login.
 *
 * Returns false, having reported a warning, when `*since` is not known: the record cannot be read,
 * or the password became weak (or good) at this login and that cannot be written.
 */
bool a2a_record_login(const struct a2a_record_folder *folder, const struct a2a_sighting *sighting,
	int64_t *since, const struct a2a_log *log);

/*
 * Records that a new password was accepted, if the user is recorded as weak; otherwise writes
 * nothing. Returns false, having reported a warning, when it cannot be done.
 */
bool a2a_record_clear(const struct a2a_record_folder *folder, const struct a2a_sighting *sighting,
	const struct a2a_log *log);

/*
 * The cache of verified lexicons, for a2a_policy_open_trusting(): empty files FOLDER/marks/STAMP.
 * It belongs to the folder. A stamp that cannot be kept is not reported: its file is only verified
 * again.
 */
struct a2a_verified_files a2a_record_verified_files(struct a2a_record_folder *folder);

/* The reader of records; `see` returns false to stop. */
struct a2a_record_reader {
	bool (*see)(void *context, const struct a2a_login_record *login);
	void *context;
};

/* Shows the record of one user, if there is one; `*found` tells whether there is. Returns false,
 * having reported a warning, when it cannot be read. */
bool a2a_record_find(const struct a2a_record_folder *folder, const char *user, bool *found,
	const struct a2a_record_reader *reader, const struct a2a_log *log);

/* Is told from time to time how many records were shown, and which share of all that is, about. */
struct a2a_record_progress {
	void (*tell)(void *context, size_t records, double share);
	void *context;
};

/*
 * Shows all records, in no order. Each file is read just before it is shown. A file that is no
 * record is reported as a warning and left out. Files of interrupted logins are removed. `progress`
 * may be NULL. Returns false, having reported a warning, when the folder cannot be read.
 */
bool a2a_record_each(const struct a2a_record_folder *folder, const struct a2a_record_reader *reader,
	const struct a2a_record_progress *progress, const struct a2a_log *log);

/* Writes a record of a user who has none; otherwise does nothing. Waits for up to a second for a
 * login that writes the same record. Returns false, having reported a warning, when it cannot be
 * written. */
bool a2a_record_add(const struct a2a_record_folder *folder, const struct a2a_login_record *login,
	const struct a2a_log *log);

/* Removes all that is kept of a user; `*found` tells whether there was a record. Returns false,
 * having reported a warning, when it cannot be removed. */
bool a2a_record_forget(const struct a2a_record_folder *folder, const char *user, bool *found,
	const struct a2a_log *log);

/* Returns the day of a time, as days since 1970 (UTC). */
int32_t a2a_record_day_of(int64_t when);

#endif
