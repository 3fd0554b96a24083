/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "address.h"

#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* RFC 5321, section 4.5.3.1, in bytes. An address has 256 with the < and > around it. */
enum { MOST_USER = 64, MOST_ADDRESS = 254 };

/*
 * Less than RFC 5322 allows in front of the @. A mail program may take | / % ! for a command, a
 * file or a route, and a shell knows # $ * ? ^ ` { } ~; not every server takes bytes outside of
 * ASCII.
 */
static const char user_bytes[] = LETTERS DIGITS "._+=-'&";

/* ---- Hosts ----------------------------------------------------------------------------------- */

bool a2a_is_host_name(const char *name, size_t length)
{
	const char *end = name + length;

	if (length > 253)
		return false;
	for (;; name++) {
		size_t label = strspn(name, LETTERS DIGITS "-");

		if (name + label > end)
			label = (size_t)(end - name);
		if (!label || label > 63 || *name == '-' || name[label - 1] == '-')
			return false;
		name += label;
		if (name == end)
			return true;
		if (*name != '.')
			return false;
	}
}

char *a2a_host_name_in_ascii(const char *name)
{
	char *found = NULL, *copy = NULL;

	if (idn2_to_ascii_8z(name, &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
		a2a_is_host_name(found, strlen(found)))
		copy = strdup(found);
	idn2_free(found);
	return copy;
}

/* ---- Mail ------------------------------------------------------------------------------------ */

/* Returns NULL if the bytes can stand in front of the @; otherwise what is wrong with them. */
static const char *user_problem(const char *user, size_t length)
{
	if (!length)
		return "there is nothing in front of the @";
	if (length > MOST_USER)
		return "more than 64 bytes are in front of the @";
	if (strspn(user, user_bytes) < length)
		return "in front of the @ may be letters without accents, digits and . _ + = - ' &";
	if (*user == '-')
		return "a program may take it for an option: it begins with -";
	if (*user == '.' || user[length - 1] == '.' || memmem(user, length, "..", 2))
		return "a full stop is first or last in front of the @, or follows another one";
	return NULL;
}

bool a2a_is_mail_address(const char *text)
{
	return strchr(text, '@') ? a2a_is_full_mail_address(text)
				 : !user_problem(text, strlen(text));
}

/* Returns NULL if a text is USER@DOMAIN; otherwise what is wrong with it. `*domain` becomes what is
 * behind the @ if only that is wrong, otherwise NULL. */
static const char *full_problem(const char *text, const char **domain)
{
	const char *at = strchr(text, '@');
	const char *problem = at ? user_problem(text, (size_t)(at - text)) : NULL;

	*domain = NULL;
	if (!at)
		return "there is no @ in it";
	if (strchr(at + 1, '@'))
		return "there is more than one @ in it";
	if (problem)
		return problem;
	if (!at[1])
		return "there is no domain behind the @";
	if (strlen(text) > MOST_ADDRESS)
		return "it is longer than 254 bytes";
	if (a2a_is_host_name(at + 1, strlen(at + 1)))
		return NULL;
	*domain = at + 1;
	return "a domain is letters, digits, hyphens and full stops, as in example.org";
}

bool a2a_is_full_mail_address(const char *text)
{
	const char *domain;

	return !full_problem(text, &domain);
}

char *a2a_mail_address_problem(const char *text)
{
	const char *domain;
	const char *problem = full_problem(text, &domain);
	char *ascii = domain ? a2a_host_name_in_ascii(domain) : NULL;
	char *sentence = NULL;
	int length;

	if (!problem)
		return NULL;
	if (ascii)
		length = asprintf(&sentence,
			"\"%s\" is no mail address: write its domain as mail servers know it, %s",
			text, ascii);
	else
		length = asprintf(&sentence, "\"%s\" is no mail address: %s", text, problem);
	free(ascii);
	return length < 0 ? strdup("") : sentence;
}

char *a2a_mail_address(const char *user, const char *domain)
{
	char *address = NULL;

	if (!domain || strchr(user, '@'))
		return strdup(user);
	return asprintf(&address, "%s@%s", user, domain) < 0 ? NULL : address;
}

/* ---- Pages ----------------------------------------------------------------------------------- */

bool a2a_is_page_address(const char *text)
{
	static const char scheme[] = "https://";
	const char *host = text + sizeof(scheme) - 1;
	size_t length;

	if (strncmp(text, scheme, sizeof(scheme) - 1) != 0)
		return false;
	length = strcspn(host, ":/?#");
	if (!a2a_is_host_name(host, length))
		return false;
	host += length;
	if (*host == ':') {
		char port[6];
		int64_t number;

		length = strspn(++host, DIGITS);
		if (length >= sizeof(port))
			return false;
		memcpy(port, host, length);
		port[length] = '\0';
		if (!a2a_number_parse(port, 1, 65535, &number))
			return false;
		host += length;
	}
	if (*host && !strchr("/?#", *host))
		return false;
	return host[strspn(host, LETTERS DIGITS "-._~:/?#[]@!$&'()*+,;=%")] == '\0';
}
