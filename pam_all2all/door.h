/* SPDX-License-Identifier: BSD-3-Clause */
/* What the module's entry points share: its arguments, the settings, the person, the log. */
#ifndef A2A_DOOR_H
#define A2A_DOOR_H

#include <security/pam_modules.h>

#include "message.h"
#include "policy.h"
#include "who.h"

/* The module's arguments; the strings are argv's. */
struct options {
	const char *conf;
	const char *store;   /* of the audit */
	const char *webmail; /* addresses or names with commas; NULL: none */
	bool audit;
	bool debug;
	bool dry_run;
	bool exempt_root;
	bool local_users_only;
	bool suggest;
	bool stacked; /* use_authtok, use_first_pass: the password must be there, nobody is asked */
	bool ignored; /* what is accepted and changes nothing here */
	long retry;
	long grace; /* days; negative: without end */
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
	const char *service;
	struct a2a_account account;
	struct a2a_names names;
	struct secret old_password;
	struct a2a_person person;
	bool is_good; /* the password that was judged last */
};

/* Nothing but defaults, and a log that goes to libpam's. */
struct door door_make(pam_handle_t *pamh, int flags);
void door_close(struct door *door);

/*
 * Reads the module's own arguments. False when one of them is written wrong; all that are were
 * logged then, and the rest was taken.
 */
bool door_read_arguments(struct door *door, int argc, const char **argv);

/*
 * Reads the configuration, and the settings among the arguments, which win over it. All mistakes
 * are logged, not only the first.
 */
bool door_read_settings(struct door *door, int argc, const char **argv);

/* Asks PAM and the user database who the user is: fills `user` to `person`. */
int door_find_person(struct door *door);

/* Whether the rule binds the user; PAM_SERVICE_ERR when that cannot be told. */
int door_is_bound(const struct door *door, bool *bound);

/* Rule ids for the log: nothing of the password, nor how long it is. */
void door_log_verdict(
	const struct door *door, const struct a2a_verdict *verdict, const char *consequence);

#endif
