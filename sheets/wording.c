/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GIGABYTE = 1024 }; /* in megabytes, as Dovecot and Postfix count them */

static const struct {
	const char *name;
	const char *first; /* the first of a month */
	const char *day;   /* behind any other day's number */
	const char *mega, *giga;
	char decimal;
	const char *month[12];
} wording[SHEET_LANGUAGES] = {
	[SHEET_FRENCH] = {"fr", "1er", "", "Mo", "Go", ',',
		{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre"}},
	[SHEET_DUTCH] = {"nl", "1", "", "MB", "GB", ',',
		{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
			"september", "oktober", "november", "december"}},
	[SHEET_GERMAN] = {"de", "1.", ".", "MB", "GB", ',',
		{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
			"Oktober", "November", "Dezember"}},
	[SHEET_ENGLISH] = {"en", "1", "", "MB", "GB", '.',
		{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"}},
};

const char *sheet_language_name(enum sheet_language language)
{
	return wording[language].name;
}

enum sheet_language sheet_language_of(const char *tag)
{
	size_t length = tag ? strcspn(tag, "_-.@") : 0;
	size_t i = 0;

	while (i < SHEET_LANGUAGES &&
		(length != strlen(wording[i].name) || strncasecmp(tag, wording[i].name, length)))
		i++;
	return (enum sheet_language)i;
}

char *sheet_date(enum sheet_language language, time_t when)
{
	char *text = NULL;
	struct tm day;
	int length;

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

char *sheet_size(enum sheet_language language, long megabytes)
{
	char *text = NULL;
	int length;

	if (megabytes <= 0)
		return strdup("");
	if (megabytes < GIGABYTE || megabytes % (GIGABYTE / 2))
		length = asprintf(&text, "%ld\u00a0%s", megabytes, wording[language].mega);
	else if (megabytes % GIGABYTE)
		length = asprintf(&text, "%ld%c5\u00a0%s", megabytes / GIGABYTE,
			wording[language].decimal, wording[language].giga);
	else
		length = asprintf(
			&text, "%ld\u00a0%s", megabytes / GIGABYTE, wording[language].giga);
	return length < 0 ? NULL : text;
}
