/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a list of leaked passwords comes from: a file, standard input, or a folder with a file for
 * each range of hashes. What is compressed with gzip, bzip2, xz or zstd is decompressed.
 */
#ifndef A2A_LEAKS_SOURCE_H
#define A2A_LEAKS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"

enum {
	A2A_LEAKS_TEXT = 2 << 20,       /* bytes that are read at a time */
	A2A_LEAKS_MOST_RANGE = 1 << 20, /* bytes of a range's file, decompressed */
	A2A_LEAKS_MOST_PARTS = 1 << 14, /* files that are read at a time */
	/* Bytes behind a text that may be read, whatever they are. */
	A2A_LEAKS_BEHIND_TEXT = 64,
	A2A_LEAKS_RANGES = 1 << 20,
	A2A_LEAKS_PREFIX = 5, /* hexadecimal digits of a range's name */
};

/* A piece of a text: of one range's file, or all of it. */
struct a2a_leaks_text_part {
	size_t end;      /* in bytes, from the start of the text */
	uint32_t prefix; /* of the hashes of a range */
};

/* Some whole lines, in memory that is used again. */
struct a2a_leaks_text {
	char *bytes;
	size_t length;
	struct a2a_leaks_text_part *part;
	size_t parts;
	bool is_of_ranges;
};

struct a2a_leaks_source;

/* Opens a file, a folder, or "-", which is standard input. Returns NULL, having reported. Release
 * with a2a_leaks_source_close(). */
struct a2a_leaks_source *a2a_leaks_source_open(const char *path, const struct a2a_log *log);

/* Allocates the memory of a text. Returns false when memory is out. Release in any case. */
bool a2a_leaks_text_reserve(struct a2a_leaks_text *text);
void a2a_leaks_text_release(struct a2a_leaks_text *text);

/* Reads the next lines; none at the end. Returns false, having reported. */
bool a2a_leaks_source_read(struct a2a_leaks_source *source, struct a2a_leaks_text *text);

/* Begins again at the start. Returns false, having reported, on standard input. */
bool a2a_leaks_source_rewind(struct a2a_leaks_source *source);

/* Returns how much of it was read, from 0 to 1, or 0 when that cannot be known. */
double a2a_leaks_source_done(const struct a2a_leaks_source *source);

/* Returns the path that it was opened with; and how many ranges a folder has, else 0. */
const char *a2a_leaks_source_path(const struct a2a_leaks_source *source);
uint32_t a2a_leaks_source_ranges(const struct a2a_leaks_source *source);

/* Reports a fault in a line, from 1 on: of the whole source, or of this range's file. */
void a2a_leaks_source_complain(const struct a2a_leaks_source *source,
	const struct a2a_leaks_text_part *range, uint64_t line, const char *wrong);

void a2a_leaks_source_close(struct a2a_leaks_source *source);

#endif
