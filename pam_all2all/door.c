/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "door.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modutil.h>

#include "paths.h"
#include "table.h"

#define NUMBER(field) A2A_NUMBER_FIELD(struct options, field)
#define FLAG(field) A2A_FLAG_FIELD(struct options, field)
#define TEXT(field) A2A_TEXT_FIELD(struct options, field)

/* Accepts a list of hosts that is not empty. For no hosts, leave the argument webmail out. */
static bool is_not_empty(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return *value ||
	       a2a_fault(log, where, "%s has no value: write %s=...", row->name, row->name);
}

/*
 * The module's own arguments; all others are settings of the policy. libpam itself reads
 * try_first_pass, authtok_type and the like (pam_get_authtok(3)).
 */
static const struct a2a_setting rows[] = {
	{"audit", FLAG(audit)},
	{"conf", TEXT(conf), .is_path = true},
	{"debug", FLAG(debug)},
	{"dry_run", FLAG(dry_run)},
	{"exempt_root", FLAG(exempt_root)},
	{"grace", NUMBER(grace), 0, 3650},
	{"local_users_only", FLAG(local_users_only)},
	{"store", TEXT(store), .fallback = A2A_AUDIT_STORE, .is_path = true},
	{"suggest", FLAG(suggest)},
	{"use_authtok", FLAG(stacked)},
	{"use_first_pass", FLAG(stacked)},
	{"try_first_pass", FLAG(ignored)},
	{"enforce_for_root", FLAG(ignored)},
	{"authtok_type", TEXT(ignored_text)},
	{"retry", NUMBER(retry), 1, 100, "3"},
	{"webmail", TEXT(webmail), .check = is_not_empty},
};

/* No argument is unknown to this table, because a2a_table_has() is always called first. */
static const struct a2a_table arguments = {rows, sizeof(rows) / sizeof(rows[0]), NULL};

static void to_syslog(void *context, enum a2a_level level, const char *text)
{
	pam_syslog(context, level == A2A_FAULT ? LOG_ERR : LOG_WARNING, "%s", text);
}

struct door door_make(pam_handle_t *pamh, int flags)
{
	return (struct door){
		.pamh = pamh,
		.flags = flags,
		.options = {.grace = -1},
		.log = {to_syslog, pamh},
	};
}

void door_close(struct door *door)
{
	a2a_policy_close(door->policy);
	a2a_messages_close(door->messages);
	a2a_settings_free(door->settings);
	a2a_table_release(&arguments, &door->options);
	a2a_account_free(&door->account);
}

/* ---- Arguments ------------------------------------------------------------------------------- */

bool door_read_arguments(struct door *door, int argc, const char **argv)
{
	bool ok = true;

	if (!a2a_table_defaults(&arguments, &door->options)) {
		pam_syslog(door->pamh, LOG_CRIT, "out of memory");
		return false;
	}
	for (int i = 0; i < argc; i++)
		if (a2a_table_has(&arguments, argv[i]))
			ok &= a2a_table_set(
				&arguments, &door->options, argv[i], "argument", &door->log);
	return ok;
}

bool door_read_settings(struct door *door, int argc, const char **argv)
{
	bool ok;

	door->settings = a2a_settings_new();
	if (!door->settings) {
		pam_syslog(door->pamh, LOG_CRIT, "out of memory");
		return false;
	}
	ok = a2a_settings_read_file(door->settings,
		door->options.conf ? door->options.conf : A2A_CONFIGURATION, !door->options.conf,
		&door->log);
	for (int i = 0; i < argc; i++)
		if (!a2a_table_has(&arguments, argv[i]))
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
	/* A virtual user has no entry. A user database that does not work must not lock out users
	 * whose passwords are elsewhere: their passwords are compared with the other names. */
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
