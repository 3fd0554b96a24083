/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 30 };

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

void bar_draw(struct bar *bar, const char *label, double done)
{
	static const char full[WIDTH + 1] = "##############################";
	const int percent = (int)(fmin(done, 1) * 100);

	if (!bar->is_shown ||
		(percent == bar->percent && bar->is_drawn && seconds_since(&bar->drawn) < 0.2))
		return;
	bar->percent = percent;
	bar->is_drawn = true;
	clock_gettime(CLOCK_MONOTONIC, &bar->drawn);
	fprintf(stderr, "\r[%-*.*s] %3d %% %s\033[K", WIDTH, percent * WIDTH / 100, full, percent,
		label);
}

void bar_count(struct bar *bar, const char *things, size_t count, double done)
{
	char label[96];
	double seconds;

	if (!bar->is_shown)
		return;
	if (!bar->begun.tv_sec)
		clock_gettime(CLOCK_MONOTONIC, &bar->begun);
	seconds = seconds_since(&bar->begun);
	if (done > 0 && seconds > 1)
		snprintf(label, sizeof(label), "%zu %s, %.1f a second, %.0f s left", count, things,
			(double)count / seconds, seconds / done * (1 - done));
	else
		snprintf(label, sizeof(label), "%zu %s", count, things);
	bar_draw(bar, label, done);
}

void bar_clear(struct bar *bar)
{
	if (bar->is_drawn)
		fputs("\r\033[K", stderr);
	bar->is_drawn = false;
}
