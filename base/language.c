/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "language.h"

#include <string.h>
#include <strings.h>

enum { TAG = 2 }; /* letters of a tag */

static const char tags[A2A_LANGUAGES][TAG + 1] = {
	[A2A_FRENCH] = "fr",
	[A2A_DUTCH] = "nl",
	[A2A_GERMAN] = "de",
	[A2A_ENGLISH] = "en",
};

const char *a2a_language_tag(enum a2a_language language)
{
	return tags[language];
}

enum a2a_language a2a_language_find(const char *tag)
{
	size_t language = 0;

	if (!tag || strcspn(tag, "_.@-") != TAG)
		return A2A_LANGUAGES;
	while (language < A2A_LANGUAGES && strncasecmp(tags[language], tag, TAG) != 0)
		language++;
	return (enum a2a_language)language;
}

bool a2a_language_is_tag(const char *text)
{
	const enum a2a_language language = a2a_language_find(text);

	return language < A2A_LANGUAGES && strcmp(tags[language], text) == 0;
}

size_t a2a_language_plural(enum a2a_language language, int64_t number)
{
	return language == A2A_FRENCH ? number > 1 : number != 1;
}

const char *a2a_language_list(char text[static A2A_LANGUAGE_LIST_SIZE])
{
	char *end = text;

	for (size_t i = 0; i < A2A_LANGUAGES; i++) {
		if (i)
			*end++ = ' ';
		end = stpcpy(end, tags[i]);
	}
	return text;
}
