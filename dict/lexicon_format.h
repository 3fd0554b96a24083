/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The format of a lexicon file: ranked passwords, ranked and unranked words, names, our own lists,
 * and the model of characters. lexicon.h reads it, compile.h writes it.
 *
 * The file is position-independent, and its numbers are little-endian on every machine.
 *
 *   header    struct a2a_lexicon_header; its checksum covers everything behind the checksum
 *   classes   `class_count` of struct a2a_class: the data about a word; words share them
 *   graph     `unit_count` units of 32 bits: a minimal acyclic automaton over folded characters
 *   leaked    `leaked_count` passwords that became public, as leaked.h says; or nothing
 *   model     A2A_MODEL_SIZE bytes, as character_model.h says; or nothing, in a site's own list
 *   inputs    `input_size` bytes of text for people: a line for each list that was compiled
 *
 * A node of the graph is the place of its first edge. If edges marked WORD lead to a node, the unit
 * before it is the number of a class. The edges of a node stand in the order of their characters;
 * the last one is marked LAST. If a node has more than A2A_FEW_EDGES edges, a unit of 0 and two
 * units with a bitmap of their codes stand before them; the node is then the place of the 0. A step
 * tests one bit of the bitmap and counts the bits below it, which is the index of the edge. A node
 * without edges is one unit, marked LAST, with code 0.
 *
 * Edges lead to lower places, so that every path ends. Place 0 is not a node. The nodes that most
 * words go through stand together at the end, the root last, because they share cache lines.
 *
 * An edge holds 24 bits of the place that it leads to. In a graph that is too large for that, nodes
 * stand only at multiples of 2 or 4 (of 1 << `scale`), with their classes before them and units of
 * 0 as padding; an edge then holds the place without its `scale` lowest bits.
 *
 * A character has a code of 6 bits, in the order of ASCII. Capitals have no code, because folded
 * words have no capitals. The characters < > { | } have no code either: fewer than ten in a million
 * words have one of them, and those words are left out.
 */
#ifndef A2A_LEXICON_FORMAT_H
#define A2A_LEXICON_FORMAT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "character_model.h"
#include "language.h"

enum {
	A2A_LEXICON_MAGIC = 0x4c324132, /* "2A2L" */
	A2A_LEXICON_VERSION = 5,
	A2A_MOST_LEXICON_VERSION = 255, /* that there can ever be; a greater one is damage */
	/* Numbers of folded characters of a word. A mail address fits into the longest word. */
	A2A_WORD_SHORTEST = 2,
	A2A_WORD_LONGEST = 64,
	/* Codes of characters are 1 to 63; 0 is no character. */
	A2A_CODES = 64,
	/* An edge: its target in the upper 24 bits, two marks, and its code in the lower 6 bits. */
	A2A_EDGE_CODE = A2A_CODES - 1,
	A2A_EDGE_LAST = 0x40,
	A2A_EDGE_WORD = 0x80,
	A2A_EDGE_SHIFT = 8,
	A2A_TARGETS = 1 << 24,
	A2A_MOST_SCALE = 2,
	A2A_MOST_UNITS = A2A_TARGETS << A2A_MOST_SCALE,
	A2A_MOST_EDGES = A2A_CODES - 1, /* of one node */
	A2A_FEW_EDGES = 6, /* without a bitmap: a smaller number costs space, a larger one time */
	A2A_BITMAP_UNITS = 3, /* with the 0 before it */
	A2A_COST_BIT = 256,   /* steps of a word's cost in a bit */
};

/* The kind of the list that has a word; of several lists, the one in which the word is cheapest. */
enum a2a_kind {
	A2A_PASSWORD,
	A2A_WORD,
	A2A_LEXICON,
	A2A_NAME,
	A2A_OWN,
	A2A_KINDS,
	A2A_OF_PERSON = A2A_KINDS, /* in a lexicon of a person (small_lexicon.h); never in a file */
};

/* The data about a word. It consists of bytes, so that every machine can read it in the file. */
struct a2a_class {
	uint8_t cost_bytes[2]; /* little-endian: a2a_class_cost() */
	uint8_t kind;          /* enum a2a_kind */
	uint8_t languages;     /* of all lists that have the word: a2a_language_bit() of each, and
				  A2A_PLACE_BIT if one of them has it as a place */
};

/* Returns log2 of a word's rank, in steps of 1/256 bit. */
static inline uint16_t a2a_class_cost(const struct a2a_class *class)
{
	return (uint16_t)(class->cost_bytes[0] | class->cost_bytes[1] << 8);
}

/* Tells whether the letters are only a form of a word (forms.h). No list of ranked words is without
 * a language. */
static inline bool a2a_class_is_form(const struct a2a_class *class)
{
	return class->kind == A2A_WORD && class->languages == 0;
}

struct a2a_lexicon_header {
	uint32_t magic, version;
	uint64_t checksum; /* XXH3, 64 bits, of everything behind it */
	uint32_t file_size;
	uint32_t class_count, unit_count, model_size, input_size;
	uint32_t word_count;
	uint32_t root; /* the place of the root in the graph */
	uint32_t leaked_count;
	uint32_t scale; /* log2 of the number that the places of nodes are multiples of */
	uint32_t spare; /* 0 */
};

/* Files hold these layouts and numbers. A change needs another A2A_LEXICON_VERSION. Every version
 * begins with magic, version and checksum, in these places, and the checksum covers everything
 * behind it: so a whole file of another version can be told from a damaged one. */
static_assert(sizeof(struct a2a_class) == 4, "classes are of 4 bytes");
static_assert(sizeof(struct a2a_lexicon_header) == 56, "the header is of 56 bytes");
static_assert(offsetof(struct a2a_lexicon_header, checksum) == 8, "the checksum is in place 8");
static_assert(A2A_MODEL_SIZE == 1874161, "the model is of 37^4 bytes");
static_assert(
	A2A_PASSWORD == 0 && A2A_WORD == 1 && A2A_LEXICON == 2 && A2A_NAME == 3 && A2A_OWN == 4,
	"kinds keep their numbers");
static_assert(A2A_FRENCH == 0 && A2A_DUTCH == 1 && A2A_GERMAN == 2 && A2A_ENGLISH == 3,
	"languages keep their bits: fr 0, nl 1, de 2, en 3");
static_assert(A2A_PLACE_BIT == 128, "places keep their bit");

/* Converts a header from the file's byte order into the machine's, or back. */
void a2a_lexicon_turn_header(struct a2a_lexicon_header *header);

/* Return the code of a character, or 0 if it has none; and the character of a code from 1 to 63. */
uint8_t a2a_lexicon_code(char character);
char a2a_lexicon_character(uint8_t code);

#endif
