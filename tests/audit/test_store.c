/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The record of weak passwords: what is written and when; that many processes use it at once; and
 * that whatever is done to its file, nothing hangs, nothing crashes, and something is said.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

#define POLICY "0123456789abcdef0123456789abcdef"
#define OTHER_POLICY "fedcba9876543210fedcba9876543210"

/* A Sunday, noon. */
enum { NOON = 1795348800, DAY = 24 * 60 * 60 };

static const struct a2a_verdict good = {.accepted = true};
static const struct a2a_verdict short_one = {.count = 1, .finding = {{.rule = A2A_TOO_SHORT}}};
static const struct a2a_verdict bad = {
	.count = 2,
	.finding = {{.rule = A2A_TOO_SHORT}, {.rule = A2A_NO_DIGIT}},
};

struct bench {
	char *folder, *state, *path;
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
	reports_start(&bench->reports);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	free(bench->path);
	free(bench->state);
	remove_folder(bench->folder);
	free(bench);
	return 0;
}

static struct a2a_store *open_store(struct bench *bench, enum a2a_purpose purpose)
{
	return a2a_store_open(bench->path, purpose, &bench->reports.log);
}

/* One login, as the door makes it: opens, records, closes. */
static bool login(struct bench *bench, const char *user, const struct a2a_verdict *verdict,
	int64_t when, int64_t *since)
{
	struct a2a_store *store = open_store(bench, A2A_AT_LOGIN);
	const struct a2a_sighting sighting = {user, "dovecot", POLICY, verdict, when};
	bool ok = store && a2a_store_record(store, &sighting, since, &bench->reports.log);

	a2a_store_close(store);
	return ok;
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

static int64_t now_in_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- What is written ------------------------------------------------------------------------- */

static void a_login_is_recorded(void **state)
{
	struct bench *bench = *state;
	struct stat status;
	int64_t since = 0;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	assert_int_equal(since, NOON);
	answers(bench, "SELECT * FROM users",
		"user0001|dovecot|" POLICY "|too-short,no-digit|1795348800|1795348800|0\n");
	answers(bench, "SELECT * FROM counts", "2026-11|1|0\n2026-11-22|1|0\n");
	answers(bench, "PRAGMA journal_mode", "wal\n");
	assert_int_equal(bench->reports.faults + bench->reports.warnings, 0);
	assert_int_equal(stat(bench->state, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(stat(bench->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void it_is_written_once_a_day_or_when_the_verdict_changes(void **state)
{
	static const struct {
		const struct a2a_verdict *verdict;
		int64_t when, since, last_seen;
		const char *rules;
	} logins[] = {
		{&bad, NOON, NOON, NOON, "too-short,no-digit"},
		{&bad, NOON + 60, NOON, NOON, "too-short,no-digit"},
		/* Other rules: still weak since then. */
		{&short_one, NOON + 120, NOON, NOON + 120, "too-short"},
		{&short_one, NOON + DAY, NOON, NOON + DAY, "too-short"},
		{&good, NOON + DAY + 1, NOON + DAY + 1, NOON + DAY + 1, ""},
		{&good, NOON + DAY + 2, NOON + DAY + 1, NOON + DAY + 1, ""},
		{&short_one, NOON + DAY + 3, NOON + DAY + 3, NOON + DAY + 3, "too-short"},
		/* A clock that was set back. */
		{&short_one, NOON - DAY, NOON + DAY + 3, NOON - DAY, "too-short"},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		char expected[200];
		int64_t since = 0;

		assert_true(login(bench, "user0001", logins[i].verdict, logins[i].when, &since));
		assert_int_equal(since, logins[i].since);
		snprintf(expected, sizeof(expected), "%s|%lld|%lld\n", logins[i].rules,
			(long long)logins[i].since, (long long)logins[i].last_seen);
		answers(bench, "SELECT rules, since, last_seen FROM users", expected);
	}
}

static void another_policy_is_written_and_begins_no_new_grace(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store = open_store(bench, A2A_AT_LOGIN);
	struct a2a_sighting sighting = {"user0001", "dovecot", POLICY, &bad, NOON};
	int64_t since = 0;

	assert_non_null(store);
	assert_true(a2a_store_record(store, &sighting, &since, &bench->reports.log));
	sighting.policy = OTHER_POLICY;
	sighting.when = NOON + 5;
	assert_true(a2a_store_record(store, &sighting, &since, &bench->reports.log));
	assert_int_equal(since, NOON);
	a2a_store_close(store);
	answers(bench, "SELECT policy, since FROM users", OTHER_POLICY "|1795348800\n");
}

static void users_are_counted_by_what_was_found_last(void **state)
{
	struct bench *bench = *state;
	int64_t since;

	assert_true(login(bench, "a", &bad, NOON, &since));
	assert_true(login(bench, "b", &bad, NOON, &since));
	assert_true(login(bench, "c", &good, NOON, &since));
	assert_true(login(bench, "b", &good, NOON + 9, &since));
	assert_true(login(bench, "a", &bad, NOON + DAY, &since));
	assert_true(login(bench, "c", &bad, NOON + DAY, &since));
	assert_true(login(bench, "c", &bad, NOON + 40 * DAY, &since));
	answers(bench, "SELECT * FROM counts",
		"2026-11|2|1\n2026-11-22|1|2\n2026-11-23|2|0\n2027-01|1|0\n2027-01-01|1|0\n");
}

static void a_changed_password_clears_the_weak_alone(void **state)
{
	struct bench *bench = *state;
	struct a2a_sighting sighting = {"user0001", "passwd", OTHER_POLICY, &good, NOON + 60};
	struct a2a_store *store;
	int64_t since;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	assert_true(login(bench, "user0002", &good, NOON, &since));
	store = open_store(bench, A2A_AT_CHANGE);
	assert_non_null(store);
	assert_true(a2a_store_clear(store, &sighting, &bench->reports.log));
	sighting.user = "user0002";
	assert_true(a2a_store_clear(store, &sighting, &bench->reports.log));
	sighting.user = "unknown";
	assert_true(a2a_store_clear(store, &sighting, &bench->reports.log));
	a2a_store_close(store);
	answers(bench, "SELECT user, service, rules, since FROM users",
		"user0001|passwd||1795348860\nuser0002|dovecot||1795348800\n");
	answers(bench, "SELECT * FROM counts", "2026-11|0|2\n2026-11-22|0|2\n");
}

static bool count_record(void *context, const struct a2a_record *record)
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
	int64_t since;
	bool found;

	for (size_t i = 0; i < NAMES; i++)
		assert_true(login(bench, names[i], &bad, NOON, &since));
	store = open_store(bench, A2A_FOR_TOOL);
	assert_non_null(store);
	for (size_t i = 0; i < NAMES; i++) {
		assert_true(a2a_store_find(store, names[i], &found,
			&(struct a2a_reader){count_record, &weak}, &bench->reports.log));
		assert_true(found);
		assert_true(a2a_store_forget(store, names[i], &found, &bench->reports.log));
		assert_true(found);
		assert_true(a2a_store_forget(store, names[i], &found, &bench->reports.log));
		assert_false(found);
	}
	assert_int_equal(weak, NAMES);
	a2a_store_close(store);
}

static void of_two_who_notify_one_does(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store;
	int64_t since;
	bool taken;

	assert_true(login(bench, "weak", &bad, NOON, &since));
	assert_true(login(bench, "good", &good, NOON, &since));
	store = open_store(bench, A2A_FOR_TOOL);
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
	assert_true(login(bench, "weak", &bad, NOON + DAY, &since));
	answers(bench, "SELECT notified FROM users WHERE user = 'weak'", "1795348800\n");
	assert_true(login(bench, "weak", &good, NOON + DAY, &since));
	answers(bench, "SELECT notified FROM users WHERE user = 'weak'", "0\n");
}

static void what_was_found_whole_is_known(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store = open_store(bench, A2A_AT_LOGIN);
	struct a2a_verified_files verified = a2a_store_verified_files(store);

	assert_false(verified.has(verified.context, POLICY));
	verified.add(verified.context, POLICY);
	assert_true(verified.has(verified.context, POLICY));
	/* Of many, the latest: no file is replaced as often. */
	for (int i = 0; i < 100; i++) {
		char stamp[16];

		snprintf(stamp, sizeof(stamp), "%d", i);
		verified.add(verified.context, stamp);
	}
	a2a_store_close(store);
	answers(bench, "SELECT count(*) FROM stamps", "32\n");
}

static void the_log_stays_short(void **state)
{
	enum { USERS = 300, LONGEST = 256 * 1024 };
	struct bench *bench = *state;
	char *log = text("%s-wal", bench->path);
	struct stat status;
	int64_t since;

	for (int i = 0; i < USERS; i++) {
		char user[32];

		snprintf(user, sizeof(user), "user%d", i);
		assert_true(login(bench, user, &bad, NOON, &since));
		assert_int_equal(stat(log, &status), 0);
		assert_in_range(status.st_size, 0, LONGEST);
	}
	answers(bench, "SELECT count(*) FROM users", "300\n");
	free(log);
}

/* ---- Many at once ---------------------------------------------------------------------------- */

enum { WORKERS = 30, LOGINS = 20 };

/* The longest that a login took, in milliseconds, is the child's answer. */
static int work(struct bench *bench, int worker)
{
	int64_t longest = 0;

	for (int i = 0; i < LOGINS; i++) {
		char user[32];
		int64_t since, start, took;

		snprintf(user, sizeof(user), "user%02d%02d", worker, i);
		start = now_in_milliseconds();
		/* Busy is no loss: the user's next login is recorded. */
		for (int tries = 0; tries < 50; tries++)
			if (login(bench, user, i % 2 ? &bad : &good, NOON, &since))
				break;
			else if (bench->reports.faults)
				return 255;
		took = now_in_milliseconds() - start;
		longest = took > longest ? took : longest;
	}
	return longest < 254 ? (int)longest : 254;
}

static void thirty_workers_lose_nothing(void **state)
{
	struct bench *bench = *state;
	pid_t children[WORKERS];
	char expected[64];
	int longest = 0;

	/* The file is not there yet: all of them begin it. */
	for (int i = 0; i < WORKERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			_exit(work(bench, i));
	}
	for (int i = 0; i < WORKERS; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_not_equal(WEXITSTATUS(status), 255);
		longest = WEXITSTATUS(status) > longest ? WEXITSTATUS(status) : longest;
	}
	print_message("longest of %d logins in %d processes: %d ms\n", WORKERS * LOGINS, WORKERS,
		longest);
	snprintf(expected, sizeof(expected), "%d\n", WORKERS * LOGINS);
	answers(bench, "SELECT count(*) FROM users", expected);
	snprintf(expected, sizeof(expected), "%d|%d\n", WORKERS * LOGINS / 2, WORKERS * LOGINS / 2);
	answers(bench, "SELECT weak, good FROM counts WHERE period = '2026-11-22'", expected);
	answers(bench, "PRAGMA integrity_check", "ok\n");
}

static void a_worker_that_is_killed_hurts_nobody(void **state)
{
	struct bench *bench = *state;
	int64_t since;

	assert_true(login(bench, "first", &bad, NOON, &since));
	for (int i = 0; i < 30; i++) {
		const struct timespec a_while = {.tv_nsec = 1000000 + 300000 * i};
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0)
			for (int j = 0;; j++) {
				char user[32];

				snprintf(user, sizeof(user), "user%d-%d", i, j);
				login(bench, user, &bad, NOON, &since);
			}
		nanosleep(&a_while, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(login(bench, "after", i % 2 ? &bad : &good, NOON, &since));
	}
	answers(bench, "PRAGMA integrity_check", "ok\n");
	assert_int_equal(bench->reports.faults, 0);
}

/* ---- What can happen to the file ------------------------------------------------------------- */

/* The lock is held by a process of its own, as SQLite's locks are a process's. */
static pid_t hold(const char *path, const char *statement)
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
			sqlite3_exec(database, statement, NULL, NULL, NULL) != SQLITE_OK ||
			write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void let_go(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

static void a_locked_store_is_left_in_time(void **state)
{
	static const char *const locks[] = {"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE",
		"PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM stamps"};
	struct bench *bench = *state;
	int64_t since;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		pid_t child = hold(bench->path, locks[i]);
		int64_t start = now_in_milliseconds(), took;

		reports_start(&bench->reports);
		assert_false(login(bench, "user0001", &good, NOON, &since));
		took = now_in_milliseconds() - start;
		assert_int_equal(bench->reports.faults, 0);
		assert_int_equal(bench->reports.warnings, 1);
		assert_non_null(strstr(bench->reports.text, "busy"));
		/* 20 ms, and what a loaded machine takes. */
		assert_in_range(took, 0, 1000);
		let_go(child);
	}
	/* Where nothing is to be written, a writer is no hindrance. */
	{
		pid_t child = hold(bench->path, "BEGIN IMMEDIATE");

		assert_true(login(bench, "user0001", &bad, NOON, &since));
		assert_int_equal(since, NOON);
		let_go(child);
	}
	assert_true(login(bench, "user0001", &good, NOON, &since));
}

/* Somebody who never lets go of a byte that SQLite locks in the log's index. */
static void locks_on_everything_are_left_in_time(void **state)
{
	struct bench *bench = *state;
	char *memory = text("%s-shm", bench->path);
	int64_t since, start;
	int ready[2];
	char byte;
	pid_t child;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	for (int place = 118; place <= 129; place++) {
		assert_int_equal(pipe(ready), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct flock lock = {.l_type = F_WRLCK,
				.l_whence = SEEK_SET,
				.l_start = place == 129 ? 0 : place,
				.l_len = place == 129 ? 0 : 1};
			int fd = open(memory, O_RDWR | O_CREAT, 0600);

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (fd < 0 || fcntl(fd, F_SETLK, &lock) || write(ready[1], "", 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		close(ready[1]);
		assert_int_equal(read(ready[0], &byte, 1), 1);
		close(ready[0]);
		start = now_in_milliseconds();
		login(bench, "user0001", &good, NOON + place, &since);
		start = now_in_milliseconds() - start;
		if (start > 100)
			print_message("byte %d: %lld ms\n", place, (long long)start);
		assert_in_range(start, 0, 1000);
		let_go(child);
	}
	free(memory);
}

static void a_store_of_others_is_refused(void **state)
{
	struct bench *bench = *state;
	char *other = text("%s/other", bench->folder);
	int64_t since;

#define REFUSED(why)                                                \
	reports_start(&bench->reports);                             \
	assert_false(login(bench, "user0001", &bad, NOON, &since)); \
	assert_non_null(strstr(bench->reports.text, why));          \
	assert_int_equal(bench->reports.faults, 1)

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	assert_int_equal(chmod(bench->path, 0620), 0);
	REFUSED("may be written by others");
	assert_int_equal(chmod(bench->path, 0600), 0);
	assert_int_equal(chmod(bench->state, 0702), 0);
	REFUSED("may be written by others");
	assert_int_equal(chmod(bench->state, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(bench->path, 65534, 65534), 0);
		REFUSED("belongs to neither");
		assert_int_equal(chown(bench->path, 0, 0), 0);
		assert_int_equal(chown(bench->state, 65534, 65534), 0);
		REFUSED("belongs to neither");
		assert_int_equal(chown(bench->state, 0, 0), 0);
	}
	assert_true(login(bench, "user0001", &bad, NOON, &since));

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
	unlink(other);

	assert_int_equal(rename(bench->state, other), 0);
	assert_int_equal(symlink(other, bench->state), 0);
	REFUSED("symbolic link");
	assert_int_equal(unlink(bench->state), 0);
	write_file(bench->state, "", 0);
	REFUSED("is no folder");
	assert_int_equal(unlink(bench->state), 0);
	assert_int_equal(rename(other, bench->state), 0);
	assert_true(login(bench, "user0001", &bad, NOON, &since));
#undef REFUSED
	free(other);
}

/* In a process of its own: nothing that is in a file may crash or hang a login. */
static void try_damaged(struct bench *bench)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		int64_t since;
		bool ok;

		alarm(20);
		ok = login(bench, "user0002", &bad, NOON + 2 * DAY, &since);
		/* Either it was recorded, or something was said. */
		_exit(ok || bench->reports.faults || bench->reports.warnings ? 0 : 1);
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
}

static void a_damaged_store_is_said_and_left(void **state)
{
	struct bench *bench = *state;
	unsigned char *bytes;
	size_t size;
	int64_t since;

	for (int i = 0; i < 40; i++) {
		char user[32];

		snprintf(user, sizeof(user), "user%04d", i);
		assert_true(login(bench, user, i % 3 ? &bad : &good, NOON + i, &since));
	}
	/* All of it into the file itself. */
	a2a_store_close(open_store(bench, A2A_FOR_TOOL));
	bytes = read_file(bench->path, &size);
	/* Cut: everywhere in its header, then here and there. */
	for (size_t length = 0; length < size; length += length < 110 ? 1 : 509) {
		put_back(bench, bytes, length);
		try_damaged(bench);
	}
	for (size_t place = 0; place < size; place += place < 110 ? 1 : 37) {
		unsigned char was = bytes[place];

		bytes[place] ^= (unsigned char)(1 + place % 255);
		put_back(bench, bytes, size);
		try_damaged(bench);
		bytes[place] = was;
	}
	put_back(bench, bytes, size);
	try_damaged(bench);
	put_back(bench, "no database, but more than a few bytes of text in its place", 59);
	reports_start(&bench->reports);
	assert_false(login(bench, "user0001", &bad, NOON, &since));
	assert_non_null(strstr(bench->reports.text, "is damaged"));
	free(bytes);
}

/* The log that lies beside the file, damaged: at worst what is in it is lost. */
static void a_damaged_log_is_left(void **state)
{
	struct bench *bench = *state;
	char *log = text("%s-wal", bench->path);
	unsigned char *bytes, *log_bytes;
	size_t size, log_size;
	int64_t since;

	for (int i = 0; i < 10; i++) {
		char user[32];

		snprintf(user, sizeof(user), "user%04d", i);
		assert_true(login(bench, user, &bad, NOON + i, &since));
	}
	bytes = read_file(bench->path, &size);
	log_bytes = read_file(log, &log_size);
	assert_true(log_size > 1000);
	for (size_t place = 0; place < log_size; place += place < 64 ? 1 : 331) {
		log_bytes[place] ^= 0x55;
		put_back(bench, bytes, size);
		write_file(log, log_bytes, place % 2 ? log_size : place);
		try_damaged(bench);
		log_bytes[place] ^= 0x55;
	}
	free(log_bytes);
	free(bytes);
	free(log);
}

static void a_newer_store_is_refused(void **state)
{
	struct bench *bench = *state;
	int64_t since;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	answers(bench, "PRAGMA user_version = 99", "");
	assert_false(login(bench, "user0001", &good, NOON, &since));
	assert_non_null(strstr(bench->reports.text, "newer version (99)"));
}

static void a_store_that_is_deleted_begins_anew(void **state)
{
	struct bench *bench = *state;
	struct a2a_store *store;
	int64_t since;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	store = open_store(bench, A2A_AT_LOGIN);
	assert_non_null(store);
	assert_int_equal(unlink(bench->path), 0);
	/* Whoever has it open goes on with what nobody will see. */
	a2a_store_record(store, &(struct a2a_sighting){"user0001", "dovecot", POLICY, &good, NOON},
		&since, &bench->reports.log);
	assert_true(login(bench, "user0002", &bad, NOON, &since));
	a2a_store_close(store);
	answers(bench, "SELECT user FROM users", "user0002\n");
	/* Its folder as well. */
	put_back(bench, "", 0);
	unlink(bench->path);
	assert_int_equal(rmdir(bench->state), 0);
	assert_true(login(bench, "user0003", &bad, NOON, &since));
	answers(bench, "SELECT user FROM users", "user0003\n");
}

static void only_a_login_makes_one(void **state)
{
	struct bench *bench = *state;

	assert_null(open_store(bench, A2A_FOR_TOOL));
	assert_null(open_store(bench, A2A_AT_CHANGE));
	assert_false(a2a_store_exists(bench->path));
	assert_int_equal(access(bench->state, F_OK), -1);
}

/* ---- Full and read-only ---------------------------------------------------------------------- */

static void a_full_disk_is_said_and_left(void **state)
{
	struct bench *bench = *state;
	int64_t since;
	pid_t child;
	int status;

	assert_true(login(bench, "user0001", &bad, NOON, &since));
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit limit = {2048, 2048};
		bool failed = false;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		for (int i = 0; i < 200 && !failed; i++) {
			char user[32];

			snprintf(user, sizeof(user), "full%04d", i);
			failed = !login(bench, user, &bad, NOON, &since);
		}
		_exit(failed && bench->reports.faults ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(login(bench, "user0002", &bad, NOON, &since));
	answers(bench, "PRAGMA integrity_check", "ok\n");
}

/* A file system of its own, small and then read-only, seen by this child alone. */
static int on_small_disk(struct bench *bench)
{
	int64_t since;
	bool failed = false;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mkdir(bench->state, 0700) ||
		mount("none", bench->state, "tmpfs", 0, "size=160k,mode=0700"))
		return 77;
	for (int i = 0; i < 4000 && !failed; i++) {
		char user[64];

		snprintf(user, sizeof(user), "a user with rather a long name, number %d", i);
		failed = !login(bench, user, &bad, NOON, &since);
	}
	if (!failed || !bench->reports.faults)
		return 1;
	/* What was known is known. */
	if (!login(bench, "a user with rather a long name, number 0", &bad, NOON, &since))
		return 2;
	if (mount(NULL, bench->state, NULL, MS_REMOUNT | MS_RDONLY, NULL))
		return 77;
	reports_start(&bench->reports);
	if (login(bench, "somebody", &bad, NOON, &since) || !bench->reports.faults)
		return 3;
	return 0;
}

static void a_small_disk_and_a_read_only_one_are_said_and_left(void **state)
{
	pid_t child;
	int status;

	if (geteuid() != 0) {
		print_message("not root: no file system can be mounted\n");
		skip();
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(on_small_disk(*state));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("no file system can be mounted here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_login_is_recorded),
		TEST(it_is_written_once_a_day_or_when_the_verdict_changes),
		TEST(another_policy_is_written_and_begins_no_new_grace),
		TEST(users_are_counted_by_what_was_found_last),
		TEST(a_changed_password_clears_the_weak_alone),
		TEST(names_are_only_names),
		TEST(of_two_who_notify_one_does),
		TEST(what_was_found_whole_is_known),
		TEST(the_log_stays_short),
		TEST(thirty_workers_lose_nothing),
		TEST(a_worker_that_is_killed_hurts_nobody),
		TEST(a_locked_store_is_left_in_time),
		TEST(locks_on_everything_are_left_in_time),
		TEST(a_store_of_others_is_refused),
		TEST(a_damaged_store_is_said_and_left),
		TEST(a_damaged_log_is_left),
		TEST(a_newer_store_is_refused),
		TEST(a_store_that_is_deleted_begins_anew),
		TEST(only_a_login_makes_one),
		TEST(a_full_disk_is_said_and_left),
		TEST(a_small_disk_and_a_read_only_one_are_said_and_left),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
