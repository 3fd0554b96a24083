/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_RIGHTS = 0644 };

/* The mode and the group that the new files take over from the present one; see a2a_replace(). */
struct rights {
	mode_t mode;
	gid_t group; /* -1: the caller's */
};

static struct rights rights_of(const char *path)
{
	struct stat status;

	if (lstat(path, &status) || !S_ISREG(status.st_mode))
		return (struct rights){MOST_RIGHTS, (gid_t)-1};
	return (struct rights){status.st_mode & MOST_RIGHTS, status.st_gid};
}

static bool set_rights(int fd, const struct rights *rights)
{
	struct stat status;

	if (fstat(fd, &status))
		return false;
	if (rights->group != (gid_t)-1 && rights->group != status.st_gid &&
		fchown(fd, (uid_t)-1, rights->group))
		return false;
	return fchmod(fd, rights->mode) == 0;
}

/* Opens the folder that a file is in; -1 with errno when that cannot be done. */
static int open_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	free(folder); /* free() keeps errno (glibc 2.33) */
	return fd;
}

/* Returns the name of a temporary file that is on the disk, which the caller frees; or NULL with
 * errno, and leaves nothing. */
static char *write_temporary(const struct a2a_replacement *file, const struct rights *rights)
{
	char *temporary = NULL;
	FILE *stream = NULL;
	bool ok = false;
	int fd, error;

	if (asprintf(&temporary, "%s.XXXXXX", file->path) < 0)
		return NULL;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		goto out;
	stream = fdopen(fd, "w");
	if (!stream) {
		close(fd);
		goto out;
	}
	ok = fwrite(file->bytes, 1, file->size, stream) == file->size && fflush(stream) == 0 &&
	     set_rights(fd, rights) && fsync(fd) == 0;
	ok = fclose(stream) == 0 && ok;
out:
	if (ok)
		return temporary;
	error = errno;
	if (fd >= 0)
		unlink(temporary);
	free(temporary);
	errno = error;
	return NULL;
}

static bool replace(const struct a2a_replacement *files, size_t count, int folder)
{
	const struct rights rights = rights_of(files[count - 1].path);
	char *temporary[A2A_MOST_REPLACEMENTS] = {0};
	bool ok = true;
	int error;

	for (size_t i = 0; ok && i < count; i++) {
		temporary[i] = write_temporary(&files[i], &rights);
		ok = temporary[i] != NULL;
	}
	for (size_t i = 0; ok && i < count; i++) {
		ok = rename(temporary[i], files[i].path) == 0;
		if (ok) {
			free(temporary[i]);
			temporary[i] = NULL;
		}
	}
	/* Some file systems cannot sync a folder, and need not. */
	ok = ok && (fsync(folder) == 0 || errno == EINVAL);
	error = errno;
	for (size_t i = 0; i < count; i++) {
		if (temporary[i])
			unlink(temporary[i]);
		free(temporary[i]);
	}
	errno = error;
	return ok;
}

bool a2a_replace(const struct a2a_replacement *files, size_t count)
{
	sigset_t all, before;
	int folder = open_folder(files[0].path), error;
	bool ok;

	if (folder < 0)
		return false;
	/* A signal takes effect before a temporary file exists, or after it is gone. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	ok = replace(files, count, folder);
	error = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(folder);
	errno = error;
	return ok;
}
