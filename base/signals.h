/* SPDX-License-Identifier: BSD-3-Clause */
/* Keeps the signals that a write of ours can raise away from the program that has loaded us. */
#ifndef A2A_SIGNALS_H
#define A2A_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* What the calling thread had before. */
struct a2a_held_signals {
	sigset_t mask, pending;
	bool is_held;
};

/*
 * Blocks SIGXFSZ (a write beyond RLIMIT_FSIZE) and SIGPIPE in the calling thread alone; the write
 * then fails with EFBIG or EPIPE. The dispositions of the program and its other threads stay as
 * they are.
 */
void a2a_signals_hold(struct a2a_held_signals *held);

/* Discards the ones that were raised since a2a_signals_hold(), and restores the thread's mask.
 * Keeps errno. */
void a2a_signals_release(struct a2a_held_signals *held);

#endif
