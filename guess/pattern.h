/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are neither words nor walks: sequences, years, dates, numbers, symbols. */
#ifndef A2A_PATTERN_H
#define A2A_PATTERN_H

#include "lattice.h"

/* Offers every pattern that begins at `start`. */
void a2a_offer_patterns(struct a2a_lattice *lattice, size_t start);

#endif
