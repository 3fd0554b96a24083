/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that are trusted: opened with care, then read whole, or shared with other processes. */
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

/*
 * Moves a new descriptor above the standard ones. A program may run with these closed, and what it
 * prints must not go into a file of ours. Returns the descriptor, which is closed on exec if it was
 * moved, or -1 with errno; -1 stays -1, with errno as it was.
 */
int a2a_above_standard(int fd);

/* The content of a file. An empty file has size 0 and no bytes. */
struct a2a_file {
	const char *bytes;
	size_t size;
	struct a2a_stamp stamp;
	/*
	 * Nobody was writing to the file, and its last change was long enough before that a later
	 * one has another time. Otherwise the stamp alone does not identify the content.
	 */
	bool is_settled;
	bool is_shared; /* mapped from `descriptor`; otherwise the bytes are a copy */
	int descriptor;
};

/* The greatest sizes of the kinds of files, in bytes. */
enum {
	A2A_MOST_TEXT = 1 << 20,       /* configurations, messages, lists of words for people */
	A2A_MOST_SITE_LIST = 64 << 20, /* what all2all-dict add makes */
	A2A_MOST_LEXICON = 256 << 20   /* the lexicon, the files of cracklib's dictionary */
};

/*
 * Opens a file as a2a_file_read() does, with the same checks, but reads nothing. `*fd` becomes its
 * descriptor, which the caller closes, or -1, and `*size` its size in bytes. Returns 0 or an errno
 * value.
 */
int a2a_file_open(const char *path, uint64_t most, int *fd, uint64_t *size);

/*
 * Opens a file (O_CLOEXEC|O_NOFOLLOW), checks on the open descriptor that it is a regular file of
 * at most `most` bytes and that a2a_trust() trusts it, and reads it into memory. Whatever happens
 * to the file afterwards, the bytes stay as they are. Returns 0 or an errno value; EPERM means that
 * others could have written the file, EFBIG that it is too large, EBUSY that somebody is writing to
 * it. Reports nothing. Release with a2a_file_close(), after a failure too.
 */
int a2a_file_read(struct a2a_file *file, const char *path, size_t most);

/*
 * Does the same, but maps the file, so that all processes share its memory, if a lease (lease.h)
 * can be had; otherwise it reads a copy. A shared file is held when this function returns: its
 * bytes may be looked at until a2a_file_rest(). If somebody was writing to the file while it was
 * copied, the copy may be a mixture: `is_settled` is then false, and the caller must check the
 * content.
 */
int a2a_file_share(struct a2a_file *file, const char *path, size_t most);

/*
 * Lets others write to a shared file again. They wait as long as it is held, so do not wait for
 * anything meanwhile; after 45 seconds the kernel would take the lease away. Does nothing for a
 * copy.
 */
void a2a_file_rest(const struct a2a_file *file);

/*
 * Holds a shared file again, so that its bytes may be looked at. Returns 0, or an errno value, and
 * the file is then not held: EBUSY when somebody is writing to it, ESTALE when it has another size,
 * EBADF when the host has closed its descriptor. `*is_same` tells whether the stamp proves that the
 * content is unchanged; if not, the caller must check the content. A copy never changes.
 */
int a2a_file_hold(const struct a2a_file *file, bool *is_same);

/* Tells whether somebody waits for a file that is held. */
bool a2a_file_is_wanted(const struct a2a_file *file);

/* Says why one of these functions failed and what to do, as half a sentence: "is not there". */
const char *a2a_file_reason(int error);

/*
 * Keeps others from writing to the file at `path`, which must have this stamp, while somebody else
 * reads it by its name. Returns what a2a_file_unguard() needs, or -1 with errno set: ESTALE when
 * the file is another, EBUSY when it is being written. Where no lease can be had, nobody is kept
 * from writing: look at the stamp again afterwards.
 */
int a2a_file_guard(const char *path, const struct a2a_stamp *stamp);

/*
 * Releases the bytes of a shared file that is held, and goes on keeping others from writing to it.
 * Returns what a2a_file_unguard() needs, or -1 for a copy.
 */
int a2a_file_keep_guard(struct a2a_file *file);

/* Ends it. -1 is allowed. */
void a2a_file_unguard(int guard);

/* Tells whether `path` leads to the file that has this stamp, with the content it had then. */
bool a2a_stamp_is_current(const struct a2a_stamp *stamp, const char *path);

/*
 * Renews the stamp of a guarded file to which `path` still leads, and which only got or lost a
 * link. Returns false, with the stamp as it was, when it is another file, or may have been written.
 */
bool a2a_stamp_renew(struct a2a_stamp *stamp, int guard, const char *path);

/* Releases the bytes. Safe on a file that is all zero. */
void a2a_file_close(struct a2a_file *file);

#endif
