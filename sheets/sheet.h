/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sheet that is handed over with an account: one page for its user, as text, HTML or PDF.
 *
 * What it says stands in template files, one a language: CommonMark with {{fields}}. A field's
 * value is put into the parsed text, never into the source, so no value can be markup.
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

/* Whether there is a template in the language of a tag: "fr", "fr_BE", "nl-BE". */
bool a2a_sheets_know(const struct a2a_sheets *sheets, const char *tag);

/* A further field of the account, such as a column of the administrator's list. */
struct a2a_sheet_field {
	const char *name, *value;
};

/* One account; UTF-8, and all of it the caller's. */
struct a2a_handover {
	const char *language; /* one that a2a_sheets_know() */
	const char *user;
	const char *name; /* the person's; NULL or "": not known */
	const char *mail; /* the address; NULL or "": user@domain of the service */
	const struct secret *password;
	const struct secret *spelled; /* for the telephone; NULL: not said */
	time_t issued;
	const struct a2a_sheet_field *fields; /* these come before the service's own facts */
	size_t field_count;
};

/*
 * Appends the page to `page`, and wipes whatever else held the password on the way, as far as the
 * libraries let it. Returns false, having reported, when it cannot be made.
 */
bool a2a_sheet_make(const struct a2a_sheets *sheets, const struct a2a_handover *handover,
	enum a2a_sheet_format format, struct secret *page, const struct a2a_log *log);

#endif
