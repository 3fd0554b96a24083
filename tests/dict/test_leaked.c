/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests the set of leaked passwords: it finds the passwords that were put in, and nothing else. A
 * damaged set is refused, or at least not read outside of its bytes. */
#include "fixture.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "leaked.h"

/* A set in an allocation of exactly its size, so that a sanitizer sees a read past the end. */
struct set {
	uint32_t *bytes;
	uint32_t count;
	struct a2a_leaked leaked;
};

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* Makes a set of fingerprints, and sorts them. */
static struct set make(uint64_t *fingerprint, uint32_t count)
{
	struct set set = {.count = count};

	qsort(fingerprint, count, sizeof(*fingerprint), by_value);
	for (uint32_t i = 1; i < count; i++)
		assert_true(fingerprint[i - 1] < fingerprint[i]);
	set.bytes = malloc(a2a_leaked_size(count));
	assert_non_null(set.bytes);
	a2a_leaked_write(set.bytes, fingerprint, count);
	assert_true(a2a_leaked_open(&set.leaked, set.bytes, count));
	assert_int_equal(set.leaked.count, count);
	assert_true(a2a_leaked_is_sorted(&set.leaked));
	return set;
}

static size_t name(char *text, const char *kind, uint32_t number)
{
	return (size_t)sprintf(text, "%s%06u", kind, (unsigned)number);
}

/* Makes a set of the passwords "in000000", "in000001" and so on. */
static struct set make_numbered(uint32_t count)
{
	uint64_t *fingerprint = malloc((count + 1) * sizeof(*fingerprint));
	struct set set;

	assert_non_null(fingerprint);
	for (uint32_t i = 0; i < count; i++) {
		char text[16];

		fingerprint[i] = a2a_leaked_fingerprint(text, name(text, "in", i));
	}
	set = make(fingerprint, count);
	free(fingerprint);
	return set;
}

static void all_are_found_and_no_others(void **state)
{
	static const uint32_t counts[] = {1, 2, 3, 100, 20000, 200000};

	(void)state;
	for (size_t round = 0; round < sizeof(counts) / sizeof(counts[0]); round++) {
		struct set set = make_numbered(counts[round]);
		unsigned others = 0;

		for (uint32_t i = 0; i < counts[round]; i++) {
			char text[16];

			if (!a2a_leaked_have(&set.leaked, text, name(text, "in", i)))
				fail_msg("%s of %u", text, (unsigned)counts[round]);
			others += a2a_leaked_have(&set.leaked, text, name(text, "out", i));
			others += a2a_leaked_have(&set.leaked, text, name(text, "in", i) - 1);
		}
		assert_int_equal(others, 0);
		free(set.bytes);
	}
}

/* Two buckets may hold the same 32 bits. */
static void a_bucket_ends_where_the_next_begins(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		char password[16];
		const uint64_t next = UINT64_C(1) << 50;
		uint64_t of_next;
		size_t length = name(password, "in", i);
		struct set set;

		of_next = a2a_leaked_fingerprint(password, length) + next;
		set = make(&of_next, 1);
		assert_false(a2a_leaked_have(&set.leaked, password, length));
		free(set.bytes);
		of_next -= 2 * next;
		set = make(&of_next, 1);
		assert_false(a2a_leaked_have(&set.leaked, password, length));
		free(set.bytes);
	}
}

static void the_empty_set_has_nothing_and_no_size(void **state)
{
	struct a2a_leaked leaked = {.count = 7};
	char nothing;

	(void)state;
	assert_int_equal(a2a_leaked_size(0), 0);
	a2a_leaked_write(&nothing, NULL, 0);
	assert_true(a2a_leaked_open(&leaked, &nothing, 0));
	assert_int_equal(leaked.count, 0);
	assert_true(a2a_leaked_is_sorted(&leaked));
	assert_false(a2a_leaked_have(&leaked, "in000000", 8));
	assert_false(a2a_leaked_have(&(struct a2a_leaked){0}, "in000000", 8));
}

static void sizes(void **state)
{
	(void)state;
	assert_int_equal(a2a_leaked_size(1), (16384 + 1 + 1) * 4);
	assert_int_equal(a2a_leaked_size(2), (16384 + 1 + 2) * 4);
	assert_int_equal(a2a_leaked_size(A2A_LEAKED_MOST), (16384 + 1 + (1 << 24)) * 4);
}

/* Short passwords are not found even if their fingerprint is in the set. */
static void fewer_than_seven_bytes_are_none(void **state)
{
	uint64_t fingerprint[2];
	struct set set;

	(void)state;
	fingerprint[0] = a2a_leaked_fingerprint("abc123", 6);
	fingerprint[1] = a2a_leaked_fingerprint("abc1234", 7);
	set = make(fingerprint, 2);
	assert_false(a2a_leaked_have(&set.leaked, "abc123", 6));
	assert_false(a2a_leaked_have(&set.leaked, "", 0));
	assert_true(a2a_leaked_have(&set.leaked, "abc1234", 7));
	assert_true(a2a_leaked_have(&set.leaked, "abc1234567", 7));
	free(set.bytes);
}

/* A file is read by other machines and later versions, so a fingerprint never changes. */
static void a_fingerprint_is_46_bits_of_xxh3(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		char text[16];
		size_t length = name(text, "in", i);
		uint64_t hash = XXH3_64bits(text, length);

		assert_true(a2a_leaked_fingerprint(text, length) ==
			    (hash & ~((UINT64_C(1) << 18) - 1)));
	}
	assert_true(a2a_leaked_fingerprint("abc1234", 7) == UINT64_C(0xeac00cf01f040000));
}

