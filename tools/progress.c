/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 30, UNKNOWN = -1 };

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

bool bar_is_possible(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDERR_FILENO) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

void bar_draw(struct bar *bar, const char *label, double done)
{
	static const char full[WIDTH + 1] = "##############################";
	const int percent = done < 0 ? UNKNOWN : (int)(fmin(done, 1) * 100);

	if (!bar->is_shown ||
		(percent == bar->percent && bar->is_drawn && seconds_since(&bar->drawn) < 0.2))
		return;
	bar->percent = percent;
	bar->is_drawn = true;
	clock_gettime(CLOCK_MONOTONIC, &bar->drawn);
	if (percent == UNKNOWN)
		fprintf(stderr, "\r%s\033[K", label);
	else
		fprintf(stderr, "\r[%-*.*s] %3d %% %s\033[K", WIDTH, percent * WIDTH / 100, full,
			percent, label);
}

/* "45 s", "13 min 20 s", "2 h 5 min" */
static void write_time(double seconds, char text[static 48])
{
	const unsigned long whole = seconds < 1e6 ? (unsigned long)ceil(seconds) : 1000000;

	if (whole < 60)
		snprintf(text, 48, "%lu s", whole);
	else if (whole < 3600)
		snprintf(text, 48, "%lu min %lu s", whole / 60, whole % 60);
	else
		snprintf(text, 48, "%lu h %lu min", whole / 3600, whole / 60 % 60);
}

void bar_count(struct bar *bar, const char *thing, size_t count, double done)
{
	const char *plural = count == 1 ? "" : "s";
	char label[128], left[48];
	double seconds;

	if (!bar->is_shown)
		return;
	if (!bar->begun.tv_sec)
		clock_gettime(CLOCK_MONOTONIC, &bar->begun);
	seconds = seconds_since(&bar->begun);
	/* What is over soon needs no bar, and its first share says little about the time. */
	if (seconds < 1)
		return;
	if (done > 0) {
		write_time(seconds / done * (1 - fmin(done, 1)), left);
		snprintf(label, sizeof(label), "%zu %s%s, %s left", count, thing, plural, left);
	} else {
		snprintf(label, sizeof(label), "%zu %s%s", count, thing, plural);
	}
	bar_draw(bar, label, done > 0 ? done : -1);
}

void bar_clear(struct bar *bar)
{
	if (bar->is_drawn)
		fputs("\r\033[K", stderr);
	bar->is_drawn = false;
}
