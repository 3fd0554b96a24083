/* SPDX-License-Identifier: BSD-3-Clause */
#include "inspect.h"

#include <math.h>
#include <stdlib.h>

/* What is known of a place of the graph. */
struct place {
	uint64_t words;        /* how many are spelled from the node here on */
	uint16_t longest;      /* how many characters the longest of them has */
	bool is_node, is_word; /* a node begins here; with a class */
	bool is_taken;         /* by a node that begins here or before */
};

static bool is_class(const struct a2a_lexicon *lexicon, uint32_t unit)
{
	return unit < 2 * A2A_CLASS_EDGES && (unit & (A2A_CLASS_EDGES - 1)) < lexicon->class_count;
}

/* Marks where an edge leads; its node is below `node`, so it will be looked at later. */
static const char *follow(struct place *places, uint32_t node, uint32_t edge)
{
	uint32_t target = edge >> A2A_EDGE_SHIFT;
	bool is_word = edge & A2A_EDGE_WORD;

	if (target == 0 || target >= node)
		return "has an edge that does not lead to a lower place";
	if (places[target].is_node && places[target].is_word != is_word)
		return "has a node that is a word and is none";
	places[target].is_node = true;
	places[target].is_word = is_word;
	return NULL;
}

static const char *check_node(
	const struct a2a_lexicon *lexicon, struct place *places, uint32_t node)
{
	uint32_t place = node;
	int before = ' ';

	if (places[node].is_word) {
		uint32_t unit = lexicon->graph[place];

		if (!is_class(lexicon, unit))
			return "has a word of no class";
		if (places[place].is_taken)
			return "has nodes that overlap";
		places[place++].is_taken = true;
		if (!(unit & A2A_CLASS_EDGES))
			return NULL;
	}
	for (;; place++) {
		const char *wrong;
		uint32_t edge;

		if (place >= lexicon->unit_count)
			return "has a node that goes on behind the end";
		if (places[place].is_taken)
			return "has nodes that overlap";
		places[place].is_taken = true;
		edge = lexicon->graph[place];
		if ((int)(edge & 0x7f) <= before || (edge & 0x7f) == 0x7f)
			return "has edges out of order, or of no character";
		before = (int)(edge & 0x7f);
		wrong = follow(places, node, edge);
		if (wrong)
			return wrong;
		if (edge & A2A_EDGE_LAST)
			return NULL;
	}
}

/* Once all nodes are known and good. Lower ones were counted before. */
static void count_words(const struct a2a_lexicon *lexicon, struct place *places, uint32_t node)
{
	uint32_t place = node;
	struct place *counted = &places[node];

	if (counted->is_word) {
		counted->words = 1;
		if (!(lexicon->graph[place++] & A2A_CLASS_EDGES))
			return;
	}
	for (;; place++) {
		uint32_t edge = lexicon->graph[place];
		const struct place *target = &places[edge >> A2A_EDGE_SHIFT];

		/* Words are counted up to a number that the header cannot hold: no overflow. */
		counted->words += target->words;
		if (counted->words > UINT32_MAX)
			counted->words = (uint64_t)UINT32_MAX + 1;
		if (target->longest >= counted->longest && counted->longest <= A2A_WORD_LONGEST)
			counted->longest = (uint16_t)(target->longest + 1);
		if (edge & A2A_EDGE_LAST)
			return;
	}
}

static const char *check_graph(const struct a2a_lexicon *lexicon, struct place *places)
{
	const uint32_t root = lexicon->root;

	if (lexicon->graph[0] != 0)
		return "has something in place 0";
	places[root].is_node = true;
	for (uint32_t node = root; node > 0; node--) {
		const char *wrong = places[node].is_node ? check_node(lexicon, places, node) : NULL;

		if (wrong)
			return wrong;
	}
	for (uint32_t place = 1; place < lexicon->unit_count; place++)
		if (!places[place].is_taken)
			return "has places that belong to no node";
	for (uint32_t node = 1; node <= root; node++)
		if (places[node].is_node)
			count_words(lexicon, places, node);
	if (places[root].longest > A2A_WORD_LONGEST)
		return "has a word that is too long";
	if (places[root].words != lexicon->word_count)
		return "has another number of words than it says";
	return NULL;
}

/* Costs are rounded to 1/16 bit, and none is greater than 255 of them. */
static const char *check_model(const struct a2a_lexicon *lexicon)
{
	for (size_t i = 0; lexicon->model && i < A2A_MODEL_SIZE; i += A2A_MODEL_LETTERS) {
		double sum = 0;

		for (size_t letter = 0; letter < A2A_MODEL_LETTERS; letter++)
			sum += exp2(-(double)lexicon->model[i + letter] / A2A_MODEL_BIT);
		if (sum < 0.95 || sum > 1.05)
			return "has a model whose probabilities do not sum up to 1";
	}
	return NULL;
}

static const char *check_inputs(const struct a2a_lexicon *lexicon)
{
	const unsigned char *text = (const unsigned char *)lexicon->inputs;

	for (uint32_t i = 0; i < lexicon->input_size; i++)
		if ((text[i] < ' ' && text[i] != '\t' && text[i] != '\n') || text[i] == 0x7f)
			return "has control characters where it says what went in";
	if (lexicon->input_size && text[lexicon->input_size - 1] != '\n')
		return "has half a line where it says what went in";
	return NULL;
}

const char *a2a_lexicon_verify(const struct a2a_lexicon *lexicon)
{
	struct place *places = calloc(lexicon->unit_count, sizeof(*places));
	const char *wrong =
		places ? check_graph(lexicon, places) : "cannot be checked: out of memory";

	free(places);
	wrong = wrong ? wrong : check_model(lexicon);
	return wrong ? wrong : check_inputs(lexicon);
}

struct tour {
	const struct a2a_lexicon *lexicon;
	void (*each)(void *context, const char *word, const struct a2a_class *class);
	void *context;
	char word[A2A_WORD_LONGEST + 1];
};

static void tour_node(struct tour *tour, struct a2a_walk walk, size_t depth)
{
	const uint32_t *graph = tour->lexicon->graph;
	uint32_t place = walk.node;

	tour->word[depth] = '\0';
	if (walk.is_word) {
		tour->each(tour->context, tour->word, a2a_lexicon_word(tour->lexicon, walk));
		if (!(graph[place++] & A2A_CLASS_EDGES))
			return;
	}
	for (;; place++) {
		tour->word[depth] = (char)(graph[place] & 0x7f);
		tour_node(tour,
			(struct a2a_walk){
				graph[place] >> A2A_EDGE_SHIFT, graph[place] & A2A_EDGE_WORD},
			depth + 1);
		if (graph[place] & A2A_EDGE_LAST)
			return;
	}
}

void a2a_lexicon_each(const struct a2a_lexicon *lexicon,
	void (*each)(void *context, const char *word, const struct a2a_class *class), void *context)
{
	struct tour tour = {.lexicon = lexicon, .each = each, .context = context};

	tour_node(&tour, (struct a2a_walk){lexicon->root, false}, 0);
}
