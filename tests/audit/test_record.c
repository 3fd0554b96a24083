/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The records that logins write: what is in them, and that nothing that surrounds a login (limits,
 * signals, descriptors, the disk, or what stands in the place of a file or folder) makes it wait,
 * kills it, or gives it a wrong answer.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

enum {
	DAY = 24 * 60 * 60,
	NOW = 1764331200, /* 2025-11-28T12:00:00Z */
	UNKNOWN = -1,     /* since when: the login goes on without it */
	SECONDS = 10,     /* after which a login is taken to hang */
};

static const char POLICY[] = "0123456789abcdef0123456789abcdef";
static const char OTHER_POLICY[] = "fedcba9876543210fedcba9876543210";

/* A folder of the test's own, and what was reported. */
struct bench {
	char *scratch, *state, *store, *folder;
	struct reports reports;
};

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...)
{
	char *result = NULL;
	va_list arguments;

	va_start(arguments, format);
	assert_true(vasprintf(&result, format, arguments) >= 0);
	va_end(arguments);
	return result;
}

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->scratch = new_folder();
	bench->state = text("%s/state", bench->scratch);
	bench->store = text("%s/audit.sqlite", bench->state);
	bench->folder = text("%s.logins", bench->store);
	reports_start(&bench->reports);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	free(bench->folder);
	free(bench->store);
	free(bench->state);
	remove_folder(bench->scratch);
	free(bench);
	return 0;
}

static struct a2a_verdict verdict(bool weak)
{
	struct a2a_verdict verdict = {.accepted = !weak, .count = weak ? 2 : 0};

	verdict.finding[0].rule = A2A_TOO_SHORT;
	verdict.finding[1].rule = A2A_GUESSABLE;
	return verdict;
}

static int64_t login_by(const char *store, const struct a2a_log *log, const char *user,
	const char *policy, bool weak, int64_t when)
{
	const struct a2a_verdict found = verdict(weak);
	const struct a2a_sighting sighting = {user, "dovecot", policy, &found, when};
	struct a2a_record_folder folder;
	int64_t since = UNKNOWN;

	if (!a2a_record_open(&folder, store, true, log) ||
		!a2a_record_login(&folder, &sighting, &since, log))
		since = UNKNOWN;
	a2a_record_close(&folder);
	return since;
}

/* One login, as the module makes it. Returns since when. */
static int64_t login(struct bench *bench, const char *user, bool weak, int64_t when)
{
	return login_by(bench->store, &bench->reports.log, user, POLICY, weak, when);
}

static bool clear(struct bench *bench, const char *user, int64_t when)
{
	const struct a2a_verdict good = verdict(false);
	const struct a2a_sighting sighting = {user, "passwd", POLICY, &good, when};
	struct a2a_record_folder folder;
	const bool ok = a2a_record_open(&folder, bench->store, false, &bench->reports.log) &&
			a2a_record_clear(&folder, &sighting, &bench->reports.log);

	a2a_record_close(&folder);
	return ok;
}

/* A copy of what is recorded of a user. */
struct copy {
	size_t count;
	struct a2a_login_record login;
	char user[1024], service[64], rules[128], policy[64];
};

static bool keep(void *context, const struct a2a_login_record *login)
{
	struct copy *copy = context;

	copy->count++;
	copy->login = *login;
	snprintf(copy->user, sizeof(copy->user), "%s", login->record.user);
	snprintf(copy->service, sizeof(copy->service), "%s", login->record.service);
	snprintf(copy->rules, sizeof(copy->rules), "%s", login->record.rules);
	snprintf(copy->policy, sizeof(copy->policy), "%s", login->record.policy);
	return true;
}

static struct copy find(struct bench *bench, const char *user)
{
	struct copy copy = {0};
	struct a2a_record_folder folder;
	bool found;

	assert_true(a2a_record_open(&folder, bench->store, false, &bench->reports.log));
	assert_true(a2a_record_find(&folder, user, &found, &(struct a2a_record_reader){keep, &copy},
		&bench->reports.log));
	a2a_record_close(&folder);
	assert_int_equal(found, copy.count);
	return copy;
}

static struct copy all(struct bench *bench)
{
	struct copy copy = {0};
	struct a2a_record_folder folder;

	assert_true(a2a_record_open(&folder, bench->store, false, &bench->reports.log));
	assert_true(a2a_record_each(
		&folder, &(struct a2a_record_reader){keep, &copy}, NULL, &bench->reports.log));
	a2a_record_close(&folder);
	return copy;
}

static bool forget(struct bench *bench, const char *user)
{
	struct a2a_record_folder folder;
	bool found;

	assert_true(a2a_record_open(&folder, bench->store, false, &bench->reports.log));
	assert_true(a2a_record_forget(&folder, user, &found, &bench->reports.log));
	a2a_record_close(&folder);
	return found;
}

/* The path of the one file below the folder; the caller frees it. */
static char *only_file(struct bench *bench)
{
	char *command = text("find %s -type f", bench->folder), path[512] = "";
	FILE *pipe = popen(command, "re");

	assert_non_null(pipe);
	assert_non_null(fgets(path, sizeof(path), pipe));
	assert_int_equal(pclose(pipe), 0);
	path[strcspn(path, "\n")] = '\0';
	free(command);
	return text("%s", path);
}

