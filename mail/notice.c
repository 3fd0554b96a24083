/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 72,         /* of the text, in characters */
	ENCODED_WIDTH = 76, /* of a line of quoted-printable, its `=` included (RFC 2045, 6.7) */
	/* Bytes in one encoded word: with its frame, 4 characters for 3 of them, and "Subject: "
	 * the line stays below the 76 characters of RFC 2047, 2. */
	ENCODED_WORD = 39,
};

/* ---- What is let in -------------------------------------------------------------------------- */

bool notice_is_address(const char *text)
{
	/* Less than RFC 5322 allows: no comma, which begins another address, nothing that a mail
	 * program takes for a command, a file or a way (| / % !), nothing outside of ASCII. */
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._+=@-";
	const char *at = strchr(text, '@');

	return *text && *text != '-' && *text != '@' && !text[strspn(text, allowed)] &&
	       (!at || (at[1] && !strchr(at + 1, '@')));
}

bool notice_is_link(const char *text)
{
	if (strncmp(text, "https://", 8))
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text >= 127 || strchr("<>\"", *text))
			return false;
	return true;
}

/* ---- Encodings ------------------------------------------------------------------------------- */

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static void write_base64(FILE *file, const char *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		unsigned long group = 0;

		for (size_t j = 0; j < 3; j++)
			group = group << 8 | (i + j < length ? (unsigned char)bytes[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			putc(i + j <= length ? digits[group >> (18 - 6 * j) & 63] : '=', file);
	}
}

/* Encoded words, each of whole characters, on lines of their own. */
static void write_header_text(FILE *file, const char *text)
{
	size_t length = strlen(text);
	const char *between = "";

	while (length) {
		size_t part = length < ENCODED_WORD ? length : ENCODED_WORD;

		while (part < length && part > 1 && is_continuation(text[part]))
			part--;
		fprintf(file, "%s=?UTF-8?B?", between);
		write_base64(file, text, part);
		fputs("?=", file);
		text += part;
		length -= part;
		between = "\n ";
	}
	putc('\n', file);
}

static bool starts_mail(const char *line, size_t length)
{
	return length >= 5 && memcmp(line, "From ", 5) == 0;
}

/* Quoted-printable of one line without its end. */
static void write_encoded_line(FILE *file, const char *line, size_t length)
{
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		const unsigned char byte = (unsigned char)line[i];
		/* A blank at the end would be cut off on the way; a dot alone on a line ends a mail
		 * in SMTP, and "From " at its beginning one in a mailbox. */
		const bool is_mark =
			column == 0 && (byte == '.' || starts_mail(line + i, length - i));
		const bool plain = byte > 32 && byte < 127 && byte != '=' && !is_mark;
		const bool blank = byte == ' ' && i + 1 < length;
		const size_t width = plain || blank ? 1 : 3;

		if (column + width > ENCODED_WIDTH - 1) {
			fputs("=\n", file);
			column = 0;
		}
		if (plain || blank)
			putc(byte, file);
		else
			fprintf(file, "=%02X", byte);
		column += width;
	}
	putc('\n', file);
}

static void write_encoded(FILE *file, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		write_encoded_line(file, text, length);
		text += length + (text[length] == '\n');
	}
}

/* ---- The text -------------------------------------------------------------------------------- */

static size_t count_characters(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += !is_continuation(text[i]);
	return count;
}

/* A paragraph, broken between words. `first` goes before its first line, `rest` before others. */
static void write_paragraph(FILE *file, const char *first, const char *rest, const char *text)
{
	size_t column = strlen(first);

	fputs(first, file);
	for (bool begun = false; *text; begun = true) {
		size_t length = strcspn(text, " ");
		size_t width = count_characters(text, length);

		if (begun && column + 1 + width > WIDTH) {
			fprintf(file, "\n%s", rest);
			column = strlen(rest);
		} else if (begun) {
			putc(' ', file);
			column++;
		}
		fwrite(text, length, 1, file);
		column += width;
		text += length;
		text += *text == ' ';
	}
	putc('\n', file);
}

static bool find_rule(const char *id, size_t length, enum a2a_rule *rule)
{
	for (int i = 0; i < A2A_RULES; i++) {
		const char *name = a2a_rule_name((enum a2a_rule)i);

		if (strlen(name) == length && memcmp(name, id, length) == 0) {
			*rule = (enum a2a_rule)i;
			return true;
		}
	}
	return false;
}

