/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sheet as PDF, one A4 page. Pango sets the type, cairo draws and writes the file.
 *
 * The page is laid out without drawing, in smaller and smaller type until it fits, and then drawn.
 * Text that does not fit in the smallest type continues on another page.
 *
 * Pango, HarfBuzz, cairo and zlib free the text without wiping it. The password stays in freed
 * memory of this process until that memory is reused, and nothing can be done about it here. If
 * that matters, make text or HTML, or end the process.
 */
#define _GNU_SOURCE
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "pages.h"

/* ---- Measures, in points --------------------------------------------------------------------- */

static const double PAGE_WIDTH = 595.276, PAGE_HEIGHT = 841.89; /* A4 */
static const double LEFT = 57, RIGHT = 595.276 - 57, TOP = 45, BOTTOM = 841.89 - 40;
static const double BODY = 10.5;     /* the size of its type */
static const double SMALLEST = 0.76; /* of all that: 8 points */
static const double STEP = 0.03;     /* from one size to the next smaller one */
static const double LEADING = 1.08;  /* of the line that the type itself asks for */
static const double CODE = 22;       /* a user name or password on a line of its own */
static const double SMALLEST_CODE = 11;
static const double CODE_PADDING = 7;
static const double QR_SIDE = 79; /* 28 mm */
static const double PICTURE_GAP = 14;
static const double INDENT = 13;
static const double ANYWHERE = 1e6; /* the bottom of a page that is only measured */

static const char FAMILY[] = "DejaVu Sans";
/* A font in which 0 and O, 1 and l and I are easy to tell apart. */
static const char CODE_FAMILY[] = "DejaVu Sans Mono";

struct colour {
	double red, green, blue;
};

static const struct colour INK = {0.10, 0.11, 0.13}, ACCENT = {0.09, 0.25, 0.42},
			   RULE = {0.66, 0.72, 0.80}, PAPER = {0.945, 0.957, 0.973},
			   FAINT = {0.55, 0.60, 0.66};

static const struct heading {
	double size, before, after;
	bool is_ruled; /* a fine line above it */
} headings[] = {{21, 0, 7, false}, {12.5, 10, 3, true}, {11, 6, 2, false}};

/* ---- The sheet in the making ----------------------------------------------------------------- */

struct canvas {
	const struct sheet_page *page;
	const struct a2a_log *log;
	cairo_t *cairo;
	PangoContext *context;
	double scale;
	bool is_drawn;
	double y, bottom;
	double left;
	/* A picture at the right: blocks that begin above its bottom are narrower. */
	double picture_left, picture_bottom;
	bool ok;
};

static void set_colour(const struct canvas *canvas, struct colour colour)
{
	cairo_set_source_rgb(canvas->cairo, colour.red, colour.green, colour.blue);
}

static void next_page(struct canvas *canvas)
{
	if (canvas->is_drawn)
		cairo_show_page(canvas->cairo);
	canvas->y = TOP;
	canvas->picture_bottom = 0;
}

/* Starts a new page unless this height still fits on the current one. */
static void need(struct canvas *canvas, double height)
{
	if (canvas->y + height > canvas->bottom && canvas->y > TOP)
		next_page(canvas);
}

static double right_of(const struct canvas *canvas)
{
	return canvas->y < canvas->picture_bottom ? canvas->picture_left - PICTURE_GAP : RIGHT;
}

static void skip(struct canvas *canvas, double height)
{
	if (canvas->y > TOP)
		canvas->y += height * canvas->scale;
}

/* ---- Lines of type --------------------------------------------------------------------------- */

struct link {
	guint start, end; /* bytes of the text */
	const char *address;
};

/* A paragraph before its layout. */
struct paragraph {
	struct secret text;
	PangoAttrList *attributes;
	GArray *links;
	bool ok; /* false when memory is out */
};

static void say(struct paragraph *paragraph, const char *text)
{
	paragraph->ok = paragraph->ok && a2a_secret_append(&paragraph->text, text, strlen(text));
}

static void mark(struct paragraph *paragraph, guint start, PangoAttribute *attribute)
{
	attribute->start_index = start;
	attribute->end_index = (guint)paragraph->text.length;
	pango_attr_list_insert(paragraph->attributes, attribute);
}

static PangoAttribute *colour_attribute(struct colour colour)
{
	return pango_attr_foreground_new((guint16)(colour.red * 65535),
		(guint16)(colour.green * 65535), (guint16)(colour.blue * 65535));
}

