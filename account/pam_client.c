/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "pam_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "conversation.h"

enum {
	MOST_PROMPTS = 16,
	MOST_SAID = 1 << 16,   /* bytes, after which no further message is kept */
	MOST_COMPLAINT = 1024, /* bytes; a cell of a list takes it */
};

struct a2a_pam {
	pam_handle_t *handle;
	char *service;
	int status; /* libpam's last status */
	const char *step, *error;
	const struct secret *old, *new;
	bool verifying; /* every question asks for the old password */
	bool asked;     /* a module has asked a question */
	bool refused;   /* a module has complained */
	bool over;      /* a module asked again after that; there is no other answer */
	unsigned prompts;
	struct secret said, complaint;
};

/* ---- The conversation ------------------------------------------------------------------------ */

static bool take_complaint(struct a2a_pam *pam, const char *text)
{
	const size_t start = pam->complaint.length;
	const size_t length = strcspn(text, "\n");

	if (!length || start >= MOST_COMPLAINT)
		return true;
	if ((start && !a2a_secret_append(&pam->complaint, "; ", 2)) ||
		!a2a_secret_append(&pam->complaint, text,
			length < MOST_COMPLAINT - start ? length : MOST_COMPLAINT - start))
		return false;
	for (char *byte = pam->complaint.bytes + start; *byte; byte++)
		if (*byte < ' ' || *byte > '~')
			*byte = '?';
	return true;
}

/* Tells whether anything is left of a message without blanks, control characters and dashes. */
static bool says_something(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text > ' ' && *text != '-' && *text != '\177')
			return true;
	return false;
}

static bool take_said(struct a2a_pam *pam, const char *text)
{
	const size_t start = pam->said.length;

	if (!says_something(text))
		return true;
	if (!a2a_secret_append(&pam->said, text, strlen(text)) ||
		!a2a_secret_append(&pam->said, "\n", 1))
		return false;
	/* Characters beyond ASCII stay: these are sentences in the user's language. */
	for (char *byte = pam->said.bytes + start; *byte; byte++)
		if (((unsigned char)*byte < ' ' && *byte != '\n') || *byte == '\177')
			*byte = ' ';
	return true;
}

static bool take_message(struct a2a_pam *pam, const struct pam_message *message)
{
	if (message->msg_style == PAM_ERROR_MSG) {
		pam->refused = true;
		if (!take_complaint(pam, message->msg))
			return false;
	}
	if (!pam->refused || pam->over || pam->said.length > MOST_SAID)
		return true;
	return take_said(pam, message->msg);
}

/*
 * Finds out what a question asks for. No locale is set, so the question is in English, and all
 * modules say "new" when they ask for the new password: "New password:", "Retype new password:",
 * "Enter new UNIX password:". A question without "new" gets the old password, which sets nothing
 * that was not set before. If there is no old password, it gets no answer.
 */
static const struct secret *find_answer(struct a2a_pam *pam, const char *question)
{
	if (!pam->verifying && strcasestr(question, "new"))
		return pam->new;
	if (!pam->old)
		take_complaint(pam, "a module asks for more than a new password");
	return pam->old;
}

static bool answer(struct a2a_pam *pam, const char *question, struct pam_response *response)
{
	const struct secret *secret;

	/* After a complaint, the module wants another password, but there is only one. */
	if (pam->refused || ++pam->prompts > MOST_PROMPTS)
		pam->over = true;
	pam->asked = true;
	if (pam->over)
		return false;
	secret = find_answer(pam, question);
	/* Libpam wipes and frees it. */
	response->resp = secret ? strdup(secret->bytes) : NULL;
	return response->resp;
}

static bool converse_once(
	void *context, const struct pam_message *message, struct pam_response *response)
{
	switch (message->msg_style) {
	case PAM_ERROR_MSG:
	case PAM_TEXT_INFO:
		return take_message(context, message);
	case PAM_PROMPT_ECHO_OFF:
		return answer(context, message->msg, response);
	default:
		return false;
	}
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	return a2a_converse(count, messages, responses, converse_once, context);
}

