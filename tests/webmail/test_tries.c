/* SPDX-License-Identifier: BSD-3-Clause */
/* Counting tries: ten in fifteen minutes, whatever is wrong with the disk, the file or the clock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tries.h"

enum { START = 1800000000, TEN = A2A_TRIES_MOST, WINDOW = A2A_TRIES_SECONDS };

static struct state {
	char folder[64], path[80];
	time_t now;
	int write_error, sync_error; /* of the next calls; 0: none */
	bool short_write;
	unsigned reports;
} state;

/* ---- Stand-ins, by the linker's --wrap ------------------------------------------------------- */

ssize_t __real_pwrite64(int file, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset);
int __wrap_fdatasync(int file);
time_t __wrap_time(time_t *at);

time_t __wrap_time(time_t *at)
{
	(void)at;
	return state.now;
}

ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset)
{
	if (state.write_error) {
		errno = state.write_error;
		return -1;
	}
	return __real_pwrite64(file, bytes, state.short_write ? length / 2 : length, offset);
}

int __wrap_fdatasync(int file)
{
	(void)file;
	errno = state.sync_error;
	return state.sync_error ? -1 : 0;
}

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	assert_int_equal(A2A_FAULT, level);
	assert_non_null(strstr(text, state.folder));
	state.reports++;
}

static const struct a2a_log reports = {say, NULL};

static int begin(void **context)
{
	(void)context;
	state = (struct state){.folder = "/tmp/test_tries.XXXXXX", .now = START};
	assert_non_null(mkdtemp(state.folder));
	snprintf(state.path, sizeof(state.path), "%s/all2all/tries", state.folder);
	return 0;
}

static int end(void **context)
{
	char *parent = strndup(state.path, strlen(state.path) - strlen("/tries"));

	(void)context;
	unlink(state.path);
	rmdir(state.path);
	rmdir(parent);
	unlink(parent);
	rmdir(state.folder);
	free(parent);
	return 0;
}

static enum a2a_tried try_once(const char *user, bool was_right)
{
	struct a2a_try attempt;
	const enum a2a_tried tried = a2a_try_begin(&attempt, state.path, user, &reports);

	a2a_try_end(&attempt, was_right);
	return tried;
}

static unsigned try_often(const char *user, unsigned times)
{
	unsigned counted = 0;

	for (unsigned i = 0; i < times; i++)
		counted += try_once(user, false) == A2A_TRY_COUNTED;
	return counted;
}

/* ---- The window ------------------------------------------------------------------------------ */

static void ten_tries_and_no_more(void **context)
{
	(void)context;
	assert_int_equal(TEN, try_often("jan", 40));
	assert_int_equal(A2A_TRY_TOO_MANY, try_once("jan", true));
	assert_int_equal(TEN, try_often("nobody-of-that-name", 40));
	assert_int_equal(0, state.reports);
}

static void ten_minutes_later_still_locked(void **context)
{
	(void)context;
	assert_int_equal(TEN, try_often("jan", 20));
	state.now += 600;
	assert_int_equal(0, try_often("jan", 20));
	state.now += WINDOW - 600 - 1;
	assert_int_equal(0, try_often("jan", 20));
	state.now += 1;
	assert_int_equal(TEN, try_often("jan", 20));
}

static void no_window_of_fifteen_minutes_has_eleven(void **context)
{
	time_t tried[2000];
	unsigned count = 0;

	(void)context;
	srand(1);
	for (int i = 0; i < 2000; i++) {
		state.now += rand() % 60;
		if (try_once("jan", false) != A2A_TRY_COUNTED)
			continue;
		tried[count++] = state.now;
		if (count > TEN)
			assert_true(tried[count - 1] - tried[count - 1 - TEN] >= WINDOW);
	}
	assert_true(count > 100);
}

static void locked_tries_do_not_prolong_it(void **context)
{
	(void)context;
	assert_int_equal(TEN, try_often("jan", TEN));
	for (int i = 0; i < WINDOW; i += 30) {
		assert_int_equal(0, try_often("jan", 1));
		state.now += 30;
	}
	assert_int_equal(1, try_often("jan", 1));
}