/* A line for each rule; of a rule that a newer version has recorded, its id. */
static bool write_rules(FILE *file, const char *rules, const struct a2a_messages *messages,
	size_t language, const struct a2a_settings *settings)
{
	while (*(rules += strspn(rules, ","))) {
		size_t length = strcspn(rules, ",");
		enum a2a_rule rule;
		char *reason = find_rule(rules, length, &rule)
				       ? a2a_message_rule(messages, language, settings, rule)
				       : strndup(rules, length);

		if (!reason)
			return false;
		write_paragraph(file, " - ", "   ", reason);
		free(reason);
		rules += length;
	}
	return true;
}

static bool write_text(FILE *file, const struct notice *notice, const struct a2a_messages *messages,
	size_t language, const struct a2a_settings *settings)
{
#define SAY(sentence) a2a_message_sentence(messages, language, sentence)
	fprintf(file, "%s %s\n\n", SAY(A2A_SAY_MAIL_ACCOUNT), notice->user);
	write_paragraph(file, "", "", SAY(A2A_SAY_MAIL_WEAK));
	if (!write_rules(file, notice->rules, messages, language, settings))
		return false;
	putc('\n', file);
	write_paragraph(file, "", "", SAY(A2A_SAY_MAIL_CHANGE));
	if (notice->webmail)
		fprintf(file, "\n%s\n%s\n", SAY(A2A_SAY_MAIL_WHERE), notice->webmail);
	if (notice->days >= 0) {
		putc('\n', file);
		write_paragraph(file, "", "", SAY(A2A_SAY_MAIL_DAYS));
		fprintf(file, "%ld\n", notice->days);
	}
	putc('\n', file);
	write_paragraph(file, "", "", SAY(A2A_SAY_MAIL_TRUST));
	return true;
#undef SAY
}

/* ---- The mail -------------------------------------------------------------------------------- */

static void write_headers(
	FILE *file, const struct notice *notice, const struct a2a_messages *messages)
{
	const size_t count = a2a_messages_count(messages);
	char *subject = strdup("");

	for (size_t i = 0; subject && i < count; i++) {
		char *longer = NULL;

		if (asprintf(&longer, "%s%s%s", subject, i ? " / " : "",
			    a2a_message_sentence(messages, i, A2A_SAY_MAIL_SUBJECT)) < 0)
			longer = NULL;
		free(subject);
		subject = longer;
	}
	if (notice->from)
		fprintf(file, "From: %s\n", notice->from);
	fprintf(file, "To: %s\nSubject: ", notice->address);
	write_header_text(file, subject ? subject : "all2all");
	free(subject);
	fputs("MIME-Version: 1.0\n"
	      "Content-Type: text/plain; charset=UTF-8\n"
	      "Content-Transfer-Encoding: quoted-printable\n"
	      "Content-Language: ",
		file);
	for (size_t i = 0; i < count; i++)
		fprintf(file, "%s%s", i ? ", " : "", a2a_messages_language(messages, i));
	/* So that no vacation reply answers (RFC 3834). */
	fputs("\nAuto-Submitted: auto-generated\n\n", file);
}

char *notice_write(const struct notice *notice, const struct a2a_messages *messages,
	const struct a2a_settings *settings)
{
	char *text = NULL, *mail = NULL;
	size_t text_length = 0, mail_length = 0;
	FILE *text_file = open_memstream(&text, &text_length);
	FILE *mail_file = open_memstream(&mail, &mail_length);
	bool ok = text_file && mail_file;

	for (size_t i = 0; ok && i < a2a_messages_count(messages); i++) {
		if (i)
			fputs("\n-----\n\n", text_file);
		ok = write_text(text_file, notice, messages, i, settings);
	}
	if (text_file)
		ok &= fclose(text_file) == 0;
	if (ok) {
		write_headers(mail_file, notice, messages);
		write_encoded(mail_file, text);
	}
	if (mail_file)
		ok &= fclose(mail_file) == 0;
	free(text);
	if (!ok) {
		free(mail);
		return NULL;
	}
	return mail;
}
