/* SPDX-License-Identifier: BSD-3-Clause */
/* Dates and sizes in each language, without a locale. */
#ifndef A2A_SHEET_WORDING_H
#define A2A_SHEET_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "language.h"

/* Returns the date in local time, such as "22 novembre 2026", or NULL when there is no such day or
 * memory is out. Release with free(). */
char *sheet_date(enum a2a_language language, time_t when);

/*
 * Returns a number of megabytes with its unit, separated by a no-break space: "25 Mo", "1,5 Go" for
 * 1536; "" for 0. Sizes that are not a multiple of half a gigabyte stay in megabytes, so that they
 * are exact. Returns NULL when memory is out. Release with free().
 */
char *sheet_size(enum a2a_language language, int64_t megabytes);

#endif
