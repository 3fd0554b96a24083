/* SPDX-License-Identifier: BSD-3-Clause */
/* What the subcommands of all2all-audit share. */
#ifndef A2A_AUDIT_COMMAND_H
#define A2A_AUDIT_COMMAND_H

#include "command.h"
#include "store.h"

enum format { TABLE, JSON, CSV };

/* The command line; the strings are argv's. */
struct audit_request {
	const char *command;
	char **argument;
	size_t arguments;
	enum format format;
	bool all, monthly, dry_run, force;
	long grace; /* days; negative: not known */
	const char *webmail, *domain, *from, *languages, *sendmail, *store;
	struct command_options options;
	int64_t now; /* seconds since 1970 */
};

/* Mails the weak, and returns the exit status. */
int run_notify(
	struct command *command, struct a2a_store *store, const struct audit_request *request);

#endif
