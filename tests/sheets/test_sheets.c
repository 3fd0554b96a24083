/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sheet that is handed to a user: every fact in every language, values that stay what they are,
 * templates that an administrator got wrong. What a PDF looks like to others is in sheets.sh.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "picture.h"
#include "sheet.h"
#include "wording.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED false
#endif

enum { ISSUED = 1795348800 /* 22 November 2026, noon */ };

static const char *const languages[] = {"fr", "nl", "de", "en"};

static const struct a2a_service service = {
	.organisation = (char[]){"ALL2ALL"},
	.domain = (char[]){"all2all.org"},
	.server = (char[]){"mail.all2all.org"},
	.webmail = (char[]){"https://webmail.all2all.org/"},
	.help = (char[]){"support@all2all.org"},
	.logo = (char[]){""},
	.imaps_port = 993,
	.pop3s_port = 995,
	.smtps_port = 465,
	.quota = 25,
	.message_limit = 12,
};

/* Only what must be there. */
static const struct a2a_service bare_service = {
	.organisation = (char[]){""},
	.domain = (char[]){""},
	.server = (char[]){"mail.all2all.org"},
	.webmail = (char[]){""},
	.help = (char[]){""},
	.logo = (char[]){""},
	.imaps_port = 993,
	.pop3s_port = 995,
	.smtps_port = 465,
};

struct bench {
	char *folder, *shipped;
	struct reports reports;
	struct a2a_sheets *sheets;
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->folder = new_folder();
	bench->shipped = in_build("sheets");
	reports_start(&bench->reports);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	a2a_sheets_close(bench->sheets);
	remove_folder(bench->folder);
	free(bench->shipped);
	free(bench);
	return 0;
}

/* Opens with what the folder has; fails the test when that is wrong. */
static const struct a2a_sheets *sheets_of(struct bench *bench, const struct a2a_service *facts)
{
	a2a_sheets_close(bench->sheets);
	bench->sheets = a2a_sheets_open(facts, bench->folder, bench->shipped, &bench->reports.log);
	if (!bench->sheets)
		fail_msg("%s", bench->reports.text);
	return bench->sheets;
}

static void put_file(struct bench *bench, const char *name, const char *text)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", bench->folder, name) > 0);
	write_file(path, text, strlen(text));
	free(path);
}

/* One account, with what most tests do not care about. */
struct account {
	const char *language, *user, *password, *spelled, *name, *mail;
	const struct a2a_sheet_field *fields;
	size_t field_count;
	long guide_length;
	const struct a2a_sheet_cell *cells;
	size_t cell_count;
	const char *mobileconfig;
	const struct a2a_service *service;
};

static bool make(struct bench *bench, const struct account *account, enum a2a_sheet_format format,
	struct secret *page)
{
	const char *typed = account->password ? account->password : "k7mvTq2xr9";
	const char *aloud = account->spelled ? account->spelled : "";
	const struct secret password = a2a_secret_borrow(typed, strlen(typed));
	const struct secret spelled = a2a_secret_borrow(aloud, strlen(aloud));
	const struct a2a_handover handover = {
		.language = account->language ? account->language : "en",
		.user = account->user ? account->user : "user0001",
		.name = account->name,
		.mail = account->mail,
		.password = &password,
		.spelled = account->spelled ? &spelled : NULL,
		.issued = ISSUED,
		.guide_length = account->guide_length,
		.cells = account->cells,
		.cell_count = account->cell_count,
		.mobileconfig = account->mobileconfig,
		.service = account->service,
		.fields = account->fields,
		.field_count = account->field_count,
	};

	return a2a_sheet_make(bench->sheets, &handover, format, page, &bench->reports.log);
}

/* Belongs to the caller, who frees it. */
static char *page_of(
	struct bench *bench, const struct account *account, enum a2a_sheet_format format)
{
	struct secret page = {0};
	char *text;

	if (!make(bench, account, format, &page))
		fail_msg("%s", bench->reports.text);
	text = strndup(page.bytes, page.length);
	a2a_secret_wipe(&page);
	return text;
}

static void has(const char *page, const char *text)
{
	if (!page)
		page = "";
	if (!strstr(page, text))
		fail_msg("\"%s\" is missing in:\n%s", text, page);
}

static void has_not(const char *page, const char *text)
{
	if (!page)
		fail_msg("there is no page");
	else if (strstr(page, text))
		fail_msg("\"%s\" is in:\n%s", text, page);
}

static size_t times_in(const char *page, const char *text)
{
	size_t count = 0;

	while ((page = strstr(page, text)) != NULL) {
		count++;
		page += strlen(text);
	}
	return count;
}

/* What was reported since the last time; then forgets it. */
static void reported(struct bench *bench, const char *text)
{
	has(bench->reports.text, text);
	reports_start(&bench->reports);
}

/* ---- The facts ------------------------------------------------------------------------------- */

/* A text breaks its lines where it likes. */
static void join_lines(char *page)
{
	for (char *at = page; (at = strchr(at, '\n')) != NULL; at++) {
		size_t blanks = strspn(at + 1, " ");

		*at = ' ';
		memmove(at + 1, at + 1 + blanks, strlen(at + 1 + blanks) + 1);
	}
}

static void every_language_has_every_fact(void **state)
{
	static const char *const in_all[] = {"Geneviève Vandenbroucke", "user0001",
		"user0001@all2all.org", "k7mvTq2xr9", "kilo, seven, mike", "mail.all2all.org",
		"https://webmail.all2all.org/", "support@all2all.org", "IMAP", "POP3", "SMTP",
		"993", "995", "465", "SSL/TLS", "8"};
	/* The day, the quota, the limit, how to log in, what a good password is, a new one. */
	static const char *const in_one[][10] = {
		{"22 novembre 2026", "25\u00a0Mo", "12\u00a0Mo", "authentification",
			"Mot de passe normal", "majuscules", "dictionnaire",
			"Demandez-en un nouveau", "par e-mail", "Paramètres, puis Mot\u00a0de"},
		{"22 november 2026", "25\u00a0MB", "12\u00a0MB", "authenticatie",
			"Normaal wachtwoord", "hoofdletters", "woordenboek",
			"Vraag een nieuw wachtwoord", "per e-mail",
			"Instellingen en dan Wachtwoord"},
		{"22. November 2026", "25\u00a0MB", "12\u00a0MB", "Authentifizierung",
			"Passwort, normal", "Kleinbuchstaben", "Wörterbuch", "jederzeit ein neues",
			"per E-Mail", "Einstellungen und dann Passwort"},
		{"22 November 2026", "25\u00a0MB", "12\u00a0MB", "authentication",
			"Normal password", "capital", "dictionary",
			"Ask for a new one, at any time", "by e-mail", "Settings, then Password"},
	};
	struct bench *bench = *state;

	sheets_of(bench, &service);
	for (size_t i = 0; i < 4; i++) {
		const struct account account = {.language = languages[i],
			.name = "Geneviève Vandenbroucke",
			.spelled = "kilo, seven, mike",
			.guide_length = 8};
		char *text = page_of(bench, &account, A2A_SHEET_TEXT);
		char *html = page_of(bench, &account, A2A_SHEET_HTML);

		join_lines(text);
		for (size_t fact = 0; fact < sizeof(in_all) / sizeof(in_all[0]); fact++) {
			has(text, in_all[fact]);
			has(html, in_all[fact]);
		}
		for (size_t fact = 0; fact < 10; fact++)
			has(text, in_one[i][fact]);
		has(html, "data:image/png;base64,");
		free(text);
		free(html);
	}
	assert_int_equal(bench->reports.faults + bench->reports.warnings, 0);
}

