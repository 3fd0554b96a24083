/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are neither words nor keyboard walks: sequences, years, dates, numbers, symbols.
 */
#ifndef A2A_PATTERN_H
#define A2A_PATTERN_H

#include "lattice.h"

/* Adds every pattern that begins at `start`. */
void a2a_add_patterns(struct a2a_lattice *lattice, size_t start);

#endif
