/* SPDX-License-Identifier: BSD-3-Clause */
/* Character sets of host programs: which are converted, both ways, and what every message becomes
 * where a character is missing. */
#define _GNU_SOURCE
#include "charset.h"
#include "fixture.h"
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct secret borrow(const char *text)
{
	return a2a_secret_borrow(text, strlen(text));
}

static void assert_read(const char *name, const char *typed, const char *wanted)
{
	const struct a2a_charset charset = a2a_charset_find(name);
	const struct secret in = borrow(typed);
	struct secret out = {0};

	assert_true(a2a_charset_read(&charset, &in, &out));
	assert_string_equal(out.bytes, wanted);
	assert_int_equal(out.length, strlen(wanted));
	a2a_secret_wipe(&out);
}

static void assert_written(const char *name, const char *text, const char *wanted)
{
	const struct a2a_charset charset = a2a_charset_find(name);
	const struct secret in = borrow(text);
	struct secret out = {0};

	assert_true(a2a_charset_write(&charset, &in, &out));
	assert_string_equal(out.bytes, wanted);
	assert_int_equal(out.length, strlen(wanted));
	a2a_secret_wipe(&out);
}

static void only_sets_of_one_byte_are_converted(void **state)
{
	static const struct {
		const char *name;
		enum a2a_charset_kind kind;
	} cases[] = {
		{NULL, A2A_CHARSET_UTF8},
		{"", A2A_CHARSET_UTF8},
		{"UTF-8", A2A_CHARSET_UTF8},
		{"utf8", A2A_CHARSET_UTF8},
		{"ANSI_X3.4-1968", A2A_CHARSET_UTF8},
		{"ISO-8859-1", A2A_CHARSET_SINGLE},
		{"ISO-8859-15", A2A_CHARSET_SINGLE},
		{"ISO-8859-7", A2A_CHARSET_SINGLE},
		{"CP1252", A2A_CHARSET_SINGLE},
		{"KOI8-R", A2A_CHARSET_SINGLE},
		{"EUC-JP", A2A_CHARSET_OTHER},
		{"GB18030", A2A_CHARSET_OTHER},
		{"SHIFT_JIS", A2A_CHARSET_OTHER},
		{"ISO-2022-KR", A2A_CHARSET_OTHER},
		{"UTF-7", A2A_CHARSET_OTHER},
		{"UTF-16", A2A_CHARSET_OTHER},
		{"EBCDIC-US", A2A_CHARSET_OTHER},
		{"no such set", A2A_CHARSET_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (a2a_charset_find(cases[i].name).kind != cases[i].kind)
			fail_msg("%s", cases[i].name);
}

static void what_is_typed_becomes_utf_8(void **state)
{
	(void)state;
	assert_read("ISO-8859-1", "k7\xe9\xdf", "k7éß");
	assert_read("ISO-8859-15", "\xa4\xbd\xff", "€œÿ");
	assert_read("CP1252", "\x80\x92", "€’");
	assert_read("CP1252", "\x81", "\xef\xbf\xbd"); /* no character */
	assert_read("KOI8-R", "\xd0\xc1", "па");
	assert_read("ISO-8859-1", "", "");
	assert_read("UTF-8", "k7é", "k7é");
	assert_read("ANSI_X3.4-1968", "k7é\xff", "k7é\xff");
	assert_read("EUC-JP", "k7\xe9", "k7\xe9");
}

static void what_is_said_is_in_the_hosts_set(void **state)
{
	(void)state;
	assert_written("ISO-8859-1", "refusé : n’est", "refus\xe9 : n'est");
	assert_written("ISO-8859-15", "œ €", "\xbd \xa4");
	assert_written("CP1252", "n’est",
		"n\x92"
		"est");
	assert_written("ISO-8859-7", "refusé, für, « à »", "refuse, fuer, \xab a \xbb");
	assert_written("EUC-JP", "refusé … œuvre ÿ", "refuse ... oeuvre y");
	assert_written("ISO-8859-1", "\xd0\x90\xf0\x9f\x98\x80z", "??z");
	assert_written("ISO-8859-1", "a\xffz\xc3", "a?z?");
	assert_written("ISO-8859-1", "", "");
	assert_written("UTF-8", "é\xff", "é\xff");
	assert_written("ANSI_X3.4-1968", "é", "é");
}

/* A byte read and written again is the same byte: in every set that is converted. */
static void reading_and_writing_are_inverse(void **state)
{
	static const char *const names[] = {
		"ISO-8859-1", "ISO-8859-2", "ISO-8859-7", "ISO-8859-15", "CP1252", "KOI8-R"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct a2a_charset charset = a2a_charset_find(names[i]);

		for (int byte = 1; byte < 256; byte++) {
			const char typed[2] = {(char)byte, '\0'};
			const struct secret in = borrow(typed);
			struct secret utf8 = {0}, out = {0};

			if (byte >= 128 && !charset.point[byte - 128])
				continue;
			assert_true(a2a_charset_read(&charset, &in, &utf8));
			assert_true(a2a_charset_write(&charset, &utf8, &out));
			assert_string_equal(out.bytes, typed);
			a2a_secret_wipe(&out);
			a2a_secret_wipe(&utf8);
		}
	}
}

/* No message holds a character for which there is no substitute. */
static void every_message_can_be_written_in_ascii(void **state)
{
	static const struct a2a_charset ascii = {.kind = A2A_CHARSET_OTHER};
	struct a2a_settings *settings =
		tree_settings((const char *const[]){"lang=fr,nl,de,en", NULL});
	struct reports reports;
	struct a2a_messages *messages;

	(void)state;
	reports_start(&reports);
	messages = a2a_messages_open(settings, &reports.log);
	assert_non_null(messages);
	for (size_t language = 0; language < a2a_messages_count(messages); language++) {
		for (size_t i = 0; i < A2A_SENTENCES + A2A_RULES; i++) {
			char *text = i < A2A_SENTENCES
					     ? strdup(a2a_message_sentence(
						       messages, language, (enum a2a_sentence)i))
					     : a2a_message_rule(messages, language, settings,
						       (enum a2a_rule)(i - A2A_SENTENCES));
			const struct secret in = borrow(text);
			struct secret out = {0};

			assert_true(a2a_charset_write(&ascii, &in, &out));
			for (size_t j = 0; j < out.length; j++)
				if ((unsigned char)out.bytes[j] >= 128 || out.bytes[j] == '?')
					fail_msg("%s: %s", text, out.bytes);
			a2a_secret_wipe(&out);
			free(text);
		}
	}
	a2a_messages_close(messages);
	a2a_settings_free(settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_sets_of_one_byte_are_converted),
		cmocka_unit_test(what_is_typed_becomes_utf_8),
		cmocka_unit_test(what_is_said_is_in_the_hosts_set),
		cmocka_unit_test(reading_and_writing_are_inverse),
		cmocka_unit_test(every_message_can_be_written_in_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
