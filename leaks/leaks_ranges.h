/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ranges of the service, as they were fetched: a file of records, one for each range, in their
 * order. A record has what the service calls this version of the range (its ETag), how often its
 * passwords had leaked, and the first 64 bits of their hashes, in 35 bits each. A filter of any
 * rate can be built of them, and an update needs to fetch only what has changed.
 *
 * The file is only ever appended to. Each record has a checksum, so one that an interrupted run has
 * left is read up to where it was cut, and goes on from there.
 */
#ifndef A2A_LEAKS_RANGES_H
#define A2A_LEAKS_RANGES_H

#include "leaks_batch.h"

enum {
	A2A_LEAKS_MOST_ETAG = 111, /* bytes; those of the service have about 20 */
	/* Hashes of a range: more than a2a_leaks_batch_read_hashes() finds in its text. */
	A2A_LEAKS_MOST_IN_RANGE = 32768,
};

/* What the head of the file says. */
struct a2a_leaks_ranges_head {
	uint32_t first, end;  /* its ranges: from the first to before the end */
	uint32_t least_count; /* how often a password had leaked at least to be taken */
	double rate;          /* of the filter that it is fetched for */
	uint64_t id;          /* differs for each file */
	uint64_t base;        /* the file whose changes these are; 0: they are whole */
};

/* One range. */
struct a2a_leaks_range {
	uint32_t prefix;
	bool is_unchanged;                  /* among changes: the range is as it was in the base */
	char etag[A2A_LEAKS_MOST_ETAG + 1]; /* empty: there was none */
	uint32_t of_count[A2A_LEAKS_COUNT_CLASSES];
	uint32_t taken; /* hashes that are in the record */
};

/* Returns how many passwords the service has in a range. */
uint32_t a2a_leaks_range_lines(const struct a2a_leaks_range *range);

/* A record, as its bytes. */
struct a2a_leaks_record {
	unsigned char *bytes;
	size_t size;
};

/* Makes a record of range->taken rising hashes of the range. The caller frees the bytes. Returns
 * false when memory is out, or when they lie too close together to be hashes. */
bool a2a_leaks_record_make(
	struct a2a_leaks_record *record, const struct a2a_leaks_range *range, const uint64_t *hash);

struct a2a_leaks_ranges;

/* Tells whether a file begins as one of these. */
bool a2a_leaks_is_ranges(const char *path);

/* Opens a file, to read it. Returns NULL, having reported. */
struct a2a_leaks_ranges *a2a_leaks_ranges_open(const char *path, const struct a2a_log *log);

/*
 * Opens a file to append to it, which is locked; creates it with this head when there is none. Of
 * one that is there, the first and the end, the least count, the rate and the base must be the
 * same; `see` is told all of its whole records, and what is behind them is cut off. Returns NULL,
 * having reported.
 */
struct a2a_leaks_ranges *a2a_leaks_ranges_append(const char *path,
	const struct a2a_leaks_ranges_head *head,
	void (*see)(void *context, const struct a2a_leaks_range *range), void *context,
	const struct a2a_log *log);

const struct a2a_leaks_ranges_head *a2a_leaks_ranges_head(const struct a2a_leaks_ranges *ranges);

/* Returns the prefix of the range that is read or written next; the head's end: there is none. */
uint32_t a2a_leaks_ranges_next(const struct a2a_leaks_ranges *ranges);

/* Reads what the next record says about its range, and goes to the one behind it. Its checksum is
 * not looked at. Returns false, having reported; a file that ends too early is damaged. */
bool a2a_leaks_ranges_look(struct a2a_leaks_ranges *ranges, struct a2a_leaks_range *range);

/* Reads the whole next record, and checks it. Its bytes are good until the next call. Returns
 * false, having reported. */
bool a2a_leaks_ranges_read(struct a2a_leaks_ranges *ranges, struct a2a_leaks_range *range,
	struct a2a_leaks_record *record);

/* Reads the hashes of a record that was read: there is room for A2A_LEAKS_MOST_IN_RANGE. Returns
 * false, having reported. */
bool a2a_leaks_ranges_hashes(const struct a2a_leaks_ranges *ranges,
	const struct a2a_leaks_range *range, const struct a2a_leaks_record *record, uint64_t *hash);

/* Begins reading again. */
void a2a_leaks_ranges_rewind(struct a2a_leaks_ranges *ranges);

/* Appends the record of the next range. Returns false, having reported. */
bool a2a_leaks_ranges_put(struct a2a_leaks_ranges *ranges, const struct a2a_leaks_record *record);

/* Puts everything on the disk. Returns false, having reported. */
bool a2a_leaks_ranges_sync(struct a2a_leaks_ranges *ranges);

/* NULL is allowed. */
void a2a_leaks_ranges_close(struct a2a_leaks_ranges *ranges);

#endif
