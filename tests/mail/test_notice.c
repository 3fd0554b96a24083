/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests the notice as a mail program decodes it, and sending. */
#define _GNU_SOURCE
#include "fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "language.h"
#include "message.h"
#include "notice.h"
#include "send.h"

enum { ENCODED_WIDTH = 76, WIDTH = 72 };

/* ---- The notice ------------------------------------------------------------------------------ */

static char *write_notice_under(
	const struct a2a_notice *notice, const char *lang, const char *profile)
{
	const char *const set[] = {lang, profile, NULL};
	struct a2a_settings *settings = tree_settings(set);
	struct reports reports;
	struct a2a_messages *messages;
	char *mail;

	reports_start(&reports);
	messages = a2a_messages_open(settings, &reports.log);
	assert_non_null(messages);
	mail = a2a_notice_write(notice, messages, settings);
	assert_non_null(mail);
	a2a_messages_close(messages);
	a2a_settings_free(settings);
	return mail;
}

static char *write_notice(const struct a2a_notice *notice, const char *lang)
{
	return write_notice_under(notice, lang, NULL);
}

/* Checks that every line is as RFC 5322 and a mailbox file require. */
static void expect_sendable(const char *mail)
{
	while (*mail) {
		const size_t length = strcspn(mail, "\n");

		assert_int_equal(mail[length], '\n');
		assert_true(length <= ENCODED_WIDTH);
		for (size_t i = 0; i < length; i++)
			assert_true(mail[i] >= ' ' && mail[i] <= '~');
		assert_true(length == 0 || mail[length - 1] != ' ');
		assert_true(mail[0] != '.');
		assert_true(strncmp(mail, "From ", 5) != 0);
		mail += length + 1;
	}
}

static int hexadecimal(char digit)
{
	assert_true(isdigit((unsigned char)digit) || (digit >= 'A' && digit <= 'F'));
	return isdigit((unsigned char)digit) ? digit - '0' : digit - 'A' + 10;
}

/* Returns the text behind the headers; the caller frees it. */
static char *decode(const char *mail)
{
	const char *at = strstr(mail, "\n\n");
	char *text = calloc(1, strlen(mail) + 1), *end = text;

	assert_non_null(at);
	assert_non_null(text);
	for (at += 2; *at; at++) {
		if (*at != '=') {
			*end++ = *at;
		} else if (at[1] == '\n') {
			at++;
		} else {
			*end++ = (char)(hexadecimal(at[1]) << 4 | hexadecimal(at[2]));
			at += 2;
		}
	}
	return text;
}

static size_t count_characters(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

static bool is_utf8(const char *text)
{
	for (; *text; text++) {
		int more = (*text & 0xe0) == 0xc0   ? 1
			   : (*text & 0xf0) == 0xe0 ? 2
			   : (*text & 0x80)         ? -1
						    : 0;

		if (more < 0)
			return false;
		while (more-- > 0)
			if (((unsigned char)*++text & 0xc0) != 0x80)
				return false;
	}
	return true;
}

static void the_text_survives_its_encoding(void **state)
{
	/* A mail server or a mailbox would change these on the way, at any column of a line. */
	static const char *const lines =
		"\n.\n..\n.a\nFrom b\n From c\nblank \ntab\t\n=\n=3D\né\n \n";

	(void)state;
	for (size_t column = 0; column < 160; column++) {
		char *user = NULL, *mail, *text;
		struct a2a_notice notice = {.address = "a@b", .rules = "", .days = -1};

		assert_true(asprintf(&user, "%0*d é .From =%s%0*d end", (int)column + 1, 0, lines,
				    (int)column + 1, 0) > 0);
		notice.user = user;
		mail = write_notice(&notice, "lang=en");
		expect_sendable(mail);
		text = decode(mail);
		assert_non_null(strstr(text, user));
		free(text);
		free(mail);
		free(user);
	}
}

static void paragraphs_are_broken_between_words(void **state)
{
	char rules[1024] = "";

	(void)state;
	for (unsigned rule = 0; rule < A2A_RULES; rule++)
		strcat(strcat(rules, *rules ? "," : ""), a2a_rule_name((enum a2a_rule)rule));
	for (int language = 0; language < A2A_LANGUAGES; language++) {
		const struct a2a_notice notice = {.user = "user0001",
			.address = "a@b",
			.rules = rules,
			.webmail = "https://webmail.example.org/",
			.days = 7};
		const char *tag = a2a_language_tag((enum a2a_language)language);
		char lang[16], *mail, *text;
		size_t items = 0;

		snprintf(lang, sizeof(lang), "lang=%s", tag);
		mail = write_notice(&notice, lang);
		expect_sendable(mail);
		text = decode(mail);
		assert_true(is_utf8(text));
		for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
			assert_true(count_characters(line, strcspn(line, "\n")) <= WIDTH);
			items += strncmp(line, " - ", 3) == 0;
		}
		assert_int_equal(items, A2A_RULES);
		assert_non_null(strstr(text, " 7 "));
		assert_non_null(strstr(text, "\nhttps://webmail.example.org/\n"));
		free(text);
		free(mail);
	}
}