static void a_right_password_takes_back_its_own_try_only(void **context)
{
	(void)context;
	for (int i = 0; i < 100; i++)
		assert_int_equal(A2A_TRY_COUNTED, try_once("jan", true));
	assert_int_equal(TEN - 1, try_often("jan", TEN - 1));
	for (int i = 0; i < 100; i++)
		assert_int_equal(A2A_TRY_COUNTED, try_once("jan", true));
	assert_int_equal(1, try_often("jan", 20));
}

static void a_clock_set_back_locks_for_one_window(void **context)
{
	(void)context;
	state.now += 100000000;
	assert_int_equal(TEN, try_often("jan", 20));
	state.now = START;
	assert_int_equal(0, try_often("jan", 20));
	state.now += WINDOW;
	assert_int_equal(TEN, try_often("jan", 20));
}

static void a_clock_that_starts_at_zero(void **context)
{
	(void)context;
	state.now = 1;
	assert_int_equal(TEN, try_often("jan", 20));
}

/* ---- The file -------------------------------------------------------------------------------- */

static void invented_names_do_not_fill_the_disk(void **context)
{
	struct stat before, after;
	unsigned counted = 0;

	(void)context;
	assert_int_equal(1, try_often("jan", 1));
	assert_int_equal(0, stat(state.path, &before));
	assert_true(before.st_blocks * 512 >= before.st_size);
	for (unsigned i = 0; i < 20000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "invented%u", i);
		counted += try_often(name, 1);
	}
	assert_int_equal(0, stat(state.path, &after));
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_blocks, after.st_blocks);
	assert_true(counted > 19000);
	assert_int_equal(0600, after.st_mode & 07777);
}

static void names_are_not_in_it(void **context)
{
	char command[200];

	(void)context;
	try_often("somebodys-name", 1);
	snprintf(command, sizeof(command), "grep -q somebodys-name '%s'", state.path);
	assert_int_equal(1, WEXITSTATUS(system(command)));
}

static void assert_not_counted(void)
{
	const unsigned before = state.reports;

	assert_int_equal(A2A_TRY_NOT_COUNTED, try_once("jan", true));
	assert_int_equal(before + 1, state.reports);
}

static void a_count_that_cannot_be_written_is_none(void **context)
{
	static const int errors[] = {ENOSPC, EDQUOT, EFBIG, EIO, EROFS};

	(void)context;
	for (int is_there = 0; is_there < 2; is_there++) {
		for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
			state.write_error = errors[i];
			assert_not_counted();
			state.write_error = 0;
			state.sync_error = errors[i];
			assert_not_counted();
			state.sync_error = 0;
		}
		state.short_write = true;
		assert_not_counted();
		state.short_write = false;
		try_once("somebody-else", false);
	}
}

static void a_limit_on_files(void **context)
{
	int status;
	const pid_t child = fork();

	(void)context;
	if (child == 0) {
		const struct rlimit none = {0, 0};

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &none);
		_exit(try_once("jan", true) == A2A_TRY_NOT_COUNTED && state.reports == 1 ? 0 : 1);
	}
	assert_int_equal(child, waitpid(child, &status, 0));
	assert_int_equal(0, status);
}

/* What stands where the file should be. */
static void another_file(void **context)
{
	FILE *file;

	(void)context;
	try_often("jan", 1);
	file = fopen(state.path, "w");
	fputs("a text of an administrator, longer than the header is\n", file);
	fclose(file);
	assert_not_counted();
	unlink(state.path);
	assert_int_equal(0, mkfifo(state.path, 0600));
	assert_not_counted();
	unlink(state.path);
	assert_int_equal(0, symlink("/dev/null", state.path));
	assert_not_counted();
	unlink(state.path);
	assert_int_equal(0, mkdir(state.path, 0700));
	assert_not_counted();
	rmdir(state.path);
	assert_int_equal(1, try_often("jan", 1));
	chmod(state.path, 0644);
	assert_not_counted();
	chmod(state.path, 0600);
	assert_int_equal(1, try_often("jan", 1));
}

