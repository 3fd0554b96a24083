/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Set-up files: what is refused, and that the same account has the same bytes, in threads too.
 * With arguments it writes one file to standard output, for setup.sh:
 * test_setup FOLDER autoconfig|mobileconfig LANGUAGE USER NAME MAIL
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "setup.h"

typedef bool make(const struct a2a_service *service, const struct a2a_setup_account *account,
	struct secret *bytes, const struct a2a_log *log);

static make *const makes[] = {a2a_setup_autoconfig, a2a_setup_mobileconfig};

static struct a2a_service a_service(void)
{
	static char organisation[] = "ALL2ALL", domain[] = "all2all.org",
		    server[] = "mail.all2all.org", none[] = "";

	return (struct a2a_service){.organisation = organisation,
		.domain = domain,
		.server = server,
		.webmail = none,
		.imaps_port = 993,
		.pop3s_port = 995,
		.smtps_port = 465};
}

static void what_cannot_be_shown_is_refused(void **state)
{
	static const struct {
		struct a2a_setup_account account;
		const char *report;
	} bad[] = {
		{{.user = NULL}, "needs a user name"},
		{{.user = ""}, "needs a user name"},
		{{.user = "a\x01"}, "the user name holds a control character"},
		{{.user = "a\nb"}, "the user name holds a control character"},
		{{.user = "caf\xe9"}, "the user name holds a control character, or is not UTF-8"},
		{{.user = "user0001", .name = "A\x1b[1m"}, "user0001: the name holds"},
		{{.user = "user0001", .name = "A\xef\xbf\xbe"}, "user0001: the name holds"},
		{{.user = "user0001", .name = "\xed\xa0\x80"}, "user0001: the name holds"},
		{{.user = "user0001", .mail = "a@b\tc"}, "user0001: the mail address holds"},
		{{.user = "user0001", .mail = "user0001"}, "\"user0001\" is no mail address: there is no @"},
		{{.user = "user0001", .mail = "@b.org"}, "\"@b.org\" is no mail address"},
		{{.user = "user0001", .mail = "a@"}, "\"a@\" is no mail address"},
		{{.user = "user0001", .mail = "A <a@b.org>"}, "is no mail address"},
		{{.user = "jan smet"}, "\"jan smet@all2all.org\" is no mail address"},
		{{.user = "%EMAILLOCALPART%"}, "in the place of %EMAIL"},
	};
	struct a2a_service service = a_service();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t m = 0; m < sizeof(makes) / sizeof(makes[0]); m++) {
			struct a2a_setup_account account = bad[i].account;
			struct secret bytes = {0};
			struct reports reports;

			account.language = "fr";
			reports_start(&reports);
			assert_false(makes[m](&service, &account, &bytes, &reports.log));
			assert_int_equal(reports.faults, 1);
			if (!strstr(reports.text, bad[i].report))
				fail_msg("%zu: %s", i, reports.text);
			assert_int_equal(bytes.length, 0);
			a2a_secret_wipe(&bytes);
		}
}

static void an_address_must_be_known(void **state)
{
	struct a2a_service service = a_service();
	struct a2a_setup_account account;
	struct secret bytes = {0};
	struct reports reports;

	(void)state;
	service.domain = (char[]){""};
	for (size_t m = 0; m < sizeof(makes) / sizeof(makes[0]); m++) {
		account = (struct a2a_setup_account){
			.user = "user0001", .mail = "", .language = "nl_BE.UTF-8"};
		reports_start(&reports);
		assert_false(makes[m](&service, &account, &bytes, &reports.log));
		assert_non_null(strstr(reports.text, "user0001: the account has no mail address"));
		account.mail = "jan@smet.be";
		assert_true(makes[m](&service, &account, &bytes, &reports.log));
		assert_non_null(strstr(bytes.bytes, "smet"));
		a2a_secret_wipe(&bytes);
		account = (struct a2a_setup_account){
			.user = "jan@smet.be", .language = "nl_BE.UTF-8"};
		assert_true(makes[m](&service, &account, &bytes, &reports.log));
		assert_non_null(strstr(bytes.bytes, "smet"));
		a2a_secret_wipe(&bytes);
	}
}

