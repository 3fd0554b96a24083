/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tests the run that issues passwords, with the test's own store of passwords: the order of its
 * steps, and the state that it leaves when it ends at any of them. issue_kill.sh and issue_fail.sh
 * test the same with the command, the real pam_unix and more system calls.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

enum { USERS = 2, STOPPED = 99, MOST_STEPS = 500 };

static char *users[USERS + 1] = {(char[]){"one"}, (char[]){"two"}, NULL};

/* ---- Steps ----------------------------------------------------------------------------------- */

/* Every action of a run on the disk or on an account is a step, and leaves a line in the trace. */
static struct {
	char trace[1 << 16];
	unsigned count;
	unsigned stop_at;        /* the process ends before this step; 0: never */
	unsigned fail_at;        /* this step fails; 0: none fails */
	bool fail_on;            /* and all later steps fail */
	const char *stop_behind; /* the process ends before the step after this line; NULL: never */
} steps;

/* Removes the id from a name, because it is different each time. */
static void hide_id(char *name)
{
	char *at = strstr(name, ".new.");

	if (at && at - name > 17)
		memmove(at - 17, at, strlen(at) + 1);
}

/* Tells whether the last step so far left this line. */
static bool is_behind(const char *line)
{
	const size_t length = line ? strlen(line) : 0, traced = strlen(steps.trace);

	return line && traced >= length && strcmp(steps.trace + traced - length, line) == 0;
}

/* Records a step. Returns false when it is to fail. */
static bool step(const char *what, const char *name)
{
	const size_t length = strlen(steps.trace);
	char copy[256];

	steps.count++;
	if (steps.count == steps.stop_at || is_behind(steps.stop_behind))
		_exit(STOPPED);
	snprintf(copy, sizeof(copy), "%s", name);
	hide_id(copy);
	snprintf(steps.trace + length, sizeof(steps.trace) - length, "%s %s\n", what, copy);
	if (!steps.fail_at || steps.count < steps.fail_at ||
		(steps.count > steps.fail_at && !steps.fail_on))
		return true;
	errno = EIO;
	return false;
}

static bool file_step(const char *what, int fd)
{
	char link[64], name[512];
	const char *slash;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, name, sizeof(name) - 1);
	name[length > 0 ? length : 0] = '\0';
	slash = strrchr(name, '/');
	return step(what, slash ? slash + 1 : name);
}

static void no_steps(void)
{
	memset(&steps, 0, sizeof(steps));
}

int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
ssize_t __real_pwrite64(int fd, const void *bytes, size_t length, off_t place);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t length, off_t place);
int __real_ftruncate64(int fd, off_t length);
int __wrap_ftruncate64(int fd, off_t length);
int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __real_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags);

/* The system goes on, so nothing has to reach the disk. */
int __wrap_fsync(int fd)
{
	return file_step("sync", fd) ? 0 : -1;
}

int __wrap_fdatasync(int fd)
{
	return file_step("sync", fd) ? 0 : -1;
}

ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t length, off_t place)
{
	return file_step("write", fd) ? __real_pwrite64(fd, bytes, length, place) : -1;
}

int __wrap_ftruncate64(int fd, off_t length)
{
	return file_step("cut", fd) ? __real_ftruncate64(fd, length) : -1;
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
	return step("name", new) ? __real_renameat(from, old, to, new) : -1;
}

int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	return step("name", new) ? __real_renameat2(from, old, to, new, flags) : -1;
}

/* ---- A store of passwords -------------------------------------------------------------------- */

static const char old_password[] = "old";

/* The store is shared with the processes that end early. */
static struct store {
	char password[USERS][64];
	bool is_locked[USERS];
} * store;

/* The fault of one account; NULL: all passwords are set. */
static struct {
	const char *user;
	enum a2a_set set;
	bool cannot_lock;
} special;

static size_t find_user(const char *user)
{
	size_t i = 0;

	while (i < USERS && strcmp(users[i], user) != 0)
		i++;
	return i;
}

static bool is_special(const char *user)
{
	return special.user && strcmp(special.user, user) == 0;
}

static char *store_name(void *context, const char *user, const char *domain)
{
	(void)context;
	(void)domain;
	return strdup(user);
}

