/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "text.h"

#include <string.h>
#include <utf8proc.h>

/* Letters that Unicode does not decompose, and how people type them. */
static const struct {
	int32_t from;
	const char *to;
} spelled[] = {
	{0x00e6, "ae"}, /* æ */
	{0x00f0, "d"},  /* ð */
	{0x00f8, "o"},  /* ø */
	{0x00fe, "th"}, /* þ */
	{0x0111, "d"},  /* đ */
	{0x0131, "i"},  /* ı */
	{0x0142, "l"},  /* ł */
	{0x0153, "oe"}, /* œ */
	{0x2018, "'"},  /* ‘ */
	{0x2019, "'"},  /* ’ */
};

/* How people type the letters of other scripts when they have a Latin keyboard, for each code point
 * of a block from `first` on. NULL: as it is. */
static const char *const greek[] = {"a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m",
	"n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "h", "ps", "o"};
static const char *const cyrillic[] = {"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l",
	"m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sh", "", "y", "", "e",
	"yu", "ya", "e", "e", "dj", "g", "ye", "z", "i", "i", "j", "lj", "nj", "c", "k", "i", "u",
	"dz"};
static const char *const hebrew[] = {"a", "b", "g", "d", "h", "v", "z", "h", "t", "y", "k", "k",
	"l", "m", "m", "n", "n", "s", "a", "p", "p", "ts", "ts", "k", "r", "sh", "t"};
static const char *const arabic[] = {"", "a", "a", "w", "a", "y", "a", "b", "a", "t", "th", "j",
	"h", "kh", "d", "d", "r", "z", "s", "sh", "s", "d", "t", "z", "a", "gh", NULL, NULL, NULL,
	NULL, NULL, "", "f", "q", "k", "l", "m", "n", "h", "w", "a", "y"};
static const struct {
	int32_t first;
	size_t count;
	const char *const *to;
} blocks[] = {
	{0x03b1, sizeof(greek) / sizeof(greek[0]), greek},
	{0x0430, sizeof(cyrillic) / sizeof(cyrillic[0]), cyrillic},
	{0x05d0, sizeof(hebrew) / sizeof(hebrew[0]), hebrew},
	{0x0621, sizeof(arabic) / sizeof(arabic[0]), arabic},
};

/* Most passwords are ASCII. Normalising does not change them, and folding changes only their
 * capitals. Returns false when the text is not ASCII or too long. */
static bool read_ascii(struct a2a_text *text, const char *bytes, size_t length, bool fold)
{
	text->count = 0;
	if (length > A2A_TEXT_BYTES)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte >= 0x80)
			return false;
		text->point[i] = byte | ((fold & a2a_is_capital(byte)) ? 'a' - 'A' : 0);
	}
	text->count = length;
	return true;
}

static bool decompose(struct a2a_text *text, const char *bytes, size_t length, int options)
{
	utf8proc_ssize_t count;

	text->count = 0;
	if (length > A2A_TEXT_BYTES)
		return false;
	count = utf8proc_decompose((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length,
		text->point, A2A_TEXT_POINTS, (utf8proc_option_t)options);
	if (count < 0 || count > A2A_TEXT_POINTS)
		return false;
	text->count = (size_t)count;
	return true;
}

bool a2a_text_read(struct a2a_text *text, const char *bytes, size_t length)
{
	utf8proc_ssize_t count;

	if (read_ascii(text, bytes, length, false))
		return true;
	if (!decompose(text, bytes, length, UTF8PROC_STABLE | UTF8PROC_COMPOSE))
		return false;
	count = utf8proc_normalize_utf32(
		text->point, (utf8proc_ssize_t)text->count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	text->count = count < 0 ? 0 : (size_t)count;
	return count >= 0;
}

static const char *spelling(int32_t point)
{
	if (point < 0x80)
		return NULL;
	for (size_t i = 0; i < sizeof(spelled) / sizeof(spelled[0]); i++)
		if (spelled[i].from == point)
			return spelled[i].to;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (point >= blocks[i].first && (size_t)(point - blocks[i].first) < blocks[i].count)
			return blocks[i].to[point - blocks[i].first];
	return NULL;
}

bool a2a_text_fold(struct a2a_text *text, const char *bytes, size_t length)
{
	struct a2a_text raw;
	bool ok;

	if (read_ascii(text, bytes, length, true))
		return true;
	text->count = 0;
	ok = decompose(&raw, bytes, length,
		UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
	for (size_t i = 0; ok && i < raw.count; i++) {
		const char *plain = spelling(raw.point[i]);

		if (!plain)
			text->point[text->count++] = raw.point[i];
		for (; plain && *plain && text->count < A2A_TEXT_POINTS; plain++)
			text->point[text->count++] = (unsigned char)*plain;
	}
	explicit_bzero(&raw, sizeof(raw));
	return ok;
}

size_t a2a_text_write(const struct a2a_text *text, char *bytes, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < text->count; i++) {
		utf8proc_uint8_t encoded[4];
		utf8proc_ssize_t n;

		if (a2a_is_ascii(text->point[i]) && length < size) {
			bytes[length++] = (char)text->point[i];
			continue;
		}
		n = utf8proc_encode_char(text->point[i], encoded);
		if (n <= 0 || length + (size_t)n >= size)
			return 0;
		memcpy(bytes + length, encoded, (size_t)n);
		length += (size_t)n;
	}
	if (length >= size)
		return 0;
	bytes[length] = '\0';
	return length;
}

bool a2a_is_letter_beyond(int32_t point)
{
	switch (utf8proc_category(point)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return true;
	default:
		return false;
	}
}

bool a2a_is_digit_beyond(int32_t point)
{
	return utf8proc_category(point) == UTF8PROC_CATEGORY_ND;
}

bool a2a_is_upper(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);

	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

static bool is_old_hangul_jamo(int32_t point)
{
	return (point >= 0x1100 && point <= 0x11ff) || (point >= 0xa960 && point <= 0xa97f) ||
	       (point >= 0xd7b0 && point <= 0xd7ff);
}

/* Default-ignorable code points that are not of category Cf (DerivedCoreProperties.txt). */
static bool is_ignorable(int32_t point)
{
	return point == 0x034f || point == 0x115f || point == 0x1160 || point == 0x17b4 ||
	       point == 0x17b5 || (point >= 0x180b && point <= 0x180f) || point == 0x3164 ||
	       (point >= 0xfe00 && point <= 0xfe0f) || point == 0xffa0 ||
	       (point >= 0xe0100 && point <= 0xe01ef);
}

bool a2a_is_sendable_beyond(int32_t point)
{
	switch (utf8proc_category(point)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	case UTF8PROC_CATEGORY_ZS:
		return point == ' ';
	default:
		return !is_old_hangul_jamo(point) && !is_ignorable(point);
	}
}
