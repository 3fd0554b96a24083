/* SPDX-License-Identifier: BSD-3-Clause */
/* What the words of a name are: of a person's, or of the service's. */
#ifndef A2A_NAME_H
#define A2A_NAME_H

#include "text.h"

/*
 * Calls `take` for each word of a name (UTF-8, or Latin-1 where it is none), folded, as code points
 * that are there for the time of the call: stretches of letters and digits, of letters, of digits,
 * of at least `shortest` characters (of digits alone: 4), and all of them joined. A word may come
 * twice. `scratch` is the caller's.
 */
void a2a_name_words(const char *name, size_t shortest, struct a2a_text *scratch,
	void (*take)(void *context, const int32_t *word, size_t length), void *context);

/* A set of characters, in which some share a place: who is not in it is none of them. */
static inline uint64_t a2a_name_characters(const int32_t *points, size_t count)
{
	uint64_t characters = 0;

	for (size_t i = 0; i < count; i++)
		characters |= UINT64_C(1) << (points[i] & 63);
	return characters;
}

struct a2a_name_word {
	uint64_t characters;
	size_t start, length; /* among the points */
};

/* The words of a name that is asked for again and again; all zero: none. */
struct a2a_name {
	int32_t *points;
	struct a2a_name_word *word;
	size_t point_count, count;
};

/* Keeps the words of a name, each once. Returns false when memory is out. */
bool a2a_name_keep(struct a2a_name *kept, const char *name, size_t shortest);
void a2a_name_free(struct a2a_name *kept);

#endif
