/* SPDX-License-Identifier: BSD-3-Clause */
/* Reports to the administrator. */
#ifndef A2A_LOG_H
#define A2A_LOG_H

#include <stdbool.h>

enum a2a_level {
	A2A_FAULT,   /* nothing can be judged until it is mended */
	A2A_WARNING, /* something is left out; the rest works */
};

/*
 * The receiver of reports to the administrator. `text` is one English sentence that says what is
 * wrong, where (FILE:LINE) and what to do. It never holds a password or a part of one. It is valid
 * during the call only. `say` may be NULL.
 */
struct a2a_log {
	void (*say)(void *context, enum a2a_level level, const char *text);
	void *context;
};

/*
 * Formats one sentence and reports it. `where` (a file, FILE:LINE, an argument) goes in front of
 * the sentence, with a colon; NULL: nothing goes there. `log` may be NULL.
 */
__attribute__((format(printf, 4, 5))) void a2a_report(const struct a2a_log *log,
	enum a2a_level level, const char *where, const char *format, ...);

/* Reports a fault. Always returns false, so that a function can end with it. */
__attribute__((format(printf, 3, 4))) bool a2a_fault(
	const struct a2a_log *log, const char *where, const char *format, ...);

/*
 * Does the same for a fault in line `line` of the file at `path`: "PATH:LINE: ...". Leaves the line
 * out when it is 0, and both when `path` is NULL.
 */
__attribute__((format(printf, 4, 5))) bool a2a_fault_at(
	const struct a2a_log *log, const char *path, unsigned long line, const char *format, ...);

#endif
