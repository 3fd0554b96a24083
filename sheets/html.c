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

/* ---- What cmark does not write --------------------------------------------------------------- */

/* Wraps the children of a node in HTML, instead of what cmark writes for the node. */
static cmark_node *become(cmark_iter *iter, cmark_node *node, cmark_node_type type,
	const char *enter, const char *exit)
{
	cmark_node *custom = cmark_node_new_with_mem(type, sheet_memory()), *child;

	cmark_node_set_on_enter(custom, enter);
	cmark_node_set_on_exit(custom, exit);
	while ((child = cmark_node_first_child(node)) != NULL)
		cmark_node_append_child(custom, child);
	cmark_node_replace(node, custom);
	cmark_node_free(node);
	cmark_iter_reset(iter, custom, CMARK_EVENT_ENTER);
	return custom;
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
			"the address is too long for a QR code, or out of memory");
	free(picture);
	QRcode_free(code);
	return ok;
}

/* Tells the style sheet what a block of code is: cmark turns this into a class such as
 * language-password-long. */
static void tell_what_it_is(cmark_node *block)
{
	const size_t length = strlen(cmark_node_get_literal(block));
	const char *const classes[2][3] = {
		{"", "long", "very-long"}, {"password", "password-long", "password-very-long"}};

	cmark_node_set_fence_info(block, classes[sheet_is_password(block)][length > VERY_LONG ? 2
									   : length > LONG    ? 1
											      : 0]);
}

static bool say_secret(struct secret *out, const struct secret *text)
{
	bool ok = true;

	for (size_t i = 0; ok && i < text->length; i++)
		ok = say_escaped(out, (char[]){text->bytes[i], '\0'});
	return ok;
}

static bool say_cell(struct secret *out, const struct a2a_sheet_cell *cell)
{
	const bool is_space = cell->shown.length == 1 && *cell->shown.bytes == ' ';

	return say(out, cell->mark      ? "<li class=\"capital\"><code>"
			: cell->is_word ? "<li class=\"word\"><code>"
					: "<li><code>") &&
	       /* A space would not be seen. */
	       (is_space ? say(out, "\u2423") : say_secret(out, &cell->shown)) &&
	       say(out, "</code> ") &&
	       (!cell->mark ||
		       (say(out, "<b>") && say_escaped(out, cell->mark) && say(out, "</b> "))) &&
	       say(out, "<span>") && say_secret(out, &cell->name) && say(out, "</span></li>\n");
}

/* Puts the grid behind its paragraph. Returns false when memory is out. */
static bool put_grid(const struct sheet_page *page, cmark_node *paragraph)
{
	cmark_node *block = cmark_node_new_with_mem(CMARK_NODE_CUSTOM_BLOCK, sheet_memory());
	struct secret html = {0};
	bool ok = say(&html, "<ol class=\"spelling\">\n");

	for (size_t i = 0; ok && i < page->cell_count; i++)
		ok = say_cell(&html, &page->cells[i]);
	ok = ok && say(&html, "</ol>");
	if (ok)
		cmark_node_set_on_enter(block, html.bytes);
	a2a_secret_wipe(&html);
	cmark_node_insert_after(paragraph, block);
	return ok;
}

/* ---- What must not break --------------------------------------------------------------------- */

/* Tells whether a browser would end a line inside of a word that belongs together: an address, a
 * host name, "e-mail". */
static bool may_break(const char *word, size_t length)
{
	for (size_t i = 1; i + 1 < length; i++)
		if (strchr("-@/.:?&=", word[i]))
			return true;
	return false;
}

static cmark_node *text_node(const char *text, size_t length)
{
	cmark_node *node = cmark_node_new_with_mem(CMARK_NODE_TEXT, sheet_memory());
	char *copy = strndup(text, length);

	if (!copy)
		abort();
	cmark_node_set_literal(node, copy);
	explicit_bzero(copy, length);
	free(copy);
	return node;
}

/* Keeps the words of a text whole. The pieces come before the node, which becomes their rest. */
static void keep_whole(cmark_node *node)
{
	char *text = strdup(cmark_node_get_literal(node));
	const char *rest = text, *at = text;

	if (!text)
		abort();
	while (*at) {
		const size_t length = strcspn(at, " ");

		if (may_break(at, length)) {
			cmark_node *whole =
				cmark_node_new_with_mem(CMARK_NODE_CUSTOM_INLINE, sheet_memory());

			cmark_node_set_on_enter(whole, "<span class=\"whole\">");
			cmark_node_set_on_exit(whole, "</span>");
			cmark_node_append_child(whole, text_node(at, length));
			if (at > rest)
				cmark_node_insert_before(
					node, text_node(rest, (size_t)(at - rest)));
			cmark_node_insert_before(node, whole);
			rest = at + length;
		}
		at += length;
		at += strspn(at, " ");
	}
	if (rest > text)
		cmark_node_set_literal(node, rest);
	explicit_bzero(text, strlen(text));
	free(text);
}

/* On paper nobody can follow a link: its address is printed, unless it stands there already. */
static void write_out(const struct sheet_page *page, cmark_node *link)
{
	const char *address = sheet_unsaid(page->document, link);
	cmark_node *after;

	if (!address)
		return;
	after = cmark_node_new_with_mem(CMARK_NODE_CUSTOM_INLINE, sheet_memory());
	cmark_node_set_on_enter(after, "<span class=\"on-paper\"> (");
	cmark_node_set_on_exit(after, ")</span>");
	cmark_node_append_child(after, text_node(address, strlen(address)));
	cmark_node_insert_after(link, after);
}

/* ---- The page -------------------------------------------------------------------------------- */

static bool prepare_node(const struct sheet_page *page, cmark_iter *iter, cmark_node *node,
	const struct a2a_log *log)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_IMAGE:
		if (strcmp(cmark_node_get_url(node), "logo") != 0 || page->logo->pixels)
			return put_picture_in(page, node, log);
		become(iter, node, CMARK_NODE_CUSTOM_INLINE, "<span class=\"wordmark\">",
			"</span>");
		return true;
	case CMARK_NODE_CODE_BLOCK:
		tell_what_it_is(node);
		return true;
	case CMARK_NODE_PARAGRAPH:
		return !sheet_has_grid(node) || put_grid(page, node);
	case CMARK_NODE_BLOCK_QUOTE:
		become(iter, node, CMARK_NODE_CUSTOM_BLOCK, "<div class=\"small\">", "</div>");
		return true;
	case CMARK_NODE_LINK:
		write_out(page, node);
		return true;
	default:
		return true;
	}
}

static void keep_all_whole(cmark_node *parent)
{
	cmark_node *next;

	for (cmark_node *node = cmark_node_first_child(parent); node; node = next) {
		next = cmark_node_next(node);
		if (cmark_node_get_type(node) == CMARK_NODE_TEXT)
			keep_whole(node);
		else if (cmark_node_get_type(node) != CMARK_NODE_IMAGE)
			keep_all_whole(node);
	}
}

static bool prepare(const struct sheet_page *page, const struct a2a_log *log)
{
	cmark_iter *iter = cmark_iter_new(page->document);
	cmark_event_type event;
	bool ok = true;

	while (ok && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		if (event == CMARK_EVENT_ENTER)
			ok = prepare_node(page, iter, cmark_iter_get_node(iter), log);
	cmark_iter_free(iter);
	keep_all_whole(page->document);
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
