/* SPDX-License-Identifier: BSD-3-Clause */
/* Spelling alphabets: names that begin with their letter, never two alike, and words as words. */
#define _GNU_SOURCE
#include "fixture.h"
#include "spelling.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char *const tags[] = {
	"fr", "fr_BE", "fr_FR", "nl", "nl_BE", "nl_NL", "de", "de_BE", "de_DE", "en"};
enum { TAGS = sizeof(tags) / sizeof(tags[0]) };

static struct secret lent(const char *text)
{
	return a2a_secret_borrow(text, strlen(text));
}

static void spelled(const char *password, const char *tag, bool in_words, const char *expected)
{
	const struct secret secret = lent(password);
	struct a2a_spelling spelling;
	struct secret line = {0};

	assert_true(a2a_spell(&secret, tag, in_words, &spelling));
	assert_true(a2a_spelling_line(&spelling, &line));
	assert_string_equal(line.bytes ? line.bytes : "", expected);
	a2a_secret_wipe(&line);
	a2a_spelling_wipe(&spelling);
}

static void a_country_has_its_alphabet(void **state)
{
	(void)state;
	spelled("abK7", "fr", false, "arthur, bruxelles, majuscule\u00a0KILOGRAMME, sept");
	spelled("abK7", "fr_BE.UTF-8", false, "arthur, bruxelles, majuscule\u00a0KILOGRAMME, sept");
	spelled("abK7", "fr-FR", false, "anatole, berthe, majuscule\u00a0KLÉBER, sept");
	spelled("abE7", "nl", false, "arthur, brussel, hoofdletter\u00a0EMIEL, zeven");
	spelled("abE7", "nl_NL", false, "anton, bernard, hoofdletter\u00a0EDUARD, zeven");
	spelled("anK", "de", false, "anton, nathan, Großbuchstabe\u00a0KAUFMANN");
	spelled("anK", "de_DE", false, "aachen, nürnberg, Großbuchstabe\u00a0KÖLN");
	spelled("anK-", "en_GB", false, "alfa, november, capital\u00a0KILO, hyphen");
	/* A country without an alphabet, a language without one. */
	spelled("a", "fr_CH", false, "arthur");
	spelled("a", "pl", false, "alfa");
	spelled("a", NULL, false, "alfa");
	spelled("", "fr", false, "");
	assert_true(a2a_spelling_is_tag("fr_FR"));
	assert_false(a2a_spelling_is_tag("fr_CH") || a2a_spelling_is_tag(""));
}

/* The first letter of a name, without its accent. */
static char first_letter(const struct secret *name)
{
	utf8proc_uint8_t *plain = NULL;
	char first;

	utf8proc_map((const utf8proc_uint8_t *)name->bytes, (utf8proc_ssize_t)name->length, &plain,
		UTF8PROC_STRIPMARK | UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);
	first = (char)plain[0];
	free(plain);
	return first;
}

static void no_two_characters_are_said_alike(void **state)
{
	char all[96] = "";

	(void)state;
	for (size_t i = 0; i < 95; i++)
		all[i] = (char)(' ' + i);
	for (size_t i = 0; i < TAGS; i++) {
		const struct secret secret = lent(all);
		struct a2a_spelling spelling;

		assert_true(a2a_spell(&secret, tags[i], false, &spelling));
		assert_int_equal(spelling.count, 95);
		for (size_t j = 0; j < 95; j++) {
			const struct a2a_spelled *cell = &spelling.cell[j];
			const char c = *cell->shown.bytes;
			const bool is_capital = c >= 'A' && c <= 'Z';

			assert_int_equal(cell->mark != NULL, is_capital);
			/* The eye sees the case that the ear is told. */
			if (is_capital || (c >= 'a' && c <= 'z'))
				assert_int_equal(first_letter(&cell->name), c);
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(
					cell->name.bytes, spelling.cell[k].name.bytes);
		}
		a2a_spelling_wipe(&spelling);
	}
}

static void a_passphrase_is_spelled_in_words(void **state)
{
	(void)state;
	spelled("cheval-Lampe4", "fr", true, "cheval, tiret, Lampe, quatre");
	spelled("cheval lampe", "nl", true, "cheval, spatie, lampe");
	/* What is no word is spelled: one letter, letters that begin anew. */
	spelled("a-bC-ok", "en", true, "alfa, hyphen, bravo, capital\u00a0CHARLIE, hyphen, ok");
	/* Only of who asks: random letters are no words. */
	spelled("ok", "en", false, "oscar, kilo");
}

static void a_word_is_numbered(void **state)
{
	const struct secret secret = lent("ja-nee");
	struct a2a_spelling spelling;

	(void)state;
	assert_true(a2a_spell(&secret, "nl", true, &spelling));
	assert_int_equal(spelling.count, 3);
	assert_true(spelling.cell[0].is_word && !spelling.cell[1].is_word);
	assert_string_equal(spelling.cell[2].name.bytes, "woord\u00a02");
	a2a_spelling_wipe(&spelling);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_country_has_its_alphabet),
		cmocka_unit_test(no_two_characters_are_said_alike),
		cmocka_unit_test(a_passphrase_is_spelled_in_words),
		cmocka_unit_test(a_word_is_numbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
