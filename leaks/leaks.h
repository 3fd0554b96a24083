/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A filter of leaked passwords, in a file: it knows every password that went into it, and takes
 * others for one of them at the rate at which it was built. A look-up makes two reads: of the place
 * of a block and of the block.
 *
 * The file is read with pread(2), not mapped: a mapping of four gigabytes does not fit under the
 * limits of some daemons, and a file that is cut short would end the program (SIGBUS). A filter is
 * replaced with rename(2); who has the old one open goes on with it. A file that is written to in
 * place is no danger, since each block has a checksum.
 */
#ifndef A2A_LEAKS_H
#define A2A_LEAKS_H

#include <time.h>

#include "leaks_block.h"

struct a2a_leaks {
	int descriptor;
	struct a2a_leaks_format format;
};

/*
 * Opens a filter that a2a_trust() trusts, and checks its header and its size. Returns NULL, or an
 * English clause that says what is wrong ("is damaged"), and `*error` an errno value, or 0 if the
 * file could be read. `deadline` as below. Close it only when it was opened.
 */
const char *a2a_leaks_open(
	struct a2a_leaks *leaks, const char *path, const struct timespec *deadline, int *error);

/* The first 64 bits of the SHA-1 of these bytes. */
uint64_t a2a_leaks_hash(const char *bytes, size_t length);

/*
 * Tells whether the hash is in the filter. With a deadline (of CLOCK_MONOTONIC), it reads only what
 * is in memory already; it asks the kernel for what is not, and waits for that until then, so that
 * a slow disk holds nobody up. Where a file system cannot say what is in memory, that is nothing.
 * Any number of threads may call it at once.
 */
enum a2a_leaks_answer a2a_leaks_find(
	const struct a2a_leaks *leaks, uint64_t hash, const struct timespec *deadline);

/*
 * Reads the block of this number, and checks that it is whole. Returns A2A_LEAKS_PRESENT, or why
 * not. `*place` becomes where it is.
 */
enum a2a_leaks_answer a2a_leaks_read_block(const struct a2a_leaks *leaks, uint64_t number,
	struct a2a_leaks_block *block, const struct timespec *deadline);

/* Reads bytes of the file. Returns A2A_LEAKS_PRESENT, or why not. */
enum a2a_leaks_answer a2a_leaks_read(const struct a2a_leaks *leaks, void *bytes, size_t size,
	uint64_t place, const struct timespec *deadline);

void a2a_leaks_close(struct a2a_leaks *leaks);

#endif
