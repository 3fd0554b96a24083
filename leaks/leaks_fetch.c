/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_fetch.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leaks_ranges.h"
#include "leaks_sample.h"

enum {
	WINDOW = 256,     /* ranges that are being asked for, or wait for one before them */
	NEIGHBOURS = 32,  /* ranges whose mean says how many lines one has */
	SYNC_EVERY = 4096 /* ranges */
};

/* A range of which so many were drawn by chance has 8 standard deviations more or fewer in one of
 * 10^15 cases. */
static const double DEVIATIONS = 8;

/* So much of what a range had may be gone in an update: the service does remove entries. */
static const double LEAST_LEFT = 0.99;

/* A range that is being asked for, or that was answered before its turn. */
struct place {
	struct a2a_leaks_record record;
	struct a2a_leaks_range range;
	bool is_asked, is_answered;
	/* It was answered before it could be compared with its neighbours. */
	bool is_doubtful;
	/* Of an update: what the range had. */
	uint32_t lines_before;
	char etag[A2A_LEAKS_MOST_ETAG + 1];
};

struct fetch {
	const struct a2a_leaks_fetch_order *order;
	struct a2a_leaks_fetch_result *result;
	const struct a2a_leaks_observer *observer;
	char *part_path, *ranges_path, *new_path;
	struct a2a_leaks_ranges *part; /* what is appended to */
	struct a2a_leaks_ranges *base; /* of an update: what was there */
	struct a2a_leaks_sample *sample;
	uint32_t first, end;
	uint32_t asked; /* the next range to ask for */
	struct place place[WINDOW];
	struct a2a_leaks_batch batch;
	/* Of all ranges that were answered: how many there are, and how many lines they have. */
	double known, lines;
	bool has_failed;
};

static struct place *place_of(struct fetch *fetch, uint32_t prefix)
{
	return &fetch->place[prefix % WINDOW];
}

/* ---- How many lines a range should have ------------------------------------------------------ */

/* Returns NULL, or what is wrong with so many lines beside those of the other ranges. The range
 * itself is not among those that are known. */
static const char *compare_with_neighbours(const struct fetch *fetch, uint32_t lines)
{
	const double mean = fetch->lines / fetch->known;

	if (fetch->known < NEIGHBOURS)
		return NULL;
	if (lines < mean - DEVIATIONS * sqrt(mean))
		return "far fewer";
	return lines > mean + DEVIATIONS * sqrt(mean) ? "far more" : NULL;
}

