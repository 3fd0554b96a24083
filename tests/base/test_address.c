/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests which texts are addresses of mail, of hosts and of pages, and what is said of the others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "address.h"

#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

/* What is said of a text that is no address: a part of the sentence; NULL: it is one. */
static void addresses_are_one_address_and_nothing_else(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{"user0001@example.org", NULL},
		{"first.last+tag=x_y@mail.example.org", NULL},
		{"l'info@club.be", NULL},
		{"r&d@club.be", NULL},
		{"a@b", NULL},
		{"A@B.ORG", NULL},
		{"jan@xn--mnchen-3ya.example", NULL},
		{"jan@192.0.2.1", NULL},
		{SIXTY "1234@example.org", NULL},
		{SIXTY "12345@example.org", "more than 64 bytes"},
		{SIXTY "@" SIXTY "." SIXTY "." SIXTY "." TEN "0", "longer than 254 bytes"},
		{"", "no @"},
		{"user0001", "no @"},
		{"@", "nothing in front of the @"},
		{"@club.be", "nothing in front of the @"},
		{"*@club.be", "in front of the @ may be"},
		{"jan@", "no domain behind the @"},
		{"jan@@club.be", "more than one @"},
		{"jan@club.be@club.be", "more than one @"},
		{"jan;x@club.be", "in front of the @ may be"},
		{"jan<x>@club.be", "in front of the @ may be"},
		{"jan, piet@club.be", "in front of the @ may be"},
		{"jan@club.be;piet", "a domain is"},
		{"jan@club.be, piet", "a domain is"},
		{"jan@club..be", "a domain is"},
		{"jan@-club.be", "a domain is"},
		{"jan@club.be.", "a domain is"},
		{"jan@club_.be", "a domain is"},
		{"jan@[192.0.2.1]", "a domain is"},
		{"jan@club.be ", "a domain is"},
		{" jan@club.be", "in front of the @ may be"},
		{".jan@club.be", "a full stop is first"},
		{"jan.@club.be", "a full stop is first"},
		{"jan..smet@club.be", "a full stop is first"},
		{"-t@example.org", "option"},
		{"a\nBcc: c@d", "in front of the @ may be"},
		{"a@b\nBcc: c", "a domain is"},
		{"|/bin/sh@b", "in front of the @ may be"},
		{"a%b@c", "in front of the @ may be"},
		{"a!b@c", "in front of the @ may be"},
		{"$(id)@c", "in front of the @ may be"},
		{"\"a\"@b", "in front of the @ may be"},
		{"mailto:jan@club.be", "in front of the @ may be"},
		{"élodie@club.be", "without accents"},
		{"a@b\177", "a domain is"},
		{"m@münchen.example", "as mail servers know it, xn--mnchen-3ya.example"},
		{"m@MÜNCHEN.example", "as mail servers know it, xn--mnchen-3ya.example"},
		{"m@straße.example", "as mail servers know it, xn--strae-oqa.example"},
		{"é@münchen.example", "without accents"},
		{"m@\303", "a domain is"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const bool is_one = !cases[i].problem;
		char *problem = a2a_mail_address_problem(cases[i].text);

		if (a2a_is_full_mail_address(cases[i].text) != is_one || !problem != is_one)
			fail_msg("\"%s\": %s", cases[i].text, problem ? problem : "is one");
		if (strchr(cases[i].text, '@') && a2a_is_mail_address(cases[i].text) != is_one)
			fail_msg("\"%s\" with an @", cases[i].text);
		if (problem && !strstr(problem, cases[i].problem))
			fail_msg("\"%s\": %s", cases[i].text, problem);
		free(problem);
	}
}

static void a_name_alone_is_an_address_on_this_machine(void **state)
{
	static const struct {
		const char *text;
		bool is_address;
	} cases[] = {
		{"user0001", true},
		{"o'brien", true},
		{"", false},
		{"-oQ/tmp", false},
		{"a b", false},
		{"a\r", false},
		{"|/bin/sh", false},
		{"/etc/passwd", false},
		{"a!b", false},
		{"(a)", false},
		{"a;b", false},
		{":include:x", false},
		{"\\a", false},
		{"a\177", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (a2a_is_mail_address(cases[i].text) != cases[i].is_address)
			fail_msg("\"%s\"", cases[i].text);
		assert_false(a2a_is_full_mail_address(cases[i].text));
	}
}

/* Hosts and pages are tested with sheets.conf too, in sheets/test_service.c. */
static void pages_are_https_and_a_host(void **state)
{
	static const struct {
		const char *text;
		bool is_page;
	} cases[] = {
		{"https://webmail.example.org/?a=b&c", true},
		{"https://webmail.example.org:8443", true},
		{"https://", false},
		{"https:///path", false},
		{"http://webmail.example.org/", false},
		{"HTTPS://webmail.example.org/", false},
		{"javascript:alert(1)", false},
		{"", false},
		{"https://user@webmail.example.org/", false},
		{"https://a:0/", false},
		{"https://a:65536/", false},
		{"https://a b", false},
		{"https://a\nx", false},
		{"https://a/\"", false},
		{"https://<a>", false},
		{"https://é", false},
		{"https://a/\177", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (a2a_is_page_address(cases[i].text) != cases[i].is_page)
			fail_msg("\"%s\"", cases[i].text);
}

static void international_hosts_have_a_name_in_ascii(void **state)
{
	static const char *const cases[][2] = {
		{"münchen.example", "xn--mnchen-3ya.example"},
		{"mail.Bücher.example", "xn--bcher-kva.example"},
		{"例え.jp", "xn--r8jz45g.jp"},
	};
	static const char *const none[] = {"", "a b", "a..b", "ü ü.example", "\303", "-ü-.example"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *ascii = a2a_host_name_in_ascii(cases[i][0]);

		assert_non_null(ascii);
		assert_non_null(strstr(ascii, cases[i][1]));
		free(ascii);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		char *ascii = a2a_host_name_in_ascii(none[i]);

		if (ascii)
			fail_msg("\"%s\": %s", none[i], ascii);
	}
}

static void the_domain_goes_behind_a_name_without_one(void **state)
{
	static const char *const cases[][3] = {
		{"user", "example.org", "user@example.org"},
		{"user@example.net", "example.org", "user@example.net"},
		{"user", NULL, "user"},
		{"user@example.net", NULL, "user@example.net"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *address = a2a_mail_address(cases[i][0], cases[i][1]);

		assert_string_equal(address, cases[i][2]);
		free(address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_one_address_and_nothing_else),
		cmocka_unit_test(a_name_alone_is_an_address_on_this_machine),
		cmocka_unit_test(pages_are_https_and_a_host),
		cmocka_unit_test(international_hosts_have_a_name_in_ascii),
		cmocka_unit_test(the_domain_goes_behind_a_name_without_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
