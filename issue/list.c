/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "list.h"

#include <csv.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

#include "spreadsheet.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

enum {
	MOST_COLUMNS = 256,
	MOST_CELL_BYTES = 4096, /* of a name, an address, a remark */
	MOST_ROW_BYTES = MOST_COLUMNS * MOST_CELL_BYTES,
	MOST_USER_BYTES = 128, /* leaves space for the other parts of a file name */
};

struct a2a_list {
	char *path; /* for reports */
	int fd;
	off_t size, taken; /* bytes; size 0: not known */
	unsigned long line;
	bool has_mark, is_over;
	char delimiter;
	struct csv_parser parser;
	unsigned char buffer[1 << 16];
	size_t start, end;
	struct a2a_row header;
	char **field;
	size_t place[A2A_COLUMNS];
	/* Results of the parser's callbacks. */
	struct a2a_row *row;
	bool has_row, is_out_of_memory;
};

/* The names of the columns that have a meaning, in all languages. */
static const struct {
	enum a2a_column column;
	const char *name;
} headings[] = {
	{A2A_USER, "user"},
	{A2A_USER, "username"},
	{A2A_USER, "login"},
	{A2A_USER, "account"},
	{A2A_USER, "utilisateur"},
	{A2A_USER, "identifiant"},
	{A2A_USER, "compte"},
	{A2A_USER, "gebruiker"},
	{A2A_USER, "gebruikersnaam"},
	{A2A_USER, "benutzer"},
	{A2A_USER, "benutzername"},
	{A2A_USER, "konto"},
	{A2A_NAME, "name"},
	{A2A_NAME, "full_name"},
	{A2A_NAME, "nom"},
	{A2A_NAME, "naam"},
	{A2A_MAIL, "mail"},
	{A2A_MAIL, "email"},
	{A2A_MAIL, "e_mail"},
	{A2A_MAIL, "courriel"},
	{A2A_LANGUAGE, "language"},
	{A2A_LANGUAGE, "lang"},
	{A2A_LANGUAGE, "langue"},
	{A2A_LANGUAGE, "taal"},
	{A2A_LANGUAGE, "sprache"},
	{A2A_ERROR, "error"},
};

/* Columns that a list must not have, because the run adds them. */
static const char *const made[] = {"password", "spelled", "hash"};

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
			return point == '\n' || point == '\r' ? "has a line break in it: is there "
								"a quotation mark too many?"
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
	if (*user == '-' || *user == '.')
		return "a user name cannot begin with - or .";
	if (strpbrk(user, " /\\:,\"'`$"))
		return "a user name cannot have blanks or any of / \\ : , \" ' ` $ in it";
	return NULL;
}

/* libcsv's callback for a cell. */
static void take_cell(void *bytes, size_t length, void *context)
{
	struct a2a_list *list = context;
	struct a2a_row *row = list->row;
	const char *text = a2a_cell_unguarded(bytes, &length);
	const char *problem = text_problem(text, length);
	char **grown;

	if (row->count == MOST_COLUMNS) {
		if (!row->problem)
			row->problem = strdup("there are more than 256 cells");
		return;
	}
	if (problem && !row->problem &&
		asprintf(&row->problem, "cell %zu %s", row->count + 1, problem) < 0)
		row->problem = NULL, list->is_out_of_memory = true;
	grown = reallocarray(row->cell, row->count + 1, sizeof(*grown));
	if (!grown) {
		list->is_out_of_memory = true;
		return;
	}
	row->cell = grown;
	/* The cell ends at a NUL; text_problem() has found it. */
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

static bool fill(struct a2a_list *list, const struct a2a_log *log)
{
	ssize_t got;

	do
		got = read(list->fd, list->buffer, sizeof(list->buffer));
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		a2a_fault_at(log, list->path, 0, "cannot be read: %s", strerror(errno));
		return false;
	}
	list->start = 0;
	list->end = (size_t)got;
	list->taken += got;
	return true;
}

