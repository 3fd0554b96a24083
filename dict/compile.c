/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "compile.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "forms.h"
#include "leaked.h"
#include "replace.h"
#include "text.h"
#include "train.h"

/* Costs are rounded to 1/8 bit, so that words of about the same rank share a class. */
enum { COST_STEP = A2A_COST_BIT / 8, MOST_BITS = 255 };

/* The cost of the rarest words that get forms: of lists with ranks, and of others, whose words are
 * alike. */
enum { FORMS_MOST = 15 * A2A_COST_BIT, FORMS_MOST_ALIKE = 12 * A2A_COST_BIT };

/* A node is busy if more than one word in this many goes through it. Busy nodes stand together. */
enum { BUSY_SHARE = 1024 };

/* The share of the writing that is done after each step. */
static const double SORTED = 0.4, COLLECTED = 0.5, BUILT = 0.9;

struct entry {
	char *word;
	struct a2a_class class;
	bool is_form; /* of another word */
};

struct edge {
	uint32_t target; /* the number of a node */
	uint8_t code;
	bool is_word;
};

/* A node on the path from the root to the end of the last word. It may still get edges. */
struct open_node {
	struct edge edge[A2A_MOST_EDGES];
	unsigned count;
	int32_t class; /* -1: no word ends here */
};

/* A node of the graph. */
struct node {
	uint32_t place; /* of its first edge */
	bool has_class;
};

struct a2a_compiler {
	struct entry *entry;
	size_t entries;
	bool wants_forms;
	size_t forms_of; /* the entry whose forms are being added */
	struct a2a_trainer *trainer;
	uint64_t *leaked; /* fingerprints */
	size_t leaked_count;
	char **inputs;
	size_t input_count;
	char *kept; /* text */
	size_t kept_size, kept_room;
	/* The errno value of the first failure, or 0: ENOMEM, or E2BIG for too many words. After a
	 * failure nothing more is done, and writing fails. */
	int error;
	void (*progress)(void *context, double done);
	void *context;
	/* While writing. */
	struct a2a_class *classes;
	uint32_t class_count;
	/* The graph, in the byte order of this machine. At first its nodes have no bitmaps, and
	 * edges lead to the numbers of nodes instead of their places. */
	uint32_t *graph;
	uint32_t unit_count;
	struct node *node; /* by their numbers, in the order of the graph; none has the number 0 */
	uint32_t node_count;
	uint32_t *table; /* hash table of the nodes' numbers, with open addressing; 0: free */
	uint32_t table_size;
	uint32_t scale;
};

/* Returns `block`, which was allocated; notes the error when it is NULL. */
static void *checked(struct a2a_compiler *compiler, void *block)
{
	if (!block && !compiler->error)
		compiler->error = ENOMEM;
	return block;
}

/*
 * Returns `array`, of `count` elements of `size` bytes, with room for one more. The array is full
 * when `count` is 0 or a power of two; it is then doubled. Returns NULL, and leaves the array as it
 * was, when memory is out.
 */
static void *grown(struct a2a_compiler *compiler, void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return checked(compiler, reallocarray(array, count ? 2 * count : 1, size));
}

static void report(const struct a2a_compiler *compiler, double done)
{
	if (compiler->progress)
		compiler->progress(compiler->context, done);
}

struct a2a_compiler *a2a_compiler_new(void (*progress)(void *context, double done), void *context)
{
	struct a2a_compiler *compiler = calloc(1, sizeof(*compiler));

	if (!compiler)
		return NULL;
	compiler->trainer = a2a_trainer_new();
	compiler->progress = progress;
	compiler->context = context;
	if (compiler->trainer)
		return compiler;
	a2a_compiler_free(compiler);
	return NULL;
}

void a2a_compiler_free(struct a2a_compiler *compiler)
{
	if (!compiler)
		return;
	for (size_t i = 0; i < compiler->entries; i++)
		free(compiler->entry[i].word);
	for (size_t i = 0; i < compiler->input_count; i++)
		free(compiler->inputs[i]);
	a2a_trainer_free(compiler->trainer);
	free(compiler->entry);
	free(compiler->inputs);
	free(compiler->kept);
	free(compiler->leaked);
	free(compiler->classes);
	free(compiler->graph);
	free(compiler->node);
	free(compiler->table);
	free(compiler);
}

