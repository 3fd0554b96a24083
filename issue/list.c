/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "list.h"

#include <csv.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

#include "address.h"
#include "spreadsheet.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

enum {
	MOST_COLUMNS = 256,
	MOST_CELL_BYTES = 4096, /* of a name, an address, a remark */
	MOST_ROW_BYTES = MOST_COLUMNS * MOST_CELL_BYTES,
	MOST_USER_BYTES = 128, /* leaves space for the other parts of a file name */
	IN_QUOTES = 2,         /* the state of libcsv's parser in an open cell: FIELD_BEGUN */
};

/* What offices save instead of CSV, by its first bytes. */
static const struct {
	const char *bytes;
	size_t length;
	const char *what;
} other_files[] = {
	{"PK\3\4", 4, "is a workbook (.xlsx, .ods)"},
	{"\xD0\xCF\x11\xE0", 4, "is a workbook of an older Excel (.xls)"},
	{"\xFF\xFE", 2, "is UTF-16 (\"Unicode text\")"},
	{"\xFE\xFF", 2, "is UTF-16 (\"Unicode text\")"},
	{"%PDF", 4, "is a PDF file"},
	{"{\\rtf", 5, "is a text document (.rtf)"},
	{"<", 1, "is a web page or XML"},
	{"dn:", 3, "is LDIF, the export of a directory"},
	{"version: 1", 10, "is LDIF, the export of a directory"},
	{"BEGIN:VCARD", 11, "is an address book (vCard)"},
};

static const char delimiters[] = ",;\t|";

struct a2a_list {
	char *path; /* for reports */
	int fd;
	off_t size, taken; /* bytes; size 0: not known */
	unsigned long line;
	bool has_ended; /* the file */
	bool is_over;
	char *mark; /* what is in front of the first row */
	char delimiter;
	struct csv_parser parser;
	unsigned char buffer[1 << 16];
	size_t start, end;
	struct a2a_row header;
	char **field;
	bool *is_ignored; /* NULL while the first row is read */
	size_t place[A2A_COLUMNS];
	unsigned rank[A2A_COLUMNS]; /* of the heading at that place */
	/* Results of the parser's callbacks. */
	struct a2a_row *row;
	bool has_row, is_out_of_memory;
};

/* Columns that a list must not have, because the run adds them. */
static const char *const made[] = {"spelled", "hash"};

/* ---- Cells ----------------------------------------------------------------------------------- */

void a2a_row_free(struct a2a_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		free(row->cell[i]);
	free(row->cell);
	free(row->problem);
	*row = (struct a2a_row){0};
}

/* Returns why the bytes cannot be text on a sheet, or NULL. */
static const char *text_problem(const char *bytes, size_t length)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)bytes;
	size_t left = length;

	if (length > MOST_CELL_BYTES)
		return "is longer than 4096 bytes";
	while (left) {
		utf8proc_int32_t point;
		utf8proc_ssize_t size = utf8proc_iterate(at, (utf8proc_ssize_t)left, &point);

		if (size < 1)
			return "is not UTF-8: save the list as \"CSV UTF-8\"";
		switch (utf8proc_category(point)) {
		case UTF8PROC_CATEGORY_ZL:
		case UTF8PROC_CATEGORY_ZP:
		case UTF8PROC_CATEGORY_CC:
			return point == '\n' || point == '\r'
				       ? "has a line break in it: write it on one line"
				       : "has a control character in it";
		default:
			break;
		}
		at += size;
		left -= (size_t)size;
	}
	return NULL;
}

/* Tells whether the text has characters that a name brings along when it is copied from a web page,
 * and that nobody could type. */
static bool has_unseen(const char *text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t point;

	while (*at) {
		utf8proc_ssize_t size = utf8proc_iterate(at, -1, &point);

		if (size < 1 || utf8proc_category(point) == UTF8PROC_CATEGORY_CF ||
			(point != ' ' && utf8proc_category(point) == UTF8PROC_CATEGORY_ZS))
			return true;
		at += size;
	}
	return false;
}

const char *a2a_user_problem(const char *user)
{
	const char *problem = text_problem(user, strlen(user));

	if (!*user)
		return "there is no user name";
	if (problem)
		return "the user name is no plain text";
	if (strlen(user) > MOST_USER_BYTES)
		return "the user name is longer than 128 bytes";
	if (has_unseen(user))
		return "the user name has an invisible character in it, or a blank of another "
		       "width";
	if (strchr("-.'", *user))
		return "a user name cannot begin with - or . or '";
	if (strpbrk(user, " /\\:,\"`$"))
		return "a user name cannot have blanks or any of / \\ : , \" ` $ in it";
	return NULL;
}

