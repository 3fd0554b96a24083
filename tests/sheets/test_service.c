/* SPDX-License-Identifier: BSD-3-Clause */
/* sheets.conf -> the service's facts: what is taken, and each mistake with its place. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service.h"

/* Reads a text as sheets.conf with a function; no text: there is no file. */
static bool read_text_with(
	bool (*read)(struct a2a_service *service, const char *directory, const struct a2a_log *log),
	struct a2a_service *service, const char *text, struct reports *reports)
{
	char *folder = new_folder();
	char *path = NULL;
	bool ok;

	reports_start(reports);
	assert_true(asprintf(&path, "%s/sheets.conf", folder) > 0);
	if (text)
		write_file(path, text, strlen(text));
	*service = (struct a2a_service){0};
	ok = read(service, folder, &reports->log);
	remove_folder(folder);
	free(path);
	return ok;
}

static bool read_text(struct a2a_service *service, const char *text, struct reports *reports)
{
	return read_text_with(a2a_service_read, service, text, reports);
}

static void the_facts_are_read(void **state)
{
	struct a2a_service service;
	struct reports reports;

	(void)state;
	assert_true(read_text(&service,
		"# ours\norganisation = Café <&\"'> Ελλάς # who\ndomain=all2all.org\r\n"
		"server = maximusconfessor.all2all.org\nwebmail = "
		"https://w.example.org:8443/a?b=c\n"
		"help = +32 2 555 01 23, ask Zoë\nlogo = /a b/c.png\nimaps_port = 1993\n"
		"pop3s_port = 1995\nsmtps_port = 65535\nquota = 25\nmessage_limit = 12\n"
		"autoconfig = autoconfig.all2all.org\nlogin_name = local-part\n"
		"mx_domain = all2all.org\nsign_certificate = /c.pem\nsign_key = /k.pem\n",
		&reports));
	assert_string_equal(reports.text, "");
	assert_string_equal(service.organisation, "Café <&\"'> Ελλάς");
	assert_string_equal(service.domain, "all2all.org");
	assert_string_equal(service.server, "maximusconfessor.all2all.org");
	assert_string_equal(service.webmail, "https://w.example.org:8443/a?b=c");
	assert_string_equal(service.help, "+32 2 555 01 23, ask Zoë");
	assert_string_equal(service.logo, "/a b/c.png");
	assert_int_equal(service.imaps_port, 1993);
	assert_int_equal(service.pop3s_port, 1995);
	assert_int_equal(service.smtps_port, 65535);
	assert_int_equal(service.quota, 25);
	assert_int_equal(service.message_limit, 12);
	assert_string_equal(service.autoconfig, "autoconfig.all2all.org");
	assert_string_equal(service.login_name, A2A_LOGIN_LOCAL_PART);
	assert_string_equal(service.mx_domain, "all2all.org");
	assert_string_equal(service.sign_certificate, "/c.pem");
	assert_string_equal(service.sign_key, "/k.pem");
	a2a_service_free(&service);
}

static void the_server_alone_must_be_said(void **state)
{
	static const char *const without[] = {NULL, "", "domain = example.org\n", "server =\n"};
	struct a2a_service service;
	struct reports reports;

	(void)state;
	assert_true(read_text(&service, "server = m\n", &reports));
	assert_string_equal(service.organisation, "");
	assert_string_equal(service.domain, "");
	assert_string_equal(service.webmail, "");
	assert_string_equal(service.help, "");
	assert_string_equal(service.logo, "");
	assert_int_equal(service.imaps_port, 993);
	assert_int_equal(service.pop3s_port, 995);
	assert_int_equal(service.smtps_port, 465);
	assert_int_equal(service.quota, 0);
	assert_int_equal(service.message_limit, 0);
	assert_string_equal(service.autoconfig, "");
	assert_string_equal(service.login_name, "address");
	assert_string_equal(service.mx_domain, "");
	assert_string_equal(service.sign_certificate, "");
	assert_string_equal(service.sign_key, "");
	a2a_service_free(&service);
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		assert_false(read_text(&service, without[i], &reports));
		assert_int_equal(reports.faults, 1);
		assert_non_null(strstr(reports.text,
			"/sheets.conf: the server is missing: write the line \"server = "));
		a2a_service_free(&service);
	}
}

