/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A passwd-file of Dovecot's: lines of USER:{SCHEME}HASH:UID:GID:GECOS:HOME:SHELL:EXTRA, of which
 * all behind the hash may be missing.
 *
 * A new password is a new file, which is complete on the disk before it gets the name. Dovecot (db-
 * passwd-file.c of 2.3 and 2.4) looks once a second whether the file has another size or another
 * time of modification, in whole seconds. Two changes within a second leave both as they were, and
 * the old password would go on working: so the time of the new file is later, by a second or more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "backend.h"
#include "folder.h"
#include "stored.h"

enum {
	MOST_BYTES = 256 << 20,
	MOST_ATTRIBUTE = 1 << 16, /* bytes of an extended attribute */
	TRIES = 5,                /* while somebody else changes the file */
	NOTICE = 1100,            /* milliseconds: Dovecot looks once a second */
};

struct passwd_file {
	const char *path;
	const char *base; /* its last part */
	int folder;
	char *lock_name, *new_name; /* in the folder */
	bool by_local_part;
	enum hash_scheme scheme;
	const struct a2a_log *log;
};

/* The file as it was read, and where a user's line is in it. */
struct content {
	struct secret bytes;
	struct stat status;
	const char *line, *line_end; /* NULL: there is none */
};

/* ---- Opening --------------------------------------------------------------------------------- */

static void close_file(void *context)
{
	struct passwd_file *file = context;

	if (file->folder >= 0)
		close(file->folder);
	free(file->lock_name);
	free(file->new_name);
	free(file);
}

