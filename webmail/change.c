/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "accounts.h"
#include "generate.h"
#include "pam_client.h"
#include "start.h"
#include "tries.h"
#include "unix_password.h"
#include "who.h"

enum {
	SECONDS_TO_VERIFY = 60, /* the wait for other processes included */
	SECONDS_TO_SET = 300,   /* where no module of PAM does it */
	SECONDS_TO_ANSWER = 60,
	SECONDS_TO_ASK = 30,    /* much more than judging or drawing a password takes */
	SECONDS_OF_FAILURE = 3, /* after which a failure is answered, whatever the reason */
};

/* Of whom the password is, and through what it is changed: PAM, or else what accounts.conf names.
 */
struct subject {
	const char *user;              /* the one name that the user has there */
	struct a2a_accounts *accounts; /* NULL: PAM */
	struct a2a_pam *pam;
	struct a2a_account account;
	struct a2a_names names;
	struct a2a_person person;
};

static const char *value_of(const struct a2a_call *call, enum a2a_field field)
{
	return call->fields->value[field].bytes;
}

/* ---- The account ----------------------------------------------------------------------------- */

/*
 * Looks the user up: DONE for a mail user, WRONG_OLD when there is none of that name, BROKEN when
 * that cannot be told.
 */
static enum a2a_answer find_account(
	struct a2a_account *account, const char *user, const struct a2a_log *log)
{
	const enum a2a_lookup lookup = a2a_account_find(account, user);

	if (lookup == A2A_CANNOT_TELL) {
		a2a_fault(log, NULL, "users cannot be looked up: %s", strerror(errno));
		return A2A_ANSWER_BROKEN;
	}
	if (a2a_account_is_mail_user(account))
		return A2A_ANSWER_DONE;
	/* What --check says must not depend on the names of an account of the system. */
	a2a_account_free(account);
	return A2A_ANSWER_WRONG_OLD;
}

/* Does the same where accounts.conf says that the user's password is kept. */
static enum a2a_answer find_virtual(struct subject *subject, const struct a2a_log *log)
{
	char *why = NULL;
	const enum a2a_lookup lookup =
		a2a_accounts_find(subject->accounts, subject->user, &subject->account, &why);

	if (lookup == A2A_CANNOT_TELL)
		a2a_fault(log, NULL, "user %s: %s", subject->user, why ? why : "out of memory");
	free(why);
	if (lookup == A2A_CANNOT_TELL)
		return A2A_ANSWER_BROKEN;
	return lookup == A2A_FOUND ? A2A_ANSWER_DONE : A2A_ANSWER_WRONG_OLD;
}

static enum a2a_answer find_subject(struct subject *subject, const struct a2a_call *call)
{
	const struct a2a_fields *fields = call->fields;
	const enum a2a_answer answer =
		subject->accounts ? find_virtual(subject, call->log)
				  : find_account(&subject->account, subject->user, call->log);
	const struct a2a_facts facts = {
		.user = subject->user,
		.account = &subject->account,
		.service = A2A_WEBMAIL_SERVICE,
		.old_password = fields->given[A2A_FIELD_OLD] ? &fields->value[A2A_FIELD_OLD] : NULL,
	};

	subject->person = a2a_who(&subject->names, &facts);
	return answer;
}

/* DONE, WEAK with its reasons, or BROKEN. */
static enum a2a_answer judge(const struct a2a_call *call, const struct subject *subject)
{
	struct a2a_verdict verdict;

	if (!a2a_judge(call->policy, &call->fields->value[A2A_FIELD_NEW], &subject->person,
		    &verdict, call->log))
		return A2A_ANSWER_BROKEN;
	if (verdict.accepted)
		return A2A_ANSWER_DONE;
	return a2a_answer_reasons(call->messages, &verdict) ? A2A_ANSWER_WEAK : A2A_ANSWER_BROKEN;
}

/* ---- Changing -------------------------------------------------------------------------------- */

