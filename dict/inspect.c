/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* ---- The file -------------------------------------------------------------------------------- */

/* mmap() cannot map 0 bytes. An empty file becomes one page, which is not a lexicon. */
static size_t mapped_size(size_t size)
{
	return size ? size : 1;
}

bool a2a_lexicon_file_open(
	struct a2a_lexicon_file *file, const char *path, const struct a2a_log *log)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	void *bytes;

	*file = (struct a2a_lexicon_file){0};
	if (fd < 0 || fstat(fd, &status)) {
		a2a_fault(log, path, "%s", strerror(errno));
		goto out;
	}
	if (!S_ISREG(status.st_mode)) {
		a2a_fault(log, path, "is no regular file");
		goto out;
	}
	file->size = (size_t)status.st_size;
	bytes = mmap(NULL, mapped_size(file->size), PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		a2a_fault(log, path, "%s", strerror(errno));
	else
		file->bytes = bytes;
out:
	if (fd >= 0)
		close(fd);
	return file->bytes;
}

void a2a_lexicon_file_close(struct a2a_lexicon_file *file)
{
	if (file->bytes)
		munmap(file->bytes, mapped_size(file->size));
	file->bytes = NULL;
}

/* ---- Checking -------------------------------------------------------------------------------- */

/* The findings about one place of the graph. */
struct place {
	uint64_t words;        /* the number of words that the node here leads to */
	uint16_t longest;      /* characters from here to the end of the longest */
	bool is_node, is_word; /* a node begins here; it has a class */
	bool is_taken;         /* by a node that begins here or before */
};

/* Takes places for a node. Returns NULL, or a clause that says what is wrong, like all functions
 * below. */
static const char *take(
	const struct a2a_lexicon *lexicon, struct place *places, uint32_t place, uint32_t count)
{
	if (place >= lexicon->unit_count || lexicon->unit_count - place < count)
		return "has a node that goes on behind the end";
	for (uint32_t end = place + count; place < end; place++) {
		if (places[place].is_taken)
			return "has nodes that overlap";
		places[place].is_taken = true;
	}
	return NULL;
}

/* Marks the node that an edge leads to. It is below `node`, so that it will be checked later. */
static const char *follow(
	const struct a2a_lexicon *lexicon, struct place *places, uint32_t node, uint32_t edge)
{
	uint32_t target = a2a_edge_target(lexicon, edge);
	bool is_word = edge & A2A_EDGE_WORD;

	if (target == 0 || target >= node)
		return "has an edge that does not lead to a lower place";
	if (places[target].is_node && places[target].is_word != is_word)
		return "has a node that is a word and is none";
	places[target].is_node = true;
	places[target].is_word = is_word;
	return NULL;
}

/* Checks the edges of a node, from `place` on. Sets `*count` to their number, and sets their codes
 * as bits. */
static const char *check_edges(const struct a2a_lexicon *lexicon, struct place *places,
	uint32_t node, uint32_t place, uint32_t *count, uint64_t *codes)
{
	uint32_t before = 0;

	*count = 0;
	*codes = 0;
	for (;; place++) {
		const char *wrong = take(lexicon, places, place, 1);
		uint32_t edge, code;

		if (wrong)
			return wrong;
		edge = a2a_lexicon_unit(lexicon, place);
		code = edge & A2A_EDGE_CODE;
		if (code <= before)
			return "has edges out of order, or of no character";
		before = code;
		*codes |= UINT64_C(1) << code;
		++*count;
		wrong = follow(lexicon, places, node, edge);
		if (wrong)
			return wrong;
		if (edge & A2A_EDGE_LAST)
			return NULL;
	}
}

static const char *check_bitmap(
	const struct a2a_lexicon *lexicon, struct place *places, uint32_t node)
{
	const char *wrong = take(lexicon, places, node, A2A_BITMAP_UNITS);
	uint64_t codes, bits;
	uint32_t count;

	wrong = wrong ? wrong
		      : check_edges(lexicon, places, node, node + A2A_BITMAP_UNITS, &count, &codes);
	if (wrong)
		return wrong;
	bits = a2a_lexicon_unit(lexicon, node + 1) | (uint64_t)a2a_lexicon_unit(lexicon, node + 2)
							     << 32;
	if (bits != codes)
		return "has a bitmap of other characters than its edges have";
	return count > A2A_FEW_EDGES ? NULL : "has a bitmap for few edges";
}

static const char *check_node(
	const struct a2a_lexicon *lexicon, struct place *places, uint32_t node)
{
	uint32_t unit = a2a_lexicon_unit(lexicon, node), count;
	const char *wrong = NULL;
	uint64_t codes;

	if (places[node].is_word) {
		wrong = take(lexicon, places, node - 1, 1);
		if (!wrong && a2a_lexicon_unit(lexicon, node - 1) >= lexicon->class_count)
			wrong = "has a word of no class";
	}
	if (wrong)
		return wrong;
	if (unit == 0)
		return check_bitmap(lexicon, places, node);
	if (unit == A2A_EDGE_LAST)
		return places[node].is_word ? take(lexicon, places, node, 1)
					    : "has a way that ends at no word";
	wrong = check_edges(lexicon, places, node, node, &count, &codes);
	if (wrong)
		return wrong;
	return count <= A2A_FEW_EDGES ? NULL : "has many edges without a bitmap";
}

/* Returns the place of the first edge of a checked node, or 0 if it has none. */
static uint32_t first_edge(const struct a2a_lexicon *lexicon, uint32_t node)
{
	uint32_t unit = a2a_lexicon_unit(lexicon, node);

	if (unit & A2A_EDGE_CODE)
		return node;
	return unit & A2A_EDGE_LAST ? 0 : node + A2A_BITMAP_UNITS;
}

