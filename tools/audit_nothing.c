/* SPDX-License-Identifier: BSD-3-Clause */
/* What all2all-audit says while no login is recorded, and why that may be. */
#define _GNU_SOURCE
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit_command.h"
#include "pam_stacks.h"
#include "paths.h"
#include "wrap.h"

/* The stacks that record logins, and where. */
struct recorders {
	const char *store; /* the one that is looked into */
	char *here;        /* the services that record there, with commas */
	char *elsewhere;   /* the services that record in other stores */
};

static void add_service(char **services, const char *service)
{
	char *longer;

	if (asprintf(&longer, "%s%s%s", *services ? *services : "", *services ? ", " : "",
		    service) < 0)
		err(EXIT_FAULT, NULL);
	free(*services);
	*services = longer;
}

static void take_line(void *context, const struct stack_line *line)
{
	static const char store[] = "store=";
	struct recorders *recorders = context;
	const char *slash = strrchr(line->module, '/');
	const char *into = A2A_AUDIT_STORE, *word;
	char *copy, *rest;
	bool is_audit = false;

	if (line->facility != FACILITY_AUTH || line->is_fragment ||
		strcmp(slash ? slash + 1 : line->module, "pam_all2all.so") != 0)
		return;
	rest = copy = strdup(line->arguments);
	if (!copy)
		err(EXIT_FAULT, NULL);
	while ((word = stacks_next_word(&rest))) {
		if (strcmp(word, "audit") == 0)
			is_audit = true;
		else if (strncmp(word, store, strlen(store)) == 0)
			into = word + strlen(store);
	}
	if (is_audit)
		add_service(strcmp(into, recorders->store) == 0 ? &recorders->here
								: &recorders->elsewhere,
			line->service);
	free(copy);
}

/* Returns what is to be said, which the caller frees. */
static char *compose(const struct recorders *recorders)
{
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (!to)
		err(EXIT_FAULT, NULL);
	fprintf(to, "Nothing is recorded yet in %s.\n", recorders->store);
	if (recorders->here)
		fprintf(to,
			"PAM records the logins of %s there. Either nobody has logged in since, "
			"or the logins do not pass through PAM: Dovecot may answer from its cache, "
			"or find its users elsewhere.\n",
			recorders->here);
	if (recorders->elsewhere)
		fprintf(to,
			"PAM records the logins of %s in another store: name it with --store.\n",
			recorders->elsewhere);
	if (!recorders->here && !recorders->elsewhere)
		fputs("No PAM stack on this machine has the line that records logins: \"auth "
		      "optional pam_all2all.so audit\". The examples of pam_all2all(8) show where "
		      "it belongs.\n",
			to);
	if (fclose(to))
		err(EXIT_FAULT, NULL);
	return text;
}

void audit_say_nothing(const struct audit_request *request, const struct a2a_log *log)
{
	const bool is_read = request->format != TABLE; /* by a program */
	const size_t width = terminal_width(is_read ? STDERR_FILENO : STDOUT_FILENO);
	struct recorders recorders = {.store = request->store};
	char *text;

	stacks_each("", take_line, &recorders, log);
	text = compose(&recorders);
	wrap_print(is_read ? stderr : stdout, text, 0, width < 80 ? width : 80);
	free(text);
	free(recorders.here);
	free(recorders.elsewhere);
}
