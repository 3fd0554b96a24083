/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdbool.h>
#include <string.h>

#include "rule.h"

static bool is_lower(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static unsigned char lower_of(unsigned char c)
{
	return is_upper(c) ? (unsigned char)(c + ('a' - 'A')) : c;
}

static unsigned char upper_of(unsigned char c)
{
	return is_lower(c) ? (unsigned char)(c - ('a' - 'A')) : c;
}

static unsigned char toggled(unsigned char c)
{
	return is_lower(c) ? upper_of(c) : lower_of(c);
}

/* Makes room for `count` bytes at `at`. Returns false when that would be too long. */
static bool make_room(struct guess *guess, size_t at, size_t count)
{
	if (guess->length + count >= LONGEST_GUESS)
		return false;
	memmove(guess->text + at + count, guess->text + at, guess->length - at);
	guess->length += count;
	return true;
}

static void cut_out(struct guess *guess, size_t at, size_t count)
{
	memmove(guess->text + at, guess->text + at + count, guess->length - at - count);
	guess->length -= count;
}

static void swap(struct guess *guess, size_t one, size_t other)
{
	unsigned char c = guess->text[one];

	guess->text[one] = guess->text[other];
	guess->text[other] = c;
}

static void turn_around(unsigned char *text, size_t length)
{
	for (size_t i = 0; i < length / 2; i++) {
		unsigned char c = text[i];

		text[i] = text[length - 1 - i];
		text[length - 1 - i] = c;
	}
}

static void nothing(struct guess *guess, const unsigned char *argument)
{
	(void)guess;
	(void)argument;
}

static void lowercase(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	for (size_t i = 0; i < guess->length; i++)
		guess->text[i] = lower_of(guess->text[i]);
}

static void uppercase(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	for (size_t i = 0; i < guess->length; i++)
		guess->text[i] = upper_of(guess->text[i]);
}

static void capitalize(struct guess *guess, const unsigned char *argument)
{
	lowercase(guess, argument);
	if (guess->length)
		guess->text[0] = upper_of(guess->text[0]);
}

static void capitalize_all_but_first(struct guess *guess, const unsigned char *argument)
{
	uppercase(guess, argument);
	if (guess->length)
		guess->text[0] = lower_of(guess->text[0]);
}

static void toggle(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	for (size_t i = 0; i < guess->length; i++)
		guess->text[i] = toggled(guess->text[i]);
}

static void toggle_at(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->text[argument[0]] = toggled(guess->text[argument[0]]);
}

/* The letter behind the Nth X, counted from 0. */
static void toggle_behind(struct guess *guess, const unsigned char *argument)
{
	size_t seen = 0;

	for (size_t i = 0; i + 1 < guess->length; i++)
		if (guess->text[i] == argument[1] && seen++ == argument[0]) {
			guess->text[i + 1] = toggled(guess->text[i + 1]);
			return;
		}
}

static void title_behind(struct guess *guess, const unsigned char *argument)
{
	bool is_first = true;

	for (size_t i = 0; i < guess->length; i++) {
		unsigned char c = guess->text[i];

		guess->text[i] = is_first ? upper_of(c) : lower_of(c);
		is_first = c == argument[0];
	}
}

static void title(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	title_behind(guess, (const unsigned char *)" ");
}

static void reverse(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	turn_around(guess->text, guess->length);
}

static void append_copies(struct guess *guess, const unsigned char *argument)
{
	size_t length = guess->length;

	if (length * (argument[0] + 1u) >= LONGEST_GUESS)
		return;
	for (size_t i = 0; i < argument[0]; i++) {
		memcpy(guess->text + guess->length, guess->text, length);
		guess->length += length;
	}
}

static void duplicate(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	append_copies(guess, (const unsigned char[]){1});
}

static void reflect(struct guess *guess, const unsigned char *argument)
{
	size_t length = guess->length;

	duplicate(guess, argument);
	if (guess->length > length)
		turn_around(guess->text + length, length);
}

static void rotate_left(struct guess *guess, const unsigned char *argument)
{
	unsigned char first = guess->text[0];

	(void)argument;
	if (!guess->length)
		return;
	memmove(guess->text, guess->text + 1, guess->length - 1);
	guess->text[guess->length - 1] = first;
}

static void rotate_right(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	if (!guess->length)
		return;
	unsigned char last = guess->text[guess->length - 1];

	memmove(guess->text + 1, guess->text, guess->length - 1);
	guess->text[0] = last;
}

static void append(struct guess *guess, const unsigned char *argument)
{
	if (make_room(guess, guess->length, 1))
		guess->text[guess->length - 1] = argument[0];
}

static void prepend(struct guess *guess, const unsigned char *argument)
{
	if (make_room(guess, 0, 1))
		guess->text[0] = argument[0];
}

static void delete_first(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	if (guess->length)
		cut_out(guess, 0, 1);
}

static void delete_last(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	if (guess->length)
		guess->length--;
}

static void delete_at(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		cut_out(guess, argument[0], 1);
}

static void extract(struct guess *guess, const unsigned char *argument)
{
	size_t at = argument[0], count = argument[1];

	if (at >= guess->length || at + count > guess->length)
		return;
	memmove(guess->text, guess->text + at, count);
	guess->length = count;
}

static void omit(struct guess *guess, const unsigned char *argument)
{
	size_t at = argument[0], count = argument[1];

	if (at < guess->length && at + count <= guess->length)
		cut_out(guess, at, count);
}

static void insert(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] <= guess->length && make_room(guess, argument[0], 1))
		guess->text[argument[0]] = argument[1];
}

