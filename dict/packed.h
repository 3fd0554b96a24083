/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Checks the three files of a dictionary that cracklib-packer or packed_write.h made. cracklib
 * itself reads them without any check.
 */
#ifndef A2A_PACKED_H
#define A2A_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	A2A_PACKED_MAGIC = 0x70775631,
	A2A_PACKED_BLOCK_WORDS = 16, /* NUMWORDS of cracklib's packer.h */
	A2A_PACKED_WORD_ROOM = 32,   /* MAXWORDLEN: of a word, with the NUL */
	A2A_PACKED_LETTERS = 256,
};

/* The bytes of one file. */
struct a2a_bytes {
	const unsigned char *at;
	size_t size;
};

/* The index (.pwi), the words (.pwd) and the table of first letters (.hwm), in the caller's memory.
 */
struct a2a_packed {
	struct a2a_bytes index, data, letters;
};

/* The name of the file of checksums ends so; it lies beside the three. */
#define A2A_PACKED_SUMS ".sums"

/*
 * Tells whether the three files are those whose checksums packed_write.h wrote: a line for each
 * file, as `xxhsum -H2` prints and checks it (XXH128 as 32 hexadecimal digits, two spaces, the
 * name). `sums` need not end with a NUL.
 */
bool a2a_packed_have_sums(const struct a2a_packed *packed, const char *sums, size_t size);

/* Gives the first word of a dictionary that is whole. */
void a2a_packed_first(const struct a2a_packed *packed, char first[static A2A_PACKED_WORD_ROOM]);

/*
 * Reads all of a dictionary, in the format that cracklib-packer 2.9 writes on this machine, whose
 * byte order the files have, and compares every number with the words. cracklib copies words out of
 * these files into small buffers and does not check their length, so it may get only files that
 * pass this check. Returns NULL, or an English clause that says what is wrong. `first` becomes the
 * first word.
 */
const char *a2a_packed_check(
	const struct a2a_packed *packed, char first[static A2A_PACKED_WORD_ROOM]);

#endif
