/* SPDX-License-Identifier: BSD-3-Clause */
/* The sheet as plain text, for a terminal, a letter or a mail. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "input.h"
#include "pages.h"

enum {
	WIDTH = 72,
	KEPT_SPACE = '\x1f', /* a space in a paragraph at which no line breaks */
};

struct writer {
	const struct sheet_page *page;
	struct secret *out;
	bool ok; /* false when memory is out */
};

/* The prefix of the first line of a block, and that of the other lines. */
struct margin {
	const char *first, *rest;
	struct writer *writer;
};

static void put(struct writer *writer, const char *bytes, size_t length)
{
	writer->ok = writer->ok && a2a_secret_append(writer->out, bytes, length);
}

static void say(struct writer *writer, const char *text)
{
	put(writer, text, strlen(text));
}

/* In columns of a terminal. */
static size_t width_of(const char *text, size_t length)
{
	size_t done = 0, width = 0;

	while (done < length) {
		utf8proc_int32_t c;
		utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)text + done,
			(utf8proc_ssize_t)(length - done), &c);

		if (bytes <= 0)
			break;
		width += (size_t)utf8proc_charwidth(c);
		done += (size_t)bytes;
	}
	return width;
}

/* ---- What stands in a line ------------------------------------------------------------------- */

/* Copies code unchanged, without its line end. */
static void put_code(struct writer *writer, const char *text)
{
	const char space = KEPT_SPACE;

	for (; *text; text++)
		put(writer, *text == ' ' ? &space : text, 1);
}

/* Writes the URL of a link, unless it stands in a text of the page. */
static void put_address(struct writer *writer, cmark_node *link)
{
	const char *address = sheet_unsaid(writer->page->document, link);

	if (!address)
		return;
	say(writer, " <");
	say(writer, address);
	say(writer, ">");
}

static void put_inline(struct writer *writer, cmark_node *parent)
{
	for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
		switch (cmark_node_get_type(node)) {
		case CMARK_NODE_TEXT:
			say(writer, cmark_node_get_literal(node));
			break;
		case CMARK_NODE_CODE:
			put_code(writer, cmark_node_get_literal(node));
			break;
		case CMARK_NODE_SOFTBREAK:
			say(writer, " ");
			break;
		case CMARK_NODE_LINEBREAK:
			say(writer, "\n");
			break;
		case CMARK_NODE_IMAGE:
			/* The name of the organisation, instead of its logo. */
			put_inline(writer, node);
			break;
		case CMARK_NODE_LINK:
			put_inline(writer, node);
			put_address(writer, node);
			break;
		default:
			put_inline(writer, node);
		}
}

/* Breaks a paragraph into lines. Returns the width of the last one. */
static size_t wrap(struct margin *margin, const struct secret *text)
{
	const char *at = text->bytes, *end = at + text->length;
	struct writer *writer = margin->writer;
	size_t column = width_of(margin->first, strlen(margin->first));
	bool is_begun = false;

	say(writer, margin->first);
	while (at < end) {
		const size_t length = strcspn(at, " \n");
		const size_t width = width_of(at, length);

		if (is_begun && column + 1 + width > WIDTH) {
			say(writer, "\n");
			say(writer, margin->rest);
			column = width_of(margin->rest, strlen(margin->rest));
			is_begun = false;
		}
		if (length) {
			if (is_begun)
				say(writer, " ");
			column += width + is_begun;
			for (size_t i = 0; i < length; i++)
				put(writer, at[i] == KEPT_SPACE ? " " : at + i, 1);
			is_begun = true;
		}
		at += length;
		if (at < end && *at == '\n') {
			say(writer, "\n");
			say(writer, margin->rest);
			column = width_of(margin->rest, strlen(margin->rest));
			is_begun = false;
		}
		at += at < end;
	}
	say(writer, "\n");
	margin->first = margin->rest;
	return column;
}

/* Writes a paragraph. Returns whether anything was written. */
static bool put_paragraph(struct margin *margin, cmark_node *node, size_t *width)
{
	struct secret text = {0};
	struct writer inside = {margin->writer->page, &text, true};

	put_inline(&inside, node);
	margin->writer->ok &= inside.ok;
	if (inside.ok && text.length)
		*width = wrap(margin, &text);
	a2a_secret_wipe(&text);
	return *width > 0;
}

/* ---- The grid -------------------------------------------------------------------------------- */

enum { GRID_GAP = 2 };

/* The lines of a cell, from the top. */
enum line { SHOWN, MARK, NAME, LINES };

static struct secret line_of(const struct a2a_sheet_cell *cell, enum line line)
{
	/* A space would not be seen. */
	static const char space[] = "\u2423", none[] = "";

	switch (line) {
	case SHOWN:
		if (cell->shown.length == 1 && *cell->shown.bytes == ' ')
			return a2a_secret_borrow(space, strlen(space));
		return cell->shown;
	case MARK:
		return a2a_secret_borrow(
			cell->mark ? cell->mark : none, cell->mark ? strlen(cell->mark) : 0);
	default:
		return cell->name;
	}
}

static size_t width_of_cell(const struct a2a_sheet_cell *cell)
{
	size_t width = 0;

	for (enum line line = 0; line < LINES; line++) {
		const struct secret text = line_of(cell, line);
		const size_t wide = width_of(text.bytes, text.length);

		width = wide > width ? wide : width;
	}
	return width;
}

