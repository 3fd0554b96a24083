/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "fields.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- Reading --------------------------------------------------------------------------------- */

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Returns how many bytes were read, 0 at the end; or -1 with errno, ETIMEDOUT at the deadline. */
static ssize_t read_some(int fd, char *bytes, size_t capacity, int64_t deadline)
{
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		const int64_t left = deadline - milliseconds();
		const int count = poll(&ready, 1, left > 0 ? (int)left : 0);
		ssize_t got;

		if (count == 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		got = count < 0 ? -1 : read(fd, bytes, capacity);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
	}
}

const char *a2a_fields_read(int fd, unsigned seconds, struct secret *input)
{
	const int64_t deadline = milliseconds() + (int64_t)seconds * 1000;
	ssize_t got;

	/* One byte more than allowed shows that there are too many. */
	if (!a2a_secret_reserve(input, A2A_FIELDS_MOST_BYTES + 1))
		return "out of memory";
	while ((got = read_some(fd, input->bytes + input->length,
			A2A_FIELDS_MOST_BYTES + 1 - input->length, deadline)) > 0) {
		input->length += (size_t)got;
		if (input->length > A2A_FIELDS_MOST_BYTES)
			return "it is too long";
	}
	if (got < 0)
		return errno == ETIMEDOUT ? "it does not end in time" : "it cannot be read";
	return NULL;
}

/* ---- The bytes of a value -------------------------------------------------------------------- */

static bool is_word(const struct secret *value)
{
	for (size_t i = 0; i < value->length; i++)
		if (value->bytes[i] <= ' ' || value->bytes[i] > '~')
			return false;
	return true;
}

/* A user name cannot be a path, hold a separator of /etc/passwd, or be an option of a program. */
static bool is_user(const struct secret *value)
{
	return value->length && value->bytes[0] != '-' && is_word(value) &&
	       !strpbrk(value->bytes, ":/,\\");
}

/* Any bytes: judging passwords is the policy's part. */
static bool is_password(const struct secret *value)
{
	(void)value;
	return true;
}

static const struct {
	const char *name;
	size_t most; /* bytes */
	bool (*fits)(const struct secret *value);
} table[A2A_FIELDS] = {
	[A2A_FIELD_USER] = {"user", 255, is_user},
	[A2A_FIELD_LANG] = {"lang", 63, is_word},
	[A2A_FIELD_HOST] = {"host", 255, is_word},
	[A2A_FIELD_OLD] = {"old", A2A_FIELDS_MOST_BYTES, is_password},
	[A2A_FIELD_NEW] = {"new", A2A_FIELDS_MOST_BYTES, is_password},
};

/* ---- Parsing --------------------------------------------------------------------------------- */

/* The field that "NAME=" begins, or -1; `*name` is the length of that, the `=` included. */
static int find_field(const char *bytes, size_t length, size_t *name)
{
	const char *equals = memchr(bytes, '=', length);

	for (int i = 0; equals && i < A2A_FIELDS; i++) {
		*name = (size_t)(equals - bytes) + 1;
		if (strlen(table[i].name) == *name - 1 &&
			memcmp(table[i].name, bytes, *name - 1) == 0)
			return i;
	}
	return -1;
}

static const char *take_field(struct a2a_fields *fields, const char *bytes, size_t length)
{
	size_t name = 0;
	int field = find_field(bytes, length, &name);
	struct secret *value;

	if (field < 0)
		return "a field has a name that is not known";
	if (fields->given[field])
		return "a field is there twice";
	bytes += name;
	length -= name;
	value = &fields->value[field];
	if (length > table[field].most)
		return "a value is too long";
	/* Libpam takes strings: what stands behind a NUL would be dropped without a word. */
	if (memchr(bytes, '\0', length))
		return "a value holds a NUL";
	if (!a2a_secret_append(value, bytes, length))
		return "out of memory";
	if (!table[field].fits(value))
		return "a value holds a character that it cannot have";
	fields->given[field] = true;
	return NULL;
}

/* Reads the number and the colon at `*at`, and moves `*at` behind them. False when there are none.
 */
static bool take_length(const struct secret *input, size_t *at, size_t *length)
{
	const size_t start = *at;

	*length = 0;
	while (*at < input->length && input->bytes[*at] >= '0' && input->bytes[*at] <= '9') {
		*length = *length * 10 + (size_t)(input->bytes[*at] - '0');
		if (*length > A2A_FIELDS_MOST_BYTES)
			return false;
		++*at;
	}
	/* A number has only one form, so a leading 0 is wrong; and no field is empty. */
	if (*at == start || input->bytes[start] == '0')
		return false;
	return *at < input->length && input->bytes[(*at)++] == ':';
}

const char *a2a_fields_parse(struct a2a_fields *fields, const struct secret *input, unsigned needed)
{
	size_t at = 0;

	while (at < input->length) {
		const char *wrong;
		size_t length;

		if (!take_length(input, &at, &length) || length >= input->length - at ||
			input->bytes[at + length] != ',')
			return "it is not made of netstrings";
		wrong = take_field(fields, input->bytes + at, length);
		if (wrong)
			return wrong;
		at += length + 1;
	}
	for (int i = 0; i < A2A_FIELDS; i++) {
		if (needed & 1u << i && !fields->given[i])
			return "a field is missing";
		/* The value of a missing field is the empty string, so that it can be used as one.
		 */
		if (!fields->given[i] && !a2a_secret_append(&fields->value[i], "", 0))
			return "out of memory";
	}
	return NULL;
}

void a2a_fields_wipe(struct a2a_fields *fields)
{
	for (int i = 0; i < A2A_FIELDS; i++)
		a2a_secret_wipe(&fields->value[i]);
}
