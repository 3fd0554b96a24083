/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An open lexicon, and the edges of its graph. Passwords are looked up character by character at
 * every place, so all of this is inline. Nothing here reads outside of the graph, whatever is in
 * the file.
 */
#ifndef A2A_LEXICON_GRAPH_H
#define A2A_LEXICON_GRAPH_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "leaked.h"
#include "lexicon_format.h"

/* Pointers into the caller's bytes. */
struct a2a_lexicon {
	const struct a2a_class *classes;
	const uint32_t *graph; /* little-endian: a2a_lexicon_unit() */
	const uint8_t *model;  /* NULL: none (only after a2a_lexicon_open_words()) */
	struct a2a_leaked leaked;
	const char *inputs; /* not NUL-terminated */
	uint32_t class_count, unit_count, input_size, word_count, root, scale;
	/* Indexed by the codes of two characters: the edge of the second one, after the first one
	 * from the root; 0: there is none. Every search for a word begins with this step. */
	uint32_t pair[A2A_CODES][A2A_CODES];
};

/* Returns the unit at a place of the graph, which must be below `unit_count`. */
static inline uint32_t a2a_lexicon_unit(const struct a2a_lexicon *lexicon, uint32_t place)
{
	return le32toh(lexicon->graph[place]);
}

/* Counts the bits that are set. Adds them up in pairs, in fours and in bytes, and all bytes into
 * the highest one, because not every machine has an instruction for this. */
static inline uint32_t a2a_count_bits(uint64_t bits)
{
	bits -= bits >> 1 & 0x5555555555555555;
	bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (uint32_t)(bits * 0x0101010101010101 >> 56);
}

/* Returns the edge with this code of the node at `place`, which has a bitmap; 0 if there is none.
 */
static inline uint32_t a2a_edge_by_bitmap(
	const struct a2a_lexicon *lexicon, uint32_t place, uint32_t code)
{
	uint64_t bits;
	uint32_t edge;

	if (lexicon->unit_count - place <= A2A_BITMAP_UNITS)
		return 0;
	memcpy(&bits, lexicon->graph + place + 1, sizeof(bits));
	bits = le64toh(bits);
	if (!(bits >> code & 1))
		return 0;
	/* Whatever the bitmap says, this goes at most A2A_MOST_EDGES further. */
	place += A2A_BITMAP_UNITS + a2a_count_bits(bits & ((UINT64_C(1) << code) - 1));
	if (place >= lexicon->unit_count)
		return 0;
	edge = a2a_lexicon_unit(lexicon, place);
	return (edge & A2A_EDGE_CODE) == code ? edge : 0;
}

/*
 * Returns the edge with this code among `count` units from `place` on, up to the last edge of the
 * node; 0 if there is none. The loop looks at all units, because the processor could not predict a
 * branch that leaves early.
 */
static inline uint32_t a2a_edge_among(
	const struct a2a_lexicon *lexicon, uint32_t place, uint32_t count, uint32_t code)
{
	uint32_t found = 0, before_last = UINT32_MAX;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t edge = a2a_lexicon_unit(lexicon, place + i);

		found |= (edge & A2A_EDGE_CODE) == code ? edge & before_last : 0;
		before_last = edge & A2A_EDGE_LAST ? 0 : before_last;
	}
	return found;
}

/* Returns the edge with this code of the node at `place`, which has no bitmap. */
static inline uint32_t a2a_edge_among_few(
	const struct a2a_lexicon *lexicon, uint32_t place, uint32_t code)
{
	const uint32_t left = lexicon->unit_count - place;

	/* The usual case has a constant count, so that the loop is unrolled. */
	return left < A2A_FEW_EDGES ? a2a_edge_among(lexicon, place, left, code)
				    : a2a_edge_among(lexicon, place, A2A_FEW_EDGES, code);
}

/* Returns the place to which an edge leads. It may be 0, or outside of the graph. */
static inline uint32_t a2a_edge_target(const struct a2a_lexicon *lexicon, uint32_t edge)
{
	const uint32_t target = edge >> A2A_EDGE_SHIFT;

	/* Most lexicons have scale 0, and then nothing waits for the shift. */
	return __builtin_expect(lexicon->scale != 0, 0) ? target << lexicon->scale : target;
}

#endif
