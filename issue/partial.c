/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "partial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

struct a2a_partial {
	char *path, *part; /* `part` is the hidden name, in the folder */
	const char *name;  /* the last part of `path` */
	int folder, file;
	enum a2a_partial_state state;
	off_t end;
};

/* ".NAME.part", with the folder of the path before it if `whole`; NULL when memory is out. */
static char *part_of(const char *path, bool whole)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *part;

	if (asprintf(&part, "%.*s.%s.part", whole ? (int)(name - path) : 0, path, name) < 0)
		return NULL;
	return part;
}

/* Whether a file of that name is in the folder. */
static bool is_there(const struct a2a_partial *partial, const char *name)
{
	struct stat status;

	return fstatat(partial->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool open_all(struct a2a_partial *partial, const char *path, const struct a2a_log *log)
{
	partial->path = strdup(path);
	partial->part = part_of(path, false);
	if (!partial->path || !partial->part)
		return a2a_fault(log, path, "out of memory");
	partial->folder = a2a_folder_open_around(partial->path, &partial->name, log);
	if (partial->folder < 0)
		return false;
	if (partial->state != A2A_PARTIAL_REPLACED && is_there(partial, partial->name))
		return a2a_fault(log, path, "is there already: name another file, or move it away");
	if (partial->state == A2A_PARTIAL_NEW && is_there(partial, partial->part))
		return a2a_fault(log, path,
			"another run has left %s beside it, with passwords: complete that, or move "
			"it away",
			partial->part);
	partial->file = a2a_folder_open_file(
		partial->folder, partial->part, partial->state == A2A_PARTIAL_NEW, path, log);
	return partial->file >= 0;
}

/* Whether the first bytes of the file are this header. */
static bool has_header(const struct a2a_partial *partial, const struct secret *header)
{
	struct secret there = {0};
	bool same =
		a2a_secret_reserve(&there, header->length) &&
		pread(partial->file, there.bytes, header->length, 0) == (ssize_t)header->length &&
		memcmp(there.bytes, header->bytes, header->length) == 0;

	a2a_secret_wipe(&there);
	return same;
}

/* Appends what is in the file from `start` on. */
static bool read_rest(
	const struct a2a_partial *partial, off_t start, off_t size, struct secret *rest)
{
	char buffer[4096];
	ssize_t got = 1;
	bool ok = true;

	for (; ok && got > 0 && start < size; start += got) {
		got = pread(partial->file, buffer, sizeof(buffer), start);
		ok = got >= 0 && a2a_secret_append(rest, buffer, (size_t)got);
	}
	explicit_bzero(buffer, sizeof(buffer));
	return ok;
}

/* Continues the table: keeps the rows that count, if they are all there, and cuts off the others.
 */
static bool go_on(struct a2a_partial *partial, off_t end, const struct secret *header,
	struct secret *rest, const struct a2a_log *log)
{
	struct stat status;

	if (fstat(partial->file, &status))
		return a2a_fault(log, partial->path, "%s", strerror(errno));
	if (status.st_size < end)
		return a2a_fault(log, partial->path,
			"rows of an earlier run are missing in %s: move it away", partial->part);
	if (end && !has_header(partial, header))
		return a2a_fault(log, partial->path,
			"the earlier run wrote other columns into %s: complete it by the same "
			"command and list, or move it away",
			partial->part);
	if (rest && has_header(partial, header) &&
		!read_rest(partial, end ? end : (off_t)header->length, status.st_size, rest))
		return a2a_fault(log, partial->path, "%s cannot be read: %s", partial->part,
			strerror(errno));
	if (!a2a_partial_cut(partial, end, log))
		return false;
	if (fsync(partial->folder))
		return a2a_fault(log, partial->path, "cannot be written: %s", strerror(errno));
	return end || a2a_partial_add(partial, header, log);
}

struct a2a_partial *a2a_partial_open(const char *path, enum a2a_partial_state state, off_t end,
	const struct secret *header, struct secret *rest, const struct a2a_log *log)
{
	struct a2a_partial *partial = calloc(1, sizeof(*partial));

	if (!partial) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	partial->folder = partial->file = -1;
	partial->state = state;
	if (open_all(partial, path, log) && go_on(partial, end, header, rest, log))
		return partial;
	a2a_partial_close(partial);
	return NULL;
}

bool a2a_partial_is_there(const char *path)
{
	char *part = part_of(path, true);
	struct stat status;
	/* Lack of memory must not look like a missing table. */
	const bool there = !part || lstat(part, &status) == 0 || errno != ENOENT;

	free(part);
	return there;
}

void a2a_partial_close(struct a2a_partial *partial)
{
	if (!partial)
		return;
	if (partial->file >= 0)
		close(partial->file);
	if (partial->folder >= 0)
		close(partial->folder);
	free(partial->path);
	free(partial->part);
	free(partial);
}

bool a2a_partial_add(
	struct a2a_partial *partial, const struct secret *row, const struct a2a_log *log)
{
	const int error = a2a_folder_write(partial->file, row->bytes, row->length, partial->end);

	if (error)
		return a2a_fault(log, partial->path, "cannot be written: %s", strerror(error));
	partial->end += (off_t)row->length;
	return true;
}

bool a2a_partial_sync(const struct a2a_partial *partial, const struct a2a_log *log)
{
	return fsync(partial->file) == 0 ||
	       a2a_fault(log, partial->path, "cannot be written: %s", strerror(errno));
}

bool a2a_partial_cut(struct a2a_partial *partial, off_t end, const struct a2a_log *log)
{
	if (ftruncate(partial->file, end) || fsync(partial->file))
		return a2a_fault(log, partial->path, "cannot be written: %s", strerror(errno));
	partial->end = end;
	return true;
}

off_t a2a_partial_end(const struct a2a_partial *partial)
{
	return partial->end;
}

bool a2a_partial_complete(struct a2a_partial *partial, const struct a2a_log *log)
{
	const unsigned flags = partial->state == A2A_PARTIAL_REPLACED ? 0 : RENAME_NOREPLACE;
	int status;

	if (!a2a_partial_sync(partial, log))
		return false;
	status = renameat2(partial->folder, partial->part, partial->folder, partial->name, flags);
	/* Some file systems have no RENAME_NOREPLACE. The name was free when the table was opened.
	 */
	if (status && flags && (errno == EINVAL || errno == ENOSYS))
		status = renameat(partial->folder, partial->part, partial->folder, partial->name);
	if (status || fsync(partial->folder))
		return a2a_fault(log, partial->path, "%s cannot be renamed to it: %s",
			partial->part, strerror(errno));
	return true;
}

void a2a_partial_remove(const char *path)
{
	char *part = part_of(path, true);

	if (part)
		unlink(part);
	unlink(path);
	free(part);
}
