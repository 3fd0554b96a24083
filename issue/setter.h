/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a run sets passwords. The functions are the only seam between this room and account/; a
 * test, or a door with another store, supplies its own.
 */
#ifndef A2A_SETTER_H
#define A2A_SETTER_H

#include "backend.h"

/* All functions are there. They are called by one thread, with the context as first argument. */
struct a2a_setter {
	void *context;
	const char *service; /* of PAM, for a2a_who(); NULL: none */
	/*
	 * Looks the account up. Returns why it cannot be issued a password, in English: NULL when
	 * it can; "" when memory is out. The caller frees the text, and in any case the account
	 * with a2a_account_free().
	 */
	char *(*problem)(void *context, const char *user, struct a2a_account *account);
	/* Locks the account until unlock(). Returns false, having reported, when it cannot. */
	bool (*lock)(void *context, const char *user, const struct a2a_log *log);
	void (*unlock)(void *context, const char *user);
	/* Sets the password of a locked account. `*why` explains in English what was not done, or
	 * is NULL; the caller frees it. */
	enum a2a_set (*set)(
		void *context, const char *user, const struct secret *password, char **why);
};

/*
 * Prepares to set passwords through a PAM service; with `force_change`, the user must change the
 * password at the next login. Returns false, having reported, when the process may not. Release
 * with a2a_setter_close(), which is safe on one that is all zero.
 */
bool a2a_setter_open(struct a2a_setter *setter, const char *service, bool force_change,
	const struct a2a_log *log);
void a2a_setter_close(struct a2a_setter *setter);

#endif
