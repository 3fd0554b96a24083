/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Passwords that became public, as a set of fingerprints in the lexicon: whole passwords have
 * nothing in common that a graph of words could share.
 *
 * A fingerprint is the upper 46 bits of XXH3 (64 bits) of the folded password: the first 14 of them
 * say in which bucket it is, the bucket holds the others, sorted. Of the places of a bucket's first
 * fingerprint there are A2A_LEAKED_BUCKETS and one more; then all fingerprints. All numbers have 32
 * bits and are little-endian. Somebody else's password is taken for one of a million of them once
 * in 70 million times.
 */
#ifndef A2A_LEAKED_H
#define A2A_LEAKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	A2A_LEAKED_BUCKET_BITS = 14,
	A2A_LEAKED_BUCKETS = 1 << A2A_LEAKED_BUCKET_BITS,
	A2A_LEAKED_SHORTEST = 7, /* bytes of a folded password; shorter ones are not kept */
	A2A_LEAKED_MOST = 1 << 24,
};

/* A set in the caller's memory, aligned to 4. All zero is the empty one. */
struct a2a_leaked {
	const uint32_t *bucket; /* little-endian */
	const uint32_t *fingerprint;
	uint32_t count;
};

/* The fingerprint of a folded password, in the upper bits; the lower ones are 0. */
uint64_t a2a_leaked_fingerprint(const char *text, size_t length);

/* Bytes that a set of so many takes in the file: 0 for none. */
size_t a2a_leaked_size(uint32_t count);

/* Opens a set of `count` at `bytes`, a2a_leaked_size() of them. False when its places are not in
 * order, or not of all; the set is then empty. */
bool a2a_leaked_open(struct a2a_leaked *leaked, const void *bytes, uint32_t count);

/* Whether the fingerprints of each bucket are in order, so that all of them are found. */
bool a2a_leaked_is_sorted(const struct a2a_leaked *leaked);

/* Writes the set of sorted, different fingerprints to `bytes`, a2a_leaked_size() of them. */
void a2a_leaked_write(void *bytes, const uint64_t *fingerprint, uint32_t count);

/* Whether a folded password is in the set. */
bool a2a_leaked_have(const struct a2a_leaked *leaked, const char *text, size_t length);

#endif
