/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests the lexicon: the reader finds the words that the writer put in, and nothing else. Damaged
 * files are refused. Forged files are not read outside of their bytes, and the full check refuses
 * them.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <endian.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "compile.h"
#include "inspect.h"
#include "sources.h"
#include "text.h"
#include "words.h"

enum { BEHIND_CHECKSUM = offsetof(struct a2a_lexicon_header, checksum) + sizeof(uint64_t) };

/* Random numbers that are the same in every run (Marsaglia's xorshift). */
static uint32_t random_state;

static uint32_t draw(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

/* A word that is put in, folded, and its class. */
struct entry {
	char word[16];
	double bits;
	enum a2a_kind kind;
	uint8_t languages;
};

/* A file in an allocation of exactly its size, so that a sanitizer sees a read past the end. */
struct image {
	unsigned char *bytes;
	size_t size;
};

static struct image finish(struct a2a_compiler *compiler)
{
	char *folder = new_folder(), *path = NULL;
	struct image image;
	unsigned char *bytes;

	assert_true(asprintf(&path, "%s/lexicon", folder) > 0);
	assert_true(a2a_compiler_write(compiler, path));
	a2a_compiler_free(compiler);
	bytes = read_file(path, &image.size);
	image.bytes = malloc(image.size);
	memcpy(image.bytes, bytes, image.size);
	free(bytes);
	free(path);
	remove_folder(folder);
	return image;
}

static struct image compile_wide(const struct entry *entries, size_t count, uint32_t scale)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	a2a_compiler_widen(compiler, scale);
	for (size_t i = 0; i < count; i++)
		assert_true(a2a_compiler_add(compiler, entries[i].word, entries[i].bits,
			entries[i].kind, entries[i].languages));
	a2a_compiler_note(compiler, "a list");
	return finish(compiler);
}

static struct image compile(const struct entry *entries, size_t count)
{
	return compile_wide(entries, count, 0);
}

/* Short words of few letters, so that many are equal or have common parts. */
static struct entry draw_entry(void)
{
	static const char letters[] = "abcde1!~";
	struct entry entry = {
		.bits = draw(200) / 8.0,
		.kind = (enum a2a_kind)draw(A2A_KINDS),
		.languages = (uint8_t)draw(A2A_ALL_LANGUAGES + 1),
	};
	size_t length = A2A_WORD_SHORTEST + draw(7);

	for (size_t i = 0; i < length; i++)
		entry.word[i] = letters[draw(sizeof(letters) - 1)];
	return entry;
}

static const struct a2a_class *look_up(const struct a2a_lexicon *lexicon, const char *word)
{
	struct a2a_walk walk = {lexicon->root, false};

	for (; *word; word++)
		if (!a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code(*word)))
			return NULL;
	return a2a_lexicon_word(lexicon, walk);
}

static int by_word(const void *left, const void *right)
{
	return strcmp(((const struct entry *)left)->word, ((const struct entry *)right)->word);
}

/* Sets the class that the lexicon must have for a word, from the sorted entries. Returns false if
 * it must have none. */
static bool expect(
	const struct entry *entries, size_t count, const char *word, struct a2a_class *class)
{
	struct entry key = {0};
	const struct entry *found, *end = entries + count;
	double bits = INFINITY;

	strcpy(key.word, word);
	found = bsearch(&key, entries, count, sizeof(key), by_word);
	*class = (struct a2a_class){0};
	if (!found)
		return false;
	while (found > entries && strcmp(found[-1].word, word) == 0)
		found--;
	for (; found < end && strcmp(found->word, word) == 0; found++) {
		class->languages |= found->languages;
		if (found->bits > bits || (found->bits == bits && found->kind >= class->kind))
			continue;
		bits = found->bits;
		class->kind = (uint8_t)found->kind;
		class->cost_bytes[0] = (uint8_t)lrint(bits * A2A_COST_BIT);
		class->cost_bytes[1] = (uint8_t)(lrint(bits * A2A_COST_BIT) >> 8);
	}
	return true;
}

static void check_word(const struct a2a_lexicon *lexicon, const struct entry *entries, size_t count,
	const char *word)
{
	struct a2a_class wanted;
	const struct a2a_class *class = look_up(lexicon, word);
	bool is_there = expect(entries, count, word, &wanted);

	if (is_there != (class != NULL))
		fail_msg("%s is %sfound", word, class ? "" : "not ");
	if (class && memcmp(class, &wanted, sizeof(wanted)) != 0)
		fail_msg("%s: cost %u for %u, kind %u for %u, languages %u for %u", word,
			a2a_class_cost(class), a2a_class_cost(&wanted), class->kind, wanted.kind,
			class->languages, wanted.languages);
}

static void check_lexicon(const struct entry *entries, size_t count, struct image image)
{
	struct a2a_lexicon lexicon;
	size_t misses = 0;

	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_null(a2a_lexicon_verify(&lexicon));
	for (size_t i = 0; i < count; i++) {
		char cut[16], longer[17];

		check_word(&lexicon, entries, count, entries[i].word);
		strcpy(cut, entries[i].word);
		cut[strlen(cut) - 1] = '\0';
		check_word(&lexicon, entries, count, cut);
		snprintf(longer, sizeof(longer), "%.13s%c", entries[i].word, "ae~"[i % 3]);
		check_word(&lexicon, entries, count, longer);
	}
	for (size_t i = 0; i < 5000; i++) {
		struct entry other = draw_entry();

		check_word(&lexicon, entries, count, other.word);
		misses += !look_up(&lexicon, other.word);
	}
	assert_true(misses > 1000);
}

static void what_was_put_in_is_found_and_nothing_else(void **state)
{
	static const size_t counts[] = {1, 2, 3, 10, 100, 1000, 10000};

	(void)state;
	random_state = 1;
	for (size_t round = 0; round < sizeof(counts) / sizeof(counts[0]); round++) {
		size_t count = counts[round];
		struct entry *entries = calloc(count, sizeof(*entries));

		for (size_t i = 0; i < count; i++)
			entries[i] = draw_entry();
		qsort(entries, count, sizeof(*entries), by_word);
		for (uint32_t scale = 0; scale <= A2A_MOST_SCALE; scale++) {
			struct image image = compile_wide(entries, count, scale);

			check_lexicon(entries, count, image);
			free(image.bytes);
		}
		free(entries);
	}
}

/* The test sets the scale itself: a lexicon with more places than 24 bits can number would be too
 * large. */
static void nodes_of_a_large_lexicon_stand_at_multiples(void **state)
{
	enum { COUNT = 1000 };
	struct entry entries[COUNT];
	uint32_t before = 0;

	(void)state;
	random_state = 4;
	for (size_t i = 0; i < COUNT; i++)
		entries[i] = draw_entry();
	for (uint32_t scale = 0; scale <= A2A_MOST_SCALE; scale++) {
		struct image image = compile_wide(entries, COUNT, scale);
		struct a2a_lexicon lexicon;

		assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
		assert_int_equal(lexicon.scale, scale);
		assert_true(lexicon.unit_count > before);
		before = lexicon.unit_count;
		for (size_t i = 0; i < COUNT; i++) {
			struct a2a_walk walk = {lexicon.root, false};

			for (const char *c = entries[i].word; *c; c++) {
				assert_int_equal(walk.node % (1u << scale), 0);
				assert_true(
					a2a_lexicon_step(&lexicon, &walk, a2a_lexicon_code(*c)));
			}
		}
		free(image.bytes);
	}
}