static void *open_file(const struct a2a_section *section, const struct a2a_log *log)
{
	struct passwd_file *file;

	if (section->force_change) {
		a2a_fault(log, section->where,
			"no change can be forced on users of a passwd-file: leave --force-change "
			"out");
		return NULL;
	}
	file = calloc(1, sizeof(*file));
	if (!file) {
		a2a_fault(log, section->where, "out of memory");
		return NULL;
	}
	file->path = section->file;
	file->by_local_part = strcmp(section->names, "local-part") == 0;
	file->scheme = section->scheme;
	file->log = log;
	file->folder = a2a_folder_open_around(section->file, &file->base, log);
	if (file->folder < 0) {
		close_file(file);
		return NULL;
	}
	if (asprintf(&file->lock_name, ".%s.all2all-lock", file->base) < 0)
		file->lock_name = NULL;
	if (asprintf(&file->new_name, ".%s.all2all-new", file->base) < 0)
		file->new_name = NULL;
	if (file->lock_name && file->new_name)
		return file;
	a2a_fault(log, section->where, "out of memory");
	close_file(file);
	return NULL;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static bool read_all(int fd, struct content *content)
{
	const size_t size = (size_t)content->status.st_size;
	ssize_t got = 1;

	if (!a2a_secret_reserve(&content->bytes, size)) {
		errno = ENOMEM;
		return false;
	}
	while (content->bytes.length < size && got) {
		got = read(fd, content->bytes.bytes + content->bytes.length,
			size - content->bytes.length);
		if (got < 0 && errno != EINTR)
			return false;
		content->bytes.length += got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* Opens the file and reads it. Returns its descriptor, or -1 with `*why`. Wipe the bytes in any
 * case.
 */
static int read_file(const struct passwd_file *file, struct content *content, char **why)
{
	const int fd = openat(file->folder, file->base,
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

	*content = (struct content){0};
	if (fd < 0 || fstat(fd, &content->status))
		a2a_explain(why, "%s: %s", file->path,
			errno == ELOOP ? "is a symbolic link: name the file itself"
				       : strerror(errno));
	else if (!S_ISREG(content->status.st_mode) || content->status.st_nlink != 1)
		a2a_explain(why, "%s: is not a regular file with one name", file->path);
	else if (content->status.st_size > MOST_BYTES)
		a2a_explain(why, "%s: is larger than 256 MB", file->path);
	else if (!read_all(fd, content))
		a2a_explain(why, "%s: %s", file->path, strerror(errno));
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The bytes of a name that lines begin with. */
static size_t key_length(const struct passwd_file *file, const char *user)
{
	return file->by_local_part ? strcspn(user, "@") : strlen(user);
}

static const char *end_of_line(const struct secret *bytes, const char *line)
{
	const char *end = bytes->bytes + bytes->length;
	const char *found = memchr(line, '\n', (size_t)(end - line));

	return found ? found : end;
}

/*
 * Finds the user's line. Without it, returns NO_SUCH_USER: there is none, there are two, or it is
 * in other letters, with which nobody can log in.
 */
static enum a2a_lookup find_line(
	const struct passwd_file *file, struct content *content, const char *user, char **why)
{
	const size_t length = key_length(file, user);
	const char *end = content->bytes.bytes + content->bytes.length;
	const char *other = NULL, *line_end;

	for (const char *line = content->bytes.bytes; line < end; line = line_end + 1) {
		const size_t taken = (line_end = end_of_line(&content->bytes, line)) - line;

		/* Dovecot takes a # there for a comment. */
		if (*line == '#' || taken < length || strncasecmp(line, user, length) != 0 ||
			(taken > length && line[length] != ':'))
			continue;
		if (strncmp(line, user, length) != 0) {
			other = line;
			continue;
		}
		if (content->line) {
			a2a_explain(why, "%s: the user is there twice: leave one of the lines",
				file->path);
			content->line = NULL;
			return A2A_NO_SUCH_USER;
		}
		content->line = line;
		content->line_end = line_end;
	}
	if (content->line)
		return A2A_FOUND;
	if (other)
		a2a_explain(why,
			"%s has \"%.*s\", with which nobody can log in, as Dovecot looks for small "
			"letters: write it so there",
			file->path, (int)length, other);
	else
		a2a_explain(why, "there is no such user in %s", file->path);
	return A2A_NO_SUCH_USER;
}

/* Returns the field of the line, counted from 0, and its length; "" when it is not there. */
static struct secret field_of(const struct content *content, unsigned number)
{
	const char *field = content->line, *colon;

	for (; number && field; number--) {
		colon = memchr(field, ':', (size_t)(content->line_end - field));
		field = colon ? colon + 1 : NULL;
	}
	if (!field)
		return a2a_secret_borrow("", 0);
	colon = memchr(field, ':', (size_t)(content->line_end - field));
	return a2a_secret_borrow(field, (size_t)((colon ? colon : content->line_end) - field));
}

/* Reads the file and finds the line in it. Returns its descriptor, or -1 with `*why` and `*lookup`.
 */
static int look(const struct passwd_file *file, const char *user, struct content *content,
	enum a2a_lookup *lookup, char **why)
{
	const int fd = read_file(file, content, why);

	*lookup = fd < 0 ? A2A_CANNOT_TELL : find_line(file, content, user, why);
	if (*lookup == A2A_FOUND)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* ---- The account ----------------------------------------------------------------------------- */

static enum a2a_lookup find(
	void *context, const char *user, struct a2a_account *account, char **why)
{
	enum { GECOS = 4 };
	const struct passwd_file *file = context;
	struct content content;
	enum a2a_lookup lookup;
	const int fd = look(file, user, &content, &lookup, why);
	struct secret gecos;

	if (fd >= 0) {
		gecos = field_of(&content, GECOS);
		account->uid = A2A_NO_UID;
		account->name = strdup(user);
		account->names[0] = strndup(gecos.bytes, gecos.length);
		account->count = account->names[0] ? 1 : 0;
		account->full_name =
			account->count ? strndup(account->names[0], strcspn(account->names[0], ","))
				       : NULL;
		if (!account->name || !account->full_name)
			lookup = A2A_CANNOT_TELL;
		close(fd);
	}
	a2a_secret_wipe(&content.bytes);
	return lookup;
}

static enum a2a_verified verify(
	void *context, const char *user, const struct secret *password, char **why)
{
	const struct passwd_file *file = context;
	struct content content;
	enum a2a_lookup lookup;
	const int fd = look(file, user, &content, &lookup, why);
	enum a2a_verified verified = A2A_CANNOT_VERIFY;
	struct secret field, stored = {0};

	if (fd >= 0) {
		field = field_of(&content, 1);
		if (a2a_secret_append(&stored, field.bytes, field.length))
			verified = a2a_stored_verify(&stored, password, why);
		close(fd);
	}
	a2a_secret_wipe(&stored);
	a2a_secret_wipe(&content.bytes);
	return verified;
}

/* ---- Setting --------------------------------------------------------------------------------- */

/* Makes the new file's bytes: the old one's, with another second field in the line. */
static bool make_bytes(
	const struct content *content, const struct secret *hashed, struct secret *bytes)
{
	const struct secret *old = &content->bytes;
	const struct secret user = field_of(content, 0), stored = field_of(content, 1);
	const char *rest = user.bytes + user.length;

	/* A line of the user alone has no second field. */
	if (rest < content->line_end)
		rest = stored.bytes + stored.length;
	return a2a_secret_reserve(bytes, old->length + hashed->length + 1) &&
	       a2a_secret_append(
		       bytes, old->bytes, (size_t)(user.bytes + user.length - old->bytes)) &&
	       a2a_secret_append(bytes, ":", 1) &&
	       a2a_secret_append(bytes, hashed->bytes, hashed->length) &&
	       a2a_secret_append(bytes, rest, (size_t)(old->bytes + old->length - rest));
}

/* Copies the extended attributes, among them access control lists. Returns 0 or an errno value. */
static int copy_attributes(int from, int to)
{
	char names[MOST_ATTRIBUTE];
	char *value = malloc(MOST_ATTRIBUTE);
	ssize_t size = value ? flistxattr(from, names, sizeof(names)) : -1;
	int error = value ? 0 : ENOMEM;

	if (size < 0 && value && errno != ENOTSUP)
		error = errno;
	for (const char *name = names; !error && size > 0 && name < names + size;
		name += strlen(name) + 1) {
		const ssize_t length = fgetxattr(from, name, value, MOST_ATTRIBUTE);

		if (length < 0 || fsetxattr(to, name, value, (size_t)length, 0))
			error = errno;
	}
	free(value);
	return error;
}

/* A time that Dovecot sees to be another than that of the old file. */
static struct timespec later_than(const struct stat *status)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec > status->st_mtim.tv_sec)
		return now;
	return (struct timespec){status->st_mtim.tv_sec + 1, 0};
}

/* Writes the new file, complete and on the disk, with the old one's owner, mode, attributes and a
 * later time. Returns 0 or an errno value. */
static int write_new(int old, int new, const struct stat *status, const struct secret *bytes)
{
	const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, later_than(status)};
	int error = a2a_folder_write(new, bytes->bytes, bytes->length, 0);

	if (!error && fchown(new, status->st_uid, status->st_gid))
		error = errno;
	if (!error && fchmod(new, status->st_mode & 07777))
		error = errno;
	if (!error)
		error = copy_attributes(old, new);
	if (!error && (futimens(new, times) || fsync(new)))
		error = errno;
	return error;
}

/* Whether the file is still the one that was read. */
static bool is_unchanged(const struct passwd_file *file, const struct stat *status)
{
	struct stat now;

	return fstatat(file->folder, file->base, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	       now.st_dev == status->st_dev && now.st_ino == status->st_ino &&
	       now.st_size == status->st_size &&
	       memcmp(&now.st_mtim, &status->st_mtim, sizeof(now.st_mtim)) == 0 &&
	       memcmp(&now.st_ctim, &status->st_ctim, sizeof(now.st_ctim)) == 0;
}

static enum a2a_set give_name(const struct passwd_file *file, char **why)
{
	if (renameat(file->folder, file->new_name, file->folder, file->base)) {
		a2a_explain(why, "%s: the new file cannot be given this name: %s", file->path,
			strerror(errno));
		return A2A_NOT_SET;
	}
	if (fsync(file->folder) == 0)
		return A2A_SET;
	a2a_explain(why,
		"%s: the disk may not have the new file, and after a crash it may be the old one "
		"again: %s",
		file->path, strerror(errno));
	return A2A_SET_UNKNOWN;
}

/* Replaces the file, which was read from `old`. `*again` is set if somebody else changed it. */
static enum a2a_set replace(const struct passwd_file *file, int old, const struct content *content,
	const struct secret *hashed, bool *again, char **why)
{
	struct secret bytes = {0};
	enum a2a_set set = A2A_NOT_SET;
	int new = -1, error = 0;

	if (!make_bytes(content, hashed, &bytes))
		goto out;
	/* One that was left by a process that was killed. */
	unlinkat(file->folder, file->new_name, 0);
	new = openat(file->folder, file->new_name,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	error = new < 0 ? errno : write_new(old, new, &content->status, &bytes);
	*again = !error && !is_unchanged(file, &content->status);
	if (error || *again)
		a2a_explain(why, "%s: a new file cannot be put beside it: %s", file->path,
			error ? strerror(error) : "somebody else changes it all the time");
	else
		set = give_name(file, why);
	if (new >= 0 && set == A2A_NOT_SET)
		unlinkat(file->folder, file->new_name, 0);
	if (new >= 0)
		close(new);
out:
	a2a_secret_wipe(&bytes);
	return set;
}

/* Waits for its turn among the processes that change this file. Returns the lock's descriptor, or
 * -1 with `*why`. Closing it releases the lock. */
static int take_turn(const struct passwd_file *file, char **why)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	const int fd =
		a2a_folder_open_file(file->folder, file->lock_name, false, file->path, file->log);
	int status = -1;

	if (fd >= 0)
		do
			status = fcntl(fd, F_OFD_SETLKW, &lock);
		while (status && errno == EINTR);
	if (status == 0)
		return fd;
	a2a_explain(why, "%s: cannot be locked by %s beside it", file->path, file->lock_name);
	if (fd >= 0)
		close(fd);
	return -1;
}

static enum a2a_set set_hash(
	const struct passwd_file *file, const char *user, const struct secret *hashed, char **why)
{
	enum a2a_set set = A2A_NOT_SET;
	bool again = true;

	for (int i = 0; i < TRIES && again; i++) {
		struct content content;
		enum a2a_lookup lookup;
		const int fd = look(file, user, &content, &lookup, why);

		again = false;
		if (fd >= 0) {
			set = replace(file, fd, &content, hashed, &again, why);
			close(fd);
		}
		a2a_secret_wipe(&content.bytes);
	}
	return set;
}

static enum a2a_set set(void *context, const char *user, const struct secret *password, char **why)
{
	const struct passwd_file *file = context;
	struct secret hashed = {0};
	const char *wrong = hash_password(file->scheme, password, &hashed);
	const int lock = wrong ? -1 : take_turn(file, why);
	enum a2a_set set = A2A_NOT_SET;

	if (wrong)
		a2a_explain(why, "%s", wrong);
	if (lock >= 0) {
		set = set_hash(file, user, &hashed, why);
		close(lock);
	}
	a2a_secret_wipe(&hashed);
	return set;
}

const struct a2a_backend a2a_passwd_file_backend = {.notice = NOTICE,
	.open = open_file,
	.close = close_file,
	.find = find,
	.verify = verify,
	.set = set};
