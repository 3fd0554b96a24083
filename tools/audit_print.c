/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions with which several subcommands of all2all-audit print. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit_command.h"
#include "report.h"
#include "rule_ids.h"

long audit_days_left(const struct audit_request *request, const struct a2a_record *record)
{
	return a2a_record_days_left(record, request->grace, request->now);
}

const char *audit_time(int64_t when, const char *format, char text[static 32])
{
	const time_t seconds = (time_t)when;
	struct tm date;

	if (!when || !gmtime_r(&seconds, &date) || !strftime(text, 32, format, &date))
		return "";
	return text;
}

void audit_print_name(const char *name)
{
	char *printable = text_printable(name);

	fputs(printable, stdout);
	free(printable);
}

bool audit_has_color(const struct audit_request *request)
{
	return terminal_has_color(STDOUT_FILENO, request->options.color);
}

void audit_print_table(const struct audit_request *request, struct table *table, size_t indent)
{
	table_print(table, indent, terminal_width(STDOUT_FILENO), audit_has_color(request));
	table_free(table);
}

static void say_without_bar(void *context, enum a2a_level level, const char *text)
{
	struct audit_progress *progress = context;

	bar_clear(&progress->bar);
	if (progress->to->say)
		progress->to->say(progress->to->context, level, text);
}

void audit_begin_progress(struct audit_progress *progress, bool is_shown, const struct a2a_log *to)
{
	*progress = (struct audit_progress){
		.bar.is_shown = is_shown,
		.to = to,
		.log = {say_without_bar, progress},
	};
}

/* Makes a JSON string. In a text that is not UTF-8, bytes outside of ASCII become "?". */
static json_t *json_text(const char *text)
{
	json_t *value = json_string(text);
	char *copy;

	if (value)
		return value;
	copy = strdup(text);
	for (char *c = copy; c && *c; c++)
		if (!isascii((unsigned char)*c))
			*c = '?';
	value = json_string(copy ? copy : "?");
	free(copy);
	return value;
}

static json_t *json_time(int64_t when)
{
	char text[32];

	return when ? json_string(audit_time(when, AUDIT_TIME, text)) : json_null();
}

json_t *audit_record_to_json(const struct audit_request *request, const struct a2a_record *record)
{
	const long left = audit_days_left(request, record);
	const char *rules = record->rules, *id;
	json_t *ids = json_array();
	enum a2a_rule rule;
	size_t length;

	while ((id = a2a_rule_ids_next(&rules, &length, &rule)))
		json_array_append_new(ids, json_stringn(id, length));
	return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "user",
		json_text(record->user), "weak", a2a_record_is_weak(record), "since",
		json_time(record->since), "last_seen", json_time(record->last_seen), "service",
		json_text(record->service), "rules", ids, "grace_left",
		left < 0 ? json_null() : json_integer(left), "notified",
		json_time(record->notified), "policy", json_text(record->policy));
}

bool audit_print_document(json_t *document)
{
	bool ok = document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0;

	putchar('\n');
	json_decref(document);
	return ok;
}
