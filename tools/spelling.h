/* SPDX-License-Identifier: BSD-3-Clause */
/* Passwords spelled out for the telephone, in the four languages. */
#ifndef A2A_SPELLING_H
#define A2A_SPELLING_H

#include "secret.h"

/*
 * Appends how the ASCII text is spelled in the language ("fr"; English for one that is not known):
 * "majuscule Henri, kilo ..., sept". Sources: the alphabets of Belgian and French telephone
 * practice, the Dutch one, DIN 5009 in its form with first names, and the ICAO alphabet for
 * English. Returns false when memory is out.
 */
bool spell(const struct secret *password, const char *language, struct secret *spelled);

#endif
