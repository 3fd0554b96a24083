/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a kind, and then one of three things: a filter, whose header's checksum the target
 * corrects, and which it opens, asks and checks; a block with parameters of its own; or a list,
 * whose lines it reads. No step may lead outside of the bytes or take long. A block that a full
 * read accepts must give the same numbers to a search.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <endian.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "leaks_inspect.h"

static const struct a2a_leaks_observer nobody = {NULL, NULL, NULL};

static void try_filter(const uint8_t *bytes, size_t size)
{
	static int file = -1;
	unsigned char header[A2A_LEAKS_HEADER];
	struct a2a_leaks leaks = {0};
	uint64_t checksum;

	if (size < sizeof(header))
		return;
	if (file < 0)
		file = open(A2A_FUZZ_FOLDER, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	memcpy(header, bytes, sizeof(header));
	checksum = htole64(XXH3_64bits(header, sizeof(header) - sizeof(checksum)));
	memcpy(header + sizeof(header) - sizeof(checksum), &checksum, sizeof(checksum));
	if (file < 0 || ftruncate(file, 0) ||
		pwrite(file, header, sizeof(header), 0) != (ssize_t)sizeof(header) ||
		pwrite(file, bytes + sizeof(header), size - sizeof(header), sizeof(header)) < 0)
		abort();
	/* It has no name to open it by. */
	leaks.descriptor = file;
	if (a2a_leaks_format_read(&leaks.format, header) || leaks.format.size != size)
		return;
	for (uint64_t i = 0; i < 64; i++)
		a2a_leaks_find(&leaks, i << 58 | size, NULL);
	a2a_leaks_find(&leaks, UINT64_MAX, NULL);
	a2a_leaks_verify(&leaks, "", 1, &nobody);
}

static void try_block(const uint8_t *bytes, size_t size)
{
	static struct a2a_leaks_block block;
	static uint64_t number[A2A_LEAKS_MOST_ENTRIES];
	struct a2a_leaks_format format = {0};

	if (size < 4)
		return;
	format.low_bits = bytes[0] % 57;
	format.block_bits =
		format.low_bits + bytes[1] % (55 - (format.low_bits < 54 ? format.low_bits : 54));
	block.entries = (bytes[2] | (unsigned)bytes[3] << 8) % (A2A_LEAKS_MOST_ENTRIES + 1);
	block.size = size - 4 < A2A_LEAKS_MOST_BYTES ? size - 4 : A2A_LEAKS_MOST_BYTES;
	memcpy(block.bytes, bytes + 4, block.size);
	memset(block.bytes + block.size, 0, A2A_LEAKS_BEHIND);
	a2a_leaks_block_find(&block, &format, 0);
	a2a_leaks_block_find(&block, &format, UINT64_MAX);
	if (!a2a_leaks_block_read(&block, &format, number))
		return;
	for (unsigned i = 0; i < block.entries; i++)
		if (a2a_leaks_block_find(&block, &format, number[i]) != A2A_LEAKS_PRESENT ||
			(i && number[i] <= number[i - 1]) ||
			(number[i] + 1 < (i + 1 < block.entries ? number[i + 1] : UINT64_MAX) &&
				a2a_leaks_block_find(&block, &format, number[i] + 1) !=
					A2A_LEAKS_ABSENT))
			abort();
}

static void try_lines(const uint8_t *bytes, size_t size, bool is_of_ranges)
{
	static struct a2a_leaks_batch batch;

	if (!batch.hash && !a2a_leaks_batch_reserve(&batch))
		abort();
	if (size > A2A_LEAKS_TEXT)
		return;
	/* In an allocation of its size and what may be read behind it. */
	free(batch.text.bytes);
	batch.text.bytes = malloc(size + A2A_LEAKS_BEHIND_TEXT);
	if (!batch.text.bytes)
		abort();
	memcpy(batch.text.bytes, bytes, size);
	memset(batch.text.bytes + size, '0', A2A_LEAKS_BEHIND_TEXT);
	batch.text.length = batch.text.part[0].end = size;
	batch.text.parts = size > 0;
	batch.text.is_of_ranges = is_of_ranges;
	a2a_leaks_batch_read_hashes(&batch, 2, true);
	for (size_t i = 1; i < batch.count; i++)
		if (batch.hash[i] < batch.hash[i - 1])
			abort();
	for (size_t start = 0; start < size;)
		a2a_leaks_batch_hash_passwords(&batch, &start);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (!size)
		return 0;
	switch (bytes[0]) {
	case 'b':
		try_block(bytes + 1, size - 1);
		break;
	case 'l':
		try_lines(bytes + 1, size - 1, false);
		break;
	case 'r':
		try_lines(bytes + 1, size - 1, true);
		break;
	default:
		try_filter(bytes + 1, size - 1);
	}
	return 0;
}
