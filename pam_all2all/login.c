/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The audit at login: after the module that verifies the password, it judges the password in use
 * and records the verdict. With `grace`, a weak password expires after some days.
 *
 * It is an observer. A fault here is logged, and the login continues as if the module were not
 * there: reading mail matters more than the record of weak passwords.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>
#include <time.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "door.h"
#include "record.h"

enum { DAY = 24 * 60 * 60 };

/* The name of the verdict in the PAM handle: `account`, which comes later, has no password. */
static const char FINDING[] = "pam_all2all_audit";

struct finding {
	bool weak;
	int64_t since;
};

static void free_finding(pam_handle_t *pamh, void *data, int status)
{
	(void)pamh;
	(void)status;
	free(data);
}

static void log_debug(const struct door *door, const char *text)
{
	if (door->options.debug)
		pam_syslog(door->pamh, LOG_NOTICE, "%s", text);
}

/* Reads the arguments. Returns whether they are right and ask for an audit. */
static bool is_asked_for(struct door *door, int argc, const char **argv)
{
	if (!door_read_arguments(door, argc, argv))
		return false;
	if (!door->options.audit)
		pam_syslog(door->pamh, LOG_ERR,
			"at login there is nothing to do without the argument \"audit\"");
	return door->options.audit;
}

/* ---- auth ------------------------------------------------------------------------------------ */

/* Keeps the verdict for `account`; when memory is out, `account` has none. */
static void keep_finding(const struct door *door, bool weak, int64_t since)
{
	struct finding *finding = malloc(sizeof(*finding));

	if (!finding)
		return;
	*finding = (struct finding){weak, since};
	if (pam_set_data(door->pamh, FINDING, finding, free_finding) != PAM_SUCCESS)
		free(finding);
}

static void record(const struct door *door, const struct a2a_record_folder *folder,
	const struct a2a_verdict *verdict)
{
	char policy[A2A_DIGEST_SIZE];
	const struct a2a_sighting sighting = {
		.user = door->user,
		.service = door->service,
		.policy = policy,
		.verdict = verdict,
		.when = time(NULL),
	};
	int64_t since;

	if (door->options.debug)
		door_log_verdict(door, verdict, " (audit)");
	if (!a2a_policy_digest(door->policy, policy))
		pam_syslog(door->pamh, LOG_CRIT, "out of memory");
	else if (a2a_record_login(folder, &sighting, &since, &door->log))
		keep_finding(door, !verdict->accepted, since);
}

static void audit(
	struct door *door, struct a2a_record_folder *folder, const struct secret *password)
{
	const struct a2a_verified_files verified = a2a_record_verified_files(folder);
	struct a2a_verdict verdict;

	door->policy = a2a_policy_open_trusting(door->settings, &verified, &door->log);
	if (door->policy && a2a_judge(door->policy, password, &door->person, &verdict, &door->log))
		record(door, folder, &verdict);
}

/* Opens the folder of the records first: without it, there is no reason to judge. */
static void audit_password(struct door *door, const char *typed)
{
	const struct secret password = a2a_secret_borrow(typed, strlen(typed));
	struct a2a_record_folder folder;
	bool bound = false;

	if (door_find_person(door) != PAM_SUCCESS || door_is_bound(door, &bound) != PAM_SUCCESS)
		return;
	if (!bound)
		return;
	door->person.old_password = NULL;
	if (a2a_record_open(&folder, door->options.store, true, &door->log))
		audit(door, &folder, &password);
	a2a_record_close(&folder);
}

__attribute__((visibility("default"))) int pam_sm_authenticate(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct door door = door_make(pamh, flags);
	const void *typed = NULL;

	/* Forget the verdict of an earlier login with the same handle. */
	pam_set_data(pamh, FINDING, NULL, NULL);
	if (!is_asked_for(&door, argc, argv) || !door_read_settings(&door, argc, argv))
		goto out;
	/* The second opinion costs more than all other rules together. */
	if (!a2a_settings_set(door.settings, "second_opinion=no", "audit", &door.log))
		goto out;
	if (pam_get_item(pamh, PAM_AUTHTOK, &typed) == PAM_SUCCESS && typed)
		audit_password(&door, typed);
	else
		log_debug(&door, "no module before this one has asked for a password");
out:
	door_close(&door);
	return PAM_IGNORE;
}

__attribute__((visibility("default"))) int pam_sm_setcred(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

/* ---- account --------------------------------------------------------------------------------- */

/* Reads an address of either family as an IPv6 address. Returns false when the text is not an
 * address. */
static bool read_address(const char *text, struct in6_addr *address)
{
	struct in_addr old;

	if (inet_pton(AF_INET, text, &old) != 1)
		return inet_pton(AF_INET6, text, address) == 1;
	*address = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
	memcpy(&address->s6_addr[12], &old, sizeof(old));
	return true;
}

static bool same_host(const char *one, const char *other)
{
	struct in6_addr first, second;

	if (read_address(one, &first) && read_address(other, &second))
		return memcmp(&first, &second, sizeof(first)) == 0;
	return strcasecmp(one, other) == 0;
}

/* Tells whether the login comes from a host that `webmail` lists. No name is looked up. */
static bool is_webmail(const struct door *door)
{
	const void *host = NULL;
	const char *at = door->options.webmail;

	if (!at || pam_get_item(door->pamh, PAM_RHOST, &host) != PAM_SUCCESS || !host)
		return false;
	while (*(at += strspn(at, ","))) {
		size_t length = strcspn(at, ",");
		char *one = strndup(at, length);
		bool same = one && same_host(one, host);

		free(one);
		if (same)
			return true;
		at += length;
	}
	return false;
}

static int judge_age(const struct door *door, const struct finding *finding)
{
	const int64_t age = time(NULL) - finding->since;
	const void *user = NULL;
	const char *consequence = "it must be changed";

	if (!finding->weak || age < door->options.grace * DAY)
		return PAM_IGNORE;
	if (is_webmail(door)) {
		log_debug(door, "a weak password without days of grace: let into the webmail");
		return PAM_IGNORE;
	}
	if (door->options.dry_run)
		consequence = "it would have to be changed (dry run: the login goes on)";
	pam_get_item(door->pamh, PAM_USER, &user);
	pam_syslog(door->pamh, LOG_NOTICE, "password of user %s: known as weak for %lld days: %s",
		user ? (const char *)user : "?", (long long)(age / DAY), consequence);
	return door->options.dry_run ? PAM_IGNORE : PAM_NEW_AUTHTOK_REQD;
}

/*
 * Uses only the verdict of this login, so that a record of another password, or one that cannot be
 * written, makes nobody's password expire.
 */
__attribute__((visibility("default"))) int pam_sm_acct_mgmt(
	pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct door door = door_make(pamh, flags);
	const void *finding = NULL;
	int status = PAM_IGNORE;

	if (!is_asked_for(&door, argc, argv) || door.options.grace < 0)
		goto out;
	if (pam_get_data(pamh, FINDING, &finding) == PAM_SUCCESS && finding)
		status = judge_age(&door, finding);
	else
		log_debug(&door, "no password was judged at this login");
	if (status == PAM_NEW_AUTHTOK_REQD)
		door_say_expired(&door, argc, argv);
out:
	door_close(&door);
	return status;
}
