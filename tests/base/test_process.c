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
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "stream.h"
#include "process.h"

enum { MOST = 1 << 20 };

/* Runs a shell command. Returns its output, which the caller wipes. */
static struct secret shell(const char *command, const char *input, size_t length, unsigned seconds,
	const char **wrong, int *status)
{
	const char *const arguments[] = {"/bin/sh", "-c", command, NULL};
	struct secret output = {0};
	const struct a2a_process process = {
		.arguments = arguments,
		.input = input,
		.input_length = length,
		.output = &output,
		.most_output = MOST,
		.seconds = seconds,
	};

	*wrong = a2a_process_run(&process, status);
	return output;
}

static void expect_output(const char *command, const char *input, const char *wanted)
{
	const char *wrong;
	int status;
	struct secret output =
		shell(command, input, input ? strlen(input) : 0, 60, &wrong, &status);

	assert_null(wrong);
	assert_int_equal(status, 0);
	assert_string_equal(output.length ? output.bytes : "", wanted);
	a2a_secret_wipe(&output);
}

static void no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void the_exit_status_is_the_programs(void **state)
{
	const char *wrong;
	int status;

	(void)state;
	for (int wanted = 0; wanted < 256; wanted += 51) {
		char command[32];
		struct secret output;

		snprintf(command, sizeof(command), "exit %d", wanted);
		output = shell(command, NULL, 0, 0, &wrong, &status);
		assert_null(wrong);
		assert_int_equal(status, wanted);
		a2a_secret_wipe(&output);
	}
	no_child_is_left();
}

static void input_comes_whole_and_ends(void **state)
{
	const size_t length = 300000; /* more than a pipe holds */
	char *input = malloc(length + 1);
	const char *wrong;
	struct secret output;
	int status;

	(void)state;
	assert_non_null(input);
	for (size_t i = 0; i < length; i++)
		input[i] = (char)(i % 251);
	output = shell("cat", input, length, 60, &wrong, &status);
	assert_null(wrong);
	assert_int_equal(output.length, length);
	assert_memory_equal(output.bytes, input, length);
	a2a_secret_wipe(&output);
	/* Nobody waits for a program that does not read, and SIGPIPE does not come. */
	output = shell("exit 0", input, length, 60, &wrong, &status);
	assert_null(wrong);
	assert_int_equal(status, 0);
	a2a_secret_wipe(&output);
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
	/* Not by a shell, which has a mask of its own. */
	const char *const arguments[] = {"/bin/cat", "/proc/self/status", NULL};
	/* posix_spawn(3) of glibc leaves the two signals that threads use ignored. */
	const unsigned long long internal = 3ull << 31;
	struct secret output = {0};
	const struct a2a_process process = {
		.arguments = arguments, .output = &output, .most_output = MOST};
	sigset_t blocked, before;
	const char *wrong;
	int status;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	wrong = a2a_process_run(&process, &status);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	assert_null(wrong);
	assert_int_equal(signals_of(output.bytes, "SigIgn:") & ~internal, 0);
	assert_int_equal(signals_of(output.bytes, "SigBlk:"), 1ull << (SIGINT - 1));
	a2a_secret_wipe(&output);
}

/* With the caller's standard descriptors closed, ours take their numbers. */
static void closed_descriptors_do_no_harm(void **state)
{
	const char *wrong;
	int status, failed;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct secret output;

		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		output = shell("cat; echo end", "begin ", 6, 60, &wrong, &status);
		_exit(wrong || status || output.length != 10 ||
			memcmp(output.bytes, "begin end\n", 10) != 0);
	}
	assert_int_equal(waitpid(child, &failed, 0), child);
	assert_true(WIFEXITED(failed) && WEXITSTATUS(failed) == 0);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void whatever_goes_wrong_is_told(void **state)
{
	static const struct {
		const char *command, *wrong;
	} cases[] = {
		{"exec sleep 60", "in time"},
		{"exec sleep 60 >&-", "in time"}, /* its output has ended, it has not */
		{"trap '' TERM INT HUP; while :; do sleep 1; done", "in time"},
		{"yes", "too much"},
		{"kill -TERM $$", "signal"},
		{"kill -KILL $$", "signal"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct secret output;
		struct timespec start;
		const char *wrong;
		int status;

		clock_gettime(CLOCK_MONOTONIC, &start);
		output = shell(cases[i].command, NULL, 0, 2, &wrong, &status);
		assert_non_null(wrong);
		assert_non_null(strstr(wrong, cases[i].wrong));
		assert_int_equal(status, -1);
		assert_true(output.length <= MOST + 1);
		assert_true(seconds_since(&start) < 30);
		a2a_secret_wipe(&output);
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

		assert_non_null(
			a2a_process_run(&(struct a2a_process){.arguments = arguments}, &status));
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
	wrong = a2a_process_run(&(struct a2a_process){.arguments = arguments}, &status);
	signal(SIGCHLD, SIG_DFL);
	assert_non_null(wrong);
	assert_int_equal(status, -1);
}

static void reading_stops_at_its_limits(void **state)
{
	struct secret input = {0};
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "12345", 5), 5);
	assert_non_null(strstr(a2a_stream_read(ends[0], 4, a2a_deadline(1), &input), "too much"));
	a2a_secret_wipe(&input);
	assert_int_equal(write(ends[1], "12345", 5), 5);
	assert_non_null(strstr(a2a_stream_read(ends[0], 5, a2a_deadline(1), &input), "in time"));
	a2a_secret_wipe(&input);
	assert_int_equal(write(ends[1], "12345", 5), 5);
	close(ends[1]);
	assert_null(a2a_stream_read(ends[0], 5, a2a_deadline(0), &input));
	assert_int_equal(input.length, 5);
	assert_string_equal(input.bytes, "12345");
	a2a_secret_wipe(&input);
	close(ends[0]);
	assert_non_null(
		strstr(a2a_stream_read(ends[0], 5, a2a_deadline(1), &input), "cannot be read"));
	a2a_secret_wipe(&input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_exit_status_is_the_programs),
		cmocka_unit_test(input_comes_whole_and_ends),
		cmocka_unit_test(nothing_is_inherited),
		cmocka_unit_test(signals_are_as_it_says),
		cmocka_unit_test(closed_descriptors_do_no_harm),
		cmocka_unit_test(whatever_goes_wrong_is_told),
		cmocka_unit_test(a_program_that_cannot_be_run_is_told),
		cmocka_unit_test(a_status_that_is_lost_is_no_success),
		cmocka_unit_test(reading_stops_at_its_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
