/* SPDX-License-Identifier: BSD-3-Clause */
/* Shows the record of weak passwords in use, and mails the users who have one. */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "audit_command.h"
#include "number.h"
#include "paths.h"
#include "report.h"
#include "spreadsheet.h"

static const char usage[] =
	"usage: all2all-audit [options] report          list users with a weak password\n"
	"       all2all-audit [options] show USER       show the record of one user\n"
	"       all2all-audit [options] forget USER...  delete the records of users\n"
	"       all2all-audit [options] notify          mail users with a weak password\n"
	"       all2all-audit [options] stats           count them, day by day\n"
	"\n"
	"  -a, --all              report: also list the users with a good password\n"
	"  -j, --json             report, show, stats: print JSON\n"
	"  -C, --csv              report, stats: print comma-separated values\n"
	"  -g, --grace DAYS       show how many days are left; DAYS: as in the PAM stack\n"
	"  -m, --monthly          stats: count month by month\n"
	"  -n, --dry-run          notify: print the mails as users read them\n"
	"  -f, --force            notify: also mail those who were mailed within a week\n"
	"  -w, --webmail URL      notify: name this page (https), not that of sheets.conf\n"
	"  -d, --domain DOMAIN    notify: mail to USER@DOMAIN, not to that of sheets.conf\n"
	"  -F, --from ADDRESS     notify: set the sender\n"
	"  -l, --languages FILE   notify: \"USER LANGUAGES NAME\" per line; others: --lang\n"
	"  -L, --lang LANGUAGES   languages of the mails: fr nl de en, or several: fr,nl\n"
	"      --sendmail FILE    notify: run FILE instead of /usr/sbin/sendmail\n"
	"      --sheets DIR       notify: the folder of sheets.conf\n"
	"      --store FILE       use FILE instead of the system's record\n"
	"      --color WHEN       colours of the tables: auto (default), always, never\n"
	"  -c, --config FILE      read FILE instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    change a setting of the configuration; may be repeated\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"Exit status: 0 done, no weak password; 1 report, show: a weak password;\n"
	"2 failure. Manual: all2all-audit(1).\n";

enum { MOST_GRACE = 3650 };

enum { OPTION_SENDMAIL = 256, OPTION_SHEETS, OPTION_STORE };

static const struct option long_options[] = {
	{"all", no_argument, NULL, 'a'},
	{"json", no_argument, NULL, 'j'},
	{"csv", no_argument, NULL, 'C'},
	{"grace", required_argument, NULL, 'g'},
	{"monthly", no_argument, NULL, 'm'},
	{"dry-run", no_argument, NULL, 'n'},
	{"force", no_argument, NULL, 'f'},
	{"webmail", required_argument, NULL, 'w'},
	{"domain", required_argument, NULL, 'd'},
	{"from", required_argument, NULL, 'F'},
	{"languages", required_argument, NULL, 'l'},
	{"lang", required_argument, NULL, 'L'},
	{"sendmail", required_argument, NULL, OPTION_SENDMAIL},
	{"sheets", required_argument, NULL, OPTION_SHEETS},
	{"store", required_argument, NULL, OPTION_STORE},
	{"color", required_argument, NULL, OPTION_COLOR},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

static long parse_grace(const char *text)
{
	int64_t days;

	if (!a2a_number_parse(text, 0, MOST_GRACE, &days))
		errx(EXIT_FAULT, "--grace: \"%s\" is not a number from 0 to %d", text, MOST_GRACE);
	return (long)days;
}

/* Takes an option. Returns false when all commands have that option. */
static bool take_option(struct audit_request *request, int option, const char *argument)
{
	switch (option) {
	case 'a':
		request->all = true;
		return true;
	case 'j':
		request->format = JSON;
		return true;
	case 'C':
		request->format = CSV;
		return true;
	case 'g':
		request->grace = parse_grace(argument);
		return true;
	case 'm':
		request->monthly = true;
		return true;
	case 'n':
		request->dry_run = true;
		return true;
	case 'f':
		request->force = true;
		return true;
	case 'w':
		request->webmail = argument;
		return true;
	case 'd':
		request->domain = argument;
		return true;
	case 'F':
		request->from = argument;
		return true;
	case 'l':
		request->languages = argument;
		return true;
	case OPTION_SENDMAIL:
		request->sendmail = argument;
		return true;
	case OPTION_SHEETS:
		request->sheets = argument;
		return true;
	case OPTION_STORE:
		request->store = argument;
		return true;
	}
	return false;
}

static void parse(struct audit_request *request, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "ajCg:mnfw:d:F:l:L:c:s:hV", long_options, NULL)) !=
		-1)
		if (!take_option(request, option, optarg))
			command_take_option(&request->options, option, optarg, usage);
	if (optind == argc)
		errx(EXIT_FAULT, "no command is given: all2all-audit --help lists the commands");
	request->command = argv[optind++];
	request->argument = argv + optind;
	request->arguments = (size_t)(argc - optind);
	if (request->webmail && !a2a_is_page_address(request->webmail))
		errx(EXIT_FAULT, "--webmail: \"%s\" is no address of a page (https://...)",
			request->webmail);
	if (request->from && !a2a_is_mail_address(request->from))
		errx(EXIT_FAULT, "--from: %s", a2a_mail_address_problem(request->from));
	if (request->domain && !a2a_is_host_name(request->domain, strlen(request->domain)))
		errx(EXIT_FAULT, "--domain: \"%s\" is no domain", request->domain);
}

