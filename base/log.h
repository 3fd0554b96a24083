/* SPDX-License-Identifier: BSD-3-Clause */
/* Reports to the administrator. */
#ifndef A2A_LOG_H
#define A2A_LOG_H

#include <stdbool.h>

enum a2a_level {
	A2A_FAULT,   /* nothing can be judged until it is mended */
	A2A_WARNING, /* something is left out, the rest works */
};

/*
 * Where the engine reports to the administrator. `text` is one English sentence that says what,
 * where (FILE:LINE) and what to do; it never holds a password or anything of one, and belongs to
 * the caller of `say`. `say` may be NULL.
 */
struct a2a_log {
	void (*say)(void *context, enum a2a_level level, const char *text);
	void *context;
};

/*
 * Reports one sentence, formatted, of `where` (a file, FILE:LINE, an argument; may be NULL), which
 * goes before it with a colon. `log` may be NULL.
 */
__attribute__((format(printf, 4, 5))) void a2a_report(const struct a2a_log *log,
	enum a2a_level level, const char *where, const char *format, ...);

/* The same of a fault. Always false, so that a function can end with it. */
__attribute__((format(printf, 3, 4))) bool a2a_fault(
	const struct a2a_log *log, const char *where, const char *format, ...);

#endif
