/* SPDX-License-Identifier: BSD-3-Clause */
/* What a password is made of, to somebody who guesses. */
#ifndef A2A_SEGMENT_H
#define A2A_SEGMENT_H

#include <stddef.h>

/* What a stretch of a password is, to somebody who guesses. */
enum a2a_segment_kind {
	A2A_SEGMENT_LETTERS, /* nothing known: as a model of letters expects them */
	A2A_SEGMENT_SYMBOL,
	A2A_SEGMENT_PASSWORD, /* a common one */
	A2A_SEGMENT_WORD,
	A2A_SEGMENT_BACKWARDS, /* a word, backwards */
	A2A_SEGMENT_NUMBER,
	A2A_SEGMENT_YEAR,
	A2A_SEGMENT_DATE,
	A2A_SEGMENT_KEYBOARD, /* neighbouring keys */
	A2A_SEGMENT_SEQUENCE,
	A2A_SEGMENT_REPEAT,
	A2A_SEGMENT_PERSON, /* of the person's own names, or the service's */
	A2A_SEGMENT_KINDS
};

enum { A2A_MOST_SEGMENTS = 16 };

struct a2a_segment {
	enum a2a_segment_kind kind;
	unsigned languages;   /* that a word is of, as bits: a2a_language_bit(); 0: one of our own
				 lists */
	size_t start, length; /* in characters */
	double bits;
};

/* The kind's id: "word". */
const char *a2a_segment_name(enum a2a_segment_kind kind);

/* What the guess number was read from: numbers only. */
struct a2a_estimate {
	double log2_guesses; /* NAN when it was not measured */
	size_t segments;     /* of the cheapest spelling, from its beginning */
	struct a2a_segment segment[A2A_MOST_SEGMENTS];
	/* The word that is all there is but for decoration, if there is one; else of length 0. */
	struct a2a_segment word;
};

#endif
