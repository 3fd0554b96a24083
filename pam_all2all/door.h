/* SPDX-License-Identifier: BSD-3-Clause */
/* The common part of the module's entry points: arguments, settings, person, log. */
#ifndef A2A_DOOR_H
#define A2A_DOOR_H

#include <security/pam_modules.h>

#include "charset.h"
#include "message.h"
#include "policy.h"
#include "who.h"

/* The module's arguments: one field for each row of the table in door.c. */
struct options {
	char *conf;    /* NULL: the system's configuration */
	char *store;   /* the database of the audit */
	char *webmail; /* addresses or names, separated by commas; NULL: none */
	bool audit;
	bool debug;
	bool dry_run;
	bool exempt_root;
	bool local_users_only;
	bool suggest;
	bool stacked; /* use_authtok, use_first_pass: takes the password of an earlier module, never
		       * asks
		       */
	int64_t retry;
	int64_t grace; /* days; negative: no limit */
	/* Arguments that are accepted and change nothing here. */
	bool ignored;
	char *ignored_text;
};

/* The data of one call of the module. */
struct door {
	pam_handle_t *pamh;
	int flags;
	struct options options;
	struct a2a_log log;
	struct a2a_settings *settings;
	struct a2a_messages *messages;
	struct a2a_charset charset; /* of the host program; known once the messages are open */
	struct a2a_policy *policy;
	const char *user;
	const char *service;
	struct a2a_account account;
	struct a2a_names names;
	struct secret old_password;
	struct a2a_person person;
	bool is_good; /* the last password that was judged is good */
};

/* Returns a door with a log that goes to syslog, and nothing else. Release with door_close(). */
struct door door_make(pam_handle_t *pamh, int flags);

/* Closes what the door has opened. */
void door_close(struct door *door);

/*
 * Reads the module's own arguments. Returns false when one of them is wrong: each mistake is logged
 * then, and the other arguments are taken.
 */
bool door_read_arguments(struct door *door, int argc, const char **argv);

/*
 * Reads the configuration, and the settings among the arguments, which win over it. Returns false
 * when one of them is wrong; each mistake is logged.
 */
bool door_read_settings(struct door *door, int argc, const char **argv);

/*
 * Opens the messages: in the languages of the setting `lang`, and without it in the language of the
 * host program. Returns false when memory is out. Call it after door_read_settings().
 */
bool door_open_messages(struct door *door);

/*
 * Shows a text of ours, in UTF-8, as a message of the style PAM_ERROR_MSG or PAM_TEXT_INFO, in the
 * character set of the host. Says nothing under PAM_SILENT or without a conversation. The text may
 * hold a password: no copy of it is left.
 */
void door_say(const struct door *door, int style, const struct secret *text);

/* Shows one sentence, in all languages, as one message. */
void door_say_sentence(const struct door *door, int style, enum a2a_sentence sentence);

/* Tells the user why a login asks for a new password now: opens what it needs. For the account
 * type, whose calls have read only the module's own arguments. */
void door_say_expired(struct door *door, int argc, const char **argv);

/*
 * Returns a password that the host's user typed, in UTF-8, as a2a_charset_read() does. Returns
 * false, having logged it, when memory is out.
 */
bool door_read_typed(const struct door *door, const char *typed, struct secret *password);

/* Asks PAM and the user database who the user is: fills `user` to `person`. */
int door_find_person(struct door *door);

/* Tells whether the policy binds the user; PAM_SERVICE_ERR when it cannot tell. */
int door_is_bound(const struct door *door, bool *bound);

/* Logs the ids of the failed rules: nothing of the password, and not its length. */
void door_log_verdict(
	const struct door *door, const struct a2a_verdict *verdict, const char *consequence);

#endif
