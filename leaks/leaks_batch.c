/* SPDX-License-Identifier: BSD-3-Clause */
#include "leaks_batch.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "leaks.h"

static const char NO_HASH[] =
	"is not a SHA-1 in 40 hexadecimal digits, with or without a colon and a count";
static const char NO_RANGE_HASH[] =
	"is not the rest of a SHA-1 in 35 hexadecimal digits, with or without a colon and a count";
const char a2a_leaks_no_order[] =
	"comes after a greater hash: sort the list (LC_ALL=C sort), or build with --sort";

enum { DIGITS = 40, RANGE_DIGITS = DIGITS - A2A_LEAKS_PREFIX };

/* ---- The census ------------------------------------------------------------------------------ */

unsigned a2a_leaks_count_class(uint64_t count)
{
	unsigned class = count < 2 ? (unsigned)count : 2;

	for (; count >= 10 && class < A2A_LEAKS_COUNT_CLASSES - 1; count /= 10)
		class ++;
	return class;
}

void a2a_leaks_census_add(struct a2a_leaks_census *sum, const struct a2a_leaks_census *part)
{
	sum->lines += part->lines;
	sum->taken += part->taken;
	for (size_t i = 0; i < A2A_LEAKS_COUNT_CLASSES; i++)
		sum->of_count[i] += part->of_count[i];
}

/* ---- A line ---------------------------------------------------------------------------------- */

/*
 * Reads 8 hexadecimal digits of either case at once, as bytes of one word. A letter has a bit that
 * no digit has, and its value is 9 more than its lower four bits. Anything else is found by writing
 * the digits of the value again and comparing. Returns the value, and ors into `*wrong` what is not
 * zero if one of them is no digit.
 */