/* The guide is repeated with the number that is in force, and not under another policy. */
static void the_guide_is_left_out_under_another_policy(void **state)
{
	static const char *const guides[] = {
		"dictionnaire", "woordenboek", "Wörterbuch", "dictionary"};
	struct bench *bench = *state;

	sheets_of(bench, &service);
	for (size_t i = 0; i < 4; i++) {
		struct account account = {.language = languages[i], .guide_length = 0};
		char *without = page_of(bench, &account, A2A_SHEET_TEXT), *with;

		account.guide_length = 31;
		with = page_of(bench, &account, A2A_SHEET_TEXT);
		has(with, guides[i]);
		has(with, "31");
		has_not(without, guides[i]);
		free(without);
		free(with);
	}
}

static void a_text_is_wrapped_by_what_is_seen(void **state)
{
	static const char expected[] =
		"Ééé ééé\n"
		"=======\n"
		"\n"
		"éééééééééééééééééééééééééééééé éééééééééééééééééééééééééééééé ééééééééé\n"
		"éé two\n"
		"lines\n"
		"\n"
		"A section\n"
		"---------\n"
		"\n"
		"    user0001\n"
		"\n"
		"    k7mvTq2xr9\n"
		"\n"
		"- one\n"
		"- two webmail and desk <help@example.org> and some more words so that it\n"
		"  is long\n"
		"\n"
		"7. seven\n"
		"8. eight\n"
		"\n"
		"  quoted\n"
		"\n"
		"* * *\n"
		"\n"
		"k7mvTq2xr9 https://webmail.all2all.org/\n";
	struct bench *bench = *state;
	char *page;

	put_file(bench, "sheet.en.md",
		"# Ééé *ééé*\n\n"
		"éééééééééééééééééééééééééééééé éééééééééééééééééééééééééééééé ééééééééé\n"
		"éé two\\\nlines\n\n## A section\n\n    {{user}}\n\n    {{password}}\n\n"
		"- one\n- two [webmail]({{webmail}}) and [desk](mailto:help@example.org) and some "
		"more words so that it is long\n\n"
		"7. seven\n8. eight\n\n> quoted\n\n***\n\n"
		"![](qr:webmail) this is about the picture\n\n"
		"`{{password}}` [{{webmail}}]({{webmail}})\n");
	sheets_of(bench, &service);
	page = page_of(bench, &(struct account){.language = "en"}, A2A_SHEET_TEXT);
	assert_string_equal(page, expected);
	free(page);
}

static void dates_and_sizes_need_no_locale(void **state)
{
	static const struct {
		enum a2a_language language;
		time_t when;
		const char *date;
		long megabytes;
		const char *size;
	} rows[] = {
		{A2A_FRENCH, 1798761600, "1er janvier 2027", 1536, "1,5\u00a0Go"},
		{A2A_DUTCH, 1798761600, "1 januari 2027", 1024, "1\u00a0GB"},
		{A2A_GERMAN, 1798761600, "1. Januar 2027", 1023, "1023\u00a0MB"},
		{A2A_ENGLISH, 1798761600, "1 January 2027", 2560, "2.5\u00a0GB"},
		{A2A_FRENCH, 1785499200, "31 juillet 2026", 25, "25\u00a0Mo"},
		{A2A_GERMAN, 1772366400, "1. März 2026", 5000, "5000\u00a0MB"},
		{A2A_FRENCH, 1801483200, "1er février 2027", 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *date = sheet_date(rows[i].language, rows[i].when);
		char *size = sheet_size(rows[i].language, rows[i].megabytes);

		assert_string_equal(date, rows[i].date);
		assert_string_equal(size, rows[i].size);
		free(date);
		free(size);
	}
}

static void languages_are_known_by_their_tags(void **state)
{
	static const char *const known[] = {"fr", "fr_BE", "nl-BE", "de_DE.UTF-8", "EN", "en@x"};
	static const char *const unknown[] = {"", "f", "fra", "es", "_fr", "C"};
	struct bench *bench = *state;
	struct secret page = {0};

	sheets_of(bench, &service);
	for (size_t i = 0; i < 6; i++) {
		assert_true(make(
			bench, &(struct account){.language = known[i]}, A2A_SHEET_TEXT, &page));
		assert_true(page.length > 0);
		a2a_secret_wipe(&page);
		assert_false(make(
			bench, &(struct account){.language = unknown[i]}, A2A_SHEET_TEXT, &page));
		assert_int_equal(page.length, 0);
		reported(bench, "there is no sheet in the language");
	}
	assert_false(make(bench, &(struct account){.language = "es"}, A2A_SHEET_TEXT, &page));
	reported(bench, "there is no sheet in the language \"es\"");
}

/* ---- Values ---------------------------------------------------------------------------------- */

static const char *const nasty[] = {"*_<b>&", "**x**", "`x`", "]( ", "[x](javascript:alert(1))",
	"![](logo)", "<script>alert(1)</script>", "{{user}}", "{{password}}", "}}{{", "&amp;&#65;",
	"# x", "- x", "1. x", "> x", "    x", "***", "\\*", "\"'", "a  b", "</pre>", "<!-- x",
	"&quot;", "https://x/", "~~~", "```", "javascript:alert(1)"};

/* As HTML writes it in a text. */
static char *escaped(const char *text)
{
	char *result = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&result, &size);

	assert_non_null(file);
	for (; *text; text++)
		if (*text == '&')
			fputs("&amp;", file);
		else if (*text == '<')
			fputs("&lt;", file);
		else if (*text == '>')
			fputs("&gt;", file);
		else if (*text == '"')
			fputs("&quot;", file);
		else
			fputc(*text, file);
	fclose(file);
	return result;
}

