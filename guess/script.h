/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keyboards of other scripts: Russian, Ukrainian, Greek, Arabic and Hebrew. People who have them
 * type the rows of their own keys, or words of their own with Latin keys. (text.h spells the
 * letters of these scripts in Latin ones.)
 */
#ifndef A2A_SCRIPT_H
#define A2A_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum { A2A_SCRIPTS = 5 };

/* Returns the key of QWERTY, without Shift, at which a letter of one of the scripts is; 0 for any
 * other character. Capitals have the key of the small letter. */
char a2a_script_key(int32_t point);

/* Returns the letter that a key of QWERTY types on the keyboard of a script; 0 when none. */
int32_t a2a_script_letter(size_t script, char key);

#endif
