/* SPDX-License-Identifier: BSD-3-Clause */
/* Gives the hashes of a list in order, a batch at a time, however the list is kept. */
#ifndef A2A_LEAKS_FEED_H
#define A2A_LEAKS_FEED_H

#include "leaks_build.h"

struct a2a_leaks_feed;

/* Opens the list of an order. What is not in order is sorted first, beside `order->output`. Returns
 * NULL, having reported, or because the observer stopped it. */
struct a2a_leaks_feed *a2a_leaks_feed_open(
	const struct a2a_leaks_order *order, const struct a2a_leaks_observer *observer);

/* Reads the next lines or hashes; `*is_end` tells that there are no more. For one thread at a time.
 * Returns false, having reported. */
bool a2a_leaks_feed_read(struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch, bool *is_end);

/* Makes hashes of the lines. Threads may do this with their own batches at the same time. */
void a2a_leaks_feed_parse(const struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch);

/* Reports what is wrong with a batch, which came after so many lines. Returns false if anything is.
 * `*last` is the last hash before it, and becomes its last one. */
bool a2a_leaks_feed_accept(const struct a2a_leaks_feed *feed, const struct a2a_leaks_batch *batch,
	uint64_t lines, uint64_t *last);

/* What was counted while the list was sorted; else all zero. */
const struct a2a_leaks_census *a2a_leaks_feed_census(const struct a2a_leaks_feed *feed);

/* Begins again. Returns false, having reported. */
bool a2a_leaks_feed_rewind(struct a2a_leaks_feed *feed);

double a2a_leaks_feed_done(const struct a2a_leaks_feed *feed);

void a2a_leaks_feed_close(struct a2a_leaks_feed *feed);

#endif
