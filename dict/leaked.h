/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Passwords that became public, as a set of fingerprints in the lexicon. They are not in the graph,
 * because whole passwords have few parts in common that it could share.
 *
 * A fingerprint is the upper 46 bits of XXH3 (64 bits) of the folded password. The first 14 of them
 * are the number of its bucket; the bucket holds the other 32, sorted. The set is an array of
 * A2A_LEAKED_BUCKETS + 1 numbers, the index of each bucket's first fingerprint and the count of
 * all; then the fingerprints of all buckets. All numbers have 32 bits and are little-endian. With a
 * million passwords, one in 70 million others is mistaken for one of them.
 */
#ifndef A2A_LEAKED_H
#define A2A_LEAKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	A2A_LEAKED_BUCKET_BITS = 14,
	A2A_LEAKED_BUCKETS = 1 << A2A_LEAKED_BUCKET_BITS,
	A2A_LEAKED_SHORTEST = 7, /* bytes of a folded password; shorter ones are left out */
	A2A_LEAKED_MOST = 1 << 24,
};

/* A set in the caller's memory, aligned to 4. All zero is the empty one. */
struct a2a_leaked {
	const uint32_t *bucket; /* little-endian */
	const uint32_t *fingerprint;
	uint32_t count;
};

/* Returns the fingerprint of a folded password, in the upper 46 bits; the lower bits are 0. */
uint64_t a2a_leaked_fingerprint(const char *text, size_t length);

/* Returns the size in the file, in bytes, of a set of `count` fingerprints; 0 for an empty set. */
size_t a2a_leaked_size(uint32_t count);

/* Opens a set of `count` fingerprints in the a2a_leaked_size() bytes at `bytes`. Returns false when
 * its buckets are not in order or do not cover all fingerprints; the set is then empty. */
bool a2a_leaked_open(struct a2a_leaked *leaked, const void *bytes, uint32_t count);

/* Tells whether the fingerprints of each bucket are in order. If they are not, some of them are not
 * found. */
bool a2a_leaked_is_sorted(const struct a2a_leaked *leaked);

/* Writes the set of sorted, different fingerprints to `bytes`, a2a_leaked_size() of them. */
void a2a_leaked_write(void *bytes, const uint64_t *fingerprint, uint32_t count);

/* Tells whether a folded password is in the set. */
bool a2a_leaked_have(const struct a2a_leaked *leaked, const char *text, size_t length);

#endif
