/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table, CSV, that has its name only when it is complete: until then it is called .NAME.part.
 * A table that was not completed is gone on with.
 */
#ifndef A2A_PARTIAL_H
#define A2A_PARTIAL_H

#include <sys/types.h>

#include "log.h"
#include "secret.h"

struct a2a_partial;

/* What is there of a table when it is opened. */
enum a2a_partial_state {
	A2A_PARTIAL_NEW,      /* nothing, and no file has its name */
	A2A_PARTIAL_BEGUN,    /* rows of an earlier run, up to a place that is known */
	A2A_PARTIAL_REPLACED, /* whatever it is, it is not needed any more */
};

/*
 * Opens the table that is to be the file `path`. What there is behind `end`, which is where the
 * last row ended that counts, is cut off; with `end` 0 it begins anew. `header` is its first row,
 * with a mark before it if there is to be one. The rows that are cut off, without the header, are
 * appended to `rest`, if that is not NULL. Returns NULL, having reported; also when there is
 * something that `state` does not expect, or rows under another header. Release with
 * a2a_partial_close().
 */
struct a2a_partial *a2a_partial_open(const char *path, enum a2a_partial_state state, off_t end,
	const struct secret *header, struct secret *rest, const struct a2a_log *log);

/* Whether there is a table that is to be `path` and is not complete. */
bool a2a_partial_is_there(const char *path);

/* Closes it; what was not completed stays, under its other name. */
void a2a_partial_close(struct a2a_partial *partial);

/* Adds a row. Returns false, having reported; the table is then as it was. */
bool a2a_partial_add(
	struct a2a_partial *partial, const struct secret *row, const struct a2a_log *log);

/* Returns when all that was added is on the disk. */
bool a2a_partial_sync(const struct a2a_partial *partial, const struct a2a_log *log);

/* Takes away all rows behind a place that was an end. */
bool a2a_partial_cut(struct a2a_partial *partial, off_t end, const struct a2a_log *log);

off_t a2a_partial_end(const struct a2a_partial *partial);

/* Gives the table its name, when all of it is on the disk. */
bool a2a_partial_complete(struct a2a_partial *partial, const struct a2a_log *log);

/* Removes it, complete or not; of one that is to be `path`. */
void a2a_partial_remove(const char *path);

#endif
