/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t a2a_deadline(unsigned seconds)
{
	return seconds ? now() + (int64_t)seconds * 1000 : INT64_MAX;
}

bool a2a_deadline_is_over(int64_t deadline)
{
	return now() >= deadline;
}

/* For poll(2): at least 0, and a long time at most, after which it is called again. */
static int milliseconds_until(int64_t deadline)
{
	const int64_t left = deadline == INT64_MAX ? INT_MAX : deadline - now();

	return left < 0 ? 0 : left < INT_MAX ? (int)left : INT_MAX;
}

/* Returns how many bytes were read, 0 at the end; or -1 with errno, ETIMEDOUT at the deadline. */
static ssize_t read_some(int fd, char *bytes, size_t room, int64_t deadline)
{
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int count = poll(&ready, 1, milliseconds_until(deadline));
		ssize_t got;

		if (count == 0 && a2a_deadline_is_over(deadline)) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (count == 0)
			continue;
		got = count < 0 ? -1 : read(fd, bytes, room);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
	}
}

const char *a2a_stream_read(int fd, size_t most, int64_t deadline, struct secret *input)
{
	ssize_t got;

	/* One byte more than allowed shows that there are too many. */
	if (!a2a_secret_reserve(input, most + 1))
		return "out of memory";
	while ((got = read_some(fd, input->bytes + input->length, most + 1 - input->length,
			deadline)) > 0) {
		input->length += (size_t)got;
		if (input->length > most)
			return "there is too much of it";
	}
	if (got < 0)
		return errno == ETIMEDOUT ? "it does not end in time" : "it cannot be read";
	return NULL;
}
