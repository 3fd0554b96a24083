/* SPDX-License-Identifier: BSD-3-Clause */
/* all2all-audit show: prints the record of one user. */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit_command.h"
#include "report.h"
#include "rule_ids.h"

struct shown {
	struct command *command;
	const struct audit_request *request;
	bool weak;
	bool ok;
};

/* Prints the reasons. A rule that only a newer version knows has no reason here. */
static void print_reasons(struct command *command, const char *rules)
{
	enum a2a_rule rule;
	size_t length;

	while (a2a_rule_ids_next(&rules, &length, &rule)) {
		char *reason;

		if (rule == A2A_RULES)
			continue;
		reason = a2a_message_rule(command->messages, 0, command->settings, rule);
		printf("  %s: %s\n", a2a_rule_name(rule), reason ? reason : "");
		free(reason);
	}
}

static bool show_record(void *context, const struct a2a_record *record)
{
	struct shown *shown = context;
	const long left = audit_days_left(shown->request, record);
	const bool has_color = audit_has_color(shown->request);
	const enum style style = a2a_record_is_weak(record) ? STYLE_BAD : STYLE_GOOD;
	char time[32];

	shown->weak = a2a_record_is_weak(record);
	if (shown->request->format == JSON) {
		shown->ok = audit_print_document(audit_record_to_json(shown->request, record));
		return false;
	}
	audit_print_name(record->user);
	printf(": %s%s%s since %s\n", terminal_style(has_color, style),
		shown->weak ? "weak" : "good", terminal_plain(has_color, style),
		audit_time(record->since, AUDIT_TIME, time));
	print_reasons(shown->command, record->rules);
	printf("last seen: %s by ", audit_time(record->last_seen, AUDIT_TIME, time));
	audit_print_name(record->service);
	printf("\npolicy: %s\n", record->policy);
	if (shown->weak)
		printf("mailed: %s\n", record->notified
					       ? audit_time(record->notified, AUDIT_TIME, time)
					       : "never");
	if (left >= 0)
		printf("days of grace left: %ld\n", left);
	return false;
}

int audit_show(
	struct command *command, struct a2a_store *store, const struct audit_request *request)
{
	struct shown shown = {.command = command, .request = request, .ok = true};
	const struct a2a_reader reader = {show_record, &shown};
	bool found;

	if (!a2a_store_find(store, request->argument[0], &found, &reader, &command->log) ||
		!shown.ok)
		return EXIT_FAULT;
	if (!found) {
		warnx("nothing is recorded about this user");
		return EXIT_FAULT;
	}
	return shown.weak ? EXIT_REFUSED : EXIT_ACCEPTED;
}
