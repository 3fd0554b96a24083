/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * After a judgement, nothing of the password is left in the process: every writable byte of it is
 * searched. Built with -O2 and link-time optimisation, under which a compiler drops the wipes that
 * it takes for useless.
 *
 * The password is kept here only in a veiled form, and compared byte by byte, so that the search
 * does not find itself.
 */
#define _GNU_SOURCE
#include "fixture.h"
#include "generate.h"
#include "message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VEIL = 0x5b, LENGTH = 37, ENOUGH = 8 };

/* Longer than what free() itself writes into a small block. */
static const unsigned char veiled[LENGTH] = {'K' ^ VEIL, 'q' ^ VEIL, '7' ^ VEIL, '#' ^ VEIL,
	'v' ^ VEIL, 'X' ^ VEIL, '2' ^ VEIL, 'm' ^ VEIL, 'L' ^ VEIL, 'p' ^ VEIL, '9' ^ VEIL,
	'Z' ^ VEIL, 't' ^ VEIL, '4' ^ VEIL, 'W' ^ VEIL, 'd' ^ VEIL, 'R' ^ VEIL, 'g' ^ VEIL,
	'8' ^ VEIL, '%' ^ VEIL, 's' ^ VEIL, 'J' ^ VEIL, '3' ^ VEIL, 'f' ^ VEIL, 'H' ^ VEIL,
	'n' ^ VEIL, '6' ^ VEIL, 'B' ^ VEIL, 'c' ^ VEIL, '5' ^ VEIL, 'T' ^ VEIL, 'y' ^ VEIL,
	'Q' ^ VEIL, 'w' ^ VEIL, '2' ^ VEIL, 'V' ^ VEIL, 'k' ^ VEIL};

static unsigned char small(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : c;
}

/* Whether ENOUGH characters in a row of the password, of either case, stand here, each in so many
 * bytes. */
static bool stands_here(const unsigned char *at, const unsigned char *end, size_t width)
{
	for (size_t from = 0; from + ENOUGH <= LENGTH; from++) {
		size_t same = 0;

		while (same < ENOUGH && at + (same + 1) * width <= end) {
			const unsigned char *character = at + same * width;
			bool wide_zero = true;

			for (size_t i = 1; i < width; i++)
				wide_zero &= character[i] == 0;
			if (!wide_zero || small(character[0]) != small(veiled[from + same] ^ VEIL))
				break;
			same++;
		}
		if (same == ENOUGH)
			return true;
	}
	return false;
}

/* Counts the places, and says which mapping they are in. */
static size_t traces(bool say)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	size_t found = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		uintptr_t from, to;
		char access[5];

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, access) != 3 ||
			access[0] != 'r' || access[1] != 'w' || strstr(line, "[vvar"))
			continue;
		for (const unsigned char *at = (const unsigned char *)from;
			at < (const unsigned char *)to; at++)
			for (size_t width = 1; width <= 4; width += 3)
				if (stands_here(at, (const unsigned char *)to, width)) {
					found++;
					if (say)
						print_error("at %p, %zu bytes a character: %s",
							(const void *)at, width, line);
				}
	}
	fclose(maps);
	return found;
}

static struct secret unveil(void)
{
	struct secret password;

	assert_true(a2a_secret_reserve(&password, LENGTH));
	for (size_t i = 0; i < LENGTH; i++)
		password.bytes[i] = (char)(veiled[i] ^ VEIL);
	password.length = LENGTH;
	return password;
}

/* Judges the password's first characters, with more behind them: whether it is accepted. */
static bool judge_some(const char *const *set, bool with_old, size_t length, const char *more)
{
	struct a2a_policy *policy = tree_policy(set);
	struct secret password = unveil(), old = unveil();
	struct a2a_person person = {.old_password = with_old ? &old : NULL};
	struct a2a_verdict verdict;

	/* Not the same as the old one, or no library would be asked. */
	old.bytes[0] = '_';
	memset(password.bytes + length, 0, LENGTH - length);
	password.length = length;
	assert_true(a2a_secret_append(&password, more, strlen(more)));
	assert_true(a2a_judge(policy, &password, &person, &verdict, NULL));
	a2a_secret_wipe(&password);
	a2a_secret_wipe(&old);
	a2a_policy_close(policy);
	return verdict.accepted;
}

static void judge_once(const char *const *set, bool with_old)
{
	assert_int_equal(judge_some(set, with_old, LENGTH, ""), !with_old);
}

static void the_search_finds_what_is_there(void **state)
{
	struct secret password = unveil();

	(void)state;
	assert_true(traces(false) >= 1);
	a2a_secret_wipe(&password);
	assert_int_equal(traces(true), 0);
}

static void our_own_rules_leave_nothing(void **state)
{
	(void)state;
	judge_once((const char *const[]){"dictcheck=no", "second_opinion=no", NULL}, false);
	assert_int_equal(traces(true), 0);
}

/* Of ASCII only what was written to is wiped; the rest is spelled out by utf8proc first. */
static void what_is_not_ascii_leaves_nothing(void **state)
{
	static const char *const set[] = {"second_opinion=no", NULL};

	(void)state;
	assert_true(judge_some(set, false, LENGTH, "é"));
	assert_int_equal(traces(true), 0);
	assert_false(judge_some(set, false, LENGTH, "\xff"));
	assert_int_equal(traces(true), 0);
}

/* It is taken apart on the stack. */
static void a_short_one_leaves_nothing(void **state)
{
	static const char *const set[] = {"second_opinion=no", NULL};

	(void)state;
	assert_true(judge_some(set, false, LENGTH / 2, ""));
	assert_int_equal(traces(true), 0);
}

/* Without the guess number, the verdict depends on cracklib. */
static void cracklib_leaves_nothing(void **state)
{
	(void)state;
	judge_once((const char *const[]){"min_guesses=0", NULL}, false);
	assert_int_equal(traces(true), 0);
}

/* With one of its settings, the verdict depends on libpwquality. */
static void libpwquality_leaves_nothing(void **state)
{
	static const char *const set[] = {"maxrepeat=8", NULL};

	(void)state;
	judge_once(set, false);
	assert_int_equal(traces(true), 0);
	judge_once(set, true);
	assert_int_equal(traces(true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_search_finds_what_is_there),
		cmocka_unit_test(our_own_rules_leave_nothing),
		cmocka_unit_test(what_is_not_ascii_leaves_nothing),
		cmocka_unit_test(a_short_one_leaves_nothing),
		cmocka_unit_test(cracklib_leaves_nothing),
		cmocka_unit_test(libpwquality_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
