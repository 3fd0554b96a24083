/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests decoding and folding: which bytes are one character, and which words are the same. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char *folded(const char *text)
{
	static char bytes[4 * A2A_TEXT_POINTS + 1];
	struct a2a_text points;

	if (!a2a_text_fold(&points, text, strlen(text)))
		return NULL;
	a2a_text_write(&points, bytes, sizeof(bytes));
	return bytes;
}

static void spellings_of_one_word_fold_alike(void **state)
{
	static const char *const pairs[][2] = {
		{"Étalonnage", "etalonnage"},
		{"E\xcc\x81TALONNAGE", "etalonnage"},
		{"STRASSE", "strasse"},
		{"Straße", "strasse"},
		{"STRAẞE", "strasse"},
		{"cœur", "coeur"},
		{"Œuvre", "oeuvre"},
		{"ĳsland", "ijsland"},
		{"naïve", "naive"},
		{"Ångström", "angstrom"},
		{"smørrebrød", "smorrebrod"},
		{"Łódź", "lodz"},
		{"ﬁn", "fin"},
		{"Ｆｕｌｌ", "full"},
		{"l’été", "l'ete"},
		{"①²", "12"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(folded(pairs[i][0]), pairs[i][1]);
}

static void folding_twice_is_folding_once(void **state)
{
	static const char *const texts[] = {
		"Étalonnage", "STRAẞE", "Œdème", "ǅ", "ﬃ", "İstanbul", "ΌΣΟΣ", "Ⅷ", "ẛ̣"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *once = strdup(folded(texts[i]));

		assert_string_equal(folded(once), once);
		free(once);
	}
}

static size_t characters(const char *text)
{
	struct a2a_text points;

	assert_true(a2a_text_read(&points, text, strlen(text)));
	return points.count;
}

static void characters_are_counted_as_they_are_read(void **state)
{
	(void)state;
	assert_int_equal(characters("éàüß12"), 6);
	assert_int_equal(characters("e\xcc\x81"), 1);
	assert_int_equal(characters("日本語"), 3);
	assert_int_equal(characters("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"), 1);
	assert_int_equal(characters("🔑"), 1);
	assert_int_equal(characters(""), 0);
}

static void what_is_not_utf8_is_not_read(void **state)
{
	static const char *const bad[] = {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80",
		"\xf5\x80\x80\x80", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "ab\xff", "\xe2\x82"};
	struct a2a_text points;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(a2a_text_read(&points, bad[i], strlen(bad[i])));
		assert_int_equal(points.count, 0);
		assert_false(a2a_text_fold(&points, bad[i], strlen(bad[i])));
		assert_int_equal(points.count, 0);
	}
}

/* No text of A2A_TEXT_BYTES may overflow the points, whatever its characters expand to. */
static void expansions_fit_or_are_not_taken(void **state)
{
	static const char *const wide[] = {
		"ﷺ", "ß", "ﬃ", "㏂", "🄐", "ǆ", "Ⅷ", "æ", "豈", "ΐ", "가"};
	struct a2a_text points;
	char bytes[A2A_TEXT_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		size_t step = strlen(wide[i]), length = 0;

		for (; length + step <= A2A_TEXT_BYTES; length += step)
			memcpy(bytes + length, wide[i], step);
		if (a2a_text_fold(&points, bytes, length))
			assert_in_range(points.count, 1, A2A_TEXT_POINTS);
		assert_true(a2a_text_read(&points, bytes, length));
	}
	memset(bytes, 'a', sizeof(bytes));
	assert_true(a2a_text_read(&points, bytes, A2A_TEXT_BYTES));
	assert_false(a2a_text_read(&points, bytes, A2A_TEXT_BYTES + 1));
	assert_false(a2a_text_fold(&points, bytes, A2A_TEXT_BYTES + 1));
}

static void writing_needs_room(void **state)
{
	struct a2a_text points;
	char bytes[4];

	(void)state;
	assert_true(a2a_text_read(&points, "éa", 3));
	assert_int_equal(a2a_text_write(&points, bytes, 4), 3);
	assert_string_equal(bytes, "éa");
	assert_int_equal(a2a_text_write(&points, bytes, 3), 0);
	assert_int_equal(a2a_text_write(&points, bytes, 0), 0);
}

static void letters_and_digits_of_any_alphabet(void **state)
{
	(void)state;
	assert_true(a2a_is_letter('a') && a2a_is_letter(0xe9) && a2a_is_letter(0x03a9) &&
		    a2a_is_letter(0x4e00));
	assert_false(a2a_is_letter('1') || a2a_is_letter('-') || a2a_is_letter(0x0301));
	assert_true(a2a_is_digit('7') && a2a_is_digit(0x0663));
	assert_false(a2a_is_digit('a') || a2a_is_digit(0x00b2) || a2a_is_digit(0x2167));
}

static void sendable_is_what_opaquestring_leaves_alone(void **state)
{
	static const int32_t yes[] = {' ', '~', 0xe9, 0x20ac, 0x4e00, 0x1f511, 0x0301};
	static const int32_t no[] = {0, 7, 0x7f, 0x85, 0xa0, 0xad, 0x1100, 0x115f, 0x200b, 0x200d,
		0x2028, 0x3000, 0xd800, 0xe000, 0xfe0f, 0xfeff, 0xfffe, 0xe0100, 0x10ffff};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!a2a_is_sendable(yes[i]))
			fail_msg("U+%04X", (unsigned)yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (a2a_is_sendable(no[i]))
			fail_msg("U+%04X", (unsigned)no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_word_fold_alike),
		cmocka_unit_test(folding_twice_is_folding_once),
		cmocka_unit_test(characters_are_counted_as_they_are_read),
		cmocka_unit_test(what_is_not_utf8_is_not_read),
		cmocka_unit_test(expansions_fit_or_are_not_taken),
		cmocka_unit_test(writing_needs_room),
		cmocka_unit_test(letters_and_digits_of_any_alphabet),
		cmocka_unit_test(sendable_is_what_opaquestring_leaves_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
