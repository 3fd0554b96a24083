/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads fields for all2all-passwd from any bytes: they must be accepted, or refused with a reason.
 * Accepted values must hold no NUL, and must be the same after they are written and parsed again.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

static const char *const names[A2A_FIELDS] = {"user", "lang", "host", "old", "new"};

/* Writes the fields as netstrings again, the last one first. */
static void write_again(const struct a2a_fields *fields, struct secret *output)
{
	for (int i = A2A_FIELDS - 1; i >= 0; i--) {
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

static void compare(const struct a2a_fields *fields, const struct a2a_fields *again)
{
	for (int i = 0; i < A2A_FIELDS; i++) {
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
	struct a2a_fields fields = {0}, again = {0};
	struct secret output = {0};
	const char *wrong = a2a_fields_parse(&fields, &input, 1u << A2A_FIELD_USER);

	if (wrong && !*wrong)
		abort();
	if (!wrong) {
		write_again(&fields, &output);
		if (output.length != size ||
			a2a_fields_parse(&again, &output, 1u << A2A_FIELD_USER))
			abort();
		compare(&fields, &again);
	}
	a2a_secret_wipe(&output);
	a2a_fields_wipe(&again);
	a2a_fields_wipe(&fields);
	return 0;
}
