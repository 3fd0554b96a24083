/* SPDX-License-Identifier: BSD-3-Clause */
/* Verifying and setting a password through a PAM stack: the part of the application. */
#ifndef A2A_PAM_CLIENT_H
#define A2A_PAM_CLIENT_H

#include <sys/types.h>

#include "secret.h"

/*
 * Whether the service has a stack of its own. Without one, libpam takes the stack of "other", which
 * may let anything pass, or nothing.
 */
bool a2a_pam_has_stack(const char *service);

/* A conversation with the stack of one service about one user. */
struct a2a_pam;

/*
 * Gets ready to talk to the stack. `terminal` and `host` are where the user sits, as PAM_TTY and
 * PAM_RHOST; each may be NULL. Returns NULL when memory is out; what libpam finds wrong is told by
 * the first function that needs it. Release with a2a_pam_close().
 */
struct a2a_pam *a2a_pam_open(
	const char *service, const char *user, const char *terminal, const char *host);
void a2a_pam_close(struct a2a_pam *pam);

enum a2a_pam_outcome {
	A2A_PAM_DONE,    /* the password is right; or the new one is set */
	A2A_PAM_WRONG,   /* verify: it is not the password, or there is no such user */
	A2A_PAM_LOCKED,  /* too many failures, or the account is closed */
	A2A_PAM_REFUSED, /* set: a module refused the new password; a2a_pam_said() says why */
	A2A_PAM_BROKEN,  /* it cannot be told or done: a2a_pam_step(), a2a_pam_error() */
};

/*
 * Verifies the user's password and that the account is open. Only one process at a time verifies
 * through a service: many tries at once would all be made before pam_faillock had counted the
 * first. The lock is /run/SERVICE.lock. There is no delay after a failure: that is the caller's.
 * `old` stays the caller's, until a2a_pam_close().
 */
enum a2a_pam_outcome a2a_pam_verify(struct a2a_pam *pam, const struct secret *old);

/*
 * Sets a new password. A module that asks for the old one gets the one that was verified; without
 * one, setting fails. A stack can set the password and still fail behind that: for an account in
 * /etc/shadow, a2a_unix_password_is() tells.
 */
enum a2a_pam_outcome a2a_pam_set(struct a2a_pam *pam, const struct secret *new);

/*
 * Before a2a_pam_set(): gives the process the user's real uid and root's effective one, as
 * passwd(1) has when the user runs it. The modules then ask for the old password, so they know what
 * the new one must not resemble, and no exception for root holds. The process stays so. Returns
 * false when it cannot be done: a2a_pam_step(), a2a_pam_error().
 */
bool a2a_pam_become_user(struct a2a_pam *pam, uid_t uid);

/* What was done last, such as "pam_authenticate", and in English how it ended. */
const char *a2a_pam_step(const struct a2a_pam *pam);
const char *a2a_pam_error(const struct a2a_pam *pam);

/*
 * What the modules said to the user from their first complaint on, a line each, without control
 * characters. It may hold a password that a module suggests. It belongs to `pam`.
 */
const struct secret *a2a_pam_said(const struct a2a_pam *pam);

/*
 * The first lines of the modules' complaints, with "; " between, in printable ASCII: for a log, a
 * terminal, a cell of a list. "" when there is none. It belongs to `pam`.
 */
const char *a2a_pam_complaint(const struct a2a_pam *pam);

#endif