/* ---- Printing -------------------------------------------------------------------------------- */

/* Prints a cell that no spreadsheet takes for a formula, and `end` behind it. */
static void print_cell(const char *text, const char *end)
{
	struct secret cell = {0};

	if (!a2a_cell_append(&cell, ',', text, strlen(text)))
		err(EXIT_FAULT, NULL);
	printf("%s%s", cell.bytes, end);
	a2a_secret_wipe(&cell);
}

/* ---- report ---------------------------------------------------------------------------------- */

struct report {
	const struct audit_request *request;
	struct a2a_totals totals;
	size_t printed;
	struct table *table;
	json_t *users;
};

/* With --grace, there is a column for it. */
static const struct table_column columns_with_grace[] = {
	{"USER", CELLS_TEXT},
	{"SINCE", CELLS_WORD},
	{"LAST SEEN", CELLS_WORD},
	{"SERVICE", CELLS_TEXT},
	{"GRACE", CELLS_NUMBER},
	{"RULES", CELLS_TEXT},
};

static const struct table_column columns[] = {
	{"USER", CELLS_TEXT},
	{"SINCE", CELLS_WORD},
	{"LAST SEEN", CELLS_WORD},
	{"SERVICE", CELLS_TEXT},
	{"RULES", CELLS_TEXT},
};

static struct table *new_table(const struct audit_request *request)
{
	if (request->grace >= 0)
		return table_new(columns_with_grace,
			sizeof(columns_with_grace) / sizeof(columns_with_grace[0]));
	return table_new(columns, sizeof(columns) / sizeof(columns[0]));
}

static void add_row(struct report *report, const struct a2a_record *record)
{
	const long left = audit_days_left(report->request, record);
	const enum style style = left == 0               ? STYLE_BAD
				 : left > 0 && left <= 7 ? STYLE_WARNING
							 : STYLE_PLAIN;
	char since[32], seen[32], days[24] = "-";

	report->printed++;
	if (left >= 0)
		snprintf(days, sizeof(days), "%ld", left);
	table_add(report->table, STYLE_PLAIN, record->user);
	table_add(report->table, STYLE_PLAIN, audit_time(record->since, AUDIT_DATE, since));
	table_add(report->table, STYLE_PLAIN, audit_time(record->last_seen, AUDIT_DATE, seen));
	table_add(report->table, STYLE_PLAIN, record->service);
	if (report->request->grace >= 0)
		table_add(report->table, style, days);
	table_add(report->table, STYLE_PLAIN, a2a_record_is_weak(record) ? record->rules : "-");
}

