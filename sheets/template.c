/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "template.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { MOST_DEPTH = 32 }; /* of lists in quotations in lists; a page needs 4 */

/* ---- Memory ---------------------------------------------------------------------------------- */

struct block {
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

static struct block *block_of(void *bytes)
{
	return (struct block *)(void *)((char *)bytes - offsetof(struct block, bytes));
}

static void *take(size_t count, size_t size)
{
	struct block *block = NULL;

	if (!size || count <= (SIZE_MAX - sizeof(*block)) / size)
		block = calloc(1, sizeof(*block) + count * size);
	if (!block)
		abort();
	block->size = count * size;
	return block->bytes;
}

static void give_back(void *bytes)
{
	if (!bytes)
		return;
	explicit_bzero(bytes, block_of(bytes)->size);
	free(block_of(bytes));
}

static void *take_more(void *bytes, size_t size)
{
	void *more = take(1, size);

	if (bytes) {
		const size_t had = block_of(bytes)->size;

		memcpy(more, bytes, had < size ? had : size);
		give_back(bytes);
	}
	return more;
}

cmark_mem *sheet_memory(void)
{
	static const cmark_mem memory = {take, take_more, give_back};

	/* cmark only calls these functions. */
	return (cmark_mem *)(uintptr_t)&memory;
}

/* ---- Where fields stand ---------------------------------------------------------------------- */

enum part { LITERAL, ADDRESS, TITLE, PARTS };

static const struct {
	const char *(*get)(cmark_node *);
	int (*set)(cmark_node *, const char *);
} parts[PARTS] = {
	[LITERAL] = {cmark_node_get_literal, cmark_node_set_literal},
	[ADDRESS] = {cmark_node_get_url, cmark_node_set_url},
	[TITLE] = {cmark_node_get_title, cmark_node_set_title},
};

static bool is_type(cmark_node *node, cmark_node_type type)
{
	return node && cmark_node_get_type(node) == type;
}

static bool is_html(cmark_node *node)
{
	return is_type(node, CMARK_NODE_HTML_BLOCK) || is_type(node, CMARK_NODE_HTML_INLINE);
}

static bool is_code(cmark_node *node)
{
	return is_type(node, CMARK_NODE_CODE) || is_type(node, CMARK_NODE_CODE_BLOCK);
}

/* Returns the innermost node of that kind around a node, or NULL. */
static cmark_node *around(cmark_node *node, cmark_node_type type)
{
	while (node && !is_type(node, type))
		node = cmark_node_parent(node);
	return node;
}

/* Returns the line of a node. Not every node knows its line, but its block does. */
static int line_of(cmark_node *node)
{
	int line = 0;

	for (; node && !line; node = cmark_node_parent(node))
		line = cmark_node_get_start_line(node);
	return line;
}

/* A {{field}} in a text, and the text before it. */
struct field {
	const char *before, *name;
	size_t before_length, name_length;
};

/*
 * Finds the next field, and moves the text behind it. Returns false at the end; `*is_open` is then
 * whether a `{{` has no `}}`.
 */
static bool next_field(const char **text, struct field *field, bool *is_open)
{
	const char *begin = strstr(*text, "{{");
	const char *end = begin ? strstr(begin, "}}") : NULL;

	*is_open = begin && !end;
	if (!end)
		return false;
	field->before = *text;
	field->before_length = (size_t)(begin - *text);
	begin += 2;
	*text = end + 2;
	begin += strspn(begin, " \t");
	while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	field->name = begin;
	field->name_length = (size_t)(end - begin);
	return true;
}

static bool is_named(const struct field *field, const char *name)
{
	return field->name_length == strlen(name) &&
	       memcmp(field->name, name, field->name_length) == 0;
}

static cmark_node *parse(const struct sheet_input *source)
{
	cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, sheet_memory());
	cmark_node *document;

	cmark_parser_feed(parser, source->bytes, source->size);
	document = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return document;
}

/* ---- Checking -------------------------------------------------------------------------------- */

struct check {
	const struct sheet_input *source;
	const struct a2a_log *log;
	bool has_user, has_password, has_heading;
	bool ok;
};

