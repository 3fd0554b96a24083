/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"

static bool write_whole(int fd, const char *bytes, size_t length)
{
	while (length) {
		const ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/*
 * Returns a file in memory with the bytes, or -1 with errno. It needs no reader while it is
 * written. With a pipe, a program that does not read would block the caller or send it SIGPIPE.
 */
static int open_input(const char *bytes, size_t length)
{
	const int fd = a2a_above_standard(memfd_create("input", MFD_CLOEXEC));
	int error;

	if (fd < 0)
		return -1;
	if (write_whole(fd, bytes, length) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* `input` is a descriptor, or -1 for /dev/null. Returns 0 or an errno value. */
static int prepare_actions(posix_spawn_file_actions_t *actions, int input)
{
	int error = input >= 0 ? posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO)
			       : posix_spawn_file_actions_addopen(
					 actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

	if (!error)
		error = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
	return error;
}

/* Returns 0 or an errno value. */
static int start(const char *const *arguments, int input, pid_t *child)
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
		error = prepare_actions(&actions, input);
	if (!error)
		error = posix_spawn(child, arguments[0], &actions, &attributes,
			(char *const *)(size_t)arguments, (char *const *)(size_t)environment);
	posix_spawnattr_destroy(&attributes);
out_actions:
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static const char *finish(pid_t child, int *status)
{
	int state;

	while (waitpid(child, &state, 0) < 0)
		if (errno != EINTR)
			return "its exit status is lost: SIGCHLD is ignored";
	if (!WIFEXITED(state))
		return "it was killed by a signal";
	*status = WEXITSTATUS(state);
	return NULL;
}

const char *a2a_process_run(
	const char *const *arguments, const char *input, size_t length, int *status)
{
	int fd = -1, error;
	pid_t child;

	*status = -1;
	if (input) {
		fd = open_input(input, length);
		if (fd < 0)
			return strerrordesc_np(errno);
	}
	error = start(arguments, fd, &child);
	if (fd >= 0)
		close(fd);
	return error ? strerrordesc_np(error) : finish(child, status);
}