static void write_private(const char *path, const void *bytes, size_t size)
{
	write_file(path, bytes, size);
	assert_int_equal(chmod(path, 0600), 0);
}

static void assert_no_reports(struct bench *bench)
{
	if (*bench->reports.text)
		fail_msg("%s", bench->reports.text);
}

static void was_reported(struct bench *bench, const char *piece)
{
	if (!strstr(bench->reports.text, piece))
		fail_msg("\"%s\" was not reported: %s", piece, bench->reports.text);
}

/* ---- What is written ------------------------------------------------------------------------- */

static void a_login_is_recorded(void **state)
{
	struct bench *bench = *state;
	struct stat status;
	struct copy copy;
	size_t size;
	unsigned char *bytes;
	char *path;

	assert_int_equal(login(bench, "jan", true, NOW), NOW);
	path = only_file(bench);
	bytes = read_file(path, &size);
	assert_string_equal((char *)bytes, "all2all-audit 1\n"
					   "user jan\n"
					   "service dovecot\n"
					   "policy 0123456789abcdef0123456789abcdef\n"
					   "rules too-short,guessable\n"
					   "since 1764331200\n"
					   "seen 1764331200\n"
					   "days 20420w\n");
	free(bytes);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	free(path);
	copy = find(bench, "jan");
	assert_string_equal(copy.user, "jan");
	assert_string_equal(copy.service, "dovecot");
	assert_string_equal(copy.rules, "too-short,guessable");
	assert_string_equal(copy.policy, POLICY);
	assert_int_equal(copy.login.record.since, NOW);
	assert_int_equal(copy.login.record.last_seen, NOW);
	assert_int_equal(copy.login.days, 1);
	assert_int_equal(copy.login.day[0].day, NOW / DAY);
	assert_true(copy.login.day[0].weak);
	assert_int_equal(find(bench, "piet").count, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(stat(i ? bench->folder : bench->state, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0700);
	}
	assert_no_reports(bench);
}

static void it_is_written_once_a_day_or_when_the_result_changes(void **state)
{
	static const struct {
		bool weak;
		const char *policy;
		int64_t when, since, last_seen;
	} logins[] = {
		{true, POLICY, NOW, NOW, NOW},
		{true, POLICY, NOW + 60, NOW, NOW},
		/* Another policy: still weak since then. */
		{true, OTHER_POLICY, NOW + 120, NOW, NOW + 120},
		{true, OTHER_POLICY, NOW + DAY, NOW, NOW + DAY},
		{false, OTHER_POLICY, NOW + DAY + 1, NOW + DAY + 1, NOW + DAY + 1},
		{false, OTHER_POLICY, NOW + DAY + 2, NOW + DAY + 1, NOW + DAY + 1},
		{true, OTHER_POLICY, NOW + DAY + 3, NOW + DAY + 3, NOW + DAY + 3},
		/* A clock that was set back. */
		{true, OTHER_POLICY, NOW - DAY, NOW + DAY + 3, NOW - DAY},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++) {
		assert_int_equal(login_by(bench->store, &bench->reports.log, "jan",
					 logins[i].policy, logins[i].weak, logins[i].when),
			logins[i].since);
		assert_int_equal(find(bench, "jan").login.record.since, logins[i].since);
		assert_int_equal(find(bench, "jan").login.record.last_seen, logins[i].last_seen);
	}
	assert_no_reports(bench);
}

static void forty_days_are_kept(void **state)
{
	struct bench *bench = *state;
	struct a2a_login_record kept;

	for (int64_t i = 0; i < 100; i++)
		login(bench, "jan", i != 98, NOW + i * DAY);
	login(bench, "jan", false, NOW + 99 * DAY + 1);
	kept = find(bench, "jan").login;
	assert_int_equal(kept.days, A2A_RECORD_DAYS);
	for (size_t i = 0; i < kept.days; i++) {
		assert_int_equal(kept.day[i].day, NOW / DAY + 100 - A2A_RECORD_DAYS + i);
		assert_int_equal(kept.day[i].weak, i < A2A_RECORD_DAYS - 2);
	}
	assert_no_reports(bench);
}

static void a_change_clears_the_weak_alone(void **state)
{
	struct bench *bench = *state;

	/* Without an audit, no folder is made. */
	assert_true(clear(bench, "jan", NOW));
	assert_int_equal(access(bench->state, F_OK), -1);
	login(bench, "jan", true, NOW);
	login(bench, "piet", false, NOW);
	assert_true(clear(bench, "jan", NOW + 10));
	assert_string_equal(find(bench, "jan").rules, "");
	assert_string_equal(find(bench, "jan").service, "passwd");
	assert_int_equal(find(bench, "jan").login.record.since, NOW + 10);
	assert_true(clear(bench, "piet", NOW + 10));
	assert_int_equal(find(bench, "piet").login.record.last_seen, NOW);
	assert_true(clear(bench, "nobody", NOW + 10));
	assert_int_equal(find(bench, "nobody").count, 0);
	assert_no_reports(bench);
}

static void no_name_leaves_the_folder(void **state)
{
	static const char *const names[] = {"..", ".", "../../x", "/etc/passwd", "a/b", ".jan", "",
		"%", "%2e", "%2E", "~", "a b", "a\nuser b", "\x01\xff",
		"J\xc3\xa9r\xc3\xb4me@Club.be", "jan", "Jan", "marks", "jan.peeters@example.org",
		"-rf", "%s%n"};
	enum { NAMES = sizeof(names) / sizeof(names[0]) };
	struct bench *bench = *state;
	char *outside = text("%s/x", bench->state);

	for (size_t i = 0; i < NAMES; i++)
		assert_int_equal(login(bench, names[i], i % 2, NOW + (int64_t)i), NOW + (int64_t)i);
	for (size_t i = 0; i < NAMES; i++) {
		struct copy copy = find(bench, names[i]);

		assert_string_equal(copy.user, names[i]);
		assert_int_equal(copy.login.record.since, NOW + (int64_t)i);
	}
	assert_int_equal(all(bench).count, NAMES);
	assert_int_equal(access(outside, F_OK), -1);
	for (size_t i = 0; i < NAMES; i++) {
		assert_true(forget(bench, names[i]));
		assert_false(forget(bench, names[i]));
		assert_int_equal(all(bench).count, NAMES - i - 1);
	}
	assert_no_reports(bench);
	free(outside);
}

static void a_long_name_has_a_file_too(void **state)
{
	struct bench *bench = *state;
	char name[3001];
	size_t logins = 0;

	for (size_t length = 60; length < 700; length += 20) {
		memset(name, length % 40 ? 'x' : 0xe9, length);
		name[length] = '\0';
		assert_int_equal(login(bench, name, true, NOW), NOW);
		assert_int_equal(login(bench, name, true, NOW + 60), NOW);
		assert_string_equal(find(bench, name).user, name);
		assert_int_equal(all(bench).count, ++logins);
	}
	assert_no_reports(bench);
	/* No name that libpam takes is as long as this one. */
	memset(name, 'y', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(login(bench, name, true, NOW), UNKNOWN);
	was_reported(bench, "the name of the user is too long");
}

static void nothing_of_a_forgotten_user_is_left(void **state)
{
	struct bench *bench = *state;
	char *command = text(
		"grep -rq jan.peeters %s || find %s | grep -q peeters", bench->state, bench->state);
	char *path, *temporary, *slash;

	login(bench, "jan.peeters", true, NOW);
	path = only_file(bench);
	slash = strrchr(path, '/');
	temporary = text("%.*s/.%s", (int)(slash - path), path, slash + 1);
	/* What a login that was killed leaves. */
	write_private(temporary, "user jan.peeters\n", 17);
	assert_int_equal(system(command), 0);
	assert_true(forget(bench, "jan.peeters"));
	assert_int_not_equal(system(command), 0);
	assert_no_reports(bench);
	free(temporary);
	free(path);
	free(command);
}

static void stamps_are_kept(void **state)
{
	struct bench *bench = *state;
	struct a2a_record_folder folder;
	struct a2a_verified_files verified;
	char name[A2A_STAMP_SIZE];

	assert_true(a2a_record_open(&folder, bench->store, true, &bench->reports.log));
	verified = a2a_record_verified_files(&folder);
	assert_false(verified.has(verified.context, POLICY));
	verified.add(verified.context, POLICY);
	assert_true(verified.has(verified.context, POLICY));
	verified.add(verified.context, "../x");
	assert_false(verified.has(verified.context, "../x"));
	/* Of many, the latest: no file is replaced as often. */
	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%032x", i);
		verified.add(verified.context, name);
		assert_true(verified.has(verified.context, name));
	}
	assert_false(verified.has(verified.context, POLICY));
	a2a_record_close(&folder);
	login(bench, "jan", true, NOW);
	assert_int_equal(all(bench).count, 1);
	assert_no_reports(bench);
}

static void a_record_is_added_once(void **state)
{
	struct bench *bench = *state;
	struct a2a_record_folder folder;
	struct a2a_login_record added = {
		.record = {.user = "jan",
			.service = "imap",
			.policy = POLICY,
			.rules = "too-short",
			.since = NOW - 20 * DAY,
			.last_seen = NOW - DAY},
		.days = 1,
		.day = {{NOW / DAY - 1, true}},
	};

	assert_true(a2a_record_open(&folder, bench->store, true, &bench->reports.log));
	assert_true(a2a_record_add(&folder, &added, &bench->reports.log));
	assert_int_equal(login(bench, "jan", true, NOW), NOW - 20 * DAY);
	added.record.since = NOW - 40 * DAY;
	assert_true(a2a_record_add(&folder, &added, &bench->reports.log));
	a2a_record_close(&folder);
	assert_int_equal(login(bench, "jan", true, NOW), NOW - 20 * DAY);
	assert_no_reports(bench);
}

/* ---- What a file can hold -------------------------------------------------------------------- */

/* The file of "jan", who has been weak since NOW, gets these bytes. */
static void spoil(struct bench *bench, const char *path, const void *bytes, size_t size)
{
	write_private(path, bytes, size);
	reports_start(&bench->reports);
}

/* Cut at every byte: started again, with a warning. */
static void a_file_that_is_cut_is_begun_anew(void **state)
{
	struct bench *bench = *state;
	unsigned char *bytes;
	size_t size;
	char *path;

	login(bench, "jan", true, NOW);
	path = only_file(bench);
	bytes = read_file(path, &size);
	for (size_t cut = 0; cut < size; cut++) {
		spoil(bench, path, bytes, cut);
		assert_int_equal(login(bench, "jan", true, NOW + 5), NOW + 5);
		was_reported(bench, "is started again: this is no record of all2all's");
		assert_int_equal(login(bench, "jan", true, NOW + 6), NOW + 5);
	}
	free(bytes);
	free(path);
}

/* Each byte changed: a record of that user, or started again; and in a report, nothing that a terminal
 * obeys. */
static void a_file_with_another_byte_is_a_record_or_none(void **state)
{
	static const unsigned char others[] = {0x00, 0x01, '\n', '\r', ' ', '%', '0', 'w', 0xff};
	struct bench *bench = *state;
	unsigned char *bytes;
	size_t size;
	char *path;

	login(bench, "jan", true, NOW);
	path = only_file(bench);
	bytes = read_file(path, &size);
	for (size_t i = 0; i < size * sizeof(others); i++) {
		unsigned char *byte = &bytes[i / sizeof(others)], was = *byte;
		struct a2a_record_folder folder;
		struct copy copy = {0};
		bool found;

		*byte = others[i % sizeof(others)];
		spoil(bench, path, bytes, size);
		*byte = was;
		assert_true(a2a_record_open(&folder, bench->store, false, &bench->reports.log));
		if (a2a_record_find(&folder, "jan", &found,
			    &(struct a2a_record_reader){keep, &copy}, &bench->reports.log)) {
			assert_true(found);
			assert_string_equal(copy.user, "jan");
			for (const char *c = copy.rules; *c; c++)
				assert_true(*c > ' ' && *c < 0x7f);
		} else
			was_reported(bench, "is no record");
		a2a_record_close(&folder);
		assert_int_not_equal(login(bench, "jan", true, NOW + 7), UNKNOWN);
	}
	free(bytes);
	free(path);
}

static void what_is_no_record_is_begun_anew(void **state)
{
#define BEGINNING "all2all-audit 1\nuser jan\nservice dovecot\npolicy 01\nrules too-short\n"
	static const char *const contents[] = {
		"",
		"\n\n\n",
		"this is no record\n",
		/* Another version, another user, lines in another order, twice, or with CRLF. */
		"all2all-audit 2\nuser jan\nservice s\npolicy 01\nrules \nsince 1\nseen 1\ndays "
		"1g\n",
		"all2all-audit 1\nuser piet\nservice s\npolicy 01\nrules \nsince 1\nseen 1\ndays "
		"1g\n",
		"all2all-audit 1\nservice s\nuser jan\npolicy 01\nrules \nsince 1\nseen 1\ndays "
		"1g\n",
		"all2all-audit 1\nuser jan\nuser jan\nservice s\npolicy 01\nrules \nsince 1\nseen "
		"1\n"
		"days 1g\n",
		"all2all-audit 1\r\nuser jan\r\nservice s\r\npolicy 01\r\nrules \r\nsince 1\r\n"
		"seen 1\r\ndays 1g\r\n",
		BEGINNING "since 1\nseen 1\ndays 1g\nmore 1\n",
		BEGINNING "since 1\nseen 1\ndays 1g",
		/* Numbers. */
		BEGINNING "since -1\nseen 1\ndays 1g\n",
		BEGINNING "since +1\nseen 1\ndays 1g\n",
		BEGINNING "since 0x1\nseen 1\ndays 1g\n",
		BEGINNING "since 9223372036854775807\nseen 1\ndays 1g\n",
		BEGINNING "since 99999999999999999999999\nseen 1\ndays 1g\n",
		BEGINNING "since 1\nseen \ndays 1g\n",
		/* Days. */
		BEGINNING "since 1\nseen 1\ndays \n",
		BEGINNING "since 1\nseen 1\ndays g\n",
		BEGINNING "since 1\nseen 1\ndays 1\n",
		BEGINNING "since 1\nseen 1\ndays 1x\n",
		BEGINNING "since 1\nseen 1\ndays 1g \n",
		BEGINNING "since 1\nseen 1\ndays 1g  2g\n",
		BEGINNING "since 1\nseen 1\ndays 99999999999g\n",
		BEGINNING
		"since 1\nseen 1\ndays 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g "
		"1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g 1g "
		"1g\n",
		/* Names that are not encoded, and other texts. */
		"all2all-audit 1\nuser %\nservice s\npolicy 01\nrules \nsince 1\nseen 1\ndays 1g\n",
		"all2all-audit 1\nuser j%00\nservice s\npolicy 01\nrules \nsince 1\nseen 1\ndays "
		"1g\n",
		"all2all-audit 1\nuser jan\nservice %0\npolicy 01\nrules \nsince 1\nseen 1\ndays "
		"1g\n",
		"all2all-audit 1\nuser jan\nservice s\npolicy x\nrules \nsince 1\nseen 1\ndays "
		"1g\n",
		"all2all-audit 1\nuser jan\nservice s\npolicy 01\nrules \033[2J\nsince 1\nseen 1\n"
		"days 1g\n",
	};
#undef BEGINNING
	struct bench *bench = *state;
	char *path;

	login(bench, "jan", true, NOW);
	path = only_file(bench);
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		spoil(bench, path, contents[i], strlen(contents[i]));
		if (login(bench, "jan", true, NOW + 5) != NOW + 5)
			fail_msg("taken for a record: %s", contents[i]);
		was_reported(bench, "is started again");
	}
	free(path);
}

