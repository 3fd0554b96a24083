/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages: four languages, catalogues whole and damaged. */
#define _GNU_SOURCE
#include "fixture.h"
#include "catalogue.h"
#include "language.h"
#include "message.h"

#include <math.h>
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

/* Each language has its own singular; and where there is no translation, it is English. */
static void the_days_are_a_sentence_with_a_plural(void **state)
{
	static const struct {
		int64_t days;
		const char *said[5]; /* of "en fr nl de", and of French without a catalogue */
	} cases[] = {
		{0, {"From today on", "partir d’aujourd’hui", "Vanaf vandaag", "Ab heute",
			    "From today on"}},
		{1, {"From tomorrow on", "partir de demain", "Vanaf morgen", "Ab morgen",
			    "From tomorrow on"}},
		{2, {"In 2 days", "Dans 2 jours", "Over 2 dagen", "In 2 Tagen", "In 2 days"}},
		{101, {"In 101 days", "Dans 101 jours", "Over 101 dagen", "In 101 Tagen",
			      "In 101 days"}},
	};
	struct reports reports;
	struct a2a_messages *messages =
		open_messages((const char *const[]){"lang=en fr nl de", NULL}, &reports);
	struct a2a_messages *missing = open_messages(
		(const char *const[]){"lang=fr", "locale_dir=/nonexistent", NULL}, &reports);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t j = 0; j < 5; j++) {
			char *said = j < 4 ? a2a_message_days_left(messages, j, cases[i].days)
					   : a2a_message_days_left(missing, 0, cases[i].days);

			assert_non_null(said);
			if (!strstr(said, cases[i].said[j]))
				fail_msg("\"%s\" is not in: %s", cases[i].said[j], said);
			assert_null(strchr(said, '%'));
			free(said);
		}
	assert_int_equal(a2a_language_plural(A2A_FRENCH, 0), 0);
	assert_int_equal(a2a_language_plural(A2A_DUTCH, 0), 1);
	assert_int_equal(a2a_language_plural(A2A_GERMAN, 1), 0);
	assert_int_equal(a2a_language_plural(A2A_ENGLISH, 0), 1);
	a2a_messages_close(missing);
	a2a_messages_close(messages);
}

/* A text is put in as it is, even one that looks like the place of the next one. */
static void texts_are_put_in_as_they_are(void **state)
{
	struct reports reports;
	struct a2a_messages *messages =
		open_messages((const char *const[]){"lang=en", NULL}, &reports);
	char *said = a2a_message_texts(messages, 0, A2A_SAY_MAIL_ACCOUNT, "%s%n%ld", "%s");

	(void)state;
	assert_string_equal(said, "This message from %s%n%ld is about your mail account %s.");
	free(said);
	said = a2a_message_texts(messages, 0, A2A_SAY_MAIL_GREETING, "", "not used");
	assert_string_equal(said, "Dear ,");
	free(said);
	said = a2a_message_texts(messages, 0, A2A_SAY_MAIL_REGARDS, "not used", "not used");
	assert_string_equal(said, "Kind regards,");
	free(said);
	a2a_messages_close(messages);
}

static size_t count_lines(const char *text)
{
	size_t lines = 1;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Asks for all requirements in each language: each has so many lines, and no two are the same. */
static void check_requirements(const char *const *assignments, size_t lines, const char *in_english)
{
	struct a2a_settings *settings = tree_settings(assignments);
	struct reports reports;
	struct a2a_messages *messages =
		open_messages((const char *const[]){"lang=en fr nl de", NULL}, &reports);
	char *said[4];

	for (size_t i = 0; i < 4; i++) {
		said[i] = a2a_message_requirements(messages, i, settings);
		assert_non_null(said[i]);
		assert_int_equal(count_lines(said[i]), lines);
		assert_null(strchr(said[i], '%'));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(said[i], said[j]);
	}
	assert_string_equal(said[0], in_english);
	for (size_t i = 0; i < 4; i++)
		free(said[i]);
	a2a_messages_close(messages);
	a2a_settings_free(settings);
}

/* What goes together has one line; a rule that is off or unusual takes the others out of it. */
static void requirements_are_few_lines(void **state)
{
	(void)state;
	check_requirements((const char *const[]){"min_length=9", NULL}, 3,
		"At least 9 characters, with at least one letter and one digit\n"
		"Not just a word, a name, a date, neighbouring keys (qwerty) or a repetition, not "
		"even with digits or symbols added to it\n"
		"Not the old password or one much like it, and none that is known from a leak");
	check_requirements((const char *const[]){"min_digits=2", "difok=0", "dictcheck=no", NULL},
		6,
		"At least 8 characters\nAt least one letter\nAt least 2 digits\n"
		"Not just your name, your user name or the name of the mail service\n"
		"No password that is known from a leak\n"
		"Nothing that is easy to guess: a year, a date, neighbouring keys (qwerty), a "
		"repetition");
	check_requirements(
		(const char *const[]){"min_length=2", "min_letters=0", "min_digits=0",
			"person_rest=0", "difok=0", "dictcheck=no", "min_guesses=0", NULL},
		1, "At least 2 characters");
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
				  " - il ne contient aucun chiffre : ajoutez-en un");
	free(said);
	a2a_messages_close(messages);
}

