/* SPDX-License-Identifier: BSD-3-Clause */
#include "leaks_feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "leaks_ranges.h"
#include "leaks_sort.h"

struct a2a_leaks_feed {
	const struct a2a_leaks_order *order;
	const struct a2a_leaks_observer *observer;
	/* Where it comes from: one of the two. */
	struct a2a_leaks_source *source;
	struct a2a_leaks_ranges *ranges;
	struct a2a_leaks_sort *sort; /* NULL: the list is in order */
	uint32_t *times;             /* of the hashes that were sorted */
	struct a2a_leaks_census census;
	/* While it is sorted: */
	pthread_mutex_t lock;
	bool is_ended, has_failed;
};

/* ---- Sorting --------------------------------------------------------------------------------- */

/* Adds the hashes of a batch. The lock is held. */
static bool add(struct a2a_leaks_feed *feed, const struct a2a_leaks_batch *batch)
{
	const struct a2a_leaks_observer *observer = feed->observer;

	if (batch->wrong) {
		a2a_leaks_source_complain(feed->source, batch->wrong_part,
			batch->wrong_line + (batch->wrong_part ? 0 : feed->census.lines),
			batch->wrong);
		return false;
	}
	a2a_leaks_census_add(&feed->census, &batch->census);
	return a2a_leaks_sort_add(feed->sort, batch->hash, batch->count) &&
	       (!observer->progress ||
		       observer->progress(observer->context, "lines sorted", feed->census.lines,
			       a2a_leaks_source_done(feed->source)));
}

static bool add_locked(struct a2a_leaks_feed *feed, const struct a2a_leaks_batch *batch)
{
	bool ok;

	pthread_mutex_lock(&feed->lock);
	ok = !feed->has_failed && add(feed, batch);
	feed->has_failed |= !ok;
	pthread_mutex_unlock(&feed->lock);
	return ok;
}

/* Makes hashes of the lines of a batch, and adds them. */
static bool take(struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch)
{
	size_t start = 0;
	bool ok = true;

	if (feed->order->lines == A2A_LEAKS_HASHES) {
		a2a_leaks_batch_read_hashes(batch, feed->order->least_count, false);
		return add_locked(feed, batch);
	}
	while (ok && start < batch->text.length) {
		a2a_leaks_batch_hash_passwords(batch, &start);
		ok = add_locked(feed, batch);
	}
	return ok;
}

static void *sort(void *context)
{
	struct a2a_leaks_feed *feed = context;
	struct a2a_leaks_batch batch;
	bool goes_on = a2a_leaks_batch_reserve(&batch);

	if (!goes_on) {
		a2a_fault(feed->observer->log, NULL, "out of memory");
		feed->has_failed = true;
	}
	while (goes_on) {
		pthread_mutex_lock(&feed->lock);
		if (!feed->is_ended && !feed->has_failed) {
			feed->has_failed = !a2a_leaks_source_read(feed->source, &batch.text);
			feed->is_ended = feed->has_failed || !batch.text.length;
			goes_on = !feed->is_ended;
		} else {
			goes_on = false;
		}
		pthread_mutex_unlock(&feed->lock);
		goes_on = goes_on && take(feed, &batch);
	}
	a2a_leaks_batch_release(&batch);
	return NULL;
}

static bool sort_all(struct a2a_leaks_feed *feed)
{
	const struct a2a_log *log = feed->observer->log;

	feed->sort = a2a_leaks_sort_open(feed->order->output, log);
	if (!feed->sort)
		return false;
	feed->times = calloc(A2A_LEAKS_MOST_HASHES, sizeof(*feed->times));
	if (!feed->times)
		return a2a_fault(log, NULL, "out of memory");
	pthread_mutex_init(&feed->lock, NULL);
	a2a_run_jobs(feed->order->jobs, A2A_LEAKS_MOST_JOBS, sort, feed);
	pthread_mutex_destroy(&feed->lock);
	return !feed->has_failed && a2a_leaks_sort_start(feed->sort);
}

/* Reads hashes that were sorted, and leaves out passwords that the list does not have often enough.
 */
static bool read_sorted(struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch, size_t *count)
{
	const bool is_counted = feed->order->lines == A2A_LEAKS_PASSWORDS;

	batch->count = 0;
	batch->census = (struct a2a_leaks_census){0};
	if (!a2a_leaks_sort_read(
		    feed->sort, batch->hash, feed->times, A2A_LEAKS_MOST_HASHES, count))
		return false;
	for (size_t i = 0; i < *count; i++) {
		if (is_counted)
			batch->census.of_count[a2a_leaks_count_class(feed->times[i])]++;
		if (!is_counted || feed->times[i] >= feed->order->least_count)
			batch->hash[batch->count++] = batch->hash[i];
	}
	if (is_counted)
		batch->census.taken = batch->count;
	a2a_leaks_batch_note_ends(batch);
	return true;
}

/* ---- Ranges that were fetched ---------------------------------------------------------------- */

static bool open_ranges(struct a2a_leaks_feed *feed)
{
	const struct a2a_leaks_order *order = feed->order;
	const struct a2a_log *log = feed->observer->log;
	const struct a2a_leaks_ranges_head *head;

	if (order->lines == A2A_LEAKS_PASSWORDS)
		return a2a_fault(log, order->input, "has hashes, not passwords");
	feed->ranges = a2a_leaks_ranges_open(order->input, log);
	if (!feed->ranges)
		return false;
	head = a2a_leaks_ranges_head(feed->ranges);
	if (head->base)
		return a2a_fault(log, order->input,
			"has only changes: all2all-leaks update makes the whole of them");
	if (head->least_count != order->least_count)
		return a2a_fault(log, order->input,
			"has what leaked at least %u times: build it with --least-count %u",
			head->least_count, head->least_count);
	if (head->end - head->first < A2A_LEAKS_RANGES)
		a2a_report(log, A2A_WARNING, order->input,
			"has %u of %d ranges: passwords of the others will not be found",
			head->end - head->first, A2A_LEAKS_RANGES);
	return true;
}

