/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_sort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	RUN = 1 << 20,             /* hashes: 8 MiB, and as much to sort them */
	MERGING = 2 << 20,         /* hashes in memory while the runs are merged: 16 MiB */
	MOST_RUNS = MERGING / 512, /* of which each has at least a page */
};

/* A run while it is merged: what is left of it in the file, and what was read of it. */
struct run {
	uint64_t place, left; /* in hashes */
	uint64_t *hash;
	size_t next, count;
};

struct a2a_leaks_sort {
	const struct a2a_log *log;
	char *path;
	int file;
	uint64_t total, read; /* in hashes */
	uint64_t *hash, *scratch;
	size_t filled;
	uint64_t *length; /* of each run, in hashes */
	size_t runs;
	/* Merging: a heap of runs, the one with the least hash on top. */
	struct run *run;
	size_t *heap;
	size_t heaped, part; /* hashes that are read of a run at a time */
};

static bool fail(const struct a2a_leaks_sort *sort, const char *what)
{
	return a2a_fault(sort->log, sort->path,
		"the hashes cannot be sorted in this folder: %s: %s", what, strerror(errno));
}

/* ---- A run ----------------------------------------------------------------------------------- */

/* Sorts by one byte after the other, from the lowest on. An even number of times, so that the
 * result is where it was. */
static void sort_run(uint64_t *hash, uint64_t *scratch, size_t count)
{
	for (unsigned shift = 0; shift < 64; shift += 8) {
		size_t place[257] = {0};
		uint64_t *other = hash;

		for (size_t i = 0; i < count; i++)
			place[(hash[i] >> shift & 0xff) + 1]++;
		for (size_t i = 1; i < 256; i++)
			place[i] += place[i - 1];
		for (size_t i = 0; i < count; i++)
			scratch[place[hash[i] >> shift & 0xff]++] = hash[i];
		hash = scratch;
		scratch = other;
	}
}

