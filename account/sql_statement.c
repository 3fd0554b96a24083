/* SPDX-License-Identifier: BSD-3-Clause */
#include "sql_statement.h"

#include <string.h>

static const char *const names[A2A_SQL_NAMES] = {
	[A2A_SQL_USER] = "user",
	[A2A_SQL_LOCAL] = "local",
	[A2A_SQL_DOMAIN] = "domain",
	[A2A_SQL_HASH] = "hash",
};

/* Returns the length of what is quoted at `text`; 0 if nothing is. */
static size_t quoted(const char *text)
{
	const char *end;

	if (!*text || !strchr("'\"`", *text))
		return 0;
	end = strchr(text + 1, *text);
	return end ? (size_t)(end + 1 - text) : strlen(text);
}

/* Returns the length of the name at a colon; 0 if there is none. */
static size_t name_at(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	return *text == ':' ? strspn(text + 1, letters) : 0;
}

static enum a2a_sql_parameter find(const char *name, size_t length)
{
	enum a2a_sql_parameter found = 0;

	while (found < A2A_SQL_NAMES &&
		(strlen(names[found]) != length || memcmp(names[found], name, length) != 0))
		found++;
	return found;
}

bool a2a_sql_expand(const char *statement,
	bool (*put)(void *context, enum a2a_sql_parameter parameter, FILE *out), void *context,
	FILE *out, struct a2a_sql_mistake *mistake)
{
	*mistake = (struct a2a_sql_mistake){0};
	while (*statement) {
		const bool is_cast = strncmp(statement, "::", 2) == 0;
		const size_t length = is_cast ? 0 : name_at(statement);
		size_t plain = is_cast ? 2 : quoted(statement);
		enum a2a_sql_parameter parameter;

		if (!length) {
			plain += plain == 0;
			fwrite(statement, 1, plain, out);
			statement += plain;
			continue;
		}
		parameter = find(statement + 1, length);
		if (parameter == A2A_SQL_NAMES) {
			*mistake = (struct a2a_sql_mistake){statement, length + 1};
			return false;
		}
		if (!put(context, parameter, out))
			return false;
		statement += length + 1;
	}
	return true;
}
