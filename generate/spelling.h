/* SPDX-License-Identifier: BSD-3-Clause */
/* Passwords spelled out for the telephone, in the four languages. */
#ifndef A2A_SPELLING_H
#define A2A_SPELLING_H

#include "secret.h"

/*
 * Appends how the ASCII text is spelled in the language ("fr"; English for one that is not known):
 * "majuscule Henri, Kléber, sept". Sources: the alphabet of the French PTT, which Belgium
 * understands too; the Dutch one with first names; DIN 5009 in its form with first names, which
 * people still use, unlike the towns of 2022; and the ICAO's for English. Two characters never have
 * the same name. Returns false when memory is out.
 */
bool spell(const struct secret *password, const char *language, struct secret *spelled);

#endif
