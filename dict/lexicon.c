/* SPDX-License-Identifier: BSD-3-Clause */
#include "lexicon.h"

#include <stdalign.h>
#include <xxhash.h>

enum { MAGIC_OF_THE_OTHER_BYTE_ORDER = 0x3241324c };

_Static_assert(
	sizeof(struct a2a_lexicon_header) % alignof(uint64_t) == 0, "what follows is aligned");
_Static_assert(sizeof(struct a2a_class) == 4, "the graph behind the classes is aligned");

static bool sizes_agree(const struct a2a_lexicon_header *header, size_t size)
{
	/* Of numbers of 32 bits: it cannot overflow. */
	uint64_t sum = sizeof(*header);

	sum += (uint64_t)header->class_count * sizeof(struct a2a_class);
	sum += (uint64_t)header->unit_count * sizeof(uint32_t);
	if (header->leaked_count > A2A_LEAKED_MOST)
		return false;
	sum += a2a_leaked_size(header->leaked_count);
	sum += (uint64_t)header->model_size + header->input_size;
	return sum == size && header->file_size == size && header->class_count > 0 &&
	       header->class_count < A2A_CLASS_EDGES && header->unit_count > 1 &&
	       header->unit_count <= A2A_MOST_UNITS && header->root > 0 &&
	       header->root < header->unit_count &&
	       (header->model_size == 0 || header->model_size == A2A_MODEL_SIZE);
}

/* There are few of them. Whoever finds a word may use its kind as an index. */
static bool classes_are_known(const struct a2a_lexicon *lexicon)
{
	for (uint32_t i = 0; i < lexicon->class_count; i++)
		if (lexicon->classes[i].kind >= A2A_KINDS ||
			lexicon->classes[i].languages > A2A_ALL_LANGUAGES)
			return false;
	return true;
}

const char *a2a_lexicon_open_words(struct a2a_lexicon *lexicon, const void *bytes, size_t size)
{
	const struct a2a_lexicon_header *header = bytes;
	const unsigned char *at = bytes;
	const size_t summed =
		offsetof(struct a2a_lexicon_header, checksum) + sizeof(header->checksum);
	struct a2a_lexicon opened;

	*lexicon = (struct a2a_lexicon){0};
	if ((uintptr_t)bytes % alignof(struct a2a_lexicon_header))
		return "is not aligned in memory";
	if (size < sizeof(header->magic))
		return "is no lexicon";
	if (header->magic == MAGIC_OF_THE_OTHER_BYTE_ORDER)
		return "was compiled on a machine of the other byte order";
	if (header->magic != A2A_LEXICON_MAGIC)
		return "is no lexicon";
	if (size < sizeof(*header))
		return "is cut short";
	if (header->version != A2A_LEXICON_VERSION)
		return "is a lexicon of another version";
	if (!sizes_agree(header, size))
		return "is cut short or damaged";
	if (XXH3_64bits(at + summed, size - summed) != header->checksum)
		return "is damaged: its checksum is another";
	opened.class_count = header->class_count;
	opened.unit_count = header->unit_count;
	opened.input_size = header->input_size;
	opened.word_count = header->word_count;
	opened.root = header->root;
	at += sizeof(*header);
	opened.classes = (const void *)at;
	at += header->class_count * sizeof(struct a2a_class);
	opened.graph = (const void *)at;
	at += header->unit_count * sizeof(uint32_t);
	if (!a2a_leaked_open(&opened.leaked, at, header->leaked_count))
		return "is damaged: its leaked passwords are out of order";
	at += a2a_leaked_size(header->leaked_count);
	opened.model = header->model_size ? at : NULL;
	at += header->model_size;
	opened.inputs = (const char *)at;
	if (!classes_are_known(&opened))
		return "is damaged: it has words of no known kind";
	*lexicon = opened;
	return NULL;
}

const char *a2a_lexicon_open(struct a2a_lexicon *lexicon, const void *bytes, size_t size)
{
	const char *wrong = a2a_lexicon_open_words(lexicon, bytes, size);

	if (wrong || lexicon->model)
		return wrong;
	*lexicon = (struct a2a_lexicon){0};
	return "is a list of words alone, without the model that a whole lexicon has";
}

/* The first edge of a node; 0 when it has none. Place 0 is nowhere, and so is all behind the end.
 */
static uint32_t first_edge(const struct a2a_lexicon *lexicon, const struct a2a_walk *walk)
{
	if (!walk->is_word)
		return walk->node;
	if (walk->node >= lexicon->unit_count)
		return 0;
	return lexicon->graph[walk->node] & A2A_CLASS_EDGES ? walk->node + 1 : 0;
}

bool a2a_lexicon_step(const struct a2a_lexicon *lexicon, struct a2a_walk *walk, char character)
{
	uint32_t place = first_edge(lexicon, walk);
	uint32_t end = place + A2A_MOST_EDGES;

	*walk = (struct a2a_walk){0};
	if (!place)
		return false;
	for (; place < end && place < lexicon->unit_count; place++) {
		uint32_t edge = lexicon->graph[place];

		if ((edge & 0x7f) == (unsigned char)character) {
			if (edge >> A2A_EDGE_SHIFT >= lexicon->unit_count)
				return false;
			walk->node = edge >> A2A_EDGE_SHIFT;
			walk->is_word = edge & A2A_EDGE_WORD;
			return walk->node != 0;
		}
		if (edge & A2A_EDGE_LAST)
			break;
	}
	return false;
}

const struct a2a_class *a2a_lexicon_word(const struct a2a_lexicon *lexicon, struct a2a_walk walk)
{
	uint32_t class;

	if (!walk.is_word || walk.node == 0 || walk.node >= lexicon->unit_count)
		return NULL;
	class = lexicon->graph[walk.node] & (A2A_CLASS_EDGES - 1);
	return class < lexicon->class_count ? &lexicon->classes[class] : NULL;
}

uint8_t a2a_model_letter(int32_t point)
{
	if (point >= 'a' && point <= 'z')
		return (uint8_t)(point - 'a' + 1);
	if (point >= '0' && point <= '9')
		return (uint8_t)(point - '0' + 27);
	return 0;
}
