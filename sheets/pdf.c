/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sheet as PDF, one A4 page. Pango sets the type, cairo draws and writes the file.
 *
 * The page is laid out without drawing, in smaller and smaller type until it fits, and then drawn.
 * Text that does not fit in the smallest type continues on another page.
 *
 * What is drawn is tagged (ISO 32000-1, 14.8), in reading order, so that a screen reader can read
 * the page. cairo gives content only to a tag that contains no other tags, so each piece of text
 * has a tag of its own. Boxes and lines have none: PDF/UA requires artifacts there, which cairo
 * does not support.
 *
 * Pango, HarfBuzz, cairo and zlib free the text without wiping it. The password stays in freed
 * memory of this process until that memory is reused, and nothing can be done about it here. If
 * that matters, make text or HTML, or end the process.
 */
#define _GNU_SOURCE
#include <cairo-pdf.h>
#include <hb.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "pages.h"
#include "tagged.h"

/* ---- Measures, in points --------------------------------------------------------------------- */

static const double PAGE_WIDTH = 595.276, PAGE_HEIGHT = 841.89; /* A4 */
static const double LEFT = 57, RIGHT = 595.276 - 57, TOP = 45, BOTTOM = 841.89 - 40;
static const double BODY = 10.5;     /* the size of its type */
static const double SMALLEST = 0.76; /* of all that: 8 points */
static const double STEP = 0.03;     /* from one size to the next smaller one */
static const double LEADING = 1.08;  /* of the line that the type itself asks for */
static const double PASSWORD = 27, PASSWORD_PADDING = 11, PASSWORD_BORDER = 2.4;
static const double CODE = 15, CODE_PADDING = 6; /* a user name on a line of its own */
static const double SMALLEST_CODE = 10.5;
static const double SMALL = 0.82; /* of the body: the small print */
static const double CELL_SHOWN = 16, CELL_NAME = 9, CELL_MARK = 8, CELL_PADDING = 3;
static const double CELL_LEAST = 58, CELL_MOST = 78; /* the width of a cell */
static const double CELL_GAP = 3;
static const double WORDMARK = 15; /* the organisation's name where there is no logo */
static const double QR_SIDE = 79;  /* 28 mm */
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
			   FAINT = {0.55, 0.60, 0.66}, WHITE = {1, 1, 1};

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
	struct colour ink;
	/* A picture at the right: blocks that begin above its bottom are narrower. */
	double picture_left, picture_bottom;
	bool is_small; /* the small print */
	/* The descriptions of the pictures that were drawn. */
	char **descriptions;
	size_t description_count;
	bool ok;
};

static void tag_begin(struct canvas *canvas, const char *tag, const char *attributes)
{
	if (canvas->is_drawn)
		cairo_tag_begin(canvas->cairo, tag, attributes);
}

static void tag_end(struct canvas *canvas, const char *tag)
{
	if (canvas->is_drawn)
		cairo_tag_end(canvas->cairo, tag);
}

static double body(const struct canvas *canvas)
{
	return BODY * canvas->scale * (canvas->is_small ? SMALL : 1);
}

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
	cmark_node *document;
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

/* On paper nobody can follow a link: its address is written, unless it stands there already. */
static void put_address(struct paragraph *paragraph, cmark_node *link)
{
	const char *address = sheet_unsaid(paragraph->document, link);

	if (!address)
		return;
	say(paragraph, " (");
	say(paragraph, address);
	say(paragraph, ")");
}

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
		/* The attribute makes a run of its own of it, which put_runs() colours and
		 * underlines.
		 */
		mark(paragraph, start, colour_attribute(ACCENT));
		put_address(paragraph, node);
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

static void paragraph_start(struct paragraph *paragraph, const struct canvas *canvas)
{
	*paragraph = (struct paragraph){
		.document = canvas->page->document,
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

static PangoFontDescription *font_new(const char *family, PangoWeight weight, double size)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family_static(font, family);
	pango_font_description_set_weight(font, weight);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	return font;
}

/* Tells whether a word fits into a line, if it is bold. */
static bool has_room(
	const struct canvas *canvas, const char *word, size_t length, double size, double width)
{
	const double widest =
		1.1; /* letter of the type, in its size: a short word needs no measure */
	PangoFontDescription *font;
	PangoLayout *layout;
	int units = 0;

	if ((double)length * widest * size <= width)
		return true;
	layout = pango_layout_new(canvas->context);
	font = font_new(FAMILY, PANGO_WEIGHT_BOLD, size);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, word, (int)length);
	pango_layout_get_size(layout, &units, NULL);
	pango_font_description_free(font);
	g_object_unref(layout);
	return (double)units / PANGO_SCALE <= width;
}

