/* SPDX-License-Identifier: BSD-3-Clause */
/* A line for the old password, one for the person, the rest a password, all of any bytes: there is
 * a verdict, accepted means no rule failed, and every reason can be said. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

/* Takes what stands before the next newline; the text is NUL-terminated. */
static struct secret take_line(const char **rest, const char *end)
{
	const char *newline = memchr(*rest, '\n', (size_t)(end - *rest));
	size_t length = (size_t)((newline ? newline : end) - *rest);
	struct secret line;

	if (!a2a_secret_reserve(&line, length))
		abort();
	memcpy(line.bytes, *rest, length);
	line.length = length;
	*rest = newline ? newline + 1 : end;
	return line;
}

/* What is opened once: the policies, of which the second needs a lexicon, and the messages. */
enum { POLICIES = 2 };
static struct a2a_policy *policy[POLICIES];
static struct a2a_messages *messages;

static struct a2a_policy *open_policy(const char *const *assignments)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_policy *opened;

	for (; settings && *assignments; assignments++)
		if (!a2a_settings_set(settings, *assignments, "fuzz", NULL))
			abort();
	opened = settings ? a2a_policy_open(settings, NULL) : NULL;
	if (!opened)
		abort();
	a2a_settings_free(settings);
	return opened;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *path = getenv("A2A_FUZZ_LEXICON");
	char *lexicon = NULL;

	(void)argc;
	(void)argv;
	policy[0] = open_policy((const char *const[]){
		"dictcheck=no", "second_opinion=no", "min_guesses=0", "min_length=4", NULL});
	if (path && asprintf(&lexicon, "lexicon=%s", path) > 0) {
		policy[1] = open_policy(
			(const char *const[]){lexicon, "dictcheck=no", "second_opinion=no", NULL});
		free(lexicon);
	}
	messages = a2a_messages_open(a2a_policy_settings(policy[0]), NULL);
	if (!messages)
		abort();
	return 0;
}

static void judge(const struct a2a_policy *under, const struct secret *password,
	const struct a2a_person *person)
{
	struct a2a_verdict verdict;

	if (!a2a_judge(under, password, person, &verdict, NULL) ||
		verdict.accepted != (verdict.count == 0) || verdict.count > A2A_RULES)
		abort();
	for (size_t i = 0; i < verdict.count; i++) {
		char *reason = a2a_message_reason(messages, 0, &verdict, &verdict.finding[i]);

		if (!reason || !*reason || !*a2a_rule_name(verdict.finding[i].rule))
			abort();
		free(reason);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *rest = (const char *)bytes, *end = rest + size;
	struct secret old = take_line(&rest, end), name = take_line(&rest, end);
	struct secret password;
	const char *names[] = {name.bytes};
	const struct a2a_person person = {names, 1, &old};

	if (!a2a_secret_reserve(&password, (size_t)(end - rest)))
		abort();
	memcpy(password.bytes, rest, (size_t)(end - rest));
	password.length = (size_t)(end - rest);
	for (size_t i = 0; i < POLICIES && policy[i]; i++)
		judge(policy[i], &password, &person);
	a2a_secret_wipe(&old);
	a2a_secret_wipe(&name);
	a2a_secret_wipe(&password);
	return 0;
}