static uint32_t read_8(const char *text, uint64_t *wrong)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t bytes, letter, value, again;

	memcpy(&bytes, text, sizeof(bytes));
	bytes = be64toh(bytes);
	letter = bytes >> 6 & ones;
	value = (bytes & 0x0f * ones) + 9 * letter;
	again = value + 0x30 * ones + 7 * ((value + 6 * ones) >> 4 & ones);
	/* A small letter has one bit more. */
	*wrong |= (value & 0xf0 * ones) | (again ^ (bytes & ~(letter << 5)));
	value = (value | value >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	value = (value | value >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (uint32_t)(value | value >> 16);
}

/* Reads 40 digits. Returns false if they are none. */
static bool read_hash(const char *text, uint64_t *hash)
{
	uint64_t wrong = 0;
	const uint64_t upper = read_8(text, &wrong), lower = read_8(text + 8, &wrong);

	*hash = upper << 32 | lower;
	for (size_t i = 16; i < DIGITS; i += 8)
		read_8(text + i, &wrong);
	return !wrong;
}

/* Reads 35 digits behind a prefix. */
static bool read_range_hash(const char *text, uint32_t prefix, uint64_t *hash)
{
	uint64_t wrong = 0;
	const uint64_t upper = read_8(text, &wrong), lower = read_8(text + 8, &wrong);

	*hash = (uint64_t)prefix << 44 | upper << 12 | lower >> 20;
	read_8(text + 16, &wrong);
	read_8(text + 24, &wrong);
	/* The last 3 digits, and 5 of those again. */
	read_8(text + RANGE_DIGITS - 8, &wrong);
	return !wrong;
}

/* Reads the count from `at` on, behind its colon, up to where it ends. Returns NULL if there is
 * none. */
static const char *read_count(const char *at, const char *end, uint64_t *count)
{
	const char *start = at;

	for (*count = 0; at < end && *at >= '0' && *at <= '9'; at++) {
		if (*count > UINT64_MAX / 10 - 1)
			return NULL;
		*count = *count * 10 + (uint64_t)(*at - '0');
	}
	return at > start ? at : NULL;
}

/* What reading stands at. */
struct reading {
	struct a2a_leaks_batch *batch;
	uint64_t least_count, last;
	bool in_order;
};

/* Reads the line from `at` on. Returns where the next one begins, or NULL and sets what is wrong.
 * Up to A2A_LEAKS_BEHIND_TEXT bytes behind `end` may be read. */
static const char *read_line(struct reading *reading, const char *at, const char *end,
	const struct a2a_leaks_text_part *range)
{
	struct a2a_leaks_batch *batch = reading->batch;
	const size_t digits = range ? RANGE_DIGITS : DIGITS;
	uint64_t hash, count = 1;

	if ((size_t)(end - at) < digits ||
		!(range ? read_range_hash(at, range->prefix, &hash) : read_hash(at, &hash))) {
		batch->wrong = range ? NO_RANGE_HASH : NO_HASH;
		return NULL;
	}
	at += digits;
	if (at < end && *at == ':')
		at = read_count(at + 1, end, &count);
	if (at && at < end && *at == '\r')
		at++;
	if (!at || (at < end && *at != '\n')) {
		batch->wrong = range ? NO_RANGE_HASH : NO_HASH;
		return NULL;
	}
	if (reading->in_order && hash < reading->last) {
		batch->wrong = a2a_leaks_no_order;
		return NULL;
	}
	reading->last = hash;
	batch->census.of_count[a2a_leaks_count_class(count)]++;
	if (count && count >= reading->least_count)
		batch->hash[batch->count++] = hash;
	return at + (at < end);
}

/* Reads the lines of one part of the text. */
static bool read_part(struct reading *reading, const char *at, const char *end,
	const struct a2a_leaks_text_part *range)
{
	struct a2a_leaks_batch *batch = reading->batch;
	uint64_t line = 0;

	while (at < end) {
		line++;
		if (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n')) {
			at += 1 + (*at == '\r');
			continue;
		}
		at = read_line(reading, at, end, range);
		if (!at) {
			batch->wrong_line = range ? line : batch->census.lines + line;
			batch->wrong_part = range;
			return false;
		}
	}
	batch->census.lines += line;
	return true;
}

void a2a_leaks_batch_note_ends(struct a2a_leaks_batch *batch)
{
	batch->first = batch->count ? batch->hash[0] : 0;
	batch->last = batch->count ? batch->hash[batch->count - 1] : 0;
}

void a2a_leaks_batch_read_hashes(struct a2a_leaks_batch *batch, uint64_t least_count, bool in_order)
{
	const struct a2a_leaks_text *text = &batch->text;
	struct reading reading = {batch, least_count, 0, in_order};
	size_t start = 0;
	bool ok = true;

	batch->count = 0;
	batch->wrong = NULL;
	batch->census = (struct a2a_leaks_census){0};
	for (size_t i = 0; ok && i < text->parts; i++) {
		ok = read_part(&reading, text->bytes + start, text->bytes + text->part[i].end,
			text->is_of_ranges ? &text->part[i] : NULL);
		start = text->part[i].end;
	}
	batch->census.taken = batch->count;
	a2a_leaks_batch_note_ends(batch);
}

void a2a_leaks_batch_hash_passwords(struct a2a_leaks_batch *batch, size_t *start)
{
	const struct a2a_leaks_text *text = &batch->text;

	batch->count = 0;
	batch->wrong = NULL;
	batch->census = (struct a2a_leaks_census){0};
	while (*start < text->length && batch->count < A2A_LEAKS_MOST_HASHES) {
		const char *at = text->bytes + *start;
		const char *newline = memchr(at, '\n', text->length - *start);
		size_t length = newline ? (size_t)(newline - at) : text->length - *start;

		*start += length + (newline != NULL);
		/* A list that comes from Windows. */
		if (length && at[length - 1] == '\r')
			length--;
		batch->census.lines++;
		if (length)
			batch->hash[batch->count++] = a2a_leaks_hash(at, length);
	}
}

bool a2a_leaks_batch_reserve(struct a2a_leaks_batch *batch)
{
	*batch = (struct a2a_leaks_batch){
		.hash = calloc(A2A_LEAKS_MOST_HASHES, sizeof(*batch->hash))};
	return a2a_leaks_text_reserve(&batch->text) && batch->hash;
}

void a2a_leaks_batch_release(struct a2a_leaks_batch *batch)
{
	a2a_leaks_text_release(&batch->text);
	free(batch->hash);
	batch->hash = NULL;
}
