/* SPDX-License-Identifier: BSD-3-Clause */
/* The filter of leaked passwords: its code of numbers, its reader, its builder; and damage. With an
 * argument, so many random damages instead of 5,000. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "leaks_inspect.h"
#include "leaks_sort.h"

/* In memory, so that syncing takes no time. */
static char folder[] = "/dev/shm/test_leaks.XXXXXX";
static unsigned long damages = 5000;

/* ---- Helpers --------------------------------------------------------------------------------- */

/* SplitMix64, from a fixed seed. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int compare(const void *one, const void *other)
{
	const uint64_t *first = one, *second = other;

	return (*first > *second) - (*first < *second);
}

/* Sorted hashes, all different. */
static uint64_t *make_hashes(size_t count, uint64_t seed)
{
	uint64_t *hash = calloc(count, sizeof(*hash));

	assert_non_null(hash);
	for (size_t i = 0; i < count; i++)
		hash[i] = next(&seed);
	qsort(hash, count, sizeof(*hash), compare);
	return hash;
}

static char *path_of(const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	return path;
}

static char *write_list(const char *name, const uint64_t *hash, size_t count)
{
	char *path = path_of(name);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	for (size_t i = 0; i < count; i++)
		fprintf(file, "%016llX0123456789ABCDEF01234567:%zu\n", (unsigned long long)hash[i],
			1 + i % 3);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* The last report. */
static char said[512];

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	snprintf(said, sizeof(said), "%s", text);
}

static const struct a2a_log log_of_test = {say, NULL};
static const struct a2a_leaks_observer observer = {&log_of_test, NULL, NULL};

static struct a2a_leaks_result build(
	const char *list, const char *filter, double rate, unsigned jobs)
{
	const struct a2a_leaks_order order = {
		.input = list, .output = filter, .rate = rate, .least_count = 1, .jobs = jobs};
	struct a2a_leaks_result result;

	said[0] = '\0';
	if (!a2a_leaks_build(&order, &result, &observer))
		fail_msg("%s: %s", list, said);
	return result;
}

static struct a2a_leaks open_filter(const char *path)
{
	struct a2a_leaks leaks;
	int error;

	assert_null(a2a_leaks_open(&leaks, path, NULL, &error));
	return leaks;
}

