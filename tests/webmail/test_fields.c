/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the input of all2all-passwd, with its limits of bytes and of time. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fields.h"

/* A pipe with this many bytes in it. */
static void fill(int ends[static 2], size_t length)
{
	char *bytes = malloc(length);

	assert_non_null(bytes);
	memset(bytes, 'x', length);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, (int)length + 1) > (int)length);
	assert_int_equal(write(ends[1], bytes, length), length);
	free(bytes);
}

static void an_input_is_read_to_its_end(void **state)
{
	static const size_t lengths[] = {1, 5, A2A_FIELDS_MOST_BYTES};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct secret input = {0};
		int ends[2];

		fill(ends, lengths[i]);
		close(ends[1]);
		assert_null(a2a_fields_read(ends[0], 5, &input));
		assert_int_equal(input.length, lengths[i]);
		assert_int_equal(input.bytes[0], 'x');
		a2a_secret_wipe(&input);
		close(ends[0]);
	}
}

static void too_many_bytes_are_refused(void **state)
{
	struct secret input = {0};
	int ends[2];

	(void)state;
	fill(ends, A2A_FIELDS_MOST_BYTES + 1);
	assert_non_null(strstr(a2a_fields_read(ends[0], 5, &input), "it is too long"));
	a2a_secret_wipe(&input);
	close(ends[0]);
	close(ends[1]);
}

static void an_input_without_an_end_is_refused(void **state)
{
	struct secret input = {0};
	int ends[2];

	(void)state;
	fill(ends, 5);
	assert_non_null(strstr(a2a_fields_read(ends[0], 1, &input), "in time"));
	a2a_secret_wipe(&input);
	close(ends[0]);
	close(ends[1]);
	assert_non_null(strstr(a2a_fields_read(ends[0], 1, &input), "cannot be read"));
	a2a_secret_wipe(&input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_input_is_read_to_its_end),
		cmocka_unit_test(too_many_bytes_are_refused),
		cmocka_unit_test(an_input_without_an_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
