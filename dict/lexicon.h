/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lexicon: ranked passwords, ranked and unranked words, names, our own lists, and the character
 * model, in one file that all processes map. This is its format and its reader; compile.h writes
 * it.
 *
 * The file is position-independent, and its numbers are little-endian on every machine.
 *
 *   header    struct a2a_lexicon_header; its checksum is over everything behind the checksum
 *   classes   `class_count` of struct a2a_class: what is known of a word; words share them
 *   graph     `unit_count` numbers of 32 bits: a minimal acyclic automaton over folded characters
 *   leaked    `leaked_count` passwords that became public, as leaked.h says; or nothing
 *   model     A2A_MODEL_SIZE bytes: what a character costs after three others; or nothing, in a
 *             site's own list of words
 *   inputs    `input_size` bytes of text, a line for each list that went in, for people
 *
 * A node of the graph is the place of its first edge. The unit before it is the number of a class
 * if edges marked WORD lead there. Edges stand in the order of their characters; the last is marked
 * LAST. Where there are more than A2A_FEW_EDGES, a unit of 0 and two units with a bitmap of their
 * codes stand before them, and the node is the place of the 0: a step looks at one bit, and counts
 * those below it to know which edge it takes. A node without edges is a unit LAST of no code.
 *
 * Edges lead to lower places, so that no way is endless. Place 0 is nowhere. The nodes that most
 * words go through stand together at the end, the root last: they share lines of the caches.
 *
 * An edge holds 24 bits of the place that it leads to. Where that is too few, nodes stand at
 * multiples of 2 or 4 alone, their classes before them, with units of 0 before that to fill up: the
 * edges hold the places without as many of their lowest bits as `scale` says.
 *
 * A character has a code of 6 bits, in the order of ASCII. Capitals have none, as folded words have
 * no capitals, nor have < > { | }, which not ten of a million words have: those are left out.
 */
#ifndef A2A_LEXICON_H
#define A2A_LEXICON_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "language.h"
#include "leaked.h"

enum {
	A2A_LEXICON_MAGIC = 0x4c324132, /* "2A2L" */
	A2A_LEXICON_VERSION = 4,
	/* A word has as many folded characters: an address, at most. */
	A2A_WORD_SHORTEST = 2,
	A2A_WORD_LONGEST = 64,
	/* Codes of characters, from 1 on; 0 is that of none. */
	A2A_CODES = 64,
	/* Marks of an edge, under its target (the upper 24 bits), beside its code (6 bits). */
	A2A_EDGE_CODE = A2A_CODES - 1,
	A2A_EDGE_LAST = 0x40,
	A2A_EDGE_WORD = 0x80,
	A2A_EDGE_SHIFT = 8,
	A2A_TARGETS = 1 << 24,
	A2A_MOST_SCALE = 2,
	A2A_MOST_UNITS = A2A_TARGETS << A2A_MOST_SCALE,
	A2A_MOST_EDGES = A2A_CODES - 1, /* of one node */
	A2A_FEW_EDGES = 6,    /* of a node without a bitmap: fewer cost size, more cost time */
	A2A_BITMAP_UNITS = 3, /* with the 0 before it */
	/* The model's characters: beginning or other, 26 letters, 10 digits. */
	A2A_MODEL_LETTERS = 37,
	A2A_MODEL_SIZE =
		A2A_MODEL_LETTERS * A2A_MODEL_LETTERS * A2A_MODEL_LETTERS * A2A_MODEL_LETTERS,
	/* Costs of words are in steps of 1/256 bit, those of the model of 1/16. */
	A2A_COST_BIT = 256,
	A2A_MODEL_BIT = 16,
};

/* Where a word comes from; the kind of its cheapest entry. */
enum a2a_kind { A2A_PASSWORD, A2A_WORD, A2A_LEXICON, A2A_NAME, A2A_OWN, A2A_KINDS };

/* What is known of a word: bytes alone, so that all machines read it where it lies. */
struct a2a_class {
	uint8_t cost_bytes[2]; /* little-endian: a2a_class_cost() */
	uint8_t kind;          /* enum a2a_kind */
	uint8_t languages;     /* of all lists that have it, as bits: a2a_language_bit() */
};

/* log2 of a word's rank, in steps of 1/256 bit. */
static inline uint16_t a2a_class_cost(const struct a2a_class *class)
{
	return (uint16_t)(class->cost_bytes[0] | class->cost_bytes[1] << 8);
}

