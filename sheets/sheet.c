/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "pages.h"
#include "template.h"
#include "wording.h"

enum {
	TEMPLATE_MOST_BYTES = 1 << 18,
	STYLE_MOST_BYTES = 1 << 18,
};

struct a2a_sheets {
	const struct a2a_service *service;
	struct sheet_input template[A2A_LANGUAGES];
	struct sheet_input style;
	struct sheet_logo logo;
};

/* ---- Opening --------------------------------------------------------------------------------- */

static bool open_template(struct a2a_sheets *sheets, enum a2a_language language,
	const char *directory, const char *shipped, const struct a2a_log *log)
{
	struct sheet_input *template = &sheets->template[language];
	char *name = NULL;
	bool ok;

	if (asprintf(&name, "sheet.%s.md", a2a_language_tag(language)) < 0) {
		a2a_fault_at(log, NULL, 0, "out of memory");
		return false;
	}
	ok = sheet_input_find(template, directory, shipped, name, TEMPLATE_MOST_BYTES, log) &&
	     sheet_template_check(template, log);
	free(name);
	return ok;
}

static bool open_style(struct a2a_sheets *sheets, const char *directory, const char *shipped,
	const struct a2a_log *log)
{
	struct sheet_input *style = &sheets->style;

	if (!sheet_input_find(style, directory, shipped, "sheet.css", STYLE_MOST_BYTES, log))
		return false;
	if (!strcasestr(style->bytes, "</style") && strlen(style->bytes) == style->size)
		return true;
	a2a_fault_at(log, style->path, 0, "is no style sheet that can stand in a page");
	return false;
}

/* The logo is that of the setting, or else logo.png in the administrator's directory, or none: the
 * organisation's name then stands in its place. */
static bool open_logo(struct a2a_sheets *sheets, const char *directory, const struct a2a_log *log)
{
	const char *path = sheets->service->logo;
	char *usual = NULL;
	struct stat status;
	bool ok;

	if (path && *path)
		return sheet_logo_open(&sheets->logo, path, log);
	if (!directory)
		return true;
	if (asprintf(&usual, "%s/logo.png", directory) < 0) {
		a2a_fault_at(log, NULL, 0, "out of memory");
		return false;
	}
	ok = lstat(usual, &status) != 0 || sheet_logo_open(&sheets->logo, usual, log);
	free(usual);
	return ok;
}

struct a2a_sheets *a2a_sheets_open(const struct a2a_service *service, const char *directory,
	const char *shipped, const struct a2a_log *log)
{
	struct a2a_sheets *sheets = calloc(1, sizeof(*sheets));
	bool ok = true;

	if (!sheets) {
		a2a_fault_at(log, NULL, 0, "out of memory");
		return NULL;
	}
	sheets->service = service;
	for (enum a2a_language language = 0; language < A2A_LANGUAGES; language++)
		ok &= open_template(sheets, language, directory, shipped, log);
	ok &= open_style(sheets, directory, shipped, log);
	ok &= open_logo(sheets, directory, log);
	ok &= sheet_pdf_check(log);
	if (ok)
		return sheets;
	a2a_sheets_close(sheets);
	return NULL;
}

void a2a_sheets_close(struct a2a_sheets *sheets)
{
	if (!sheets)
		return;
	for (enum a2a_language language = 0; language < A2A_LANGUAGES; language++)
		sheet_input_free(&sheets->template[language]);
	sheet_input_free(&sheets->style);
	sheet_logo_close(&sheets->logo);
	free(sheets);
}

bool a2a_sheets_use(const struct a2a_sheets *sheets, const char *field)
{
	for (enum a2a_language language = 0; language < A2A_LANGUAGES; language++)
		if (sheet_template_uses(&sheets->template[language], field))
			return true;
	return false;
}

/* ---- The fields ------------------------------------------------------------------------------ */

/* The values of one sheet, from the account and the service. */
struct facts {
	char *mail, *date, *quota, *message_limit;
	char imaps_port[24], pop3s_port[24], smtps_port[24], guide_length[24];
	struct sheet_value *values;
	size_t count;
};