static void print_csv(struct report *report, const struct a2a_record *record)
{
	const long left = audit_days_left(report->request, record);
	char time[32];

	if (!report->printed++)
		fputs("user,weak,since,last_seen,service,rules,grace_left,notified,policy\r\n",
			stdout);
	print_cell(record->user, a2a_record_is_weak(record) ? ",yes," : ",no,");
	printf("%s,", audit_time(record->since, AUDIT_TIME, time));
	printf("%s,", audit_time(record->last_seen, AUDIT_TIME, time));
	print_cell(record->service, ",");
	print_cell(record->rules, ",");
	if (left >= 0)
		printf("%ld", left);
	printf(",%s,%s\r\n", audit_time(record->notified, AUDIT_TIME, time), record->policy);
}

static bool see_record(void *context, const struct a2a_record *record)
{
	struct report *report = context;

	a2a_totals_add(&report->totals, record);
	if (!a2a_record_is_weak(record) && !report->request->all)
		return true;
	switch (report->request->format) {
	case TABLE:
		add_row(report, record);
		break;
	case CSV:
		print_csv(report, record);
		break;
	case JSON:
		json_array_append_new(report->users, audit_record_to_json(report->request, record));
		break;
	}
	return true;
}

static void print_totals(const struct report *report)
{
	static const struct table_column by_rule[] = {
		{NULL, CELLS_WORD}, {NULL, CELLS_NUMBER}, {NULL, CELLS_BAR}};
	const struct a2a_totals *totals = &report->totals;
	const bool has_color = audit_has_color(report->request);
	const enum style style = totals->weak ? STYLE_HEADING : STYLE_GOOD;
	struct table *table = table_new(by_rule, sizeof(by_rule) / sizeof(by_rule[0]));

	printf("%s%s%lld of %lld users have a weak password.%s\n", report->printed ? "\n" : "",
		terminal_style(has_color, style), (long long)totals->weak,
		(long long)(totals->weak + totals->good), terminal_plain(has_color, style));
	for (int i = 0; i < A2A_RULES; i++) {
		if (!totals->by_rule[i])
			continue;
		table_add(table, STYLE_PLAIN, a2a_rule_name((enum a2a_rule)i));
		table_add_number(table, totals->by_rule[i]);
		table_add_bar(table, STYLE_BAD, totals->by_rule[i], a2a_totals_most(totals));
	}
	audit_print_table(report->request, table, 2);
}

static bool print_report_json(struct report *report)
{
	json_t *rules = json_object();

	for (int i = 0; i < A2A_RULES; i++)
		if (report->totals.by_rule[i])
			json_object_set_new(rules, a2a_rule_name((enum a2a_rule)i),
				json_integer(report->totals.by_rule[i]));
	return audit_print_document(
		json_pack("{s:I, s:I, s:o, s:O}", "weak", (json_int_t)report->totals.weak, "good",
			(json_int_t)report->totals.good, "rules", rules, "users", report->users));
}

static int audit_report(
	struct command *command, struct a2a_store *store, const struct audit_request *request)
{
	struct report report = {
		.request = request, .table = new_table(request), .users = json_array()};
	const struct a2a_reader reader = {see_record, &report};
	bool ok;

	/* Without them, logins are judged more mildly than the reader thinks. */
	a2a_policy_try_filters(command->settings, &command->log);
	ok = !store || a2a_store_each(store, A2A_EVERYBODY, &reader, &command->log);
	if (report.printed && request->format == TABLE)
		audit_print_table(request, report.table, 0);
	else
		table_free(report.table);
	if (ok && !(report.totals.weak + report.totals.good))
		audit_say_nothing(request, &command->log);
	else if (ok && request->format == TABLE)
		print_totals(&report);
	if (ok && request->format == JSON)
		ok = print_report_json(&report);
	json_decref(report.users);
	if (!ok)
		return EXIT_FAULT;
	return report.totals.weak ? EXIT_REFUSED : EXIT_ACCEPTED;
}

/* ---- forget ---------------------------------------------------------------------------------- */

static int audit_forget(
	struct command *command, struct a2a_store *store, const struct audit_request *request)
{
	int status = EXIT_ACCEPTED;