static void complain(struct check *check, cmark_node *node, const char *what)
{
	a2a_fault_at(check->log, check->source->path, line_of(node), "%s", what);
	check->ok = false;
}

/* The password is shown unchanged, and only on the page. */
static void check_field(
	struct check *check, cmark_node *node, enum part part, const struct field *field)
{
	const bool is_password = is_named(field, "password");
	const bool is_secret = is_password || is_named(field, "spelled");

	check->has_user |= part == LITERAL && is_named(field, "user");
	check->has_password |= is_password;
	if (!field->name_length || memchr(field->name, '{', field->name_length))
		complain(check, node, "a field without a name: write {{user}}");
	else if (is_secret && part != LITERAL)
		complain(check, node, "the password must not be in an address or its title");
	else if (is_secret && around(node, CMARK_NODE_HEADING))
		complain(check, node,
			"the password must not be in a heading, which is the page's "
			"title too");
	else if (is_secret && around(node, CMARK_NODE_IMAGE))
		complain(check, node, "the password must not be in a picture's description");
	else if (is_password && !is_code(node))
		complain(check, node,
			"{{password}} must be code (a line of its own, indented by four spaces), "
			"so that every character of it can be told from the others");
}

static void check_part(struct check *check, cmark_node *node, enum part part)
{
	const char *text = parts[part].get(node);
	struct field field;
	bool is_open = false;

	while (text && next_field(&text, &field, &is_open))
		check_field(check, node, part, &field);
	if (is_open)
		complain(check, node, "{{ without }} on the same line");
}

static bool is_known_picture(const char *address)
{
	return strcmp(address, "logo") == 0 || strcmp(address, "qr:webmail") == 0 ||
	       strcmp(address, "qr:server") == 0;
}

static void check_node(struct check *check, cmark_node *node)
{
	check->has_heading |= is_type(node, CMARK_NODE_HEADING);
	if (is_html(node)) {
		if (strncmp(cmark_node_get_literal(node), "<!--", 4) != 0)
			complain(check, node,
				"HTML is not used in a sheet, but for <!-- comments -->");
		return;
	}
	if (is_type(node, CMARK_NODE_IMAGE) && !is_known_picture(cmark_node_get_url(node))) {
		complain(check, node, "a picture is ![](logo), ![](qr:webmail) or ![](qr:server)");
		return;
	}
	for (enum part part = 0; part < PARTS; part++)
		check_part(check, node, part);
}

static bool is_too_deep(cmark_node *node)
{
	int depth = 0;

	while (node && depth <= MOST_DEPTH) {
		node = cmark_node_parent(node);
		depth++;
	}
	return node != NULL;
}

static void check_document(struct check *check, cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (is_too_deep(node)) {
			complain(check, node, "lists or quotations too deep in each other");
			break;
		}
		check_node(check, node);
	}
	cmark_iter_free(iter);
}

static bool is_text(const char *bytes, size_t size)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)bytes;
	size_t done = 0;

	while (done < size) {
		utf8proc_int32_t character;
		utf8proc_ssize_t length =
			utf8proc_iterate(at + done, (utf8proc_ssize_t)(size - done), &character);

		if (length <= 0 || character == 0)
			return false;
		done += (size_t)length;
	}
	return true;
}

bool sheet_template_check(const struct sheet_input *source, const struct a2a_log *log)
{
	struct check check = {.source = source, .log = log, .ok = true};
	cmark_node *document;

	if (!is_text(source->bytes, source->size)) {
		a2a_fault_at(log, source->path, 0, "is not UTF-8 text");
		return false;
	}
	document = parse(source);
	check_document(&check, document);
	if (!check.has_heading)
		complain(&check, NULL, "has no heading, which is the page's title too");
	if (!check.has_user)
		complain(&check, NULL, "has no {{user}}: nobody could log in with such a sheet");
	if (!check.has_password)
		complain(
			&check, NULL, "has no {{password}}: nobody could log in with such a sheet");
	cmark_node_free(document);
	return check.ok;
}

bool sheet_template_uses(const struct sheet_input *source, const char *field)
{
	const char *text = source->bytes;
	struct field found;
	bool is_open;

	while (next_field(&text, &found, &is_open))
		if (is_named(&found, field))
			return true;
	return false;
}

