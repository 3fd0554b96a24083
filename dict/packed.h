/* SPDX-License-Identifier: BSD-3-Clause */
/* cracklib's packed dictionary: whether the three files of one are whole. */
#ifndef A2A_PACKED_H
#define A2A_PACKED_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of one file. */
struct a2a_bytes {
	const unsigned char *at;
	size_t size;
};

/*
 * Walks through the index (.pwi), data (.pwd) and first-letter table (.hwm) of a dictionary as
 * cracklib-packer 2.9 writes them on a little-endian machine, and compares every number in them
 * with what the words say. cracklib itself copies words out of these files into small buffers
 * without looking, so nothing may be handed to it that this has not seen.
 *
 * Returns NULL when all is well, or else an English clause that says what is wrong.
 */
const char *a2a_packed_check(struct a2a_bytes index, struct a2a_bytes data,
	struct a2a_bytes letters);

#endif
