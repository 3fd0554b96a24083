/* SPDX-License-Identifier: BSD-3-Clause */
#include "small_lexicon.h"

enum { ROOT = 1 };

void a2a_small_lexicon_begin(struct a2a_small_lexicon *small)
{
	small->class = (struct a2a_class){.kind = A2A_OF_PERSON};
	small->node[ROOT] = (struct a2a_small_node){0};
	small->nodes = ROOT + 1;
	small->units = 1; /* place 0 is no node */
}

/* Returns the child of a node with this code, which it makes if there is none; 0 when the nodes are
 * all used. */
static uint16_t child_of(struct a2a_small_lexicon *small, uint16_t parent, uint8_t code)
{
	uint16_t *link = &small->node[parent].child;
	uint16_t child;

	while (*link && small->node[*link].code < code)
		link = &small->node[*link].next;
	child = *link;
	if (child && small->node[child].code == code)
		return child;
	if (small->nodes == A2A_SMALL_NODES)
		return 0;
	small->node[small->nodes] = (struct a2a_small_node){.next = *link, .code = code};
	*link = (uint16_t)small->nodes;
	return (uint16_t)small->nodes++;
}

static uint8_t code_of(int32_t point)
{
	return point > 0 && point < 0x80 ? a2a_lexicon_code((char)point) : 0;
}

void a2a_small_lexicon_add(struct a2a_small_lexicon *small, const int32_t *word, size_t length)
{
	uint16_t node = ROOT;

	if (length < A2A_WORD_SHORTEST || length > A2A_WORD_LONGEST)
		return;
	for (size_t i = 0; i < length; i++)
		if (!code_of(word[i]))
			return;
	for (size_t i = 0; node && i < length; i++)
		node = child_of(small, node, code_of(word[i]));
	if (node)
		small->node[node].is_word = true;
}

static void put(struct a2a_small_lexicon *small, uint32_t unit)
{
	small->unit[small->units++] = htole32(unit);
}

/* Writes a node behind its children, as lexicon_format.h says. Returns the edge that leads to it.
 * It calls itself as deep as the longest word. */
static uint32_t write_node(struct a2a_small_lexicon *small, uint16_t number)
{
	const struct a2a_small_node *node = &small->node[number];
	uint32_t edge[A2A_CODES], edges = 0, place;
	uint64_t codes = 0;

	for (uint16_t child = node->child; child; child = small->node[child].next) {
		edge[edges++] = write_node(small, child);
		codes |= UINT64_C(1) << small->node[child].code;
	}
	if (node->is_word)
		put(small, 0); /* the number of the class */
	place = small->units;
	if (edges == 0)
		edge[edges++] = 0;
	if (edges > A2A_FEW_EDGES) {
		put(small, 0);
		put(small, (uint32_t)codes);
		put(small, (uint32_t)(codes >> 32));
	}
	for (uint32_t i = 0; i < edges; i++)
		put(small, edge[i] | (i + 1 == edges ? A2A_EDGE_LAST : 0));
	return place << A2A_EDGE_SHIFT | (node->is_word ? A2A_EDGE_WORD : 0) | node->code;
}

void a2a_small_lexicon_finish(struct a2a_small_lexicon *small)
{
	const uint32_t root = write_node(small, ROOT) >> A2A_EDGE_SHIFT;

	small->lexicon = (struct a2a_lexicon){
		.classes = &small->class,
		.graph = small->unit,
		.class_count = 1,
		.unit_count = small->units,
		.root = root,
	};
	a2a_lexicon_fill_pairs(&small->lexicon);
}