/* The sheet's own fields besides the account's. */
enum { OWN_FIELDS = 21 };

static void add(struct facts *facts, const char *name, const char *text)
{
	if (!text)
		text = "";
	facts->values[facts->count++] =
		(struct sheet_value){name, a2a_secret_borrow(text, strlen(text))};
}

static void add_secret(struct facts *facts, const char *name, const struct secret *text)
{
	facts->values[facts->count++] = (struct sheet_value){
		name, text ? a2a_secret_borrow(text->bytes, text->length) : (struct secret){0}};
}

bool a2a_sheet_owns(const char *field)
{
	static const char *const own[] = {"user", "name", "mail", "language", "password", "spelled",
		"hash", "date", "guide_length", "logo", "mobileconfig"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i], field) == 0)
			return true;
	return false;
}

/* Tells whether what the host of sheets.conf publishes also holds for an account with settings of
 * its own: it has the same servers, and its domain is that of sheets.conf, or is hosted. */
static bool holds_for(const struct a2a_service *published, const struct a2a_service *account)
{
	return strcmp(published->server, account->server) == 0 &&
	       published->imaps_port == account->imaps_port &&
	       published->smtps_port == account->smtps_port &&
	       (strcasecmp(published->domain, account->domain) == 0 ||
		       (published->mx_domain && *published->mx_domain));
}

/*
 * The host where a program finds the settings of the account; "" if it finds none, or if it cannot
 * log in with them, because it knows nothing but the address. `published` is the service of
 * sheets.conf; an account may have another host.
 */
static const char *find_settings(const struct a2a_service *published,
	const struct a2a_service *service, const char *user, const char *mail)
{
	const char *at = strrchr(mail, '@');
	const size_t length = at ? (size_t)(at - mail) : 0;

	if (!service->autoconfig || !*service->autoconfig || !at ||
		strcasecmp(at + 1, service->domain) != 0)
		return "";
	if (published->autoconfig && strcmp(published->autoconfig, service->autoconfig) == 0 &&
		!holds_for(published, service))
		return "";
	if (strcmp(service->login_name, A2A_LOGIN_LOCAL_PART) == 0 &&
		(strlen(user) != length || strncasecmp(user, mail, length) != 0))
		return "";
	return service->autoconfig;
}

/* The first value of a name counts: the account's columns override the service's values, and
 * nothing overrides the user. */
static void list_facts(struct facts *facts, const struct a2a_service *published,
	const struct a2a_service *service, const struct a2a_handover *handover)
{
	add_secret(facts, "password", handover->password);
	add_secret(facts, "spelled", handover->spelled);
	add(facts, "user", handover->user);
	if (handover->name && *handover->name)
		add(facts, "name", handover->name);
	if (handover->mail && *handover->mail)
		add(facts, "mail", handover->mail);
	for (size_t i = 0; i < handover->field_count; i++)
		add(facts, handover->fields[i].name, handover->fields[i].value);
	add(facts, "name", "");
	add(facts, "mail", facts->mail);
	add(facts, "date", facts->date);
	add(facts, "organisation", service->organisation);
	add(facts, "domain", service->domain);
	add(facts, "server", service->server);
	add(facts, "webmail", service->webmail);
	add(facts, "help", service->help);
	add(facts, "imaps_port", facts->imaps_port);
	add(facts, "pop3s_port", facts->pop3s_port);
	add(facts, "smtps_port", facts->smtps_port);
	add(facts, "quota", facts->quota);
	add(facts, "message_limit", facts->message_limit);
	add(facts, "guide_length", facts->guide_length);
	add(facts, "mobileconfig", handover->mobileconfig);
	add(facts, "autoconfig",
		find_settings(published, service, handover->user,
			handover->mail && *handover->mail ? handover->mail : facts->mail));
}

