/* SPDX-License-Identifier: BSD-3-Clause */
/* What a web server can ask of all2all-passwd about one user's password. */
#ifndef A2A_CHANGE_H
#define A2A_CHANGE_H

#include <time.h>

#include "answer.h"
#include "fields.h"

/* The PAM service that verifies and sets the password. */
#define A2A_WEBMAIL_SERVICE "all2all-passwd"

/* One call of the program. All of it stays the caller's. */
struct a2a_call {
	const struct a2a_fields *fields;
	const struct a2a_settings *settings;
	const struct a2a_messages *messages; /* in the user's languages */
	const struct a2a_policy *policy;
	const char *alphabet; /* in which a password is spelled: a tag for spelling.h */
	const struct a2a_log *log;
	const char *tries;     /* the path of the file for a2a_try_begin() */
	const char *accounts;  /* the path of accounts.conf; NULL: all users are the system's */
	struct timespec start; /* of CLOCK_MONOTONIC: when the call began */
};

/*
 * Verifies the old password, judges the new one and sets it, as root, where accounts.conf says that
 * it is kept: the fields user, old and new, and host for PAM_RHOST. A try is counted before it is
 * verified (tries.h); without a count nothing is verified. Nothing else is said of the account
 * before the old password was right; a wrong password, an unknown user and an account of the system
 * get the same answer, 3 seconds after the start. Afterwards the process has the real uid of a user
 * of the system. The outcome is in the system's log. The process ends (a2a_end_within()) when
 * verifying takes more than a minute.
 */
enum a2a_answer a2a_webmail_change(const struct a2a_call *call);

/*
 * Judges the new password by the policy, for the fields user, new and, if given, old. The process
 * ends when that takes more than half a minute.
 */
enum a2a_answer a2a_webmail_check(const struct a2a_call *call);

/*
 * Draws a password that the policy accepts, for the fields user and, if given, old, and prints it
 * with its spelling. Nothing is changed or noted. The process ends as with a2a_webmail_check().
 */
enum a2a_answer a2a_webmail_propose(const struct a2a_call *call);

/*
 * Which rules the password in use failed when the audit saw it last, as bits, 1 << A2A_TOO_SHORT.
 * 0 when it is good, or nothing is known: the user is no mail user, or has no record that can be
 * read. `store` is the path of the audit database; only the records of the logins beside it are
 * read. `accounts` is as in struct a2a_call.
 */
unsigned a2a_webmail_weaknesses(const struct a2a_fields *fields, const char *store,
	const char *accounts, const struct a2a_log *log);

#endif