static const enum a2a_answer answers[] = {
	[A2A_PAM_DONE] = A2A_ANSWER_DONE,
	[A2A_PAM_WRONG] = A2A_ANSWER_WRONG_OLD,
	[A2A_PAM_LOCKED] = A2A_ANSWER_LOCKED,
	[A2A_PAM_REFUSED] = A2A_ANSWER_WEAK,
	[A2A_PAM_BROKEN] = A2A_ANSWER_BROKEN,
};

static enum a2a_answer verify_virtual(const struct a2a_call *call, const struct subject *subject)
{
	static const enum a2a_answer verified[] = {
		[A2A_VERIFIED] = A2A_ANSWER_DONE,
		[A2A_NOT_VERIFIED] = A2A_ANSWER_WRONG_OLD,
		[A2A_CANNOT_VERIFY] = A2A_ANSWER_BROKEN,
	};
	const struct secret *old = &call->fields->value[A2A_FIELD_OLD];
	enum a2a_answer answer;
	char *why = NULL;

	if (!subject->account.name) {
		a2a_accounts_pretend(subject->accounts, subject->user, old);
		return A2A_ANSWER_WRONG_OLD;
	}
	answer = verified[a2a_accounts_verify(subject->accounts, subject->user, old, &why)];
	if (answer == A2A_ANSWER_BROKEN)
		a2a_fault(
			call->log, NULL, "user %s: %s", subject->user, why ? why : "out of memory");
	free(why);
	return answer;
}

static enum a2a_answer verify(const struct a2a_call *call, const struct subject *subject)
{
	const struct secret *old = &call->fields->value[A2A_FIELD_OLD];
	struct a2a_pam *pam = subject->pam;
	enum a2a_answer answer;

	if (!pam)
		return verify_virtual(call, subject);

	/* PAM is not asked about root, the system's accounts and unknown users: its modules would
	 * count the failure, or lock root out. What the caller sees of the time and memory that
	 * the answer took must not tell who they are. */
	if (!subject->account.name) {
		a2a_unix_password_pretend(old);
		return A2A_ANSWER_WRONG_OLD;
	}
	answer = answers[a2a_pam_verify(pam, old)];
	if (answer == A2A_ANSWER_BROKEN)
		a2a_fault(call->log, a2a_pam_step(pam), "%s", a2a_pam_error(pam));
	return answer;
}

/* Counts the try first: nothing that the caller can do in between gives it one that is not counted.
 */
static enum a2a_answer count_and_verify(const struct a2a_call *call, const struct subject *subject)
{
	/* A database may know a user by names other than the one that it has for the account. */
	const char *user = subject->account.name ? subject->account.name : subject->user;
	enum a2a_answer answer = A2A_ANSWER_LOCKED;
	struct a2a_try attempt;

	if (a2a_try_begin(&attempt, call->tries, user, call->log) == A2A_TRY_COUNTED)
		answer = verify(call, subject);
	a2a_try_end(&attempt, answer == A2A_ANSWER_DONE);
	return answer;
}

/* What a place says that is not set, or only so that something else was not done. */
static void log_why(const struct subject *subject, const char *why)
{
	syslog(LOG_NOTICE, "password of user %s: %s", subject->user, why ? why : "out of memory");
}

static enum a2a_answer set_virtual(const struct a2a_call *call, const struct subject *subject)
{
	char *why = NULL;
	const enum a2a_set set = a2a_accounts_set(
		subject->accounts, subject->user, &call->fields->value[A2A_FIELD_NEW], &why);

	if (set != A2A_SET)
		log_why(subject, why);
	free(why);
	if (set != A2A_SET && set != A2A_SET_ONLY)
		return A2A_ANSWER_BROKEN;
	/* Else the webmail's next login would come too early. */
	a2a_accounts_wait(subject->accounts, subject->user);
	return A2A_ANSWER_DONE;
}

static enum a2a_answer set(const struct a2a_call *call, const struct subject *subject)
{
	struct a2a_pam *pam = subject->pam;
	enum a2a_answer answer;

	if (!pam)
		return set_virtual(call, subject);

