/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The functions and constants of glibc that this project uses and that musl 1.2 does not have. With
 * such a C library, the build includes this header in front of every source (meson.build), so that
 * no source needs a second version of its code. It needs Linux 5.11 or later, for close_range(2).
 */
#ifndef A2A_MUSL_H
#define A2A_MUSL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif

/* The C library may be older than the system call. Its number is the same on all machines. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Unlike glibc's function, it never returns NULL. It may be called in several threads: musl's texts
 * are constants. */
static inline const char *strerrordesc_np(int error)
{
	return strerror(error);
}

static inline int renameat2(
	int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

/* musl has it from 1.2.5 on, with the constants. The kernel takes the place in two halves. */
#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8
static inline ssize_t preadv2(
	int file, const struct iovec *parts, int count, off_t place, int flags)
{
	return syscall(SYS_preadv2, file, parts, count, (long)place,
		(long)((unsigned long long)place >> 32), flags);
}
#endif

static inline void closefrom(int lowest)
{
	if (syscall(SYS_close_range, lowest, ~0U, 0U) == 0)
		return;
	for (long fd = sysconf(_SC_OPEN_MAX); fd-- > lowest;)
		close((int)fd);
}

/* Decodes base64, as libresolv does. Returns the number of bytes, or -1. */
static inline int b64_pton(const char *text, unsigned char *bytes, size_t most)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned held = 0, bits = 0;
	size_t count = 0;

	for (; *text && *text != '='; text++) {
		const char *digit = strchr(digits, *text);

		if (!digit)
			return -1;
		held = held << 6 | (unsigned)(digit - digits);
		bits += 6;
		if (bits < 8)
			continue;
		if (count == most)
			return -1;
		bits -= 8;
		bytes[count++] = (unsigned char)(held >> bits);
	}
	return (int)count;
}

/* Marks the descriptors of this process instead, so that the new program does not get them. Nothing
 * else is lost by it: this project opens none for another program. */
static inline int posix_spawn_file_actions_addclosefrom_np(
	posix_spawn_file_actions_t *actions, int lowest)
{
	const unsigned close_on_exec = 1U << 2; /* CLOSE_RANGE_CLOEXEC */

	(void)actions;
	return syscall(SYS_close_range, lowest, ~0U, close_on_exec) ? errno : 0;
}

#endif
