/* SPDX-License-Identifier: BSD-3-Clause */
#include "tables.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spreadsheet.h"

/* The columns of a table if there is no list. */
static const char *const columns[] = {"user", "name", "mail", "language"};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static bool out_of_memory(const struct place *place)
{
	return a2a_fault(place->log, NULL, "out of memory");
}

static bool add_bytes(
	const struct place *place, struct secret *row, const char *bytes, size_t length)
{
	return a2a_cell_append(row, a2a_list_delimiter(place->list), bytes, length);
}

static bool add_cell(const struct place *place, struct secret *row, const char *text)
{
	return add_bytes(place, row, text, strlen(text));
}

/* Adds the names of the list's columns. */
static bool add_headings(const struct place *place, struct secret *row)
{
	const struct a2a_list *list = place->list;
	bool ok = true;

	for (size_t i = 0; !list && ok && i < COLUMNS; i++)
		ok = add_cell(place, row, columns[i]);
	for (size_t i = 0; list && ok && i < a2a_list_width(list); i++)
		ok = !a2a_list_is_copied(list, i) ||
		     add_cell(place, row, a2a_list_heading(list, i));
	return ok;
}

/* Adds the cells of the account, with the user's one name if it has the password. */
static bool add_cells(
	const struct place *place, const struct recipient *recipient, struct secret *row)
{
	const char *const cells[COLUMNS] = {
		recipient->user, recipient->name, recipient->mail, recipient->language};
	const struct a2a_list *list = place->list;
	const size_t user = list && !recipient->problem ? a2a_list_place(list, A2A_USER) : SIZE_MAX;
	bool ok = true;

	for (size_t i = 0; !list && ok && i < COLUMNS; i++)
		ok = add_cell(place, row, cells[i]);
	for (size_t i = 0; list && ok && i < recipient->row.count; i++)
		ok = !a2a_list_is_copied(list, i) ||
		     add_cell(place, row, i == user ? recipient->user : recipient->row.cell[i]);
	return ok;
}

/* Makes the header: the list's byte order mark, and the row of headings behind it. */
static bool make_header(const struct place *place, const struct secret *row, struct secret *header)
{
	const char *mark = a2a_list_mark(place->list);

	return a2a_secret_append(header, mark, strlen(mark)) &&
	       a2a_secret_append(header, row->bytes, row->length);
}

/* ---- Passwords ------------------------------------------------------------------------------- */

bool issue_table_open(struct place *place)
{
	const off_t end = a2a_journal_table_end(place->journal);
	const bool is_begun = a2a_journal_table(place->journal);
	const bool has_hash = !place->request->setter;
	struct secret header = {0}, cells = {0}, rest = {0};

	if (!add_headings(place, &cells) || !add_cell(place, &cells, "password") ||
		(has_hash && !add_cell(place, &cells, "hash")) || !a2a_row_end(&cells) ||
		!make_header(place, &cells, &header))
		out_of_memory(place);
	else if (is_begun || a2a_journal_set_table(place->journal, place->table_path, place->log))
		place->table = a2a_partial_open(place->request->table,
			is_begun ? A2A_PARTIAL_BEGUN : A2A_PARTIAL_NEW, end, &header, &rest,
			place->log);
	/* The journal does not know this row, so its password may be set. */
	if (place->table && !has_hash && rest.length)
		place->doubtful = a2a_row_user(place->list, &rest);
	a2a_secret_wipe(&rest);
	a2a_secret_wipe(&header);
	a2a_secret_wipe(&cells);
	return place->table;
}

bool issue_table_need(struct place *place)
{
	return !place->request->table || place->table || issue_table_open(place);
}

bool issue_table_add(struct place *place, const struct recipient *recipient)
{
	const struct secret *password = &recipient->password, *hashed = &recipient->hashed;
	const bool has_hash = !place->request->setter;
	struct secret row = {0};
	bool ok = add_cells(place, recipient, &row) &&
		  add_bytes(place, &row, password->bytes, password->length) &&
		  (!has_hash || add_bytes(place, &row, hashed->bytes, hashed->length)) &&
		  a2a_row_end(&row);

	ok = ok ? a2a_partial_add(place->table, &row, place->log) : out_of_memory(place);
	a2a_secret_wipe(&row);
	return ok;
}

/* ---- Errors ---------------------------------------------------------------------------------- */

static bool open_errors(struct place *place)
{
	struct secret header = {0}, cells = {0};

	if (!add_cell(place, &cells, "error") || !add_headings(place, &cells) ||
		!a2a_row_end(&cells) || !make_header(place, &cells, &header))
		out_of_memory(place);
	else
		place->errors = a2a_partial_open(
			place->errors_path, A2A_PARTIAL_REPLACED, 0, &header, NULL, place->log);
	a2a_secret_wipe(&header);
	a2a_secret_wipe(&cells);
	return place->errors;
}

bool issue_errors_add(struct place *place, const struct recipient *recipient)
{
	struct secret row = {0};
	bool ok;

	if (!place->errors && !open_errors(place))
		return false;
	ok = add_cell(place, &row, recipient->problem) && add_cells(place, recipient, &row) &&
	     a2a_row_end(&row);
	ok = ok ? a2a_partial_add(place->errors, &row, place->log) : out_of_memory(place);
	a2a_secret_wipe(&row);
	return ok;
}