/* ---- Filling --------------------------------------------------------------------------------- */

struct fill {
	const struct sheet_input *source;
	const struct sheet_value *values;
	size_t count;
	const struct sheet_parts *has;
	const struct a2a_log *log;
};

/* The addresses of these variables mark a node: it is to be removed; the grid of the spelling
 * follows it; it shows the password. */
static const char gone, grid, secret;

static void mark_as(cmark_node *node, const char *what)
{
	cmark_node_set_user_data(node, (void *)(uintptr_t)what);
}

static void mark_gone(cmark_node *node)
{
	mark_as(node, &gone);
}

bool sheet_has_grid(cmark_node *paragraph)
{
	return cmark_node_get_user_data(paragraph) == &grid;
}

bool sheet_is_password(cmark_node *block)
{
	return cmark_node_get_user_data(block) == &secret;
}

static bool is_gone(cmark_node *node)
{
	return cmark_node_get_user_data(node) == &gone;
}

/* Marks the paragraph or other block around a node; if it is the first of a list item, marks the
 * item. */
static void mark_block_gone(cmark_node *node)
{
	cmark_node *item;

	while (cmark_node_get_type(node) > CMARK_NODE_LAST_BLOCK)
		node = cmark_node_parent(node);
	item = cmark_node_parent(node);
	mark_gone(is_type(item, CMARK_NODE_ITEM) && !cmark_node_previous(node) ? item : node);
}

static const struct sheet_value *find(const struct fill *fill, const struct field *field)
{
	for (size_t i = 0; i < fill->count; i++)
		if (is_named(field, fill->values[i].name))
			return &fill->values[i];
	return NULL;
}

/*
 * Tells whether a value can be shown: it must be UTF-8 without control characters, line ends and
 * direction marks, which would make it look like something else.
 */