static void collect(struct paragraph *paragraph, cmark_node *parent);

static void collect_one(struct paragraph *paragraph, cmark_node *node)
{
	const guint start = (guint)paragraph->text.length;

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		say(paragraph, cmark_node_get_literal(node));
		break;
	case CMARK_NODE_CODE:
		say(paragraph, cmark_node_get_literal(node));
		mark(paragraph, start, pango_attr_family_new(CODE_FAMILY));
		mark(paragraph, start, pango_attr_insert_hyphens_new(FALSE));
		break;
	case CMARK_NODE_SOFTBREAK:
		if (paragraph->text.length) /* else after a picture */
			say(paragraph, " ");
		break;
	case CMARK_NODE_LINEBREAK:
		say(paragraph, "\n");
		break;
	case CMARK_NODE_EMPH:
		collect(paragraph, node);
		mark(paragraph, start, pango_attr_style_new(PANGO_STYLE_ITALIC));
		break;
	case CMARK_NODE_STRONG:
		collect(paragraph, node);
		mark(paragraph, start, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
		break;
	case CMARK_NODE_LINK:
		collect(paragraph, node);
		mark(paragraph, start, colour_attribute(ACCENT));
		g_array_append_vals(paragraph->links,
			&(struct link){
				start, (guint)paragraph->text.length, cmark_node_get_url(node)},
			1);
		break;
	case CMARK_NODE_IMAGE:
		break;
	default:
		collect(paragraph, node);
	}
}

static void collect(struct paragraph *paragraph, cmark_node *parent)
{
	for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
		collect_one(paragraph, node);
}

static void paragraph_start(struct paragraph *paragraph)
{
	*paragraph = (struct paragraph){
		.attributes = pango_attr_list_new(),
		.links = g_array_new(FALSE, FALSE, sizeof(struct link)),
		.ok = true,
	};
}

static void paragraph_wipe(struct paragraph *paragraph)
{
	a2a_secret_wipe(&paragraph->text);
	pango_attr_list_unref(paragraph->attributes);
	g_array_free(paragraph->links, TRUE);
}

static PangoLayout *layout_new(struct canvas *canvas, struct paragraph *paragraph,
	const char *family, PangoWeight weight, double size, double width)
{
	PangoLayout *layout = pango_layout_new(canvas->context);
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family_static(font, family);
	pango_font_description_set_weight(font, weight);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_attributes(layout, paragraph->attributes);
	pango_layout_set_line_spacing(layout, (float)LEADING);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	if (paragraph->text.length)
		pango_layout_set_text(layout, paragraph->text.bytes, (int)paragraph->text.length);
	return layout;
}

