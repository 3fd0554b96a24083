/* SPDX-License-Identifier: BSD-3-Clause */
/* A progress bar on standard error. */
#ifndef A2A_PROGRESS_H
#define A2A_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* All zero but `is_shown`, which is bar_is_possible() or false, and `done_before`. For other work,
 * set `begun` to zero again: the time that is left is reckoned from there. */
struct bar {
	bool is_shown, is_drawn;
	int percent;
	struct timespec drawn;
	struct timespec begun; /* the time of the first call */
	double done_before;    /* the share that was done before, which took no time of this one */
};

/* Tells whether standard error is a terminal on which a line can be drawn again. */
bool bar_is_possible(void);

/*
 * Draws a bar for a share from 0 to 1, with the label and the time that is left; or the label alone
 * if the share is less than 0, which is one that is not known. Draws nothing in the first second,
 * nor when the percentage is the same as a fifth of a second ago. Call it as often as you like.
 */
void bar_draw(struct bar *bar, const char *label, double done);

/* Does the same for a number of things (`thing` and an s). A share of 0 is not known either. */
void bar_count(struct bar *bar, const char *thing, size_t count, double done);

/* Removes the bar from the terminal. Call this before you print anything else there. */
void bar_clear(struct bar *bar);

#endif
