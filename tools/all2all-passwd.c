/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changes a mail user's password for the webmail, which runs it as root through sudo(8).
 *
 * The caller may be an intruder in the web server. It hands over fields on standard input, and one
 * word as argument, which selects what is done but cannot change under which rules. The old
 * password is verified as at a login before anything else is said of the account.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

#include "change.h"
#include "command.h"
#include "language.h"
#include "paths.h"

static const char usage[] =
	"usage: all2all-passwd               change a password, as root\n"
	"       all2all-passwd --check       judge a password by the policy\n"
	"       all2all-passwd --rules       list what the policy asks of a password\n"
	"       all2all-passwd --status      list the rules that the password in use fails, as "
	"root\n"
	"\n"
	"      --check    judge the field new, change nothing\n"
	"      --rules    list what a password needs, before one is typed\n"
	"      --status   list the rules that it failed when the audit saw it last\n"
	"      --help     print this text\n"
	"\n"
	"For programs: user, passwords and languages come as netstrings of NAME=VALUE on standard\n"
	"input (user lang host old new), never as arguments. Exit status: 0 changed, good, or\n"
	"nothing known; 1 too weak; 2 could not be done; 3 wrong old password; 4 not understood;\n"
	"5 not allowed for now. Manual: all2all-passwd(8).\n";

enum { SECONDS_TO_WRITE = 10 }; /* that the caller has for the fields */

struct request {
	struct a2a_fields fields;
	struct command command;
	struct timespec start;
};

/* Logs for the administrator. The web server keeps standard error in its own log. */
__attribute__((format(printf, 2, 3))) static void report(int level, const char *format, ...)
{
	va_list arguments, again;

	va_start(arguments, format);
	va_copy(again, arguments);
	vsyslog(level, format, arguments);
	vwarnx(format, again);
	va_end(again);
	va_end(arguments);
}

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	report(level == A2A_FAULT ? LOG_ERR : LOG_WARNING, "%s", text);
}

/* ---- What is asked --------------------------------------------------------------------------- */

/*
 * Opens the policy, and the messages in those of the caller's languages that there are messages in;
 * without any, in the configuration's. The caller's environment has no influence.
 */
static bool open_policy(struct request *request)
{
	const struct secret *wanted = &request->fields.value[A2A_FIELD_LANG];
	struct command_options options = {.ignore_environment = true};
	char *copy = strdup(wanted->bytes);
	char *known = calloc(1, wanted->length + 2);
	char *rest = NULL;
	bool ok = copy && known;

	if (!ok)
		report(LOG_ERR, "out of memory");
	for (char *tag = ok ? strtok_r(copy, ", ", &rest) : NULL; tag;
		tag = strtok_r(NULL, ", ", &rest)) {
		if (a2a_language_find(tag) == A2A_LANGUAGES)
			continue;
		strcat(strcat(known, tag), ",");
		options.lang = known;
	}
	ok = ok && command_open(&request->command, &options);
	free(copy);
	free(known);
	return ok;
}

static enum a2a_answer answer(
	struct request *request, enum a2a_answer (*ask)(const struct a2a_call *call))
{
	/* Without a policy the answer is the same whatever the password, so PAM is not asked. */
	if (!open_policy(request)) {
		a2a_answer_sentence(request->command.messages, A2A_SAY_FAULT);
		return A2A_ANSWER_BROKEN;
	}
	return ask(&(struct a2a_call){
		.fields = &request->fields,
		.settings = request->command.settings,
		.messages = request->command.messages,
		.policy = request->command.policy,
		.log = &request->command.log,
		.start = request->start,
	});
}

static enum a2a_answer change(struct request *request)
{
	if (getuid() != 0 || geteuid() != 0) {
		report(LOG_ERR, "only root can change passwords: run it through sudo");
		return A2A_ANSWER_BROKEN;
	}
	return answer(request, a2a_webmail_change);
}

static enum a2a_answer check(struct request *request)
{
	return answer(request, a2a_webmail_check);
}

