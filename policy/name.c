/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* reallocarray */
#include "name.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* Only this part of a name is read; no real name is longer. */
	NAME_BYTES = A2A_TEXT_BYTES,
	/* The shortest stretch of digits alone that counts: a room or telephone number. */
	DIGIT_WORD = 4,
};

/* The receiver of the words of a name. */
struct taker {
	void (*take)(void *context, const int32_t *word, size_t length);
	void *context;
};

static bool in_name(int32_t point)
{
	return a2a_is_letter(point) || a2a_is_digit(point);
}

static void take_stretches(const struct a2a_text *name, bool (*is)(int32_t), size_t shortest,
	const struct taker *taker)
{
	size_t start = 0;

	for (size_t i = 0; i <= name->count; i++) {
		if (i < name->count && is(name->point[i]))
			continue;
		if (i - start >= shortest)
			taker->take(taker->context, name->point + start, i - start);
		start = i + 1;
	}
}

/* Passes on the whole name without the separators of its parts: jan.smet -> jansmet. */
static void take_joined(struct a2a_text *name, size_t shortest, const struct taker *taker)
{
	size_t count = 0;

	for (size_t i = 0; i < name->count; i++)
		if (in_name(name->point[i]))
			name->point[count++] = name->point[i];
	name->count = count;
	if (count >= shortest)
		taker->take(taker->context, name->point, count);
}

/*
 * Names come from files that may be older than UTF-8. A name that is not UTF-8 is read as Latin-1,
 * where each byte is the number of its code point.
 */
static bool fold_name(struct a2a_text *word, const char *name)
{
	size_t length = strnlen(name, NAME_BYTES);
	char utf8[2 * NAME_BYTES];
	size_t count = 0;

	/* Do not cut a character in two. */
	while (length == NAME_BYTES && length && ((unsigned char)name[length] & 0xc0) == 0x80)
		length--;
	if (a2a_text_fold(word, name, length))
		return true;
	for (size_t i = 0; i < length && count + 2 <= NAME_BYTES; i++) {
		unsigned char byte = (unsigned char)name[i];

		if (byte >= 0x80)
			utf8[count++] = (char)(0xc0 | byte >> 6);
		utf8[count++] = (char)(byte < 0x80 ? byte : 0x80 | (byte & 0x3f));
	}
	return a2a_text_fold(word, utf8, count);
}

bool a2a_name_read(const char *name, struct a2a_text *folded)
{
	return name && fold_name(folded, name) && folded->count;
}

void a2a_name_words(const char *name, size_t shortest, struct a2a_text *scratch,
	void (*take)(void *context, const int32_t *word, size_t length), void *context)
{
	const struct taker taker = {take, context};

	if (!a2a_name_read(name, scratch))
		return;
	take_stretches(scratch, in_name, shortest, &taker);
	take_stretches(scratch, a2a_is_letter, shortest, &taker);
	take_stretches(
		scratch, a2a_is_digit, shortest > DIGIT_WORD ? shortest : DIGIT_WORD, &taker);
	take_joined(scratch, shortest, &taker);
}

/* ---- Words that are kept --------------------------------------------------------------------- */

/* The state of adding words, until memory is out. */
struct keeping {
	struct a2a_name *kept;
	bool failed;
};

static bool has_word(const struct a2a_name *kept, const int32_t *word, size_t length)
{
	for (size_t i = 0; i < kept->count; i++)
		if (kept->word[i].length == length && memcmp(kept->points + kept->word[i].start,
							      word, length * sizeof(*word)) == 0)
			return true;
	return false;
}

static void keep_word(void *context, const int32_t *word, size_t length)
{
	struct keeping *keeping = context;
	struct a2a_name *kept = keeping->kept;
	struct a2a_name_word *words;
	int32_t *points;

	if (keeping->failed || !length || has_word(kept, word, length))
		return;
	points = reallocarray(kept->points, kept->point_count + length, sizeof(*points));
	kept->points = points ? points : kept->points;
	words = reallocarray(kept->word, kept->count + 1, sizeof(*words));
	kept->word = words ? words : kept->word;
	keeping->failed = !points || !words;
	if (keeping->failed)
		return;
	memcpy(points + kept->point_count, word, length * sizeof(*word));
	words[kept->count++] = (struct a2a_name_word){
		.characters = a2a_name_characters(word, length),
		.start = kept->point_count,
		.length = length,
	};
	kept->point_count += length;
}

bool a2a_name_keep(struct a2a_name *kept, const char *name, size_t shortest)
{
	struct keeping keeping = {.kept = kept};
	struct a2a_text scratch;

	*kept = (struct a2a_name){0};
	a2a_name_words(name, shortest, &scratch, keep_word, &keeping);
	if (keeping.failed)
		a2a_name_free(kept);
	return !keeping.failed;
}

void a2a_name_free(struct a2a_name *kept)
{
	free(kept->points);
	free(kept->word);
	*kept = (struct a2a_name){0};
}
