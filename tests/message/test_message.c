/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages: four languages, catalogues whole and damaged. */
#define _GNU_SOURCE
#include "fixture.h"
#include "catalogue.h"
#include "language.h"
#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pwquality.h>

static struct a2a_messages *open_messages(const char *const *set, struct reports *reports)
{
	struct a2a_settings *settings = tree_settings(set);
	struct a2a_messages *messages;

	reports_start(reports);
	messages = a2a_messages_open(settings, &reports->log);
	assert_non_null(messages);
	a2a_settings_free(settings);
	return messages;
}

static void languages_come_in_the_order_asked_for(void **state)
{
	static const char *const wanted[] = {"nl", "fr", "en", "de"};
	struct reports reports;
	struct a2a_messages *messages = open_messages(
		(const char *const[]){"lang=nl, fr nl,en de_BE.UTF-8", NULL}, &reports);

	(void)state;
	assert_int_equal(a2a_messages_count(messages), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(a2a_messages_language(messages, i), wanted[i]);
	assert_int_equal(reports.warnings + reports.faults, 0);
	a2a_messages_close(messages);
}

static void without_a_language_it_is_english(void **state)
{
	struct reports reports;
	struct a2a_messages *messages = open_messages(NULL, &reports);

	(void)state;
	assert_int_equal(a2a_messages_count(messages), 1);
	assert_string_equal(a2a_messages_language(messages, 0), "en");
	assert_string_equal(
		a2a_message_sentence(messages, 0, A2A_SAY_ACCEPTED), "This password is good.");
	a2a_messages_close(messages);
}

static bool known(const char *tag)
{
	return a2a_language_find(tag) < A2A_LANGUAGES;
}

static void a_tag_may_be_a_locale(void **state)
{
	(void)state;
	assert_true(known("fr") && known("fr_BE.UTF-8") && known("nl_BE@euro") && known("de-AT") &&
		    known("en.UTF-8") && known("NL-be"));
	assert_false(known("C") || known("") || known("f") || known("fra") || known("POSIX") ||
		     known("C.UTF-8") || known("frx") || known(NULL));
}

/* Each reason is in each language, other than in English, with the number in it. */
static void every_reason_is_said_in_every_language(void **state)
{
	static const int errors[] = {PWQ_ERROR_MIN_DIGITS, PWQ_ERROR_MIN_UPPERS,
		PWQ_ERROR_MIN_LOWERS, PWQ_ERROR_MIN_OTHERS, PWQ_ERROR_MIN_CLASSES,
		PWQ_ERROR_MAX_CONSECUTIVE, PWQ_ERROR_MAX_CLASS_REPEAT, PWQ_ERROR_MAX_SEQUENCE,
		PWQ_ERROR_PALINDROME, PWQ_ERROR_BAD_WORDS, PWQ_ERROR_CRACKLIB_CHECK};
	enum { ERRORS = sizeof(errors) / sizeof(errors[0]) };
	struct reports reports;
	struct a2a_messages *messages =
		open_messages((const char *const[]){"lang=en fr nl de", NULL}, &reports);

	(void)state;
	for (int needs = 1; needs <= 42; needs += 41)
		for (size_t i = 0; i < A2A_SECOND_OPINION + ERRORS; i++) {
			struct a2a_finding finding = {.needs = needs};
			char *said[4];

			finding.rule =
				i < A2A_SECOND_OPINION ? (enum a2a_rule)i : A2A_SECOND_OPINION;
			if (i >= A2A_SECOND_OPINION)
				finding.detail = errors[i - A2A_SECOND_OPINION];
			for (size_t j = 0; j < 4; j++) {
				said[j] = a2a_message_reason(
					messages, j, &(struct a2a_verdict){.count = 0}, &finding);
				assert_non_null(said[j]);
				assert_true(strlen(said[j]) > 8);
				assert_null(strchr(said[j], '%'));
				if (j)
					assert_string_not_equal(said[j], said[0]);
				assert_int_equal(strstr(said[j], "42") != NULL,
					strstr(said[0], "42") != NULL);
			}
			for (size_t j = 0; j < 4; j++)
				free(said[j]);
		}
	for (size_t i = 0; i < A2A_SENTENCES; i++)
		for (size_t j = 1; j < 4; j++)
			assert_string_not_equal(
				a2a_message_sentence(messages, j, (enum a2a_sentence)i),
				a2a_message_sentence(messages, 0, (enum a2a_sentence)i));
	a2a_messages_close(messages);
}

/* What the rules ask is said in each language, with the numbers that are set; or not at all. */
static void every_requirement_is_said_in_every_language(void **state)
{
	struct a2a_settings *settings = tree_settings(
		(const char *const[]){"min_length=42", "min_digits=1", "min_letters=0", NULL});
	struct reports reports;
	struct a2a_messages *messages =
		open_messages((const char *const[]){"lang=en fr nl de", NULL}, &reports);

	(void)state;
	for (int rule = 0; rule < A2A_RULES; rule++) {
		const bool asked = rule != A2A_NO_LETTER && rule != A2A_FEW_KINDS &&
				   rule != A2A_SECOND_OPINION;
		char *said[4];

		for (size_t i = 0; i < 4; i++) {
			assert_true(a2a_message_requirement(
				messages, i, settings, (enum a2a_rule)rule, &said[i]));
			assert_int_equal(said[i] != NULL, asked);
			if (!asked)
				continue;
			assert_null(strchr(said[i], '%'));
			assert_int_equal(strstr(said[i], "42") != NULL, rule == A2A_TOO_SHORT);
			if (i)
				assert_string_not_equal(said[i], said[0]);
		}
		if (rule == A2A_NO_DIGIT)
			assert_string_equal(said[2], "Minstens één cijfer");
		for (size_t i = 0; i < 4; i++)
			free(said[i]);
	}
	a2a_messages_close(messages);
	a2a_settings_free(settings);
}

/* What a later libpwquality finds has its own sentence rather than none. */
static void an_unknown_opinion_has_libpwqualitys_sentence(void **state)
{
	struct reports reports;
	struct a2a_messages *messages = open_messages(NULL, &reports);
	const struct a2a_finding finding = {.rule = A2A_SECOND_OPINION, .detail = -4711};
	char *said = a2a_message_reason(messages, 0, &(struct a2a_verdict){.count = 0}, &finding);

	(void)state;
	assert_non_null(said);
	assert_true(strlen(said) > 3);
	free(said);
	a2a_messages_close(messages);
}

static void a_refusal_has_a_line_for_each_reason(void **state)
{
	struct reports reports;
	struct a2a_messages *messages =
		open_messages((const char *const[]){"lang=fr", NULL}, &reports);
	const struct a2a_verdict verdict = {
		.count = 2,
		.finding = {{.rule = A2A_TOO_SHORT, .needs = 8},
			{.rule = A2A_NO_DIGIT, .needs = 1}},
	};
	char *said = a2a_message_refusal(messages, 0, &verdict);

	(void)state;
	assert_string_equal(said, "Ce mot de passe est refusé :\n"
				  " - il est trop court : il faut au moins 8 caractères\n"
				  " - il ne contient aucun chiffre");
	free(said);
	a2a_messages_close(messages);
}

static void a_missing_catalogue_is_a_warning_and_english(void **state)
{
	struct reports reports;
	struct a2a_messages *messages = open_messages(
		(const char *const[]){"lang=fr", "locale_dir=/nonexistent", NULL}, &reports);

	(void)state;
	assert_int_equal(reports.warnings, 1);
	assert_int_equal(reports.faults, 0);
	assert_string_equal(
		a2a_message_sentence(messages, 0, A2A_SAY_ACCEPTED), "This password is good.");
	a2a_messages_close(messages);
}

/* A catalogue cut at every byte, and with every bit of its head turned: no crash, and either the
 * right sentence, English, or (where a flipped bit hits text) some text; never a missing one. */
static void a_damaged_catalogue_does_no_harm(void **state)
{
	char *folder = new_folder();
	char *from = in_build("po/fr/LC_MESSAGES/all2all.mo");
	char *below = NULL, *path = NULL, *set = NULL;
	unsigned char *bytes;
	size_t size;

	(void)state;
	bytes = read_file(from, &size);
	assert_true(asprintf(&set, "locale_dir=%s", folder) > 0);
	assert_true(asprintf(&below, "%s/fr", folder) > 0);
	assert_int_equal(mkdir(below, 0755), 0);
	assert_true(asprintf(&path, "%s/LC_MESSAGES", below) > 0);
	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
	assert_true(asprintf(&path, "%s/LC_MESSAGES/all2all.mo", below) > 0);
	for (size_t i = 0; i < size + 8 * 600; i++) {
		bool cut = i < size;
		size_t bit = i - size;
		struct reports reports;
		struct a2a_messages *messages;

		if (!cut)
			bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		write_file(path, bytes, cut ? i : size);
		if (!cut)
			bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		messages = open_messages((const char *const[]){"lang=fr", set, NULL}, &reports);
		if (cut)
			assert_int_equal(reports.warnings, 1);
		for (size_t j = 0; j < A2A_SENTENCES; j++)
			assert_non_null(a2a_message_sentence(messages, 0, (enum a2a_sentence)j));
		a2a_messages_close(messages);
	}
	remove_folder(folder);
	free(bytes);
	free(from);
	free(below);
	free(path);
	free(set);
}

/* Turns the bytes of the 32-bit number at `at` around. Returns its value before. */
static uint32_t turn_around(unsigned char *at)
{
	uint32_t number, turned;

	memcpy(&number, at, sizeof(number));
	turned = __builtin_bswap32(number);
	memcpy(at, &turned, sizeof(turned));
	return number;
}

/* msgfmt writes little-endian numbers on every machine, and big-endian ones when asked to. */
static void a_catalogue_of_the_other_byte_order_is_read(void **state)
{
	char *from = in_build("po/fr/LC_MESSAGES/all2all.mo"), *path = in_build("tests/other.mo");
	struct a2a_catalogue one, other;
	uint32_t head[7];
	bool is_own;
	unsigned char *bytes;
	size_t size;

	(void)state;
	bytes = read_file(from, &size);
	for (size_t i = 0; i < 7; i++)
		head[i] = turn_around(bytes + 4 * i);
	/* On a big-endian machine, what msgfmt wrote is the other order already. */
	is_own = head[0] == 0x950412de;
	for (size_t i = 0; i < 7; i++)
		head[i] = is_own ? head[i] : __builtin_bswap32(head[i]);
	for (uint32_t i = 0; i < 2 * head[2]; i++) {
		turn_around(bytes + head[3] + 4 * i);
		turn_around(bytes + head[4] + 4 * i);
	}
	write_file(path, bytes, size);
	assert_int_equal(a2a_catalogue_open(&one, from), 0);
	assert_int_equal(a2a_catalogue_open(&other, path), 0);
	assert_int_not_equal(one.is_swapped, other.is_swapped);
	assert_string_not_equal(
		a2a_catalogue_find(&other, "This password is good."), "This password is good.");
	assert_string_equal(a2a_catalogue_find(&other, "This password is good."),
		a2a_catalogue_find(&one, "This password is good."));
	a2a_catalogue_close(&one);
	a2a_catalogue_close(&other);
	unlink(path);
	free(bytes);
	free(from);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_come_in_the_order_asked_for),
		cmocka_unit_test(without_a_language_it_is_english),
		cmocka_unit_test(a_tag_may_be_a_locale),
		cmocka_unit_test(every_reason_is_said_in_every_language),
		cmocka_unit_test(every_requirement_is_said_in_every_language),
		cmocka_unit_test(an_unknown_opinion_has_libpwqualitys_sentence),
		cmocka_unit_test(a_refusal_has_a_line_for_each_reason),
		cmocka_unit_test(a_missing_catalogue_is_a_warning_and_english),
		cmocka_unit_test(a_damaged_catalogue_does_no_harm),
		cmocka_unit_test(a_catalogue_of_the_other_byte_order_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
