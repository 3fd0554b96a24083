/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "folder.h"

#define RUN "/run"
#define LOCK "all2all-issue.lock"

struct a2a_accounts {
	struct a2a_sections sections;
	void **place; /* of each section, once it is opened */
	bool has_file;
	int lock;
	struct a2a_log log;
};

/* ---- Opening --------------------------------------------------------------------------------- */

/* Whatever the file does not name is PAM's. */
static bool read_sections(struct a2a_accounts *accounts, const char *path, const char *service)
{
	struct a2a_sections *sections = &accounts->sections;

	if (path && !service && !a2a_sections_read(sections, path, &accounts->log))
		return false;
	accounts->has_file = sections->count > 0;
	if (!a2a_sections_find(sections, "*") &&
		!a2a_sections_add_pam(sections, service ? service : "chpasswd"))
		return a2a_fault(&accounts->log, path, "out of memory");
	accounts->place = calloc(sections->count, sizeof(*accounts->place));
	return accounts->place || a2a_fault(&accounts->log, path, "out of memory");
}

struct a2a_accounts *a2a_accounts_open(
	const char *path, const char *service, const struct a2a_log *log)
{
	struct a2a_accounts *accounts = calloc(1, sizeof(*accounts));

	if (!accounts) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	accounts->lock = -1;
	accounts->log = *log;
	if (read_sections(accounts, path, service))
		return accounts;
	a2a_accounts_close(accounts);
	return NULL;
}

void a2a_accounts_close(struct a2a_accounts *accounts)
{
	if (!accounts)
		return;
	for (size_t i = 0; accounts->place && i < accounts->sections.count; i++)
		if (accounts->place[i])
			accounts->sections.section[i].backend->close(accounts->place[i]);
	free(accounts->place);
	a2a_sections_free(&accounts->sections);
	if (accounts->lock >= 0)
		close(accounts->lock);
	free(accounts);
}

/* Opens the place of a section if that was not done before. Returns it, or NULL, having reported.
 */
static void *open_place(struct a2a_accounts *accounts, const struct a2a_section *section)
{
	void **place = &accounts->place[section - accounts->sections.section];

	if (!*place)
		*place = section->backend->open(section, &accounts->log);
	return *place;
}

static bool open_places(struct a2a_accounts *accounts, bool force_change)
{
	const struct a2a_sections *sections = &accounts->sections;
	bool ok = true;

	for (size_t i = 0; i < sections->count; i++) {
		sections->section[i].force_change = force_change;
		/* The one that is not in the file is opened when somebody needs it. */
		if (!accounts->has_file || sections->section[i].taken)
			ok &= open_place(accounts, &sections->section[i]) != NULL;
	}
	return ok;
}

bool a2a_accounts_start(struct a2a_accounts *accounts, bool force_change)
{
	int run;

	if (geteuid() != 0)
		return a2a_fault(&accounts->log, NULL,
			"only root sets passwords; --hash makes hashes for anybody");
	if (!open_places(accounts, force_change))
		return false;
	run = a2a_folder_open(RUN, &accounts->log);
	if (run >= 0) {
		accounts->lock =
			a2a_folder_open_file(run, LOCK, false, RUN "/" LOCK, &accounts->log);
		close(run);
	}
	return accounts->lock >= 0;
}

/* ---- Names ----------------------------------------------------------------------------------- */

/* The domain begins at the first @, as it does for each backend: otherwise one account would have
 * many names (a@1@club.be, a@2@club.be), and a count of tries for each of them. */
static const struct a2a_section *section_of(
	const struct a2a_accounts *accounts, const char *user, const char *domain)
{
	const char *at = strchr(user, '@');

	return a2a_sections_find(&accounts->sections, at ? at + 1 : domain ? domain : "");
}

static bool is_virtual(const struct a2a_section *section)
{
	return section->backend != &a2a_pam_backend;
}

const char *a2a_accounts_service(const struct a2a_accounts *accounts)
{
	return accounts->has_file ? NULL : accounts->sections.section[0].service;
}

