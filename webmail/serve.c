/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "serve.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "fields.h"
#include "language.h"

enum { SECONDS_TO_WRITE = 10 }; /* that the caller has for the fields */

struct request {
	const struct a2a_host *host;
	struct a2a_fields fields;
	struct a2a_opened opened;
	char *languages; /* those of the caller that there are messages in, with commas */
};

/*
 * Opens the policy, and the messages in those of the caller's languages that there are messages in;
 * without any, in the configuration's. The caller's environment has no influence.
 */
static bool open_policy(struct request *request)
{
	const struct a2a_host *host = request->host;
	const struct secret *wanted = &request->fields.value[A2A_FIELD_LANG];
	char *copy = strdup(wanted->bytes);
	char *known = calloc(1, wanted->length + 2), *end = known;
	char *rest = NULL;
	bool ok = false;

	request->languages = known;
	if (!copy || !known) {
		a2a_fault(host->log, NULL, "out of memory");
		goto out;
	}
	for (char *tag = strtok_r(copy, ", ", &rest); tag; tag = strtok_r(NULL, ", ", &rest))
		if (a2a_language_find(tag) != A2A_LANGUAGES)
			end = stpcpy(stpcpy(end, tag), ",");
	ok = host->open(host->context, *known ? known : NULL, &request->opened);
out:
	free(copy);
	return ok;
}

/* The first of the caller's languages, with its country: "fr_FR"; else the configuration's. */
static const char *choose_alphabet(struct request *request)
{
	char *first = request->languages;

	first[strcspn(first, ",")] = '\0';
	return *first ? first : a2a_messages_language(request->opened.messages, 0);
}

static enum a2a_answer answer(
	struct request *request, enum a2a_answer (*ask)(const struct a2a_call *call))
{
	/* Without a policy the answer is the same whatever the password, so PAM is not asked. */
	if (!open_policy(request)) {
		a2a_answer_sentence(request->opened.messages, A2A_SAY_FAULT);
		return A2A_ANSWER_BROKEN;
	}
	return ask(&(struct a2a_call){
		.fields = &request->fields,
		.settings = request->opened.settings,
		.messages = request->opened.messages,
		.policy = request->opened.policy,
		.alphabet = choose_alphabet(request),
		.log = request->host->log,
		.tries = request->host->tries,
		.accounts = request->host->accounts,
		.start = request->host->start,
	});
}

static enum a2a_answer change(struct request *request)
{
	if (!request->host->is_root) {
		a2a_fault(request->host->log, NULL,
			"only root can change passwords: run it through sudo");
		return A2A_ANSWER_BROKEN;
	}
	return answer(request, a2a_webmail_change);
}

static enum a2a_answer check(struct request *request)
{
	return answer(request, a2a_webmail_check);
}

static enum a2a_answer propose(struct request *request)
{
	return answer(request, a2a_webmail_propose);
}

static enum a2a_answer show_rules(struct request *request)
{
	if (open_policy(request) &&
		a2a_answer_requirements(request->opened.messages, request->opened.settings))
		return A2A_ANSWER_DONE;
	return A2A_ANSWER_BROKEN;
}

static enum a2a_answer show_status(struct request *request)
{
	const struct a2a_host *host = request->host;
	const unsigned rules =
		a2a_webmail_weaknesses(&request->fields, host->store, host->accounts, host->log);

	if (!rules)
		return A2A_ANSWER_DONE;
	if (open_policy(request) &&
		a2a_answer_weaknesses(request->opened.messages, request->opened.settings, rules))
		return A2A_ANSWER_WEAK;
	return A2A_ANSWER_BROKEN;
}

static const struct mode {
	const char *name;
	unsigned needed; /* fields */
	enum a2a_answer (*act)(struct request *request);
} modes[] = {
	{NULL, 1u << A2A_FIELD_USER | 1u << A2A_FIELD_OLD | 1u << A2A_FIELD_NEW, change},
	{"--check", 1u << A2A_FIELD_USER | 1u << A2A_FIELD_NEW, check},
	{"--propose", 1u << A2A_FIELD_USER, propose},
	{"--rules", 0, show_rules},
	{"--status", 1u << A2A_FIELD_USER, show_status},
};

static const struct mode *find_mode(int argc, const char *const *argv)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].name ? argc == 2 && strcmp(argv[1], modes[i].name) == 0 : argc == 1)
			return &modes[i];
	return NULL;
}

enum a2a_answer a2a_webmail_serve(
	const struct a2a_host *host, int argc, const char *const *argv, int input)
{
	const struct mode *mode = find_mode(argc, argv);
	struct request request = {.host = host};
	enum a2a_answer answer = A2A_ANSWER_MALFORMED;
	struct secret given = {0};
	const char *wrong;

	if (!mode) {
		a2a_fault(host->log, NULL,
			"a wrong argument: all2all-passwd --help lists the right ones");
		return A2A_ANSWER_MALFORMED;
	}
	wrong = a2a_fields_read(input, SECONDS_TO_WRITE, &given);
	if (!wrong)
		wrong = a2a_fields_parse(&request.fields, &given, mode->needed);
	a2a_secret_wipe(&given);
	if (wrong)
		a2a_fault(host->log, NULL, "the input: %s", wrong);
	else
		answer = mode->act(&request);
	a2a_fields_wipe(&request.fields);
	free(request.languages);
	return answer;
}
