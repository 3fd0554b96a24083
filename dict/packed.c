/* SPDX-License-Identifier: BSD-3-Clause */
#include "packed.h"

#include <string.h>

#include "checksum.h"

enum {
	MAGIC = A2A_PACKED_MAGIC,
	HEADER = 12, /* magic, words, words in a block, padding */
	BLOCK_WORDS = A2A_PACKED_BLOCK_WORDS,
	WORD_ROOM = A2A_PACKED_WORD_ROOM,
	LETTERS = A2A_PACKED_LETTERS,
};

/* cracklib writes and reads its numbers as they are in memory. */
static uint32_t read32(const unsigned char *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

static uint16_t read16(const unsigned char *at)
{
	uint16_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

/* A position in the data, and the word last read. */
struct reader {
	struct a2a_bytes data;
	size_t at;
	char word[WORD_ROOM];
	bool damaged;
};

/*
 * Reads the next word: the length of the prefix that it shares with the word before, the rest, and
 * a NUL. The first word of a block has no such length.
 */
static void read_word(struct reader *reader, bool first)
{
	size_t length = 0;

	reader->damaged = true;
	if (!first) {
		if (reader->at >= reader->data.size)
			return;
		length = reader->data.at[reader->at++];
		if (length > strlen(reader->word))
			return;
	}
	for (;;) {
		if (reader->at >= reader->data.size || length >= WORD_ROOM)
			return;
		reader->word[length] = (char)reader->data.at[reader->at++];
		if (!reader->word[length++])
			break;
	}
	reader->damaged = length == 1;
}

/* Tells whether the unused words of the last block are NULs, and nothing follows them. */
static bool ends_cleanly(struct reader *reader, uint32_t used)
{
	for (uint32_t i = used; i < BLOCK_WORDS; i++) {
		if (reader->at >= reader->data.size || reader->data.at[reader->at] != 0)
			return false;
		reader->at++;
	}
	return reader->at == reader->data.size;
}

/* Tells whether the table of letters is right: it has the number of the last word of each letter,
 * and a letter without words repeats the number before it. */
static bool letters_agree(struct a2a_bytes letters, uint32_t last[static LETTERS])
{
	for (size_t i = 1; i < LETTERS; i++)
		if (!last[i])
			last[i] = last[i - 1];
	for (size_t i = 0; i < LETTERS; i++)
		if (read32(letters.at + 4 * i) != last[i])
			return false;
	return true;
}

/* Returns where the words of a block begin in the data, according to the index. */
static uint32_t block_at(const struct a2a_packed *packed, uint32_t block)
{
	return read32(packed->index.at + HEADER + (size_t)block * 4);
}

const char *a2a_packed_check(
	const struct a2a_packed *packed, char first[static A2A_PACKED_WORD_ROOM])
{
	const struct a2a_bytes index = packed->index;
	struct reader reader = {.data = packed->data};
	uint32_t last[LETTERS] = {0};
	char before[WORD_ROOM] = "";
	uint32_t words, blocks;

	first[0] = '\0';
	if (index.size >= HEADER && read32(index.at) == __builtin_bswap32(MAGIC))
		return "it was packed for machines of the other byte order";
	if (index.size < HEADER || read32(index.at) != MAGIC)
		return "the index (.pwi) is not of a cracklib dictionary";
	words = read32(index.at + 4);
	if (words == 0 || read16(index.at + 8) != BLOCK_WORDS)
		return "the index (.pwi) has no words or another block size";
	/* The packer ends with a block of the remaining words, even if there are none. */
	blocks = words / BLOCK_WORDS + 1;
	if (index.size != HEADER + 4 * (size_t)blocks)
		return "the index (.pwi) is cut short or too long";
	if (packed->letters.size != 4 * (size_t)LETTERS)
		return "the table of first letters (.hwm) is cut short or too long";

	for (uint32_t i = 0; i < words; i++) {
		bool starts_block = i % BLOCK_WORDS == 0;

		if (starts_block && block_at(packed, i / BLOCK_WORDS) != reader.at)
			return "index (.pwi) and words (.pwd) do not belong together";
		read_word(&reader, starts_block);
		if (reader.damaged || strcmp(before, reader.word) > 0)
			return "the words (.pwd) are cut short or damaged";
		memcpy(before, reader.word, sizeof(before));
		if (i == 0)
			memcpy(first, reader.word, sizeof(before));
		last[(unsigned char)reader.word[0]] = i;
	}
	if (words % BLOCK_WORDS == 0 && block_at(packed, words / BLOCK_WORDS) != reader.at)
		return "index (.pwi) and words (.pwd) do not belong together";
	if (!ends_cleanly(&reader, words % BLOCK_WORDS))
		return "the words (.pwd) are cut short or damaged";
	if (!letters_agree(packed->letters, last))
		return "the table of first letters (.hwm) does not belong to the words";
	return NULL;
}

void a2a_packed_first(const struct a2a_packed *packed, char first[static A2A_PACKED_WORD_ROOM])
{
	struct reader reader = {.data = packed->data};

	read_word(&reader, true);
	memcpy(first, reader.damaged ? "" : reader.word, reader.damaged ? 1 : sizeof(reader.word));
}

/* Compares with the checksum at the beginning of a line. */
static bool has_sum(struct a2a_bytes bytes, const char *line, size_t length)
{
	char digits[A2A_CHECKSUM_DIGITS + 1];

	a2a_checksum_write(XXH3_128bits(bytes.at, bytes.size), digits);
	return length > A2A_CHECKSUM_DIGITS && memcmp(line, digits, A2A_CHECKSUM_DIGITS) == 0 &&
	       line[A2A_CHECKSUM_DIGITS] == ' ';
}

bool a2a_packed_have_sums(const struct a2a_packed *packed, const char *sums, size_t size)
{
	const struct a2a_bytes files[] = {packed->letters, packed->index, packed->data};
	const char *const end = sums + size;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *newline = size ? memchr(sums, '\n', (size_t)(end - sums)) : NULL;

		if (!newline || !has_sum(files[i], sums, (size_t)(newline - sums)))
			return false;
		sums = newline + 1;
	}
	return true;
}
