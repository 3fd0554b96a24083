/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the record of weak passwords in use, and mails those who have one. */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store.h"
#include "command.h"
#include "notice.h"
#include "paths.h"
#include "spreadsheet.h"

static const char usage[] =
	"usage: all2all-audit [options] report           who has a weak password, and why\n"
	"       all2all-audit [options] show USER        what is recorded of one user\n"
	"       all2all-audit [options] forget USER...   forget them\n"
	"       all2all-audit [options] notify           mail those who have a weak password\n"
	"       all2all-audit [options] stats            how many had one, day by day\n"
	"\n"
	"  -a, --all              report: also those with a good password\n"
	"  -j, --json             report, show, stats: as JSON\n"
	"  -C, --csv              report, stats: as comma-separated values\n"
	"  -g, --grace DAYS       as in the PAM stack: shows how many days are left\n"
	"  -m, --monthly          stats: month by month\n"
	"  -n, --dry-run          notify: print the mails, send and record nothing\n"
	"  -f, --force            notify: also those who were mailed in the last seven days\n"
	"  -w, --webmail URL      notify: where a password can be changed (https)\n"
	"  -d, --domain DOMAIN    notify: to USER@DOMAIN instead of USER\n"
	"  -F, --from ADDRESS     notify: the sender\n"
	"  -l, --languages FILE   notify: lines \"USER LANGUAGES\"; others get those of --lang\n"
	"  -L, --lang LANGUAGES   of the mails: fr nl de en, or several: fr,nl\n"
	"      --sendmail FILE    notify: instead of /usr/sbin/sendmail\n"
	"      --store FILE       instead of the system's record\n"
	"  -c, --config FILE      instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    a setting, over the configuration's; may be given again\n"
	"  -h, --help             this text\n"
	"\n"
	"Exit status: 0 done; report and show: nobody is weak; 1 report and show: somebody is;\n"
	"2 it could not be done. Manual: all2all-audit(1).\n";

enum {
	DAY = 24 * 60 * 60,
	WEEK = 7 * DAY,
	DAYS_SHOWN = 31,
	MONTHS_SHOWN = 24,
	BAR = 30, /* characters of the longest */
	MOST_GRACE = 3650,
};

enum format { TABLE, JSON, CSV };

struct request {
	const char *command;
	char **argument;
	size_t arguments;
	enum format format;
	bool all, monthly, dry_run, force;
	long grace; /* days; negative: not known */
	const char *webmail, *domain, *from, *languages, *sendmail, *store;
	struct command_options options;
	int64_t now;
};

enum { OPTION_SENDMAIL = 256, OPTION_STORE };

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
	{"store", required_argument, NULL, OPTION_STORE},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static long parse_grace(const char *text)
{
	char *end = NULL;
	long days = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : -1;

	if (days < 0 || *end || days > MOST_GRACE)
		errx(EXIT_FAULT, "--grace: \"%s\" is not a number from 0 to %d", text, MOST_GRACE);
	return days;
}

/* Takes an option; false when it is none of this command's own. */
static bool take_option(struct request *request, int option, const char *argument)
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
	case OPTION_STORE:
		request->store = argument;
		return true;
	}
	return false;
}

static void parse(struct request *request, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "ajCg:mnfw:d:F:l:L:c:s:h", long_options, NULL)) !=
		-1)
		if (!take_option(request, option, optarg))
			command_take_option(&request->options, option, optarg, usage);
	if (optind == argc)
		errx(EXIT_FAULT, "which command? all2all-audit --help lists them");
	request->command = argv[optind++];
	request->argument = argv + optind;
	request->arguments = (size_t)(argc - optind);
	if (request->webmail && !notice_is_link(request->webmail))
		errx(EXIT_FAULT, "--webmail: \"%s\" is no address of a page (https://...)",
			request->webmail);
	if (request->from && !notice_is_address(request->from))
		errx(EXIT_FAULT, "--from: \"%s\" is no mail address", request->from);
	if (request->domain &&
		(strchr(request->domain, '@') || !notice_is_address(request->domain)))
		errx(EXIT_FAULT, "--domain: \"%s\" is no domain", request->domain);
}

