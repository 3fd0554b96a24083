/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The file of leaked passwords: a set of hashes, each cut to so many bits that a hash that is not
 * in the set is taken for one of it at a chosen rate.
 *
 * The first 64 bits of a SHA-1 are a number. The file divides their range into `universe` parts of
 * equal size, and keeps the numbers of the parts that hash to a leaked password. So the rate of
 * false positives is entries / universe exactly, and nothing that went in is ever missing.
 *
 * The parts are divided into blocks of 2^block_bits. A block is a list of gaps in Rice's code (R.
 * F. Rice, "Some Practical Universal Noiseless Coding Techniques", JPL 79-22, 1979), which takes
 * 0.03 bits an entry more than any code must. A block stands for itself: it has a checksum, and a
 * look-up reads one block and its place in the index. `steps` blocks, of which each holds the
 * hashes of one range of prefixes, are a shard, which has a checksum of its own.
 *
 * In the file, all numbers little-endian:
 *
 *   header   A2A_LEAKS_HEADER bytes: see leaks_format.c
 *   shards   A2A_LEAKS_SHARD bytes each: XXH3 of its blocks and then of their places; how many
 *            entries; 0
 *   index    A2A_LEAKS_PLACE bytes a block, and one more for the end: where the block begins after
 *            the index (36 bits), how many entries (12), XXH3 of it (24, see leaks_block.h)
 *   blocks
 *
 * The same entries with the same rate give the same file, byte for byte.
 */
#ifndef A2A_LEAKS_FORMAT_H
#define A2A_LEAKS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	A2A_LEAKS_VERSION = 1,
	A2A_LEAKS_HEADER = 128,
	A2A_LEAKS_SHARD = 16,
	A2A_LEAKS_PLACE = 9,
	A2A_LEAKS_MOST_BYTES = 16384,  /* of a block; 9,000 are usual at most */
	A2A_LEAKS_MOST_ENTRIES = 4095, /* of a block; 3,000 are usual at most */
	A2A_LEAKS_MOST_SHARDS = 1 << 20,
};

struct a2a_leaks_format {
	uint32_t least_count; /* how often a password had leaked at least to be taken */
	unsigned steps;       /* 128 to 255; universe = steps * 2^shift */
	unsigned shift;
	unsigned block_bits; /* at most `shift` */
	unsigned low_bits;   /* of each gap, that Rice's code writes as they are */
	uint64_t entries;
	uint64_t size; /* of the file, in bytes */
	/* Hashes that fell into the same part as another one. */
	uint64_t merged;
	uint64_t shards_checksum; /* XXH3 of the table of shards */
};

/* The place of a block in the file. */
struct a2a_leaks_place {
	uint64_t start, end; /* in bytes, after the index */
	unsigned entries;
	uint32_t checksum; /* 24 bits */
};

/*
 * Fills the parameters for about so many entries, at least 1, and a rate of false positives from
 * 1e-15 to 0.1. Returns false when there is no such format.
 */
bool a2a_leaks_format_choose(struct a2a_leaks_format *format, uint64_t entries, double rate);

/* Fills the parameters for about so many entries of a universe that is given. Returns false when
 * there is no such format. */
bool a2a_leaks_format_fit(struct a2a_leaks_format *format, uint64_t entries);

/* Writes the header, with its checksum. */
void a2a_leaks_format_write(
	const struct a2a_leaks_format *format, unsigned char header[static A2A_LEAKS_HEADER]);

/* Reads a header. Returns NULL, or what is wrong with it: "is damaged". A format that was read
 * without fault can be worked with, whatever its numbers are. */
const char *a2a_leaks_format_read(
	struct a2a_leaks_format *format, const unsigned char header[static A2A_LEAKS_HEADER]);

static inline uint64_t a2a_leaks_universe(const struct a2a_leaks_format *format)
{
	return (uint64_t)format->steps << format->shift;
}

static inline uint64_t a2a_leaks_shards(const struct a2a_leaks_format *format)
{
	return UINT64_C(1) << (format->shift - format->block_bits);
}

static inline uint64_t a2a_leaks_blocks(const struct a2a_leaks_format *format)
{
	return a2a_leaks_shards(format) * format->steps;
}

/* Returns where the index begins, in bytes. */
static inline uint64_t a2a_leaks_index_start(const struct a2a_leaks_format *format)
{
	return A2A_LEAKS_HEADER + a2a_leaks_shards(format) * A2A_LEAKS_SHARD;
}

/* Returns where the blocks begin, in bytes. */
static inline uint64_t a2a_leaks_blocks_start(const struct a2a_leaks_format *format)
{
	return a2a_leaks_index_start(format) + (a2a_leaks_blocks(format) + 1) * A2A_LEAKS_PLACE;
}

/* Returns the part of the universe that a hash falls into, from its first 64 bits: the upper half
 * of their product. */
static inline uint64_t a2a_leaks_part(const struct a2a_leaks_format *format, uint64_t hash)
{
	const uint64_t universe = a2a_leaks_universe(format);
	const uint64_t low = UINT32_MAX;
	const uint64_t middle = (hash & low) * (universe & low) >> 32;
	const uint64_t one = (hash >> 32) * (universe & low) + middle;
	const uint64_t other = (hash & low) * (universe >> 32) + (one & low);

	return (hash >> 32) * (universe >> 32) + (one >> 32) + (other >> 32);
}

/* Writes the place of a block. `end` is not written: the next place has it. */
void a2a_leaks_place_write(
	unsigned char bytes[static A2A_LEAKS_PLACE], const struct a2a_leaks_place *place);

/* Reads the place of a block, and of the next one where it ends. Returns false when a block cannot
 * lie so. */
bool a2a_leaks_place_read(
	struct a2a_leaks_place *place, const unsigned char bytes[static 2 * A2A_LEAKS_PLACE]);

/* The greatest place in bytes, after the index, that the file can name. */
#define A2A_LEAKS_LAST_PLACE ((UINT64_C(1) << 36) - 1)

#endif
