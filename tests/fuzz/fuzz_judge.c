/* SPDX-License-Identifier: BSD-3-Clause */
/* A line for the old password, one for the person, the rest a password, all of any bytes: there is
 * a verdict, accepted means no rule failed, and every reason can be said. */
#define _GNU_SOURCE
#include "fuzz.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const assignments[] = {
		"dictcheck=no", "second_opinion=no", "min_guesses=0", "min_length=4"};
	const char *rest = (const char *)bytes, *end = rest + size;
	struct secret old = take_line(&rest, end), name = take_line(&rest, end);
	struct secret password;
	const char *names[] = {name.bytes};
	const struct a2a_person person = {names, 1, &old};
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_messages *messages;
	struct a2a_policy *policy;
	struct a2a_verdict verdict;

	for (size_t i = 0; i < sizeof(assignments) / sizeof(assignments[0]); i++)
		if (!a2a_settings_set(settings, assignments[i], "fuzz", NULL))
			abort();
	policy = a2a_policy_open(settings, NULL);
	messages = a2a_messages_open(settings, NULL);
	if (!policy || !messages || !a2a_secret_reserve(&password, (size_t)(end - rest)))
		abort();
	memcpy(password.bytes, rest, (size_t)(end - rest));
	password.length = (size_t)(end - rest);
	if (!a2a_judge(policy, &password, &person, &verdict, NULL) ||
		verdict.accepted != (verdict.count == 0) || verdict.count > A2A_RULES)
		abort();
	for (size_t i = 0; i < verdict.count; i++) {
		char *reason = a2a_message_reason(messages, 0, &verdict, &verdict.finding[i]);

		if (!reason || !*reason || !*a2a_rule_name(verdict.finding[i].rule))
			abort();
		free(reason);
	}
	a2a_secret_wipe(&old);
	a2a_secret_wipe(&name);
	a2a_secret_wipe(&password);
	a2a_messages_close(messages);
	a2a_policy_close(policy);
	a2a_settings_free(settings);
	return 0;
}
