/* SPDX-License-Identifier: BSD-3-Clause */
/* From a template and an account's values to a document. */
#ifndef A2A_SHEET_TEMPLATE_H
#define A2A_SHEET_TEMPLATE_H

#include <cmark.h>

#include "input.h"

/*
 * What a document's nodes are made of: memory that is wiped when it is given back. cmark cannot be
 * told that memory is out; then the program ends, as it does in the libraries that make the PDF.
 */
cmark_mem *sheet_memory(void);

/* A field and what stands for it; the text is its owner's. */
struct sheet_value {
	const char *name;
	struct secret text;
};

/* Whether a template can be used at all; false after all that is wrong in it was reported. */
bool sheet_template_check(const struct sheet_input *source, const struct a2a_log *log);

/*
 * Parses a template that was checked, puts the values in (the first one of a name counts), and
 * takes out what is not said: every paragraph and list item with an empty field in it, the logo
 * when there is none, comments, and headings with nothing below. The address of a QR code's image
 * is then "qr:" and what it says. Returns NULL, having reported, when a field is not known or a
 * value cannot be shown. Release with cmark_node_free().
 */
cmark_node *sheet_template_fill(const struct sheet_input *source, const struct sheet_value *values,
	size_t count, bool has_logo, const struct a2a_log *log);

/* Appends the text of the first heading, if there is one. False when memory is out. */
bool sheet_title(cmark_node *document, struct secret *title);

#endif
