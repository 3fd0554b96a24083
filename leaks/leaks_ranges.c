/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_ranges.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "leaks_block.h"
#include "leaks_bytes.h"

/*
 * In the file, all numbers little-endian:
 *
 *   head      HEAD bytes, of which the last 8 are XXH3 of those before
 *   records   front: FRONT bytes, see below; the ETag; the hashes
 *
 * The hashes of a range are divided into BLOCKS of equal parts of it, each with how many it has (16
 * bits), its size in bytes (16 bits), and then as leaks_block.h says.
 */
static const char MAGIC[8] = {'A', '2', 'A', 'R', 'A', 'N', 'G', 'E'};

enum {
	VERSION = 1,
	HEAD = 64,
	AT_VERSION = 8,
	AT_FIRST = 12,
	AT_END = 16,
	AT_LEAST_COUNT = 20,
	AT_RATE = 24,
	AT_ID = 32,
	AT_BASE = 40,
	AT_HEAD_CHECKSUM = HEAD - 8,
};

/* The front of a record. */
enum {
	FRONT = 64,
	AT_CHECKSUM = 0, /* XXH3 of all that is behind it */
	AT_PREFIX = 8,
	AT_SIZE = 12, /* of the whole record */
	AT_TAKEN = 16,
	AT_KIND = 20, /* 1: unchanged */
	AT_ETAG = 22, /* its length */
	AT_COUNTS = 24,
};

enum {
	RANGE_BITS = 64 - 4 * A2A_LEAKS_PREFIX,
	BLOCK_BITS = RANGE_BITS - 3,
	BLOCKS = 1 << (RANGE_BITS - BLOCK_BITS),
	BLOCK_FRONT = 4,
	MOST_RECORD = FRONT + A2A_LEAKS_MOST_ETAG + BLOCKS * (BLOCK_FRONT + A2A_LEAKS_MOST_BYTES),
	FLUSH = 1 << 16, /* bytes that wait to be written */
	BUFFER = FLUSH + MOST_RECORD,
};

/* Rice's code for 2,000 hashes a range; for a quarter of them or four times as many it takes a
 * tenth more than the best one would. */
static const struct a2a_leaks_format code = {.block_bits = BLOCK_BITS, .low_bits = 33};

struct a2a_leaks_ranges {
	char *path;
	const struct a2a_log *log;
	int file;
	struct a2a_leaks_ranges_head head;
	uint32_t next;
	uint64_t place; /* of the next record; of its bytes, the last ones are in the buffer */
	size_t buffered;
	unsigned char record[MOST_RECORD];
	unsigned char buffer[BUFFER];
};

uint32_t a2a_leaks_range_lines(const struct a2a_leaks_range *range)
{
	uint32_t lines = 0;

	/* Class 0 is padding. */
	for (size_t i = 1; i < A2A_LEAKS_COUNT_CLASSES; i++)
		lines += range->of_count[i];
	return lines;
}

/* ---- A record -------------------------------------------------------------------------------- */

/* Writes the hashes behind `at`. Returns where they end, or NULL when they do not fit. */
static unsigned char *write_hashes(
	unsigned char *at, struct a2a_leaks_block *block, const uint64_t *hash, size_t count)
{
	const uint64_t mask = (UINT64_C(1) << RANGE_BITS) - 1;
	uint64_t number[A2A_LEAKS_MOST_ENTRIES];
	size_t next = 0;

	for (uint64_t i = 0; i < BLOCKS; i++) {
		size_t entries = 0;

		for (; next < count && (hash[next] & mask) >> BLOCK_BITS == i; next++) {
			if (next && hash[next] == hash[next - 1])
				continue;
			if (entries == A2A_LEAKS_MOST_ENTRIES)
				return NULL;
			number[entries++] = (hash[next] & mask) - (i << BLOCK_BITS);
		}
		if (!a2a_leaks_block_write(block, &code, number, entries))
			return NULL;
		put16(at, (uint16_t)entries);
		put16(at + 2, (uint16_t)block->size);
		memcpy(at + BLOCK_FRONT, block->bytes, block->size);
		at += BLOCK_FRONT + block->size;
	}
	return next == count ? at : NULL;
}