static void a_profile_speaks_four_languages(void **state)
{
	static const char *const other[] = {"", "pl", "f", "fra", "french", NULL};
	static const struct {
		const char *tag, *words;
	} known[] = {{"fr", "Le mot de passe n’y figure pas"}, {"fr_BE", "Messagerie ALL2ALL"},
		{"nl-BE", "Het wachtwoord staat er niet in"}, {"de", "Das Passwort steht nicht"},
		{"en.UTF-8", "The password is not in it"}};
	struct a2a_service service = a_service();
	struct a2a_setup_account account = {.user = "user0001"};
	struct secret bytes = {0};
	struct reports reports;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		account.language = known[i].tag;
		assert_true(a2a_setup_mobileconfig(&service, &account, &bytes, NULL));
		assert_non_null(strstr(bytes.bytes, known[i].words));
		a2a_secret_wipe(&bytes);
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		account.language = other[i];
		reports_start(&reports);
		assert_false(a2a_setup_mobileconfig(&service, &account, &bytes, &reports.log));
		assert_non_null(strstr(reports.text, "there are: fr nl de en"));
	}
}

/* What stands there already stays. */
static void a_file_is_appended(void **state)
{
	struct a2a_service service = a_service();
	struct a2a_setup_account account = {.user = "user0001", .language = "en"};
	struct secret bytes = {0};

	(void)state;
	assert_true(a2a_secret_append(&bytes, "before", 6));
	assert_true(a2a_setup_autoconfig(&service, &account, &bytes, NULL));
	assert_memory_equal(bytes.bytes, "before<?xml version=\"1.0\" encoding=\"UTF-8\"?>", 44);
	assert_int_equal(strlen(bytes.bytes), bytes.length);
	a2a_secret_wipe(&bytes);
}

enum { THREADS = 8, ROUNDS = 200 };

/* A thread's own account, and what it said the first time. */
static void *make_many(void *context)
{
	struct a2a_service service = a_service();
	char user[24];
	struct a2a_setup_account account = {.user = user, .language = "de", .name = "Zoë <&\"'>"};
	struct secret first[2] = {{0}};
	bool *same = context;

	snprintf(user, sizeof(user), "user%p", context);
	*same = true;
	for (int i = 0; i < ROUNDS; i++)
		for (size_t m = 0; m < 2; m++) {
			struct secret bytes = {0};

			*same &= makes[m](&service, &account, i ? &bytes : &first[m], NULL);
			*same &= strstr(first[m].bytes, user) != NULL;
			*same &= !i ||
				 (bytes.length == first[m].length &&
					 memcmp(bytes.bytes, first[m].bytes, bytes.length) == 0);
			a2a_secret_wipe(&bytes);
		}
	a2a_secret_wipe(&first[0]);
	a2a_secret_wipe(&first[1]);
	return NULL;
}

/* The first of the tests, so that nothing but a2a_setup_start() has prepared libxml2. */
static void threads_do_not_meet(void **state)
{
	pthread_t thread[THREADS];
	bool same[THREADS];

	(void)state;
	a2a_setup_start();
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, make_many, &same[i]), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	for (int i = 0; i < THREADS; i++)
		assert_true(same[i]);
}

static void to_stderr(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	fprintf(stderr, "%s\n", text);
}

static int write_one(char **arguments)
{
	struct a2a_log log = {to_stderr, NULL};
	struct a2a_service service = {0};
	struct a2a_setup_account account = {.language = arguments[2],
		.user = arguments[3],
		.name = arguments[4],
		.mail = arguments[5]};
	struct secret bytes = {0};
	bool ok = a2a_service_read(&service, arguments[0], &log) &&
		  makes[strcmp(arguments[1], "mobileconfig") == 0](
			  &service, &account, &bytes, &log) &&
		  fwrite(bytes.bytes, 1, bytes.length, stdout) == bytes.length;

	a2a_secret_wipe(&bytes);
	a2a_service_free(&service);
	return ok && fflush(stdout) == 0 ? 0 : 2;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_meet),
		cmocka_unit_test(what_cannot_be_shown_is_refused),
		cmocka_unit_test(an_address_must_be_known),
		cmocka_unit_test(a_profile_speaks_four_languages),
		cmocka_unit_test(a_file_is_appended),
	};

	if (argc == 7)
		return write_one(argv + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
