/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trust.h"

/* Returns why the open file must not be trusted, or NULL. */
static const char *distrust(const struct stat *status, size_t most)
{
	if (!S_ISREG(status->st_mode))
		return "is not a regular file";
	switch (a2a_trust(status)) {
	case A2A_TRUSTED:
		break;
	case A2A_OWNED_BY_OTHERS:
		return "must belong to root or to you";
	case A2A_WRITABLE_BY_OTHERS:
		return "could have been written by others (chmod go-w)";
	}
	if ((size_t)status->st_size > most)
		return "is too large";
	return NULL;
}

/* Reads the whole file. Returns NULL, or why it cannot be read. */
static const char *read_all(struct sheet_input *input, int fd, size_t size)
{
	input->bytes = calloc(1, size + 1);
	if (!input->bytes)
		return "out of memory";
	while (input->size < size) {
		ssize_t got = read(fd, input->bytes + input->size, size - input->size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return strerrordesc_np(errno);
		if (got == 0)
			break;
		input->size += (size_t)got;
	}
	return NULL;
}

bool sheet_input_read(
	struct sheet_input *input, const char *path, size_t most, const struct a2a_log *log)
{
	/* O_NONBLOCK: a FIFO put in the file's place must not hang the caller. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	const char *wrong = NULL;
	struct stat status;

	*input = (struct sheet_input){.path = strdup(path)};
	if (!input->path)
		wrong = "out of memory";
	else if (fd < 0)
		wrong = errno == ELOOP ? "is a symbolic link: put the file itself there"
				       : strerrordesc_np(errno);
	else if (fstat(fd, &status))
		wrong = strerrordesc_np(errno);
	else
		wrong = distrust(&status, most);
	if (!wrong)
		wrong = read_all(input, fd, (size_t)status.st_size);
	if (wrong)
		a2a_fault_at(log, path, 0, "%s", wrong);
	if (fd >= 0)
		close(fd);
	return !wrong;
}

bool sheet_input_find(struct sheet_input *input, const char *directory, const char *shipped,
	const char *name, size_t most, const struct a2a_log *log)
{
	const char *const places[] = {directory, shipped};
	bool ok = false;

	for (size_t i = 0; i < 2; i++) {
		char *path = NULL;
		struct stat status;

		if (!places[i])
			continue;
		if (asprintf(&path, "%s/%s", places[i], name) < 0) {
			a2a_fault_at(log, NULL, 0, "out of memory");
			break;
		}
		/* A file that exists but cannot be read is a mistake, and is not skipped. */
		if (places[i] == shipped || !lstat(path, &status) ||
			(errno != ENOENT && errno != ENOTDIR)) {
			ok = sheet_input_read(input, path, most, log);
			free(path);
			break;
		}
		free(path);
	}
	return ok;
}

void sheet_input_free(struct sheet_input *input)
{
	free(input->path);
	free(input->bytes);
	*input = (struct sheet_input){0};
}
