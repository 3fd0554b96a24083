/* SPDX-License-Identifier: BSD-3-Clause */
#include "notice.h"

#include <string.h>

#include <gmime/gmime.h>

#include "rule_ids.h"

enum {
	WIDTH = 72,        /* characters in a line of the text */
	MOST_NAME = 80,    /* characters of a name; a longer one is none */
	WHOLE_WORD = 30,   /* bytes of a word with a hyphen that is not broken */
	ENCODED_WORD = 75, /* bytes of one in a header (RFC 2047, section 2) */
};

/* ---- What a reader is shown ------------------------------------------------------------------ */

static bool is_joiner(gunichar point)
{
	return point == 0x200c || point == 0x200d;
}

/*
 * Tells whether a name can stand in a greeting. One with a control character, or with one that
 * turns the direction of writing, could look like something else than a name. Names of some scripts
 * have joiners.
 */
static bool is_name(const char *name)
{
	if (!name || !*name || !g_utf8_validate(name, -1, NULL) ||
		g_utf8_strlen(name, -1) > MOST_NAME)
		return false;
	for (; *name; name = g_utf8_next_char(name)) {
		const gunichar point = g_utf8_get_char(name);

		switch (g_unichar_type(point)) {
		case G_UNICODE_CONTROL:
		case G_UNICODE_LINE_SEPARATOR:
		case G_UNICODE_PARAGRAPH_SEPARATOR:
		case G_UNICODE_PRIVATE_USE:
		case G_UNICODE_SURROGATE:
		case G_UNICODE_UNASSIGNED:
			return false;
		case G_UNICODE_FORMAT:
			if (!is_joiner(point))
				return false;
			break;
		default:
			break;
		}
	}
	return true;
}

static bool is_telephone_number(const char *text)
{
	return strpbrk(text, "0123456789") && !text[strspn(text, "0123456789 +-/.()")];
}

/* Replaces each `from` by `to`. Release with g_free(). */
static char *replace(const char *text, const char *from, const char *to)
{
	GString *replaced = g_string_new(NULL);

	for (const char *found; (found = strstr(text, from)); text = found + strlen(from)) {
		g_string_append_len(replaced, text, found - text);
		g_string_append(replaced, to);
	}
	g_string_append(replaced, text);
	return g_string_free(replaced, false);
}

/* ---- Text and HTML --------------------------------------------------------------------------- */

/* Both alternatives are written at the same time, in one language after the other. */
struct writer {
	GString *text, *html;
	const struct a2a_notice *notice;
	const struct a2a_messages *messages;
	const struct a2a_settings *settings;
	size_t language;
};

/* Writes a paragraph of the text, broken between words. Its first line begins with `first`, the
 * others with `rest`. */
