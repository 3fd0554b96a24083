/* SPDX-License-Identifier: BSD-3-Clause */
/* The words of a name: a person's, or the service's. */
#ifndef A2A_NAME_H
#define A2A_NAME_H

#include "text.h"

/* Reads a name (UTF-8, or Latin-1 where it is not UTF-8), folded. `name` may be NULL. Returns false
 * when there is nothing to read. */
bool a2a_name_read(const char *name, struct a2a_text *folded);

/*
 * Calls `take` for each word of a name (UTF-8, or Latin-1 where it is not UTF-8), folded, as code
 * points that are valid during the call. The words are the stretches of letters and digits, of
 * letters alone, and of digits alone (at least 4), and the whole name without its separators. Each
 * word has at least `shortest` characters. A word may come twice. `name` may be NULL; `scratch` is
 * overwritten.
 */
void a2a_name_words(const char *name, size_t shortest, struct a2a_text *scratch,
	void (*take)(void *context, const int32_t *word, size_t length), void *context);

/* Returns a bit mask of code points modulo 64; a clear bit proves absence. */
static inline uint64_t a2a_name_characters(const int32_t *points, size_t count)
{
	uint64_t characters = 0;

	for (size_t i = 0; i < count; i++)
		characters |= UINT64_C(1) << (points[i] & 63);
	return characters;
}

struct a2a_name_word {
	uint64_t characters;  /* a2a_name_characters() of the word */
	size_t start, length; /* within the points */
};

/* The words of a name that is compared many times; all zero: none. */
struct a2a_name {
	int32_t *points;
	struct a2a_name_word *word;
	size_t point_count, count;
};

/* Fills `kept` with the words of a name, each once. Returns false when memory is out. Release with
 * a2a_name_free(). */
bool a2a_name_keep(struct a2a_name *kept, const char *name, size_t shortest);

/* Frees the words. Safe on one that is all zero. */
void a2a_name_free(struct a2a_name *kept);

#endif
