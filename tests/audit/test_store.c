/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The audit database: what is folded into it from the records of logins, that doing it twice, at
 * once or half changes nothing, that a store of the first version keeps its history, and that
 * whatever is done to the file, nothing hangs, nothing crashes, and a fault is reported.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

#define POLICY "0123456789abcdef0123456789abcdef"
#define OTHER_POLICY "fedcba9876543210fedcba9876543210"

/* A Sunday, noon. */
enum { NOON = 1795348800, DAY = 24 * 60 * 60, SECONDS = 60 };

static const struct a2a_verdict good = {.accepted = true};
static const struct a2a_verdict bad = {
	.count = 2,
	.finding = {{.rule = A2A_TOO_SHORT}, {.rule = A2A_NO_DIGIT}},
};

struct bench {
	char *folder, *state, *path, *logins;
	struct reports reports;
};

static char *text(const char *format, const char *with)
{
	char *result = NULL;

	assert_true(asprintf(&result, format, with) > 0);
	return result;
}

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->folder = new_folder();
	bench->state = text("%s/state", bench->folder);
	bench->path = text("%s/audit.sqlite", bench->state);
	bench->logins = text("%s.logins", bench->path);
	reports_start(&bench->reports);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	free(bench->logins);
	free(bench->path);
	free(bench->state);
	remove_folder(bench->folder);
	free(bench);
	return 0;
}

static struct a2a_store *open_store(struct bench *bench)
{
	return a2a_store_open(bench->path, &bench->reports.log);
}

/* A login under a policy; returns since when, -1 when that is not known. */
static int64_t login_under(struct bench *bench, const char *user, const char *policy,
	const struct a2a_verdict *verdict, int64_t when)
{
	const struct a2a_sighting sighting = {user, "dovecot", policy, verdict, when};
	struct a2a_record_folder folder;
	int64_t since;
	bool ok;

	ok = a2a_record_open(&folder, bench->path, true, &bench->reports.log) &&
	     a2a_record_login(&folder, &sighting, &since, &bench->reports.log);
	a2a_record_close(&folder);
	return ok ? since : -1;
}

static void login(
	struct bench *bench, const char *user, const struct a2a_verdict *verdict, int64_t when)
{
	assert_int_not_equal(login_under(bench, user, POLICY, verdict, when), -1);
}

/* As the tool does it; returns whether it could. */
static bool try_to_fold(struct bench *bench, int64_t now)
{
	struct a2a_store *store = open_store(bench);
	const bool ok = store && a2a_store_fold(store, NULL, now, NULL, &bench->reports.log);

	a2a_store_close(store);
	return ok;
}

static void fold(struct bench *bench, int64_t now)
{
	if (!try_to_fold(bench, now))
		fail_msg("%s", bench->reports.text);
}

