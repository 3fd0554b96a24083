/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * accounts.conf and its mistakes, the one name of a user, passwords as Dovecot stores them, and
 * hashes as lines. The stored ones were made by doveadm pw of Dovecot 2.3.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "fixture.h"
#include "hash_line.h"
#include "sql_presets.h"
#include "stored.h"

static struct reports reports;

/* Opens accounts with this text as their file. */
static struct a2a_accounts *open_text(const char *text)
{
	char *folder = new_folder();
	char *path = NULL;
	struct a2a_accounts *accounts;

	reports_start(&reports);
	assert_true(asprintf(&path, "%s/accounts.conf", folder) > 0);
	write_file(path, text, strlen(text));
	accounts = a2a_accounts_open(path, NULL, &reports.log);
	free(path);
	remove_folder(folder);
	return accounts;
}

static const struct {
	const char *text, *said; /* a part of the report */
} mistakes[] = {
	{"backend = pam\n", "accounts.conf:1: a setting comes before the first section"},
	{"[club.be\nbackend = pam\n", "accounts.conf:1: a section ends with ]"},
	{"[not a domain]\nbackend = pam\n", "[not a domain] is neither a domain"},
	{"[]\nbackend = pam\n", "[] is neither a domain"},
	{"[club.be]\nbackend = pam\n[Club.BE]\nbackend = pam\n",
		"accounts.conf:3: [Club.BE] is there already"},
	{"[club.be]\nservice = x\n", "accounts.conf [club.be]: backend is missing"},
	{"[club.be]\nbackend = oracle\n",
		"accounts.conf:2: backend: \"oracle\" is none of pam passwd-file"},
	{"[club.be]\nbackend = pam\nbackend = pam\n", "accounts.conf:3: backend is set in line 2"},
	{"[club.be]\nbackend = pam\ncolour = red\n", "accounts.conf:3: unknown key \"colour\""},
	{"[club.be]\nbackend = passwd-file\n", "[club.be]: file is missing"},
	{"[club.be]\nbackend = passwd-file\nfile = users\n", "\"users\" is not an absolute path"},
	{"[club.be]\nbackend = pam\nfile = /x\n", "[club.be]: file is nothing that pam takes"},
	{"[club.be]\nbackend = passwd-file\nfile = /x\nscheme = md5\n",
		"scheme: \"md5\" is none of"},
	{"[*]\nbackend = passwd-file\nfile = /x\nnames = local-part\n",
		"two domains would have the same lines"},
	{"[*]\nbackend = sql\npreset = dovecot\n", "[*]: driver is missing"},
	{"[*]\nbackend = sql\npreset = dovecot\n", "[*]: database is missing"},
	{"[*]\nbackend = sql\ndriver = postgresql\ndatabase = mail\n",
		"a preset is missing (dovecot postfixadmin"},
	{"[*]\nbackend = sql\ndriver = postgresql\ndatabase = mail\nlookup = x\n",
		"a preset is missing"},
	{"[*]\nbackend = sql\ndriver = postgresql\ndatabase = mail\npreset = x\n",
		"\"x\" is none of dovecot"},
	{"[*]\nbackend = sql\nport = 70000\n",
		"port: \"70000\" is not a whole number from 0 to 65535"},
};

static void a_mistake_is_told_and_nothing_is_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		assert_null(open_text(mistakes[i].text));
		if (!strstr(reports.text, mistakes[i].said))
			fail_msg("\"%s\" is not in \"%s\"", mistakes[i].said, reports.text);
	}
}

/* An account has one name. Another one for it would have a count of tries of its own. */
static void a_name_with_two_at_signs_is_of_no_domain(void **state)
{
	struct a2a_accounts *accounts = open_text(
		"[club.be]\nbackend = passwd-file\nfile = /nonexistent\nnames = local-part\n");

	(void)state;
	assert_non_null(accounts);
	assert_true(a2a_accounts_is_virtual(accounts, "anna@club.be"));
	assert_true(a2a_accounts_is_virtual(accounts, "anna@Club.be"));
	assert_false(a2a_accounts_is_virtual(accounts, "anna@1@club.be"));
	assert_false(a2a_accounts_is_virtual(accounts, "anna@club.be@"));
	assert_false(a2a_accounts_is_virtual(accounts, "@anna@club.be"));
	a2a_accounts_close(accounts);
}