/* Takes away what keeps words whole. */
static void strip(char *page, const char *tag)
{
	const size_t length = strlen(tag);

	for (char *at = page; (at = strstr(at, tag)) != NULL;)
		memmove(at, at + length, strlen(at + length) + 1);
}

static const char template_for_values[] =
	"# Sheet\n\nName: {{name}}.\n\nRoom: **{{Room}}**.\n\n    {{user}}\n\nand\n\n    "
	"{{password}}\n\n"
	"Inside `{{password}}` it.\n\n[{{Room}}]({{Room}} \"{{Room}}\")\n";

static void check_value(struct bench *bench, const char *value)
{
	const struct a2a_sheet_field room = {"Room", value};
	const struct account account = {.language = "en",
		.user = value,
		.password = value,
		.name = value,
		.mail = "x@y",
		.fields = &room,
		.field_count = 1};
	char *text = page_of(bench, &account, A2A_SHEET_TEXT);
	char *html = page_of(bench, &account, A2A_SHEET_HTML);
	char *seen = escaped(value), *line = NULL;
	struct secret pdf = {0};

	strip(html, "<span class=\"whole\">");
	strip(html, "</span>");
	assert_true(asprintf(&line, "\n    %s\n", value) > 0);
	assert_int_equal(times_in(text, line), 2);
	free(line);
	assert_true(asprintf(&line, "Inside %s it.", value) > 0);
	has(text, line);
	free(line);
	assert_true(asprintf(&line, "<code>%s</code> it.</p>", seen) > 0);
	has(html, line);
	free(line);
	assert_true(asprintf(&line, "<p>Name: %s.</p>", seen) > 0);
	has(html, line);
	free(line);
	assert_true(asprintf(&line, "<p>Room: <strong>%s</strong>.</p>", seen) > 0);
	has(html, line);
	free(line);
	assert_true(asprintf(&line, ">%s\n</code></pre>", seen) > 0);
	assert_int_equal(times_in(html, line), 2);
	free(line);
	has_not(html, "href=\"javascript:");
	has_not(html, "<script");
	assert_true(make(bench, &account, A2A_SHEET_PDF, &pdf));
	a2a_secret_wipe(&pdf);
	free(seen);
	free(html);
	free(text);
}

static void no_value_is_markup(void **state)
{
	struct bench *bench = *state;

	put_file(bench, "sheet.en.md", template_for_values);
	sheets_of(bench, &service);
	for (size_t i = 0; i < sizeof(nasty) / sizeof(nasty[0]); i++)
		check_value(bench, nasty[i]);
}

static void the_title_is_text(void **state)
{
	struct bench *bench = *state;
	char *page;

	put_file(bench, "sheet.en.md",
		"# For *{{name}}*\n\n    {{user}}\n\nand\n\n    {{password}}\n");
	sheets_of(bench, &service);
	page = page_of(bench, &(struct account){.name = "</title><b>\"&"}, A2A_SHEET_HTML);
	has(page, "<title>For &lt;/title&gt;&lt;b&gt;&quot;&amp;</title>");
	free(page);
	/* Without a heading left, there still is one. */
	page = page_of(bench, &(struct account){0}, A2A_SHEET_HTML);
	has(page, "<title>mail.all2all.org</title>");
	free(page);
}

static void what_cannot_be_shown_is_refused(void **state)
{
	static const char *const values[] = {"a\nb", "a\tb", "\x01", "a\x7f", "\xc2\x85", "\xff",
		"\xc3", "a\u2028b", "a\u202eb", "a\u2066b", "\xed\xa0\x80"};
	struct bench *bench = *state;
	const char *fields[] = {"user", "password", "spelled", "name", "mail"};

	sheets_of(bench, &service);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		for (size_t field = 0; field < 5; field++) {
			const char *value = values[i];
			const struct account account = {
				.user = field == 0 ? value : NULL,
				.password = field == 1 ? value : NULL,
				.spelled = field == 2 ? value : NULL,
				.name = field == 3 ? value : NULL,
				.mail = field == 4 ? value : "x@y",
			};
			struct secret page = {0};
			char *what = NULL;

			assert_true(
				asprintf(&what, "the field {{%s}} of this account cannot be shown",
					fields[field]) > 0);
			assert_true(a2a_secret_append(&page, "before", 6));
			assert_false(make(bench, &account, (enum a2a_sheet_format)(i % 3), &page));
			assert_int_equal(page.length, 6);
			reported(bench, what);
			a2a_secret_wipe(&page);
			free(what);
		}
}

static void columns_come_before_the_service_and_behind_the_account(void **state)
{
	static const struct a2a_sheet_field columns[] = {{"user", "no-user"},
		{"password", "no-password"}, {"spelled", "no-spelled"}, {"name", "no-name"},
		{"mail", "no-mail"}, {"server", "mail2.example.org"}, {"quota", "7 pigeons"},
		{"Room", "B12"}, {"Room", "not this one"}};
	static const struct account full = {.language = "en",
		.name = "Anna",
		.mail = "anna@all2all.org",
		.spelled = "aloud",
		.fields = columns,
		.field_count = 9};
	static const struct account empty = {
		.language = "en", .spelled = "aloud", .fields = columns, .field_count = 9};
	struct bench *bench = *state;
	char *page;

	put_file(bench, "sheet.en.md",
		"# S\n\n    {{user}}\n\n    {{password}}\n\n"
		"{{spelled}}|{{name}}|{{mail}}|{{ server }}|{{quota}}|{{Room}}\n");
	sheets_of(bench, &service);
	page = page_of(bench, &full, A2A_SHEET_TEXT);
	assert_string_equal(page, "S\n=\n\n    user0001\n\n    k7mvTq2xr9\n\n"
				  "aloud|Anna|anna@all2all.org|mail2.example.org|7 pigeons|B12\n");
	free(page);
	/* Where the account says nothing, a column may. */
	page = page_of(bench, &empty, A2A_SHEET_TEXT);
	has(page, "aloud|no-name|no-mail|mail2.example.org|7 pigeons|B12\n");
	free(page);
}

