/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>
#include <wchar.h>

enum { HIGH = 0x80, REPLACEMENT = 0xFFFD };

/* The names of what is passed on as it is. */
static const char *const same[] = {"UTF-8", "UTF8", "ANSI_X3.4-1968", "US-ASCII", "ASCII"};

/* How to write in ASCII what the texts for users hold, and what is near it. Other letters of
 * Latin-1 lose their accents. */
static const struct {
	uint32_t point;
	const char *ascii;
} substitutes[] = {
	{0x00A0, " "},   /* no-break space */
	{0x00AB, "\""},  /* « */
	{0x00BB, "\""},  /* » */
	{0x00C4, "Ae"},  /* Ä */
	{0x00C6, "AE"},  /* Æ */
	{0x00D6, "Oe"},  /* Ö */
	{0x00DC, "Ue"},  /* Ü */
	{0x00DF, "ss"},  /* ß */
	{0x00E4, "ae"},  /* ä */
	{0x00E6, "ae"},  /* æ */
	{0x00F6, "oe"},  /* ö */
	{0x00FC, "ue"},  /* ü */
	{0x0152, "OE"},  /* Œ */
	{0x0153, "oe"},  /* œ */
	{0x2013, "-"},   /* – */
	{0x2014, "-"},   /* — */
	{0x2018, "'"},   /* ‘ */
	{0x2019, "'"},   /* ’ */
	{0x201A, "'"},   /* ‚ */
	{0x201C, "\""},  /* “ */
	{0x201D, "\""},  /* ” */
	{0x201E, "\""},  /* „ */
	{0x2026, "..."}, /* … */
	{0x202F, " "},   /* narrow no-break space */
	{0x20AC, "EUR"}, /* € */
};

/* The letters from U+00C0 to U+00FF without accents. */
static const char plain[] = "AAAAAAACEEEEIIII?NOOOOOxOUUUUY?s"
			    "aaaaaaaceeeeiiii?nooooo/ouuuuy?y";

/* Reads the character of one byte. Returns false when a character takes more bytes than one. */
static bool read_one(iconv_t conversion, int byte, uint32_t *point)
{
	char in = (char)byte;
	wchar_t out[2] = {0};
	char *from = &in, *to = (char *)out;
	size_t from_left = 1, to_left = sizeof(out);

	*point = 0;
	iconv(conversion, NULL, NULL, NULL, NULL);
	if (iconv(conversion, &from, &from_left, &to, &to_left) == (size_t)-1)
		return byte >= HIGH && errno == EILSEQ; /* EINVAL: the byte begins a character */
	*point = (uint32_t)out[0];
	return to_left == sizeof(out) - sizeof(out[0]);
}

struct a2a_charset a2a_charset_find(const char *name)
{
	struct a2a_charset charset = {.kind = A2A_CHARSET_UTF8};
	iconv_t conversion;

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!name || !*name || strcasecmp(name, same[i]) == 0)
			return charset;
	charset.kind = A2A_CHARSET_OTHER;
	conversion = iconv_open("WCHAR_T", name); /* in glibc and musl, this is UCS-4 */
	if (conversion == (iconv_t)-1)
		return charset;
	charset.kind = A2A_CHARSET_SINGLE;
	for (int byte = 1; byte < 2 * HIGH && charset.kind == A2A_CHARSET_SINGLE; byte++) {
		uint32_t point;

		if (!read_one(conversion, byte, &point) || (byte < HIGH && point != (uint32_t)byte))
			charset.kind = A2A_CHARSET_OTHER;
		if (byte >= HIGH)
			charset.point[byte - HIGH] = point;
	}
	iconv_close(conversion);
	return charset;
}

/* ---- Reading --------------------------------------------------------------------------------- */

bool a2a_charset_read(
	const struct a2a_charset *charset, const struct secret *typed, struct secret *utf8)
{
	if (charset->kind != A2A_CHARSET_SINGLE) {
		*utf8 = a2a_secret_borrow(typed->bytes, typed->length);
		return true;
	}
	/* Reserved at once, so that the password is never moved. */
	if (!a2a_secret_reserve(utf8, 3 * typed->length))
		return false;
	for (size_t i = 0; i < typed->length; i++) {
		const unsigned char byte = (unsigned char)typed->bytes[i];
		uint32_t point;

		if (byte < HIGH) {
			utf8->bytes[utf8->length++] = typed->bytes[i];
			continue;
		}
		point = charset->point[byte - HIGH];
		if (point < HIGH || point > 0xFFFF)
			point = REPLACEMENT;
		utf8->length += (size_t)utf8proc_encode_char(
			(utf8proc_int32_t)point, (utf8proc_uint8_t *)utf8->bytes + utf8->length);
	}
	return true;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* Takes the next character of a text in UTF-8; REPLACEMENT for a byte that is none. */
static uint32_t decode(const unsigned char **at, const unsigned char *end)
{
	utf8proc_int32_t point;
	const utf8proc_ssize_t length = utf8proc_iterate(*at, end - *at, &point);

	*at += length > 0 ? length : 1;
	return length > 0 ? (uint32_t)point : REPLACEMENT;
}

static bool append_ascii(struct secret *text, uint32_t point)
{
	for (size_t i = 0; i < sizeof(substitutes) / sizeof(substitutes[0]); i++)
		if (substitutes[i].point == point)
			return a2a_secret_append(
				text, substitutes[i].ascii, strlen(substitutes[i].ascii));
	if (point >= 0xC0 && point < 0x100)
		return a2a_secret_append(text, &plain[point - 0xC0], 1);
	return a2a_secret_append(text, "?", 1);
}

static bool append_point(const struct a2a_charset *charset, struct secret *text, uint32_t point)
{
	char byte = (char)point;

	if (point < HIGH)
		return a2a_secret_append(text, &byte, 1);
	for (int i = 0; i < HIGH && charset->kind == A2A_CHARSET_SINGLE; i++) {
		byte = (char)(HIGH + i);
		if (charset->point[i] == point)
			return a2a_secret_append(text, &byte, 1);
	}
	return append_ascii(text, point);
}

bool a2a_charset_write(
	const struct a2a_charset *charset, const struct secret *utf8, struct secret *text)
{
	const unsigned char *at = (const unsigned char *)utf8->bytes;
	const unsigned char *end = at + utf8->length;
	bool ok;

	if (charset->kind == A2A_CHARSET_UTF8) {
		*text = a2a_secret_borrow(utf8->bytes, utf8->length);
		return true;
	}
	ok = a2a_secret_reserve(text, utf8->length);
	while (ok && at < end)
		ok = append_point(charset, text, decode(&at, end));
	if (!ok)
		a2a_secret_wipe(text);
	return ok;
}