/* What only opening a place finds. */
static void statements_that_ask_about_nobody_are_mistakes(void **state)
{
	static const struct {
		const char *lookup, *update, *said;
	} cases[] = {
		{"SELECT a, b FROM c", "UPDATE c SET b = :hash WHERE a = :user",
			"lookup and update need :user, or :local and :domain"},
		{"SELECT a, b FROM c WHERE a = :local", "UPDATE c SET b = :hash WHERE a = :user",
			"lookup and update need :user, or :local and :domain"},
		{"SELECT a, b FROM c WHERE a = ':user'", "UPDATE c SET b = :hash WHERE a = :user",
			"lookup and update need :user, or :local and :domain"},
		{"SELECT a, b FROM c WHERE a = :user", "UPDATE c SET b = 1 WHERE a = :user",
			":hash belongs into update, and there alone"},
		{"SELECT a, b FROM c WHERE a = :user AND b = :hash",
			"UPDATE c SET b = :hash WHERE a = :user",
			":hash belongs into update, and there alone"},
		{"SELECT a::text, b FROM c WHERE a = :name",
			"UPDATE c SET b = :hash WHERE a = :user",
			"lookup: \":name\" is none of :user :local :domain :hash"},
	};
	char *drivers = in_build("account");
	char *driver = in_build("account/sql_postgresql.so");
	FILE *there = fopen(driver, "r");

	(void)state;
	for (size_t i = 0; there && i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_accounts *accounts;
		struct a2a_account account;
		char *text = NULL, *why = NULL;

		assert_true(asprintf(&text,
				    "[*]\nbackend = sql\ndriver = postgresql\ndatabase = x\n"
				    "driver_folder = %s\nlookup = %s\nupdate = %s\n",
				    drivers, cases[i].lookup, cases[i].update) > 0);
		accounts = open_text(text);
		assert_non_null(accounts);
		assert_int_equal(
			a2a_accounts_find(accounts, "a@b.be", &account, &why), A2A_CANNOT_TELL);
		if (!strstr(reports.text, cases[i].said))
			fail_msg("\"%s\" is not in \"%s\"", cases[i].said, reports.text);
		free(why);
		free(text);
		a2a_accounts_close(accounts);
	}
	if (there)
		fclose(there);
	free(driver);
	free(drivers);
}

static void a_driver_that_is_not_there_is_named(void **state)
{
	struct a2a_accounts *accounts = open_text("[*]\nbackend = sql\ndriver = mariadb\n"
						  "database = x\npreset = dovecot\n"
						  "driver_folder = /nonexistent\n");
	struct a2a_account account;
	char *why = NULL;

	(void)state;
	assert_non_null(accounts);
	assert_int_equal(a2a_accounts_find(accounts, "a@b.be", &account, &why), A2A_CANNOT_TELL);
	assert_non_null(strstr(reports.text, "the package all2all-mariadb has it"));
	free(why);
	a2a_accounts_close(accounts);
}

static void a_user_has_one_name(void **state)
{
	static const struct {
		const char *user, *domain, *name;
		bool is_virtual;
	} cases[] = {
		{"Info@Club.BE", NULL, "info@club.be", true},
		{"Info", "Club.be", "info@club.be", true},
		{"info@club.be", "other.be", "info@club.be", true},
		/* The system's are as they are given, with or without a domain for their address.
		 */
		{"User0001", NULL, "User0001", false},
		{"User0001", "other.be", "User0001", false},
		{"Info@other.be", NULL, "Info@other.be", false},
		/* No domain is a part of another one. */
		{"Info@sub.club.be", NULL, "Info@sub.club.be", false},
	};
	struct a2a_accounts *accounts =
		open_text("[club.be]\nbackend = passwd-file\nfile = /nonexistent/users\n");

	(void)state;
	assert_non_null(accounts);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name = a2a_accounts_name(accounts, cases[i].user, cases[i].domain);

		assert_string_equal(name, cases[i].name);
		assert_int_equal(a2a_accounts_is_virtual(accounts, name), cases[i].is_virtual);
		free(name);
	}
	a2a_accounts_close(accounts);
}

/* ---- Stored passwords ------------------------------------------------------------------------ */

static enum a2a_verified verify(const char *stored, const char *text, char **why)
{
	const struct secret password = a2a_secret_borrow(text, strlen(text));
	const struct secret kept = a2a_secret_borrow(stored, strlen(stored));

	*why = NULL;
	return a2a_stored_verify(&kept, &password, why);
}