/* The guide says what the default asks for. Under another profile, the rules are listed. */
static void the_advice_is_true_under_every_profile(void **state)
{
	static const char *const profiles[] = {
		"house", "safeonweb", "anssi", "bsi", "cnil", "nist"};
	static const char *const guides[] = {"lettres et chiffres pris au hasard",
		"8 willekeurige letters", "8 zufälligen Buchstaben", "8 random letters"};
	static const char *const tags[] = {"lang=fr", "lang=nl", "lang=de", "lang=en"};
	static const char *const lengths[] = {"", " 14 ", " 12 ", " 8 ", " 12 ", " 15 "};
	const struct a2a_notice notice = {
		.user = "user0001", .address = "a@b", .rules = "guessable", .days = -1};

	(void)state;
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		for (size_t j = 0; j < sizeof(tags) / sizeof(tags[0]); j++) {
			char profile[32], *mail, *text;

			snprintf(profile, sizeof(profile), "profile=%s", profiles[i]);
			mail = write_notice_under(&notice, tags[j], profile);
			expect_sendable(mail);
			text = decode(mail);
			assert_true(is_utf8(text));
			for (char *c = text; *c; c++)
				*c = *c == '\n' ? ' ' : *c;
			assert_int_equal(strstr(text, guides[j]) != NULL, i == 0);
			assert_non_null(strstr(text, lengths[i]));
			free(text);
			free(mail);
		}
}

