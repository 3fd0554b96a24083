/* SPDX-License-Identifier: BSD-3-Clause */
#include "leaks_block.h"

#include <endian.h>
#include <string.h>
#include <xxhash.h>

enum { WORD = 64 };

uint32_t a2a_leaks_block_checksum(
	const unsigned char *bytes, size_t size, uint64_t number, unsigned entries)
{
	const uint64_t seed = number << 12 | entries;

	return (uint32_t)XXH3_64bits_withSeed(bytes, size, seed) & 0xffffff;
}

/* ---- Bits ------------------------------------------------------------------------------------ */

static uint64_t load(const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

/* At least 57 bits from this one on; what is above them is not of interest. */
static uint64_t bits_at(const unsigned char *bytes, size_t bit)
{
	return load(bytes + bit / 8) >> bit % 8;
}

/* 64 bits from this one on. */
static uint64_t word_at(const unsigned char *bytes, size_t bit)
{
	const uint64_t upper = bytes[bit / 8 + 8];
	const unsigned gone = bit % 8;

	return bits_at(bytes, bit) | (gone ? upper << (WORD - gone) : 0);
}

static uint64_t mask_of(unsigned bits)
{
	return (UINT64_C(1) << bits) - 1;
}

/* Ors bits into bytes that are zero there. There are at most 57 of them. */
static void put_bits(unsigned char *bytes, size_t bit, uint64_t bits)
{
	const uint64_t word = htole64(load(bytes + bit / 8) | bits << bit % 8);

	memcpy(bytes + bit / 8, &word, sizeof(word));
}

/* ---- Writing --------------------------------------------------------------------------------- */

bool a2a_leaks_block_write(struct a2a_leaks_block *block, const struct a2a_leaks_format *format,
	const uint64_t *number, size_t count)
{
	const unsigned low_bits = format->low_bits;
	const uint64_t mask = mask_of(low_bits), most = 8 * A2A_LEAKS_MOST_BYTES;
	uint64_t last = UINT64_MAX;
	size_t at = 0, end = count * low_bits;

	/* What is left must be room for the ones, before there can be a run of zeros. */
	if (count > A2A_LEAKS_MOST_ENTRIES || end + count > most)
		return false;
	memset(block->bytes, 0, sizeof(block->bytes));
	for (size_t i = 0; i < count; i++) {
		const uint64_t gap = number[i] - last - 1, zeros = gap >> low_bits;

		if (zeros >= most - end)
			return false;
		put_bits(block->bytes, at, gap & mask);
		at += low_bits;
		end += (size_t)zeros;
		block->bytes[end / 8] |= (unsigned char)(1 << end % 8);
		end++;
		last = number[i];
	}
	block->size = (end + 7) / 8;
	block->entries = (unsigned)count;
	return true;
}

/* ---- Searching ------------------------------------------------------------------------------- */

/* The sum of the lower bits of some gaps, which begin at this bit. The most usual number of them
 * has a loop of its own, which compilers turn into vector instructions. */
static uint64_t sum_lows(const unsigned char *bytes, size_t bit, unsigned low_bits, unsigned count)
{
	const uint64_t mask = mask_of(low_bits);
	uint64_t sum = 0;

	if (low_bits == 16) {
		for (unsigned i = 0; i < count; i++) {
			uint16_t low;

			memcpy(&low, bytes + bit / 8 + 2 * i, sizeof(low));
			sum += le16toh(low);
		}
		return sum;
	}
	for (unsigned i = 0; i < count; i++)
		sum += bits_at(bytes, bit + (size_t)i * low_bits) & mask;
	return sum;
}

/* Where a search stands: behind so many gaps, whose last number is `last`. */
struct place {
	size_t low, high; /* the next bit of both kinds */
	uint64_t last;
};

/* Searches the gaps of one word, one by one. */
static enum a2a_leaks_answer find_in_word(const struct a2a_leaks_block *block, unsigned low_bits,
	struct place place, uint64_t word, uint64_t wanted)
{
	while (word) {
		const unsigned zeros = (unsigned)__builtin_ctzll(word);

		place.last += ((uint64_t)zeros << low_bits) + 1 +
			      (bits_at(block->bytes, place.low) & mask_of(low_bits));
		if (place.last >= wanted)
			return place.last == wanted ? A2A_LEAKS_PRESENT : A2A_LEAKS_ABSENT;
		place.low += low_bits;
		word = word >> zeros >> 1;
	}
	return A2A_LEAKS_DAMAGED;
}

enum a2a_leaks_answer a2a_leaks_block_find(
	const struct a2a_leaks_block *block, const struct a2a_leaks_format *format, uint64_t wanted)
{
	const unsigned low_bits = format->low_bits;
	struct place place = {.high = (size_t)block->entries * low_bits, .last = UINT64_MAX};
	unsigned left = block->entries;

	while (left && place.high < 8 * block->size) {
		const uint64_t word = word_at(block->bytes, place.high);
		const unsigned ones = (unsigned)__builtin_popcountll(word);
		uint64_t zeros, last;

		if (ones > left)
			return A2A_LEAKS_DAMAGED;
		if (ones) {
			/* Zeros behind the last one belong to the next word's first gap. */
			zeros = (uint64_t)(WORD - __builtin_clzll(word)) - ones;
			last = place.last + ones + (zeros << low_bits) +
			       sum_lows(block->bytes, place.low, low_bits, ones);
			if (last >= wanted)
				return find_in_word(block, low_bits, place, word, wanted);
		}
		place.last += ones + ((uint64_t)(WORD - ones) << low_bits) +
			      sum_lows(block->bytes, place.low, low_bits, ones);
		place.low += (size_t)ones * low_bits;
		place.high += WORD;
		left -= ones;
	}
	return left ? A2A_LEAKS_DAMAGED : A2A_LEAKS_ABSENT;
}

bool a2a_leaks_block_read(const struct a2a_leaks_block *block,
	const struct a2a_leaks_format *format, uint64_t *number)
{
	const unsigned low_bits = format->low_bits;
	const uint64_t mask = mask_of(low_bits);
	size_t low = 0, high = (size_t)block->entries * low_bits, end = 8 * block->size;
	uint64_t last = UINT64_MAX;

	for (unsigned i = 0; i < block->entries; i++) {
		uint64_t zeros = 0, word;

		if (high >= end)
			return false;
		while (!(word = word_at(block->bytes, high))) {
			zeros += WORD;
			high += WORD;
			if (high >= end)
				return false;
		}
		zeros += (unsigned)__builtin_ctzll(word);
		high += (unsigned)__builtin_ctzll(word) + 1;
		if (high > end || zeros >> (format->block_bits - low_bits))
			return false;
		last += (zeros << low_bits) + 1 + (bits_at(block->bytes, low) & mask);
		if (last >> format->block_bits)
			return false;
		low += low_bits;
		number[i] = last;
	}
	return end - high < 8 && !(word_at(block->bytes, high) & mask_of((unsigned)(end - high)));
}