/* Folds a word. Returns false when a lexicon cannot hold it. */
static bool fold(const char *word, char folded[static A2A_WORD_LONGEST + 1])
{
	struct a2a_text text;
	size_t length = strlen(word);

	if (length > A2A_TEXT_BYTES || !a2a_text_fold(&text, word, length) ||
		text.count < A2A_WORD_SHORTEST || text.count > A2A_WORD_LONGEST)
		return false;
	for (size_t i = 0; i < text.count; i++) {
		if (text.point[i] >= 0x80 || !a2a_lexicon_code((char)text.point[i]))
			return false;
		folded[i] = (char)text.point[i];
	}
	folded[text.count] = '\0';
	return true;
}

static struct a2a_class make_class(double bits, enum a2a_kind kind, uint8_t languages)
{
	unsigned cost = (unsigned)rint(fmin(fmax(bits, 0), MOST_BITS) * A2A_COST_BIT);

	cost = (cost + COST_STEP / 2) / COST_STEP * COST_STEP;
	return (struct a2a_class){
		.cost_bytes = {(uint8_t)cost, (uint8_t)(cost >> 8)},
		.kind = (uint8_t)kind,
		.languages = languages,
	};
}

bool a2a_compiler_add(struct a2a_compiler *compiler, const char *word, double bits,
	enum a2a_kind kind, uint8_t languages)
{
	char folded[A2A_WORD_LONGEST + 1];
	struct entry *entry;
	char *copy;

	if (compiler->error || !fold(word, folded))
		return false;
	entry = grown(compiler, compiler->entry, compiler->entries, sizeof(*entry));
	if (!entry)
		return false;
	compiler->entry = entry;
	copy = checked(compiler, strdup(folded));
	if (!copy)
		return false;
	entry[compiler->entries++] = (struct entry){copy, make_class(bits, kind, languages), false};
	return true;
}

bool a2a_compiler_takes(const char *word)
{
	char folded[A2A_WORD_LONGEST + 1];

	return fold(word, folded);
}

bool a2a_compiler_add_leaked(struct a2a_compiler *compiler, const char *password)
{
	struct a2a_text text;
	char folded[4 * A2A_TEXT_POINTS + 1];
	size_t letters = 0, length;
	uint64_t *leaked;

	if (compiler->error || !a2a_text_fold(&text, password, strlen(password)))
		return false;
	for (size_t i = 0; i < text.count; i++)
		letters += a2a_is_letter(text.point[i]);
	length = a2a_text_write(&text, folded, sizeof(folded));
	if (length < A2A_LEAKED_SHORTEST || letters == 0 || letters == text.count ||
		compiler->leaked_count == A2A_LEAKED_MOST)
		return false;
	leaked = grown(compiler, compiler->leaked, compiler->leaked_count, sizeof(*leaked));
	if (!leaked)
		return false;
	compiler->leaked = leaked;
	leaked[compiler->leaked_count++] = a2a_leaked_fingerprint(folded, length);
	return true;
}

void a2a_compiler_want_forms(struct a2a_compiler *compiler)
{
	compiler->wants_forms = true;
}

void a2a_compiler_train(struct a2a_compiler *compiler, const char *word, unsigned weight)
{
	char folded[A2A_WORD_LONGEST + 1];

	if (weight && fold(word, folded))
		a2a_trainer_learn(compiler->trainer, folded, weight);
}

void a2a_compiler_widen(struct a2a_compiler *compiler, uint32_t scale)
{
	compiler->scale = scale;
}

void a2a_compiler_note(struct a2a_compiler *compiler, const char *line)
{
	char **inputs = grown(compiler, compiler->inputs, compiler->input_count, sizeof(*inputs));
	char *copy = checked(compiler, strdup(line));

	if (inputs)
		compiler->inputs = inputs;
	if (inputs && copy)
		inputs[compiler->input_count++] = copy;
	else
		free(copy);
}

void a2a_compiler_keep(struct a2a_compiler *compiler, const char *line)
{
	const size_t length = strlen(line), needed = compiler->kept_size + length + 1;

	if (needed > compiler->kept_room) {
		char *larger = checked(compiler, reallocarray(compiler->kept, 2, needed));

		if (!larger)
			return;
		compiler->kept = larger;
		compiler->kept_room = 2 * needed;
	}
	memcpy(compiler->kept + compiler->kept_size, line, length);
	compiler->kept[needed - 1] = '\n';
	compiler->kept_size = needed;
}