/* The numbers are little-endian. Tests the first, a middle and the last bucket, and the 32 bits
 * that a bucket holds. */
static void the_layout(void **state)
{
	uint64_t fingerprint[] = {
		0, UINT64_C(1) << 18, UINT64_C(0x5aaa1234) << 32, UINT64_MAX >> 18 << 18};
	struct set set = make(fingerprint, 4);
	const uint32_t *rest = set.bytes + A2A_LEAKED_BUCKETS + 1;

	(void)state;
	assert_int_equal(le32toh(set.bytes[0]), 0);
	for (uint32_t i = 1; i <= A2A_LEAKED_BUCKETS; i++)
		assert_int_equal(le32toh(set.bytes[i]), i <= 0x5aaa >> 2         ? 2
							: i < A2A_LEAKED_BUCKETS ? 3
										 : 4);
	assert_int_equal(le32toh(rest[0]), 0);
	assert_int_equal(le32toh(rest[1]), 1);
	assert_true(le32toh(rest[2]) == (UINT32_C(0x5aaa1234) << 14));
	assert_true(le32toh(rest[3]) == UINT32_MAX);
	free(set.bytes);
}

/* Tells whether the set opens. If so, looks passwords up in many of its buckets. */
static bool opens(const struct set *set)
{
	struct a2a_leaked leaked = {.count = 7};

	if (!a2a_leaked_open(&leaked, set->bytes, set->count)) {
		assert_int_equal(leaked.count, 0);
		return false;
	}
	a2a_leaked_is_sorted(&leaked);
	for (uint32_t i = 0; i < 300; i++) {
		char text[16];

		a2a_leaked_have(&leaked, text, name(text, "in", i));
	}
	return true;
}

static void buckets_out_of_order_are_refused(void **state)
{
	struct set set = make_numbered(3);
	const uint32_t last = A2A_LEAKED_BUCKETS;

	(void)state;
	assert_true(opens(&set));
	for (uint32_t i = 0; i <= last; i++) {
		const uint32_t whole = set.bytes[i];
		const uint32_t place = le32toh(whole);

		set.bytes[i] = htole32(4);
		assert_false(opens(&set));
		set.bytes[i] = UINT32_MAX;
		assert_false(opens(&set));
		/* The number becomes less than the one before it or, at the end, differs from the
		 * count of all. */
		if (place) {
			set.bytes[i] = htole32(place - 1);
			assert_int_equal(
				opens(&set), i < last && place > le32toh(set.bytes[i - 1]));
		}
		set.bytes[i] = whole;
	}
	/* The count is one fewer than there are. */
	set.count = 2;
	assert_false(opens(&set));
	set.count = 3;
	assert_true(opens(&set));
	free(set.bytes);
}

/* The buckets are in order, but fingerprints before the first or behind the last are in none. */
static void fingerprints_of_no_bucket_are_refused(void **state)
{
	uint64_t fingerprint[] = {0, UINT64_MAX >> 18 << 18};
	struct set set = make(fingerprint, 2);

	(void)state;
	set.bytes[0] = htole32(1);
	assert_false(opens(&set));
	set.bytes[0] = 0;
	assert_true(opens(&set));
	set.bytes[A2A_LEAKED_BUCKETS] = htole32(1);
	assert_false(opens(&set));
	free(set.bytes);
}

static void every_flipped_bit_is_harmless(void **state)
{
	struct set set = make_numbered(300);

	(void)state;
	for (size_t bit = 0; bit < 8 * a2a_leaked_size(set.count); bit += 61) {
		uint32_t *at = &set.bytes[bit / 32];

		*at ^= UINT32_C(1) << bit % 32;
		opens(&set);
		*at ^= UINT32_C(1) << bit % 32;
	}
	free(set.bytes);
}

static void what_is_not_sorted_is_seen(void **state)
{
	/* Two in one bucket, one in the next. */
	uint64_t fingerprint[] = {
		UINT64_C(1) << 18, UINT64_C(2) << 18, UINT64_C(1) << 50, UINT64_C(3) << 50};
	struct set set = make(fingerprint, 4);
	uint32_t *rest = set.bytes + A2A_LEAKED_BUCKETS + 1;

	(void)state;
	rest[1] = rest[0];
	assert_false(a2a_leaked_is_sorted(&set.leaked));
	rest[1] = 0;
	assert_false(a2a_leaked_is_sorted(&set.leaked));
	rest[1] = UINT32_MAX;
	/* Only the order within a bucket counts. */
	assert_true(a2a_leaked_is_sorted(&set.leaked));
	free(set.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_found_and_no_others),
		cmocka_unit_test(a_bucket_ends_where_the_next_begins),
		cmocka_unit_test(the_empty_set_has_nothing_and_no_size),
		cmocka_unit_test(sizes),
		cmocka_unit_test(fewer_than_seven_bytes_are_none),
		cmocka_unit_test(a_fingerprint_is_46_bits_of_xxh3),
		cmocka_unit_test(the_layout),
		cmocka_unit_test(buckets_out_of_order_are_refused),
		cmocka_unit_test(fingerprints_of_no_bucket_are_refused),
		cmocka_unit_test(every_flipped_bit_is_harmless),
		cmocka_unit_test(what_is_not_sorted_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
