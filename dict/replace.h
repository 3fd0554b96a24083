/* SPDX-License-Identifier: BSD-3-Clause */
/* Replaces files so that, whatever happens, each of them is the old one or the new one. */
#ifndef A2A_REPLACE_H
#define A2A_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

struct a2a_replacement {
	const char *path;
	const void *bytes;
	size_t size;
};

enum { A2A_MOST_REPLACEMENTS = 2 };

/*
 * Writes up to A2A_MOST_REPLACEMENTS files of one folder: temporary ones beside them, fsync(), and
 * when all are on the disk, rename() in their order and fsync() of the folder. The new files have
 * the group of the last one's present file, and those of its rights that do not let others write;
 * without such a file, everybody may read them. Signals are blocked meanwhile, so that a signal
 * that ends the program leaves no temporary file. Returns false with errno on failure, and then
 * leaves no temporary file.
 */
bool a2a_replace(const struct a2a_replacement *files, size_t count);

#endif
