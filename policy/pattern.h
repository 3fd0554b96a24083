/* SPDX-License-Identifier: BSD-3-Clause */
/* Candidates that are not words: keyboard walks, sequences, years, dates, numbers. */
#ifndef A2A_PATTERN_H
#define A2A_PATTERN_H

#include "lattice.h"

/* Finds the characters' keys; once, before a2a_offer_patterns(). */
void a2a_prepare_patterns(struct a2a_lattice *lattice);

/* Offers every pattern that begins at `start`. */
void a2a_offer_patterns(struct a2a_lattice *lattice, size_t start);

#endif