char *a2a_kept_path(const char *path)
{
	char *kept = NULL;

	if (asprintf(&kept, "%s.source", path) >= 0)
		return kept;
	errno = ENOMEM;
	return NULL;
}

/* ---- Words ----------------------------------------------------------------------------------- */

static int by_word(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = strcmp(a->word, b->word);

	if (order)
		return order;
	if (a2a_class_cost(&a->class) != a2a_class_cost(&b->class))
		return a2a_class_cost(&a->class) < a2a_class_cost(&b->class) ? -1 : 1;
	return a->class.kind - b->class.kind;
}

/* Sorts the entries. Of several entries with the same word, keeps the cheapest, with the languages
 * of all of them. A form of a word never hides that its letters are a word themselves. */
static void merge(struct a2a_compiler *compiler)
{
	size_t count = 0;

	if (compiler->entries)
		qsort(compiler->entry, compiler->entries, sizeof(*compiler->entry), by_word);
	for (size_t i = 0; i < compiler->entries; i++) {
		struct entry *entry = &compiler->entry[i];

		if (count && strcmp(compiler->entry[count - 1].word, entry->word) == 0) {
			struct entry *kept = &compiler->entry[count - 1];

			kept->class.languages |= entry->class.languages;
			if (kept->is_form && !entry->is_form) {
				kept->class.kind = entry->class.kind;
				kept->is_form = false;
			}
			free(entry->word);
		} else {
			compiler->entry[count++] = *entry;
		}
	}
	compiler->entries = count;
}

static bool add_form(void *context, const char *form, double bits)
{
	struct a2a_compiler *compiler = context;
	const struct entry *word = &compiler->entry[compiler->forms_of];

	bits += (double)a2a_class_cost(&word->class) / A2A_COST_BIT;
	if (!a2a_compiler_add(compiler, form, bits, A2A_WORD, 0))
		return !compiler->error;
	compiler->entry[compiler->entries - 1].is_form = true;
	return true;
}

static bool has_forms(const struct a2a_class *class)
{
	const bool has_rank = class->kind == A2A_PASSWORD || class->kind == A2A_WORD;

	return a2a_class_cost(class) <= (has_rank ? FORMS_MOST : FORMS_MOST_ALIKE);
}

/* Adds the forms of the common words. An attacker does not try those of rare ones before a password
 * is strong in any case. */
static bool add_forms(struct a2a_compiler *compiler)
{
	const size_t words = compiler->entries;

	for (compiler->forms_of = 0; compiler->forms_of < words; compiler->forms_of++) {
		const struct entry *entry = &compiler->entry[compiler->forms_of];

		if (has_forms(&entry->class) && !a2a_forms_each(entry->word, add_form, compiler))
			return false;
	}
	return true;
}

static uint32_t class_key(const struct a2a_class *class)
{
	return (uint32_t)a2a_class_cost(class) << 16 | (uint32_t) class->kind << 8 |
	       class->languages;
}

static int by_key(const void *left, const void *right)
{
	uint32_t a = class_key(left), b = class_key(right);

	return (a > b) - (a < b);
}

static void collect_classes(struct a2a_compiler *compiler)
{
	size_t count = 0;

	compiler->classes =
		checked(compiler, calloc(compiler->entries, sizeof(*compiler->classes)));
	if (!compiler->classes)
		return;
	for (size_t i = 0; i < compiler->entries; i++)
		compiler->classes[i] = compiler->entry[i].class;
	qsort(compiler->classes, compiler->entries, sizeof(*compiler->classes), by_key);
	for (size_t i = 0; i < compiler->entries; i++)
		if (!count || by_key(&compiler->classes[count - 1], &compiler->classes[i]))
			compiler->classes[count++] = compiler->classes[i];
	compiler->class_count = (uint32_t)count;
}

static int32_t find_class(const struct a2a_compiler *compiler, const struct a2a_class *class)
{
	const struct a2a_class *found = bsearch(class, compiler->classes, compiler->class_count,
		sizeof(*compiler->classes), by_key);

	return (int32_t)(found - compiler->classes);
}

/* ---- The graph ------------------------------------------------------------------------------- */

