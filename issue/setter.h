/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions with which a run sets passwords. A run sets a password through these functions
 * only, so a test, or a door with another store, can supply its own.
 */
#ifndef A2A_SETTER_H
#define A2A_SETTER_H

#include "backend.h"

/* No function is NULL. One thread calls them, with the context as the first argument. */
struct a2a_setter {
	void *context;
	const char *service; /* the PAM service, for a2a_who(); NULL: none */
	/*
	 * Looks the account up. Returns NULL when it can be issued a password; otherwise a text
	 * that says in English why not, which is "" when memory is out. The caller frees the text,
	 * and in any case the account with a2a_account_free().
	 */
	char *(*problem)(void *context, const char *user, struct a2a_account *account);
	/* Locks the account until unlock(). Returns false, having reported, on failure. */
	bool (*lock)(void *context, const char *user, const struct a2a_log *log);
	void (*unlock)(void *context, const char *user);
	/* Sets the password of a locked account. `*why` explains in English what was not done, or
	 * is NULL; the caller frees it. */
	enum a2a_set (*set)(
		void *context, const char *user, const struct secret *password, char **why);
};

/*
 * Prepares to set passwords through a PAM service; with `force_change`, the user must change the
 * password at the next login. Returns false, having reported, when that is not possible. Release
 * with a2a_setter_close(), which is safe on one that is all zero.
 */
bool a2a_setter_open(struct a2a_setter *setter, const char *service, bool force_change,
	const struct a2a_log *log);
void a2a_setter_close(struct a2a_setter *setter);

#endif
