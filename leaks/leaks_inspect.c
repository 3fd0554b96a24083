/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_inspect.h"

#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "jobs.h"

/* ---- All of a filter ------------------------------------------------------------------------- */

struct check {
	const struct a2a_leaks *leaks;
	const char *path;
	const struct a2a_leaks_observer *observer;
	unsigned char *shards;
	pthread_mutex_t lock;
	uint64_t next, done, entries;
	const char *wrong; /* of the first shard that is not good */
	uint64_t wrong_shard;
	bool is_stopped;
};

/* The bytes of one shard, in memory that is used again. */
struct shard {
	unsigned char *places, *bytes;
	size_t room;
	uint64_t number[A2A_LEAKS_MOST_ENTRIES];
	struct a2a_leaks_block block;
};

static const char OUT_OF_MEMORY[] = "could not be checked: out of memory";
static const char CANNOT_READ[] = "cannot be read";
static const char IS_DAMAGED[] = "is damaged";

static const char *reason(enum a2a_leaks_answer answer)
{
	return answer == A2A_LEAKS_DAMAGED ? IS_DAMAGED : CANNOT_READ;
}

/* Reads the blocks of a shard, which lie from `start` to `end` after the index. */
static const char *read_blocks(
	const struct check *check, struct shard *shard, uint64_t start, uint64_t end)
{
	const struct a2a_leaks_format *format = &check->leaks->format;
	enum a2a_leaks_answer answer;

	if (start > end || end - start > (uint64_t)format->steps * A2A_LEAKS_MOST_BYTES ||
		end > format->size - a2a_leaks_blocks_start(format))
		return IS_DAMAGED;
	if (end - start > shard->room) {
		free(shard->bytes);
		shard->room = (size_t)(end - start);
		shard->bytes = malloc(shard->room);
		if (!shard->bytes) {
			shard->room = 0;
			return OUT_OF_MEMORY;
		}
	}
	answer = a2a_leaks_read(check->leaks, shard->bytes, (size_t)(end - start),
		a2a_leaks_blocks_start(format) + start, NULL);
	return answer == A2A_LEAKS_PRESENT ? NULL : reason(answer);
}

/* Checks one block, whose bytes begin at `bytes`. */
static bool is_block_good(const struct a2a_leaks_format *format, struct shard *shard,
	const struct a2a_leaks_place *place, const unsigned char *bytes, uint64_t number)
{
	struct a2a_leaks_block *block = &shard->block;

	block->size = (size_t)(place->end - place->start);
	block->entries = place->entries;
	if (block->size)
		memcpy(block->bytes, bytes, block->size);
	memset(block->bytes + block->size, 0, A2A_LEAKS_BEHIND);
	return a2a_leaks_block_checksum(block->bytes, block->size, number, block->entries) ==
		       place->checksum &&
	       a2a_leaks_block_read(block, format, shard->number);
}

/* Checks the blocks of a shard, from `start` to `end` after the index. */
static const char *check_blocks(const struct check *check, struct shard *shard, uint64_t number,
	uint64_t start, uint64_t end, uint32_t *entries)
{
	const struct a2a_leaks_format *format = &check->leaks->format;
	struct a2a_leaks_place place;

	for (unsigned i = 0; i < format->steps; i++) {
		if (!a2a_leaks_place_read(&place, shard->places + (size_t)i * A2A_LEAKS_PLACE) ||
			place.start < start || place.end > end ||
			!is_block_good(format, shard, &place,
				shard->bytes + (size_t)(place.start - start),
				number * format->steps + i))
			return IS_DAMAGED;
		*entries += place.entries;
	}
	return NULL;
}

/* Compares with the shard's row in the table. */
static bool agrees(const struct check *check, const struct shard *shard, uint64_t number,
	size_t size, uint32_t entries)
{
	const unsigned char *row = check->shards + (size_t)number * A2A_LEAKS_SHARD;
	XXH3_state_t *state = XXH3_createState();
	uint64_t checksum;
	bool ok;

	if (!state)
		return false;
	XXH3_64bits_reset(state);
	XXH3_64bits_update(state, shard->bytes, size);
	XXH3_64bits_update(
		state, shard->places, (size_t)check->leaks->format.steps * A2A_LEAKS_PLACE);
	checksum = htole64(XXH3_64bits_digest(state));
	XXH3_freeState(state);
	entries = htole32(entries);
	ok = memcmp(row, &checksum, sizeof(checksum)) == 0 &&
	     memcmp(row + sizeof(checksum), &entries, sizeof(entries)) == 0;
	entries = 0;
	return ok &&
	       memcmp(row + sizeof(checksum) + sizeof(entries), &entries, sizeof(entries)) == 0;
}