static void a_large_file_is_begun_anew(void **state)
{
	static const off_t sizes[] = {4095, 4096, 4097, 1 << 20, 1 << 30};
	struct bench *bench = *state;
	unsigned char *bytes;
	size_t size;
	char *path;

	login(bench, "jan", true, NOW);
	path = only_file(bench);
	bytes = read_file(path, &size);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		spoil(bench, path, bytes, size);
		assert_int_equal(truncate(path, sizes[i]), 0);
		assert_int_equal(login(bench, "jan", true, NOW + 5), NOW + 5);
		was_reported(bench, "is started again");
	}
	free(bytes);
	free(path);
}

/* ---- What can stand in the place of a file or folder ----------------------------------------- */

static void put_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void put_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static void put_link(const char *path)
{
	assert_int_equal(symlink("/etc/passwd", path), 0);
}

static void put_link_to_folder(const char *path)
{
	assert_int_equal(symlink("/tmp", path), 0);
}

static void put_device(const char *path)
{
	if (mknod(path, S_IFCHR | 0600, makedev(1, 5))) /* zero */
		put_fifo(path);
}

static void put_socket(const char *path)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char *folder = text("%.*s", (int)(strrchr(path, '/') - path), path);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* The path would be too long for an address. */
	assert_true(fd >= 0 && here >= 0);
	assert_int_equal(chdir(folder), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", strrchr(path, '/') + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(fchdir(here), 0);
	close(here);
	close(fd);
	free(folder);
}

