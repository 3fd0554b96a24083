/* SPDX-License-Identifier: BSD-3-Clause */
/* Work that several threads share. */
#ifndef A2A_JOBS_H
#define A2A_JOBS_H

#include <stddef.h>

/*
 * Calls `work` with `context` in `jobs` threads at once, of which the caller's is one, and returns
 * when all of them have returned. 0 jobs: one for each processor that the program may use. There
 * are at most `most` threads, and only the caller's if no other can be started; `work` takes its
 * share from `context` until nothing is left. The stacks of the other threads are cleared, since
 * the work may be on passwords.
 */
void a2a_run_jobs(unsigned jobs, size_t most, void *(*work)(void *context), void *context);

#endif
