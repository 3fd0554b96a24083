/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading what another program writes, with a limit of bytes and of time. */
#ifndef A2A_STREAM_H
#define A2A_STREAM_H

#include <stdint.h>

#include "secret.h"

/* The moment, in milliseconds of CLOCK_MONOTONIC, that is `seconds` from now; 0: never. */
int64_t a2a_deadline(unsigned seconds);
bool a2a_deadline_is_over(int64_t deadline);

/*
 * Reads a pipe, socket or file up to its end into `input`, which must own nothing yet; release it
 * with a2a_secret_wipe(), also after a failure. Returns NULL, or in English why it failed: there
 * are more than `most` bytes, the end does not come before the deadline, memory is out, an error.
 */
const char *a2a_stream_read(int fd, size_t most, int64_t deadline, struct secret *input);

#endif