bool a2a_leaks_record_make(
	struct a2a_leaks_record *record, const struct a2a_leaks_range *range, const uint64_t *hash)
{
	const size_t etag = strlen(range->etag);
	struct a2a_leaks_block *block = malloc(sizeof(*block));
	unsigned char *bytes = calloc(1, MOST_RECORD), *end = bytes, *less;

	if (!block || !bytes)
		goto fail;
	end = bytes + FRONT + etag;
	memcpy(bytes + FRONT, range->etag, etag);
	if (!range->is_unchanged)
		end = write_hashes(end, block, hash, range->taken);
	if (!end)
		goto fail;
	record->size = (size_t)(end - bytes);
	put32(bytes + AT_PREFIX, range->prefix);
	put32(bytes + AT_SIZE, (uint32_t)record->size);
	put32(bytes + AT_TAKEN, range->taken);
	put16(bytes + AT_KIND, range->is_unchanged);
	put16(bytes + AT_ETAG, (uint16_t)etag);
	for (size_t i = 0; i < A2A_LEAKS_COUNT_CLASSES; i++)
		put32(bytes + AT_COUNTS + 4 * i, range->of_count[i]);
	put64(bytes + AT_CHECKSUM, XXH3_64bits(bytes + AT_PREFIX, record->size - AT_PREFIX));
	/* Hundreds of them wait for their turn. */
	less = realloc(bytes, record->size);
	record->bytes = less ? less : bytes;
	free(block);
	return true;
fail:
	free(block);
	free(bytes);
	return false;
}

/* Reads the front of a record of this range, and the ETag behind it. Returns its size, or 0 when it
 * is damaged. */
