/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* strerrordesc_np */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trust.h"

_Static_assert(
	sizeof(struct a2a_stamp) == 7 * sizeof(uint64_t), "padding in a stamp would be compared");

static struct a2a_stamp make_stamp(const struct stat *status)
{
	return (struct a2a_stamp){
		.device = status->st_dev,
		.inode = status->st_ino,
		.size = (uint64_t)status->st_size,
		.modified = (uint64_t)status->st_mtim.tv_sec,
		.modified_nanoseconds = (uint64_t)status->st_mtim.tv_nsec,
		.changed = (uint64_t)status->st_ctim.tv_sec,
		.changed_nanoseconds = (uint64_t)status->st_ctim.tv_nsec,
	};
}

/* 0, or an errno value that says why the open file is not trusted. */
static int distrust(const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		return EINVAL;
	return a2a_trust(status) == A2A_TRUSTED ? 0 : EPERM;
}

int a2a_file_open(struct a2a_file *file, const char *path)
{
	struct stat status;
	void *bytes = NULL;
	int error = 0;
	/* O_NONBLOCK: a FIFO in the file's place must not block the caller. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

	*file = (struct a2a_file){0};
	if (fd < 0)
		return errno;
	if (fstat(fd, &status)) {
		error = errno;
		goto out;
	}
	file->stamp = make_stamp(&status);
	error = distrust(&status);
	if (error || status.st_size == 0)
		goto out;
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED) {
		error = errno;
		goto out;
	}
	file->bytes = bytes;
	file->size = (size_t)status.st_size;
out:
	close(fd);
	return error;
}

const char *a2a_file_reason(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "is not there";
	case EACCES:
		return "may not be read by this program's user";
	case ELOOP:
		return "is a symbolic link: name the file itself";
	case EINVAL:
		return "is not a regular file";
	case EPERM:
		return "could have been written by others: it must belong to root (or to you) and "
		       "be writable by nobody else (chmod go-w)";
	case EBADMSG:
		return "is damaged: install it again";
	default:
		return strerrordesc_np(error) ? strerrordesc_np(error) : "cannot be read";
	}
}

bool a2a_file_is_same(const struct a2a_file *file, const char *path)
{
	struct a2a_stamp stamp;
	struct stat status;

	if (lstat(path, &status))
		return false;
	stamp = make_stamp(&status);
	return memcmp(&stamp, &file->stamp, sizeof(stamp)) == 0;
}

void a2a_file_close(struct a2a_file *file)
{
	if (file->bytes)
		munmap((void *)(size_t)file->bytes, file->size);
	*file = (struct a2a_file){0};
}