/*
 * A line ends between two words only: not after the hyphen of "e-mail", not in an address or a
 * telephone number. A word that has no room in a line is broken anywhere, without a hyphen, which
 * could be taken for a character of an address.
 */
static void keep_words_whole(
	struct canvas *canvas, struct paragraph *paragraph, double size, double width)
{
	const char *text = paragraph->text.length ? paragraph->text.bytes : "";

	mark(paragraph, 0, pango_attr_insert_hyphens_new(FALSE));
	for (const char *at = text; *at;) {
		const size_t length = strcspn(at, " \n");
		PangoAttribute *whole;

		if (has_room(canvas, at, length, size, width)) {
			whole = pango_attr_allow_breaks_new(FALSE);
			whole->start_index = (guint)(at - text);
			whole->end_index = (guint)(at - text + (ptrdiff_t)length);
			pango_attr_list_insert(paragraph->attributes, whole);
		}
		at += length;
		at += *at != '\0';
	}
}

static PangoLayout *layout_new(struct canvas *canvas, struct paragraph *paragraph,
	const char *family, PangoWeight weight, double size, double width)
{
	PangoLayout *layout = pango_layout_new(canvas->context);
	PangoFontDescription *font = font_new(family, weight, size);

	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	if (strcmp(family, FAMILY) == 0)
		keep_words_whole(canvas, paragraph, size, width);
	else
		mark(paragraph, 0, pango_attr_insert_hyphens_new(FALSE));
	/* cairo writes /ActualText for a ligature too, and in a password it would be misread. */
	mark(paragraph, 0, pango_attr_font_features_new("liga=0, clig=0, dlig=0, calt=0"));
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

/* The attributes of a link that covers a rectangle. NULL when memory is out, or when it must not
 * lead anywhere. Release with free(). */
static char *link_attributes(
	const struct link *link, double x, double top, double width, double height)
{
	char *address = link && may_lead(link->address) ? encoded(link->address) : NULL;
	char *attributes = NULL;

	/* No decimal point, which could be the comma of a locale. */
	if (address && asprintf(&attributes, "rect=[%ld %ld %ld %ld] uri='%s'", lround(x),
			       lround(top), lround(width), lround(height), address) < 0)
		attributes = NULL;
	free(address);
	return attributes;
}

static const struct link *link_at(const GArray *links, const PangoLayoutRun *run)
{
	for (guint i = 0; links && i < links->len; i++) {
		const struct link *link = &g_array_index(links, struct link, i);

		if ((guint)run->item->offset >= link->start && (guint)run->item->offset < link->end)
			return link;
	}
	return NULL;
}

static double width_of(const PangoLayoutRun *run)
{
	return (double)pango_glyph_string_get_width(run->glyphs) / PANGO_SCALE;
}

static void underline(struct canvas *canvas, double x, double baseline, double width)
{
	cairo_set_line_width(canvas->cairo, 0.07 * body(canvas));
	cairo_move_to(canvas->cairo, x, baseline + 0.16 * body(canvas));
	cairo_rel_line_to(canvas->cairo, width, 0);
	cairo_stroke(canvas->cairo);
}

/*
 * Draws one run. Where a space ends a line, Pango has an empty glyph, for which cairo would write
 * /ActualText; the readers that use poppler (22.12) then lose the rest of the paragraph. So the
 * space is drawn.
 */
static void put_run(struct canvas *canvas, const char *text, const PangoLayoutRun *run)
{
	PangoLayoutRun *copy = pango_glyph_item_copy((PangoLayoutRun *)(uintptr_t)run);
	hb_codepoint_t space;

	if (hb_font_get_nominal_glyph(
		    pango_font_get_hb_font(run->item->analysis.font), ' ', &space))
		for (int i = 0; i < copy->glyphs->num_glyphs; i++)
			if (copy->glyphs->glyphs[i].glyph == PANGO_GLYPH_EMPTY)
				copy->glyphs->glyphs[i].glyph = space;
	pango_cairo_show_glyph_item(canvas->cairo, text, copy);
	pango_glyph_item_free(copy);
}

/* Draws the runs of a line that belong together: those of one link, or of none. Returns where they
 * end. */
static double put_runs(struct canvas *canvas, const char *text, GSList **runs,
	const struct link *link, const GArray *links, double x, double baseline)
{
	double at = x;

	set_colour(canvas, link ? ACCENT : canvas->ink);
	for (; *runs && link_at(links, (*runs)->data) == link; *runs = (*runs)->next) {
		PangoLayoutRun *run = (*runs)->data;

		cairo_move_to(canvas->cairo, at, baseline);
		put_run(canvas, text, run);
		at += width_of(run);
	}
	if (link)
		underline(canvas, x, baseline, at - x);
	return at;
}

/* Draws a line. In a paragraph with links, each piece has a tag of its own. */
static void put_line(struct canvas *canvas, const char *text, PangoLayoutLine *line,
	const GArray *links, double x, double baseline, double height)
{
	const bool has_links = links && links->len;
	GSList *runs = line->runs;

	while (runs) {
		const struct link *link = link_at(links, runs->data);
		double width = 0;
		char *attributes;

		for (GSList *run = runs; run && link_at(links, run->data) == link; run = run->next)
			width += width_of(run->data);
		attributes = link_attributes(link, x, canvas->y, width, height);
		if (has_links)
			tag_begin(canvas, attributes ? CAIRO_TAG_LINK : "Span", attributes);
		x = put_runs(canvas, text, &runs, link, links, x, baseline);
		if (has_links)
			tag_end(canvas, attributes ? CAIRO_TAG_LINK : "Span");
		free(attributes);
	}
}

/* Draws line by line, so that a page can end between two lines. `links` may be NULL. */
static void put_layout(
	struct canvas *canvas, PangoLayout *layout, double x, const GArray *links, const char *tag)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);

	tag_begin(canvas, tag, NULL);
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
			put_line(canvas, pango_layout_get_text(layout), line, links,
				x + (double)logical.x / PANGO_SCALE, canvas->y + baseline, height);
		}
		canvas->y += height;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	tag_end(canvas, tag);
}

