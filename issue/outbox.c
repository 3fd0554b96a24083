/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "outbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

#define JOURNAL ".all2all-issue.journal"

static const char infix[] = ".new.";

struct a2a_outbox {
	char *path;
	int folder;
	struct a2a_journal *journal;
	size_t mended;
	void *doubtful; /* a tree of struct doubt, by user */
	size_t doubtful_count;
	struct put *put;
	size_t put_count;
};

/* A file with a hidden name. */
struct put {
	char *user, *hidden, *shown;
	int file; /* open until it is synced; then -1 */
};

/* Hidden files of an account that an interrupted run left. */
struct doubt {
	char *user;
	char **hidden;
	size_t count;
};

static bool out_of_memory(const struct a2a_outbox *outbox, const struct a2a_log *log)
{
	return a2a_fault(log, outbox->path, "out of memory");
}

static bool sync_folder(const struct a2a_outbox *outbox, const struct a2a_log *log)
{
	return fsync(outbox->folder) == 0 ||
	       a2a_fault(log, outbox->path, "the folder cannot be written: %s", strerror(errno));
}

/* ---- What an earlier run left ---------------------------------------------------------------- */

static int by_user(const void *one, const void *other)
{
	return strcmp(((const struct doubt *)one)->user, ((const struct doubt *)other)->user);
}

static void free_doubt(void *node)
{
	struct doubt *doubt = node;

	for (size_t i = 0; i < doubt->count; i++)
		free(doubt->hidden[i]);
	free(doubt->hidden);
	free(doubt->user);
	free(doubt);
}

/* The account's files in doubt, or NULL. */
static struct doubt *find_doubt(const struct a2a_outbox *outbox, const char *user)
{
	const struct doubt key = {.user = (char *)(size_t)user};
	struct doubt *const *place = tfind(&key, &outbox->doubtful, by_user);

	return place ? *place : NULL;
}

static bool add_doubt(struct a2a_outbox *outbox, const char *user, const char *hidden)
{
	struct doubt *doubt = find_doubt(outbox, user);
	char **grown;

	if (!doubt) {
		doubt = calloc(1, sizeof(*doubt));
		if (!doubt)
			return false;
		doubt->user = strdup(user);
		if (!doubt->user || !tsearch(doubt, &outbox->doubtful, by_user)) {
			free_doubt(doubt);
			return false;
		}
		outbox->doubtful_count++;
	}
	grown = reallocarray(doubt->hidden, doubt->count + 1, sizeof(*grown));
	if (!grown)
		return false;
	doubt->hidden = grown;
	grown[doubt->count] = strdup(hidden);
	return grown[doubt->count] && ++doubt->count;
}

static void remove_doubt(struct a2a_outbox *outbox, const char *user)
{
	struct doubt *doubt = find_doubt(outbox, user);

	if (!doubt)
		return;
	for (size_t i = 0; i < doubt->count; i++)
		unlinkat(outbox->folder, doubt->hidden[i], 0);
	tdelete(doubt, &outbox->doubtful, by_user);
	free_doubt(doubt);
	outbox->doubtful_count--;
}

/* Splits ".USER.ID.new.ENDING". The caller frees the user. Returns false when it is not such a
 * name, or when memory is out. */
static bool split(
	const char *hidden, char **user, char id[static A2A_ISSUE_ID_SIZE], const char **ending)
{
	enum { ID = A2A_ISSUE_ID_SIZE - 1 };
	const char *at = NULL;

	*user = NULL;
	if (*hidden != '.')
		return false;
	for (const char *next = hidden; (next = strstr(next, infix)); next++)
		at = next;
	if (!at || at - hidden < 3 + ID || at[-ID - 1] != '.' ||
		strspn(at - ID, "0123456789abcdef") != ID)
		return false;
	*ending = at + sizeof(infix) - 1;
	memcpy(id, at - ID, ID);
	id[ID] = '\0';
	*user = strndup(hidden + 1, (size_t)(at - ID - 1 - (hidden + 1)));
	return **ending && *user;
}

/*
 * Gives a file its name. An empty file means that the file of that name is to be removed. The empty
 * file itself is removed afterwards, so that the next run finds it if this run is interrupted in
 * between.
 */
