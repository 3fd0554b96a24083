/* SPDX-License-Identifier: BSD-3-Clause */
#include "lexicon.h"

#include <stdalign.h>
#include <string.h>
#ifdef A2A_XXHASH_DISPATCHES
#include <immintrin.h>
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

static bool sizes_agree(const struct a2a_lexicon_header *header, size_t size)
{
	/* The summands have 32 bits, so this cannot overflow. */
	uint64_t sum = sizeof(*header);

	sum += (uint64_t)header->class_count * sizeof(struct a2a_class);
	sum += (uint64_t)header->unit_count * sizeof(uint32_t);
	if (header->leaked_count > A2A_LEAKED_MOST || header->scale > A2A_MOST_SCALE ||
		header->spare)
		return false;
	sum += a2a_leaked_size(header->leaked_count);
	sum += (uint64_t)header->model_size + header->input_size;
	return sum == size && header->file_size == size && header->class_count > 0 &&
	       header->unit_count > 1 &&
	       header->unit_count <= (uint32_t)A2A_TARGETS << header->scale && header->root > 0 &&
	       header->root < header->unit_count &&
	       (header->model_size == 0 || header->model_size == A2A_MODEL_SIZE);
}

/* Callers use the kind of a word as an index. There are few classes, so this check costs little. */
static bool classes_are_known(const struct a2a_lexicon *lexicon)
{
	for (uint32_t i = 0; i < lexicon->class_count; i++)
		if (lexicon->classes[i].kind >= A2A_KINDS ||
			lexicon->classes[i].languages & ~(A2A_ALL_LANGUAGES | A2A_PLACE_BIT))
			return false;
	return true;
}

/* Puts each edge of a node into the place of its code. */
static void list_edges(
	const struct a2a_lexicon *lexicon, uint32_t node, uint32_t edges[static A2A_CODES])
{
	bool has_bitmap;
	uint32_t place = node, most;

	if (node == 0 || node >= lexicon->unit_count)
		return;
	has_bitmap = !(a2a_lexicon_unit(lexicon, node) & (A2A_EDGE_CODE | A2A_EDGE_LAST));
	place += has_bitmap ? A2A_BITMAP_UNITS : 0;
	most = has_bitmap ? A2A_MOST_EDGES : A2A_FEW_EDGES;
	for (uint32_t i = 0; i < most && place + i < lexicon->unit_count; i++) {
		uint32_t edge = a2a_lexicon_unit(lexicon, place + i);

		/* A node without edges has one unit, with code 0. */
		if (edge & A2A_EDGE_CODE)
			edges[edge & A2A_EDGE_CODE] = edge;
		if (edge & A2A_EDGE_LAST)
			return;
	}
}

void a2a_lexicon_fill_pairs(struct a2a_lexicon *lexicon)
{
	uint32_t first[A2A_CODES] = {0};

	list_edges(lexicon, lexicon->root, first);
	for (uint8_t code = 1; code < A2A_CODES; code++)
		list_edges(lexicon, a2a_edge_target(lexicon, first[code]), lexicon->pair[code]);
}

#ifdef A2A_XXHASH_DISPATCHES
/*
 * libxxhash (Debian's 0.8.1) returns without clearing the upper halves of the vector registers.
 * Until they are cleared, processors pay for each change between SSE and AVX instructions: log2()
 * takes 36 times as long, here and in whatever program this is a part of.
 */
__attribute__((target("avx"))) static void free_vector_registers(void)
{
	_mm256_zeroupper();
}

static uint64_t sum(const void *bytes, size_t size)
{
	const uint64_t hash = XXH3_64bits(bytes, size);

	if (__builtin_cpu_supports("avx"))
		free_vector_registers();
	return hash;
}
#else
static uint64_t sum(const void *bytes, size_t size)
{
	return XXH3_64bits(bytes, size);
}
#endif

