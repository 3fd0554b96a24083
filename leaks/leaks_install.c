/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "leaks_install.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "leaks_inspect.h"
#include "leaks_sample.h"

enum { PIECE = 16 << 20, MOST_RIGHTS = 0644 };

struct install {
	const char *source, *target;
	const char *name; /* of the target in its folder */
	char *temporary;  /* in this folder, and its path */
	char *temporary_path;
	const struct a2a_leaks_observer *observer;
	int folder, from, to;
};

static bool fail(const struct install *install, const char *path, const char *what)
{
	return a2a_fault(install->observer->log, path, "%s: %s", what, strerror(errno));
}

/* Opens what another user has made: a link or a pipe would lead elsewhere. */
static bool open_source(struct install *install, uint64_t *size)
{
	struct stat status;

	install->from =
		open(install->source, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	if (install->from < 0 || fstat(install->from, &status))
		return fail(install, install->source, "cannot be read");
	if (!S_ISREG(status.st_mode))
		return a2a_fault(install->observer->log, install->source, "is no file");
	*size = (uint64_t)status.st_size;
	return true;
}

static bool open_target(struct install *install)
{
	install->folder =
		a2a_folder_open_around(install->target, &install->name, install->observer->log);
	if (install->folder < 0)
		return false;
	if (asprintf(&install->temporary, "%s.new", install->name) < 0)
		install->temporary = NULL;
	if (asprintf(&install->temporary_path, "%s.new", install->target) < 0)
		install->temporary_path = NULL;
	if (!install->temporary || !install->temporary_path)
		return a2a_fault(install->observer->log, install->target, "out of memory");
	/* Nobody else may write to this folder: it is what an interrupted run has left. */
	unlinkat(install->folder, install->temporary, 0);
	install->to = openat(install->folder, install->temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return install->to >= 0 || fail(install, install->temporary_path, "cannot be written");
}

static bool copy(const struct install *install, uint64_t size)
{
	const struct a2a_leaks_observer *observer = install->observer;
	uint64_t done = 0;

	for (;;) {
		const ssize_t got = sendfile(install->to, install->from, NULL, PIECE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(install, install->temporary_path, "cannot be written");
		if (got == 0)
			break;
		done += (uint64_t)got;
		if (observer->progress && !observer->progress(observer->context, "bytes copied",
						  done, (double)done / (double)size))
			return false;
	}
	return fsync(install->to) == 0 ||
	       fail(install, install->temporary_path, "cannot be written");
}

static bool verify(const struct install *install, unsigned jobs, struct a2a_leaks_format *format)
{
	const char *path = install->temporary_path, *wrong;
	struct a2a_leaks leaks;
	bool ok;
	int error;

	wrong = a2a_leaks_open(&leaks, path, NULL, &error);
	/* The copy is removed: what is wrong is wrong with the source. */
	if (wrong)
		return a2a_fault(install->observer->log, install->source, "%s", wrong);
	ok = a2a_leaks_verify(&leaks, install->source, jobs, install->observer) == A2A_LEAKS_GOOD;
	*format = leaks.format;
	a2a_leaks_close(&leaks);
	return ok;
}

/* The mode and the group of the file that is replaced. */
static bool set_rights(const struct install *install)
{
	mode_t mode = MOST_RIGHTS;
	struct stat old;

	if (fstatat(install->folder, install->name, &old, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(old.st_mode)) {
		mode = old.st_mode & MOST_RIGHTS;
		if (fchown(install->to, (uid_t)-1, old.st_gid))
			mode = MOST_RIGHTS;
	}
	return fchmod(install->to, mode) == 0 ||
	       fail(install, install->temporary_path, "cannot be given its mode");
}

static bool put_into_place(const struct install *install)
{
	if (renameat(install->folder, install->temporary, install->folder, install->name))
		return fail(install, install->target, "cannot be put into its place");
	/* Some file systems cannot sync a folder, and need not. */
	return fsync(install->folder) == 0 || errno == EINVAL ||
	       fail(install, install->target, "its folder cannot be synced");
}

/* The ETags are of use to nobody without the filter, nor the old ones beside a new filter. */
static bool install_sample(const struct install *install)
{
	struct a2a_leaks_sample *sample = a2a_leaks_sample_read(install->source, NULL);
	char *path = NULL;
	bool ok = true;

	if (sample) {
		ok = a2a_leaks_sample_write(sample, install->target, install->observer->log);
	} else if (asprintf(&path, "%s.etags", install->name) >= 0) {
		unlinkat(install->folder, path, 0);
		free(path);
	}
	a2a_leaks_sample_free(sample);
	return ok;
}

bool a2a_leaks_install(const char *source, const char *target, unsigned jobs,
	struct a2a_leaks_format *format, const struct a2a_leaks_observer *observer)
{
	struct install install = {.source = source,
		.target = target,
		.observer = observer,
		.folder = -1,
		.from = -1,
		.to = -1};
	uint64_t size = 0;
	bool ok = open_source(&install, &size) && open_target(&install) && copy(&install, size) &&
		  verify(&install, jobs, format) && set_rights(&install) &&
		  put_into_place(&install);

	if (!ok && install.to >= 0)
		unlinkat(install.folder, install.temporary, 0);
	ok = ok && install_sample(&install);
	if (install.from >= 0)
		close(install.from);
	if (install.to >= 0)
		close(install.to);
	if (install.folder >= 0)
		close(install.folder);
	free(install.temporary);
	free(install.temporary_path);
	return ok;
}
