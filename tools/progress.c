/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

enum { MOST_BAR = 30, LEAST_BAR = 10, AROUND_BAR = 9, UNKNOWN = -1 };

/* Seconds. Shorter work needs no bar, and does not allow an estimate of the time that is left. */
static const double QUICK = 1;

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

bool bar_is_possible(void)
{
	return terminal_is_capable(STDERR_FILENO);
}

/* ", 45 s left", ", 13 min 20 s left", ", 2 h 5 min left" */
static void write_left(double seconds, char text[static 48])
{
	const unsigned long whole = seconds < 1e6 ? (unsigned long)ceil(seconds) : 1000000;

	if (whole < 60)
		snprintf(text, 48, ", %lu s left", whole);
	else if (whole < 3600)
		snprintf(text, 48, ", %lu min %lu s left", whole / 60, whole % 60);
	else
		snprintf(text, 48, ", %lu h %lu min left", whole / 3600, whole / 60 % 60);
}

/* Draws the line again, in the width of the terminal, where a longer one would go on in the next
 * line and could not be removed. Of the label, its end gives way. */
static void draw(int percent, const char *label, const char *left)
{
	static const char full[MOST_BAR + 1] = "##############################";
	/* The last column stays empty: some terminals begin a line behind it. */
	const size_t columns = terminal_width(STDERR_FILENO) - 1, behind = strlen(left);
	const int bar = columns >= 70 ? MOST_BAR : LEAST_BAR;
	size_t room = columns, fitting;

	if (percent == UNKNOWN) {
		fputs("\r", stderr);
	} else {
		fprintf(stderr, "\r[%-*.*s] %3d %% ", bar, percent * bar / 100, full, percent);
		room = columns > (size_t)bar + AROUND_BAR ? columns - (size_t)bar - AROUND_BAR : 0;
	}
	fitting = text_fit(label, strlen(label), room > behind ? room - behind : 0);
	/* What is cut is cut behind a comma, or between two words. */
	if (label[fitting]) {
		const char *comma = memrchr(label, ',', fitting);

		if (comma)
			fitting = (size_t)(comma - label);
		while (!comma && fitting && label[fitting] != ' ')
			fitting--;
	}
	fprintf(stderr, "%.*s%s\033[K", (int)fitting, label,
		behind > room ? "" : left + (fitting ? 0 : strspn(left, ", ")));
}

void bar_draw(struct bar *bar, const char *label, double done)
{
	const int percent = done < 0 ? UNKNOWN : (int)(fmin(done, 1) * 100);
	char *printable, left[48] = "";
	double seconds;

	if (!bar->is_shown)
		return;
	if (!bar->begun.tv_sec)
		clock_gettime(CLOCK_MONOTONIC, &bar->begun);
	seconds = seconds_since(&bar->begun);
	if (seconds < QUICK)
		return;
	if (percent == bar->percent && bar->is_drawn && seconds_since(&bar->drawn) < 0.2)
		return;
	bar->percent = percent;
	bar->is_drawn = true;
	clock_gettime(CLOCK_MONOTONIC, &bar->drawn);
	if (done > bar->done_before && done < 1)
		write_left(seconds / (done - bar->done_before) * (1 - done), left);
	printable = text_printable(label);
	draw(percent, printable, left);
	free(printable);
}

void bar_count(struct bar *bar, const char *thing, size_t count, double done)
{
	char label[128];

	snprintf(label, sizeof(label), "%zu %s%s", count, thing, count == 1 ? "" : "s");
	bar_draw(bar, label, done > 0 ? done : UNKNOWN);
}

void bar_clear(struct bar *bar)
{
	if (bar->is_drawn)
		fputs("\r\033[K", stderr);
	bar->is_drawn = false;
}
