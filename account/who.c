/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "who.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LEAST_UID = 1000,   /* of mail users; below it are root's and the system's accounts */
	NOBODY_UID = 65534, /* owns what belongs to no user of this machine */
	LEAST_ENTRY = 1 << 10,
	MOST_ENTRY = 1 << 20, /* bytes of the texts of an entry */
};

/* ---- The account ----------------------------------------------------------------------------- */

/* The errors that getpwnam(3) lists for "not found"; after any other error, the user may exist. */
static bool means_not_found(int error)
{
	return error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM;
}

static bool copy_entry(struct a2a_account *account, const struct passwd *entry)
{
	const char *gecos = entry->pw_gecos ? entry->pw_gecos : "";

	account->uid = entry->pw_uid;
	account->name = strdup(entry->pw_name);
	/* Behind the first comma are room and telephone numbers. */
	account->full_name = strndup(gecos, strcspn(gecos, ","));
	account->names[0] = strdup(gecos);
	account->count = account->names[0] ? 1 : 0;
	return account->name && account->full_name && account->count;
}

/* Returns 0 or an errno value, as getpwnam_r(3) does; `*buffer` is allocated. */
static int look_up(
	const char *user, struct passwd *entry, struct passwd **found, char **buffer, size_t size)
{
	free(*buffer);
	*buffer = malloc(size);
	return *buffer ? getpwnam_r(user, entry, *buffer, size, found) : ENOMEM;
}

enum a2a_lookup a2a_account_find(struct a2a_account *account, const char *user)
{
	struct passwd entry, *found = NULL;
	size_t size = LEAST_ENTRY;
	char *buffer = NULL;
	int error;

	*account = (struct a2a_account){0};
	error = look_up(user, &entry, &found, &buffer, size);
	while ((error == ERANGE || error == EINTR) && size < MOST_ENTRY)
		error = look_up(user, &entry, &found, &buffer, size *= 2);
	if (!error && found && !copy_entry(account, found)) {
		a2a_account_free(account);
		error = ENOMEM;
	}
	/* On a system without /etc/shadow, the texts include a hash. */
	if (buffer)
		explicit_bzero(buffer, size);
	free(buffer);
	if (!error && found)
		return A2A_FOUND;
	errno = error;
	return means_not_found(error) ? A2A_NO_SUCH_USER : A2A_CANNOT_TELL;
}

void a2a_account_free(struct a2a_account *account)
{
	free(account->name);
	free(account->full_name);
	for (size_t i = 0; i < account->count; i++)
		free(account->names[i]);
	*account = (struct a2a_account){0};
}

bool a2a_account_is_mail_user(const struct a2a_account *account)
{
	return account->name && account->uid != A2A_NO_UID && account->uid >= LEAST_UID &&
	       account->uid != NOBODY_UID;
}

/* ---- The person ------------------------------------------------------------------------------ */

static void add(struct a2a_names *names, const char *name)
{
	if (name && *name)
		names->name[names->count++] = name;
}

struct a2a_person a2a_who(struct a2a_names *names, const struct a2a_facts *facts)
{
	const struct a2a_account *account = facts->account;

	*names = (struct a2a_names){0};
	/* A longer name is cut; the array still ends in a NUL. */
	if (gethostname(names->host, sizeof(names->host) - 1))
		names->host[0] = '\0';
	add(names, facts->user);
	/* A backend may have found the user by an alias, or in other letters. */
	if (account && account->name && facts->user && strcmp(account->name, facts->user) != 0)
		add(names, account->name);
	add(names, facts->full_name);
	add(names, facts->mail);
	for (size_t i = 0; account && i < account->count; i++)
		add(names, account->names[i]);
	add(names, names->host);
	add(names, facts->service);
	return (struct a2a_person){
		.names = names->name,
		.name_count = names->count,
		.old_password = facts->old_password,
	};
}
