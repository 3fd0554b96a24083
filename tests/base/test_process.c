/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "process.h"

enum { MOST = 1 << 20 };

/* A file that shell commands write to. */
static char output_path[] = "/tmp/test_process.XXXXXX";

/* Runs a shell command with its standard output in the file. */
static const char *shell(const char *command, const char *input, size_t length, int *status)
{
	char whole[512];
	const char *const arguments[] = {"/bin/sh", "-c", whole, NULL};

	snprintf(whole, sizeof(whole), "exec >%s; %s", output_path, command);
	return a2a_process_run(arguments, input, length, status);
}

/* Returns the file's bytes, with a NUL behind them; the caller frees them. */
static char *read_output(size_t *length)
{
	FILE *file = fopen(output_path, "re");
	char *bytes = calloc(1, MOST + 1);

	assert_non_null(file);
	assert_non_null(bytes);
	*length = fread(bytes, 1, MOST, file);
	assert_int_equal(fclose(file), 0);
	return bytes;
}

static void expect_output(const char *command, const char *input, const char *wanted)
{
	size_t length;
	char *output;
	int status;

	assert_null(shell(command, input, input ? strlen(input) : 0, &status));
	assert_int_equal(status, 0);
	output = read_output(&length);
	assert_string_equal(output, wanted);
	free(output);
}

static void no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void the_exit_status_is_the_programs(void **state)
{
	int status;

	(void)state;
	for (int wanted = 0; wanted < 256; wanted += 51) {
		char command[32];

		snprintf(command, sizeof(command), "exit %d", wanted);
		assert_null(shell(command, NULL, 0, &status));
		assert_int_equal(status, wanted);
	}
	no_child_is_left();
}

static void input_comes_whole_and_ends(void **state)
{
	const size_t length = 300000; /* more than a pipe holds */
	char *input = malloc(length + 1), *output;
	size_t got;
	int status;

	(void)state;
	assert_non_null(input);
	for (size_t i = 0; i < length; i++)
		input[i] = (char)(i % 251);
	assert_null(shell("cat", input, length, &status));
	output = read_output(&got);
	assert_int_equal(got, length);
	assert_memory_equal(output, input, length);
	free(output);
	/* Nobody waits for a program that does not read, and SIGPIPE does not come. */
	assert_null(shell("exit 0", input, length, &status));
	assert_int_equal(status, 0);
	free(input);
	expect_output("cat", NULL, "");
	expect_output("cat", "", "");
}

static void nothing_is_inherited(void **state)
{
	int fd = dup(STDERR_FILENO); /* without close-on-exec */

	(void)state;
	assert_true(fd > STDERR_FILENO);
	setenv("A2A_SECRET", "x", 1);
	expect_output("tr '\\0' '\\n' </proc/self/environ", NULL,
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C.UTF-8\n");
	unsetenv("A2A_SECRET");
	expect_output("readlink /proc/self/fd/0; ls /proc/$$/fd", NULL, "/dev/null\n0\n1\n2\n");
	close(fd);
}

static unsigned long long signals_of(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	assert_non_null(line);
	return strtoull(line + strlen(name), NULL, 16);
}

/* A signal that is ignored here is not ignored there; a signal that is blocked here is there too.
 */
static void signals_are_as_it_says(void **state)
{
	/* posix_spawn(3) of glibc leaves the two signals that threads use ignored. */
	const unsigned long long internal = 3ull << 31;
	/* No shell, which has a mask of its own. */
	const char *const arguments[] = {"/bin/cp", "/proc/self/status", output_path, NULL};
	sigset_t blocked, before;
	const char *wrong;
	size_t length;
	char *output;
	int status;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	wrong = a2a_process_run(arguments, NULL, 0, &status);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	assert_null(wrong);
	assert_int_equal(status, 0);
	output = read_output(&length);
	assert_int_equal(signals_of(output, "SigIgn:") & ~internal, 0);
	assert_int_equal(signals_of(output, "SigBlk:"), 1ull << (SIGINT - 1));
	free(output);
}

/* With the caller's standard descriptors closed, ours take their numbers. */
static void closed_descriptors_do_no_harm(void **state)
{
	int status, failed;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		size_t length;
		char *output;

		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		if (shell("cat; echo end", "begin ", 6, &status) || status)
			_exit(1);
		output = read_output(&length);
		_exit(strcmp(output, "begin end\n") != 0);
	}
	assert_int_equal(waitpid(child, &failed, 0), child);
	assert_true(WIFEXITED(failed) && WEXITSTATUS(failed) == 0);
}

static void a_signal_that_kills_it_is_told(void **state)
{
	static const char *const commands[] = {"kill -TERM $$", "kill -KILL $$"};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		int status;
		const char *wrong = shell(commands[i], NULL, 0, &status);

		assert_non_null(wrong);
		assert_non_null(strstr(wrong, "signal"));
		assert_int_equal(status, -1);
		no_child_is_left();
	}
}

static void a_program_that_cannot_be_run_is_told(void **state)
{
	static const char *const paths[] = {"/nonexistent/program", "/etc/passwd", "/"};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *const arguments[] = {paths[i], NULL};
		int status;

		assert_non_null(a2a_process_run(arguments, NULL, 0, &status));
		assert_int_equal(status, -1);
		no_child_is_left();
	}
}

/* The kernel has thrown the status away; to call that a success would be a guess. */
static void a_status_that_is_lost_is_no_success(void **state)
{
	const char *const arguments[] = {"/bin/true", NULL};
	const char *wrong;
	int status;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	wrong = a2a_process_run(arguments, NULL, 0, &status);
	signal(SIGCHLD, SIG_DFL);
	assert_non_null(wrong);
	assert_int_equal(status, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exit_status_is_the_programs),
		cmocka_unit_test(input_comes_whole_and_ends),
		cmocka_unit_test(nothing_is_inherited),
		cmocka_unit_test(signals_are_as_it_says),
		cmocka_unit_test(closed_descriptors_do_no_harm),
		cmocka_unit_test(a_signal_that_kills_it_is_told),
		cmocka_unit_test(a_program_that_cannot_be_run_is_told),
		cmocka_unit_test(a_status_that_is_lost_is_no_success),
	};

	const int fd = mkstemp(output_path);
	int failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(output_path);
	return failed;
}
