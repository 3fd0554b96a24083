/* SPDX-License-Identifier: BSD-3-Clause */
#include "leaked.h"

#include <endian.h>
#include <string.h>
#include <xxhash.h>

enum { BUCKET_SHIFT = 64 - A2A_LEAKED_BUCKET_BITS, REST_SHIFT = BUCKET_SHIFT - 32 };

static uint32_t bucket_of(uint64_t fingerprint)
{
	return (uint32_t)(fingerprint >> BUCKET_SHIFT);
}

static uint32_t rest_of(uint64_t fingerprint)
{
	return (uint32_t)(fingerprint >> REST_SHIFT);
}

uint64_t a2a_leaked_fingerprint(const char *text, size_t length)
{
	return XXH3_64bits(text, length) >> REST_SHIFT << REST_SHIFT;
}

size_t a2a_leaked_size(uint32_t count)
{
	return count ? (A2A_LEAKED_BUCKETS + 1 + (size_t)count) * sizeof(uint32_t) : 0;
}

bool a2a_leaked_open(struct a2a_leaked *leaked, const void *bytes, uint32_t count)
{
	const uint32_t *bucket = bytes;
	uint32_t place = 0;

	*leaked = (struct a2a_leaked){0};
	if (!count)
		return true;
	if (bucket[0])
		return false;
	for (uint32_t i = 1; i <= A2A_LEAKED_BUCKETS; i++) {
		if (le32toh(bucket[i]) < place || le32toh(bucket[i]) > count)
			return false;
		place = le32toh(bucket[i]);
	}
	if (place != count)
		return false;
	*leaked = (struct a2a_leaked){bucket, bucket + A2A_LEAKED_BUCKETS + 1, count};
	return true;
}

bool a2a_leaked_is_sorted(const struct a2a_leaked *leaked)
{
	for (uint32_t i = 0; leaked->count && i < A2A_LEAKED_BUCKETS; i++)
		for (uint32_t place = le32toh(leaked->bucket[i]) + 1;
			place < le32toh(leaked->bucket[i + 1]); place++)
			if (le32toh(leaked->fingerprint[place - 1]) >=
				le32toh(leaked->fingerprint[place]))
				return false;
	return true;
}

void a2a_leaked_write(void *bytes, const uint64_t *fingerprint, uint32_t count)
{
	uint32_t *bucket = bytes, *rest = bucket + A2A_LEAKED_BUCKETS + 1;
	uint32_t place = 0;

	for (uint32_t i = 0; count && i <= A2A_LEAKED_BUCKETS; i++) {
		while (place < count && bucket_of(fingerprint[place]) < i)
			place++;
		bucket[i] = htole32(place);
	}
	for (uint32_t i = 0; i < count; i++)
		rest[i] = htole32(rest_of(fingerprint[i]));
}

bool a2a_leaked_have(const struct a2a_leaked *leaked, const char *text, size_t length)
{
	uint64_t fingerprint;
	uint32_t low, count, rest;

	if (!leaked->count || length < A2A_LEAKED_SHORTEST)
		return false;
	fingerprint = a2a_leaked_fingerprint(text, length);
	rest = rest_of(fingerprint);
	low = le32toh(leaked->bucket[bucket_of(fingerprint)]);
	count = le32toh(leaked->bucket[bucket_of(fingerprint) + 1]) - low;
	if (!count)
		return false;
	/* Finds the last fingerprint that is not greater, or the first one if all are greater. The
	 * loop has no branch inside, because the processor could not predict one. */
	while (count > 1) {
		uint32_t half = count / 2;

		low += (le32toh(leaked->fingerprint[low + half]) <= rest) * half;
		count -= half;
	}
	return le32toh(leaked->fingerprint[low]) == rest;
}
