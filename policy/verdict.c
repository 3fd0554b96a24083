/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* asprintf */
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[A2A_RULES] = {
	[A2A_NOT_TEXT] = "not-text",
	[A2A_TOO_SHORT] = "too-short",
	[A2A_TOO_LONG] = "too-long",
	[A2A_NO_LETTER] = "no-letter",
	[A2A_NO_DIGIT] = "no-digit",
	[A2A_FEW_KINDS] = "too-few-kinds",
	[A2A_PERSON] = "person",
	[A2A_OLD_PASSWORD] = "old-password",
	[A2A_DICTIONARY_WORD] = "dictionary-word",
	[A2A_LEAKED] = "leaked",
	[A2A_GUESSABLE] = "guessable",
	[A2A_SECOND_OPINION] = "second-opinion",
};

const char *a2a_rule_name(enum a2a_rule rule)
{
	return names[rule];
}

char *a2a_verdict_rules(const struct a2a_verdict *verdict)
{
	char *ids = strdup("");

	for (size_t i = 0; ids && i < verdict->count; i++) {
		char *longer = NULL;

		if (asprintf(&longer, "%s%s%s", ids, i ? "," : "",
			    a2a_rule_name(verdict->finding[i].rule)) < 0)
			longer = NULL;
		free(ids);
		ids = longer;
	}
	return ids;
}
