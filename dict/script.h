/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keyboards of other scripts: Russian, Ukrainian, Greek, Arabic and Hebrew. People who have them
 * type the rows of their own keys, or words of their own with Latin keys. (text.h spells the
 * letters of these scripts in Latin ones.)
 */
#ifndef A2A_SCRIPT_H
#define A2A_SCRIPT_H

#include <stdint.h>

/* Returns the key of QWERTY, without Shift, at which a letter of one of the scripts is; 0 for any
 * other character. Capitals have the key of the small letter. */
char a2a_script_key(int32_t point);

#endif
