/* SPDX-License-Identifier: BSD-3-Clause */
/* A progress bar on standard error. */
#ifndef A2A_PROGRESS_H
#define A2A_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* All zero but `is_shown`, which is bar_is_possible() or false. */
struct bar {
	bool is_shown, is_drawn;
	int percent;
	struct timespec drawn;
	struct timespec begun; /* the time of the first call of bar_count() */
};

/* Tells whether standard error is a terminal on which a line can be drawn again. */
bool bar_is_possible(void);

/* Draws the bar for a share from 0 to 1, or the label alone if it is less than 0. Does nothing when
 * the percentage is the same as a fifth of a second ago. */
void bar_draw(struct bar *bar, const char *label, double done);

/* Does the same with a label of its own: the number of things (`thing` and an s), and the time
 * left. Draws nothing in the first second. A share of 0 is one that is not known. */
void bar_count(struct bar *bar, const char *thing, size_t count, double done);

/* Removes the bar from the terminal. Call this before you print anything else there. */
void bar_clear(struct bar *bar);

#endif