/* Takes the last row if the file does not end in a line break. */
static void finish(struct a2a_list *list)
{
	list->is_over = true;
	if (csv_fini(&list->parser, take_cell, take_row, list) && !list->row->problem)
		list->row->problem = strdup("a quotation mark that opens a cell has no other end");
	list->has_row = list->row->count || list->row->problem;
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

enum a2a_list_step a2a_list_next(
	struct a2a_list *list, struct a2a_row *row, const struct a2a_log *log)
{
	enum a2a_list_step step;
	const char *problem;

	while ((step = read_row(list, row, log)) == A2A_LIST_ROW && is_blank(row))
		a2a_row_free(row);
	if (step != A2A_LIST_ROW || row->problem)
		return step;
	if (row->count != list->header.count) {
		if (asprintf(&row->problem, "there are %zu cells, and the first row names %zu",
			    row->count, list->header.count) < 0)
			row->problem = NULL;
	} else {
		problem = a2a_user_problem(a2a_row_value(list, row, A2A_USER));
		row->problem = problem ? strdup(problem) : NULL;
		if (!problem)
			return step;
	}
	if (row->problem)
		return step;
	a2a_fault_at(log, list->path, row->line, "out of memory");
	a2a_row_free(row);
	return A2A_LIST_FAILED;
}

/* ---- The first row --------------------------------------------------------------------------- */

/* Finds the byte order mark, which is skipped, and the delimiter in the first bytes. */
static void look_ahead(struct a2a_list *list)
{
	static const char delimiters[] = ",;\t";
	size_t most = 0;
	const size_t mark = sizeof(byte_order_mark) - 1;

	list->has_mark = list->end >= mark && memcmp(list->buffer, byte_order_mark, mark) == 0;
	list->start = list->has_mark ? mark : 0;
	list->delimiter = ',';
	for (const char *delimiter = delimiters; *delimiter; delimiter++) {
		size_t count = 0;
		bool quoted = false;

		for (size_t i = list->start; i < list->end; i++) {
			if (list->buffer[i] == '"')
				quoted = !quoted;
			if (!quoted && (list->buffer[i] == '\n' || list->buffer[i] == '\r'))
				break;
			count += !quoted && list->buffer[i] == (unsigned char)*delimiter;
		}
		if (count > most) {
			most = count;
			list->delimiter = *delimiter;
		}
	}
	csv_set_delim(&list->parser, (unsigned char)list->delimiter);
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

/* Finds the meaning of a column. A column with a meaning is not a field of the sheet. */
static bool take_heading(struct a2a_list *list, size_t column, const struct a2a_log *log)
{
	char *name = list->field[column] = field_name(list->header.cell[column]);

	if (!name) {
		a2a_fault_at(log, list->path, list->header.line, "out of memory");
		return false;
	}
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (strcmp(name, made[i]) == 0) {
			a2a_fault_at(log, list->path, list->header.line,
				"there is a column \"%s\": passwords are made here, a list has "
				"none",
				list->header.cell[column]);
			return false;
		}
	for (size_t i = 0; i < column; i++)
		if (*name && list->field[i] && strcmp(list->field[i], name) == 0) {
			a2a_fault_at(log, list->path, list->header.line,
				"two columns are called \"%s\"", list->header.cell[column]);
			return false;
		}
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
		const enum a2a_column meaning = headings[i].column;

		if (strcmp(headings[i].name, name) != 0)
			continue;
		if (list->place[meaning] != SIZE_MAX) {
			a2a_fault_at(log, list->path, list->header.line,
				"the columns \"%s\" and \"%s\" mean the same: leave one of them",
				list->header.cell[list->place[meaning]], list->header.cell[column]);
			return false;
		}
		list->place[meaning] = column;
		free(name);
		list->field[column] = NULL;
		break;
	}
	return true;
}

static bool read_header(struct a2a_list *list, const struct a2a_log *log)
{
	enum a2a_list_step step;

	if (!fill(list, log))
		return false;
	look_ahead(list);
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
	if (list->place[A2A_USER] == SIZE_MAX) {
		a2a_fault_at(log, list->path, list->header.line,
			"no column is called \"user\" (or utilisateur, gebruiker, Benutzer): the "
			"first row names the columns");
		return false;
	}
	return true;
}

struct a2a_list *a2a_list_open(const char *path, const struct a2a_log *log)
{
	const bool is_input = strcmp(path, "-") == 0;
	struct a2a_list *list = calloc(1, sizeof(*list));
	struct stat status;

	if (!list || csv_init(&list->parser, CSV_STRICT_FINI | CSV_APPEND_NULL)) {
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

const char *a2a_row_value(
	const struct a2a_list *list, const struct a2a_row *row, enum a2a_column column)
{
	const size_t place = list->place[column];

	return place < row->count ? row->cell[place] : "";
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
	return list && list->has_mark ? byte_order_mark : "";
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
	struct search search = {.place = list ? list->place[A2A_USER] : 0};
	struct csv_parser parser;

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
