/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The accounts of mail users, wherever their passwords are kept: accounts.conf names a backend for
 * each domain, and PAM is the one for all that it does not name.
 *
 * A user has one name here, by which the backend compares it, and which goes into journals, files
 * and hashes too: a2a_accounts_name() makes it. All functions want that name.
 */
#ifndef A2A_ACCOUNTS_H
#define A2A_ACCOUNTS_H

#include "backend.h"

struct a2a_accounts;

/*
 * Reads accounts.conf at `path`, which need not exist, and connects to nothing. With `service`, the
 * file is not read: that PAM service has all accounts. Returns NULL, having reported every mistake.
 * The log is kept. Release with a2a_accounts_close().
 */
struct a2a_accounts *a2a_accounts_open(
	const char *path, const char *service, const struct a2a_log *log);
void a2a_accounts_close(struct a2a_accounts *accounts);

/*
 * Prepares to set passwords for an administrator, with locks: as root alone. What accounts.conf
 * names must be there, so a mistake is found before the first account. With `force_change`, users
 * must change the password at the next login, which not every backend can. Returns false, having
 * reported.
 */
bool a2a_accounts_start(struct a2a_accounts *accounts, bool force_change);

/* Returns the PAM service, for a2a_who(), if it has all accounts; otherwise NULL. */
const char *a2a_accounts_service(const struct a2a_accounts *accounts);

/* Tells whether the user's password is kept elsewhere than behind PAM. */
bool a2a_accounts_is_virtual(const struct a2a_accounts *accounts, const char *user);

/*
 * Returns the one name of a user whom somebody calls `user`, in a list perhaps with a domain beside
 * it ("" or NULL: without). That of a system's user is as it is given; see a2a_virtual_name() for
 * the others. Returns NULL when memory is out. Release with free().
 */
char *a2a_accounts_name(const struct a2a_accounts *accounts, const char *user, const char *domain);

/*
 * Returns the name of a virtual user: user@domain, or the user alone if there is no domain or an @
 * in it, in small letters (of ASCII, as Dovecot's %Lu). Returns NULL when memory is out. Release
 * with free().
 */
char *a2a_virtual_name(const char *user, const char *domain);
void a2a_name_lower(char *name);

/* Do what the functions of struct a2a_backend do, for the backend of the user. */
enum a2a_lookup a2a_accounts_find(
	struct a2a_accounts *accounts, const char *user, struct a2a_account *account, char **why);
enum a2a_verified a2a_accounts_verify(
	struct a2a_accounts *accounts, const char *user, const struct secret *password, char **why);
enum a2a_set a2a_accounts_set(
	struct a2a_accounts *accounts, const char *user, const struct secret *password, char **why);

/* Takes about the time and the memory of a2a_accounts_verify(), for a virtual user who does not
 * exist: see a2a_unix_password_pretend(). */
void a2a_accounts_pretend(
	const struct a2a_accounts *accounts, const char *user, const struct secret *password);

/* Waits until the servers that read the place of this user have noticed a change: at most some two
 * seconds, and usually not at all. */
void a2a_accounts_wait(const struct a2a_accounts *accounts, const char *user);

/*
 * Locks the account against other processes that issue, until a2a_accounts_unlock(). Returns false,
 * having reported, when the lock cannot be taken.
 */
bool a2a_accounts_lock(struct a2a_accounts *accounts, const char *user, const struct a2a_log *log);
void a2a_accounts_unlock(struct a2a_accounts *accounts, const char *user);

#endif