static enum a2a_answer print_requirements(
	struct request *request, unsigned rules, enum a2a_answer answer)
{
	if (open_policy(request) && a2a_answer_requirements(request->command.messages,
					    request->command.settings, rules))
		return answer;
	return A2A_ANSWER_BROKEN;
}

static enum a2a_answer show_rules(struct request *request)
{
	/* Nobody needs to read these before typing a password. */
	const unsigned rare = 1u << A2A_NOT_TEXT | 1u << A2A_TOO_LONG;

	return print_requirements(request, ~rare, A2A_ANSWER_DONE);
}

static enum a2a_answer show_status(struct request *request)
{
	const unsigned rules =
		a2a_webmail_weaknesses(&request->fields, A2A_AUDIT_STORE, &request->command.log);

	return rules ? print_requirements(request, rules, A2A_ANSWER_WEAK) : A2A_ANSWER_DONE;
}

static const struct mode {
	const char *name;
	unsigned needed; /* fields */
	enum a2a_answer (*act)(struct request *request);
} modes[] = {
	{NULL, 1u << A2A_FIELD_USER | 1u << A2A_FIELD_OLD | 1u << A2A_FIELD_NEW, change},
	{"--check", 1u << A2A_FIELD_USER | 1u << A2A_FIELD_NEW, check},
	{"--rules", 0, show_rules},
	{"--status", 1u << A2A_FIELD_USER, show_status},
};

static const struct mode *find_mode(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].name ? argc == 2 && strcmp(argv[1], modes[i].name) == 0 : argc == 1)
			return &modes[i];
	return NULL;
}

/* ---- Starting -------------------------------------------------------------------------------- */

/* Gets rid of what comes from the caller: environment, limits, descriptors, signals, folder. */
static void start_clean(void)
{
	const struct rlimit none = {0, 0}, all = {RLIM_INFINITY, RLIM_INFINITY};
	sigset_t nothing;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(A2A_ANSWER_BROKEN);
	closefrom(STDERR_FILENO + 1);
	clearenv();
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	command_start();
	setrlimit(RLIMIT_CORE, &none);
	/* With a low limit the caller would choose where the writing of /etc/shadow stops. Some
	 * containers do not let even root raise it; then a write fails, since SIGXFSZ is ignored.
	 */
	setrlimit(RLIMIT_FSIZE, &all);
	setrlimit(RLIMIT_CPU, &all);
	for (int number = 1; number < NSIG; number++)
		if (number != SIGPIPE && number != SIGKILL && number != SIGSTOP)
			signal(number, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	if (chdir("/"))
		_exit(A2A_ANSWER_BROKEN);
	openlog(A2A_WEBMAIL_SERVICE, LOG_PID, LOG_AUTHPRIV);
}

static enum a2a_answer serve(const struct mode *mode, struct request *request)
{
	struct secret input = {0};
	const char *wrong = a2a_fields_read(STDIN_FILENO, SECONDS_TO_WRITE, &input);

	if (!wrong)
		wrong = a2a_fields_parse(&request->fields, &input, mode->needed);
	a2a_secret_wipe(&input);
	if (!wrong)
		return mode->act(request);
	report(LOG_ERR, "the input: %s", wrong);
	return A2A_ANSWER_MALFORMED;
}

int main(int argc, char **argv)
{
	const struct mode *mode = find_mode(argc, argv);
	struct request request = {.command = {.log = {say, NULL}}};
	enum a2a_answer outcome;

	start_clean();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return write_all(usage, strlen(usage)) ? A2A_ANSWER_DONE : A2A_ANSWER_BROKEN;
	if (!mode) {
		report(LOG_ERR, "a wrong argument: all2all-passwd --help lists the right ones");
		return A2A_ANSWER_MALFORMED;
	}
	clock_gettime(CLOCK_MONOTONIC, &request.start);
	outcome = serve(mode, &request);
	a2a_fields_wipe(&request.fields);
	command_close(&request.command);
	if (fflush(stdout) && errno != EPIPE && outcome != A2A_ANSWER_DONE)
		outcome = A2A_ANSWER_BROKEN;
	return (int)outcome;
}