static void cut_at_every_length(void **context)
{
	struct stat status;

	(void)context;
	assert_int_equal(TEN, try_often("jan", TEN));
	assert_int_equal(0, stat(state.path, &status));
	for (off_t size = status.st_size; size >= 24; size = size * 15 / 16) {
		assert_int_equal(0, truncate(state.path, size));
		assert_int_not_equal(A2A_TRY_COUNTED, try_once("jan", false));
	}
	/* Without a header it is a new one. */
	assert_int_equal(0, truncate(state.path, 0));
	assert_int_equal(TEN, try_often("jan", 20));
}

static void a_making_that_was_interrupted(void **context)
{
	char *parent = strndup(state.path, strlen(state.path) - strlen("/tries"));
	int file;

	(void)context;
	assert_int_equal(0, mkdir(parent, 0700));
	file = open(state.path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(0, ftruncate(file, 5000));
	close(file);
	assert_int_equal(TEN, try_often("jan", 20));
	free(parent);
}

static void a_folder_of_others(void **context)
{
	char *parent = strndup(state.path, strlen(state.path) - strlen("/tries"));

	(void)context;
	assert_int_equal(1, try_often("jan", 1));
	chmod(parent, 0777);
	assert_not_counted();
	chmod(parent, 0700);
	assert_int_equal(1, try_often("jan", 1));
	free(parent);
}

static void bytes_that_are_damaged_lock_for_one_window(void **context)
{
	int file;
	unsigned counted;

	(void)context;
	assert_int_equal(1, try_often("jan", 1));
	file = open(state.path, O_WRONLY);
	for (off_t at = 128; at < 4 << 20; at += 128) {
		uint8_t bytes[80];

		memset(bytes, 0x7f, sizeof(bytes));
		assert_int_equal(sizeof(bytes), pwrite(file, bytes, sizeof(bytes), at));
	}
	close(file);
	assert_int_equal(0, try_often("jan", 20));
	state.now += WINDOW;
	counted = try_often("jan", 20);
	assert_int_equal(TEN, counted);
}

/* ---- At once --------------------------------------------------------------------------------- */

static void forty_at_once(void **context)
{
	pid_t child[40];
	unsigned counted = 0;

	(void)context;
	for (int i = 0; i < 40; i++) {
		child[i] = fork();
		if (child[i] == 0)
			_exit(try_once("jan", false) == A2A_TRY_COUNTED);
	}
	for (int i = 0; i < 40; i++) {
		int status;

		assert_int_equal(child[i], waitpid(child[i], &status, 0));
		assert_true(WIFEXITED(status));
		counted += (unsigned)WEXITSTATUS(status);
	}
	assert_int_equal(TEN, counted);
}

static void killed_while_verifying_it_counts(void **context)
{
	(void)context;
	for (int i = 0; i < 20; i++) {
		int status;
		const pid_t child = fork();

		if (child == 0) {
			struct a2a_try attempt;

			if (a2a_try_begin(&attempt, state.path, "jan", &reports) != A2A_TRY_COUNTED)
				_exit(0);
			raise(SIGKILL);
		}
		assert_int_equal(child, waitpid(child, &status, 0));
		assert_int_equal(i < TEN, WIFSIGNALED(status));
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(ten_tries_and_no_more),
		T(ten_minutes_later_still_locked),
		T(no_window_of_fifteen_minutes_has_eleven),
		T(locked_tries_do_not_prolong_it),
		T(a_right_password_takes_back_its_own_try_only),
		T(a_clock_set_back_locks_for_one_window),
		T(a_clock_that_starts_at_zero),
		T(invented_names_do_not_fill_the_disk),
		T(names_are_not_in_it),
		T(a_count_that_cannot_be_written_is_none),
		T(a_limit_on_files),
		T(another_file),
		T(cut_at_every_length),
		T(a_making_that_was_interrupted),
		T(a_folder_of_others),
		T(bytes_that_are_damaged_lock_for_one_window),
		T(forty_at_once),
		T(killed_while_verifying_it_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
