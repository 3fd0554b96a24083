/* SPDX-License-Identifier: BSD-3-Clause */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void a2a_answer_sentence(const struct a2a_messages *messages, enum a2a_sentence sentence)
{
	for (size_t i = 0; messages && i < a2a_messages_count(messages); i++)
		puts(a2a_message_sentence(messages, i, sentence));
}

bool a2a_answer_reasons(const struct a2a_messages *messages, const struct a2a_verdict *verdict)
{
	for (size_t i = 0; i < a2a_messages_count(messages); i++) {
		for (size_t j = 0; j < verdict->count; j++) {
			char *reason =
				a2a_message_reason(messages, i, verdict, &verdict->finding[j]);

			if (!reason)
				return false;
			puts(reason);
			free(reason);
		}
	}
	return true;
}

bool a2a_answer_requirements(
	const struct a2a_messages *messages, const struct a2a_settings *settings, unsigned rules)
{
	for (size_t i = 0; i < a2a_messages_count(messages); i++) {
		for (unsigned rule = 0; rule < A2A_RULES; rule++) {
			char *text = NULL;

			if (!(rules & 1u << rule))
				continue;
			if (!a2a_message_requirement(
				    messages, i, settings, (enum a2a_rule)rule, &text))
				return false;
			if (text)
				puts(text);
			free(text);
		}
	}
	return true;
}

void a2a_answer_said(const struct secret *said)
{
	const char *line = said->length ? said->bytes : "";

	for (; *line; line += *line == '\n') {
		size_t length;

		line += strspn(line, " -\t");
		length = strcspn(line, "\n");
		if (length)
			printf("%.*s\n", (int)length, line);
		line += length;
	}
}
