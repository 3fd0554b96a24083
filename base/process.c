/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"

/* The descriptors that the program gets, -1 where it gets none. */
struct ends {
	int input;         /* a file in memory */
	int output, write; /* of a pipe */
};

static bool is_above_standard(int *fd)
{
	int above;

	if (*fd > STDERR_FILENO)
		return true;
	/* A caller may run with its standard input closed. A number below 3 would be overwritten
	 * when the child's descriptors are put into their places. */
	above = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (above < 0)
		return false;
	close(*fd);
	*fd = above;
	return true;
}

/*
 * A file in memory needs no reader while it is written. With a pipe, a program that does not read
 * would let the caller wait or send it SIGPIPE.
 */
static bool open_input(const struct a2a_process *process, struct ends *ends)
{
	size_t written = 0;

	if (!process->input)
		return true;
	ends->input = memfd_create("input", MFD_CLOEXEC);
	if (ends->input < 0 || !is_above_standard(&ends->input))
		return false;
	while (written < process->input_length) {
		ssize_t part = write(
			ends->input, process->input + written, process->input_length - written);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return false;
		written += (size_t)part;
	}
	return lseek(ends->input, 0, SEEK_SET) == 0;
}

static bool open_output(const struct a2a_process *process, struct ends *ends)
{
	int both[2];

	if (!process->output)
		return true;
	if (pipe2(both, O_CLOEXEC))
		return false;
	ends->output = both[0];
	ends->write = both[1];
	return is_above_standard(&ends->output) && is_above_standard(&ends->write);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Returns 0 or an errno value. */
static int prepare_actions(posix_spawn_file_actions_t *actions, const struct ends *ends)
{
	int error;

	if (ends->input >= 0)
		error = posix_spawn_file_actions_adddup2(actions, ends->input, STDIN_FILENO);
	else
		error = posix_spawn_file_actions_addopen(
			actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!error && ends->write >= 0)
		error = posix_spawn_file_actions_adddup2(actions, ends->write, STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
	return error;
}

/* Returns 0 or an errno value. */
static int start(const struct a2a_process *process, const struct ends *ends, pid_t *child)
{
	static const char *const environment[] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all;
	int error;

	error = posix_spawn_file_actions_init(&actions);
	if (error)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error)
		goto out_actions;
	sigfillset(&all);
	error = posix_spawnattr_setsigdefault(&attributes, &all);
	if (!error)
		error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	if (!error)
		error = prepare_actions(&actions, ends);
	if (!error)
		error = posix_spawn(child, process->arguments[0], &actions, &attributes,
			(char *const *)(size_t)process->arguments,
			(char *const *)(size_t)environment);
	posix_spawnattr_destroy(&attributes);
out_actions:
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Returns 0, or ETIMEDOUT while the program runs on, or ECHILD when it is not ours to wait for. */
static int wait_until(pid_t child, int64_t deadline, int *state)
{
	static const struct timespec pause = {.tv_nsec = 10000000};

	for (;;) {
		pid_t ended = waitpid(child, state, deadline == INT64_MAX ? 0 : WNOHANG);

		if (ended == child)
			return 0;
		if (ended < 0 && errno != EINTR)
			return ECHILD;
		if (ended == 0 && a2a_deadline_is_over(deadline))
			return ETIMEDOUT;
		if (ended == 0)
			nanosleep(&pause, NULL);
	}
}

static const char *take_status(int error, int state, int *status)
{
	if (error)
		return "its exit status is lost: SIGCHLD is ignored";
	if (!WIFEXITED(state))
		return "it was killed by a signal";
	*status = WEXITSTATUS(state);
	return NULL;
}

/* Waits for the end of the program, and brings it about if it does not come as it should. */
static const char *finish(const struct a2a_process *process, pid_t child, int output, int *status)
{
	const int64_t deadline = a2a_deadline(process->seconds);
	const char *wrong = NULL;
	int state = 0, error = 0;

	if (process->output)
		wrong = a2a_stream_read(output, process->most_output, deadline, process->output);
	/* The limit also holds for a program that has closed its output and runs on. */
	if (!wrong) {
		error = wait_until(child, deadline, &state);
		if (error != ETIMEDOUT)
			return take_status(error, state, status);
		wrong = "it does not end in time";
	}
	kill(child, SIGKILL);
	wait_until(child, INT64_MAX, &state);
	return wrong;
}

const char *a2a_process_run(const struct a2a_process *process, int *status)
{
	struct ends ends = {-1, -1, -1};
	const char *wrong;
	pid_t child;
	int error;

	*status = -1;
	if (open_input(process, &ends) && open_output(process, &ends))
		error = start(process, &ends, &child);
	else
		error = errno;
	close_end(&ends.input);
	close_end(&ends.write);
	wrong = error ? strerrordesc_np(error) : finish(process, child, ends.output, status);
	close_end(&ends.output);
	return wrong;
}
