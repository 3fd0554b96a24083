/* SPDX-License-Identifier: BSD-3-Clause */
#include "script.h"

#include <stddef.h>

/* Rows of QWERTY from the top, and what the same keys type elsewhere: XKB's layouts ru, ua, gr, ara
 * and il. A blank is a key without a letter. */
static const char qwerty[] = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./\\";
static const wchar_t *const letters[] = {
	L"ёйцукенгшщзхъфывапролджэячсмитьбю  ",
	L"'йцукенгшщзхїфівапролджєячсмитьбю ґ",
	L" ;ςερτυθιοπ  ασδφγηξκλ΄ ζχψωβνμ    ",
	L"ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرﻻىةوزظ ",
	L"  'קראטוןםפ  שדגכעיחלךף,זסבהנמצתץ. ",
};

static int32_t to_small(int32_t point)
{
	if (point >= 0x391 && point <= 0x3a9)
		return point + 0x20; /* Greek */
	if (point >= 0x400 && point <= 0x40f)
		return point + 0x50; /* Cyrillic */
	if (point >= 0x410 && point <= 0x42f)
		return point + 0x20;
	return point == 0x490 ? 0x491 : point;
}

/* Returns the character of the key that types a letter of one of the scripts, or a capital of it; 0
 * for any other character. */
static char key_of(int32_t point)
{
	const int32_t small = to_small(point);

	if (a2a_is_ascii(point))
		return 0;
	for (size_t script = 0; script < sizeof(letters) / sizeof(letters[0]); script++)
		for (size_t i = 0; qwerty[i]; i++)
			if ((int32_t)letters[script][i] == small)
				return qwerty[i];
	return 0;
}

bool a2a_script_press(const struct a2a_text *text, struct a2a_text *keys)
{
	bool any = false;

	keys->count = text->count;
	for (size_t i = 0; i < text->count; i++) {
		const char key = key_of(text->point[i]);

		keys->point[i] = key ? key : text->point[i];
		any |= key != 0;
	}
	return any;
}