const char *a2a_user_refused(const char *user)
{
	/* The default of auth_username_chars in Dovecot 2.3 and 2.4. */
	static const char taken[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@";
	const char *refused = user + strspn(user, taken);

	return *refused ? refused : NULL;
}

static bool is_line_end(char character)
{
	return character == '\n' || character == '\r';
}

/*
 * Counts the rows of the list in a cell that has line breaks: the lines behind the first one that
 * have a delimiter, and in a list of one column all that are not empty.
 */
static size_t count_rows(const struct a2a_list *list, const char *text, size_t length)
{
	const char *end = text + length;
	size_t rows = 0;

	while (text < end && !is_line_end(*text))
		text++;
	while (text < end) {
		const char *line = text;

		while (text < end && !is_line_end(*text))
			text++;
		rows += list->header.count > 1
				? memchr(line, list->delimiter, (size_t)(text - line)) != NULL
				: text > line;
		text++;
	}
	return rows;
}

/* Gives the row the problem of a cell, counted from 1, that may have taken in further rows. Only
 * the first problem counts. */
static void spoil(struct a2a_list *list, size_t cell, const char *problem, size_t swallowed)
{
	struct a2a_row *row = list->row;
	int length;

	if (row->problem)
		return;
	if (swallowed)
		length = asprintf(&row->problem,
			"cell %zu %s: the quotation mark in front of it takes in %zu more row%s "
			"of the list",
			cell, problem, swallowed, swallowed == 1 ? "" : "s");
	else
		length = asprintf(&row->problem, "cell %zu %s", cell, problem);
	if (length < 0)
		row->problem = NULL, list->is_out_of_memory = true;
}

/* Checks a cell before it is taken. Of one that nothing uses, only what would be lost unseen is
 * looked at: rows of the list, and what is behind a NUL. */
static void check_cell(struct a2a_list *list, const char *text, size_t length)
{
	struct a2a_row *row = list->row;
	const bool is_ignored =
		list->is_ignored && row->count < list->header.count && list->is_ignored[row->count];
	const char *problem = text_problem(text, length);
	const size_t swallowed = problem && list->is_ignored ? count_rows(list, text, length) : 0;

	row->swallowed += swallowed;
	if (problem && (!is_ignored || swallowed || memchr(text, '\0', length)))
		spoil(list, row->count + 1, swallowed ? "has a line break in it" : problem,
			swallowed);
}

/* libcsv's callback for a cell. */
static void take_cell(void *bytes, size_t length, void *context)
{
	struct a2a_list *list = context;
	struct a2a_row *row = list->row;
	const char *text = a2a_cell_unguarded(bytes, &length);
	char **grown;

	if (row->count == MOST_COLUMNS) {
		if (!row->problem)
			row->problem = strdup("there are more than 256 cells");
		return;
	}
	check_cell(list, text, length);
	grown = reallocarray(row->cell, row->count + 1, sizeof(*grown));
	if (!grown) {
		list->is_out_of_memory = true;
		return;
	}
	row->cell = grown;
	/* The cell ends at a NUL; check_cell() has found it. */
	row->cell[row->count] = strndup(text, length);
	if (row->cell[row->count])
		row->count++;
	else
		list->is_out_of_memory = true;
}

/* libcsv's callback for the end of a row. */
static void take_row(int end, void *context)
{
	struct a2a_list *list = context;

	(void)end;
	list->has_row = true;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Fills the buffer, also from a pipe that has a few bytes at a time, so that the whole first row
 * can be looked at. Leaves it empty at the end of the file. */
static bool fill(struct a2a_list *list, const struct a2a_log *log)
{
	ssize_t got = 1;

	list->start = list->end = 0;
	while (got && !list->has_ended && list->end < sizeof(list->buffer)) {
		got = read(list->fd, list->buffer + list->end, sizeof(list->buffer) - list->end);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return a2a_fault_at(
				log, list->path, 0, "cannot be read: %s", strerror(errno));
		list->has_ended = got == 0;
		list->end += (size_t)got;
		list->taken += got;
	}
	return true;
}

/* Takes the last row if the file does not end in a line break. */
static void finish(struct a2a_list *list)
{
	const bool is_open = list->parser.quoted && list->parser.pstate == IN_QUOTES;
	struct a2a_row *row = list->row;

	list->is_over = true;
	csv_fini(&list->parser, take_cell, take_row, list);
	if (is_open) {
		free(row->problem);
		row->problem = NULL;
		spoil(list, row->count, "has no quotation mark at its end", row->swallowed);
	}
	list->has_row = row->count || row->problem;
}

/* Reads any row, without looking at its meaning. */
static enum a2a_list_step read_row(
	struct a2a_list *list, struct a2a_row *row, const struct a2a_log *log)
{
	size_t bytes = 0;

	*row = (struct a2a_row){.line = list->line};
	list->row = row;
	list->has_row = false;
	while (!list->has_row && !list->is_over) {
		if (list->start == list->end && !fill(list, log))
			goto failed;
		if (list->start == list->end) {
			finish(list);
			break;
		}
		if (++bytes > MOST_ROW_BYTES) {
			a2a_fault_at(log, list->path, row->line,
				"a row of more than 1 MB begins here: is this a list?");
			goto failed;
		}
		/* A byte at a time, so that the parser stops behind the row. */
		if (csv_parse(&list->parser, list->buffer + list->start, 1, take_cell, take_row,
			    list) != 1)
			list->is_out_of_memory = true;
		if (list->buffer[list->start++] == '\n') {
			list->line++;
			if (!row->count && !list->has_row && !list->parser.pstate)
				row->line = list->line;
		}
		if (list->is_out_of_memory)
			break;
	}
	if (list->is_out_of_memory) {
		a2a_fault_at(log, list->path, row->line, "out of memory");
		goto failed;
	}
	return list->has_row ? A2A_LIST_ROW : A2A_LIST_END;
failed:
	a2a_row_free(row);
	return A2A_LIST_FAILED;
}

/* Tells whether all cells are empty. Spreadsheets write such rows after the last one. */
static bool is_blank(const struct a2a_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (*row->cell[i])
			return false;
	return !row->problem;
}

/* Adds empty cells at the end of a row, as spreadsheets leave them out; and takes away those that
 * no heading stands above. Returns false when memory is out. */
static bool fit(const struct a2a_list *list, struct a2a_row *row)
{
	const size_t count = list->header.count;
	char **grown;

	while (row->count > count && !*row->cell[row->count - 1])
		free(row->cell[--row->count]);
	if (row->count >= count || row->count <= list->place[A2A_USER])
		return true;
	grown = reallocarray(row->cell, count, sizeof(*grown));
	if (!grown)
		return false;
	row->cell = grown;
	for (; row->count < count; row->count++) {
		row->cell[row->count] = strdup("");
		if (!row->cell[row->count])
			return false;
	}
	return true;
}

/* Looks for a problem of the row as a whole. Returns false when memory is out. */
static bool check_row(const struct a2a_list *list, struct a2a_row *row)
{
	const char *problem = NULL;

	if (row->count != list->header.count)
		return asprintf(&row->problem, "there %s %zu cell%s, and the first row names %zu",
			       row->count == 1 ? "is" : "are", row->count,
			       row->count == 1 ? "" : "s", list->header.count) >= 0;
	if (*a2a_row_value(list, row, A2A_PASSWORD))
		problem = "the list has a password for it, and passwords are made here: empty that "
			  "cell";
	else
		problem = a2a_user_problem(a2a_row_value(list, row, A2A_USER));
	if (problem)
		row->problem = strdup(problem);
	return !problem || row->problem;
}

enum a2a_list_step a2a_list_next(
	struct a2a_list *list, struct a2a_row *row, const struct a2a_log *log)
{
	enum a2a_list_step step;

	while ((step = read_row(list, row, log)) == A2A_LIST_ROW && is_blank(row))
		a2a_row_free(row);
	if (step != A2A_LIST_ROW || row->problem)
		return step;
	if (fit(list, row) && check_row(list, row))
		return step;
	row->problem = NULL;
	a2a_fault_at(log, list->path, row->line, "out of memory");
	a2a_row_free(row);
	return A2A_LIST_FAILED;
}

/* ---- The first row --------------------------------------------------------------------------- */

/* Returns what the file is if it is no CSV file, by its first bytes; NULL: it may be one. */
static const char *other_file(const struct a2a_list *list)
{
	const char *bytes = (const char *)list->buffer + list->start;
	const size_t length = list->end - list->start;

	for (size_t i = 0; i < sizeof(other_files) / sizeof(other_files[0]); i++)
		if (length >= other_files[i].length &&
			memcmp(bytes, other_files[i].bytes, other_files[i].length) == 0)
			return other_files[i].what;
	return NULL;
}

/* Counts a character in the first row, outside of quotation marks. */
static size_t count_in_first_row(const struct a2a_list *list, char character)
{
	size_t count = 0;
	bool quoted = false;

	for (size_t i = list->start; i < list->end; i++) {
		if (list->buffer[i] == '"')
			quoted = !quoted;
		if (!quoted && is_line_end((char)list->buffer[i]))
			break;
		count += !quoted && list->buffer[i] == (unsigned char)character;
	}
	return count;
}

/* The vertical bar is in headings of two languages too, so it counts only if there is no other. */
static char find_delimiter(const struct a2a_list *list)
{
	char found = delimiters[0];
	size_t most = 0;

	for (const char *delimiter = delimiters; *delimiter; delimiter++) {
		const size_t count = count_in_first_row(list, *delimiter);

		if (count > most && (*delimiter != '|' || !most)) {
			most = count;
			found = *delimiter;
		}
	}
	return found;
}

/* Skips a line "sep=;" with its line end, and takes the delimiter from it. Returns false, having
 * reported, when it names none that can be used. */
static bool take_separator_line(struct a2a_list *list, const struct a2a_log *log)
{
	static const char word[] = "sep=";
	const char *line = (const char *)list->buffer + list->start;
	const char *end = (const char *)list->buffer + list->end;
	const bool quoted = line < end && *line == '"';
	const char *at = line + quoted;

	if (end - at <= (ptrdiff_t)sizeof(word) + quoted ||
		strncasecmp(at, word, sizeof(word) - 1) != 0)
		return true;
	at += sizeof(word) - 1;
	if (!is_line_end(at[1 + quoted]))
		return true;
	if (!*at || !strchr(delimiters, *at))
		return a2a_fault_at(log, list->path, 1,
			"the line sep= names the delimiter, and must be one of sep=, sep=; sep=| "
			"or sep= and a tab");
	list->delimiter = *at;
	at += 1 + quoted;
	at += end - at > 1 && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
	list->start = (size_t)(at - (const char *)list->buffer);
	list->line++;
	return true;
}

/* Looks at the first bytes: skips what is in front of the first row, and finds the delimiter.
 * Returns false, having reported, when this is no list. */
static bool look_ahead(struct a2a_list *list, const struct a2a_log *log)
{
	const size_t mark = sizeof(byte_order_mark) - 1;
	const char *other;

	if (list->end >= mark && memcmp(list->buffer, byte_order_mark, mark) == 0)
		list->start = mark;
	other = other_file(list);
	if (other)
		return a2a_fault_at(log, list->path, 0,
			"%s, not a list: open it in a spreadsheet, and save it as \"CSV UTF-8\"",
			other);
	if (!take_separator_line(list, log))
		return false;
	if (!list->delimiter)
		list->delimiter = find_delimiter(list);
	csv_set_delim(&list->parser, (unsigned char)list->delimiter);
	list->mark = strndup((const char *)list->buffer, list->start);
	return list->mark || a2a_fault_at(log, list->path, 0, "out of memory");
}

/* "E-mail (work)" -> "e_mail_work_"; bytes of UTF-8 stay. */
static char *field_name(const char *heading)
{
	char *name = strdup(heading);

	for (char *at = name; at && *at; at++) {
		const unsigned char byte = (unsigned char)*at;

		if (byte < 0x80)
			*at = isalnum(byte) ? (char)tolower(byte) : '_';
	}
	return name;
}

/* Checks that a heading is one, and names a field that no other column has. */
static bool check_heading(
	const struct a2a_list *list, size_t column, const char *name, const struct a2a_log *log)
{
	const char *heading = list->header.cell[column];
	const unsigned long line = list->header.line;

	if (a2a_is_full_mail_address(heading))
		return a2a_fault_at(log, list->path, line,
			"the first row names the columns, and has \"%s\" in it: put a row such as "
			"user,name,mail in front",
			heading);
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (strcmp(name, made[i]) == 0)
			return a2a_fault_at(log, list->path, line,
				"there is a column \"%s\": passwords are made here, a list has "
				"none",
				heading);
	for (size_t i = 0; i < column; i++)
		if (*name && strcmp(list->field[i], name) == 0)
			return a2a_fault_at(
				log, list->path, line, "two columns are called \"%s\"", heading);
	return true;
}

/* Gives a column its meaning, unless another one has a better claim to it. */
static bool claim(struct a2a_list *list, size_t column, const struct a2a_heading *heading,
	const struct a2a_log *log)
{
	const enum a2a_column meaning = heading->column;
	const size_t other = list->place[meaning];

	if (other != SIZE_MAX && heading->rank == list->rank[meaning])
		return a2a_fault_at(log, list->path, list->header.line,
			"the columns \"%s\" and \"%s\" mean the same: leave one of them",
			list->header.cell[other], list->header.cell[column]);
	if (other == SIZE_MAX || heading->rank < list->rank[meaning]) {
		list->place[meaning] = column;
		list->rank[meaning] = heading->rank;
	}
	return true;
}

static bool take_heading(struct a2a_list *list, size_t column, const struct a2a_log *log)
{
	const struct a2a_heading heading = a2a_heading_find(list->header.cell[column]);
	char *name = list->field[column] = field_name(list->header.cell[column]);

	if (!name || !heading.is_known)
		return a2a_fault_at(log, list->path, list->header.line, "out of memory");
	return check_heading(list, column, name, log) &&
	       (heading.column == A2A_COLUMNS || heading.column == A2A_OTHER_MAIL ||
		       claim(list, column, &heading, log));
}

/* Says that there is no column of users, and which columns there are. */
static bool miss_users(const struct a2a_list *list, const struct a2a_log *log)
{
	struct secret names = {0};
	bool ok = true;

	for (size_t i = 0; ok && i < list->header.count; i++)
		ok = (!i || a2a_secret_append(&names, ", ", 2)) &&
		     a2a_secret_append(&names, list->header.cell[i], strlen(list->header.cell[i]));
	a2a_fault_at(log, list->path, list->header.line,
		"no column is called \"user\" (or utilisateur, gebruiker, Benutzer) or \"mail\": "
		"the first row names the columns, and is: %s",
		ok && names.length ? names.bytes : "empty");
	a2a_secret_wipe(&names);
	return false;
}

static bool read_header(struct a2a_list *list, const struct a2a_log *log)
{
	enum a2a_list_step step;

	if (!fill(list, log))
		return false;
	if (!look_ahead(list, log))
		return false;
	step = read_row(list, &list->header, log);
	if (step == A2A_LIST_FAILED)
		return false;
	if (step == A2A_LIST_END) {
		a2a_fault_at(log, list->path, 0,
			"is empty: the first row names the columns, such as user,name,language");
		return false;
	}
	if (list->header.problem) {
		a2a_fault_at(log, list->path, list->header.line, "%s", list->header.problem);
		return false;
	}
	list->field = calloc(list->header.count, sizeof(*list->field));
	if (!list->field) {
		a2a_fault_at(log, list->path, 0, "out of memory");
		return false;
	}
	for (size_t i = 0; i < list->header.count; i++)
		if (!take_heading(list, i, log))
			return false;
	/* In the files of Google and cPanel, accounts have the names of their addresses. Plesk
	 * calls them Name, and says beside it whether there is a mailbox. */
	if (list->place[A2A_USER] == SIZE_MAX)
		list->place[A2A_USER] = list->place[A2A_MAIL];
	if (list->place[A2A_USER] == SIZE_MAX && list->place[A2A_MAILBOX] != SIZE_MAX) {
		list->place[A2A_USER] = list->place[A2A_NAME];
		list->place[A2A_NAME] = SIZE_MAX;
	}
	if (list->place[A2A_USER] == SIZE_MAX)
		return miss_users(list, log);
	list->is_ignored = calloc(list->header.count, sizeof(*list->is_ignored));
	return list->is_ignored || a2a_fault_at(log, list->path, 0, "out of memory");
}

struct a2a_list *a2a_list_open(const char *path, const struct a2a_log *log)
{
	const bool is_input = strcmp(path, "-") == 0;
	struct a2a_list *list = calloc(1, sizeof(*list));
	struct stat status;

	if (!list || csv_init(&list->parser, CSV_APPEND_NULL)) {
		a2a_fault_at(log, path, 0, "out of memory");
		free(list);
		return NULL;
	}
	list->line = 1;
	for (size_t i = 0; i < A2A_COLUMNS; i++)
		list->place[i] = SIZE_MAX;
	list->path = strdup(is_input ? "standard input" : path);
	list->fd = is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			    : open(path, O_RDONLY | O_CLOEXEC);
	if (!list->path || list->fd < 0 || fstat(list->fd, &status)) {
		a2a_fault_at(log, path, 0, "cannot be opened: %s", strerror(errno));
		a2a_list_close(list);
		return NULL;
	}
	list->size = S_ISREG(status.st_mode) ? status.st_size : 0;
	if (!read_header(list, log)) {
		a2a_list_close(list);
		return NULL;
	}
	return list;
}

void a2a_list_close(struct a2a_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; list->field && i < list->header.count; i++)
		free(list->field[i]);
	free(list->field);
	free(list->is_ignored);
	free(list->mark);
	a2a_row_free(&list->header);
	csv_free(&list->parser);
	if (list->fd >= 0)
		close(list->fd);
	free(list->path);
	free(list);
}

size_t a2a_list_width(const struct a2a_list *list)
{
	return list->header.count;
}

const char *a2a_list_heading(const struct a2a_list *list, size_t column)
{
	return list->header.cell[column];
}

const char *a2a_list_field(const struct a2a_list *list, size_t column)
{
	return list->field[column];
}

size_t a2a_list_place(const struct a2a_list *list, enum a2a_column column)
{
	return list->place[column];
}

bool a2a_list_is_copied(const struct a2a_list *list, size_t column)
{
	return column != list->place[A2A_PASSWORD] && column != list->place[A2A_ERROR];
}

void a2a_list_ignore(struct a2a_list *list, size_t column)
{
	list->is_ignored[column] = true;
}

const char *a2a_row_stray_address(const struct a2a_list *list, const struct a2a_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const char *heading = list->header.cell[i];

		if (list->is_ignored[i] && a2a_is_full_mail_address(row->cell[i]) &&
			a2a_heading_find(heading).column != A2A_OTHER_MAIL)
			return heading;
	}
	return NULL;
}