static void put(struct a2a_compiler *compiler, uint32_t unit)
{
	uint32_t *graph;

	if (!compiler->error && compiler->unit_count == A2A_MOST_UNITS)
		compiler->error = E2BIG;
	if (compiler->error)
		return;
	graph = grown(compiler, compiler->graph, compiler->unit_count, sizeof(*graph));
	if (!graph)
		return;
	compiler->graph = graph;
	graph[compiler->unit_count++] = unit;
}

/* Writes the units of a node to `units`, its class first; returns their number. */
static size_t encode(const struct open_node *node, uint32_t units[static A2A_MOST_EDGES + 1])
{
	size_t count = 0;

	if (node->class >= 0)
		units[count++] = (uint32_t)node->class;
	if (node->count == 0)
		units[count++] = A2A_EDGE_LAST;
	for (unsigned i = 0; i < node->count; i++)
		units[count++] = node->edge[i].target << A2A_EDGE_SHIFT |
				 (node->edge[i].is_word ? A2A_EDGE_WORD : 0) |
				 (i + 1 == node->count ? A2A_EDGE_LAST : 0) | node->edge[i].code;
	return count;
}

/* Returns the units of a node that is in the graph, its class first; sets `*count` to their number.
 */
static const uint32_t *units_of(const struct a2a_compiler *compiler, uint32_t number, size_t *count)
{
	const struct node *node = &compiler->node[number], *next = node + 1;
	const uint32_t start = node->place - node->has_class;
	const uint32_t end = number + 1 < compiler->node_count ? next->place - next->has_class
							       : compiler->unit_count;

	*count = end - start;
	return compiler->graph + start;
}

/* Returns the slot of the table that holds the node with these units, or the free slot for it. */
static uint32_t *find_slot(
	struct a2a_compiler *compiler, const uint32_t *units, size_t count, bool has_class)
{
	/* A node with a class and one without may have the same units. */
	uint64_t hash = XXH3_64bits_withSeed(units, count * sizeof(*units), has_class);
	uint32_t mask = compiler->table_size - 1;

	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &compiler->table[i];
		const uint32_t *there;
		size_t count_there;

		if (!*slot)
			return slot;
		there = units_of(compiler, *slot, &count_there);
		if (compiler->node[*slot].has_class == has_class && count_there == count &&
			memcmp(there, units, count * sizeof(*units)) == 0)
			return slot;
	}
}

static bool grow_table(struct a2a_compiler *compiler)
{
	const uint32_t size = compiler->table_size ? 2 * compiler->table_size : 1 << 12;
	uint32_t *table = checked(compiler, calloc(size, sizeof(*table)));

	if (!table)
		return false;
	free(compiler->table);
	compiler->table = table;
	compiler->table_size = size;
	for (uint32_t i = 1; i < compiler->node_count; i++) {
		size_t count;
		const uint32_t *units = units_of(compiler, i, &count);

		*find_slot(compiler, units, count, compiler->node[i].has_class) = i;
	}
	return true;
}

static void add_node(struct a2a_compiler *compiler, struct node node)
{
	struct node *nodes;

	if (!compiler->error && compiler->node_count == A2A_TARGETS)
		compiler->error = E2BIG;
	if (compiler->error)
		return;
	nodes = grown(compiler, compiler->node, compiler->node_count, sizeof(*nodes));
	if (!nodes)
		return;
	compiler->node = nodes;
	nodes[compiler->node_count++] = node;
}

/* Returns the number of the node in the graph that equals this one. Adds this one if there is none.
 */
static uint32_t number_of(struct a2a_compiler *compiler, const struct open_node *node)
{
	uint32_t units[A2A_MOST_EDGES + 1], *slot;
	size_t count = encode(node, units);
	const bool has_class = node->class >= 0;

	if (compiler->error)
		return 0;
	if (2 * compiler->node_count >= compiler->table_size && !grow_table(compiler))
		return 0;
	slot = find_slot(compiler, units, count, has_class);
	if (!*slot) {
		const uint32_t number = compiler->node_count;

		add_node(compiler, (struct node){compiler->unit_count + has_class, has_class});
		for (size_t i = 0; i < count; i++)
			put(compiler, units[i]);
		*slot = compiler->error ? 0 : number;
	}
	return *slot;
}

