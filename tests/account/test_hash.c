/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes that crypt(3) and libargon2 verify, and no password cut. */
#define _GNU_SOURCE
#include <argon2.h>
#include <crypt.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hash.h"

static const struct {
	const char *name, *begin;
} schemes[HASH_SCHEMES] = {
	{"yescrypt", "{CRYPT}$y$j9T$"},
	{"bcrypt", "{BLF-CRYPT}$2y$10$"},
	{"sha512", "{SHA512-CRYPT}$6$rounds=100000$"},
	{"argon2id", "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$"},
};

static char *hash(enum hash_scheme scheme, const char *text)
{
	const struct secret password = a2a_secret_borrow(text, strlen(text));
	struct secret hashed = {0};
	const char *wrong = hash_password(scheme, &password, &hashed);
	char *copy;

	if (wrong)
		fail_msg("%s: %s", hash_name(scheme), wrong);
	copy = strdup(hashed.bytes);
	assert_non_null(copy);
	a2a_secret_wipe(&hashed);
	return copy;
}

/* By the libraries themselves, from the hash alone. */
static bool verifies(const char *hashed, const char *password)
{
	const char *bare = strchr(hashed, '}');
	struct crypt_data *data;
	const char *again;
	bool same;

	assert_non_null(bare);
	bare++;
	if (strncmp(bare, "$argon2id$", 10) == 0)
		return argon2id_verify(bare, password, strlen(password)) == ARGON2_OK;
	data = calloc(1, sizeof(*data));
	assert_non_null(data);
	again = crypt_rn(password, bare, data, sizeof(*data));
	same = again && strcmp(again, bare) == 0;
	free(data);
	return same;
}

static void names_are_found(void **state)
{
	enum hash_scheme scheme;

	(void)state;
	for (int i = 0; i < HASH_SCHEMES; i++) {
		assert_true(hash_find(schemes[i].name, &scheme));
		assert_int_equal(scheme, i);
		assert_string_equal(hash_name(scheme), schemes[i].name);
		assert_non_null(strstr(hash_names(), schemes[i].name));
	}
	assert_false(hash_find("md5", &scheme));
	assert_false(hash_find("", &scheme));
	assert_false(hash_find("YESCRYPT", &scheme));
}

static void a_hash_verifies_its_password_alone(void **state)
{
	static const char *const passwords[] = {"6rf8qFQGin8y", "été à Gand 2", "€\U0001f40c grüße",
		"123456789012345678901234567890123456789012345678901234567890123456789012"};

	(void)state;
	for (int i = 0; i < HASH_SCHEMES; i++)
		for (size_t j = 0; j < sizeof(passwords) / sizeof(passwords[0]); j++) {
			char *hashed = hash((enum hash_scheme)i, passwords[j]);
			char *other = strdup(passwords[j]);

			assert_non_null(other);
			assert_memory_equal(hashed, schemes[i].begin, strlen(schemes[i].begin));
			assert_null(strstr(hashed, passwords[j]));
			assert_true(verifies(hashed, passwords[j]));
			/* Not even when only its last bit is another. */
			other[strlen(other) - 1] ^= 1;
			assert_false(verifies(hashed, other));
			assert_false(verifies(hashed, ""));
			free(other);
			free(hashed);
		}
}

static void two_hashes_of_one_password_differ(void **state)
{
	(void)state;
	for (int i = 0; i < HASH_SCHEMES; i++) {
		char *one = hash((enum hash_scheme)i, "6rf8qFQGin8y");
		char *two = hash((enum hash_scheme)i, "6rf8qFQGin8y");

		assert_string_not_equal(one, two);
		free(one);
		free(two);
	}
}

static void what_is_appended_stands_behind_what_was_there(void **state)
{
	const struct secret password = a2a_secret_borrow("6rf8qFQGin8y-and-more", 12);

	(void)state;
	for (int i = 0; i < HASH_SCHEMES; i++) {
		struct secret hashed = {0};

		assert_true(a2a_secret_append(&hashed, "user0001:", 9));
		assert_null(hash_password((enum hash_scheme)i, &password, &hashed));
		assert_memory_equal(hashed.bytes, "user0001:{", 10);
		/* Of a view, no more than its length. */
		assert_true(verifies(hashed.bytes, "6rf8qFQGin8y"));
		a2a_secret_wipe(&hashed);
	}
}