	for (size_t i = 0; i < request->arguments; i++) {
		bool found;

		if (!a2a_store_forget(store, request->argument[i], &found, &command->log))
			return EXIT_FAULT;
		if (!found) {
			warnx("nothing is recorded of user %zu on the command line", i + 1);
			status = EXIT_FAULT;
		}
	}
	return status;
}

/* ---- The commands ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct command *command, struct a2a_store *store,
		const struct audit_request *request);
	size_t least, most; /* arguments */
	bool csv, json;
	bool reads_all;               /* and finds nobody without a store */
	enum { NONE, ONE, ALL } fold; /* which records of logins it must know first */
} commands[] = {
	{"report", audit_report, 0, 0, true, true, true, ALL},
	{"show", audit_show, 1, 1, false, true, false, ONE},
	{"forget", audit_forget, 1, SIZE_MAX, false, false, false, NONE},
	{"notify", audit_notify, 0, 0, false, false, false, ALL},
	{"stats", audit_stats, 0, 0, true, true, true, ALL},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static size_t find_command(const struct audit_request *request)
{
	size_t i = 0;

	while (i < COMMANDS && strcmp(commands[i].name, request->command) != 0)
		i++;
	if (i == COMMANDS)
		errx(EXIT_FAULT, "%s is not a command: all2all-audit --help lists the commands",
			request->command);
	if (request->arguments < commands[i].least)
		errx(EXIT_FAULT, "%s: which user?", request->command);
	if (request->arguments > commands[i].most)
		errx(EXIT_FAULT, "%s: there are more arguments than it takes", request->command);
	if ((request->format == CSV && !commands[i].csv) ||
		(request->format == JSON && !commands[i].json))
		errx(EXIT_FAULT, "%s: not in this format", request->command);
	return i;
}

static void tell(void *context, size_t records, double share)
{
	bar_count(context, "user", records, share);
}

/* Folds in what logins have recorded since the last time. */
static bool fold(struct command *command, struct a2a_store *store,
	const struct audit_request *request, size_t which)
{
	const char *user = commands[which].fold == ONE ? request->argument[0] : NULL;
	struct audit_progress shown;
	const struct a2a_record_progress progress = {tell, &shown.bar};
	bool ok;

	if (commands[which].fold == NONE)
		return true;
	audit_begin_progress(&shown, bar_is_possible(), &command->log);
	ok = a2a_store_fold(store, user, request->now, &progress, &shown.log);
	bar_clear(&shown.bar);
	return ok;
}

/* Runs a command while there is no store: those that read all users find none. */
static int run_without_store(
	struct command *command, const struct audit_request *request, size_t which)
{
	if (commands[which].reads_all)
		return commands[which].run(command, NULL, request);
	audit_say_nothing(request, &command->log);
	/* A user was named of whom nothing is known. */
	return request->arguments ? EXIT_FAULT : EXIT_ACCEPTED;
}

static int run(struct command *command, const struct audit_request *request, size_t which)
{
	struct a2a_store *store;
	int status = EXIT_FAULT;

	if (a2a_store_is_missing(request->store))
		return run_without_store(command, request, which);
	store = a2a_store_open(request->store, &command->log);
	if (store && fold(command, store, request, which))
		status = commands[which].run(command, store, request);
	a2a_store_close(store);
	return status;
}

int main(int argc, char **argv)
{
	struct audit_request request = {
		.grace = -1,
		.sendmail = "/usr/sbin/sendmail",
		.sheets = A2A_SHEETS_CONFIGURATION,
		.store = A2A_AUDIT_STORE,
		/* Mails are in the users' languages, so the administrator's locale is ignored. */
		.options = {.ignore_environment = true},
		.now = time(NULL),
	};
	struct command command = {0};
	int status = EXIT_FAULT;
	size_t which;

	command_start();
	parse(&request, argc, argv);
	which = find_command(&request);
	if (command_configure(&command, &request.options))
		status = run(&command, &request, which);
	command_close(&command);
	free(request.options.set);
	if (fflush(stdout) && errno != EPIPE) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	return status;
}