/* Reads as many ranges as the batch has room for. */
static bool read_ranges(struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch)
{
	const uint32_t end = a2a_leaks_ranges_head(feed->ranges)->end;
	struct a2a_leaks_census *census = &batch->census;
	struct a2a_leaks_range range;
	struct a2a_leaks_record record;

	batch->count = 0;
	*census = (struct a2a_leaks_census){0};
	while (a2a_leaks_ranges_next(feed->ranges) < end &&
		batch->count + A2A_LEAKS_MOST_IN_RANGE <= A2A_LEAKS_MOST_HASHES) {
		if (!a2a_leaks_ranges_read(feed->ranges, &range, &record) ||
			!a2a_leaks_ranges_hashes(
				feed->ranges, &range, &record, batch->hash + batch->count))
			return false;
		batch->count += range.taken;
		for (size_t i = 0; i < A2A_LEAKS_COUNT_CLASSES; i++) {
			census->of_count[i] += range.of_count[i];
			census->lines += range.of_count[i];
		}
	}
	census->taken = batch->count;
	a2a_leaks_batch_note_ends(batch);
	return true;
}

static double ranges_done(const struct a2a_leaks_feed *feed)
{
	const struct a2a_leaks_ranges_head *head = a2a_leaks_ranges_head(feed->ranges);

	return (double)(a2a_leaks_ranges_next(feed->ranges) - head->first) /
	       (double)(head->end - head->first);
}

/* ---- The feed -------------------------------------------------------------------------------- */

struct a2a_leaks_feed *a2a_leaks_feed_open(
	const struct a2a_leaks_order *order, const struct a2a_leaks_observer *observer)
{
	struct a2a_leaks_feed *feed = calloc(1, sizeof(*feed));

	if (!feed) {
		a2a_fault(observer->log, order->input, "out of memory");
		return NULL;
	}
	feed->order = order;
	feed->observer = observer;
	if (strcmp(order->input, "-") != 0 && a2a_leaks_is_ranges(order->input)) {
		if (open_ranges(feed))
			return feed;
		goto fail;
	}
	feed->source = a2a_leaks_source_open(order->input, observer->log);
	if (!feed->source)
		goto fail;
	if (order->lines == A2A_LEAKS_PASSWORDS && a2a_leaks_source_ranges(feed->source)) {
		a2a_fault(observer->log, order->input, "a folder has hashes, not passwords");
		goto fail;
	}
	if ((order->is_unsorted || order->lines == A2A_LEAKS_PASSWORDS) && !sort_all(feed))
		goto fail;
	return feed;
fail:
	a2a_leaks_feed_close(feed);
	return NULL;
}

bool a2a_leaks_feed_read(struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch, bool *is_end)
{
	size_t count;

	batch->wrong = NULL;
	if (feed->sort) {
		if (!read_sorted(feed, batch, &count))
			return false;
		*is_end = !count;
		return true;
	}
	if (feed->ranges) {
		*is_end = ranges_done(feed) == 1;
		return *is_end || read_ranges(feed, batch);
	}
	if (!a2a_leaks_source_read(feed->source, &batch->text))
		return false;
	*is_end = !batch->text.length;
	return true;
}

void a2a_leaks_feed_parse(const struct a2a_leaks_feed *feed, struct a2a_leaks_batch *batch)
{
	if (!feed->sort && !feed->ranges)
		a2a_leaks_batch_read_hashes(batch, feed->order->least_count, true);
}

bool a2a_leaks_feed_accept(const struct a2a_leaks_feed *feed, const struct a2a_leaks_batch *batch,
	uint64_t lines, uint64_t *last)
{
	const bool is_lower = batch->count && batch->first < *last;

	if (batch->wrong) {
		a2a_leaks_source_complain(feed->source, batch->wrong_part,
			batch->wrong_line + (batch->wrong_part ? 0 : lines), batch->wrong);
		return false;
	}
	/* Ranges are in order. */
	if (is_lower && feed->source) {
		a2a_leaks_source_complain(feed->source, NULL, lines + 1, a2a_leaks_no_order);
		return false;
	}
	if (batch->count)
		*last = batch->last;
	return true;
}

const struct a2a_leaks_census *a2a_leaks_feed_census(const struct a2a_leaks_feed *feed)
{
	return &feed->census;
}

bool a2a_leaks_feed_rewind(struct a2a_leaks_feed *feed)
{
	if (feed->ranges)
		a2a_leaks_ranges_rewind(feed->ranges);
	if (feed->ranges)
		return true;
	return feed->sort ? a2a_leaks_sort_start(feed->sort)
			  : a2a_leaks_source_rewind(feed->source);
}

double a2a_leaks_feed_done(const struct a2a_leaks_feed *feed)
{
	if (feed->ranges)
		return ranges_done(feed);
	return feed->sort ? a2a_leaks_sort_done(feed->sort) : a2a_leaks_source_done(feed->source);
}

void a2a_leaks_feed_close(struct a2a_leaks_feed *feed)
{
	if (!feed)
		return;
	a2a_leaks_sort_close(feed->sort);
	a2a_leaks_source_close(feed->source);
	a2a_leaks_ranges_close(feed->ranges);
	free(feed->times);
	free(feed);
}
