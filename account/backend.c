/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "backend.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <shadow.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include "conversation.h"
#include "folder.h"

#define RUN "/run"
#define LOCK "all2all-issue.lock"
#define CHAGE "/usr/bin/chage"

enum {
	LEAST_UID = 1000,   /* mail users; below it are root and the system's own */
	NOBODY_UID = 65534, /* who owns what no user of this machine does */
	MOST_PROMPTS = 16,
	MOST_SAID = 1024, /* bytes of what modules say; a cell of a list takes it */
};

struct a2a_backend {
	char *service;
	bool force_change;
	int lock;
};

/* ---- Opening --------------------------------------------------------------------------------- */

/*
 * Without a stack of its own a service gets that of "other", which may let anything pass, or
 * nothing.
 */
static bool has_stack(const char *service)
{
	static const char *const folders[] = {"/etc/pam.d", "/usr/lib/pam.d"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *path = NULL;
		bool there = asprintf(&path, "%s/%s", folders[i], service) >= 0 &&
			     access(path, R_OK) == 0;

		free(path);
		if (there)
			return true;
	}
	return false;
}

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
	if (!*service || strchr(service, '/') || !has_stack(service)) {
		a2a_fault(log, service,
			"there is no PAM service of this name: /etc/pam.d has those there are");
		return NULL;
	}
	if (force_change && access(CHAGE, X_OK)) {
		a2a_fault(log, CHAGE, "is needed to force a change, and is not there: %s",
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

/* ---- The account ----------------------------------------------------------------------------- */

char *a2a_backend_problem(const struct a2a_backend *backend, const char *user)
{
	const struct passwd *entry;
	char *problem = NULL;
	int status = 0;

	errno = 0;
	entry = getpwnam(user);
	if (!entry && errno && errno != ENOENT && errno != ESRCH && errno != EBADF &&
		errno != EPERM)
		status = asprintf(&problem, "users cannot be looked up: %s", strerror(errno));
	else if (!entry)
		status = asprintf(&problem, "there is no such user");
	else if (strcmp(entry->pw_name, user) != 0)
		status = asprintf(&problem, "the system calls it \"%s\": so it has to be named",
			entry->pw_name);
	else if (entry->pw_uid < LEAST_UID || entry->pw_uid == NOBODY_UID)
		status = asprintf(&problem,
			"it is an account of the system (uid %ju), not of a mail user: passwd(1) "
			"changes it",
			(uintmax_t)entry->pw_uid);
	else if (backend->force_change && !getspnam(user))
		status = asprintf(&problem,
			"a change can only be forced on accounts in /etc/shadow, and it is in "
			"none");
	return status < 0 ? strdup("") : problem;
}

char *a2a_backend_gecos(const char *user)
{
	const struct passwd *entry = getpwnam(user);

	return strdup(entry && entry->pw_gecos ? entry->pw_gecos : "");
}

/*
 * A byte of one file for each account, at the place of the hash of its name: two that fall together
 * only wait for each other. Of open file descriptions, so that the end of the process ends it.
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

/* ---- PAM ------------------------------------------------------------------------------------- */

struct conversation {
	const struct secret *password;
	unsigned prompts;
	char *said; /* by the modules, when something was wrong; with "; " between */
};

static bool take_message(struct conversation *conversation, const char *text)
{
	const size_t length = strcspn(text, "\n");
	const size_t before = conversation->said ? strlen(conversation->said) : 0;
	char *longer = NULL;

	if (!length || before >= MOST_SAID)
		return true;
	if (asprintf(&longer, "%s%s%.*s", before ? conversation->said : "", before ? "; " : "",
		    (int)(length < MOST_SAID - before ? length : MOST_SAID - before), text) < 0)
		return false;
	/* It goes to a terminal and into a list, wherever the module has it from. */
	for (char *at = longer + before; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	free(conversation->said);
	conversation->said = longer;
	return true;
}

/*
 * No locale is set, so the questions are in English, and all modules ask for "new" when they mean
 * it. Any other question (for the old password, for a code) has no answer here.
 */
static bool converse_once(
	void *context, const struct pam_message *message, struct pam_response *response)
{
	struct conversation *conversation = context;

	switch (message->msg_style) {
	case PAM_ERROR_MSG:
		return take_message(conversation, message->msg);
	case PAM_TEXT_INFO:
		return true;
	case PAM_PROMPT_ECHO_OFF:
		if (conversation->said || ++conversation->prompts > MOST_PROMPTS)
			return false;
		if (!strcasestr(message->msg, "new")) {
			take_message(conversation, "a module asks for more than a new password");
			return false;
		}
		response->resp = strdup(conversation->password->bytes);
		return response->resp;
	default:
		return false;
	}
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	return a2a_converse(count, messages, responses, converse_once, context);
}

/* Without waiting: there is nobody who guesses. */
static void no_delay(int status, unsigned microseconds, void *context)
{
	(void)status;
	(void)microseconds;
	(void)context;
}

static bool set_through_pam(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why)
{
	union {
		void (*function)(int, unsigned, void *);
		const void *item;
	} delay = {.function = no_delay};
	struct conversation conversation = {.password = password};
	const struct pam_conv conv = {converse, &conversation};
	pam_handle_t *pamh = NULL;
	int status = pam_start(backend->service, user, &conv, &pamh);

	if (status == PAM_SUCCESS)
		status = pam_set_item(pamh, PAM_FAIL_DELAY, delay.item);
	if (status == PAM_SUCCESS)
		status = pam_chauthtok(pamh, 0);
	if (status != PAM_SUCCESS &&
		asprintf(why, "%s%s%s", pam_strerror(pamh, status), conversation.said ? ": " : "",
			conversation.said ? conversation.said : "") < 0)
		*why = NULL;
	if (pamh)
		pam_end(pamh, status);
	free(conversation.said);
	return status == PAM_SUCCESS;
}

/* Whether it is the account's in /etc/shadow; false too when the account has no line there. */
static bool is_set(const char *user, const struct secret *password)
{
	const struct spwd *entry = getspnam(user);
	struct crypt_data *data = entry ? calloc(1, sizeof(*data)) : NULL;
	const char *hash =
		data ? crypt_rn(password->bytes, entry->sp_pwdp, data, sizeof(*data)) : NULL;
	const bool same = hash && strcmp(hash, entry->sp_pwdp) == 0;

	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
	return same;
}

/* Puts a text before what is said already. */
static void say_before(char **why, const char *text)
{
	char *longer = NULL;

	if (asprintf(&longer, "%s%s%s", text, *why ? ": " : "", *why ? *why : "") < 0)
		longer = NULL;
	free(*why);
	*why = longer;
}

/* chage(1), which knows how /etc/shadow is locked and written. */
static bool force_change(const char *user)
{
	char *environment[] = {(char[]){"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}, NULL};
	char *arguments[] = {(char[]){CHAGE}, (char[]){"-d"}, (char[]){"0"}, (char[]){"--"},
		(char *)(size_t)user, NULL};
	pid_t child;
	int status;

	if (posix_spawn(&child, CHAGE, NULL, NULL, arguments, environment))
		return false;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

enum a2a_set a2a_backend_set(const struct a2a_backend *backend, const char *user,
	const struct secret *password, char **why)
{
	bool all = true;

	*why = NULL;
	if (!set_through_pam(backend, user, password, why)) {
		all = false;
		if (!is_set(user, password)) {
			say_before(why, getspnam(user) ? "its password is as it was"
						       : "the service could not set it");
			return A2A_NOT_SET;
		}
		say_before(why, "a module of the service failed behind that");
	}
	if (backend->force_change && !force_change(user)) {
		all = false;
		say_before(why, "no change is forced (" CHAGE " could not do it)");
	}
	return all ? A2A_SET : A2A_SET_ONLY;
}