static void know(struct fetch *fetch, double sign, uint32_t lines)
{
	fetch->known += sign;
	fetch->lines += sign * lines;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* Reads what the base has of the next range. */
static bool read_base(struct fetch *fetch, struct place *place)
{
	struct a2a_leaks_range range;

	if (!a2a_leaks_ranges_look(fetch->base, &range)) {
		fetch->has_failed = true;
		return false;
	}
	place->lines_before = a2a_leaks_range_lines(&range);
	strcpy(place->etag, range.etag);
	return true;
}

static bool ask(void *context, struct a2a_leaks_question *question)
{
	struct fetch *fetch = context;
	const uint32_t next = a2a_leaks_ranges_next(fetch->part);
	uint32_t prefix = next;
	struct place *place = place_of(fetch, next);

	/* The next one to be written may have to be asked for again. */
	if (fetch->has_failed || next == fetch->end)
		return false;
	if (next == fetch->asked || place->is_asked || place->is_answered) {
		prefix = fetch->asked;
		if (prefix == fetch->end || prefix - next >= WINDOW)
			return false;
		place = place_of(fetch, prefix);
		*place = (struct place){0};
		if (fetch->base && !read_base(fetch, place))
			return false;
		fetch->asked++;
	}
	place->is_asked = true;
	question->prefix = prefix;
	strcpy(question->etag, place->etag);
	return true;
}

/* ---- Answers --------------------------------------------------------------------------------- */

/* Reads the lines of a range. Returns false, and what is wrong. */
static bool read_lines(struct fetch *fetch, const struct a2a_leaks_reply *reply,
	char wrong[static A2A_LEAKS_WRONG])
{
	struct a2a_leaks_batch *batch = &fetch->batch;
	struct a2a_leaks_text_part part = {.end = reply->length, .prefix = reply->prefix};
	const struct a2a_leaks_text text = batch->text;
	const char *last = NULL;
	size_t length = reply->length;

	while (length && (reply->text[length - 1] == '\n' || reply->text[length - 1] == '\r'))
		length--;
	if (!length) {
		snprintf(wrong, A2A_LEAKS_WRONG, "is empty");
		return false;
	}
	batch->text = (struct a2a_leaks_text){
		.bytes = reply->text,
		.length = reply->length,
		.part = &part,
		.parts = 1,
		.is_of_ranges = true,
	};
	a2a_leaks_batch_read_hashes(batch, fetch->order->least_count, true);
	batch->text = text;
	if (batch->wrong) {
		snprintf(wrong, A2A_LEAKS_WRONG, "has a line %llu that %s",
			(unsigned long long)batch->wrong_line,
			batch->wrong == a2a_leaks_no_order ? "comes after a greater hash"
							   : batch->wrong);
		return false;
	}
	/* The service has a count in each line, and was cut before that of the last one. */
	last = memrchr(reply->text, '\n', length);
	last = last ? last : reply->text;
	if (!memchr(last, ':', length - (size_t)(last - reply->text))) {
		snprintf(wrong, A2A_LEAKS_WRONG, "was cut in its last line");
		return false;
	}
	return true;
}

/* Compares the number of lines with that of the neighbours, and that of last time. */
static bool check_lines(const struct fetch *fetch, const struct place *place, uint32_t lines,
	char wrong[static A2A_LEAKS_WRONG])
{
	const char *much = compare_with_neighbours(fetch, lines);

	if (much)
		snprintf(wrong, A2A_LEAKS_WRONG,
			"has %u lines, %s than the others, which have about %.0f", lines, much,
			fetch->lines / fetch->known);
	if (!much && lines < LEAST_LEFT * place->lines_before) {
		much = "fewer";
		snprintf(wrong, A2A_LEAKS_WRONG,
			"has %u lines, and had %u: it was cut, or else all2all-leaks fetch is to "
			"fetch everything again",
			lines, place->lines_before);
	}
	return !much;
}

static bool take(
	void *context, const struct a2a_leaks_reply *reply, char wrong[static A2A_LEAKS_WRONG])
{
	struct fetch *fetch = context;
	struct place *place = place_of(fetch, reply->prefix);
	struct a2a_leaks_range *range = &place->range;
	uint32_t lines = place->lines_before;

	*range = (struct a2a_leaks_range){
		.prefix = reply->prefix, .is_unchanged = reply->is_unchanged};
	if (reply->is_unchanged) {
		strcpy(range->etag, place->etag);
	} else {
		if (!read_lines(fetch, reply, wrong))
			return false;
		strcpy(range->etag, reply->etag);
		for (size_t i = 0; i < A2A_LEAKS_COUNT_CLASSES; i++)
			range->of_count[i] = (uint32_t)fetch->batch.census.of_count[i];
		range->taken = (uint32_t)fetch->batch.count;
		lines = a2a_leaks_range_lines(range);
		if (!check_lines(fetch, place, lines, wrong))
			return false;
	}
	if (!a2a_leaks_record_make(&place->record, range, fetch->batch.hash)) {
		snprintf(wrong, A2A_LEAKS_WRONG,
			"has hashes that lie too close together, or memory is out");
		return false;
	}
	place->is_doubtful = fetch->known < NEIGHBOURS;
	place->is_asked = false;
	place->is_answered = true;
	know(fetch, 1, lines);
	return true;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* Tells whether a range of the beginning has to be asked for again, now that its neighbours are
 * known. */
static bool is_thin(struct fetch *fetch, struct place *place)
{
	const uint32_t lines = a2a_leaks_range_lines(&place->range);

	if (!place->is_doubtful || place->range.is_unchanged)
		return false;
	place->is_doubtful = false;
	know(fetch, -1, lines);
	if (compare_with_neighbours(fetch, lines)) {
		free(place->record.bytes);
		place->record.bytes = NULL;
		place->is_answered = false;
		return true;
	}
	know(fetch, 1, lines);
	return false;
}

/* Writes what was answered, as far as none before it is missing. */
static bool write_answers(struct fetch *fetch)
{
	struct a2a_leaks_ranges *part = fetch->part;
	uint32_t next;

	/* The first ones wait until each of them can be compared with others. */
	if (fetch->known <= NEIGHBOURS && fetch->known < fetch->end - fetch->first)
		return true;
	while ((next = a2a_leaks_ranges_next(part)) < fetch->asked) {
		struct place *place = place_of(fetch, next);

		if (!place->is_answered || is_thin(fetch, place))
			break;
		if (!a2a_leaks_ranges_put(part, &place->record))
			return false;
		a2a_leaks_sample_note(fetch->sample, &place->range);
		fetch->result->changed += !place->range.is_unchanged;
		free(place->record.bytes);
		*place = (struct place){0};
		if ((next + 1) % SYNC_EVERY == 0 && !a2a_leaks_ranges_sync(part))
			return false;
	}
	return true;
}

static bool watch(void *context)
{
	struct fetch *fetch = context;
	const struct a2a_leaks_observer *observer = fetch->observer;
	const uint32_t done = a2a_leaks_ranges_next(fetch->part) - fetch->first;

	if (!fetch->has_failed)
		fetch->has_failed = !write_answers(fetch);
	return !fetch->has_failed &&
	       (!observer->progress || observer->progress(observer->context, "ranges", done,
					       (double)done / (double)(fetch->end - fetch->first)));
}

/* Sees a range that an earlier run has fetched. */
static void see(void *context, const struct a2a_leaks_range *range)
{
	struct fetch *fetch = context;
	struct a2a_leaks_range before;

	fetch->result->kept++;
	fetch->result->changed += !range->is_unchanged;
	a2a_leaks_sample_note(fetch->sample, range);
	if (fetch->base && !fetch->has_failed) {
		fetch->has_failed = !a2a_leaks_ranges_look(fetch->base, &before);
		range = range->is_unchanged && !fetch->has_failed ? &before : range;
	}
	know(fetch, 1, a2a_leaks_range_lines(range));
}

/* Asks for everything that is not in the part yet. */
static bool fetch_all(struct fetch *fetch)
{
	const struct a2a_leaks_asker asker = {ask, take, watch, fetch};
	struct a2a_leaks_fetch_result *result = fetch->result;
	bool ok;

	if (!a2a_leaks_batch_reserve(&fetch->batch)) {
		a2a_leaks_batch_release(&fetch->batch);
		return a2a_fault(fetch->observer->log, fetch->part_path, "out of memory");
	}
	fetch->asked = a2a_leaks_ranges_next(fetch->part);
	result->ranges = fetch->end - fetch->first;
	ok = a2a_leaks_web_run(&fetch->order->web, &asker, &result->traffic, fetch->observer->log);
	/* What has come is not fetched again, whatever has ended it. */
	if (!fetch->has_failed && fetch->known > NEIGHBOURS)
		ok = write_answers(fetch) && ok;
	if (!fetch->has_failed)
		ok = a2a_leaks_ranges_sync(fetch->part) && ok;
	for (size_t i = 0; i < WINDOW; i++)
		free(fetch->place[i].record.bytes);
	a2a_leaks_batch_release(&fetch->batch);
	return ok && a2a_leaks_ranges_next(fetch->part) == fetch->end;
}

/* ---- The files ------------------------------------------------------------------------------- */

static bool name_files(struct fetch *fetch)
{
	const char *filter = fetch->order->filter;

	if (asprintf(&fetch->ranges_path, "%s.ranges", filter) < 0)
		fetch->ranges_path = NULL;
	if (asprintf(&fetch->part_path, "%s.ranges.part", filter) < 0)
		fetch->part_path = NULL;
	if (asprintf(&fetch->new_path, "%s.ranges.new", filter) < 0)
		fetch->new_path = NULL;
	fetch->sample = a2a_leaks_sample_new(fetch->first, fetch->end);
	return (fetch->ranges_path && fetch->part_path && fetch->new_path && fetch->sample) ||
	       a2a_fault(fetch->observer->log, filter, "out of memory");
}

static void release(struct fetch *fetch)
{
	a2a_leaks_ranges_close(fetch->part);
	a2a_leaks_ranges_close(fetch->base);
	a2a_leaks_sample_free(fetch->sample);
	free(fetch->ranges_path);
	free(fetch->part_path);
	free(fetch->new_path);
	free(fetch);
}

static bool move(const struct fetch *fetch, const char *from, const char *to)
{
	return rename(from, to) == 0 ||
	       a2a_fault(fetch->observer->log, to, "cannot be put into its place: %s",
		       strerror(errno));
}

/* Builds the filter of these ranges, writes its ETags, and puts the ranges beside it. */
static bool finish(const struct fetch *fetch, const char *ranges)
{
	const struct a2a_leaks_fetch_order *order = fetch->order;
	const struct a2a_leaks_order build = {
		.input = ranges,
		.output = order->filter,
		.lines = A2A_LEAKS_HASHES,
		.rate = order->rate,
		.least_count = order->least_count,
		.jobs = order->jobs,
	};

	return a2a_leaks_build(&build, &fetch->result->built, fetch->observer) &&
	       a2a_leaks_sample_write(fetch->sample, order->filter, fetch->observer->log) &&
	       move(fetch, ranges, fetch->ranges_path);
}

static struct fetch *begin(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch));

	*result = (struct a2a_leaks_fetch_result){0};
	if (!fetch) {
		a2a_fault(observer->log, order->filter, "out of memory");
		return NULL;
	}
	fetch->order = order;
	fetch->result = result;
	fetch->observer = observer;
	fetch->first = order->first;
	fetch->end = order->end;
	if (name_files(fetch))
		return fetch;
	release(fetch);
	return NULL;
}

