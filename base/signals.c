/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "signals.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static const int numbers[] = {SIGXFSZ, SIGPIPE};

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

void a2a_signals_hold(struct a2a_held_signals *held)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < NUMBERS; i++)
		sigaddset(&set, numbers[i]);
	sigpending(&held->pending);
	held->is_held = pthread_sigmask(SIG_BLOCK, &set, &held->mask) == 0;
}

void a2a_signals_release(struct a2a_held_signals *held)
{
	const struct timespec at_once = {0, 0};
	const int error = errno;
	sigset_t pending, one;

	if (!held->is_held)
		return;
	sigpending(&pending);
	for (size_t i = 0; i < NUMBERS; i++) {
		/* One that was pending before belongs to the program. */
		if (!sigismember(&pending, numbers[i]) || sigismember(&held->pending, numbers[i]))
			continue;
		sigemptyset(&one);
		sigaddset(&one, numbers[i]);
		sigtimedwait(&one, NULL, &at_once);
	}
	pthread_sigmask(SIG_SETMASK, &held->mask, NULL);
	held->is_held = false;
	errno = error;
}
