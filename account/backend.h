/* SPDX-License-Identifier: BSD-3-Clause */
/* Setting the passwords that are issued: through PAM, by root, one account after another. */
#ifndef A2A_BACKEND_H
#define A2A_BACKEND_H

#include "log.h"
#include "secret.h"
#include "who.h"

struct a2a_backend;

/*
 * Gets ready to set passwords through the PAM service. Returns NULL, having reported, when the
 * process is not root's, there is no stack of that name, or a change is to be forced and chage(1)
 * is missing. Release with a2a_backend_close().
 */
struct a2a_backend *a2a_backend_open(
	const char *service, bool force_change, const struct a2a_log *log);
void a2a_backend_close(struct a2a_backend *backend);

/* The PAM service, for a2a_who(). It belongs to the backend. */
const char *a2a_backend_service(const struct a2a_backend *backend);

/*
 * Looks the account up, and tells why no password can be issued to it: there is no such user, it is
 * one of the system's own, a change cannot be forced. Returns NULL when one can be issued,
 * otherwise a text to release with free(), which is empty when memory is out. `account` is filled
 * in any case; release it with a2a_account_free().
 */
char *a2a_backend_problem(
	const struct a2a_backend *backend, const char *user, struct a2a_account *account);

/*
 * Locks the account against other processes that issue, until a2a_backend_unlock(). Returns false,
 * having reported, when the lock cannot be had.
 */
bool a2a_backend_lock(struct a2a_backend *backend, const char *user, const struct a2a_log *log);
void a2a_backend_unlock(struct a2a_backend *backend, const char *user);

enum a2a_set {
	A2A_SET,
	A2A_NOT_SET,  /* the old password is still good */
	A2A_SET_ONLY, /* the new one is set, but something that belongs to it was not done */
};

/*
 * Sets the password. `*why` tells in English what was not done and why, with the complaints of the
 * modules, or is NULL; release with free(). A stack can set the password and fail behind that. For
 * an account in /etc/shadow, the hash there decides which of the two it was.
 */
enum a2a_set a2a_backend_set(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why);

#endif
