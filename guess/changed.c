/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "changed.h"

#include <string.h>
#include <wchar.h>

#include "costs.h"
#include "word.h"

/* Returns the cost of a word without the way in which it is written; UNREACHED for NULL. */
static uint32_t cost_of(const struct a2a_class *word)
{
	return word ? a2a_word_cost(word) : (uint32_t)UNREACHED;
}

/* Returns the word that costs less. Each may be NULL. */
static const struct a2a_class *commoner(const struct a2a_class *one, const struct a2a_class *other)
{
	return cost_of(other) < cost_of(one) ? other : one;
}

/* A word that is read letter by letter, and looked up meanwhile: few rows of letters begin a word.
 */
struct reader {
	const struct a2a_lexicon *lexicon;
	struct a2a_walk place;
	size_t count;
	uint8_t first; /* the code of the first letter */
};

/* Reads one more letter. Returns false when no word continues with it. */
static bool read_letter(struct reader *reader, uint8_t code)
{
	if (reader->count++ == 0) {
		reader->first = code;
		return true;
	}
	return reader->count == 2
		       ? a2a_lexicon_begin(reader->lexicon, &reader->place, reader->first, code)
		       : a2a_lexicon_step(reader->lexicon, &reader->place, code);
}

/* Tells whether there is a common word, and not a form, which is in disguise already. */
static bool is_worth_it(const struct a2a_class *word)
{
	return word && !a2a_class_is_form(word) && a2a_word_cost(word) <= DISGUISED_RAREST;
}

/* Adds a word in a disguise that costs `disguise`. `word` may be NULL. */
static void add(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t disguise,
	const struct a2a_class *word)
{
	if (is_worth_it(word))
		a2a_candidate_add_once(lattice, start, length,
			cost_of(word) + disguise + a2a_capitals_cost(lattice, start, length),
			a2a_segment_of_word(word), word);
}

/* The same, where random passwords have such a word by chance. */
static void add_likely(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t disguise,
	const struct a2a_class *word)
{
	add(lattice, start, length, disguise + a2a_chance_cost(lattice, start, length), word);
}

static bool is_letter(const struct a2a_lattice *lattice, size_t place)
{
	return a2a_is_small(lattice->text[place]);
}

/* Returns the number of letters from `start` on. */
static size_t letters_from(const struct a2a_lattice *lattice, size_t start)
{
	size_t count = 0;

	while (is_letter(lattice, start + count))
		count++;
	return count < WORD_LONGEST ? count : WORD_LONGEST;
}

/* ---- Letters that stand apart ---------------------------------------------------------------- */

/* A word whose letters stand apart, with a filling of one or two characters between them. */
struct apart {
	const struct a2a_lexicon *lexicon;
	struct a2a_lattice *lattice;
	size_t first, stride, letters; /* the first letter, the distance, their number */
	size_t start, end;             /* with the filling around */
};

/* Returns the place of a character of the filling, by its number. */
static size_t filling_place(const struct apart *apart, size_t number)
{
	const size_t gap = apart->stride - 1;
	const size_t lead = apart->first - apart->start;

	if (number < lead)
		return apart->start + number;
	number -= lead;
	return apart->first + number / gap * apart->stride + 1 + number % gap;
}

static int32_t filling(const struct apart *apart, size_t number)
{
	return apart->lattice->column[filling_place(apart, number)].character.point;
}

static const struct a2a_character *apart_letter(const struct apart *apart, size_t number)
{
	return &apart->lattice->column[apart->first + number * apart->stride].character;
}

/* Returns the cost of capitals: those of the word alone, if the filling has none. */
static uint32_t capitals_apart(const struct apart *apart)
{
	const struct a2a_column *column = apart->lattice->column;
	const size_t all =
		(size_t)(column[apart->end].before.uppers - column[apart->start].before.uppers);
	size_t in_word = 0;

	for (size_t i = 0; i < apart->letters; i++)
		in_word += apart_letter(apart, i)->upper;
	if (all == in_word &&
		(in_word == apart->letters || (in_word == 1 && apart_letter(apart, 0)->upper)))
		return CAPITALS_USUAL;
	return a2a_capitals_cost(apart->lattice, apart->start, apart->end - apart->start);
}