static bool store_find(void *context, const char *user, struct a2a_account *account, char **problem,
	const struct a2a_log *log)
{
	(void)context;
	(void)log;
	*account = (struct a2a_account){
		.name = strdup(user),
		.uid = 1000,
		.full_name = strdup("Marie Delvaux"),
		.names = {strdup("Marie Delvaux,,,")},
		.count = 1,
	};
	*problem = find_user(user) < USERS ? NULL : strdup("there is no such user");
	return true;
}

static bool store_lock(void *context, const char *user, const struct a2a_log *log)
{
	(void)context;
	if (!step("lock", user) || (is_special(user) && special.cannot_lock))
		return a2a_fault(log, user, "cannot be locked");
	store->is_locked[find_user(user)] = true;
	return true;
}

static void store_unlock(void *context, const char *user)
{
	(void)context;
	step("unlock", user);
	store->is_locked[find_user(user)] = false;
}

static enum a2a_set store_set(
	void *context, const char *user, const struct secret *password, char **why)
{
	const size_t i = find_user(user);

	(void)context;
	assert_true(store->is_locked[i]);
	if (!step("set", user) || (is_special(user) && special.set == A2A_NOT_SET)) {
		*why = strdup("its password is as it was");
		return A2A_NOT_SET;
	}
	if (is_special(user) && special.set == A2A_SET_AWAY) {
		*why = strdup("the server is away");
		return A2A_SET_AWAY;
	}
	assert_true(password->length < sizeof(store->password[i]));
	memcpy(store->password[i], password->bytes, password->length + 1);
	if (is_special(user) && special.set == A2A_SET_UNKNOWN) {
		*why = strdup("the connection was lost");
		return A2A_SET_UNKNOWN;
	}
	if (step("was set", user) && !(is_special(user) && special.set == A2A_SET_ONLY))
		return A2A_SET;
	*why = strdup("a module failed behind that");
	return A2A_SET_ONLY;
}

static const struct a2a_setter setter = {.name = store_name,
	.find = store_find,
	.lock = store_lock,
	.unlock = store_unlock,
	.set = store_set};

/* ---- The stage ------------------------------------------------------------------------------- */

static struct a2a_policy *policy;

/* The folder of a test, and what is in it. */
static char *folder, *sheets, *shipped, *out, *table, *list;

static char *below(const char *above, const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", above, name) > 0);
	return path;
}

static void write_text(const char *above, const char *name, const char *text)
{
	char *path = below(above, name);

	write_file(path, text, strlen(text));
	free(path);
}