static bool is_printable(const struct secret *text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text->bytes;
	size_t done = 0;

	while (done < text->length) {
		utf8proc_int32_t c;
		utf8proc_ssize_t length =
			utf8proc_iterate(at + done, (utf8proc_ssize_t)(text->length - done), &c);

		if (length <= 0 || c < 0x20 || (c >= 0x7f && c < 0xa0) ||
			(c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
			return false;
		done += (size_t)length;
	}
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Appends a value. In a text, a number that is written in groups, as telephone numbers are, stays
 * in one line. */
static bool append_unbroken(cmark_node *node, const struct secret *value, struct secret *text)
{
	bool ok = true;

	if (!is_type(node, CMARK_NODE_TEXT))
		return a2a_secret_append(text, value->bytes, value->length);
	for (size_t i = 0; ok && i < value->length; i++) {
		const char *at = value->bytes + i;
		const bool is_inside = *at == ' ' && i && i + 1 < value->length &&
				       (is_digit(at[-1]) || at[-1] == ')') &&
				       (is_digit(at[1]) || at[1] == '(');

		ok = is_inside ? a2a_secret_append(text, "\u00a0", strlen("\u00a0"))
			       : a2a_secret_append(text, at, 1);
	}
	return ok;
}

static bool append_value(struct fill *fill, cmark_node *node, const struct field *field,
	struct secret *text, bool *is_empty)
{
	const struct sheet_value *value = find(fill, field);

	if (!value) {
		a2a_fault_at(fill->log, fill->source->path, line_of(node),
			"the field {{%.*s}} is not known: it is neither of the sheet's own nor of "
			"this account",
			(int)field->name_length, field->name);
		return false;
	}
	if (!is_printable(&value->text)) {
		a2a_fault_at(fill->log, fill->source->path, line_of(node),
			"the field {{%s}} of this account cannot be shown: it is not UTF-8, or has "
			"a control character",
			value->name);
		return false;
	}
	*is_empty |= value->text.length == 0;
	if (is_named(field, "password") && is_type(node, CMARK_NODE_CODE_BLOCK))
		mark_as(node, &secret);
	if (a2a_secret_append(text, field->before, field->before_length) &&
		append_unbroken(node, &value->text, text))
		return true;
	a2a_fault_at(fill->log, NULL, 0, "out of memory");
	return false;
}

static bool fill_part(struct fill *fill, cmark_node *node, enum part part)
{
	const char *source = parts[part].get(node);
	struct secret text = {0};
	struct field field;
	bool is_open, is_empty = false, ok = true;

	if (!source || !strstr(source, "{{"))
		return true;
	while (ok && next_field(&source, &field, &is_open))
		ok = append_value(fill, node, &field, &text, &is_empty);
	if (ok && !a2a_secret_append(&text, source, strlen(source))) {
		a2a_fault_at(fill->log, NULL, 0, "out of memory");
		ok = false;
	}
	if (ok)
		parts[part].set(node, text.bytes);
	/* A picture stays without its description. */
	if (ok && is_empty && !around(node, CMARK_NODE_IMAGE))
		mark_block_gone(node);
	a2a_secret_wipe(&text);
	return ok;
}

/* Tells whether the text of a QR code holds the password: a column may have overridden that text.
 */
static bool holds_password(struct fill *fill, const struct secret *text)
{
	const struct field field = {.name = "password", .name_length = strlen("password")};
	const struct sheet_value *password = find(fill, &field);

	return password && password->text.length && text->length &&
	       memmem(text->bytes, text->length, password->text.bytes, password->text.length);
}

static bool fill_picture(struct fill *fill, cmark_node *node)
{
	const char *address = cmark_node_get_url(node);
	struct field field = {.before = "qr:", .before_length = 3};
	const struct sheet_value *value;
	struct secret text = {0};
	bool is_empty = false, ok;

	if (strcmp(address, "logo") == 0)
		return true;
	field.name = address + 3;
	field.name_length = strlen(field.name);
	value = find(fill, &field);
	if (value && holds_password(fill, &value->text)) {
		a2a_fault_at(fill->log, fill->source->path, line_of(node),
			"the field {{%s}} of this account holds the password, which must not be in "
			"a QR code",
			value->name);
		return false;
	}
	ok = append_value(fill, node, &field, &text, &is_empty);
	if (ok)
		cmark_node_set_url(node, text.bytes);
	if (ok && is_empty)
		mark_block_gone(node);
	a2a_secret_wipe(&text);
	return ok;
}

/* Takes {{spelled}} away from the end of a paragraph: its grid follows instead. */
static void find_grid(const struct fill *fill, cmark_node *paragraph)
{
	static const char field[] = "{{spelled}}";
	cmark_node *last = cmark_node_last_child(paragraph);
	const char *literal = is_type(last, CMARK_NODE_TEXT) ? cmark_node_get_literal(last) : "";
	size_t length = strlen(literal);
	char *before;

	if (!fill->has->cells || length < strlen(field) ||
		strcmp(literal + length - strlen(field), field) != 0)
		return;
	length -= strlen(field);
	while (length && literal[length - 1] == ' ')
		length--;
	before = strndup(literal, length);
	if (!before)
		abort();
	cmark_node_set_literal(last, before);
	free(before);
	if (!length)
		cmark_node_free(last);
	last = cmark_node_last_child(paragraph);
	if (!length && is_type(last, CMARK_NODE_SOFTBREAK))
		cmark_node_free(last);
	mark_as(paragraph, &grid);
}

static void find_grids(const struct fill *fill, cmark_node *parent)
{
	for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
		if (is_type(node, CMARK_NODE_PARAGRAPH))
			find_grid(fill, node);
		else
			find_grids(fill, node);
}

/* A logo that is neither drawn nor described is nothing. */
static void check_logo(const struct fill *fill, cmark_node *image)
{
	const char *literal = cmark_node_get_literal(cmark_node_first_child(image));

	if (strcmp(cmark_node_get_url(image), "logo") == 0 && !fill->has->logo &&
		!(literal && *literal))
		mark_gone(image);
}

static bool fill_document(struct fill *fill, cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	bool ok = true;

	while (ok && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event == CMARK_EVENT_EXIT && is_type(node, CMARK_NODE_IMAGE))
			check_logo(fill, node);
		if (event != CMARK_EVENT_ENTER)
			continue;
		if (is_html(node)) {
			mark_gone(node);
			continue;
		}
		if (is_type(node, CMARK_NODE_IMAGE))
			ok = fill_picture(fill, node) && fill_part(fill, node, TITLE);
		else
			for (enum part part = 0; ok && part < PARTS; part++)
				ok = fill_part(fill, node, part);
	}
	cmark_iter_free(iter);
	return ok;
}

/* ---- Leaving out ----------------------------------------------------------------------------- */

/* Tells whether a node of this kind is empty without children. */
static bool needs_children(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_BLOCK_QUOTE:
	case CMARK_NODE_LIST:
	case CMARK_NODE_ITEM:
	case CMARK_NODE_PARAGRAPH:
	case CMARK_NODE_HEADING:
	case CMARK_NODE_EMPH:
	case CMARK_NODE_STRONG:
	case CMARK_NODE_LINK:
		return true;
	default:
		return false;
	}
}

/* Removes the marked nodes, from the last to the first, so that it is known what is left below a
 * heading. */
static void leave_out(cmark_node *parent)
{
	cmark_node *previous;

	for (cmark_node *node = cmark_node_last_child(parent); node; node = previous) {
		cmark_node *next = cmark_node_next(node);

		previous = cmark_node_previous(node);
		leave_out(node);
		if (is_type(node, CMARK_NODE_HEADING) &&
			(!next || (is_type(next, CMARK_NODE_HEADING) &&
					  cmark_node_get_heading_level(next) <=
						  cmark_node_get_heading_level(node))))
			mark_gone(node);
		if (is_gone(node) || (needs_children(node) && !cmark_node_first_child(node) &&
					     !sheet_has_grid(node)))
			cmark_node_free(node);
	}
}

/* Tells whether the password is still on the page. */
static bool shows_password(const struct fill *fill, cmark_node *node)
{
	const struct field field = {.name = "password", .name_length = strlen("password")};
	const struct sheet_value *password = find(fill, &field);

	if (is_code(node) && strstr(cmark_node_get_literal(node), password->text.bytes))
		return true;
	for (node = cmark_node_first_child(node); node; node = cmark_node_next(node))
		if (shows_password(fill, node))
			return true;
	return false;
}

cmark_node *sheet_template_fill(const struct sheet_input *source, const struct sheet_value *values,
	size_t count, const struct sheet_parts *has, const struct a2a_log *log)
{
	struct fill fill = {source, values, count, has, log};
	cmark_node *document = parse(source);

	find_grids(&fill, document);
	if (!fill_document(&fill, document)) {
		cmark_node_free(document);
		return NULL;
	}
	leave_out(document);
	if (shows_password(&fill, document))
		return document;
	a2a_fault_at(log, source->path, 0,
		"the password of this account is left out, because a field beside it is empty: "
		"nobody "
		"could log in with such a sheet");
	cmark_node_free(document);
	return NULL;
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static bool says(cmark_node *node, const char *address)
{
	const char *literal = is_type(node, CMARK_NODE_TEXT) ? cmark_node_get_literal(node) : NULL;

	if (literal && strcmp(literal, address) == 0)
		return true;
	for (node = cmark_node_first_child(node); node; node = cmark_node_next(node))
		if (says(node, address))
			return true;
	return false;
}

const char *sheet_unsaid(cmark_node *document, cmark_node *link)
{
	const char *address = cmark_node_get_url(link);
	const char *bare = strncmp(address, "mailto:", 7) == 0 ? address + 7 : address;

	return *bare && !says(document, bare) ? bare : NULL;
}

/* ---- The title ------------------------------------------------------------------------------- */

bool sheet_append_text(cmark_node *node, struct secret *text)
{
	const char *literal = cmark_node_get_literal(node);

	if (is_type(node, CMARK_NODE_SOFTBREAK) || is_type(node, CMARK_NODE_LINEBREAK))
		return a2a_secret_append(text, " ", 1);
	if (literal && !a2a_secret_append(text, literal, strlen(literal)))
		return false;
	for (node = cmark_node_first_child(node); node; node = cmark_node_next(node))
		if (!sheet_append_text(node, text))
			return false;
	return true;
}

bool sheet_title(cmark_node *document, struct secret *title)
{
	cmark_node *node = cmark_node_first_child(document);

	while (node && !is_type(node, CMARK_NODE_HEADING))
		node = cmark_node_next(node);
	return !node || sheet_append_text(node, title);
}
