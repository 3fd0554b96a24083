/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes a dictionary for cracklib. packed.h checks it. */
#ifndef A2A_PACKED_WRITE_H
#define A2A_PACKED_WRITE_H

#include <stdbool.h>
#include <stddef.h>

enum a2a_byte_order {
	A2A_LITTLE_ENDIAN,
	A2A_BIG_ENDIAN,
};

/*
 * Writes PREFIX.pwi, PREFIX.pwd, PREFIX.hwm and their checksums, PREFIX.sums. The three are byte
 * for byte as cracklib-packer 2.9 would write them on a machine of that byte order. cracklib's
 * numbers are in the byte order of its machine, so a machine of the other order cannot read them.
 * The words must be sorted as by strcmp(3), differ, and have 1 to 31 bytes. Returns false with
 * errno set when a file could not be written.
 */
bool a2a_packed_write(
	char *const *words, size_t count, const char *prefix, enum a2a_byte_order order);

#endif