static void an_address_is_made_of_user_and_domain(void **state)
{
	struct bench *bench = *state;
	char *page;

	sheets_of(bench, &service);
	page = page_of(bench, &(struct account){.user = "anna@other.example"}, A2A_SHEET_TEXT);
	has(page, "address: anna@other.example\n");
	free(page);
	sheets_of(bench, &bare_service);
	page = page_of(bench, &(struct account){0}, A2A_SHEET_TEXT);
	has_not(page, "address:");
	free(page);
}

/* ---- What is not said ------------------------------------------------------------------------ */

static void what_is_empty_takes_its_paragraph_along(void **state)
{
	static const char *const gone[] = {"webmail", "Webmail", "QR", "data:image", "{{", "}}",
		"mailbox", "boîte", "Postfach", "telephone:", "téléphone", "support", "<ul>\n</ul>",
		"on-paper", "<p></p>", "<li></li>", "<p>\n</p>"};
	struct bench *bench = *state;

	sheets_of(bench, &bare_service);
	for (size_t i = 0; i < 4; i++) {
		char *html =
			page_of(bench, &(struct account){.language = languages[i]}, A2A_SHEET_HTML);
		char *body = strstr(html, "<body>");

		assert_non_null(body);
		for (size_t j = 0; j < sizeof(gone) / sizeof(gone[0]); j++)
			has_not(body, gone[j]);
		assert_int_equal(times_in(body, "<h2>"), 3);
		has(body, "k7mvTq2xr9");
		has(body, "993");
		free(html);
	}
}

/* An item goes with its first paragraph; another paragraph of it goes alone. */
static void an_empty_field_never_takes_the_password_along(void **state)
{
	struct bench *bench = *state;
	struct secret page = {0};
	char *text;

	put_file(bench, "sheet.en.md",
		"# S\n\n1. Name:\n\n       {{user}}\n\n2. Password:\n\n       {{password}}\n\n   "
		"Ask {{help}}.\n");
	sheets_of(bench, &bare_service);
	text = page_of(bench, &(struct account){0}, A2A_SHEET_TEXT);
	assert_string_equal(
		text, "S\n=\n\n1. Name:\n\n       user0001\n\n2. Password:\n\n       k7mvTq2xr9\n");
	free(text);
	put_file(bench, "sheet.en.md",
		"# S\n\n1. Name:\n\n       {{user}}\n\n2. Ask {{help}}:\n\n       {{password}}\n");
	sheets_of(bench, &bare_service);
	assert_false(make(bench, &(struct account){0}, A2A_SHEET_TEXT, &page));
	reported(bench, "sheet.en.md: the password of this account is left out");
}

static void headings_go_with_what_was_below_them(void **state)
{
	struct bench *bench = *state;
	char *page;

	put_file(bench, "sheet.en.md",
		"# S\n\n    {{user}}\n\n    {{password}}\n\n"
		"## Gone\n\n### Gone too\n\n- {{help}}\n\n> {{help}}\n\n"
		"## Stays\n\n### Gone as well\n\n{{help}}\n\n### Stays too\n\n- a\n\n  {{help}}\n- "
		"b\n\n"
		"<!-- never seen -->\nafter\n\n## The end {{help}}\n\nwithout its heading\n");
	sheets_of(bench, &bare_service);
	page = page_of(bench, &(struct account){0}, A2A_SHEET_TEXT);
	assert_string_equal(page, "S\n=\n\n    user0001\n\n    k7mvTq2xr9\n\n"
				  "Stays\n-----\n\nStays too\n---------\n\n- a\n\n- b\n\nafter\n\n"
				  "without its heading\n");
	free(page);
}

/* ---- Templates that are wrong ---------------------------------------------------------------- */

#define GOOD "# T\n\n    {{user}}\n\n    {{password}}\n\n"

static const struct {
	const char *template, *report;
} wrong[] = {
	{"", "sheet.en.md: has no heading"},
	{"# T\n\n    {{user}}\n", "sheet.en.md: has no {{password}}"},
	{"# T\n\n    {{password}}\n", "sheet.en.md: has no {{user}}"},
	{"# T\n\n{{user}}\n\n{{password}}\n", "sheet.en.md:5: {{password}} must be code"},
	{GOOD "{{name\n", "sheet.en.md:7: {{ without }} on the same line"},
	{GOOD "{{na\nme}}\n", "sheet.en.md:7: {{ without }} on the same line"},
	{GOOD "{{}}\n", "sheet.en.md:7: a field without a name"},
	{GOOD "{{ {{user}}\n", "sheet.en.md:7: a field without a name"},
	{GOOD "## {{spelled}}\n", "sheet.en.md:7: the password must not be in a heading"},
	{GOOD "## `{{password}}`\n", "sheet.en.md:7: the password must not be in a heading"},
	{GOOD "[x](https://x/?p={{password}})\n", "sheet.en.md:7: the password must not be in an"},
	{GOOD "[x](https://x/ \"{{ spelled }}\")\n",
		"sheet.en.md:7: the password must not be in an"},
	{GOOD "![{{spelled}}](logo)\n", "sheet.en.md:7: the password must not be in a picture"},
	{GOOD "x\n\n![](qr:password)\n", "sheet.en.md:9: a picture is ![](logo)"},
	{GOOD "![](qr:spelled)\n", "sheet.en.md:7: a picture is ![](logo)"},
	{GOOD "![](qr:{{password}})\n", "sheet.en.md:7: a picture is ![](logo)"},
	{GOOD "![](qr:Room)\n", "sheet.en.md:7: a picture is ![](logo)"},
	{GOOD "![](https://tracker.example/x.png)\n", "sheet.en.md:7: a picture is ![](logo)"},
	{GOOD "<b>x</b>\n", "sheet.en.md:7: HTML is not used"},
	{GOOD "<script>\nalert(1)\n</script>\n", "sheet.en.md:7: HTML is not used"},
	{GOOD "\xff\n", "sheet.en.md: is not UTF-8"},
	{GOOD ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> x\n", "sheet.en.md:7: lists or quotations"},
};

static void a_wrong_template_is_reported_by_file_and_line(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct a2a_sheets *sheets;

		put_file(bench, "sheet.en.md", wrong[i].template);
		sheets = a2a_sheets_open(
			&service, bench->folder, bench->shipped, &bench->reports.log);
		if (sheets)
			fail_msg("opened: %s", wrong[i].template);
		reported(bench, wrong[i].report);
	}
	put_file(bench, "sheet.en.md", GOOD);
	sheets_of(bench, &service);
}

