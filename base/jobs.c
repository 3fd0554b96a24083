/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "jobs.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

void a2a_run_jobs(unsigned jobs, size_t most, void *(*work)(void *context), void *context)
{
	size_t wanted = jobs ? jobs : processors(), started = 0;
	pthread_t *threads;

	if (wanted > most)
		wanted = most;
	threads = wanted > 1 ? calloc(wanted - 1, sizeof(*threads)) : NULL;
	while (threads && started + 1 < wanted &&
		pthread_create(&threads[started], NULL, work, context) == 0)
		started++;
	work(context);
	while (started)
		pthread_join(threads[--started], NULL);
	free(threads);
}