/* Tells whether each character of the filling repeats the letter before it: mmaarriiee. */
static bool is_doubled(const struct apart *apart)
{
	for (size_t i = 0; i < apart->letters; i++)
		for (size_t j = 1; j < apart->stride; j++)
			if (filling(apart, i * (apart->stride - 1) + j - 1) !=
				apart_letter(apart, i)->point)
				return false;
	return true;
}

/* Tells whether the filling is the letters of the word backwards, all or all but the last. */
static bool is_mirrored(const struct apart *apart, size_t count)
{
	if (count > apart->letters)
		return false;
	for (size_t i = 0; i < count; i++)
		if (filling(apart, i) != apart_letter(apart, apart->letters - 1 - i)->point)
			return false;
	return true;
}

/* Returns after how many characters the filling repeats itself; `count` when it does not. */
static size_t period_of(const struct apart *apart, size_t count)
{
	for (size_t period = 1; period < count; period++) {
		size_t i = period;

		while (i < count && filling(apart, i) == filling(apart, i - period))
			i++;
		if (i == count)
			return period;
	}
	return count;
}

/* Returns the cost of the first characters of a filling if they are digits; years have their own.
 */
static uint32_t digits_cost(const struct apart *apart, size_t count)
{
	unsigned year = 0;

	for (size_t i = 0; i < count; i++) {
		if (!a2a_is_figure(filling(apart, i)))
			return UNREACHED;
		year = 10 * year + (unsigned)(filling(apart, i) - '0');
	}
	return count == 4 && year >= YEAR_OF_LIFE_FIRST && year <= YEAR_LAST
		       ? YEAR_OF_LIFE
		       : FILLING_DIGITS + (uint32_t)count * NUMBER_DIGIT;
}

/* Returns the cost of the filling between the letters; UNREACHED when nobody would think of it. */
static uint32_t filling_cost(const struct apart *apart)
{
	const size_t count = apart->end - apart->start - apart->letters;
	const int32_t first = filling(apart, 0);
	bool up = true, down = true;
	size_t period;

	if (apart->start == apart->first &&
		apart->end == apart->first + apart->letters * apart->stride && is_doubled(apart))
		return FILLING_DOUBLED;
	for (size_t i = 1; i < count; i++) {
		const int32_t point = filling(apart, i), before = filling(apart, i - 1);

		up &= point == before + 1 || (before == '9' && point == '0');
		down &= point == before - 1;
	}
	if (up || down)
		return strchr("109az", first < 0x80 ? (int)first : 1) ? FILLING_SEQUENCE
								      : FILLING_SEQUENCE_WITHIN;
	period = period_of(apart, count);
	if (period == 1)
		return FILLING_SAME;
	if (is_mirrored(apart, count))
		return FILLING_MIRRORED;
	return a2a_cheaper(digits_cost(apart, period),
		period == apart->stride - 1 ? (uint32_t)period * FILLING_SAME : UNREACHED);
}

/* Adds a word of so many letters with the filling behind each letter but the last, behind each
 * letter, before each, and around each. */
static void add_filled(struct apart *apart, const struct a2a_class *word)
{
	const size_t gap = apart->stride - 1;
	const size_t last = apart->first + (apart->letters - 1) * apart->stride + 1;

	for (size_t lead = 0; lead <= gap && lead <= apart->first; lead += gap)
		for (size_t tail = 0; tail <= gap && last + tail <= apart->lattice->count;
			tail += gap) {
			uint32_t between;

			apart->start = apart->first - lead;
			apart->end = last + tail;
			between = filling_cost(apart);
			if (between < UNREACHED)
				a2a_candidate_add_once(apart->lattice, apart->start,
					apart->end - apart->start,
					cost_of(word) + APART + between + capitals_apart(apart) +
						a2a_chance_cost(apart->lattice, apart->start,
							apart->end - apart->start),
					a2a_segment_of_word(word), word);
		}
}

