/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "folder.h"

/*
 * The format: this first line, then a line for each account,
 *
 *     issued USER ID TIME TABLE_END HASH
 *
 * with tabs between the fields; HASH is - if there is no hash. The line "again" forgets all
 * accounts before it. The line "table", with a tab and a path, says that the accounts after it have
 * rows in that table. If the path is -, they have no rows.
 */
static const char first_line[] = "all2all-issue 1\n";

static const char table_word[] = "table\t";

enum { PARTS = 6 };

struct a2a_journal {
	int fd;
	char *path;
	void *users; /* a tree of struct known, by name */
	size_t count;
	off_t end, table_end;
	char *table;
	off_t table_line; /* offset of the line that names it */
};

/* The place of an account's line. The line is read again when the account is looked up. */
struct known {
	off_t start;
	size_t length;
	char user[];
};

static int by_user(const void *one, const void *other)
{
	return strcmp(((const struct known *)one)->user, ((const struct known *)other)->user);
}

static struct known *make_known(const char *user)
{
	const size_t size = strlen(user) + 1;
	struct known *known = calloc(1, sizeof(*known) + size);

	if (known)
		memcpy(known->user, user, size);
	return known;
}

/* Remembers the place of a user's line, which replaces an earlier line. */
static bool remember(struct a2a_journal *journal, const char *user, off_t start, size_t length)
{
	struct known *known = make_known(user);
	struct known **place = known ? tsearch(known, &journal->users, by_user) : NULL;

	if (!place) {
		free(known);
		return false;
	}
	if (*place != known)
		free(known);
	else
		journal->count++;
	(*place)->start = start;
	(*place)->length = length;
	return true;
}

static void forget_all(struct a2a_journal *journal)
{
	tdestroy(journal->users, free);
	journal->users = NULL;
	journal->count = 0;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

/* Splits a line in place. Returns whether it is the line of an account. */
static bool split(char *line, char *part[static PARTS], off_t *table_end)
{
	char *end = NULL;
	intmax_t number;

	for (size_t i = 0; i < PARTS; i++) {
		part[i] = strsep(&line, "\t");
		if (!part[i] || !*part[i])
			return false;
	}
	errno = 0;
	number = strtoimax(part[4], &end, 10);
	*table_end = (off_t)number;
	return !line && strcmp(part[0], "issued") == 0 &&
	       strlen(part[2]) == A2A_ISSUE_ID_SIZE - 1 && !errno && !*end && number >= 0;
}

/* "-" for none. */
static bool name_table(struct a2a_journal *journal, const char *path, off_t line)
{
	char *copy = strcmp(path, "-") == 0 ? NULL : strdup(path);

	if (!copy && strcmp(path, "-") != 0)
		return false;
	free(journal->table);
	journal->table = copy;
	journal->table_end = 0;
	journal->table_line = line;
	return true;
}

/* One line of the file, without its end. */
static bool take_line(struct a2a_journal *journal, char *line, off_t start)
{
	const size_t length = strlen(line);
	char *part[PARTS];
	off_t table_end;

	if (strcmp(line, "again") == 0) {
		forget_all(journal);
		return true;
	}
	if (strncmp(line, table_word, sizeof(table_word) - 1) == 0)
		return name_table(journal, line + sizeof(table_word) - 1, start);
	if (!split(line, part, &table_end) || !remember(journal, part[1], start, length))
		return false;
	if (table_end)
		journal->table_end = table_end;
	return true;
}

/* Removes a last line without a newline: it was not finished, so nothing happened after it. */
static bool cut_end(struct a2a_journal *journal, const struct a2a_log *log)
{
	if (ftruncate(journal->fd, journal->end) || fsync(journal->fd))
		return a2a_fault(log, journal->path, "cannot be written: %s", strerror(errno));
	return true;
}

static bool read_lines(struct a2a_journal *journal, FILE *file, const struct a2a_log *log)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	bool ok = true;

	for (unsigned long number = 1; ok && (length = getline(&line, &room, file)) > 0; number++) {
		const off_t start = journal->end;
		const bool is_whole = line[length - 1] == '\n';

		if (number == 1 && strcmp(line, first_line) != 0 &&
			(is_whole || strncmp(line, first_line, (size_t)length) != 0)) {
			ok = a2a_fault(log, journal->path,
				"is not a journal of this all2all-issue: choose another folder");
			break;
		}
		if (!is_whole)
			break;
		journal->end += length;
		line[length - 1] = '\0';
		if (number > 1 && !take_line(journal, line, start))
			ok = a2a_fault(log, journal->path,
				"line %lu is not understood: if the file was damaged, move it "
				"away, and give only those accounts that have no sheet yet",
				number);
	}
	if (ok && ferror(file))
		ok = a2a_fault(log, journal->path, "cannot be read: %s", strerror(errno));
	free(line);
	return ok && cut_end(journal, log);
}

static bool append(
	struct a2a_journal *journal, const char *text, size_t length, const struct a2a_log *log)
{
	const int error = a2a_folder_write(journal->fd, text, length, journal->end);

	if (error)
		return a2a_fault(log, journal->path, "cannot be written: %s", strerror(error));
	journal->end += (off_t)length;
	return true;
}

/* ---- The file -------------------------------------------------------------------------------- */

static bool take_turn(int fd, const char *path, const struct a2a_log *log)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno != EWOULDBLOCK)
		return a2a_fault(log, path, "cannot be locked: %s", strerror(errno));
	a2a_report(log, A2A_WARNING, path,
		"another all2all-issue is running there: waiting until it ends");
	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			return a2a_fault(log, path, "cannot be locked: %s", strerror(errno));
	return true;
}

