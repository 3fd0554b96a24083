/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ETags of some ranges, in a text file FILTER.etags: a line for each, with its prefix and its
 * ETag. A new version of the service's list changes nearly all ranges, so these few say whether
 * there is one.
 */
#ifndef A2A_LEAKS_SAMPLE_H
#define A2A_LEAKS_SAMPLE_H

#include "leaks_ranges.h"

struct a2a_leaks_sample;

/* Makes an empty sample of the ranges from the first to before the end. Returns NULL when memory is
 * out. */
struct a2a_leaks_sample *a2a_leaks_sample_new(uint32_t first, uint32_t end);

/* Notes a range, if the sample has it. Without an ETag it is not noted. */
void a2a_leaks_sample_note(struct a2a_leaks_sample *sample, const struct a2a_leaks_range *range);

/* Writes the file of the filter at this path, in one step. Returns false, having reported. */
bool a2a_leaks_sample_write(
	const struct a2a_leaks_sample *sample, const char *filter, const struct a2a_log *log);

/* Reads the file of the filter at this path. Returns NULL, having reported; a file without any ETag
 * is a fault. */
struct a2a_leaks_sample *a2a_leaks_sample_read(const char *filter, const struct a2a_log *log);

/* Returns how many ranges with an ETag there are. */
uint32_t a2a_leaks_sample_size(const struct a2a_leaks_sample *sample);

/* Gives the range of this number, from 0 on. Returns false when there are not so many. */
bool a2a_leaks_sample_get(const struct a2a_leaks_sample *sample, size_t number, uint32_t *prefix,
	char etag[static A2A_LEAKS_MOST_ETAG + 1]);

/* NULL is allowed. */
void a2a_leaks_sample_free(struct a2a_leaks_sample *sample);

#endif
