/* SPDX-License-Identifier: BSD-3-Clause */
#include "stand_in_syslog.h"

/* <syslog.h> would declare them with attributes of libc's. */
void syslog(int priority, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...);
void vsyslog(int priority, const char *format, va_list arguments);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

void vsyslog(int priority, const char *format, va_list arguments)
{
	(void)priority;
	keep_logged(format, arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	(void)priority;
	(void)flag;
	keep_logged(format, arguments);
}

void syslog(int priority, const char *format, ...)
{
	va_list arguments;

	(void)priority;
	va_start(arguments, format);
	keep_logged(format, arguments);
	va_end(arguments);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	(void)priority;
	(void)flag;
	va_start(arguments, format);
	keep_logged(format, arguments);
	va_end(arguments);
}