	/* The user could send signals from here on, but all are blocked: none comes while a file is
	 * half written. */
	if (!a2a_pam_become_user(pam, subject->account.uid)) {
		a2a_fault(call->log, a2a_pam_step(pam), "%s", a2a_pam_error(pam));
		return A2A_ANSWER_BROKEN;
	}
	answer = answers[a2a_pam_set(pam, &call->fields->value[A2A_FIELD_NEW])];
	if (answer != A2A_ANSWER_DONE)
		syslog(LOG_NOTICE, "password of user %s not changed: %s",
			value_of(call, A2A_FIELD_USER), a2a_pam_error(pam));
	if (answer == A2A_ANSWER_WEAK)
		a2a_answer_said(a2a_pam_said(pam));
	return answer;
}

static enum a2a_answer verify_and_set(const struct a2a_call *call, struct subject *subject)
{
	enum a2a_answer answer = A2A_ANSWER_BROKEN;

	if (!a2a_end_within(SECONDS_TO_VERIFY))
		a2a_fault(call->log, NULL, "there is no timer to limit the time of an answer");
	else
		answer = count_and_verify(call, subject);
	/* Our own judgement comes before the stack's: it names every reason, in the languages of
	 * the caller; a module speaks those of the configuration. It must come after the old
	 * password was right. */
	if (answer == A2A_ANSWER_DONE)
		answer = judge(call, subject);
	/* Modules of PAM may be writing a file; elsewhere, whatever ends the process leaves the old
	 * password or the new one. */
	if (answer == A2A_ANSWER_DONE && !a2a_end_within(subject->pam ? 0 : SECONDS_TO_SET))
		answer = A2A_ANSWER_BROKEN;
	if (answer == A2A_ANSWER_DONE)
		answer = set(call, subject);
	a2a_end_within(SECONDS_TO_ANSWER);
	return answer;
}

/* Opens the stack before the user is looked up: what that takes is then the same for all names. */
static enum a2a_answer change_by_pam(const struct a2a_call *call, struct subject *subject)
{
	const char *host = value_of(call, A2A_FIELD_HOST);
	enum a2a_answer answer;

	if (!a2a_pam_has_stack(A2A_WEBMAIL_SERVICE)) {
		a2a_fault(call->log, NULL,
			"there is no PAM stack /etc/pam.d/" A2A_WEBMAIL_SERVICE
			": all2all's folder webmail has one");
		return A2A_ANSWER_BROKEN;
	}
	subject->pam =
		a2a_pam_open(A2A_WEBMAIL_SERVICE, subject->user, "webmail", *host ? host : NULL);
	if (!subject->pam) {
		a2a_fault(call->log, NULL, "out of memory");
		return A2A_ANSWER_BROKEN;
	}
	answer = find_subject(subject, call);
	if (answer != A2A_ANSWER_BROKEN)
		answer = verify_and_set(call, subject);
	a2a_pam_close(subject->pam);
	return answer;
}

/* Changes it where accounts.conf says. Servers may be away, so looking up has a limit too. */
static enum a2a_answer change_elsewhere(const struct a2a_call *call, struct subject *subject)
{
	enum a2a_answer answer;

	if (!a2a_end_within(SECONDS_TO_VERIFY)) {
		a2a_fault(call->log, NULL, "there is no timer to limit the time of an answer");
		return A2A_ANSWER_BROKEN;
	}
	answer = find_subject(subject, call);
	if (answer != A2A_ANSWER_BROKEN)
		answer = verify_and_set(call, subject);
	return answer;
}

static enum a2a_answer open_and_change(const struct a2a_call *call, struct subject *subject)
{
	const char *user = value_of(call, A2A_FIELD_USER);
	struct a2a_accounts *accounts = a2a_accounts_open(call->accounts, NULL, call->log);
	char *name = accounts ? a2a_accounts_name(accounts, user, NULL) : NULL;
	enum a2a_answer answer = A2A_ANSWER_BROKEN;

