/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests who the person is, with a user database that gives the answers of the test. */
#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "who.h"

static struct {
	int error;           /* the error that it answers */
	unsigned times;      /* only this many answers have the error; 0: all */
	size_t needed;       /* with fewer bytes than this it answers ERANGE */
	struct passwd entry; /* pw_name NULL: there is none */
	unsigned calls;
} database;

int __wrap_getpwnam_r(
	const char *user, struct passwd *entry, char *buffer, size_t size, struct passwd **found);
int __wrap_getpwnam_r(
	const char *user, struct passwd *entry, char *buffer, size_t size, struct passwd **found)
{
	(void)user;
	database.calls++;
	*found = NULL;
	memset(buffer, 'x', size);
	if (database.error && (!database.times || database.calls <= database.times))
		return database.error;
	if (size < database.needed)
		return ERANGE;
	if (database.entry.pw_name) {
		*entry = database.entry;
		*found = entry;
	}
	return 0;
}

static enum a2a_lookup find(struct a2a_account *account)
{
	database.calls = 0;
	return a2a_account_find(account, "marie");
}

static int forget_database(void **state)
{
	(void)state;
	memset(&database, 0, sizeof(database));
	return 0;
}

static void set_entry(char *name, uid_t uid, char *gecos)
{
	database.entry = (struct passwd){.pw_name = name, .pw_uid = uid, .pw_gecos = gecos};
}

static void an_entry_is_copied(void **state)
{
	char name[] = "marie", gecos[] = "Marie Delvaux,room 7,,";
	struct a2a_account account;

	(void)state;
	set_entry(name, 1000, gecos);
	assert_int_equal(find(&account), A2A_FOUND);
	memset(name, 'x', 5);
	memset(gecos, 'x', 5);
	assert_string_equal(account.name, "marie");
	assert_int_equal(account.uid, 1000);
	assert_string_equal(account.full_name, "Marie Delvaux");
	assert_int_equal(account.count, 1);
	assert_string_equal(account.names[0], "Marie Delvaux,room 7,,");
	a2a_account_free(&account);
	set_entry(name, 1000, NULL);
	assert_int_equal(find(&account), A2A_FOUND);
	assert_string_equal(account.full_name, "");
	a2a_account_free(&account);
	assert_null(account.name);
	a2a_account_free(&account);
}

/* getpwnam(3): "0 or ENOENT or ESRCH or EBADF or EPERM or ...: the name was not found". */
static void not_found_is_told_from_not_known(void **state)
{
	static const int not_found[] = {0, ENOENT, ESRCH, EBADF, EPERM};
	static const int trouble[] = {
		EIO, EMFILE, ENFILE, ENOMEM, EAGAIN, ECONNREFUSED, ERANGE, EINTR};
	struct a2a_account account;

	(void)state;
	for (size_t i = 0; i < sizeof(not_found) / sizeof(not_found[0]); i++) {
		database.error = not_found[i];
		assert_int_equal(find(&account), A2A_NO_SUCH_USER);
		assert_null(account.name);
		assert_false(a2a_account_is_mail_user(&account));
	}
	for (size_t i = 0; i < sizeof(trouble) / sizeof(trouble[0]); i++) {
		database.error = trouble[i];
		errno = 0;
		assert_int_equal(find(&account), A2A_CANNOT_TELL);
		assert_int_equal(errno, trouble[i]);
		assert_null(account.name);
		assert_false(a2a_account_is_mail_user(&account));
		assert_true(database.calls < 20);
	}
}

static void it_is_asked_again_with_more_room_and_after_a_signal(void **state)
{
	char name[] = "marie", gecos[] = "Marie";
	struct a2a_account account;

	(void)state;
	set_entry(name, 1000, gecos);
	database.needed = 700000;
	assert_int_equal(find(&account), A2A_FOUND);
	a2a_account_free(&account);
	database.needed = 0;
	database.error = EINTR;
	database.times = 3;
	assert_int_equal(find(&account), A2A_FOUND);
	assert_int_equal(database.calls, 4);
	a2a_account_free(&account);
}

static void mail_users_are_neither_the_systems_nor_nobody(void **state)
{
	static const struct {
		uid_t uid;
		bool is_mail_user;
	} cases[] = {{0, false}, {1, false}, {999, false}, {1000, true}, {65533, true},
		{65534, false}, {65535, true}, {A2A_NO_UID, false}};
	char name[] = "marie", gecos[] = "";
	struct a2a_account account;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_entry(name, cases[i].uid, gecos);
		assert_int_equal(find(&account), A2A_FOUND);
		assert_int_equal(a2a_account_is_mail_user(&account), cases[i].is_mail_user);
		a2a_account_free(&account);
	}
}

static void expect_names(const struct a2a_person *person, const char *const *wanted)
{
	char host[256] = "";
	size_t i = 0;

	gethostname(host, sizeof(host) - 1);
	for (; wanted[i]; i++) {
		assert_true(i < person->name_count);
		assert_string_equal(person->names[i], strcmp(wanted[i], "HOST") ? wanted[i] : host);
	}
	assert_int_equal(person->name_count, i);
}

static void the_person_is_all_that_is_known(void **state)
{
	struct a2a_account account = {.name = (char[]){"marie"},
		.names = {(char[]){"Delvaux"}, (char[]){""}, (char[]){"m.delvaux@example.org"}},
		.count = 3};
	const struct secret old = a2a_secret_borrow("old", 3);
	struct a2a_names names;
	struct a2a_facts facts = {.user = "marie"};
	struct a2a_person person = a2a_who(&names, &facts);

	(void)state;
	expect_names(&person, (const char *const[]){"marie", "HOST", NULL});
	assert_null(person.old_password);
	facts = (struct a2a_facts){
		"MARIE", &account, "chpasswd", "Marie D", "info@example.org", &old};
	person = a2a_who(&names, &facts);
	expect_names(
		&person, (const char *const[]){"MARIE", "marie", "Marie D", "info@example.org",
				 "Delvaux", "m.delvaux@example.org", "HOST", "chpasswd", NULL});
	assert_ptr_equal(person.old_password, &old);
	facts = (struct a2a_facts){"marie", &account, "", "", NULL, NULL};
	person = a2a_who(&names, &facts);
	expect_names(&person,
		(const char *const[]){"marie", "Delvaux", "m.delvaux@example.org", "HOST", NULL});
}

static void there_is_room_for_every_name(void **state)
{
	char name[] = "n";
	struct a2a_account account = {.name = (char[]){"b"}, .count = A2A_ACCOUNT_NAMES};
	const struct a2a_facts facts = {"a", &account, "s", "f", "m", NULL};
	struct a2a_names names;

	(void)state;
	for (size_t i = 0; i < A2A_ACCOUNT_NAMES; i++)
		account.names[i] = name;
	assert_in_range(a2a_who(&names, &facts).name_count, A2A_ACCOUNT_NAMES + 5,
		sizeof(names.name) / sizeof(names.name[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_entry_is_copied, forget_database),
		cmocka_unit_test_setup(not_found_is_told_from_not_known, forget_database),
		cmocka_unit_test_setup(
			it_is_asked_again_with_more_room_and_after_a_signal, forget_database),
		cmocka_unit_test_setup(
			mail_users_are_neither_the_systems_nor_nobody, forget_database),
		cmocka_unit_test(the_person_is_all_that_is_known),
		cmocka_unit_test(there_is_room_for_every_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