static double height_of(PangoLayout *layout)
{
	int height = 0;

	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

/* Tells whether an address may become a link. A column of the list may hold any URL; only these
 * schemes become links. */
static bool may_lead(const char *address)
{
	return strncmp(address, "https://", 8) == 0 || strncmp(address, "http://", 7) == 0 ||
	       strncmp(address, "mailto:", 7) == 0;
}

/*
 * An address that is written into the file as it is, which cairo 1.16 does without a look at the
 * PDF's own brackets: what is not of the usual characters of an address (RFC 3986) is
 * percent-encoded. NULL when memory is out.
 */
static char *encoded(const char *address)
{
	static const char usual[] = "-._~:/?#@!$&*+,;=%";
	char *text = malloc(3 * strlen(address) + 1), *to = text;

	for (; text && *address; address++)
		if (g_ascii_isalnum(*address) || strchr(usual, *address))
			*to++ = *address;
		else
			to += sprintf(to, "%%%02X", (unsigned)(unsigned char)*address);
	if (text)
		*to = '\0';
	return text;
}

/* Makes the part of a line between two bytes of the text lead to an address. */
static void put_link(struct canvas *canvas, PangoLayoutLine *line, const struct link *link,
	double x, double top, double height)
{
	char *address = encoded(link->address), *attributes = NULL;
	int *ranges = NULL, count = 0;

	pango_layout_line_get_x_ranges(line, (int)link->start, (int)link->end, &ranges, &count);
	for (int i = 0; address && i < count; i++) {
		const double from = (double)ranges[2 * (size_t)i] / PANGO_SCALE;
		const double to = (double)ranges[2 * (size_t)i + 1] / PANGO_SCALE;

		/* No decimal point, which could be the comma of a locale. */
		if (asprintf(&attributes, "rect=[%ld %ld %ld %ld] uri='%s'", lround(x + from),
			    lround(top), lround(to - from), lround(height), address) < 0)
			break;
		cairo_tag_begin(canvas->cairo, CAIRO_TAG_LINK, attributes);
		cairo_tag_end(canvas->cairo, CAIRO_TAG_LINK);
		free(attributes);
	}
	g_free(ranges);
	free(address);
}

static void put_links(struct canvas *canvas, PangoLayoutLine *line, const GArray *links, double x,
	double top, double height)
{
	for (guint i = 0; i < links->len; i++) {
		const struct link *link = &g_array_index(links, struct link, i);

		if (may_lead(link->address) &&
			(int)link->start < line->start_index + line->length &&
			(int)link->end > line->start_index)
			put_link(canvas, line, link, x, top, height);
	}
}

/* Draws line by line, so that a page can end between two lines. */
static void put_layout(struct canvas *canvas, PangoLayout *layout, double x, const GArray *links)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);

	do {
		int top, bottom;
		double height, baseline;

		pango_layout_iter_get_line_yrange(iter, &top, &bottom);
		height = (double)(bottom - top) / PANGO_SCALE;
		baseline = (double)(pango_layout_iter_get_baseline(iter) - top) / PANGO_SCALE;
		need(canvas, height);
		if (canvas->is_drawn) {
			PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
			PangoRectangle logical;

			pango_layout_iter_get_line_extents(iter, NULL, &logical);
			cairo_move_to(canvas->cairo, x + (double)logical.x / PANGO_SCALE,
				canvas->y + baseline);
			pango_cairo_show_layout_line(canvas->cairo, line);
			put_links(canvas, line, links, x, canvas->y, height);
		}
		canvas->y += height;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
}

/* Reports a character that no installed font has: it would be drawn as a box with a number. */
static void check_letters(struct canvas *canvas, PangoLayout *layout, bool is_code)
{
	if (canvas->is_drawn || !pango_layout_get_unknown_glyphs_count(layout) || !canvas->ok)
		return;
	a2a_fault_at(canvas->log, canvas->page->path, 0,
		"%s of this account has a letter that none of the installed types has: install "
		"one that does (Debian: fonts-noto-core, fonts-noto-cjk)",
		is_code ? "the user name or password" : "a field");
	canvas->ok = false;
}

/* ---- Pictures -------------------------------------------------------------------------------- */

static void put_picture(struct canvas *canvas, cmark_node *image)
{
	const char *address = cmark_node_get_url(image);
	const struct sheet_logo *logo = canvas->page->logo;
	const bool is_logo = strcmp(address, "logo") == 0;
	const double width = is_logo ? logo->width : QR_SIDE;
	const double height = is_logo ? logo->height : QR_SIDE;
	QRcode *code = is_logo ? NULL : sheet_qr_new(address + strlen("qr:"));

	if (!is_logo && !code) {
		a2a_fault_at(canvas->log, canvas->page->path, 0,
			"a QR code cannot be made of so long an address, or memory is out");
		canvas->ok = false;
		return;
	}
	need(canvas, height);
	if (canvas->y < canvas->picture_bottom)
		canvas->y = canvas->picture_bottom;
	canvas->picture_left = RIGHT - width;
	canvas->picture_bottom = canvas->y + height;
	if (canvas->is_drawn) {
		cairo_save(canvas->cairo);
		cairo_translate(canvas->cairo, canvas->picture_left, canvas->y);
		if (is_logo)
			sheet_logo_draw(logo, canvas->cairo);
		else
			sheet_qr_draw(code, canvas->cairo, QR_SIDE);
		cairo_restore(canvas->cairo);
	}
	QRcode_free(code);
}

