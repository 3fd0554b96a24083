/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads text into a struct, by a table of its keys. This is the only parser of `key = value`. */
#define _GNU_SOURCE
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "number.h"

/* White space around keys and values does not belong to them. */
#define WHITE_SPACE " \t\r"

static const struct {
	const char *word;
	bool value;
} switches[] = {
	{"yes", true},
	{"no", false},
	{"on", true},
	{"off", false},
	{"true", true},
	{"false", false},
	{"1", true},
	{"0", false},
};

static int64_t *number_at(void *base, const struct a2a_setting *row)
{
	return (int64_t *)(void *)((char *)base + row->offset);
}

static bool *bool_at(void *base, const struct a2a_setting *row)
{
	return (bool *)(void *)((char *)base + row->offset);
}

static char **text_at(void *base, const struct a2a_setting *row)
{
	return (char **)(void *)((char *)base + row->offset);
}

static const struct a2a_setting *find(
	const struct a2a_table *table, const char *name, size_t length)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct a2a_setting *row = &table->rows[i];

		if (strlen(row->name) == length && memcmp(row->name, name, length) == 0)
			return row;
	}
	return NULL;
}

static bool parse_switch(const char *value, bool *is_on)
{
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (strcmp(switches[i].word, value) == 0) {
			*is_on = switches[i].value;
			return true;
		}
	return false;
}

static bool path_is_absolute(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (*value == '/' || (!*value && row->fallback && !*row->fallback))
		return true;
	a2a_report(log, A2A_FAULT, where, "%s: \"%s\" is not an absolute path", row->name, value);
	return false;
}

static bool set_text(void *base, const struct a2a_setting *row, const char *value,
	const char *where, const struct a2a_log *log)
{
	char *copy;

	if (row->is_path && !row->check && !path_is_absolute(row, value, where, log))
		return false;
	if (row->check && !row->check(row, value, where, log))
		return false;
	copy = strdup(value);
	if (!copy) {
		a2a_report(log, A2A_FAULT, where, "out of memory");
		return false;
	}
	free(*text_at(base, row));
	*text_at(base, row) = copy;
	return true;
}

static bool set_number(void *base, const struct a2a_setting *row, const char *value,
	const char *where, const struct a2a_log *log)
{
	if (a2a_number_parse(value, row->least, row->most, number_at(base, row)))
		return true;
	return a2a_fault(log, where,
		"%s: \"%s\" is not a whole number from %" PRId64 " to %" PRId64, row->name, value,
		row->least, row->most);
}

static bool set_switch(void *base, const struct a2a_setting *row, const char *value,
	const char *where, const struct a2a_log *log)
{
	if (parse_switch(value, bool_at(base, row)))
		return true;
	return a2a_fault(log, where, "%s: \"%s\" is neither yes nor no", row->name, value);
}

/* `value` is NULL when the key stood alone. */
static bool set(void *base, const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (row->type == A2A_FLAG && value)
		return a2a_fault(log, where, "%s takes no value: write %s alone, or leave it out",
			row->name, row->name);
	if (row->type == A2A_FLAG) {
		*bool_at(base, row) = true;
		return true;
	}
	if (row->type == A2A_SWITCH)
		return set_switch(base, row, value ? value : "yes", where, log);
	if (!value)
		return a2a_fault(log, where, "%s has no value: write %s=...", row->name, row->name);
	if (row->type == A2A_NUMBER)
		return set_number(base, row, value, where, log);
	return set_text(base, row, value, where, log);
}

bool a2a_table_defaults(const struct a2a_table *table, void *base)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].fallback &&
			!set(base, &table->rows[i], table->rows[i].fallback, NULL, NULL))
			return false;
	return true;
}

void a2a_table_release(const struct a2a_table *table, void *base)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].type == A2A_TEXT) {
			free(*text_at(base, &table->rows[i]));
			*text_at(base, &table->rows[i]) = NULL;
		}
}

bool a2a_table_copy(const struct a2a_table *table, void *base, const void *from)
{
	char buffer[24];

	for (size_t i = 0; i < table->count; i++) {
		const struct a2a_setting *row = &table->rows[i];

		if (!set(base, row, a2a_table_get(table, from, row->name, buffer), NULL, NULL))
			return false;
	}
	return true;
}

bool a2a_table_has(const struct a2a_table *table, const char *assignment)
{
	size_t length;

	assignment += strspn(assignment, WHITE_SPACE);
	length = strcspn(assignment, "=");
	while (length && strchr(WHITE_SPACE, assignment[length - 1]))
		length--;
	return find(table, assignment, length) != NULL;
}

const char *a2a_table_get(
	const struct a2a_table *table, const void *base, const char *name, char buffer[static 24])
{
	const struct a2a_setting *row = find(table, name, strlen(name));
	const void *field;

	if (!row)
		return NULL;
	field = (const char *)base + row->offset;
	switch (row->type) {
	case A2A_TEXT:
		return *(char *const *)field;
	case A2A_SWITCH:
	case A2A_FLAG:
		return *(const bool *)field ? "yes" : "no";
	case A2A_NUMBER:
		snprintf(buffer, 24, "%" PRId64, *(const int64_t *)field);
		return buffer;
	}
	return NULL;
}

/* Cuts white space from both ends, in place. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, WHITE_SPACE);
	length = strlen(text);
	while (length && strchr(WHITE_SPACE, text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Splits `text` in place and sets the value. `*row` becomes the row of its key, or NULL. */
