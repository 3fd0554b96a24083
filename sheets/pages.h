/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes a document as a page, in each format. */
#ifndef A2A_SHEET_PAGES_H
#define A2A_SHEET_PAGES_H

#include <cmark.h>
#include <time.h>

#include "log.h"
#include "picture.h"
#include "secret.h"
#include "sheet.h"
#include "template.h"

struct sheet_page {
	cmark_node *document; /* the writer may change it */
	const char *path;     /* of the template, for reports */
	const char *language; /* "fr" */
	const char *title;
	const char *author;            /* "": none */
	const char *style;             /* CSS */
	const struct sheet_logo *logo; /* its pixels are NULL: none */
	const struct a2a_sheet_cell *cells;
	size_t cell_count;
	const struct sheet_value *values; /* of the fields, for reports */
	size_t value_count;
	time_t issued;
};

/* Each function appends the page to `out`. Returns false, having reported. */
bool sheet_write_text(const struct sheet_page *page, struct secret *out, const struct a2a_log *log);
bool sheet_write_html(const struct sheet_page *page, struct secret *out, const struct a2a_log *log);
bool sheet_write_pdf(const struct sheet_page *page, struct secret *out, const struct a2a_log *log);

/* Checks that the fonts of the PDF are installed. Returns false, having reported. */
bool sheet_pdf_check(const struct a2a_log *log);

#endif
