/* SPDX-License-Identifier: BSD-3-Clause */
/* Each derived cost of guess/costs.h equals the formula that its row gives. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "costs.h"

enum rounding { TRUNCATED, ROUNDED, TENTHS, HALVES, WHOLE };

/* A number of bits as a cost. */
static int cost_of(double bits, enum rounding rounding)
{
	switch (rounding) {
	case ROUNDED:
		return (int)lrint(bits * A2A_BIT);
	case TENTHS:
		return (int)(floor(bits * 10) * A2A_BIT / 10);
	case HALVES:
		return (int)(floor(bits * 2) * A2A_BIT / 2);
	case WHOLE:
		return (int)lrint(bits) * A2A_BIT;
	case TRUNCATED:
		break;
	}
	return (int)(bits * A2A_BIT);
}

static void derived_costs_equal_their_formulas(void **state)
{
	const struct {
		const char *name;
		int cost;
		double bits;
		enum rounding rounding;
	} rows[] = {
		{"ONE_LETTER", ONE_LETTER, log2(26), TRUNCATED},
		{"CAPITALS_ONE_OF_TWO", CAPITALS_ONE_OF_TWO, log2(2), TRUNCATED},
		{"CAPITALS_SOME_OF_THREE", CAPITALS_SOME_OF_THREE, log2(3), ROUNDED},
		{"NUMBER_DIGIT", NUMBER_DIGIT, log2(10), TRUNCATED},
		{"DATE_DAY", DATE_DAY, log2(365), HALVES},
		{"DATE_NAMED_MONTH", DATE_NAMED_MONTH, log2(4 * 2), TRUNCATED},
		{"BIRTH_FEWER_YEARS", BIRTH_FEWER_YEARS, log2(100.0 / 84), TRUNCATED},
		{"TELEPHONE_MOBILE_BE", TELEPHONE_MOBILE_BE, log2(16e6), WHOLE},
		{"TELEPHONE_LINE_BE", TELEPHONE_LINE_BE, log2(32e6), WHOLE},
		{"TELEPHONE_MOBILE_06", TELEPHONE_MOBILE_06, log2(80e6), WHOLE},
		{"TELEPHONE_MOBILE_07", TELEPHONE_MOBILE_07, log2(80e6), WHOLE},
		{"TELEPHONE_ABROAD_BE", TELEPHONE_ABROAD_BE, log2(2 * 16e6), WHOLE},
		{"TELEPHONE_ABROAD_FR_6", TELEPHONE_ABROAD_FR_6, log2(2 * 80e6), WHOLE},
		{"TELEPHONE_ABROAD_FR_7", TELEPHONE_ABROAD_FR_7, log2(2 * 80e6), WHOLE},
		{"ENTERPRISE_BE", ENTERPRISE_BE, log2(2.1e6), WHOLE},
		{"COUNTRY", COUNTRY, ceil(log2(5)), WHOLE},
		{"IDENTIFIER_COUNTRY", IDENTIFIER_COUNTRY, log2(2), TRUNCATED},
		{"RESIDENT_BE", RESIDENT_BE, log2(100 * 365 * 998), WHOLE},
		{"ACCOUNT_BE", ACCOUNT_BE, log2(100 * 1e7), WHOLE},
		{"ACCOUNT_NL", ACCOUNT_NL, log2(16 * 1e9), WHOLE},
		{"ACCOUNT_LU", ACCOUNT_LU, log2(32 * 1e10), WHOLE},
		{"PLATE_BE", PLATE_BE, log2(2 * 26.0 * 26 * 26 * 999), WHOLE},
		{"SYMBOL_JOINING", SYMBOL_JOINING, log2(8), TENTHS},
		{"COLUMNS_PLACE", COLUMNS_PLACE, log2(10), TENTHS},
		/* 8! is the gamma function of 9. */
		{"COLUMNS_ORDER", COLUMNS_ORDER, lgamma(9) / log(2), TRUNCATED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].cost != cost_of(rows[i].bits, rows[i].rounding))
			fail_msg("%s is %d, its formula %d", rows[i].name, rows[i].cost,
				cost_of(rows[i].bits, rows[i].rounding));
}

static void alphabets_are_those_of_ascii(void **state)
{
	(void)state;
	assert_int_equal(ALPHABET_LETTERS, 'z' - 'a' + 1);
	assert_int_equal(ALPHABET_DIGITS, '9' - '0' + 1);
	assert_int_equal(ALPHABET_SYMBOLS, '~' - '!' + 2 - 2 * ALPHABET_LETTERS - ALPHABET_DIGITS);
}

static void thousandths_are_decimal(void **state)
{
	(void)state;
	assert_int_equal(A2A_BITS(1, 000), A2A_BIT);
	assert_int_equal(A2A_BITS(2, 500), 5 * A2A_BIT / 2);
	/* As octal numbers, these would be less. */
	assert_int_equal(A2A_BITS(0, 062), 62 * A2A_BIT / 1000);
	assert_int_equal(A2A_BITS(0, 010), 10 * A2A_BIT / 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derived_costs_equal_their_formulas),
		cmocka_unit_test(alphabets_are_those_of_ascii),
		cmocka_unit_test(thousandths_are_decimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
