/* SPDX-License-Identifier: BSD-3-Clause */
/* What a web server sends to all2all-passwd, of any bytes: taken or refused with a reason; and what
 * is taken has no NUL in it, and is the same when it is written and read again. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

static const char *const names[FIELDS] = {"user", "lang", "host", "old", "new"};

/* The fields as netstrings again, in another order than they may have come. */
static void write_again(const struct fields *fields, struct secret *output)
{
	for (int i = FIELDS - 1; i >= 0; i--) {
		char *start = NULL;

		if (!fields->given[i])
			continue;
		if (asprintf(&start, "%zu:%s=", strlen(names[i]) + 1 + fields->value[i].length,
			    names[i]) < 0 ||
			!a2a_secret_append(output, start, strlen(start)) ||
			!a2a_secret_append(
				output, fields->value[i].bytes, fields->value[i].length) ||
			!a2a_secret_append(output, ",", 1))
			abort();
		free(start);
	}
}

static void compare(const struct fields *fields, const struct fields *again)
{
	for (int i = 0; i < FIELDS; i++) {
		const struct secret *one = &fields->value[i], *other = &again->value[i];

		if (strlen(one->bytes) != one->length || fields->given[i] != again->given[i] ||
			one->length != other->length ||
			memcmp(one->bytes, other->bytes, one->length) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct secret input = a2a_secret_borrow((const char *)bytes, size);
	struct fields fields = {0}, again = {0};
	struct secret output = {0};
	const char *wrong = fields_parse(&fields, &input, 1u << FIELD_USER);

	if (wrong && !*wrong)
		abort();
	if (!wrong) {
		write_again(&fields, &output);
		if (output.length != size || fields_parse(&again, &output, 1u << FIELD_USER))
			abort();
		compare(&fields, &again);
	}
	a2a_secret_wipe(&output);
	fields_wipe(&again);
	fields_wipe(&fields);
	return 0;
}
