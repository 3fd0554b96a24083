/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool a2a_explain(char **why, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	free(*why);
	*why = text;
	return false;
}
