/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "jobs.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "secret.h"

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* What one thread of several does. */
struct job {
	void *(*work)(void *context);
	void *context;
};

/* Libraries leave copies of passwords on the stack, and libc gives it to another thread later. */
static void *run(void *context)
{
	const struct job *job = context;

	job->work(job->context);
	a2a_secret_clear_stack();
	return NULL;
}

/* Starts a thread whose stack is larger than what a2a_secret_clear_stack() clears. */
static bool start(pthread_t *thread, struct job *job)
{
	enum { STACK = 2 << 20 };
	pthread_attr_t attributes;
	bool started;

	if (pthread_attr_init(&attributes))
		return false;
	started = pthread_attr_setstacksize(&attributes, STACK) == 0 &&
		  pthread_create(thread, &attributes, run, job) == 0;
	pthread_attr_destroy(&attributes);
	return started;
}

void a2a_run_jobs(unsigned jobs, size_t most, void *(*work)(void *context), void *context)
{
	struct job job = {work, context};
	size_t wanted = jobs ? jobs : processors(), started = 0;
	pthread_t *threads;

	if (wanted > most)
		wanted = most;
	threads = wanted > 1 ? calloc(wanted - 1, sizeof(*threads)) : NULL;
	while (threads && started + 1 < wanted && start(&threads[started], &job))
		started++;
	work(context);
	while (started)
		pthread_join(threads[--started], NULL);
	free(threads);
}
