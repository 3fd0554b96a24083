/* SPDX-License-Identifier: BSD-3-Clause */
/* Checksums as text. */
#ifndef A2A_CHECKSUM_H
#define A2A_CHECKSUM_H

#include <xxhash.h>

enum { A2A_CHECKSUM_DIGITS = 32 };

/* Writes an XXH128 as 32 hexadecimal digits and a NUL: its canonical form, as `xxhsum -H2` prints
 * it. */
void a2a_checksum_write(XXH128_hash_t hash, char text[static A2A_CHECKSUM_DIGITS + 1]);

#endif
