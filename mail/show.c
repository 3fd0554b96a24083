/* SPDX-License-Identifier: BSD-3-Clause */
#include "show.h"

#include <stdbool.h>
#include <string.h>

#include <gmime/gmime.h>

static void append_addresses(GString *shown, const char *name, InternetAddressList *list)
{
	char *addresses;

	if (!list || !internet_address_list_length(list))
		return;
	addresses = internet_address_list_to_string(list, NULL, false);
	g_string_append_printf(shown, "%s: %s\n", name, addresses);
	g_free(addresses);
}

/* Finds the first text of a mail, which is the one without markup. */
static void find_text(GMimeObject *parent, GMimeObject *part, void *found)
{
	(void)parent;
	if (!*(GMimeTextPart **)found && GMIME_IS_TEXT_PART(part))
		*(GMimeTextPart **)found = GMIME_TEXT_PART(part);
}

static void append_text(GString *shown, GMimeMessage *message)
{
	GMimeTextPart *part = NULL;
	char *text;

	g_mime_message_foreach(message, find_text, &part);
	text = part ? g_mime_text_part_get_text(part) : NULL;
	g_string_append_printf(shown, "\n%s", text ? text : "");
	g_free(text);
}

/* Copies a text without control characters, and with what is no UTF-8 replaced. */
static char *without_controls(const char *text)
{
	GString *clean = g_string_new(NULL);
	char *valid = g_utf8_make_valid(text, -1), *copy;

	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		const gunichar point = g_utf8_get_char(at);

		g_string_append_unichar(
			clean, point != '\n' && g_unichar_iscntrl(point) ? '?' : point);
	}
	copy = strdup(clean->str);
	g_free(valid);
	g_string_free(clean, true);
	return copy;
}

char *a2a_mail_show(const char *mail)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	char *copy = NULL;

	g_mime_init();
	stream = g_mime_stream_mem_new_with_buffer(mail, strlen(mail));
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message) {
		const char *subject = g_mime_message_get_subject(message);
		GString *shown = g_string_new(NULL);

		append_addresses(shown, "From", g_mime_message_get_from(message));
		append_addresses(shown, "To", g_mime_message_get_to(message));
		g_string_append_printf(shown, "Subject: %s\n", subject ? subject : "");
		append_text(shown, message);
		copy = without_controls(shown->str);
		g_string_free(shown, true);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return copy;
}