/* Keeps libpam from waiting after a failure: it would wait longer for some reasons than for others.
 */
static void no_delay(int status, unsigned microseconds, void *context)
{
	(void)status;
	(void)microseconds;
	(void)context;
}

/* ---- The stack ------------------------------------------------------------------------------- */

bool a2a_pam_has_stack(const char *service)
{
	static const char *const folders[] = {"/etc/pam.d", "/usr/lib/pam.d"};

	if (!*service || strchr(service, '/'))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *path = NULL;
		bool there = asprintf(&path, "%s/%s", folders[i], service) >= 0 &&
			     access(path, R_OK) == 0;

		free(path);
		if (there)
			return true;
	}
	return false;
}

static int start(struct a2a_pam *pam, const char *user, const char *terminal, const char *host)
{
	const struct pam_conv conversation = {converse, pam};
	union {
		void (*function)(int, unsigned, void *);
		const void *item;
	} delay = {.function = no_delay};
	int status = pam_start(pam->service, user, &conversation, &pam->handle);

	if (status == PAM_SUCCESS && terminal)
		status = pam_set_item(pam->handle, PAM_TTY, terminal);
	if (status == PAM_SUCCESS && host)
		status = pam_set_item(pam->handle, PAM_RHOST, host);
	if (status == PAM_SUCCESS)
		status = pam_set_item(pam->handle, PAM_FAIL_DELAY, delay.item);
	return status;
}

struct a2a_pam *a2a_pam_open(
	const char *service, const char *user, const char *terminal, const char *host)
{
	struct a2a_pam *pam = calloc(1, sizeof(*pam));

	if (!pam || !(pam->service = strdup(service))) {
		free(pam);
		return NULL;
	}
	pam->status = start(pam, user, terminal, host);
	pam->step = "PAM cannot be started";
	pam->error = pam_strerror(pam->handle, pam->status);
	if (pam->status != PAM_SUCCESS && pam->handle) {
		pam_end(pam->handle, pam->status);
		pam->handle = NULL;
	}
	return pam;
}

void a2a_pam_close(struct a2a_pam *pam)
{
	if (!pam)
		return;
	if (pam->handle)
		pam_end(pam->handle, pam->status);
	a2a_secret_wipe(&pam->said);
	a2a_secret_wipe(&pam->complaint);
	free(pam->service);
	free(pam);
}

/* ---- Verifying ------------------------------------------------------------------------------- */

static const struct meaning {
	int status;
	enum a2a_pam_outcome outcome;
} verifying[] =
	{
		{PAM_SUCCESS, A2A_PAM_DONE},
		{PAM_NEW_AUTHTOK_REQD, A2A_PAM_DONE}, /* a new one is about to be set */
		{PAM_AUTH_ERR, A2A_PAM_WRONG}, {PAM_USER_UNKNOWN, A2A_PAM_WRONG},
		{PAM_MAXTRIES, A2A_PAM_LOCKED}, {PAM_PERM_DENIED, A2A_PAM_LOCKED},
		{PAM_ACCT_EXPIRED, A2A_PAM_LOCKED},
		{PAM_AUTHTOK_EXPIRED,
			A2A_PAM_LOCKED}, /* it expired so long ago that the account is closed */
},
  setting[] = {
	  {PAM_SUCCESS, A2A_PAM_DONE}, {PAM_PERM_DENIED, A2A_PAM_LOCKED},
	  {PAM_ACCT_EXPIRED, A2A_PAM_LOCKED},
	  {PAM_SERVICE_ERR, A2A_PAM_BROKEN}, /* pam_all2all could not judge */
};

enum { VERIFYING = sizeof(verifying) / sizeof(verifying[0]) };
enum { SETTING = sizeof(setting) / sizeof(setting[0]) };

