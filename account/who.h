/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The person to whom a password belongs.
 *
 * A backend fills a struct a2a_account with what it knows of a user: the one below asks the user
 * database; a directory or a table of users would fill the same structure. A door then passes the
 * account, and the facts that the door itself has, to a2a_who(). Only that function decides which
 * names the engine compares a password with.
 */
#ifndef A2A_WHO_H
#define A2A_WHO_H

#include <stdbool.h>
#include <sys/types.h>

#include "person.h"

enum { A2A_ACCOUNT_NAMES = 16 };

/* The uid of an account without a uid. */
#define A2A_NO_UID ((uid_t)-1)

/*
 * The data that a backend has about an account. In an empty structure all fields are 0 or NULL. All
 * texts are allocated; release them with a2a_account_free().
 */
struct a2a_account {
	char *name;      /* the user name as the backend spells it; NULL: there is no such user */
	uid_t uid;       /* A2A_NO_UID: the account has none */
	char *full_name; /* the person's, for a sheet or a mail; "" or NULL: not known */
	/* Texts of any form that may contain words of the person: the GECOS field, or the name,
	 * given name and mail addresses of a directory's entry. */
	char *names[A2A_ACCOUNT_NAMES];
	size_t count;
};

enum a2a_lookup {
	A2A_FOUND,
	A2A_NO_SUCH_USER,
	A2A_CANNOT_TELL, /* errno says why */
};

/*
 * Looks a user up in the user database, /etc/passwd or whatever nsswitch.conf(5) names. Returns
 * A2A_NO_SUCH_USER also after the errors that getpwnam(3) lists as "not found". Thread-safe.
 */
enum a2a_lookup a2a_account_find(struct a2a_account *account, const char *user);

void a2a_account_free(struct a2a_account *account);

/* Tells whether the account belongs to a mail user, and not to root, to the system or to `nobody`.
 */
bool a2a_account_is_mail_user(const struct a2a_account *account);

/* The facts that a door has about a person. a2a_who() leaves out texts that are NULL or empty. */
struct a2a_facts {
	const char *user;                  /* the user name as it was given */
	const struct a2a_account *account; /* from a backend; NULL: no backend was asked */
	const char *service;               /* the name of the PAM service */
	const char *full_name, *mail;      /* from an administrator's list */
	const struct secret *old_password; /* NULL: not known */
};

/* The names of one person: those of the account, and at most six more. */
struct a2a_names {
	const char *name[A2A_ACCOUNT_NAMES + 6];
	size_t count;
	char host[256]; /* this machine's name */
};

/*
 * Makes the person for a2a_judge() and a2a_generate() from the facts and the name of this machine.
 * Only the name of the machine is copied, into `names`. So the person is valid as long as `names`,
 * which must not be moved, and the texts of the facts exist.
 */
struct a2a_person a2a_who(struct a2a_names *names, const struct a2a_facts *facts);

#endif