/* ---- All of it ------------------------------------------------------------------------------- */

bool a2a_leaks_fetch(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer)
{
	const struct a2a_leaks_ranges_head head = {
		.first = order->first,
		.end = order->end,
		.least_count = order->least_count,
		.rate = order->rate,
	};
	struct fetch *fetch = begin(order, result, observer);
	bool ok = false;

	if (!fetch)
		return false;
	if (access(fetch->ranges_path, F_OK) == 0) {
		a2a_fault(observer->log, fetch->ranges_path,
			"is there already: all2all-leaks update fetches what has changed since. To "
			"fetch everything again, remove it");
		goto out;
	}
	fetch->part = a2a_leaks_ranges_append(fetch->part_path, &head, see, fetch, observer->log);
	ok = fetch->part && fetch_all(fetch) && finish(fetch, fetch->part_path);
out:
	release(fetch);
	return ok;
}

/* Nothing is there to be seen: the file was removed before. */
static void see_nothing(void *context, const struct a2a_leaks_range *range)
{
	(void)context;
	(void)range;
}

/* Writes the whole of the base and its changes to a new file. */
static bool apply_changes(struct fetch *fetch)
{
	struct a2a_leaks_ranges_head head = *a2a_leaks_ranges_head(fetch->base);
	struct a2a_leaks_range range, change;
	struct a2a_leaks_record record, changed;
	struct a2a_leaks_ranges *whole;
	bool ok = true;

	head.base = 0;
	unlink(fetch->new_path);
	whole = a2a_leaks_ranges_append(
		fetch->new_path, &head, see_nothing, NULL, fetch->observer->log);
	if (!whole)
		return false;
	a2a_leaks_ranges_rewind(fetch->base);
	a2a_leaks_ranges_rewind(fetch->part);
	while (ok && a2a_leaks_ranges_next(whole) < fetch->end) {
		ok = a2a_leaks_ranges_read(fetch->base, &range, &record) &&
		     a2a_leaks_ranges_read(fetch->part, &change, &changed) &&
		     a2a_leaks_ranges_put(whole, change.is_unchanged ? &record : &changed);
	}
	ok = ok && a2a_leaks_ranges_sync(whole);
	a2a_leaks_ranges_close(whole);
	return ok;
}