bool a2a_journal_sync(const struct a2a_journal *journal, const struct a2a_log *log)
{
	return fdatasync(journal->fd) == 0 ||
	       a2a_fault(log, journal->path, "cannot be written: %s", strerror(errno));
}

struct a2a_journal *a2a_journal_open(
	int folder, const char *name, const char *path, const struct a2a_log *log)
{
	struct a2a_journal *journal = calloc(1, sizeof(*journal));
	FILE *file = NULL;
	bool ok = false;
	int copy;

	if (!journal || !(journal->path = strdup(path))) {
		free(journal);
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	journal->fd = a2a_folder_open_file(folder, name, false, path, log);
	if (journal->fd < 0)
		goto out;
	if (!take_turn(journal->fd, path, log))
		goto out;
	copy = fcntl(journal->fd, F_DUPFD_CLOEXEC, 3);
	file = copy < 0 ? NULL : fdopen(copy, "r");
	if (!file) {
		if (copy >= 0)
			close(copy);
		a2a_fault(log, path, "cannot be read: %s", strerror(errno));
		goto out;
	}
	ok = read_lines(journal, file, log);
	if (ok && journal->end == 0)
		ok = append(journal, first_line, sizeof(first_line) - 1, log) &&
		     a2a_journal_sync(journal, log) &&
		     (fsync(folder) == 0 ||
			     a2a_fault(log, path, "cannot be written: %s", strerror(errno)));
out:
	if (file)
		fclose(file);
	if (ok)
		return journal;
	a2a_journal_close(journal);
	return NULL;
}

void a2a_journal_close(struct a2a_journal *journal)
{
	if (!journal)
		return;
	forget_all(journal);
	if (journal->fd >= 0)
		close(journal->fd);
	free(journal->table);
	free(journal->path);
	free(journal);
}

/* ---- What it knows --------------------------------------------------------------------------- */

void a2a_issued_free(struct a2a_issued *issued)
{
	free(issued->when);
	free(issued->hash);
	*issued = (struct a2a_issued){0};
}

bool a2a_journal_find(const struct a2a_journal *journal, const char *user, bool *found,
	struct a2a_issued *issued, const struct a2a_log *log)
{
	struct known *key = make_known(user);
	struct known *const *place;
	char *line = NULL;
	char *part[PARTS];
	bool ok = false;

	*found = false;
	place = key ? tfind(key, &journal->users, by_user) : NULL;
	free(key);
	if (!place)
		return key ? true : a2a_fault(log, journal->path, "out of memory");
	line = calloc(1, (*place)->length + 1);
	if (!line || pread(journal->fd, line, (*place)->length, (*place)->start) !=
			     (ssize_t)(*place)->length) {
		a2a_fault(log, journal->path, "cannot be read: %s", strerror(errno));
		goto out;
	}
	if (!split(line, part, &issued->table_end) || strcmp(part[1], user) != 0) {
		a2a_fault(log, journal->path, "was changed by somebody else");
		goto out;
	}
	memcpy(issued->id, part[2], A2A_ISSUE_ID_SIZE);
	issued->in_table =
		journal->table && issued->table_end && (*place)->start > journal->table_line;
	issued->when = strdup(part[3]);
	issued->hash = strcmp(part[5], "-") == 0 ? NULL : strdup(part[5]);
	ok = *found = issued->when && (issued->hash || strcmp(part[5], "-") == 0);
	if (!ok)
		a2a_fault(log, journal->path, "out of memory");
out:
	free(line);
	return ok;
}

bool a2a_journal_add(struct a2a_journal *journal, const char *user, const struct a2a_issued *issued,
	const struct a2a_log *log)
{
	const time_t now = time(NULL);
	const off_t start = journal->end;
	char when[32] = "";
	char *line = NULL;
	struct tm utc;
	int length;
	bool ok;

	if (!gmtime_r(&now, &utc) || !strftime(when, sizeof(when), "%FT%TZ", &utc))
		strcpy(when, "?");
	length = asprintf(&line, "issued\t%s\t%s\t%s\t%jd\t%s\n", user, issued->id, when,
		(intmax_t)issued->table_end, issued->hash ? issued->hash : "-");
	if (length < 0)
		return a2a_fault(log, journal->path, "out of memory");
	ok = append(journal, line, (size_t)length, log);
	free(line);
	if (!ok)
		return false;
	if (issued->table_end)
		journal->table_end = issued->table_end;
	return remember(journal, user, start, (size_t)length - 1) ||
	       a2a_fault(log, journal->path, "out of memory");
}

bool a2a_journal_forget(struct a2a_journal *journal, const struct a2a_log *log)
{
	if (!append(journal, "again\n", 6, log) || !a2a_journal_sync(journal, log))
		return false;
	forget_all(journal);
	return true;
}

bool a2a_journal_set_table(struct a2a_journal *journal, const char *path, const struct a2a_log *log)
{
	const off_t start = journal->end;
	char *line = NULL;
	const int length = asprintf(&line, "%s%s\n", table_word, path ? path : "-");
	bool ok;

	if (length < 0)
		return a2a_fault(log, journal->path, "out of memory");
	ok = append(journal, line, (size_t)length, log) && a2a_journal_sync(journal, log) &&
	     (name_table(journal, path ? path : "-", start) ||
		     a2a_fault(log, journal->path, "out of memory"));
	free(line);
	return ok;
}

const char *a2a_journal_table(const struct a2a_journal *journal)
{
	return journal->table;
}

size_t a2a_journal_count(const struct a2a_journal *journal)
{
	return journal->count;
}

off_t a2a_journal_table_end(const struct a2a_journal *journal)
{
	return journal->table_end;
}
