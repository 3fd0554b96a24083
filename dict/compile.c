/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "compile.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "text.h"

enum { HISTORY = 3, ORDERS = HISTORY + 1, LETTERS = A2A_MODEL_LETTERS };

enum { EXIT_FAULT = 2 }; /* as of all commands */

/* Costs are rounded to 1/8 bit: words of about the same rank share what is said of them. */
enum { COST_STEP = A2A_COST_BIT / 8, MOST_BITS = 255 };

/* Nodes that one word of so many goes through are kept together. */
enum { BUSY_SHARE = 1024 };

/* Of the progress of writing, how much sorting and collecting are. */
static const double SORTED = 0.4, COLLECTED = 0.5, BUILT = 0.9;

struct entry {
	char *word;
	struct a2a_class class;
};

struct edge {
	uint32_t target; /* the number of a node */
	uint8_t code;
	bool is_word;
};

/* A node that still grows: on the way from the root to the end of the last word. */
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
	size_t entries, room;
	/* counts[k] of k + 1 letters in a row, as numbers to the base LETTERS. */
	uint32_t *counts[ORDERS];
	bool is_trained;
	uint64_t *leaked; /* fingerprints */
	size_t leaked_count, leaked_room;
	char **inputs;
	size_t input_count;
	void (*progress)(void *context, double done);
	void *context;
	/* While writing. */
	struct a2a_class *classes;
	uint32_t class_count;
	/* In the byte order of this machine; first without bitmaps, and with numbers of nodes in
	 * the place of their places. */
	uint32_t *graph;
	uint32_t unit_count;
	struct node *node; /* by their numbers, in the order of the graph; none has the number 0 */
	uint32_t node_count;
	uint32_t *table; /* open hash of their numbers; 0: free */
	uint32_t table_size;
	uint32_t scale;
	bool is_full; /* there were too many words */
};

static void *must(void *block)
{
	if (!block)
		err(EXIT_FAULT, "lexicon");
	return block;
}

static void report(const struct a2a_compiler *compiler, double done)
{
	if (compiler->progress)
		compiler->progress(compiler->context, done);
}

struct a2a_compiler *a2a_compiler_new(void (*progress)(void *context, double done), void *context)
{
	struct a2a_compiler *compiler = must(calloc(1, sizeof(*compiler)));
	size_t size = 1;

	for (size_t i = 0; i < ORDERS; i++) {
		size *= LETTERS;
		compiler->counts[i] = must(calloc(size, sizeof(uint32_t)));
	}
	compiler->progress = progress;
	compiler->context = context;
	return compiler;
}

void a2a_compiler_free(struct a2a_compiler *compiler)
{
	for (size_t i = 0; i < compiler->entries; i++)
		free(compiler->entry[i].word);
	for (size_t i = 0; i < ORDERS; i++)
		free(compiler->counts[i]);
	for (size_t i = 0; i < compiler->input_count; i++)
		free(compiler->inputs[i]);
	free(compiler->entry);
	free(compiler->inputs);
	free(compiler->leaked);
	free(compiler->classes);
	free(compiler->graph);
	free(compiler->node);
	free(compiler->table);
	free(compiler);
}

/* Folds into ASCII; false when that does not do. */
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

bool a2a_compiler_add(struct a2a_compiler *compiler, const char *word, double bits,
	enum a2a_kind kind, uint8_t languages)
{
	char folded[A2A_WORD_LONGEST + 1];
	struct entry *entry;
	unsigned cost;

	if (!fold(word, folded))
		return false;
	if (compiler->entries == compiler->room) {
		compiler->room = compiler->room ? 2 * compiler->room : 1 << 16;
		compiler->entry = must(
			reallocarray(compiler->entry, compiler->room, sizeof(*compiler->entry)));
	}
	entry = &compiler->entry[compiler->entries++];
	entry->word = must(strdup(folded));
	cost = (unsigned)rint(fmin(fmax(bits, 0), MOST_BITS) * A2A_COST_BIT);
	cost = (cost + COST_STEP / 2) / COST_STEP * COST_STEP;
	entry->class.cost_bytes[0] = (uint8_t)cost;
	entry->class.cost_bytes[1] = (uint8_t)(cost >> 8);
	entry->class.kind = (uint8_t)kind;
	entry->class.languages = languages;
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