static bool write_run(struct a2a_leaks_sort *sort)
{
	const char *at = (const char *)sort->hash;
	size_t left = sort->filled * sizeof(*sort->hash);

	if (!sort->filled)
		return true;
	if (sort->runs == MOST_RUNS) {
		errno = EFBIG;
		return fail(sort, "more than four thousand million lines");
	}
	sort_run(sort->hash, sort->scratch, sort->filled);
	while (left) {
		const ssize_t written = write(sort->file, at, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail(sort, "write");
		at += written;
		left -= (size_t)written;
	}
	sort->length[sort->runs++] = sort->filled;
	sort->filled = 0;
	return true;
}

bool a2a_leaks_sort_add(struct a2a_leaks_sort *sort, const uint64_t *hash, size_t count)
{
	sort->total += count;
	while (count) {
		const size_t room = RUN - sort->filled, now = count < room ? count : room;

		memcpy(sort->hash + sort->filled, hash, now * sizeof(*hash));
		sort->filled += now;
		hash += now;
		count -= now;
		if (sort->filled == RUN && !write_run(sort))
			return false;
	}
	return true;
}

/* ---- Merging --------------------------------------------------------------------------------- */

/* Reads the next hashes of a run; none when there are no more. */
static bool refill(struct a2a_leaks_sort *sort, struct run *run)
{
	size_t size, done = 0;

	run->next = 0;
	run->count = run->left < sort->part ? (size_t)run->left : sort->part;
	size = run->count * sizeof(*run->hash);
	while (done < size) {
		const ssize_t got = pread(sort->file, (char *)run->hash + done, size - done,
			(off_t)(run->place * sizeof(*run->hash) + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EIO;
			return fail(sort, "read");
		}
		done += (size_t)got;
	}
	run->place += run->count;
	run->left -= run->count;
	return true;
}

static uint64_t least(const struct a2a_leaks_sort *sort, size_t place)
{
	const struct run *run = &sort->run[sort->heap[place]];

	return run->hash[run->next];
}

static void sink(struct a2a_leaks_sort *sort, size_t place)
{
	for (size_t below; (below = 2 * place + 1) < sort->heaped; place = below) {
		const size_t moved = sort->heap[place];

		if (below + 1 < sort->heaped && least(sort, below + 1) < least(sort, below))
			below++;
		if (least(sort, place) <= least(sort, below))
			return;
		sort->heap[place] = sort->heap[below];
		sort->heap[below] = moved;
	}
}

/* Allocates what merging needs, in the place of what sorting needed. */
static bool prepare(struct a2a_leaks_sort *sort)
{
	free(sort->hash);
	free(sort->scratch);
	sort->scratch = NULL;
	sort->part = sort->runs ? MERGING / sort->runs : 1;
	sort->part = sort->part < RUN ? sort->part : RUN;
	sort->hash = calloc(sort->runs + 1, sort->part * sizeof(*sort->hash));
	sort->run = calloc(sort->runs + 1, sizeof(*sort->run));
	sort->heap = calloc(sort->runs + 1, sizeof(*sort->heap));
	if (!sort->hash || !sort->run || !sort->heap) {
		errno = ENOMEM;
		return fail(sort, "memory");
	}
	return true;
}

bool a2a_leaks_sort_start(struct a2a_leaks_sort *sort)
{
	uint64_t place = 0;

	if (!sort->run && (!write_run(sort) || !prepare(sort)))
		return false;
	sort->read = 0;
	sort->heaped = sort->runs;
	for (size_t i = 0; i < sort->runs; i++) {
		sort->run[i] = (struct run){
			.place = place,
			.left = sort->length[i],
			.hash = sort->hash + i * sort->part,
		};
		place += sort->length[i];
		sort->heap[i] = i;
		if (!refill(sort, &sort->run[i]))
			return false;
	}
	for (size_t i = sort->heaped / 2; i-- > 0;)
		sink(sort, i);
	return true;
}

/* Takes the least hash of all runs away. */
static bool pop(struct a2a_leaks_sort *sort, uint64_t *hash)
{
	struct run *run = &sort->run[sort->heap[0]];

	*hash = run->hash[run->next++];
	sort->read++;
	if (run->next == run->count) {
		if (!refill(sort, run))
			return false;
		if (!run->count)
			sort->heap[0] = sort->heap[--sort->heaped];
	}
	sink(sort, 0);
	return true;
}

bool a2a_leaks_sort_read(
	struct a2a_leaks_sort *sort, uint64_t *hash, uint32_t *times, size_t most, size_t *count)
{
	for (*count = 0; *count < most && sort->heaped; ++*count) {
		times[*count] = 0;
		do {
			if (!pop(sort, &hash[*count]))
				return false;
			times[*count] += times[*count] < UINT32_MAX;
		} while (sort->heaped && least(sort, 0) == hash[*count]);
	}
	return true;
}

double a2a_leaks_sort_done(const struct a2a_leaks_sort *sort)
{
	return sort->total ? (double)sort->read / (double)sort->total : 1;
}

/* ---- Opening and closing --------------------------------------------------------------------- */

struct a2a_leaks_sort *a2a_leaks_sort_open(const char *beside, const struct a2a_log *log)
{
	const char *slash = strrchr(beside, '/');
	struct a2a_leaks_sort *sort = calloc(1, sizeof(*sort));

	if (!sort) {
		a2a_fault(log, beside, "out of memory");
		return NULL;
	}
	sort->log = log;
	sort->file = -1;
	sort->path = slash ? strndup(beside, (size_t)(slash - beside) + 1) : strdup(".");
	sort->hash = calloc(RUN, sizeof(*sort->hash));
	sort->scratch = calloc(RUN, sizeof(*sort->scratch));
	sort->length = calloc(MOST_RUNS, sizeof(*sort->length));
	if (!sort->path || !sort->hash || !sort->scratch || !sort->length) {
		a2a_fault(log, beside, "out of memory");
		goto fail;
	}
	sort->file = open(sort->path, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (sort->file >= 0)
		return sort;
	fail(sort, "temporary file");
fail:
	a2a_leaks_sort_close(sort);
	return NULL;
}

void a2a_leaks_sort_close(struct a2a_leaks_sort *sort)
{
	if (!sort)
		return;
	if (sort->file >= 0)
		close(sort->file);
	free(sort->hash);
	free(sort->scratch);
	free(sort->length);
	free(sort->run);
	free(sort->heap);
	free(sort->path);
	free(sort);
}
