/* SPDX-License-Identifier: BSD-3-Clause */
/* What a program that runs as root for an intruder does before anything else. */
#ifndef A2A_START_H
#define A2A_START_H

#include <stdbool.h>

/*
 * Gets rid of everything that comes from the caller but arguments and standard input, output and
 * error: blocks all signals, for good; sets their dispositions, the timers, the environment, the
 * descriptors, the folder and, as root, the limits to fixed values; leaves the caller's session,
 * and with it the terminal. Leaving may need a process of its own: the first one then waits for the
 * end of the second, with whose exit status it ends, or with `broken` when there is none.
 *
 * Returns NULL, or in English what failed, and the program must then end. That is the case where
 * root may not raise a limit that is too low: the caller would choose where a file ends.
 */
const char *a2a_start_clean(int broken);

/*
 * Has the kernel end the process after so many seconds by SIGKILL, since every other signal is
 * blocked; 0: no longer. Returns false on failure.
 */
bool a2a_end_within(unsigned seconds);

#endif
