/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "door.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modutil.h>

#include "paths.h"

enum kind { FLAG, COUNT, PATH, TEXT, IGNORED };

#define AT(member) offsetof(struct options, member)

/*
 * The module's own arguments; all others are settings of the engine. try_first_pass, authtok_type
 * and the like are read by libpam itself (pam_get_authtok(3)).
 */
static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
	long least, most; /* of a COUNT */
} arguments[] = {
	{"audit", FLAG, AT(audit)},
	{"conf", PATH, AT(conf)},
	{"debug", FLAG, AT(debug)},
	{"dry_run", FLAG, AT(dry_run)},
	{"exempt_root", FLAG, AT(exempt_root)},
	{"grace", COUNT, AT(grace), 0, 3650},
	{"local_users_only", FLAG, AT(local_users_only)},
	{"store", PATH, AT(store)},
	{"suggest", FLAG, AT(suggest)},
	{"use_authtok", FLAG, AT(stacked)},
	{"use_first_pass", FLAG, AT(stacked)},
	{"try_first_pass", FLAG, AT(ignored)},
	{"enforce_for_root", FLAG, AT(ignored)},
	{"authtok_type", IGNORED, 0},
	{"retry", COUNT, AT(retry), 1, 100},
	{"webmail", TEXT, AT(webmail)},
};

static void to_syslog(void *context, enum a2a_level level, const char *text)
{
	pam_syslog(context, level == A2A_FAULT ? LOG_ERR : LOG_WARNING, "%s", text);
}

struct door door_make(pam_handle_t *pamh, int flags)
{
	return (struct door){
		.pamh = pamh,
		.flags = flags,
		.options = {.store = A2A_AUDIT_STORE, .retry = 3, .grace = -1},
		.log = {to_syslog, pamh},
	};
}

void door_close(struct door *door)
{
	a2a_policy_close(door->policy);
	a2a_messages_close(door->messages);
	a2a_settings_free(door->settings);
	a2a_account_free(&door->account);
}

/* ---- Arguments ------------------------------------------------------------------------------- */

/* False when the value does not fit the kind. */
static bool take_value(struct options *options, size_t argument, const char *value)
{
	void *field = (char *)options + arguments[argument].offset;
	char *end = NULL;
	long number;

	switch (arguments[argument].kind) {
	case FLAG:
		*(bool *)field = true;
		return value == NULL;
	case COUNT:
		if (!value || *value < '0' || *value > '9')
			return false;
		number = strtol(value, &end, 10);
		if (*end || number < arguments[argument].least || number > arguments[argument].most)
			return false;
		*(long *)field = number;
		return true;
	case PATH:
		if (!value || *value != '/')
			return false;
		*(const char **)field = value;
		return true;
	case TEXT:
		*(const char **)field = value;
		return value && *value;
	case IGNORED:
		return value != NULL;
	}
	return false;
}

/* Which argument of the module's own it is, or -1; `*value` is what follows the `=`, if any. */
static int find_own(const char *argument, const char **value)
{
	const char *equals = strchrnul(argument, '=');
	size_t length = (size_t)(equals - argument);

	*value = *equals ? equals + 1 : NULL;
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
		if (strlen(arguments[i].name) == length &&
			memcmp(arguments[i].name, argument, length) == 0)
			return (int)i;
	return -1;
}

static bool take_own(struct door *door, const char *argument)
{
	static const char *const complaints[] = {
		[FLAG] = "takes no value",
		[COUNT] = "is not a number",
		[PATH] = "is not an absolute path",
		[TEXT] = "has no value",
		[IGNORED] = "has no value",
	};
	const char *value;
	int own = find_own(argument, &value);

	if (own < 0 || take_value(&door->options, (size_t)own, value))
		return true;
	if (arguments[own].kind == COUNT)
		pam_syslog(door->pamh, LOG_ERR, "argument \"%s\" is not a number from %ld to %ld",
			argument, arguments[own].least, arguments[own].most);
	else
		pam_syslog(door->pamh, LOG_ERR, "argument \"%s\" %s", argument,
			complaints[arguments[own].kind]);
	return false;
}

bool door_read_arguments(struct door *door, int argc, const char **argv)
{
	bool ok = true;

	for (int i = 0; i < argc; i++)
		ok &= take_own(door, argv[i]);
	return ok;
}

bool door_read_settings(struct door *door, int argc, const char **argv)
{
	bool ok;
	const char *value;

	door->settings = a2a_settings_new();
	if (!door->settings) {
		pam_syslog(door->pamh, LOG_CRIT, "out of memory");
		return false;
	}
	ok = a2a_settings_read_file(door->settings,
		door->options.conf ? door->options.conf : A2A_CONFIGURATION, !door->options.conf,
		&door->log);
	for (int i = 0; i < argc; i++)
		if (find_own(argv[i], &value) < 0)
			ok &= a2a_settings_set(door->settings, argv[i], "argument", &door->log);
	return ok;
}

/* ---- The person ------------------------------------------------------------------------------ */

int door_find_person(struct door *door)
{
	struct a2a_facts facts = {.account = &door->account};
	const void *service = NULL, *old = NULL;
	int status = pam_get_user(door->pamh, &door->user, NULL);

	if (status != PAM_SUCCESS) {
		pam_syslog(
			door->pamh, LOG_ERR, "no user name: %s", pam_strerror(door->pamh, status));
		return status == PAM_CONV_AGAIN ? PAM_INCOMPLETE : status;
	}
	/* A virtual user has no entry. A user database that is out of order must not lock out those
	 * whose password does not need it: they are judged by the other names. */
	a2a_account_free(&door->account);
	if (a2a_account_find(&door->account, door->user) == A2A_CANNOT_TELL)
		pam_syslog(door->pamh, LOG_WARNING,
			"users cannot be looked up, so the names of user %s are not known: %s",
			door->user, strerror(errno));
	pam_get_item(door->pamh, PAM_SERVICE, &service);
	pam_get_item(door->pamh, PAM_OLDAUTHTOK, &old);
	if (old)
		door->old_password = a2a_secret_borrow(old, strlen(old));
	door->service = service ? service : "";
	facts.user = door->user;
	facts.service = door->service;
	facts.old_password = old ? &door->old_password : NULL;
	door->person = a2a_who(&door->names, &facts);
	return PAM_SUCCESS;
}

int door_is_bound(const struct door *door, bool *bound)
{
	*bound = true;
	if (!door->options.local_users_only)
		return PAM_SUCCESS;
	switch (pam_modutil_check_user_in_passwd(door->pamh, door->user, NULL)) {
	case PAM_SUCCESS:
		return PAM_SUCCESS;
	case PAM_PERM_DENIED:
		*bound = false;
		return PAM_SUCCESS;
	default:
		pam_syslog(door->pamh, LOG_ERR, "cannot tell whether the user is local");
		return PAM_SERVICE_ERR;
	}
}

/* ---- The log --------------------------------------------------------------------------------- */

void door_log_verdict(
	const struct door *door, const struct a2a_verdict *verdict, const char *consequence)
{
	char *ids = a2a_verdict_rules(verdict);

	pam_syslog(door->pamh, LOG_NOTICE, "password of user %s: %s%s%s", door->user,
		verdict->accepted ? "good" : "weak: ", ids ? ids : "?", consequence);
	free(ids);
}
