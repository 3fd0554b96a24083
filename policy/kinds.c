/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The setting `kinds` is a list of steps. `aA0! 20:aA0 7w:0` asks for a small letter, a capital, a
 * digit and another character; from 20 characters on for the first three; from 7 words on for none.
 * A number stands for so many kinds, whichever they are.
 */
#include "kinds.h"

#include <string.h>

#include "text.h"

static const char separators[] = " \t,";

enum { MOST = A2A_TEXT_BYTES };

enum a2a_character_kind a2a_kind_of(int32_t point)
{
	if (a2a_is_upper(point))
		return A2A_CAPITAL;
	if (a2a_is_letter(point))
		return A2A_SMALL;
	return a2a_is_digit(point) ? A2A_DIGIT : A2A_OTHER;
}

unsigned a2a_kinds_count(unsigned kinds)
{
	unsigned count = 0;

	for (; kinds; kinds &= kinds - 1)
		count++;
	return count;
}

/* Reads "N:" or "Nw:" and moves `*text` behind it. Without one, the step applies always. */
static bool read_from(const char **text, struct a2a_kinds *step)
{
	const char *end = *text;
	size_t from = 0;

	*step = (struct a2a_kinds){0};
	while (a2a_is_digit(*end) && from <= MOST)
		from = 10 * from + (size_t)(*end++ - '0');
	if (*end == 'w' && end[1] == ':')
		step->in_words = *end++ == 'w';
	if (*end != ':')
		return true;
	step->from = from;
	*text = end + 1;
	return from && from <= MOST;
}

/* Reads one digit, the number of kinds, or a sample with a character of each kind. */
static bool read_kinds(const char **text, struct a2a_kinds *step)
{
	const size_t length = strcspn(*text, separators);
	const char *const end = *text + length;

	if (length == 1 && a2a_is_digit(**text)) {
		step->least = (unsigned)(**text - '0');
		++*text;
		return step->least <= 4;
	}
	for (; *text < end; ++*text) {
		if (**text <= ' ' || **text > '~' || **text == ':')
			return false;
		step->each |= a2a_kind_of(**text);
	}
	/* A number of more digits is a mistake, and no sample. */
	return length && step->each != A2A_DIGIT;
}

bool a2a_kinds_next(const char **text, struct a2a_kinds *step)
{
	const char *at = *text + strspn(*text, separators);

	if (!*at || !read_from(&at, step) || !read_kinds(&at, step))
		return false;
	*text = at;
	return true;
}

struct a2a_kinds a2a_kinds_asked(const char *setting, size_t characters, size_t words)
{
	struct a2a_kinds asked = {0}, step;

	while (a2a_kinds_next(&setting, &step))
		if ((step.in_words ? words : characters) >= step.from)
			asked = step;
	return asked;
}

size_t a2a_count_words(const int32_t *point, size_t count)
{
	size_t words = 0, letters = 0;

	for (size_t i = 0; i < count; i++) {
		if (a2a_is_letter(point[i]))
			words += ++letters == A2A_WORD_LETTERS;
		else if (!a2a_is_digit(point[i]))
			letters = 0;
	}
	return words;
}
