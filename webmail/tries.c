/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "tries.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "folder.h"

enum {
	PLACES = 1 << 15,
	PLACE_SIZE = 128, /* no place lies across two sectors of a disk */
	HEADER_SIZE = PLACE_SIZE,
	FILE_SIZE = HEADER_SIZE + PLACES * PLACE_SIZE, /* 4 MiB */
};

/* The file belongs to one machine: numbers have the machine's byte order. */
struct header {
	char magic[16];
	uint64_t key; /* secret: nobody can compute which names share a place */
};

static const char magic[16] = "all2all tries 1";

/* When the tries were, in seconds of the system's clock; 0: never. */
struct place {
	int64_t tried[A2A_TRIES_MOST];
};

static_assert(sizeof(struct header) <= HEADER_SIZE, "the header fits");
static_assert(sizeof(struct place) <= PLACE_SIZE, "a place fits");

/* ---- The file -------------------------------------------------------------------------------- */

/* Both return 0 or an errno value. */
static int read_at(int file, void *bytes, size_t length, off_t offset)
{
	ssize_t got;

	do
		got = pread(file, bytes, length, offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno;
	return (size_t)got == length ? 0 : ENODATA;
}

/* The disk has the bytes when this returns 0. */
static int write_at(int file, const void *bytes, size_t length, off_t offset)
{
	ssize_t written;

	do
		written = pwrite(file, bytes, length, offset);
	while (written < 0 && errno == EINTR);
	if (written < 0)
		return errno;
	if ((size_t)written != length)
		return ENOSPC;
	return fdatasync(file) ? errno : 0;
}

static int open_file(const char *path, const struct a2a_log *log)
{
	const char *slash = strrchr(path, '/');
	char *folder_path = slash ? strndup(path, (size_t)(slash - path)) : NULL;
	int folder, file = -1;

	if (!folder_path) {
		a2a_fault(log, path, slash ? "out of memory" : "is not an absolute path");
		return -1;
	}
	folder = a2a_folder_open(folder_path, log);
	if (folder >= 0) {
		file = a2a_folder_open_file(folder, slash + 1, false, path, log);
		close(folder);
	}
	free(folder_path);
	return file;
}

/* Waits for this process's turn. Returns 0 or an errno value. */
static int lock(int file)
{
	struct stat status;

	while (flock(file, LOCK_EX))
		if (errno != EINTR)
			return errno;
	if (fstat(file, &status))
		return errno;
	/* Another process may count in a new file of that name already. */
	return status.st_nlink ? 0 : ESTALE;
}

/* Takes the room on the disk, then writes the header, which says that the file is complete. */
static int make(int file, struct header *header)
{
	const int error = posix_fallocate(file, 0, FILE_SIZE);

	if (error)
		return error;
	memcpy(header->magic, magic, sizeof(magic));
	if (getrandom(&header->key, sizeof(header->key), 0) != sizeof(header->key))
		return EIO;
	return write_at(file, header, sizeof(*header), 0);
}

static int read_header(int file, struct header *header)
{
	static const struct header none;
	const int error = read_at(file, header, sizeof(*header), 0);

	/* The file is new, or the making of it was interrupted. */
	if (error == ENODATA || (!error && memcmp(header, &none, sizeof(none)) == 0))
		return make(file, header);
	if (error)
		return error;
	return memcmp(header->magic, magic, sizeof(magic)) == 0 ? 0 : EBADMSG;
}

/* ---- Counting -------------------------------------------------------------------------------- */

static off_t find_place(const struct header *header, const char *user)
{
	const uint64_t hash = XXH3_64bits_withSeed(user, strlen(user), header->key);

	return HEADER_SIZE + (off_t)(hash % PLACES) * PLACE_SIZE;
}

/*
 * Finds a try that no longer counts. Returns its index, or A2A_TRIES_MOST when all count. A try of
 * a later time becomes one of `now`: otherwise, after the clock was wrong once, the place could be
 * locked for years. `*is_changed` is set then.
 */
static size_t find_free(struct place *place, int64_t now, bool *is_changed)
{
	size_t free_one = A2A_TRIES_MOST;

	for (size_t i = 0; i < A2A_TRIES_MOST; i++) {
		int64_t *tried = &place->tried[i];

		if (*tried > now) {
			*tried = now;
			*is_changed = true;
		}
		if (*tried == 0 || *tried <= now - A2A_TRIES_SECONDS)
			free_one = i;
	}
	return free_one;
}

/* Returns 0 or an errno value. `attempt->counted` is 0 when there were too many tries. */
static int count(struct a2a_try *attempt, const char *user)
{
	struct header header = {0};
	struct place place;
	bool is_changed = false;
	int64_t now;
	size_t index;
	off_t offset;
	int error = read_header(attempt->file, &header);

	if (error)
		return error;
	offset = find_place(&header, user);
	error = read_at(attempt->file, &place, sizeof(place), offset);
	if (error)
		return error;
	/* Not before it has the lock: the time that it waited would be missing from the window. */
	now = time(NULL);
	index = find_free(&place, now, &is_changed);
	if (index < A2A_TRIES_MOST) {
		place.tried[index] = now;
		is_changed = true;
		attempt->counted = offset + (off_t)(index * sizeof(place.tried[0]));
	}
	return is_changed ? write_at(attempt->file, &place, sizeof(place), offset) : 0;
}

static void release(struct a2a_try *attempt)
{
	if (attempt->file >= 0)
		close(attempt->file);
	attempt->file = -1;
}

/* Why no try can be counted, for the administrator. */
static void complain(const struct a2a_log *log, const char *path, int error)
{
	if (error == EBADMSG || error == ENODATA)
		a2a_fault(log, path,
			"is damaged, so no try can be counted and no password is verified: delete "
			"it, and counting starts anew");
	else
		a2a_fault(log, path, "no try can be counted, so no password is verified: %s",
			strerrordesc_np(error));
}

enum a2a_tried a2a_try_begin(
	struct a2a_try *attempt, const char *path, const char *user, const struct a2a_log *log)
{
	int error;

	*attempt = (struct a2a_try){.file = open_file(path, log)};
	if (attempt->file < 0)
		return A2A_TRY_NOT_COUNTED;
	error = lock(attempt->file);
	if (!error)
		error = count(attempt, user);
	if (!error && attempt->counted)
		return A2A_TRY_COUNTED;
	release(attempt);
	if (!error)
		return A2A_TRY_TOO_MANY;
	complain(log, path, error);
	return A2A_TRY_NOT_COUNTED;
}

void a2a_try_end(struct a2a_try *attempt, bool was_right)
{
	const int64_t never = 0;

	/* If this cannot be written, the try goes on counting, which is safe. */
	if (attempt->file >= 0 && was_right)
		write_at(attempt->file, &never, sizeof(never), attempt->counted);
	release(attempt);
}
