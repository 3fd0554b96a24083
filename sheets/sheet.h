/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sheet that is handed over with an account: one page for its user, as text, HTML or PDF.
 *
 * What it says stands in template files, one a language: CommonMark with {{fields}}. A field's
 * value is put into the parsed text, never into the source, so no value can be markup. A paragraph
 * or list item with an empty field in it is left out.
 *
 * The fields: user, password, spelled, name, mail, date, organisation, domain, server, webmail,
 * help, imaps_port, pop3s_port, smtps_port, quota, message_limit, and those of the account.
 */
#ifndef A2A_SHEET_H
#define A2A_SHEET_H

#include <time.h>

#include "service.h"

enum a2a_sheet_format { A2A_SHEET_TEXT, A2A_SHEET_HTML, A2A_SHEET_PDF, A2A_SHEET_FORMATS };

struct a2a_sheets;

/*
 * Opens the templates of all languages: each file from `directory` (the administrator's) if it is
 * there, else from `shipped`. Every template is read and checked now, the logo too, so that a
 * mistake in one is known before the first password is set. Returns NULL, having reported all that
 * is wrong. Immutable; may be used by several threads at once. The service must stay until
 * a2a_sheets_close().
 */
struct a2a_sheets *a2a_sheets_open(const struct a2a_service *service, const char *directory,
	const char *shipped, const struct a2a_log *log);
void a2a_sheets_close(struct a2a_sheets *sheets);

/* A further field of the account, such as a column of the administrator's list. */
struct a2a_sheet_field {
	const char *name, *value;
};

/* One account; UTF-8, and all of it the caller's. */
struct a2a_handover {
	const char *language; /* as a2a_language_find() takes it */
	const char *user;
	const char *name; /* the person's; NULL or "": not known */
	const char *mail; /* the address; NULL or "": user@domain of the service */
	const struct secret *password;
	const struct secret *spelled; /* for the telephone; NULL: not said */
	time_t issued;
	/* These come before the service's facts, but never before what stands above. */
	const struct a2a_sheet_field *fields;
	size_t field_count;
};

/*
 * Appends the page to `page`, and wipes whatever else held the password on the way; of a PDF, the
 * libraries that make it do not wipe theirs. Returns false, having reported, when it cannot be
 * made; `page` is then as it was. That is also when the template has a field that is not known,
 * since only the account's fields can tell, and when a value is not UTF-8 or has a control
 * character: make the sheet first, and set the password then. When memory is out inside of the
 * libraries, they end the program.
 */
bool a2a_sheet_make(const struct a2a_sheets *sheets, const struct a2a_handover *handover,
	enum a2a_sheet_format format, struct secret *page, const struct a2a_log *log);

#endif
