/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* strerrordesc_np */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lease.h"
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

/*
 * Tells whether the last change was at least a second ago. File systems count times in steps: of
 * some milliseconds, and on network servers of up to a second. Two changes within a step have the
 * same time.
 */
static bool is_old(const struct stat *status)
{
	struct timespec now, changed = status->st_ctim;

	if (clock_gettime(CLOCK_REALTIME, &now))
		return false;
	changed.tv_sec++;
	return now.tv_sec > changed.tv_sec ||
	       (now.tv_sec == changed.tv_sec && now.tv_nsec >= changed.tv_nsec);
}

static bool is_same(const struct a2a_stamp *stamp, const struct stat *status)
{
	const struct a2a_stamp now = make_stamp(status);

	return memcmp(&now, stamp, sizeof(now)) == 0;
}

/* Tells whether only the time of change differs, if anything: a write sets that of modification
 * too. */
static bool was_not_written(const struct a2a_stamp *stamp, const struct stat *status)
{
	struct a2a_stamp now = make_stamp(status);

	now.changed = stamp->changed;
	now.changed_nanoseconds = stamp->changed_nanoseconds;
	return memcmp(&now, stamp, sizeof(now)) == 0;
}

int a2a_above_standard(int fd)
{
	int higher, error;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(fd);
	errno = error;
	return higher;
}