/* No countdown: a sentence, which says when. */
static void the_days_are_a_sentence(void **state)
{
	static const struct {
		const char *lang;
		long days;
		const char *said;
	} cases[] = {
		{"lang=en", 0, "From today on, your mail program"},
		{"lang=en", 1, "From tomorrow on, your mail program"},
		{"lang=en", 2, "In 2 days your mail program"},
		{"lang=fr", 30, "Dans 30 jours, votre logiciel"},
		{"lang=nl", 1, "Vanaf morgen kan uw"},
		{"lang=de", 365, "In 365 Tagen kann sich"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct a2a_notice notice = {.user = "user0001",
			.address = "a@b",
			.rules = "guessable",
			.days = cases[i].days};
		char *mail = write_notice(&notice, cases[i].lang), *text = decode(mail);

		if (!strstr(text, cases[i].said))
			fail_msg("\"%s\" is not in:\n%s", cases[i].said, text);
		free(text);
		free(mail);
	}
}

static void what_is_not_known_is_not_said(void **state)
{
	const struct a2a_notice notice = {.user = "user0001",
		.address = "a@b",
		.rules = "a-later-rule,too-short",
		.days = -1};
	char *mail = write_notice(&notice, "lang=en"), *text = decode(mail);

	(void)state;
	assert_null(strstr(mail, "From:"));
	assert_null(strstr(text, "https"));
	assert_null(strstr(text, "days"));
	assert_non_null(strstr(text, " - a-later-rule\n"));
	assert_null(strstr(text, "too-short"));
	free(text);
	free(mail);
}

/* Appends the value of an encoded word, "=?UTF-8?B?...?=", to `text`. */
static const char *decode_word(const char *word, char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *end = text + strlen(text);
	unsigned long group = 0;
	unsigned bits = 0;

	assert_memory_equal(word, "=?UTF-8?B?", 10);
	for (word += 10; *word != '?'; word++) {
		if (*word == '=')
			continue;
		assert_non_null(strchr(digits, *word));
		group = group << 6 | (unsigned long)(strchr(digits, *word) - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			*end++ = (char)(group >> bits);
			*end = '\0';
		}
	}
	assert_memory_equal(word, "?=", 2);
	return word + 2;
}

static void the_subject_is_in_whole_words(void **state)
{
	static const char *const langs[] = {"lang=fr", "lang=de,fr", "lang=fr,nl,de,en"};

	(void)state;
	for (size_t i = 0; i < sizeof(langs) / sizeof(langs[0]); i++) {
		const struct a2a_notice notice = {
			.user = "u", .address = "a@b", .from = "c@d", .rules = "", .days = -1};
		char *mail = write_notice(&notice, langs[i]), subject[2048] = "";
		const char *at = strstr(mail, "\nSubject: ");

		assert_non_null(at);
		expect_sendable(mail);
		at += strlen("\nSubject: ");
		for (;;) {
			char word[256] = "";

			at = decode_word(at, word);
			/* RFC 2047, section 5: no character is cut. */
			assert_true(is_utf8(word));
			strcat(subject, word);
			if (strncmp(at, "\n ", 2) != 0)
				break;
			at += 2;
		}
		assert_non_null(strstr(subject, "mot de passe"));
		assert_int_equal(*at, '\n');
		assert_non_null(strstr(mail, "From: c@d\nTo: a@b\n"));
		free(mail);
	}
}

/* ---- Sending --------------------------------------------------------------------------------- */

static void write_program(const char *path, const char *script)
{
	write_file(path, script, strlen(script));
	assert_int_equal(chmod(path, 0755), 0);
}

static void sendmail_gets_the_mail(void **state)
{
	char *folder = new_folder(), *program = NULL, *script = NULL, *copy = NULL;
	unsigned char *sent;
	struct reports reports;
	size_t size;

	(void)state;
	reports_start(&reports);
	assert_true(asprintf(&program, "%s/sendmail", folder) > 0);
	assert_true(asprintf(&copy, "%s/copy", folder) > 0);
	assert_true(
		asprintf(&script, "#!/bin/sh\necho \"$*\" >'%s'\ncat >>'%s'\n", copy, copy) > 0);
	write_program(program, script);
	assert_true(a2a_mail_send(program, "To: a@b\n\n.\ntext\n", &reports.log));
	sent = read_file(copy, &size);
	assert_int_equal(size, 6 + 16);
	assert_memory_equal(sent, "-t -i\nTo: a@b\n\n.\ntext\n", size);
	free(sent);
	assert_int_equal(reports.faults, 0);
	/* These programs do not take the mail; one says so, the other does not. */
	write_program(program, "#!/bin/sh\nexit 75\n");
	assert_false(a2a_mail_send(program, "To: a@b\n\ntext\n", &reports.log));
	assert_non_null(strstr(reports.text, "did not take the mail (exit status 75)"));
	write_program(program, "#!/bin/sh\nkill -9 $$\n");
	assert_false(a2a_mail_send(program, "To: a@b\n\ntext\n", &reports.log));
	assert_false(a2a_mail_send("/nonexistent/sendmail", "To: a@b\n\ntext\n", &reports.log));
	assert_non_null(strstr(reports.text, "/nonexistent/sendmail: No such file"));
	assert_int_equal(reports.faults, 3);
	free(script);
	free(copy);
	free(program);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_survives_its_encoding),
		cmocka_unit_test(paragraphs_are_broken_between_words),
		cmocka_unit_test(the_advice_is_true_under_every_profile),
		cmocka_unit_test(the_days_are_a_sentence),
		cmocka_unit_test(what_is_not_known_is_not_said),
		cmocka_unit_test(the_subject_is_in_whole_words),
		cmocka_unit_test(sendmail_gets_the_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
