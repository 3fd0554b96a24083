/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "wording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GIGABYTE = 1024 }; /* in megabytes, as Dovecot and Postfix count them */

static const struct {
	const char *first; /* the number of a month's first day */
	const char *day;   /* after the number of any other day */
	const char *mega, *giga;
	char decimal;
	const char *month[12];
} wording[A2A_LANGUAGES] = {
	[A2A_FRENCH] = {"1er", "", "Mo", "Go", ',',
		{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre"}},
	[A2A_DUTCH] = {"1", "", "MB", "GB", ',',
		{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
			"september", "oktober", "november", "december"}},
	[A2A_GERMAN] = {"1.", ".", "MB", "GB", ',',
		{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
			"Oktober", "November", "Dezember"}},
	[A2A_ENGLISH] = {"1", "", "MB", "GB", '.',
		{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"}},
};

/* Returns the language to write in: English if the language has no row of its own. */
static enum a2a_language written(enum a2a_language language)
{
	return wording[language].mega ? language : A2A_ENGLISH;
}

char *sheet_date(enum a2a_language language, time_t when)
{
	char *text = NULL;
	struct tm day;
	int length;

	language = written(language);
	if (!localtime_r(&when, &day))
		return NULL;
	if (day.tm_mday == 1)
		length = asprintf(&text, "%s %s %d", wording[language].first,
			wording[language].month[day.tm_mon], day.tm_year + 1900);
	else
		length = asprintf(&text, "%d%s %s %d", day.tm_mday, wording[language].day,
			wording[language].month[day.tm_mon], day.tm_year + 1900);
	return length < 0 ? NULL : text;
}

char *sheet_size(enum a2a_language language, int64_t megabytes)
{
	char *text = NULL;
	int length;

	language = written(language);
	if (megabytes <= 0)
		return strdup("");
	if (megabytes < GIGABYTE || megabytes % (GIGABYTE / 2))
		length = asprintf(&text, "%" PRId64 "\u00a0%s", megabytes, wording[language].mega);
	else if (megabytes % GIGABYTE)
		length = asprintf(&text, "%" PRId64 "%c5\u00a0%s", megabytes / GIGABYTE,
			wording[language].decimal, wording[language].giga);
	else
		length = asprintf(
			&text, "%" PRId64 "\u00a0%s", megabytes / GIGABYTE, wording[language].giga);
	return length < 0 ? NULL : text;
}