/* Adds the words whose letters stand at a distance of two or three places: c1a2s3h4. */
static void add_apart(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t first, size_t stride)
{
	struct apart apart = {
		.lexicon = lexicon, .lattice = lattice, .first = first, .stride = stride};
	struct a2a_walk place;

	if (first + (APART_SHORTEST - 1) * stride >= lattice->count || !is_letter(lattice, first) ||
		!is_letter(lattice, first + stride) ||
		!a2a_lexicon_begin(
			lexicon, &place, lattice->code[first], lattice->code[first + stride]))
		return;
	for (apart.letters = 3; apart.letters <= WORD_LONGEST; apart.letters++) {
		const size_t at = first + (apart.letters - 1) * stride;

		if (at >= lattice->count || !is_letter(lattice, at) ||
			!a2a_lexicon_step(lexicon, &place, lattice->code[at]))
			return;
		if (apart.letters >= APART_SHORTEST &&
			is_worth_it(a2a_lexicon_word(lexicon, place)))
			add_filled(&apart, a2a_lexicon_word(lexicon, place));
	}
}

/* Adds two words of which each gives a letter in turn, as long as both have one: flievaest has live
 * and feast. */
static void add_woven(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const size_t count = letters_from(lattice, start);
	const uint8_t *code = lattice->code + start;
	struct a2a_walk place[2] = {{lexicon->root, false}, {lexicon->root, false}};

	for (size_t i = 0; i < count; i++) {
		const size_t turn = i % 2;
		struct a2a_walk rest = place[!turn];

		if (!a2a_lexicon_step(lexicon, &place[turn], code[i]))
			return;
		/* This word ends here, and the other one goes on. */
		if (!place[turn].is_word || i + 1 < 2 * WOVEN_SHORTEST - 1)
			continue;
		for (size_t j = i + 1;; j++) {
			if (rest.is_word && j >= 2 * WOVEN_SHORTEST)
				add_likely(lattice, start, j,
					WOVEN + cost_of(a2a_lexicon_word(lexicon, rest)),
					a2a_lexicon_word(lexicon, place[turn]));
			if (j == count || !a2a_lexicon_step(lexicon, &rest, code[j]))
				break;
		}
	}
}

/* ---- Slips ----------------------------------------------------------------------------------- */

/* Tells whether one of so many characters is the same as the one before it. */
static bool has_double(const char *text, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (text[i] == text[i - 1])
			return true;
	return false;
}

/* Adds words in which one letter is written twice that is written once: mariie. */
static void add_slips(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const size_t count = letters_from(lattice, start);
	const char *text = lattice->text + start;
	const uint8_t *code = lattice->code + start;
	struct a2a_walk place = {lexicon->root, false}, other;

	if (!has_double(text, count))
		return;
	for (size_t i = 1; i < count; i++) {
		if (!a2a_lexicon_step(lexicon, &place, code[i - 1]))
			return;
		if (text[i] != text[i - 1])
			continue;
		/* Without the second of the two letters. */
		other = place;
		for (size_t j = i + 1; j <= count; j++) {
			if (j >= SLIP_SHORTEST + 1 && other.is_word)
				add_likely(
					lattice, start, j, SLIP, a2a_lexicon_word(lexicon, other));
			if (j == count || !a2a_lexicon_step(lexicon, &other, code[j]))
				break;
		}
	}
}

/* Adds the run of letters that is a word without its last letter: bonjou. */
static void add_cut(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const size_t count = letters_from(lattice, start);
	const uint8_t *code = lattice->code + start;
	const struct a2a_class *word = NULL;
	struct a2a_walk place;

	if (count < CUT_SHORTEST || is_letter(lattice, start + count) ||
		!a2a_lexicon_begin(lexicon, &place, code[0], code[1]))
		return;
	for (size_t i = 2; i < count; i++)
		if (!a2a_lexicon_step(lexicon, &place, code[i]))
			return;
	for (char letter = 'a'; letter <= 'z'; letter++) {
		struct a2a_walk next = place;

		if (a2a_lexicon_step(lexicon, &next, a2a_lexicon_code(letter)))
			word = commoner(word, a2a_lexicon_word(lexicon, next));
	}
	add(lattice, start, count, CUT, word);
}