static void all_that_is_wrong_is_said(void **state)
{
	struct bench *bench = *state;

	put_file(bench, "sheet.fr.md", "# T\n\n{{x\n\n    {{user}}\n");
	put_file(bench, "sheet.nl.md", GOOD "<i>\n");
	put_file(bench, "sheet.css", "p {} </STYLE><script>");
	assert_null(a2a_sheets_open(&service, bench->folder, bench->shipped, &bench->reports.log));
	has(bench->reports.text, "sheet.fr.md:3: {{ without }}");
	has(bench->reports.text, "sheet.fr.md: has no {{password}}");
	has(bench->reports.text, "sheet.nl.md:7: HTML");
	has(bench->reports.text, "sheet.css: is no style sheet");
	assert_int_equal(bench->reports.faults, 4);
}

static void files_that_cannot_be_trusted_are_not_read(void **state)
{
	struct bench *bench = *state;
	char *path = NULL, *other = NULL, *style = NULL, *page;

	assert_null(a2a_sheets_open(&service, NULL, bench->folder, &bench->reports.log));
	assert_int_equal(bench->reports.faults, 5);
	reported(bench, "sheet.fr.md: No such file or directory");
	assert_true(asprintf(&path, "%s/sheet.en.md", bench->folder) > 0);
	assert_true(asprintf(&other, "%s/other", bench->folder) > 0);
	assert_true(asprintf(&style, "%s/sheet.css", bench->folder) > 0);
	put_file(bench, "other", GOOD);
	assert_int_equal(symlink(other, path), 0);
	assert_null(a2a_sheets_open(&service, bench->folder, bench->shipped, &bench->reports.log));
	reported(bench, "sheet.en.md: is a symbolic link");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_null(a2a_sheets_open(&service, bench->folder, bench->shipped, &bench->reports.log));
	reported(bench, "sheet.en.md: is not a regular file");
	assert_int_equal(unlink(path), 0);
	put_file(bench, "sheet.en.md", GOOD);
	assert_int_equal(chmod(path, 0664), 0);
	assert_null(a2a_sheets_open(&service, bench->folder, bench->shipped, &bench->reports.log));
	reported(bench, "sheet.en.md: could have been written by others");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(truncate(path, 1 << 20), 0);
	assert_null(a2a_sheets_open(&service, bench->folder, bench->shipped, &bench->reports.log));
	reported(bench, "sheet.en.md: is too large");
	/* The administrator's own are taken, and the others are the shipped ones. */
	put_file(bench, "sheet.en.md", GOOD "Our own.\n");
	put_file(bench, "sheet.css", "/* our own style */\n");
	sheets_of(bench, &service);
	page = page_of(bench, &(struct account){.language = "en"}, A2A_SHEET_HTML);
	has(page, "Our own.");
	has(page, "/* our own style */");
	free(page);
	free(page_of(bench, &(struct account){.language = "fr"}, A2A_SHEET_TEXT));
	free(style);
	free(other);
	free(path);
}

static void an_unknown_field_is_named(void **state)
{
	static const struct a2a_sheet_field columns[] = {{"room", "B12"}};
	struct bench *bench = *state;

	put_file(bench, "sheet.en.md", GOOD "\nIn *room* {{Room}}.\n");
	sheets_of(bench, &service);
	for (enum a2a_sheet_format format = 0; format < A2A_SHEET_FORMATS; format++) {
		struct secret page = {0};

		assert_false(make(bench, &(struct account){.fields = columns, .field_count = 1},
			format, &page));
		assert_int_equal(page.length, 0);
		a2a_secret_wipe(&page);
		reported(bench, "sheet.en.md:8: the field {{Room}} is not known");
	}
}

/* ---- Pictures -------------------------------------------------------------------------------- */

/* A PNG of 2 by 1 pixels, grey. */
static const unsigned char small_png[] = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00,
	0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01,
	0x08, 0x00, 0x00, 0x00, 0x00, 0xd1, 0x49, 0x20, 0x56, 0x00, 0x00, 0x00, 0x0b, 0x49, 0x44,
	0x41, 0x54, 0x78, 0x9c, 0x63, 0x70, 0x68, 0x00, 0x00, 0x01, 0x03, 0x00, 0xc1, 0xd4, 0x21,
	0xe0, 0xfa, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static void a_logo_is_whole_or_refused(void **state)
{
	struct bench *bench = *state;
	struct a2a_service with_logo = service;
	struct secret page = {0};
	char *text;

	assert_true(asprintf(&with_logo.logo, "%s/logo.png", bench->folder) > 0);
	assert_null(a2a_sheets_open(&with_logo, NULL, bench->shipped, &bench->reports.log));
	reported(bench, "logo.png: No such file");
	write_file(with_logo.logo, small_png, sizeof(small_png));
	sheets_of(bench, &with_logo);
	text = page_of(bench, &(struct account){0}, A2A_SHEET_HTML);
	assert_int_equal(times_in(text, "<img src=\"data:image/png;base64,"), 2);
	free(text);
	assert_true(make(bench, &(struct account){0}, A2A_SHEET_PDF, &page));
	a2a_secret_wipe(&page);
	/* Cut where the picture's data are not whole yet. */
	for (size_t size = 0; size < sizeof(small_png) - 24; size++) {
		write_file(with_logo.logo, small_png, size);
		if (a2a_sheets_open(&with_logo, NULL, bench->shipped, &bench->reports.log))
			fail_msg("opened with %zu bytes of a logo", size);
		reported(bench, "logo.png: the logo is no PNG picture, or is damaged");
	}
	write_file(with_logo.logo, "GIF89a", 6);
	assert_null(a2a_sheets_open(&with_logo, NULL, bench->shipped, &bench->reports.log));
	free(with_logo.logo);
}

static void no_password_is_in_a_qr_code(void **state)
{
	static const struct a2a_sheet_field columns[] = {{"webmail", "https://x/?p=k7mvTq2xr9"}};
	struct bench *bench = *state;

	sheets_of(bench, &service);
	for (enum a2a_sheet_format format = 0; format < A2A_SHEET_FORMATS; format++) {
		struct secret page = {0};

		assert_false(make(bench, &(struct account){.fields = columns, .field_count = 1},
			format, &page));
		a2a_secret_wipe(&page);
		reported(bench, "holds the password, which must not be in a QR code");
	}
}

