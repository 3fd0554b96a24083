/* SPDX-License-Identifier: BSD-3-Clause */
/* From a document to a page, in each of the formats. */
#ifndef A2A_SHEET_PAGES_H
#define A2A_SHEET_PAGES_H

#include <cmark.h>
#include <time.h>

#include "picture.h"
#include "log.h"
#include "secret.h"

struct sheet_page {
	cmark_node *document; /* may be changed by who writes it */
	const char *path;     /* its template's, for reports */
	const char *language; /* "fr" */
	const char *title;
	const char *author; /* "" when not said */
	const char *style;  /* CSS */
	const struct sheet_logo *logo;
	time_t issued;
};

/* Each appends to `out`, and returns false, having reported, when it cannot be written. */
bool sheet_write_text(const struct sheet_page *page, struct secret *out, const struct a2a_log *log);
bool sheet_write_html(const struct sheet_page *page, struct secret *out, const struct a2a_log *log);
bool sheet_write_pdf(const struct sheet_page *page, struct secret *out, const struct a2a_log *log);

/* Whether the types that the PDF is set in are installed; false, having reported, when not. */
bool sheet_pdf_check(const struct a2a_log *log);

#endif