static bool settle(const struct a2a_outbox *outbox, const char *hidden, const char *shown)
{
	struct stat status;

	if (fstatat(outbox->folder, hidden, &status, AT_SYMLINK_NOFOLLOW))
		return false;
	if (status.st_size)
		return renameat(outbox->folder, hidden, outbox->folder, shown) == 0;
	return (unlinkat(outbox->folder, shown, 0) == 0 || errno == ENOENT) &&
	       unlinkat(outbox->folder, hidden, 0) == 0;
}

/* Gives a hidden file its name if the journal knows its account with the same id. */
static bool mend(struct a2a_outbox *outbox, const char *hidden, const struct a2a_log *log)
{
	char id[A2A_ISSUE_ID_SIZE];
	struct a2a_issued issued = {0};
	const char *ending;
	char *user = NULL, *shown = NULL;
	bool found, ok = true;

	if (!split(hidden, &user, id, &ending))
		goto out;
	ok = a2a_journal_find(outbox->journal, user, &found, &issued, log);
	if (!ok)
		goto out;
	if (!found || strcmp(issued.id, id) != 0) {
		ok = add_doubt(outbox, user, hidden) || out_of_memory(outbox, log);
	} else if (asprintf(&shown, "%s.%s", user, ending) < 0) {
		shown = NULL;
		ok = out_of_memory(outbox, log);
	} else if (!settle(outbox, hidden, shown)) {
		ok = a2a_fault(log, outbox->path, "%s cannot be renamed to %s: %s", hidden, shown,
			strerror(errno));
	} else {
		outbox->mended++;
	}
out:
	a2a_issued_free(&issued);
	free(shown);
	free(user);
	return ok;
}

