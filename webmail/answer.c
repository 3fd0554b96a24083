/* SPDX-License-Identifier: BSD-3-Clause */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spelling.h"

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
	const struct a2a_messages *messages, const struct a2a_settings *settings)
{
	for (size_t i = 0; i < a2a_messages_count(messages); i++) {
		char *text = a2a_message_requirements(messages, i, settings);

		if (!text)
			return false;
		if (*text)
			puts(text);
		free(text);
	}
	return true;
}

bool a2a_answer_weaknesses(
	const struct a2a_messages *messages, const struct a2a_settings *settings, unsigned rules)
{
	for (size_t i = 0; i < a2a_messages_count(messages); i++) {
		for (unsigned rule = 0; rule < A2A_RULES; rule++) {
			char *text;

			if (!(rules & 1u << rule))
				continue;
			text = a2a_message_rule(messages, i, settings, (enum a2a_rule)rule);
			if (!text)
				return false;
			puts(text);
			free(text);
		}
	}
	return true;
}

bool a2a_answer_proposal(const struct secret *password, const char *tag)
{
	struct a2a_spelling spelling;
	const bool ok = a2a_spell(password, tag, false, &spelling);

	if (ok)
		printf("%s\n", password->bytes);
	for (size_t i = 0; ok && i < spelling.count; i++) {
		const struct a2a_spelled *cell = &spelling.cell[i];

		if (cell->mark)
			printf("%s\u00a0", cell->mark);
		printf("%.*s\n", (int)cell->name.length, cell->name.bytes);
	}
	a2a_spelling_wipe(&spelling);
	return ok;
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