/* What the database answers to a query, columns with `|`, rows with newlines. */
static char *ask(struct bench *bench, const char *query)
{
	sqlite3 *database = NULL;
	sqlite3_stmt *statement = NULL;
	char *answer = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&answer, &length);

	assert_non_null(file);
	assert_int_equal(
		sqlite3_open_v2(bench->path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(database, 5000);
	assert_int_equal(sqlite3_prepare_v2(database, query, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			fprintf(file, "%s%s", (const char *)sqlite3_column_text(statement, i),
				i + 1 < sqlite3_column_count(statement) ? "|" : "\n");
	sqlite3_finalize(statement);
	sqlite3_close(database);
	fclose(file);
	return answer;
}

static void answers(struct bench *bench, const char *query, const char *expected)
{
	char *answer = ask(bench, query);

	assert_string_equal(answer, expected);
	free(answer);
}

/* Runs statements in a database, which is made if it is missing. */
static void execute(struct bench *bench, const char *statements)
{
	sqlite3 *database = NULL;

	assert_int_equal(sqlite3_open(bench->path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, statements, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(database);
	assert_int_equal(chmod(bench->path, 0600), 0);
}

static void assert_no_reports(struct bench *bench)
{
	if (*bench->reports.text)
		fail_msg("%s", bench->reports.text);
}

#define USERS "SELECT * FROM users"
#define COUNTS "SELECT * FROM counts"

/* ---- Folding --------------------------------------------------------------------------------- */

static void a_login_is_folded_in(void **state)
{
	struct bench *bench = *state;
	struct stat status;

	login(bench, "user0001", &bad, NOON);
	fold(bench, NOON);
	answers(bench, USERS,
		"user0001|dovecot|" POLICY "|too-short,no-digit|1795348800|1795348800|0|20779|1\n");
	answers(bench, COUNTS, "2026-11|1|0\n2026-11-22|1|0\n");
	answers(bench, "PRAGMA journal_mode", "wal\n");
	answers(bench, "PRAGMA user_version", "2\n");
	assert_int_equal(stat(bench->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_no_reports(bench);
}

static void twice_is_once(void **state)
{
	struct bench *bench = *state;
	char *users, *counts;

	login(bench, "a", &bad, NOON);
	login(bench, "b", &good, NOON);
	login(bench, "a", &good, NOON + DAY);
	fold(bench, NOON + DAY);
	users = ask(bench, USERS);
	counts = ask(bench, COUNTS);
	for (int i = 0; i < 3; i++) {
		fold(bench, NOON + DAY + i);
		answers(bench, USERS, users);
		answers(bench, COUNTS, counts);
	}
	free(counts);
	free(users);
	assert_no_reports(bench);
}

/* The counts are the same whenever the tool runs: after each login, each week, or once. */
static void the_counts_do_not_depend_on_when_it_is_done(void **state)
{
	static const struct {
		const char *user;
		const struct a2a_verdict *verdict;
		int64_t when;
	} logins[] = {
		{"a", &bad, NOON},
		{"b", &bad, NOON},
		{"c", &good, NOON},
		{"b", &good, NOON + 9},
		{"a", &bad, NOON + DAY},
		{"c", &bad, NOON + DAY},
		{"c", &bad, NOON + 2 * DAY},
		{"c", &good, NOON + 8 * DAY},
		{"c", &bad, NOON + 30 * DAY},
	};
	enum { LOGINS = sizeof(logins) / sizeof(logins[0]) };
	struct bench *bench = *state;

	for (size_t every = 1; every <= LOGINS; every++) {
		char *command = text("rm -rf %s", bench->state);

		assert_int_equal(system(command), 0);
		free(command);
		for (size_t i = 0; i < LOGINS; i++) {
			login(bench, logins[i].user, logins[i].verdict, logins[i].when);
			if ((i + 1) % every == 0)
				fold(bench, logins[i].when);
		}
		fold(bench, NOON + 30 * DAY);
		answers(bench, COUNTS,
			"2026-11|1|2\n2026-11-22|1|2\n2026-11-23|2|0\n2026-11-24|1|0\n"
			"2026-11-30|0|1\n2026-12|1|0\n2026-12-22|1|0\n");
	}
	assert_no_reports(bench);
}

static void a_day_that_is_to_come_is_not_counted(void **state)
{
	struct bench *bench = *state;

	login(bench, "a", &bad, NOON);
	login(bench, "a", &bad, NOON + 5000 * (int64_t)DAY);
	login(bench, "a", &bad, NOON + DAY);
	fold(bench, NOON + DAY);
	answers(bench, COUNTS, "2026-11|1|0\n2026-11-22|1|0\n2026-11-23|1|0\n");
	login(bench, "a", &good, NOON + 2 * DAY);
	fold(bench, NOON + 2 * DAY);
	answers(bench, COUNTS, "2026-11|0|1\n2026-11-22|1|0\n2026-11-23|1|0\n2026-11-24|0|1\n");
}

static void another_policy_is_folded_in(void **state)
{
	struct bench *bench = *state;

	login(bench, "user0001", &bad, NOON);
	fold(bench, NOON);
	assert_int_equal(login_under(bench, "user0001", OTHER_POLICY, &bad, NOON + 5), NOON);
	fold(bench, NOON + 5);
	answers(bench, "SELECT policy, since FROM users", OTHER_POLICY "|1795348800\n");
}

static void one_user_can_be_folded_alone(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store;

	login(bench, "a", &bad, NOON);
	login(bench, "b", &bad, NOON);
	store = open_store(bench);
	assert_non_null(store);
	assert_true(a2a_store_fold(store, "b", NOON, NULL, &bench->reports.log));
	assert_true(a2a_store_fold(store, "nobody", NOON, NULL, &bench->reports.log));
	a2a_store_close(store);
	answers(bench, "SELECT user FROM users", "b\n");
	fold(bench, NOON);
	answers(bench, "SELECT user FROM users", "a\nb\n");
	answers(bench, COUNTS, "2026-11|2|0\n2026-11-22|2|0\n");
}

static bool count_weak(void *context, const struct a2a_record *record)
{
	*(size_t *)context += *record->rules != '\0';
	return true;
}

static void names_are_only_names(void **state)
{
	static const char *const names[] = {"'; DROP TABLE users; --", "a\nb", "-f", "\xff\xfe", "",
		"%s%n", "user@example.org"};
	enum { NAMES = sizeof(names) / sizeof(names[0]) };
	struct bench *bench = *state;
	struct a2a_store *store;
	size_t weak = 0;
	bool found;

	for (size_t i = 0; i < NAMES; i++)
		login(bench, names[i], &bad, NOON);
	store = open_store(bench);
	assert_non_null(store);
	assert_true(a2a_store_fold(store, NULL, NOON, NULL, &bench->reports.log));
	for (size_t i = 0; i < NAMES; i++) {
		assert_true(a2a_store_find(store, names[i], &found,
			&(struct a2a_reader){count_weak, &weak}, &bench->reports.log));
		assert_true(found);
		assert_true(a2a_store_forget(store, names[i], &found, &bench->reports.log));
		assert_true(found);
		assert_true(a2a_store_forget(store, names[i], &found, &bench->reports.log));
		assert_false(found);
	}
	assert_int_equal(weak, NAMES);
	a2a_store_close(store);
}

/* Tells whether the text is in any file below the folder. */
static bool is_somewhere(struct bench *bench, const char *piece)
{
	char *command = NULL;
	int status;

	assert_true(asprintf(&command, "grep -rqaF -- '%s' %s || find %s | grep -qF -- '%s'", piece,
			    bench->state, bench->state, piece) > 0);
	status = system(command);
	free(command);
	return status == 0;
}

static void nothing_of_a_forgotten_user_is_left(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store;
	char user[32];
	bool found;

	for (int i = 0; i < 100; i++) {
		snprintf(user, sizeof(user), "somebody%d", i);
		login(bench, user, &bad, NOON);
		if (i == 50)
			login(bench, "jan.peeters", &bad, NOON);
	}
	fold(bench, NOON);
	login(bench, "jan.peeters", &good, NOON + DAY);
	store = open_store(bench);
	assert_non_null(store);
	assert_true(a2a_store_fold(store, NULL, NOON + DAY, NULL, &bench->reports.log));
	assert_true(is_somewhere(bench, "jan.peeters"));
	assert_true(a2a_store_forget(store, "jan.peeters", &found, &bench->reports.log));
	assert_true(found);
	assert_false(is_somewhere(bench, "jan.peeters"));
	/* And it does not come back. */
	assert_true(a2a_store_fold(store, NULL, NOON + DAY, NULL, &bench->reports.log));
	assert_true(a2a_store_find(store, "jan.peeters", &found,
		&(struct a2a_reader){count_weak, &(size_t){0}}, &bench->reports.log));
	assert_false(found);
	a2a_store_close(store);
	assert_false(is_somewhere(bench, "jan.peeters"));
	assert_true(is_somewhere(bench, "somebody7"));
	/* A user whom no tool has seen yet. */
	login(bench, "marie", &bad, NOON);
	store = open_store(bench);
	assert_true(a2a_store_forget(store, "marie", &found, &bench->reports.log));
	assert_true(found);
	a2a_store_close(store);
	assert_false(is_somewhere(bench, "marie"));
	assert_no_reports(bench);
}

static void of_two_who_notify_one_does(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store;
	bool taken;

	login(bench, "weak", &bad, NOON);
	login(bench, "good", &good, NOON);
	fold(bench, NOON);
	store = open_store(bench);
	assert_non_null(store);
#define TAKE(user, when, before) \
	assert_true(a2a_store_take_notice(store, user, when, before, &taken, &bench->reports.log))
	TAKE("weak", NOON, NOON - 7 * DAY);
	assert_true(taken);
	TAKE("weak", NOON + 1, NOON + 1 - 7 * DAY);
	assert_false(taken);
	TAKE("good", NOON, NOON - 7 * DAY);
	assert_false(taken);
	TAKE("weak", NOON + 8 * DAY, NOON + DAY);
	assert_true(taken);
	assert_true(a2a_store_return_notice(store, "weak", 0, &bench->reports.log));
	TAKE("weak", NOON, NOON - 7 * DAY);
	assert_true(taken);
#undef TAKE
	a2a_store_close(store);
	/* It begins anew with another weak password, and not with the same one on another day. */
	login(bench, "weak", &bad, NOON + DAY);
	fold(bench, NOON + DAY);
	answers(bench, "SELECT notified FROM users WHERE user = 'weak'", "1795348800\n");
	login(bench, "weak", &good, NOON + DAY + 1);
	login(bench, "weak", &bad, NOON + DAY + 2);
	fold(bench, NOON + DAY + 2);
	answers(bench, "SELECT notified FROM users WHERE user = 'weak'", "0\n");
}

/* ---- Many at once, and the end at any point -------------------------------------------------- */

enum { USERS_OF_MANY = 600 };

static void log_many_in(struct bench *bench)
{
	char user[32];

	for (int i = 0; i < USERS_OF_MANY; i++) {
		snprintf(user, sizeof(user), "user%04d", i);
		login(bench, user, i % 3 ? &bad : &good, NOON);
		if (i % 2)
			login(bench, user, i % 5 ? &bad : &good, NOON + DAY);
	}
}

static void many_are_right(struct bench *bench)
{
	answers(bench, "SELECT count(*), sum(rules <> '') FROM users", "600|440\n");
	answers(bench, COUNTS, "2026-11|440|160\n2026-11-22|400|200\n2026-11-23|240|60\n");
	answers(bench, "PRAGMA integrity_check", "ok\n");
}

static void two_at_once_do_it_once(void **state)
{
	enum { PROCESSES = 8 };
	struct bench *bench = *state;
	int status;

	log_many_in(bench);
	/* The file is not there yet: all of them make it. */
	for (int i = 0; i < PROCESSES; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			alarm(SECONDS);
			_exit(!try_to_fold(bench, NOON + DAY) || *bench->reports.text);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	many_are_right(bench);
}

static void killed_at_any_point_it_is_done_by_the_next(void **state)
{
	struct bench *bench = *state;
	int killed = 0;

	log_many_in(bench);
	for (int i = 0; i < 40; i++) {
		const struct timespec a_while = {.tv_nsec = 1000000 * (i % 30)};
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0)
			_exit(!try_to_fold(bench, NOON + DAY));
		nanosleep(&a_while, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		killed += WIFSIGNALED(status);
	}
	assert_true(killed > 0);
	fold(bench, NOON + DAY);
	many_are_right(bench);
	assert_no_reports(bench);
}

/* Logins go on while it is done, and their files are what counts in the end. */
static void logins_go_on_meanwhile(void **state)
{
	struct bench *bench = *state;
	pid_t child;
	int status;

	log_many_in(bench);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char user[32];

		alarm(SECONDS);
		for (int64_t day = 2; day < 5; day++)
			for (int i = 0; i < USERS_OF_MANY; i++) {
				snprintf(user, sizeof(user), "user%04d", i);
				login(bench, user, &good, NOON + day * DAY);
			}
		_exit(*bench->reports.text != '\0');
	}
	for (int i = 0; i < 10; i++)
		fold(bench, NOON + 5 * DAY);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fold(bench, NOON + 5 * DAY);
	answers(bench, "SELECT count(*), sum(rules <> '') FROM users", "600|0\n");
	answers(bench, "SELECT * FROM counts WHERE period > '2026-11-22'",
		"2026-11-23|240|60\n2026-11-24|0|600\n2026-11-25|0|600\n2026-11-26|0|600\n");
}

/* ---- A store of the first version ------------------------------------------------------------ */

/* As the first version made it. */
static const char first_version[] =
	"PRAGMA page_size = 1024; PRAGMA journal_mode = WAL;"
	"CREATE TABLE users (user TEXT PRIMARY KEY NOT NULL, service TEXT NOT NULL,"
	" policy TEXT NOT NULL, rules TEXT NOT NULL, since INTEGER NOT NULL,"
	" last_seen INTEGER NOT NULL, notified INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE counts (period TEXT PRIMARY KEY NOT NULL, weak INTEGER NOT NULL,"
	" good INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE stamps (stamp TEXT PRIMARY KEY NOT NULL, learnt INTEGER NOT NULL)"
	" WITHOUT ROWID; PRAGMA user_version = 1;"
	"INSERT INTO stamps VALUES ('" POLICY "', 1);"
	"INSERT INTO users VALUES"
	" ('jan', 'dovecot', '" POLICY
	"', 'too-short,no-digit', 1793620800, 1795348800, 1795000000),"
	" ('piet', 'smtp', '" POLICY "', '', 1793620800, 1795262400, 0);"
	"INSERT INTO counts VALUES ('2026-11', 1, 1), ('2026-11-22', 1, 0), ('2026-11-21', 0, 1);";

#define SINCE_THEN 1793620800 /* 20 days before NOON */

static void make_first_version(struct bench *bench)
{
	assert_int_equal(mkdir(bench->state, 0700), 0);
	execute(bench, first_version);
}

static void the_first_version_keeps_its_history(void **state)
{
	struct bench *bench = *state;

	make_first_version(bench);
	fold(bench, NOON + 60);
	answers(bench, USERS,
		"jan|dovecot|" POLICY
		"|too-short,no-digit|1793620800|1795348800|1795000000|20779|1\n"
		"piet|smtp|" POLICY "||1793620800|1795262400|0|20778|0\n");
	answers(bench, COUNTS, "2026-11|1|1\n2026-11-21|0|1\n2026-11-22|1|0\n");
	answers(bench, "PRAGMA user_version", "2\n");
	answers(bench, "SELECT count(*) FROM sqlite_master WHERE name = 'stamps'", "0\n");
	/* The days of grace go on, and nobody is counted or mailed twice. */
	assert_int_equal(login_under(bench, "jan", POLICY, &bad, NOON + 70), SINCE_THEN);
	assert_int_equal(login_under(bench, "piet", POLICY, &good, NOON + 70), SINCE_THEN);
	fold(bench, NOON + 80);
	answers(bench, COUNTS, "2026-11|1|1\n2026-11-21|0|1\n2026-11-22|1|1\n");
	answers(bench, "SELECT notified FROM users WHERE user = 'jan'", "1795000000\n");
	assert_int_equal(login_under(bench, "jan", POLICY, &good, NOON + 90), NOON + 90);
	fold(bench, NOON + 90);
	answers(bench, COUNTS, "2026-11|0|2\n2026-11-21|0|1\n2026-11-22|0|2\n");
	assert_no_reports(bench);
}

/* Users who log in after the upgrade and before the tool has run: their days begin anew. */
static void a_login_before_the_migration_stays(void **state)
{
	struct bench *bench = *state;

	make_first_version(bench);
	assert_int_equal(login_under(bench, "jan", POLICY, &bad, NOON + DAY), NOON + DAY);
	fold(bench, NOON + DAY);
	assert_int_equal(login_under(bench, "jan", POLICY, &bad, NOON + 2 * DAY), NOON + DAY);
	answers(bench, "SELECT since FROM users WHERE user = 'jan'", "1795435200\n");
	answers(bench, "SELECT * FROM counts WHERE period = '2026-11-23'", "2026-11-23|1|0\n");
	assert_no_reports(bench);
}

static void a_migration_that_was_killed_is_done_again(void **state)
{
	struct bench *bench = *state;
	int64_t since = 0;
	char *users = NULL;

	for (int i = 0; i < 40; i++) {
		const struct timespec a_while = {.tv_nsec = 300000 * i};
		char *command = text("rm -rf %s", bench->state);
		pid_t child;
		int status;

		assert_int_equal(system(command), 0);
		free(command);
		make_first_version(bench);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			_exit(!try_to_fold(bench, NOON));
		nanosleep(&a_while, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		fold(bench, NOON);
		if (!users)
			users = ask(bench, USERS);
		answers(bench, USERS, users);
		answers(bench, COUNTS, "2026-11|1|1\n2026-11-21|0|1\n2026-11-22|1|0\n");
		since = login_under(bench, "jan", POLICY, &bad, NOON + DAY);
		assert_int_equal(since, SINCE_THEN);
	}
	free(users);
	assert_no_reports(bench);
}

static void where_no_file_can_be_written_it_is_not_migrated(void **state)
{
	struct bench *bench = *state;

	make_first_version(bench);
	write_file(bench->logins, "", 0);
	assert_false(try_to_fold(bench, NOON));
	answers(bench, "PRAGMA user_version", "1\n");
	assert_int_equal(unlink(bench->logins), 0);
	fold(bench, NOON);
	assert_int_equal(login_under(bench, "jan", POLICY, &bad, NOON + DAY), SINCE_THEN);
}

static void a_newer_store_is_refused(void **state)
{
	struct bench *bench = *state;

	login(bench, "user0001", &bad, NOON);
	fold(bench, NOON);
	answers(bench, "PRAGMA user_version = 99", "");
	assert_false(try_to_fold(bench, NOON));
	assert_non_null(strstr(bench->reports.text, "newer version (99)"));
}

/* ---- What can happen to the file ------------------------------------------------------------- */

/* The lock is held by a process of its own, as SQLite's locks are a process's. */
static pid_t hold(const char *path, int seconds)
{
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		sqlite3 *database = NULL;

		/* Not to outlive a test that fails. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
			sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
			write(ready[1], "", 1) != 1)
			_exit(1);
		sleep((unsigned)seconds);
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void a_busy_store_is_waited_for(void **state)
{
	struct bench *bench = *state;
	pid_t child;
	int status;

	login(bench, "user0001", &bad, NOON);
	fold(bench, NOON);
	login(bench, "user0001", &good, NOON + DAY);
	child = hold(bench->path, 2);
	/* A login does not meet the database at all. */
	login(bench, "user0002", &good, NOON + DAY);
	fold(bench, NOON + DAY);
	assert_int_equal(waitpid(child, &status, 0), child);
	answers(bench, "SELECT user, rules FROM users", "user0001|\nuser0002|\n");
	assert_no_reports(bench);
}

static void a_store_of_others_is_refused(void **state)
{
	static const char *const endings[] = {"%s-wal", "%s-shm", "%s-journal"};
	struct bench *bench = *state;
	char *other = text("%s/other", bench->folder);

#define REFUSED(why)                                       \
	reports_start(&bench->reports);                    \
	assert_false(try_to_fold(bench, NOON));            \
	assert_non_null(strstr(bench->reports.text, why)); \
	assert_int_equal(bench->reports.faults + bench->reports.warnings, 1)

	alarm(SECONDS);
	login(bench, "user0001", &bad, NOON);
	fold(bench, NOON);
	assert_int_equal(chmod(bench->path, 0620), 0);
	REFUSED("may be written by others");
	assert_int_equal(chmod(bench->path, 0644), 0);
	REFUSED("may be read by others (chmod go=)");
	assert_int_equal(chmod(bench->path, 0600), 0);
	assert_int_equal(chmod(bench->state, 0702), 0);
	REFUSED("may be written by others");
	assert_int_equal(chmod(bench->state, 0700), 0);
	assert_int_equal(chmod(bench->logins, 0750), 0);
	REFUSED("(chmod go=)");
	assert_int_equal(chmod(bench->logins, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(bench->path, 65534, 65534), 0);
		REFUSED("belongs to neither");
		assert_int_equal(chown(bench->path, 0, 0), 0);
		assert_int_equal(chown(bench->state, 65534, 65534), 0);
		REFUSED("belongs to neither");
		assert_int_equal(chown(bench->state, 0, 0), 0);
	}
	/* The folder may be seen by others, the files not. */
	assert_int_equal(chmod(bench->state, 0755), 0);
	fold(bench, NOON);

	assert_int_equal(rename(bench->path, other), 0);
	assert_int_equal(symlink(other, bench->path), 0);
	REFUSED("is a symbolic link");
	assert_int_equal(unlink(bench->path), 0);
	assert_int_equal(mkfifo(bench->path, 0600), 0);
	REFUSED("not a regular file");
	assert_int_equal(unlink(bench->path), 0);
	assert_int_equal(mkdir(bench->path, 0700), 0);
	REFUSED("not a regular file");
	assert_int_equal(rmdir(bench->path), 0);
	assert_int_equal(rename(other, bench->path), 0);
	/* SQLite would wait for its writer. */
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char *path = text(endings[i], bench->path);

		assert_int_equal(mkfifo(path, 0600), 0);
		REFUSED("not a regular file");
		assert_int_equal(unlink(path), 0);
		free(path);
	}
	fold(bench, NOON);

	assert_int_equal(rename(bench->state, other), 0);
	assert_int_equal(symlink(other, bench->state), 0);
	REFUSED("symbolic link");
	assert_int_equal(unlink(bench->state), 0);
	write_file(bench->state, "", 0);
	REFUSED("is no folder");
	assert_int_equal(unlink(bench->state), 0);
	assert_int_equal(rename(other, bench->state), 0);
	fold(bench, NOON);
	alarm(0);
#undef REFUSED
	free(other);
}

/* A trigger that would run for ever. */
static void a_trigger_is_not_run(void **state)
{
	struct bench *bench = *state;

	login(bench, "user0001", &bad, NOON);
	fold(bench, NOON);
	execute(bench, "CREATE TRIGGER endless BEFORE INSERT ON users BEGIN"
		       " SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL"
		       " SELECT x + 1 FROM n) SELECT x FROM n); END");
	login(bench, "user0002", &bad, NOON);
	alarm(SECONDS);
	fold(bench, NOON);
	alarm(0);
	answers(bench, "SELECT count(*) FROM users", "2\n");
}

/* In a process of its own: nothing that is in a file may crash or hang the tool. */
static void try_damaged(struct bench *bench)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		bool ok;

		alarm(SECONDS);
		ok = try_to_fold(bench, NOON + 2 * DAY);
		/* Either it was done, or something was said. */
		_exit(ok || *bench->reports.text ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void put_back(struct bench *bench, const void *bytes, size_t size)
{
	static const char *const more[] = {"%s-wal", "%s-shm"};

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		char *path = text(more[i], bench->path);

		unlink(path);
		free(path);
	}
	write_file(bench->path, bytes, size);
	assert_int_equal(chmod(bench->path, 0600), 0);
}

static void a_damaged_store_is_said_and_left(void **state)
{
	struct bench *bench = *state;
	unsigned char *bytes;
	size_t size;

	for (int i = 0; i < 40; i++) {
		char user[32];

		snprintf(user, sizeof(user), "user%04d", i);
		login(bench, user, i % 3 ? &bad : &good, NOON + i);
	}
	fold(bench, NOON);
	login(bench, "user0002", &bad, NOON + 2 * DAY);
	bytes = read_file(bench->path, &size);
	/* Cut: everywhere in its header, then here and there. */
	for (size_t length = 0; length < size; length += length < 110 ? 3 : 1509) {
		put_back(bench, bytes, length);
		try_damaged(bench);
	}
	for (size_t place = 0; place < size; place += place < 110 ? 1 : 331) {
		unsigned char was = bytes[place];

		bytes[place] ^= (unsigned char)(1 + place % 255);
		put_back(bench, bytes, size);
		try_damaged(bench);
		bytes[place] = was;
	}
	put_back(bench, "no database, but more than a few bytes of text in its place", 59);
	reports_start(&bench->reports);
	assert_false(try_to_fold(bench, NOON));
	assert_non_null(strstr(bench->reports.text, "is damaged"));
	/* Moved away: a new one is made from the records of the logins. */
	put_back(bench, "", 0);
	unlink(bench->path);
	fold(bench, NOON + 2 * DAY);
	answers(bench, "SELECT count(*) FROM users", "40\n");
	answers(bench, "SELECT * FROM counts WHERE period > '2026-11-22'", "2026-11-24|1|0\n");
	free(bytes);
}

static void a_damaged_record_is_said_and_left_out(void **state)
{
	struct bench *bench = *state;
	char *command = text("find %s -type f -name jan -exec truncate -s 20 {} +", bench->logins);

	login(bench, "jan", &bad, NOON);
	login(bench, "piet", &bad, NOON);
	fold(bench, NOON);
	login(bench, "piet", &good, NOON + DAY);
	assert_int_equal(system(command), 0);
	fold(bench, NOON + DAY);
	answers(bench, "SELECT user, rules FROM users", "jan|too-short,no-digit\npiet|\n");
	assert_int_equal(bench->reports.warnings, 1);
	assert_non_null(strstr(bench->reports.text, "is left out"));
	free(command);
}

static void without_a_login_there_is_none(void **state)
{
	struct bench *bench = *state;

	assert_null(open_store(bench));
	assert_int_equal(access(bench->state, F_OK), -1);
	assert_int_equal(mkdir(bench->state, 0700), 0);
	assert_null(open_store(bench));
	assert_non_null(strstr(bench->reports.text, "there is none yet"));
	assert_int_equal(access(bench->path, F_OK), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_login_is_folded_in),
		TEST(twice_is_once),
		TEST(the_counts_do_not_depend_on_when_it_is_done),
		TEST(a_day_that_is_to_come_is_not_counted),
		TEST(another_policy_is_folded_in),
		TEST(one_user_can_be_folded_alone),
		TEST(names_are_only_names),
		TEST(nothing_of_a_forgotten_user_is_left),
		TEST(of_two_who_notify_one_does),
		TEST(two_at_once_do_it_once),
		TEST(killed_at_any_point_it_is_done_by_the_next),
		TEST(logins_go_on_meanwhile),
		TEST(the_first_version_keeps_its_history),
		TEST(a_login_before_the_migration_stays),
		TEST(a_migration_that_was_killed_is_done_again),
		TEST(where_no_file_can_be_written_it_is_not_migrated),
		TEST(a_newer_store_is_refused),
		TEST(a_busy_store_is_waited_for),
		TEST(a_store_of_others_is_refused),
		TEST(a_trigger_is_not_run),
		TEST(a_damaged_store_is_said_and_left),
		TEST(a_damaged_record_is_said_and_left_out),
		TEST(without_a_login_there_is_none),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