static bool assign(const struct a2a_table *table, void *base, char *text, const char *where,
	const struct a2a_setting **row, const struct a2a_log *log)
{
	char *value = strchr(text, '=');
	char *name;

	if (value)
		*value++ = '\0';
	name = trim(text);
	*row = find(table, name, strlen(name));
	if (!*row) {
		table->unknown(name, where, log);
		return false;
	}
	if (!set(base, *row, value ? trim(value) : NULL, where, log))
		return false;
	if (table->taken)
		table->taken(base, *row);
	return true;
}

bool a2a_table_set(const struct a2a_table *table, void *base, const char *assignment,
	const char *where, const struct a2a_log *log)
{
	const struct a2a_setting *row;
	char *text = strdup(assignment);
	bool ok;

	if (!text) {
		a2a_report(log, A2A_FAULT, where, "out of memory");
		return false;
	}
	ok = assign(table, base, text, where, &row, log);
	free(text);
	return ok;
}

/* Ends the line where its comment begins. */
static void cut_comment(char *line)
{
	for (char *c = line; *c; c++)
		if (*c == '#' && (c == line || c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
}

/* A file that is being read. */
struct reading {
	const struct a2a_table *table;
	const struct a2a_table_sections *sections; /* NULL: the file has none */
	void *base;      /* of the section; NULL before the first, or when it is refused */
	bool is_refused; /* the section, which was reported */
	bool has_any;    /* setting */
	const char *path;
	unsigned *seen; /* for each row the number of the line that set it, or 0 */
	const struct a2a_log *log;
};

/* Takes the line "[NAME]", without its end. */
static bool begin_section(struct reading *reading, char *line, const char *where)
{
	const struct a2a_table_sections *sections = reading->sections;
	const size_t length = strlen(line);

	reading->base = NULL;
	reading->is_refused = true;
	if (line[length - 1] != ']')
		return a2a_fault(reading->log, where, "a section ends with ]: write [NAME]");
	line[length - 1] = '\0';
	memset(reading->seen, 0, reading->table->count * sizeof(*reading->seen));
	reading->base = sections->begin(sections->context, trim(line + 1), where);
	reading->is_refused = !reading->base;
	return reading->base;
}

static bool take_setting(struct reading *reading, char *line, unsigned number, const char *where)
{
	const struct a2a_setting *row = NULL;
	unsigned *seen;
	bool ok;

	if (!reading->base)
		return reading->is_refused ||
		       a2a_fault(reading->log, where,
			       "a setting comes before the first section: begin one with [NAME]");
	ok = assign(reading->table, reading->base, line, where, &row, reading->log);
	if (!row)
		return ok;
	seen = &reading->seen[row - reading->table->rows];
	if (*seen)
		ok = a2a_fault(reading->log, where,
			"%s is set in line %u already: leave one of them", row->name, *seen);
	*seen = number;
	reading->has_any = true;
	return ok;
}

static bool take_line(struct reading *reading, char *line, unsigned number)
{
	char *where = NULL;
	bool ok;

	cut_comment(line);
	line = trim(line);
	if (!*line)
		return true;
	if (asprintf(&where, "%s:%u", reading->path, number) < 0) {
		a2a_report(reading->log, A2A_FAULT, reading->path, "out of memory");
		return false;
	}
	ok = reading->sections && *line == '[' ? begin_section(reading, line, where)
					       : take_setting(reading, line, number, where);
	free(where);
	return ok;
}

/* Says when the file looks as if a part of it were missing. No mistake of the administrator makes
 * the rest wrong, so it counts nevertheless. */
static void say_if_cut(const struct reading *reading, const struct a2a_file *file)
{
	if (!reading->has_any)
		a2a_report(reading->log, A2A_WARNING, reading->path,
			"the configuration has no setting at all, so the defaults apply; if this "
			"is "
			"intended, set one of them");
	else if (file->bytes[file->size - 1] != '\n')
		a2a_report(reading->log, A2A_WARNING, reading->path,
			"the last line of the configuration does not end: was the file cut "
			"short?");
}

static bool read_file(struct reading *reading, bool may_be_missing)
{
	const struct a2a_log *log = reading->log;
	const char *path = reading->path;
	struct a2a_file file;
	char *text = NULL;
	char *rest;
	bool ok = false;
	int error = a2a_file_read(&file, path, A2A_MOST_TEXT);

	if (error) {
		if (may_be_missing && (error == ENOENT || error == ENOTDIR))
			return true;
		a2a_report(log, A2A_FAULT, path, "the configuration %s", a2a_file_reason(error));
		return false;
	}
	if (file.size && memchr(file.bytes, '\0', file.size)) {
		a2a_report(log, A2A_FAULT, path,
			"the configuration has a NUL byte: it is not a text file");
		goto out;
	}
	text = strndup(file.bytes ? file.bytes : "", file.size);
	reading->seen = calloc(reading->table->count, sizeof(*reading->seen));
	if (!text || !reading->seen) {
		a2a_report(log, A2A_FAULT, path, "out of memory");
		goto out;
	}
	ok = true;
	rest = text;
	for (unsigned number = 1; rest; number++)
		ok &= take_line(reading, strsep(&rest, "\n"), number);
	say_if_cut(reading, &file);
out:
	free(reading->seen);
	free(text);
	a2a_file_close(&file);
	return ok;
}

bool a2a_table_read_file(const struct a2a_table *table, void *base, const char *path,
	bool may_be_missing, const struct a2a_log *log)
{
	struct reading reading = {.table = table, .base = base, .path = path, .log = log};

	return read_file(&reading, may_be_missing);
}

bool a2a_table_read_sections(const struct a2a_table *table,
	const struct a2a_table_sections *sections, const char *path, bool may_be_missing,
	const struct a2a_log *log)
{
	struct reading reading = {.table = table, .sections = sections, .path = path, .log = log};

	return read_file(&reading, may_be_missing);
}
