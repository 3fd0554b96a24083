/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PAM door for new passwords: finds out who the user is, asks the engine, and answers PAM and
 * the user.
 *
 * It runs as root inside other people's programs, so it leaves their process alone: it does not
 * touch the locale, standard error, signals or the working directory.
 */
#define _GNU_SOURCE
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "door.h"
#include "generate.h"
#include "language.h"
#include "record.h"

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

/* ---- Speaking to the user -------------------------------------------------------------------- */

static bool is_silent(const struct door *door)
{
	return door->flags & PAM_SILENT;
}

static int fault(const struct door *door)
{
	size_t count = door->messages ? a2a_messages_count(door->messages) : 0;

	for (size_t i = 0; i < count && !is_silent(door); i++)
		pam_error(door->pamh, "%s", a2a_message_sentence(door->messages, i, A2A_SAY_FAULT));
	return PAM_SERVICE_ERR;
}

static void explain(const struct door *door, const struct a2a_verdict *verdict)
{
	for (size_t i = 0; i < a2a_messages_count(door->messages) && !is_silent(door); i++) {
		char *text = a2a_message_refusal(door->messages, i, verdict);

		if (text)
			pam_error(door->pamh, "%s", text);
		free(text);
	}
}

/* Shows a text as pam_info() does. pam_info() itself would leave a copy of the text in memory. */
static void inform(const struct door *door, const char *text)
{
	const struct pam_message message = {PAM_TEXT_INFO, text};
	const struct pam_message *messages = &message;
	struct pam_response *response = NULL;
	const struct pam_conv *conversation;
	const void *item = NULL;

	if (pam_get_item(door->pamh, PAM_CONV, &item) != PAM_SUCCESS || !item)
		return;
	conversation = item;
	if (!conversation->conv)
		return;
	conversation->conv(1, &messages, &response, conversation->appdata_ptr);
	if (response)
		free(response->resp);
	free(response);
}

static void suggest(const struct door *door)
{
	struct a2a_generator *generator;
	struct secret password = {0}, text = {0};
	bool ok;

	if (!door->options.suggest || is_silent(door))
		return;
	generator = a2a_generator_open(door->policy, &(struct a2a_recipe){0}, &door->log);
	ok = generator && a2a_generate(generator, &door->person, &password, &door->log);
	for (size_t i = 0; ok && i < a2a_messages_count(door->messages); i++) {
		const char *sentence = a2a_message_sentence(door->messages, i, A2A_SAY_SUGGESTION);

		ok = a2a_secret_append(&text, sentence, strlen(sentence)) &&
		     a2a_secret_append(&text, "\n", 1);
	}
	ok = ok && a2a_secret_append(&text, "    ", 4) &&
	     a2a_secret_append(&text, password.bytes, password.length);
	if (ok)
		inform(door, text.bytes);
	a2a_secret_wipe(&text);
	a2a_secret_wipe(&password);
	a2a_generator_close(generator);
}

/* ---- The person ------------------------------------------------------------------------------ */

/* Root may be exempt when it sets a password. An expired password that a login program of root's
 * changes for a user is not exempt. */
static bool is_exempt(const struct door *door)
{
	return door->options.exempt_root && getuid() == 0 &&
	       !(door->flags & PAM_CHANGE_EXPIRED_AUTHTOK);
}

/*
 * Clears the user's record of a weak password. If the next module does not store the new password,
 * the next login finds the old one weak again, and the days count from then. If there never was an
 * audit, there are no records and nothing to do.
 */
static void clear_record(const struct door *door)
{
	static const struct a2a_verdict good = {.accepted = true};
	char policy[A2A_DIGEST_SIZE];
	const struct a2a_sighting sighting = {
		.user = door->user,
		.service = door->service,
		.policy = policy,
		.verdict = &good,
		.when = time(NULL),
	};
	struct a2a_record_folder folder;

	if (a2a_record_open(&folder, door->options.store, false, &door->log) &&
		a2a_policy_digest(door->policy, policy))
		a2a_record_clear(&folder, &sighting, &door->log);
	a2a_record_close(&folder);
}

