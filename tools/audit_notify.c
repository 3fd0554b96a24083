/* SPDX-License-Identifier: BSD-3-Clause */
/* all2all-audit notify: mails the users whose password is weak. */
#define _GNU_SOURCE
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "audit_command.h"
#include "language.h"
#include "notice.h"
#include "report.h"
#include "send.h"
#include "service.h"
#include "show.h"
#include "who.h"

enum { WEEK = 7 * 24 * 60 * 60 };

/* One line of --languages: the languages of one user, and the person's name or "". */
struct preference {
	char *user, *languages, *name;
};

struct notify {
	struct command *command;
	const struct audit_request *request;
	struct a2a_store *store;
	struct a2a_service service;
	struct preference *preference;
	size_t preferences;
	size_t mails;
	size_t due; /* users who are to be mailed */
	struct audit_progress progress;
	char *usual; /* the languages of the users that --languages does not list */
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

/* Cuts the first word off a line. Returns the rest, without the blanks at both ends. */
static char *cut_word(char *line)
{
	char *rest = line + strcspn(line, " \t\r"), *end;

	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t\r");
	for (end = rest + strlen(rest); end > rest && strchr(" \t\r", end[-1]); end--)
		end[-1] = '\0';
	return rest;
}

/* Tells whether a name is nothing but languages, which blanks separate instead of commas. */
static bool is_languages(const char *name)
{
	bool is = *name;

	for (const char *end; is && *name; name = end + strspn(end, " \t")) {
		char word[3] = "";

		end = name + strcspn(name, " \t");
		is = end == name + 2;
		if (is)
			is = a2a_language_is_tag(memcpy(word, name, 2));
	}
	return is;
}

static bool check_preference(
	struct notify *notify, const struct preference *preference, const char *path, size_t number)
{
	char *where = NULL;
	bool ok = false;