static char *read_bytes(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	struct stat status;
	char *bytes;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*size = (size_t)status.st_size;
	bytes = malloc(*size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

static bool same_bytes(const char *one, const char *other)
{
	size_t size, other_size;
	char *bytes = read_bytes(one, &size), *other_bytes = read_bytes(other, &other_size);
	const bool same = size == other_size && memcmp(bytes, other_bytes, size) == 0;

	free(bytes);
	free(other_bytes);
	return same;
}

/* ---- The format ------------------------------------------------------------------------------ */

static void the_rate_is_kept(void **state)
{
	static const double rates[] = {0.1, 1e-3, 1e-5, 3e-6, 1e-9, 1e-12};

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		for (uint64_t entries = 1; entries < 4000000000u; entries = entries * 3 + 1) {
			struct a2a_leaks_format format = {0}, again;
			unsigned char header[A2A_LEAKS_HEADER], header_again[A2A_LEAKS_HEADER];
			double universe;

			if (!a2a_leaks_format_choose(&format, entries, rates[i])) {
				assert_true((double)entries / rates[i] > 1e17);
				continue;
			}
			universe = (double)a2a_leaks_universe(&format);
			assert_true((double)entries / universe <= rates[i] * (1 + 1e-12));
			/* A step is less than a hundredth, but for lists that are very short. */
			assert_true(
				(double)entries / universe > rates[i] / 1.01 || universe <= 0x1p31);
			format.size = a2a_leaks_blocks_start(&format);
			a2a_leaks_format_write(&format, header);
			assert_null(a2a_leaks_format_read(&again, header));
			a2a_leaks_format_write(&again, header_again);
			assert_memory_equal(header, header_again, sizeof(header));
		}
}

static void every_bit_of_the_header_counts(void **state)
{
	struct a2a_leaks_format format = {0}, again;
	unsigned char header[A2A_LEAKS_HEADER];

	(void)state;
	assert_true(a2a_leaks_format_choose(&format, 1000000, 1e-5));
	format.size = a2a_leaks_blocks_start(&format);
	a2a_leaks_format_write(&format, header);
	for (size_t bit = 0; bit < 8 * sizeof(header); bit++) {
		header[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_non_null(a2a_leaks_format_read(&again, header));
		header[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	assert_null(a2a_leaks_format_read(&again, header));
}

/* Without numbers of 128 bits: a long division, bit by bit. */
static uint64_t part_by_hand(uint64_t universe, uint64_t hash)
{
	uint64_t high = 0, low = 0;

	for (int bit = 63; bit >= 0; bit--) {
		high = high << 1 | low >> 63;
		low <<= 1;
		if (hash >> bit & 1) {
			low += universe;
			high += low < universe;
		}
	}
	return high;
}

static void a_hash_has_its_part(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (unsigned steps = 128; steps < 256; steps += 13)
		for (unsigned shift = 23; shift <= 54; shift++) {
			const struct a2a_leaks_format format = {.steps = steps, .shift = shift};
			const uint64_t universe = a2a_leaks_universe(&format);

			assert_int_equal(a2a_leaks_part(&format, 0), 0);
			assert_int_equal(a2a_leaks_part(&format, UINT64_MAX), universe - 1);
			for (int i = 0; i < 50; i++) {
				const uint64_t hash = next(&seed);

				assert_int_equal(a2a_leaks_part(&format, hash),
					part_by_hand(universe, hash));
			}
		}
}

/* ---- A block --------------------------------------------------------------------------------- */

static bool has(const uint64_t *number, size_t count, uint64_t wanted)
{
	return bsearch(&wanted, number, count, sizeof(wanted), compare) != NULL;
}

static void check_block(const struct a2a_leaks_format *format, const uint64_t *number, size_t count)
{
	static struct a2a_leaks_block block;
	static uint64_t again[A2A_LEAKS_MOST_ENTRIES];
	const uint64_t most = (UINT64_C(1) << format->block_bits) - 1;

	assert_true(a2a_leaks_block_write(&block, format, number, count));
	assert_int_equal(block.entries, count);
	assert_true(a2a_leaks_block_read(&block, format, again));
	assert_memory_equal(number, again, count * sizeof(*number));
	for (size_t i = 0; i < count; i++)
		for (int step = -1; step <= 1; step++) {
			const uint64_t wanted = number[i] + (uint64_t)step;

			assert_int_equal(a2a_leaks_block_find(&block, format, wanted),
				has(number, count, wanted) ? A2A_LEAKS_PRESENT : A2A_LEAKS_ABSENT);
		}
	assert_int_equal(a2a_leaks_block_find(&block, format, 0),
		has(number, count, 0) ? A2A_LEAKS_PRESENT : A2A_LEAKS_ABSENT);
	assert_int_equal(a2a_leaks_block_find(&block, format, most),
		has(number, count, most) ? A2A_LEAKS_PRESENT : A2A_LEAKS_ABSENT);
}

static void a_block_gives_its_numbers(void **state)
{
	static uint64_t number[A2A_LEAKS_MOST_ENTRIES];
	uint64_t seed = 5;

	(void)state;
	for (unsigned low_bits = 0; low_bits <= 44; low_bits++)
		for (unsigned round = 0; round < 20; round++) {
			const struct a2a_leaks_format format = {
				.low_bits = low_bits, .block_bits = low_bits + 10};
			const uint64_t mask = (UINT64_C(1) << format.block_bits) - 1;
			size_t count = round < 3 ? round : 1 + (size_t)(next(&seed) % 1500),
			       kept = 0;

			for (size_t i = 0; i < count; i++)
				number[i] = next(&seed) & mask;
			/* The ends, and neighbours. */
			if (round % 4 == 3 && count > 3) {
				number[0] = 0;
				number[1] = mask;
				number[2] = mask - 1;
			}
			qsort(number, count, sizeof(*number), compare);
			for (size_t i = 0; i < count; i++)
				if (!kept || number[kept - 1] != number[i])
					number[kept++] = number[i];
			check_block(&format, number, kept);
		}
}

static void a_block_that_is_too_large_is_not_written(void **state)
{
	static struct a2a_leaks_block block;
	static uint64_t number[A2A_LEAKS_MOST_ENTRIES + 1];
	const struct a2a_leaks_format format = {.low_bits = 2, .block_bits = 40};

	(void)state;
	for (size_t i = 0; i <= A2A_LEAKS_MOST_ENTRIES; i++)
		number[i] = i;
	assert_true(a2a_leaks_block_write(&block, &format, number, A2A_LEAKS_MOST_ENTRIES));
	assert_false(a2a_leaks_block_write(&block, &format, number, A2A_LEAKS_MOST_ENTRIES + 1));
	/* Its zeros would fill a disk. */
	number[0] = UINT64_C(1) << 39;
	assert_false(a2a_leaks_block_write(&block, &format, number, 1));
}

/* ---- Lists ----------------------------------------------------------------------------------- */

#define HASH "0123456789ABCDEF0123456789ABCDEF01234567"
#define LOWER "0123456789abcdef0123456789abcdef01234567"
#define SECOND "1123456789ABCDEF0123456789ABCDEF01234567"

static void lines_are_read(void **state)
{
	static const struct {
		const char *text;
		size_t count, wrong_line;
	} cases[] = {
		{HASH "\n", 1, 0},
		{LOWER, 1, 0},
		{HASH ":7\r\n" SECOND ":1", 2, 0},
		{HASH ":12\n\n\r\n" SECOND ":1\r", 2, 0},
		{HASH ":0\n" SECOND ":1\n", 1, 0}, /* padding */
		{"", 0, 0},
		{HASH "\n" HASH "\n", 2, 0},
		{SECOND "\n" HASH "\n", 1, 2},                       /* not in order */
		{HASH "\n0123456789ABCDEF0123456789ABCDEF\n", 1, 2}, /* NTLM */
		{HASH "\n" SECOND "0\n", 1, 2},
		{HASH "\n" SECOND ":\n", 1, 2},
		{HASH "\n" SECOND ":x\n", 1, 2},
		{HASH "\n" SECOND ":-1\n", 1, 2},
		{HASH "\n" SECOND ":1 \n", 1, 2},
		{HASH "\n" SECOND " :1\n", 1, 2},
		{HASH "\n" SECOND ":99999999999999999999999\n", 1, 2},
		{HASH "\n" SECOND ":1\r\r\n", 1, 2},
		{HASH "\n112345678", 1, 2},
		{"G" HASH, 0, 1},
		{"\xef\xbb\xbf" HASH "\n", 0, 1},
	};
	struct a2a_leaks_batch batch;

	(void)state;
	assert_true(a2a_leaks_batch_reserve(&batch));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(batch.text.bytes, cases[i].text);
		batch.text.length = strlen(cases[i].text);
		batch.text.part[0].end = batch.text.length;
		batch.text.parts = 1;
		a2a_leaks_batch_read_hashes(&batch, 1, true);
		if (batch.count != cases[i].count ||
			(batch.wrong != NULL) != (cases[i].wrong_line > 0) ||
			(batch.wrong && batch.wrong_line != cases[i].wrong_line))
			fail_msg("%s: %zu, line %llu: %s", cases[i].text, batch.count,
				(unsigned long long)batch.wrong_line, batch.wrong);
		if (batch.count)
			assert_true(batch.hash[0] == UINT64_C(0x0123456789abcdef) ||
				    batch.hash[0] == UINT64_C(0x1123456789abcdef));
	}
	/* Each character that is no digit is found in each place. */
	for (size_t place = 0; place < 40; place++)
		for (int character = 1; character < 256; character++) {
			const bool is_digit = strchr("0123456789abcdefABCDEF", character) != NULL;

			strcpy(batch.text.bytes, HASH "\n");
			batch.text.bytes[place] = (char)character;
			batch.text.length = batch.text.part[0].end = 41;
			if (character == '\n' && place == 0)
				continue; /* an empty line, and a shorter one */
			a2a_leaks_batch_read_hashes(&batch, 1, true);
			if ((batch.wrong == NULL) != is_digit)
				fail_msg("character %d in place %zu", character, place);
		}
	a2a_leaks_batch_release(&batch);
}

static void hashes_are_sorted(void **state)
{
	enum { MANY = 2500000 };
	uint64_t seed = 7, *hash = calloc(MANY, sizeof(*hash)),
		 *sorted = calloc(MANY, sizeof(*sorted));
	uint32_t *times = calloc(MANY, sizeof(*times));
	char *beside = path_of("beside");
	struct a2a_leaks_sort *sort = a2a_leaks_sort_open(beside, &log_of_test);

	(void)state;
	assert_non_null(sort);
	/* Some come more than once, in several runs. */
	for (size_t i = 0; i < MANY; i++)
		hash[i] = i % 5 == 4 ? hash[next(&seed) % i] : next(&seed);
	for (size_t i = 0; i < MANY; i += 100000)
		assert_true(a2a_leaks_sort_add(sort, hash + i, 100000));
	qsort(hash, MANY, sizeof(*hash), compare);
	for (int round = 0; round < 2; round++) {
		size_t got = 0, count, place = 0;

		assert_true(a2a_leaks_sort_start(sort));
		do {
			assert_true(a2a_leaks_sort_read(
				sort, sorted + got, times + got, 77777, &count));
			got += count;
		} while (count);
		for (size_t i = 0; i < got; i++)
			for (uint32_t j = 0; j < times[i]; j++)
				assert_true(hash[place++] == sorted[i] &&
					    (!i || sorted[i] > sorted[i - 1]));
		assert_int_equal(place, MANY);
	}
	a2a_leaks_sort_close(sort);
	free(beside);
	free(hash);
	free(sorted);
	free(times);
}

/* ---- Filters --------------------------------------------------------------------------------- */

static void a_filter_knows_all_of_its_list(void **state)
{
	static const double rates[] = {1e-2, 1e-5, 1e-9};
	static const size_t sizes[] = {1, 2, 300, 3000000};
	uint64_t seed = 11;

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		uint64_t *hash = make_hashes(sizes[s], s + 1);
		char *list = write_list("list", hash, sizes[s]), *filter = path_of("filter");

		for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
			const double rate = rates[i];
			const struct a2a_leaks_result result = build(list, filter, rate, 2);
			struct a2a_leaks leaks = open_filter(filter);
			const size_t step = 1 + sizes[s] / 20000;
			const unsigned asked = rate > 1e-3 ? 50000 : 5000;
			double entries = (double)result.format.entries, expected;
			unsigned wrong = 0;

			assert_int_equal(result.census.taken, sizes[s]);
			assert_int_equal(result.format.entries + result.format.merged, sizes[s]);
			assert_int_equal(
				a2a_leaks_verify(&leaks, filter, 2, &observer), A2A_LEAKS_GOOD);
			for (size_t j = 0; j < sizes[s]; j += step)
				assert_int_equal(
					a2a_leaks_find(&leaks, hash[j], NULL), A2A_LEAKS_PRESENT);
			for (unsigned j = 0; j < asked; j++)
				wrong += a2a_leaks_find(&leaks, next(&seed), NULL) ==
					 A2A_LEAKS_PRESENT;
			expected = asked * entries / (double)a2a_leaks_universe(&leaks.format);
			assert_true(fabs(wrong - expected) <= 5 * sqrt(expected) + 2);
			assert_true(entries / (double)a2a_leaks_universe(&leaks.format) <= rate);
			if (sizes[s] > 1000000) {
				const double bits = 8 * (double)leaks.format.size / entries,
					     least = log2(
						     (double)a2a_leaks_universe(&leaks.format) /
						     entries);

				if (rate < 1e-3)
					assert_true(bits - least < 1.56);
			}
			a2a_leaks_close(&leaks);
		}
		free(hash);
		free(list);
		free(filter);
	}
}

static void the_same_list_gives_the_same_file(void **state)
{
	enum { MANY = 1500000 };
	uint64_t *hash = make_hashes(MANY, 13);
	char *list = write_list("list", hash, MANY), *one = path_of("one"),
	     *other = path_of("other");

	(void)state;
	build(list, one, 1e-5, 1);
	for (unsigned jobs = 2; jobs <= 8; jobs += 3) {
		build(list, other, 1e-5, jobs);
		assert_true(same_bytes(one, other));
	}
	free(hash);
	free(list);
	free(one);
	free(other);
}

/* Where the list has only some ranges, or more at its end than its start shows. */
static void an_uneven_list_is_built_all_the_same(void **state)
{
	enum { MANY = 1300000 };
	uint64_t *hash = make_hashes(MANY, 17);
	char *filter = path_of("filter");

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		char *list;
		struct a2a_leaks leaks;

		for (size_t i = 0; i < MANY; i++)
			if (kind == 0)
				hash[i] >>= 12; /* ranges 00000 to 000FF alone */
			else if (kind == 1)
				hash[i] = hash[i] << 12 >> 12 | UINT64_C(0xabc) << 52;
			else
				hash[i] = i < 1100000 ? (uint64_t)i << 43
						      : UINT64_MAX - (MANY - i) * 1000000;
		qsort(hash, MANY, sizeof(*hash), compare);
		list = write_list("list", hash, MANY);
		build(list, filter, 1e-5, 2);
		leaks = open_filter(filter);
		assert_int_equal(a2a_leaks_verify(&leaks, filter, 2, &observer), A2A_LEAKS_GOOD);
		assert_true((double)leaks.format.entries <=
			    1e-5 * (double)a2a_leaks_universe(&leaks.format));
		for (size_t i = 0; i < MANY; i += 997)
			assert_int_equal(a2a_leaks_find(&leaks, hash[i], NULL), A2A_LEAKS_PRESENT);
		a2a_leaks_close(&leaks);
		free(list);
		free(hash);
		hash = make_hashes(MANY, 17);
	}
	free(hash);
	free(filter);
}

static void merging_loses_nothing(void **state)
{
	static const size_t sizes[3] = {200000, 50000, 3};
	static const double rates[3] = {1e-5, 3.3e-6, 1e-2};
	uint64_t *hash[3];
	struct a2a_leaks leaks[3], merged;
	char *filter[3], *output = path_of("merged");
	struct a2a_leaks_format format;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char name[] = {'f', (char)('0' + i), '\0'}, *list;

		hash[i] = make_hashes(sizes[i], 19 + i);
		list = write_list("list", hash[i], sizes[i]);
		filter[i] = path_of(name);
		build(list, filter[i], rates[i], 1);
		leaks[i] = open_filter(filter[i]);
		free(list);
	}
	for (size_t count = 1; count <= 3; count++) {
		assert_true(a2a_leaks_merge(leaks, count, output, &format, &observer));
		if (count == 1)
			assert_true(same_bytes(filter[0], output));
		merged = open_filter(output);
		assert_int_equal(a2a_leaks_verify(&merged, output, 1, &observer), A2A_LEAKS_GOOD);
		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < sizes[i]; j++)
				if (a2a_leaks_find(&merged, hash[i][j], NULL) != A2A_LEAKS_PRESENT)
					fail_msg("hash %zu of filter %zu of %zu is lost", j, i,
						count);
		a2a_leaks_close(&merged);
	}
	for (size_t i = 0; i < 3; i++) {
		a2a_leaks_close(&leaks[i]);
		free(hash[i]);
		free(filter[i]);
	}
	free(output);
}

