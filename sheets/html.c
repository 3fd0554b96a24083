/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes the sheet as an HTML page that loads nothing. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "pages.h"
#include "template.h"

/* A user name or password of more bytes than this gets smaller type, so that it stays on one line.
 */
enum { LONG = 26, VERY_LONG = 40 };

static bool say(struct secret *out, const char *text)
{
	return a2a_secret_append(out, text, strlen(text));
}

static bool say_escaped(struct secret *out, const char *text)
{
	bool ok = true;

	for (; ok && *text; text++)
		switch (*text) {
		case '&':
			ok = say(out, "&amp;");
			break;
		case '<':
			ok = say(out, "&lt;");
			break;
		case '>':
			ok = say(out, "&gt;");
			break;
		case '"':
			ok = say(out, "&quot;");
			break;
		default:
			ok = a2a_secret_append(out, text, 1);
		}
	return ok;
}

/* Replaces the URL of a picture by a data: URL. */
static bool put_picture_in(
	const struct sheet_page *page, cmark_node *image, const struct a2a_log *log)
{
	const char *address = cmark_node_get_url(image);
	const bool is_logo = strcmp(address, "logo") == 0;
	QRcode *code = is_logo ? NULL : sheet_qr_new(address + strlen("qr:"));
	char *picture = code ? sheet_qr_address(code) : NULL;
	const bool ok = is_logo || picture;

	if (ok)
		cmark_node_set_url(image, is_logo ? page->logo->address : picture);
	else
		a2a_fault_at(log, page->path, cmark_node_get_start_line(cmark_node_parent(image)),
			"a QR code cannot be made of so long an address, or memory is out");
	free(picture);
	QRcode_free(code);
	return ok;
}

/* Tells the style sheet how long a block is: cmark turns this into a class such as language-long.
 */
static void tell_length(cmark_node *block)
{
	const size_t length = strlen(cmark_node_get_literal(block));

	cmark_node_set_fence_info(block, length > VERY_LONG ? "very-long"
					 : length > LONG    ? "long"
							    : "");
}

static bool prepare(const struct sheet_page *page, const struct a2a_log *log)
{
	cmark_iter *iter = cmark_iter_new(page->document);
	cmark_event_type event;
	bool ok = true;

	while (ok && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (cmark_node_get_type(node) == CMARK_NODE_IMAGE)
			ok = put_picture_in(page, node, log);
		else if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK)
			tell_length(node);
	}
	cmark_iter_free(iter);
	return ok;
}

static bool put_head(const struct sheet_page *page, struct secret *out)
{
	return say(out, "<!DOCTYPE html>\n<html lang=\"") && say(out, page->language) &&
	       say(out,
		       "\">\n<head>\n<meta charset=\"utf-8\">\n"
		       /* The page holds a password: it loads nothing and sends no referrer. */
		       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		       "style-src 'unsafe-inline'; img-src data:\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n"
		       "<meta name=\"robots\" content=\"noindex\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>") &&
	       say_escaped(out, page->title) && say(out, "</title>\n<style>\n") &&
	       say(out, page->style) && say(out, "</style>\n</head>\n<body>\n<main>\n");
}

bool sheet_write_html(const struct sheet_page *page, struct secret *out, const struct a2a_log *log)
{
	char *body;
	bool ok;

	if (!prepare(page, log))
		return false;
	body = cmark_render_html(page->document, CMARK_OPT_DEFAULT);
	ok = put_head(page, out) && say(out, body) && say(out, "</main>\n</body>\n</html>\n");
	sheet_memory()->free(body);
	if (!ok)
		a2a_fault_at(log, NULL, 0, "out of memory");
	return ok;
}
