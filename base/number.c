/* SPDX-License-Identifier: BSD-3-Clause */
#include "number.h"

/* strtoll(3) is not used: it skips white space and takes a `+`, so each caller would need checks of
 * its own for these. */
bool a2a_number_parse(const char *text, int64_t least, int64_t most, int64_t *number)
{
	const bool is_negative = least < 0 && *text == '-';
	int64_t value = 0;

	text += is_negative;
	if (!*text)
		return false;
	for (; *text; text++) {
		const int digit = *text - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* A negative number grows downwards, because INT64_MIN has no positive counterpart.
		 */
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, is_negative ? -digit : digit, &value))
			return false;
	}
	if (value < least || value > most)
		return false;
	*number = value;
	return true;
}