static void overwrite(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->text[argument[0]] = argument[1];
}

static void truncate_at(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->length = argument[0];
}

static void replace(struct guess *guess, const unsigned char *argument)
{
	for (size_t i = 0; i < guess->length; i++)
		if (guess->text[i] == argument[0])
			guess->text[i] = argument[1];
}

static void purge(struct guess *guess, const unsigned char *argument)
{
	size_t kept = 0;

	for (size_t i = 0; i < guess->length; i++)
		if (guess->text[i] != argument[0])
			guess->text[kept++] = guess->text[i];
	guess->length = kept;
}

static void repeat_first(struct guess *guess, const unsigned char *argument)
{
	if (guess->length && make_room(guess, 0, argument[0]))
		memset(guess->text, guess->text[argument[0]], argument[0]);
}

static void repeat_last(struct guess *guess, const unsigned char *argument)
{
	size_t length = guess->length;

	if (length && make_room(guess, length, argument[0]))
		memset(guess->text + length, guess->text[length - 1], argument[0]);
}

static void repeat_all(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	if (guess->length * 2 >= LONGEST_GUESS)
		return;
	for (size_t i = guess->length; i-- > 0;)
		guess->text[2 * i] = guess->text[2 * i + 1] = guess->text[i];
	guess->length *= 2;
}

static void repeat_first_block(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] <= guess->length && make_room(guess, 0, argument[0]))
		memcpy(guess->text, guess->text + argument[0], argument[0]);
}

static void repeat_last_block(struct guess *guess, const unsigned char *argument)
{
	size_t length = guess->length;

	if (argument[0] <= length && make_room(guess, length, argument[0]))
		memcpy(guess->text + length, guess->text + length - argument[0], argument[0]);
}

static void swap_first(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	if (guess->length >= 2)
		swap(guess, 0, 1);
}

static void swap_last(struct guess *guess, const unsigned char *argument)
{
	(void)argument;
	if (guess->length >= 2)
		swap(guess, guess->length - 2, guess->length - 1);
}

static void swap_at(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length && argument[1] < guess->length)
		swap(guess, argument[0], argument[1]);
}

static void shift_left(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->text[argument[0]] = (unsigned char)(guess->text[argument[0]] << 1);
}

static void shift_right(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->text[argument[0]] >>= 1;
}

static void increment(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->text[argument[0]]++;
}

static void decrement(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] < guess->length)
		guess->text[argument[0]]--;
}