/* Changes of a file that is not there any more are of no use: the update was done, but they could
 * not be removed. */
static void remove_old_changes(const struct fetch *fetch, uint64_t base)
{
	struct a2a_leaks_ranges *part;

	if (access(fetch->part_path, F_OK))
		return;
	part = a2a_leaks_ranges_open(fetch->part_path, NULL);
	if (part && a2a_leaks_ranges_head(part)->base && a2a_leaks_ranges_head(part)->base != base)
		unlink(fetch->part_path);
	a2a_leaks_ranges_close(part);
}

bool a2a_leaks_update(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer)
{
	struct a2a_leaks_fetch_order same = *order;
	struct fetch *fetch = begin(&same, result, observer);
	struct a2a_leaks_ranges_head head;
	bool ok = false;

	if (!fetch)
		return false;
	fetch->base = a2a_leaks_ranges_open(fetch->ranges_path, observer->log);
	if (!fetch->base)
		goto out;
	head = *a2a_leaks_ranges_head(fetch->base);
	fetch->first = same.first = head.first;
	fetch->end = same.end = head.end;
	same.least_count = head.least_count;
	same.rate = head.rate;
	a2a_leaks_sample_free(fetch->sample);
	fetch->sample = a2a_leaks_sample_new(head.first, head.end);
	head.base = head.id;
	remove_old_changes(fetch, head.base);
	fetch->part = fetch->sample ? a2a_leaks_ranges_append(
					      fetch->part_path, &head, see, fetch, observer->log)
				    : NULL;
	ok = fetch->part && !fetch->has_failed && fetch_all(fetch);
	if (ok && result->changed)
		ok = apply_changes(fetch) && finish(fetch, fetch->new_path);
	if (ok)
		unlink(fetch->part_path);
out:
	release(fetch);
	return ok;
}