static int open_stage(void **state)
{
	static const char *const set[] = {"dictcheck=no", "second_opinion=no", NULL};
	static const char *const templates[] = {
		"sheet.fr.md", "sheet.nl.md", "sheet.de.md", "sheet.en.md"};

	(void)state;
	policy = tree_policy(set);
	folder = new_folder();
	sheets = below(folder, "sheets");
	shipped = in_build("sheets");
	out = below(folder, "out");
	table = below(folder, "out/table.csv");
	list = below(folder, "list.csv");
	assert_int_equal(mkdir(sheets, 0755), 0);
	write_text(sheets, "sheets.conf", "server = mail.example.org\n");
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
		write_text(sheets, templates[i],
			"# Account\n\nuser:\n\n    {{user}}\n\npassword:\n\n    {{password}}\n");
	store = mmap(
		NULL, sizeof(*store), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(store != MAP_FAILED);
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	a2a_policy_close(policy);
	munmap(store, sizeof(*store));
	free(sheets);
	free(shipped);
	free(out);
	free(table);
	free(list);
	remove_folder(folder);
	return 0;
}

/* Everybody has the old password, and nothing was issued. */
static int set_the_stage(void **state)
{
	(void)state;
	memset(store, 0, sizeof(*store));
	memset(&special, 0, sizeof(special));
	no_steps();
	for (size_t i = 0; i < USERS; i++)
		strcpy(store->password[i], old_password);
	remove_folder(strdup(out));
	assert_int_equal(mkdir(out, 0700), 0);
	write_text(folder, "list.csv", "user,language\none,fr\ntwo,nl\n");
	return 0;
}

/* ---- A run ----------------------------------------------------------------------------------- */

/* The events of a run, one on each line, and how it ended. */
static struct {
	struct reports reports;
	char text[1 << 14];
	unsigned stop_after; /* accounts; 0: is_stopped() always returns false */
	size_t accounts;
	bool is_opened;
	struct a2a_run_result result;
	char doubtful_user[64]; /* copies of the result's texts, which are gone after the run */
	bool has_errors;
} told;

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	const size_t length = strlen(told.text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(told.text + length, sizeof(told.text) - length, format, arguments);
	va_end(arguments);
}

static void mended(void *context, size_t files)
{
	(void)context;
	tell("mended %zu\n", files);
}

static void columns(void *context, const char *what, const char *headings)
{
	(void)context;
	assert_true(*what && *headings);
}

static void refused(void *context, unsigned long line, const char *user, const char *problem)
{
	(void)context;
	tell("refused %lu %s: %s\n", line, user, problem);
}

static void issued(void *context, const char *user)
{
	(void)context;
	tell("issued %s\n", user);
}

static void partly_set(void *context, const char *user, const char *why)
{
	(void)context;
	tell("partly set %s: %s\n", user, why);
}

static void resolved(void *context, const char *user)
{
	(void)context;
	tell("resolved %s\n", user);
}

static bool handed_over(void *context, const char *user, const struct secret *password,
	const char *language, const char *hash)
{
	(void)context;
	(void)password;
	(void)language;
	if (hash)
		tell("hash %s\n", user);
	return true;
}

static void progress(void *context, double share, size_t accounts)
{
	(void)context;
	assert_true(share >= 0 && share <= 1);
	told.accounts = accounts;
}

static bool is_stopped(void *context)
{
	(void)context;
	return told.stop_after && told.accounts >= told.stop_after;
}

static const struct a2a_run_events events = {NULL, mended, columns, refused, issued, partly_set,
	resolved, handed_over, progress, is_stopped};

enum { SHEETS = 1, TABLE = 2, HASHES = 4 };

static struct a2a_run_request request_of(unsigned ways)
{
	return (struct a2a_run_request){
		.list = list,
		.language = "en",
		.folder = ways & SHEETS ? out : NULL,
		.table = ways & TABLE ? table : NULL,
		.outputs = ways & SHEETS ? 1u << A2A_OUTPUT_TEXT : 0,
		.sheets = sheets,
		.shipped_sheets = shipped,
		.policy = policy,
		.setter = ways & HASHES ? NULL : &setter,
		.scheme = HASH_SHA512,
		.jobs = 1,
	};
}

static void run_request(const struct a2a_run_request *request)
{
	struct a2a_run *run;

	memset(told.text, 0, sizeof(told.text));
	reports_start(&told.reports);
	told.accounts = 0;
	told.result = (struct a2a_run_result){0};
	told.doubtful_user[0] = '\0';
	run = a2a_run_open(request, &events, &told.reports.log);
	told.is_opened = run;
	if (!run)
		return;
	a2a_run_go(run, &told.result);
	told.has_errors = told.result.errors;
	if (told.result.doubtful_user)
		snprintf(told.doubtful_user, sizeof(told.doubtful_user), "%s",
			told.result.doubtful_user);
	a2a_run_close(run);
}

static void run(unsigned ways)
{
	const struct a2a_run_request request = request_of(ways);

	run_request(&request);
}

/* Makes a run without faults, to the end of the list. */
static void run_to_the_end(const struct a2a_run_request *request, size_t count)
{
	run_request(request);
	if (told.reports.faults || !told.result.is_complete)
		fail_msg("%s%s", told.reports.text, told.text);
	assert_int_equal(told.result.issued, count);
}

/* Runs in a process that ends before step `at`, or after the step of the line `behind`. Returns
 * whether it did so. */
static bool run_and_stop(const struct a2a_run_request *request, unsigned at, const char *behind)
{
	int status = 0;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		no_steps();
		steps.stop_at = at;
		steps.stop_behind = behind;
		run_request(request);
		_exit(told.result.is_complete ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) && WEXITSTATUS(status) != STOPPED))
		fail_msg("before step %u: the child's status is %x", at, status);
	return WEXITSTATUS(status) == STOPPED;
}

