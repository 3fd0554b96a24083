/* SPDX-License-Identifier: BSD-3-Clause */
/* syslog() in the place of libc's: what libpam and its modules would have sent to the system's log
 * comes to the test instead, which must be linked with export_dynamic. */
#ifndef STAND_IN_SYSLOG_H
#define STAND_IN_SYSLOG_H

#include <stdarg.h>

/* The test's own: keeps a line. */
void keep_logged(const char *format, va_list arguments);

#endif
