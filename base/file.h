/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that the engine trusts: opened with care, read whole. */
#ifndef A2A_FILE_H
#define A2A_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>
#include <time.h>

/* What tells a file from another one that takes its place. */
struct a2a_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed; /* also when the time of modification was set back */
};

/* A file mapped for reading. An empty file has size 0 and no bytes. */
struct a2a_file {
	const char *bytes;
	size_t size;
	struct a2a_stamp stamp;
};

/*
 * Opens (O_CLOEXEC|O_NOFOLLOW), checks on the open descriptor that it is a regular file of root's
 * or of the caller's own that nobody else may write, and maps it MAP_PRIVATE|PROT_READ. Returns 0,
 * or an errno value; EPERM stands for a file that others could have written. Nothing is reported.
 */
int a2a_file_open(struct a2a_file *file, const char *path);

/* Why a2a_file_open() failed and what to do, as half a sentence: "is not there". */
const char *a2a_file_reason(int error);

void a2a_file_close(struct a2a_file *file);

#endif
