/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that are trusted: opened with care, mapped whole. */
#ifndef A2A_FILE_H
#define A2A_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Identifies a file and its content without reading it. Another file has another device or inode. A
 * file that was written to has another time of change (st_ctim); no program can set that time back,
 * unlike the time of modification. The fields are of one size, so the structure has no padding: it
 * may be compared and hashed as bytes.
 */
struct a2a_stamp {
	uint64_t device;
	uint64_t inode;
	uint64_t size;
	uint64_t modified, modified_nanoseconds;
	uint64_t changed, changed_nanoseconds;
};

/* A file mapped for reading. An empty file has size 0 and no bytes. */
struct a2a_file {
	const char *bytes;
	size_t size;
	struct a2a_stamp stamp;
};

/*
 * Opens a file (O_CLOEXEC|O_NOFOLLOW), checks on the open descriptor that it is a regular file and
 * that a2a_trust() trusts it, and maps it (MAP_PRIVATE|PROT_READ). Returns 0 or an errno value;
 * EPERM means that others could have written the file. Reports nothing. Release with
 * a2a_file_close(), after a failure too.
 */
int a2a_file_open(struct a2a_file *file, const char *path);

/* Says why a2a_file_open() failed and what to do, as half a sentence: "is not there". */
const char *a2a_file_reason(int error);

/* Tells whether `path` still names the file that was opened, with the content it had then. */
bool a2a_file_is_same(const struct a2a_file *file, const char *path);

/* Unmaps the file. Safe on one that is all zero. */
void a2a_file_close(struct a2a_file *file);

#endif
