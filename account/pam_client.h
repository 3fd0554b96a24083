/* SPDX-License-Identifier: BSD-3-Clause */
/* Verifies and sets a password through a PAM stack, as a PAM application does. */
#ifndef A2A_PAM_CLIENT_H
#define A2A_PAM_CLIENT_H

#include <sys/types.h>

#include "secret.h"

/*
 * Tells whether the service has a stack of its own. Without one, libpam takes the stack of "other",
 * which may let anything pass, or nothing.
 */
bool a2a_pam_has_stack(const char *service);

/* A conversation with the stack of one service about one user. */
struct a2a_pam;

/*
 * Prepares to talk to the stack. `terminal` and `host` say where the user sits: they become PAM_TTY
 * and PAM_RHOST, and each may be NULL. Returns NULL when memory is out. When libpam cannot start,
 * the first function that needs it fails. Release with a2a_pam_close().
 */
struct a2a_pam *a2a_pam_open(
	const char *service, const char *user, const char *terminal, const char *host);
void a2a_pam_close(struct a2a_pam *pam);

enum a2a_pam_outcome {
	A2A_PAM_DONE,    /* the password is right, or the new one is set */
	A2A_PAM_WRONG,   /* verify: the password is wrong, or there is no such user */
	A2A_PAM_LOCKED,  /* too many failures, or the account is closed */
	A2A_PAM_REFUSED, /* set: a module refused the new password; a2a_pam_said() says why */
	A2A_PAM_BROKEN,  /* something is broken: a2a_pam_step() and a2a_pam_error() say what */
};

/*
 * Verifies the user's password and that the account is open. After a failure there is no delay: the
 * caller must wait, and must have counted the try before. The caller keeps `old` until
 * a2a_pam_close().
 */
enum a2a_pam_outcome a2a_pam_verify(struct a2a_pam *pam, const struct secret *old);

/*
 * Sets a new password. A module that asks for the old password gets the one that was verified; if
 * none was verified, setting fails. A stack can set the password and then fail in a later module.
 * For an account in /etc/shadow, a2a_unix_password_is() tells whether the password was set.
 */
enum a2a_pam_outcome a2a_pam_set(struct a2a_pam *pam, const struct secret *new);

/*
 * Before a2a_pam_set(): gives the process the user's real uid and root's effective one, as
 * passwd(1) has when the user runs it. The modules then ask for the old password, so they can
 * compare the new one with it, and no exception for root applies. The process keeps these ids.
 * Returns false on failure; a2a_pam_step() and a2a_pam_error() then say why.
 */
bool a2a_pam_become_user(struct a2a_pam *pam, uid_t uid);

/* Return the name of the last step, such as "pam_authenticate", and in English how it ended. */
const char *a2a_pam_step(const struct a2a_pam *pam);
const char *a2a_pam_error(const struct a2a_pam *pam);

/*
 * Returns what the modules said to the user from their first complaint on: one message on each
 * line, without control characters; messages that say nothing are left out. The text may hold a
 * password that a module suggests. It belongs to `pam`.
 */
const struct secret *a2a_pam_said(const struct a2a_pam *pam);

/*
 * Returns the first lines of the modules' complaints, with "; " between them, in printable ASCII:
 * for a log, a terminal, or a cell of a list. Returns "" when there are none. The text belongs to
 * `pam`.
 */
const char *a2a_pam_complaint(const struct a2a_pam *pam);

#endif
