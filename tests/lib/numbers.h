/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of texts that are numbers, and of texts that are not. Every door that takes a number is
 * tested with it. */
#ifndef A2A_NUMBERS_H
#define A2A_NUMBERS_H

#include <stdbool.h>

/* Each number is from 1 to 100, which all tested doors allow. No text has white space around it: in
 * `key = value`, white space does not belong to the value. */
static const struct {
	const char *text;
	bool is_number;
} number_texts[] = {
	{"1", true},
	{"9", true},
	{"10", true},
	{"100", true},
	{"09", true},
	{"0000000000000000000000009", true},
	{"", false},
	{"+9", false},
	{"-9", false},
	{"-", false},
	{"+", false},
	{"--9", false},
	{"9-", false},
	{"0x9", false},
	{"9x", false},
	{"x9", false},
	{"9.0", false},
	{"9,0", false},
	{"9e1", false},
	{"9 9", false},
	{"1_0", false},
	{"nine", false},
	{"\xd9\xa9", false}, /* the Arabic digit nine */
	{"9223372036854775808", false},
	{"18446744073709551625", false}, /* 2^64 + 9 */
	{"99999999999999999999999999999999", false},
};

#endif
