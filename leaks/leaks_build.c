/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_build.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "leaks_feed.h"
#include "leaks_writer.h"

enum {
	HEAD = 1 << 20, /* hashes that the number of entries is estimated from */
	MOST_TRIES = 16,
	CROWDED = 4, /* so many times the entries, when they lie too close together */
};

/* The blocks of a batch that no other batch has a part of. */
struct encoded {
	struct {
		uint64_t number;
		size_t end; /* in bytes, from the start of all of them */
		unsigned entries;
	} * block;
	size_t blocks, block_room;
	unsigned char *bytes;
	size_t size, room;
	/* The parts of the universe, of which some are in the first block, and some in the last. */
	uint64_t *part;
	size_t parts, first_end, last_start;
	uint64_t merged;
	bool is_crowded, is_out_of_memory;
	struct a2a_leaks_block scratch;
};

struct build {
	const struct a2a_leaks_order *order;
	const struct a2a_leaks_observer *observer;
	struct a2a_leaks_feed *feed;
	struct a2a_leaks_format format;
	struct a2a_leaks_writer *writer;
	struct a2a_leaks_census census;
	uint64_t *head;
	size_t head_count;
	bool head_is_all;
	uint64_t last, merged;
	/* The threads: who has read the third batch writes third. */
	pthread_mutex_t lock;
	pthread_cond_t turn;
	uint64_t tickets, served;
	bool is_ended, has_failed, is_crowded;
};

static bool out_of_memory(const struct build *build)
{
	return a2a_fault(build->observer->log, build->order->input, "out of memory");
}

static bool show(const struct build *build)
{
	const struct a2a_leaks_observer *observer = build->observer;

	return !observer->progress ||
	       observer->progress(observer->context, "hashes", build->census.taken,
		       a2a_leaks_feed_done(build->feed));
}

/* Counts a batch that was read, after all batches before it. */
static bool accept(struct build *build, const struct a2a_leaks_batch *batch)
{
	if (!a2a_leaks_feed_accept(build->feed, batch, build->census.lines, &build->last))
		return false;
	a2a_leaks_census_add(&build->census, &batch->census);
	return show(build);
}

/* ---- The number of entries ------------------------------------------------------------------- */

static void keep_head(struct build *build, const struct a2a_leaks_batch *batch)
{
	memcpy(build->head + build->head_count, batch->hash, batch->count * sizeof(*batch->hash));
	build->head_count += batch->count;
}

/* Reads the first hashes. */
static bool read_head(struct build *build)
{
	struct a2a_leaks_batch batch;
	bool ok = a2a_leaks_batch_reserve(&batch), is_end = false;

	build->head = malloc((HEAD + A2A_LEAKS_MOST_HASHES) * sizeof(*build->head));
	if (!ok || !build->head)
		ok = out_of_memory(build);
	while (ok && !is_end && build->head_count < HEAD) {
		ok = a2a_leaks_feed_read(build->feed, &batch, &is_end);
		if (ok && !is_end) {
			a2a_leaks_feed_parse(build->feed, &batch);
			ok = accept(build, &batch);
			keep_head(build, &batch);
		}
	}
	build->head_is_all = is_end;
	a2a_leaks_batch_release(&batch);
	return ok;
}

/* Hashes are as even as chance: from how close together the first ones lie follows how many there
 * are, give or take a thousandth, of which five are added. */
static uint64_t estimate(const struct build *build)
{
	const uint64_t *head = build->head;
	double count, share;

	if (build->head_is_all)
		return build->head_count;
	/* How many more were read depends on the form of the list. The file must not. */
	count = HEAD;
	share = ldexp((double)(head[HEAD - 1] - head[0]), -64);
	/* All are the same: the list has nothing else, or it is no list. */
	return share > count / 0x1p62 ? (uint64_t)(count / share * (1 + 5 / sqrt(count)))
				      : build->head_count;
}

/* ---- Encoding -------------------------------------------------------------------------------- */

static bool make_room(struct encoded *encoded)
{
	if (encoded->room - encoded->size < A2A_LEAKS_MOST_BYTES) {
		const size_t room = 2 * encoded->room + A2A_LEAKS_MOST_BYTES;
		unsigned char *bytes = realloc(encoded->bytes, room);

		if (!bytes)
			return false;
		encoded->bytes = bytes;
		encoded->room = room;
	}
	if (encoded->blocks == encoded->block_room) {
		const size_t room = 2 * encoded->block_room + 64;
		void *block = reallocarray(encoded->block, room, sizeof(*encoded->block));

		if (!block)
			return false;
		encoded->block = block;
		encoded->block_room = room;
	}
	return true;
}

/* Encodes the parts from this place on that are in one block. Returns where the next block begins,
 * or 0 on failure. */
static size_t encode_block(
	struct encoded *encoded, const struct a2a_leaks_format *format, size_t start)
{
	const uint64_t number = encoded->part[start] >> format->block_bits;
	const uint64_t first = number << format->block_bits;
	uint64_t inside[A2A_LEAKS_MOST_ENTRIES];
	size_t count = 0;

