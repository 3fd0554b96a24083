/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PAM door: gathers who the user is, asks the engine, and answers PAM and the user.
 *
 * It runs as root inside other people's programs, so it changes nothing of theirs: no locale, no
 * standard error, no signals, no working directory.
 */
#define _GNU_SOURCE
#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>

#include "paths.h"
#include "policy.h"

enum { MOST_RETRIES = 100, NAMES = 4 };

struct options {
	const char *conf;
	bool debug;
	bool dry_run;
	bool exempt_root;
	bool local_users_only;
	bool suggest;
	bool stacked; /* use_authtok, use_first_pass: the password must be there, nobody is asked */
	bool ignored; /* what is accepted and changes nothing here */
	long retry;
};

enum kind { FLAG, COUNT, PATH, IGNORED };

/*
 * The module's own arguments; all others are settings of the engine. try_first_pass, authtok_type
 * and the like are read by libpam itself (pam_get_authtok(3)).
 */
static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
} arguments[] = {
	{"conf", PATH, offsetof(struct options, conf)},
	{"debug", FLAG, offsetof(struct options, debug)},
	{"dry_run", FLAG, offsetof(struct options, dry_run)},
	{"exempt_root", FLAG, offsetof(struct options, exempt_root)},
	{"local_users_only", FLAG, offsetof(struct options, local_users_only)},
	{"suggest", FLAG, offsetof(struct options, suggest)},
	{"use_authtok", FLAG, offsetof(struct options, stacked)},
	{"use_first_pass", FLAG, offsetof(struct options, stacked)},
	{"try_first_pass", FLAG, offsetof(struct options, ignored)},
	{"enforce_for_root", FLAG, offsetof(struct options, ignored)},
	{"authtok_type", IGNORED, 0},
	{"retry", COUNT, offsetof(struct options, retry)},
};

/* All that one call works with. */
struct door {
	pam_handle_t *pamh;
	int flags;
	struct options options;
	struct a2a_log log;
	struct a2a_settings *settings;
	struct a2a_messages *messages;
	struct a2a_policy *policy;
	const char *user;
	char host[256];
	const char *names[NAMES];
	struct secret old_password;
	struct a2a_person person;
};

static void to_syslog(void *context, enum a2a_level level, const char *text)
{
	pam_syslog(context, level == A2A_FAULT ? LOG_ERR : LOG_WARNING, "%s", text);
}

/* ---- Arguments ------------------------------------------------------------------------------- */

/* False when the value does not fit the kind. */
static bool take_value(struct options *options, size_t argument, const char *value)
{
	void *field = (char *)options + arguments[argument].offset;
	char *end = NULL;

	switch (arguments[argument].kind) {
	case FLAG:
		*(bool *)field = true;
		return value == NULL;
	case COUNT:
		if (!value || *value < '0' || *value > '9')
			return false;
		*(long *)field = strtol(value, &end, 10);
		return !*end && *(long *)field >= 1 && *(long *)field <= MOST_RETRIES;
	case PATH:
		*(const char **)field = value;
		return value && *value == '/';
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
		[COUNT] = "is not a number from 1 to 100",
		[PATH] = "is not an absolute path",
		[IGNORED] = "has no value",
	};
	const char *value;
	int own = find_own(argument, &value);

	if (own < 0 || take_value(&door->options, (size_t)own, value))
		return true;
	pam_syslog(door->pamh, LOG_ERR, "argument \"%s\" %s", argument,
		complaints[arguments[own].kind]);
	return false;
}

/*
 * The module's arguments first, for they name the configuration; then that; then the settings
 * among the arguments, which win over it. All mistakes are logged, not only the first.
 */
static bool read_settings(struct door *door, int argc, const char **argv)
{
	bool ok = true;
	const char *value;

	door->settings = a2a_settings_new();
	if (!door->settings) {
		pam_syslog(door->pamh, LOG_CRIT, "out of memory");
		return false;
	}
	for (int i = 0; i < argc; i++)
		ok &= take_own(door, argv[i]);
	ok &= a2a_settings_read_file(door->settings,
		door->options.conf ? door->options.conf : A2A_CONFIGURATION, !door->options.conf,
		&door->log);
	for (int i = 0; i < argc; i++)
		if (find_own(argv[i], &value) < 0)
			ok &= a2a_settings_set(door->settings, argv[i], "argument", &door->log);
	return ok;
}