/* ---- Keys of a telephone --------------------------------------------------------------------- */

/* A search for words among the letters of telephone keys. */
struct dialled {
	const struct a2a_lexicon *lexicon;
	const char *digits;
	size_t count;
	unsigned steps;
	const struct a2a_class *word[DIALLED_LONGEST + 1]; /* the commonest, by its letters */
};

static void search_dialled(struct dialled *dialled, struct a2a_walk place, size_t length)
{
	/* ITU-T E.161 */
	static const char *const letters[] = {
		"abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"};

	dialled->word[length] =
		commoner(dialled->word[length], a2a_lexicon_word(dialled->lexicon, place));
	if (length == dialled->count)
		return;
	for (const char *letter = letters[dialled->digits[length] - '2']; *letter; letter++) {
		struct a2a_walk next = place;

		if (dialled->steps++ >= DIALLED_STEPS_MOST)
			return;
		if (a2a_lexicon_step(dialled->lexicon, &next, a2a_lexicon_code(*letter)))
			search_dialled(dialled, next, length + 1);
	}
}

/* Returns the digit of the key that has a letter on a telephone. */
static char key_of(char letter)
{
	static const char keys[] = "22233344455566677778889999";

	return a2a_is_small(letter) ? keys[letter - 'a'] : 0;
}

/* Adds the digits if they are those of the letters before them, or behind them: sofie76343. */
static void add_dialled_again(struct a2a_lattice *lattice, size_t start, size_t count)
{
	const char *text = lattice->text;
	size_t before = 0, behind = 0;

	while (before < count && start >= count &&
		key_of(text[start - count + before]) == text[start + before])
		before++;
	while (behind < count && key_of(text[start + count + behind]) == text[start + behind])
		behind++;
	if (before == count || behind == count)
		a2a_candidate_add_once(
			lattice, start, count, DIALLED_AGAIN, A2A_SEGMENT_REPEAT, NULL);
}

/* Adds words that are written with the digits of telephone keys: 767442 is sophia. */
static void add_dialled(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	struct dialled dialled = {.lexicon = lexicon, .digits = lattice->text + start};

	if (start && a2a_is_figure(lattice->text[start - 1]))
		return;
	while (dialled.count < DIALLED_LONGEST && dialled.digits[dialled.count] >= '2' &&
		dialled.digits[dialled.count] <= '9')
		dialled.count++;
	if (dialled.count >= DIALLED_AGAIN_SHORTEST)
		add_dialled_again(lattice, start, dialled.count);
	if (dialled.count < DIALLED_SHORTEST)
		return;
	search_dialled(&dialled, (struct a2a_walk){lexicon->root, false}, 0);
	for (size_t length = DIALLED_SHORTEST; length <= dialled.count; length++)
		add(lattice, start, length, DIALLED, dialled.word[length]);
}

/* ---- Letters that are moved ------------------------------------------------------------------ */

/* The rows of letters of the keyboards, and the keys beside them that type no letter. */
static const wchar_t *const key_rows[][3] = {
	{L"qwertyuiop[", L"asdfghjkl;", L"zxcvbnm,"},
	{L"azertyuiop^", L"qsdfghjklmù", L"<wxcvbn,"},
	{L"qwertzuiopü", L"asdfghjklö", L"<yxcvbnm,"},
};

/* Returns the letter on the key beside a key of one of the three rows; 0 when there is none. */
static char key_beside(const wchar_t *const *rows, int32_t key, int direction)
{
	for (size_t row = 0; row < 3 && key > 0; row++) {
		const wchar_t *at = wcschr(rows[row], (wchar_t)key);

		if (at && (direction > 0 || at > rows[row]) && a2a_is_small((int32_t)at[direction]))
			return (char)at[direction];
	}
	return 0;
}

