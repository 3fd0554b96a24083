/* SPDX-License-Identifier: BSD-3-Clause */
/* Replaces libc's syslog(): the test gets what libpam and its modules log. It must be linked with
 * export_dynamic. */
#ifndef STAND_IN_SYSLOG_H
#define STAND_IN_SYSLOG_H

#include <stdarg.h>

/* The test defines this function, which is called for each line that is logged. */
void keep_logged(const char *format, va_list arguments);

#endif
