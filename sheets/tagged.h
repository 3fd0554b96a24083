/* SPDX-License-Identifier: BSD-3-Clause */
/* What cairo does not write into a tagged PDF. */
#ifndef A2A_SHEET_TAGGED_H
#define A2A_SHEET_TAGGED_H

#include "log.h"
#include "secret.h"

/*
 * Appends a PDF that cairo drew with tags to `out`, and adds to it the language of the text, the
 * descriptions of the pictures (the elements /Figure, in the order in which they were drawn), and
 * that a reader's window shows the title (ISO 14289-1, 7.1 to 7.3). `path` is for reports. Returns
 * false, having reported.
 */
bool sheet_pdf_complete(const struct secret *drawn, const char *language, char *const *descriptions,
	size_t count, struct secret *out, const char *path, const struct a2a_log *log);

#endif