/* ---- What is shown of a record --------------------------------------------------------------- */

static bool is_weak(const struct a2a_record *record)
{
	return *record->rules;
}

/* Days until grace has run out, 0 when it has; negative when that cannot be told. */
static long days_left(const struct request *request, const struct a2a_record *record)
{
	int64_t seconds;

	if (request->grace < 0 || !is_weak(record))
		return -1;
	seconds = record->since + (int64_t)request->grace * DAY - request->now;
	return seconds > 0 ? (long)((seconds + DAY - 1) / DAY) : 0;
}

/* "2026-11-22", or the whole of "2026-11-22T13:42:32Z". */
static const char *write_time(int64_t when, const char *format, char text[static 32])
{
	const time_t seconds = (time_t)when;
	struct tm date;

	if (!when || !gmtime_r(&seconds, &date) || !strftime(text, 32, format, &date))
		return "";
	return text;
}

#define DATE "%Y-%m-%d"
#define TIME "%Y-%m-%dT%H:%M:%SZ"

/* A name as it may stand on a terminal: without what could steer it. */
static void print_name(const char *name, int width)
{
	int printed = 0;

	for (; *name; name++, printed++)
		putchar(isprint((unsigned char)*name) ? *name : '?');
	printf("%*s", printed < width ? width - printed : 0, "");
}

static void print_cell(const char *text, const char *end)
{
	struct secret cell = {0};

	if (!a2a_cell_append(&cell, ',', text, strlen(text)))
		err(EXIT_FAULT, NULL);
	printf("%s%s", cell.bytes, end);
	a2a_secret_wipe(&cell);
}

static void print_bar(int64_t value, int64_t most)
{
	int64_t length = most > 0 ? (value * BAR + most - 1) / most : 0;

	for (int64_t i = 0; i < length; i++)
		putchar('#');
}

/* ---- report and show ------------------------------------------------------------------------- */

struct report {
	const struct request *request;
	int64_t weak, good;
	int64_t by_rule[A2A_RULES];
	size_t printed;
	json_t *users;
};

static void count_rules(struct report *report, const char *rules)
{
	for (int i = 0; i < A2A_RULES; i++) {
		const char *name = a2a_rule_name((enum a2a_rule)i);
		const size_t length = strlen(name);

		for (const char *at = rules; (at = strstr(at, name)); at += length)
			if ((at == rules || at[-1] == ',') && (!at[length] || at[length] == ','))
				report->by_rule[i]++;
	}
}

static void print_row(struct report *report, const struct a2a_record *record)
{
	const bool with_grace = report->request->grace >= 0;
	const long left = days_left(report->request, record);
	char since[32], seen[32], days[24] = "-";

	if (!report->printed++)
		printf("%-16s %-10s %-10s %-10s %s%s\n", "USER", "SINCE", "LAST SEEN", "SERVICE",
			with_grace ? "GRACE " : "", "RULES");
	if (left >= 0)
		snprintf(days, sizeof(days), "%ld", left);
	print_name(record->user, 16);
	printf(" %-10s %-10s ", write_time(record->since, DATE, since),
		write_time(record->last_seen, DATE, seen));
	print_name(record->service, 10);
	if (with_grace)
		printf(" %5s", days);
	printf(" %s\n", is_weak(record) ? record->rules : "-");
}

static void print_csv(struct report *report, const struct a2a_record *record)
{
	const long left = days_left(report->request, record);
	char time[32];

	if (!report->printed++)
		fputs("user,weak,since,last_seen,service,rules,grace_left,notified,policy\r\n",
			stdout);
	print_cell(record->user, is_weak(record) ? ",yes," : ",no,");
	printf("%s,", write_time(record->since, TIME, time));
	printf("%s,", write_time(record->last_seen, TIME, time));
	print_cell(record->service, ",");
	print_cell(record->rules, ",");
	if (left >= 0)
		printf("%ld", left);
	printf(",%s,%s\r\n", write_time(record->notified, TIME, time), record->policy);
}

/* A text in JSON; of what is no UTF-8, as much as can be read. */
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

	return when ? json_string(write_time(when, TIME, text)) : json_null();
}