static void a_password_is_hashed_as_it_is(void **state)
{
	(void)state;
	assert_true(a2a_leaks_hash("password", 8) == UINT64_C(0x5baa61e4c9b93f3f));
	assert_true(a2a_leaks_hash("", 0) == UINT64_C(0xda39a3ee5e6b4b0d));
}

/* Past the deadline, nothing is waited for; what is in memory is answered all the same. */
static void a_deadline_is_kept(void **state)
{
	const struct timespec past = {.tv_sec = 0};
	uint64_t *hash = make_hashes(1000, 23);
	char *list = write_list("list", hash, 1000), *filter = path_of("filter");
	struct a2a_leaks leaks;
	enum a2a_leaks_answer answer;

	(void)state;
	build(list, filter, 1e-5, 1);
	leaks = open_filter(filter);
	assert_int_equal(a2a_leaks_find(&leaks, hash[5], NULL), A2A_LEAKS_PRESENT);
	answer = a2a_leaks_find(&leaks, hash[5], &past);
	/* A file system that cannot say what is in memory is never waited for. */
	assert_true(answer == A2A_LEAKS_PRESENT || answer == A2A_LEAKS_LATE);
	posix_fadvise(leaks.descriptor, 0, 0, POSIX_FADV_DONTNEED);
	answer = a2a_leaks_find(&leaks, hash[7], &past);
	assert_true(answer == A2A_LEAKS_PRESENT || answer == A2A_LEAKS_LATE);
	a2a_leaks_close(&leaks);
	free(hash);
	free(list);
	free(filter);
}