/*
 * Builds the minimal automaton of the sorted words, one after the other (Daciuk, Mihov, Watson and
 * Watson, Computational Linguistics 26, 2000): once the next word is known, the nodes behind the
 * prefix that both words share are complete. Returns the number of the root.
 */
static uint32_t build_graph(struct a2a_compiler *compiler)
{
	struct open_node *path = checked(compiler, calloc(A2A_WORD_LONGEST + 2, sizeof(*path)));
	const char *before = "";
	size_t depth = 0;
	uint32_t root;

	if (!path)
		return 0;
	put(compiler, 0);
	add_node(compiler, (struct node){0});
	path[0].class = -1;
	for (size_t i = 0; i <= compiler->entries && !compiler->error; i++) {
		const char *word = i < compiler->entries ? compiler->entry[i].word : "";
		size_t shared = 0;

		if (i % 4096 == 0)
			report(compiler, COLLECTED + (BUILT - COLLECTED) * (double)i /
							     (double)compiler->entries);
		while (word[shared] && word[shared] == before[shared])
			shared++;
		for (; depth > shared; depth--) {
			struct edge *edge = &path[depth - 1].edge[path[depth - 1].count - 1];

			edge->is_word = path[depth].class >= 0;
			edge->target = number_of(compiler, &path[depth]);
		}
		for (; word[depth]; depth++) {
			path[depth].edge[path[depth].count++].code = a2a_lexicon_code(word[depth]);
			path[depth + 1].count = 0;
			path[depth + 1].class = -1;
		}
		if (i < compiler->entries)
			path[depth].class = find_class(compiler, &compiler->entry[i].class);
		before = word;
	}
	root = number_of(compiler, &path[0]);
	free(path);
	return root;
}

/* ---- Its layout ------------------------------------------------------------------------------ */

/* A node that many words go through, and its number. */
struct busy_node {
	uint32_t words, node;
};

static size_t count_edges(const uint32_t *edge)
{
	size_t count = 0;

	/* A node without edges has one unit, with code 0. */
	while (edge[count] & A2A_EDGE_CODE)
		if (edge[count++] & A2A_EDGE_LAST)
			break;
	return count;
}

/* Counts the words that go through each node. Returns the counts by the nodes' numbers; the caller
 * frees them. Returns NULL when memory is out. */
static uint32_t *count_words(struct a2a_compiler *compiler)
{
	uint32_t *words = checked(compiler, calloc(compiler->node_count, sizeof(*words)));

	for (uint32_t i = 1; words && i < compiler->node_count; i++) {
		const uint32_t *edge = compiler->graph + compiler->node[i].place;

		words[i] = compiler->node[i].has_class;
		for (size_t left = count_edges(edge); left > 0; left--)
			words[i] += words[edge[left - 1] >> A2A_EDGE_SHIFT];
	}
	return words;
}

static int by_words(const void *left, const void *right)
{
	const struct busy_node *a = left, *b = right;

	if (a->words != b->words)
		return a->words < b->words ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

/*
 * Returns the numbers of all nodes in the order in which the file has them: the busy ones last, by
 * their number of words. A word goes through the busier nodes first, so edges still lead to lower
 * places. The caller frees the numbers. Returns NULL when memory is out.
 */
static uint32_t *sort_nodes(struct a2a_compiler *compiler)
{
	uint32_t *words = count_words(compiler);
	uint32_t *order = checked(compiler, calloc(compiler->node_count, sizeof(*order)));
	struct busy_node *busy = checked(compiler, calloc(compiler->node_count, sizeof(*busy)));
	uint32_t kept = 1, count = 0;

	if (compiler->error) {
		free(order);
		order = NULL;
		goto out;
	}
	for (uint32_t i = 1; i < compiler->node_count; i++) {
		if (words[i] > compiler->entries / BUSY_SHARE)
			busy[count++] = (struct busy_node){words[i], i};
		else
			order[kept++] = i;
	}
	qsort(busy, count, sizeof(*busy), by_words);
	for (uint32_t i = 0; i < count; i++)
		order[kept + i] = busy[i].node;
out:
	free(busy);
	free(words);
	return order;
}

static void put_bitmap(struct a2a_compiler *compiler, const uint32_t *edge, size_t count)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < count; i++)
		bits |= UINT64_C(1) << (edge[i] & A2A_EDGE_CODE);
	put(compiler, 0);
	put(compiler, (uint32_t)bits);
	put(compiler, (uint32_t)(bits >> 32));
}

