/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "pool.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

unsigned a2a_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned)CPU_COUNT(&set);
}

struct slot {
	void *job;
	bool is_done;
};

/* A ring of jobs: [taken, begun) are in work or done, [begun, given) are waiting. */
struct a2a_pool {
	pthread_mutex_t mutex;
	pthread_cond_t work_there, job_done;
	struct slot *slot;
	size_t window, taken, begun, given;
	bool is_over;
	void (*work)(void *context, void *job);
	void *context;
	pthread_t *thread;
	unsigned threads;
};

static void *run(void *argument)
{
	struct a2a_pool *pool = argument;

	pthread_mutex_lock(&pool->mutex);
	for (;;) {
		struct slot *slot;

		while (pool->begun == pool->given && !pool->is_over)
			pthread_cond_wait(&pool->work_there, &pool->mutex);
		if (pool->begun == pool->given)
			break;
		slot = &pool->slot[pool->begun++ % pool->window];
		pthread_mutex_unlock(&pool->mutex);
		pool->work(pool->context, slot->job);
		pthread_mutex_lock(&pool->mutex);
		slot->is_done = true;
		pthread_cond_signal(&pool->job_done);
	}
	pthread_mutex_unlock(&pool->mutex);
	return NULL;
}

struct a2a_pool *a2a_pool_new(
	unsigned threads, size_t window, void (*work)(void *context, void *job), void *context)
{
	struct a2a_pool *pool = calloc(1, sizeof(*pool));
	int error = 0;

	if (!pool)
		return NULL;
	pool->work = work;
	pool->context = context;
	pool->window = window;
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_cond_init(&pool->work_there, NULL);
	pthread_cond_init(&pool->job_done, NULL);
	pool->slot = calloc(window, sizeof(*pool->slot));
	pool->thread = calloc(threads, sizeof(*pool->thread));
	if (!pool->slot || !pool->thread)
		error = ENOMEM;
	while (!error && pool->threads < threads) {
		error = pthread_create(&pool->thread[pool->threads], NULL, run, pool);
		pool->threads += !error;
	}
	/* Fewer threads than requested do the same work, but more slowly. */
	if (pool->threads)
		return pool;
	a2a_pool_free(pool);
	errno = error;
	return NULL;
}

void a2a_pool_free(struct a2a_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->mutex);
	pool->is_over = true;
	pthread_cond_broadcast(&pool->work_there);
	pthread_mutex_unlock(&pool->mutex);
	for (unsigned i = 0; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	pthread_cond_destroy(&pool->job_done);
	pthread_cond_destroy(&pool->work_there);
	pthread_mutex_destroy(&pool->mutex);
	free(pool->thread);
	free(pool->slot);
	free(pool);
}

bool a2a_pool_is_full(const struct a2a_pool *pool)
{
	return pool->given - pool->taken == pool->window;
}

void a2a_pool_give(struct a2a_pool *pool, void *job)
{
	pthread_mutex_lock(&pool->mutex);
	pool->slot[pool->given++ % pool->window] = (struct slot){.job = job};
	pthread_cond_signal(&pool->work_there);
	pthread_mutex_unlock(&pool->mutex);
}

bool a2a_pool_is_ready(struct a2a_pool *pool)
{
	bool is_ready;

	if (pool->taken == pool->given)
		return false;
	pthread_mutex_lock(&pool->mutex);
	is_ready = pool->slot[pool->taken % pool->window].is_done;
	pthread_mutex_unlock(&pool->mutex);
	return is_ready;
}

void *a2a_pool_take(struct a2a_pool *pool)
{
	struct slot *slot;

	if (pool->taken == pool->given)
		return NULL;
	pthread_mutex_lock(&pool->mutex);
	slot = &pool->slot[pool->taken % pool->window];
	while (!slot->is_done)
		pthread_cond_wait(&pool->job_done, &pool->mutex);
	pool->taken++;
	pthread_mutex_unlock(&pool->mutex);
	return slot->job;
}