static void put_pictures(struct canvas *canvas, cmark_node *parent)
{
	for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
		if (cmark_node_get_type(node) == CMARK_NODE_IMAGE)
			put_picture(canvas, node);
		else
			put_pictures(canvas, node);
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

static void put_paragraph(struct canvas *canvas, cmark_node *node)
{
	struct paragraph paragraph;

	put_pictures(canvas, node);
	paragraph_start(&paragraph);
	collect(&paragraph, node);
	canvas->ok &= paragraph.ok;
	if (paragraph.ok && paragraph.text.length) {
		PangoLayout *layout = layout_new(canvas, &paragraph, FAMILY, PANGO_WEIGHT_NORMAL,
			BODY * canvas->scale, right_of(canvas) - canvas->left);

		check_letters(canvas, layout, false);
		set_colour(canvas, INK);
		put_layout(canvas, layout, canvas->left, paragraph.links);
		g_object_unref(layout);
	}
	paragraph_wipe(&paragraph);
}

static void put_rule(struct canvas *canvas)
{
	if (canvas->is_drawn && canvas->y > TOP) {
		cairo_move_to(canvas->cairo, canvas->left, canvas->y);
		cairo_line_to(canvas->cairo, right_of(canvas), canvas->y);
		cairo_set_line_width(canvas->cairo, 0.6);
		set_colour(canvas, RULE);
		cairo_stroke(canvas->cairo);
	}
	skip(canvas, 5);
}

static void put_heading(struct canvas *canvas, cmark_node *node)
{
	const size_t level = (size_t)cmark_node_get_heading_level(node) - 1;
	const size_t last = sizeof(headings) / sizeof(headings[0]) - 1;
	const struct heading *heading = &headings[level < last ? level : last];
	struct paragraph paragraph;
	PangoLayout *layout;

	put_pictures(canvas, node);
	/* Move below a picture of the block before, because the rule is above the heading. */
	if (heading->is_ruled && canvas->y < canvas->picture_bottom)
		canvas->y = canvas->picture_bottom;
	skip(canvas, heading->before);
	paragraph_start(&paragraph);
	collect(&paragraph, node);
	canvas->ok &= paragraph.ok;
	layout = layout_new(canvas, &paragraph, FAMILY, PANGO_WEIGHT_BOLD,
		heading->size * canvas->scale, right_of(canvas) - canvas->left);
	check_letters(canvas, layout, false);
	/* A heading stays on the page of its text. */
	need(canvas, height_of(layout) + 3 * BODY * canvas->scale);
	if (heading->is_ruled)
		put_rule(canvas);
	set_colour(canvas, ACCENT);
	put_layout(canvas, layout, canvas->left, paragraph.links);
	canvas->y += heading->after * canvas->scale;
	g_object_unref(layout);
	paragraph_wipe(&paragraph);
}

/* Draws a visible mark, a small trough, for each space in a password. */
static void mark_spaces(struct canvas *canvas, PangoLayout *layout, double x, double size)
{
	const char *text = pango_layout_get_text(layout);

	cairo_set_line_width(canvas->cairo, 0.05 * size);
	set_colour(canvas, FAINT);
	for (const char *at = strchr(text, ' '); at; at = strchr(at + 1, ' ')) {
		PangoRectangle place;
		double left, bottom, width;

		pango_layout_index_to_pos(layout, (int)(at - text), &place);
		left = x + (double)place.x / PANGO_SCALE + 0.1 * size;
		bottom = canvas->y + (double)(place.y + place.height) / PANGO_SCALE - 0.16 * size;
		/* At the end of a line, Pango gives it no width. */
		width = fmax((double)place.width / PANGO_SCALE, 0.6 * size) - 0.2 * size;
		cairo_move_to(canvas->cairo, left, bottom - 0.16 * size);
		cairo_rel_line_to(canvas->cairo, 0, 0.16 * size);
		cairo_rel_line_to(canvas->cairo, width, 0);
		cairo_rel_line_to(canvas->cairo, 0, -0.16 * size);
		cairo_stroke(canvas->cairo);
	}
}

static PangoLayout *code_layout(
	struct canvas *canvas, struct paragraph *paragraph, double size, double width)
{
	PangoLayout *layout = layout_new(
		canvas, paragraph, CODE_FAMILY, PANGO_WEIGHT_BOLD, size * canvas->scale, width);

	/* Code is set from left to right, whatever its characters. */
	pango_layout_set_auto_dir(layout, FALSE);
	return layout;
}

/* The size at which the widest line fits, if it is not smaller than can be read well. */
static double code_size(struct canvas *canvas, struct paragraph *paragraph, double width)
{
	PangoLayout *layout = code_layout(canvas, paragraph, CODE, -1);
	int units = 0;
	double natural;

	pango_layout_set_width(layout, -1);
	pango_layout_get_size(layout, &units, NULL);
	g_object_unref(layout);
	natural = (double)units / PANGO_SCALE;
	/* Use a little less than would fit, because measures are rounded. */
	return fmax(SMALLEST_CODE, fmin(CODE, 0.995 * CODE * width / fmax(natural, 1)));
}

static void put_box(struct canvas *canvas, double width, double height)
{
	cairo_rectangle(canvas->cairo, canvas->left, canvas->y, width, height);
	set_colour(canvas, PAPER);
	cairo_fill_preserve(canvas->cairo);
	set_colour(canvas, RULE);
	cairo_set_line_width(canvas->cairo, 0.7);
	cairo_stroke(canvas->cairo);
}

static void put_code_block(struct canvas *canvas, cmark_node *node)
{
	const double padding = CODE_PADDING * canvas->scale;
	const char *literal = cmark_node_get_literal(node);
	size_t length = strlen(literal);
	struct paragraph paragraph;
	PangoLayout *layout;
	double width, size, height;

	while (length && literal[length - 1] == '\n')
		length--;
	paragraph_start(&paragraph);
	paragraph.ok = a2a_secret_append(&paragraph.text, literal, length);
	canvas->ok &= paragraph.ok;
	mark(&paragraph, 0, pango_attr_insert_hyphens_new(FALSE));
	width = right_of(canvas) - canvas->left;
	size = code_size(canvas, &paragraph, width - 2 * padding);
	layout = code_layout(canvas, &paragraph, size, width - 2 * padding);
	check_letters(canvas, layout, true);
	height = height_of(layout) + 1.4 * padding;
	need(canvas, height);
	if (canvas->is_drawn) {
		put_box(canvas, width, height);
		canvas->y += 0.7 * padding;
		mark_spaces(canvas, layout, canvas->left + padding, size * canvas->scale);
		canvas->y -= 0.7 * padding;
	}
	canvas->y += 0.7 * padding;
	set_colour(canvas, INK);
	put_layout(canvas, layout, canvas->left + padding, paragraph.links);
	canvas->y += 0.7 * padding;
	g_object_unref(layout);
	paragraph_wipe(&paragraph);
}

static void put_blocks(struct canvas *canvas, cmark_node *parent, double gap);

/* What stands before an item. */
static void put_mark(struct canvas *canvas, const char *text)
{
	struct paragraph paragraph;
	PangoLayout *layout;

	paragraph_start(&paragraph);
	say(&paragraph, text);
	canvas->ok &= paragraph.ok;
	layout = layout_new(canvas, &paragraph, FAMILY, PANGO_WEIGHT_NORMAL, BODY * canvas->scale,
		RIGHT - LEFT);
	need(canvas, height_of(layout));
	if (canvas->is_drawn) {
		const double at = canvas->y;

		set_colour(canvas, ACCENT);
		put_layout(canvas, layout, canvas->left, paragraph.links);
		canvas->y = at;
	}
	g_object_unref(layout);
	paragraph_wipe(&paragraph);
}

static void put_list(struct canvas *canvas, cmark_node *list)
{
	const bool is_ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
	const double gap = cmark_node_get_list_tight(list) ? 1.5 : 5;
	const double indent = (is_ordered ? 1.6 : 1) * INDENT * canvas->scale;
	int number = cmark_node_get_list_start(list);

	for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
		char text[24] = "•";

		if (is_ordered)
			snprintf(text, sizeof(text), "%d.", number++);
		put_mark(canvas, text);
		canvas->left += indent;
		put_blocks(canvas, item, gap);
		canvas->left -= indent;
		if (cmark_node_next(item))
			skip(canvas, gap);
	}
}