/* ---- Whether anything is new ----------------------------------------------------------------- */

/* What a2a_leaks_ask_for_news() works on. */
struct news {
	const struct a2a_leaks_sample *sample;
	const struct a2a_leaks_observer *observer;
	struct a2a_leaks_fetch_result *result;
	size_t next, answered;
};

static bool ask_for_news(void *context, struct a2a_leaks_question *question)
{
	struct news *news = context;

	return a2a_leaks_sample_get(news->sample, news->next++, &question->prefix, question->etag);
}

static bool take_news(
	void *context, const struct a2a_leaks_reply *reply, char wrong[static A2A_LEAKS_WRONG])
{
	struct news *news = context;

	(void)wrong;
	news->answered++;
	news->result->changed += !reply->is_unchanged;
	return true;
}

static bool watch_news(void *context)
{
	const struct news *news = context;
	const struct a2a_leaks_observer *observer = news->observer;

	return !observer->progress ||
	       observer->progress(observer->context, "ranges", news->answered,
		       (double)news->answered / news->result->ranges);
}

bool a2a_leaks_ask_for_news(const struct a2a_leaks_fetch_order *order,
	struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer)
{
	struct a2a_leaks_sample *sample = a2a_leaks_sample_read(order->filter, observer->log);
	struct news news = {.sample = sample, .observer = observer, .result = result};
	const struct a2a_leaks_asker asker = {ask_for_news, take_news, watch_news, &news};
	bool ok;

	*result = (struct a2a_leaks_fetch_result){0};
	if (!sample)
		return false;
	result->ranges = a2a_leaks_sample_size(sample);
	ok = a2a_leaks_web_run(&order->web, &asker, &result->traffic, observer->log);
	a2a_leaks_sample_free(sample);
	return ok;
}