/* Adds padding, so that the next node stands at a multiple of 1 << `scale`, with its class before
 * it. */
static void align(struct a2a_compiler *compiler, bool has_class)
{
	while ((compiler->unit_count + has_class) & ((1u << compiler->scale) - 1))
		put(compiler, 0);
}

/* Puts a node behind the others, with its bitmap. `moved` has the places of the nodes to which its
 * edges lead. Returns its place. */
static uint32_t put_node(struct a2a_compiler *compiler, const uint32_t *graph,
	const struct node *node, const uint32_t *moved)
{
	const uint32_t *edge = graph + node->place;
	const size_t count = count_edges(edge);
	uint32_t place;

	align(compiler, node->has_class);
	if (node->has_class)
		put(compiler, edge[-1]);
	place = compiler->unit_count;
	if (count == 0)
		put(compiler, A2A_EDGE_LAST);
	else if (count > A2A_FEW_EDGES)
		put_bitmap(compiler, edge, count);
	for (size_t i = 0; i < count; i++)
		put(compiler,
			moved[edge[i] >> A2A_EDGE_SHIFT] >> compiler->scale << A2A_EDGE_SHIFT |
				(edge[i] & ((1 << A2A_EDGE_SHIFT) - 1)));
	return place;
}

/* Puts the nodes of `graph` into a new one, in the given order; returns the place of the root. */
static uint32_t put_nodes(
	struct a2a_compiler *compiler, const uint32_t *graph, const uint32_t *order, uint32_t root)
{
	uint32_t *moved = checked(compiler, calloc(compiler->node_count, sizeof(*moved)));

	if (!moved)
		return 0;
	put(compiler, 0);
	for (uint32_t i = 1; i < compiler->node_count; i++)
		moved[order[i]] = put_node(compiler, graph, &compiler->node[order[i]], moved);
	root = moved[root];
	free(moved);
	return root;
}

/* Lays the graph out for the file, with the scale that it needs; returns the place of the root. */
static uint32_t lay_out(struct a2a_compiler *compiler, uint32_t root)
{
	uint32_t *old = compiler->graph, *order = sort_nodes(compiler), place = 0;

	compiler->graph = NULL;
	while (!compiler->error) {
		compiler->unit_count = 0;
		place = put_nodes(compiler, old, order, root);
		if (compiler->error || compiler->unit_count <= (uint32_t)A2A_TARGETS
								       << compiler->scale)
			break;
		compiler->scale++;
		free(compiler->graph);
		compiler->graph = NULL;
	}
	free(order);
	free(old);
	return place;
}