	if (asprintf(&where, "%s:%zu", path, number) < 0)
		err(EXIT_FAULT, "--languages");
	if (!*preference->languages)
		warnx("%s: no language behind the user", where);
	else if (is_languages(preference->name))
		warnx("%s: \"%s\" would be the name: put commas between languages, not blanks",
			where, preference->name);
	else
		ok = set_languages(
			notify->command, preference->languages, where, &notify->command->log);
	free(where);
	return ok;
}

/* Takes one line, in which `#` begins a comment. Returns false, having reported, when it is wrong.
 */
static bool take_preference(struct notify *notify, char *line, const char *path, size_t number)
{
	char *user, *languages, *name;
	struct preference *preference;

	line[strcspn(line, "#\n")] = '\0';
	user = line + strspn(line, " \t\r");
	if (!*user)
		return true;
	languages = cut_word(user);
	name = cut_word(languages);
	notify->preference = reallocarray(
		notify->preference, notify->preferences + 1, sizeof(*notify->preference));
	if (!notify->preference)
		err(EXIT_FAULT, "--languages");
	preference = &notify->preference[notify->preferences++];
	*preference = (struct preference){strdup(user), strdup(languages), strdup(name)};
	if (!preference->user || !preference->languages || !preference->name)
		err(EXIT_FAULT, "--languages");
	return check_preference(notify, preference, path, number);
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

/* Returns the line of a user, or NULL. Of two lines for the same user, the last one counts. */
static const struct preference *preference_of(const struct notify *notify, const char *user)
{
	for (size_t i = notify->preferences; i > 0; i--)
		if (strcmp(notify->preference[i - 1].user, user) == 0)
			return &notify->preference[i - 1];
	return NULL;
}

/* Returns the address of a user; release it with free(). Returns NULL, having reported, when the
 * user's name cannot be a mail address. */
static char *make_address(struct notify *notify, const char *user)
{
	const char *domain =
		notify->request->domain ? notify->request->domain : notify->service.domain;
	char *address = NULL;

	if (!a2a_is_mail_address(user)) {
		bar_clear(&notify->progress.bar);
		fputs("all2all-audit: not mailed, because the name is not a mail address: ",
			stderr);
		for (const char *c = user; *c; c++)
			putc(isprint((unsigned char)*c) ? *c : '?', stderr);
		putc('\n', stderr);
		return NULL;
	}
	address = a2a_mail_address(user, *domain ? domain : NULL);
	if (!address)
		err(EXIT_FAULT, NULL);
	return address;
}

static char *compose(struct notify *notify, const struct a2a_record *record, const char *address)
{
	const struct preference *preference = preference_of(notify, record->user);
	const struct a2a_service *service = &notify->service;
	struct a2a_account account = {0};
	struct a2a_notice notice = {
		.user = record->user,
		.address = address,
		.from = notify->request->from,
		.rules = record->rules,
		.organisation = service->organisation,
		.help = service->help,
		.webmail = *service->webmail ? service->webmail : NULL,
		.page = notify->request->webmail,
		.has_link = service->mail_link,
		.days = a2a_record_days_left(record, notify->request->grace, notify->request->now),
	};
	struct a2a_messages *messages = NULL;
	char *mail = NULL;

	/* A user whom this machine does not know is greeted without a name. */
	if (preference && *preference->name)
		notice.name = preference->name;
	else if (a2a_account_find(&account, record->user) == A2A_FOUND)
		notice.name = account.full_name;
	if (set_languages(notify->command, preference ? preference->languages : notify->usual,
		    "--lang", &notify->progress.log))
		messages = a2a_messages_open(notify->command->settings, &notify->progress.log);
	if (messages)
		mail = a2a_notice_write(&notice, messages, notify->command->settings);
	a2a_messages_close(messages);
	a2a_account_free(&account);
	if (!mail)
		warnx("out of memory");
	return mail;
}

/* Prints a mail as its reader sees it, with a line between two of them. */
static bool show(struct notify *notify, const char *mail)
{
	char *shown = a2a_mail_show(mail);
	bool ok = shown;

	if (!ok)
		warnx("out of memory");
	if (ok && notify->mails++)
		ok = puts("\n======================================================================"
			  "=="
			  "\n") >= 0;
	ok = ok && write_all(shown, strlen(shown));
	free(shown);
	return ok;
}

/* Notes the mail in the audit database, sends it, and takes the note back when it cannot be sent.
 */
static bool deliver(struct notify *notify, const struct a2a_record *record, const char *mail)
{
	const struct audit_request *request = notify->request;
	/* Users who were mailed before this moment may be mailed again. */
	const int64_t before = request->force ? INT64_MAX : request->now - WEEK;
	bool taken;

	if (!a2a_store_take_notice(notify->store, record->user, request->now, before, &taken,
		    &notify->progress.log))
		return false;
	if (!taken)
		return true;
	if (!a2a_mail_send(request->sendmail, mail, &notify->progress.log)) {
		a2a_store_return_notice(
			notify->store, record->user, record->notified, &notify->progress.log);
		return false;
	}
	notify->mails++;
	return true;
}

static bool is_due(const struct audit_request *request, const struct a2a_record *record)
{
	return request->force || record->notified <= request->now - WEEK;
}

static bool count_due(void *context, const struct a2a_record *record)
{
	struct notify *notify = context;

	notify->due += is_due(notify->request, record);
	return true;
}

static bool notify_one(void *context, const struct a2a_record *record)
{
	struct notify *notify = context;
	const struct audit_request *request = notify->request;
	char *address, *mail = NULL;
	bool ok = false;

	if (!is_due(request, record))
		return true;
	bar_count(&notify->progress.bar, "mail", notify->mails,
		notify->due ? (double)notify->mails / (double)notify->due : 0);
	address = make_address(notify, record->user);
	if (address)
		mail = compose(notify, record, address);
	if (mail)
		ok = request->dry_run ? show(notify, mail) : deliver(notify, record, mail);
	free(mail);
	free(address);
	notify->ok &= ok;
	/* A bad name is skipped. If this mail could not be sent, the next one cannot be sent
	 * either. */
	return ok || !address;
}

/* Reads what is said of the service. Returns false, having reported. */
static bool read_service(struct notify *notify, const struct audit_request *request)
{
	if (!a2a_service_read_for_mail(&notify->service, request->sheets, &notify->command->log))
		return false;
	if (!request->webmail || notify->service.mail_link)
		return true;
	warnx("--webmail: mails have no link, says %s/sheets.conf (mail_link)", request->sheets);
	return false;
}

int audit_notify(
	struct command *command, struct a2a_store *store, const struct audit_request *request)
{
	struct notify notify = {.command = command, .request = request, .store = store, .ok = true};
	const struct a2a_reader reader = {notify_one, &notify}, counter = {count_due, &notify};

	notify.usual = strdup(command->settings->lang);
	if (!notify.usual)
		err(EXIT_FAULT, NULL);
	notify.ok = read_preferences(&notify, request->languages) && read_service(&notify, request);
	/* A dry run prints the mails, and does not wait for sendmail. */
	audit_begin_progress(
		&notify.progress, !request->dry_run && bar_is_possible(), &command->log);
	if (notify.ok && ((notify.progress.bar.is_shown &&
				  !a2a_store_each(store, A2A_THE_WEAK, &counter, &command->log)) ||
				 !a2a_store_each(store, A2A_THE_WEAK, &reader, &command->log)))
		notify.ok = false;
	bar_clear(&notify.progress.bar);
	if (notify.mails || !request->dry_run)
		warnx("%zu mail%s %s", notify.mails, notify.mails == 1 ? "" : "s",
			request->dry_run ? "would be sent" : "sent");
	for (size_t i = 0; i < notify.preferences; i++) {
		free(notify.preference[i].user);
		free(notify.preference[i].languages);
		free(notify.preference[i].name);
	}
	free(notify.preference);
	a2a_service_free(&notify.service);
	free(notify.usual);
	return notify.ok ? EXIT_ACCEPTED : EXIT_FAULT;
}