/* `is_summed` says that the checksum was verified before. */
static const char *open_words(
	struct a2a_lexicon *lexicon, const void *bytes, size_t size, bool is_summed)
{
	struct a2a_lexicon_header header = {0};
	const unsigned char *at = bytes;
	const size_t summed =
		offsetof(struct a2a_lexicon_header, checksum) + sizeof(header.checksum);
	struct a2a_lexicon opened = {0};

	*lexicon = opened;
	if ((uintptr_t)bytes % alignof(struct a2a_lexicon_header))
		return "is not aligned in memory";
	if (size)
		memcpy(&header, bytes, size < sizeof(header) ? size : sizeof(header));
	a2a_lexicon_turn_header(&header);
	if (header.magic != A2A_LEXICON_MAGIC)
		return "is no lexicon";
	if (size < sizeof(header))
		return "is cut short";
	if (header.version < A2A_LEXICON_VERSION)
		return "has an older format, which this program does not read: compile it again";
	if (header.version > A2A_LEXICON_VERSION)
		return "has a newer format than this program reads";
	if (!sizes_agree(&header, size))
		return "is cut short or damaged";
	if (!is_summed && sum(at + summed, size - summed) != header.checksum)
		return "is damaged: its checksum is wrong";
	opened.class_count = header.class_count;
	opened.unit_count = header.unit_count;
	opened.input_size = header.input_size;
	opened.word_count = header.word_count;
	opened.root = header.root;
	opened.scale = header.scale;
	at += sizeof(header);
	opened.classes = (const void *)at;
	at += header.class_count * sizeof(struct a2a_class);
	opened.graph = (const void *)at;
	at += header.unit_count * sizeof(uint32_t);
	if (!a2a_leaked_open(&opened.leaked, at, header.leaked_count))
		return "is damaged: its leaked passwords are out of order";
	at += a2a_leaked_size(header.leaked_count);
	opened.model = header.model_size ? at : NULL;
	at += header.model_size;
	opened.inputs = (const char *)at;
	if (!classes_are_known(&opened))
		return "is damaged: it has words of no known kind";
	*lexicon = opened;
	a2a_lexicon_fill_pairs(lexicon);
	return NULL;
}

bool a2a_lexicon_is_of_another_version(const void *bytes, size_t size)
{
	const size_t summed = offsetof(struct a2a_lexicon_header, checksum) + sizeof(uint64_t);
	struct a2a_lexicon_header header = {0};

	if (size <= summed)
		return false;
	memcpy(&header, bytes, summed);
	a2a_lexicon_turn_header(&header);
	return header.magic == A2A_LEXICON_MAGIC && header.version != A2A_LEXICON_VERSION &&
	       header.version > 0 && header.version <= A2A_MOST_LEXICON_VERSION &&
	       sum((const unsigned char *)bytes + summed, size - summed) == header.checksum;
}

static const char *open_whole(
	struct a2a_lexicon *lexicon, const void *bytes, size_t size, bool is_summed)
{
	const char *wrong = open_words(lexicon, bytes, size, is_summed);

	if (wrong || lexicon->model)
		return wrong;
	*lexicon = (struct a2a_lexicon){0};
	return "is a list of words alone, without the model that a whole lexicon has";
}

const char *a2a_lexicon_open(struct a2a_lexicon *lexicon, const void *bytes, size_t size)
{
	return open_whole(lexicon, bytes, size, false);
}

const char *a2a_lexicon_open_words(struct a2a_lexicon *lexicon, const void *bytes, size_t size)
{
	return open_words(lexicon, bytes, size, false);
}

const char *a2a_lexicon_open_again(struct a2a_lexicon *lexicon, const void *bytes, size_t size)
{
	return open_whole(lexicon, bytes, size, true);
}

const char *a2a_lexicon_open_words_again(
	struct a2a_lexicon *lexicon, const void *bytes, size_t size)
{
	return open_words(lexicon, bytes, size, true);
}
