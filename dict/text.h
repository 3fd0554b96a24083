/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Turns UTF-8 into code points. Words and passwords are folded by the same code, so that `Été`,
 * `ete` and `ÉTÉ` are the same word everywhere.
 */
#ifndef A2A_TEXT_H
#define A2A_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* The longest text that is read, in bytes of UTF-8. PAM carries no longer password
	 * (PAM_MAX_RESP_SIZE is 512, with its NUL). */
	A2A_TEXT_BYTES = 511,
	/* The largest number of code points in such a text. Folding replaces some letters by two (ß
	 * by ss, both of two bytes). A text with letters that become more than two (U+FDFA becomes
	 * 18) may not fit, and is then refused. */
	A2A_TEXT_POINTS = 2 * A2A_TEXT_BYTES,
};

/* Code points. The caller wipes it if it was a password. */
struct a2a_text {
	size_t count;
	int32_t point[A2A_TEXT_POINTS + 1];
};

/*
 * Decodes UTF-8 into code points in Unicode Normalization Form C (UAX #15), in which one code point
 * is what a reader calls a character. Returns false when the bytes are not valid UTF-8 or more than
 * A2A_TEXT_BYTES; the text is then empty.
 */
bool a2a_text_read(struct a2a_text *text, const char *bytes, size_t length);

/*
 * Decodes and folds: decomposes by compatibility, folds case, drops marks, and spells plainly the
 * letters that Unicode does not decompose but people type without their stroke or ligature (œ, æ,
 * ø, đ, ł), and those of Greek, Cyrillic, Hebrew and Arabic as people type them on a Latin
 * keyboard. Returns false as a2a_text_read() does.
 */
bool a2a_text_fold(struct a2a_text *text, const char *bytes, size_t length);

/*
 * Writes the text as UTF-8, with a NUL, into `size` bytes. Returns the length without the NUL, or 0
 * when they are too few. A2A_TEXT_POINTS * 4 + 1 bytes always suffice.
 */
size_t a2a_text_write(const struct a2a_text *text, char *bytes, size_t size);

/* These do the work of three functions below, for code points beyond ASCII. */
bool a2a_is_letter_beyond(int32_t point);
bool a2a_is_digit_beyond(int32_t point);
bool a2a_is_sendable_beyond(int32_t point);

static inline bool a2a_is_ascii(int32_t point)
{
	return (uint32_t)point < 0x80;
}

/* Tells whether it is a capital of ASCII. The small letter has one bit more, 0x20. */
static inline bool a2a_is_capital(int32_t point)
{
	return (uint32_t)point - 'A' < 26;
}

/* Unicode's general categories L* and Nd. */
static inline bool a2a_is_letter(int32_t point)
{
	if (a2a_is_ascii(point))
		return (uint32_t)(point | 0x20) - 'a' < 26;
	return a2a_is_letter_beyond(point);
}

static inline bool a2a_is_digit(int32_t point)
{
	if (a2a_is_ascii(point))
		return (uint32_t)point - '0' < 10;
	return a2a_is_digit_beyond(point);
}

/* A capital or title-case letter (Lu, Lt). */
bool a2a_is_upper(int32_t point);

/*
 * Tells whether RFC 8265's OpaqueString profile leaves the code point as it is. It does so for all
 * code points except control, unassigned, private, default-ignorable and old Hangul jamo ones (RFC
 * 8264, section 9), and spaces other than U+0020. The profile replaces those spaces, so a mail
 * program that follows it would not send the password that was set.
 */
static inline bool a2a_is_sendable(int32_t point)
{
	if (a2a_is_ascii(point))
		return point >= ' ' && point < 0x7f;
	return a2a_is_sendable_beyond(point);
}

#endif
