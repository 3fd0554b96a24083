/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "wrap.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#include "terminal.h"

enum {
	STATUS_FAULT = 2,
	LEAST_WIDTH = 20, /* of a line; a narrower terminal breaks it itself */
	MOST_INDENT = 4,  /* of a line that goes on, in prose */
};

static bool begin_line(struct secret *to, size_t indent)
{
	static const char blank[] = " ";
	bool ok = a2a_secret_append(to, "\n", 1);

	for (size_t i = 0; ok && i < indent; i++)
		ok = a2a_secret_append(to, blank, 1);
	return ok;
}

/* The first line has text up to `column`. */
static bool append(struct secret *to, const char *items, size_t length, size_t column,
	size_t indent, size_t width)
{
	static const char between[] = ", ";
	const char *end = items + length;
	bool is_first = true;
	bool ok = true;

	if (width < indent + LEAST_WIDTH)
		width = indent + LEAST_WIDTH;
	while (ok && items < end) {
		const char *comma = memmem(items, (size_t)(end - items), between, 2);
		/* With its comma, which stays on the line. */
		const size_t item = (size_t)((comma ? comma + 1 : end) - items);
		const size_t columns = text_columns(items, item);

		if (!is_first && column + 1 + columns > width) {
			ok = begin_line(to, indent);
			column = indent;
		} else if (!is_first) {
			ok = a2a_secret_append(to, " ", 1);
			column++;
		}
		ok = ok && a2a_secret_append(to, items, item);
		column += columns;
		is_first = false;
		items = comma ? comma + 2 : end;
	}
	return ok;
}

bool wrap_append(struct secret *to, const char *items, size_t length, size_t indent, size_t width)
{
	return append(to, items, length, indent, indent, width);
}

void wrap_print_items(const char *label, const char *items, size_t indent, size_t width)
{
	struct secret text = {0};

	if (!append(&text, items, strlen(items), text_columns(label, strlen(label)), indent, width))
		err(STATUS_FAULT, NULL);
	printf("%s%.*s\n", label, (int)text.length, text.bytes);
	a2a_secret_wipe(&text);
}

/* Returns the columns that begin the next line of a paragraph: its text begins behind blanks, and
 * behind a dash. */
static size_t indent_of(const char *line, size_t length)
{
	size_t indent = 0;

	while (indent < length && indent < MOST_INDENT &&
		(line[indent] == ' ' || line[indent] == '-'))
		indent++;
	return indent;
}

/* Returns the bytes of a line that stand in front of the blank where it is to be broken. */
static size_t broken_at(const char *line, size_t length, size_t width, size_t indent)
{
	const size_t fitting = text_fit(line, length, width);
	size_t at = fitting;

	if (fitting == length)
		return length;
	while (at > indent && line[at] != ' ')
		at--;
	if (at > indent)
		return at;
	/* A word that is longer than a line stays whole. */
	for (at = fitting; at < length && line[at] != ' ';)
		at++;
	return at;
}

static void print_line(FILE *to, const char *line, size_t length, size_t hang, size_t width)
{
	const size_t begin = indent_of(line, length), indent = begin + hang;
	size_t blanks = 0, least = begin;

	do {
		const size_t taken = broken_at(line, length, width - blanks, least);
		size_t shown = taken;

		while (shown && line[shown - 1] == ' ')
			shown--;
		fprintf(to, "%*s%.*s\n", (int)(shown ? blanks : 0), "", (int)shown, line);
		line += taken;
		length -= taken;
		for (; length && *line == ' '; length--)
			line++;
		blanks = indent;
		least = 0;
	} while (length);
}

void wrap_print(FILE *to, const char *text, size_t hang, size_t width)
{
	if (width < MOST_INDENT + hang + LEAST_WIDTH)
		width = MOST_INDENT + hang + LEAST_WIDTH;
	for (size_t length; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		print_line(to, text, length, hang, width);
	}
}
