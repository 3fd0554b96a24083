/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "command.h"

#include <bsd/readpassphrase.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "language.h"
#include "number.h"
#include "paths.h"

void command_start(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGPIPE, SIG_IGN);
	/* If a process ignores this signal, the kernel keeps no exit statuses of its children. */
	signal(SIGCHLD, SIG_DFL);
	umask(077);
}

static void add_set(struct command_options *options, const char *assignment)
{
	options->set = reallocarray(options->set, options->set_count + 1, sizeof(*options->set));
	if (!options->set)
		err(EXIT_FAULT, "--set");
	options->set[options->set_count++] = assignment;
}

void command_take_option(
	struct command_options *options, int option, const char *argument, const char *usage)
{
	switch (option) {
	case 'L':
		options->lang = argument;
		break;
	case 'c':
		options->config = argument;
		break;
	case 's':
		add_set(options, argument);
		break;
	case OPTION_COLOR:
		options->color = terminal_color_named(argument);
		break;
	case 'h':
		exit(write_all(usage, strlen(usage)) ? EXIT_ACCEPTED : EXIT_FAULT);
	case 'V':
		exit(command_print_version() ? EXIT_ACCEPTED : EXIT_FAULT);
	default:
		fprintf(stderr, "%s --help lists the options.\n", program_invocation_short_name);
		exit(EXIT_FAULT);
	}
}

bool command_print_version(void)
{
	static const char line[] = A2A_VERSION "\n";

	return write_all(line, sizeof(line) - 1);
}

unsigned command_number(const char *option, const char *text, unsigned most)
{
	int64_t value;

	if (!a2a_number_parse(text, 1, most, &value))
		errx(EXIT_FAULT, "%s: \"%s\" is not a number from 1 to %u", option, text, most);
	return (unsigned)value;
}

static void to_stderr(void *context, enum a2a_level level, const char *text)
{
	const struct command *command = context;
	const bool has_color = terminal_has_color(STDERR_FILENO, command->color);
	const enum style style = level == A2A_WARNING ? STYLE_WARNING : STYLE_BAD;
	const char *const begin = terminal_style(has_color, style);
	const char *const end = terminal_plain(has_color, style);

	if (level == A2A_WARNING)
		warnx("%swarning:%s %s", begin, end, text);
	else
		warnx("%s%s%s", begin, text, end);
}

/* Finds the configuration of the build tree that the program runs from; Returns NULL when the
 * program is installed. */
static char *find_uninstalled(void)
{
	char *program = realpath("/proc/self/exe", NULL);
	char *slash = program ? strrchr(program, '/') : NULL;
	char *path = NULL;

	if (slash) {
		*slash = '\0';
		if (asprintf(&path, "%s/../uninstalled.conf", program) < 0)
			path = NULL;
	}
	free(program);
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

bool command_is_uninstalled(void)
{
	char *path = find_uninstalled();

	free(path);
	return path != NULL;
}

/* Chooses the language as setlocale(3) does, but the locale need not be installed. */
static const char *environment_language(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "";
}

static bool choose_language(struct command *command, const struct command_options *options)
{
	const char *lang = options->lang;
	char *assignment = NULL;
	bool ok;

	if (!lang && (options->ignore_environment || *command->settings->lang))
		return true;
	if (!lang) {
		lang = environment_language();
		if (a2a_language_find(lang) == A2A_LANGUAGES)
			return true;
	}
	if (asprintf(&assignment, "lang=%s", lang) < 0)
		err(EXIT_FAULT, "--lang");
	ok = a2a_settings_set(command->settings, assignment, "--lang", &command->log);
	free(assignment);
	return ok;
}

bool command_configure(struct command *command, const struct command_options *options)
{
	char *uninstalled = find_uninstalled();
	bool ok = true;

	command->color = options->color;
	if (!command->log.say)
		command->log = (struct a2a_log){to_stderr, command};
	command->settings = a2a_settings_new();
	if (!command->settings)
		err(EXIT_FAULT, NULL);
	if (uninstalled)
		ok &= a2a_settings_read_file(command->settings, uninstalled, false, &command->log);
	if (options->config)
		ok &= a2a_settings_read_file(
			command->settings, options->config, false, &command->log);
	else if (!uninstalled)
		ok &= a2a_settings_read_file(
			command->settings, A2A_CONFIGURATION, true, &command->log);
	free(uninstalled);
	for (size_t i = 0; i < options->set_count; i++)
		ok &= a2a_settings_set(command->settings, options->set[i], "--set", &command->log);
	ok &= choose_language(command, options);
	command->messages = a2a_messages_open(command->settings, &command->log);
	return ok && command->messages;
}

bool command_open(struct command *command, const struct command_options *options)
{
	if (command_configure(command, options))
		command->policy = a2a_policy_open(command->settings, &command->log);
	return command->policy != NULL;
}

void command_close(struct command *command)
{
	a2a_policy_close(command->policy);
	a2a_messages_close(command->messages);
	a2a_settings_free(command->settings);
	a2a_secret_clear_stack();
}

enum line lines_next(struct lines *lines, struct secret *line)
{
	line->length = 0;
	for (;;) {
		const char *start = lines->buffer + lines->start;
		size_t there = lines->end - lines->start;
		const char *newline = memchr(start, '\n', there);
		size_t length = newline ? (size_t)(newline - start) : there;
		ssize_t got;

		if (!a2a_secret_append(line, start, length)) {
			errno = ENOMEM;
			return LINE_FAILED;
		}
		lines->start += length;
		if (newline) {
			lines->start++;
			return LINE_READ;
		}
		do
			got = read(lines->fd, lines->buffer, sizeof(lines->buffer));
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return LINE_FAILED;
		if (got == 0)
			return line->length ? LINE_READ : LINE_END;
		lines->start = 0;
		lines->end = (size_t)got;
	}
}

void lines_wipe(struct lines *lines)
{
	explicit_bzero(lines, sizeof(*lines));
}

bool ask_hidden(const char *prompt, struct secret *answer)
{
	char typed[2048];
	bool ok = readpassphrase(prompt, typed, sizeof(typed), RPP_REQUIRE_TTY | RPP_ECHO_OFF) &&
		  strlen(typed) < sizeof(typed) - 1;

	if (ok && !a2a_secret_append(answer, typed, strlen(typed)))
		ok = false;
	explicit_bzero(typed, sizeof(typed));
	return ok;
}

bool write_all(const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0 && errno == EPIPE)
			return true;
		if (written < 0) {
			warn("standard output");
			return false;
		}
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}
