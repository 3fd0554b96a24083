/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a password is set: through PAM, so that the policy and whatever stands behind it apply. */
#ifndef A2A_BACKEND_H
#define A2A_BACKEND_H

#include "log.h"
#include "secret.h"

struct a2a_backend;

/*
 * Gets ready to set passwords through the PAM service. Returns NULL, having reported, when the
 * process is not root's or there is no stack of that name. Release with a2a_backend_close().
 */
struct a2a_backend *a2a_backend_open(
	const char *service, bool force_change, const struct a2a_log *log);
void a2a_backend_close(struct a2a_backend *backend);

/*
 * Why no password can be issued to the account, before one is made: no such user, one of the
 * system's own, no way to force a change. NULL when one can; otherwise release with free(). When
 * memory is out, an empty text.
 */
char *a2a_backend_problem(const struct a2a_backend *backend, const char *user);

/* The account's GECOS field, "" without one, to be released with free(); NULL: out of memory. */
char *a2a_backend_gecos(const char *user);

/*
 * Has the account to itself, among all that use this, until a2a_backend_unlock(). Returns false,
 * having reported, when the lock cannot be had.
 */
bool a2a_backend_lock(struct a2a_backend *backend, const char *user, const struct a2a_log *log);
void a2a_backend_unlock(struct a2a_backend *backend, const char *user);

enum a2a_set {
	A2A_SET,
	A2A_NOT_SET,  /* the old one is still good */
	A2A_SET_ONLY, /* it is set, but not all was done that belongs to it */
};

/*
 * Sets the password. `*why` tells in English what was not done and why, with what the modules
 * said, or is NULL; release with free(). A stack can set the password and fail behind that: when
 * the account is in /etc/shadow, what counts is what is there then.
 */
enum a2a_set a2a_backend_set(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why);

#endif