static size_t read_front(struct a2a_leaks_range *range, uint32_t prefix,
	const unsigned char bytes[static FRONT + A2A_LEAKS_MOST_ETAG])
{
	const size_t size = get32(bytes + AT_SIZE), etag = get16(bytes + AT_ETAG);

	if (etag > A2A_LEAKS_MOST_ETAG || size < FRONT + etag || size > MOST_RECORD ||
		get32(bytes + AT_PREFIX) != prefix || get16(bytes + AT_KIND) > 1)
		return 0;
	*range = (struct a2a_leaks_range){
		.prefix = prefix,
		.is_unchanged = get16(bytes + AT_KIND),
		.taken = get32(bytes + AT_TAKEN),
	};
	memcpy(range->etag, bytes + FRONT, etag);
	for (size_t i = 0; i < A2A_LEAKS_COUNT_CLASSES; i++)
		range->of_count[i] = get32(bytes + AT_COUNTS + 4 * i);
	return range->taken <= A2A_LEAKS_MOST_IN_RANGE ? size : 0;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static bool fail_to_read(const struct a2a_leaks_ranges *ranges)
{
	return a2a_fault(ranges->log, ranges->path, "cannot be read: %s", strerror(errno));
}

/* Reads bytes at a place, as many as there are. Returns -1, having reported. */
static ssize_t read_at(
	const struct a2a_leaks_ranges *ranges, unsigned char *bytes, size_t size, uint64_t place)
{
	size_t done = 0;

	while (done < size) {
		const ssize_t got =
			pread(ranges->file, bytes + done, size - done, (off_t)(place + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			fail_to_read(ranges);
			return -1;
		}
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/*
 * Reads the front of the next record into ranges->record. `*size` becomes the size of the record,
 * or 0 when there is no whole one. Returns false, having reported, when the file cannot be read.
 */
static bool read_next(struct a2a_leaks_ranges *ranges, struct a2a_leaks_range *range, size_t *size)
{
	const size_t most = FRONT + A2A_LEAKS_MOST_ETAG;
	const ssize_t got = read_at(ranges, ranges->record, most, ranges->place);

	*size = 0;
	if (got < FRONT)
		return got >= 0;
	/* The last record may be shorter than that. */
	memset(ranges->record + got, 0, most - (size_t)got);
	*size = read_front(range, ranges->next, ranges->record);
	return true;
}

/* Reads all of the record of this size. `*is_whole` tells whether its checksum is right. */
static bool read_all(struct a2a_leaks_ranges *ranges, size_t size, bool *is_whole)
{
	const ssize_t got = read_at(ranges, ranges->record, size, ranges->place);

	*is_whole =
		got == (ssize_t)size &&
		get64(ranges->record) == XXH3_64bits(ranges->record + AT_PREFIX, size - AT_PREFIX);
	return got >= 0;
}

static bool damaged(const struct a2a_leaks_ranges *ranges)
{
	return a2a_fault(ranges->log, ranges->path,
		"is damaged or not complete, at range %05X: remove it, and fetch it again",
		ranges->next);
}

bool a2a_leaks_ranges_look(struct a2a_leaks_ranges *ranges, struct a2a_leaks_range *range)
{
	size_t size;

	if (!read_next(ranges, range, &size))
		return false;
	if (!size)
		return damaged(ranges);
	ranges->place += size;
	ranges->next++;
	return true;
}

bool a2a_leaks_ranges_read(struct a2a_leaks_ranges *ranges, struct a2a_leaks_range *range,
	struct a2a_leaks_record *record)
{
	bool is_whole = false;
	size_t size;

	if (!read_next(ranges, range, &size) || (size && !read_all(ranges, size, &is_whole)))
		return false;
	if (!is_whole)
		return damaged(ranges);
	*record = (struct a2a_leaks_record){ranges->record, size};
	ranges->place += size;
	ranges->next++;
	return true;
}

bool a2a_leaks_ranges_hashes(const struct a2a_leaks_ranges *ranges,
	const struct a2a_leaks_range *range, const struct a2a_leaks_record *record, uint64_t *hash)
{
	const unsigned char *at = record->bytes + FRONT + strlen(range->etag);
	const unsigned char *end = record->bytes + record->size;
	uint64_t number[A2A_LEAKS_MOST_ENTRIES], start = (uint64_t)range->prefix << RANGE_BITS;
	struct a2a_leaks_block block;
	size_t count = 0, repeated;

	for (unsigned i = 0; i < BLOCKS; i++, start += UINT64_C(1) << BLOCK_BITS) {
		if (end - at < BLOCK_FRONT)
			goto fail;
		block.entries = get16(at);
		block.size = get16(at + 2);
		at += BLOCK_FRONT;
		if (block.entries > A2A_LEAKS_MOST_ENTRIES || block.size > A2A_LEAKS_MOST_BYTES ||
			(size_t)(end - at) < block.size || count + block.entries > range->taken)
			goto fail;
		memcpy(block.bytes, at, block.size);
		memset(block.bytes + block.size, 0, A2A_LEAKS_BEHIND);
		if (!a2a_leaks_block_read(&block, &code, number))
			goto fail;
		for (size_t j = 0; j < block.entries; j++)
			hash[count++] = start + number[j];
		at += block.size;
	}
	if (at != end || (!count && range->taken))
		goto fail;
	/* Of hashes that were there twice, it is kept how many there were, not which. */
	repeated = range->taken - count;
	memmove(hash + repeated, hash, count * sizeof(*hash));
	for (size_t i = 0; i < repeated; i++)
		hash[i] = hash[repeated];
	return true;
fail:
	return a2a_fault(ranges->log, ranges->path, "is damaged in range %05X", range->prefix);
}

void a2a_leaks_ranges_rewind(struct a2a_leaks_ranges *ranges)
{
	ranges->next = ranges->head.first;
	ranges->place = HEAD;
}

/* ---- The head -------------------------------------------------------------------------------- */

static void write_head(const struct a2a_leaks_ranges_head *head, unsigned char bytes[static HEAD])
{
	uint64_t rate;

	memcpy(&rate, &head->rate, sizeof(rate));
	memset(bytes, 0, HEAD);
	memcpy(bytes, MAGIC, sizeof(MAGIC));
	put32(bytes + AT_VERSION, VERSION);
	put32(bytes + AT_FIRST, head->first);
	put32(bytes + AT_END, head->end);
	put32(bytes + AT_LEAST_COUNT, head->least_count);
	put64(bytes + AT_RATE, rate);
	put64(bytes + AT_ID, head->id);
	put64(bytes + AT_BASE, head->base);
	put64(bytes + AT_HEAD_CHECKSUM, XXH3_64bits(bytes, AT_HEAD_CHECKSUM));
}

static bool read_head(struct a2a_leaks_ranges *ranges)
{
	struct a2a_leaks_ranges_head *head = &ranges->head;
	unsigned char bytes[HEAD];
	const ssize_t got = read_at(ranges, bytes, HEAD, 0);
	uint64_t rate;

	if (got < 0)
		return false;
	if (got < HEAD || memcmp(bytes, MAGIC, sizeof(MAGIC)) != 0 ||
		get32(bytes + AT_VERSION) != VERSION ||
		get64(bytes + AT_HEAD_CHECKSUM) != XXH3_64bits(bytes, AT_HEAD_CHECKSUM))
		return a2a_fault(ranges->log, ranges->path,
			"is no file of ranges of this version of all2all-leaks, or is damaged");
	rate = get64(bytes + AT_RATE);
	*head = (struct a2a_leaks_ranges_head){
		.first = get32(bytes + AT_FIRST),
		.end = get32(bytes + AT_END),
		.least_count = get32(bytes + AT_LEAST_COUNT),
		.id = get64(bytes + AT_ID),
		.base = get64(bytes + AT_BASE),
	};
	memcpy(&head->rate, &rate, sizeof(rate));
	if (head->first >= head->end || head->end > A2A_LEAKS_RANGES)
		return a2a_fault(ranges->log, ranges->path, "is damaged");
	a2a_leaks_ranges_rewind(ranges);
	return true;
}

/* ---- Opening --------------------------------------------------------------------------------- */

static struct a2a_leaks_ranges *allocate(const char *path, const struct a2a_log *log)
{
	struct a2a_leaks_ranges *ranges = calloc(1, sizeof(*ranges));

	if (ranges) {
		ranges->file = -1;
		ranges->log = log;
		ranges->path = strdup(path);
	}
	if (ranges && ranges->path)
		return ranges;
	a2a_fault(log, path, "out of memory");
	free(ranges);
	return NULL;
}

bool a2a_leaks_is_ranges(const char *path)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char magic[sizeof(MAGIC)];
	struct stat status;
	/* Nothing is read of a pipe: its bytes would be gone. */
	const bool is_one = file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
			    pread(file, magic, sizeof(magic), 0) == (ssize_t)sizeof(magic) &&
			    memcmp(magic, MAGIC, sizeof(magic)) == 0;

	if (file >= 0)
		close(file);
	return is_one;
}

struct a2a_leaks_ranges *a2a_leaks_ranges_open(const char *path, const struct a2a_log *log)
{
	struct a2a_leaks_ranges *ranges = allocate(path, log);

	if (!ranges)
		return NULL;
	ranges->file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (ranges->file < 0 ? fail_to_read(ranges) : read_head(ranges))
		return ranges;
	a2a_leaks_ranges_close(ranges);
	return NULL;
}

static bool fail_to_write(const struct a2a_leaks_ranges *ranges)
{
	return a2a_fault(ranges->log, ranges->path, "cannot be written: %s", strerror(errno));
}

static bool write_bytes(struct a2a_leaks_ranges *ranges, const unsigned char *bytes, size_t size)
{
	while (size) {
		const ssize_t written = write(ranges->file, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail_to_write(ranges);
		bytes += written;
		size -= (size_t)written;
	}
	return true;
}

/* Begins a new file in the place of what is there. */
static bool begin(struct a2a_leaks_ranges *ranges, const struct a2a_leaks_ranges_head *head)
{
	unsigned char bytes[HEAD];

	ranges->head = *head;
	if (getrandom(&ranges->head.id, sizeof(ranges->head.id), 0) < 0)
		return a2a_fault(ranges->log, ranges->path, "no random number can be had");
	ranges->head.id |= 1; /* 0 is none */
	write_head(&ranges->head, bytes);
	a2a_leaks_ranges_rewind(ranges);
	if (ftruncate(ranges->file, 0) || lseek(ranges->file, 0, SEEK_SET) < 0)
		return fail_to_write(ranges);
	return write_bytes(ranges, bytes, sizeof(bytes));
}

/* Checks that a file which is there is what is wanted, and reads it up to where it was cut. */
static bool go_on(struct a2a_leaks_ranges *ranges, const struct a2a_leaks_ranges_head *wanted,
	void (*see)(void *context, const struct a2a_leaks_range *range), void *context)
{
	const struct a2a_leaks_ranges_head *head = &ranges->head;
	struct a2a_leaks_range range;
	bool is_whole = true;
	size_t size;

	if (head->first != wanted->first || head->end != wanted->end ||
		head->least_count != wanted->least_count || head->rate != wanted->rate ||
		head->base != wanted->base)
		return a2a_fault(ranges->log, ranges->path,
			"was begun with another command or with other options: go on with these, "
			"or remove it");
	while (ranges->next < head->end) {
		if (!read_next(ranges, &range, &size) ||
			(size && !read_all(ranges, size, &is_whole)))
			return false;
		if (!size || !is_whole)
			break;
		see(context, &range);
		ranges->place += size;
		ranges->next++;
	}
	if (ftruncate(ranges->file, (off_t)ranges->place) ||
		lseek(ranges->file, (off_t)ranges->place, SEEK_SET) < 0)
		return fail_to_write(ranges);
	return true;
}

/* Opens the file, which only this user may have written, and locks it. */
static bool open_to_append(struct a2a_leaks_ranges *ranges, struct stat *status)
{
	ranges->file = open(ranges->path,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0644);
	if (ranges->file < 0 || fstat(ranges->file, status))
		return fail_to_write(ranges);
	if (!S_ISREG(status->st_mode) || status->st_uid != geteuid())
		return a2a_fault(ranges->log, ranges->path,
			"is in the way, and this user has not left it: remove it");
	if (flock(ranges->file, LOCK_EX | LOCK_NB))
		return a2a_fault(ranges->log, ranges->path, "another process is writing it now");
	return true;
}

struct a2a_leaks_ranges *a2a_leaks_ranges_append(const char *path,
	const struct a2a_leaks_ranges_head *head,
	void (*see)(void *context, const struct a2a_leaks_range *range), void *context,
	const struct a2a_log *log)
{
	struct a2a_leaks_ranges *ranges = allocate(path, log);
	struct stat status;
	bool ok;

	if (!ranges)
		return NULL;
	ok = open_to_append(ranges, &status);
	/* A file that was cut in its head has nothing yet. */
	if (ok && status.st_size < HEAD)
		ok = begin(ranges, head);
	else if (ok)
		ok = read_head(ranges) && go_on(ranges, head, see, context);
	if (ok)
		return ranges;
	a2a_leaks_ranges_close(ranges);
	return NULL;
}

const struct a2a_leaks_ranges_head *a2a_leaks_ranges_head(const struct a2a_leaks_ranges *ranges)
{
	return &ranges->head;
}

uint32_t a2a_leaks_ranges_next(const struct a2a_leaks_ranges *ranges)
{
	return ranges->next;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool flush(struct a2a_leaks_ranges *ranges)
{
	const size_t size = ranges->buffered;

	ranges->buffered = 0;
	return write_bytes(ranges, ranges->buffer, size);
}

bool a2a_leaks_ranges_put(struct a2a_leaks_ranges *ranges, const struct a2a_leaks_record *record)
{
	memcpy(ranges->buffer + ranges->buffered, record->bytes, record->size);
	ranges->buffered += record->size;
	ranges->place += record->size;
	ranges->next++;
	return ranges->buffered < FLUSH || flush(ranges);
}

bool a2a_leaks_ranges_sync(struct a2a_leaks_ranges *ranges)
{
	return flush(ranges) && (fdatasync(ranges->file) == 0 || fail_to_write(ranges));
}

void a2a_leaks_ranges_close(struct a2a_leaks_ranges *ranges)
{
	if (!ranges)
		return;
	if (ranges->file >= 0)
		close(ranges->file);
	free(ranges->path);
	free(ranges);
}
