/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_sample.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1024 };

struct a2a_leaks_sample {
	uint32_t first, step, size;
	struct {
		uint32_t prefix;
		char etag[A2A_LEAKS_MOST_ETAG + 1];
	} range[MOST];
};

struct a2a_leaks_sample *a2a_leaks_sample_new(uint32_t first, uint32_t end)
{
	struct a2a_leaks_sample *sample = calloc(1, sizeof(*sample));

	if (!sample)
		return NULL;
	sample->first = first;
	sample->step = (end - first + MOST - 1) / MOST;
	return sample;
}

static void add(struct a2a_leaks_sample *sample, uint32_t prefix, const char *etag)
{
	if (sample->size == MOST || !etag[0])
		return;
	sample->range[sample->size].prefix = prefix;
	strcpy(sample->range[sample->size].etag, etag);
	sample->size++;
}

void a2a_leaks_sample_note(struct a2a_leaks_sample *sample, const struct a2a_leaks_range *range)
{
	if ((range->prefix - sample->first) % sample->step == 0)
		add(sample, range->prefix, range->etag);
}

/* ---- The file -------------------------------------------------------------------------------- */

static bool write_lines(const struct a2a_leaks_sample *sample, int file)
{
	for (uint32_t i = 0; i < sample->size; i++)
		if (dprintf(file, "%05X %s\n", sample->range[i].prefix, sample->range[i].etag) < 0)
			return false;
	return fsync(file) == 0;
}

bool a2a_leaks_sample_write(
	const struct a2a_leaks_sample *sample, const char *filter, const struct a2a_log *log)
{
	char *path = NULL, *temporary = NULL;
	int file = -1;
	bool ok = false;

	if (asprintf(&path, "%s.etags", filter) < 0)
		path = NULL;
	if (asprintf(&temporary, "%s.etags.new", filter) < 0)
		temporary = NULL;
	if (!path || !temporary) {
		a2a_fault(log, filter, "out of memory");
		goto out;
	}
	unlink(temporary);
	file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	ok = file >= 0 && fchmod(file, 0644) == 0 && write_lines(sample, file) &&
	     rename(temporary, path) == 0;
	if (!ok) {
		a2a_fault(log, path, "cannot be written: %s", strerror(errno));
		unlink(temporary);
	}
out:
	if (file >= 0)
		close(file);
	free(path);
	free(temporary);
	return ok;
}

/* Reads a line of the file. Returns false when it is none. */
static bool read_line(struct a2a_leaks_sample *sample, char *line, size_t length)
{
	char *end;
	const unsigned long prefix = strtoul(line, &end, 16);

	if (length && line[length - 1] == '\n')
		line[--length] = 0;
	if (end != line + A2A_LEAKS_PREFIX || *end != ' ' || prefix >= A2A_LEAKS_RANGES ||
		length > A2A_LEAKS_PREFIX + 1 + A2A_LEAKS_MOST_ETAG)
		return false;
	for (const char *at = end + 1; *at; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	add(sample, (uint32_t)prefix, end + 1);
	return true;
}

/* Opens a file, whoever it belongs to: of a pipe it would wait for somebody to write. */
static FILE *open_file(const char *path)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	FILE *stream = NULL;

	if (file >= 0 && fstat(file, &status) == 0) {
		errno = EINVAL;
		stream = S_ISREG(status.st_mode) ? fdopen(file, "r") : NULL;
	}
	if (!stream && file >= 0)
		close(file);
	return stream;
}

struct a2a_leaks_sample *a2a_leaks_sample_read(const char *filter, const struct a2a_log *log)
{
	struct a2a_leaks_sample *sample = a2a_leaks_sample_new(0, A2A_LEAKS_RANGES);
	char *path = NULL, line[2 * A2A_LEAKS_MOST_ETAG];
	FILE *stream = NULL;
	bool ok = false;

	if (!sample || asprintf(&path, "%s.etags", filter) < 0) {
		path = NULL;
		a2a_fault(log, filter, "out of memory");
		goto out;
	}
	stream = open_file(path);
	if (!stream) {
		a2a_fault(log, path, "cannot be read: %s", strerror(errno));
		goto out;
	}
	ok = true;
	for (unsigned long number = 1; ok && fgets(line, sizeof(line), stream); number++)
		if (!read_line(sample, line, strlen(line)))
			ok = a2a_fault_at(log, path, number,
				"is not a range and its ETag, as all2all-leaks fetch writes them");
	if (ok && !sample->size)
		ok = a2a_fault(log, path, "has no ETags: the service sent none");
out:
	if (stream)
		fclose(stream);
	free(path);
	if (!ok) {
		a2a_leaks_sample_free(sample);
		sample = NULL;
	}
	return sample;
}

/* ---- What it has ----------------------------------------------------------------------------- */

uint32_t a2a_leaks_sample_size(const struct a2a_leaks_sample *sample)
{
	return sample->size;
}

bool a2a_leaks_sample_get(const struct a2a_leaks_sample *sample, size_t number, uint32_t *prefix,
	char etag[static A2A_LEAKS_MOST_ETAG + 1])
{
	if (number >= sample->size)
		return false;
	*prefix = sample->range[number].prefix;
	strcpy(etag, sample->range[number].etag);
	return true;
}

void a2a_leaks_sample_free(struct a2a_leaks_sample *sample)
{
	free(sample);
}
