/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "sources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "number.h"

enum { FIELDS = 7, MOST_BITS = 64, MOST_LESSONS = 1000000, LESSONS_SIZE = 32 };

static const char *const kind_names[A2A_LIST_KINDS] = {
	[A2A_PASSWORD] = "password",
	[A2A_WORD] = "ranked",
	[A2A_LEXICON] = "lexicon",
	[A2A_NAME] = "name",
	[A2A_OWN] = "own",
	[A2A_LEAKED_LIST] = "leaked",
};

static const char no_language[] = "*";

/* The state of reading sources.conf. */
struct reader {
	const char *path, *root;
	unsigned number; /* of the line */
	bool (*each)(const struct source *, void *);
	void *context;
	const struct a2a_log *log;
};

const char *source_kind_name(unsigned kind)
{
	return kind_names[kind];
}

const char *source_language_name(enum a2a_language language)
{
	return language < A2A_LANGUAGES ? a2a_language_tag(language) : no_language;
}

/* ---- The fields of a line -------------------------------------------------------------------- */

static bool parse_language(struct source *source, const char *text)
{
	source->language = a2a_language_find(text);
	return a2a_language_is_tag(text) || strcmp(text, no_language) == 0;
}

static bool parse_kind(struct source *source, const char *text)
{
	source->kind = 0;
	while (source->kind < A2A_LIST_KINDS && strcmp(kind_names[source->kind], text) != 0)
		source->kind++;
	return source->kind < A2A_LIST_KINDS;
}

static bool parse_need(struct source *source, const char *text)
{
	source->is_required = strcmp(text, "required") == 0;
	return source->is_required || strcmp(text, "optional") == 0;
}

static bool parse_bits(struct source *source, const char *text)
{
	char *end;

	source->bits = strtod(text, &end);
	return end != text && !*end && source->bits >= 0 && source->bits <= MOST_BITS;
}

/* Parses `-`, TIMES, FIRST:TIMES or FIRST:TIMES:TIMES. */
static bool parse_lessons(struct source *source, const char *text)
{
	char copy[LESSONS_SIZE], *rest = copy, *one;
	int64_t number[3] = {0};
	size_t count = 0;

	if (strcmp(text, "-") == 0)
		return true;
	if (strlen(text) >= sizeof(copy))
		return false;
	memcpy(copy, text, strlen(text) + 1);
	while ((one = strsep(&rest, ":")))
		if (count == 3 || !a2a_number_parse(one, 0, MOST_LESSONS, &number[count++]))
			return false;
	if (count == 1) {
		source->other_times = (unsigned)number[0];
	} else {
		source->first = (unsigned)number[0];
		source->first_times = (unsigned)number[1];
		source->other_times = (unsigned)number[2];
	}
	return true;
}

static const char *language_name(unsigned language)
{
	return source_language_name((enum a2a_language)language);
}

/* The columns before package and path. `takes` says which values a column accepts; the names follow
 * it. */
static const struct column {
	bool (*parse)(struct source *source, const char *text);
	const char *takes;
	const char *(*name)(unsigned number);
	unsigned names;
} columns[FIELDS - 2] = {
	{parse_language, "the language is one of", language_name, A2A_LANGUAGES + 1},
	{parse_kind, "the kind is one of", source_kind_name, A2A_LIST_KINDS},
	{parse_need, "a list is required or optional", NULL, 0},
	{parse_bits, "the bits are a number from 0 to 64", NULL, 0},
	{parse_lessons, "the lessons are -, TIMES, FIRST:TIMES or FIRST:TIMES:TIMES", NULL, 0},
};

/* Cuts a line into its fields. Returns false unless it has the right number of them. */
static bool split(char *line, char *fields[static FIELDS])
{
	char *place = NULL, *field = strtok_r(line, " \t\r\n", &place);
	size_t count = 0;

	for (; field; field = strtok_r(NULL, " \t\r\n", &place)) {
		if (count == FIELDS)
			return false;
		fields[count++] = field;
	}
	return count == FIELDS;
}

/* Reports a wrong value in a column. Always returns false. */
static bool report_column(const struct reader *reader, const struct column *column)
{
	char names[256] = "";
	size_t length = 0;

	for (unsigned i = 0; i < column->names && length < sizeof(names); i++)
		length += (size_t)snprintf(
			names + length, sizeof(names) - length, " %s", column->name(i));
	return a2a_fault(reader->log, NULL, "%s:%u: %s%s", reader->path, reader->number,
		column->takes, names);
}

/* Parses a line. The source's texts are then parts of the line. */
static bool parse(const struct reader *reader, struct source *source, char *line)
{
	char *fields[FIELDS];

	if (!split(line, fields))
		return a2a_fault(reader->log, NULL,
			"%s:%u: seven fields wanted: language kind need bits lessons package path",
			reader->path, reader->number);
	for (size_t i = 0; i < FIELDS - 2; i++)
		if (!columns[i].parse(source, fields[i]))
			return report_column(reader, &columns[i]);
	source->package = fields[FIELDS - 2];
	source->name = fields[FIELDS - 1];
	return true;
}

/* ---- The file -------------------------------------------------------------------------------- */

/* Returns the path of a source's list, which the caller frees, or NULL when memory is out. */
static char *find_list(const struct reader *reader, const struct source *source)
{
	const char *slash = strrchr(reader->path, '/'), *folder = NULL;
	size_t length = 0;
	char *path = NULL;

	if (source->name[0] != '/' && slash) {
		folder = reader->path;
		length = (size_t)(slash - reader->path);
	} else if (reader->root && access(source->name, F_OK) != 0) {
		folder = reader->root;
		length = strlen(folder);
	}
	if (!folder)
		return strdup(source->name);
	return asprintf(&path, "%.*s/%s", (int)length, folder, source->name) < 0 ? NULL : path;
}

static void report_needed(const struct reader *reader, const struct source *source)
{
	if (strcmp(source->package, "-") == 0)
		a2a_fault(reader->log, NULL, "%s:%u: this source is required", reader->path,
			reader->number);
	else
		a2a_fault(reader->log, NULL,
			"%s:%u: this source is required; Debian's package %s has it", reader->path,
			reader->number, source->package);
}

static bool read_line(const struct reader *reader, char *line)
{
	struct source source = {0};
	char *path;
	bool ok;

	if (!parse(reader, &source, line))
		return false;
	path = find_list(reader, &source);
	if (!path)
		return a2a_fault(reader->log, reader->path, "out of memory");
	source.path = path;
	source.is_missing = !source.is_required && access(path, F_OK) != 0;
	ok = reader->each(&source, reader->context);
	if (!ok)
		report_needed(reader, &source);
	free(path);
	return ok;
}

bool sources_read(const char *path, const char *root, bool (*each)(const struct source *, void *),
	void *context, const struct a2a_log *log)
{
	struct reader reader = {path, root, 0, each, context, log};
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool ok = true;

	if (!file)
		return a2a_fault(log, path, "%s", strerror(errno));
	while (ok && getline(&line, &size, file) >= 0) {
		char *start = line + strspn(line, " \t\r\n");

		reader.number++;
		if (*start && *start != '#')
			ok = read_line(&reader, start);
	}
	/* The loop ends before the end of the file when the file cannot be read or memory is out.
	 */
	if (ok && !feof(file))
		ok = a2a_fault(log, path, "%s", strerror(errno));
	free(line);
	fclose(file);
	return ok;
}
