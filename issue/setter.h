/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions with which a run sets passwords. A run sets a password through these functions
 * only, so a test, or a door with another store, can supply its own.
 */
#ifndef A2A_SETTER_H
#define A2A_SETTER_H

#include "accounts.h"

/* No function is NULL. One thread calls them, with the context as the first argument. */
struct a2a_setter {
	void *context;
	const char *service; /* the PAM service, for a2a_who(); NULL: none */
	/* Returns the one name of a user: see a2a_accounts_name(). All other functions get it. NULL
	 * when memory is out; the caller frees it. */
	char *(*name)(void *context, const char *user, const char *domain);
	/*
	 * Looks the account up. `*problem` becomes NULL when it can be issued a password; otherwise
	 * a text that says in English why not, which is "" when memory is out. The caller frees the
	 * text, and in any case the account with a2a_account_free(). Returns false, having
	 * reported, when accounts cannot be looked up at all.
	 */
	bool (*find)(void *context, const char *user, struct a2a_account *account, char **problem,
		const struct a2a_log *log);
	/* Locks the account until unlock(). Returns false, having reported, on failure. */
	bool (*lock)(void *context, const char *user, const struct a2a_log *log);
	void (*unlock)(void *context, const char *user);
	/* Sets the password of a locked account. `*why`, which is NULL before, explains in English
	 * what was not done, or is NULL; the caller frees it. */
	enum a2a_set (*set)(
		void *context, const char *user, const struct secret *password, char **why);
};

/* Makes a setter of accounts that a2a_accounts_start() has started. They stay the caller's. */
struct a2a_setter a2a_setter_make(struct a2a_accounts *accounts);

#endif