/* ---- The files ------------------------------------------------------------------------------- */

static char *read_out(const char *name)
{
	char *path = below(out, name);
	char *text = NULL;
	size_t size;

	if (access(path, F_OK) == 0) {
		unsigned char *bytes = read_file(path, &size);

		text = strndup((char *)bytes, size);
		free(bytes);
	}
	free(path);
	return text;
}

static bool is_there(const char *name)
{
	char *path = below(out, name);
	const bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

/* Tells whether the file has the account's password between these texts. */
static bool opens(const char *name, size_t user, const char *before, const char *after)
{
	char *text = read_out(name), *wanted = NULL;
	bool found;

	assert_true(asprintf(&wanted, "%s%s%s", before, store->password[user], after) > 0);
	found = text && strstr(text, wanted);
	free(wanted);
	free(text);
	return found;
}

static bool sheet_opens(const char *name, size_t user)
{
	return opens(name, user, "  ", "\n");
}

static bool row_opens(const char *name, size_t user)
{
	return opens(name, user, user == 0 ? "\"one\",\"fr\",\"" : "\"two\",\"nl\",\"", "\"\r\n");
}

/* Returns the number of hidden sheets of the user; `*found` becomes true if one of them opens the
 * account. */
static size_t count_hidden(size_t user, bool *found)
{
	DIR *directory = opendir(out);
	char start[16];
	const struct dirent *file;
	size_t count = 0;

	*found = false;
	snprintf(start, sizeof(start), ".%s.", users[user]);
	while (directory && (file = readdir(directory)))
		if (strncmp(file->d_name, start, strlen(start)) == 0 &&
			strstr(file->d_name, ".new.txt")) {
			count++;
			*found = *found || sheet_opens(file->d_name, user);
		}
	if (directory)
		closedir(directory);
	return count;
}

static bool has_old(size_t user)
{
	return strcmp(store->password[user], old_password) == 0;
}

/* Checks the state whenever a run ends. Either an account has the old password and no sheet; or it
 * has the new one, which is on the sheet, on a hidden sheet, or in a row. */
static void check_between(unsigned ways, const char *when, unsigned at)
{
	for (size_t i = 0; i < USERS && ways & SHEETS; i++) {
		const char *name = i == 0 ? "one.txt" : "two.txt";
		bool hidden_opens;

		count_hidden(i, &hidden_opens);
		if (has_old(i) ? is_there(name)
			       : !(is_there(name) ? sheet_opens(name, i) : hidden_opens))
			fail_msg("%s step %u: the sheet of %s", when, at, users[i]);
	}
	for (size_t i = 0; i < USERS && ways & TABLE; i++)
		if (!has_old(i) && !row_opens("table.csv", i) && !row_opens(".table.csv.part", i))
			fail_msg("%s step %u: the row of %s", when, at, users[i]);
}

static void check_after(unsigned ways, const char *when, unsigned at)
{
	for (size_t i = 0; i < USERS; i++) {
		bool hidden_opens;

		if (has_old(i))
			fail_msg("%s step %u: %s has the old password", when, at, users[i]);
		if (ways & SHEETS && (count_hidden(i, &hidden_opens) ||
					     !sheet_opens(i == 0 ? "one.txt" : "two.txt", i)))
			fail_msg("%s step %u: the sheet of %s, resumed", when, at, users[i]);
		if (ways & TABLE && !row_opens("table.csv", i) && !row_opens("first.csv", i))
			fail_msg("%s step %u: the row of %s, resumed", when, at, users[i]);
	}
	assert_false(is_there(".table.csv.part"));
}

/* ---- The order of the steps ------------------------------------------------------------------ */

/* These are the steps from the lock of an account to its unlock. */
static void an_account_goes_through_its_steps_in_order(void **state)
{
	static const char wanted[] = "lock two\n"
				     "write .two.new.txt\n"
				     "write .table.csv.part\n"
				     "sync .two.new.txt\n"
				     "sync out\n"
				     "sync .table.csv.part\n"
				     "set two\n"
				     "was set two\n"
				     "write .all2all-issue.journal\n"
				     "sync .all2all-issue.journal\n"
				     "name two.txt\n"
				     "unlock two\n";
	char *start;

	(void)state;
	run(SHEETS | TABLE);
	assert_true(told.result.is_complete);
	start = strstr(steps.trace, "lock two");
	assert_non_null(start);
	start[strnlen(start, sizeof(wanted) - 1)] = '\0';
	assert_string_equal(start, wanted);
	assert_string_equal(told.text, "issued one\nissued two\n");
}

/* Hashes of several accounts go to the disk together: all files before any line of the journal. */
static void hashes_are_synced_before_the_journal_knows(void **state)
{
	const char *start, *sync, *journal;

	(void)state;
	run(SHEETS | HASHES);
	assert_true(told.result.is_complete);
	start = strstr(steps.trace, "write .one.new.txt\n");
	assert_non_null(start);
	sync = strstr(start, "sync .one.new.txt\n");
	assert_non_null(sync);
	sync = strstr(sync, "sync out\n");
	journal = strstr(start, "write .all2all-issue.journal\n");
	assert_true(sync && journal && sync < journal);
	assert_non_null(strstr(journal, "sync .all2all-issue.journal\nname one.txt\n"));
	assert_string_equal(told.text, "hash one\nhash two\n");
}

/* ---- A run that ends at any step ------------------------------------------------------------- */

static const unsigned all_ways[] = {SHEETS, TABLE, SHEETS | TABLE};

/* The process ends: no password is lost, and the same request resumes. */
static void a_run_stopped_before_any_step_is_resumed(void **state)
{
	for (size_t i = 0; i < sizeof(all_ways) / sizeof(all_ways[0]); i++) {
		const unsigned ways = all_ways[i];
		const struct a2a_run_request request = request_of(ways);
		unsigned at = 0;

		do {
			set_the_stage(state);
			if (!run_and_stop(&request, ++at, NULL))
				break;
			check_between(ways, "stopped before", at);
			no_steps();
			run(ways);
			if (told.reports.faults || !told.result.is_complete)
				fail_msg("stopped before step %u: %s", at, told.reports.text);
			check_after(ways, "stopped before", at);
		} while (at < MOST_STEPS);
		assert_in_range(at, 20, MOST_STEPS - 1);
	}
}

/* Here the step fails in the run itself: the run reports this, or continues as if nothing had
 * happened. */
static void check_failures(unsigned ways, bool fail_on)
{
	unsigned at = 0;

	do {
		char *first;

		set_the_stage(NULL);
		steps.fail_at = ++at;
		steps.fail_on = fail_on;
		run(ways);
		if (steps.count < at)
			break;
		no_steps();
		check_between(ways, "failed at", at);
		if (told.result.is_complete && !told.result.refused)
			check_after(ways, "failed harmlessly at", at);
		else
			assert_true(told.reports.faults || told.result.refused);
		/* The table is complete without an account, which goes into another table. */
		first = below(out, "first.csv");
		if (told.result.is_complete && told.result.refused && ways & TABLE)
			assert_int_equal(rename(table, first), 0);
		free(first);
		run(ways);
		if (told.reports.faults || !told.result.is_complete)
			fail_msg("failed at step %u: %s", at, told.reports.text);
		check_after(ways, "failed at", at);
	} while (at < MOST_STEPS);
	assert_in_range(at, 20, MOST_STEPS - 1);
}

static void a_run_that_fails_at_any_step_is_resumed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(all_ways) / sizeof(all_ways[0]); i++) {
		check_failures(all_ways[i], false);
		check_failures(all_ways[i], true);
	}
}

