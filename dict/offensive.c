/* SPDX-License-Identifier: BSD-3-Clause */
#include "offensive.h"

/* Made from words/offensive.txt by offensive_words.c: folded, sorted by bytes. */
extern const char *const a2a_offensive_words[];
extern const size_t a2a_offensive_count;

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	return small(c) >= 'a' && small(c) <= 'z';
}

/* The words from `first` to before `end`: they begin with the same letters. */
struct range {
	size_t first, end;
};

/* Returns the first word of the range whose letter at `depth` is not before `letter`. */
static size_t find(struct range range, size_t depth, int letter)
{
	while (range.first < range.end) {
		const size_t middle = range.first + (range.end - range.first) / 2;

		if (a2a_offensive_words[middle][depth] < letter)
			range.first = middle + 1;
		else
			range.end = middle;
	}
	return range.first;
}

/*
 * Tells whether letters in a row, with no letter after them, begin with an offensive word of at
 * least `part` letters, or are one if they are `whole`. Makes no copy of the text: a copy would
 * have to be wiped.
 */
static bool begins_offensive(const char *run, size_t length, size_t part, bool whole)
{
	struct range range = {0, a2a_offensive_count};

	for (size_t depth = 0; depth < length; depth++) {
		const char letter = small(run[depth]);
		bool is_word;

		range.first = find(range, depth, letter);
		range.end = find(range, depth, letter + 1);
		if (range.first == range.end)
			return false;
		/* The word that has no more letters comes first. */
		is_word = !a2a_offensive_words[range.first][depth + 1];
		if (is_word && (depth + 1 >= part || (whole && depth + 1 == length)))
			return true;
	}
	return false;
}

/* Tells whether letters in a row, with no letter beside them, are or contain an offensive word. */
static bool run_is_offensive(const char *run, size_t length, size_t part)
{
	for (size_t at = 0; at < length; at++)
		if (begins_offensive(run + at, length - at, part, at == 0))
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