static void write_wrapped(GString *out, const char *first, const char *rest, const char *text)
{
	glong column = (glong)strlen(first);

	g_string_append(out, first);
	for (bool begun = false; *text; begun = true) {
		const size_t length = strcspn(text, " ");
		const glong width = g_utf8_strlen(text, (gssize)length);

		if (begun && column + 1 + width > WIDTH) {
			g_string_append_printf(out, "\n%s", rest);
			column = (glong)strlen(rest);
		} else if (begun) {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append_len(out, text, (gssize)length);
		column += width;
		text += length;
		text += *text == ' ';
	}
	g_string_append_c(out, '\n');
}

/* Writes a text as HTML, with words such as "e-mail" whole: a browser ends lines at hyphens. */
static void write_escaped(GString *out, const char *text)
{
	while (*text) {
		const size_t length = strcspn(text, " "), blanks = strspn(text + length, " ");
		char *escaped = g_markup_escape_text(text, (gssize)length);
		const bool is_whole = length <= WHOLE_WORD && memchr(text, '-', length);

		g_string_append_printf(out, "%s%s%s%.*s",
			is_whole ? "<span style=\"white-space: nowrap\">" : "", escaped,
			is_whole ? "</span>" : "", (int)blanks, text + length);
		text += length + blanks;
		g_free(escaped);
	}
}

static void write_element(GString *out, const char *name, const char *text)
{
	g_string_append_printf(out, "<%s>", name);
	write_escaped(out, text);
	g_string_append_printf(out, "</%s>\n", name);
}

/* In French, a colon stands apart from its word, but not in the next line. */
static char *keep_colons(const char *text)
{
	return replace(text, " :", "\u00a0:");
}

static void write_paragraph(const struct writer *writer, const char *text)
{
	char *kept = keep_colons(text);

	write_wrapped(writer->text, "", "", kept);
	g_string_append_c(writer->text, '\n');
	write_element(writer->html, "p", kept);
	g_free(kept);
}

/* Writes a text that came from the messages, and frees it. Returns false when there is none, for
 * memory was out. */
static bool write_said(const struct writer *writer, char *text)
{
	const bool ok = text;

	if (ok)
		write_paragraph(writer, text);
	free(text);
	return ok;
}

static void write_sentence(const struct writer *writer, enum a2a_sentence sentence)
{
	write_paragraph(writer, a2a_message_sentence(writer->messages, writer->language, sentence));
}

static bool write_texts(const struct writer *writer, enum a2a_sentence sentence, const char *first,
	const char *second)
{
	return write_said(writer,
		a2a_message_texts(writer->messages, writer->language, sentence, first, second));
}

/* Writes an address that a reader can follow, as a paragraph that says nothing else. */
static void write_address(const struct writer *writer, const char *address)
{
	char *escaped = g_markup_escape_text(address, -1);

	g_string_append_printf(writer->text, "%s\n\n", address);
	g_string_append_printf(writer->html, "<p><a href=\"%s\">%s</a></p>\n", escaped, escaped);
	g_free(escaped);
}

/* The items of a list belong to the paragraph before it. */
static void begin_list(const struct writer *writer)
{
	g_string_truncate(writer->text, writer->text->len - 1);
	g_string_append(writer->html, "<ul>\n");
}

static void write_item(const struct writer *writer, const char *text)
{
	char *kept = keep_colons(text);

	write_wrapped(writer->text, " - ", "   ", kept);
	write_element(writer->html, "li", kept);
	g_free(kept);
}

static void end_list(const struct writer *writer)
{
	g_string_append_c(writer->text, '\n');
	g_string_append(writer->html, "</ul>\n");
}

/* ---- What is said ---------------------------------------------------------------------------- */

static bool write_greeting(const struct writer *writer)
{
	const struct a2a_notice *notice = writer->notice;

	if (is_name(notice->name)) {
		if (!write_texts(writer, A2A_SAY_MAIL_GREETING, notice->name, ""))
			return false;
	} else
		write_sentence(writer, A2A_SAY_MAIL_GREETING_BARE);
	return write_texts(writer, A2A_SAY_MAIL_ACCOUNT, notice->organisation, notice->user);
}

/*
 * Writes an item for each rule. A newer version may have recorded a rule that this one does not
 * know: the item is then the id of the rule.
 */
static bool write_rules(const struct writer *writer)
{
	const char *rules = writer->notice->rules, *id;
	enum a2a_rule rule;
	size_t length;

	begin_list(writer);
	while ((id = a2a_rule_ids_next(&rules, &length, &rule))) {
		char *reason = rule < A2A_RULES ? a2a_message_rule(writer->messages,
							  writer->language, writer->settings, rule)
						: strndup(id, length);

		if (!reason)
			return false;
		write_item(writer, reason);
		free(reason);
	}
	end_list(writer);
	return true;
}

/* Writes what to do. Only the default policy is what ALL2ALL's guide says; of another one, all that
 * it asks is listed. */
static bool write_advice(const struct writer *writer)
{
	if (a2a_settings_is_house(writer->settings))
		return write_said(
			writer, a2a_message_number(writer->messages, writer->language,
					A2A_SAY_MAIL_CHANGE, writer->settings->min_length));
	write_sentence(writer, A2A_SAY_MAIL_RULES);
	begin_list(writer);
	for (enum a2a_rule rule = A2A_TOO_SHORT; rule < A2A_RULES; rule++) {
		char *text;

		if (rule == A2A_TOO_LONG)
			continue;
		if (!a2a_message_requirement(
			    writer->messages, writer->language, writer->settings, rule, &text))
			return false;
		if (text)
			write_item(writer, text);
		free(text);
	}
	end_list(writer);
	return true;
}

static void write_where(const struct writer *writer)
{
	const struct a2a_notice *notice = writer->notice;

	if (notice->page) {
		write_sentence(writer, A2A_SAY_MAIL_PAGE);
		write_address(writer, notice->page);
	} else if (notice->webmail && notice->has_link) {
		write_sentence(writer, A2A_SAY_MAIL_WHERE);
		write_address(writer, notice->webmail);
	} else if (notice->webmail)
		write_sentence(writer, A2A_SAY_MAIL_WHERE_BARE);
}

static bool write_check(const struct writer *writer)
{
	const struct a2a_notice *notice = writer->notice;
	const bool is_number = is_telephone_number(notice->help);
	/* A number stays in one line. */
	char *help = is_number ? replace(notice->help, " ", "\u00a0") : g_strdup(notice->help);
	const bool ok = write_texts(writer, is_number ? A2A_SAY_MAIL_CALL : A2A_SAY_MAIL_WRITE,
		notice->organisation, help);

	g_free(help);
	return ok;
}

static void write_signature(const struct writer *writer)
{
	const char *regards =
		a2a_message_sentence(writer->messages, writer->language, A2A_SAY_MAIL_REGARDS);
	char *organisation = g_markup_escape_text(writer->notice->organisation, -1);
	char *help = g_markup_escape_text(writer->notice->help, -1);

	g_string_append_printf(writer->text, "%s\n%s\n%s\n", regards, writer->notice->organisation,
		writer->notice->help);
	g_string_append_printf(
		writer->html, "<p>%s<br>\n%s<br>\n%s</p>\n", regards, organisation, help);
	g_free(help);
	g_free(organisation);
}

static bool write_language(const struct writer *writer)
{
	const struct a2a_notice *notice = writer->notice;

	if (!write_greeting(writer))
		return false;
	write_sentence(writer, A2A_SAY_MAIL_WEAK);
	if (!write_rules(writer) || !write_advice(writer))
		return false;
	write_where(writer);
	if (notice->days >= 0 && !write_said(writer, a2a_message_days_left(writer->messages,
							     writer->language, notice->days)))
		return false;
	write_sentence(writer, A2A_SAY_MAIL_TRUST);
	if (!write_check(writer))
		return false;
	write_signature(writer);
	return true;
}

/* Writes both alternatives. The look of the HTML is the mail program's own, with space to read: no
 * picture, no colour, nothing that is fetched. Returns false when memory is out. */
static bool write_body(struct writer *writer, const char *subject)
{
	bool ok = true;
	char *escaped;

	g_string_append_printf(writer->html,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
		a2a_messages_language(writer->messages, 0));
	escaped = g_markup_escape_text(subject, -1);
	g_string_append_printf(writer->html,
		"%s</title>\n</head>\n"
		"<body style=\"font: 16px/1.5 sans-serif; max-width: 36em; margin: 1em\">\n",
		escaped);
	g_free(escaped);
	for (size_t i = 0; ok && i < a2a_messages_count(writer->messages); i++) {
		if (i) {
			g_string_append(writer->text, "\n-----\n\n");
			g_string_append(writer->html, "<hr>\n");
		}
		g_string_append_printf(writer->html, "<div lang=\"%s\">\n",
			a2a_messages_language(writer->messages, i));
		writer->language = i;
		ok = write_language(writer);
		g_string_append(writer->html, "</div>\n");
	}
	g_string_append(writer->html, "</body>\n</html>\n");
	return ok;
}

/* ---- The mail -------------------------------------------------------------------------------- */

/* Returns a text of all languages, with `between` between them. Release with g_free(). */
static char *join(const struct a2a_messages *messages, const char *between,
	const char *(*of)(const struct a2a_messages *messages, size_t language))
{
	GString *joined = g_string_new(NULL);

	for (size_t i = 0; i < a2a_messages_count(messages); i++)
		g_string_append_printf(joined, "%s%s", i ? between : "", of(messages, i));
	return g_string_free(joined, false);
}

static const char *subject_of(const struct a2a_messages *messages, size_t language)
{
	return a2a_message_sentence(messages, language, A2A_SAY_MAIL_SUBJECT);
}

/*
 * Adds an address, with a name if it has one that fits. GMime 3.2 makes encoded words of any length
 * of what is not in Latin-1, and leaves a name as it is that looks like one itself; then the
 * address goes alone.
 */
static void add_mailbox(InternetAddressList *list, const char *name, const char *address)
{
	InternetAddress *mailbox = internet_address_mailbox_new(name, address);
	char *encoded = internet_address_to_string(mailbox, NULL, true);
	bool fits = !name || !strstr(name, "=?");

	for (const char *word = encoded; *word; word += strspn(word, " \t\n")) {
		const size_t length = strcspn(word, " \t\n");

		fits &= length <= ENCODED_WORD;
		word += length;
	}
	if (!fits)
		internet_address_set_name(mailbox, NULL);
	internet_address_list_add(list, mailbox);
	g_free(encoded);
	g_object_unref(mailbox);
}

/* Adds an alternative. Quoted-printable keeps a mail readable for whoever looks at its source. */
static void add_part(GMimeMultipart *multipart, const char *subtype, const GString *body)
{
	GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(body->str, body->len);
	GMimeDataWrapper *content =
		g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_text_part_set_charset(part, "UTF-8");
	g_mime_part_set_content(GMIME_PART(part), content);
	g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_mime_multipart_add(multipart, GMIME_OBJECT(part));
	g_object_unref(content);
	g_object_unref(stream);
	g_object_unref(part);
}

static GMimeMessage *make_message(const struct writer *writer, const char *subject)
{
	const struct a2a_notice *notice = writer->notice;
	GMimeMessage *message = g_mime_message_new(true);
	GMimeMultipart *multipart = g_mime_multipart_new_with_subtype("alternative");
	char *languages = join(writer->messages, ", ", a2a_messages_language);

	if (notice->from)
		add_mailbox(g_mime_message_get_from(message), notice->organisation, notice->from);
	add_mailbox(g_mime_message_get_to(message), is_name(notice->name) ? notice->name : NULL,
		notice->address);
	g_mime_message_set_subject(message, subject, "UTF-8");
	/* Vacation programs do not answer such a mail (RFC 3834). */
	g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-generated", NULL);
	g_mime_object_set_header(GMIME_OBJECT(multipart), "Content-Language", languages, NULL);
	/* The last alternative is the one that mail programs prefer (RFC 2046, section 5.1.4). */
	add_part(multipart, "plain", writer->text);
	add_part(multipart, "html", writer->html);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(multipart));
	g_object_unref(multipart);
	g_free(languages);
	return message;
}

