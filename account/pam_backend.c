/* SPDX-License-Identifier: BSD-3-Clause */
/* The accounts of the system, whose passwords a PAM service sets, as root. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend.h"
#include "pam_client.h"
#include "unix_password.h"

struct pam_place {
	const char *service;
	bool force_change;
};

/* ---- Opening --------------------------------------------------------------------------------- */

static void *open_pam(const struct a2a_section *section, const struct a2a_log *log)
{
	struct pam_place *place;

	if (!a2a_pam_has_stack(section->service)) {
		a2a_fault(log, section->service,
			"there is no PAM service of this name: /etc/pam.d has those there are");
		return NULL;
	}
	if (section->force_change && access(A2A_CHAGE, X_OK)) {
		a2a_fault(log, A2A_CHAGE, "is needed to force a change, and is not there: %s",
			strerror(errno));
		return NULL;
	}
	place = calloc(1, sizeof(*place));
	if (!place) {
		a2a_fault(log, section->service, "out of memory");
		return NULL;
	}
	place->service = section->service;
	place->force_change = section->force_change;
	return place;
}

static void close_pam(void *context)
{
	free(context);
}

/* ---- The account ----------------------------------------------------------------------------- */

/* Says why the account that was found gets no password here. */
static bool is_possible(const struct pam_place *place, const char *user,
	const struct a2a_account *account, char **why)
{
	if (strcmp(account->name, user) != 0)
		return a2a_explain(
			why, "the system calls it \"%s\": so it has to be named", account->name);
	if (!a2a_account_is_mail_user(account))
		return a2a_explain(why,
			"it is an account of the system (uid %ju), not of a mail user: passwd(1) "
			"changes it",
			(uintmax_t)account->uid);
	if (place->force_change && !a2a_unix_password_exists(user))
		return a2a_explain(why,
			"a change can only be forced on accounts in /etc/shadow, and it is in "
			"none");
	return true;
}

static enum a2a_lookup find(
	void *context, const char *user, struct a2a_account *account, char **why)
{
	const enum a2a_lookup lookup = a2a_account_find(account, user);

	if (lookup == A2A_FOUND)
		return is_possible(context, user, account, why) ? A2A_FOUND : A2A_NO_SUCH_USER;
	if (lookup == A2A_CANNOT_TELL)
		a2a_explain(why, "users cannot be looked up: %s", strerror(errno));
	else if (strchr(user, '@'))
		a2a_explain(why,
			"there is no such user of the system, and accounts.conf(5) has no section "
			"for its domain");
	else
		a2a_explain(why, "there is no such user");
	return lookup;
}

/* ---- Setting --------------------------------------------------------------------------------- */

static bool set_through_pam(
	const struct pam_place *place, const char *user, const struct secret *password, char **why)
{
	/* Root is the caller, so no module asks for the old password. */
	struct a2a_pam *pam = a2a_pam_open(place->service, user, NULL, NULL);
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

static enum a2a_set set(void *context, const char *user, const struct secret *password, char **why)
{
	const struct pam_place *place = context;
	bool all = true;

	if (!set_through_pam(place, user, password, why)) {
		all = false;
		if (!a2a_unix_password_is(user, password)) {
			say_before(why, a2a_unix_password_exists(user)
						? "its password is as it was"
						: "the service could not set it");
			return A2A_NOT_SET;
		}
		say_before(why, "a module of the service failed behind that");
	}
	if (place->force_change && !a2a_unix_password_expire(user)) {
		all = false;
		say_before(why, "no change is forced (" A2A_CHAGE " could not do it)");
	}
	return all ? A2A_SET : A2A_SET_ONLY;
}

const struct a2a_backend a2a_pam_backend = {
	.open = open_pam, .close = close_pam, .find = find, .set = set};