/* ---- Reasons that are true to the reader ----------------------------------------------------- */

static const char *const four[] = {"lang=en fr nl de", NULL};

static struct a2a_segment segment(
	enum a2a_segment_kind kind, unsigned languages, size_t start, size_t length)
{
	return (struct a2a_segment){kind, languages, start, length, 5};
}

/* What is said in one language of a password that is little more than this word. */
static void said_of_word(struct a2a_messages *messages, size_t language,
	const struct a2a_segment *word, const struct a2a_segment *pattern, const char *expected)
{
	struct a2a_verdict verdict = {.count = 1,
		.finding = {{.rule = A2A_DICTIONARY_WORD}},
		.estimate = {
			.segments = 1, .segment = {pattern ? *pattern : *word}, .word = *word}};
	char *said = a2a_message_reason(messages, language, &verdict, &verdict.finding[0]);

	assert_string_equal(said, expected);
	free(said);
}

static void a_word_of_several_languages_is_of_the_readers(void **state)
{
	const unsigned fr = 1u << A2A_FRENCH, nl = 1u << A2A_DUTCH, en = 1u << A2A_ENGLISH;
	const struct a2a_segment both = segment(A2A_SEGMENT_WORD, fr | nl, 0, 10),
				 english = segment(A2A_SEGMENT_PASSWORD, en, 2, 8),
				 place = segment(A2A_SEGMENT_WORD, fr | nl | A2A_PLACE_BIT, 0, 10),
				 our_own = segment(A2A_SEGMENT_WORD, 0, 0, 1);
	struct reports reports;
	struct a2a_messages *messages = open_messages(four, &reports);

	(void)state;
	said_of_word(messages, 1, &both, NULL,
		"c’est à peine plus qu’un mot du dictionnaire : un mot français (caractères 1 à "
		"10)");
	said_of_word(messages, 2, &both, NULL,
		"het is weinig meer dan een woord uit een woordenboek: een Nederlands woord "
		"(tekens 1 "
		"tot 10)");
	/* Of another's, if it is not of the reader's. */
	said_of_word(messages, 3, &english, NULL,
		"es ist kaum mehr als ein Wort aus einem Wörterbuch: ein englisches Wort (Zeichen "
		"3 bis "
		"10)");
	/* A town is of no language. */
	said_of_word(messages, 2, &place, NULL,
		"het is weinig meer dan een woord uit een woordenboek: een plaatsnaam (tekens 1 "
		"tot 10)");
	said_of_word(messages, 0, &our_own, NULL,
		"it is little more than a word from a dictionary: a common word (character 1)");
	a2a_messages_close(messages);
}

/* azertyuiop stands in lists of words and of passwords, and is none to the user. */
static void what_is_no_word_is_not_called_one(void **state)
{
	const struct a2a_segment listed = segment(A2A_SEGMENT_PASSWORD, 0, 0, 10),
				 word = segment(A2A_SEGMENT_WORD, 1u << A2A_FRENCH, 0, 10),
				 keys = segment(A2A_SEGMENT_KEYBOARD, 0, 0, 12),
				 few_keys = segment(A2A_SEGMENT_KEYBOARD, 0, 0, 9);
	struct reports reports;
	struct a2a_messages *messages = open_messages(four, &reports);

	(void)state;
	said_of_word(messages, 0, &listed, &keys,
		"it is easy to guess: neighbouring keys (characters 1 to 12)");
	said_of_word(messages, 1, &word, &keys,
		"il est facile à deviner : des touches voisines (caractères 1 à 12)");
	said_of_word(messages, 3, &listed, NULL,
		"es ist leicht zu erraten: ein häufiges Passwort (Zeichen 1 bis 10)");
	/* Keys that are only a part of it do not explain it. */
	said_of_word(messages, 1, &word, &few_keys,
		"c’est à peine plus qu’un mot du dictionnaire : un mot français (caractères 1 à "
		"10)");
	a2a_messages_close(messages);
}

/* ---- The explanation ------------------------------------------------------------------------- */

static void explained(size_t language, const struct a2a_verdict *verdict, const char *expected)
{
	struct reports reports;
	struct a2a_messages *messages = open_messages(four, &reports);
	char *said = a2a_message_explanation(messages, language, verdict);

	assert_string_equal(said, expected);
	free(said);
	a2a_messages_close(messages);
}