static void put_block(struct canvas *canvas, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		put_heading(canvas, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		put_code_block(canvas, node);
		break;
	case CMARK_NODE_LIST:
		put_list(canvas, node);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		canvas->left += INDENT * canvas->scale;
		put_blocks(canvas, node, 5);
		canvas->left -= INDENT * canvas->scale;
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		put_rule(canvas);
		break;
	default:
		put_paragraph(canvas, node);
	}
}

static bool has_text(cmark_node *node)
{
	if (cmark_node_get_literal(node))
		return true;
	if (cmark_node_get_type(node) == CMARK_NODE_IMAGE)
		return false;
	for (node = cmark_node_first_child(node); node; node = cmark_node_next(node))
		if (has_text(node))
			return true;
	return false;
}

static void put_blocks(struct canvas *canvas, cmark_node *parent, double gap)
{
	for (cmark_node *node = cmark_node_first_child(parent); node;
		node = cmark_node_next(node)) {
		put_block(canvas, node);
		if (cmark_node_next(node) && cmark_node_get_type(node) != CMARK_NODE_HEADING &&
			has_text(node))
			skip(canvas, gap);
	}
}

/* Lays out everything; `canvas->y` is then the end of it. */
static void put_page(struct canvas *canvas, double scale, bool is_drawn)
{
	canvas->scale = scale;
	canvas->is_drawn = is_drawn;
	canvas->y = TOP;
	canvas->left = LEFT;
	canvas->picture_bottom = 0;
	canvas->bottom = is_drawn ? BOTTOM : ANYWHERE;
	put_blocks(canvas, canvas->page->document, 5);
	if (canvas->y < canvas->picture_bottom)
		canvas->y = canvas->picture_bottom;
}

