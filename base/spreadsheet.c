/* SPDX-License-Identifier: BSD-3-Clause */
#include "spreadsheet.h"

#include <csv.h>

static const char guard = '\'';

bool a2a_cell_append(struct secret *row, char delimiter, const char *bytes, size_t length)
{
	const size_t before = row->length;
	const size_t capacity =
		2 * length + 2; /* for a cell of quotation marks alone, and two around them */
	const bool guarded = length && a2a_is_formula_start(*bytes);
	struct secret quoted = {0};
	bool ok = a2a_secret_reserve(&quoted, capacity);

	if (!ok)
		return false;
	quoted.length = csv_write(quoted.bytes, capacity, length ? bytes : "", length);
	ok = (!row->length || a2a_secret_append(row, &delimiter, 1)) &&
	     a2a_secret_append(row, quoted.bytes, 1) &&
	     (!guarded || a2a_secret_append(row, &guard, 1)) &&
	     a2a_secret_append(row, quoted.bytes + 1, quoted.length - 1);
	if (!ok)
		row->length = before;
	a2a_secret_wipe(&quoted);
	return ok;
}

bool a2a_row_end(struct secret *row)
{
	return a2a_secret_append(row, "\r\n", 2);
}

const char *a2a_cell_unguarded(const char *bytes, size_t *length)
{
	if (*length < 2 || bytes[0] != guard || !a2a_is_formula_start(bytes[1]))
		return bytes;
	--*length;
	return bytes + 1;
}
