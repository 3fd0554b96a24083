/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trust.h"

static int open_folder(const char *path, const struct a2a_log *log)
{
	const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat status;

	if (folder < 0) {
		a2a_fault(log, path, "the folder cannot be opened: %s", strerror(errno));
		return -1;
	}
	if (fstat(folder, &status) || a2a_trust(&status) != A2A_TRUSTED) {
		a2a_fault(log, path,
			"others can write to the folder: choose one of your own (chmod go-w)");
		close(folder);
		return -1;
	}
	return folder;
}

/* A new folder survives a crash only when the folder that holds its name is synced. */
static bool sync_parent(int folder)
{
	const int parent = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (parent < 0)
		return false;
	ok = fsync(parent) == 0;
	close(parent);
	return ok;
}

int a2a_folder_open(const char *path, const struct a2a_log *log)
{
	const bool is_made = mkdir(path, 0700) == 0;
	int folder;

	if (!is_made && errno != EEXIST) {
		a2a_fault(log, path, "the folder cannot be made: %s", strerror(errno));
		return -1;
	}
	folder = open_folder(path, log);
	if (folder >= 0 && is_made && !sync_parent(folder)) {
		a2a_fault(log, path, "the folder cannot be made: %s", strerror(errno));
		close(folder);
		return -1;
	}
	return folder;
}

int a2a_folder_open_around(const char *path, const char **name, const struct a2a_log *log)
{
	const char *slash = strrchr(path, '/');
	char *folder_path;
	int folder;

	*name = slash ? slash + 1 : path;
	if (!**name || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0) {
		a2a_fault(log, path, "is not the name of a file");
		return -1;
	}
	folder_path = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	if (!folder_path) {
		a2a_fault(log, path, "out of memory");
		return -1;
	}
	folder = open_folder(folder_path, log);
	free(folder_path);
	return folder;
}

int a2a_folder_open_file(
	int folder, const char *name, bool fresh, const char *path, const struct a2a_log *log)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	const int file = openat(folder, name, fresh ? flags | O_EXCL : flags, 0600);
	struct stat status;

	if (file < 0) {
		a2a_fault(log, path, "cannot be opened: %s", strerror(errno));
		return -1;
	}
	if (fstat(file, &status) || !a2a_is_private(&status)) {
		a2a_fault(log, path, "is not a file of yours that nobody else may read or write");
		close(file);
		return -1;
	}
	return file;
}

int a2a_folder_write(int file, const char *bytes, size_t length, off_t place)
{
	size_t done = 0;
	int error = 0;

	while (!error && done < length) {
		const ssize_t written =
			pwrite(file, bytes + done, length - done, place + (off_t)done);

		if (written > 0)
			done += (size_t)written;
		else if (written == 0 || errno != EINTR)
			error = written == 0 ? ENOSPC : errno;
	}
	/* Half of the bytes would be worse than no bytes. If cutting fails too, nothing else can be
	 * done. */
	if (error && ftruncate(file, place))
		errno = error;
	return error;
}
