/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_writer.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { BUFFER = 1 << 18, MOST_RIGHTS = 0644 };

struct a2a_leaks_writer {
	char *path, *temporary;
	const struct a2a_log *log;
	struct a2a_leaks_format format;
	int file;
	uint64_t next; /* the number of the first block that is not written yet */
	uint64_t end;  /* of the blocks, in bytes, after the index */
	unsigned char *index, *shards;
	XXH3_state_t *shard; /* the checksum of the blocks of the shard that is being written */
	uint32_t shard_entries;
	/* The parts of the last block, from its start. */
	uint64_t number, part[A2A_LEAKS_MOST_ENTRIES];
	size_t parts;
	bool is_crowded;
	struct a2a_leaks_block block;
	size_t buffered;
	unsigned char buffer[BUFFER];
};

/* ---- The temporary file ---------------------------------------------------------------------- */

static bool fail(const struct a2a_leaks_writer *writer)
{
	return a2a_fault(writer->log, writer->temporary, "cannot be written: %s", strerror(errno));
}

/* Removes what an interrupted run has left, unless it is still running. */
static bool remove_old(const struct a2a_leaks_writer *writer)
{
	const int old = open(writer->temporary, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	bool ok = false;

	if (old < 0)
		return fail(writer);
	if (fstat(old, &status) || !S_ISREG(status.st_mode) || status.st_uid != geteuid())
		a2a_fault(writer->log, writer->temporary,
			"is in the way, and this program has not left it: remove it");
	else if (flock(old, LOCK_EX | LOCK_NB))
		a2a_fault(writer->log, writer->temporary,
			"another process is writing this filter now");
	else
		ok = unlink(writer->temporary) == 0 || fail(writer);
	close(old);
	return ok;
}

static bool open_temporary(struct a2a_leaks_writer *writer)
{
	const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;

	writer->file = open(writer->temporary, flags, 0600);
	if (writer->file < 0 && errno == EEXIST) {
		if (!remove_old(writer))
			return false;
		writer->file = open(writer->temporary, flags, 0600);
	}
	if (writer->file < 0)
		return fail(writer);
	return flock(writer->file, LOCK_EX | LOCK_NB) == 0 || fail(writer);
}

struct a2a_leaks_writer *a2a_leaks_writer_open(
	const char *path, const struct a2a_leaks_format *format, const struct a2a_log *log)
{
	struct a2a_leaks_writer *writer = calloc(1, sizeof(*writer));

	if (!writer) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	writer->log = log;
	writer->format = *format;
	writer->file = -1;
	writer->path = strdup(path);
	if (asprintf(&writer->temporary, "%s.part", path) < 0)
		writer->temporary = NULL;
	writer->index = calloc((size_t)a2a_leaks_blocks(format) + 1, A2A_LEAKS_PLACE);
	writer->shards = calloc((size_t)a2a_leaks_shards(format), A2A_LEAKS_SHARD);
	writer->shard = XXH3_createState();
	if (!writer->path || !writer->temporary || !writer->index || !writer->shards ||
		!writer->shard) {
		a2a_fault(log, path, "out of memory");
		goto fail;
	}
	XXH3_64bits_reset(writer->shard);
	if (!open_temporary(writer))
		goto fail;
	if (lseek(writer->file, (off_t)a2a_leaks_blocks_start(format), SEEK_SET) < 0) {
		fail(writer);
		goto fail;
	}
	return writer;
fail:
	a2a_leaks_writer_abandon(writer);
	return NULL;
}

/* ---- The blocks ------------------------------------------------------------------------------ */

static bool write_bytes(struct a2a_leaks_writer *writer, const unsigned char *bytes, size_t size)
{
	while (size) {
		const ssize_t written = write(writer->file, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail(writer);
		bytes += written;
		size -= (size_t)written;
	}
	return true;
}

static bool flush(struct a2a_leaks_writer *writer)
{
	const size_t size = writer->buffered;

	writer->buffered = 0;
	return write_bytes(writer, writer->buffer, size);
}

/* Ends the shard that the last block is in. */
static void end_shard(struct a2a_leaks_writer *writer)
{
	const size_t steps = writer->format.steps, number = (size_t)(writer->next / steps) - 1;
	unsigned char *row = writer->shards + number * A2A_LEAKS_SHARD;
	const uint32_t entries = htole32(writer->shard_entries);
	uint64_t checksum;

	XXH3_64bits_update(writer->shard, writer->index + number * steps * A2A_LEAKS_PLACE,
		steps * A2A_LEAKS_PLACE);
	checksum = htole64(XXH3_64bits_digest(writer->shard));
	memcpy(row, &checksum, sizeof(checksum));
	memcpy(row + sizeof(checksum), &entries, sizeof(entries));
	XXH3_64bits_reset(writer->shard);
	writer->shard_entries = 0;
}

/* Gives the next block its place. */
static void end_block(struct a2a_leaks_writer *writer, const struct a2a_leaks_place *place)
{
	a2a_leaks_place_write(writer->index + writer->next * A2A_LEAKS_PLACE, place);
	writer->next++;
	if (writer->next % writer->format.steps == 0)
		end_shard(writer);
}

static void skip_to(struct a2a_leaks_writer *writer, uint64_t number)
{
	while (writer->next < number)
		end_block(writer, &(struct a2a_leaks_place){
					  .start = writer->end,
					  .checksum = a2a_leaks_block_checksum(
						  writer->buffer, 0, writer->next, 0),
				  });
}

static bool append(struct a2a_leaks_writer *writer, uint64_t number, const unsigned char *bytes,
	size_t size, unsigned entries)
{
	const struct a2a_leaks_place place = {
		.start = writer->end,
		.entries = entries,
		.checksum = a2a_leaks_block_checksum(bytes, size, number, entries),
	};

	if (writer->end + size > A2A_LEAKS_LAST_PLACE)
		return a2a_fault(writer->log, writer->path,
			"it would be larger than a filter can be: choose a greater --rate");
	skip_to(writer, number);
	if (writer->buffered + size > sizeof(writer->buffer) && !flush(writer))
		return false;
	memcpy(writer->buffer + writer->buffered, bytes, size);
	writer->buffered += size;
	XXH3_64bits_update(writer->shard, bytes, size);
	writer->shard_entries += entries;
	writer->format.entries += entries;
	writer->end += size;
	end_block(writer, &place);
	return true;
}

/* Writes the block whose parts have come one by one. */
static bool end_parts(struct a2a_leaks_writer *writer)
{
	const size_t parts = writer->parts;

	writer->parts = 0;
	if (!parts)
		return true;
	if (!a2a_leaks_block_write(&writer->block, &writer->format, writer->part, parts)) {
		writer->is_crowded = true;
		return false;
	}
	return append(writer, writer->number, writer->block.bytes, writer->block.size,
		writer->block.entries);
}

bool a2a_leaks_writer_add(struct a2a_leaks_writer *writer, uint64_t number,
	const unsigned char *bytes, size_t size, unsigned entries)
{
	return end_parts(writer) && append(writer, number, bytes, size, entries);
}

static bool put(struct a2a_leaks_writer *writer, uint64_t part)
{
	const uint64_t number = part >> writer->format.block_bits;

	part -= number << writer->format.block_bits;
	if (writer->parts && number != writer->number && !end_parts(writer))
		return false;
	writer->number = number;
	if (writer->parts && writer->part[writer->parts - 1] == part) {
		writer->format.merged++;
		return true;
	}
	if (writer->parts == A2A_LEAKS_MOST_ENTRIES) {
		writer->is_crowded = true;
		return false;
	}
	writer->part[writer->parts++] = part;
	return true;
}

bool a2a_leaks_writer_put(struct a2a_leaks_writer *writer, const uint64_t *part, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!put(writer, part[i]))
			return false;
	return true;
}

bool a2a_leaks_writer_is_crowded(const struct a2a_leaks_writer *writer)
{
	return writer->is_crowded;
}

uint64_t a2a_leaks_writer_entries(const struct a2a_leaks_writer *writer)
{
	return writer->format.entries + writer->parts;
}

/* ---- What stands before them ----------------------------------------------------------------- */

static bool write_front(struct a2a_leaks_writer *writer)
{
	struct a2a_leaks_format *format = &writer->format;
	const size_t shards = (size_t)a2a_leaks_shards(format) * A2A_LEAKS_SHARD;
	const size_t index = ((size_t)a2a_leaks_blocks(format) + 1) * A2A_LEAKS_PLACE;
	const struct a2a_leaks_place end = {.start = writer->end};
	unsigned char header[A2A_LEAKS_HEADER];

	skip_to(writer, a2a_leaks_blocks(format));
	a2a_leaks_place_write(writer->index + index - A2A_LEAKS_PLACE, &end);
	format->size = a2a_leaks_blocks_start(format) + writer->end;
	format->shards_checksum = XXH3_64bits(writer->shards, shards);
	a2a_leaks_format_write(format, header);
	if (!flush(writer))
		return false;
	/* No entries at all: nothing was written behind the index. */
	if (ftruncate(writer->file, (off_t)format->size) || lseek(writer->file, 0, SEEK_SET) < 0)
		return fail(writer);
	return write_bytes(writer, header, sizeof(header)) &&
	       write_bytes(writer, writer->shards, shards) &&
	       write_bytes(writer, writer->index, index);
}

/* The mode and the group of the file that is replaced. */
static bool set_rights(const struct a2a_leaks_writer *writer)
{
	mode_t mode = MOST_RIGHTS;
	struct stat old;

	if (lstat(writer->path, &old) == 0 && S_ISREG(old.st_mode)) {
		mode = old.st_mode & MOST_RIGHTS;
		/* Without the right to do it, the group is the caller's own. */
		if (fchown(writer->file, (uid_t)-1, old.st_gid))
			mode = MOST_RIGHTS;
	}
	return fchmod(writer->file, mode) == 0 || fail(writer);
}

/* Puts the name on the disk. Some file systems cannot sync a folder, and need not. */
static bool sync_folder(const struct a2a_leaks_writer *writer)
{
	const char *slash = strrchr(writer->path, '/');
	char *name =
		slash ? strndup(writer->path, (size_t)(slash - writer->path) + 1) : strdup(".");
	const int folder = name ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	const bool ok = folder >= 0 && (fsync(folder) == 0 || errno == EINVAL);

	if (!ok)
		a2a_fault(writer->log, writer->path, "its folder cannot be synced: %s",
			strerror(errno));
	if (folder >= 0)
		close(folder);
	free(name);
	return ok;
}

static void release(struct a2a_leaks_writer *writer)
{
	if (writer->file >= 0)
		close(writer->file);
	XXH3_freeState(writer->shard);
	free(writer->index);
	free(writer->shards);
	free(writer->path);
	free(writer->temporary);
	free(writer);
}

bool a2a_leaks_writer_finish(
	struct a2a_leaks_writer *writer, uint64_t merged, struct a2a_leaks_format *format)
{
	bool ok;

	writer->format.merged += merged;
	ok = end_parts(writer) && write_front(writer) && set_rights(writer) &&
	     (fsync(writer->file) == 0 || fail(writer));
	if (ok && rename(writer->temporary, writer->path))
		ok = a2a_fault(writer->log, writer->path, "cannot be put into its place: %s",
			strerror(errno));
	if (!ok) {
		a2a_leaks_writer_abandon(writer);
		return false;
	}
	*format = writer->format;
	ok = sync_folder(writer);
	release(writer);
	return ok;
}

void a2a_leaks_writer_abandon(struct a2a_leaks_writer *writer)
{
	if (!writer)
		return;
	if (writer->file >= 0)
		unlink(writer->temporary);
	release(writer);
}
