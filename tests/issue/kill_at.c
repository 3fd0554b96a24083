/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For LD_PRELOAD: ends the process by SIGKILL at its A2A_KILL_AT-th step, a step being a call that
 * changes a file, a folder or a password; as a power cut would, between any two of them. The number
 * of steps that were made is written to the file A2A_KILL_COUNT, when the process ends by itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long steps;
static pid_t process;

__attribute__((constructor)) static void begin(void)
{
	process = getpid();
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("A2A_KILL_COUNT");
	FILE *file = path && getpid() == process ? fopen(path, "w") : NULL;

	if (file) {
		fprintf(file, "%ld\n", (long)steps);
		fclose(file);
	}
}

/* Children are let alone: what counts is the process that was started. */
static void step(void)
{
	const char *at = getenv("A2A_KILL_AT");

	if (at && getpid() == process && ++steps == atol(at))
		kill(getpid(), SIGKILL);
}

/* Before it and after it: nobody knows when the machine stops. */
#define REAL(type, name, arguments) ((type(*) arguments)(size_t)dlsym(RTLD_NEXT, #name))

int pam_chauthtok(pam_handle_t *pamh, int flags)
{
	int status;

	step();
	status = REAL(int, pam_chauthtok, (pam_handle_t *, int))(pamh, flags);
	step();
	return status;
}

int fsync(int fd)
{
	step();
	return REAL(int, fsync, (int))(fd);
}

int fdatasync(int fd)
{
	step();
	return REAL(int, fdatasync, (int))(fd);
}

/* Half of it is written when the process ends. */
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) =
		REAL(ssize_t, pwrite64, (int, const void *, size_t, off64_t));
	const char *at = getenv("A2A_KILL_AT");

	if (at && getpid() == process && steps + 1 == atol(at))
		real(fd, bytes, length / 2, place);
	step();
	return real(fd, bytes, length, place);
}

int ftruncate64(int fd, off64_t length)
{
	step();
	return REAL(int, ftruncate64, (int, off64_t))(fd, length);
}

int rename(const char *from, const char *to)
{
	step();
	return REAL(int, rename, (const char *, const char *))(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	step();
	return REAL(int, renameat, (int, const char *, int, const char *))(
		from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	step();
	return REAL(int, renameat2, (int, const char *, int, const char *, unsigned))(
		from_folder, from, to_folder, to, flags);
}

int unlinkat(int folder, const char *name, int flags)
{
	step();
	return REAL(int, unlinkat, (int, const char *, int))(folder, name, flags);
}

int mkdir(const char *path, mode_t mode)
{
	step();
	return REAL(int, mkdir, (const char *, mode_t))(path, mode);
}

int openat64(int folder, const char *name, int flags, ...)
{
	mode_t mode = 0;

	if (flags & O_CREAT) {
		va_list arguments;

		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
		step();
	}
	return REAL(int, openat64, (int, const char *, int, ...))(folder, name, flags, mode);
}