/* A mail must say who sends it and where that can be checked. It needs no server. */
static void a_mail_needs_the_organisation_and_the_help(void **state)
{
	static const struct {
		const char *text;
		const char *missing[2];
	} cases[] = {
		{NULL, {"the organisation is missing", "the help is missing"}},
		{"server = m\n", {"the organisation is missing", "the help is missing"}},
		{"organisation = ALL2ALL\n", {"the help is missing", NULL}},
		{"help = +32 2 555 01 23\n", {"the organisation is missing", NULL}},
		{"organisation = ALL2ALL\nhelp = +32 2 555 01 23\n", {NULL, NULL}},
		{"organisation = ALL2ALL\nhelp = a\tb\n", {"help: the value holds", NULL}},
	};
	struct a2a_service service;
	struct reports reports;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const bool ok = read_text_with(
			a2a_service_read_for_mail, &service, cases[i].text, &reports);
		size_t missing = 0;

		while (missing < 2 && cases[i].missing[missing])
			assert_non_null(strstr(reports.text, cases[i].missing[missing++]));
		assert_int_equal(reports.faults, missing);
		assert_int_equal(ok, missing == 0);
		if (ok)
			assert_true(service.mail_link);
		a2a_service_free(&service);
	}
	assert_true(read_text_with(a2a_service_read_for_mail, &service,
		"organisation = A\nhelp = h@example.org\nmail_link = no\n", &reports));
	assert_false(service.mail_link);
	a2a_service_free(&service);
	assert_false(a2a_service_has("mail_link"));
	assert_true(a2a_service_has("help"));
}

/* 64 letters and digits: one more than a label may have. */
static const char long_label[] =
	"server = a234567890123456789012345678901234567890123456789012345678901234.org";

static void what_will_not_do_is_refused(void **state)
{
	static const char *const bad[] = {"server = a b", "server = a..b", "server = .a",
		"server = a.", "server = -a", "server = a-.b", "server = a_b", "server = é.org",
		"server = m:993", "server = https://m", "server = [::1]", long_label,
		"domain = @all2all.org", "webmail = http://w.org/", "webmail = w.org",
		"webmail = https://", "webmail = https:///", "webmail = https://a b/",
		"webmail = https://u@w.org/", "webmail = https://w.org:0/",
		"webmail = https://w.org:/", "webmail = https://w.org:99999/",
		"webmail = https://w.org:+1/", "webmail = https://w.org:443x",
		"webmail = https://w.org/<", "webmail = https://w.org/\"",
		"webmail = HTTPS://w.org/", "logo = logo.png", "logo = ./logo.png",
		"imaps_port = 0", "pop3s_port = 65536", "smtps_port = smtps", "imaps_port",
		"quota = -1", "quota = 25MB", "message_limit = 1000000001", "organisation",
		"organisation = a\x01z", "organisation = a\x1b[31mz", "organisation = a\x7fz",
		"organisation = a\tz", "organisation = a\rz", "organisation = a\xc2\x85z",
		"organisation = a\xe2\x80\xa8z", "organisation = a\xef\xbf\xbfz",
		"organisation = a\xef\xb7\x90z", "organisation = caf\xe9", "help = \xc3",
		"help = \xed\xa0\x80", "help = \xc0\x80", "logo = /a\x02", "ports = 993",
		"autoconfig = https://a.org", "autoconfig = a b",
		"login_name =", "login_name = user", "login_name = Address", "login_name = a\x1b",
		"mx_domain = @a.org", "sign_certificate = c.pem", "sign_key = ./k.pem",
		"SERVER = a", "= a", "mail_link = maybe"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct a2a_service service;
		struct reports reports;
		char *text = NULL;
		bool of_server = strncmp(bad[i], "server", 6) == 0;

		assert_true(asprintf(&text, "%s\n%s\n", of_server ? "# no other" : "server = m",
				    bad[i]) > 0);
		if (read_text(&service, text, &reports))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_int_equal(reports.faults, 1);
		if (!strstr(reports.text, "/sheets.conf:2: "))
			fail_msg("\"%s\": %s", bad[i], reports.text);
		/* What comes from the file must not steer the terminal that the report goes to. */
		assert_null(strchr(reports.text, '\x1b'));
		a2a_service_free(&service);
		free(text);
	}
}

