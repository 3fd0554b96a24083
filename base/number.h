/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole numbers as a person writes them: in a configuration, an argument, a command line. */
#ifndef A2A_NUMBER_H
#define A2A_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads a whole number from `least` to `most`, both inclusive. The text must consist of decimal
 * digits; one `-` may stand before them if `least` is negative. A `+`, white space and other bases
 * are not allowed, and leading zeros mean nothing. Returns false, and leaves `*number` alone, when
 * the text is anything else, or when the number is out of range, however many digits it has.
 */
bool a2a_number_parse(const char *text, int64_t least, int64_t most, int64_t *number);

#endif
