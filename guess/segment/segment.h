/* SPDX-License-Identifier: BSD-3-Clause */
/* The estimate of a password: its guess number, and the segments of its cheapest spelling. */
#ifndef A2A_SEGMENT_H
#define A2A_SEGMENT_H

#include <stddef.h>

/* Kinds of segments; guess.h explains the model. */
enum a2a_segment_kind {
	A2A_SEGMENT_LETTERS, /* any characters, under the Markov model of letters */
	A2A_SEGMENT_SYMBOL,
	A2A_SEGMENT_ADDITION, /* what people write behind, before or between words */
	A2A_SEGMENT_PASSWORD, /* a word in a list of common passwords */
	A2A_SEGMENT_WORD,
	A2A_SEGMENT_BACKWARDS, /* a word, backwards */
	A2A_SEGMENT_NUMBER,
	A2A_SEGMENT_YEAR,
	A2A_SEGMENT_DATE,
	A2A_SEGMENT_KEYBOARD, /* neighbouring keys */
	A2A_SEGMENT_SEQUENCE,
	A2A_SEGMENT_REPEAT,
	A2A_SEGMENT_PERSON, /* a word of the person or of the service */
	A2A_SEGMENT_KINDS
};

enum { A2A_MOST_SEGMENTS = 16 };

struct a2a_segment {
	enum a2a_segment_kind kind;
	unsigned languages; /* the languages of a word, as bits: a2a_language_bit(); 0: it is in one
			       of our own lists */
	size_t start, length; /* in characters */
	double bits;
};

/* Returns the kind's id, such as "word". */
const char *a2a_segment_name(enum a2a_segment_kind kind);

/* An estimate consists of numbers. It holds no part of the password. */
struct a2a_estimate {
	double log2_guesses; /* NAN when it was not measured */
	double log2_before;  /* those of them that come before the first of its kind; -INFINITY:
				none,  or too few to count */
	size_t segments;     /* the number of entries in `segment`: the first ones of the cheapest
				spelling */
	struct a2a_segment segment[A2A_MOST_SEGMENTS];
	/* The dictionary word of which the password consists, apart from decoration. Its length is
	 * 0 if there is none. */
	struct a2a_segment word;
};

#endif