bool a2a_accounts_is_virtual(const struct a2a_accounts *accounts, const char *user)
{
	return is_virtual(section_of(accounts, user, NULL));
}

void a2a_name_lower(char *name)
{
	for (; *name; name++)
		if (*name >= 'A' && *name <= 'Z')
			*name = (char)(*name - 'A' + 'a');
}

char *a2a_virtual_name(const char *user, const char *domain)
{
	const bool is_whole = !domain || !*domain || strchr(user, '@');
	char *name = NULL;

	if (asprintf(&name, "%s%s%s", user, is_whole ? "" : "@", is_whole ? "" : domain) < 0)
		return NULL;
	a2a_name_lower(name);
	return name;
}

char *a2a_accounts_name(const struct a2a_accounts *accounts, const char *user, const char *domain)
{
	return is_virtual(section_of(accounts, user, domain)) ? a2a_virtual_name(user, domain)
							      : strdup(user);
}

/* ---- Accounts -------------------------------------------------------------------------------- */

/* Finds and opens the place of a user. */
static const struct a2a_backend *backend_of(
	struct a2a_accounts *accounts, const char *user, void **place, char **why)
{
	const struct a2a_section *section = section_of(accounts, user, NULL);

	*place = open_place(accounts, section);
	if (!*place)
		a2a_explain(why, "%s: where passwords are kept cannot be opened", section->where);
	return section->backend;
}

enum a2a_lookup a2a_accounts_find(
	struct a2a_accounts *accounts, const char *user, struct a2a_account *account, char **why)
{
	void *place;
	const struct a2a_backend *backend = backend_of(accounts, user, &place, why);

	*account = (struct a2a_account){0};
	return place ? backend->find(place, user, account, why) : A2A_CANNOT_TELL;
}

enum a2a_verified a2a_accounts_verify(
	struct a2a_accounts *accounts, const char *user, const struct secret *password, char **why)
{
	void *place;
	const struct a2a_backend *backend = backend_of(accounts, user, &place, why);

	return place && backend->verify ? backend->verify(place, user, password, why)
					: A2A_CANNOT_VERIFY;
}

enum a2a_set a2a_accounts_set(
	struct a2a_accounts *accounts, const char *user, const struct secret *password, char **why)
{
	void *place;
	const struct a2a_backend *backend = backend_of(accounts, user, &place, why);

	return place ? backend->set(place, user, password, why) : A2A_NOT_SET;
}

void a2a_accounts_pretend(
	const struct a2a_accounts *accounts, const char *user, const struct secret *password)
{
	struct secret hashed = {0};

	hash_password(section_of(accounts, user, NULL)->scheme, password, &hashed);
	a2a_secret_wipe(&hashed);
}

void a2a_accounts_wait(const struct a2a_accounts *accounts, const char *user)
{
	const unsigned milliseconds = section_of(accounts, user, NULL)->backend->notice;
	struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	while (milliseconds && nanosleep(&left, &left) && errno == EINTR)
		;
}

/* ---- Locks ----------------------------------------------------------------------------------- */

/*
 * The lock of an account is one byte of a file, at the place that the hash of the user name gives.
 * Two accounts with the same hash only wait for each other. The lock belongs to the open file
 * description, so the end of the process releases it.
 */
static struct flock byte_of(const char *user, short type)
{
	const XXH64_hash_t place = XXH3_64bits(user, strlen(user));

	return (struct flock){
		.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)(place >> 2), .l_len = 1};
}

bool a2a_accounts_lock(struct a2a_accounts *accounts, const char *user, const struct a2a_log *log)
{
	struct flock lock = byte_of(user, F_WRLCK);
	int status;

	do
		status = fcntl(accounts->lock, F_OFD_SETLKW, &lock);
	while (status && errno == EINTR);
	return status == 0 || a2a_fault(log, RUN "/" LOCK, "%s", strerror(errno));
}

void a2a_accounts_unlock(struct a2a_accounts *accounts, const char *user)
{
	struct flock lock = byte_of(user, F_UNLCK);

	fcntl(accounts->lock, F_OFD_SETLK, &lock);
}