/* ---- The file -------------------------------------------------------------------------------- */

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static int by_number(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Sorts the fingerprints and drops duplicates. */
static void merge_leaked(struct a2a_compiler *compiler)
{
	size_t count = 0;

	if (compiler->leaked_count)
		qsort(compiler->leaked, compiler->leaked_count, sizeof(*compiler->leaked),
			by_number);
	for (size_t i = 0; i < compiler->leaked_count; i++)
		if (!count || compiler->leaked[count - 1] != compiler->leaked[i])
			compiler->leaked[count++] = compiler->leaked[i];
	compiler->leaked_count = count;
}

/* Joins all lines about the inputs into one text, which the caller frees. Returns NULL when memory
 * is out. */
static char *join_inputs(struct a2a_compiler *compiler)
{
	size_t size = 1;
	char *text, *end;

	if (compiler->input_count)
		qsort(compiler->inputs, compiler->input_count, sizeof(*compiler->inputs), by_text);
	for (size_t i = 0; i < compiler->input_count; i++)
		size += strlen(compiler->inputs[i]) + strlen("\n");
	end = text = checked(compiler, calloc(1, size));
	for (size_t i = 0; text && i < compiler->input_count; i++)
		end = stpcpy(stpcpy(end, compiler->inputs[i]), "\n");
	return text;
}

static unsigned char *append(unsigned char *at, const void *bytes, size_t size)
{
	if (size)
		memcpy(at, bytes, size);
	return at + size;
}

/* Returns the whole file, which the caller frees, or NULL when memory is out. */
static unsigned char *assemble(struct a2a_compiler *compiler, uint32_t root, size_t *size)
{
	const bool has_model = a2a_trainer_has_learnt(compiler->trainer);
	uint8_t *model = has_model ? checked(compiler, a2a_trainer_build(compiler->trainer)) : NULL;
	char *inputs = join_inputs(compiler);
	struct a2a_lexicon_header header = {
		.magic = A2A_LEXICON_MAGIC,
		.version = A2A_LEXICON_VERSION,
		.class_count = compiler->class_count,
		.unit_count = compiler->unit_count,
		.model_size = has_model ? A2A_MODEL_SIZE : 0,
		.input_size = inputs ? (uint32_t)strlen(inputs) : 0,
		.word_count = (uint32_t)compiler->entries,
		.root = root,
		.leaked_count = (uint32_t)compiler->leaked_count,
		.scale = compiler->scale,
	};
	const size_t class_size = header.class_count * sizeof(struct a2a_class);
	const size_t graph_size = header.unit_count * sizeof(uint32_t);
	const size_t leaked_size = a2a_leaked_size(header.leaked_count);
	const size_t summed =
		offsetof(struct a2a_lexicon_header, checksum) + sizeof(header.checksum);
	unsigned char *bytes = NULL, *at;

	if (compiler->error)
		goto out;
	*size = sizeof(header) + class_size + graph_size + leaked_size + header.model_size +
		header.input_size;
	header.file_size = (uint32_t)*size;
	bytes = checked(compiler, calloc(1, *size));
	if (!bytes)
		goto out;
	for (uint32_t i = 0; i < compiler->unit_count; i++)
		compiler->graph[i] = htole32(compiler->graph[i]);
	at = append(bytes + sizeof(header), compiler->classes, class_size);
	at = append(at, compiler->graph, graph_size);
	a2a_leaked_write(at, compiler->leaked, header.leaked_count);
	at += leaked_size;
	at = append(at, model, header.model_size);
	append(at, inputs, header.input_size);
	/* The header is written twice, because the checksum covers the part of the header behind
	 * it. */
	a2a_lexicon_turn_header(&header);
	append(bytes, &header, sizeof(header));
	header.checksum = htole64(XXH3_64bits(bytes + summed, *size - summed));
	append(bytes, &header, sizeof(header));
out:
	free(model);
	free(inputs);
	return bytes;
}

/* Makes the whole file, which the caller frees. Returns NULL on failure; compiler->error says why.
 */
static unsigned char *make_file(struct a2a_compiler *compiler, size_t *size)
{
	unsigned char *bytes = NULL;
	uint32_t root = 0;

	merge(compiler);
	if (compiler->wants_forms && add_forms(compiler))
		merge(compiler);
	merge_leaked(compiler);
	report(compiler, SORTED);
	collect_classes(compiler);
	if (!compiler->error)
		root = build_graph(compiler);
	if (!compiler->error)
		root = lay_out(compiler, root);
	if (!compiler->error) {
		report(compiler, BUILT);
		bytes = assemble(compiler, root, size);
	}
	return bytes;
}

/* Writes the lexicon, and the text that is kept beside it, if there is any. */
static bool write_files(
	const struct a2a_compiler *compiler, const char *path, const void *bytes, size_t size)
{
	char *kept = compiler->kept ? a2a_kept_path(path) : NULL;
	const struct a2a_replacement files[] = {
		{kept, compiler->kept, compiler->kept_size},
		{path, bytes, size},
	};
	bool ok = !compiler->kept || kept;

	/* If the machine stops between the two, the text is the newer one. */
	ok = ok && a2a_replace(files + (kept ? 0 : 1), kept ? 2 : 1);
	free(kept); /* free() keeps errno (glibc 2.33) */
	return ok;
}

bool a2a_compiler_write(struct a2a_compiler *compiler, const char *path)
{
	unsigned char *bytes = NULL;
	size_t size = 0;
	bool ok;

	if (!compiler->entries && !compiler->error) {
		errno = ENODATA;
		return false;
	}
	if (!compiler->error) {
		report(compiler, 0);
		bytes = make_file(compiler, &size);
	}
	if (!bytes) {
		errno = compiler->error;
		return false;
	}
	ok = write_files(compiler, path, bytes, size);
	free(bytes);
	if (ok)
		report(compiler, 1);
	return ok;
}