const char *a2a_row_value(
	const struct a2a_list *list, const struct a2a_row *row, enum a2a_column column)
{
	const size_t place = list->place[column];

	return place < row->count ? row->cell[place] : "";
}

char *a2a_row_person(const struct a2a_list *list, const struct a2a_row *row)
{
	const bool has_first = list->place[A2A_FIRST_NAME] != SIZE_MAX;
	const bool has_last = list->place[A2A_LAST_NAME] != SIZE_MAX;
	const char *full = a2a_row_value(list, row, A2A_FULL_NAME);
	const char *name = a2a_row_value(list, row, A2A_NAME);
	const char *first = a2a_row_value(list, row, A2A_FIRST_NAME);
	const char *last = has_last ? a2a_row_value(list, row, A2A_LAST_NAME) : name;
	char *joined = NULL;

	if (*full)
		return strdup(full);
	/* Beside a first name and without another surname, it is the surname. */
	if (*name && (has_last || !has_first))
		return strdup(name);
	return asprintf(&joined, "%s%s%s", first, *first && *last ? " " : "", last) < 0 ? NULL
											: joined;
}

double a2a_list_share(const struct a2a_list *list)
{
	const off_t left = (off_t)(list->end - list->start);

	return list->size ? (double)(list->taken - left) / (double)list->size : 0;
}

