/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_table.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

enum {
	STATUS_FAULT = 2,
	GAP = 2,         /* blanks between two columns */
	BAR = 30,        /* columns of the longest bar */
	LEAST_BAR = 5,   /* of the longest bar, in a narrow terminal */
	LEAST_TEXT = 12, /* columns of a text that goes on in the next line at any character, */
	MOST_PIECE = 16, /* and of the longest piece that is not broken */
};

struct cell {
	char *text; /* NULL: a bar */
	double share;
	enum style style;
};

struct table {
	const struct table_column *column;
	size_t columns;
	struct cell *cell;
	size_t cells, room;
};

struct table *table_new(const struct table_column *column, size_t columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		err(STATUS_FAULT, NULL);
	table->column = column;
	table->columns = columns;
	return table;
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->cells; i++)
		free(table->cell[i].text);
	free(table->cell);
	free(table);
}

static void add(struct table *table, struct cell cell)
{
	if (table->cells == table->room) {
		table->room = table->room ? 2 * table->room : 64;
		table->cell = reallocarray(table->cell, table->room, sizeof(*table->cell));
		if (!table->cell)
			err(STATUS_FAULT, NULL);
	}
	table->cell[table->cells++] = cell;
}

void table_add(struct table *table, enum style style, const char *text)
{
	add(table, (struct cell){.text = text_printable(text), .style = style});
}

void table_add_number(struct table *table, long long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", number);
	table_add(table, STYLE_PLAIN, text);
}

void table_add_bar(struct table *table, enum style style, int64_t value, int64_t most)
{
	const double share = most > 0 ? (double)value / (double)most : 0;

	add(table, (struct cell){.share = share, .style = style});
}

/* ---- Widths ---------------------------------------------------------------------------------- */

static size_t columns_of(const char *text)
{
	return text_columns(text, strlen(text));
}

static bool has_headings(const struct table *table)
{
	return table->column[0].heading;
}

/* The widths of a table: of each column, and the least that it may have. */
struct widths {
	size_t *of, *least;
};

static size_t larger(size_t one, size_t other)
{
	return one > other ? one : other;
}

/* Returns the columns of the longest piece of a text, with the comma behind it. */
static size_t longest_piece(const char *text)
{
	size_t longest = 0;

	while (*text) {
		const size_t length = strcspn(text, ", ");
		const size_t piece = length + (text[length] == ',');

		longest = larger(longest, text_columns(text, piece));
		text += piece + strspn(text + piece, " ");
	}
	return longest;
}

static void measure_cell(const struct table *table, size_t at, const struct widths *widths)
{
	const char *text = table->cell[at].text;
	const size_t i = at % table->columns;

	if (!text)
		return;
	widths->of[i] = larger(widths->of[i], columns_of(text));
	widths->least[i] = larger(widths->least[i],
		table->column[i].cells == CELLS_TEXT ? longest_piece(text) : columns_of(text));
}

static void measure(const struct table *table, const struct widths *widths)
{
	for (size_t i = 0; i < table->columns; i++) {
		const char *heading = table->column[i].heading;

		widths->of[i] = widths->least[i] = heading ? columns_of(heading) : 0;
	}
	for (size_t i = 0; i < table->cells; i++)
		measure_cell(table, i, widths);
	for (size_t i = 0; i < table->columns; i++) {
		if (table->column[i].cells == CELLS_BAR) {
			widths->of[i] = BAR;
			widths->least[i] = LEAST_BAR;
		} else if (table->column[i].cells == CELLS_TEXT && widths->least[i] > MOST_PIECE) {
			widths->least[i] = LEAST_TEXT;
		}
	}
}

static size_t total(const struct table *table, const size_t *widths)
{
	size_t all = GAP * (table->columns - 1);

	for (size_t i = 0; i < table->columns; i++)
		all += widths[i];
	return all;
}

/* Makes the columns narrower until they fit: bars first, then the widest text, a column at a time.
 * Returns false when they cannot fit. */
static bool narrow(const struct table *table, const struct widths *widths, size_t width)
{
	size_t *const of = widths->of;

	for (size_t too_much = total(table, of); too_much > width; too_much--) {
		size_t widest = table->columns;

		for (size_t i = 0; i < table->columns; i++) {
			if (of[i] <= widths->least[i])
				continue;
			if (widest == table->columns || table->column[i].cells == CELLS_BAR ||
				(table->column[widest].cells != CELLS_BAR && of[i] > of[widest]))
				widest = i;
		}
		if (widest == table->columns)
			return false;
		of[widest]--;
	}
	return true;
}

/* ---- Printing -------------------------------------------------------------------------------- */

static void blanks(size_t count)
{
	printf("%*s", (int)count, "");
}

/* Returns the bytes that a line of so many columns takes of a text: all of them, or up to the last
 * comma or blank in it, or as many as fit. */
static size_t line_of(const char *text, size_t columns)
{
	const size_t length = strlen(text);
	size_t fitting = text_fit(text, length, columns);

	if (fitting == length)
		return length;
	for (size_t i = fitting; i > 0; i--)
		if (text[i - 1] == ',' || text[i - 1] == ' ' || text[i] == ' ')
			return i;
	/* A path or an address reads best in its own parts, if they are not short. */
	for (size_t i = fitting; i > fitting / 2; i--)
		if (strchr("/@.-", text[i - 1]))
			return i;
	/* A character that is wider than the column is not left out. */
	while (!fitting)
		fitting = text_fit(text, length, ++columns);
	return fitting;
}