/* Without `lang`, users are spoken to in the language of the program that the door is part of. */
static void choose_language(struct door *door)
{
	const char *locale = nl_langinfo(NL_LOCALE_NAME(LC_MESSAGES));
	char setting[] = "lang=xx";
	char buffer[24];

	if (*a2a_settings_get(door->settings, "lang", buffer) || !a2a_language_known(locale))
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

/* As pam_info(), which would leave a copy of what it says behind. */
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

/* Rule ids for the log: nothing of the password, nor how long it is. */
static void log_verdict(
	const struct door *door, const struct a2a_verdict *verdict, const char *consequence)
{
	char *ids = strdup("");

	for (size_t i = 0; ids && i < verdict->count; i++) {
		char *longer = NULL;

		if (asprintf(&longer, "%s%s%s", ids, i ? "," : "",
			    a2a_rule_name(verdict->finding[i].rule)) < 0)
			longer = NULL;
		free(ids);
		ids = longer;
	}
	pam_syslog(door->pamh, LOG_NOTICE, "password of user %s: %s%s%s", door->user,
		verdict->accepted ? "good" : "weak: ", ids ? ids : "?", consequence);
	free(ids);
}

/* ---- The person ------------------------------------------------------------------------------ */

static int find_person(struct door *door)
{
	const struct passwd *entry;
	const void *service = NULL, *old = NULL;
	int status = pam_get_user(door->pamh, &door->user, NULL);

	if (status != PAM_SUCCESS) {
		pam_syslog(
			door->pamh, LOG_ERR, "no user name: %s", pam_strerror(door->pamh, status));
		return status == PAM_CONV_AGAIN ? PAM_INCOMPLETE : status;
	}
	entry = pam_modutil_getpwnam(door->pamh, door->user);
	if (gethostname(door->host, sizeof(door->host) - 1))
		door->host[0] = '\0';
	pam_get_item(door->pamh, PAM_SERVICE, &service);
	pam_get_item(door->pamh, PAM_OLDAUTHTOK, &old);
	if (old)
		door->old_password = a2a_secret_borrow(old, strlen(old));
	/* A virtual user has no entry, and so no more names. */
	door->names[0] = door->user;
	door->names[1] = entry ? entry->pw_gecos : NULL;
	door->names[2] = door->host;
	door->names[3] = service;
	door->person = (struct a2a_person){
		.names = door->names,
		.name_count = NAMES,
		.old_password = old ? &door->old_password : NULL,
	};
	return PAM_SUCCESS;
}

/* Whether the rule binds the user; PAM_SERVICE_ERR when that cannot be told. */
static int is_bound(const struct door *door, bool *bound)
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

/* Root may be exempt when it sets a password, not when a user's expired one is changed at login by
 * a program that runs as root. */
static bool is_exempt(const struct door *door)
{
	return door->options.exempt_root && getuid() == 0 &&
	       !(door->flags & PAM_CHANGE_EXPIRED_AUTHTOK);
}

/* ---- The two phases -------------------------------------------------------------------------- */

/* Judges what the user typed: PAM_SUCCESS, PAM_AUTHTOK_ERR when refused, or a fault. */
static int judge(const struct door *door, const char *typed)
{
	const struct secret password = a2a_secret_borrow(typed, strlen(typed));
	struct a2a_verdict verdict;
	bool bound;

	if (is_bound(door, &bound) != PAM_SUCCESS)
		return fault(door);
	if (!bound)
		return PAM_SUCCESS;
	if (!a2a_judge(door->policy, &password, &door->person, &verdict, &door->log))
		return fault(door);
	if (door->options.dry_run) {
		log_verdict(door, &verdict, " (dry run: it passes)");
		return PAM_SUCCESS;
	}
	if (door->options.debug)
		log_verdict(door, &verdict, "");
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
 * One try: PAM_SUCCESS; PAM_AUTHTOK_ERR or PAM_TRY_AGAIN, after which there may be another one; or
 * what ends it all. `*asked` tells whether a password was had.
 */
static int try_once(const struct door *door, bool *asked)
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
		/* The user gave up, or the conversation broke: libpam said so. */
		*asked = status != PAM_AUTHTOK_ERR;
	}
	return status;
}

static int update(struct door *door)
{
	const long tries = door->options.stacked ? 1 : door->options.retry;
	int status = find_person(door);
	bool asked = true;

	if (status != PAM_SUCCESS)
		return status;
	for (long i = 0; i < tries; i++) {
		status = try_once(door, &asked);
		if (!asked || (status != PAM_AUTHTOK_ERR && status != PAM_TRY_AGAIN))
			return status;
		/* Or libpam would hand out the refused one again instead of asking. */
		pam_set_item(door->pamh, PAM_AUTHTOK, NULL);
	}
	return tries > 1 ? PAM_MAXTRIES : status;
}

__attribute__((visibility("default"))) int pam_sm_chauthtok(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct door door = {
		.pamh = pamh,
		.flags = flags,
		.options = {.retry = 3},
		.log = {to_syslog, pamh},
	};
	int status = PAM_SERVICE_ERR;
	bool ok = read_settings(&door, argc, argv);

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
	/* Whatever the reason, no module behind this one may set what was not found good. */
	if (flags & PAM_UPDATE_AUTHTOK && status != PAM_SUCCESS)
		pam_set_item(pamh, PAM_AUTHTOK, NULL);
	a2a_policy_close(door.policy);
	a2a_messages_close(door.messages);
	a2a_settings_free(door.settings);
	return status;
}
