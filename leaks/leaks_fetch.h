/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Fetches a list of leaked passwords by its ranges, and builds a filter of it. What was fetched
 * stays beside the filter, in FILTER.ranges, so that an update fetches what has changed. While it
 * is being fetched it is FILTER.ranges.part: whatever ends the program, the next run goes on from
 * there, and makes the same filter. FILTER.etags has the ETags of some ranges, one a line, which
 * are enough to find out whether anything is new.
 */
#ifndef A2A_LEAKS_FETCH_H
#define A2A_LEAKS_FETCH_H

#include "leaks_build.h"
#include "leaks_web.h"

struct a2a_leaks_fetch_order {
	struct a2a_leaks_web_order web;
	const char *filter;   /* its path */
	uint32_t first, end;  /* the ranges: from the first to before the end */
	uint32_t least_count; /* as for a2a_leaks_build() */
	double rate;
	unsigned jobs;
};

struct a2a_leaks_fetch_result {
	struct a2a_leaks_traffic traffic;
	uint32_t ranges;  /* all of them */
	uint32_t kept;    /* that an earlier run had fetched */
	uint32_t changed; /* of a2a_leaks_update(), a2a_leaks_ask_for_news() */
	struct a2a_leaks_result built;
};

/* Fetches everything. Returns false, having reported, or because the observer stopped it. */
bool a2a_leaks_fetch(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer);

/*
 * Asks for all ranges of FILTER.ranges, fetches those that have changed, and builds the filter
 * anew, with the rate and the least count that it was fetched with: the same bytes as those of
 * a2a_leaks_fetch(). When nothing has changed, result->changed is 0, and nothing is built. Returns
 * false, having reported, or because the observer stopped it.
 */
bool a2a_leaks_update(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer);

/* Asks for the ranges of FILTER.etags, whether they have changed. Returns false, having reported,
 * or because the observer stopped it. */
bool a2a_leaks_ask_for_news(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer);

#endif
