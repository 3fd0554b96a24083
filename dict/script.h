/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keyboards of other scripts: Russian, Ukrainian, Greek, Arabic and Hebrew. People who have them
 * type the rows of their own keys, or words of their own with Latin keys. (text.h spells the
 * letters of these scripts in Latin ones.)
 */
#ifndef A2A_SCRIPT_H
#define A2A_SCRIPT_H

#include "text.h"

/*
 * Replaces each letter of one of the scripts by the character that its key types on QWERTY without
 * Shift, and copies the others. Returns whether there was any such letter. The caller wipes `keys`
 * if it was a password.
 */
bool a2a_script_press(const struct a2a_text *text, struct a2a_text *keys);

#endif
