/* SPDX-License-Identifier: BSD-3-Clause */
#include "person_words.h"

#include <string.h>

#include "name.h"

enum {
	PARTS_MOST = 8,       /* of one name */
	SLIPPED_SHORTEST = 5, /* letters of a word that is looked for with slips */
	SLIPPED_LONGEST = 24,
};

/* A part of a name, within the text of the name. */
struct part {
	const int32_t *letter;
	size_t length;
};

/* The parts of a name in their order: those of letters alone. */
struct parts {
	struct part part[PARTS_MOST];
	size_t count;
};

/* ---- Slips of typing ------------------------------------------------------------------------- */

/* Adds the word with two letters in the wrong order, at each place. */
static void add_swapped(struct a2a_small_lexicon *words, int32_t *letter, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		const int32_t first = letter[i];

		letter[i] = letter[i + 1];
		letter[i + 1] = first;
		a2a_small_lexicon_add(words, letter, length);
		letter[i + 1] = letter[i];
		letter[i] = first;
	}
}

/* Adds the word without one letter, for each of them. */
static void add_shortened(struct a2a_small_lexicon *words, const int32_t *letter, size_t length)
{
	int32_t shortened[SLIPPED_LONGEST];

	for (size_t i = 0; i < length; i++) {
		memcpy(shortened, letter, i * sizeof(*letter));
		memcpy(shortened + i, letter + i + 1, (length - i - 1) * sizeof(*letter));
		a2a_small_lexicon_add(words, shortened, length - 1);
	}
}

/* Adds the word with the key beside the right one, for each letter and on each keyboard. */
static void add_missed(struct a2a_small_lexicon *words, int32_t *letter, size_t length)
{
	static const char *const rows[] = {"azertyuiop", "qsdfghjklmu", "wxcvbn", "qwertyuiop",
		"asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm"};

	for (size_t i = 0; i < length; i++)
		for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
			const int32_t right = letter[i];
			const char *key =
				a2a_is_ascii(right) && right ? strchr(rows[row], (int)right) : NULL;

			if (key && key[1]) {
				letter[i] = key[1];
				a2a_small_lexicon_add(words, letter, length);
			}
			if (key && key > rows[row]) {
				letter[i] = key[-1];
				a2a_small_lexicon_add(words, letter, length);
			}
			letter[i] = right;
		}
}

static void add_slips(struct a2a_small_lexicon *words, const int32_t *word, size_t length)
{
	int32_t letter[SLIPPED_LONGEST];

	if (length < SLIPPED_SHORTEST || length > SLIPPED_LONGEST)
		return;
	memcpy(letter, word, length * sizeof(*word));
	add_shortened(words, letter, length);
	add_swapped(words, letter, length);
	add_missed(words, letter, length);
}

/* ---- Parts of a name ------------------------------------------------------------------------- */

static struct parts find_parts(const struct a2a_text *name)
{
	struct parts parts = {.count = 0};

	for (size_t i = 0; i < name->count && parts.count < PARTS_MOST; i++) {
		struct part *part = &parts.part[parts.count];

		if (!a2a_is_letter(name->point[i]))
			continue;
		*part = (struct part){.letter = name->point + i};
		while (i < name->count && a2a_is_letter(name->point[i])) {
			part->length++;
			i++;
		}
		parts.count++;
	}
	return parts;
}

/* Adds the first letters of two parts joined. */
static void add_joined(struct a2a_small_lexicon *words, const struct part *one, size_t of_one,
	const struct part *other, size_t of_other)
{
	int32_t joined[A2A_WORD_LONGEST];

	if (of_one + of_other > A2A_WORD_LONGEST)
		return;
	memcpy(joined, one->letter, of_one * sizeof(*joined));
	memcpy(joined + of_one, other->letter, of_other * sizeof(*joined));
	a2a_small_lexicon_add(words, joined, of_one + of_other);
}

/* Adds the initials of all parts, in their order and backwards. */
static void add_initials(struct a2a_small_lexicon *words, const struct parts *parts)
{
	int32_t initials[PARTS_MOST], backwards[PARTS_MOST];

	for (size_t i = 0; i < parts->count; i++) {
		initials[i] = parts->part[i].letter[0];
		backwards[parts->count - 1 - i] = initials[i];
	}
	a2a_small_lexicon_add(words, initials, parts->count);
	a2a_small_lexicon_add(words, backwards, parts->count);
}

/* Adds what is made of the parts of one name: initials, and every two parts joined, each whole or
 * as its first letter: jbroeck, jeanb, jeanbroeck, broeckjean, jb. */
static void add_parts(struct a2a_small_lexicon *words, const struct parts *parts)
{
	add_initials(words, parts);
	for (size_t i = 0; i < parts->count; i++)
		for (size_t j = 0; j < parts->count; j++) {
			const struct part *one = &parts->part[i], *other = &parts->part[j];

			if (i == j)
				continue;
			add_joined(words, one, one->length, other, other->length);
			add_joined(words, one, 1, other, other->length);
			add_joined(words, one, one->length, other, 1);
			add_joined(words, one, 1, other, 1);
		}
}

/* ---- All of them ----------------------------------------------------------------------------- */

static void add_word(void *context, const int32_t *word, size_t length)
{
	a2a_small_lexicon_add(context, word, length);
}

static void add_with_slips(void *context, const int32_t *word, size_t length)
{
	add_slips(context, word, length);
}

void a2a_person_words(struct a2a_small_lexicon *words, const struct a2a_person *person,
	size_t shortest, struct a2a_text *scratch)
{
	a2a_small_lexicon_begin(words);
	/* The words themselves come first: when the lexicon is full, only slips are lost. */
	for (size_t i = 0; i < person->name_count; i++)
		a2a_name_words(person->names[i], shortest, scratch, add_word, words);
	for (size_t i = 0; i < person->name_count; i++)
		if (a2a_name_read(person->names[i], scratch)) {
			const struct parts parts = find_parts(scratch);

			add_parts(words, &parts);
		}
	for (size_t i = 0; i < person->name_count; i++)
		a2a_name_words(person->names[i], shortest, scratch, add_with_slips, words);
	a2a_small_lexicon_finish(words);
}