static json_t *record_to_json(const struct request *request, const struct a2a_record *record)
{
	const long left = days_left(request, record);
	const char *rules = record->rules;
	json_t *ids = json_array();

	while (*(rules += strspn(rules, ","))) {
		size_t length = strcspn(rules, ",");

		json_array_append_new(ids, json_stringn(rules, length));
		rules += length;
	}
	return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "user",
		json_text(record->user), "weak", is_weak(record), "since", json_time(record->since),
		"last_seen", json_time(record->last_seen), "service", json_text(record->service),
		"rules", ids, "grace_left", left < 0 ? json_null() : json_integer(left), "notified",
		json_time(record->notified), "policy", json_text(record->policy));
}

static bool see_record(void *context, const struct a2a_record *record)
{
	struct report *report = context;

	*(is_weak(record) ? &report->weak : &report->good) += 1;
	count_rules(report, record->rules);
	if (!is_weak(record) && !report->request->all)
		return true;
	switch (report->request->format) {
	case TABLE:
		print_row(report, record);
		break;
	case CSV:
		print_csv(report, record);
		break;
	case JSON:
		json_array_append_new(report->users, record_to_json(report->request, record));
		break;
	}
	return true;
}

static void print_totals(const struct report *report)
{
	int64_t most = 0;

	if (report->printed)
		putchar('\n');
	printf("%lld of %lld users have a weak password.\n", (long long)report->weak,
		(long long)(report->weak + report->good));
	for (int i = 0; i < A2A_RULES; i++)
		if (report->by_rule[i] > most)
			most = report->by_rule[i];
	for (int i = 0; i < A2A_RULES; i++) {
		if (!report->by_rule[i])
			continue;
		printf("  %-16s %6lld ", a2a_rule_name((enum a2a_rule)i),
			(long long)report->by_rule[i]);
		print_bar(report->by_rule[i], most);
		putchar('\n');
	}
}

static bool print_document(json_t *document)
{
	bool ok = document && json_dumpf(document, stdout, JSON_INDENT(2)) == 0;

	putchar('\n');
	json_decref(document);
	return ok;
}

static bool print_report_json(struct report *report)
{
	json_t *rules = json_object();

	for (int i = 0; i < A2A_RULES; i++)
		if (report->by_rule[i])
			json_object_set_new(rules, a2a_rule_name((enum a2a_rule)i),
				json_integer(report->by_rule[i]));
	return print_document(json_pack("{s:I, s:I, s:o, s:O}", "weak", (json_int_t)report->weak,
		"good", (json_int_t)report->good, "rules", rules, "users", report->users));
}

static int run_report(
	struct command *command, struct a2a_store *store, const struct request *request)
{
	struct report report = {.request = request, .users = json_array()};
	const struct a2a_reader reader = {see_record, &report};
	bool ok = a2a_store_each(store, A2A_EVERYBODY, &reader, &command->log);

	if (ok && request->format == TABLE)
		print_totals(&report);
	else if (ok && request->format == JSON)
		ok = print_report_json(&report);
	json_decref(report.users);
	if (!ok)
		return EXIT_FAULT;
	return report.weak ? EXIT_REFUSED : EXIT_ACCEPTED;
}

struct shown {
	struct command *command;
	const struct request *request;
	bool weak;
	bool ok;
};

static void print_reasons(struct command *command, const char *rules)
{
	while (*(rules += strspn(rules, ","))) {
		size_t length = strcspn(rules, ",");

		for (int i = 0; i < A2A_RULES; i++) {
			const char *name = a2a_rule_name((enum a2a_rule)i);
			char *reason;

			if (strlen(name) != length || memcmp(name, rules, length))
				continue;
			reason = a2a_message_rule(
				command->messages, 0, command->settings, (enum a2a_rule)i);
			printf("  %s: %s\n", name, reason ? reason : "");
			free(reason);
		}
		rules += length;
	}
}