/* ---- Accounts -------------------------------------------------------------------------------- */

static void an_account_that_is_not_set_comes_back(void **state)
{
	char *errors;
	bool found;

	(void)state;
	special.user = "one";
	special.set = A2A_NOT_SET;
	run(SHEETS | TABLE);
	assert_true(told.result.is_complete && told.has_errors);
	assert_int_equal(told.result.refused, 1);
	assert_int_equal(told.result.issued, 1);
	assert_true(has_old(0));
	assert_false(is_there("one.txt"));
	assert_int_equal(count_hidden(0, &found), 0);
	errors = read_out("errors.csv");
	assert_string_equal(errors, "\"error\",\"user\",\"language\"\r\n"
				    "\"its password is as it was\",\"one\",\"fr\"\r\n");
	free(errors);
	assert_true(row_opens("table.csv", 1));
	assert_false(opens("table.csv", 0, "\"one\"", ""));
}

static void an_account_that_is_partly_set_is_issued(void **state)
{
	(void)state;
	special.user = "two";
	special.set = A2A_SET_ONLY;
	run(SHEETS);
	assert_true(told.result.is_complete && told.result.is_partly_set);
	assert_int_equal(told.result.issued, 2);
	assert_true(sheet_opens("two.txt", 1));
	assert_non_null(strstr(told.text, "partly set two: a module failed behind that\n"));
}