/* Tells whether the last place is that of the file's end. */
static bool is_end(const struct a2a_leaks_format *format, const unsigned char *place)
{
	const struct a2a_leaks_place end = {.start = format->size - a2a_leaks_blocks_start(format)};
	unsigned char bytes[A2A_LEAKS_PLACE];

	a2a_leaks_place_write(bytes, &end);
	return memcmp(bytes, place, sizeof(bytes)) == 0;
}

/* Returns NULL, or what is wrong with the shard of this number. */
static const char *check_shard(
	const struct check *check, struct shard *shard, uint64_t number, uint32_t *entries)
{
	const struct a2a_leaks_format *format = &check->leaks->format;
	const size_t places = ((size_t)format->steps + 1) * A2A_LEAKS_PLACE;
	struct a2a_leaks_place first, last;
	const char *wrong;
	enum a2a_leaks_answer answer = a2a_leaks_read(check->leaks, shard->places, places,
		a2a_leaks_index_start(format) + number * format->steps * A2A_LEAKS_PLACE, NULL);

	*entries = 0;
	if (answer != A2A_LEAKS_PRESENT)
		return reason(answer);
	if (!a2a_leaks_place_read(&first, shard->places) ||
		!a2a_leaks_place_read(&last, shard->places + places - 2 * A2A_LEAKS_PLACE))
		return IS_DAMAGED;
	if ((number == 0 && first.start != 0) ||
		(number == a2a_leaks_shards(format) - 1 &&
			!is_end(format, shard->places + places - A2A_LEAKS_PLACE)))
		return IS_DAMAGED;
	wrong = read_blocks(check, shard, first.start, last.end);
	if (!wrong)
		wrong = check_blocks(check, shard, number, first.start, last.end, entries);
	if (!wrong && !agrees(check, shard, number, (size_t)(last.end - first.start), *entries))
		wrong = IS_DAMAGED;
	return wrong;
}

/* Takes the next shard. Returns false when there is none. */
static bool take(struct check *check, uint64_t *number)
{
	bool is_taken;

	pthread_mutex_lock(&check->lock);
	is_taken = !check->is_stopped && check->next < a2a_leaks_shards(&check->leaks->format);
	*number = check->next;
	check->next += is_taken;
	pthread_mutex_unlock(&check->lock);
	return is_taken;
}

static void give(struct check *check, uint64_t number, const char *wrong, uint32_t entries)
{
	const struct a2a_leaks_observer *observer = check->observer;

	pthread_mutex_lock(&check->lock);
	if (wrong && (!check->wrong || number < check->wrong_shard)) {
		check->wrong = wrong;
		check->wrong_shard = number;
	}
	check->entries += entries;
	check->done++;
	if (observer->progress && !check->is_stopped)
		check->is_stopped = !observer->progress(observer->context, "entries",
			check->entries,
			(double)check->done / (double)a2a_leaks_shards(&check->leaks->format));
	pthread_mutex_unlock(&check->lock);
}

static void *check_shards(void *context)
{
	struct check *check = context;
	const size_t places = ((size_t)check->leaks->format.steps + 1) * A2A_LEAKS_PLACE;
	struct shard *shard = calloc(1, sizeof(*shard));
	uint64_t number;

	if (shard)
		shard->places = malloc(places);
	while (take(check, &number)) {
		uint32_t entries = 0;
		const char *wrong = OUT_OF_MEMORY;

		if (shard && shard->places)
			wrong = check_shard(check, shard, number, &entries);
		give(check, number, wrong, entries);
	}
	if (shard) {
		free(shard->places);
		free(shard->bytes);
	}
	free(shard);
	return NULL;
}

