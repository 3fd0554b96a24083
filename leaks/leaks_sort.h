/* SPDX-License-Identifier: BSD-3-Clause */
/* Sorts hashes of any number in little memory: sorted runs in a file without a name, then merged.
 */
#ifndef A2A_LEAKS_SORT_H
#define A2A_LEAKS_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"

struct a2a_leaks_sort;

/* Begins to sort, with a file in the folder of this path, where it needs 8 bytes a hash. Returns
 * NULL, having reported. */
struct a2a_leaks_sort *a2a_leaks_sort_open(const char *beside, const struct a2a_log *log);

/* Adds hashes in any order. Returns false, having reported. */
bool a2a_leaks_sort_add(struct a2a_leaks_sort *sort, const uint64_t *hash, size_t count);

/* Ends adding, or begins reading again. Returns false, having reported. */
bool a2a_leaks_sort_start(struct a2a_leaks_sort *sort);

/*
 * Reads up to `most` different hashes in order, and how often each of them was added. `*count` is 0
 * at the end. Returns false, having reported.
 */
bool a2a_leaks_sort_read(
	struct a2a_leaks_sort *sort, uint64_t *hash, uint32_t *times, size_t most, size_t *count);

/* Returns how much was read, from 0 to 1. */
double a2a_leaks_sort_done(const struct a2a_leaks_sort *sort);

void a2a_leaks_sort_close(struct a2a_leaks_sort *sort);

#endif
