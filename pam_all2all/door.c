/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "door.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modutil.h>

#include "language.h"
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
	a2a_secret_wipe(&door->old_password);
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

/* ---- Speaking to the user -------------------------------------------------------------------- */

/* Without `lang`, the messages are in the language of the host program. */
static void choose_language(struct door *door)
{
	const char *locale = nl_langinfo(NL_LOCALE_NAME(LC_MESSAGES));
	char setting[] = "lang=xx";

	if (*door->settings->lang || a2a_language_find(locale) == A2A_LANGUAGES)
		return;
	memcpy(setting + strlen("lang="), locale, 2);
	a2a_settings_set(door->settings, setting, "locale", &door->log);
}

bool door_open_messages(struct door *door)
{
	choose_language(door);
	door->charset = a2a_charset_find(nl_langinfo(CODESET));
	door->messages = a2a_messages_open(door->settings, &door->log);
	return door->messages;
}

/* Asks the conversation itself: pam_error() and pam_info() would leave a copy of the text in
 * memory, and the text may hold a suggestion. */
static void show(const struct door *door, const struct pam_message *message)
{
	const struct pam_conv *conversation;
	struct pam_response *response = NULL;
	const void *item = NULL;

	if (pam_get_item(door->pamh, PAM_CONV, &item) != PAM_SUCCESS || !item)
		return;
	conversation = item;
	if (!conversation->conv)
		return;
	conversation->conv(1, &message, &response, conversation->appdata_ptr);
	if (response)
		free(response->resp);
	free(response);
}

void door_say(const struct door *door, int style, const struct secret *text)
{
	struct secret converted = {0};

	if (door->flags & PAM_SILENT || !text->length)
		return;
	if (a2a_charset_write(&door->charset, text, &converted))
		show(door, &(struct pam_message){style, converted.bytes});
	a2a_secret_wipe(&converted);
}

void door_say_sentence(const struct door *door, int style, enum a2a_sentence sentence)
{
	const size_t count = door->messages ? a2a_messages_count(door->messages) : 0;
	struct secret text = {0};
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++) {
		const char *one = a2a_message_sentence(door->messages, i, sentence);

		ok = a2a_secret_append(&text, "\n", i ? 1 : 0) &&
		     a2a_secret_append(&text, one, strlen(one));
	}
	door_say(door, style, &text);
	a2a_secret_wipe(&text);
}

void door_say_expired(struct door *door, int argc, const char **argv)
{
	if (door->flags & PAM_SILENT)
		return;
	/* A mistake in a setting is logged. It is no reason to keep quiet. */
	door_read_settings(door, argc, argv);
	if (door->settings && door_open_messages(door))
		door_say_sentence(door, PAM_TEXT_INFO, A2A_SAY_EXPIRED);
}

bool door_read_typed(const struct door *door, const char *typed, struct secret *password)
{
	const struct secret whole = a2a_secret_borrow(typed, strlen(typed));

	if (a2a_charset_read(&door->charset, &whole, password))
		return true;
	pam_syslog(door->pamh, LOG_CRIT, "out of memory");
	return false;
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
	a2a_secret_wipe(&door->old_password);
	if (old && !door_read_typed(door, old, &door->old_password))
		return PAM_BUF_ERR;
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