/* Little-endian in the file. */
struct a2a_lexicon_header {
	uint32_t magic, version;
	uint64_t checksum; /* XXH3, 64 bits, of everything behind it */
	uint32_t file_size;
	uint32_t class_count, unit_count, model_size, input_size;
	uint32_t word_count, root; /* the place of the root in the graph */
	uint32_t leaked_count;
	uint32_t scale; /* log2 of what the places of nodes are multiples of */
	uint32_t spare; /* 0 */
};

/* An open lexicon: pointers into the caller's bytes. */
struct a2a_lexicon {
	const struct a2a_class *classes;
	const uint32_t *graph; /* little-endian: a2a_lexicon_unit() */
	const uint8_t *model;  /* NULL: none, after a2a_lexicon_open_words() alone */
	struct a2a_leaked leaked;
	const char *inputs; /* not NUL-terminated */
	uint32_t class_count, unit_count, input_size, word_count, root, scale;
	/* The edges that two characters, by their codes, lead over from the root; 0: none. All
	 * words begin so, and at each place of a password one is looked for. */
	uint32_t pair[A2A_CODES][A2A_CODES];
};

/* Turns a header from the file's byte order into that of the machine, or back. */
void a2a_lexicon_turn_header(struct a2a_lexicon_header *header);

/*
 * Takes the bytes of a lexicon (aligned to 8, as a mapping is), which must stay and not change as
 * long as it is used. All of them are checked against the checksum, which finds what broke by
 * itself; that nobody made a file on purpose is for the caller to see to, by its owner and mode,
 * but not even such a one leads a look-up outside of it, or into an endless one. Returns NULL, or
 * an English clause that says what is wrong; the lexicon is then empty: look-ups find nothing.
 */
const char *a2a_lexicon_open(struct a2a_lexicon *lexicon, const void *bytes, size_t size);

/* The same for a list of words that may have no model: `all2all-dict add` writes such. */
const char *a2a_lexicon_open_words(struct a2a_lexicon *lexicon, const void *bytes, size_t size);

/*
 * The same two for bytes that were found whole before: they are not summed again, which is most of
 * what it costs. Should they be damaged after all, look-ups stay inside of them, but find what is
 * not so.
 */
const char *a2a_lexicon_open_again(struct a2a_lexicon *lexicon, const void *bytes, size_t size);
const char *a2a_lexicon_open_words_again(
	struct a2a_lexicon *lexicon, const void *bytes, size_t size);

/* The unit at a place of the graph, which must be below `unit_count`. */
static inline uint32_t a2a_lexicon_unit(const struct a2a_lexicon *lexicon, uint32_t place)
{
	return le32toh(lexicon->graph[place]);
}

/* The code of a character, or 0 when it has none; and the character of a code from 1 to 63. */
uint8_t a2a_lexicon_code(char character);
char a2a_lexicon_character(uint8_t code);

/* A place in the graph while a word is spelled. Begin at {lexicon->root, false}. */
struct a2a_walk {
	uint32_t node;
	bool is_word;
};

/* How many bits are set: in pairs, in fours, in bytes, and all bytes summed into the highest. Not
 * every machine has an instruction for it. */
static inline uint32_t a2a_count_bits(uint64_t bits)
{
	bits -= bits >> 1 & 0x5555555555555555;
	bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (uint32_t)(bits * 0x0101010101010101 >> 56);
}

/* The edge of a code behind a bitmap at `place`; 0 when there is none. */
static inline uint32_t a2a_edge_by_bitmap(
	const struct a2a_lexicon *lexicon, uint32_t place, uint32_t code)
{
	uint64_t bits;
	uint32_t edge;

	/* Whatever the bitmap says, the edge is at most A2A_MOST_EDGES further on. */
	if (lexicon->unit_count - place <= A2A_BITMAP_UNITS)
		return 0;
	memcpy(&bits, lexicon->graph + place + 1, sizeof(bits));
	bits = le64toh(bits);
	if (!(bits >> code & 1))
		return 0;
	place += A2A_BITMAP_UNITS + a2a_count_bits(bits & ((UINT64_C(1) << code) - 1));
	if (place >= lexicon->unit_count)
		return 0;
	edge = a2a_lexicon_unit(lexicon, place);
	return (edge & A2A_EDGE_CODE) == code ? edge : 0;
}

/*
 * The same, of `count` edges from `place` on, up to the last of the node. They are all looked at,
 * for nobody could foresee at which of them to stop.
 */
