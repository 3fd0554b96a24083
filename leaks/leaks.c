/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* preadv2 */
#include "leaks.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sha1.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file.h"

/* ---- Reading --------------------------------------------------------------------------------- */

static bool is_past(const struct timespec *deadline)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now))
		return true;
	return now.tv_sec > deadline->tv_sec ||
	       (now.tv_sec == deadline->tv_sec && now.tv_nsec >= deadline->tv_nsec);
}

/* Tells whether the files of this file system are in memory, or on one that is looked at as such,
 * though it cannot say so. */
static bool is_in_memory(int descriptor)
{
	enum { TMPFS = 0x01021994, RAMFS = (int)0x858458f6, OVERLAYFS = 0x794c7630 };
	struct statfs status;

	if (fstatfs(descriptor, &status))
		return false;
	return (int)status.f_type == TMPFS || (int)status.f_type == RAMFS ||
	       (int)status.f_type == OVERLAYFS;
}

/* Reads what is in memory. Returns as read(2) does; EAGAIN means that the rest is on its way. */
static ssize_t read_now(int descriptor, void *bytes, size_t size, uint64_t place)
{
	const struct iovec part = {bytes, size};
	const ssize_t got = preadv2(descriptor, &part, 1, (off_t)place, RWF_NOWAIT);

	if (got < 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL)) {
		if (is_in_memory(descriptor))
			return pread(descriptor, bytes, size, (off_t)place);
		errno = EOPNOTSUPP;
	}
	return got;
}

/* Waits a little for bytes that are on their way. */
static void wait_for(int descriptor, uint64_t place, size_t size, bool *is_asked)
{
	const struct timespec pause = {.tv_nsec = 50000};

	if (!*is_asked)
		posix_fadvise(descriptor, (off_t)place, (off_t)size, POSIX_FADV_WILLNEED);
	*is_asked = true;
	nanosleep(&pause, NULL);
}

enum a2a_leaks_answer a2a_leaks_read(const struct a2a_leaks *leaks, void *bytes, size_t size,
	uint64_t place, const struct timespec *deadline)
{
	const int descriptor = leaks->descriptor;
	char *at = bytes;
	bool is_asked = false;

	while (size) {
		const ssize_t got = deadline ? read_now(descriptor, at, size, place)
					     : pread(descriptor, at, size, (off_t)place);

		if (got > 0) {
			at += got;
			size -= (size_t)got;
			place += (uint64_t)got;
		} else if (got == 0) {
			return A2A_LEAKS_DAMAGED;
		} else if (deadline && errno == EAGAIN) {
			if (is_past(deadline))
				return A2A_LEAKS_LATE;
			wait_for(descriptor, place, size, &is_asked);
		} else if (errno != EINTR) {
			return errno == EOPNOTSUPP ? A2A_LEAKS_LATE : A2A_LEAKS_UNREADABLE;
		}
	}
	return A2A_LEAKS_PRESENT;
}

enum a2a_leaks_answer a2a_leaks_read_block(const struct a2a_leaks *leaks, uint64_t number,
	struct a2a_leaks_block *block, const struct timespec *deadline)
{
	const struct a2a_leaks_format *format = &leaks->format;
	const uint64_t start = a2a_leaks_blocks_start(format);
	unsigned char places[2 * A2A_LEAKS_PLACE];
	struct a2a_leaks_place place;
	enum a2a_leaks_answer answer = a2a_leaks_read(leaks, places, sizeof(places),
		a2a_leaks_index_start(format) + number * A2A_LEAKS_PLACE, deadline);

	if (answer != A2A_LEAKS_PRESENT)
		return answer;
	if (!a2a_leaks_place_read(&place, places) || place.end > format->size - start)
		return A2A_LEAKS_DAMAGED;
	block->size = (size_t)(place.end - place.start);
	block->entries = place.entries;
	answer = a2a_leaks_read(leaks, block->bytes, block->size, start + place.start, deadline);
	if (answer != A2A_LEAKS_PRESENT)
		return answer;
	memset(block->bytes + block->size, 0, A2A_LEAKS_BEHIND);
	return a2a_leaks_block_checksum(block->bytes, block->size, number, block->entries) ==
			       place.checksum
		       ? A2A_LEAKS_PRESENT
		       : A2A_LEAKS_DAMAGED;
}

/* ---- The filter ------------------------------------------------------------------------------ */

const char *a2a_leaks_open(
	struct a2a_leaks *leaks, const char *path, const struct timespec *deadline, int *error)
{
	unsigned char header[A2A_LEAKS_HEADER];
	enum a2a_leaks_answer answer;
	const char *wrong = NULL;
	uint64_t size;

	*error = a2a_file_open(path, INT64_MAX, &leaks->descriptor, &size);
	if (*error)
		return a2a_file_reason(*error);
	/* What lies around a block is of no use to the next look-up. */
	posix_fadvise(leaks->descriptor, 0, 0, POSIX_FADV_RANDOM);
	if (size < sizeof(header)) {
		wrong = "is no filter of leaked passwords";
	} else {
		answer = a2a_leaks_read(leaks, header, sizeof(header), 0, deadline);
		*error = answer == A2A_LEAKS_UNREADABLE ? errno : 0;
		if (answer == A2A_LEAKS_LATE)
			wrong = "did not come from its disk in time";
		else if (answer != A2A_LEAKS_PRESENT)
			wrong = "cannot be read";
		else
			wrong = a2a_leaks_format_read(&leaks->format, header);
	}
	if (!wrong && leaks->format.size != size)
		wrong = "is damaged: its size is wrong";
	if (wrong)
		a2a_leaks_close(leaks);
	return wrong;
}

uint64_t a2a_leaks_hash(const char *bytes, size_t length)
{
	SHA1_CTX context;
	uint8_t digest[SHA1_DIGEST_LENGTH];
	uint64_t hash;

	SHA1Init(&context);
	SHA1Update(&context, (const uint8_t *)bytes, length);
	SHA1Final(digest, &context);
	memcpy(&hash, digest, sizeof(hash));
	explicit_bzero(&context, sizeof(context));
	explicit_bzero(digest, sizeof(digest));
	return be64toh(hash);
}

enum a2a_leaks_answer a2a_leaks_find(
	const struct a2a_leaks *leaks, uint64_t hash, const struct timespec *deadline)
{
	const struct a2a_leaks_format *format = &leaks->format;
	const uint64_t part = a2a_leaks_part(format, hash);
	const uint64_t number = part >> format->block_bits;
	struct a2a_leaks_block block;
	enum a2a_leaks_answer answer = a2a_leaks_read_block(leaks, number, &block, deadline);

	if (answer == A2A_LEAKS_PRESENT)
		answer =
			a2a_leaks_block_find(&block, format, part - (number << format->block_bits));
	return answer;
}

void a2a_leaks_close(struct a2a_leaks *leaks)
{
	close(leaks->descriptor);
	leaks->descriptor = -1;
}