/* Reads the table of shards. Returns NULL, or what is wrong. */
static const char *read_table(struct check *check)
{
	const struct a2a_leaks_format *format = &check->leaks->format;
	const size_t size = (size_t)a2a_leaks_shards(format) * A2A_LEAKS_SHARD;
	enum a2a_leaks_answer answer;

	check->shards = malloc(size);
	if (!check->shards)
		return OUT_OF_MEMORY;
	answer = a2a_leaks_read(check->leaks, check->shards, size, A2A_LEAKS_HEADER, NULL);
	if (answer != A2A_LEAKS_PRESENT)
		return reason(answer);
	return XXH3_64bits(check->shards, size) == format->shards_checksum ? NULL : IS_DAMAGED;
}

enum a2a_leaks_finding a2a_leaks_verify(const struct a2a_leaks *leaks, const char *path,
	unsigned jobs, const struct a2a_leaks_observer *observer)
{
	struct check check = {.leaks = leaks, .path = path, .observer = observer};

	pthread_mutex_init(&check.lock, NULL);
	check.wrong = read_table(&check);
	if (!check.wrong)
		a2a_run_jobs(jobs, A2A_LEAKS_MOST_JOBS, check_shards, &check);
	pthread_mutex_destroy(&check.lock);
	free(check.shards);
	if (!check.wrong && !check.is_stopped && check.entries != leaks->format.entries)
		check.wrong = IS_DAMAGED;
	if (check.wrong) {
		a2a_fault(observer->log, path, "%s (in shard %llu of %llu)", check.wrong,
			(unsigned long long)check.wrong_shard + 1,
			(unsigned long long)a2a_leaks_shards(&leaks->format));
		return check.wrong == IS_DAMAGED ? A2A_LEAKS_NOT_SO : A2A_LEAKS_FAULT;
	}
	return check.is_stopped ? A2A_LEAKS_FAULT : A2A_LEAKS_GOOD;
}

/* ---- Comparing with a list ------------------------------------------------------------------- */

struct comparison {
	const struct a2a_leaks *leaks;
	const char *path;
	const struct a2a_leaks_order *order;
	const struct a2a_leaks_observer *observer;
	struct a2a_leaks_source *source;
	pthread_mutex_t lock;
	uint64_t lines, found, missing;
	uint64_t first_missing; /* the least of those hashes */
	bool is_ended, has_failed;
};

/* The block that was looked into last, with all of its numbers: lists are usually sorted. */
struct last_block {
	bool is_read;
	uint64_t place; /* its number among the blocks */
	enum a2a_leaks_answer answer;
	struct a2a_leaks_block block;
	uint64_t number[A2A_LEAKS_MOST_ENTRIES];
};

static int compare_numbers(const void *one, const void *other)
{
	const uint64_t *first = one, *second = other;

	return (*first > *second) - (*first < *second);
}

static enum a2a_leaks_answer look_up(
	const struct a2a_leaks *leaks, struct last_block *last, uint64_t hash)
{
	const struct a2a_leaks_format *format = &leaks->format;
	const uint64_t part = a2a_leaks_part(format, hash), place = part >> format->block_bits;
	const uint64_t wanted = part - (place << format->block_bits);

	if (!last->is_read || last->place != place) {
		last->answer = a2a_leaks_read_block(leaks, place, &last->block, NULL);
		last->is_read = true;
		last->place = place;
		if (last->answer == A2A_LEAKS_PRESENT &&
			!a2a_leaks_block_read(&last->block, format, last->number))
			last->answer = A2A_LEAKS_DAMAGED;
	}
	if (last->answer != A2A_LEAKS_PRESENT)
		return last->answer;
	return bsearch(&wanted, last->number, last->block.entries, sizeof(wanted), compare_numbers)
		       ? A2A_LEAKS_PRESENT
		       : A2A_LEAKS_ABSENT;
}

/* Reads the next lines of the list. Returns false when there are none. */
static bool read_lines(struct comparison *comparison, struct a2a_leaks_batch *batch)
{
	bool goes_on = false;

	pthread_mutex_lock(&comparison->lock);
	if (!comparison->is_ended && !comparison->has_failed) {
		comparison->has_failed = !a2a_leaks_source_read(comparison->source, &batch->text);
		goes_on = !comparison->has_failed && batch->text.length;
		comparison->is_ended = !goes_on;
	}
	pthread_mutex_unlock(&comparison->lock);
	return goes_on;
}