	if (!a2a_text_fold(&text, password, strlen(password)))
		return false;
	for (size_t i = 0; i < text.count; i++)
		letters += a2a_is_letter(text.point[i]);
	length = a2a_text_write(&text, folded, sizeof(folded));
	if (length < A2A_LEAKED_SHORTEST || letters == 0 || letters == text.count ||
		compiler->leaked_count == A2A_LEAKED_MOST)
		return false;
	if (compiler->leaked_count == compiler->leaked_room) {
		compiler->leaked_room = compiler->leaked_room ? 2 * compiler->leaked_room : 1 << 16;
		compiler->leaked = must(reallocarray(
			compiler->leaked, compiler->leaked_room, sizeof(*compiler->leaked)));
	}
	compiler->leaked[compiler->leaked_count++] = a2a_leaked_fingerprint(folded, length);
	return true;
}

void a2a_compiler_train(struct a2a_compiler *compiler, const char *word, unsigned weight)
{
	char folded[A2A_WORD_LONGEST + 1];
	uint32_t history[ORDERS] = {0};

	if (!weight || !fold(word, folded))
		return;
	compiler->is_trained = true;
	for (const char *c = folded; *c; c++) {
		uint32_t number = 0, power = 1;

		memmove(history, history + 1, HISTORY * sizeof(*history));
		history[HISTORY] = a2a_model_letter(*c);
		for (size_t k = 0; k < ORDERS; k++) {
			number += history[HISTORY - k] * power;
			power *= LETTERS;
			compiler->counts[k][number] += weight;
		}
	}
}

void a2a_compiler_widen(struct a2a_compiler *compiler, uint32_t scale)
{
	compiler->scale = scale;
}

