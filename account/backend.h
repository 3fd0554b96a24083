/* SPDX-License-Identifier: BSD-3-Clause */
/* Sets the passwords that are issued: through PAM, as root, one account after another. */
#ifndef A2A_BACKEND_H
#define A2A_BACKEND_H

#include "log.h"
#include "secret.h"
#include "who.h"

struct a2a_backend;

/*
 * Prepares to set passwords through the PAM service. Returns NULL, having reported, when the
 * process does not run as root, when there is no stack of that name, or when a change is to be
 * forced and chage(1) is missing. Release with a2a_backend_close().
 */
struct a2a_backend *a2a_backend_open(
	const char *service, bool force_change, const struct a2a_log *log);
void a2a_backend_close(struct a2a_backend *backend);

/* Returns the name of the PAM service, for a2a_who(). The text belongs to the backend. */
const char *a2a_backend_service(const struct a2a_backend *backend);

/*
 * Looks the account up. Returns NULL when a password can be issued to it; otherwise a text that
 * says why not: there is no such user, the account is one of the system's own, or a change cannot
 * be forced. The text is empty when memory is out; release it with free(). `account` is filled in
 * any case; release it with a2a_account_free().
 */
char *a2a_backend_problem(
	const struct a2a_backend *backend, const char *user, struct a2a_account *account);

/*
 * Locks the account against other processes that issue, until a2a_backend_unlock(). Returns false,
 * having reported, when the lock cannot be taken.
 */
bool a2a_backend_lock(struct a2a_backend *backend, const char *user, const struct a2a_log *log);
void a2a_backend_unlock(struct a2a_backend *backend, const char *user);

enum a2a_set {
	A2A_SET,
	A2A_NOT_SET,  /* the old password is still good */
	A2A_SET_ONLY, /* the new one is set, but something that belongs to it was not done */
};

/*
 * Sets the password. `*why` says in English what was not done and why, with the complaints of the
 * modules, or is NULL; release it with free(). A stack can set the password and then fail in a
 * later module. For an account in /etc/shadow, the hash there decides whether the password was set.
 */
enum a2a_set a2a_backend_set(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why);

#endif
