/* SPDX-License-Identifier: BSD-3-Clause */
#include "rule_ids.h"

#include <string.h>

static enum a2a_rule find(const char *id, size_t length)
{
	enum a2a_rule rule = 0;

	for (; rule < A2A_RULES; rule++) {
		const char *name = a2a_rule_name(rule);

		if (strlen(name) == length && memcmp(name, id, length) == 0)
			break;
	}
	return rule;
}

const char *a2a_rule_ids_next(const char **list, size_t *length, enum a2a_rule *rule)
{
	const char *id = *list + strspn(*list, ",");

	*length = strcspn(id, ",");
	*list = id + *length;
	*rule = find(id, *length);
	return *length ? id : NULL;
}

unsigned a2a_rule_ids_bits(const char *list)
{
	enum a2a_rule rule;
	unsigned bits = 0;
	size_t length;

	while (a2a_rule_ids_next(&list, &length, &rule))
		if (rule < A2A_RULES)
			bits |= 1u << rule;
	return bits;
}
