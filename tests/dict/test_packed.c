/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests the check of cracklib's dictionary on small ones that cracklib's own packer made, whole and
 * damaged. */
#define _GNU_SOURCE
#include "fixture.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packed.h"
#include "packed_write.h"
#include "paths.h"

enum { INDEX, DATA, LETTERS, FILES };

struct dictionary {
	unsigned char *bytes[FILES];
	size_t size[FILES];
};

#define WORD_FORMAT "%c%05uword"

static int first_letter(unsigned word, unsigned count)
{
	return 'a' + (int)(word * 26 / count);
}

/* Packs the first `count` words. */
static void pack(struct dictionary *dictionary, unsigned count)
{
	static const char *const endings[FILES] = {"pwi", "pwd", "hwm"};
	char *folder = new_folder();
	char *command = NULL;
	FILE *packer;

	assert_true(asprintf(&command, "PATH=$PATH:/usr/sbin cracklib-packer %s/d >/dev/null",
			    folder) > 0);
	packer = popen(command, "w");
	assert_non_null(packer);
	for (unsigned i = 0; i < count; i++)
		fprintf(packer, WORD_FORMAT "\n", first_letter(i, count), i);
	assert_int_equal(pclose(packer), 0);
	for (size_t i = 0; i < FILES; i++) {
		char *path = NULL;

		assert_true(asprintf(&path, "%s/d.%s", folder, endings[i]) > 0);
		dictionary->bytes[i] = read_file(path, &dictionary->size[i]);
		free(path);
	}
	free(command);
	remove_folder(folder);
}

static void unpack(struct dictionary *dictionary)
{
	for (size_t i = 0; i < FILES; i++)
		free(dictionary->bytes[i]);
}

/* Copies each file into an allocation of exactly that size, so that a sanitizer sees a read past
 * the end. */
static const char *check(const struct dictionary *dictionary, const size_t size[static FILES])
{
	struct a2a_bytes bytes[FILES];
	unsigned char *copy[FILES];
	const char *wrong;

	for (size_t i = 0; i < FILES; i++) {
		copy[i] = malloc(size[i] ? size[i] : 1);
		memcpy(copy[i], dictionary->bytes[i], size[i]);
		bytes[i] = (struct a2a_bytes){copy[i], size[i]};
	}
	wrong = a2a_packed_check(&(struct a2a_packed){bytes[INDEX], bytes[DATA], bytes[LETTERS]},
		(char[A2A_PACKED_WORD_ROOM]){0});
	for (size_t i = 0; i < FILES; i++)
		free(copy[i]);
	return wrong;
}

static void whole_dictionaries_pass(void **state)
{
	(void)state;
	for (unsigned count = 1; count < 100; count++) {
		struct dictionary dictionary;
		const char *wrong;

		pack(&dictionary, count);
		wrong = check(&dictionary, dictionary.size);
		if (wrong)
			fail_msg("%u words: %s", count, wrong);
		unpack(&dictionary);
	}
}

/* Our packer and cracklib's packer write the same bytes. */
static void our_packer_writes_the_same(void **state)
{
	char *folder = new_folder(), *prefix = NULL;

	(void)state;
	assert_true(asprintf(&prefix, "%s/d", folder) > 0);
	for (unsigned count = 1; count < 100; count++) {
		static const char *const endings[FILES] = {"pwi", "pwd", "hwm"};
		struct dictionary dictionary;
		char *words[100];

		pack(&dictionary, count);
		for (unsigned i = 0; i < count; i++)
			assert_true(
				asprintf(&words[i], WORD_FORMAT, first_letter(i, count), i) > 0);
		assert_true(a2a_packed_write(words, count, prefix,
			htole16(1) == 1 ? A2A_LITTLE_ENDIAN : A2A_BIG_ENDIAN));
		for (unsigned i = 0; i < count; i++)
			free(words[i]);
		for (size_t i = 0; i < FILES; i++) {
			char *path = NULL;
			size_t size;
			unsigned char *bytes;

			assert_true(asprintf(&path, "%s.%s", prefix, endings[i]) > 0);
			bytes = read_file(path, &size);
			assert_int_equal(size, dictionary.size[i]);
			assert_memory_equal(bytes, dictionary.bytes[i], size);
			free(bytes);
			free(path);
		}
		unpack(&dictionary);
	}
	free(prefix);
	remove_folder(folder);
}

static void swap(unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		const unsigned char byte = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = byte;
	}
}

static void the_other_byte_order_is_said(void **state)
{
	struct dictionary dictionary;
	const char *wrong;

	(void)state;
	pack(&dictionary, 40);
	for (size_t i = 0; i < dictionary.size[INDEX]; i += 4)
		swap(dictionary.bytes[INDEX] + i, i == 8 ? 2 : 4);
	for (size_t i = 0; i < dictionary.size[LETTERS]; i += 4)
		swap(dictionary.bytes[LETTERS] + i, 4);
	wrong = check(&dictionary, dictionary.size);
	assert_non_null(wrong);
	assert_non_null(strstr(wrong, "byte order"));
	unpack(&dictionary);
}

