/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A kind of place where passwords are kept: PAM, a passwd-file of Dovecot's, a database, a
 * directory. Each is a table of functions in a file of its own. accounts.h chooses one for a user
 * and calls it.
 */
#ifndef A2A_BACKEND_H
#define A2A_BACKEND_H

#include "explain.h"
#include "log.h"
#include "secret.h"
#include "section.h"
#include "who.h"

enum a2a_set {
	A2A_SET,
	A2A_NOT_SET,  /* the old password is still good */
	A2A_SET_ONLY, /* the new one is set, but something that belongs to it was not done */
	A2A_SET_AWAY, /* the old one is still good, and no password of anybody's can be set now */
	A2A_SET_UNKNOWN, /* nobody can tell now which of them is good */
};

enum a2a_verified {
	A2A_VERIFIED,
	A2A_NOT_VERIFIED,  /* it is another password */
	A2A_CANNOT_VERIFY, /* something is broken */
};

/*
 * The functions get what open() returned, and a user name as a2a_accounts_name() makes it. One
 * thread calls them. `*why`, which is NULL before, becomes an English half-sentence where something
 * else than the first value is returned, or stays NULL when memory is out; the caller frees it. It
 * never has a password in it, nor a hash.
 */
struct a2a_backend {
	unsigned notice; /* milliseconds until the servers that read the place notice a change */
	/* Returns the opened place, or NULL, having reported. The section stays the caller's. */
	void *(*open)(const struct a2a_section *section, const struct a2a_log *log);
	void (*close)(void *place);
	/* Looks the account up. `account` is filled when it is found: release it with
	 * a2a_account_free() in any case. */
	enum a2a_lookup (*find)(
		void *place, const char *user, struct a2a_account *account, char **why);
	/* Compares the password of an account that was found. NULL: only a conversation with PAM
	 * can (pam_client.h). */
	enum a2a_verified (*verify)(
		void *place, const char *user, const struct secret *password, char **why);
	/* Sets the password of an account that was found, and looks whether it was set. */
	enum a2a_set (*set)(
		void *place, const char *user, const struct secret *password, char **why);
};

extern const struct a2a_backend a2a_pam_backend;
extern const struct a2a_backend a2a_passwd_file_backend;
extern const struct a2a_backend a2a_sql_backend;

#endif
