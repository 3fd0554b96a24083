/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "picture.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

enum {
	LOGO_MOST_BYTES = 4 << 20,
	LOGO_DOTS = 4,   /* for each point on paper: 288 an inch */
	QUIET = 4,       /* modules around a QR code */
	MODULE_DOTS = 4, /* of a QR code in HTML, whose style makes it larger */
};

/* ---- PNG ------------------------------------------------------------------------------------- */

struct reader {
	const char *bytes;
	size_t left;
};

static cairo_status_t read_png(void *context, unsigned char *bytes, unsigned length)
{
	struct reader *reader = context;

	if (length > reader->left)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(bytes, reader->bytes, length);
	reader->bytes += length;
	reader->left -= length;
	return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t write_png(void *context, const unsigned char *bytes, unsigned length)
{
	return a2a_secret_append(context, (const char *)bytes, length) ? CAIRO_STATUS_SUCCESS
								       : CAIRO_STATUS_NO_MEMORY;
}

/* NULL when memory is out. */
static char *address_of(cairo_surface_t *surface)
{
	static const char scheme[] = "data:image/png;base64,";
	struct secret png = {0};
	char *base64 = NULL, *address = NULL;

	if (cairo_surface_write_to_png_stream(surface, write_png, &png) != CAIRO_STATUS_SUCCESS)
		goto out;
	base64 = g_base64_encode((const unsigned char *)png.bytes, png.length);
	address = malloc(sizeof(scheme) + strlen(base64));
	if (address)
		stpcpy(stpcpy(address, scheme), base64);
out:
	g_free(base64);
	a2a_secret_wipe(&png);
	return address;
}

/* ---- The logo -------------------------------------------------------------------------------- */

/* Makes a picture of the printed size, without the other data of the file. */
static void make_small(struct sheet_logo *logo, cairo_surface_t *original)
{
	const double width = cairo_image_surface_get_width(original);
	const double height = cairo_image_surface_get_height(original);
	const double fit = fmin(SHEET_LOGO_WIDTH / width, SHEET_LOGO_HEIGHT / height);
	const double shrink = fmin(fit * LOGO_DOTS, 1);
	cairo_t *cairo;

	logo->width = width * fit;
	logo->height = height * fit;
	logo->pixels = cairo_image_surface_create(CAIRO_FORMAT_ARGB32,
		(int)fmax(ceil(width * shrink), 1), (int)fmax(ceil(height * shrink), 1));
	cairo = cairo_create(logo->pixels);
	cairo_scale(cairo, shrink, shrink);
	cairo_set_source_surface(cairo, original, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
	cairo_paint(cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(logo->pixels);
}

bool sheet_logo_open(struct sheet_logo *logo, const char *path, const struct a2a_log *log)
{
	struct sheet_input file = {0};
	struct reader reader;
	cairo_surface_t *original = NULL;
	bool ok = sheet_input_read(&file, path, LOGO_MOST_BYTES, log);

	*logo = (struct sheet_logo){0};
	if (!ok)
		goto out;
	reader = (struct reader){file.bytes, file.size};
	original = cairo_image_surface_create_from_png_stream(read_png, &reader);
	ok = cairo_surface_status(original) == CAIRO_STATUS_SUCCESS &&
	     cairo_image_surface_get_width(original) > 0 &&
	     cairo_image_surface_get_height(original) > 0;
	if (!ok) {
		a2a_fault_at(log, path, 0, "the logo is no PNG picture, or is damaged");
		goto out;
	}
	make_small(logo, original);
	logo->address = address_of(logo->pixels);
	ok = logo->address != NULL;
	if (!ok)
		a2a_fault_at(log, path, 0, "out of memory");
out:
	cairo_surface_destroy(original);
	sheet_input_free(&file);
	return ok;
}

void sheet_logo_close(struct sheet_logo *logo)
{
	cairo_surface_destroy(logo->pixels);
	free(logo->address);
	*logo = (struct sheet_logo){0};
}

void sheet_logo_draw(const struct sheet_logo *logo, cairo_t *cairo)
{
	/* Each has a surface of its own around the same pixels, which nobody changes: cairo does
	 * not say that one surface may be drawn from in several threads. */
	const int width = cairo_image_surface_get_width(logo->pixels);
	const int height = cairo_image_surface_get_height(logo->pixels);
	cairo_surface_t *own = cairo_image_surface_create_for_data(
		cairo_image_surface_get_data(logo->pixels), CAIRO_FORMAT_ARGB32, width, height,
		cairo_image_surface_get_stride(logo->pixels));

	cairo_save(cairo);
	cairo_scale(cairo, logo->width / width, logo->height / height);
	cairo_set_source_surface(cairo, own, 0, 0);
	/* Not cairo_paint(): with an opaque picture, cairo 1.16 forgets the tags that are open. */
	cairo_rectangle(cairo, 0, 0, width, height);
	cairo_fill(cairo);
	cairo_restore(cairo);
	cairo_surface_destroy(own);
}

/* ---- QR codes -------------------------------------------------------------------------------- */

QRcode *sheet_qr_new(const char *text)
{
	return QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
}

void sheet_qr_draw(const QRcode *code, cairo_t *cairo, double side)
{
	const double module = side / (code->width + 2 * QUIET);

	cairo_save(cairo);
	cairo_rectangle(cairo, 0, 0, side, side);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_fill(cairo);
	cairo_scale(cairo, module, module);
	cairo_translate(cairo, QUIET, QUIET);
	/* All modules are one path, so that no thin line shows between two of them. */
	for (int row = 0; row < code->width; row++)
		for (int column = 0; column < code->width; column++)
			if (code->data[row * code->width + column] & 1)
				cairo_rectangle(cairo, column, row, 1, 1);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	cairo_fill(cairo);
	cairo_restore(cairo);
}

char *sheet_qr_address(const QRcode *code)
{
	const int dots = (code->width + 2 * QUIET) * MODULE_DOTS;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, dots, dots);
	cairo_t *cairo = cairo_create(surface);
	char *address;

	cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	sheet_qr_draw(code, cairo, dots);
	cairo_destroy(cairo);
	address = address_of(surface);
	cairo_surface_destroy(surface);
	return address;
}