/* The sheet stays, hidden, for the password on it may be the account's; the next run ends the
 * doubt.
 */
static void an_account_of_which_nobody_can_tell_ends_the_run(void **state)
{
	const struct a2a_run_request request = request_of(SHEETS | TABLE);
	bool found;

	(void)state;
	special.user = "two";
	special.set = A2A_SET_UNKNOWN;
	run_request(&request);
	assert_false(told.result.is_complete);
	assert_non_null(strstr(told.reports.text, "nobody can tell whether its password is set"));
	assert_int_equal(told.result.issued, 1);
	assert_false(is_there("two.txt"));
	assert_int_equal(count_hidden(1, &found), 1);
	check_between(SHEETS | TABLE, "nobody can tell", 0);
	special.user = NULL;
	run_to_the_end(&request, 1);
	assert_non_null(strstr(told.text, "two"));
	check_after(SHEETS | TABLE, "resumed", 0);
}

/* Else the rest of the list would come back, and a table be complete without it. */
static void a_server_that_is_away_ends_the_run(void **state)
{
	const struct a2a_run_request request = request_of(SHEETS | TABLE);
	bool found;

	(void)state;
	special.user = "two";
	special.set = A2A_SET_AWAY;
	run_request(&request);
	assert_false(told.result.is_complete);
	assert_int_equal(told.result.refused, 0);
	assert_non_null(strstr(told.reports.text, "two: the server is away"));
	assert_true(has_old(1));
	assert_int_equal(count_hidden(1, &found), 0);
	assert_false(is_there("table.csv"));
	special.user = NULL;
	run_to_the_end(&request, 1);
	check_after(SHEETS | TABLE, "resumed", 0);
}

static void a_lock_that_cannot_be_had_ends_the_run(void **state)
{
	const struct a2a_run_request request = request_of(SHEETS);

	(void)state;
	special.user = "two";
	special.cannot_lock = true;
	run_request(&request);
	assert_false(told.result.is_complete);
	assert_int_equal(told.result.issued, 1);
	assert_true(has_old(1));
	special.user = NULL;
	run_to_the_end(&request, 1);
	check_after(SHEETS, "resumed", 0);
}

/* The run is asked between two accounts. */
static void a_run_that_is_asked_to_end_is_resumed(void **state)
{
	const struct a2a_run_request request = request_of(SHEETS | TABLE);

	(void)state;
	told.stop_after = 1;
	run_request(&request);
	told.stop_after = 0;
	assert_true(told.result.is_stopped);
	assert_false(told.result.is_complete);
	assert_int_equal(told.result.issued, 1);
	assert_true(is_there("one.txt") && is_there(".table.csv.part"));
	assert_false(is_there("table.csv"));
	run_to_the_end(&request, 1);
	assert_int_equal(told.result.before, 1);
	check_after(SHEETS | TABLE, "resumed", 0);
}