static bool gather(struct facts *facts, const struct a2a_service *published,
	const struct a2a_service *service, const struct a2a_handover *handover,
	enum a2a_language language)
{
	*facts = (struct facts){
		.mail = a2a_service_address(service, handover->user),
		.date = sheet_date(language, handover->issued),
		.quota = sheet_size(language, service->quota),
		.message_limit = sheet_size(language, service->message_limit),
		.values = calloc(OWN_FIELDS + handover->field_count, sizeof(*facts->values)),
	};
	if (!facts->mail || !facts->date || !facts->quota || !facts->message_limit ||
		!facts->values)
		return false;
	if (handover->guide_length)
		snprintf(facts->guide_length, sizeof(facts->guide_length), "%ld",
			handover->guide_length);
	snprintf(facts->imaps_port, sizeof(facts->imaps_port), "%" PRId64, service->imaps_port);
	snprintf(facts->pop3s_port, sizeof(facts->pop3s_port), "%" PRId64, service->pop3s_port);
	snprintf(facts->smtps_port, sizeof(facts->smtps_port), "%" PRId64, service->smtps_port);
	list_facts(facts, published, service, handover);
	return true;
}

static void release(struct facts *facts)
{
	free(facts->mail);
	free(facts->date);
	free(facts->quota);
	free(facts->message_limit);
	free(facts->values);
}

/* ---- Making ---------------------------------------------------------------------------------- */

static bool (*const write_page[A2A_SHEET_FORMATS])(
	const struct sheet_page *, struct secret *, const struct a2a_log *) = {
	[A2A_SHEET_TEXT] = sheet_write_text,
	[A2A_SHEET_HTML] = sheet_write_html,
	[A2A_SHEET_PDF] = sheet_write_pdf,
};

static const struct a2a_service *service_of(
	const struct a2a_sheets *sheets, const struct a2a_handover *handover)
{
	return handover->service ? handover->service : sheets->service;
}

static bool make(const struct a2a_sheets *sheets, const struct facts *facts,
	const struct a2a_handover *handover, enum a2a_language language,
	enum a2a_sheet_format format, struct secret *page, const struct a2a_log *log)
{
	const struct sheet_input *template = &sheets->template[language];
	const size_t before = page->length;
	struct secret title = {0};
	const struct sheet_parts parts = {sheets->logo.pixels != NULL, handover->cell_count > 0};
	struct sheet_page sheet = {
		.document = sheet_template_fill(template, facts->values, facts->count, &parts, log),
		.path = template->path,
		.language = a2a_language_tag(language),
		.author = service_of(sheets, handover)->organisation,
		.style = sheets->style.bytes,
		.logo = &sheets->logo,
		.cells = handover->cells,
		.cell_count = handover->cell_count,
		.values = facts->values,
		.value_count = facts->count,
		.issued = handover->issued,
	};
	bool ok = false;

	if (!sheet.document)
		return false;
	if (!sheet_title(sheet.document, &title)) {
		a2a_fault_at(log, NULL, 0, "out of memory");
		goto out;
	}
	sheet.title = title.length ? title.bytes : service_of(sheets, handover)->server;
	ok = write_page[format](&sheet, page, log);
	if (!ok && page->length > before) {
		/* Leave no half of a sheet behind. */
		explicit_bzero(page->bytes + before, page->length - before);
		page->length = before;
	}
out:
	cmark_node_free(sheet.document);
	a2a_secret_wipe(&title);
	return ok;
}

bool a2a_sheet_make(const struct a2a_sheets *sheets, const struct a2a_handover *handover,
	enum a2a_sheet_format format, struct secret *page, const struct a2a_log *log)
{
	const enum a2a_language language = a2a_language_find(handover->language);
	struct facts facts;
	bool ok;

	if (language == A2A_LANGUAGES) {
		a2a_fault_at(log, NULL, 0, "there is no sheet in the language \"%s\"",
			handover->language ? handover->language : "");
		return false;
	}
	ok = gather(&facts, sheets->service, service_of(sheets, handover), handover, language);
	if (ok)
		ok = make(sheets, &facts, handover, language, format, page, log);
	else
		a2a_fault_at(log, NULL, 0, "out of memory");
	release(&facts);
	return ok;
}
