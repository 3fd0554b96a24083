/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rows of comma-separated values (RFC 4180) in which a spreadsheet finds nothing but text: every
 * cell is in quotation marks, and none begins like a formula.
 */
#ifndef A2A_SPREADSHEET_H
#define A2A_SPREADSHEET_H

#include "secret.h"

/*
 * Tells whether a spreadsheet takes a cell that begins with this character for a formula: = + - @,
 * or a tab or line end, which it skips in front of one. See OWASP, "CSV Injection". Inline, because
 * the generator of passwords needs this function, but not libcsv.
 */
static inline bool a2a_is_formula_start(char character)
{
	switch (character) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case '\n':
		return true;
	default:
		return false;
	}
}

/*
 * Appends a cell to a row, after the delimiter unless it is the first cell. A cell that begins like
 * a formula gets an apostrophe in front, which a2a_cell_unguarded() takes away. Returns false when
 * memory is out; the row is then as it was.
 */
bool a2a_cell_append(struct secret *row, char delimiter, const char *bytes, size_t length);

/* Ends a row with CR LF. Returns false when memory is out. */
bool a2a_row_end(struct secret *row);

/* Returns a cell, as it was read, without the apostrophe of a2a_cell_append(). Adjusts the length.
 */
const char *a2a_cell_unguarded(const char *bytes, size_t *length);

#endif