/* Nobody gets a password from a file that may not be a list. */
static void a_list_that_cannot_be_read_on_ends_the_run(void **state)
{
	const struct a2a_run_request request = request_of(SHEETS | TABLE);
	const size_t size = 2u << 20;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, ',', size - 1);
	memcpy(text, "user,language\none,fr\ntwo,nl\n", 28);
	text[size - 1] = '\0';
	write_text(folder, "list.csv", text);
	free(text);
	run_request(&request);
	assert_false(told.result.is_complete);
	assert_int_equal(told.reports.faults, 1);
	assert_non_null(strstr(told.reports.text, "list.csv:4: a row of more than 1 MB"));
	check_between(SHEETS | TABLE, "not read on", 0);
	write_text(folder, "list.csv", "user,language\none,fr\ntwo,nl\n");
	run_request(&request);
	if (!told.result.is_complete)
		fail_msg("%s", told.reports.text);
	check_after(SHEETS | TABLE, "resumed", 0);
}

static void duplicates_and_strangers_come_back(void **state)
{
	const struct a2a_run_request request = request_of(TABLE | HASHES);
	char *errors;

	(void)state;
	write_text(folder, "list.csv",
		"user,language\none,fr\nOne,nl\nus er,fr\ntwo,xx\ntwo,nl,x\nthree,de\n");
	run_to_the_end(&request, 2);
	assert_int_equal(told.result.refused, 4);
	errors = read_out("table.errors.csv");
	assert_non_null(errors);
	assert_non_null(strstr(errors, "\"the user name is there twice\",\"One\""));
	assert_non_null(strstr(errors, "blanks"));
	assert_non_null(strstr(errors, "in the language \"\"xx\"\": fr nl de en\",\"two\""));
	assert_non_null(strstr(errors, "there are 3 cells"));
	free(errors);
}

static void users_without_a_list_are_told_of(void **state)
{
	char *const named[] = {users[0], (char[]){"nobody"}, (char[]){"\033[31m"}};
	struct a2a_run_request request = request_of(SHEETS);

	(void)state;
	request.list = NULL;
	request.users = named;
	request.user_count = 3;
	run_to_the_end(&request, 1);
	assert_string_equal(told.text, "issued one\n"
				       "refused 0 nobody: there is no such user\n"
				       "refused 0 ?: the user name is no plain text\n");
	assert_true(sheet_opens("one.txt", 0));
}

/* ---- After an earlier run -------------------------------------------------------------------- */

static void a_list_is_issued_once_and_again(void **state)
{
	struct a2a_run_request request = request_of(SHEETS);
	char first[64];

	(void)state;
	run_to_the_end(&request, 2);
	strcpy(first, store->password[0]);
	run_to_the_end(&request, 0);
	assert_int_equal(told.result.before, 2);
	assert_string_equal(store->password[0], first);
	request.again = true;
	run_to_the_end(&request, 2);
	assert_string_not_equal(store->password[0], first);
	check_after(SHEETS, "again", 0);
}

static void a_table_that_was_begun_is_completed_first(void **state)
{
	struct a2a_run_request request = request_of(TABLE);
	char *other = below(out, "other.csv");

	(void)state;
	told.stop_after = 1;
	run_request(&request);
	told.stop_after = 0;
	request.again = true;
	run_request(&request);
	assert_false(told.is_opened);
	assert_non_null(strstr(told.reports.text, "the same command without --again does"));
	request.again = false;
	write_text(folder, "list.csv", "user,language,more\none,fr,x\ntwo,nl,y\n");
	run_request(&request);
	assert_false(told.is_opened);
	assert_non_null(strstr(told.reports.text, "wrote other columns"));
	write_text(folder, "list.csv", "user,language\none,fr\ntwo,nl\n");
	run_to_the_end(&request, 1);
	check_after(TABLE, "completed", 0);
	free(other);
}

/* The password is set, but the journal does not say so. */
static const char was_set[] = "was set one\n";

static void a_doubtful_account_gets_another_password(void **state)
{
	for (size_t i = 0; i < sizeof(all_ways) / sizeof(all_ways[0]); i++) {
		const struct a2a_run_request request = request_of(all_ways[i]);
		char lost[64];

		set_the_stage(state);
		assert_true(run_and_stop(&request, 0, was_set));
		assert_false(has_old(0));
		strcpy(lost, store->password[0]);
		no_steps();
		run_to_the_end(&request, 2);
		assert_string_not_equal(store->password[0], lost);
		assert_non_null(strstr(told.text, "resolved one\n"));
		assert_null(strstr(told.text, "resolved two\n"));
		assert_int_equal(told.result.doubtful, 0);
		assert_string_equal(told.doubtful_user, "");
		check_after(all_ways[i], "resolved", 0);
	}
}