/* Writes one line of a row of cells, unless it is empty. */
static void put_grid_line(struct margin *margin, const struct a2a_sheet_cell *cells, size_t count,
	size_t column, enum line line)
{
	size_t last = 0, written = 0;

	for (size_t i = 0; i < count; i++)
		if (line_of(&cells[i], line).length)
			last = i + 1;
	if (!last)
		return;
	say(margin->writer, margin->first);
	margin->first = margin->rest;
	for (size_t i = 0; i < last; i++) {
		const struct secret text = line_of(&cells[i], line);

		for (; written < i * column; written++)
			say(margin->writer, " ");
		put(margin->writer, text.bytes, text.length);
		written += width_of(text.bytes, text.length);
	}
	say(margin->writer, "\n");
}

/* Writes the cells in columns of one width, in rows that are filled alike. */
static void put_grid(struct margin *margin)
{
	const struct sheet_page *page = margin->writer->page;
	const size_t room = WIDTH + GRID_GAP - width_of(margin->rest, strlen(margin->rest));
	size_t column = GRID_GAP, most, rows, in_row;

	for (size_t i = 0; i < page->cell_count; i++) {
		const size_t width = width_of_cell(&page->cells[i]) + GRID_GAP;

		column = width > column ? width : column;
	}
	most = room / column ? room / column : 1;
	rows = (page->cell_count + most - 1) / most;
	in_row = (page->cell_count + rows - 1) / rows;
	for (size_t from = 0; from < page->cell_count; from += in_row) {
		const size_t left = page->cell_count - from;

		if (from)
			say(margin->writer, "\n");
		for (enum line line = 0; line < LINES; line++)
			put_grid_line(margin, page->cells + from, left < in_row ? left : in_row,
				column, line);
	}
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

static void put_blocks(struct margin *margin, cmark_node *parent, bool is_tight);

static void put_heading(struct margin *margin, cmark_node *node)
{
	const char *line = cmark_node_get_heading_level(node) == 1 ? "=" : "-";
	size_t width = 0;

	put_paragraph(margin, node, &width);
	say(margin->writer, margin->rest);
	for (size_t i = strlen(margin->rest); i < width; i++)
		say(margin->writer, line);
	say(margin->writer, "\n");
}

/* Writes a block of code unchanged, whatever its width. */
static void put_code_block(struct margin *margin, cmark_node *node)
{
	const char *at = cmark_node_get_literal(node);

	while (*at) {
		const size_t length = strcspn(at, "\n");

		if (length) {
			say(margin->writer, margin->first);
			say(margin->writer, "    ");
			put(margin->writer, at, length);
		}
		say(margin->writer, "\n");
		margin->first = margin->rest;
		at += length + (at[length] == '\n');
	}
}

/* Writes the children of a node, with a longer prefix. */
static void put_inside(
	struct margin *margin, cmark_node *node, const char *first, const char *rest, bool is_tight)
{
	char *begin = NULL, *go_on = NULL;

	if (asprintf(&begin, "%s%s", margin->first, first) < 0)
		begin = NULL;
	if (asprintf(&go_on, "%s%s", margin->rest, rest) < 0)
		go_on = NULL;
	if (begin && go_on) {
		struct margin inside = {begin, go_on, margin->writer};

		put_blocks(&inside, node, is_tight);
	} else {
		margin->writer->ok = false;
	}
	margin->first = margin->rest;
	free(begin);
	free(go_on);
}

static void put_list(struct margin *margin, cmark_node *list)
{
	const bool is_tight = cmark_node_get_list_tight(list);
	const bool is_ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
	int number = cmark_node_get_list_start(list);

	for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
		char mark[24] = "- ", blank[24];

		if (is_ordered)
			snprintf(mark, sizeof(mark), "%d. ", number++);
		snprintf(blank, sizeof(blank), "%*s", (int)strlen(mark), "");
		put_inside(margin, item, mark, blank, is_tight);
		if (!is_tight && cmark_node_next(item))
			say(margin->writer, "\n");
	}
}

static void put_block(struct margin *margin, cmark_node *node)
{
	size_t width = 0;

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		put_heading(margin, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		put_code_block(margin, node);
		break;
	case CMARK_NODE_LIST:
		put_list(margin, node);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		put_inside(margin, node, "  ", "  ", false);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		say(margin->writer, "* * *\n");
		break;
	default:
		if (put_paragraph(margin, node, &width) && sheet_has_grid(node))
			say(margin->writer, "\n");
		if (sheet_has_grid(node))
			put_grid(margin);
	}
}

/* Tells whether a paragraph describes a picture that it contains: text cannot show the picture. */
static bool is_about_picture(cmark_node *node)
{
	if (cmark_node_get_type(node) != CMARK_NODE_PARAGRAPH)
		return false;
	for (node = cmark_node_first_child(node); node; node = cmark_node_next(node))
		if (cmark_node_get_type(node) == CMARK_NODE_IMAGE &&
			strcmp(cmark_node_get_url(node), "logo") != 0)
			return true;
	return false;
}

static void put_blocks(struct margin *margin, cmark_node *parent, bool is_tight)
{
	bool is_begun = false;

	for (cmark_node *node = cmark_node_first_child(parent); node;
		node = cmark_node_next(node)) {
		if (is_about_picture(node))
			continue;
		if (is_begun && !is_tight)
			say(margin->writer, "\n");
		is_begun = true;
		put_block(margin, node);
	}
}

bool sheet_write_text(const struct sheet_page *page, struct secret *out, const struct a2a_log *log)
{
	struct writer writer = {page, out, true};
	struct margin margin = {"", "", &writer};

	put_blocks(&margin, page->document, false);
	if (!writer.ok)
		a2a_fault_at(log, NULL, 0, "out of memory");
	return writer.ok;
}
