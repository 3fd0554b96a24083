/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For measure/leaks, measure/fetch and tests/leaks/fetch.sh: makes lists like those of the service
 * from a seed, and asks filters.
 *
 *   leak_lists list ENTRIES SEED [MOST]
 *       a sorted list of about this many hashes with counts; only the first MOST of them
 *
 *   leak_lists ranges ENTRIES SEED FOLDER COUNT
 *       the first COUNT ranges of such a list, each in its file of the folder, as the service sends
 *       them
 *
 *   leak_lists any COUNT SEED
 *       hashes that are evenly drawn, in no order
 *
 *   leak_lists warm FILTER COUNT SEED
 *       nanoseconds of a look-up
 *
 *   leak_lists cold FILTER COUNT SEED
 *       microseconds of a look-up with a cold cache, and the bytes that it reads, with the opening:
 *       medians
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "leaks.h"

/* SplitMix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static char *put_hex(char *at, uint64_t value, int digits)
{
	for (int i = digits - 1; i >= 0; i--)
		*at++ = "0123456789ABCDEF"[value >> 4 * i & 15];
	return at;
}

static char *put_hash(char *at, uint64_t hash, uint64_t *state)
{
	at = put_hex(at, hash, 16);
	at = put_hex(at, next(state), 16);
	return put_hex(at, next(state), 8);
}

/* Half of them leaked once, and each three times as often half as many. */
static unsigned draw_count(uint64_t *state)
{
	uint64_t bits = next(state);
	unsigned count = 1;

	for (; bits & 1 && count < 1000000; bits >>= 1)
		count = 3 * count + (unsigned)(bits >> 1 & 1);
	return count;
}

/* The next hash of a sorted list. Returns false at its end. */
static bool draw_hash(double entries, double *place, uint64_t *state, uint64_t *hash)
{
	/* The gaps of what is evenly drawn and sorted are exponential. */
	*place -= log(ldexp((double)(next(state) >> 11) + 0.5, -53)) * ldexp(1, 64) / entries;
	*hash = (uint64_t)*place;
	return *place < ldexp(1, 64) - 4096;
}

static void make_list(double entries, uint64_t state, uint64_t most)
{
	double place = 0;
	char line[64];
	uint64_t hash;

	for (uint64_t i = 0; i < most && draw_hash(entries, &place, &state, &hash); i++) {
		char *end = put_hash(line, hash, &state);

		end += sprintf(end, ":%u\n", draw_count(&state));
		if (fwrite(line, 1, (size_t)(end - line), stdout) != (size_t)(end - line))
			err(1, "standard output");
	}
}

/* The last line has no end. */
static void make_ranges(double entries, uint64_t state, const char *folder, uint64_t count)
{
	enum { PREFIX = 5, PREFIX_SHIFT = 64 - 4 * PREFIX };
	double place = 0;
	char line[64], path[PATH_MAX];
	uint64_t range = count, hash;
	FILE *file = NULL;

	while (draw_hash(entries, &place, &state, &hash) && hash >> PREFIX_SHIFT < count) {
		put_hash(line, hash, &state);
		if (hash >> PREFIX_SHIFT != range) {
			range = hash >> PREFIX_SHIFT;
			if (file && fclose(file))
				err(1, "%s", path);
			snprintf(path, sizeof(path), "%s/%05" PRIX64, folder, range);
			file = fopen(path, "we");
			if (!file)
				err(1, "%s", path);
		} else {
			fputs("\r\n", file);
		}
		fprintf(file, "%.*s:%u", 40 - PREFIX, line + PREFIX, draw_count(&state));
	}
	if (file && fclose(file))
		err(1, "%s", path);
}

static void make_any(uint64_t count, uint64_t state)
{
	char line[64];

	for (uint64_t i = 0; i < count; i++) {
		char *end = put_hash(line, next(&state), &state);

		*end++ = '\n';
		if (fwrite(line, 1, (size_t)(end - line), stdout) != (size_t)(end - line))
			err(1, "standard output");
	}
}

