/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that work on jobs in parallel, and return them in the order in which they were given. */
#ifndef A2A_POOL_H
#define A2A_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct a2a_pool;

/* Returns the number of processors on which this process may run, at least 1. */
unsigned a2a_processors(void);

/*
 * Starts threads that call work(context, job) for each job. At most `window` jobs are in the pool
 * at a time. Returns NULL, with errno, when no thread can be started. Release with a2a_pool_free()
 * when the pool is empty.
 */
struct a2a_pool *a2a_pool_new(
	unsigned threads, size_t window, void (*work)(void *context, void *job), void *context);
void a2a_pool_free(struct a2a_pool *pool);

bool a2a_pool_is_full(const struct a2a_pool *pool);

/* Adds a job to a pool that is not full. Only one thread may call this and a2a_pool_take(). */
void a2a_pool_give(struct a2a_pool *pool, void *job);

/* Tells whether a2a_pool_take() would return a job without waiting. */
bool a2a_pool_is_ready(struct a2a_pool *pool);

/* Waits for the oldest job, removes it, and returns it; NULL when the pool is empty. */
void *a2a_pool_take(struct a2a_pool *pool);

#endif
