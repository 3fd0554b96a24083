/* SPDX-License-Identifier: BSD-3-Clause */
/* Fills a template with an account's values. */
#ifndef A2A_SHEET_TEMPLATE_H
#define A2A_SHEET_TEMPLATE_H

#include <cmark.h>

#include "input.h"

/*
 * The allocator of a document's nodes, which wipes memory before freeing it. cmark cannot report
 * that memory is out; the program then ends, as it does in the libraries that make the PDF.
 */
cmark_mem *sheet_memory(void);

/* A field and its value; the text belongs to the caller. */
struct sheet_value {
	const char *name;
	struct secret text;
};

/* Checks that a template can be used. Returns false, having reported every mistake. */
bool sheet_template_check(const struct sheet_input *source, const struct a2a_log *log);

/* Tells whether a checked template has the field, in its text or in a comment. */
bool sheet_template_uses(const struct sheet_input *source, const char *field);

/* What a page has besides the values. */
struct sheet_parts {
	bool logo;  /* else the description of the logo stands in its place */
	bool cells; /* else the password is spelled in a line */
};

/*
 * Parses a checked template, and inserts the values; of several values with one name, the first
 * counts. Removes every paragraph and list item with an empty field, comments, and headings with
 * nothing below. The URL of a QR code's image becomes "qr:" and its text. Returns NULL, having
 * reported, when a field is unknown or a value cannot be shown. Release with cmark_node_free().
 */
cmark_node *sheet_template_fill(const struct sheet_input *source, const struct sheet_value *values,
	size_t count, const struct sheet_parts *has, const struct a2a_log *log);

/* Tells whether a paragraph of a filled document is followed by the grid of the spelling. */
bool sheet_has_grid(cmark_node *paragraph);

/* Tells whether a block of code of a filled document shows the password. */
bool sheet_is_password(cmark_node *block);

/* Returns the address of a link if no text of the document says it, so that on paper it would not
 * be seen; otherwise NULL. Without "mailto:". */
const char *sheet_unsaid(cmark_node *document, cmark_node *link);

/* Appends the text in a node. Returns false when memory is out. */
bool sheet_append_text(cmark_node *node, struct secret *text);

/* Appends the text of the first heading, if there is one. Returns false when memory is out. */
bool sheet_title(cmark_node *document, struct secret *title);

#endif