static bool show_record(void *context, const struct a2a_record *record)
{
	struct shown *shown = context;
	const long left = days_left(shown->request, record);
	char time[32];

	shown->weak = is_weak(record);
	if (shown->request->format == JSON) {
		shown->ok = print_document(record_to_json(shown->request, record));
		return false;
	}
	print_name(record->user, 0);
	printf(": %s since %s\n", shown->weak ? "weak" : "good",
		write_time(record->since, TIME, time));
	print_reasons(shown->command, record->rules);
	printf("last seen: %s by ", write_time(record->last_seen, TIME, time));
	print_name(record->service, 0);
	printf("\npolicy: %s\n", record->policy);
	if (shown->weak)
		printf("mailed: %s\n",
			record->notified ? write_time(record->notified, TIME, time) : "never");
	if (left >= 0)
		printf("days of grace left: %ld\n", left);
	return false;
}

static int run_show(struct command *command, struct a2a_store *store, const struct request *request)
{
	struct shown shown = {.command = command, .request = request, .ok = true};
	const struct a2a_reader reader = {show_record, &shown};
	bool found;

	if (!a2a_store_find(store, request->argument[0], &found, &reader, &command->log) ||
		!shown.ok)
		return EXIT_FAULT;
	if (!found) {
		warnx("nothing is recorded of this user");
		return EXIT_FAULT;
	}
	return shown.weak ? EXIT_REFUSED : EXIT_ACCEPTED;
}

static int run_forget(
	struct command *command, struct a2a_store *store, const struct request *request)
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

/* ---- stats ----------------------------------------------------------------------------------- */

struct stats {
	enum format format;
	size_t printed;
	json_t *periods;
};

static bool see_count(void *context, const struct a2a_count *count)
{
	struct stats *stats = context;
	const int64_t all = count->weak + count->good;

	switch (stats->format) {
	case TABLE:
		if (!stats->printed++)
			printf("%-10s %6s %6s\n", "SEEN", "WEAK", "GOOD");
		printf("%-10s %6lld %6lld %3lld%% ", count->period, (long long)count->weak,
			(long long)count->good,
			(long long)(all ? (100 * count->weak + all / 2) / all : 0));
		print_bar(count->weak, all);
		putchar('\n');
		break;
	case CSV:
		if (!stats->printed++)
			fputs("period,weak,good\r\n", stdout);
		printf("%s,%lld,%lld\r\n", count->period, (long long)count->weak,
			(long long)count->good);
		break;
	case JSON:
		json_array_append_new(stats->periods,
			json_pack("{s:s, s:I, s:I}", "period", count->period, "weak",
				(json_int_t)count->weak, "good", (json_int_t)count->good));
		break;
	}
	return true;
}

static int run_stats(
	struct command *command, struct a2a_store *store, const struct request *request)
{
	struct stats stats = {.format = request->format, .periods = json_array()};
	bool ok = a2a_store_count(store, request->monthly ? A2A_MONTHS : A2A_DAYS,
		request->monthly ? MONTHS_SHOWN : DAYS_SHOWN, see_count, &stats, &command->log);

	if (ok && request->format == JSON)
		ok = print_document(json_incref(stats.periods));
	json_decref(stats.periods);
	return ok ? EXIT_ACCEPTED : EXIT_FAULT;
}

/* ---- notify ---------------------------------------------------------------------------------- */

/* A line of --languages. */
struct preference {
	char *user, *languages;
};

struct notify {
	struct command *command;
	const struct request *request;
	struct a2a_store *store;
	struct preference *preference;
	size_t preferences;
	size_t mails;
	char *usual; /* the languages of those who are in no list */
	bool ok;
};

static bool set_languages(struct command *command, const char *languages, const char *where,
	const struct a2a_log *log)
{
	char *assignment = NULL;
	bool ok;

	if (asprintf(&assignment, "lang=%s", languages) < 0)
		err(EXIT_FAULT, "lang");
	ok = a2a_settings_set(command->settings, assignment, where, log);
	free(assignment);
	return ok;
}