/* ---- Damage ---------------------------------------------------------------------------------- */

/* Looks up what is known, in a file that may be damaged. Returns how often there was no answer. */
static unsigned look_up(const char *filter, const uint64_t *hash, size_t count, size_t step,
	const uint64_t *absent, size_t absent_count)
{
	struct a2a_leaks leaks;
	unsigned refused = 0;
	int error;

	if (a2a_leaks_open(&leaks, filter, NULL, &error)) {
		assert_int_equal(error, 0);
		return (unsigned)count;
	}
	for (size_t i = 0; i < count; i += step) {
		const enum a2a_leaks_answer answer = a2a_leaks_find(&leaks, hash[i], NULL);

		assert_true(answer == A2A_LEAKS_PRESENT || answer == A2A_LEAKS_DAMAGED);
		refused += answer == A2A_LEAKS_DAMAGED;
	}
	for (size_t i = 0; i < absent_count; i++) {
		const enum a2a_leaks_answer answer = a2a_leaks_find(&leaks, absent[i], NULL);

		assert_true(answer == A2A_LEAKS_ABSENT || answer == A2A_LEAKS_DAMAGED);
	}
	a2a_leaks_close(&leaks);
	return refused;
}

static bool is_whole(const char *filter)
{
	struct a2a_leaks leaks;
	int error;
	bool is_good;

	if (a2a_leaks_open(&leaks, filter, NULL, &error))
		return false;
	is_good = a2a_leaks_verify(&leaks, filter, 1, &observer) == A2A_LEAKS_GOOD;
	a2a_leaks_close(&leaks);
	return is_good;
}