static double microseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void open_filter(struct a2a_leaks *leaks, const char *path)
{
	int error;
	const char *wrong = a2a_leaks_open(leaks, path, NULL, &error);

	if (wrong)
		errx(1, "%s %s", path, wrong);
}

static bool find(const struct a2a_leaks *leaks, uint64_t hash)
{
	const enum a2a_leaks_answer answer = a2a_leaks_find(leaks, hash, NULL);

	if (answer > A2A_LEAKS_PRESENT)
		errx(1, "no answer");
	return answer == A2A_LEAKS_PRESENT;
}

static void ask_warm(const char *path, uint64_t count, uint64_t state)
{
	struct a2a_leaks leaks;
	uint64_t found = 0;
	double start, cpu;

	open_filter(&leaks, path);
	/* All of it into memory. */
	posix_fadvise(leaks.descriptor, 0, 0, POSIX_FADV_NORMAL);
	for (uint64_t place = 0; place < leaks.format.size;) {
		static char page[1 << 16];
		const ssize_t got = pread(leaks.descriptor, page, sizeof(page), (off_t)place);

		if (got <= 0)
			err(1, "%s", path);
		place += (uint64_t)got;
	}
	start = microseconds(CLOCK_MONOTONIC);
	cpu = microseconds(CLOCK_PROCESS_CPUTIME_ID);
	for (uint64_t i = 0; i < count; i++)
		found += find(&leaks, next(&state));
	cpu = microseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("%.0f ns (%.0f of CPU), %" PRIu64 " of %" PRIu64 " found\n",
		(microseconds(CLOCK_MONOTONIC) - start) * 1e3 / (double)count,
		cpu * 1e3 / (double)count, found, count);
	a2a_leaks_close(&leaks);
}

static int compare(const void *one, const void *other)
{
	const double *first = one, *second = other;

	return (*first > *second) - (*first < *second);
}

/* What the process has had read from a disk, in bytes. */
static double read_bytes(void)
{
	FILE *file = fopen("/proc/self/io", "re");
	char line[128];
	double bytes = 0;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "read_bytes: %lf", &bytes);
	if (file)
		fclose(file);
	return bytes;
}

static void ask_cold(const char *path, size_t count, uint64_t state)
{
	double *time = calloc(count, sizeof(*time)), *read = calloc(count, sizeof(*read));

	if (!time || !read)
		err(1, NULL);
	for (size_t i = 0; i < count; i++) {
		const int file = open(path, O_RDONLY | O_CLOEXEC);
		struct a2a_leaks leaks;
		double start, before;

		if (file < 0 || fsync(file) || posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED))
			err(1, "%s", path);
		close(file);
		before = read_bytes();
		start = microseconds(CLOCK_MONOTONIC);
		open_filter(&leaks, path);
		find(&leaks, next(&state));
		time[i] = microseconds(CLOCK_MONOTONIC) - start;
		read[i] = read_bytes() - before;
		a2a_leaks_close(&leaks);
	}
	qsort(time, count, sizeof(*time), compare);
	qsort(read, count, sizeof(*read), compare);
	printf("%.0f us, %.0f bytes\n", time[count / 2], read[count / 2]);
	free(time);
	free(read);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc >= 4 && strcmp(what, "list") == 0)
		make_list(strtod(argv[2], NULL), strtoull(argv[3], NULL, 10),
			argc > 4 ? strtoull(argv[4], NULL, 10) : UINT64_MAX);
	else if (argc == 6 && strcmp(what, "ranges") == 0)
		make_ranges(strtod(argv[2], NULL), strtoull(argv[3], NULL, 10), argv[4],
			strtoull(argv[5], NULL, 10));
	else if (argc == 4 && strcmp(what, "any") == 0)
		make_any(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
	else if (argc == 5 && strcmp(what, "warm") == 0)
		ask_warm(argv[2], strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
	else if (argc == 5 && strcmp(what, "cold") == 0)
		ask_cold(argv[2], (size_t)strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
	else
		errx(2, "measure/leak_lists.c says what the arguments are");
	return fflush(stdout) ? 1 : 0;
}
