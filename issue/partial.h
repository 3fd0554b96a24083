/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table (CSV) that gets its name when it is complete. Until then it is called .NAME.part, and a
 * later run can add to it.
 */
#ifndef A2A_PARTIAL_H
#define A2A_PARTIAL_H

#include <sys/types.h>

#include "log.h"
#include "secret.h"

struct a2a_partial;

/* The state of a table before it is opened. */
enum a2a_partial_state {
	A2A_PARTIAL_NEW,      /* nothing exists, and no file has its name */
	A2A_PARTIAL_BEGUN,    /* rows of an interrupted run, up to a known offset */
	A2A_PARTIAL_REPLACED, /* there may be anything; it is replaced */
};

/*
 * Opens the table whose final name is `path`. `end` is the offset of the end of the last row that
 * counts: the rows after it are cut off, and appended without the header to `rest` unless that is
 * NULL. With `end` 0 the table begins anew. `header` is the byte order mark, if any, and the row of
 * headings. Returns NULL, having reported, on failure; also when a file exists that `state` rules
 * out, or when the table has another header. Release with a2a_partial_close().
 */
struct a2a_partial *a2a_partial_open(const char *path, enum a2a_partial_state state, off_t end,
	const struct secret *header, struct secret *rest, const struct a2a_log *log);

/* Tells whether there is an incomplete table whose final name is `path`. */
bool a2a_partial_is_there(const char *path);

/* Closes a table. An incomplete table keeps its hidden name. */
void a2a_partial_close(struct a2a_partial *partial);

/* Adds a row. Returns false, having reported; the table is then unchanged. */
bool a2a_partial_add(
	struct a2a_partial *partial, const struct secret *row, const struct a2a_log *log);

/* Syncs the rows that were added. Returns false, having reported. */
bool a2a_partial_sync(const struct a2a_partial *partial, const struct a2a_log *log);

/* Cuts off all rows after an offset that a2a_partial_end() returned. */
bool a2a_partial_cut(struct a2a_partial *partial, off_t end, const struct a2a_log *log);

off_t a2a_partial_end(const struct a2a_partial *partial);

/* Syncs the table and gives it its name. */
bool a2a_partial_complete(struct a2a_partial *partial, const struct a2a_log *log);

/* Removes the table whose final name is `path`, complete or not. */
void a2a_partial_remove(const char *path);

#endif
