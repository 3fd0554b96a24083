/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Candidates that are words in disguise: their letters stand apart, are doubled, moved along the
 * alphabet or the keyboard, or are typed on a telephone. Each disguise is undone, and the letters
 * that result are looked up.
 */
#ifndef A2A_CHANGED_H
#define A2A_CHANGED_H

#include "lattice.h"

/* Adds the disguised words that begin at `start`. */
void a2a_add_changed(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start);

/*
 * Adds the words whose letters were all moved, along the alphabet or along a row of keys, and which
 * end before `end`. Call it after all other candidates that end there were added: nothing is
 * searched for where one of those is cheap.
 */
void a2a_add_moved(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t end);

#endif
