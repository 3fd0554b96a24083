/* SPDX-License-Identifier: BSD-3-Clause */
/* Replaces libc's time(): it is a minute later. A password change waits for a dictionary that has
 * just been written, since it may be half of an upgrade; a test that damages a dictionary five
 * hundred times must not wait each time. An executable that loads the module must be linked with
 * export_dynamic. */
#define _GNU_SOURCE
#include <time.h>

time_t time(time_t *result)
{
	enum { LATER = 60 }; /* seconds */
	struct timespec now;
	time_t later;

	clock_gettime(CLOCK_REALTIME, &now);
	later = now.tv_sec + LATER;
	if (result)
		*result = later;
	return later;
}
