/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * make_sheet [KEY=VALUE] ...: one sheet on standard output, for sheets.sh and for a look at one.
 * Keys: language, format (text, html, pdf), templates, and those of a sheet; `alphabet`
 * spells the password with the alphabet of that tag, with `words` as words; `times` makes the sheet
 * so often in `threads` threads, and says how long one took. "column.NAME" is a column.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sheet.h"
#include "spelling.h"

/* What fontconfig and Pango keep until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\n";
}

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	fprintf(stderr, "make_sheet: %s%s\n", level == A2A_WARNING ? "warning: " : "", text);
}

static const struct a2a_log to_standard_error = {say, NULL};

/* What the command line said; for the service, only the last one of a key counts. */
struct options {
	int count;
	char **arguments;
};

static char *option(const struct options *options, const char *key, const char *otherwise)
{
	const size_t length = strlen(key);

	for (int i = options->count - 1; i >= 0; i--)
		if (strncmp(options->arguments[i], key, length) == 0 &&
			options->arguments[i][length] == '=')
			return options->arguments[i] + length + 1;
	return (char *)(size_t)otherwise;
}

static long number(const struct options *options, const char *key, const char *otherwise)
{
	return strtol(option(options, key, otherwise), NULL, 10);
}

struct work {
	const struct a2a_sheets *sheets;
	const struct a2a_handover *handover;
	enum a2a_sheet_format format;
	long times;
	bool is_first;
	bool ok;
};

static void *make_many(void *context)
{
	struct work *work = context;

	work->ok = true;
	for (long i = 0; i < work->times && work->ok; i++) {
		struct secret page = {0};

		work->ok = a2a_sheet_make(
			work->sheets, work->handover, work->format, &page, &to_standard_error);
		if (work->ok && work->is_first && i == 0)
			work->ok = fwrite(page.bytes, 1, page.length, stdout) == page.length;
		a2a_secret_wipe(&page);
	}
	return NULL;
}

static bool make_in_threads(const struct work *work, long threads)
{
	pthread_t *thread = calloc((size_t)threads, sizeof(*thread));
	struct work *share = calloc((size_t)threads, sizeof(*share));
	bool ok = thread && share;

	if (!ok)
		errx(2, "out of memory");
	for (long i = 0; i < threads; i++) {
		share[i] = *work;
		share[i].is_first = i == 0;
		errno = pthread_create(&thread[i], NULL, make_many, &share[i]);
		if (errno)
			err(2, "pthread_create");
	}
	for (long i = 0; i < threads; i++) {
		pthread_join(thread[i], NULL);
		ok &= share[i].ok;
	}
	free(share);
	free(thread);
	return ok;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static enum a2a_sheet_format format_of(const char *name)
{
	if (strcmp(name, "pdf") == 0)
		return A2A_SHEET_PDF;
	return strcmp(name, "html") == 0 ? A2A_SHEET_HTML : A2A_SHEET_TEXT;
}

int main(int argc, char **argv)
{
	const struct options options = {argc - 1, argv + 1};
	const struct a2a_service service = {
		.organisation = option(&options, "organisation", "ALL2ALL"),
		.domain = option(&options, "domain", "all2all.org"),
		.server = option(&options, "server", "mail.all2all.org"),
		.webmail = option(&options, "webmail", "https://webmail.all2all.org/"),
		.help = option(&options, "help", "support@all2all.org"),
		.logo = option(&options, "logo", ""),
		.imaps_port = number(&options, "imaps_port", "993"),
		.pop3s_port = number(&options, "pop3s_port", "995"),
		.smtps_port = number(&options, "smtps_port", "465"),
		.quota = number(&options, "quota", "25"),
		.message_limit = number(&options, "message_limit", "12"),
		.autoconfig = option(&options, "autoconfig", ""),
		.login_name = option(&options, "login_name", "address"),
	};
	const char *typed = option(&options, "password", "k7mvtq2xr9");
	const char *aloud = option(&options, "spelled", option(&options, "alphabet", ""));
	const struct secret password = a2a_secret_borrow(typed, strlen(typed));
	const struct secret spelled = a2a_secret_borrow(aloud, strlen(aloud));
	const char *alphabet = option(&options, "alphabet", "");
	struct a2a_spelling spelling = {0};
	struct a2a_sheet_cell *cells = calloc(strlen(typed) + 1, sizeof(*cells));
	struct a2a_sheet_field *fields = calloc((size_t)argc, sizeof(*fields));
	struct a2a_handover handover = {
		.language = option(&options, "language", "en"),
		.user = option(&options, "user", "user0001"),
		.name = option(&options, "name", NULL),
		.mail = option(&options, "mail", NULL),
		.password = &password,
		.spelled = &spelled,
		.cells = cells,
		.mobileconfig = option(&options, "mobileconfig", NULL),
		.issued = (time_t)number(&options, "issued", "1795348800"),
		.guide_length = number(&options, "guide_length", "8"),
		.fields = fields,
	};
	struct work work = {
		.handover = &handover,
		.format = format_of(option(&options, "format", "text")),
		.times = number(&options, "times", "1"),
	};
	const long threads = number(&options, "threads", "1");
	const char *templates = option(&options, "templates", NULL);
	struct a2a_sheets *sheets;
	double began = now(), opened;
	bool ok = false;

	if (!fields || !cells ||
		(*alphabet &&
			!a2a_spell(&password, alphabet, *option(&options, "words", ""), &spelling)))
		errx(2, "out of memory");
	for (; handover.cell_count < spelling.count; handover.cell_count++)
		cells[handover.cell_count] = (struct a2a_sheet_cell){
			.shown = spelling.cell[handover.cell_count].shown,
			.name = spelling.cell[handover.cell_count].name,
			.mark = spelling.cell[handover.cell_count].mark,
			.is_word = spelling.cell[handover.cell_count].is_word,
		};
	for (int i = 1; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		/* "column.Room=12": the column Room */
		if (strncmp(argv[i], "column.", 7) != 0 || !value)
			continue;
		*value = '\0';
		fields[handover.field_count++] = (struct a2a_sheet_field){argv[i] + 7, value + 1};
	}
	sheets = a2a_sheets_open(
		&service, templates, option(&options, "shipped", A2A_SHEETS), &to_standard_error);
	opened = now();
	if (sheets) {
		work.sheets = sheets;
		ok = make_in_threads(&work, threads);
	}
	if (ok && work.times > 1)
		fprintf(stderr, "opening %.1f ms, a sheet %.3f ms\n", (opened - began) * 1e3,
			(now() - opened) * 1e3 / (double)work.times / (double)threads);
	a2a_sheets_close(sheets);
	a2a_spelling_wipe(&spelling);
	free(cells);
	free(fields);
	return ok ? 0 : 2;
}