/* Four white modules around it, without which a telephone may not find it. */
static void a_qr_code_has_its_quiet_zone(void **state)
{
	QRcode *code = sheet_qr_new("https://webmail.all2all.org/");
	const int side = code->width + 8;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
	cairo_t *cairo = cairo_create(surface);
	const unsigned char *pixels;
	int stride, first = side;

	(void)state;
	cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
	sheet_qr_draw(code, cairo, side);
	cairo_surface_flush(surface);
	pixels = cairo_image_surface_get_data(surface);
	stride = cairo_image_surface_get_stride(surface);
	for (int row = 0; row < side; row++)
		for (int column = 0; column < side; column++)
			if (pixels[row * stride + 4 * column] == 0) {
				assert_in_range(row, 4, side - 5);
				assert_in_range(column, 4, side - 5);
				first = row < first ? row : first;
			}
	assert_int_equal(first, 4);
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	QRcode_free(code);
}

static void an_address_too_long_for_a_qr_code_is_reported(void **state)
{
	struct bench *bench = *state;
	struct a2a_service far = service;
	struct secret page = {0};

	far.webmail = malloc(5001);
	memset(far.webmail, 'x', 5000);
	memcpy(far.webmail, "https://", 8);
	far.webmail[5000] = '\0';
	sheets_of(bench, &far);
	assert_false(make(bench, &(struct account){0}, A2A_SHEET_HTML, &page));
	reported(bench, "the address is too long for a QR code");
	assert_false(make(bench, &(struct account){0}, A2A_SHEET_PDF, &page));
	reported(bench, "the address is too long for a QR code");
	assert_int_equal(page.length, 0);
	a2a_secret_wipe(&page);
	free(far.webmail);
}

/* The setting's, or logo.png beside sheets.conf, or the organisation's name. */
static void a_logo_is_found_or_its_name_stands_there(void **state)
{
	struct bench *bench = *state;
	char *path = NULL, *page;

	sheets_of(bench, &service);
	page = page_of(bench, &(struct account){0}, A2A_SHEET_HTML);
	has(page, "<p><span class=\"wordmark\">ALL2ALL</span></p>");
	free(page);
	page = page_of(bench, &(struct account){0}, A2A_SHEET_TEXT);
	assert_int_equal(strncmp(page, "ALL2ALL\n\nYour", 13), 0);
	free(page);
	assert_true(asprintf(&path, "%s/logo.png", bench->folder) > 0);
	write_file(path, small_png, sizeof(small_png));
	sheets_of(bench, &service);
	page = page_of(bench, &(struct account){0}, A2A_SHEET_HTML);
	has(page, "alt=\"ALL2ALL\"");
	has_not(page, "<span class=\"wordmark\"");
	free(page);
	/* It stays without a name. */
	sheets_of(bench, &bare_service);
	page = page_of(bench, &(struct account){0}, A2A_SHEET_HTML);
	has(page, "<img src=\"data:image/png;base64,");
	free(page);
	write_file(path, "GIF89a", 6);
	assert_null(a2a_sheets_open(&service, bench->folder, bench->shipped, &bench->reports.log));
	reported(bench, "logo.png: the logo is no PNG picture");
	free(path);
}

static void a_setup_file_is_named_when_there_is_one(void **state)
{
	struct bench *bench = *state;

	sheets_of(bench, &service);
	for (size_t i = 0; i < 4; i++) {
		struct account account = {.language = languages[i]};
		char *without = page_of(bench, &account, A2A_SHEET_TEXT), *with;

		account.mobileconfig = "user0001.mobileconfig";
		with = page_of(bench, &account, A2A_SHEET_TEXT);
		has(with, "user0001.mobileconfig");
		has(with, "iPhone");
		has_not(without, "iPhone");
		free(without);
		free(with);
	}
}

/* Accounts of a list with servers, a domain or a host of their own. */
static void settings_of_a_list_are_found(struct bench *bench)
{
	static const struct {
		const char *mx_domain, *server, *domain, *autoconfig;
		int64_t port;
		const char *told; /* NULL: nothing */
	} cases[] = {
		{"", "mail.all2all.org", "all2all.org", "auto.all2all.org", 993,
			"auto.all2all.org"},
		{"", "mail.one.be", "all2all.org", "auto.all2all.org", 993, NULL},
		{"", "mail.all2all.org", "all2all.org", "auto.all2all.org", 1993, NULL},
		{"", "mail.all2all.org", "one.be", "auto.all2all.org", 993, NULL},
		{"all2all.org", "mail.all2all.org", "one.be", "auto.all2all.org", 993,
			"auto.all2all.org"},
		{"all2all.org", "mail.one.be", "one.be", "auto.all2all.org", 993, NULL},
		{"", "mail.one.be", "one.be", "auto.one.be", 993, "auto.one.be"},
	};
	struct a2a_service published = service, own = service;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct account account = {.service = &own};
		char *page;

		published.autoconfig = (char[]){"auto.all2all.org"};
		published.login_name = own.login_name = (char[]){"address"};
		published.mx_domain = own.mx_domain = strdup(cases[i].mx_domain);
		own.server = strdup(cases[i].server);
		own.domain = strdup(cases[i].domain);
		own.autoconfig = strdup(cases[i].autoconfig);
		own.imaps_port = cases[i].port;
		sheets_of(bench, &published);
		page = page_of(bench, &account, A2A_SHEET_TEXT);
		if (cases[i].told)
			has(page, cases[i].told);
		else
			has_not(page, "Thunderbird");
		free(page);
		free(own.mx_domain);
		free(own.server);
		free(own.domain);
		free(own.autoconfig);
	}
}

/* A program that finds the settings knows nothing but the address. */
static void settings_are_found_by_those_who_then_log_in(void **state)
{
	static const struct {
		const char *login_name, *user, *mail;
		bool is_told;
	} cases[] = {
		{"address", "user0001", NULL, true},
		{"address", "user0001", "Marie@All2All.org", true},
		{"address", "user0001", "marie@example.org", false},
		{"address", "marie@all2all.org", NULL, true},
		{"address", "marie@example.org", NULL, false},
		{"local-part", "user0001", NULL, true},
		{"local-part", "User0001", "user0001@all2all.org", true},
		{"local-part", "user0001", "user000@all2all.org", false},
		{"local-part", "user0001", "marie@all2all.org", false},
		{"local-part", "marie@all2all.org", NULL, false},
	};
	struct bench *bench = *state;
	struct a2a_service published = service;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		published.autoconfig = (char[]){"autoconfig.all2all.org"};
		published.login_name = strdup(cases[i].login_name);
		sheets_of(bench, &published);
		for (size_t l = 0; l < 4; l++) {
			const struct account account = {.language = languages[l],
				.user = cases[i].user,
				.mail = cases[i].mail};
			char *page = page_of(bench, &account, A2A_SHEET_TEXT);

			(cases[i].is_told ? has : has_not)(page, "autoconfig.all2all.org");
			(cases[i].is_told ? has : has_not)(page, "Thunderbird");
			free(page);
		}
		free(published.login_name);
	}
	settings_of_a_list_are_found(bench);
	/* Where nothing is published, nothing is said. */
	published = service;
	published.autoconfig = published.login_name = (char[]){""};
	sheets_of(bench, &published);
	for (size_t l = 0; l < 4; l++) {
		char *page =
			page_of(bench, &(struct account){.language = languages[l]}, A2A_SHEET_TEXT);

		has_not(page, "Thunderbird");
		free(page);
	}
}