/* Notes how a step ended. Returns what that means, or `otherwise` when the status is in no row. */
static enum a2a_pam_outcome conclude(struct a2a_pam *pam, const char *step, int status,
	const struct meaning *meaning, size_t count, enum a2a_pam_outcome otherwise)
{
	pam->status = status;
	pam->step = step;
	pam->error = pam_strerror(pam->handle, status);
	for (size_t i = 0; i < count; i++)
		if (meaning[i].status == status)
			return meaning[i].outcome;
	return otherwise;
}

static enum a2a_pam_outcome authenticate(struct a2a_pam *pam)
{
	enum a2a_pam_outcome outcome;
	int status = pam_authenticate(pam->handle, PAM_DISALLOW_NULL_AUTHTOK);

	/*
	 * Libpam answers "denied" when no module's answer counts: when the stack leaves failures to
	 * pam_faillock, whose answer to one is "ignore", or when the stack is not right.
	 */
	if (status == PAM_PERM_DENIED)
		status = pam->asked ? PAM_AUTH_ERR : PAM_SERVICE_ERR;
	outcome = conclude(pam, "pam_authenticate", status, verifying, VERIFYING, A2A_PAM_BROKEN);
	/* pam_faillock stands before the module that asks, and has ended the stack. */
	if (outcome == A2A_PAM_WRONG && !pam->asked)
		return A2A_PAM_LOCKED;
	return outcome;
}

static enum a2a_pam_outcome check_account(struct a2a_pam *pam)
{
	enum a2a_pam_outcome outcome = conclude(pam, "pam_acct_mgmt", pam_acct_mgmt(pam->handle, 0),
		verifying, VERIFYING, A2A_PAM_BROKEN);

	/* The password was right, so it is the account that is refused. */
	return outcome == A2A_PAM_WRONG ? A2A_PAM_LOCKED : outcome;
}

enum a2a_pam_outcome a2a_pam_verify(struct a2a_pam *pam, const struct secret *old)
{
	enum a2a_pam_outcome outcome;

	if (!pam->handle)
		return A2A_PAM_BROKEN;
	pam->old = old;
	pam->verifying = true;
	outcome = authenticate(pam);
	if (outcome == A2A_PAM_DONE)
		outcome = check_account(pam);
	pam->verifying = false;
	return outcome;
}

/* ---- Setting --------------------------------------------------------------------------------- */

bool a2a_pam_become_user(struct a2a_pam *pam, uid_t uid)
{
	if (setresuid(uid, 0, 0)) {
		pam->step = "setresuid";
		pam->error = strerrordesc_np(errno);
		return false;
	}
	/* If setresuid() has switched this on again, the user could read the memory. */
	prctl(PR_SET_DUMPABLE, 0);
	return true;
}

enum a2a_pam_outcome a2a_pam_set(struct a2a_pam *pam, const struct secret *new)
{
	enum a2a_pam_outcome outcome;

	if (!pam->handle)
		return A2A_PAM_BROKEN;
	pam->new = new;
	pam->refused = pam->over = false;
	a2a_secret_wipe(&pam->said);
	a2a_secret_wipe(&pam->complaint);
	outcome = conclude(pam, "pam_chauthtok", pam_chauthtok(pam->handle, 0), setting, SETTING,
		A2A_PAM_REFUSED);
	return outcome == A2A_PAM_REFUSED && !pam->said.length ? A2A_PAM_BROKEN : outcome;
}

/* ---- The result ------------------------------------------------------------------------------ */

const char *a2a_pam_step(const struct a2a_pam *pam)
{
	return pam->step;
}

const char *a2a_pam_error(const struct a2a_pam *pam)
{
	return pam->error;
}

const struct secret *a2a_pam_said(const struct a2a_pam *pam)
{
	return &pam->said;
}

const char *a2a_pam_complaint(const struct a2a_pam *pam)
{
	return pam->complaint.length ? pam->complaint.bytes : "";
}
