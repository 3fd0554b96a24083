/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For LD_PRELOAD, as kill_at.c, of whose steps these are: the A2A_FAIL_AT-th step fails with the
 * errno value A2A_FAIL_WITH, as on a full or a broken disk; with A2A_FAIL_ON all steps behind it
 * fail too. pam_chauthtok() is two steps: it fails and has set nothing, or it fails and has.
 *
 * And whatever is built on is on the disk: a file that has bytes, or a folder that has entries,
 * which no fsync(2) came behind yet ends the process with a message and status 99 when a password
 * is set or a file gets its name. A kill cannot find that, as the system lives on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 256 };

/* A file or folder that is not on the disk as it is. Only one thread writes. */
static struct {
	dev_t device;
	ino_t number;
	char name[256];
} unsafe[MOST_FILES];

static size_t unsafe_count;
static long steps;
static bool has_failed;
static pid_t process;

__attribute__((constructor)) static void begin(void)
{
	process = getpid();
}

static bool is_watched(void)
{
	return getenv("A2A_FAIL_AT") && getpid() == process;
}

__attribute__((destructor)) static void end(void)
{
	if (is_watched() && steps < atol(getenv("A2A_FAIL_AT")))
		_exit(98);
}

/* Whether this step is one that fails. */
static bool fails(void)
{
	long at;

	if (!is_watched())
		return false;
	at = atol(getenv("A2A_FAIL_AT"));
	steps++;
	if (steps != at && !(getenv("A2A_FAIL_ON") && steps > at))
		return false;
	has_failed = true;
	errno = atoi(getenv("A2A_FAIL_WITH"));
	return true;
}

#define REAL(type, name, arguments) ((type(*) arguments)(size_t)dlsym(RTLD_NEXT, #name))

/* ---- What is on the disk --------------------------------------------------------------------- */

static size_t find(int fd)
{
	struct stat status;
	size_t i = 0;

	if (fstat(fd, &status))
		abort();
	while (i < unsafe_count &&
		(unsafe[i].device != status.st_dev || unsafe[i].number != status.st_ino))
		i++;
	if (i == MOST_FILES)
		abort();
	unsafe[i].device = status.st_dev;
	unsafe[i].number = status.st_ino;
	return i;
}

static void make_unsafe(int fd)
{
	char link[64];
	size_t i;
	ssize_t length;

	if (!is_watched())
		return;
	i = find(fd);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, unsafe[i].name, sizeof(unsafe[i].name) - 1);
	unsafe[i].name[length > 0 ? length : 0] = '\0';
	if (i == unsafe_count)
		unsafe_count++;
}

static void make_safe(int fd)
{
	size_t i;

	if (!is_watched())
		return;
	i = find(fd);
	if (i < unsafe_count)
		unsafe[i] = unsafe[--unsafe_count];
}

static bool ends_in(const char *name, const char *ending)
{
	const size_t length = strlen(name), more = strlen(ending);

	return length >= more && strcmp(name + length - more, ending) == 0;
}

/* In the folder of a passwd-file only the new file has to be on the disk when it gets its name. */
static bool is_of_accounts(const char *name)
{
	const char *folder = getenv("A2A_ACCOUNTS_FOLDER");

	return folder && strncmp(name, folder, strlen(folder)) == 0 && !ends_in(name, "-new");
}

/* Nothing is built on the rows that come back, nor on what is in /run, before they get their name.
 */
static void want_safe(const char *what, const char *renamed)
{
	/* When the disk fails behind a new password, its sheet gets its name all the same. */
	if (!is_watched() || (renamed && has_failed))
		return;
	for (size_t i = 0; i < unsafe_count; i++) {
		const char *name = unsafe[i].name;

		if (strncmp(name, "/run", 4) == 0 || is_of_accounts(name) ||
			(ends_in(name, "errors.csv.part") &&
				!(renamed && ends_in(name, renamed))) ||
			ends_in(name, " (deleted)"))
			continue;
		fprintf(stderr, "%s: %s is not on the disk\n", what, name);
		_exit(99);
	}
}

/* ---- Steps ----------------------------------------------------------------------------------- */

int pam_chauthtok(pam_handle_t *pamh, int flags)
{
	int status;

	want_safe("a password is set", NULL);
	if (fails())
		return PAM_AUTHTOK_ERR;
	status = REAL(int, pam_chauthtok, (pam_handle_t *, int))(pamh, flags);
	return fails() ? PAM_AUTHTOK_ERR : status;
}

int fsync(int fd)
{
	if (fails())
		return -1;
	make_safe(fd);
	return REAL(int, fsync, (int))(fd);
}

int fdatasync(int fd)
{
	if (fails())
		return -1;
	make_safe(fd);
	return REAL(int, fdatasync, (int))(fd);
}

/* Half of it goes onto a disk that is then full. */
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) =
		REAL(ssize_t, pwrite64, (int, const void *, size_t, off64_t));

	make_unsafe(fd);
	if (fails()) {
		const int error = errno;

		real(fd, bytes, length / 2, place);
		errno = error;
		return -1;
	}
	return real(fd, bytes, length, place);
}

int ftruncate64(int fd, off64_t length)
{
	if (fails())
		return -1;
	make_unsafe(fd);
	return REAL(int, ftruncate64, (int, off64_t))(fd, length);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	want_safe(to, from);
	if (fails())
		return -1;
	return REAL(int, renameat, (int, const char *, int, const char *))(
		from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	want_safe(to, from);
	if (fails())
		return -1;
	return REAL(int, renameat2, (int, const char *, int, const char *, unsigned))(
		from_folder, from, to_folder, to, flags);
}

int unlinkat(int folder, const char *name, int flags)
{
	if (fails())
		return -1;
	return REAL(int, unlinkat, (int, const char *, int))(folder, name, flags);
}

/* What is made is in a folder, which is only known by its path. */
int mkdir(const char *path, mode_t mode)
{
	char *above = NULL;
	int status, folder;

	if (fails())
		return -1;
	status = REAL(int, mkdir, (const char *, mode_t))(path, mode);
	if (status == 0 && is_watched() && asprintf(&above, "%s/..", path) > 0) {
		folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		make_unsafe(folder);
		close(folder);
		free(above);
	}
	return status;
}

int openat64(int folder, const char *name, int flags, ...)
{
	int (*real)(int, const char *, int, ...) =
		REAL(int, openat64, (int, const char *, int, ...));
	mode_t mode = 0;
	bool is_new;
	int fd;

	if (!(flags & O_CREAT))
		return real(folder, name, flags);
	va_list arguments;

	va_start(arguments, flags);
	mode = va_arg(arguments, mode_t);
	va_end(arguments);
	if (fails())
		return -1;
	is_new = faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
	fd = real(folder, name, flags, mode);
	if (fd >= 0 && is_new) {
		make_unsafe(fd);
		make_unsafe(folder);
	}
	return fd;
}
