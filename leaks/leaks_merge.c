/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "leaks_inspect.h"
#include "leaks_writer.h"

/* One of the filters, and where it was read up to. */
struct stream {
	const struct a2a_leaks *leaks;
	uint64_t next_block;
	uint64_t start; /* of the block that was read, in parts */
	size_t next;    /* of its numbers */
	uint64_t number[A2A_LEAKS_MOST_ENTRIES];
	struct a2a_leaks_block block;
	/* The entry that is next, in the parts of the new filter: all from `first` to `last`. */
	uint64_t first, last;
	bool is_ended;
};

/*
 * The parts of the new universe that a part of an old one touches. Both universes are divided by
 * 2^(shift of the new one), by which the old one's parts are counted in steps of the new one's; the
 * old universe is not smaller, and so neither is its shift. No product has more than 63 bits.
 */
static void map(const struct a2a_leaks_format *old, const struct a2a_leaks_format *new,
	uint64_t part, uint64_t *first, uint64_t *last)
{
	const uint64_t divisor = (uint64_t)old->steps << (old->shift - new->shift);
	const uint64_t behind = part + 1, rest = behind % divisor * new->steps;

	*first = part / divisor * new->steps + part % divisor *new->steps / divisor;
	*last = behind / divisor * new->steps + (rest ? (rest - 1) / divisor : 0) - !rest;
}

/* Goes to the next entry of a stream. Returns false when the filter is damaged. */
static bool advance(struct stream *stream, const struct a2a_leaks_format *new)
{
	const struct a2a_leaks_format *old = &stream->leaks->format;
	enum a2a_leaks_answer answer;

	while (stream->next == stream->block.entries) {
		stream->next = 0;
		stream->block.entries = 0;
		if (stream->next_block == a2a_leaks_blocks(old)) {
			stream->is_ended = true;
			return true;
		}
		answer = a2a_leaks_read_block(
			stream->leaks, stream->next_block, &stream->block, NULL);
		if (answer != A2A_LEAKS_PRESENT ||
			!a2a_leaks_block_read(&stream->block, old, stream->number))
			return false;
		stream->start = stream->next_block++ << old->block_bits;
	}
	map(old, new, stream->start + stream->number[stream->next++], &stream->first,
		&stream->last);
	return true;
}

/* The stream whose next entry is the least; NULL when all have ended. */
static struct stream *least(struct stream *const *stream, size_t count)
{
	struct stream *found = NULL;

	for (size_t i = 0; i < count; i++)
		if (!stream[i]->is_ended && (!found || stream[i]->first < found->first))
			found = stream[i];
	return found;
}

/* Writes an entry. The one before it may have ended where this one begins, or behind that. */
static bool write_entry(
	struct a2a_leaks_writer *writer, const struct stream *stream, uint64_t *next)
{
	for (uint64_t part = stream->first; part <= stream->last; part++) {
		if (part >= *next && !a2a_leaks_writer_put(writer, &part, 1))
			return false;
		*next = part >= *next ? part + 1 : *next;
	}
	return true;
}

static bool fail(const struct a2a_leaks_observer *observer)
{
	return a2a_fault(observer->log, NULL,
		"one of the filters is damaged or cannot be read: all2all-leaks verify says which");
}

static bool write_all(struct a2a_leaks_writer *writer, struct stream **stream, size_t count,
	const struct a2a_leaks_format *format, const struct a2a_leaks_observer *observer)
{
	const double universe = (double)a2a_leaks_universe(format);
	uint64_t next = 0;
	struct stream *one;

	for (size_t i = 0; i < count; i++)
		if (!advance(stream[i], format))
			return fail(observer);
	for (uint64_t i = 0; (one = least(stream, count)); i++) {
		if (!write_entry(writer, one, &next))
			return !a2a_leaks_writer_is_crowded(writer)
				       ? false
				       : a2a_fault(observer->log, NULL,
						 "the filters' entries are too uneven for one");
		if (!advance(one, format))
			return fail(observer);
		if (i % 65536 == 0 && observer->progress &&
			!observer->progress(
				observer->context, "entries", i, (double)next / universe))
			return false;
	}
	return true;
}

bool a2a_leaks_merge(const struct a2a_leaks *leaks, size_t count, const char *output,
	struct a2a_leaks_format *format, const struct a2a_leaks_observer *observer)
{
	struct stream *stream[A2A_LEAKS_MOST_MERGED] = {0};
	struct a2a_leaks_writer *writer = NULL;
	uint64_t entries = 0, merged = 0;
	bool ok = true;

	*format = leaks[0].format;
	for (size_t i = 0; i < count; i++) {
		const struct a2a_leaks_format *one = &leaks[i].format;

		if (a2a_leaks_universe(one) < a2a_leaks_universe(format)) {
			format->steps = one->steps;
			format->shift = one->shift;
		}
		if (one->least_count < format->least_count)
			format->least_count = one->least_count;
		entries += one->entries;
		merged += one->merged;
		stream[i] = calloc(1, sizeof(*stream[i]));
		if (!stream[i])
			ok = a2a_fault(observer->log, output, "out of memory");
		else
			stream[i]->leaks = &leaks[i];
	}
	format->entries = format->merged = 0;
	if (ok && !a2a_leaks_format_fit(format, entries ? entries : 1))
		ok = a2a_fault(observer->log, output, "there is no filter of so many entries");
	if (ok)
		writer = a2a_leaks_writer_open(output, format, observer->log);
	ok = writer && write_all(writer, stream, count, format, observer);
	if (ok)
		ok = a2a_leaks_writer_finish(writer, merged, format);
	else
		a2a_leaks_writer_abandon(writer);
	for (size_t i = 0; i < count; i++)
		free(stream[i]);
	return ok;
}
