/* SPDX-License-Identifier: BSD-3-Clause */
#include "checksum.h"

#include <stdio.h>

void a2a_checksum_write(XXH128_hash_t hash, char text[static A2A_CHECKSUM_DIGITS + 1])
{
	snprintf(text, A2A_CHECKSUM_DIGITS + 1, "%016llx%016llx", (unsigned long long)hash.high64,
		(unsigned long long)hash.low64);
}
