/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "fields.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What a value may hold. No passwords' bytes are judged here: that is the policy's part. */
static bool is_word(const struct secret *value)
{
	for (size_t i = 0; i < value->length; i++)
		if (value->bytes[i] <= ' ' || value->bytes[i] > '~')
			return false;
	return true;
}

/* Nothing that could be a path, another field of /etc/passwd, or an option of a program. */
static bool is_user(const struct secret *value)
{
	return value->length && value->bytes[0] != '-' && is_word(value) &&
	       !strpbrk(value->bytes, ":/,\\");
}

static bool is_password(const struct secret *value)
{
	(void)value;
	return true;
}

static const struct {
	const char *name;
	size_t most; /* bytes */
	bool (*fits)(const struct secret *value);
} table[FIELDS] = {
	[FIELD_USER] = {"user", 255, is_user},
	[FIELD_LANG] = {"lang", 63, is_word},
	[FIELD_HOST] = {"host", 255, is_word},
	[FIELD_OLD] = {"old", FIELDS_MOST_BYTES, is_password},
	[FIELD_NEW] = {"new", FIELDS_MOST_BYTES, is_password},
};

/* ---- Reading --------------------------------------------------------------------------------- */

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The bytes that were there, 0 at the end; or -1 with errno: ETIMEDOUT when none came in time. */
static ssize_t read_some(int fd, char *bytes, size_t room, int64_t deadline)
{
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int64_t left = deadline - milliseconds();
		int count = poll(&ready, 1, left > 0 ? (int)left : 0);
		ssize_t got;

		if (count == 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		got = count < 0 ? -1 : read(fd, bytes, room);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
	}
}

const char *fields_read(int fd, unsigned seconds, struct secret *input)
{
	const int64_t deadline = milliseconds() + (int64_t)seconds * 1000;
	ssize_t got;

	/* One byte more than there may be tells too many. */
	if (!a2a_secret_reserve(input, FIELDS_MOST_BYTES + 1))
		return "out of memory";
	while ((got = read_some(fd, input->bytes + input->length,
			FIELDS_MOST_BYTES + 1 - input->length, deadline)) > 0) {
		input->length += (size_t)got;
		if (input->length > FIELDS_MOST_BYTES)
			return "there is too much of it";
	}
	if (got < 0)
		return errno == ETIMEDOUT ? "it does not end in time" : "it cannot be read";
	return NULL;
}

/* ---- Taking apart ---------------------------------------------------------------------------- */

/* Which field NAME= begins, and its length with the `=`; or -1. */
static int find_field(const char *bytes, size_t length, size_t *name)
{
	const char *equals = memchr(bytes, '=', length);

	for (int i = 0; equals && i < FIELDS; i++) {
		*name = (size_t)(equals - bytes) + 1;
		if (strlen(table[i].name) == *name - 1 &&
			memcmp(table[i].name, bytes, *name - 1) == 0)
			return i;
	}
	return -1;
}

static const char *take_field(struct fields *fields, const char *bytes, size_t length)
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
	/* What libpam gets ends at a NUL: the rest would be cut off unseen. */
	if (memchr(bytes, '\0', length))
		return "a value holds a NUL";
	if (!a2a_secret_append(value, bytes, length))
		return "out of memory";
	if (!table[field].fits(value))
		return "a value holds a character that it cannot have";
	fields->given[field] = true;
	return NULL;
}

/* The number before the colon; `*at` is moved behind that. False when there is no such number. */
static bool take_length(const struct secret *input, size_t *at, size_t *length)
{
	const size_t start = *at;

	*length = 0;
	while (*at < input->length && input->bytes[*at] >= '0' && input->bytes[*at] <= '9') {
		*length = *length * 10 + (size_t)(input->bytes[*at] - '0');
		if (*length > FIELDS_MOST_BYTES)
			return false;
		++*at;
	}
	/* A number has one form only: nothing may begin with a 0. */
	if (*at == start || input->bytes[start] == '0')
		return false;
	return *at < input->length && input->bytes[(*at)++] == ':';
}

const char *fields_parse(struct fields *fields, const struct secret *input, unsigned needed)
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
	for (int i = 0; i < FIELDS; i++) {
		if (needed & 1u << i && !fields->given[i])
			return "a field is missing";
		/* Everybody may use a value as a string, the empty one of a missing field too. */
		if (!fields->given[i] && !a2a_secret_append(&fields->value[i], "", 0))
			return "out of memory";
	}
	return NULL;
}

void fields_wipe(struct fields *fields)
{
	for (int i = 0; i < FIELDS; i++)
		a2a_secret_wipe(&fields->value[i]);
}