/* Returns the bytes of a message. In quoted-printable, the filter encodes the "From " that starts a
 * mail in a mailbox. */
static char *write_message(GMimeMessage *message)
{
	GMimeStream *memory = g_mime_stream_mem_new();
	GMimeStream *filtered = g_mime_stream_filter_new(memory);
	GMimeFilter *from = g_mime_filter_from_new(GMIME_FILTER_FROM_MODE_ARMOR);
	const GByteArray *bytes;
	char *mail = NULL;

	g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), from);
	if (g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, filtered) >= 0 &&
		g_mime_stream_flush(filtered) == 0) {
		bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
		mail = strndup((const char *)bytes->data, bytes->len);
	}
	g_object_unref(from);
	g_object_unref(filtered);
	g_object_unref(memory);
	return mail;
}

char *a2a_notice_write(const struct a2a_notice *notice, const struct a2a_messages *messages,
	const struct a2a_settings *settings)
{
	struct writer writer = {
		g_string_new(NULL), g_string_new(NULL), notice, messages, settings, 0};
	char *subject = join(messages, " / ", subject_of), *mail = NULL;

	g_mime_init();
	if (write_body(&writer, subject)) {
		GMimeMessage *message = make_message(&writer, subject);

		mail = write_message(message);
		g_object_unref(message);
	}
	g_free(subject);
	g_string_free(writer.html, true);
	g_string_free(writer.text, true);
	return mail;
}