static void the_order_of_additions_does_not_matter(void **state)
{
	enum { COUNT = 3000 };
	struct entry entries[COUNT];
	struct image first = {0};

	(void)state;
	random_state = 2;
	for (size_t i = 0; i < COUNT; i++)
		entries[i] = draw_entry();
	for (size_t round = 0; round < 4; round++) {
		struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);
		struct image image;

		for (size_t i = 0; i < COUNT; i++) {
			char note[32];

			a2a_compiler_add(compiler, entries[i].word, entries[i].bits,
				entries[i].kind, entries[i].languages);
			a2a_compiler_train(compiler, entries[i].word, 1 + entries[i].languages);
			snprintf(note, sizeof(note), "%.15s %d", entries[i].word,
				entries[i].languages);
			a2a_compiler_note(compiler, note);
		}
		image = finish(compiler);
		if (round) {
			assert_int_equal(image.size, first.size);
			assert_memory_equal(image.bytes, first.bytes, image.size);
			free(image.bytes);
		} else {
			first = image;
		}
		for (size_t i = COUNT - 1; i > 0; i--) {
			size_t other = draw((uint32_t)i + 1);
			struct entry entry = entries[i];

			entries[i] = entries[other];
			entries[other] = entry;
		}
	}
	free(first.bytes);
}