static void put_garbage(const char *path)
{
	write_private(path, "garbage", 7);
}

/* What a login answers then: what it was asked, or that it does not know. */
enum answer { KNOWS, KNOWS_NOT };

static const struct {
	const char *what;
	void (*put)(const char *path);
	enum answer in_file, in_temporary, in_folder;
} things[] = {
	{"FIFO", put_fifo, KNOWS, KNOWS, KNOWS_NOT},
	{"folder", put_folder, KNOWS_NOT, KNOWS_NOT, KNOWS},
	{"link", put_link, KNOWS, KNOWS, KNOWS_NOT},
	{"link to a folder", put_link_to_folder, KNOWS, KNOWS, KNOWS_NOT},
	{"device", put_device, KNOWS, KNOWS, KNOWS_NOT},
	{"socket", put_socket, KNOWS, KNOWS, KNOWS_NOT},
	{"garbage", put_garbage, KNOWS, KNOWS, KNOWS_NOT},
};

static void try_thing(struct bench *bench, const char *path, size_t thing, enum answer expected)
{
	char *command = text("rm -rf %s", path);
	int64_t since;

	assert_int_equal(system(command), 0);
	things[thing].put(path);
	alarm(SECONDS);
	since = login(bench, "jan", true, NOW + 5);
	all(bench);
	alarm(0);
	if (since != (expected == KNOWS ? NOW + 5 : UNKNOWN))
		fail_msg("a %s as %s: %lld", things[thing].what, path, (long long)since);
	/* Without it, all is well again. */
	assert_int_equal(system(command), 0);
	assert_int_not_equal(login(bench, "jan", true, NOW + 5), UNKNOWN);
	assert_int_equal(find(bench, "jan").count, 1);
	free(command);
}

