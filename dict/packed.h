/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The dictionary that cracklib-packer makes: whether its three files are whole. cracklib reads
 * them; but it trusts them blindly.
 */
#ifndef A2A_PACKED_H
#define A2A_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of one file. */
struct a2a_bytes {
	const unsigned char *at;
	size_t size;
};

/* A dictionary: index (.pwi), words (.pwd) and table of first letters (.hwm), in the caller's
 * memory. */
struct a2a_packed {
	struct a2a_bytes index, data, letters;
};

/*
 * Walks through all of it, in the format that cracklib-packer 2.9 writes on a little-endian
 * machine, and compares every number with what the words say. cracklib itself copies words out of
 * these files into small buffers without looking, so nothing may be handed to it that this has not
 * seen. Returns NULL when all is well, or else an English clause that says what is wrong.
 */
const char *a2a_packed_check(const struct a2a_packed *packed);

#endif
