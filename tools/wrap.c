/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "wrap.h"

#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

enum { LEAST_WIDTH = 20 }; /* of a line; a narrower terminal breaks it itself */

size_t wrap_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size))
		return SIZE_MAX;
	/* A terminal that does not know its size says 0. */
	return size.ws_col ? size.ws_col : 80;
}

size_t wrap_columns(const char *text, size_t length)
{
	size_t columns = 0;

	for (size_t i = 0; i < length; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

static bool begin_line(struct secret *to, size_t indent)
{
	static const char blank[] = " ";
	bool ok = a2a_secret_append(to, "\n", 1);

	for (size_t i = 0; ok && i < indent; i++)
		ok = a2a_secret_append(to, blank, 1);
	return ok;
}

bool wrap_append(struct secret *to, const char *items, size_t length, size_t indent, size_t width)
{
	static const char between[] = ", ";
	const char *end = items + length;
	size_t column = indent;
	bool ok = true;

	if (width < indent + LEAST_WIDTH)
		width = indent + LEAST_WIDTH;
	while (ok && items < end) {
		const char *comma = memmem(items, (size_t)(end - items), between, 2);
		/* With its comma, which stays on the line. */
		const size_t item = (size_t)((comma ? comma + 1 : end) - items);
		const size_t columns = wrap_columns(items, item);

		if (column > indent && column + 1 + columns > width) {
			ok = begin_line(to, indent);
			column = indent;
		} else if (column > indent) {
			ok = a2a_secret_append(to, " ", 1);
			column++;
		}
		ok = ok && a2a_secret_append(to, items, item);
		column += columns;
		items = comma ? comma + 2 : end;
	}
	return ok;
}
