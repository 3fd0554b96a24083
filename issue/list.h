/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An administrator's list of accounts, as CSV (RFC 4180), read row by row.
 *
 * The first row names the columns, in any order and in French, Dutch, German or English. The
 * delimiter is the comma, semicolon or tab, whichever the first row has most of. The text is UTF-8,
 * with or without a byte order mark.
 */
#ifndef A2A_LIST_H
#define A2A_LIST_H

#include "log.h"
#include "secret.h"

/* The columns with a meaning; all others become fields of the sheet. A2A_ERROR is the column that
 * an earlier run added to the rows that it refused. */
enum a2a_column { A2A_USER, A2A_NAME, A2A_MAIL, A2A_LANGUAGE, A2A_ERROR, A2A_COLUMNS };

struct a2a_list;

/*
 * Opens the file, or standard input for "-", and reads its first row. Returns NULL, having reported
 * why, when it cannot be read or has no column of users. Release with a2a_list_close().
 */
struct a2a_list *a2a_list_open(const char *path, const struct a2a_log *log);
void a2a_list_close(struct a2a_list *list);

/* Return the number of columns, and a column's name as the file spells it. */
size_t a2a_list_width(const struct a2a_list *list);
const char *a2a_list_heading(const struct a2a_list *list, size_t column);

/*
 * Returns a column's name as a field of the sheet: in lower case, with _ in place of every
 * character that is neither a letter nor a digit. Returns NULL for the columns with a meaning.
 */
const char *a2a_list_field(const struct a2a_list *list, size_t column);

/* Returns the index of the column, or SIZE_MAX when the file has no such column. */
size_t a2a_list_place(const struct a2a_list *list, enum a2a_column column);

/* A row. All fields must be zero before a row is read into it. Release with a2a_row_free(). */
struct a2a_row {
	unsigned long line; /* of the file, where it begins */
	char **cell;        /* texts of UTF-8 without control characters, if there is no problem */
	size_t count;
	char *problem; /* why it cannot be used, in English; NULL when it can */
};

enum a2a_list_step { A2A_LIST_ROW, A2A_LIST_END, A2A_LIST_FAILED };

/*
 * Reads the next row into an empty one. Skips rows whose cells are all empty. A row that cannot be
 * used gets a `problem`. Returns A2A_LIST_FAILED, having reported, when the rest of the file cannot
 * be read.
 */
enum a2a_list_step a2a_list_next(
	struct a2a_list *list, struct a2a_row *row, const struct a2a_log *log);
void a2a_row_free(struct a2a_row *row);

/* Returns a cell of the row, or "" when the list has no such column. */
const char *a2a_row_value(
	const struct a2a_list *list, const struct a2a_row *row, enum a2a_column column);

/* Returns the share of the file that was read, from 0 to 1; 0 when its size is not known. */
double a2a_list_share(const struct a2a_list *list);

/*
 * Returns NULL when a text can be a user name; otherwise a text that says in English why it cannot.
 * A user name becomes part of a file name and of a line of a passwd file.
 */
const char *a2a_user_problem(const char *user);

/* ---- Tables like the list ----------------------------------------------------------------------
 */

/* Return the list's byte order mark (or "") and its delimiter; "" and ',' if there is no list. */
const char *a2a_list_mark(const struct a2a_list *list);
char a2a_list_delimiter(const struct a2a_list *list);

/*
 * Returns the user name in the first of these rows, which a2a_cell_append() made with the columns
 * of the list. If there is no list, returns the first cell. Returns NULL when there is no complete
 * row, or when memory is out. Release with free().
 */
char *a2a_row_user(const struct a2a_list *list, const struct secret *rows);

#endif
