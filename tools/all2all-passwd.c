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
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "command.h"
#include "paths.h"
#include "serve.h"
#include "start.h"

static const char usage[] =
	"usage: all2all-passwd            change a password, as root\n"
	"       all2all-passwd --check    check a password against the policy\n"
	"       all2all-passwd --propose  make a password, and spell it\n"
	"       all2all-passwd --rules    list what the policy asks of a password\n"
	"       all2all-passwd --status   list why the password in use is weak, as root\n"
	"\n"
	"      --check    check the field new, change nothing\n"
	"      --propose  print a password that the policy accepts, change nothing\n"
	"      --rules    list what a password needs, before one is typed\n"
	"      --status   list why the password was weak at the last login\n"
	"      --help     print this text\n"
	"      --version  print the version\n"
	"\n"
	"For programs: user, passwords and languages come as netstrings of NAME=VALUE on\n"
	"standard input (user lang host old new), never as arguments. Exit status:\n"
	"0 changed, good, or nothing known; 1 too weak; 2 failure; 3 wrong old\n"
	"password; 4 not understood; 5 not allowed for now. Manual: all2all-passwd(8).\n";

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

static bool open_policy(void *context, const char *languages, struct a2a_opened *opened)
{
	struct command *command = context;
	const struct command_options options = {.lang = languages, .ignore_environment = true};
	const bool ok = command_open(command, &options);

	*opened = (struct a2a_opened){command->settings, command->messages, command->policy};
	return ok;
}

int main(int argc, char **argv)
{
	const char *failure = a2a_start_clean(A2A_ANSWER_BROKEN);
	struct command command = {.log = {say, NULL}};
	struct a2a_host host = {
		.open = open_policy,
		.context = &command,
		.log = &command.log,
		.tries = A2A_TRIES,
		.store = A2A_AUDIT_STORE,
		.accounts = A2A_ACCOUNTS_CONFIGURATION,
		.is_root = getuid() == 0 && geteuid() == 0,
	};
	/* A password that is proposed goes through it. */
	static char buffer[BUFSIZ];
	enum a2a_answer answer;

	command_start();
	openlog(A2A_WEBMAIL_SERVICE, LOG_PID, LOG_AUTHPRIV);
	if (failure) {
		report(LOG_ERR, "nothing is done: %s", failure);
		return A2A_ANSWER_BROKEN;
	}
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return write_all(usage, strlen(usage)) ? A2A_ANSWER_DONE : A2A_ANSWER_BROKEN;
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return command_print_version() ? A2A_ANSWER_DONE : A2A_ANSWER_BROKEN;
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	clock_gettime(CLOCK_MONOTONIC, &host.start);
	answer = a2a_webmail_serve(&host, argc, (const char *const *)argv, STDIN_FILENO);
	command_close(&command);
	if (fflush(stdout) && errno != EPIPE && answer != A2A_ANSWER_DONE)
		answer = A2A_ANSWER_BROKEN;
	explicit_bzero(buffer, sizeof(buffer));
	return (int)answer;
}
