/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "address.h"

#include <stdio.h>
#include <string.h>

bool a2a_is_mail_address(const char *text)
{
	/* Less than RFC 5322 allows. A comma would begin another address; a mail program may take
	 * | / % ! for a command, a file or a route; not every server takes bytes outside of ASCII.
	 */
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._+=@-";
	const char *at = strchr(text, '@');

	return *text && *text != '-' && *text != '@' && !text[strspn(text, allowed)] &&
	       (!at || (at[1] && !strchr(at + 1, '@')));
}

bool a2a_is_full_mail_address(const char *text)
{
	return a2a_is_mail_address(text) && strchr(text, '@');
}

bool a2a_is_page_address(const char *text)
{
	if (strncmp(text, "https://", 8) != 0)
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text >= 127 || strchr("<>\"", *text))
			return false;
	return true;
}

char *a2a_mail_address(const char *user, const char *domain)
{
	char *address = NULL;

	if (!domain || strchr(user, '@'))
		return strdup(user);
	return asprintf(&address, "%s@%s", user, domain) < 0 ? NULL : address;
}
