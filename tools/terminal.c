/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "terminal.h"

#include <err.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { STATUS_FAULT = 2 };

enum color terminal_color_named(const char *text)
{
	static const char *const names[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0)
			return (enum color)i;
	errx(STATUS_FAULT, "--color: \"%s\" is none of auto, always and never", text);
}

bool terminal_is_capable(int fd)
{
	const char *terminal = getenv("TERM");

	return isatty(fd) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

bool terminal_has_color(int fd, enum color color)
{
	const char *none = getenv("NO_COLOR");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return !(none && *none) && terminal_is_capable(fd);
}

const char *terminal_style(bool has_color, enum style style)
{
	static const char *const begin[STYLES] = {
		[STYLE_PLAIN] = "",
		[STYLE_HEADING] = "\033[1m",
		[STYLE_GOOD] = "\033[32m",
		[STYLE_WARNING] = "\033[33m",
		[STYLE_BAD] = "\033[31m",
		[STYLE_FAINT] = "\033[2m",
	};

	return has_color ? begin[style] : "";
}

const char *terminal_plain(bool has_color, enum style style)
{
	return has_color && style != STYLE_PLAIN ? "\033[0m" : "";
}

size_t terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size))
		return SIZE_MAX;
	/* A terminal that does not know its size says 0. */
	return size.ws_col ? size.ws_col : 80;
}

/* The locale in which characters are measured: the one of UTF-8 that every libc has built in. */
struct locales {
	locale_t utf8, before;
};

static struct locales enter_utf8(void)
{
	struct locales locales = {.utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0)};

	if (locales.utf8)
		locales.before = uselocale(locales.utf8);
	return locales;
}

static void leave_utf8(const struct locales *locales)
{
	if (!locales->utf8)
		return;
	uselocale(locales->before);
	freelocale(locales->utf8);
}

/* Returns the bytes of a character, and in `*columns` those that wcwidth(3) knows: -1 for a control
 * character, or for a byte that is no UTF-8, which a terminal must not get. */
static size_t next(const char *text, size_t length, int *columns)
{
	mbstate_t state = {0};
	wchar_t character;
	size_t size = mbrtowc(&character, text, length, &state);

	if (size == 0 || size > length) {
		size = 1;
		*columns = -1;
	} else {
		*columns = wcwidth(character);
	}
	return size;
}

/* Returns the columns of one character, as text_printable() shows it. */
static size_t next_printable(const char *text, size_t length, size_t *columns)
{
	int width;
	const size_t size = next(text, length, &width);

	*columns = width < 0 ? 1 : (size_t)width;
	return size;
}

size_t text_columns(const char *text, size_t length)
{
	const struct locales locales = enter_utf8();
	size_t all = 0, columns;

	for (size_t i = 0; i < length; all += columns)
		i += next_printable(text + i, length - i, &columns);
	leave_utf8(&locales);
	return all;
}

size_t text_fit(const char *text, size_t length, size_t columns)
{
	const struct locales locales = enter_utf8();
	size_t fitting = 0, all = 0;

	while (fitting < length) {
		size_t width;
		const size_t size = next_printable(text + fitting, length - fitting, &width);

		all += width;
		if (all > columns)
			break;
		fitting += size;
	}
	leave_utf8(&locales);
	return fitting;
}

char *text_printable(const char *text)
{
	const struct locales locales = enter_utf8();
	const size_t length = strlen(text);
	char *copy = malloc(length + 1), *to = copy;

	if (!copy)
		err(STATUS_FAULT, NULL);
	for (size_t i = 0; i < length;) {
		int columns;
		const size_t size = next(text + i, length - i, &columns);

		if (columns < 0)
			*to++ = '?';
		else
			to = mempcpy(to, text + i, size);
		i += size;
	}
	*to = '\0';
	leave_utf8(&locales);
	return copy;
}