static void change(int file, const char *bytes, size_t size, size_t place)
{
	assert_int_equal(pwrite(file, bytes, size, (off_t)place), (ssize_t)size);
}

static void every_byte_of_a_small_one_counts(void **state)
{
	enum { FEW = 200, ABSENT = 50 };
	uint64_t *hash = make_hashes(FEW, 29), *absent = make_hashes(ABSENT, 31);
	char *list = write_list("list", hash, FEW), *filter = path_of("filter");
	size_t size;
	char *bytes;
	int file;

	(void)state;
	build(list, filter, 1e-5, 1);
	bytes = read_bytes(filter, &size);
	file = open(filter, O_RDWR | O_CLOEXEC);
	assert_true(file >= 0 && is_whole(filter));
	for (size_t place = 0; place < size; place++)
		for (unsigned bit = 1; bit < 0x200; bit <<= 2) {
			const char damaged = (char)(bytes[place] ^ (bit > 0x80 ? 0xff : bit));

			change(file, &damaged, 1, place);
			if (is_whole(filter))
				fail_msg("byte %zu may be another one", place);
			look_up(filter, hash, FEW, 1, absent, ABSENT);
			change(file, bytes + place, 1, place);
		}
	assert_true(is_whole(filter));
	assert_int_equal(look_up(filter, hash, FEW, 1, absent, ABSENT), 0);
	/* Cut at every byte, and with one more. */
	for (size_t length = 0; length < size; length++) {
		assert_int_equal(ftruncate(file, (off_t)length), 0);
		assert_false(is_whole(filter));
		change(file, bytes, length + 1, 0);
	}
	assert_true(is_whole(filter));
	change(file, "", 1, size);
	assert_false(is_whole(filter));
	close(file);
	free(bytes);
	free(hash);
	free(absent);
	free(list);
	free(filter);
}