static void an_explanation_has_one_language_and_one_voice(void **state)
{
	struct a2a_verdict verdict = {.count = 1,
		.finding = {{.rule = A2A_GUESSABLE}},
		.log2_needed = 30,
		.estimate = {.log2_guesses = 21.44,
			.log2_before = 12,
			.segments = 2,
			.segment = {segment(A2A_SEGMENT_WORD, 1u << A2A_DUTCH, 0, 10),
				segment(A2A_SEGMENT_SYMBOL, 0, 10, 1)}}};

	(void)state;
	verdict.estimate.segment[0].bits = 13.25;
	explained(1, &verdict,
		"2^21,4 essais ; il en faut 2^30,0\n"
		"  essayé avant lui   mots et mots de passe seuls  12,0 bits\n"
		"  caractères 1 à 10  un mot néerlandais           13,2 bits\n"
		"  caractère 11       un symbole                    5,0 bits");
	/* What is refused never has enough of them without a word on it. */
	verdict.estimate.log2_guesses = 31;
	verdict.estimate.segments = 0;
	verdict.estimate.log2_before = -INFINITY;
	explained(0, &verdict,
		"2^31.0 guesses are enough (2^30.0); it is refused for another reason");
	verdict.finding[0].rule = A2A_DICTIONARY_WORD;
	explained(0, &verdict,
		"2^31.0 guesses; a password of little more than one word is always refused");
	verdict.accepted = true;
	verdict.count = 0;
	explained(3, &verdict, "2^31,0 Versuche; nötig sind 2^30,0");
	verdict.log2_needed = NAN;
	explained(2, &verdict, "2^31,0 pogingen");
	verdict.estimate.log2_guesses = NAN;
	explained(2, &verdict, "Het aantal pogingen is niet gemeten.");
	/* Letters that cost less when they are drawn than when they are spelled. */
	verdict.estimate = (struct a2a_estimate){.log2_guesses = 41.4,
		.log2_before = 10,
		.segments = 1,
		.segment = {segment(A2A_SEGMENT_LETTERS, 0, 0, 8)}};
	verdict.estimate.segment[0].bits = 57;
	explained(0, &verdict,
		"2^41.4 guesses\n  characters 1 to 8  as if drawn at random  41.4 bits");
}

static size_t columns_of(const char *line)
{
	size_t columns = 0;

	for (; *line && *line != '\n'; line++)
		columns += ((unsigned char)*line & 0xc0) != 0x80;
	return columns;
}

/* Every kind of segment, far behind, with many bits. */
static void an_explanation_fits_into_a_terminal(void **state)
{
	struct a2a_verdict verdict = {.log2_needed = 128.8,
		.estimate = {
			.log2_guesses = 1e4, .log2_before = 99.9, .segments = A2A_MOST_SEGMENTS}};
	struct reports reports;
	struct a2a_messages *messages = open_messages(four, &reports);

	(void)state;
	for (size_t i = 0; i < A2A_MOST_SEGMENTS; i++) {
		verdict.estimate.segment[i] =
			segment((enum a2a_segment_kind)(i % A2A_SEGMENT_KINDS), 0, 400 + i, 100);
		verdict.estimate.segment[i].bits = 1234.5;
	}
	for (size_t language = 0; language < 4; language++)
		for (int accepted = 0; accepted < 2; accepted++)
			for (int rule = 0; rule < A2A_RULES; rule++) {
				char *said;

				verdict.accepted = accepted;
				verdict.count = !accepted;
				verdict.finding[0].rule = (enum a2a_rule)rule;
				verdict.estimate.log2_guesses = accepted ? 100 : 20000;
				said = a2a_message_explanation(messages, language, &verdict);
				for (const char *line = said; line; line = strchr(line, '\n')) {
					line += *line == '\n';
					if (columns_of(line) > 80)
						fail_msg("%zu columns: %s", columns_of(line), line);
				}
				free(said);
			}
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
		for (int64_t days = 0; days < 3; days++) {
			char *said = a2a_message_days_left(messages, 0, days);

			assert_non_null(said);
			free(said);
		}
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
		cmocka_unit_test(requirements_are_few_lines),
		cmocka_unit_test(an_unknown_opinion_has_libpwqualitys_sentence),
		cmocka_unit_test(a_refusal_has_a_line_for_each_reason),
		cmocka_unit_test(a_word_of_several_languages_is_of_the_readers),
		cmocka_unit_test(what_is_no_word_is_not_called_one),
		cmocka_unit_test(an_explanation_has_one_language_and_one_voice),
		cmocka_unit_test(an_explanation_fits_into_a_terminal),
		cmocka_unit_test(the_days_are_a_sentence_with_a_plural),
		cmocka_unit_test(texts_are_put_in_as_they_are),
		cmocka_unit_test(a_missing_catalogue_is_a_warning_and_english),
		cmocka_unit_test(a_damaged_catalogue_does_no_harm),
		cmocka_unit_test(a_catalogue_of_the_other_byte_order_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