static void a_certificate_and_its_key_belong_together(void **state)
{
	static const char *const one[] = {"sign_key = /k.pem\n", "sign_certificate = /c.pem\n"};
	struct a2a_service service;
	struct reports reports;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = NULL;

		assert_true(asprintf(&text, "server = m\n%s", one[i]) > 0);
		assert_false(read_text(&service, text, &reports));
		assert_int_equal(reports.faults, 1);
		assert_non_null(strstr(reports.text, "sheets.conf: sign_certificate and sign_key"));
		a2a_service_free(&service);
		free(text);
	}
}

static void all_mistakes_are_said_at_once(void **state)
{
	struct a2a_service service;
	struct reports reports;

	(void)state;
	assert_false(read_text(&service,
		"server = m\nquota = 1\nquota = 2\nport = 3\nwebmail = http://w/\nimaps_port = x\n",
		&reports));
	assert_int_equal(reports.faults, 4);
	assert_non_null(strstr(reports.text, "sheets.conf:3: quota is set in line 2 already"));
	assert_non_null(
		strstr(reports.text, "sheets.conf:4: unknown key \"port\": sheets.conf(5)"));
	assert_non_null(strstr(reports.text, "sheets.conf:5: webmail: \"http://w/\" is not an"));
	assert_non_null(strstr(reports.text, "sheets.conf:6: imaps_port: \"x\" is not a whole"));
	a2a_service_free(&service);
}

/* Nothing but comments: and each of them, as a line, is a setting that is taken. */
static void the_shipped_configuration_says_nothing_yet(void **state)
{
	char *path = NULL;
	size_t size;
	char *bytes;
	char *text;
	struct a2a_service service;
	struct reports reports;

	(void)state;
	assert_true(asprintf(&path, "%s/sheets/sheets.conf", getenv("A2A_SOURCE")) > 0);
	bytes = (char *)read_file(path, &size);
	text = strndup(bytes, size);
	assert_false(read_text(&service, text, &reports));
	assert_int_equal(reports.faults, 1);
	assert_non_null(strstr(reports.text, "the server is missing"));
	a2a_service_free(&service);
	for (char *line = text; (line = strstr(line, "\n# ")); line++)
		if (line[3] >= 'a' && line[3] <= 'z' && strstr(line, " = ") &&
			strstr(line, " = ") < strchr(line + 1, '\n'))
			line[1] = ' ';
	assert_true(read_text(&service, text, &reports));
	assert_string_equal(reports.text, "");
	assert_string_equal(service.server, "mail.example.org");
	assert_string_equal(service.logo, "/etc/all2all/sheets/logo.png");
	assert_int_equal(service.smtps_port, 465);
	a2a_service_free(&service);
	free(text);
	free(bytes);
	free(path);
}