	subject->user = name;
	if (accounts && !name)
		a2a_fault(call->log, NULL, "out of memory");
	else if (name && a2a_accounts_is_virtual(accounts, name)) {
		subject->accounts = accounts;
		answer = change_elsewhere(call, subject);
	} else if (name)
		answer = change_by_pam(call, subject);
	subject->user = NULL;
	free(name);
	a2a_accounts_close(accounts);
	return answer;
}

static void log_outcome(const struct a2a_call *call, enum a2a_answer answer)
{
	static const char *const words[] = {
		[A2A_ANSWER_DONE] = "changed",
		[A2A_ANSWER_WEAK] = "not changed: the new one was refused",
		[A2A_ANSWER_BROKEN] = "not changed: it could not be done",
		[A2A_ANSWER_WRONG_OLD] = "not changed: no such mail user, or not the old password",
		[A2A_ANSWER_LOCKED] = "not changed: too many failures, or the account is closed",
	};
	const char *user = value_of(call, A2A_FIELD_USER);
	const char *host = *value_of(call, A2A_FIELD_HOST) ? value_of(call, A2A_FIELD_HOST) : "?";

	if (answer == A2A_ANSWER_BROKEN)
		a2a_fault(call->log, NULL, "password of user %s, from %s: %s", user, host,
			words[answer]);
	else
		syslog(LOG_NOTICE, "password of user %s, from %s: %s", user, host, words[answer]);
}

static void wait_until(const struct timespec *start, time_t seconds)
{
	const struct timespec until = {start->tv_sec + seconds, start->tv_nsec};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

enum a2a_answer a2a_webmail_change(const struct a2a_call *call)
{
	struct subject subject = {0};
	enum a2a_answer answer;

	answer = open_and_change(call, &subject);
	log_outcome(call, answer);
	if (answer == A2A_ANSWER_WRONG_OLD || answer == A2A_ANSWER_LOCKED)
		wait_until(&call->start, SECONDS_OF_FAILURE);
	if (answer == A2A_ANSWER_WRONG_OLD)
		a2a_answer_sentence(call->messages, A2A_SAY_WRONG_OLD);
	if (answer == A2A_ANSWER_LOCKED)
		a2a_answer_sentence(call->messages, A2A_SAY_LOCKED);
	if (answer == A2A_ANSWER_BROKEN)
		a2a_answer_sentence(call->messages, A2A_SAY_NOT_CHANGED);
	a2a_account_free(&subject.account);
	return answer;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* What can be asked without an old password that is right. What the caller learns must not depend
 * on whether there is such a user. */
static enum a2a_answer ask(const struct a2a_call *call,
	enum a2a_answer (*about)(const struct a2a_call *call, const struct subject *subject))
{
	/* Whoever is kept elsewhere is nobody here; and the place of the others may not be asked.
	 */
	struct subject subject = {.user = value_of(call, A2A_FIELD_USER)};
	enum a2a_answer answer = A2A_ANSWER_BROKEN;

	if (!a2a_end_within(SECONDS_TO_ASK)) {
		a2a_fault(call->log, NULL, "there is no timer to limit the time of an answer");
	} else {
		find_subject(&subject, call);
		answer = about(call, &subject);
	}
	if (answer == A2A_ANSWER_BROKEN)
		a2a_answer_sentence(call->messages, A2A_SAY_FAULT);
	a2a_account_free(&subject.account);
	return answer;
}

enum a2a_answer a2a_webmail_check(const struct a2a_call *call)
{
	return ask(call, judge);
}

static enum a2a_answer propose(const struct a2a_call *call, const struct subject *subject)
{
	const struct a2a_recipe usual = {0};
	struct a2a_generator *generator = a2a_generator_open(call->policy, &usual, call->log);
	struct secret password = {0};
	bool ok = false;

	if (generator && a2a_generate(generator, &subject->person, &password, call->log))
		ok = a2a_answer_proposal(&password, call->alphabet);
	a2a_secret_wipe(&password);
	a2a_generator_close(generator);
	return ok ? A2A_ANSWER_DONE : A2A_ANSWER_BROKEN;
}

enum a2a_answer a2a_webmail_propose(const struct a2a_call *call)
{
	return ask(call, propose);
}
