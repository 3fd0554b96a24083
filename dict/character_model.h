/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The model of characters: the cost of a character after the three before it, learnt from words. A
 * lexicon holds it as A2A_MODEL_SIZE bytes, one for each four characters in a row, in steps of 1/16
 * bit. lexicon.h looks costs up; compile.h makes them.
 */
#ifndef A2A_CHARACTER_MODEL_H
#define A2A_CHARACTER_MODEL_H

#include <stdint.h>

enum {
	/* The characters that the model distinguishes: 26 letters, 10 digits, and one number for
	 * all others and for the place before the first character. */
	A2A_MODEL_LETTERS = 37,
	A2A_MODEL_SIZE =
		A2A_MODEL_LETTERS * A2A_MODEL_LETTERS * A2A_MODEL_LETTERS * A2A_MODEL_LETTERS,
	A2A_MODEL_BIT = 16, /* steps of cost in a bit */
};

/* Returns the number of a folded character: 1 to 26 for a letter, 27 to 36 for a digit, else 0. */
static inline uint8_t a2a_model_letter(int32_t point)
{
	const uint32_t letter = (uint32_t)point - 'a', digit = (uint32_t)point - '0';

	return (uint8_t)(letter < 26 ? letter + 1 : digit < 10 ? digit + 27 : 0);
}

/*
 * Four characters in a row are one number to the base A2A_MODEL_LETTERS. Takes the four that end at
 * one character, and returns the four that end at the next one, whose number is `letter`. Begin
 * with 0.
 */
static inline uint32_t a2a_model_next(uint32_t four, uint32_t letter)
{
	return four % (A2A_MODEL_SIZE / A2A_MODEL_LETTERS) * A2A_MODEL_LETTERS + letter;
}

#endif
