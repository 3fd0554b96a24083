/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes the mail about a weak password to standard output, for programs that read it.
 *
 *   usage: write_notice [--show] CONFIGURATION KEY=VALUE...
 *
 * A key is a field of struct a2a_notice, or `lang` or `profile`. With --show, the mail is printed
 * as all2all-audit notify --dry-run prints it.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "notice.h"
#include "show.h"

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	warnx("%s", text);
}

static const char *value(char **arguments, const char *key, const char *fallback)
{
	const size_t length = strlen(key);

	for (; *arguments; arguments++)
		if (strncmp(*arguments, key, length) == 0 && (*arguments)[length] == '=')
			return *arguments + length + 1;
	return fallback;
}

/* Takes the settings: those of a file, and what the arguments say. Returns NULL, having reported.
 */
static struct a2a_settings *take_settings(
	const char *configuration, char **arguments, const struct a2a_log *log)
{
	struct a2a_settings *settings = a2a_settings_new();

	if (!settings || !a2a_settings_read_file(settings, configuration, false, log))
		return NULL;
	for (; *arguments; arguments++)
		if ((strncmp(*arguments, "lang=", 5) == 0 ||
			    strncmp(*arguments, "profile=", 8) == 0) &&
			!a2a_settings_set(settings, *arguments, "here", log))
			return NULL;
	return settings;
}

int main(int argc, char **argv)
{
	const bool show = argc > 1 && strcmp(argv[1], "--show") == 0;
	char **arguments = argv + 1 + show;
	const struct a2a_log log = {say, NULL};
	struct a2a_settings *settings;
	struct a2a_messages *messages;
	char *mail, *shown;

	if (!*arguments)
		errx(2, "usage: write_notice [--show] CONFIGURATION KEY=VALUE...");
	settings = take_settings(*arguments, arguments + 1, &log);
	messages = settings ? a2a_messages_open(settings, &log) : NULL;
	if (!messages)
		return 2;
	mail = a2a_notice_write(
		&(struct a2a_notice){
			.user = value(arguments, "user", "user0001"),
			.name = value(arguments, "name", NULL),
			.address = value(arguments, "address", "user0001@example.org"),
			.from = value(arguments, "from", NULL),
			.rules = value(arguments, "rules", "dictionary-word"),
			.organisation = value(arguments, "organisation", "ALL2ALL"),
			.help = value(arguments, "help", "+32 2 555 01 23"),
			.webmail = value(arguments, "webmail", NULL),
			.page = value(arguments, "page", NULL),
			.has_link = strcmp(value(arguments, "has_link", "yes"), "yes") == 0,
			.days = strtol(value(arguments, "days", "-1"), NULL, 10),
		},
		messages, settings);
	shown = mail && show ? a2a_mail_show(mail) : NULL;
	if (!mail || (show && !shown))
		return 2;
	fputs(show ? shown : mail, stdout);
	free(shown);
	free(mail);
	a2a_messages_close(messages);
	a2a_settings_free(settings);
	return fflush(stdout) ? 2 : 0;
}
