/* SPDX-License-Identifier: BSD-3-Clause */
/* The common part of the subcommands of all2all-audit. */
#ifndef A2A_AUDIT_COMMAND_H
#define A2A_AUDIT_COMMAND_H

#include <jansson.h>

#include "command.h"
#include "progress.h"
#include "store.h"
#include "text_table.h"

enum format { TABLE, JSON, CSV };

/* The command line. The strings belong to argv. */
struct audit_request {
	const char *command;
	char **argument;
	size_t arguments;
	enum format format;
	bool all, monthly, dry_run, force;
	long grace; /* days; negative: not known */
	const char *webmail, *domain, *from, *languages, *sendmail, *sheets, *store;
	struct command_options options;
	int64_t now; /* seconds since 1970 */
};

/* The subcommands that have a file of their own. Each returns the exit status. `store` is NULL for
 * those that read all users, when nothing is recorded. */
int audit_show(
	struct command *command, struct a2a_store *store, const struct audit_request *request);
int audit_notify(
	struct command *command, struct a2a_store *store, const struct audit_request *request);
int audit_stats(
	struct command *command, struct a2a_store *store, const struct audit_request *request);

/* Returns a2a_record_days_left() for the days of grace of the request. */
long audit_days_left(const struct audit_request *request, const struct a2a_record *record);

#define AUDIT_DATE "%Y-%m-%d"
#define AUDIT_TIME "%Y-%m-%dT%H:%M:%SZ"

/* Writes a time into `text` in one of these forms, and returns it; "" for 0, which means never. */
const char *audit_time(int64_t when, const char *format, char text[static 32]);

/* Prints a name without the control characters that a terminal would obey. */
void audit_print_name(const char *name);

/* Prints a table in the width of the terminal, and releases it. */
void audit_print_table(const struct audit_request *request, struct table *table, size_t indent);

/* A bar of progress, and a log that removes it before it passes a report on. */
struct audit_progress {
	struct bar bar;
	const struct a2a_log *to;
	struct a2a_log log;
};

/* Makes it ready. It must stay where it is, and the log that reports go to must outlive it. */
void audit_begin_progress(struct audit_progress *progress, bool is_shown, const struct a2a_log *to);

/* Tells whether standard output has colours. */
bool audit_has_color(const struct audit_request *request);

/* Says that nothing is recorded, and why that may be: beside JSON and CSV, on standard error. */
void audit_say_nothing(const struct audit_request *request, const struct a2a_log *log);

/* Returns a record as --json shows it; the caller releases the reference. */
json_t *audit_record_to_json(const struct audit_request *request, const struct a2a_record *record);

/* Prints a JSON document, and releases the reference. Returns false when it is NULL or was not
 * printed. */
bool audit_print_document(json_t *document);

#endif
