/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An administrator's list of accounts, as CSV (RFC 4180), read row by row.
 *
 * The first row names the columns, in any order; heading.h says in which words. The delimiter is
 * the comma, semicolon or tab, whichever the first row has most of; or the vertical bar, if it has
 * none of these; or the one that a line "sep=;" in front names, as Excel reads it. The text is
 * UTF-8, with or without a byte order mark.
 */
#ifndef A2A_LIST_H
#define A2A_LIST_H

#include "heading.h"
#include "log.h"
#include "secret.h"

struct a2a_list;

/*
 * Opens the file, or standard input for "-", and reads its first row. Returns NULL, having reported
 * why, when it cannot be read, is no CSV file, or has no column of users. Without such a column,
 * the column of mail addresses is that of users too. Release with a2a_list_close().
 */
struct a2a_list *a2a_list_open(const char *path, const struct a2a_log *log);
void a2a_list_close(struct a2a_list *list);

/* Return the number of columns, and a column's name as the file spells it. */
size_t a2a_list_width(const struct a2a_list *list);
const char *a2a_list_heading(const struct a2a_list *list, size_t column);

/*
 * Returns a column's name as a field of the sheet: in lower case, with _ in place of every
 * character that is neither a letter nor a digit.
 */
const char *a2a_list_field(const struct a2a_list *list, size_t column);

/* Returns the index of the column, or SIZE_MAX when the file has no such column. */
size_t a2a_list_place(const struct a2a_list *list, enum a2a_column column);

/* Tells whether a table that is made of the list has this column too: all but those of passwords
 * and of errors. */
bool a2a_list_is_copied(const struct a2a_list *list, size_t column);

/*
 * Says that nothing uses the cells of a column. Rows that are read from now on may have there what
 * could not stand on a sheet: line breaks, other control characters, bytes that are not UTF-8.
 */
void a2a_list_ignore(struct a2a_list *list, size_t column);

/* A row. All fields must be zero before a row is read into it. Release with a2a_row_free(). */
struct a2a_row {
	unsigned long line; /* of the file, where it begins */
	char **cell;        /* unless ignored, UTF-8 without control characters, if no problem */
	size_t count;       /* of the cells: as many as headings, if there is no problem */
	char *problem;      /* why it cannot be used, in English; NULL when it can */
	size_t swallowed;   /* further rows that a quotation mark took into this one */
};

enum a2a_list_step { A2A_LIST_ROW, A2A_LIST_END, A2A_LIST_FAILED };

/*
 * Reads the next row into an empty one. Cells that are missing at its end are empty. Skips rows
 * whose cells are all empty. A row that cannot be used gets a `problem`. Returns A2A_LIST_FAILED,
 * having reported, when the rest of the file cannot be read.
 */
enum a2a_list_step a2a_list_next(
	struct a2a_list *list, struct a2a_row *row, const struct a2a_log *log);
void a2a_row_free(struct a2a_row *row);

/* Returns a cell of the row, or "" when the list has no such column. */
const char *a2a_row_value(
	const struct a2a_list *list, const struct a2a_row *row, enum a2a_column column);

/*
 * Returns the person's name in the row: the whole name, or else first name and surname with a blank
 * between them; "" when the list says none. Returns NULL when memory is out. Release with free().
 */
char *a2a_row_person(const struct a2a_list *list, const struct a2a_row *row);

/* Returns the heading of a column that nothing uses, but that has a mail address in this row, which
 * may be that of the account; NULL if there is none. */
const char *a2a_row_stray_address(const struct a2a_list *list, const struct a2a_row *row);

/* Returns the share of the file that was read, from 0 to 1; 0 when its size is not known. */
double a2a_list_share(const struct a2a_list *list);

/*
 * Returns NULL when a text can be a user name; otherwise a text that says in English why it cannot.
 * A user name becomes part of a file name and of a line of a passwd file.
 */
const char *a2a_user_problem(const char *user);

/* Returns the first character in a user name that Dovecot refuses with its default settings, or
 * NULL if it takes them all. */
const char *a2a_user_refused(const char *user);

/* ---- Tables like the list ----------------------------------------------------------------------
 */

/* Return what is in front of the first row (byte order mark, "sep=" line, or "") and the delimiter;
 * "" and ',' if there is no list. */
const char *a2a_list_mark(const struct a2a_list *list);
char a2a_list_delimiter(const struct a2a_list *list);

/*
 * Returns the user name in the first of these rows, which a2a_cell_append() made with the columns
 * of the list. If there is no list, returns the first cell. Returns NULL when there is no complete
 * row, or when memory is out. Release with free().
 */
char *a2a_row_user(const struct a2a_list *list, const struct secret *rows);

#endif
