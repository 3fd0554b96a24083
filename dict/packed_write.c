/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "packed_write.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "packed.h"

static FILE *create(const char *prefix, const char *ending)
{
	char *path = NULL;
	FILE *file;

	if (asprintf(&path, "%s%s", prefix, ending) < 0) {
		errno = ENOMEM;
		return NULL;
	}
	file = fopen(path, "we");
	free(path);
	return file;
}

/* Returns whether everything reached the file. */
static bool finish(FILE *file)
{
	const bool failed = ferror(file);

	return fclose(file) == 0 && !failed;
}

static void put32(FILE *file, uint32_t number, enum a2a_byte_order order)
{
	const uint32_t bytes = order == A2A_BIG_ENDIAN ? htobe32(number) : htole32(number);

	fwrite(&bytes, sizeof(bytes), 1, file);
}

static void put16(FILE *file, uint16_t number, enum a2a_byte_order order)
{
	const uint16_t bytes = order == A2A_BIG_ENDIAN ? htobe16(number) : htole16(number);

	fwrite(&bytes, sizeof(bytes), 1, file);
}

/* Writes a word without what it shares with the word before; NULL: there is none in its block. */
static void put_word(FILE *data, const char *word, const char *before)
{
	size_t shared = 0;

	while (before && word[shared] && word[shared] == before[shared])
		shared++;
	if (before)
		putc((int)shared, data);
	fputs(word + shared, data);
	putc('\0', data);
}

/* Writes the words, and in the index where each block begins. The last block is filled up with
 * empty words; it stands there even if it has no other. */
static void put_words(
	FILE *index, FILE *data, char *const *words, size_t count, enum a2a_byte_order order)
{
	for (size_t i = 0; i < count; i++) {
		const bool starts_block = i % A2A_PACKED_BLOCK_WORDS == 0;

		if (starts_block)
			put32(index, (uint32_t)ftell(data), order);
		put_word(data, words[i], starts_block ? NULL : words[i - 1]);
	}
	if (count % A2A_PACKED_BLOCK_WORDS == 0)
		put32(index, (uint32_t)ftell(data), order);
	for (size_t i = count % A2A_PACKED_BLOCK_WORDS; i < A2A_PACKED_BLOCK_WORDS; i++)
		putc('\0', data);
}

static bool write_words(
	char *const *words, size_t count, const char *prefix, enum a2a_byte_order order)
{
	FILE *index = create(prefix, ".pwi");
	FILE *data = index ? create(prefix, ".pwd") : NULL;
	bool ok = data;

	if (ok) {
		put32(index, A2A_PACKED_MAGIC, order);
		put32(index, (uint32_t)count, order);
		put16(index, A2A_PACKED_BLOCK_WORDS, order);
		put16(index, 0, order);
		put_words(index, data, words, count, order);
	}
	ok = (!data || finish(data)) && ok;
	return (!index || finish(index)) && ok;
}

/* Writes the number of the last word of each first letter. A letter without words repeats the
 * number before it. */
static bool write_letters(
	char *const *words, size_t count, const char *prefix, enum a2a_byte_order order)
{
	uint32_t last[A2A_PACKED_LETTERS] = {0};
	FILE *letters = create(prefix, ".hwm");

	if (!letters)
		return false;
	for (size_t i = 0; i < count; i++)
		last[(unsigned char)words[i][0]] = (uint32_t)i;
	for (size_t i = 0; i < A2A_PACKED_LETTERS; i++) {
		if (i && !last[i])
			last[i] = last[i - 1];
		put32(letters, last[i], order);
	}
	return finish(letters);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Returns false with errno set when the file cannot be read. */
static bool sum(const char *prefix, const char *ending, XXH3_state_t *state, FILE *sums)
{
	char *path = NULL;
	char buffer[1 << 16], digits[A2A_CHECKSUM_DIGITS + 1];
	FILE *file;
	size_t got;
	bool ok;

	if (asprintf(&path, "%s%s", prefix, ending) < 0) {
		errno = ENOMEM;
		return false;
	}
	file = fopen(path, "re");
	free(path);
	if (!file)
		return false;
	XXH3_128bits_reset(state);
	while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		XXH3_128bits_update(state, buffer, got);
	ok = finish(file);
	a2a_checksum_write(XXH3_128bits_digest(state), digits);
	fputs(digits, sums);
	fputs("  ", sums);
	fputs(base_name(prefix), sums);
	fputs(ending, sums);
	putc('\n', sums);
	return ok;
}

/* Sums the small files first: those of two versions differ early. */
static bool write_sums(const char *prefix)
{
	XXH3_state_t *state = XXH3_createState();
	FILE *sums = state ? create(prefix, A2A_PACKED_SUMS) : NULL;
	bool ok = sums && sum(prefix, ".hwm", state, sums) && sum(prefix, ".pwi", state, sums) &&
		  sum(prefix, ".pwd", state, sums);

	ok = (!sums || finish(sums)) && ok;
	XXH3_freeState(state);
	return ok;
}

bool a2a_packed_write(
	char *const *words, size_t count, const char *prefix, enum a2a_byte_order order)
{
	return write_words(words, count, prefix, order) &&
	       write_letters(words, count, prefix, order) && write_sums(prefix);
}