	while (start < encoded->last_start &&
		encoded->part[start] >> format->block_bits == number) {
		if (count == A2A_LEAKS_MOST_ENTRIES) {
			encoded->is_crowded = true;
			return 0;
		}
		inside[count++] = encoded->part[start++] - first;
	}
	if (!a2a_leaks_block_write(&encoded->scratch, format, inside, count)) {
		encoded->is_crowded = true;
		return 0;
	}
	if (!make_room(encoded)) {
		encoded->is_out_of_memory = true;
		return 0;
	}
	memcpy(encoded->bytes + encoded->size, encoded->scratch.bytes, encoded->scratch.size);
	encoded->size += encoded->scratch.size;
	encoded->block[encoded->blocks].number = number;
	encoded->block[encoded->blocks].end = encoded->size;
	encoded->block[encoded->blocks].entries = encoded->scratch.entries;
	encoded->blocks++;
	return start;
}

/* Makes parts of the hashes, in their place, without those that come again. */
static void make_parts(struct encoded *encoded, const struct a2a_leaks_format *format,
	uint64_t *hash, size_t count)
{
	encoded->part = hash;
	encoded->parts = 0;
	encoded->merged = 0;
	for (size_t i = 0; i < count; i++) {
		const uint64_t part = a2a_leaks_part(format, hash[i]);

		if (encoded->parts && hash[encoded->parts - 1] == part)
			encoded->merged++;
		else
			hash[encoded->parts++] = part;
	}
}

/* Encodes the blocks that are wholly inside of a batch. */
static void encode(struct encoded *encoded, const struct a2a_leaks_format *format,
	struct a2a_leaks_batch *batch)
{
	const unsigned bits = format->block_bits;
	uint64_t *part = batch->hash;
	size_t at;

	make_parts(encoded, format, batch->hash, batch->count);
	encoded->blocks = encoded->size = 0;
	encoded->first_end = encoded->last_start = encoded->parts;
	if (!encoded->parts || part[0] >> bits == part[encoded->parts - 1] >> bits)
		return;
	for (at = 0; part[at] >> bits == part[0] >> bits;)
		at++;
	encoded->first_end = at;
	while (part[encoded->last_start - 1] >> bits == part[encoded->parts - 1] >> bits)
		encoded->last_start--;
	while (at && at < encoded->last_start)
		at = encode_block(encoded, format, at);
}

/* Writes what was encoded. The lock is held. */
static bool write_encoded(struct build *build, const struct encoded *encoded)
{
	struct a2a_leaks_writer *writer = build->writer;
	size_t start = 0;

	build->is_crowded |= encoded->is_crowded;
	if (encoded->is_out_of_memory)
		out_of_memory(build);
	if (encoded->is_crowded || encoded->is_out_of_memory ||
		!a2a_leaks_writer_put(writer, encoded->part, encoded->first_end))
		return false;
	for (size_t i = 0; i < encoded->blocks; i++) {
		if (!a2a_leaks_writer_add(writer, encoded->block[i].number, encoded->bytes + start,
			    encoded->block[i].end - start, encoded->block[i].entries))
			return false;
		start = encoded->block[i].end;
	}
	build->merged += encoded->merged;
	return a2a_leaks_writer_put(
		writer, encoded->part + encoded->last_start, encoded->parts - encoded->last_start);
}

/* ---- The threads ----------------------------------------------------------------------------- */

/* Reads the next batch. Returns false when there is none. */
static bool take(struct build *build, struct a2a_leaks_batch *batch, uint64_t *ticket)
{
	bool is_end = true;

	pthread_mutex_lock(&build->lock);
	if (!build->is_ended && !build->has_failed) {
		if (!a2a_leaks_feed_read(build->feed, batch, &is_end)) {
			build->has_failed = true;
			pthread_cond_broadcast(&build->turn);
		}
		build->is_ended = is_end;
		*ticket = build->tickets;
		build->tickets += !is_end;
	}
	pthread_mutex_unlock(&build->lock);
	return !is_end;
}

/* Writes a batch when all batches before it were written. */
static void give(struct build *build, const struct a2a_leaks_batch *batch,
	const struct encoded *encoded, uint64_t ticket)
{
	pthread_mutex_lock(&build->lock);
	while (build->served != ticket && !build->has_failed)
		pthread_cond_wait(&build->turn, &build->lock);
	if (!build->has_failed)
		build->has_failed = !accept(build, batch) || !write_encoded(build, encoded);
	build->served++;
	pthread_cond_broadcast(&build->turn);
	pthread_mutex_unlock(&build->lock);
}

