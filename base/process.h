/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs another program and waits for its end. */
#ifndef A2A_PROCESS_H
#define A2A_PROCESS_H

#include <stddef.h>

/*
 * Runs the program `arguments[0]` (an absolute path; the array ends with NULL) and waits for its
 * end, however long that takes. `input` is its standard input, `length` bytes; NULL: /dev/null. Its
 * standard output and standard error are the caller's; no other descriptor is open. Its environment
 * is PATH and LC_ALL=C.UTF-8. The signals that the caller ignores or handles have their default
 * action again. The signals that the caller blocks stay blocked: an interrupt that must not end the
 * caller's work must not end this part of it either.
 *
 * Returns NULL, and the exit status in `*status`. Otherwise returns in English why there is no exit
 * status, with -1 in `*status`: the program could not be started, or a signal killed it. The caller
 * must not ignore SIGCHLD: the kernel then keeps no exit status.
 */
const char *a2a_process_run(
	const char *const *arguments, const char *input, size_t length, int *status);

#endif
