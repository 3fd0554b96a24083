/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "hash_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql_presets.h"
#include "sql_statement.h"

bool a2a_hash_form_find(struct a2a_hash_form *form, const char *name)
{
	form->preset = a2a_sql_preset_find(name);
	form->is_copy = strcmp(name, "copy") == 0;
	return form->preset || form->is_copy || strcmp(name, "passwd-file") == 0;
}

const char *a2a_hash_form_names(void)
{
	return "passwd-file copy dovecot postfixadmin modoboa iredmail";
}

struct values {
	const char *user, *hash;
};

/* Writes a text as a literal of SQL. It has no backslash, which MariaDB would take for an escape:
 * neither user names nor hashes have one. */
static void put_literal(const char *text, size_t length, FILE *out)
{
	fputc('\'', out);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\'')
			fputc('\'', out);
		fputc(text[i], out);
	}
	fputc('\'', out);
}

static bool put_value(void *context, enum a2a_sql_parameter parameter, FILE *out)
{
	const struct values *values = context;
	const size_t local = strcspn(values->user, "@");
	const char *domain = values->user + local + (values->user[local] == '@');

	switch (parameter) {
	case A2A_SQL_LOCAL:
		put_literal(values->user, local, out);
		break;
	case A2A_SQL_DOMAIN:
		put_literal(domain, strlen(domain), out);
		break;
	case A2A_SQL_HASH:
		put_literal(values->hash, strlen(values->hash), out);
		break;
	default:
		put_literal(values->user, strlen(values->user), out);
	}
	return true;
}

bool a2a_hash_line(
	const struct a2a_hash_form *form, const char *user, const char *hash, struct secret *line)
{
	const bool is_bare = form->is_bare || (form->preset && !form->preset->has_prefix);
	struct values values = {user, is_bare ? hash + strcspn(hash, "}") + 1 : hash};
	struct a2a_sql_mistake mistake;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool ok = out;

	if (out && form->preset)
		ok = a2a_sql_expand(form->preset->update, put_value, &values, out, &mistake) &&
		     fputc(';', out) != EOF;
	else if (out)
		fprintf(out, "%s%c%s", values.user, form->is_copy ? '\t' : ':', values.hash);
	if (out && (fputc('\n', out) == EOF || fclose(out)))
		ok = false;
	ok = ok && a2a_secret_append(line, text, size);
	free(text);
	return ok;
}
