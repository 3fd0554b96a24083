/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule_ids.h"

enum {
	WIDTH = 72, /* characters in a line of the text */
	/* Characters in a line of quoted-printable with its final `=` (RFC 2045, section 6.7). */
	ENCODED_WIDTH = 76,
	/* Bytes of text in one encoded word. Base64 turns them into 52 characters. With the 12 of
	 * the frame and "Subject: ", the line stays below the 76 of RFC 2047, section 2. */
	ENCODED_WORD = 39,
};

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

/* Writes a text as encoded words (RFC 2047), one a line; none of them cuts a character. */
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

/*
 * Tells whether quoted-printable may have a byte as it is. Mail servers cut off a blank at the end
 * of a line. At the beginning of a line, a lone dot ends a mail in SMTP, and "From " starts a mail
 * in a mailbox.
 */
static bool stands_for_itself(const char *bytes, size_t length, bool is_first)
{
	if (is_first && (*bytes == '.' || starts_mail(bytes, length)))
		return false;
	return (*bytes > ' ' && *bytes <= '~' && *bytes != '=') || (*bytes == ' ' && length > 1);
}

/* Writes one line, given without its newline, as quoted-printable. */
static void write_encoded_line(FILE *file, const char *line, size_t length)
{
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		const char *at = line + i;

		if (column + (stands_for_itself(at, length - i, false) ? 1 : 3) >
			ENCODED_WIDTH - 1) {
			fputs("=\n", file);
			column = 0;
		}
		if (stands_for_itself(at, length - i, column == 0)) {
			putc(*at, file);
			column += 1;
		} else {
			fprintf(file, "=%02X", (unsigned char)*at);
			column += 3;
		}
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

/* Writes a paragraph, broken between words. Its first line begins with `first`, the others with
 * `rest`. */
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

/* The data for the text in one language. */
struct writer {
	FILE *file;
	const struct a2a_messages *messages;
	const struct a2a_settings *settings;
	size_t language;
};

static const char *say(const struct writer *writer, enum a2a_sentence sentence)
{
	return a2a_message_sentence(writer->messages, writer->language, sentence);
}

/*
 * Writes an item for each rule. A newer version may have recorded a rule that this one does not
 * know: the item is then the id of the rule.
 */
static bool write_rules(const struct writer *writer, const char *rules)
{
	const char *id;
	enum a2a_rule rule;
	size_t length;

	while ((id = a2a_rule_ids_next(&rules, &length, &rule))) {
		char *reason = rule < A2A_RULES ? a2a_message_rule(writer->messages,
							  writer->language, writer->settings, rule)
						: strndup(id, length);

		if (!reason)
			return false;
		write_paragraph(writer->file, " - ", "   ", reason);
		free(reason);
	}
	return true;
}

/* Writes a sentence with its number. Returns false when memory is out. */
static bool write_number(const struct writer *writer, enum a2a_sentence sentence, int64_t number)
{
	char *text = a2a_message_number(writer->messages, writer->language, sentence, number);

	if (text)
		write_paragraph(writer->file, "", "", text);
	free(text);
	return text;
}

static bool write_days(const struct writer *writer, long days)
{
	const enum a2a_sentence sentence = days == 0   ? A2A_SAY_MAIL_TODAY
					   : days == 1 ? A2A_SAY_MAIL_TOMORROW
						       : A2A_SAY_MAIL_DAYS;

	putc('\n', writer->file);
	return write_number(writer, sentence, days);
}

/* Writes what to do. Only the default policy is what ALL2ALL's guide says; of another one, all that
 * it asks is listed. */
static bool write_advice(const struct writer *writer)
{
	if (a2a_settings_is_house(writer->settings))
		return write_number(writer, A2A_SAY_MAIL_CHANGE, writer->settings->min_length);
	write_paragraph(writer->file, "", "", say(writer, A2A_SAY_MAIL_RULES));
	for (enum a2a_rule rule = A2A_TOO_SHORT; rule < A2A_RULES; rule++) {
		char *text;

		if (rule == A2A_TOO_LONG)
			continue;
		if (!a2a_message_requirement(
			    writer->messages, writer->language, writer->settings, rule, &text))
			return false;
		if (text)
			write_paragraph(writer->file, " - ", "   ", text);
		free(text);
	}
	return true;
}

static bool write_text(const struct writer *writer, const struct a2a_notice *notice)
{
	FILE *file = writer->file;

	fprintf(file, "%s %s\n\n", say(writer, A2A_SAY_MAIL_ACCOUNT), notice->user);
	write_paragraph(file, "", "", say(writer, A2A_SAY_MAIL_WEAK));
	if (!write_rules(writer, notice->rules))
		return false;
	putc('\n', file);
	if (!write_advice(writer))
		return false;
	if (notice->webmail)
		fprintf(file, "\n%s\n%s\n", say(writer, A2A_SAY_MAIL_WHERE), notice->webmail);
	if (notice->days >= 0 && !write_days(writer, notice->days))
		return false;
	putc('\n', file);
	write_paragraph(file, "", "", say(writer, A2A_SAY_MAIL_TRUST));
	return true;
}

/* ---- The mail -------------------------------------------------------------------------------- */

static void write_headers(
	FILE *file, const struct a2a_notice *notice, const struct a2a_messages *messages)
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
	/* Vacation programs do not answer such a mail (RFC 3834). */
	fputs("\nAuto-Submitted: auto-generated\n\n", file);
}

char *a2a_notice_write(const struct a2a_notice *notice, const struct a2a_messages *messages,
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
		ok = write_text(&(struct writer){text_file, messages, settings, i}, notice);
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