static void nothing_in_the_place_of_a_file_or_folder_hurts(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		char *file, *temporary, *level[2], *slash;

		login(bench, "jan", true, NOW);
		file = only_file(bench);
		slash = strrchr(file, '/');
		temporary = text("%.*s/.%s", (int)(slash - file), file, slash + 1);
		level[1] = text("%.*s", (int)(slash - file), file);
		level[0] = text("%.*s", (int)(strrchr(level[1], '/') - level[1]), level[1]);
		try_thing(bench, file, i, things[i].in_file);
		/* The login has to write. */
		assert_int_equal(unlink(file), 0);
		try_thing(bench, temporary, i, things[i].in_temporary);
		try_thing(bench, level[1], i, things[i].in_folder);
		try_thing(bench, level[0], i, things[i].in_folder);
		/* What is in the folder's place is refused when it is opened, for find() too. */
		if (things[i].in_folder == KNOWS)
			try_thing(bench, bench->folder, i, KNOWS);
		else {
			char *aside = text("%s.aside", bench->folder);

			assert_int_equal(rename(bench->folder, aside), 0);
			things[i].put(bench->folder);
			alarm(SECONDS);
			assert_int_equal(login(bench, "jan", true, NOW + 5), UNKNOWN);
			assert_false(clear(bench, "jan", NOW + 5));
			alarm(0);
			assert_int_equal(unlink(bench->folder), 0);
			assert_int_equal(rename(aside, bench->folder), 0);
			free(aside);
		}
		assert_true(forget(bench, "jan"));
		free(level[0]);
		free(level[1]);
		free(temporary);
		free(file);
	}
}

/* A file that others may read, or a folder that they may enter, is not taken, and stays as it is.
 */
