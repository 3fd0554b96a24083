/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the administrator's files as a whole, and reports mistakes in them by file and line. */
#ifndef A2A_SHEET_INPUT_H
#define A2A_SHEET_INPUT_H

#include "log.h"
#include "secret.h"

/* All zero before it is read; release with sheet_input_free(). A NUL follows the bytes. */
struct sheet_input {
	char *path;
	char *bytes;
	size_t size;
};

/*
 * Reads a file of at most `most` bytes. It must belong to root or the caller, and nobody else may
 * write to it. Returns false, having reported.
 */
bool sheet_input_read(
	struct sheet_input *input, const char *path, size_t most, const struct a2a_log *log);

/* Does the same for the file `name` in `directory` (may be NULL) or, if it is not there, in
 * `shipped`. */
bool sheet_input_find(struct sheet_input *input, const char *directory, const char *shipped,
	const char *name, size_t most, const struct a2a_log *log);
void sheet_input_free(struct sheet_input *input);

#endif