static void what_would_be_cut_is_refused(void **state)
{
	static const struct {
		size_t length;
		bool refused[HASH_SCHEMES];
	} cases[] = {
		{0, {true, true, true, true}},
		{72, {false, false, false, false}},
		{73, {false, true, false, false}},
		{511, {false, true, false, false}},
		{512, {true, true, true, true}},
	};
	char text[512];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int j = 0; j < HASH_SCHEMES; j++) {
			const struct secret password = a2a_secret_borrow(text, cases[i].length);
			struct secret hashed = {0};
			const char *wrong;

			assert_true(a2a_secret_append(&hashed, "before", 6));
			wrong = hash_password((enum hash_scheme)j, &password, &hashed);
			if (cases[i].refused[j] != (wrong != NULL))
				fail_msg("%s of %zu bytes: %s", hash_name((enum hash_scheme)j),
					cases[i].length, wrong ? wrong : "not refused");
			if (wrong)
				assert_string_equal(hashed.bytes, "before");
			a2a_secret_wipe(&hashed);
		}
}

static void a_nul_is_refused(void **state)
{
	const struct secret password = a2a_secret_borrow("6rf8q\0QGin8y", 12);

	(void)state;
	for (int i = 0; i < HASH_SCHEMES; i++) {
		struct secret hashed = {0};

		assert_non_null(hash_password((enum hash_scheme)i, &password, &hashed));
		assert_null(hashed.bytes);
	}
}

enum { THREADS = 8, EACH = 1 };

struct work {
	pthread_t thread;
	char password[16];
	struct secret hashed[HASH_SCHEMES][EACH];
};

/* Asserts nothing: cmocka takes that from the main thread only. */
static void *work(void *context)
{
	struct work *work = context;
	const struct secret password = a2a_secret_borrow(work->password, strlen(work->password));

	for (int i = 0; i < EACH; i++)
		for (int j = 0; j < HASH_SCHEMES; j++)
			hash_password((enum hash_scheme)j, &password, &work->hashed[j][i]);
	return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
	struct work works[THREADS] = {0};

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		memcpy(works[i].password, "password of a0", 15);
		works[i].password[13] = (char)('0' + i);
		assert_int_equal(pthread_create(&works[i].thread, NULL, work, &works[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(works[i].thread, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		for (int j = 0; j < HASH_SCHEMES; j++)
			for (int k = 0; k < EACH; k++) {
				assert_non_null(works[i].hashed[j][k].bytes);
				assert_true(
					verifies(works[i].hashed[j][k].bytes, works[i].password));
				a2a_secret_wipe(&works[i].hashed[j][k]);
			}
}

static void many_are_hashed_each_in_its_place(void **state)
{
	enum { COUNT = 21 };
	static const unsigned jobs[] = {0, 1, 3, 8, 100};

	(void)state;
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		struct secret passwords[COUNT] = {0}, hashed[COUNT] = {0};
		size_t which;

		for (int j = 0; j < COUNT; j++) {
			const char last = (char)('a' + j);

			assert_true(a2a_secret_append(&passwords[j], "6rf8qFQGin8", 11));
			assert_true(a2a_secret_append(&passwords[j], &last, 1));
		}
		assert_null(hash_all(HASH_YESCRYPT, COUNT, passwords, hashed, jobs[i], &which));
		for (size_t j = 0; j < COUNT; j++) {
			assert_true(verifies(hashed[j].bytes, passwords[j].bytes));
			a2a_secret_wipe(&hashed[j]);
			a2a_secret_wipe(&passwords[j]);
		}
	}
}

static void of_many_the_one_that_cannot_be_is_named(void **state)
{
	enum { COUNT = 9, LONG = 5 };
	struct secret passwords[COUNT], hashed[COUNT] = {0};
	char text[73];
	size_t which;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < COUNT; i++)
		passwords[i] = a2a_secret_borrow(text, i == LONG ? 73 : 12);
	assert_non_null(hash_all(HASH_BCRYPT, COUNT, passwords, hashed, 4, &which));
	assert_int_equal(which, LONG);
	for (size_t i = 0; i < COUNT; i++)
		a2a_secret_wipe(&hashed[i]);
	assert_null(hash_all(HASH_BCRYPT, 0, NULL, NULL, 4, &which));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(a_hash_verifies_its_password_alone),
		cmocka_unit_test(two_hashes_of_one_password_differ),
		cmocka_unit_test(what_is_appended_stands_behind_what_was_there),
		cmocka_unit_test(what_would_be_cut_is_refused),
		cmocka_unit_test(a_nul_is_refused),
		cmocka_unit_test(threads_do_not_disturb_each_other),
		cmocka_unit_test(many_are_hashed_each_in_its_place),
		cmocka_unit_test(of_many_the_one_that_cannot_be_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