static void copy_next(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] + 1u < guess->length)
		guess->text[argument[0]] = guess->text[argument[0] + 1u];
}

static void copy_previous(struct guess *guess, const unsigned char *argument)
{
	if (argument[0] >= 1 && argument[0] < guess->length)
		guess->text[argument[0]] = guess->text[argument[0] - 1u];
}

/* By letter: what it does, and its arguments, N for a position or a number, X for a character. */
static const struct {
	void (*apply)(struct guess *guess, const unsigned char *argument);
	const char *arguments;
} functions[128] = {
	[':'] = {nothing, ""},
	['l'] = {lowercase, ""},
	['u'] = {uppercase, ""},
	['c'] = {capitalize, ""},
	['C'] = {capitalize_all_but_first, ""},
	['t'] = {toggle, ""},
	['T'] = {toggle_at, "N"},
	['3'] = {toggle_behind, "NX"},
	['E'] = {title, ""},
	['e'] = {title_behind, "X"},
	['r'] = {reverse, ""},
	['d'] = {duplicate, ""},
	['p'] = {append_copies, "N"},
	['f'] = {reflect, ""},
	['{'] = {rotate_left, ""},
	['}'] = {rotate_right, ""},
	['$'] = {append, "X"},
	['^'] = {prepend, "X"},
	['['] = {delete_first, ""},
	[']'] = {delete_last, ""},
	['D'] = {delete_at, "N"},
	['x'] = {extract, "NN"},
	['O'] = {omit, "NN"},
	['i'] = {insert, "NX"},
	['o'] = {overwrite, "NX"},
	['\''] = {truncate_at, "N"},
	['s'] = {replace, "XX"},
	['@'] = {purge, "X"},
	['z'] = {repeat_first, "N"},
	['Z'] = {repeat_last, "N"},
	['q'] = {repeat_all, ""},
	['y'] = {repeat_first_block, "N"},
	['Y'] = {repeat_last_block, "N"},
	['k'] = {swap_first, ""},
	['K'] = {swap_last, ""},
	['*'] = {swap_at, "NN"},
	['L'] = {shift_left, "N"},
	['R'] = {shift_right, "N"},
	['+'] = {increment, "N"},
	['-'] = {decrement, "N"},
	['.'] = {copy_next, "N"},
	[','] = {copy_previous, "N"},
};

/* Reads a position: 0 to 9, then A for 10 to Z for 35. */
static bool read_position(unsigned char c, unsigned char *position)
{
	if (c >= '0' && c <= '9')
		*position = (unsigned char)(c - '0');
	else if (is_upper(c))
		*position = (unsigned char)(c - 'A' + 10);
	else
		return false;
	return true;
}

/* Reads a function and its arguments. Returns what is behind it, or NULL. */
static const char *read_step(const char *text, struct step *step)
{
	unsigned char letter = (unsigned char)*text++;

	if (letter >= sizeof(functions) / sizeof(functions[0]) || !functions[letter].apply)
		return NULL;
	*step = (struct step){.apply = functions[letter].apply};
	for (size_t i = 0; functions[letter].arguments[i]; i++) {
		unsigned char c = (unsigned char)*text++;

		if (!c)
			return NULL;
		if (functions[letter].arguments[i] == 'X')
			step->argument[i] = c;
		else if (!read_position(c, &step->argument[i]))
			return NULL;
	}
	return text;
}

size_t rule_read(const char *text, struct step step[static MOST_STEPS])
{
	size_t count = 0;

	while (text && *text) {
		if (*text == ' ') {
			text++;
			continue;
		}
		if (count == MOST_STEPS)
			return 0;
		text = read_step(text, &step[count++]);
	}
	return text ? count : 0;
}

void rule_apply(
	const struct step *step, size_t steps, const char *word, size_t length, struct guess *guess)
{
	memcpy(guess->text, word, length);
	guess->length = length;
	for (size_t i = 0; i < steps; i++)
		step[i].apply(guess, step[i].argument);
}
