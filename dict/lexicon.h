/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads a lexicon: opens a file that is in memory, and looks words up. lexicon_format.h describes
 * the file.
 */
#ifndef A2A_LEXICON_H
#define A2A_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "character_model.h"
#include "lexicon_format.h"
#include "lexicon_graph.h"

/*
 * Opens the bytes of a lexicon (aligned to 8, as a mapping is). They must stay unchanged as long as
 * the lexicon is used. The checksum over all of them finds accidental damage, but not a deliberate
 * change: the caller checks owner and mode. But whatever the bytes are, a look-up stays inside of
 * them and ends. Returns NULL, or an English clause that says what is wrong; the lexicon is then
 * empty, and look-ups find nothing.
 */
const char *a2a_lexicon_open(struct a2a_lexicon *lexicon, const void *bytes, size_t size);

/* Does the same for a list of words, which may have no model: `all2all-dict add` writes such files.
 */
const char *a2a_lexicon_open_words(struct a2a_lexicon *lexicon, const void *bytes, size_t size);

/*
 * Do the same as the two functions above, for bytes that were verified before: without the
 * checksum, which takes most of their time. If the bytes are damaged nevertheless, look-ups stay
 * inside of them, but may find words that are not there or miss some.
 */
const char *a2a_lexicon_open_again(struct a2a_lexicon *lexicon, const void *bytes, size_t size);
const char *a2a_lexicon_open_words_again(
	struct a2a_lexicon *lexicon, const void *bytes, size_t size);

/*
 * Tells whether the bytes, which could not be opened, are a whole lexicon of another version of the
 * format: it must be compiled again, but nothing has damaged it.
 */
bool a2a_lexicon_is_of_another_version(const void *bytes, size_t size);

/* Fills the table of the edges over two characters from the root, which every lexicon needs. */
void a2a_lexicon_fill_pairs(struct a2a_lexicon *lexicon);

/* A node in the graph, reached by spelling the beginning of a word. Start at {lexicon->root,
 * false}; node 0 means nowhere, and no step leads on from there. */
struct a2a_walk {
	uint32_t node;
	bool is_word; /* the characters so far are a word */
};

/* Follows an edge. Returns false, and sets the walk to nowhere, if the edge is 0 or leads nowhere.
 */
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
 * Steps over one folded ASCII character, given by its code. Returns false, and sets the walk to
 * nowhere, when no word continues with it. Looks at no more than A2A_FEW_EDGES units, whatever the
 * bytes.
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

/* Steps over the first two characters of a word at once, from the root. */
static inline bool a2a_lexicon_begin(
	const struct a2a_lexicon *lexicon, struct a2a_walk *walk, uint8_t first, uint8_t second)
{
	return a2a_lexicon_go(lexicon, walk, lexicon->pair[first][second]);
}

/* Returns the class of the word that ends here, or NULL if no word does. The kind of a class is
 * below A2A_KINDS. */
static inline const struct a2a_class *a2a_lexicon_word(
	const struct a2a_lexicon *lexicon, struct a2a_walk walk)
{
	uint32_t class;

	if (!walk.is_word || walk.node == 0 || walk.node >= lexicon->unit_count)
		return NULL;
	class = a2a_lexicon_unit(lexicon, walk.node - 1);
	return class < lexicon->class_count ? &lexicon->classes[class] : NULL;
}

/* Returns the cost of the last of four characters (a2a_model_next()) after the three others, in
 * 1/16 bit. The lexicon must have a model. */
static inline uint8_t a2a_model_cost(const struct a2a_lexicon *lexicon, uint32_t four)
{
	return lexicon->model[four];
}

#endif
