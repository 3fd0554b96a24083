/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests that rows for a spreadsheet satisfy RFC 4180 and have no formulas. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "spreadsheet.h"

static void append(struct secret *row, const char *cell)
{
	assert_true(a2a_cell_append(row, ';', cell, strlen(cell)));
}

static void cells_are_quoted_and_delimited(void **state)
{
	struct secret row = {0};

	(void)state;
	append(&row, "user0001");
	append(&row, "");
	append(&row, "Jan \"de; kleine\" Smet");
	append(&row, "two\nlines");
	assert_true(a2a_row_end(&row));
	assert_string_equal(
		row.bytes, "\"user0001\";\"\";\"Jan \"\"de; kleine\"\" Smet\";\"two\nlines\"\r\n");
	a2a_secret_wipe(&row);
}

/* Quotation marks take the most room: two bytes each. */
static void a_cell_of_quotation_marks_is_whole(void **state)
{
	struct secret row = {0};

	(void)state;
	append(&row, "\"\"\"");
	assert_string_equal(row.bytes, "\"\"\"\"\"\"\"\"");
	a2a_secret_wipe(&row);
}

/* The cell has no bytes at all, like an empty secret. */
static void an_empty_secret_is_an_empty_cell(void **state)
{
	struct secret row = {0};

	(void)state;
	assert_true(a2a_cell_append(&row, ',', NULL, 0));
	assert_true(a2a_cell_append(&row, ',', NULL, 0));
	assert_string_equal(row.bytes, "\"\",\"\"");
	a2a_secret_wipe(&row);
}

/* Tries each byte at the beginning of a cell, and reads the cell back. */
static void no_cell_is_a_formula(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		const char cell[] = {(char)byte, '1', '+', '1'};
		const bool is_formula = byte && strchr("=+-@\t\r\n", byte);
		struct secret row = {0};
		const char *inner, *read;
		size_t length;

		assert_true(a2a_is_formula_start((char)byte) == is_formula);
		assert_true(a2a_cell_append(&row, ',', cell, sizeof(cell)));
		assert_false(a2a_is_formula_start(row.bytes[1]));
		if (byte != '"') {
			inner = row.bytes + 1;
			length = row.length - 2;
			read = a2a_cell_unguarded(inner, &length);
			assert_int_equal(length, sizeof(cell));
			assert_memory_equal(read, cell, sizeof(cell));
		}
		a2a_secret_wipe(&row);
	}
}

/* An apostrophe that belongs to the cell itself stays. */
static void other_apostrophes_stay(void **state)
{
	static const char *const cells[] = {"'", "''", "'s-Hertogenbosch", "'1", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		size_t length = strlen(cells[i]);

		assert_ptr_equal(a2a_cell_unguarded(cells[i], &length), cells[i]);
		assert_int_equal(length, strlen(cells[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_and_delimited),
		cmocka_unit_test(a_cell_of_quotation_marks_is_whole),
		cmocka_unit_test(an_empty_secret_is_an_empty_cell),
		cmocka_unit_test(no_cell_is_a_formula),
		cmocka_unit_test(other_apostrophes_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