/* ---- Letters that no font has ---------------------------------------------------------------- */

/* Returns the first character of the layout that no installed font has; 0: none. It would be drawn
 * as a box with a number. */
static gunichar unknown_letter(PangoLayout *layout)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	gunichar letter = 0;

	do {
		const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);

		for (int i = 0; run && !letter && i < run->glyphs->num_glyphs; i++)
			if (run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG)
				letter = run->glyphs->glyphs[i].glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
	} while (!letter && pango_layout_iter_next_run(iter));
	pango_layout_iter_free(iter);
	return letter;
}

/* Returns the name of the first field whose value has the letter, or NULL. */
static const char *field_with(const struct sheet_page *page, const char *letter)
{
	for (size_t i = 0; i < page->value_count; i++) {
		const struct secret *text = &page->values[i].text;

		if (text->length && memmem(text->bytes, text->length, letter, strlen(letter)))
			return page->values[i].name;
	}
	return NULL;
}

/* Debian's packages of fonts, by what they have. */
static const char *remedy_for(gunichar letter)
{
	switch (g_unichar_get_script(letter)) {
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_HANGUL:
	case G_UNICODE_SCRIPT_BOPOMOFO:
	case G_UNICODE_SCRIPT_YI:
		return "install a font that has it (Debian: fonts-noto-cjk)";
	default:
		break;
	}
	if ((letter >= 0x1f000 && letter < 0x1fb00) || (letter >= 0x2600 && letter < 0x2800))
		return "install a font that has it (Debian: fonts-noto-color-emoji), or leave it "
		       "out";
	if (!g_unichar_isdefined(letter) || g_unichar_type(letter) == G_UNICODE_PRIVATE_USE)
		return "no font has it, so leave it out";
	return "install a font that has it (Debian: fonts-noto-core), or write it in other letters";
}

