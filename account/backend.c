/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "backend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "folder.h"
#include "pam_client.h"
#include "unix_password.h"

#define RUN "/run"
#define LOCK "all2all-issue.lock"

struct a2a_backend {
	char *service;
	bool force_change;
	int lock;
};

/* ---- Opening --------------------------------------------------------------------------------- */

struct a2a_backend *a2a_backend_open(
	const char *service, bool force_change, const struct a2a_log *log)
{
	struct a2a_backend *backend;
	int run;

	if (geteuid() != 0) {
		log->say(log->context, A2A_FAULT,
			"only root sets passwords; --hash makes hashes for anybody");
		return NULL;
	}
	if (!a2a_pam_has_stack(service)) {
		a2a_fault(log, service,
			"there is no PAM service of this name: /etc/pam.d has those there are");
		return NULL;
	}
	if (force_change && access(A2A_CHAGE, X_OK)) {
		a2a_fault(log, A2A_CHAGE, "is needed to force a change, and is not there: %s",
			strerror(errno));
		return NULL;
	}
	backend = calloc(1, sizeof(*backend));
	if (!backend || !(backend->service = strdup(service))) {
		a2a_fault(log, service, "out of memory");
		free(backend);
		return NULL;
	}
	backend->force_change = force_change;
	backend->lock = -1;
	run = a2a_folder_open(RUN, log);
	if (run >= 0) {
		backend->lock = a2a_folder_open_file(run, LOCK, false, RUN "/" LOCK, log);
		close(run);
	}
	if (backend->lock >= 0)
		return backend;
	a2a_backend_close(backend);
	return NULL;
}

void a2a_backend_close(struct a2a_backend *backend)
{
	if (!backend)
		return;
	if (backend->lock >= 0)
		close(backend->lock);
	free(backend->service);
	free(backend);
}

const char *a2a_backend_service(const struct a2a_backend *backend)
{
	return backend->service;
}

/* ---- The account ----------------------------------------------------------------------------- */

char *a2a_backend_problem(
	const struct a2a_backend *backend, const char *user, struct a2a_account *account)
{
	const enum a2a_lookup lookup = a2a_account_find(account, user);
	char *problem = NULL;
	int status = 0;

	if (lookup == A2A_CANNOT_TELL)
		status = asprintf(&problem, "users cannot be looked up: %s", strerror(errno));
	else if (lookup == A2A_NO_SUCH_USER)
		status = asprintf(&problem, "there is no such user");
	else if (strcmp(account->name, user) != 0)
		status = asprintf(&problem, "the system calls it \"%s\": so it has to be named",
			account->name);
	else if (!a2a_account_is_mail_user(account))
		status = asprintf(&problem,
			"it is an account of the system (uid %ju), not of a mail user: passwd(1) "
			"changes it",
			(uintmax_t)account->uid);
	else if (backend->force_change && !a2a_unix_password_exists(user))
		status = asprintf(&problem,
			"a change can only be forced on accounts in /etc/shadow, and it is in "
			"none");
	return status < 0 ? strdup("") : problem;
}

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

bool a2a_backend_lock(struct a2a_backend *backend, const char *user, const struct a2a_log *log)
{
	struct flock lock = byte_of(user, F_WRLCK);
	int status;

	do
		status = fcntl(backend->lock, F_OFD_SETLKW, &lock);
	while (status && errno == EINTR);
	return status == 0 || a2a_fault(log, RUN "/" LOCK, "%s", strerror(errno));
}

void a2a_backend_unlock(struct a2a_backend *backend, const char *user)
{
	struct flock lock = byte_of(user, F_UNLCK);

	fcntl(backend->lock, F_OFD_SETLK, &lock);
}

/* ---- Setting --------------------------------------------------------------------------------- */

static bool set_through_pam(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why)
{
	/* Root is the caller, so no module asks for the old password. */
	struct a2a_pam *pam = a2a_pam_open(backend->service, user, NULL, NULL);
	bool is_done = pam && a2a_pam_set(pam, password) == A2A_PAM_DONE;
	const char *complaint = pam ? a2a_pam_complaint(pam) : "";

	if (!is_done && asprintf(why, "%s%s%s", pam ? a2a_pam_error(pam) : "out of memory",
				*complaint ? ": " : "", complaint) < 0)
		*why = NULL;
	a2a_pam_close(pam);
	return is_done;
}

/* Puts a text in front of the text in `*why`, with a colon between them. */
static void say_before(char **why, const char *text)
{
	char *longer = NULL;

	if (asprintf(&longer, "%s%s%s", text, *why ? ": " : "", *why ? *why : "") < 0)
		longer = NULL;
	free(*why);
	*why = longer;
}

enum a2a_set a2a_backend_set(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why)
{
	bool all = true;

	*why = NULL;
	if (!set_through_pam(backend, user, password, why)) {
		all = false;
		if (!a2a_unix_password_is(user, password)) {
			say_before(why, a2a_unix_password_exists(user)
						? "its password is as it was"
						: "the service could not set it");
			return A2A_NOT_SET;
		}
		say_before(why, "a module of the service failed behind that");
	}
	if (backend->force_change && !a2a_unix_password_expire(user)) {
		all = false;
		say_before(why, "no change is forced (" A2A_CHAGE " could not do it)");
	}
	return all ? A2A_SET : A2A_SET_ONLY;
}