/* ---- The two phases -------------------------------------------------------------------------- */

/* Judges what the user typed: PAM_SUCCESS, PAM_AUTHTOK_ERR when refused, or a fault. */
static int judge(struct door *door, const char *typed)
{
	const struct secret password = a2a_secret_borrow(typed, strlen(typed));
	struct a2a_verdict verdict;
	bool bound;

	door->is_good = false;
	if (door_is_bound(door, &bound) != PAM_SUCCESS)
		return fault(door);
	if (!bound)
		return PAM_SUCCESS;
	if (!a2a_judge(door->policy, &password, &door->person, &verdict, &door->log))
		return fault(door);
	door->is_good = verdict.accepted;
	if (door->options.dry_run) {
		door_log_verdict(door, &verdict, " (dry run: it passes)");
		return PAM_SUCCESS;
	}
	if (door->options.debug)
		door_log_verdict(door, &verdict, "");
	if (verdict.accepted)
		return PAM_SUCCESS;
	explain(door, &verdict);
	if (is_exempt(door)) {
		pam_syslog(door->pamh, LOG_NOTICE,
			"weak password of user %s: root is exempt, so it passes", door->user);
		return PAM_SUCCESS;
	}
	suggest(door);
	return PAM_AUTHTOK_ERR;
}

/*
 * Makes one try. Returns PAM_SUCCESS, or the status that ends the change. After PAM_AUTHTOK_ERR or
 * PAM_TRY_AGAIN there may be another try. `*asked` becomes true if there was a password.
 */
static int try_once(struct door *door, bool *asked)
{
	const char *typed = NULL;
	int status = pam_get_authtok_noverify(door->pamh, &typed, NULL);

	*asked = status == PAM_SUCCESS && typed;
	if (!*asked) {
		if (door->options.debug)
			pam_syslog(door->pamh, LOG_NOTICE, "no new password: %s",
				pam_strerror(door->pamh, status));
		return status == PAM_SUCCESS ? PAM_AUTHTOK_ERR : status;
	}
	status = judge(door, typed);
	if (status == PAM_SUCCESS && !door->options.stacked) {
		status = pam_get_authtok_verify(door->pamh, &typed, NULL);
		/* The user gave up or the conversation broke, and libpam has said so. */
		*asked = status != PAM_AUTHTOK_ERR;
	}
	return status;
}

static int update(struct door *door)
{
	const int64_t tries = door->options.stacked ? 1 : door->options.retry;
	int status = door_find_person(door);
	bool asked = true;

	if (status != PAM_SUCCESS)
		return status;
	for (int64_t i = 0; i < tries; i++) {
		status = try_once(door, &asked);
		if (!asked || (status != PAM_AUTHTOK_ERR && status != PAM_TRY_AGAIN)) {
			if (status == PAM_SUCCESS && door->is_good)
				clear_record(door);
			return status;
		}
		/* Otherwise libpam would return the refused password again instead of asking. */
		pam_set_item(door->pamh, PAM_AUTHTOK, NULL);
	}
	return tries > 1 ? PAM_MAXTRIES : status;
}

__attribute__((visibility("default"))) int pam_sm_chauthtok(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct door door = door_make(pamh, flags);
	int status = PAM_SERVICE_ERR;
	/* The module's arguments come first, because they name the configuration. */
	bool ok = door_read_arguments(&door, argc, argv);

	ok &= door_read_settings(&door, argc, argv);
	if (door.settings) {
		choose_language(&door);
		door.messages = a2a_messages_open(door.settings, &door.log);
	}
	if (ok && door.messages)
		door.policy = a2a_policy_open(door.settings, &door.log);
	if (!door.policy)
		status = fault(&door);
	else if (flags & PAM_PRELIM_CHECK)
		status = PAM_SUCCESS;
	else if (flags & PAM_UPDATE_AUTHTOK)
		status = update(&door);
	/* Whatever the reason, no later module may set a password that was not accepted. */
	if (flags & PAM_UPDATE_AUTHTOK && status != PAM_SUCCESS)
		pam_set_item(pamh, PAM_AUTHTOK, NULL);
	door_close(&door);
	return status;
}