/* Counts the words of a node. All nodes have been checked before, and the lower ones have been
 * counted. */
static void count_words(const struct a2a_lexicon *lexicon, struct place *places, uint32_t node)
{
	uint32_t place = first_edge(lexicon, node);
	struct place *counted = &places[node];

	counted->words = counted->is_word;
	for (; place; place++) {
		uint32_t edge = a2a_lexicon_unit(lexicon, place);
		const struct place *target = &places[a2a_edge_target(lexicon, edge)];

		/* The count stops, before it overflows, at a number that no header can hold. */
		counted->words += target->words;
		if (counted->words > UINT32_MAX)
			counted->words = (uint64_t)UINT32_MAX + 1;
		if (target->longest >= counted->longest && counted->longest <= A2A_WORD_LONGEST)
			counted->longest = (uint16_t)(target->longest + 1);
		if (edge & A2A_EDGE_LAST)
			return;
	}
}

/* Checks that there is only padding between nodes, and no more of it than the scale needs. */
static const char *check_gaps(const struct a2a_lexicon *lexicon, const struct place *places)
{
	uint32_t gap = 0;

	for (uint32_t place = 1; place < lexicon->unit_count; place++) {
		gap = places[place].is_taken ? 0 : gap + 1;
		if (gap >= 1u << lexicon->scale || (gap && a2a_lexicon_unit(lexicon, place)))
			return "has places that belong to no node";
	}
	return NULL;
}

static const char *check_graph(const struct a2a_lexicon *lexicon, struct place *places)
{
	const uint32_t root = lexicon->root;
	const char *wrong;

	if (a2a_lexicon_unit(lexicon, 0) != 0)
		return "has something in place 0";
	places[0].is_taken = true;
	places[root].is_node = true;
	for (uint32_t node = root; node > 0; node--) {
		wrong = places[node].is_node ? check_node(lexicon, places, node) : NULL;
		if (wrong)
			return wrong;
	}
	wrong = check_gaps(lexicon, places);
	if (wrong)
		return wrong;
	for (uint32_t node = 1; node <= root; node++)
		if (places[node].is_node)
			count_words(lexicon, places, node);
	if (places[root].longest > A2A_WORD_LONGEST)
		return "has a word that is too long";
	if (places[root].words != lexicon->word_count)
		return "has another number of words than it says";
	return NULL;
}

/* Checks the sums of the probabilities. Costs are rounded to 1/16 bit and limited to 255 steps, so
 * a sum is not exactly 1. */
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
	if (!wrong && !a2a_leaked_is_sorted(&lexicon->leaked))
		return "has leaked passwords out of order";
	return wrong ? wrong : check_inputs(lexicon);
}

/* ---- Words ----------------------------------------------------------------------------------- */

struct tour {
	const struct a2a_lexicon *lexicon;
	void (*each)(void *context, const char *word, const struct a2a_class *class);
	void *context;
	char word[A2A_WORD_LONGEST + 1];
};

static void tour_node(struct tour *tour, struct a2a_walk walk, size_t depth)
{
	const struct a2a_lexicon *lexicon = tour->lexicon;
	uint32_t edge = 0;

	tour->word[depth] = '\0';
	if (walk.is_word)
		tour->each(tour->context, tour->word, a2a_lexicon_word(lexicon, walk));
	for (uint32_t place = first_edge(lexicon, walk.node); place && !(edge & A2A_EDGE_LAST);
		place++) {
		edge = a2a_lexicon_unit(lexicon, place);
		tour->word[depth] = a2a_lexicon_character(edge & A2A_EDGE_CODE);
		tour_node(tour,
			(struct a2a_walk){a2a_edge_target(lexicon, edge), edge & A2A_EDGE_WORD},
			depth + 1);
	}
}

void a2a_lexicon_each(const struct a2a_lexicon *lexicon,
	void (*each)(void *context, const char *word, const struct a2a_class *class), void *context)
{
	struct tour tour = {.lexicon = lexicon, .each = each, .context = context};

	tour_node(&tour, (struct a2a_walk){lexicon->root, false}, 0);
}

static void count_word(void *context, const char *word, const struct a2a_class *class)
{
	struct a2a_census *census = context;
	const size_t rows[] = {
		a2a_class_is_form(class) ? A2A_CENSUS_FORMS : class->kind, A2A_KINDS};

	(void)word;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned long *row = census->count[rows[i]];

		for (size_t language = 0; language < A2A_LANGUAGES; language++)
			row[language] += class->languages >> language & 1;
		row[A2A_CENSUS_NONE] += !(class->languages & A2A_ALL_LANGUAGES);
		row[A2A_CENSUS_ALL]++;
	}
}

void a2a_lexicon_count(const struct a2a_lexicon *lexicon, struct a2a_census *census)
{
	*census = (struct a2a_census){0};
	a2a_lexicon_each(lexicon, count_word, census);
}

const struct a2a_class *a2a_lexicon_find(const struct a2a_lexicon *lexicon, const char *word)
{
	struct a2a_walk walk = {lexicon->root, false};
	struct a2a_text text;

	if (!a2a_text_fold(&text, word, strlen(word)))
		return NULL;
	for (size_t i = 0; i < text.count; i++)
		if (!a2a_is_ascii(text.point[i]) ||
			!a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code((char)text.point[i])))
			return NULL;
	return a2a_lexicon_word(lexicon, walk);
}

bool a2a_lexicon_has_leaked(const struct a2a_lexicon *lexicon, const char *password)
{
	struct a2a_text text;
	char folded[4 * A2A_TEXT_POINTS + 1];

	return a2a_text_fold(&text, password, strlen(password)) &&
	       a2a_leaked_have(
		       &lexicon->leaked, folded, a2a_text_write(&text, folded, sizeof(folded)));
}