/* Looks up the hashes of a batch, and adds to the sums. Returns false when that cannot be done. */
static bool compare_batch(
	struct comparison *comparison, const struct a2a_leaks_batch *batch, struct last_block *last)
{
	const struct a2a_leaks_observer *observer = comparison->observer;
	uint64_t found = 0, missing = 0, first = UINT64_MAX;
	enum a2a_leaks_answer answer = A2A_LEAKS_PRESENT;

	for (size_t i = 0; i < batch->count && answer <= A2A_LEAKS_PRESENT; i++) {
		answer = look_up(comparison->leaks, last, batch->hash[i]);
		found += answer == A2A_LEAKS_PRESENT;
		if (answer == A2A_LEAKS_ABSENT) {
			missing++;
			first = batch->hash[i] < first ? batch->hash[i] : first;
		}
	}
	pthread_mutex_lock(&comparison->lock);
	comparison->lines += batch->census.lines;
	comparison->found += found;
	comparison->missing += missing;
	if (first < comparison->first_missing)
		comparison->first_missing = first;
	if (!comparison->has_failed && batch->wrong) {
		a2a_leaks_source_complain(comparison->source, batch->wrong_part,
			batch->wrong_part ? batch->wrong_line : 0, batch->wrong);
		comparison->has_failed = true;
	}
	if (!comparison->has_failed && answer > A2A_LEAKS_PRESENT) {
		a2a_fault(observer->log, comparison->path, "%s", reason(answer));
		comparison->has_failed = true;
	}
	if (!comparison->has_failed && observer->progress)
		comparison->has_failed = !observer->progress(observer->context, "lines",
			comparison->lines, a2a_leaks_source_done(comparison->source));
	pthread_mutex_unlock(&comparison->lock);
	return !comparison->has_failed;
}

static void *compare(void *context)
{
	struct comparison *comparison = context;
	const struct a2a_leaks_order *order = comparison->order;
	struct last_block *last = calloc(1, sizeof(*last));
	struct a2a_leaks_batch batch;

	if (!a2a_leaks_batch_reserve(&batch) || !last) {
		a2a_fault(comparison->observer->log, comparison->path, OUT_OF_MEMORY);
		pthread_mutex_lock(&comparison->lock);
		comparison->has_failed = true;
		pthread_mutex_unlock(&comparison->lock);
	}
	while (last && read_lines(comparison, &batch)) {
		size_t start = 0;
		bool ok = true;

		if (order->lines == A2A_LEAKS_HASHES) {
			a2a_leaks_batch_read_hashes(
				&batch, comparison->leaks->format.least_count, false);
			compare_batch(comparison, &batch, last);
			continue;
		}
		while (ok && start < batch.text.length) {
			a2a_leaks_batch_hash_passwords(&batch, &start);
			ok = compare_batch(comparison, &batch, last);
		}
	}
	a2a_leaks_batch_release(&batch);
	free(last);
	return NULL;
}

enum a2a_leaks_finding a2a_leaks_compare(const struct a2a_leaks *leaks, const char *path,
	const struct a2a_leaks_order *order, uint64_t *found, uint64_t *missing,
	const struct a2a_leaks_observer *observer)
{
	struct comparison comparison = {.leaks = leaks,
		.path = path,
		.order = order,
		.observer = observer,
		.first_missing = UINT64_MAX};

	comparison.source = a2a_leaks_source_open(order->input, observer->log);
	if (!comparison.source)
		return A2A_LEAKS_FAULT;
	pthread_mutex_init(&comparison.lock, NULL);
	a2a_run_jobs(order->jobs, A2A_LEAKS_MOST_JOBS, compare, &comparison);
	pthread_mutex_destroy(&comparison.lock);
	a2a_leaks_source_close(comparison.source);
	*found = comparison.found;
	*missing = comparison.missing;
	if (comparison.has_failed)
		return A2A_LEAKS_FAULT;
	if (!comparison.missing)
		return A2A_LEAKS_GOOD;
	a2a_fault(observer->log, path,
		"%llu of %llu hashes of %s are not in it; the first of them begins with %016llX",
		(unsigned long long)comparison.missing,
		(unsigned long long)(comparison.missing + comparison.found), order->input,
		(unsigned long long)comparison.first_missing);
	return A2A_LEAKS_NOT_SO;
}
