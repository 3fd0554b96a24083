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

/* ---- Speaking to the user -------------------------------------------------------------------- */

static int fault(const struct door *door)
{
	door_say_sentence(door, PAM_ERROR_MSG, A2A_SAY_FAULT);
	return PAM_SERVICE_ERR;
}

/*
 * Tells whether a refusal begins with the heading that programs wait for when they drive passwd(1)
 * by what it prints. They run it in the locale C. In other languages libpwquality translates its
 * heading too, so nobody can wait for English words; and other services speak to people only.
 */
static bool needs_heading(const struct door *door)
{
	static const char *const locales[] = {"C", "C.UTF-8", "C.utf8", "POSIX"};
	const char *locale = nl_langinfo(NL_LOCALE_NAME(LC_MESSAGES));

	if (strcmp(door->service, "passwd") != 0)
		return false;
	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++)
		if (strcmp(locale, locales[i]) == 0)
			return true;
	return a2a_language_find(locale) == A2A_ENGLISH;
}

/* Appends a line. The first one has no line break before it. */
static bool append_line(struct secret *text, const char *line)
{
	return line && a2a_secret_append(text, "\n", text->length ? 1 : 0) &&
	       a2a_secret_append(text, line, strlen(line));
}

/* Appends the reasons, in one language after the other. */
static bool append_reasons(
	const struct door *door, const struct a2a_verdict *verdict, struct secret *text)
{
	bool ok = !needs_heading(door) || append_line(text, a2a_message_heading(verdict));

	for (size_t i = 0; ok && i < a2a_messages_count(door->messages); i++) {
		char *refusal = a2a_message_refusal(door->messages, i, verdict);

		ok = append_line(text, refusal);
		free(refusal);
	}
	return ok;
}

/* Appends a password that may be used, on a line of its own, to the reasons. Appends nothing when
 * none can be made. */
static bool append_suggestion(const struct door *door, struct secret *text)
{
	struct a2a_generator *generator =
		a2a_generator_open(door->policy, &(struct a2a_recipe){0}, &door->log);
	struct secret password = {0};
	bool ok = true;

	if (generator && a2a_generate(generator, &door->person, &password, &door->log)) {
		for (size_t i = 0; ok && i < a2a_messages_count(door->messages); i++)
			ok = append_line(
				text, a2a_message_sentence(door->messages, i, A2A_SAY_SUGGESTION));
		ok = ok && append_line(text, "    ") &&
		     a2a_secret_append(text, password.bytes, password.length);
	}
	a2a_secret_wipe(&password);
	a2a_generator_close(generator);
	return ok;
}

/*
 * Says why a password is refused. All languages and the suggestion are one message, because some
 * greeters keep only the last message before a prompt. Each reason has a line of its own: people
 * read it in a terminal (passwd, ssh) or in a label that breaks lines (GDM); where line breaks are
 * blanks (Cockpit), the dashes still part the reasons. A text on one line would be longer than a
 * screen is wide as soon as there are two reasons in two languages. lightdm-webkit-greeter, which
 * Debian does not have, fails at any line break in a message; the others come first.
 */
static void explain(
	const struct door *door, const struct a2a_verdict *verdict, bool with_suggestion)
{
	struct secret text = {0};

	if (door->flags & PAM_SILENT)
		return;
	if (!append_reasons(door, verdict, &text) ||
		(with_suggestion && !append_suggestion(door, &text)))
		pam_syslog(door->pamh, LOG_CRIT, "out of memory");
	door_say(door, PAM_ERROR_MSG, &text);
	a2a_secret_wipe(&text);
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

/* What the log says of a verdict, and whether the password passes. */
struct consequence {
	const char *text; /* NULL: the log says nothing */
	bool passes;
};

static struct consequence consequence_of(const struct door *door, bool accepted)
{
	if (door->options.dry_run)
		return (struct consequence){" (dry run: it passes)", true};
	if (accepted)
		return (struct consequence){door->options.debug ? "" : NULL, true};
	if (is_exempt(door))
		return (struct consequence){" (root is exempt: it passes)", true};
	/* A helpdesk must be able to say why, so a refusal is logged always. */
	return (struct consequence){" (refused)", false};
}

/* Judges a password: PAM_SUCCESS, PAM_AUTHTOK_ERR when refused, or a fault. */
static int judge_password(struct door *door, const struct secret *password)
{
	struct consequence consequence;
	struct a2a_verdict verdict;

	if (!a2a_judge(door->policy, password, &door->person, &verdict, &door->log))
		return fault(door);
	door->is_good = verdict.accepted;
	consequence = consequence_of(door, verdict.accepted);
	if (consequence.text)
		door_log_verdict(door, &verdict, consequence.text);
	if (!verdict.accepted && !door->options.dry_run)
		explain(door, &verdict, door->options.suggest && !consequence.passes);
	return consequence.passes ? PAM_SUCCESS : PAM_AUTHTOK_ERR;
}

/* Judges what the user typed, if the policy binds the user. */
static int judge(struct door *door, const char *typed)
{
	struct secret password = {0};
	bool bound;
	int status;

	door->is_good = false;
	if (door_is_bound(door, &bound) != PAM_SUCCESS)
		return fault(door);
	if (!bound)
		return PAM_SUCCESS;
	if (!door_read_typed(door, typed, &password))
		return fault(door);
	status = judge_password(door, &password);
	a2a_secret_wipe(&password);
	return status;
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

/*
 * Tells how often the user may try. A password that an earlier module asked for has one try: that
 * module (a history of passwords) would never see another one that we asked for instead, and what
 * it must refuse would be stored.
 */
static int64_t count_tries(const struct door *door)
{
	const void *typed = NULL;

	if (door->options.stacked || pam_get_item(door->pamh, PAM_AUTHTOK, &typed) != PAM_SUCCESS ||
		typed)
		return 1;
	return door->options.retry;
}

static int update(struct door *door)
{
	const int64_t tries = count_tries(door);
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
	ok &= door.settings && door_open_messages(&door);
	if (ok)
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