static void check_letters(struct canvas *canvas, PangoLayout *layout)
{
	const struct sheet_page *page = canvas->page;
	char text[8] = "";
	const char *field;
	gunichar letter;

	if (canvas->is_drawn || !canvas->ok || !pango_layout_get_unknown_glyphs_count(layout))
		return;
	canvas->ok = false;
	letter = unknown_letter(layout);
	g_unichar_to_utf8(letter, text);
	field = field_with(page, text);
	if (!field)
		a2a_fault_at(canvas->log, page->path, 0,
			"the template has \"%s\" (U+%04X), which no installed font has: %s", text,
			(unsigned)letter, remedy_for(letter));
	else if (strcmp(field, "password") == 0 || strcmp(field, "spelled") == 0)
		a2a_fault_at(canvas->log, page->path, 0,
			"the password has a character that no installed font has: %s",
			remedy_for(letter));
	else
		a2a_fault_at(canvas->log, page->path, 0,
			"the field {{%s}} of this account has \"%s\" (U+%04X), which no installed "
			"font has: %s",
			field, text, (unsigned)letter, remedy_for(letter));
}

/* ---- Pictures -------------------------------------------------------------------------------- */

/* Remembers what a picture shows, for the tag /Figure that is being drawn. */
static void note_description(struct canvas *canvas, cmark_node *image)
{
	char **more =
		reallocarray(canvas->descriptions, canvas->description_count + 1, sizeof(*more));
	struct secret text = {0};

	if (!more) {
		canvas->ok = false;
		return;
	}
	canvas->descriptions = more;
	canvas->ok &= sheet_append_text(image, &text);
	if (!text.length) {
		const char *other = strcmp(cmark_node_get_url(image), "logo") == 0
					    ? canvas->page->author
					    : cmark_node_get_url(image) + strlen("qr:");

		canvas->ok &=
			a2a_secret_append(&text, other ? other : "", strlen(other ? other : ""));
	}
	more[canvas->description_count++] = strdup(text.bytes ? text.bytes : "");
	canvas->ok &= more[canvas->description_count - 1] != NULL;
	a2a_secret_wipe(&text);
}

/* Takes room for a picture at the right. */
static void place_picture(struct canvas *canvas, double width, double height)
{
	need(canvas, height);
	if (canvas->y < canvas->picture_bottom)
		canvas->y = canvas->picture_bottom;
	canvas->picture_left = RIGHT - width;
	canvas->picture_bottom = canvas->y + height;
}

/* The organisation's name, where it has no logo. */
static void put_wordmark(struct canvas *canvas, cmark_node *image)
{
	struct paragraph paragraph;
	PangoLayout *layout;
	int width = 0;
	double top;

	paragraph_start(&paragraph, canvas);
	collect(&paragraph, image);
	canvas->ok &= paragraph.ok;
	layout = layout_new(canvas, &paragraph, FAMILY, PANGO_WEIGHT_BOLD, WORDMARK * canvas->scale,
		SHEET_LOGO_WIDTH);
	pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
	check_letters(canvas, layout);
	pango_layout_get_size(layout, &width, NULL);
	place_picture(canvas, (double)width / PANGO_SCALE, height_of(layout));
	top = canvas->y;
	canvas->ink = ACCENT;
	put_layout(canvas, layout, RIGHT - SHEET_LOGO_WIDTH, paragraph.links, "P");
	canvas->y = top;
	canvas->ink = INK;
	g_object_unref(layout);
	paragraph_wipe(&paragraph);
}

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
			"the address is too long for a QR code, or out of memory");
		canvas->ok = false;
		return;
	}
	place_picture(canvas, width, height);
	if (canvas->is_drawn) {
		note_description(canvas, image);
		tag_begin(canvas, "Figure", NULL);
		cairo_save(canvas->cairo);
		cairo_translate(canvas->cairo, canvas->picture_left, canvas->y);
		if (is_logo)
			sheet_logo_draw(logo, canvas->cairo);
		else
			sheet_qr_draw(code, canvas->cairo, QR_SIDE);
		cairo_restore(canvas->cairo);
		tag_end(canvas, "Figure");
	}
	QRcode_free(code);
}

