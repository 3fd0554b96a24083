/* SPDX-License-Identifier: BSD-3-Clause */
/* What the terminal can show: its width, its colours, and the columns that a text takes there. */
#ifndef A2A_TERMINAL_H
#define A2A_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* --color */
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

enum style {
	STYLE_PLAIN,
	STYLE_HEADING,
	STYLE_GOOD,
	STYLE_WARNING,
	STYLE_BAD,
	STYLE_FAINT,
	STYLES
};

/* Returns the value of --color that a text names. Ends the program with a message if it names none.
 */
enum color terminal_color_named(const char *text);

/* Tells whether the descriptor is a terminal that obeys control sequences: not if TERM is unset,
 * empty or "dumb". */
bool terminal_is_capable(int fd);

/* Tells whether to write colours to the descriptor. With COLOR_AUTO, the terminal must be capable
 * and the environment variable NO_COLOR unset or empty (https://no-color.org/). */
bool terminal_has_color(int fd, enum color color);

/* Returns the control sequence that begins a style (ECMA-48, SGR), and the one that ends it; ""
 * for plain text and without colour. Static. */
const char *terminal_style(bool has_color, enum style style);
const char *terminal_plain(bool has_color, enum style style);

/* Returns the columns of the terminal; SIZE_MAX if the descriptor is none. */
size_t terminal_width(int fd);

/* Returns the columns that a text in UTF-8 takes, whatever the locale is: 0, 1 or 2 for a character
 * (wcwidth(3)), and 1 for what text_printable() replaces. */
size_t text_columns(const char *text, size_t length);

/* Returns the bytes of the longest beginning of the text that takes at most so many columns. */
size_t text_fit(const char *text, size_t length, size_t columns);

/* Returns a copy in which "?" stands for a control character and for a byte that is no UTF-8: a
 * terminal must not get those. The caller frees it. Ends the program when memory is out. */
char *text_printable(const char *text);

#endif
