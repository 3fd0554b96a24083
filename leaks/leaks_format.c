/* SPDX-License-Identifier: BSD-3-Clause */
#include "leaks_format.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "leaks_bytes.h"

static const char MAGIC[8] = {'A', '2', 'A', 'L', 'E', 'A', 'K', 'S'};

enum {
	SHA1 = 1, /* the only kind of hash as yet */
	LEAST_STEPS = 128,
	MOST_STEPS = 255,
	LEAST_SHIFT = 23, /* short lists have a better rate than was asked for */
	MOST_SHIFT = 54,
	MOST_LOW_BITS = 56, /* with the 7 bits before it in its byte, 8 bytes hold one */
};

/* Where the numbers of the header stand, after the 8 bytes of the magic. */
enum {
	AT_VERSION = 8,
	AT_HASH = 12,
	AT_LEAST_COUNT = 16,
	AT_STEPS = 20,
	AT_SHIFT = 24,
	AT_BLOCK_BITS = 28,
	AT_LOW_BITS = 32,
	AT_ENTRIES = 40,
	AT_MERGED = 48,
	AT_SIZE = 56,
	AT_SHARDS_CHECKSUM = 64,
	AT_END = 72, /* zeros from here on */
	AT_CHECKSUM = A2A_LEAKS_HEADER - 8,
};

/* ---- The parameters -------------------------------------------------------------------------- */

/*
 * Rice's code of gaps with this mean takes least with 2^low_bits from 0.48 to 0.96 of the mean:
 * with x = 2^low_bits / mean an entry takes low_bits + 1 + 1 / (e^x - 1) bits, which is the same
 * for x and 2x where e^x is the golden ratio.
 */
static unsigned choose_low_bits(double mean)
{
	const double bits = ceil(log2(log((1 + sqrt(5)) / 2) * mean));

	return bits < 0 ? 0 : (unsigned)bits;
}

/* A place in the index costs as much as 0.03 bits an entry with blocks of this size, and one of
 * them can be searched in a microsecond. */
static unsigned choose_block_bits(double mean)
{
	const double most_entries = 3000, most_bits = 8 * 9000;
	const double entries = fmin(most_entries, most_bits / (log2(mean) + 1.5));

	return (unsigned)floor(log2(mean * entries));
}

bool a2a_leaks_format_choose(struct a2a_leaks_format *format, uint64_t entries, double rate)
{
	double wanted;
	int exponent;

	if (entries < 1 || !(rate >= 1e-15 && rate <= 0.1))
		return false;
	wanted = (double)entries / rate;
	frexp(wanted, &exponent); /* 2^(exponent - 1) <= wanted < 2^exponent */
	format->shift = exponent < 8 + LEAST_SHIFT ? LEAST_SHIFT : (unsigned)exponent - 8;
	format->steps = (unsigned)fmax(ceil(ldexp(wanted, -(int)format->shift)), LEAST_STEPS);
	if (format->steps > MOST_STEPS) {
		format->steps = LEAST_STEPS;
		format->shift++;
	}
	return format->shift <= MOST_SHIFT && a2a_leaks_format_fit(format, entries);
}

bool a2a_leaks_format_fit(struct a2a_leaks_format *format, uint64_t entries)
{
	const double mean = ldexp(format->steps, (int)format->shift) / (double)entries;

	format->low_bits = choose_low_bits(mean);
	format->block_bits = choose_block_bits(mean);
	if (format->block_bits > format->shift)
		format->block_bits = format->shift;
	if (format->low_bits > format->block_bits)
		format->low_bits = format->block_bits;
	return format->low_bits <= MOST_LOW_BITS &&
	       a2a_leaks_shards(format) <= A2A_LEAKS_MOST_SHARDS;
}

/* ---- The header ------------------------------------------------------------------------------ */

