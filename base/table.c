/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> a struct, by a table of its keys: the one reader of `key = value` lines. */
#define _GNU_SOURCE
#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

static const struct {
	const char *word;
	long value;
} switches[] = {
	{"yes", 1},
	{"no", 0},
	{"on", 1},
	{"off", 0},
	{"true", 1},
	{"false", 0},
	{"1", 1},
	{"0", 0},
};

static long *number_at(void *base, const struct a2a_setting *row)
{
	return (long *)(void *)((char *)base + row->offset);
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

static bool parse_number(const struct a2a_setting *row, const char *value, long *number)
{
	char *end = NULL;

	errno = 0;
	*number = strtol(value, &end, 10);
	return !errno && end != value && !*end && *number >= row->least && *number <= row->most;
}

static bool parse_switch(const char *value, long *number)
{
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (strcmp(switches[i].word, value) == 0) {
			*number = switches[i].value;
			return true;
		}
	return false;
}

static bool path_is_absolute(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (*value == '/' || (!*value && !*row->fallback))
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

static bool set(void *base, const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	switch (row->type) {
	case A2A_TEXT:
		return set_text(base, row, value, where, log);
	case A2A_SWITCH:
		if (parse_switch(value, number_at(base, row)))
			return true;
		a2a_report(log, A2A_FAULT, where, "%s: \"%s\" is neither yes nor no", row->name,
			value);
		return false;
	case A2A_NUMBER: {
		long number;

		if (parse_number(row, value, &number)) {
			*number_at(base, row) = number;
			return true;
		}
		a2a_report(log, A2A_FAULT, where,
			"%s: \"%s\" is not a whole number from %ld to %ld", row->name, value,
			row->least, row->most);
		return false;
	}
	}
	return false;
}

bool a2a_table_defaults(const struct a2a_table *table, void *base)
{
	for (size_t i = 0; i < table->count; i++)
		if (!set(base, &table->rows[i], table->rows[i].fallback, NULL, NULL))
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
	return find(table, assignment, strcspn(assignment, "=")) != NULL;
}

const char *a2a_table_get(
	const struct a2a_table *table, const void *base, const char *name, char buffer[static 24])
{
	const struct a2a_setting *row = find(table, name, strlen(name));
	const char *field;

	if (!row)
		return NULL;
	field = (const char *)base + row->offset;
	switch (row->type) {
	case A2A_TEXT:
		return *(char *const *)(const void *)field;
	case A2A_SWITCH:
		return *(const long *)(const void *)field ? "yes" : "no";
	case A2A_NUMBER:
		snprintf(buffer, 24, "%ld", *(const long *)(const void *)field);
		return buffer;
	}
	return NULL;
}

/* Cuts blanks from both ends, in place. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r");
	length = strlen(text);
	while (length && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Splits `text`, which is written to, and sets. `*row` tells which setting it was, if any. */
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
	if (!value && (*row)->type != A2A_SWITCH) {
		a2a_report(log, A2A_FAULT, where, "%s has no value: write %s = ...", name, name);
		return false;
	}
	return set(base, *row, value ? trim(value) : (char[]){"yes"}, where, log);
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

/* Ends the line where a comment begins. */
static void cut_comment(char *line)
{
	for (char *c = line; *c; c++)
		if (*c == '#' && (c == line || c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
}

/* One line of a file. `seen` remembers for each row the line that set it. */
static bool take_line(const struct a2a_table *table, void *base, char *line, const char *path,
	unsigned number, unsigned *seen, const struct a2a_log *log)
{
	const struct a2a_setting *row = NULL;
	char *where = NULL;
	bool ok;

	cut_comment(line);
	line = trim(line);
	if (!*line)
		return true;
	if (asprintf(&where, "%s:%u", path, number) < 0) {
		a2a_report(log, A2A_FAULT, path, "out of memory");
		return false;
	}
	ok = assign(table, base, line, where, &row, log);
	if (row && seen[row - table->rows]) {
		a2a_report(log, A2A_FAULT, where, "%s is set in line %u already: leave one of them",
			row->name, seen[row - table->rows]);
		ok = false;
	}
	if (row)
		seen[row - table->rows] = number;
	free(where);
	return ok;
}

bool a2a_table_read_file(const struct a2a_table *table, void *base, const char *path,
	bool may_be_missing, const struct a2a_log *log)
{
	unsigned *seen = NULL;
	struct a2a_file file;
	char *text = NULL;
	char *rest;
	bool ok = false;
	int error = a2a_file_open(&file, path);

	if (error) {
		if (may_be_missing && (error == ENOENT || error == ENOTDIR))
			return true;
		a2a_report(log, A2A_FAULT, path, "the configuration %s", a2a_file_reason(error));
		return false;
	}
	if (file.size && memchr(file.bytes, '\0', file.size)) {
		a2a_report(
			log, A2A_FAULT, path, "the configuration holds a NUL byte: it is no text");
		goto out;
	}
	text = strndup(file.bytes ? file.bytes : "", file.size);
	seen = calloc(table->count, sizeof(*seen));
	if (!text || !seen) {
		a2a_report(log, A2A_FAULT, path, "out of memory");
		goto out;
	}
	ok = true;
	rest = text;
	for (unsigned number = 1; rest; number++)
		ok &= take_line(table, base, strsep(&rest, "\n"), path, number, seen, log);
out:
	free(seen);
	free(text);
	a2a_file_close(&file);
	return ok;
}
