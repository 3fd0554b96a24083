/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is the person that a password is for?
 *
 * A backend fills a struct a2a_account with what it knows of a user: the one below asks the user
 * database; a directory or a table of users would fill the same structure. A door then hands the
 * account, and what the door itself knows, to a2a_who(), which is the only place that decides which
 * names the engine compares a password with.
 */
#ifndef A2A_WHO_H
#define A2A_WHO_H

#include <stdbool.h>
#include <sys/types.h>

#include "person.h"

enum { A2A_ACCOUNT_NAMES = 16 };

/* The uid of an account that has none. */
#define A2A_NO_UID ((uid_t)-1)

/*
 * What a backend knows of an account. All zero: nothing. All texts are allocated: release them with
 * a2a_account_free().
 */
struct a2a_account {
	char *name;      /* the user name as the backend spells it; NULL: there is no such user */
	uid_t uid;       /* A2A_NO_UID without one */
	char *full_name; /* the person's, for a sheet or a mail; "" or NULL: not known */
	/* Texts of any form in which words of the person may stand: the GECOS field; name, given
	 * name and mail addresses of a directory's entry. */
	char *names[A2A_ACCOUNT_NAMES];
	size_t count;
};

enum a2a_lookup {
	A2A_FOUND,
	A2A_NO_SUCH_USER,
	A2A_CANNOT_TELL, /* errno says why */
};

/*
 * Looks a user up in the user database, /etc/passwd or whatever nsswitch.conf(5) names. What
 * getpwnam(3) lists among the errors that mean "not found" is A2A_NO_SUCH_USER. Thread-safe.
 */
enum a2a_lookup a2a_account_find(struct a2a_account *account, const char *user);

void a2a_account_free(struct a2a_account *account);

/* Whether it is a mail user's: neither root's, nor the system's own, nor nobody's. */
bool a2a_account_is_mail_user(const struct a2a_account *account);

/* What a door knows of the person. Texts that are NULL or empty are left out. */
struct a2a_facts {
	const char *user;                  /* as it was given */
	const struct a2a_account *account; /* of a backend; NULL: none was asked */
	const char *service;               /* the name of the PAM service */
	const char *full_name, *mail;      /* of an administrator's list */
	const struct secret *old_password; /* NULL: not known */
};

/* The names of one person: room for those of the account and six more. */
struct a2a_names {
	const char *name[A2A_ACCOUNT_NAMES + 6];
	size_t count;
	char host[256]; /* this machine's name */
};

/*
 * The person for a2a_judge() and a2a_generate(): what the facts tell, and the name of this machine.
 * Nothing is copied but that: the person is good as long as `names`, which must not be moved, and
 * the texts of the facts.
 */
struct a2a_person a2a_who(struct a2a_names *names, const struct a2a_facts *facts);

#endif