/* ---- Tables like the list ----------------------------------------------------------------------
 */

const char *a2a_list_mark(const struct a2a_list *list)
{
	return list ? list->mark : "";
}

char a2a_list_delimiter(const struct a2a_list *list)
{
	return list ? list->delimiter : ',';
}

/* The search for one cell of the first row. */
struct search {
	size_t place, column; /* the wanted column, and the next one */
	char *found;
	bool is_whole;
};

/* libcsv's callback for a cell. */
static void search_cell(void *bytes, size_t length, void *context)
{
	struct search *search = context;
	const char *text = a2a_cell_unguarded(bytes, &length);

	if (!search->is_whole && search->column++ == search->place)
		search->found = strndup(text, length);
}

static void search_row(int end, void *context)
{
	struct search *search = context;

	search->is_whole = search->is_whole || end != -1;
}

char *a2a_row_user(const struct a2a_list *list, const struct secret *rows)
{
	struct search search = {0};
	struct csv_parser parser;

	/* Not all columns of the list are in the row. */
	for (size_t i = 0; list && i < list->place[A2A_USER]; i++)
		search.place += a2a_list_is_copied(list, i);
	if (csv_init(&parser, CSV_APPEND_NULL))
		return NULL;
	csv_set_delim(&parser, (unsigned char)a2a_list_delimiter(list));
	csv_parse(&parser, rows->bytes, rows->length, search_cell, search_row, &search);
	csv_free(&parser);
	if (!search.is_whole) {
		free(search.found);
		search.found = NULL;
	}
	return search.found;
}