static void what_dovecot_stores_is_verified(void **state)
{
	static const char *const stored[] = {
		"{CRYPT}$2y$05$ywPOVpukpZaqspAUsLzEa.zzxBi5E2jhyjUtfePqEHcqbFlahhgGS",
		"{BLF-CRYPT}$2y$05$fTJbDYisIRymNAnckHI1Ju1jYmmEOGCeyjClu.LKLaMXsbAEgwMaK",
		"{SHA512-CRYPT}$6$rounds=1000$6d8CzVOLEFBSMBEh$5OfsdSTsRLcZ1o1TjbunUeXBZygfLXyy4/"
		"nApD/h5OkWexnWYXVVPoKFC701NgH5zY4RFaaSrcTT0K0ZwdYDG/",
		"{SHA256-CRYPT}$5$rounds=1000$WoQ3xdgURkcCG.tm$EmHKyGgTbPkx224G641Zb128M/"
		"ys5yZlhSJSfHw78z7",
		"{MD5-CRYPT}$1$74PXt5tR$ek174.rUgJuRZOENVIgkS1",
		"{DES-CRYPT}UZBYDL9/EPQWk",
		"{ARGON2I}$argon2i$v=19$m=32768,t=5,p=1$4R7DB7Zbf58KMxukoMRY3A$"
		"5330RZUGxkucLzkg4u05/7/qjgAlqFPKDG8moegK5dg",
		"{SSHA512}KOzHGHKkQyeit1YxmIyaE+AVBkjt/2wQkWrN45GFzk9/"
		"g5vdAu0GJ8j7Z6wAwcf9+QQCb4aZdmVAswB3XzuVdq/VJGY=",
		"{SHA512}"
		"qoO2WKGAWwwWIZdMVcVfsF5uzPZIJofWCyz4NUhkxBWKH7ckdkDt6QQgQFRPcXaaAAx1oObi5V+"
		"3cCR0W+4zBg==",
		"{SSHA256}WmE3rfGsN6Z6EVTazQplSy17DZFZWq9k0tfeyyjTWr+1R0af",
		"{SHA256}N6wD0gjF8ILmjcVtYikskxB5soAwUADSrFJ6kVVUzqQ=",
		"{SSHA}KxHfb6hSWhu8U6GrKchjq+G+dSdJvcim",
		"{SHA}mj5NTFa6rqu6L/bRFzS0zVP2tRk=",
		"{sha}mj5NTFa6rqu6L/bRFzS0zVP2tRk=",
		"{PLAIN}p4wzt8nq",
		/* Without a scheme, by the first characters. */
		"$2y$05$ywPOVpukpZaqspAUsLzEa.zzxBi5E2jhyjUtfePqEHcqbFlahhgGS",
		"$argon2i$v=19$m=32768,t=5,p=1$4R7DB7Zbf58KMxukoMRY3A$"
		"5330RZUGxkucLzkg4u05/7/qjgAlqFPKDG8moegK5dg",
	};
	char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(stored) / sizeof(stored[0]); i++) {
		if (verify(stored[i], "p4wzt8nq", &why) != A2A_VERIFIED)
			fail_msg("%s: %s", stored[i], why ? why : "not verified");
		assert_int_equal(verify(stored[i], "p4wzt8nr", &why), A2A_NOT_VERIFIED);
		/* DES takes eight characters. */
		if (!strstr(stored[i], "DES"))
			assert_int_equal(verify(stored[i], "p4wzt8nqx", &why), A2A_NOT_VERIFIED);
		assert_int_equal(verify(stored[i], "", &why), A2A_NOT_VERIFIED);
	}
}

static void what_cannot_be_verified_is_told_without_the_hash(void **state)
{
	static const char *const stored[] = {
		"{CRAM-MD5}508f2973f67829bcc0d3890be2e66761bd390f5c8349e8aa8cc7bab10d832f76",
		"{SSHA512}508f2973f678", "{SSHA512}%%%", "{ARGON2ID}508f2973f678",
		"{SSHA}508f2973f67="};
	static const char *const locked[] = {"", "!", "*", "{CRYPT}", "{PLAIN}", "!$2y$05$yw", "x"};
	char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(stored) / sizeof(stored[0]); i++) {
		assert_int_equal(verify(stored[i], "p4wzt8nq", &why), A2A_CANNOT_VERIFY);
		assert_non_null(why);
		assert_null(strstr(why, "508f"));
		free(why);
	}
	for (size_t i = 0; i < sizeof(locked) / sizeof(locked[0]); i++)
		assert_int_equal(verify(locked[i], "p4wzt8nq", &why), A2A_NOT_VERIFIED);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static void a_hash_is_a_line_of_each_form(void **state)
{
	static const struct {
		const char *form;
		bool is_bare;
		const char *line;
	} cases[] = {
		{"passwd-file", false, "o'neil@club.be:{CRYPT}$y$h\n"},
		{"passwd-file", true, "o'neil@club.be:$y$h\n"},
		{"copy", false, "o'neil@club.be\t{CRYPT}$y$h\n"},
		{"dovecot", false,
			"UPDATE users SET password = '{CRYPT}$y$h' WHERE username = 'o''neil' AND "
			"domain = 'club.be' AND active = 'Y';\n"},
		{"postfixadmin", false,
			"UPDATE mailbox SET password = '$y$h', modified = now() WHERE username = "
			"'o''neil@club.be' AND active = '1';\n"},
	};
	struct a2a_hash_form form;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct secret line = {0};

		assert_true(a2a_hash_form_find(&form, cases[i].form));
		form.is_bare = cases[i].is_bare;
		assert_true(a2a_hash_line(&form, "o'neil@club.be", "{CRYPT}$y$h", &line));
		assert_string_equal(line.bytes, cases[i].line);
		a2a_secret_wipe(&line);
	}
	assert_false(a2a_hash_form_find(&form, "oracle"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mistake_is_told_and_nothing_is_opened),
		cmocka_unit_test(a_name_with_two_at_signs_is_of_no_domain),
		cmocka_unit_test(statements_that_ask_about_nobody_are_mistakes),
		cmocka_unit_test(a_driver_that_is_not_there_is_named),
		cmocka_unit_test(a_user_has_one_name),
		cmocka_unit_test(what_dovecot_stores_is_verified),
		cmocka_unit_test(what_cannot_be_verified_is_told_without_the_hash),
		cmocka_unit_test(a_hash_is_a_line_of_each_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
