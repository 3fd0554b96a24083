/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that work on jobs side by side, and give them back in the order in which they came. */
#ifndef A2A_POOL_H
#define A2A_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct a2a_pool;

/* How many processors this process may run on; at least 1. */
unsigned a2a_processors(void);

/*
 * Starts `threads` of them, which call work(context, job) for each job. At most `window` jobs are
 * in the pool at a time. Returns NULL, with errno, when that cannot be had. Release with
 * a2a_pool_free() when no job is in it any more.
 */
struct a2a_pool *a2a_pool_new(
	unsigned threads, size_t window, void (*work)(void *context, void *job), void *context);
void a2a_pool_free(struct a2a_pool *pool);

bool a2a_pool_is_full(const struct a2a_pool *pool);

/* Gives a job to a pool that is not full. To be called, as a2a_pool_take(), by one thread only. */
void a2a_pool_give(struct a2a_pool *pool, void *job);

/* Whether a2a_pool_take() has one without waiting. */
bool a2a_pool_is_ready(struct a2a_pool *pool);

/* Waits for the job that was given first, and takes it back. NULL when there is none. */
void *a2a_pool_take(struct a2a_pool *pool);

#endif
