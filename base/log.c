/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* vasprintf */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void report(const struct a2a_log *log, enum a2a_level level, const char *where,
	const char *format, va_list arguments)
{
	char *what = NULL;
	char *text = NULL;

	if (!log || !log->say)
		return;
	if (vasprintf(&what, format, arguments) < 0)
		what = NULL;
	if (what && where && asprintf(&text, "%s: %s", where, what) < 0)
		text = NULL;
	if (text)
		log->say(log->context, level, text);
	else
		log->say(log->context, level, what ? what : "out of memory");
	free(text);
	free(what);
}

void a2a_report(
	const struct a2a_log *log, enum a2a_level level, const char *where, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(log, level, where, format, arguments);
	va_end(arguments);
}

bool a2a_fault(const struct a2a_log *log, const char *where, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(log, A2A_FAULT, where, format, arguments);
	va_end(arguments);
	return false;
}

bool a2a_fault_at(
	const struct a2a_log *log, const char *path, unsigned long line, const char *format, ...)
{
	char *where = NULL;
	va_list arguments;

	if (path && line && asprintf(&where, "%s:%lu", path, line) < 0)
		where = NULL;
	va_start(arguments, format);
	report(log, A2A_FAULT, where ? where : path, format, arguments);
	va_end(arguments);
	free(where);
	return false;
}