static bool mend_all(struct a2a_outbox *outbox, const struct a2a_log *log)
{
	const int copy = openat(outbox->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *file;
	bool ok = true;

	if (!folder) {
		if (copy >= 0)
			close(copy);
		return a2a_fault(
			log, outbox->path, "the folder cannot be read: %s", strerror(errno));
	}
	while (ok && (errno = 0, file = readdir(folder)))
		ok = mend(outbox, file->d_name, log);
	if (ok && errno)
		ok = a2a_fault(log, outbox->path, "the folder cannot be read: %s", strerror(errno));
	closedir(folder);
	return ok && (!outbox->mended || sync_folder(outbox, log));
}

/* ---- The folder ------------------------------------------------------------------------------ */

/* Opens the folder and its journal. */
static bool open_all(struct a2a_outbox *outbox, const char *path, const struct a2a_log *log)
{
	char *journal_path = NULL;

	outbox->path = strdup(path);
	if (!outbox->path || asprintf(&journal_path, "%s/" JOURNAL, path) < 0)
		return a2a_fault(log, path, "out of memory");
	outbox->folder = a2a_folder_open(path, log);
	if (outbox->folder >= 0)
		outbox->journal = a2a_journal_open(outbox->folder, JOURNAL, journal_path, log);
	free(journal_path);
	return outbox->journal && mend_all(outbox, log);
}

struct a2a_outbox *a2a_outbox_open(const char *path, const struct a2a_log *log)
{
	struct a2a_outbox *outbox = calloc(1, sizeof(*outbox));

	if (!outbox) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	outbox->folder = -1;
	if (open_all(outbox, path, log))
		return outbox;
	a2a_outbox_close(outbox);
	return NULL;
}

void a2a_outbox_close(struct a2a_outbox *outbox)
{
	if (!outbox)
		return;
	a2a_outbox_discard(outbox);
	tdestroy(outbox->doubtful, free_doubt);
	a2a_journal_close(outbox->journal);
	if (outbox->folder >= 0)
		close(outbox->folder);
	free(outbox->path);
	free(outbox);
}

struct a2a_journal *a2a_outbox_journal(const struct a2a_outbox *outbox)
{
	return outbox->journal;
}

size_t a2a_outbox_mended(const struct a2a_outbox *outbox)
{
	return outbox->mended;
}

bool a2a_outbox_is_doubtful(const struct a2a_outbox *outbox, const char *user)
{
	return find_doubt(outbox, user) != NULL;
}

size_t a2a_outbox_doubtful(const struct a2a_outbox *outbox)
{
	return outbox->doubtful_count;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static void free_put(struct put *put)
{
	free(put->user);
	free(put->hidden);
	free(put->shown);
	if (put->file >= 0)
		close(put->file);
}

static void forget_put(struct a2a_outbox *outbox)
{
	for (size_t i = 0; i < outbox->put_count; i++)
		free_put(&outbox->put[i]);
	free(outbox->put);
	outbox->put = NULL;
	outbox->put_count = 0;
}

/* Adds an entry with its names. Returns NULL when memory is out. */
static struct put *add_put(
	struct a2a_outbox *outbox, const char *user, const char *id, const char *ending)
{
	struct put *grown = reallocarray(outbox->put, outbox->put_count + 1, sizeof(*outbox->put));
	struct put *put;

	if (!grown)
		return NULL;
	outbox->put = grown;
	put = &grown[outbox->put_count++];
	*put = (struct put){.user = strdup(user), .file = -1};
	if (asprintf(&put->hidden, ".%s.%s%s%s", user, id, infix, ending) < 0)
		put->hidden = NULL;
	if (asprintf(&put->shown, "%s.%s", user, ending) < 0)
		put->shown = NULL;
	return put->user && put->hidden && put->shown ? put : NULL;
}

bool a2a_outbox_put(struct a2a_outbox *outbox, const char *user, const char *id, const char *ending,
	const struct secret *bytes, const struct a2a_log *log)
{
	struct put *put = add_put(outbox, user, id, ending);
	int error;

	if (!put)
		return out_of_memory(outbox, log);
	put->file = openat(outbox->folder, put->hidden,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (put->file < 0)
		return a2a_fault(
			log, outbox->path, "%s cannot be made: %s", put->shown, strerror(errno));
	error = bytes ? a2a_folder_write(put->file, bytes->bytes, bytes->length, 0) : 0;
	return !error || a2a_fault(log, outbox->path, "%s cannot be written: %s", put->shown,
				 strerror(error));
}

bool a2a_outbox_put_none(struct a2a_outbox *outbox, const char *user, const char *id,
	const char *ending, const struct a2a_log *log)
{
	char *shown = NULL;
	bool is_there;

	if (asprintf(&shown, "%s.%s", user, ending) < 0)
		return out_of_memory(outbox, log);
	is_there = faccessat(outbox->folder, shown, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	free(shown);
	return !is_there || a2a_outbox_put(outbox, user, id, ending, NULL, log);
}

bool a2a_outbox_sync(struct a2a_outbox *outbox, const struct a2a_log *log)
{
	for (size_t i = 0; i < outbox->put_count; i++) {
		struct put *put = &outbox->put[i];
		int status;

		if (put->file < 0)
			continue;
		status = fsync(put->file);
		if (close(put->file) || status) {
			put->file = -1;
			return a2a_fault(log, outbox->path, "%s cannot be written: %s", put->shown,
				strerror(errno));
		}
		put->file = -1;
	}
	return sync_folder(outbox, log);
}

bool a2a_outbox_publish(struct a2a_outbox *outbox, const struct a2a_log *log)
{
	bool ok = true;

	for (size_t i = 0; i < outbox->put_count; i++) {
		const struct put *put = &outbox->put[i];

		if (!settle(outbox, put->hidden, put->shown))
			ok = a2a_fault(log, outbox->path,
				"%s is %s's sheet, and cannot be renamed to %s: %s", put->hidden,
				put->user, put->shown, strerror(errno));
		remove_doubt(outbox, put->user);
	}
	forget_put(outbox);
	return ok;
}

void a2a_outbox_discard(struct a2a_outbox *outbox)
{
	for (size_t i = 0; i < outbox->put_count; i++)
		if (outbox->put[i].hidden)
			unlinkat(outbox->folder, outbox->put[i].hidden, 0);
	forget_put(outbox);
}

void a2a_outbox_leave(struct a2a_outbox *outbox)
{
	forget_put(outbox);
}

void a2a_outbox_discard_user(struct a2a_outbox *outbox, const char *user)
{
	size_t kept = 0;

	for (size_t i = 0; i < outbox->put_count; i++) {
		struct put *put = &outbox->put[i];

		if (strcmp(put->user, user) != 0) {
			outbox->put[kept++] = *put;
			continue;
		}
		unlinkat(outbox->folder, put->hidden, 0);
		free_put(put);
	}
	outbox->put_count = kept;
}
