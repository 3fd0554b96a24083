/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARCHIVE_BLOCK = 1 << 18, MOST_ENDING = 16 };

struct a2a_leaks_source {
	char *path;
	const struct a2a_log *log;
	/* One file, or the file of a range. */
	int file;
	struct archive *archive;
	uint64_t size; /* of one file, in bytes; 0: not known */
	/* The start of a line whose end was not read yet. */
	char *rest;
	size_t rest_length;
	bool is_at_end;
	/* A folder: which ranges it has, and how their files' names end. */
	DIR *folder;
	unsigned char *has_range;
	uint32_t ranges, next_range;
	char ending[MOST_ENDING];
	bool is_lower_case;
};

static bool fail(const struct a2a_leaks_source *source, const char *path, const char *why)
{
	return a2a_fault(source->log, path, "cannot be read: %s", why);
}

/* ---- Bytes of a file ------------------------------------------------------------------------- */

static void close_file(struct a2a_leaks_source *source)
{
	archive_read_free(source->archive); /* takes NULL */
	source->archive = NULL;
	if (source->file > STDIN_FILENO)
		close(source->file);
	source->file = -1;
}

/* Makes an archive of the open file, which may be compressed. */
static bool open_archive(struct a2a_leaks_source *source, const char *path)
{
	struct archive_entry *entry;
	struct archive *archive = source->archive = archive_read_new();

	if (!archive)
		return a2a_fault(source->log, path, "out of memory");
	/* Not all filters of libarchive: some of them run other programs. */
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_empty(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_fd(archive, source->file, ARCHIVE_BLOCK) != ARCHIVE_OK)
		return fail(source, path, archive_error_string(archive));
	switch (archive_read_next_header(archive, &entry)) {
	case ARCHIVE_OK:
		return true;
	case ARCHIVE_EOF:
		source->is_at_end = true;
		return true;
	default:
		return fail(source, path, archive_error_string(archive));
	}
}

