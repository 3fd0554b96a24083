/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tables on standard output that fit the terminal, or are as wide as their cells where there is
 * none. A column is as wide as its widest cell. Where that is too much, the widest columns of text
 * get narrower, and their cells go on in the next line. Where even that is too much, each row is
 * printed as lines of "HEADING  cell".
 */
#ifndef A2A_TEXT_TABLE_H
#define A2A_TEXT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "terminal.h"

/* What a column holds. A text may go on in the next line, best behind a comma or a blank. A bar
 * takes the columns that are left. */
enum cells { CELLS_WORD, CELLS_TEXT, CELLS_NUMBER, CELLS_BAR };

struct table_column {
	const char *heading; /* NULL in the first column: no headings are printed */
	enum cells cells;
};

struct table;

/* Makes a table without rows. The columns must outlive it. Ends the program when memory is out, as
 * all functions here do. Release with table_free(). */
struct table *table_new(const struct table_column *column, size_t columns);
void table_free(struct table *table);

/* Adds a cell, from left to right and row after row. A text is copied, without what a terminal must
 * not get. */
void table_add(struct table *table, enum style style, const char *text);
void table_add_number(struct table *table, long long number);

/* Adds the cell of a bar, whose length is the share of `most` that `value` is. */
void table_add_bar(struct table *table, enum style style, int64_t value, int64_t most);

/* Prints the table: within `width` columns, SIZE_MAX for as many as it takes, with blanks in front
 * of each line. */
void table_print(const struct table *table, size_t indent, size_t width, bool has_color);

#endif
