/* SPDX-License-Identifier: BSD-3-Clause */
/* Running another program and waiting for its end. */
#ifndef A2A_PROCESS_H
#define A2A_PROCESS_H

#include "secret.h"

/* A program to run. What is left zero has the meaning that is said of 0 or NULL. */
struct a2a_process {
	const char *const *arguments; /* the program's absolute path, its arguments, NULL */
	const char *input;            /* its standard input; NULL: /dev/null */
	size_t input_length;          /* in bytes */
	struct secret *output;        /* receives its standard output; NULL: that is the caller's */
	size_t most_output;           /* bytes that `output` may get */
	unsigned seconds;             /* after which it is killed; 0: never */
};

/*
 * Runs the program and waits for its end. Its environment is PATH and LC_ALL=C.UTF-8; the signals
 * that the caller ignores or handles have their default action again; standard error is the
 * caller's; no other descriptor is open. Signals that the caller blocks stay blocked, so that an
 * interrupt which must not end the caller's work does not end this part of it either.
 *
 * Returns NULL, and the exit status in `*status`; or in English why there is none: the program
 * cannot be started, was killed by a signal or at the time limit, or writes too much. It has ended
 * in any case. `output` must own nothing yet; release it with a2a_secret_wipe(). The caller must
 * not ignore SIGCHLD: the kernel then keeps no exit status.
 */
const char *a2a_process_run(const struct a2a_process *process, int *status);

#endif
