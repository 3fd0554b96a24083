/* SPDX-License-Identifier: BSD-3-Clause */
/* What the command looks for in a lexicon and the engine does not: everything that is in it. */
#ifndef A2A_INSPECT_H
#define A2A_INSPECT_H

#include "lexicon.h"

/*
 * Walks over the whole graph of an open lexicon: every place is within it and belongs to one node,
 * edges lead downwards and are in order, every class is there, no word is too long, and there are
 * as many words as the header says; and over the model: what may follow three characters sums up to
 * a probability of 1; and over the lines on its inputs. Returns NULL, or an English clause that
 * says what is wrong; if memory is out, that.
 */
const char *a2a_lexicon_verify(const struct a2a_lexicon *lexicon);

/* Calls `each` for every word, in the order of strcmp(). Only after a2a_lexicon_verify(). */
void a2a_lexicon_each(const struct a2a_lexicon *lexicon,
	void (*each)(void *context, const char *word, const struct a2a_class *class),
	void *context);

#endif