/* The value of a list's cell, and the megabytes; -1: it is refused. */
static void sizes_of_a_list_have_units(void **state)
{
	static const struct {
		const char *value;
		int64_t megabytes;
	} cases[] = {
		{"", 25},
		{"default", 25},
		{"0", 0},
		{"5", 5},
		{"500M", 500},
		{"500 MB", 500},
		{"5 GB", 5120},
		{"5Go", 5120},
		{"5\u00a0Go", 5120},
		{"5gb", 5120},
		{"2 TB", 2097152},
		{"unlimited", 0},
		{"Unlimited", 0},
		{"onbeperkt", 0},
		{"illimité", 0},
		{"-1", 0},
		{"-5", -1},
		{"5.5 GB", -1},
		{"1,5 Go", -1},
		{"GB", -1},
		{"5 GBB", -1},
		{"5 pigeons", -1},
		{"954 TB", -1},
		{"99999999999999999999 GB", -1},
		{"9000000000000000 GB", -1},
		{"lots", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_service service = {0}, own = {0};
		struct reports reports;
		bool ok;

		assert_true(read_text(&service, "server = m\nquota = 25\n", &reports));
		assert_true(a2a_service_copy(&own, &service));
		ok = a2a_service_set(&own, "quota", cases[i].value, &reports.log);
		if (ok != (cases[i].megabytes >= 0) || (ok && own.quota != cases[i].megabytes))
			fail_msg("\"%s\": %s %lld", cases[i].value, reports.text,
				(long long)own.quota);
		assert_int_equal(ok, !*reports.text);
		assert_int_equal(service.quota, 25);
		a2a_service_free(&own);
		a2a_service_free(&service);
	}
}

static void a_list_has_keys_of_an_account_alone(void **state)
{
	static const struct {
		const char *key, *value, *problem;
	} cases[] = {
		{"webmail", "http://w.example/",
			"webmail: \"http://w.example/\" is not an address"},
		{"webmail", "javascript:alert(1)", "is not an address"},
		{"server", "not a host!", "server: \"not a host!\" is not a host name"},
		{"server", "münchen.example", "as the DNS knows it, xn--mnchen-3ya.example"},
		{"imaps_port", "99999", "is not a whole number from 1 to 65535"},
		{"organisation", "a\nb", "control character"},
	};
	struct a2a_service service = {0}, own = {0};
	struct reports reports;

	(void)state;
	assert_true(read_text(&service, "server = m\nhelp = us\n", &reports));
	assert_true(a2a_service_copy(&own, &service));
	assert_true(a2a_service_has("server"));
	assert_true(a2a_service_has("quota"));
	assert_true(a2a_service_has("autoconfig"));
	assert_false(a2a_service_has("logo"));
	assert_false(a2a_service_has("login_name"));
	assert_false(a2a_service_has("mx_domain"));
	assert_false(a2a_service_has("sign_certificate"));
	assert_false(a2a_service_has("sign_key"));
	assert_false(a2a_service_has("date"));
	assert_false(a2a_service_has("server=x"));
	assert_false(a2a_service_has(""));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		reports_start(&reports);
		assert_false(a2a_service_set(&own, cases[i].key, cases[i].value, &reports.log));
		if (!strstr(reports.text, cases[i].problem))
			fail_msg("%s", reports.text);
	}
	assert_true(a2a_service_set(&own, "server", "mail.one.be", &reports.log));
	assert_true(a2a_service_set(&own, "help", "a = b # c", &reports.log));
	assert_string_equal(own.server, "mail.one.be");
	assert_string_equal(own.help, "a = b # c");
	assert_string_equal(service.server, "m");
	a2a_service_free(&own);
	a2a_service_free(&service);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_facts_are_read),
		cmocka_unit_test(the_server_alone_must_be_said),
		cmocka_unit_test(a_mail_needs_the_organisation_and_the_help),
		cmocka_unit_test(what_will_not_do_is_refused),
		cmocka_unit_test(a_certificate_and_its_key_belong_together),
		cmocka_unit_test(all_mistakes_are_said_at_once),
		cmocka_unit_test(the_shipped_configuration_says_nothing_yet),
		cmocka_unit_test(sizes_of_a_list_have_units),
		cmocka_unit_test(a_list_has_keys_of_an_account_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
