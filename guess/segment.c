/* SPDX-License-Identifier: BSD-3-Clause */
#include "segment.h"

const char *a2a_segment_name(enum a2a_segment_kind kind)
{
	static const char *const names[A2A_SEGMENT_KINDS] = {
		[A2A_SEGMENT_LETTERS] = "letters",
		[A2A_SEGMENT_SYMBOL] = "symbol",
		[A2A_SEGMENT_ADDITION] = "addition",
		[A2A_SEGMENT_PASSWORD] = "password",
		[A2A_SEGMENT_WORD] = "word",
		[A2A_SEGMENT_BACKWARDS] = "backwards",
		[A2A_SEGMENT_NUMBER] = "number",
		[A2A_SEGMENT_YEAR] = "year",
		[A2A_SEGMENT_DATE] = "date",
		[A2A_SEGMENT_KEYBOARD] = "keyboard",
		[A2A_SEGMENT_SEQUENCE] = "sequence",
		[A2A_SEGMENT_REPEAT] = "repeat",
		[A2A_SEGMENT_PERSON] = "person",
	};

	return names[kind];
}