static void words_are_folded_and_others_refused(void **state)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);
	char word[A2A_WORD_LONGEST + 2];
	struct a2a_lexicon lexicon;
	struct image image;

	(void)state;
	memset(word, 'x', sizeof(word));
	word[A2A_WORD_LONGEST + 1] = '\0';
	assert_false(a2a_compiler_add(compiler, word, 1, A2A_OWN, 0));
	word[A2A_WORD_LONGEST] = '\0';
	assert_true(a2a_compiler_add(compiler, word, 1, A2A_OWN, 0));
	assert_true(a2a_compiler_add(compiler, "Étalonnage", 1, A2A_OWN, 0));
	assert_true(a2a_compiler_add(compiler, "Straße", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_add(compiler, "é", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_add(compiler, "", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_add(compiler, "two words", 1, A2A_OWN, 0));
	assert_true(a2a_compiler_add(compiler, "слово", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_add(compiler, "密码", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_add(compiler, "\xff\xfe\xfd", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_add(compiler, "a|b", 1, A2A_OWN, 0));
	assert_false(a2a_compiler_takes("i<3you"));
	image = finish(compiler);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_int_equal(lexicon.word_count, 4);
	assert_non_null(look_up(&lexicon, word));
	assert_non_null(look_up(&lexicon, "slovo"));
	assert_non_null(look_up(&lexicon, "etalonnage"));
	assert_non_null(look_up(&lexicon, "strasse"));
	assert_null(a2a_lexicon_verify(&lexicon));
	free(image.bytes);
}

static void characters_have_codes_in_their_order(void **state)
{
	uint8_t before = 0;

	(void)state;
	for (int c = 0; c < 256; c++) {
		uint8_t code = a2a_lexicon_code((char)c);
		bool is_left_out = (c >= 'A' && c <= 'Z') || (c && strchr("<>{|}", c));

		assert_int_equal(code != 0, c > ' ' && c < 0x7f && !is_left_out);
		if (!code)
			continue;
		assert_int_equal(code, before + 1);
		assert_int_equal(a2a_lexicon_character(code), c);
		before = code;
	}
	assert_int_equal(before, A2A_MOST_EDGES);
}

/* Words of two characters, of which the first has one of `count` codes from `first` on. */
static struct image make_fan(uint8_t first, uint8_t count)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	for (uint8_t code = first; code < first + count; code++) {
		char word[] = {a2a_lexicon_character(code), 'x', '\0'};

		assert_true(a2a_compiler_add(compiler, word, code, A2A_OWN, 0));
	}
	return finish(compiler);
}

static void nodes_have_up_to_all_characters(void **state)
{
	(void)state;
	for (uint8_t count = 1; count <= A2A_MOST_EDGES; count++) {
		uint8_t first = (uint8_t)(1 + (A2A_MOST_EDGES - count) * (count % 3) / 2);
		struct image image = make_fan(first, count);
		struct a2a_lexicon lexicon;

		assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
		assert_null(a2a_lexicon_verify(&lexicon));
		/* A node with many edges has a bitmap. */
		assert_int_equal(
			a2a_lexicon_unit(&lexicon, lexicon.root) == 0, count > A2A_FEW_EDGES);
		for (uint8_t code = 1; code <= A2A_MOST_EDGES; code++) {
			char word[] = {a2a_lexicon_character(code), 'x', '\0'};
			const struct a2a_class *class = look_up(&lexicon, word);

			assert_int_equal(class != NULL, code >= first && code < first + count);
			if (class)
				assert_int_equal(a2a_class_cost(class), code * A2A_COST_BIT);
		}
		free(image.bytes);
	}
}

static void costs_end_at_both_ends(void **state)
{
	const struct entry entries[] = {{"below", -5, A2A_OWN, 0}, {"above", 1e9, A2A_OWN, 0},
		{"between", 10.1, A2A_OWN, 0}};
	struct image image = compile(entries, 3);
	struct a2a_lexicon lexicon;

	(void)state;
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_int_equal(a2a_class_cost(look_up(&lexicon, "below")), 0);
	assert_int_equal(a2a_class_cost(look_up(&lexicon, "above")), 255 * A2A_COST_BIT);
	/* The cost is rounded to 1/8 bit. */
	assert_int_equal(
		a2a_class_cost(look_up(&lexicon, "between")), 10 * A2A_COST_BIT + A2A_COST_BIT / 8);
	free(image.bytes);
}

/* ---- The model ------------------------------------------------------------------------------- */

static struct image small_lexicon_with_model(void)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	assert_true(a2a_compiler_add(compiler, "abcd", 1, A2A_WORD, (1 << A2A_FRENCH)));
	a2a_compiler_train(compiler, "abcd", 10);
	a2a_compiler_train(compiler, "abxy12", 1);
	return finish(compiler);
}

static unsigned cost(const struct a2a_lexicon *lexicon, const char four[static 4])
{
	uint32_t number = 0;

	for (size_t i = 0; i < 4; i++)
		number = a2a_model_next(number, a2a_model_letter(four[i]));
	return a2a_model_cost(lexicon, number);
}

/* Rounding to 1/16 bit moves the sum by up to 2.2 %. */
static void check_sums(const struct a2a_lexicon *lexicon)
{
	for (size_t i = 0; i < A2A_MODEL_SIZE; i += A2A_MODEL_LETTERS) {
		double sum = 0;

		for (size_t letter = 0; letter < A2A_MODEL_LETTERS; letter++)
			sum += exp2(-(double)lexicon->model[i + letter] / A2A_MODEL_BIT);
		if (sum < 0.97 || sum > 1.03)
			fail_msg("after history %zu: %f", i / A2A_MODEL_LETTERS, sum);
	}
}

static void the_model_is_of_probabilities(void **state)
{
	struct image image = small_lexicon_with_model();
	struct a2a_lexicon lexicon;

	(void)state;
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	check_sums(&lexicon);
	/* At the beginning, c follows ab in ten cases of eleven. */
	assert_in_range(cost(&lexicon, "\1abc"), 2, 3);
	assert_in_range(cost(&lexicon, "\1abx"), 50, 60);
	assert_true(cost(&lexicon, "\1abq") > 100);
	/* A letter that followed elsewhere costs less than one that was never seen. */
	assert_true(cost(&lexicon, "\1abd") + A2A_MODEL_BIT < cost(&lexicon, "\1abq"));
	/* After a history that was never seen, the costs are those after a shorter one. */
	assert_int_equal(cost(&lexicon, "zzab"), cost(&lexicon, "9zab"));
	free(image.bytes);
}

static void letters_of_the_model(void **state)
{
	bool seen[A2A_MODEL_LETTERS] = {0};

	(void)state;
	for (int32_t point = -10; point < 0x300; point++) {
		uint8_t letter = a2a_model_letter(point);
		bool is_known = (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');

		assert_true(letter < A2A_MODEL_LETTERS);
		assert_int_equal(letter != 0, is_known);
		assert_false(letter && seen[letter]);
		seen[letter] = true;
	}
}

static void a_lexicon_must_have_a_model_and_a_list_need_not(void **state)
{
	struct entry entry = {"word", 1, A2A_OWN, 0};
	struct image image = compile(&entry, 1);
	struct a2a_lexicon lexicon;

	(void)state;
	assert_non_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	assert_null(look_up(&lexicon, "word"));
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_null(lexicon.model);
	assert_non_null(look_up(&lexicon, "word"));
	free(image.bytes);
}

/* ---- Damage ---------------------------------------------------------------------------------- */

static const struct entry few[] = {
	{"welkom", 3, A2A_PASSWORD, (1 << A2A_DUTCH)},
	{"welk", 7, A2A_WORD, (1 << A2A_DUTCH)},
	{"bonjour", 5, A2A_WORD, (1 << A2A_FRENCH)},
	{"bonsoir", 9, A2A_LEXICON, (1 << A2A_FRENCH)},
	{"anderlecht", 11, A2A_OWN, 0},
	{"zomer", 12, A2A_WORD, (1 << A2A_DUTCH)},
	{"maart", 13, A2A_WORD, (1 << A2A_DUTCH)},
	{"fiets", 14, A2A_WORD, (1 << A2A_DUTCH)},
	{"kaas", 15, A2A_WORD, (1 << A2A_DUTCH)},
};

enum { FEW = sizeof(few) / sizeof(few[0]) };

/* Opens a copy in an allocation of exactly that size. */
static const char *open_copy(const unsigned char *bytes, size_t size)
{
	unsigned char *copy = malloc(size ? size : 1);
	struct a2a_lexicon lexicon;
	const char *wrong;

	memcpy(copy, bytes, size);
	wrong = a2a_lexicon_open_words(&lexicon, copy, size);
	if (wrong)
		assert_null(look_up(&lexicon, "welkom"));
	free(copy);
	return wrong;
}

static void every_cut_is_refused(void **state)
{
	struct image image = compile(few, FEW);
	struct a2a_lexicon lexicon;

	(void)state;
	/* The root has a bitmap, so the damage below is done to a bitmap as well. */
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_int_equal(a2a_lexicon_unit(&lexicon, lexicon.root), 0);
	assert_null(open_copy(image.bytes, image.size));
	for (size_t size = 0; size < image.size; size++)
		if (!open_copy(image.bytes, size))
			fail_msg("cut at %zu", size);
	image.bytes = realloc(image.bytes, image.size + 1);
	image.bytes[image.size] = 0;
	assert_non_null(open_copy(image.bytes, image.size + 1));
	free(image.bytes);
}

static void every_flipped_bit_is_refused(void **state)
{
	struct image image = compile(few, FEW);

	(void)state;
	for (size_t bit = 0; bit < 8 * image.size; bit++) {
		image.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		if (!open_copy(image.bytes, image.size))
			fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
		image.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	free(image.bytes);
}

static void every_changed_byte_is_refused(void **state)
{
	struct image image = compile(few, FEW);

	(void)state;
	for (size_t i = 0; i < image.size; i++) {
		unsigned char whole = image.bytes[i];

		for (unsigned value = 0; value < 256; value++) {
			image.bytes[i] = (unsigned char)value;
			if (value != whole && !open_copy(image.bytes, image.size))
				fail_msg("byte %zu as %u", i, value);
		}
		image.bytes[i] = whole;
	}
	free(image.bytes);
}

static void the_header_of_a_whole_lexicon_is_refused_bit_by_bit(void **state)
{
	struct image image = small_lexicon_with_model();
	struct a2a_lexicon lexicon;

	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof(struct a2a_lexicon_header); bit++) {
		image.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_non_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
		image.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	free(image.bytes);
}

static void reasons_name_what_is_wrong(void **state)
{
	struct image image = compile(few, FEW);
	struct a2a_lexicon lexicon;
	unsigned char *shifted = malloc(image.size + 8);
	struct a2a_lexicon_header *header = (void *)image.bytes;

	(void)state;
	memcpy(shifted + 1, image.bytes, image.size);
	assert_string_equal(a2a_lexicon_open_words(&lexicon, shifted + 1, image.size),
		"is not aligned in memory");
	free(shifted);
	header->version = htole32(A2A_LEXICON_VERSION - 1);
	assert_string_equal(open_copy(image.bytes, image.size),
		"has an older format, which this program does not read: compile it again");
	header->version = htole32(A2A_LEXICON_VERSION + 1);
	assert_string_equal(
		open_copy(image.bytes, image.size), "has a newer format than this program reads");
	header->version = htole32(A2A_LEXICON_VERSION);
	header->scale = htole32(A2A_MOST_SCALE + 1);
	assert_string_equal(open_copy(image.bytes, image.size), "is cut short or damaged");
	header->scale = 0;
	header->spare = htole32(1);
	assert_string_equal(open_copy(image.bytes, image.size), "is cut short or damaged");
	header->spare = 0;
	assert_null(open_copy(image.bytes, image.size));
	header->magic = htobe32(A2A_LEXICON_MAGIC);
	assert_string_equal(open_copy(image.bytes, image.size), "is no lexicon");
	memcpy(image.bytes, "\177ELF", 4);
	assert_string_equal(open_copy(image.bytes, image.size), "is no lexicon");
	free(image.bytes);
}

/* ---- Forged files ---------------------------------------------------------------------------- */

static void sign(struct image image)
{
	uint64_t checksum =
		htole64(XXH3_64bits(image.bytes + BEHIND_CHECKSUM, image.size - BEHIND_CHECKSUM));

	memcpy(image.bytes + offsetof(struct a2a_lexicon_header, checksum), &checksum,
		sizeof(checksum));
}

/* One step over two characters leads to the same node as two steps. */
static void begin(const struct a2a_lexicon *lexicon, uint8_t first, uint8_t second)
{
	struct a2a_walk once, twice = {lexicon->root, false};
	bool found = a2a_lexicon_step(lexicon, &twice, first) &&
		     a2a_lexicon_step(lexicon, &twice, second);

	assert_int_equal(a2a_lexicon_begin(lexicon, &once, first, second), found);
	assert_int_equal(once.node, twice.node);
	assert_int_equal(once.is_word, twice.is_word);
}

/* Takes random steps, also from nowhere after a step that failed. */
static void wander(const struct a2a_lexicon *lexicon)
{
	for (unsigned i = 0; i < 50; i++) {
		struct a2a_walk walk = {lexicon->root, false};

		for (unsigned depth = 0; depth < 100; depth++) {
			const struct a2a_class *class;

			if (a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code((char)draw(256))))
				assert_in_range(walk.node, 1, lexicon->unit_count - 1);
			class = a2a_lexicon_word(lexicon, walk);
			if (class) {
				assert_in_range(
					class - lexicon->classes, 0, lexicon->class_count - 1);
				assert_true(class->kind < A2A_KINDS);
			}
		}
		if (a2a_lexicon_begin(
			    lexicon, &walk, (uint8_t)draw(A2A_CODES), (uint8_t)draw(A2A_CODES)))
			assert_in_range(walk.node, 1, lexicon->unit_count - 1);
		/* A caller may claim to be at any place. */
		walk = (struct a2a_walk){draw(2 * lexicon->unit_count), draw(2)};
		a2a_lexicon_word(lexicon, walk);
		a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code((char)draw(256)));
	}
	for (char c = 'a'; c <= 'z'; c++) {
		struct a2a_walk walk = {lexicon->root, false};

		for (unsigned depth = 0;
			depth < 100 && a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code(c));
			depth++)
			a2a_lexicon_word(lexicon, walk);
	}
}

static void lead_astray(uint32_t scale)
{
	struct image whole = compile_wide(few, FEW, scale);
	unsigned opened = 0, whole_ones = 0;

	for (unsigned round = 0; round < 20000; round++) {
		struct image image = {malloc(whole.size), whole.size};
		struct a2a_lexicon lexicon;

		memcpy(image.bytes, whole.bytes, whole.size);
		for (unsigned changes = 1 + draw(8); changes > 0; changes--)
			image.bytes[BEHIND_CHECKSUM +
				    draw((uint32_t)(whole.size - BEHIND_CHECKSUM))] =
				(unsigned char)draw(256);
		sign(image);
		if (!a2a_lexicon_open_words(&lexicon, image.bytes, image.size)) {
			opened++;
			wander(&lexicon);
			whole_ones += !a2a_lexicon_verify(&lexicon);
		}
		free(image.bytes);
	}
	print_message("%u opened, of which the full check passed %u\n", opened, whole_ones);
	assert_true(opened > 1000);
	/* Some changes make another lexicon that is whole: with other letters, for example. */
	assert_true(whole_ones < opened / 2);
	free(whole.bytes);
}

static void nothing_leads_outside(void **state)
{
	(void)state;
	random_state = 3;
	for (uint32_t scale = 0; scale <= A2A_MOST_SCALE; scale++)
		lead_astray(scale);
}

/* An edge that is marked neither WORD nor LAST. */
static uint32_t edge_to(uint32_t target, char character)
{
	return target << A2A_EDGE_SHIFT | a2a_lexicon_code(character);
}

/* Changes a unit of the graph, signs the file, and returns what the full check finds. */
static const char *verify_with(struct image image, uint32_t place, uint32_t unit)
{
	struct a2a_lexicon lexicon;
	unsigned char *at;
	const char *wrong;
	uint32_t before;

	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	at = image.bytes + ((const unsigned char *)(lexicon.graph + place) - image.bytes);
	memcpy(&before, at, sizeof(before));
	unit = htole32(unit);
	memcpy(at, &unit, sizeof(unit));
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	wander(&lexicon);
	wrong = a2a_lexicon_verify(&lexicon);
	memcpy(at, &before, sizeof(before));
	sign(image);
	return wrong;
}

static void circles_end_and_are_found(void **state)
{
	struct image image = compile(few, FEW);
	struct a2a_lexicon lexicon;
	struct a2a_walk walk;
	uint32_t *unit;

	(void)state;
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_null(a2a_lexicon_verify(&lexicon));
	for (unsigned both = 0; both < A2A_CODES * A2A_CODES; both++)
		begin(&lexicon, (uint8_t)(both / A2A_CODES), (uint8_t)(both % A2A_CODES));
	unit = (uint32_t *)(image.bytes + ((const unsigned char *)lexicon.graph - image.bytes));
	/* An edge from the root to itself. */
	unit[lexicon.root] = htole32(edge_to(lexicon.root, 'a') | A2A_EDGE_LAST);
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	walk = (struct a2a_walk){lexicon.root, false};
	for (unsigned i = 0; i < 1000; i++)
		assert_true(a2a_lexicon_step(&lexicon, &walk, a2a_lexicon_code('a')));
	assert_null(a2a_lexicon_word(&lexicon, walk));
	assert_string_equal(
		a2a_lexicon_verify(&lexicon), "has an edge that does not lead to a lower place");
	free(image.bytes);
}

/* If a node has no last edge, the reader reads no more units than a node can have. */
static void endless_nodes_are_left(void **state)
{
	struct image image = compile(few, FEW);
	struct a2a_lexicon lexicon;
	struct a2a_walk walk;
	uint32_t *unit;

	(void)state;
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_true(lexicon.unit_count > 2 * A2A_FEW_EDGES);
	unit = (uint32_t *)(image.bytes + ((const unsigned char *)lexicon.graph - image.bytes));
	for (uint32_t i = 1; i < lexicon.unit_count; i++)
		unit[i] = htole32(edge_to(1, 'x'));
	unit[1 + A2A_FEW_EDGES] = htole32(edge_to(1, 'y'));
	unit[A2A_FEW_EDGES] = htole32(edge_to(1, 'z'));
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	walk = (struct a2a_walk){1, false};
	assert_true(a2a_lexicon_step(&lexicon, &walk, a2a_lexicon_code('z')));
	walk = (struct a2a_walk){1, false};
	assert_false(a2a_lexicon_step(&lexicon, &walk, a2a_lexicon_code('y')));
	assert_int_equal(walk.node, 0);
	assert_non_null(a2a_lexicon_verify(&lexicon));
	free(image.bytes);
}

/* A lexicon of one class and a graph, made without the compiler. The file ends with the graph. */
static struct image make(const uint32_t *units, uint32_t count, uint32_t root)
{
	const struct a2a_class class = {.kind = A2A_OWN};
	struct a2a_lexicon_header header = {
		.magic = A2A_LEXICON_MAGIC,
		.version = A2A_LEXICON_VERSION,
		.class_count = 1,
		.unit_count = count,
		.word_count = 1,
		.root = root,
	};
	struct image image;
	uint32_t *unit;

	image.size = sizeof(header) + sizeof(class) + count * sizeof(*unit);
	header.file_size = (uint32_t)image.size;
	a2a_lexicon_turn_header(&header);
	image.bytes = malloc(image.size);
	memcpy(image.bytes, &header, sizeof(header));
	memcpy(image.bytes + sizeof(header), &class, sizeof(class));
	unit = (uint32_t *)(image.bytes + sizeof(header) + sizeof(class));
	for (uint32_t i = 0; i < count; i++)
		unit[i] = htole32(units[i]);
	sign(image);
	return image;
}

/* Returns the number of characters with which a word can begin. */
static uint32_t count_steps(struct image image)
{
	struct a2a_lexicon lexicon;
	uint32_t steps = 0;

	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	for (int c = 0; c < 256; c++) {
		struct a2a_walk walk = {lexicon.root, false};

		steps += a2a_lexicon_step(&lexicon, &walk, a2a_lexicon_code((char)c));
	}
	wander(&lexicon);
	assert_non_null(a2a_lexicon_verify(&lexicon));
	return steps;
}

/* The bitmap claims all edges, but there are few before the end of the file. */
static void bitmaps_that_lie_are_harmless(void **state)
{
	enum { EDGES = 5, ROOT = 3, FIRST = ROOT + A2A_BITMAP_UNITS, COUNT = FIRST + EDGES };
	uint32_t units[COUNT] = {
		[2] = A2A_EDGE_LAST, [ROOT + 1] = UINT32_MAX - 1, [ROOT + 2] = UINT32_MAX};
	struct image image;

	(void)state;
	for (uint32_t i = 0; i < EDGES; i++)
		units[FIRST + i] = 2 << A2A_EDGE_SHIFT | A2A_EDGE_WORD | (i + 1);
	for (uint32_t count = ROOT + 1; count <= COUNT; count++) {
		image = make(units, count, ROOT);
		assert_int_equal(count_steps(image), count > FIRST ? count - FIRST : 0);
		free(image.bytes);
	}
	/* With the bit of code 0, the count is one too high, so the edges that it finds have other
	 * codes. */
	units[ROOT + 1] = UINT32_MAX;
	image = make(units, COUNT, ROOT);
	assert_int_equal(count_steps(image), 0);
	free(image.bytes);
}

static void the_full_check_finds_each_kind_of_damage(void **state)
{
	const struct entry one = {"ab", 1, A2A_OWN, 0};
	struct image image = compile(&one, 1);
	struct a2a_lexicon lexicon;

	(void)state;
	/* 1: the class 0; 2: the end; 3: b to 2, a word; 4: the root, a to 3. */
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_int_equal(lexicon.unit_count, 5);
	assert_int_equal(lexicon.root, 4);
	assert_null(verify_with(image, 1, 0));
	assert_string_equal(verify_with(image, 0, 1), "has something in place 0");
	assert_string_equal(verify_with(image, 1, 1), "has a word of no class");
	assert_string_equal(verify_with(image, 1, UINT32_MAX), "has a word of no class");
	assert_string_equal(
		verify_with(image, 2, edge_to(1, 'c') | A2A_EDGE_LAST), "has nodes that overlap");
	assert_string_equal(verify_with(image, 2, 0), "has nodes that overlap");
	assert_string_equal(
		verify_with(image, 3, edge_to(2, 'b') | A2A_EDGE_WORD), "has nodes that overlap");
	assert_string_equal(verify_with(image, 3, edge_to(1, 'b') | A2A_EDGE_WORD | A2A_EDGE_LAST),
		"has nodes that overlap");
	assert_string_equal(verify_with(image, 3, A2A_EDGE_LAST), "has a way that ends at no word");
	assert_string_equal(
		verify_with(image, 4, edge_to(3, 'a')), "has a node that goes on behind the end");
	assert_string_equal(verify_with(image, 4, 0), "has a node that goes on behind the end");
	assert_string_equal(verify_with(image, 4, edge_to(3, ' ') | A2A_EDGE_LAST),
		"has edges out of order, or of no character");
	assert_string_equal(verify_with(image, 4, edge_to(0, 'a') | A2A_EDGE_LAST),
		"has an edge that does not lead to a lower place");
	assert_string_equal(verify_with(image, 4, edge_to(9, 'a') | A2A_EDGE_LAST),
		"has an edge that does not lead to a lower place");
	assert_string_equal(verify_with(image, 4, edge_to(2, 'a') | A2A_EDGE_WORD | A2A_EDGE_LAST),
		"has places that belong to no node");
	free(image.bytes);
}

static void the_full_check_looks_at_what_is_between_nodes(void **state)
{
	const struct entry one = {"ab", 1, A2A_OWN, 0};
	struct image image = compile_wide(&one, 1, 2);
	struct a2a_lexicon_header *header = (void *)image.bytes;
	struct a2a_lexicon lexicon;

	(void)state;
	/* 3: the class 0; 4: the end; 8: b to 4 (as 1), a word; 12: the root, a to 8 (as 2). */
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_int_equal(lexicon.unit_count, 13);
	assert_int_equal(lexicon.root, 12);
	assert_null(verify_with(image, 12, edge_to(2, 'c') | A2A_EDGE_LAST));
	for (uint32_t place = 1; place < 12; place++)
		if (place != 3 && place != 4 && place != 8)
			assert_string_equal(
				verify_with(image, place, 1), "has places that belong to no node");
	assert_string_equal(verify_with(image, 12, edge_to(1, 'a') | A2A_EDGE_WORD | A2A_EDGE_LAST),
		"has places that belong to no node");
	assert_string_equal(verify_with(image, 12, edge_to(3, 'a') | A2A_EDGE_LAST),
		"has an edge that does not lead to a lower place");
	/* With another scale, the edges lead elsewhere. */
	header->scale = htole32(1);
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	wander(&lexicon);
	assert_non_null(a2a_lexicon_verify(&lexicon));
	free(image.bytes);
}

/* Sets the units of a node with `count` edges, with a bitmap or without; returns the number of
 * units. */
static uint32_t set_fan(uint32_t *units, bool has_bitmap, uint32_t count)
{
	uint32_t place = 3, first;

	units[2] = A2A_EDGE_LAST;
	if (has_bitmap) {
		units[place++] = 0;
		units[place++] = (2u << count) - 2;
		units[place++] = 0;
	}
	first = place;
	while (place < first + count) {
		units[place] = 2 << A2A_EDGE_SHIFT | A2A_EDGE_WORD | (place - first + 1);
		place++;
	}
	units[place - 1] |= A2A_EDGE_LAST;
	return place;
}

static const char *verify_fan(const uint32_t *units, uint32_t count, uint32_t words)
{
	struct image image = make(units, count, 3);
	struct a2a_lexicon_header *header = (void *)image.bytes;
	struct a2a_lexicon lexicon;
	const char *wrong;

	header->word_count = htole32(words);
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	wander(&lexicon);
	wrong = a2a_lexicon_verify(&lexicon);
	free(image.bytes);
	return wrong;
}

static void the_full_check_looks_at_bitmaps(void **state)
{
	uint32_t units[32] = {0}, count;

	(void)state;
	assert_null(verify_fan(units, set_fan(units, false, A2A_FEW_EDGES), A2A_FEW_EDGES));
	assert_string_equal(
		verify_fan(units, set_fan(units, false, A2A_FEW_EDGES + 1), A2A_FEW_EDGES + 1),
		"has many edges without a bitmap");
	assert_string_equal(verify_fan(units, set_fan(units, true, A2A_FEW_EDGES), A2A_FEW_EDGES),
		"has a bitmap for few edges");
	count = set_fan(units, true, A2A_FEW_EDGES + 2);
	assert_null(verify_fan(units, count, A2A_FEW_EDGES + 2));
	for (uint32_t bit = 0; bit < A2A_CODES; bit++) {
		units[4 + bit / 32] ^= 1u << bit % 32;
		assert_string_equal(verify_fan(units, count, A2A_FEW_EDGES + 2),
			"has a bitmap of other characters than its edges have");
		units[4 + bit / 32] ^= 1u << bit % 32;
	}
	units[3] = A2A_EDGE_WORD;
	assert_string_equal(
		verify_fan(units, count, 6), "has edges out of order, or of no character");
	units[3] = 0;
	assert_string_equal(
		verify_fan(units, count - 1, 6), "has a node that goes on behind the end");
	assert_string_equal(verify_fan(units, 5, 6), "has a node that goes on behind the end");
	assert_null(verify_fan(units, count, A2A_FEW_EDGES + 2));
}

static void an_edge_that_disagrees_with_another_is_found(void **state)
{
	const struct entry two[] = {{"ab", 1, A2A_OWN, 0}, {"cd", 1, A2A_OWN, 0}};
	struct image image = compile(two, 2);

	(void)state;
	/* 1: the class 0; 2: the end; 3: b to 2, a word; 4: d to 2, a word; 5 and 6: the root. */
	assert_null(verify_with(image, 4, edge_to(2, 'd') | A2A_EDGE_WORD | A2A_EDGE_LAST));
	assert_string_equal(verify_with(image, 4, edge_to(2, 'd') | A2A_EDGE_LAST),
		"has a node that is a word and is none");
	free(image.bytes);
}

/* The bytes are the same on every machine. */
static void the_file_is_little_endian(void **state)
{
	static const char wanted[] =
		/* magic, version, checksum */
		"2A2L\5\0\0\0\0\0\0\0\0\0\0\0"
		/* the sizes of the file (87), classes, units, model, inputs */
		"\127\0\0\0\1\0\0\0\5\0\0\0\0\0\0\0\7\0\0\0"
		/* words, root, leaked, scale, spare */
		"\1\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		/* the class: 10.5 bits, own, nl and en */
		"\x80\12\4\12"
		/* nowhere, the class, the end */
		"\0\0\0\0\0\0\0\0\100\0\0\0"
		/* b to 2, a word, the last; a to 3, the last */
		"\346\2\0\0\145\3\0\0"
		"a list\n";
	const struct entry one = {"ab", 10.5, A2A_OWN, (1 << A2A_DUTCH) | (1 << A2A_ENGLISH)};
	struct image image = compile(&one, 1);
	uint64_t checksum =
		XXH3_64bits(image.bytes + BEHIND_CHECKSUM, image.size - BEHIND_CHECKSUM);

	(void)state;
	for (size_t i = 0; i < sizeof(checksum); i++) {
		unsigned char *byte = image.bytes + BEHIND_CHECKSUM - sizeof(checksum) + i;

		assert_int_equal(*byte, checksum >> 8 * i & 0xff);
		*byte = 0;
	}
	assert_int_equal(image.size, sizeof(wanted) - 1);
	assert_memory_equal(image.bytes, wanted, sizeof(wanted) - 1);
	free(image.bytes);
}

/* Every field of the header except magic, version and checksum, which are compared as they are. */
static const size_t header_fields[] = {
	offsetof(struct a2a_lexicon_header, file_size),
	offsetof(struct a2a_lexicon_header, class_count),
	offsetof(struct a2a_lexicon_header, unit_count),
	offsetof(struct a2a_lexicon_header, model_size),
	offsetof(struct a2a_lexicon_header, input_size),
	offsetof(struct a2a_lexicon_header, word_count),
	offsetof(struct a2a_lexicon_header, root),
	offsetof(struct a2a_lexicon_header, leaked_count),
	offsetof(struct a2a_lexicon_header, scale),
	offsetof(struct a2a_lexicon_header, spare),
};

enum { HEADER_FIELDS = sizeof(header_fields) / sizeof(header_fields[0]) };

_Static_assert(offsetof(struct a2a_lexicon_header, file_size) + HEADER_FIELDS * sizeof(uint32_t) ==
		       sizeof(struct a2a_lexicon_header),
	"header_fields has all of them");

static void change_field(struct image image, size_t field, uint32_t change)
{
	unsigned char *at = image.bytes + header_fields[field];
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	number = htole32(le32toh(number) + change);
	memcpy(at, &number, sizeof(number));
}

/* Changes one or two fields and signs the file. If it opens, no step leads outside, and the full
 * check refuses it. Returns whether it opened. */
static bool lie(struct image image, const size_t field[2], const uint32_t change[2])
{
	struct a2a_lexicon lexicon;
	bool is_opened;

	change_field(image, field[0], change[0]);
	change_field(image, field[1], change[1]);
	sign(image);
	is_opened = !a2a_lexicon_open_words(&lexicon, image.bytes, image.size);
	if (is_opened) {
		wander(&lexicon);
		if (!a2a_lexicon_verify(&lexicon))
			fail_msg("header fields at %zu and %zu, changed by %d and %d",
				header_fields[field[0]], header_fields[field[1]], (int)change[0],
				(int)change[1]);
	}
	change_field(image, field[0], -change[0]);
	change_field(image, field[1], -change[1]);
	return is_opened;
}

/* Two wrong fields may agree with the size of the file. */
static void header_fields_that_lie_are_found(void **state)
{
	static const uint32_t changes[] = {1, 4, -1u, -4u, 1u << 31, 0};
	enum { CHANGES = sizeof(changes) / sizeof(changes[0]) };
	struct image image = compile(few, FEW);
	unsigned opened = 0;

	(void)state;
	random_state = 5;
	for (size_t i = 0; i < HEADER_FIELDS * HEADER_FIELDS * CHANGES * CHANGES; i++) {
		const size_t field[2] = {i % HEADER_FIELDS, i / HEADER_FIELDS % HEADER_FIELDS};
		const size_t place = i / HEADER_FIELDS / HEADER_FIELDS;
		const uint32_t change[2] = {changes[place % CHANGES], changes[place / CHANGES]};

		if (change[0] && field[0] != field[1])
			opened += lie(image, field, change);
	}
	print_message("%u opened\n", opened);
	assert_true(opened > 20);
	sign(image);
	assert_null(open_copy(image.bytes, image.size));
	free(image.bytes);
}

/* Makes a lexicon of one word with this many letters. */
static struct image make_chain(uint32_t length)
{
	uint32_t units[A2A_WORD_LONGEST + 4] = {0, 0, A2A_EDGE_LAST};

	for (uint32_t i = 3; i < length + 3; i++)
		units[i] = edge_to(i - 1, 'a') | (i == 3 ? A2A_EDGE_WORD : 0) | A2A_EDGE_LAST;
	return make(units, length + 3, length + 2);
}

static void words_that_are_too_long_are_found(void **state)
{
	struct a2a_lexicon lexicon;
	struct image image = make_chain(A2A_WORD_LONGEST);

	(void)state;
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_null(a2a_lexicon_verify(&lexicon));
	free(image.bytes);
	image = make_chain(A2A_WORD_LONGEST + 1);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_string_equal(a2a_lexicon_verify(&lexicon), "has a word that is too long");
	free(image.bytes);
}

static void what_else_the_full_check_finds(void **state)
{
	struct image image = small_lexicon_with_model();
	struct a2a_lexicon_header *header = (void *)image.bytes;
	struct a2a_lexicon lexicon;
	unsigned char *model;

	(void)state;
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	assert_null(a2a_lexicon_verify(&lexicon));
	model = image.bytes + (lexicon.model - image.bytes);
	header->word_count = htole32(2);
	sign(image);
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	assert_string_equal(
		a2a_lexicon_verify(&lexicon), "has another number of words than it says");
	header->word_count = htole32(1);
	memset(model + 37 * 1000, 0, 2);
	sign(image);
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	assert_string_equal(
		a2a_lexicon_verify(&lexicon), "has a model whose probabilities do not sum up to 1");
	free(image.bytes);
	image = compile(few, FEW);
	image.bytes[image.size - 1] = 'x';
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_string_equal(
		a2a_lexicon_verify(&lexicon), "has half a line where it says what went in");
	image.bytes[image.size - 1] = '\033';
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_string_equal(
		a2a_lexicon_verify(&lexicon), "has control characters where it says what went in");
	free(image.bytes);
}

/* Callers use the kind of a word as an index. */
static void unknown_kinds_are_refused(void **state)
{
	struct image image = compile(few, FEW);
	struct a2a_class *class = (void *)(image.bytes + sizeof(struct a2a_lexicon_header));

	(void)state;
	class->kind = A2A_KINDS;
	sign(image);
	assert_non_null(open_copy(image.bytes, image.size));
	class->kind = A2A_OWN;
	class->languages = A2A_ALL_LANGUAGES + 1;
	sign(image);
	assert_non_null(open_copy(image.bytes, image.size));
	class->languages = A2A_ALL_LANGUAGES;
	sign(image);
	assert_null(open_copy(image.bytes, image.size));
	free(image.bytes);
}

/* ---- Leaked passwords ------------------------------------------------------------------------ */

static struct image small_lexicon_with_leaked(void)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	assert_true(a2a_compiler_add(compiler, "abcd", 1, A2A_WORD, (1 << A2A_FRENCH)));
	a2a_compiler_note(compiler, "a list");
	/* Each password is kept once, folded. Short ones are left out, and so are those without
	 * letters or with letters alone. */
	assert_true(a2a_compiler_add_leaked(compiler, "Thx-1138"));
	assert_true(a2a_compiler_add_leaked(compiler, "thX-1138"));
	assert_true(a2a_compiler_add_leaked(compiler, "été1138"));
	assert_true(a2a_compiler_add_leaked(compiler, "straße1"));
	assert_true(a2a_compiler_add_leaked(compiler, "two words 7"));
	assert_true(a2a_compiler_add_leaked(compiler, "密码密码1"));
	assert_false(a2a_compiler_add_leaked(compiler, "thx113"));
	assert_false(a2a_compiler_add_leaked(compiler, "thxthxthx"));
	assert_false(a2a_compiler_add_leaked(compiler, "11381138"));
	assert_false(a2a_compiler_add_leaked(compiler, ""));
	assert_false(a2a_compiler_add_leaked(compiler, "thx\xff"
						       "1138"));
	return finish(compiler);
}

static void leaked_passwords_are_kept_folded(void **state)
{
	static const char *const kept[] = {
		"thx-1138", "ete1138", "strasse1", "two words 7", "密码密码1"};
	static const char *const others[] = {"Thx-1138", "été1138", "thx1138", "thx113",
		"thxthxthx", "11381138", "abcd", "thx-113", "thx-11388"};
	struct image image = small_lexicon_with_leaked();
	struct a2a_lexicon lexicon;

	(void)state;
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_null(a2a_lexicon_verify(&lexicon));
	assert_int_equal(lexicon.leaked.count, 5);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (!a2a_leaked_have(&lexicon.leaked, kept[i], strlen(kept[i])))
			fail_msg("%s", kept[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (a2a_leaked_have(&lexicon.leaked, others[i], strlen(others[i])))
			fail_msg("%s", others[i]);
	assert_non_null(look_up(&lexicon, "abcd"));
	assert_int_equal(lexicon.input_size, strlen("a list\n"));
	free(image.bytes);
}

static void damaged_leaked_passwords_are_refused(void **state)
{
	struct image image = small_lexicon_with_leaked();
	struct a2a_lexicon_header *header = (void *)image.bytes;
	struct a2a_lexicon lexicon;
	uint32_t *bucket, count;

	(void)state;
	/* Tries a sample of the bits, because all of them would take long. */
	for (size_t bit = 0; bit < 8 * image.size; bit += 997) {
		image.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_non_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
		assert_false(a2a_leaked_have(&lexicon.leaked, "thx-1138", 8));
		image.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	for (size_t size = 0; size < image.size; size += 4093)
		assert_non_null(open_copy(image.bytes, size));
	/* The set is forged from here on. */
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	bucket = (void *)(image.bytes +
			  ((const unsigned char *)lexicon.leaked.bucket - image.bytes));
	bucket[100] = UINT32_MAX;
	sign(image);
	assert_string_equal(a2a_lexicon_open_words(&lexicon, image.bytes, image.size),
		"is damaged: its leaked passwords are out of order");
	bucket[100] = bucket[101];
	/* All in one bucket, and not sorted in it. */
	for (uint32_t i = 1; i <= A2A_LEAKED_BUCKETS; i++)
		bucket[i] = htole32(5);
	bucket[A2A_LEAKED_BUCKETS + 1] = UINT32_MAX;
	sign(image);
	assert_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	assert_string_equal(a2a_lexicon_verify(&lexicon), "has leaked passwords out of order");
	/* Any other count in the header disagrees with the size. */
	count = header->leaked_count;
	for (uint32_t other = 0; other < 10; other++)
		if (other != le32toh(count)) {
			header->leaked_count = htole32(other);
			sign(image);
			assert_string_equal(
				a2a_lexicon_open_words(&lexicon, image.bytes, image.size),
				"is cut short or damaged");
		}
	header->leaked_count = htole32(A2A_LEAKED_MOST + 1);
	sign(image);
	assert_non_null(a2a_lexicon_open_words(&lexicon, image.bytes, image.size));
	free(image.bytes);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void what_cannot_be_written_leaves_nothing(void **state)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);
	char *folder = new_folder(), *below = NULL;

	(void)state;
	errno = 0;
	assert_false(a2a_compiler_write(compiler, folder));
	assert_int_equal(errno, ENODATA);
	assert_true(a2a_compiler_add(compiler, "word", 1, A2A_OWN, 0));
	/* A folder that is not empty has the name of the file. */
	assert_true(asprintf(&below, "%s/file", folder) > 0);
	write_file(below, "x", 1);
	assert_false(a2a_compiler_write(compiler, folder));
	assert_true(errno == ENOTEMPTY || errno == EEXIST || errno == EISDIR);
	a2a_compiler_free(compiler);
	free(below);
	assert_true(asprintf(&below, "ls -d %s.* 2>/dev/null", folder) > 0);
	assert_int_not_equal(system(below), 0);
	free(below);
	remove_folder(folder);
}

/* ---- The built lexicon ----------------------------------------------------------------------- */

static struct image read_built(void)
{
	char *path = in_build("dict/words/lexicon");
	struct image image;

	image.bytes = read_file(path, &image.size);
	free(path);
	return image;
}

static void the_built_lexicon_is_whole(void **state)
{
	struct image image = read_built();
	struct a2a_lexicon lexicon;

	(void)state;
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	assert_null(a2a_lexicon_verify(&lexicon));
	check_sums(&lexicon);
	assert_true(lexicon.word_count > 1000000);
	assert_true(image.size <= 16000000);
	free(image.bytes);
}

/* Checks that a leaked password is in the set, unless it is short or consists of letters. */
static void look_for_leaked(
	const struct a2a_lexicon *lexicon, const char *password, size_t place, size_t *found)
{
	struct a2a_text text;
	char folded[4 * A2A_TEXT_POINTS + 1];
	size_t letters = 0, length;

	if (place % 1000 || !a2a_text_fold(&text, password, strlen(password)))
		return;
	for (size_t i = 0; i < text.count; i++)
		letters += a2a_is_letter(text.point[i]);
	length = a2a_text_write(&text, folded, sizeof(folded));
	if (length < A2A_LEAKED_SHORTEST || letters == 0 || letters == text.count)
		return;
	if (!a2a_leaked_have(&lexicon->leaked, folded, length))
		fail_msg("%s is not among the leaked ones", password);
	++*found;
}

/* Looks up the first and the last word of a source, and every thousandth. */
static void look_for(const struct a2a_lexicon *lexicon, const char *word, size_t place,
	size_t count, const struct source *source, size_t *found)
{
	char folded[A2A_WORD_LONGEST + 1] = "";
	const struct a2a_class *class;
	struct a2a_text text;

	if ((place % 1000 && place + 1 != count) || strlen(word) < 3 || !a2a_compiler_takes(word) ||
		word[0] == '#')
		return;
	assert_true(a2a_text_fold(&text, word, strlen(word)));
	for (size_t i = 0; i < text.count; i++)
		folded[i] = (char)text.point[i];
	class = look_up(lexicon, folded);
	if (!class)
		fail_msg("%s of %s is not there", word, source->path);
	/* It costs no more than an unranked word of the longest list. */
	assert_true(a2a_class_cost(class) <= 20 * A2A_COST_BIT);
	if (source->language == A2A_FRENCH)
		assert_true(class->languages & (1 << A2A_FRENCH));
	++*found;
}

struct search {
	const struct a2a_lexicon *lexicon;
	size_t found;
};

static bool search_source(const struct source *source, void *context)
{
	struct search *search = context;
	const bool is_leaked = source->kind == A2A_LEAKED_LIST;
	struct words words = {0};
	struct counts counts = {0};
	size_t before = search->found;

	if (source->is_missing)
		return true;
	if (source->kind == A2A_WORD)
		assert_true(counts_read(&counts, source->path, NULL));
	else if (source->kind == A2A_OWN)
		assert_true(words_read_folder(&words, source->path, NULL));
	else
		assert_true(words_read(
			&words, source->path, is_leaked ? FOUND_LINES : WORD_LINES, NULL));
	for (size_t i = 0; i < words.count; i++)
		if (is_leaked)
			look_for_leaked(search->lexicon, words.word[i], i, &search->found);
		else
			look_for(search->lexicon, words.word[i], i, words.count, source,
				&search->found);
	for (size_t i = 0; i < counts.count; i++)
		look_for(search->lexicon, counts.counted[i].word, i, counts.count, source,
			&search->found);
	assert_true(search->found > before);
	words_free(&words);
	counts_free(&counts);
	return true;
}

static void the_built_lexicon_has_its_sources(void **state)
{
	const char *root = getenv("A2A_PACKAGE_ROOT");
	struct image image = read_built();
	struct a2a_lexicon lexicon;
	struct search search = {&lexicon, 0};
	char *path = NULL;

	(void)state;
	assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
	assert_true(asprintf(&path, "%s/dict/sources.conf", getenv("A2A_SOURCE")) > 0);
	assert_true(sources_read(path, root && *root ? root : NULL, search_source, &search, NULL));
	print_message("%zu words looked up\n", search.found);
	assert_true(search.found > 1000);
	free(path);
	free(image.bytes);
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The bytes are in memory already, as they are in the page cache when another process has looked
 * into the lexicon before. A sanitizer may take ten times as long. */
static void opening_is_quick(void **state)
{
	enum { TIMES = 101 };
	struct image image = read_built();
	double milliseconds[TIMES];

	(void)state;
	for (size_t i = 0; i < TIMES; i++) {
		struct timespec start, end;
		struct a2a_lexicon lexicon;

		clock_gettime(CLOCK_MONOTONIC, &start);
		assert_null(a2a_lexicon_open(&lexicon, image.bytes, image.size));
		clock_gettime(CLOCK_MONOTONIC, &end);
		milliseconds[i] = (double)(end.tv_sec - start.tv_sec) * 1e3 +
				  (double)(end.tv_nsec - start.tv_nsec) / 1e6;
	}
	qsort(milliseconds, TIMES, sizeof(milliseconds[0]), by_value);
	print_message("opening %zu bytes: median %.3f ms of %d times\n", image.size,
		milliseconds[TIMES / 2], TIMES);
	assert_true(milliseconds[0] < 10);
	free(image.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_in_is_found_and_nothing_else),
		cmocka_unit_test(nodes_of_a_large_lexicon_stand_at_multiples),
		cmocka_unit_test(the_order_of_additions_does_not_matter),
		cmocka_unit_test(words_are_folded_and_others_refused),
		cmocka_unit_test(characters_have_codes_in_their_order),
		cmocka_unit_test(nodes_have_up_to_all_characters),
		cmocka_unit_test(costs_end_at_both_ends),
		cmocka_unit_test(the_model_is_of_probabilities),
		cmocka_unit_test(letters_of_the_model),
		cmocka_unit_test(a_lexicon_must_have_a_model_and_a_list_need_not),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(every_flipped_bit_is_refused),
		cmocka_unit_test(every_changed_byte_is_refused),
		cmocka_unit_test(the_header_of_a_whole_lexicon_is_refused_bit_by_bit),
		cmocka_unit_test(reasons_name_what_is_wrong),
		cmocka_unit_test(nothing_leads_outside),
		cmocka_unit_test(circles_end_and_are_found),
		cmocka_unit_test(endless_nodes_are_left),
		cmocka_unit_test(bitmaps_that_lie_are_harmless),
		cmocka_unit_test(the_full_check_finds_each_kind_of_damage),
		cmocka_unit_test(the_full_check_looks_at_what_is_between_nodes),
		cmocka_unit_test(the_full_check_looks_at_bitmaps),
		cmocka_unit_test(the_file_is_little_endian),
		cmocka_unit_test(an_edge_that_disagrees_with_another_is_found),
		cmocka_unit_test(header_fields_that_lie_are_found),
		cmocka_unit_test(words_that_are_too_long_are_found),
		cmocka_unit_test(what_else_the_full_check_finds),
		cmocka_unit_test(unknown_kinds_are_refused),
		cmocka_unit_test(leaked_passwords_are_kept_folded),
		cmocka_unit_test(damaged_leaked_passwords_are_refused),
		cmocka_unit_test(what_cannot_be_written_leaves_nothing),
		cmocka_unit_test(the_built_lexicon_is_whole),
		cmocka_unit_test(the_built_lexicon_has_its_sources),
		cmocka_unit_test(opening_is_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
