/* SPDX-License-Identifier: BSD-3-Clause */
#include "offensive.h"

#include <string.h>

/* Made from words/offensive.txt by offensive_words.c: folded, sorted by bytes. */
extern const char *const a2a_offensive_words[];
extern const size_t a2a_offensive_count, a2a_offensive_longest;

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	return small(c) >= 'a' && small(c) <= 'z';
}

/* Compares as strcmp() does, ignoring case. It makes no copy of the text: a copy would have to be
 * wiped. */
static int compare(const char *text, size_t length, const char *word)
{
	for (size_t i = 0; i < length; i++)
		if (small(text[i]) != word[i])
			return small(text[i]) < word[i] ? -1 : 1;
	return word[length] ? -1 : 0;
}

static bool is_listed(const char *text, size_t length)
{
	size_t first = 0, end = a2a_offensive_count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		int order = compare(text, length, a2a_offensive_words[middle]);

		if (order == 0)
			return true;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return false;
}

/* Tells whether letters in a row, with no letter beside them, are or contain an offensive word. */
static bool run_is_offensive(const char *run, size_t length, size_t part)
{
	if (is_listed(run, length))
		return true;
	for (size_t at = 0; at < length; at++)
		for (size_t letters = part;
			letters <= a2a_offensive_longest && at + letters <= length; letters++)
			if (is_listed(run + at, letters))
				return true;
	return false;
}

bool a2a_is_offensive(const char *text, size_t length, size_t part)
{
	for (size_t at = 0; at < length; at++) {
		size_t run = 0;

		while (at + run < length && is_letter(text[at + run]))
			run++;
		if (run && run_is_offensive(text + at, run, part))
			return true;
		at += run;
	}
	return false;
}
