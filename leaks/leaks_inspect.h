/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks whole filters, and makes one of several. */
#ifndef A2A_LEAKS_INSPECT_H
#define A2A_LEAKS_INSPECT_H

#include "leaks.h"
#include "leaks_build.h"

/* What was found. */
enum a2a_leaks_finding {
	A2A_LEAKS_GOOD,
	A2A_LEAKS_NOT_SO, /* damaged; or a hash is missing */
	A2A_LEAKS_FAULT,  /* it could not be found out; or the observer stopped it */
};

/*
 * Checks everything in an open filter: all checksums, that each block is written as the builder
 * writes it, that entries rise, and that there are as many as the file says. Reports what is wrong.
 */
enum a2a_leaks_finding a2a_leaks_verify(const struct a2a_leaks *leaks, const char *path,
	unsigned jobs, const struct a2a_leaks_observer *observer);

/*
 * Looks each line of a list up, in any order, whose count is at least the one that the filter was
 * built with. Sets `*found` and `*missing`, and reports the first one that is missing.
 */
enum a2a_leaks_finding a2a_leaks_compare(const struct a2a_leaks *leaks, const char *path,
	const struct a2a_leaks_order *order, uint64_t *found, uint64_t *missing,
	const struct a2a_leaks_observer *observer);

enum { A2A_LEAKS_MOST_MERGED = 16 };

/*
 * Makes one filter of up to A2A_LEAKS_MOST_MERGED open ones: what any of them knows. It gets the
 * smallest of their universes; an entry that lies across two parts of it becomes two, so nothing is
 * lost. The same filters give the same file. Returns false, having reported.
 */
bool a2a_leaks_merge(const struct a2a_leaks *leaks, size_t count, const char *output,
	struct a2a_leaks_format *format, const struct a2a_leaks_observer *observer);

#endif