/* Returns the largest scale at which everything fits on one page, or else the smallest one. */
static double fitting_scale(struct canvas *canvas)
{
	double scale = 1;

	for (;;) {
		put_page(canvas, scale, false);
		if (canvas->y <= BOTTOM || scale - STEP < SMALLEST)
			return scale;
		scale -= STEP;
	}
}

/* ---- The file -------------------------------------------------------------------------------- */

static cairo_status_t append(void *context, const unsigned char *bytes, unsigned length)
{
	return a2a_secret_append(context, (const char *)bytes, length) ? CAIRO_STATUS_SUCCESS
								       : CAIRO_STATUS_NO_MEMORY;
}

static void describe(cairo_surface_t *surface, const struct sheet_page *page)
{
	char when[32];
	struct tm time;

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page->title);
	if (page->author && *page->author)
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, page->author);
	/* Otherwise the file would have the current time, and no two files would be equal. */
	if (gmtime_r(&page->issued, &time) &&
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &time))
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
}

/*
 * Uses the thread's own font map, which keeps the fonts from one sheet to the next until the thread
 * ends.
 */
static PangoContext *context_new(void)
{
	PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	cairo_font_options_t *options = cairo_font_options_create();

	/* Paper has no pixels to align to. */
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_context_set_round_glyph_positions(context, FALSE);
	cairo_font_options_destroy(options);
	return context;
}

bool sheet_write_pdf(const struct sheet_page *page, struct secret *out, const struct a2a_log *log)
{
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(append, out, PAGE_WIDTH, PAGE_HEIGHT);
	struct canvas canvas = {
		.page = page,
		.log = log,
		.cairo = cairo_create(surface),
		.context = context_new(),
		.ok = true,
	};
	cairo_status_t status;
	double scale;

	pango_context_set_language(canvas.context, pango_language_from_string(page->language));
	describe(surface, page);
	scale = fitting_scale(&canvas);
	if (canvas.ok)
		put_page(&canvas, scale, true);
	cairo_surface_finish(surface);
	status = cairo_status(canvas.cairo);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	if (canvas.ok && status != CAIRO_STATUS_SUCCESS)
		a2a_fault_at(log, page->path, 0, "the PDF cannot be made: %s",
			cairo_status_to_string(status));
	g_object_unref(canvas.context);
	cairo_destroy(canvas.cairo);
	cairo_surface_destroy(surface);
	return canvas.ok && status == CAIRO_STATUS_SUCCESS;
}

/* ---- The types ------------------------------------------------------------------------------- */

/* Tells whether a font is installed. Without this check, Pango would silently use another one. */
static bool is_installed(PangoContext *context, const char *family)
{
	PangoFontDescription *wanted = pango_font_description_new(), *got = NULL;
	PangoFont *font;
	bool ok = false;

	pango_font_description_set_family_static(wanted, family);
	pango_font_description_set_absolute_size(wanted, BODY * PANGO_SCALE);
	font = pango_context_load_font(context, wanted);
	if (font) {
		got = pango_font_describe(font);
		ok = g_strcmp0(pango_font_description_get_family(got), family) == 0;
		pango_font_description_free(got);
		g_object_unref(font);
	}
	pango_font_description_free(wanted);
	return ok;
}

bool sheet_pdf_check(const struct a2a_log *log)
{
	PangoContext *context = context_new();
	const char *missing = NULL;

	if (!is_installed(context, FAMILY))
		missing = FAMILY;
	else if (!is_installed(context, CODE_FAMILY))
		missing = CODE_FAMILY;
	if (missing)
		a2a_fault_at(log, NULL, 0,
			"the type \"%s\" is not installed, in which sheets are printed (Debian: "
			"fonts-dejavu-core)",
			missing);
	g_object_unref(context);
	return !missing;
}
