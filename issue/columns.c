/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

bool issue_column_is_setting(const struct a2a_list *list, size_t column)
{
	const char *field = a2a_list_field(list, column);

	return a2a_list_is_copied(list, column) && !a2a_sheet_owns(field) && a2a_service_has(field);
}

enum issue_use issue_column_use(
	const struct handover *handover, const struct a2a_list *list, size_t column)
{
	const char *field = a2a_list_field(list, column);

	if (!a2a_list_is_copied(list, column))
		return ISSUE_NOTHING;
	for (enum a2a_column meaning = 0; meaning < A2A_COLUMNS; meaning++)
		if (meaning != A2A_MAILBOX && a2a_list_place(list, meaning) == column)
			return ISSUE_MEANING;
	if (!handover->sheets || a2a_sheet_owns(field))
		return ISSUE_NOTHING;
	if (issue_column_is_setting(list, column))
		return ISSUE_SETTING;
	return *field && a2a_sheets_use(handover->sheets, field) ? ISSUE_FIELD : ISSUE_NOTHING;
}

/* ---- What is said of it ---------------------------------------------------------------------- */

/* Adds a heading and a remark, behind `before` if something is there already. */
static bool add(struct secret *text, const char *before, const char *heading, const char *remark)
{
	return (!text->length || a2a_secret_append(text, before, strlen(before))) &&
	       a2a_secret_append(text, heading, strlen(heading)) &&
	       a2a_secret_append(text, remark, strlen(remark));
}

static bool add_column(struct secret *text, const char *before, const struct a2a_list *list,
	enum a2a_column meaning)
{
	const size_t column = a2a_list_place(list, meaning);

	return column == SIZE_MAX || add(text, before, a2a_list_heading(list, column), "");
}

static bool has(const struct a2a_list *list, enum a2a_column meaning)
{
	return a2a_list_place(list, meaning) != SIZE_MAX;
}

/* As a2a_row_person() takes them: "Display name, or First name + Last name". */
static bool add_names(struct secret *text, const struct a2a_list *list)
{
	const bool is_whole = has(list, A2A_LAST_NAME) || !has(list, A2A_FIRST_NAME);
	struct secret joined = {0};
	bool ok = add_column(text, "", list, A2A_FULL_NAME) &&
		  (!is_whole || add_column(text, ", or ", list, A2A_NAME)) &&
		  add_column(&joined, "", list, A2A_FIRST_NAME) &&
		  add_column(&joined, " + ", list, is_whole ? A2A_LAST_NAME : A2A_NAME);

	if (ok && joined.length)
		ok = add(text, ", or ", joined.bytes, "");
	a2a_secret_wipe(&joined);
	return ok;
}

/* Says where addresses come from that the list does not have. */
static bool add_addresses(
	struct secret *text, const struct handover *handover, const struct a2a_list *list)
{
	const char *domain = handover->service.domain;

	if (has(list, A2A_MAIL))
		return add_column(text, "", list, A2A_MAIL);
	if (!handover->sheets)
		return true;
	if (!*domain)
		return add(text, "", "none: the user name", " (if it has an @)");
	return add(text, "", "none: the user name at ", domain) &&
	       add(text, "", " (unless it has an @)", "");
}

/* Says why a column is left out, if one may wonder. */
static const char *why(const struct a2a_list *list, size_t column)
{
	const char *field = a2a_list_field(list, column);

	if (column == a2a_list_place(list, A2A_PASSWORD))
		return " (passwords are made here)";
	if (strcmp(field, "date") == 0)
		return " (the sheet has the day of issue)";
	if (strcmp(field, "logo") == 0)
		return " (the same for all: sheets.conf)";
	return "";
}

static bool tell(
	const struct a2a_run_events *events, const char *what, struct secret *headings, bool ok)
{
	if (ok && headings->length)
		events->columns(events->context, what, headings->bytes);
	headings->length = 0;
	return ok;
}

/* Tells of the columns of one use that is not a meaning, each for itself. */
static bool tell_each(const struct handover *handover, const struct a2a_list *list,
	const struct a2a_run_events *events, enum issue_use use)
{
	for (size_t i = 0; i < a2a_list_width(list); i++) {
		char *what = NULL;

		if (issue_column_use(handover, list, i) != use)
			continue;
		if (asprintf(&what, use == ISSUE_FIELD ? "{{%s}}" : "%s", a2a_list_field(list, i)) <
			0)
			return false;
		events->columns(events->context, what, a2a_list_heading(list, i));
		free(what);
	}
	return true;
}

/* Tells of columns that nothing uses: of those that go into the table, or of those that do not. */
static bool tell_unused(const struct handover *handover, struct a2a_list *list,
	const struct a2a_run_events *events, struct secret *text, bool in_table)
{
	bool ok = true;

	for (size_t i = 0; ok && i < a2a_list_width(list); i++) {
		if (issue_column_use(handover, list, i) != ISSUE_NOTHING)
			continue;
		a2a_list_ignore(list, i);
		if ((handover->request->table && a2a_list_is_copied(list, i)) == in_table &&
			i != a2a_list_place(list, A2A_ERROR) && *a2a_list_heading(list, i))
			ok = add(text, ", ", a2a_list_heading(list, i), why(list, i));
	}
	return tell(events, in_table ? "table only" : "left out", text, ok);
}

bool issue_columns_settle(const struct handover *handover, struct a2a_list *list,
	const struct a2a_run_events *events, const struct a2a_log *log)
{
	struct secret text = {0};
	const bool ok =
		tell(events, "user name", &text, add_column(&text, "", list, A2A_USER)) &&
		tell(events, "name", &text, add_names(&text, list)) &&
		tell(events, "mail address", &text, add_addresses(&text, handover, list)) &&
		tell(events, "language", &text, add_column(&text, "", list, A2A_LANGUAGE)) &&
		tell_each(handover, list, events, ISSUE_SETTING) &&
		tell_each(handover, list, events, ISSUE_FIELD) &&
		tell_unused(handover, list, events, &text, true) &&
		tell_unused(handover, list, events, &text, false);

	a2a_secret_wipe(&text);
	return ok || a2a_fault(log, NULL, "out of memory");
}
