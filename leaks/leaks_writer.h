/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes a filter: blocks in order, then what stands before them, then the name. */
#ifndef A2A_LEAKS_WRITER_H
#define A2A_LEAKS_WRITER_H

#include "leaks_block.h"
#include "log.h"

struct a2a_leaks_writer;

/*
 * Begins a filter of this format, in PATH.part beside it, which is locked meanwhile; one that an
 * interrupted run has left is written anew. Returns NULL, having reported. End it with
 * a2a_leaks_writer_finish() or a2a_leaks_writer_abandon().
 */
struct a2a_leaks_writer *a2a_leaks_writer_open(
	const char *path, const struct a2a_leaks_format *format, const struct a2a_log *log);

/*
 * Appends parts of the universe, none of which is below the one before it. One that comes again is
 * counted as merged. Returns false, having reported; a2a_leaks_writer_is_crowded() then tells
 * whether a block had too many entries.
 */
bool a2a_leaks_writer_put(struct a2a_leaks_writer *writer, const uint64_t *part, size_t count);

/* Appends a whole block, which was made elsewhere, of a number above those of all parts before.
 * Returns false, having reported. */
bool a2a_leaks_writer_add(struct a2a_leaks_writer *writer, uint64_t number,
	const unsigned char *bytes, size_t size, unsigned entries);

/* Tells whether the entries lie too close together for this format. */
bool a2a_leaks_writer_is_crowded(const struct a2a_leaks_writer *writer);

/* Returns how many entries there are by now. */
uint64_t a2a_leaks_writer_entries(const struct a2a_leaks_writer *writer);

/*
 * Ends the filter: syncs it and puts it into its
 * place in one step. `merged` hashes beside those that the writer has seen itself were left out.
 * The new file has the group of the one that it replaces, and of its mode what does not let others
 * write; without such a file, everybody may read it. Returns false, having reported; there is then
 * no temporary file, and the old file is as it was. Frees the writer.
 * `*format` becomes what the header says.
 */
bool a2a_leaks_writer_finish(
	struct a2a_leaks_writer *writer, uint64_t merged, struct a2a_leaks_format *format);

/* Removes the temporary file and frees the writer; NULL is allowed. */
void a2a_leaks_writer_abandon(struct a2a_leaks_writer *writer);

#endif