/* Reads as many bytes as there are, up to `size`. Returns -1, having reported. */
static ssize_t read_archive(
	struct a2a_leaks_source *source, const char *path, char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size && !source->is_at_end) {
		const la_ssize_t got =
			archive_read_data(source->archive, bytes + done, size - done);

		if (got < 0) {
			fail(source, path, archive_error_string(source->archive));
			return -1;
		}
		source->is_at_end = got == 0;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static bool open_one(struct a2a_leaks_source *source)
{
	struct stat status;

	source->file = strcmp(source->path, "-") == 0
			       ? STDIN_FILENO
			       : open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (source->file < 0 || fstat(source->file, &status))
		return fail(source, source->path, strerror(errno));
	source->size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	posix_fadvise(source->file, 0, 0, POSIX_FADV_SEQUENTIAL);
	return open_archive(source, source->path);
}

static bool read_one(struct a2a_leaks_source *source, struct a2a_leaks_text *text)
{
	ssize_t got;
	size_t length;
	const char *end;

	memcpy(text->bytes, source->rest, source->rest_length);
	length = source->rest_length;
	source->rest_length = 0;
	got = read_archive(source, source->path, text->bytes + length, A2A_LEAKS_TEXT - length);
	if (got < 0)
		return false;
	length += (size_t)got;
	text->length = length;
	/* A line's end may be missing at the end of the file alone. */
	if (!source->is_at_end && length) {
		end = memrchr(text->bytes, '\n', length);
		if (!end || text->bytes + length - end > A2A_LEAKS_MOST_RANGE)
			return a2a_fault(source->log, source->path, "has a line of a megabyte");
		text->length = (size_t)(end + 1 - text->bytes);
		source->rest_length = length - text->length;
		memcpy(source->rest, end + 1, source->rest_length);
	}
	text->part[0] = (struct a2a_leaks_text_part){.end = text->length};
	text->parts = text->length > 0;
	return true;
}

/* ---- A folder -------------------------------------------------------------------------------- */

static void write_range_name(
	const struct a2a_leaks_source *source, uint32_t range, char name[static 32])
{
	snprintf(name, 32, source->is_lower_case ? "%05x%s" : "%05X%s", range, source->ending);
}

/* Reads the prefix that a name begins with. */
static bool read_prefix(const char *name, uint32_t *range)
{
	static const char digits[] = "0123456789ABCDEFabcdef";

	*range = 0;
	for (size_t i = 0; i < A2A_LEAKS_PREFIX; i++) {
		const char *digit = name[i] ? strchr(digits, name[i]) : NULL;

		if (!digit)
			return false;
		*range = *range << 4 | (uint32_t)(digit - digits - (digit - digits > 15 ? 6 : 0));
	}
	return true;
}

static bool note_range(struct a2a_leaks_source *source, const char *name)
{
	const char *ending = name + A2A_LEAKS_PREFIX;
	uint32_t range;

	if (!read_prefix(name, &range) || strlen(ending) >= MOST_ENDING)
		return a2a_fault(source->log, source->path,
			"\"%s\" is not the file of a range: these are named 00000 to FFFFF, all of "
			"them with the same ending",
			name);
	if (!source->ranges) {
		strcpy(source->ending, ending);
		for (size_t i = 0; i < A2A_LEAKS_PREFIX; i++)
			source->is_lower_case |= name[i] >= 'a';
	}
	/* 00000 is the same in both; a folder of both is not found out here, but when the file is
	 * opened. */
	for (size_t i = 0; !source->is_lower_case && i < A2A_LEAKS_PREFIX; i++)
		source->is_lower_case = name[i] >= 'a';
	if (strcmp(source->ending, ending) != 0)
		return a2a_fault(source->log, source->path,
			"has files with different endings: \"%s\" and others with \"%s\"", name,
			source->ending);
	source->has_range[range / 8] |= (unsigned char)(1 << range % 8);
	source->ranges++;
	return true;
}

static bool list_ranges(struct a2a_leaks_source *source)
{
	const struct dirent *entry;

	source->has_range = calloc(1, A2A_LEAKS_RANGES / 8);
	if (!source->has_range)
		return a2a_fault(source->log, source->path, "out of memory");
	for (errno = 0; (entry = readdir(source->folder)); errno = 0)
		if (entry->d_name[0] != '.' && !note_range(source, entry->d_name))
			return false;
	if (errno)
		return fail(source, source->path, strerror(errno));
	if (!source->ranges)
		return a2a_fault(source->log, source->path, "the folder is empty");
	if (source->ranges < A2A_LEAKS_RANGES)
		a2a_report(source->log, A2A_WARNING, source->path,
			"has %u of %d ranges: passwords of the others will not be found",
			source->ranges, A2A_LEAKS_RANGES);
	return true;
}

static bool is_plain_ending(const char *ending)
{
	return !*ending || strcmp(ending, ".txt") == 0;
}

/* Reads a file of text as it is: with a million of them, libarchive would take half of the time. */
static ssize_t read_file(int file, char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		const ssize_t got = read(file, bytes + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* Appends the file of a range to the text. */
static bool read_range(struct a2a_leaks_source *source, struct a2a_leaks_text *text, uint32_t range)
{
	char name[32], *path = NULL;
	ssize_t got = -1;

	write_range_name(source, range, name);
	if (asprintf(&path, "%s/%s", source->path, name) < 0)
		return a2a_fault(source->log, source->path, "out of memory");
	source->file = openat(dirfd(source->folder), name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	source->is_at_end = false;
	if (source->file < 0) {
		fail(source, path, strerror(errno));
	} else if (is_plain_ending(source->ending)) {
		got = read_file(source->file, text->bytes + text->length, A2A_LEAKS_MOST_RANGE);
		if (got < 0)
			fail(source, path, strerror(errno));
	} else if (open_archive(source, path)) {
		got = read_archive(source, path, text->bytes + text->length, A2A_LEAKS_MOST_RANGE);
	}
	if (got == A2A_LEAKS_MOST_RANGE) {
		a2a_fault(source->log, path, "is larger than a range can be");
		got = -1;
	} else if (got == 0) {
		/* Each range of the service has some hundreds of hashes: this was cut. */
		a2a_fault(source->log, path, "is empty");
		got = -1;
	}
	close_file(source);
	free(path);
	if (got < 0)
		return false;
	text->length += (size_t)got;
	text->part[text->parts++] =
		(struct a2a_leaks_text_part){.end = text->length, .prefix = range};
	return true;
}

static bool read_ranges(struct a2a_leaks_source *source, struct a2a_leaks_text *text)
{
	text->is_of_ranges = true;
	text->length = text->parts = 0;
	for (; source->next_range < A2A_LEAKS_RANGES; source->next_range++) {
		const uint32_t range = source->next_range;

		if (!(source->has_range[range / 8] >> range % 8 & 1))
			continue;
		if (text->length + A2A_LEAKS_MOST_RANGE > A2A_LEAKS_TEXT ||
			text->parts == A2A_LEAKS_MOST_PARTS)
			break;
		if (!read_range(source, text, range))
			return false;
	}
	return true;
}

/* ---- The source ------------------------------------------------------------------------------ */

struct a2a_leaks_source *a2a_leaks_source_open(const char *path, const struct a2a_log *log)
{
	struct a2a_leaks_source *source = calloc(1, sizeof(*source));

	if (source) {
		source->log = log;
		source->file = -1;
		source->path = strdup(path);
		source->rest = malloc(A2A_LEAKS_MOST_RANGE);
	}
	if (!source || !source->path || !source->rest) {
		a2a_fault(log, path, "out of memory");
		goto fail;
	}
	source->folder = strcmp(path, "-") == 0 ? NULL : opendir(path);
	if (source->folder ? list_ranges(source) : open_one(source))
		return source;
fail:
	a2a_leaks_source_close(source);
	return NULL;
}

bool a2a_leaks_source_read(struct a2a_leaks_source *source, struct a2a_leaks_text *text)
{
	return source->folder ? read_ranges(source, text) : read_one(source, text);
}

bool a2a_leaks_source_rewind(struct a2a_leaks_source *source)
{
	source->next_range = 0;
	if (source->folder)
		return true;
	if (source->file == STDIN_FILENO)
		return false;
	close_file(source);
	source->rest_length = 0;
	source->is_at_end = false;
	return open_one(source);
}

double a2a_leaks_source_done(const struct a2a_leaks_source *source)
{
	if (source->folder)
		return (double)source->next_range / A2A_LEAKS_RANGES;
	return source->size && source->archive
		       ? (double)archive_filter_bytes(source->archive, -1) / (double)source->size
		       : 0;
}

const char *a2a_leaks_source_path(const struct a2a_leaks_source *source)
{
	return source->path;
}

uint32_t a2a_leaks_source_ranges(const struct a2a_leaks_source *source)
{
	return source->ranges;
}

void a2a_leaks_source_complain(const struct a2a_leaks_source *source,
	const struct a2a_leaks_text_part *range, uint64_t line, const char *wrong)
{
	char name[32], *path = NULL;

	if (range) {
		write_range_name(source, range->prefix, name);
		if (asprintf(&path, "%s/%s", source->path, name) < 0)
			path = NULL;
	}
	a2a_fault_at(source->log, path ? path : source->path, (unsigned long)line, "%s", wrong);
	free(path);
}

void a2a_leaks_source_close(struct a2a_leaks_source *source)
{
	if (!source)
		return;
	close_file(source);
	if (source->folder)
		closedir(source->folder);
	free(source->has_range);
	free(source->rest);
	free(source->path);
	free(source);
}

bool a2a_leaks_text_reserve(struct a2a_leaks_text *text)
{
	*text = (struct a2a_leaks_text){
		.bytes = calloc(1, A2A_LEAKS_TEXT + A2A_LEAKS_BEHIND_TEXT),
		.part = calloc(A2A_LEAKS_MOST_PARTS, sizeof(*text->part)),
	};
	return text->bytes && text->part;
}

void a2a_leaks_text_release(struct a2a_leaks_text *text)
{
	free(text->bytes);
	free(text->part);
	*text = (struct a2a_leaks_text){0};
}
