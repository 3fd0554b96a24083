/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sheet that a user gets with an account: one page, as text, HTML or PDF.
 *
 * Its text is in template files, one for each language: CommonMark with {{fields}}. Values are
 * inserted into the parsed document, never into the source, so no value can be markup. A paragraph
 * or list item with an empty field is left out.
 *
 * The fields: user, password, spelled, name, mail, date, organisation, domain, server, webmail,
 * help, imaps_port, pop3s_port, smtps_port, quota, message_limit, guide_length, mobileconfig, and
 * those of the account.
 */
#ifndef A2A_SHEET_H
#define A2A_SHEET_H

#include <time.h>

#include "secret.h"
#include "service.h"

enum a2a_sheet_format { A2A_SHEET_TEXT, A2A_SHEET_HTML, A2A_SHEET_PDF, A2A_SHEET_FORMATS };

struct a2a_sheets;

/*
 * Opens the templates of all languages, each from `directory` (the administrator's) if it is there,
 * otherwise from `shipped`. All templates and the logo are read and checked now, so that mistakes
 * are found before the first password is set. Returns NULL, having reported every mistake.
 * Immutable; may be used by several threads at once. The service must stay until
 * a2a_sheets_close().
 */
struct a2a_sheets *a2a_sheets_open(const struct a2a_service *service, const char *directory,
	const char *shipped, const struct a2a_log *log);
void a2a_sheets_close(struct a2a_sheets *sheets);

/* Tells whether some template has the field. */
bool a2a_sheets_use(const struct a2a_sheets *sheets, const char *field);

/* Tells whether a field is the sheet's own: the account's, or what only the sheet can know, such as
 * the date. No further field of an account can have that name. */
bool a2a_sheet_owns(const char *field);

/* A further field of the account, such as a column of the administrator's list. */
struct a2a_sheet_field {
	const char *name, *value;
};

/* A cell of the grid in which the password is spelled. */
struct a2a_sheet_cell {
	struct secret shown; /* a character, or a word of a passphrase */
	struct secret name;  /* how it is said */
	const char *mark;    /* "majuscule"; NULL: not a capital */
	bool is_word;
};

/* An account. All texts are UTF-8 and belong to the caller. */
struct a2a_handover {
	const char *language; /* as a2a_language_find() takes it */
	const char *user;
	const char *name; /* the person's; NULL or "": not known */
	const char *mail; /* the address; NULL or "": see a2a_service_address() */
	const struct secret *password;
	const struct secret *spelled; /* for the telephone, in one line; NULL: none */
	/* The same as a grid, for a paragraph that ends with {{spelled}}. None: the line. */
	const struct a2a_sheet_cell *cells;
	size_t cell_count;
	const char *mobileconfig; /* the file that sets up Apple's programs; NULL or "": none */
	time_t issued;
	/* The characters that a password has at least, if the policy is what ALL2ALL's guide says;
	 * otherwise 0: the sheet does not repeat the guide. */
	long guide_length;
	/* The mail service of this account; NULL: that of the sheets. */
	const struct a2a_service *service;
	/* These override the service's fields, but never the members above. */
	const struct a2a_sheet_field *fields;
	size_t field_count;
};

/*
 * Appends the page to `page`, and wipes all other memory that held the password, except that of the
 * libraries that make a PDF. Returns false, having reported, and leaves `page` unchanged, when the
 * template has an unknown field (which is only known together with the account's fields), or when a
 * value is not UTF-8 or holds a control character. So make the sheet before the password is set.
 * The libraries end the program when memory is out.
 */
bool a2a_sheet_make(const struct a2a_sheets *sheets, const struct a2a_handover *handover,
	enum a2a_sheet_format format, struct secret *page, const struct a2a_log *log);

#endif