void a2a_leaks_format_write(
	const struct a2a_leaks_format *format, unsigned char header[static A2A_LEAKS_HEADER])
{
	memset(header, 0, A2A_LEAKS_HEADER);
	memcpy(header, MAGIC, sizeof(MAGIC));
	put32(header + AT_VERSION, A2A_LEAKS_VERSION);
	put32(header + AT_HASH, SHA1);
	put32(header + AT_LEAST_COUNT, format->least_count);
	put32(header + AT_STEPS, format->steps);
	put32(header + AT_SHIFT, format->shift);
	put32(header + AT_BLOCK_BITS, format->block_bits);
	put32(header + AT_LOW_BITS, format->low_bits);
	put64(header + AT_ENTRIES, format->entries);
	put64(header + AT_MERGED, format->merged);
	put64(header + AT_SIZE, format->size);
	put64(header + AT_SHARDS_CHECKSUM, format->shards_checksum);
	put64(header + AT_CHECKSUM, XXH3_64bits(header, AT_CHECKSUM));
}

/* Tells whether the numbers of a format are such that no computation with them overflows. */
static bool is_possible(const struct a2a_leaks_format *format)
{
	return format->steps >= LEAST_STEPS && format->steps <= MOST_STEPS &&
	       format->shift >= LEAST_SHIFT && format->shift <= MOST_SHIFT &&
	       format->block_bits <= format->shift && format->low_bits <= format->block_bits &&
	       format->low_bits <= MOST_LOW_BITS &&
	       a2a_leaks_shards(format) <= A2A_LEAKS_MOST_SHARDS &&
	       format->entries <= a2a_leaks_universe(format) &&
	       format->size >= a2a_leaks_blocks_start(format) &&
	       format->size - a2a_leaks_blocks_start(format) <= A2A_LEAKS_LAST_PLACE;
}

const char *a2a_leaks_format_read(
	struct a2a_leaks_format *format, const unsigned char header[static A2A_LEAKS_HEADER])
{
	static const unsigned char zeros[AT_CHECKSUM - AT_END];

	if (memcmp(header, MAGIC, sizeof(MAGIC)) != 0)
		return "is no filter of leaked passwords";
	if (get64(header + AT_CHECKSUM) != XXH3_64bits(header, AT_CHECKSUM))
		return "is damaged";
	if (get32(header + AT_VERSION) != A2A_LEAKS_VERSION || get32(header + AT_HASH) != SHA1 ||
		memcmp(header + AT_END, zeros, sizeof(zeros)) != 0)
		return "has another version of the format than this program reads";
	*format = (struct a2a_leaks_format){
		.least_count = get32(header + AT_LEAST_COUNT),
		.steps = get32(header + AT_STEPS),
		.shift = get32(header + AT_SHIFT),
		.block_bits = get32(header + AT_BLOCK_BITS),
		.low_bits = get32(header + AT_LOW_BITS),
		.entries = get64(header + AT_ENTRIES),
		.merged = get64(header + AT_MERGED),
		.size = get64(header + AT_SIZE),
		.shards_checksum = get64(header + AT_SHARDS_CHECKSUM),
	};
	return is_possible(format) ? NULL : "is damaged";
}

/* ---- The index ------------------------------------------------------------------------------- */

enum { PLACE_BITS = 36, ENTRIES_BITS = 12 };

void a2a_leaks_place_write(
	unsigned char bytes[static A2A_LEAKS_PLACE], const struct a2a_leaks_place *place)
{
	put64(bytes, place->start | (uint64_t)place->entries << PLACE_BITS |
			     (uint64_t)place->checksum << (PLACE_BITS + ENTRIES_BITS));
	bytes[8] = (unsigned char)(place->checksum >> 16);
}

bool a2a_leaks_place_read(
	struct a2a_leaks_place *place, const unsigned char bytes[static 2 * A2A_LEAKS_PLACE])
{
	const uint64_t mine = get64(bytes), next = get64(bytes + A2A_LEAKS_PLACE);

	place->start = mine & A2A_LEAKS_LAST_PLACE;
	place->end = next & A2A_LEAKS_LAST_PLACE;
	place->entries = mine >> PLACE_BITS & A2A_LEAKS_MOST_ENTRIES;
	place->checksum = (uint32_t)(mine >> (PLACE_BITS + ENTRIES_BITS)) | (uint32_t)bytes[8]
										    << 16;
	return place->start <= place->end && place->end - place->start <= A2A_LEAKS_MOST_BYTES &&
	       (place->entries > 0) == (place->end > place->start);
}
