/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One block of a filter: the entries of a range, in order, as numbers from the range's start. A gap
 * is a number without the one before it, less 1 (of the first: the number itself). First come the
 * lower bits of all gaps; then, for each gap, as many zeros as its upper bits say, and a one; then
 * zeros up to a whole byte. Bits are counted from the lowest of the first byte on. With the two
 * kinds of bits apart, a search adds up some thirty gaps at a time.
 */
#ifndef A2A_LEAKS_BLOCK_H
#define A2A_LEAKS_BLOCK_H

#include "leaks_format.h"

enum {
	/* Bytes behind a block that are read with it, and must be zero. */
	A2A_LEAKS_BEHIND = 16,
};

/* A block, and the zeros behind it. */
struct a2a_leaks_block {
	unsigned char bytes[A2A_LEAKS_MOST_BYTES + A2A_LEAKS_BEHIND];
	size_t size;
	unsigned entries;
};

/* The checksum of the block of this number: the lower 24 bits of XXH3 with a seed of the number and
 * of how many entries it has. A block in the place of another is found out, too. */
uint32_t a2a_leaks_block_checksum(
	const unsigned char *bytes, size_t size, uint64_t number, unsigned entries);

/*
 * Writes a block of rising numbers. Returns false when it would not fit into
 * A2A_LEAKS_MOST_BYTES, or has more than A2A_LEAKS_MOST_ENTRIES.
 */
bool a2a_leaks_block_write(struct a2a_leaks_block *block, const struct a2a_leaks_format *format,
	const uint64_t *number, size_t count);

enum a2a_leaks_answer {
	A2A_LEAKS_ABSENT,
	A2A_LEAKS_PRESENT,
	/* No answer: */
	A2A_LEAKS_DAMAGED,
	A2A_LEAKS_UNREADABLE, /* errno says why */
	A2A_LEAKS_LATE,       /* the bytes did not come in time */
};

/* Searches a block for a number. Reads nothing outside of block->bytes, whatever is in it. */
enum a2a_leaks_answer a2a_leaks_block_find(const struct a2a_leaks_block *block,
	const struct a2a_leaks_format *format, uint64_t wanted);

/*
 * Reads all numbers of a block; there is room for block->entries. Returns false if it is not what
 * a2a_leaks_block_write() writes.
 */
bool a2a_leaks_block_read(const struct a2a_leaks_block *block,
	const struct a2a_leaks_format *format, uint64_t *number);

#endif
