/* SPDX-License-Identifier: BSD-3-Clause */
/* The input is the sizes of the index and of the words, in 16 bits each, and the bytes of the three
 * files of a cracklib dictionary; the table of letters is the rest. */
#include "fuzz.h"

#include "packed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct a2a_packed packed;
	size_t index, data;

	if (size < 4)
		return 0;
	index = (size_t)bytes[0] | (size_t)bytes[1] << 8;
	data = (size_t)bytes[2] | (size_t)bytes[3] << 8;
	bytes += 4;
	size -= 4;
	index = index < size ? index : size;
	data = data < size - index ? data : size - index;
	packed = (struct a2a_packed){
		.index = {bytes, index},
		.data = {bytes + index, data},
		.letters = {bytes + index + data, size - index - data},
	};
	a2a_packed_check(&packed, (char[A2A_PACKED_WORD_ROOM]){0});
	return 0;
}