static void what_others_can_read_is_refused(void **state)
{
	static const mode_t modes[] = {0640, 0620, 0604, 0602, 0610, 0601};
	struct bench *bench = *state;
	struct stat status;
	char *file, *level;

	login(bench, "jan", true, NOW);
	file = only_file(bench);
	level = text("%.*s", (int)(strrchr(file, '/') - file), file);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const char *const paths[] = {file, level, bench->folder};

		for (size_t j = 0; j < sizeof(paths) / sizeof(paths[0]); j++) {
			const mode_t own = j ? 0700 : 0600;

			reports_start(&bench->reports);
			assert_int_equal(chmod(paths[j], own | modes[i]), 0);
			assert_int_equal(login(bench, "jan", true, NOW + 3 * DAY), UNKNOWN);
			was_reported(bench, "(chmod go=)");
			assert_int_equal(stat(paths[j], &status), 0);
			assert_int_equal(status.st_mode & 07777, own | modes[i]);
			assert_int_equal(chmod(paths[j], own), 0);
		}
	}
	if (geteuid() == 0) {
		assert_int_equal(chown(file, 65534, 65534), 0);
		assert_int_equal(login(bench, "jan", true, NOW + 3 * DAY), UNKNOWN);
		assert_int_equal(chown(file, 0, 0), 0);
		assert_int_equal(chown(bench->folder, 65534, 65534), 0);
		assert_int_equal(login(bench, "jan", true, NOW + 3 * DAY), UNKNOWN);
		assert_int_equal(chown(bench->folder, 0, 0), 0);
	}
	/* The folder around may be entered; it must not be written to. */
	assert_int_equal(chmod(bench->state, 0755), 0);
	assert_int_equal(login(bench, "jan", true, NOW + DAY), NOW);
	reports_start(&bench->reports);
	assert_int_equal(chmod(bench->state, 0775), 0);
	assert_int_equal(login(bench, "jan", true, NOW + 3 * DAY), UNKNOWN);
	was_reported(bench, "(chmod go-w)");
	assert_int_equal(chmod(bench->state, 0700), 0);
	assert_int_equal(login(bench, "jan", true, NOW + 3 * DAY), NOW);
	free(level);
	free(file);
}

static void damage_to_one_user_is_no_other_users(void **state)
{
	struct bench *bench = *state;
	struct copy copy;
	char name[32], *file;

	login(bench, "jan", true, NOW);
	file = only_file(bench);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		login(bench, name, i % 2, NOW);
	}
	assert_no_reports(bench);
	assert_int_equal(truncate(file, 20), 0);
	copy = all(bench);
	assert_int_equal(copy.count, 200);
	assert_int_equal(bench->reports.warnings, 1);
	was_reported(bench, "is left out: this is no record");
	/* A whole level of folders is gone: only its users are. */
	*strrchr(file, '/') = '\0';
	*strrchr(file, '/') = '\0';
	assert_int_equal(chmod(file, 0755), 0);
	reports_start(&bench->reports);
	assert_true(all(bench).count >= 180);
	assert_int_equal(bench->reports.warnings, 1);
	was_reported(bench, "(chmod go=)");
	free(file);
}

/* A temporary file stays while somebody may still write it. */
static void what_a_killed_login_leaves_goes_away(void **state)
{
	struct bench *bench = *state;
	char *file, *temporary, *slash;
	const struct timespec old[2] = {{.tv_sec = NOW}, {.tv_sec = NOW}};

	login(bench, "jan", true, NOW);
	file = only_file(bench);
	slash = strrchr(file, '/');
	temporary = text("%.*s/.%s", (int)(slash - file), file, slash + 1);
	write_private(temporary, "half of", 7);
	/* Another login seems to write at this moment: this one does not. */
	assert_int_equal(login(bench, "jan", true, NOW + DAY), NOW);
	assert_int_equal(find(bench, "jan").login.record.last_seen, NOW);
	assert_int_equal(all(bench).count, 1);
	assert_int_equal(access(temporary, F_OK), 0);
	assert_int_equal(utimensat(AT_FDCWD, temporary, old, 0), 0);
	assert_int_equal(login(bench, "jan", true, NOW + DAY), NOW);
	assert_int_equal(find(bench, "jan").login.record.last_seen, NOW + DAY);
	assert_int_equal(access(temporary, F_OK), -1);
	write_private(temporary, "half of", 7);
	assert_int_equal(utimensat(AT_FDCWD, temporary, old, 0), 0);
	assert_int_equal(all(bench).count, 1);
	assert_int_equal(access(temporary, F_OK), -1);
	assert_no_reports(bench);
	free(temporary);
	free(file);
}

/* ---- Limits and signals ---------------------------------------------------------------------- */

static volatile sig_atomic_t handled;

static void handle(int number)
{
	(void)number;
	handled++;
}

/*
 * Logs in under a limit, in a process of its own. Its handler of SIGXFSZ must not be called, and
 * nothing of its signals may change. Returns its exit status; 0: all well.
 */
