/* SPDX-License-Identifier: BSD-3-Clause */
/* Format: GNU gettext manual, "The Format of GNU MO Files". Its numbers may have either
 * byte order: msgfmt writes little-endian ones on every machine. */
#include "catalogue.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

enum {
	MAGIC_AT = 0,
	COUNT_AT = 8,
	ORIGINALS_AT = 12,    /* offset of the table of originals, which is sorted */
	TRANSLATIONS_AT = 16, /* offset of the table of translations */
	HEADER = 28,
	ROW = 8, /* of each table: length without NUL, offset */
};
static const uint32_t MAGIC = 0x950412de;

/* Reads a number. Returns false beyond the end of the file. */
static bool read32(const struct a2a_catalogue *catalogue, size_t at, uint32_t *number)
{
	const struct a2a_file *file = &catalogue->file;

	if (at > file->size || file->size - at < sizeof(*number))
		return false;
	memcpy(number, file->bytes + at, sizeof(*number));
	if (catalogue->is_swapped)
		*number = __builtin_bswap32(*number);
	return true;
}

/*
 * Returns the string of a row of the table whose offset stands at `table_at`; NULL when damaged. A
 * message with a plural, and its translation, have a NUL between their forms.
 */
static const char *read_string(
	const struct a2a_catalogue *catalogue, size_t table_at, uint32_t row, uint32_t *length)
{
	const struct a2a_file *file = &catalogue->file;
	uint32_t table, place;

	if (!read32(catalogue, table_at, &table) ||
		!read32(catalogue, (size_t)table + (size_t)row * ROW, length) ||
		!read32(catalogue, (size_t)table + (size_t)row * ROW + 4, &place))
		return NULL;
	if (place >= file->size || *length >= file->size - place || file->bytes[place + *length])
		return NULL;
	return file->bytes + place;
}

int a2a_catalogue_open(struct a2a_catalogue *catalogue, const char *path)
{
	uint32_t magic = 0, count = 0, length;
	int error = a2a_file_read(&catalogue->file, path, A2A_MOST_TEXT);

	if (error)
		return error;
	catalogue->is_swapped = false;
	catalogue->is_swapped = read32(catalogue, MAGIC_AT, &magic) && magic != MAGIC;
	if (!read32(catalogue, MAGIC_AT, &magic) || magic != MAGIC ||
		!read32(catalogue, COUNT_AT, &count) || catalogue->file.size < HEADER)
		goto bad;
	/* Check every string, so that a part of a catalogue is not taken for a whole one. */
	for (uint32_t row = 0; row < count; row++)
		if (!read_string(catalogue, ORIGINALS_AT, row, &length) ||
			!read_string(catalogue, TRANSLATIONS_AT, row, &length))
			goto bad;
	return 0;
bad:
	a2a_catalogue_close(catalogue);
	return EBADMSG;
}

/* Returns the translation, which may be empty and have several forms, or NULL when there is none.
 */
static const char *find(
	const struct a2a_catalogue *catalogue, const char *message, uint32_t *length)
{
	uint32_t low = 0, high = 0;

	if (!read32(catalogue, COUNT_AT, &high))
		return NULL;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const char *original = read_string(catalogue, ORIGINALS_AT, middle, length);
		int order;

		if (!original)
			return NULL;
		order = strcmp(message, original);
		if (order == 0)
			return read_string(catalogue, TRANSLATIONS_AT, middle, length);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *a2a_catalogue_find(const struct a2a_catalogue *catalogue, const char *message)
{
	uint32_t length;
	const char *translation = find(catalogue, message, &length);

	return translation && *translation ? translation : message;
}

const char *a2a_catalogue_find_plural(const struct a2a_catalogue *catalogue, const char *message,
	const char *untranslated, size_t form)
{
	uint32_t length;
	const char *at = find(catalogue, message, &length);
	const char *end = at ? at + length : NULL;

	for (; at && form > 0; form--)
		at = at + strlen(at) < end ? at + strlen(at) + 1 : NULL;
	return at && *at ? at : untranslated;
}

void a2a_catalogue_close(struct a2a_catalogue *catalogue)
{
	a2a_file_close(&catalogue->file);
}
