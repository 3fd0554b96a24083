/* SPDX-License-Identifier: BSD-3-Clause */
/* Some lines of a list at a time, and the hashes that are read from them. */
#ifndef A2A_LEAKS_BATCH_H
#define A2A_LEAKS_BATCH_H

#include "leaks_source.h"

/* How often passwords had leaked: 0 (padding of the service), 1, 2 to 9, 10 to 99, and so on. */
enum { A2A_LEAKS_COUNT_CLASSES = 9 };

struct a2a_leaks_census {
	uint64_t lines;
	uint64_t taken; /* of the lines: those that had leaked often enough */
	uint64_t of_count[A2A_LEAKS_COUNT_CLASSES];
};

/* The class of a count. */
unsigned a2a_leaks_count_class(uint64_t count);

void a2a_leaks_census_add(struct a2a_leaks_census *sum, const struct a2a_leaks_census *part);

/* What the lines of a list are. */
enum a2a_leaks_lines {
	A2A_LEAKS_HASHES,    /* SHA-1 in hexadecimal digits, or SHA-1:COUNT */
	A2A_LEAKS_PASSWORDS, /* passwords */
};

enum { A2A_LEAKS_MOST_HASHES = 1 << 16 };

/* What is wrong with a hash that is less than the one before it. */
extern const char a2a_leaks_no_order[];

struct a2a_leaks_batch {
	struct a2a_leaks_text text;
	uint64_t *hash; /* the first 64 bits of each, in the order of their lines */
	size_t count;
	uint64_t first, last; /* hashes, if there are any; `hash` may be worked on */
	struct a2a_leaks_census census;
	/* The first line that is not what it should be: its number in the text, or in its part if
	 * that is a range's, from 1 on. */
	const char *wrong;
	uint64_t wrong_line;
	const struct a2a_leaks_text_part *wrong_part;
};

/* Notes the first and the last hash. */
void a2a_leaks_batch_note_ends(struct a2a_leaks_batch *batch);

/* Allocates the memory. Returns false when memory is out. Release in any case. */
bool a2a_leaks_batch_reserve(struct a2a_leaks_batch *batch);
void a2a_leaks_batch_release(struct a2a_leaks_batch *batch);

/*
 * Reads the hashes of the lines whose count is at least `least_count`; a line without a count has
 * 1. Lines of count 0 are padding. Empty lines are skipped. With `in_order`, each hash must be at
 * least as great as the one before it. Stops at the first line that is wrong.
 */
void a2a_leaks_batch_read_hashes(
	struct a2a_leaks_batch *batch, uint64_t least_count, bool in_order);

/*
 * Hashes the passwords of the lines from the byte `*start` of the text on, until the batch is full
 * or there are no more, and moves `*start`.
 */
void a2a_leaks_batch_hash_passwords(struct a2a_leaks_batch *batch, size_t *start);

#endif