/* One line; `#` begins a comment. False when it is not as it should be. */
static bool take_preference(struct notify *notify, char *line, const char *path, size_t number)
{
	char *user, *languages, *where = NULL;
	bool ok;

	line[strcspn(line, "#\n")] = '\0';
	user = line + strspn(line, " \t\r");
	if (!*user)
		return true;
	languages = user + strcspn(user, " \t");
	if (*languages)
		*languages++ = '\0';
	languages += strspn(languages, " \t");
	languages[strcspn(languages, "\r")] = '\0';
	if (asprintf(&where, "%s:%zu", path, number) < 0)
		err(EXIT_FAULT, "--languages");
	ok = *languages;
	if (!ok)
		warnx("%s: no language behind the user", where);
	else
		ok = set_languages(notify->command, languages, where, &notify->command->log);
	free(where);
	notify->preference = reallocarray(
		notify->preference, notify->preferences + 1, sizeof(*notify->preference));
	if (!notify->preference)
		err(EXIT_FAULT, "--languages");
	notify->preference[notify->preferences] =
		(struct preference){strdup(user), strdup(languages)};
	if (!notify->preference[notify->preferences].user ||
		!notify->preference[notify->preferences++].languages)
		err(EXIT_FAULT, "--languages");
	return ok;
}

static bool read_preferences(struct notify *notify, const char *path)
{
	FILE *file = path ? fopen(path, "re") : NULL;
	char *line = NULL;
	size_t room = 0, number = 0;
	bool ok = true;

	if (!path)
		return true;
	if (!file) {
		warn("--languages: %s", path);
		return false;
	}
	while (getline(&line, &room, file) > 0)
		ok &= take_preference(notify, line, path, ++number);
	if (ferror(file)) {
		warn("--languages: %s", path);
		ok = false;
	}
	free(line);
	fclose(file);
	return ok;
}

/* Of two lines with the same user the last one holds. */
static const char *languages_of(const struct notify *notify, const char *user)
{
	for (size_t i = notify->preferences; i > 0; i--)
		if (strcmp(notify->preference[i - 1].user, user) == 0)
			return notify->preference[i - 1].languages;
	return notify->usual;
}

/* NULL, after a report, when the user's name is no mail address. The caller frees it. */
static char *make_address(const struct request *request, const char *user)
{
	char *address = NULL;

	if (!notice_is_address(user)) {
		fputs("all2all-audit: not mailed, since the name is no mail address: ", stderr);
		for (const char *c = user; *c; c++)
			putc(isprint((unsigned char)*c) ? *c : '?', stderr);
		putc('\n', stderr);
		return NULL;
	}
	if (asprintf(&address, "%s%s%s", user, request->domain && !strchr(user, '@') ? "@" : "",
		    request->domain && !strchr(user, '@') ? request->domain : "") < 0)
		err(EXIT_FAULT, NULL);
	return address;
}

static char *compose(struct notify *notify, const struct a2a_record *record, const char *address)
{
	const struct notice notice = {
		.user = record->user,
		.address = address,
		.from = notify->request->from,
		.rules = record->rules,
		.webmail = notify->request->webmail,
		.days = days_left(notify->request, record),
	};
	struct a2a_messages *messages = NULL;
	char *mail = NULL;

	if (set_languages(notify->command, languages_of(notify, record->user), "--lang",
		    &notify->command->log))
		messages = a2a_messages_open(notify->command->settings, &notify->command->log);
	if (messages)
		mail = notice_write(&notice, messages, notify->command->settings);
	a2a_messages_close(messages);
	if (!mail)
		warnx("out of memory");
	return mail;
}