static size_t bar_of(const struct cell *cell, size_t width)
{
	const double columns = cell->share * (double)width;
	const size_t whole = (size_t)columns;

	/* What is not nothing is seen. */
	return whole + ((double)whole < columns);
}

/* Prints the part of a cell that fits into one line, with the blanks that align it; behind the last
 * column of a table, none. Returns what is left of the text. */
static const char *print_part(const struct cell *cell, const char *text,
	const struct table_column *column, size_t width, bool is_last, bool has_color)
{
	const size_t bytes = text ? line_of(text, width) : 0;
	const size_t used = text ? text_columns(text, bytes) : bar_of(cell, width);
	const size_t left = used < width ? width - used : 0;

	if (column->cells == CELLS_NUMBER)
		blanks(left);
	fputs(terminal_style(has_color && used, cell->style), stdout);
	if (text)
		fwrite(text, 1, bytes, stdout);
	else
		for (size_t i = 0; i < used; i++)
			putchar('#');
	fputs(terminal_plain(has_color && used, cell->style), stdout);
	if (column->cells != CELLS_NUMBER && !is_last)
		blanks(left);
	text = text ? text + bytes : "";
	return text + strspn(text, " ");
}

static bool is_rest(const char *const *rest, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		if (rest[i] && *rest[i])
			return true;
	return false;
}

/* Prints a row, in as many lines as it takes. */
static void print_row(const struct table *table, const struct cell *row, const size_t *widths,
	const char **rest, size_t indent, bool has_color)
{
	for (size_t i = 0; i < table->columns; i++)
		rest[i] = row[i].text;
	do {
		size_t last = table->columns - 1;

		/* Blanks at the end are nothing. */
		while (last > 0 && (rest[last] ? !*rest[last] : row[last].share <= 0))
			last--;
		blanks(indent);
		for (size_t i = 0; i <= last; i++) {
			if (i)
				blanks(GAP);
			rest[i] = print_part(&row[i], rest[i], &table->column[i], widths[i],
				i == last, has_color);
		}
		putchar('\n');
		/* A bar is printed once. */
		for (size_t i = 0; i < table->columns; i++)
			rest[i] = rest[i] ? rest[i] : "";
	} while (is_rest(rest, table->columns));
}

static void print_headings(
	const struct table *table, const size_t *widths, size_t indent, bool has_color)
{
	size_t last = table->columns - 1;

	while (last > 0 && !*table->column[last].heading)
		last--;
	blanks(indent);
	fputs(terminal_style(has_color, STYLE_HEADING), stdout);
	for (size_t i = 0; i <= last; i++) {
		const struct table_column *column = &table->column[i];
		const size_t left = widths[i] - columns_of(column->heading);

		if (i)
			blanks(GAP);
		if (column->cells == CELLS_NUMBER)
			blanks(left);
		fputs(column->heading, stdout);
		if (column->cells != CELLS_NUMBER && i != last)
			blanks(left);
	}
	puts(terminal_plain(has_color, STYLE_HEADING));
}

/* Each row as lines of its own, with an empty line between two rows. */
static void print_records(const struct table *table, size_t indent, size_t width, bool has_color)
{
	size_t label = 0;

	for (size_t i = 0; has_headings(table) && i < table->columns; i++)
		if (columns_of(table->column[i].heading) > label)
			label = columns_of(table->column[i].heading);
	label += has_headings(table) ? GAP : 0;
	for (size_t i = 0; i < table->cells; i++) {
		const struct table_column column = {.cells = CELLS_TEXT};
		const struct cell *cell = &table->cell[i];
		const char *heading = table->column[i % table->columns].heading;
		const size_t room =
			width > indent + label + LEAST_BAR ? width - indent - label : LEAST_BAR;
		const char *rest = cell->text;

		if (i && i % table->columns == 0)
			putchar('\n');
		/* Nothing is said of what is empty. */
		if (rest && !*rest)
			continue;
		if (!has_headings(table))
			heading = "";
		do {
			printf("%*s%s%s%s%*s", (int)indent, "",
				terminal_style(has_color && *heading, STYLE_HEADING), heading,
				terminal_plain(has_color && *heading, STYLE_HEADING),
				(int)(label - columns_of(heading)), "");
			rest = print_part(cell, rest, &column, room < BAR || rest ? room : BAR,
				true, has_color);
			putchar('\n');
			heading = "";
		} while (*rest);
	}
}

void table_print(const struct table *table, size_t indent, size_t width, bool has_color)
{
	size_t *of = calloc(2 * table->columns, sizeof(*of));
	const char **rest = calloc(table->columns, sizeof(*rest));
	struct widths widths;

	if (!of || !rest)
		err(STATUS_FAULT, NULL);
	widths = (struct widths){of, of + table->columns};
	measure(table, &widths);
	if (width < SIZE_MAX && !narrow(table, &widths, width > indent ? width - indent : 0)) {
		print_records(table, indent, width, has_color);
	} else {
		if (has_headings(table))
			print_headings(table, of, indent, has_color);
		for (size_t i = 0; i + table->columns <= table->cells; i += table->columns)
			print_row(table, table->cell + i, of, rest, indent, has_color);
	}
	free(rest);
	free(of);
}