static inline uint32_t a2a_edge_among(
	const struct a2a_lexicon *lexicon, uint32_t place, uint32_t count, uint32_t code)
{
	uint32_t found = 0, is_left = UINT32_MAX;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t edge = a2a_lexicon_unit(lexicon, place + i);

		found |= (edge & A2A_EDGE_CODE) == code ? edge & is_left : 0;
		is_left = edge & A2A_EDGE_LAST ? 0 : is_left;
	}
	return found;
}

static inline uint32_t a2a_edge_among_few(
	const struct a2a_lexicon *lexicon, uint32_t place, uint32_t code)
{
	const uint32_t left = lexicon->unit_count - place;

	return left < A2A_FEW_EDGES ? a2a_edge_among(lexicon, place, left, code)
				    : a2a_edge_among(lexicon, place, A2A_FEW_EDGES, code);
}

/* Where an edge leads, if that is anywhere. */
static inline uint32_t a2a_edge_target(const struct a2a_lexicon *lexicon, uint32_t edge)
{
	const uint32_t target = edge >> A2A_EDGE_SHIFT;

	/* Most have no scale: then nothing waits for the shift. */
	return __builtin_expect(lexicon->scale != 0, 0) ? target << lexicon->scale : target;
}

/* Goes over an edge, or nowhere if it is 0. */
static inline bool a2a_lexicon_go(
	const struct a2a_lexicon *lexicon, struct a2a_walk *walk, uint32_t edge)
{
	const uint32_t target = a2a_edge_target(lexicon, edge);

	*walk = (struct a2a_walk){0};
	if (target == 0 || target >= lexicon->unit_count)
		return false;
	*walk = (struct a2a_walk){target, edge & A2A_EDGE_WORD};
	return true;
}

/*
 * Goes on by one folded ASCII character, given by its code. False when no word goes on so; the walk
 * is then nowhere, where nothing goes on. At most A2A_FEW_EDGES units are looked at, whatever the
 * bytes. Here, for all passwords are looked up character by character.
 */
static inline bool a2a_lexicon_step(
	const struct a2a_lexicon *lexicon, struct a2a_walk *walk, uint8_t code)
{
	const uint32_t place = walk->node;
	uint32_t edge = 0;

	if (code && place && place < lexicon->unit_count)
		edge = a2a_lexicon_unit(lexicon, place) & (A2A_EDGE_CODE | A2A_EDGE_LAST)
			       ? a2a_edge_among_few(lexicon, place, code)
			       : a2a_edge_by_bitmap(lexicon, place, code);
	return a2a_lexicon_go(lexicon, walk, edge);
}

/* The same by two characters, from the root. */
static inline bool a2a_lexicon_begin(
	const struct a2a_lexicon *lexicon, struct a2a_walk *walk, uint8_t first, uint8_t second)
{
	return a2a_lexicon_go(lexicon, walk, lexicon->pair[first][second]);
}

/* The class of the word that ends here, or NULL when none does. Its kind is below A2A_KINDS. */
static inline const struct a2a_class *a2a_lexicon_word(
	const struct a2a_lexicon *lexicon, struct a2a_walk walk)
{
	uint32_t class;

	if (!walk.is_word || walk.node == 0 || walk.node >= lexicon->unit_count)
		return NULL;
	class = a2a_lexicon_unit(lexicon, walk.node - 1);
	return class < lexicon->class_count ? &lexicon->classes[class] : NULL;
}

/* The number of a folded character in the model: 1 to 26, 27 to 36; 0 for any other and for the
 * beginning. */
static inline uint8_t a2a_model_letter(int32_t point)
{
	const uint32_t letter = (uint32_t)point - 'a', digit = (uint32_t)point - '0';

	return (uint8_t)(letter < 26 ? letter + 1 : digit < 10 ? digit + 27 : 0);
}

/*
 * Four characters by their numbers, as one number to the base A2A_MODEL_LETTERS: those before it,
 * from which the oldest falls out, and one more. Begin with 0.
 */
static inline uint32_t a2a_model_next(uint32_t four, uint32_t letter)
{
	return four % (A2A_MODEL_SIZE / A2A_MODEL_LETTERS) * A2A_MODEL_LETTERS + letter;
}

/* What the last of four characters costs after the three others, in 1/16 bit. */
static inline uint8_t a2a_model_cost(const struct a2a_lexicon *lexicon, uint32_t four)
{
	return lexicon->model[four];
}

#endif