static bool write_mail(int fd, const char *mail)
{
	size_t length = strlen(mail);

	while (length) {
		ssize_t written = write(fd, mail, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		mail += written;
		length -= (size_t)written;
	}
	return true;
}

/* The recipient stands in the mail (-t), where no name is an option; a dot ends nothing (-i). */
static bool send_mail(const char *sendmail, const char *mail)
{
	char *const arguments[] = {(char *)(size_t)sendmail, (char[]){"-t"}, (char[]){"-i"}, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int ends[2], status = 0, error;
	pid_t child;
	bool ok;

	if (pipe2(ends, O_CLOEXEC)) {
		warn("pipe");
		return false;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	/* Which is ignored here, and would be there. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	error = posix_spawn(&child, sendmail, &actions, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	if (error) {
		close(ends[1]);
		warnx("%s: %s", sendmail, strerror(error));
		return false;
	}
	ok = write_mail(ends[1], mail);
	close(ends[1]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!ok || !WIFEXITED(status) || WEXITSTATUS(status)) {
		warnx("%s did not take the mail", sendmail);
		return false;
	}
	return true;
}

/* Sends what was taken; gives it back when it cannot be sent. */
static bool deliver(struct notify *notify, const struct a2a_record *record, const char *mail)
{
	const struct request *request = notify->request;
	/* Whoever was mailed before this moment may be mailed again. */
	const int64_t before = request->force ? INT64_MAX : request->now - WEEK;
	bool taken;

	if (!a2a_store_take_notice(notify->store, record->user, request->now, before, &taken,
		    &notify->command->log))
		return false;
	if (!taken)
		return true;
	if (!send_mail(request->sendmail, mail)) {
		a2a_store_return_notice(
			notify->store, record->user, record->notified, &notify->command->log);
		return false;
	}
	notify->mails++;
	return true;
}

static bool notify_one(void *context, const struct a2a_record *record)
{
	struct notify *notify = context;
	const struct request *request = notify->request;
	char *address, *mail = NULL;
	bool ok = false;

	if (!request->force && record->notified > request->now - WEEK)
		return true;
	address = make_address(request, record->user);
	if (address)
		mail = compose(notify, record, address);
	if (mail && request->dry_run) {
		if (notify->mails++)
			putchar('\n');
		ok = write_all(mail, strlen(mail));
	} else if (mail)
		ok = deliver(notify, record, mail);
	free(mail);
	free(address);
	notify->ok &= ok;
	/* One bad name keeps nobody else from being mailed; without a sendmail nobody is. */
	return ok || !address;
}

static int run_notify(
	struct command *command, struct a2a_store *store, const struct request *request)
{
	struct notify notify = {.command = command, .request = request, .store = store, .ok = true};
	const struct a2a_reader reader = {notify_one, &notify};
	char buffer[24];

	notify.usual = strdup(a2a_settings_get(command->settings, "lang", buffer));
	if (!notify.usual)
		err(EXIT_FAULT, NULL);
	if (!read_preferences(&notify, request->languages) ||
		!a2a_store_each(store, A2A_THE_WEAK, &reader, &command->log))
		notify.ok = false;
	if (notify.mails || !request->dry_run)
		warnx("%zu mail%s %s", notify.mails, notify.mails == 1 ? "" : "s",
			request->dry_run ? "would be sent" : "sent");
	for (size_t i = 0; i < notify.preferences; i++) {
		free(notify.preference[i].user);
		free(notify.preference[i].languages);
	}
	free(notify.preference);
	free(notify.usual);
	return notify.ok ? EXIT_ACCEPTED : EXIT_FAULT;
}

/* ---- The commands ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(struct command *command, struct a2a_store *store, const struct request *request);
	size_t least, most; /* arguments */
	bool csv, json;
} commands[] = {
	{"report", run_report, 0, 0, true, true},
	{"show", run_show, 1, 1, false, true},
	{"forget", run_forget, 1, SIZE_MAX, false, false},
	{"notify", run_notify, 0, 0, false, false},
	{"stats", run_stats, 0, 0, true, true},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static size_t find_command(const struct request *request)
{
	size_t i = 0;

	while (i < COMMANDS && strcmp(commands[i].name, request->command))
		i++;
	if (i == COMMANDS)
		errx(EXIT_FAULT, "%s is no command: all2all-audit --help lists them",
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

int main(int argc, char **argv)
{
	struct request request = {
		.grace = -1,
		.sendmail = "/usr/sbin/sendmail",
		.store = A2A_AUDIT_STORE,
		/* Mails are in the users' languages, whatever the administrator's is. */
		.options = {.ignore_environment = true},
		.now = time(NULL),
	};
	struct command command = {0};
	struct a2a_store *store = NULL;
	int status = EXIT_FAULT;
	size_t which;

	command_start();
	parse(&request, argc, argv);
	which = find_command(&request);
	if (command_configure(&command, &request.options))
		store = a2a_store_open(request.store, A2A_FOR_TOOL, &command.log);
	if (store)
		status = commands[which].run(&command, store, &request);
	a2a_store_close(store);
	command_close(&command);
	free(request.options.set);
	if (fflush(stdout) && errno != EPIPE) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	return status;
}