/* ---- The grid -------------------------------------------------------------------------------- */

static struct secret lent(const char *text)
{
	return a2a_secret_borrow(text, strlen(text));
}

static void a_grid_stands_below_its_paragraph(void **state)
{
	const struct a2a_sheet_cell cells[] = {{lent("k"), lent("kilo"), NULL, false},
		{lent("T"), lent("TANGO"), "capital", false},
		{lent(" "), lent("space"), NULL, false},
		{lent("<"), lent("less than"), NULL, false},
		{lent("horse"), lent("word\u00a01"), NULL, true}};
	struct bench *bench = *state;
	char *text, *html;

	put_file(bench, "sheet.en.md",
		"# S\n\n    {{user}}\n\nx\n\n    {{password}}\n\n- Aloud:\n  {{spelled}}\n- In a "
		"line, {{spelled}}.\n");
	sheets_of(bench, &service);
	text = page_of(bench, &(struct account){.spelled = "k, T", .cells = cells, .cell_count = 5},
		A2A_SHEET_TEXT);
	has(text, "- Aloud:\n"
		  "\n"
		  "  k          T          \u2423          <          horse\n"
		  "             capital\n"
		  "  kilo       TANGO      space      less than  word\u00a01\n"
		  "- In a line, k, T.\n");
	free(text);
	html = page_of(bench, &(struct account){.spelled = "k, T", .cells = cells, .cell_count = 5},
		A2A_SHEET_HTML);
	has(html, "<li>Aloud:\n<ol class=\"spelling\">\n"
		  "<li><code>k</code> <span>kilo</span></li>\n"
		  "<li class=\"capital\"><code>T</code> <b>capital</b> <span>TANGO</span></li>\n"
		  "<li><code>\u2423</code> <span>space</span></li>\n"
		  "<li><code>&lt;</code> <span>less than</span></li>\n"
		  "<li class=\"word\"><code>horse</code> <span>word\u00a01</span></li>\n"
		  "</ol>\n</li>");
	free(html);
	/* Without cells it is a line. */
	text = page_of(bench, &(struct account){.spelled = "k, T"}, A2A_SHEET_TEXT);
	has(text, "- Aloud: k, T\n- In a line, k, T.\n");
	free(text);
}

static void what_belongs_together_is_not_broken(void **state)
{
	static const struct a2a_sheet_field columns[] = {{"room", "+32 (0)2 555 01 23, B 12"}};
	struct bench *bench = *state;
	char *page;

	put_file(bench, "sheet.en.md",
		"# By e-mail\n\n    {{user}}\n\nx\n\n    {{password}}\n\n"
		"On {{room}} or {{mail}}, or not.\n\n[here]({{webmail}}) "
		"[mail](mailto:a@b.example)\n");
	sheets_of(bench, &service);
	page = page_of(
		bench, &(struct account){.fields = columns, .field_count = 1}, A2A_SHEET_HTML);
	has(page, "<h1>By <span class=\"whole\">e-mail</span></h1>");
	has(page,
		"On +32\u00a0(0)2\u00a0555\u00a001\u00a023, B 12 or <span class=\"whole\">user0001@"
		"all2all.org,</span> or not.");
	/* The address of a link is printed when nothing else says it. */
	has(page,
		"here</a><span class=\"on-paper\"> (<span class=\"whole\">https://webmail.all2all."
		"org/</span>)</span>");
	has(page, "mail</a><span class=\"on-paper\"> (<span "
		  "class=\"whole\">a@b.example</span>)</span>");
	free(page);
}

/* ---- The password ---------------------------------------------------------------------------- */

static void the_password_stands_there_once(void **state)
{
	const struct account account = {.name = "Anna", .spelled = "kilo and so on"};
	struct bench *bench = *state;

	sheets_of(bench, &service);
	for (size_t i = 0; i < 4; i++) {
		struct account one = account;
		char *text, *html;

		one.language = languages[i];
		text = page_of(bench, &one, A2A_SHEET_TEXT);
		html = page_of(bench, &one, A2A_SHEET_HTML);
		assert_int_equal(times_in(text, "k7mvTq2xr9"), 1);
		assert_int_equal(times_in(text, "kilo and so on"), 1);
		assert_int_equal(times_in(html, "k7mvTq2xr9"), 1);
		assert_int_equal(times_in(html, "kilo and so on"), 1);
		assert_true(strstr(html, "k7mvTq2xr9") > strstr(html, "<body>"));
		/* Nothing is fetched, nothing runs. */
		has(html, "default-src 'none'");
		has_not(html, "<script");
		has_not(html, "<link");
		has_not(html, "@import");
		has_not(html, "url(");
		assert_int_equal(
			times_in(html, "src=\"") - times_in(html, "src=\"data:image/png"), 0);
		free(text);
		free(html);
	}
}

static void a_long_password_is_told_to_the_style(void **state)
{
	struct bench *bench = *state;
	char *page;

	sheets_of(bench, &service);
	page = page_of(bench,
		&(struct account){.password = "correct cheval batterie agrafe lampe verte table"},
		A2A_SHEET_HTML);
	has(page, "<code class=\"language-password-very-long\">correct cheval batterie agrafe");
	has(page, "<pre><code>user0001");
	free(page);
}

enum { VEIL = 0x5b, LENGTH = 37, ENOUGH = 8 };

/* Kept veiled, so that a search through the memory does not find where it is kept. */
static const unsigned char veiled[LENGTH] = {'K' ^ VEIL, 'q' ^ VEIL, '7' ^ VEIL, '#' ^ VEIL,
	'v' ^ VEIL, 'X' ^ VEIL, '2' ^ VEIL, 'm' ^ VEIL, 'L' ^ VEIL, 'p' ^ VEIL, '9' ^ VEIL,
	'Z' ^ VEIL, 't' ^ VEIL, '4' ^ VEIL, 'W' ^ VEIL, 'd' ^ VEIL, 'R' ^ VEIL, 'g' ^ VEIL,
	'8' ^ VEIL, '%' ^ VEIL, 's' ^ VEIL, 'J' ^ VEIL, '3' ^ VEIL, 'f' ^ VEIL, 'H' ^ VEIL,
	'n' ^ VEIL, '6' ^ VEIL, 'B' ^ VEIL, 'c' ^ VEIL, '5' ^ VEIL, 'T' ^ VEIL, 'y' ^ VEIL,
	'Q' ^ VEIL, 'w' ^ VEIL, '2' ^ VEIL, 'V' ^ VEIL, 'k' ^ VEIL};