/* Opens a file and checks it. Returns 0 or an errno value; `*fd` is -1 if it is not open. */
static int open_trusted(const char *path, uint64_t most, int *fd, struct stat *status)
{
	int error;

	/* O_NONBLOCK: a FIFO in the file's place must not block the caller. */
	*fd = a2a_above_standard(
		open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
	if (*fd < 0 || fstat(*fd, status))
		return errno;
	error = distrust(status);
	return !error && (uint64_t)status->st_size > most ? EFBIG : error;
}

int a2a_file_open(const char *path, uint64_t most, int *fd, uint64_t *size)
{
	struct stat status;
	int error = open_trusted(path, most, fd, &status);

	if (error && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	*size = error ? 0 : (uint64_t)status.st_size;
	return error;
}

/* Reads as many bytes as the file had. Returns 0 or an errno value. */
static int read_all(int fd, char *bytes, size_t size)
{
	while (size) {
		ssize_t got = read(fd, bytes, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		if (got == 0)
			return ESTALE;
		bytes += got;
		size -= (size_t)got;
	}
	return 0;
}

/* Copies the content of the open file. Returns 0 or an errno value. */
static int copy(struct a2a_file *file, int fd, const struct stat *status)
{
	const size_t size = (size_t)status->st_size;
	char *bytes;
	int error;

	if (!size)
		return 0;
	bytes = malloc(size);
	if (!bytes)
		return ENOMEM;
	error = read_all(fd, bytes, size);
	if (error) {
		free(bytes);
		return error;
	}
	file->bytes = bytes;
	file->size = size;
	return 0;
}

/*
 * Copies the file once. If it was changed meanwhile, returns EBUSY, and sets `*again` if it may
 * have got or lost no more than a name.
 */
static int copy_once(struct a2a_file *file, int fd, size_t most, int lease, bool *again)
{
	struct stat status;
	bool is_held;
	int error;

	*again = false;
	if (fstat(fd, &status))
		return errno;
	if ((uint64_t)status.st_size > most)
		return EFBIG;
	file->stamp = make_stamp(&status);
	file->is_settled = lease != EAGAIN && is_old(&status);
	error = copy(file, fd, &status);
	if (error)
		return error;
	is_held = lease == 0 && !a2a_lease_is_wanted(fd);
	if (fstat(fd, &status))
		return errno;
	if (is_same(&file->stamp, &status))
		return 0;
	if (is_held) {
		/* Nobody wrote under the lease. */
		file->stamp = make_stamp(&status);
		file->is_settled = false;
		return 0;
	}
	*again = was_not_written(&file->stamp, &status);
	return EBUSY;
}

/*
 * Copies the file: `lease` is what a2a_lease_take() returned. Without a lease, the stamp after the
 * last read must be the one before the first. Whoever replaces a file makes links to it and gives
 * its name to another one, which changes its st_ctim but not its content. Then it is copied again:
 * dpkg does so three times, and a file that is replaced must not turn anybody away.
 */
static int copy_unchanged(struct a2a_file *file, int fd, size_t most, int lease)
{
	enum { MOST_COPIES = 10 };
	bool again = true;
	int error = 0;

	for (int i = 0; i < MOST_COPIES && again; i++) {
		a2a_file_close(file);
		error = lseek(fd, 0, SEEK_SET) < 0 ? errno
						   : copy_once(file, fd, most, lease, &again);
	}
	return error;
}

int a2a_file_read(struct a2a_file *file, const char *path, size_t most)
{
	struct stat status;
	int fd, lease = -1;
	int error = open_trusted(path, most, &fd, &status);

	*file = (struct a2a_file){0};
	if (error)
		goto out;
	lease = a2a_lease_take(fd);
	/* Somebody has it open for writing. If it was not changed for some time, it is taken as it
	 * is, because nobody should wait for a program that forgets to close a file. */
	error = lease == EAGAIN && !is_old(&status) ? EBUSY : copy_unchanged(file, fd, most, lease);
	if (error)
		a2a_file_close(file);
out:
	if (lease == 0)
		a2a_lease_return(fd);
	if (fd >= 0)
		close(fd);
	return error;
}

/* Maps the open file, which is held. Returns 0 or an errno value. */
static int map(struct a2a_file *file, int fd, struct stat *status)
{
	void *bytes;

	if (fstat(fd, status))
		return errno;
	file->stamp = make_stamp(status);
	file->is_settled = is_old(status);
	if (status->st_size == 0)
		return 0;
	bytes = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return errno;
	file->bytes = bytes;
	file->size = (size_t)status->st_size;
	file->is_shared = true;
	file->descriptor = fd;
	return 0;
}

int a2a_file_share(struct a2a_file *file, const char *path, size_t most)
{
	struct stat status;
	int fd, lease;
	int error = open_trusted(path, most, &fd, &status);

	*file = (struct a2a_file){0};
	if (!error) {
		lease = a2a_lease_take(fd);
		error = lease == 0 ? map(file, fd, &status) : copy_unchanged(file, fd, most, lease);
		if (error)
			a2a_file_close(file);
	}
	/* Closing gives the lease back. */
	if (fd >= 0 && !file->is_shared)
		close(fd);
	return error;
}

/* Tells whether the descriptor is still that of the file: the host may have closed it, and opened
 * another file under its number. */
static bool is_ours(const struct a2a_file *file)
{
	struct stat status;

	return fstat(file->descriptor, &status) == 0 && file->stamp.device == status.st_dev &&
	       file->stamp.inode == status.st_ino;
}

void a2a_file_rest(const struct a2a_file *file)
{
	if (file->is_shared)
		a2a_lease_return(file->descriptor);
}

int a2a_file_hold(const struct a2a_file *file, bool *same)
{
	struct stat status;
	int error = 0;

	*same = true;
	if (!file->is_shared)
		return 0;
	if (!is_ours(file))
		return EBADF;
	error = a2a_lease_take(file->descriptor);
	if (error)
		return error == EAGAIN ? EBUSY : error;
	if (fstat(file->descriptor, &status))
		error = errno;
	else if ((uint64_t)status.st_size != file->stamp.size)
		error = ESTALE;
	else
		*same = file->is_settled && is_same(&file->stamp, &status);
	if (error)
		a2a_file_rest(file);
	return error;
}

bool a2a_file_is_wanted(const struct a2a_file *file)
{
	return file->is_shared && a2a_lease_is_wanted(file->descriptor);
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
	case EFBIG:
		return "is larger than such a file can be";
	case EBUSY:
		return "is being written at this moment: try again";
	case ESTALE:
		return "was changed while it was in use: open it again";
	case EBADF:
		return "was closed by the host program while it was in use";
	default:
		return strerrordesc_np(error) ? strerrordesc_np(error) : "cannot be read";
	}
}

int a2a_file_guard(const char *path, const struct a2a_stamp *stamp)
{
	struct stat status;
	int fd, error = open_trusted(path, UINT64_MAX, &fd, &status);

	if (!error) {
		/* Where there are no leases, the caller's second look at the stamp must do. */
		error = a2a_lease_take(fd) == EAGAIN ? EBUSY : 0;
		if (!error && (fstat(fd, &status) || !is_same(stamp, &status)))
			error = ESTALE;
	}
	if (error && fd >= 0) {
		close(fd);
		fd = -1;
	}
	errno = error;
	return fd;
}

int a2a_file_keep_guard(struct a2a_file *file)
{
	const int guard = file->is_shared ? file->descriptor : -1;

	if (guard < 0)
		return -1;
	munmap((void *)(size_t)file->bytes, file->size);
	*file = (struct a2a_file){0};
	return guard;
}

void a2a_file_unguard(int guard)
{
	if (guard < 0)
		return;
	a2a_lease_return(guard);
	close(guard);
}

bool a2a_stamp_is_current(const struct a2a_stamp *stamp, const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && is_same(stamp, &status);
}

bool a2a_stamp_renew(struct a2a_stamp *stamp, int guard, const char *path)
{
	struct stat status;

	if (lstat(path, &status) || !was_not_written(stamp, &status) || guard < 0 ||
		a2a_lease_is_wanted(guard))
		return false;
	*stamp = make_stamp(&status);
	return true;
}

void a2a_file_close(struct a2a_file *file)
{
	if (file->is_shared) {
		munmap((void *)(size_t)file->bytes, file->size);
		if (is_ours(file)) {
			a2a_file_rest(file);
			close(file->descriptor);
		}
	} else {
		free((void *)(size_t)file->bytes);
	}
	*file = (struct a2a_file){0};
}