static void put_pictures(struct canvas *canvas, cmark_node *parent)
{
	for (cmark_node *node = cmark_node_first_child(parent); node; node = cmark_node_next(node))
		if (cmark_node_get_type(node) != CMARK_NODE_IMAGE)
			put_pictures(canvas, node);
		else if (strcmp(cmark_node_get_url(node), "logo") == 0 &&
			 !canvas->page->logo->pixels)
			put_wordmark(canvas, node);
		else
			put_picture(canvas, node);
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

static void put_grid(struct canvas *canvas);

static void put_paragraph(struct canvas *canvas, cmark_node *node)
{
	struct paragraph paragraph;

	put_pictures(canvas, node);
	paragraph_start(&paragraph, canvas);
	collect(&paragraph, node);
	canvas->ok &= paragraph.ok;
	if (paragraph.ok && paragraph.text.length) {
		PangoLayout *layout = layout_new(canvas, &paragraph, FAMILY, PANGO_WEIGHT_NORMAL,
			body(canvas), right_of(canvas) - canvas->left);

		check_letters(canvas, layout);
		put_layout(canvas, layout, canvas->left, paragraph.links, "P");
		g_object_unref(layout);
	}
	paragraph_wipe(&paragraph);
	if (sheet_has_grid(node))
		put_grid(canvas);
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
	const char tag[] = {'H', (char)('1' + level), '\0'};
	struct paragraph paragraph;
	PangoLayout *layout;

	put_pictures(canvas, node);
	/* Move below a picture of the block before, because the rule is above the heading. */
	if (heading->is_ruled && canvas->y < canvas->picture_bottom)
		canvas->y = canvas->picture_bottom;
	skip(canvas, heading->before);
	paragraph_start(&paragraph, canvas);
	collect(&paragraph, node);
	canvas->ok &= paragraph.ok;
	layout = layout_new(canvas, &paragraph, FAMILY, PANGO_WEIGHT_BOLD,
		heading->size * canvas->scale, right_of(canvas) - canvas->left);
	check_letters(canvas, layout);
	/* A heading stays on the page of its text. */
	need(canvas, height_of(layout) + 3 * BODY * canvas->scale);
	if (heading->is_ruled)
		put_rule(canvas);
	canvas->ink = ACCENT;
	put_layout(canvas, layout, canvas->left, paragraph.links, tag);
	canvas->ink = INK;
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

/* The size at which the widest line fits, if it is not smaller than can be read well. Sets its
 * width at that size. */
static double code_size(struct canvas *canvas, struct paragraph *paragraph, double most,
	double width, double *natural)
{
	PangoLayout *layout = code_layout(canvas, paragraph, most, -1);
	int units = 0;
	double size;

	pango_layout_set_width(layout, -1);
	pango_layout_get_size(layout, &units, NULL);
	g_object_unref(layout);
	*natural = fmax((double)units / PANGO_SCALE, 1);
	/* Use a little less than would fit, because measures are rounded. */
	size = fmax(SMALLEST_CODE, fmin(most, 0.995 * most * width / *natural));
	*natural *= size / most;
	return size;
}

/* The password is the one thing on the page in a heavy box; other code has a light ground. */
static void put_box(struct canvas *canvas, double width, double height, bool is_password)
{
	cairo_rectangle(canvas->cairo, canvas->left, canvas->y, width, height);
	set_colour(canvas, is_password ? WHITE : PAPER);
	cairo_fill_preserve(canvas->cairo);
	set_colour(canvas, is_password ? INK : RULE);
	cairo_set_line_width(canvas->cairo, is_password ? PASSWORD_BORDER : 0.5);
	cairo_stroke(canvas->cairo);
}

static void put_code_block(struct canvas *canvas, cmark_node *node)
{
	const bool is_password = sheet_is_password(node);
	const double padding = (is_password ? PASSWORD_PADDING : CODE_PADDING) * canvas->scale;
	const char *literal = cmark_node_get_literal(node);
	size_t length = strlen(literal);
	struct paragraph paragraph;
	PangoLayout *layout;
	double width, size, height, natural;

	while (length && literal[length - 1] == '\n')
		length--;
	paragraph_start(&paragraph, canvas);
	paragraph.ok = a2a_secret_append(&paragraph.text, literal, length);
	canvas->ok &= paragraph.ok;
	width = right_of(canvas) - canvas->left;
	size = code_size(
		canvas, &paragraph, is_password ? PASSWORD : CODE, width - 2 * padding, &natural);
	layout = code_layout(canvas, &paragraph, size, width - 2 * padding);
	check_letters(canvas, layout);
	if (!is_password)
		width = fmin(width, natural + 2 * padding + 1);
	height = height_of(layout) + 1.2 * padding;
	need(canvas, height);
	if (canvas->is_drawn) {
		put_box(canvas, width, height, is_password);
		canvas->y += 0.6 * padding;
		mark_spaces(canvas, layout, canvas->left + padding, size * canvas->scale);
		canvas->y -= 0.6 * padding;
	}
	canvas->y += 0.6 * padding;
	put_layout(canvas, layout, canvas->left + padding, paragraph.links, "P");
	canvas->y += 0.6 * padding + (is_password ? PASSWORD_BORDER : 0);
	g_object_unref(layout);
	paragraph_wipe(&paragraph);
}

/* ---- The grid -------------------------------------------------------------------------------- */

/* What stands in a cell, from the top. */
enum piece { SHOWN, MARK, NAME, PIECES };

static const struct {
	const char *family;
	double size;
	PangoWeight weight;
} pieces[PIECES] = {
	[SHOWN] = {CODE_FAMILY, CELL_SHOWN, PANGO_WEIGHT_BOLD},
	[MARK] = {FAMILY, CELL_MARK, PANGO_WEIGHT_BOLD},
	[NAME] = {FAMILY, CELL_NAME, PANGO_WEIGHT_NORMAL},
};

static struct secret piece_of(const struct a2a_sheet_cell *cell, enum piece piece)
{
	/* A space would not be seen. */
	static const char space[] = "\u2423";

	switch (piece) {
	case SHOWN:
		if (cell->shown.length == 1 && *cell->shown.bytes == ' ')
			return a2a_secret_borrow(space, strlen(space));
		return cell->shown;
	case MARK:
		return cell->mark ? a2a_secret_borrow(cell->mark, strlen(cell->mark))
				  : (struct secret){0};
	default:
		return cell->name;
	}
}

/* Lays a piece out in the middle of a width; words that are too long for it are set smaller.
 * Returns NULL for an empty piece. */
static PangoLayout *lay_piece(
	struct canvas *canvas, const struct a2a_sheet_cell *cell, enum piece piece, double width)
{
	const struct secret text = piece_of(cell, piece);
	double size = pieces[piece].size * canvas->scale;
	PangoLayout *layout = NULL;

	for (int attempt = 0; text.length && attempt < 2; attempt++) {
		struct paragraph paragraph;
		int wide = 0;

		paragraph_start(&paragraph, canvas);
		paragraph.ok = a2a_secret_append(&paragraph.text, text.bytes, text.length);
		canvas->ok &= paragraph.ok;
		g_clear_object(&layout);
		layout = layout_new(canvas, &paragraph, pieces[piece].family, pieces[piece].weight,
			size, width);
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
		pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
		pango_layout_set_auto_dir(layout, FALSE);
		pango_layout_get_size(layout, &wide, NULL);
		paragraph_wipe(&paragraph);
		if ((double)wide / PANGO_SCALE <= width)
			break;
		size *= 0.98 * width * PANGO_SCALE / wide;
	}
	return layout;
}

static double width_of_piece(
	struct canvas *canvas, const struct a2a_sheet_cell *cell, enum piece piece)
{
	PangoLayout *layout = lay_piece(canvas, cell, piece, RIGHT - LEFT);
	int width = 0;

	if (!layout)
		return 0;
	pango_layout_set_width(layout, -1);
	pango_layout_get_size(layout, &width, NULL);
	g_object_unref(layout);
	return (double)width / PANGO_SCALE;
}

/* Cells of characters have one width; a word takes what it needs. */
static double width_of_cell(struct canvas *canvas, const struct a2a_sheet_cell *cell)
{
	const double padding = 2 * CELL_PADDING * canvas->scale;

	return fmin(RIGHT - LEFT, padding + fmax(width_of_piece(canvas, cell, SHOWN),
						    width_of_piece(canvas, cell, NAME)));
}

/* Draws a cell, or measures it. Returns its height. */
static double put_cell(struct canvas *canvas, const struct a2a_sheet_cell *cell, double x,
	double width, double height)
{
	static const char *const tags[PIECES] = {"Lbl", NULL, NULL};
	const double padding = CELL_PADDING * canvas->scale, top = canvas->y;
	const bool is_drawn = canvas->is_drawn && height > 0;
	PangoLayout *layout[PIECES];
	double all = padding, band;

	for (enum piece piece = 0; piece < PIECES; piece++) {
		layout[piece] = lay_piece(canvas, cell, piece, width - 2 * padding);
		if (layout[piece])
			all += height_of(layout[piece]);
	}
	all += padding;
	band = height_of(layout[SHOWN]) + padding;
	if (is_drawn) {
		cairo_rectangle(canvas->cairo, x, top, width, height);
		set_colour(canvas, cell->mark ? INK : FAINT);
		cairo_set_line_width(canvas->cairo, cell->mark ? 1.2 : 0.5);
		cairo_stroke(canvas->cairo);
		/* A capital is white on dark. */
		if (cell->mark) {
			cairo_rectangle(canvas->cairo, x, top, width, band);
			set_colour(canvas, INK);
			cairo_fill(canvas->cairo);
		}
		tag_begin(canvas, "LI", NULL);
		canvas->y += 0.5 * padding;
		for (enum piece piece = 0; piece < PIECES; piece++) {
			if (piece == MARK)
				tag_begin(canvas, "LBody", NULL);
			canvas->ink = piece == SHOWN && cell->mark ? WHITE : INK;
			if (layout[piece])
				put_layout(canvas, layout[piece], x + padding, NULL,
					tags[piece] ? tags[piece] : "Span");
			if (piece == SHOWN)
				canvas->y = top + band + 0.5 * padding;
			if (piece == NAME)
				tag_end(canvas, "LBody");
		}
		tag_end(canvas, "LI");
		canvas->ink = INK;
		canvas->y = top;
	}
	for (enum piece piece = 0; piece < PIECES; piece++)
		g_clear_object(&layout[piece]);
	return all;
}

/* Puts the cells of a row, which begin at the left. */
static void put_row(struct canvas *canvas, const struct a2a_sheet_cell *cells, const double *width,
	size_t count)
{
	const bool is_drawn = canvas->is_drawn;
	double height = 0, x = canvas->left;

	canvas->is_drawn = false;
	for (size_t i = 0; i < count; i++)
		height = fmax(height, put_cell(canvas, &cells[i], 0, width[i], 0));
	canvas->is_drawn = is_drawn;
	need(canvas, height);
	for (size_t i = 0; i < count; i++) {
		put_cell(canvas, &cells[i], x, width[i], height);
		x += width[i] + CELL_GAP;
	}
	canvas->y += height + CELL_GAP;
}

/* Returns how many cells have room in the first row. */
static size_t count_in_row(const double *width, size_t count, double room)
{
	size_t fit = 0;

	for (double left = room; fit < count && (left -= width[fit]) >= 0; fit++)
		left -= CELL_GAP;
	return fit ? fit : 1;
}

/* Sets the widths of the cells: of characters, so that the rows are filled alike. */
static void set_widths(struct canvas *canvas, double room, double *width)
{
	const struct sheet_page *page = canvas->page;
	const size_t count = page->cell_count;
	size_t most = (size_t)fmax((room + CELL_GAP) / (CELL_LEAST + CELL_GAP), 1);
	const size_t rows = (count + most - 1) / most, in_row = (count + rows - 1) / rows;
	const double each = fmin(CELL_MOST, (room + CELL_GAP) / (double)in_row - CELL_GAP);
	bool has_words = false;

	for (size_t i = 0; i < count; i++)
		has_words |= page->cells[i].is_word;
	for (size_t i = 0; i < count; i++)
		width[i] = has_words ? width_of_cell(canvas, &page->cells[i]) : each;
}

static void put_grid(struct canvas *canvas)
{
	const struct sheet_page *page = canvas->page;
	const double room = right_of(canvas) - canvas->left;
	double *width = calloc(page->cell_count + 1, sizeof(*width));

	if (!width) {
		canvas->ok = false;
		return;
	}
	set_widths(canvas, room, width);
	skip(canvas, 3);
	tag_begin(canvas, "L", NULL);
	for (size_t at = 0, in_row; at < page->cell_count; at += in_row) {
		in_row = count_in_row(width + at, page->cell_count - at, room + 0.01);
		put_row(canvas, page->cells + at, width + at, in_row);
	}
	tag_end(canvas, "L");
	free(width);
}

/* ---- Lists ----------------------------------------------------------------------------------- */

static void put_blocks(struct canvas *canvas, cmark_node *parent, double gap);

/* What stands before an item. */
static void put_mark(struct canvas *canvas, const char *text, bool is_number)
{
	struct paragraph paragraph;
	PangoLayout *layout;

	paragraph_start(&paragraph, canvas);
	say(&paragraph, text);
	canvas->ok &= paragraph.ok;
	layout = layout_new(canvas, &paragraph, FAMILY,
		is_number ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, body(canvas), RIGHT - LEFT);
	need(canvas, height_of(layout));
	if (canvas->is_drawn) {
		const double at = canvas->y;

		canvas->ink = ACCENT;
		put_layout(canvas, layout, canvas->left, paragraph.links, "Lbl");
		canvas->ink = INK;
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

	tag_begin(canvas, "L", NULL);
	for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
		char text[24] = "•";

		if (is_ordered)
			snprintf(text, sizeof(text), "%d.", number++);
		tag_begin(canvas, "LI", NULL);
		put_mark(canvas, text, is_ordered);
		tag_begin(canvas, "LBody", NULL);
		canvas->left += indent;
		put_blocks(canvas, item, gap);
		canvas->left -= indent;
		tag_end(canvas, "LBody");
		tag_end(canvas, "LI");
		if (cmark_node_next(item))
			skip(canvas, gap);
	}
	tag_end(canvas, "L");
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
		canvas->is_small = true;
		put_blocks(canvas, node, 2);
		canvas->is_small = false;
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
	canvas->ink = INK;
	canvas->bottom = is_drawn ? BOTTOM : ANYWHERE;
	tag_begin(canvas, "Document", NULL);
	put_blocks(canvas, canvas->page->document, 5);
	tag_end(canvas, "Document");
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

/* Draws the page into `drawn`. */
static bool draw(struct canvas *canvas, struct secret *drawn)
{
	const struct sheet_page *page = canvas->page;
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(append, drawn, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_status_t status;
	double scale;

	canvas->cairo = cairo_create(surface);
	canvas->context = context_new();
	pango_context_set_language(canvas->context, pango_language_from_string(page->language));
	describe(surface, page);
	scale = fitting_scale(canvas);
	if (canvas->ok)
		put_page(canvas, scale, true);
	cairo_surface_finish(surface);
	status = cairo_status(canvas->cairo);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	if (canvas->ok && status != CAIRO_STATUS_SUCCESS)
		a2a_fault_at(canvas->log, page->path, 0, "the PDF cannot be made: %s",
			cairo_status_to_string(status));
	g_object_unref(canvas->context);
	cairo_destroy(canvas->cairo);
	cairo_surface_destroy(surface);
	return canvas->ok && status == CAIRO_STATUS_SUCCESS;
}

bool sheet_write_pdf(const struct sheet_page *page, struct secret *out, const struct a2a_log *log)
{
	struct canvas canvas = {.page = page, .log = log, .ok = true};
	struct secret drawn = {0};
	const bool ok = draw(&canvas, &drawn) &&
			sheet_pdf_complete(&drawn, page->language, canvas.descriptions,
				canvas.description_count, out, page->path, log);

	for (size_t i = 0; i < canvas.description_count; i++)
		free(canvas.descriptions[i]);
	free(canvas.descriptions);
	a2a_secret_wipe(&drawn);
	return ok;
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