/* The account is no longer in the list: it stays in doubt, and the result says so. */
static void a_doubtful_account_is_not_forgotten(void **state)
{
	for (size_t i = 0; i < sizeof(all_ways) / sizeof(all_ways[0]); i++) {
		const struct a2a_run_request request = request_of(all_ways[i]);

		set_the_stage(state);
		assert_true(run_and_stop(&request, 0, was_set));
		no_steps();
		write_text(folder, "list.csv", "user,language\ntwo,nl\n");
		run_to_the_end(&request, 1);
		assert_int_equal(told.result.doubtful, all_ways[i] & SHEETS ? 1 : 0);
		assert_string_equal(told.doubtful_user, all_ways[i] & TABLE ? "one" : "");
	}
}

/* The journal has the former password; the password that was set after it is on a hidden sheet. */
static void a_doubtful_account_with_a_former_password_gets_another(void **state)
{
	const struct a2a_run_request all = request_of(SHEETS);
	struct a2a_run_request named = all;

	(void)state;
	named.list = NULL;
	named.users = users;
	named.user_count = 1;
	run_to_the_end(&all, 2);
	assert_true(run_and_stop(&named, 0, was_set));
	no_steps();
	run_to_the_end(&all, 1);
	assert_int_equal(told.result.before, 1);
	assert_string_equal(told.text, "issued one\nresolved one\n");
	check_after(SHEETS, "resolved", 0);
}

static void a_dry_run_leaves_nothing(void **state)
{
	struct a2a_run_request request = request_of(SHEETS | TABLE);

	(void)state;
	assert_int_equal(rmdir(out), 0);
	request.dry_run = true;
	run_to_the_end(&request, 2);
	assert_string_equal(steps.trace, "");
	assert_string_equal(told.text, "");
	assert_int_equal(access(out, F_OK), -1);
	assert_true(has_old(0) && has_old(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_account_goes_through_its_steps_in_order, set_the_stage),
		cmocka_unit_test_setup(hashes_are_synced_before_the_journal_knows, set_the_stage),
		cmocka_unit_test_setup(a_run_stopped_before_any_step_is_resumed, set_the_stage),
		cmocka_unit_test_setup(a_run_that_fails_at_any_step_is_resumed, set_the_stage),
		cmocka_unit_test_setup(an_account_that_is_not_set_comes_back, set_the_stage),
		cmocka_unit_test_setup(an_account_that_is_partly_set_is_issued, set_the_stage),
		cmocka_unit_test_setup(
			an_account_of_which_nobody_can_tell_ends_the_run, set_the_stage),
		cmocka_unit_test_setup(a_server_that_is_away_ends_the_run, set_the_stage),
		cmocka_unit_test_setup(a_lock_that_cannot_be_had_ends_the_run, set_the_stage),
		cmocka_unit_test_setup(a_run_that_is_asked_to_end_is_resumed, set_the_stage),
		cmocka_unit_test_setup(a_list_that_cannot_be_read_on_ends_the_run, set_the_stage),
		cmocka_unit_test_setup(duplicates_and_strangers_come_back, set_the_stage),
		cmocka_unit_test_setup(users_without_a_list_are_told_of, set_the_stage),
		cmocka_unit_test_setup(a_list_is_issued_once_and_again, set_the_stage),
		cmocka_unit_test_setup(a_table_that_was_begun_is_completed_first, set_the_stage),
		cmocka_unit_test_setup(a_doubtful_account_gets_another_password, set_the_stage),
		cmocka_unit_test_setup(a_doubtful_account_is_not_forgotten, set_the_stage),
		cmocka_unit_test_setup(
			a_doubtful_account_with_a_former_password_gets_another, set_the_stage),
		cmocka_unit_test_setup(a_dry_run_leaves_nothing, set_the_stage),
	};

	return cmocka_run_group_tests(tests, open_stage, close_stage);
}
