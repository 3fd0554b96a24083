/* SPDX-License-Identifier: BSD-3-Clause */
/* Builds a filter out of a list, in bounded memory, by several threads. */
#ifndef A2A_LEAKS_BUILD_H
#define A2A_LEAKS_BUILD_H

#include "leaks_batch.h"
#include "leaks_format.h"

/* Threads; each has 3 megabytes. */
enum { A2A_LEAKS_MOST_JOBS = 8 };

/* Who watches a long work. */
struct a2a_leaks_observer {
	const struct a2a_log *log;
	/*
	 * Is told how many entries or lines were done, and what share of all, from 0 to 1 (0: not
	 * known). Returns false to stop the work. May be NULL. Called by one thread at a time.
	 */
	bool (*progress)(void *context, const char *what, uint64_t count, double done);
	void *context;
};

struct a2a_leaks_order {
	const char *input, *output;
	enum a2a_leaks_lines lines;
	bool is_unsorted; /* hashes in any order; passwords always are */
	double rate;      /* of false positives, at most */
	uint32_t least_count;
	uint64_t entries; /* how many there will be; 0: find it out */
	unsigned jobs;    /* threads; 0: one for each processor; at most A2A_LEAKS_MOST_JOBS */
};

struct a2a_leaks_result {
	struct a2a_leaks_format format;
	struct a2a_leaks_census census;
};

/*
 * Builds a filter. The same hashes in `input`, in whatever form, give the same file. How many
 * entries there will be is estimated from the first million of a sorted list; when that was too
 * few for the rate, it is built a second time. Returns false, having reported, or because the
 * observer stopped it; there is then no new file.
 */
bool a2a_leaks_build(const struct a2a_leaks_order *order, struct a2a_leaks_result *result,
	const struct a2a_leaks_observer *observer);

#endif
