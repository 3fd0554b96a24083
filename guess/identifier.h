/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Candidates that an authority or a bank gave out: numbers of enterprises, residents, accounts and
 * cards, and number plates. Check digits make them far fewer than their length says.
 */
#ifndef A2A_IDENTIFIER_H
#define A2A_IDENTIFIER_H

#include "lattice.h"

/* Adds every identifier that begins at `start`. */
void a2a_add_identifiers(struct a2a_lattice *lattice, size_t start);

#endif
