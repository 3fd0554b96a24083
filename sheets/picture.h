/* SPDX-License-Identifier: BSD-3-Clause */
/* The two pictures of a sheet: the logo and the QR code. */
#ifndef A2A_SHEET_PICTURE_H
#define A2A_SHEET_PICTURE_H

#include <cairo.h>
#include <qrencode.h>

#include "log.h"
#include "secret.h"

/* All zero: no logo. Immutable once opened; may be used by several threads. */
struct sheet_logo {
	cairo_surface_t *pixels;
	double width, height; /* on paper, in points */
	char *address;        /* "data:image/png;base64,..." */
};

/* The largest logo on paper, in points: 60 by 18 mm. */
#define SHEET_LOGO_WIDTH 170.0
#define SHEET_LOGO_HEIGHT 51.0

/*
 * Reads a PNG file, and scales it down to the size in which it is printed. Returns false, having
 * reported, when it is not a PNG file. Release with sheet_logo_close().
 */
bool sheet_logo_open(struct sheet_logo *logo, const char *path, const struct a2a_log *log);
void sheet_logo_close(struct sheet_logo *logo);

/* Draws it at 0, 0. */
void sheet_logo_draw(const struct sheet_logo *logo, cairo_t *cairo);

/* A QR code (ISO/IEC 18004, error correction M); NULL when the text is too long, or memory is out.
 * Release with QRcode_free(). */
QRcode *sheet_qr_new(const char *text);

/* Draws it at 0, 0, in a square of that side, with the quiet zone that the standard asks for. */
void sheet_qr_draw(const QRcode *code, cairo_t *cairo, double side);

/* Returns the QR code as a data: URL, or NULL when memory is out. Release with free(). */
char *sheet_qr_address(const QRcode *code);

#endif