void a2a_compiler_note(struct a2a_compiler *compiler, const char *line)
{
	compiler->inputs = must(reallocarray(
		compiler->inputs, compiler->input_count + 1, sizeof(*compiler->inputs)));
	compiler->inputs[compiler->input_count++] = must(strdup(line));
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

/* Sorts; of entries with one word keeps the cheapest, with all languages. */
static void merge(struct a2a_compiler *compiler)
{
	size_t count = 0;

	if (compiler->entries)
		qsort(compiler->entry, compiler->entries, sizeof(*compiler->entry), by_word);
	for (size_t i = 0; i < compiler->entries; i++) {
		struct entry *entry = &compiler->entry[i];

		if (count && strcmp(compiler->entry[count - 1].word, entry->word) == 0) {
			compiler->entry[count - 1].class.languages |= entry->class.languages;
			free(entry->word);
		} else {
			compiler->entry[count++] = *entry;
		}
	}
	compiler->entries = count;
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

	compiler->classes = must(calloc(compiler->entries, sizeof(*compiler->classes)));
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
	compiler->is_full |= compiler->unit_count == A2A_MOST_UNITS;
	if (compiler->is_full)
		return;
	if ((compiler->unit_count & (compiler->unit_count - 1)) == 0)
		compiler->graph = must(reallocarray(compiler->graph,
			2 * (size_t)compiler->unit_count + 1, sizeof(*compiler->graph)));
	compiler->graph[compiler->unit_count++] = unit;
}

/* The units that a node takes, in `units`, its class first; returns how many. */
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

/* The units of a node that is in the graph, its class first; sets how many they are. */
static const uint32_t *units_of(const struct a2a_compiler *compiler, uint32_t number, size_t *count)
{
	const struct node *node = &compiler->node[number], *next = node + 1;
	const uint32_t start = node->place - node->has_class;
	const uint32_t end = number + 1 < compiler->node_count ? next->place - next->has_class
							       : compiler->unit_count;

	*count = end - start;
	return compiler->graph + start;
}

/* The place in the table of the node of these units, or the one where it belongs. */
static uint32_t *find_slot(
	struct a2a_compiler *compiler, const uint32_t *units, size_t count, bool has_class)
{
	/* A node with a class and one without may be of the same numbers. */
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

static void grow_table(struct a2a_compiler *compiler)
{
	free(compiler->table);
	compiler->table_size = compiler->table_size ? 2 * compiler->table_size : 1 << 12;
	compiler->table = must(calloc(compiler->table_size, sizeof(*compiler->table)));
	for (uint32_t i = 1; i < compiler->node_count; i++) {
		size_t count;
		const uint32_t *units = units_of(compiler, i, &count);

		*find_slot(compiler, units, count, compiler->node[i].has_class) = i;
	}
}

static void add_node(struct a2a_compiler *compiler, struct node node)
{
	compiler->is_full |= compiler->node_count == A2A_TARGETS;
	if (compiler->is_full)
		return;
	if ((compiler->node_count & (compiler->node_count - 1)) == 0)
		compiler->node = must(reallocarray(compiler->node,
			2 * (size_t)compiler->node_count + 1, sizeof(*compiler->node)));
	compiler->node[compiler->node_count++] = node;
}

/* The number of the node in the graph; it is put there unless an equal one is already. */
static uint32_t number_of(struct a2a_compiler *compiler, const struct open_node *node)
{
	uint32_t units[A2A_MOST_EDGES + 1], *slot;
	size_t count = encode(node, units);
	const bool has_class = node->class >= 0;

	if (compiler->is_full)
		return 0;
	if (2 * compiler->node_count >= compiler->table_size)
		grow_table(compiler);
	slot = find_slot(compiler, units, count, has_class);
	if (!*slot) {
		const uint32_t number = compiler->node_count;

		add_node(compiler, (struct node){compiler->unit_count + has_class, has_class});
		for (size_t i = 0; i < count; i++)
			put(compiler, units[i]);
		*slot = compiler->is_full ? 0 : number;
	}
	return *slot;
}

/*
 * The minimal automaton of sorted words, built as they come (Daciuk, Mihov, Watson and Watson,
 * Computational Linguistics 26, 2000): what is behind the part that two words share will not
 * change any more.
 */
static uint32_t build_graph(struct a2a_compiler *compiler)
{
	struct open_node *path = must(calloc(A2A_WORD_LONGEST + 2, sizeof(*path)));
	const char *before = "";
	size_t depth = 0;
	uint32_t root;

	put(compiler, 0);
	add_node(compiler, (struct node){0});
	path[0].class = -1;
	for (size_t i = 0; i <= compiler->entries && !compiler->is_full; i++) {
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

	/* Instead of none there is one of no code. */
	while (edge[count] & A2A_EDGE_CODE)
		if (edge[count++] & A2A_EDGE_LAST)
			break;
	return count;
}

/* How many words go through each node, by its number; the caller frees it. */
static uint32_t *count_words(const struct a2a_compiler *compiler)
{
	uint32_t *words = must(calloc(compiler->node_count, sizeof(*words)));

	for (uint32_t i = 1; i < compiler->node_count; i++) {
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
 * The numbers of all nodes, those that most words go through behind the others, by their number of
 * words: who goes through them has gone through the busier ones before, so edges still lead to
 * lower places. The caller frees it.
 */
static uint32_t *sort_nodes(const struct a2a_compiler *compiler)
{
	uint32_t *words = count_words(compiler);
	uint32_t *order = must(calloc(compiler->node_count, sizeof(*order)));
	struct busy_node *busy = must(calloc(compiler->node_count, sizeof(*busy)));
	uint32_t kept = 1, count = 0;

	for (uint32_t i = 1; i < compiler->node_count; i++) {
		if (words[i] > compiler->entries / BUSY_SHARE)
			busy[count++] = (struct busy_node){words[i], i};
		else
			order[kept++] = i;
	}
	qsort(busy, count, sizeof(*busy), by_words);
	for (uint32_t i = 0; i < count; i++)
		order[kept + i] = busy[i].node;
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

/* Fills up to where a node may stand, its class before it. */
static void align(struct a2a_compiler *compiler, bool has_class)
{
	while ((compiler->unit_count + has_class) & ((1u << compiler->scale) - 1))
		put(compiler, 0);
}

/* Puts a node behind the others, with its bitmap; `moved` says where those are that it leads to.
 * Returns where it then is. */
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

/* Puts the nodes into a new graph, in their order; returns where the root then is. */
static uint32_t put_nodes(
	struct a2a_compiler *compiler, const uint32_t *graph, const uint32_t *order, uint32_t root)
{
	uint32_t *moved = must(calloc(compiler->node_count, sizeof(*moved)));

	compiler->graph = NULL;
	compiler->unit_count = 0;
	put(compiler, 0);
	for (uint32_t i = 1; i < compiler->node_count; i++)
		moved[order[i]] = put_node(compiler, graph, &compiler->node[order[i]], moved);
	root = moved[root];
	free(moved);
	return root;
}

/* Lays the graph out anew, so that edges reach all of it; returns the place of the root. */
static uint32_t lay_out(struct a2a_compiler *compiler, uint32_t root)
{
	uint32_t *old = compiler->graph, *order = sort_nodes(compiler), place;

	for (;;) {
		place = put_nodes(compiler, old, order, root);
		if (compiler->is_full || compiler->unit_count <= (uint32_t)A2A_TARGETS
									 << compiler->scale)
			break;
		compiler->scale++;
		free(compiler->graph);
	}
	free(order);
	free(old);
	return place;
}

/* ---- The model ------------------------------------------------------------------------------- */

/*
 * What each letter costs after three others: interpolated from shorter histories with Witten and
 * Bell's weights (IEEE Transactions on Information Theory 37, 1991), in 1/16 bit.
 */
static uint8_t *build_model(const struct a2a_compiler *compiler)
{
	uint8_t *model = must(malloc(A2A_MODEL_SIZE));
	double *shorter = must(calloc(1, sizeof(double) * LETTERS));
	size_t contexts = 1;

	for (size_t letter = 0; letter < LETTERS; letter++)
		shorter[letter] = 1.0 / LETTERS;
	for (size_t k = 0; k < ORDERS; k++) {
		double *longer = must(calloc(contexts * LETTERS, sizeof(double)));

		for (size_t context = 0; context < contexts; context++) {
			const uint32_t *counts = compiler->counts[k] + context * LETTERS;
			/* The history without its oldest letter. */
			const double *back = shorter + (k ? context % (contexts / LETTERS) : 0) *
							       (k ? LETTERS : 0);
			double sum = 0, kinds = 0;

			for (size_t letter = 0; letter < LETTERS; letter++) {
				sum += counts[letter];
				kinds += counts[letter] != 0;
			}
			for (size_t letter = 0; letter < LETTERS; letter++)
				longer[context * LETTERS + letter] =
					sum > 0 ? (counts[letter] + kinds * back[letter]) /
							  (sum + kinds)
						: back[letter];
		}
		free(shorter);
		shorter = longer;
		contexts *= LETTERS;
	}
	for (size_t i = 0; i < A2A_MODEL_SIZE; i++)
		model[i] = (uint8_t)fmin(255, rint(-log2(shorter[i]) * A2A_MODEL_BIT));
	free(shorter);
	return model;
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

/* Sorts the fingerprints and drops what is there twice. */
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

/* All lines of the inputs in one text; the caller frees it. */
static char *join_inputs(struct a2a_compiler *compiler)
{
	char *text = NULL;
	size_t size;
	FILE *stream = must(open_memstream(&text, &size));

	if (compiler->input_count)
		qsort(compiler->inputs, compiler->input_count, sizeof(*compiler->inputs), by_text);
	for (size_t i = 0; i < compiler->input_count; i++)
		fprintf(stream, "%s\n", compiler->inputs[i]);
	if (fclose(stream))
		err(EXIT_FAULT, "lexicon");
	return text;
}

static unsigned char *append(unsigned char *at, const void *bytes, size_t size)
{
	if (size)
		memcpy(at, bytes, size);
	return at + size;
}

/* Opens the folder that a file is in; -1 with errno when that cannot be done. */
static int open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = must(slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("."));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = errno;

	free(folder);
	errno = error;
	return fd;
}

/* To a temporary file that takes the place of `path` when it is on the disk. */
static bool replace_file(const char *path, int folder, const void *bytes, size_t size)
{
	char *temporary = NULL;
	FILE *file = NULL;
	bool ok = false;
	int fd, error;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		err(EXIT_FAULT, "lexicon");
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		goto out;
	file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		goto out;
	}
	ok = fwrite(bytes, 1, size, file) == size && fflush(file) == 0 && fchmod(fd, 0644) == 0 &&
	     fsync(fd) == 0;
	ok = fclose(file) == 0 && ok;
	ok = ok && rename(temporary, path) == 0;
	/* There are file systems whose folders cannot be synced, and need not. */
	ok = ok && (fsync(folder) == 0 || errno == EINVAL);
out:
	error = errno;
	if (fd >= 0 && !ok)
		unlink(temporary);
	free(temporary);
	errno = error;
	return ok;
}

/* A signal that ends the program does so before the temporary file is there, or when it is gone. */
static bool write_file(const char *path, const void *bytes, size_t size)
{
	sigset_t all, before;
	int folder = open_folder(path), error;
	bool ok;

	if (folder < 0)
		return false;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	ok = replace_file(path, folder, bytes, size);
	error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(folder);
	errno = error;
	return ok;
}

/* The whole file; the caller frees it. */
static unsigned char *assemble(struct a2a_compiler *compiler, uint32_t root, size_t *size)
{
	uint8_t *model = compiler->is_trained ? build_model(compiler) : NULL;
	char *inputs = join_inputs(compiler);
	struct a2a_lexicon_header header = {
		.magic = A2A_LEXICON_MAGIC,
		.version = A2A_LEXICON_VERSION,
		.class_count = compiler->class_count,
		.unit_count = compiler->unit_count,
		.model_size = model ? A2A_MODEL_SIZE : 0,
		.input_size = (uint32_t)strlen(inputs),
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
	unsigned char *bytes, *at;

	*size = sizeof(header) + class_size + graph_size + leaked_size + header.model_size +
		header.input_size;
	header.file_size = (uint32_t)*size;
	bytes = must(calloc(1, *size));
	for (uint32_t i = 0; i < compiler->unit_count; i++)
		compiler->graph[i] = htole32(compiler->graph[i]);
	at = append(bytes + sizeof(header), compiler->classes, class_size);
	at = append(at, compiler->graph, graph_size);
	a2a_leaked_write(at, compiler->leaked, header.leaked_count);
	at += leaked_size;
	at = append(at, model, header.model_size);
	append(at, inputs, header.input_size);
	/* Twice: the checksum is over what stands behind it in the header, too. */
	a2a_lexicon_turn_header(&header);
	append(bytes, &header, sizeof(header));
	header.checksum = htole64(XXH3_64bits(bytes + summed, *size - summed));
	append(bytes, &header, sizeof(header));
	free(model);
	free(inputs);
	return bytes;
}

bool a2a_compiler_write(struct a2a_compiler *compiler, const char *path)
{
	unsigned char *bytes;
	uint32_t root;
	size_t size;
	bool ok;

	if (!compiler->entries) {
		errno = ENODATA;
		return false;
	}
	report(compiler, 0);
	merge(compiler);
	merge_leaked(compiler);
	report(compiler, SORTED);
	collect_classes(compiler);
	root = build_graph(compiler);
	if (!compiler->is_full)
		root = lay_out(compiler, root);
	if (compiler->is_full) {
		errno = E2BIG;
		return false;
	}
	report(compiler, BUILT);
	bytes = assemble(compiler, root, &size);
	ok = write_file(path, bytes, size);
	free(bytes);
	report(compiler, 1);
	return ok;
}