static void *work(void *context)
{
	struct build *build = context;
	struct encoded *encoded = calloc(1, sizeof(*encoded));
	struct a2a_leaks_batch batch;
	uint64_t ticket = 0;

	if (!a2a_leaks_batch_reserve(&batch) || !encoded) {
		pthread_mutex_lock(&build->lock);
		build->has_failed = true;
		out_of_memory(build);
		pthread_cond_broadcast(&build->turn);
		pthread_mutex_unlock(&build->lock);
	} else {
		while (take(build, &batch, &ticket)) {
			a2a_leaks_feed_parse(build->feed, &batch);
			encode(encoded, &build->format, &batch);
			give(build, &batch, encoded, ticket);
		}
	}
	if (encoded) {
		free(encoded->block);
		free(encoded->bytes);
	}
	free(encoded);
	a2a_leaks_batch_release(&batch);
	return NULL;
}

/* ---- Building -------------------------------------------------------------------------------- */

/* Writes the first hashes, which were read before the format was known. */
static bool write_head(struct build *build)
{
	for (size_t i = 0; i < build->head_count; i++) {
		const uint64_t part = a2a_leaks_part(&build->format, build->head[i]);

		if (!a2a_leaks_writer_put(build->writer, &part, 1))
			return false;
	}
	free(build->head);
	build->head = NULL;
	build->head_count = 0;
	return true;
}

/* Begins to read the list, after the head or again. */
static bool prepare(struct build *build, bool is_again)
{
	if (is_again) {
		free(build->head);
		build->head = NULL;
		build->head_count = 0;
		build->head_is_all = false;
		build->census = (struct a2a_leaks_census){0};
		build->last = build->merged = build->tickets = build->served = 0;
		build->is_ended = build->has_failed = build->is_crowded = false;
		if (!a2a_leaks_feed_rewind(build->feed))
			return a2a_fault(build->observer->log, build->order->input,
				"has more entries, or less even ones, than was to be seen from its "
				"start, and cannot be read again: give --entries, or a file");
	}
	build->writer =
		a2a_leaks_writer_open(build->order->output, &build->format, build->observer->log);
	return build->writer;
}

/* Reads the list and writes it. */
static bool run(struct build *build)
{
	build->is_ended = build->head_is_all;
	if (!write_head(build))
		return false;
	a2a_run_jobs(build->order->jobs, A2A_LEAKS_MOST_JOBS, work, build);
	return !build->has_failed;
}

/*
 * Tries to build the filter for so many entries. Sets `*entries` to 0 when it is done, or to how
 * many to try it with again. Returns false, having reported.
 */
static bool try(struct build *build, uint64_t *entries, struct a2a_leaks_format *format)
{
	const double rate = build->order->rate;
	uint64_t written;
	bool ok = run(build);

	if (!ok && (build->is_crowded || a2a_leaks_writer_is_crowded(build->writer))) {
		*entries *= CROWDED;
		goto again;
	}
	if (!ok)
		goto fail;
	written = a2a_leaks_writer_entries(build->writer);
	if ((double)written > (double)a2a_leaks_universe(&build->format) * rate) {
		*entries = written;
		goto again;
	}
	*entries = 0;
	ok = a2a_leaks_writer_finish(build->writer, build->merged, format);
	build->writer = NULL;
	return ok;
again:
	ok = true;
fail:
	a2a_leaks_writer_abandon(build->writer);
	build->writer = NULL;
	return ok;
}

static bool build_filter(struct build *build, struct a2a_leaks_format *format)
{
	const struct a2a_leaks_order *order = build->order;
	const struct a2a_log *log = build->observer->log;
	uint64_t entries = order->entries;

	if (!entries) {
		if (!read_head(build))
			return false;
		if (!build->head_count)
			return a2a_fault(log, order->input, "has no hashes to build a filter of");
		entries = estimate(build);
	}
	for (int i = 0; i < MOST_TRIES; i++) {
		if (!a2a_leaks_format_choose(&build->format, entries, order->rate))
			return a2a_fault(log, order->output,
				"there is no filter of %llu entries with this rate",
				(unsigned long long)entries);
		build->format.least_count = order->least_count;
		if (!prepare(build, i > 0) || !try(build, &entries, format))
			return false;
		if (!entries)
			return true;
	}
	return a2a_fault(
		log, order->input, "its hashes lie too close together: they are no hashes");
}

bool a2a_leaks_build(const struct a2a_leaks_order *order, struct a2a_leaks_result *result,
	const struct a2a_leaks_observer *observer)
{
	struct build build = {.order = order, .observer = observer};
	bool ok;

	build.feed = a2a_leaks_feed_open(order, observer);
	if (!build.feed)
		return false;
	pthread_mutex_init(&build.lock, NULL);
	pthread_cond_init(&build.turn, NULL);
	ok = build_filter(&build, &result->format);
	result->census = build.census;
	a2a_leaks_census_add(&result->census, a2a_leaks_feed_census(build.feed));
	pthread_cond_destroy(&build.turn);
	pthread_mutex_destroy(&build.lock);
	a2a_leaks_writer_abandon(build.writer);
	free(build.head);
	a2a_leaks_feed_close(build.feed);
	return ok;
}