/* What disks and copies do: bytes, bits, runs of zeros, pages of another place. */
static void damage_at(
	int file, const char *bytes, size_t size, size_t place, size_t length, uint64_t *seed)
{
	static char changed[4096];

	memcpy(changed, bytes + place, length);
	switch (next(seed) % 4) {
	case 0:
		changed[next(seed) % length] ^= (char)(1 << next(seed) % 8);
		break;
	case 1:
		memset(changed, 0, length);
		break;
	case 2:
		memcpy(changed, bytes + next(seed) % (size - length), length);
		break;
	default:
		for (size_t i = 0; i < length; i++)
			changed[i] = (char)next(seed);
	}
	change(file, changed, length, place);
}

static void random_damage_is_found_or_changes_nothing(void **state)
{
	enum { MANY = 500000, ABSENT = 8, LOOKED = 4000 };
	uint64_t *hash = make_hashes(MANY, 37), *absent = make_hashes(ABSENT, 41), seed = 43;
	char *list = write_list("list", hash, MANY), *filter = path_of("filter");
	unsigned long refused = 0;
	size_t size;
	char *bytes;
	int file;

	(void)state;
	build(list, filter, 1e-5, 1);
	bytes = read_bytes(filter, &size);
	file = open(filter, O_RDWR | O_CLOEXEC);
	assert_true(file >= 0);
	for (unsigned long i = 0; i < damages; i++) {
		const size_t length = 1 + (size_t)(next(&seed) % (i % 2 ? 4096 : 4));
		const size_t front = i % 4 ? size : 4096; /* the header and the index are short */
		const size_t place =
			(size_t)(next(&seed) % ((front < size ? front : size) - length + 1));
		/* The hashes whose block is about there. */
		size_t first = (size_t)((double)MANY * (double)place / (double)size);

		damage_at(file, bytes, size, place, length, &seed);
		first = first < LOOKED / 2 ? 0 : first - LOOKED / 2;
		first = first > MANY - LOOKED ? MANY - LOOKED : first;
		refused += look_up(filter, hash + first, LOOKED, 61, absent, ABSENT) > 0;
		change(file, bytes + place, length, place);
	}
	/* The test looked where the damage was. */
	assert_true(refused > damages / 2);
	assert_int_equal(look_up(filter, hash, MANY, 61, absent, ABSENT), 0);
	assert_true(is_whole(filter));
	close(file);
	free(bytes);
	free(hash);
	free(absent);
	free(list);
	free(filter);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char *command = NULL;
	int status = -1;

	(void)state;
	if (asprintf(&command, "rm -rf '%s'", folder) > 0)
		status = system(command);
	free(command);
	return status;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rate_is_kept),
		cmocka_unit_test(every_bit_of_the_header_counts),
		cmocka_unit_test(a_hash_has_its_part),
		cmocka_unit_test(a_block_gives_its_numbers),
		cmocka_unit_test(a_block_that_is_too_large_is_not_written),
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(hashes_are_sorted),
		cmocka_unit_test(a_filter_knows_all_of_its_list),
		cmocka_unit_test(the_same_list_gives_the_same_file),
		cmocka_unit_test(an_uneven_list_is_built_all_the_same),
		cmocka_unit_test(merging_loses_nothing),
		cmocka_unit_test(a_password_is_hashed_as_it_is),
		cmocka_unit_test(a_deadline_is_kept),
		cmocka_unit_test(every_byte_of_a_small_one_counts),
		cmocka_unit_test(random_damage_is_found_or_changes_nothing),
	};

	if (argc > 1)
		damages = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
