/* SPDX-License-Identifier: BSD-3-Clause */
/* Passwords spelled out for the telephone, in the four languages. */
#ifndef A2A_SPELLING_H
#define A2A_SPELLING_H

#include "secret.h"

/*
 * Appends the spelling of an ASCII text in a language ("fr"; English for an unknown one):
 * "majuscule Henri, Kléber, sept". Two characters never have the same name. The alphabets are those
 * of the French PTT, which Belgium understands too; the Dutch alphabet of first names; DIN 5009
 * with first names, which people still use, unlike the towns of the edition of 2022; and the ICAO's
 * alphabet for English. Returns false when memory is out.
 */
bool spell(const struct secret *password, const char *language, struct secret *spelled);

#endif
