/* SPDX-License-Identifier: BSD-3-Clause */
/* A bar on standard error that shows how far a long work is. */
#ifndef A2A_PROGRESS_H
#define A2A_PROGRESS_H

#include <stdbool.h>
#include <time.h>

/* All zero but `is_shown`: whether standard error is a terminal. */
struct bar {
	bool is_shown, is_drawn;
	int percent;
	struct timespec drawn;
};

/* Draws it for a share from 0 to 1, if there is something new to show: another percent, or a fifth
 * of a second later. */
void bar_draw(struct bar *bar, const char *label, double done);

/* Before anything else is said. */
void bar_clear(struct bar *bar);

#endif