static void every_cut_is_seen(void **state)
{
	struct dictionary dictionary;

	(void)state;
	pack(&dictionary, 100);
	for (size_t file = 0; file < FILES; file++)
		for (size_t cut = 0; cut < dictionary.size[file]; cut++) {
			size_t size[FILES];

			memcpy(size, dictionary.size, sizeof(size));
			size[file] = cut;
			if (!check(&dictionary, size))
				fail_msg("file %zu cut at %zu", file, cut);
		}
	unpack(&dictionary);
}

/* A flipped bit in a number is found. A flipped bit in a word may make another word. */
static void flipped_bits_are_seen_or_change_a_word_only(void **state)
{
	struct dictionary dictionary;
	size_t unseen = 0, flips = 0;

	(void)state;
	pack(&dictionary, 100);
	for (size_t file = 0; file < FILES; file++)
		for (size_t bit = 0; bit < 8 * dictionary.size[file]; bit++) {
			unsigned char *byte = &dictionary.bytes[file][bit / 8];
			bool seen;

			*byte ^= (unsigned char)(1u << bit % 8);
			seen = check(&dictionary, dictionary.size) != NULL;
			*byte ^= (unsigned char)(1u << bit % 8);
			flips++;
			unseen += !seen;
			/* The two bytes of padding behind the block size are not read. */
			if (!seen && file != DATA &&
				!(file == INDEX && (bit / 8 == 10 || bit / 8 == 11)))
				fail_msg("file %zu, bit %zu", file, bit);
		}
	print_message("%zu of %zu flipped bits make another word\n", unseen, flips);
	assert_true(unseen < flips / 2);
	unpack(&dictionary);
}

static void what_is_longer_than_it_says_is_seen(void **state)
{
	struct dictionary dictionary;

	(void)state;
	pack(&dictionary, 40);
	for (size_t file = 0; file < FILES; file++) {
		size_t size[FILES];

		memcpy(size, dictionary.size, sizeof(size));
		size[file]++; /* read_file() appends a NUL */
		assert_non_null(check(&dictionary, size));
	}
	unpack(&dictionary);
}

static struct a2a_packed packed_of(const struct dictionary *dictionary)
{
	return (struct a2a_packed){
		.index = {dictionary->bytes[INDEX], dictionary->size[INDEX]},
		.data = {dictionary->bytes[DATA], dictionary->size[DATA]},
		.letters = {dictionary->bytes[LETTERS], dictionary->size[LETTERS]},
	};
}

/* The checksums are of these files, all of them and all of their bytes. */
static void the_sums_are_of(struct dictionary *dictionary, char *sums, size_t size)
{
	const struct a2a_packed packed = packed_of(dictionary);
	char first[A2A_PACKED_WORD_ROOM], checked[A2A_PACKED_WORD_ROOM];

	assert_true(a2a_packed_have_sums(&packed, sums, size));
	a2a_packed_first(&packed, first);
	assert_null(a2a_packed_check(&packed, checked));
	assert_string_equal(first, checked);
	for (size_t i = 0; i < FILES; i++) {
		struct a2a_packed shorter = packed;

		dictionary->bytes[i][dictionary->size[i] / 2] ^= 1;
		assert_false(a2a_packed_have_sums(&packed, sums, size));
		dictionary->bytes[i][dictionary->size[i] / 2] ^= 1;
		(i == INDEX         ? &shorter.index
			: i == DATA ? &shorter.data
				    : &shorter.letters)
			->size--;
		assert_false(a2a_packed_have_sums(&shorter, sums, size));
	}
	/* Whatever is cut from the checksums or changed in them. */
	for (size_t length = 0; length < size; length++)
		assert_false(a2a_packed_have_sums(&packed, sums, length));
	for (size_t at = 0; at < 32; at++) {
		sums[at] ^= 1;
		assert_false(a2a_packed_have_sums(&packed, sums, size));
		sums[at] ^= 1;
	}
}

static void the_built_dictionary_passes(void **state)
{
	static const char sums_name[] = "dict/words/" A2A_DICTIONARY_NAME A2A_PACKED_SUMS;
	static const char *const names[FILES] = {"dict/words/" A2A_DICTIONARY_NAME ".pwi",
		"dict/words/" A2A_DICTIONARY_NAME ".pwd", "dict/words/" A2A_DICTIONARY_NAME ".hwm"};
	struct dictionary dictionary;
	char *sums_path, *sums;
	size_t size;

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		char *path = in_build(names[i]);

		dictionary.bytes[i] = read_file(path, &dictionary.size[i]);
		free(path);
	}
	assert_null(check(&dictionary, dictionary.size));
	sums_path = in_build(sums_name);
	sums = (char *)read_file(sums_path, &size);
	the_sums_are_of(&dictionary, sums, size);
	free(sums);
	free(sums_path);
	unpack(&dictionary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_dictionaries_pass),
		cmocka_unit_test(our_packer_writes_the_same),
		cmocka_unit_test(the_other_byte_order_is_said),
		cmocka_unit_test(every_cut_is_seen),
		cmocka_unit_test(flipped_bits_are_seen_or_change_a_word_only),
		cmocka_unit_test(what_is_longer_than_it_says_is_seen),
		cmocka_unit_test(the_built_dictionary_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