/* Adds the words whose letters were moved along the alphabet, as Caesar did. */
static void add_moved_in_alphabet(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start, size_t count)
{
	/* The codes of the letters are in the order of the alphabet. */
	const unsigned a = a2a_lexicon_code('a');

	for (unsigned shift = 1; shift < 26; shift++) {
		struct reader reader = {.lexicon = lexicon};
		size_t i = 0;

		while (i < count &&
			read_letter(&reader,
				(uint8_t)(a + (lattice->code[start + i] - a + shift) % 26)))
			i++;
		if (i == count)
			add_likely(lattice, start, count,
				shift == 1 || shift == 13 || shift == 25 ? MOVED_AS_USUAL
									 : MOVED_IN_ALPHABET,
				a2a_lexicon_word(lexicon, reader.place));
	}
}

/* Returns the character that the key types without Shift. */
static int32_t pressed(const struct a2a_character *character)
{
	if (a2a_is_ascii(character->typed))
		return character->point;
	/* The letters of key_rows that are not ASCII: the small one has one bit more. */
	return character->typed | 0x20;
}

/* Adds the words that were typed with the fingers one key too far to one side. */
static void add_moved_on_keys(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start, size_t count)
{
	for (size_t layout = 0; layout < sizeof(key_rows) / sizeof(key_rows[0]); layout++)
		for (int direction = -1; direction <= 1; direction += 2) {
			struct reader reader = {.lexicon = lexicon};
			size_t i = 0;

			for (; i < count; i++) {
				char key = key_beside(key_rows[layout],
					pressed(&lattice->column[start + i].character), direction);

				if (!key || !read_letter(&reader, a2a_lexicon_code(key)))
					break;
			}
			if (i == count)
				add_likely(lattice, start, count, MOVED_ON_KEYS,
					a2a_lexicon_word(lexicon, reader.place));
		}
}

/* Tells whether no spelling of the stretch is cheap, so that it is worth a search. */
static bool is_expensive(const struct a2a_lattice *lattice, size_t start, size_t end)
{
	uint32_t before = UNREACHED, after = UNREACHED;

	for (size_t class = 0; class < A2A_CLASSES; class ++) {
		if (start)
			before = a2a_cheaper(before, lattice->column[start].best[class]);
		after = a2a_cheaper(after, lattice->column[end].best[class]);
	}
	return after > (start ? before : 0) + MOVED_LEAST;
}

void a2a_add_moved(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t end)
{
	size_t letters = end, keys = end;

	if (a2a_is_small(lattice->text[end]))
		return;
	while (letters && is_letter(lattice, letters - 1))
		letters--;
	while (keys && !a2a_is_figure(lattice->text[keys - 1]))
		keys--;
	if (end - letters >= MOVED_SHORTEST && end - letters <= WORD_LONGEST &&
		is_expensive(lattice, letters, end)) {
		add_moved_in_alphabet(lexicon, lattice, letters, end - letters);
		add_moved_on_keys(lexicon, lattice, letters, end - letters);
	}
	if (keys < letters && end - keys >= MOVED_SHORTEST && end - keys <= WORD_LONGEST &&
		(end == lattice->count || a2a_is_figure(lattice->text[end])) &&
		is_expensive(lattice, keys, end))
		add_moved_on_keys(lexicon, lattice, keys, end - keys);
}

/* ---- All of them ----------------------------------------------------------------------------- */

void a2a_add_changed(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const bool begins = start == 0 || !is_letter(lattice, start - 1);

	add_apart(lexicon, lattice, start, 2);
	add_apart(lexicon, lattice, start, 3);
	if (is_letter(lattice, start) && begins) {
		add_woven(lexicon, lattice, start);
		add_slips(lexicon, lattice, start);
		add_cut(lexicon, lattice, start);
	}
	if (a2a_is_figure(lattice->text[start]))
		add_dialled(lexicon, lattice, start);
}