static int login_under(struct bench *bench, int resource, rlim_t limit, void (*handler)(int),
	const char *user, int64_t since)
{
	const struct rlimit both = {limit, limit};
	struct sigaction after;
	sigset_t mask, pending;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		alarm(SECONDS);
		signal(SIGXFSZ, handler);
		setrlimit((__rlimit_resource_t)resource, &both);
		if (login(bench, user, true, NOW + DAY) != since)
			_exit(2);
		sigaction(SIGXFSZ, NULL, &after);
		pthread_sigmask(SIG_SETMASK, NULL, &mask);
		sigpending(&pending);
		if (handled || after.sa_handler != handler || sigismember(&mask, SIGXFSZ) ||
			sigismember(&mask, SIGPIPE) || sigismember(&pending, SIGXFSZ))
			_exit(3);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void a_limit_on_files_kills_nobody(void **state)
{
	static const rlim_t limits[] = {0, 1, 16, 64};
	static void (*const handlers[])(int) = {SIG_DFL, SIG_IGN, handle};
	struct bench *bench = *state;

	login(bench, "jan", true, NOW);
	login(bench, "piet", false, NOW);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		for (size_t j = 0; j < sizeof(handlers) / sizeof(handlers[0]); j++) {
			/* Weak before, so that is still known; weak from now on, which cannot be
			 * written down. */
			assert_int_equal(login_under(bench, RLIMIT_FSIZE, limits[i], handlers[j],
						 "jan", NOW),
				0);
			assert_int_equal(login_under(bench, RLIMIT_FSIZE, limits[i], handlers[j],
						 "piet", UNKNOWN),
				0);
			assert_int_equal(login_under(bench, RLIMIT_FSIZE, limits[i], handlers[j],
						 "marie", UNKNOWN),
				0);
		}
	/* No half of a file is left. */
	assert_int_equal(all(bench).count, 2);
	assert_no_reports(bench);
	/* One block is enough. */
	assert_int_equal(login_under(bench, RLIMIT_FSIZE, 512, SIG_DFL, "marie", NOW + DAY), 0);
	assert_int_equal(all(bench).count, 3);
}

static void a_signal_of_the_program_stays_pending(void **state)
{
	struct bench *bench = *state;
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit none = {0, 0};
		sigset_t set, pending;

		sigemptyset(&set);
		sigaddset(&set, SIGXFSZ);
		pthread_sigmask(SIG_BLOCK, &set, NULL);
		raise(SIGXFSZ);
		setrlimit(RLIMIT_FSIZE, &none);
		login(bench, "jan", true, NOW);
		sigpending(&pending);
		pthread_sigmask(SIG_SETMASK, NULL, &set);
		_exit(!sigismember(&pending, SIGXFSZ) || !sigismember(&set, SIGXFSZ));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void few_descriptors_are_no_harm(void **state)
{
	struct bench *bench = *state;

	login(bench, "jan", true, NOW);
	for (rlim_t files = 3; files < 9; files++) {
		const int status = login_under(bench, RLIMIT_NOFILE, files, SIG_DFL, "jan", NOW);

		/* It is known, or it is not. */
		assert_true(WIFEXITED(status) &&
			    (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 2));
	}
	assert_int_equal(login_under(bench, RLIMIT_NOFILE, 16, SIG_DFL, "jan", NOW), 0);
	assert_int_equal(all(bench).count, 1);
}

/* A report comes while a login has its folders open: none of them may be a standard descriptor. */
static void look_at_descriptors(void *context, enum a2a_level level, const char *report)
{
	(void)level;
	(void)report;
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			*(int *)context |= 1 << fd;
}

static void standard_descriptors_stay_closed(void **state)
{
	struct bench *bench = *state;
	char *file;

	login(bench, "jan", true, NOW);
	file = only_file(bench);
	for (int set = 1; set < 8; set++) {
		int status;
		pid_t child;

		write_private(file, "damaged", 7);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			int open_now = 0;
			const struct a2a_log log = {look_at_descriptors, &open_now};

			for (int fd = 0; fd < 3; fd++)
				if (set >> fd & 1)
					close(fd);
			if (login_by(bench->store, &log, "jan", POLICY, true, NOW) != NOW)
				_exit(1);
			look_at_descriptors(&open_now, A2A_WARNING, "");
			_exit(open_now & set ? 2 : open_now != (7 & ~set));
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	free(file);
}

/* Whatever the program's umask is, only its user can read the record. */
static void the_mode_is_ours_whatever_the_umask(void **state)
{
	static const mode_t masks[] = {0, 077, 0277, 0777};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		const mode_t before = umask(masks[i] & (geteuid() ? 077 : 0777));
		struct stat status;
		char *file;

		assert_int_equal(login(bench, "jan", true, NOW), NOW);
		umask(before);
		file = only_file(bench);
		assert_int_equal(stat(file, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0600);
		assert_int_equal(stat(bench->folder, &status), 0);
		assert_int_equal(status.st_mode & 077, 0);
		assert_true(forget(bench, "jan"));
		free(file);
	}
}

/* ---- The disk -------------------------------------------------------------------------------- */

/* On a file system of its own, which is full and then read-only; seen by this process alone. */
static int on_small_disk(struct bench *bench)
{
	int64_t since = 0;
	int filler;
	char name[32], *path;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mkdir(bench->state, 0700) ||
		mount("none", bench->state, "tmpfs", 0, "size=256k,mode=0700"))
		return 77;
	if (login(bench, "jan", true, NOW) != NOW || login(bench, "piet", false, NOW) != NOW)
		return 1;
	path = text("%s/filler", bench->state);
	filler = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	free(path);
	while (write(filler, bench->reports.text, 1024) > 0)
		;
	close(filler);
	for (int i = 0; i < 2000 && since != UNKNOWN; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		since = login(bench, name, true, NOW + i);
	}
	if (since != UNKNOWN || !bench->reports.warnings)
		return 2;
	/* What was known is known. */
	if (login(bench, "jan", true, NOW + DAY) != NOW)
		return 3;
	if (login(bench, "piet", true, NOW + DAY) != UNKNOWN)
		return 4;
	/* Nothing was damaged. */
	reports_start(&bench->reports);
	all(bench);
	if (*bench->reports.text)
		return 5;
	if (mount(NULL, bench->state, NULL, MS_REMOUNT | MS_RDONLY, NULL))
		return 77;
	if (login(bench, "jan", true, NOW + DAY) != NOW)
		return 6;
	return login(bench, "marie", true, NOW) == UNKNOWN && bench->reports.warnings ? 0 : 7;
}

static void a_full_disk_and_a_read_only_one_are_reported_and_left(void **state)
{
	pid_t child;
	int status;

	if (geteuid() != 0) {
		print_message("not root: no file system can be mounted\n");
		skip();
	}
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(60);
		_exit(on_small_disk(*state));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("no file system can be mounted here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- Many at once ---------------------------------------------------------------------------- */

static void forty_processes_lose_nothing(void **state)
{
	enum { PROCESSES = 40, LOGINS = 50 };
	struct bench *bench = *state;
	char name[32];
	int status;

	/* The folder is not there yet: all of them make it. */
	for (int i = 0; i < PROCESSES; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child)
			continue;
		for (int j = 0; j < LOGINS; j++) {
			snprintf(name, sizeof(name), "user%d", i * LOGINS + j);
			if (login(bench, name, true, NOW) != NOW ||
				login(bench, "everybody", true, NOW) != NOW)
				_exit(1);
		}
		_exit(*bench->reports.text ? 2 : 0);
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(all(bench).count, PROCESSES * LOGINS + 1);
	assert_int_equal(find(bench, "everybody").count, 1);
	assert_no_reports(bench);
}

enum { THREADS = 16, LOGINS_OF_THREAD = 60 };

struct worker {
	pthread_t thread;
	struct bench *bench;
	int number, wrong;
};

static void *work(void *context)
{
	struct worker *worker = context;
	const struct a2a_log nobody = {0};
	char name[32];

	for (int i = 0; i < LOGINS_OF_THREAD; i++) {
		snprintf(name, sizeof(name), "user%d", worker->number * LOGINS_OF_THREAD + i);
		worker->wrong +=
			login_by(worker->bench->store, &nobody, name, POLICY, true, NOW) != NOW;
		/* By turns weak and good, all at once. */
		worker->wrong += login_by(worker->bench->store, &nobody, "everybody", POLICY, i % 2,
					 NOW) != NOW;
	}
	return NULL;
}

static void sixteen_threads_lose_nothing(void **state)
{
	struct worker workers[THREADS];

	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){.bench = *state, .number = i};
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
		assert_int_equal(workers[i].wrong, 0);
	}
	assert_int_equal(all(*state).count, THREADS * LOGINS_OF_THREAD + 1);
	assert_no_reports(*state);
}

static void a_login_that_is_killed_damages_nothing(void **state)
{
	struct bench *bench = *state;

	login(bench, "first", true, NOW);
	for (int i = 0; i < 60; i++) {
		const struct timespec a_while = {.tv_nsec = 500000 + 100000 * i};
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0)
			for (int64_t j = 0;; j++)
				login(bench, "jan", j % 2, NOW + j * DAY);
		nanosleep(&a_while, NULL);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(login(bench, "first", true, NOW), NOW);
		assert_in_range(all(bench).count, 1, 2);
	}
	assert_no_reports(bench);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_login_is_recorded),
		TEST(it_is_written_once_a_day_or_when_the_result_changes),
		TEST(forty_days_are_kept),
		TEST(a_change_clears_the_weak_alone),
		TEST(no_name_leaves_the_folder),
		TEST(a_long_name_has_a_file_too),
		TEST(nothing_of_a_forgotten_user_is_left),
		TEST(stamps_are_kept),
		TEST(a_record_is_added_once),
		TEST(a_file_that_is_cut_is_begun_anew),
		TEST(a_file_with_another_byte_is_a_record_or_none),
		TEST(what_is_no_record_is_begun_anew),
		TEST(a_large_file_is_begun_anew),
		TEST(nothing_in_the_place_of_a_file_or_folder_hurts),
		TEST(what_others_can_read_is_refused),
		TEST(damage_to_one_user_is_no_other_users),
		TEST(what_a_killed_login_leaves_goes_away),
		TEST(a_limit_on_files_kills_nobody),
		TEST(a_signal_of_the_program_stays_pending),
		TEST(few_descriptors_are_no_harm),
		TEST(standard_descriptors_stay_closed),
		TEST(the_mode_is_ours_whatever_the_umask),
		TEST(a_full_disk_and_a_read_only_one_are_reported_and_left),
		TEST(forty_processes_lose_nothing),
		TEST(sixteen_threads_lose_nothing),
		TEST(a_login_that_is_killed_damages_nothing),
	};

	umask(022);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