static bool stands_here(const unsigned char *at)
{
	for (size_t from = 0; from + ENOUGH <= LENGTH; from++) {
		size_t same = 0;

		while (same < ENOUGH && at[same] == (veiled[from + same] ^ VEIL))
			same++;
		if (same == ENOUGH)
			return true;
	}
	return false;
}

/* In all that this process can write to. */
static size_t traces(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	size_t found = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		uintptr_t from, to;
		char access[5];

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, access) != 3 ||
			access[0] != 'r' || access[1] != 'w' || strstr(line, "[vvar"))
			continue;
		for (uintptr_t at = from; at + ENOUGH <= to; at++)
			found += stands_here((const unsigned char *)at);
	}
	fclose(maps);
	return found;
}

static void nothing_of_the_password_is_left(void **state)
{
	struct bench *bench = *state;
	struct secret password, page = {0};

	if (SANITIZED)
		skip();
	sheets_of(bench, &service);
	assert_true(a2a_secret_reserve(&password, LENGTH));
	for (size_t i = 0; i < LENGTH; i++)
		password.bytes[password.length++] = (char)(veiled[i] ^ VEIL);
	/* The search does find what is there. */
	assert_true(traces() > 0);
	for (enum a2a_sheet_format format = A2A_SHEET_TEXT; format <= A2A_SHEET_HTML; format++) {
		const struct a2a_handover handover = {.language = "fr",
			.user = "user0001",
			.password = &password,
			.issued = ISSUED};

		assert_true(a2a_sheet_make(
			bench->sheets, &handover, format, &page, &bench->reports.log));
	}
	a2a_secret_wipe(&page);
	a2a_secret_wipe(&password);
	assert_int_equal(traces(), 0);
}

/* ---- Many ------------------------------------------------------------------------------------ */

enum { THREADS = 4, SHEETS = 12 };

struct worker {
	pthread_t thread;
	struct bench *bench;
	struct secret *expected; /* a language after the other, and their formats */
	bool ok;
};

static const struct account busy = {.name = "Αλέξανδρος Παπαδόπουλος", .spelled = "kilo, seven"};

static void *work(void *context)
{
	struct worker *worker = context;

	worker->ok = true;
	for (size_t i = 0; i < SHEETS; i++)
		for (size_t which = 0; which < 12; which++) {
			struct account account = busy;
			struct secret page = {0};

			account.language = languages[which / 3];
			worker->ok &=
				make(worker->bench, &account, (enum a2a_sheet_format)(which % 3),
					&page) &&
				page.length == worker->expected[which].length &&
				memcmp(page.bytes, worker->expected[which].bytes, page.length) == 0;
			a2a_secret_wipe(&page);
		}
	return NULL;
}

/* And a sheet of the same account is the same sheet, to the byte. */
static void threads_make_the_same_sheets(void **state)
{
	struct bench *bench = *state;
	struct a2a_service with_logo = service;
	struct worker workers[THREADS];
	struct secret expected[12] = {0};

	assert_true(asprintf(&with_logo.logo, "%s/logo.png", bench->folder) > 0);
	write_file(with_logo.logo, small_png, sizeof(small_png));
	sheets_of(bench, &with_logo);
	for (size_t which = 0; which < 12; which++) {
		struct account account = busy;

		account.language = languages[which / 3];
		assert_true(make(
			bench, &account, (enum a2a_sheet_format)(which % 3), &expected[which]));
	}
	for (size_t i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.bench = bench, .expected = expected};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		assert_true(workers[i].ok);
	}
	for (size_t which = 0; which < 12; which++)
		a2a_secret_wipe(&expected[which]);
	free(with_logo.logo);
}

static void make_many(struct bench *bench, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (enum a2a_sheet_format format = 0; format < A2A_SHEET_FORMATS; format++) {
			struct secret page = {0};

			assert_true(make(bench, &busy, format, &page));
			a2a_secret_wipe(&page);
		}
}

static void memory_does_not_grow(void **state)
{
	struct bench *bench = *state;
	size_t before, after;

	if (SANITIZED)
		skip();
	sheets_of(bench, &service);
	make_many(bench, 20);
	before = mallinfo2().uordblks;
	make_many(bench, 100);
	after = mallinfo2().uordblks;
	/* What cairo keeps of letters still grows a little; a page of each sheet would be seen. A
	 * sanitizer sees the rest. */
	if (after > before + (64 << 10))
		fail_msg("%zu bytes more after 300 sheets", after - before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_language_has_every_fact, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_guide_is_left_out_under_another_policy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_text_is_wrapped_by_what_is_seen, set_up, tear_down),
		cmocka_unit_test(dates_and_sizes_need_no_locale),
		cmocka_unit_test_setup_teardown(
			languages_are_known_by_their_tags, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_value_is_markup, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_title_is_text, set_up, tear_down),
		cmocka_unit_test(a_qr_code_has_its_quiet_zone),
		cmocka_unit_test_setup_teardown(what_cannot_be_shown_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			columns_come_before_the_service_and_behind_the_account, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_address_is_made_of_user_and_domain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_empty_takes_its_paragraph_along, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_empty_field_never_takes_the_password_along, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			headings_go_with_what_was_below_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_wrong_template_is_reported_by_file_and_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_that_is_wrong_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			files_that_cannot_be_trusted_are_not_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_unknown_field_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_logo_is_whole_or_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_logo_is_found_or_its_name_stands_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_grid_stands_below_its_paragraph, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_belongs_together_is_not_broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_setup_file_is_named_when_there_is_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			settings_are_found_by_those_who_then_log_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_password_is_in_a_qr_code, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_address_too_long_for_a_qr_code_is_reported, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_password_stands_there_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_long_password_is_told_to_the_style, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_of_the_password_is_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(threads_make_the_same_sheets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(memory_does_not_grow, set_up, tear_down),
	};

	/* The dates of the sheets are those of the place where they are made. */
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("sheets", tests, NULL, NULL);
}
