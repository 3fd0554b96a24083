/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

struct a2a_table {
	char *path, *part; /* part: its name in the folder until it is complete */
	const char *name;  /* of path */
	int folder, file;
	enum a2a_table_state state;
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
static bool is_there(const struct a2a_table *table, const char *name)
{
	struct stat status;

	return fstatat(table->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool open_all(struct a2a_table *table, const char *path, const struct a2a_log *log)
{
	table->path = strdup(path);
	table->part = part_of(path, false);
	if (!table->path || !table->part)
		return a2a_folder_fault(log, path, "out of memory");
	table->folder = a2a_folder_open_around(table->path, &table->name, log);
	if (table->folder < 0)
		return false;
	if (table->state != A2A_TABLE_REPLACED && is_there(table, table->name))
		return a2a_folder_fault(
			log, path, "is there already: name another file, or move it away");
	if (table->state == A2A_TABLE_NEW && is_there(table, table->part))
		return a2a_folder_fault(log, path,
			"another run has left %s beside it, with passwords: complete that, or move "
			"it away",
			table->part);
	table->file = a2a_folder_open_file(table->folder, table->part, path, log);
	return table->file >= 0;
}

/* Whether the first bytes of the file are this header. */
static bool has_header(const struct a2a_table *table, const struct secret *header)
{
	struct secret there = {0};
	bool same = a2a_secret_reserve(&there, header->length) &&
		    pread(table->file, there.bytes, header->length, 0) == (ssize_t)header->length &&
		    memcmp(there.bytes, header->bytes, header->length) == 0;

	a2a_secret_wipe(&there);
	return same;
}

/* What counts of an earlier run stays, if it is all there. */
static bool go_on(
	struct a2a_table *table, off_t end, const struct secret *header, const struct a2a_log *log)
{
	struct stat status;

	if (fstat(table->file, &status))
		return a2a_folder_fault(log, table->path, "%s", strerror(errno));
	if (status.st_size < end)
		return a2a_folder_fault(log, table->path,
			"rows of an earlier run are missing in %s: move it away", table->part);
	if (end && !has_header(table, header))
		return a2a_folder_fault(log, table->path,
			"the earlier run wrote other columns into %s: complete it by the same "
			"command and list, or move it away",
			table->part);
	if (!a2a_table_cut(table, end, log))
		return false;
	if (fsync(table->folder))
		return a2a_folder_fault(log, table->path, "cannot be written: %s", strerror(errno));
	return end || a2a_table_add(table, header, log);
}

struct a2a_table *a2a_table_open(const char *path, enum a2a_table_state state, off_t end,
	const struct secret *header, const struct a2a_log *log)
{
	struct a2a_table *table = calloc(1, sizeof(*table));

	if (!table) {
		a2a_folder_fault(log, path, "out of memory");
		return NULL;
	}
	table->folder = table->file = -1;
	table->state = state;
	if (open_all(table, path, log) && go_on(table, end, header, log))
		return table;
	a2a_table_close(table);
	return NULL;
}

void a2a_table_close(struct a2a_table *table)
{
	if (!table)
		return;
	if (table->file >= 0)
		close(table->file);
	if (table->folder >= 0)
		close(table->folder);
	free(table->path);
	free(table->part);
	free(table);
}

bool a2a_table_add(struct a2a_table *table, const struct secret *row, const struct a2a_log *log)
{
	const int error = a2a_folder_write(table->file, row->bytes, row->length, table->end);

	if (error)
		return a2a_folder_fault(log, table->path, "cannot be written: %s", strerror(error));
	table->end += (off_t)row->length;
	return true;
}

bool a2a_table_cut(struct a2a_table *table, off_t end, const struct a2a_log *log)
{
	if (ftruncate(table->file, end) || fsync(table->file))
		return a2a_folder_fault(log, table->path, "cannot be written: %s", strerror(errno));
	table->end = end;
	return true;
}

off_t a2a_table_end(const struct a2a_table *table)
{
	return table->end;
}

bool a2a_table_complete(struct a2a_table *table, const struct a2a_log *log)
{
	const unsigned flags = table->state == A2A_TABLE_REPLACED ? 0 : RENAME_NOREPLACE;
	int status = renameat2(table->folder, table->part, table->folder, table->name, flags);

	/* A file system that cannot tell whether the name is taken: it was not, at the beginning.
	 */
	if (status && flags && (errno == EINVAL || errno == ENOSYS))
		status = renameat(table->folder, table->part, table->folder, table->name);
	if (status || fsync(table->folder))
		return a2a_folder_fault(log, table->path, "%s cannot be renamed to it: %s",
			table->part, strerror(errno));
	return true;
}

void a2a_table_remove(const char *path)
{
	char *part = part_of(path, true);

	if (part)
		unlink(part);
	unlink(path);
	free(part);
}
