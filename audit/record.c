/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "file.h"
#include "folder.h"
#include "number.h"
#include "signals.h"
#include "trust.h"

enum {
	MOST_BYTES = 4096, /* of a file, and less than that */
	USER_SIZE = 2048,  /* of an encoded name in a file */
	SERVICE_SIZE = 256,
	LONGEST_NAME = 200, /* of a file; a longer one is shortened to its hash */
	NAME_SIZE = LONGEST_NAME + 8,
	LEVELS = 2,   /* of folders below the top */
	FAN = 64,     /* folders in a folder */
	WRITING = 60, /* seconds after which the writer of a file must have been killed */
	MOST_MARKS = 32,
	DAY = 24 * 60 * 60,
};

/* The end of the year 9999: no time in a file is later. */
static const int64_t LATEST = 253402300799;

static const char hexadecimal[] = "0123456789abcdef";

/* ---- Descriptors ----------------------------------------------------------------------------- */

/* Keeps errno. */
static void close_any(int fd)
{
	const int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

/* Returns 0, or why an opened file or folder is not taken, as an errno value. */
static int distrust(int fd, mode_t type)
{
	struct stat status;

	if (fstat(fd, &status))
		return errno;
	if ((status.st_mode & S_IFMT) != type)
		return type == S_IFDIR ? ENOTDIR : EBADMSG;
	/* Only root may know who has a weak password. */
	if (a2a_trust(&status) != A2A_TRUSTED || status.st_mode & (S_IRWXG | S_IRWXO))
		return EPERM;
	return 0;
}

/* Returns a descriptor of a folder, after making it if it is missing and may be made; or -1 with
 * errno. */
static int find_folder(int above, const char *name, bool make)
{
	const int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(above, name, flags);

	if (fd < 0 && errno == ENOENT && make) {
		if (mkdirat(above, name, 0700) && errno != EEXIST)
			return -1;
		fd = openat(above, name, flags);
	}
	return a2a_above_standard(fd);
}

/* Does the same for a folder that only its owner may enter. */
static int open_folder(int above, const char *name, bool make)
{
	int fd = find_folder(above, name, make);
	const int error = fd < 0 ? errno : distrust(fd, S_IFDIR);

	if (!error)
		return fd;
	close_any(fd);
	errno = error;
	return -1;
}

/* ---- Reports --------------------------------------------------------------------------------- */

static const char *reason(int error)
{
	switch (error) {
	case EBADMSG:
	case ENXIO: /* a socket, or a device without a driver */
		return "this is no record of all2all's";
	case ELOOP:
		return "this is a symbolic link";
	case ENOTDIR:
		return "this is no folder, or a symbolic link";
	case EPERM:
		return "it must belong to root or to the program's user, and nobody else may "
		       "read or write it (chmod go=)";
	case EFBIG:
		return "the program may not write a file of this size (RLIMIT_FSIZE)";
	case ENAMETOOLONG:
		return "the name of the user is too long";
	default:
		return strerrordesc_np(error) ? strerrordesc_np(error) : "cannot be opened";
	}
}

/* The place of a user's file: FOLDER/level[0]/level[1]/name. */
struct place {
	char level[LEVELS][3];
	char name[NAME_SIZE];
	char temporary[NAME_SIZE + 1];
};

/* `place` may be NULL (the folder itself), or end at a folder. Always false. */
static bool complain(const struct a2a_log *log, const struct a2a_record_folder *folder,
	const struct place *place, const char *what, int error)
{
	const char *const parts[] = {place ? place->level[0] : "", place ? place->level[1] : "",
		place ? place->name : ""};
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", folder->path);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && *parts[i]; i++) {
		const size_t length = strlen(path);

		snprintf(path + length, sizeof(path) - length, "/%s", parts[i]);
	}
	a2a_report(log, A2A_WARNING, path, "the audit's record %s: %s", what, reason(error));
	return false;
}

/* ---- The folder ------------------------------------------------------------------------------ */

/* Returns a descriptor of the folder that the records' folder is in. Others may enter it, but not
 * write to it. Returns -1 with errno, which is 0 when the reason was reported. */
static int open_around(char *path, bool make, const struct a2a_log *log)
{
	char *slash = strrchr(path, '/');
	struct stat status;
	int fd;

	*slash = '\0';
	fd = find_folder(AT_FDCWD, slash > path ? path : "/", make);
	if (fd >= 0 && (fstat(fd, &status) || a2a_trust(&status) != A2A_TRUSTED)) {
		a2a_report(log, A2A_WARNING, path,
			"the folder around the audit's record must belong to root or to the "
			"program's user, and nobody else may write to it (chmod go-w)");
		close(fd);
		fd = -1;
		errno = 0;
	}
	*slash = '/';
	return fd;
}

bool a2a_record_open(
	struct a2a_record_folder *folder, const char *store, bool make, const struct a2a_log *log)
{
	int around;

	*folder = (struct a2a_record_folder){.fd = -1};
	if (!strrchr(store, '/'))
		return a2a_fault(log, store, "is not an absolute path");
	if (asprintf(&folder->path, "%s.logins", store) < 0) {
		folder->path = NULL;
		return a2a_fault(log, store, "out of memory");
	}
	around = open_around(folder->path, make, log);
	if (around >= 0)
		folder->fd = open_folder(around, strrchr(folder->path, '/') + 1, make);
	close_any(around);
	if (folder->fd >= 0 || (!make && (errno == ENOENT || errno == EACCES)))
		return true;
	return errno && complain(log, folder, NULL, "cannot be used", errno);
}

void a2a_record_close(struct a2a_record_folder *folder)
{
	close_any(folder->fd);
	free(folder->path);
	*folder = (struct a2a_record_folder){.fd = -1};
}

/* ---- Names ----------------------------------------------------------------------------------- */

static bool is_plain(char byte, bool is_first)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '@' || byte == '_' || byte == '+' ||
	       byte == '-' || (byte == '.' && !is_first);
}

/* Writes the encoded text, with a NUL. Returns false when there is no room for it. */
static bool encode(const char *text, char *encoded, size_t size)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *const start = text;

	for (; *text; text++) {
		const unsigned char byte = (unsigned char)*text;
		const size_t length = is_plain(*text, text == start) ? 1 : 3;

		if (size <= length)
			return false;
		if (length == 1)
			encoded[0] = *text;
		else {
			encoded[0] = '%';
			encoded[1] = digits[byte >> 4];
			encoded[2] = digits[byte & 15];
		}
		encoded += length;
		size -= length;
	}
	*encoded = '\0';
	return true;
}

static int digit_of(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Decodes a text in place. Returns false when a % is not followed by a byte. */
static bool decode(char *text)
{
	char *end = text;

	for (; *text; text++, end++) {
		int high, low;

		*end = *text;
		if (*text != '%')
			continue;
		high = digit_of(text[1]);
		low = high < 0 ? -1 : digit_of(text[2]);
		if (low < 0 || high + low == 0)
			return false;
		*end = (char)(high << 4 | low);
		text += 2;
	}
	*end = '\0';
	return true;
}

static struct place place_of(const char *user)
{
	const XXH128_hash_t hash = XXH3_128bits(user, strlen(user));
	struct place place;

	snprintf(place.level[0], sizeof(place.level[0]), "%02x", (unsigned)(hash.low64 % FAN));
	snprintf(
		place.level[1], sizeof(place.level[1]), "%02x", (unsigned)(hash.low64 / FAN % FAN));
	/* An empty name is none of a file either. */
	if (!*user || !encode(user, place.name, LONGEST_NAME))
		snprintf(place.name, sizeof(place.name), "~%016" PRIx64 "%016" PRIx64,
			(uint64_t)hash.high64, (uint64_t)hash.low64);
	snprintf(place.temporary, sizeof(place.temporary), ".%s", place.name);
	return place;
}

/* Returns a descriptor of the folder that a user's file is in, or -1 with errno. */
static int open_place(const struct a2a_record_folder *folder, const struct place *place, bool make)
{
	int upper, lower;

	if (folder->fd < 0) {
		errno = ENOENT;
		return -1;
	}
	upper = open_folder(folder->fd, place->level[0], make);
	lower = upper < 0 ? -1 : open_folder(upper, place->level[1], make);
	close_any(upper);
	return lower;
}

/* ---- Reading --------------------------------------------------------------------------------- */

enum line { FORMAT, USER, SERVICE, POLICY, RULES, SINCE, SEEN, DAYS, LINES };

static const char *const keys[LINES] = {
	[FORMAT] = "all2all-audit",
	[USER] = "user",
	[SERVICE] = "service",
	[POLICY] = "policy",
	[RULES] = "rules",
	[SINCE] = "since",
	[SEEN] = "seen",
	[DAYS] = "days",
};

static const char format_version[] = "1";

/* The bytes of a file, which the texts of the record point into. */
struct text {
	char bytes[MOST_BYTES];
	struct a2a_login_record login;
};

/* Splits lines "KEY VALUE" in place. Returns false when they are not exactly those of a record. */
static bool split(char *at, char *value[static LINES])
{
	for (int i = 0; i < LINES; i++) {
		const size_t length = strlen(keys[i]);
		char *end = strchr(at, '\n');

		if (!end || strncmp(at, keys[i], length) != 0 || at[length] != ' ')
			return false;
		*end = '\0';
		value[i] = at + length + 1;
		at = end + 1;
	}
	return !*at;
}

/* Reads "20453w 20454g". */
static bool take_days(struct a2a_login_record *login, char *text)
{
	char *word;

	for (login->days = 0; (word = strsep(&text, " ")); login->days++) {
		const size_t length = strlen(word);
		const char result = length ? word[length - 1] : '\0';
		int64_t day;

		if (login->days == A2A_RECORD_DAYS || (result != 'w' && result != 'g'))
			return false;
		word[length - 1] = '\0';
		if (!a2a_number_parse(word, 0, LATEST / DAY, &day))
			return false;
		login->day[login->days] = (struct a2a_record_day){(int32_t)day, result == 'w'};
	}
	return true;
}

static bool parse(struct text *text, size_t length)
{
	struct a2a_record *record = &text->login.record;
	char *value[LINES];

	if (length >= MOST_BYTES)
		return false;
	text->bytes[length] = '\0';
	if (strlen(text->bytes) != length || !split(text->bytes, value) ||
		strcmp(value[FORMAT], format_version) != 0)
		return false;
	if (!decode(value[USER]) || !decode(value[SERVICE]) ||
		value[POLICY][strspn(value[POLICY], hexadecimal)] ||
		value[RULES][strspn(value[RULES], "abcdefghijklmnopqrstuvwxyz0123456789-,")])
		return false;
	*record = (struct a2a_record){
		.user = value[USER],
		.service = value[SERVICE],
		.policy = value[POLICY],
		.rules = value[RULES],
	};
	return a2a_number_parse(value[SINCE], 0, LATEST, &record->since) &&
	       a2a_number_parse(value[SEEN], 0, LATEST, &record->last_seen) &&
	       take_days(&text->login, value[DAYS]);
}

/*
 * Reads the file of that name. Returns 0, ENOENT, another errno value, or EBADMSG: it is no record,
 * or that of a user whose file has another name.
 */
static int read_record(int folder, const char *name, struct text *text)
{
	/* With O_NONBLOCK, a FIFO does not wait for its writer. */
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
	int fd = a2a_above_standard(openat(folder, name, flags));
	int error = fd < 0 ? errno : distrust(fd, S_IFREG);
	ssize_t length = 0;

	if (!error) {
		length = read(fd, text->bytes, sizeof(text->bytes));
		error = length < 0 ? errno : 0;
	}
	close_any(fd);
	if (!error && (!parse(text, (size_t)length) ||
			      strcmp(place_of(text->login.record.user).name, name) != 0))
		error = EBADMSG;
	return error;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* Appends to the bytes of a file. Returns the new length, which is MOST_BYTES when they are full.
 */
__attribute__((format(printf, 3, 4))) static size_t append(
	char *bytes, size_t length, const char *format, ...)
{
	va_list arguments;
	int added;

	va_start(arguments, format);
	added = vsnprintf(bytes + length, MOST_BYTES - length, format, arguments);
	va_end(arguments);
	return added < 0 || (size_t)added >= MOST_BYTES - length ? MOST_BYTES
								 : length + (size_t)added;
}

/* Writes the bytes of a record. Returns their number, or MOST_BYTES when there is no room. */
static size_t format_record(const struct a2a_login_record *login, char bytes[static MOST_BYTES])
{
	const struct a2a_record *record = &login->record;
	char user[USER_SIZE], service[SERVICE_SIZE];
	size_t length = 0;

	if (!encode(record->user, user, sizeof(user)) ||
		!encode(record->service, service, sizeof(service)))
		return MOST_BYTES;
	length = append(bytes, length, "%s %s\n%s %s\n%s %s\n", keys[FORMAT], format_version,
		keys[USER], user, keys[SERVICE], service);
	length = append(bytes, length, "%s %s\n%s %s\n", keys[POLICY], record->policy, keys[RULES],
		record->rules);
	length = append(bytes, length, "%s %" PRId64 "\n%s %" PRId64 "\n%s", keys[SINCE],
		record->since, keys[SEEN], record->last_seen, keys[DAYS]);
	for (size_t i = 0; i < login->days; i++)
		length = append(bytes, length, " %" PRId32 "%c", login->day[i].day,
			login->day[i].weak ? 'w' : 'g');
	return append(bytes, length, "\n");
}

/* Tells whether a temporary file is nobody's any more: its writer was killed. */
static bool is_abandoned(int folder, const char *name)
{
	struct stat status;

	return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (!S_ISREG(status.st_mode) || llabs(time(NULL) - status.st_mtime) > WRITING);
}

/* Makes the temporary file. Returns its descriptor, or -1 with errno: EEXIST while somebody else
 * writes the same record. */
static int open_temporary(int folder, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(folder, name, flags, 0600);

	if (fd < 0 && errno == EEXIST && is_abandoned(folder, name)) {
		if (unlinkat(folder, name, 0))
			return -1;
		fd = openat(folder, name, flags, 0600);
	}
	return a2a_above_standard(fd);
}

/* Writes a record under its temporary name and renames it. Returns 0 or an errno value. */
static int replace(
	int folder, const struct place *place, const char *bytes, size_t length, bool only_new)
{
	int fd = open_temporary(folder, place->temporary), error;
	struct stat status;

	if (fd < 0)
		return errno;
	/* The program's umask may be any. */
	error = fchmod(fd, 0600) ? errno : a2a_folder_write(fd, bytes, length, 0);
	close(fd);
	if (!error && only_new && fstatat(folder, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0)
		error = EEXIST;
	if (!error && renameat(folder, place->temporary, folder, place->name))
		error = errno;
	if (error)
		unlinkat(folder, place->temporary, 0);
	return error;
}

/*
 * With `only_new`, a record that is there stays. Returns 0 or an errno value. When somebody else
 * writes the record at the same moment, that is as good.
 */
static int write_record(
	int folder, const struct place *place, const struct a2a_login_record *login, bool only_new)
{
	char bytes[MOST_BYTES];
	const size_t length = format_record(login, bytes);
	struct a2a_held_signals held;
	int error;

	if (length >= MOST_BYTES)
		return ENAMETOOLONG;
	a2a_signals_hold(&held);
	error = replace(folder, place, bytes, length, only_new);
	a2a_signals_release(&held);
	return error == EEXIST ? 0 : error;
}

/* ---- A login --------------------------------------------------------------------------------- */

int32_t a2a_record_day_of(int64_t when)
{
	return (int32_t)(when / DAY);
}

/* Adds what was found on a day, or replaces what was found before on the same day. */
static void add_day(struct a2a_login_record *login, int32_t day, bool weak)
{
	if (login->days && login->day[login->days - 1].day == day)
		login->days--;
	if (login->days == A2A_RECORD_DAYS)
		memmove(login->day, login->day + 1, --login->days * sizeof(login->day[0]));
	login->day[login->days++] = (struct a2a_record_day){day, weak};
}

/* Returns the new record; `old` is NULL when there is none. */
static struct a2a_login_record advance(
	const struct a2a_login_record *old, const struct a2a_sighting *sighting, const char *rules)
{
	const bool goes_on = old && !*old->record.rules == !*rules;
	struct a2a_login_record new = {0};

	if (old)
		new = *old;
	new.record = (struct a2a_record){
		.user = sighting->user,
		.service = sighting->service,
		.policy = sighting->policy,
		.rules = rules,
		.since = goes_on ? old->record.since : sighting->when,
		.last_seen = sighting->when,
	};
	add_day(&new, a2a_record_day_of(sighting->when), *rules);
	return new;
}

/* Tells whether the record has nothing new to learn from a sighting. */
static bool is_known(
	const struct a2a_record *record, const struct a2a_sighting *sighting, const char *rules)
{
	return strcmp(record->rules, rules) == 0 && strcmp(record->policy, sighting->policy) == 0 &&
	       a2a_record_day_of(record->last_seen) == a2a_record_day_of(sighting->when);
}

/*
 * Reads the record of a user. `*old` becomes NULL when there is none, or when a file that is none
 * is to be replaced. Returns false, having reported, when it cannot be told.
 */
static bool look_up(const struct a2a_record_folder *folder, int fd, const struct place *place,
	struct text *text, const struct a2a_login_record **old, const struct a2a_log *log)
{
	const int error = read_record(fd, place->name, text);

	*old = error ? NULL : &text->login;
	switch (error) {
	case EBADMSG:
	case ELOOP:
	case ENXIO:
		complain(log, folder, place, "is started again", error);
		return true;
	case ENOENT:
	case 0:
		return true;
	default:
		return complain(log, folder, place, "cannot be read", error);
	}
}

static bool record_login(const struct a2a_record_folder *folder,
	const struct a2a_sighting *sighting, const char *rules, int64_t *since,
	const struct a2a_log *log)
{
	const struct place place = place_of(sighting->user);
	int fd = open_place(folder, &place, true), error;
	const struct a2a_login_record *old;
	struct a2a_login_record new;
	struct text text;
	bool ok;

	if (fd < 0)
		return complain(log, folder, &place, "cannot be written", errno);
	ok = look_up(folder, fd, &place, &text, &old, log);
	if (!ok)
		goto out;
	if (old && is_known(&old->record, sighting, rules)) {
		*since = old->record.since;
		goto out;
	}
	new = advance(old, sighting, rules);
	*since = new.record.since;
	error = write_record(fd, &place, &new, false);
	if (error) {
		complain(log, folder, &place, "cannot be written", error);
		/* What was known before is still true. */
		ok = old && old->record.since == new.record.since;
	}
out:
	close(fd);
	return ok;
}

bool a2a_record_login(const struct a2a_record_folder *folder, const struct a2a_sighting *sighting,
	int64_t *since, const struct a2a_log *log)
{
	char *rules = a2a_verdict_rules(sighting->verdict);
	bool ok;

	if (!rules)
		return a2a_fault(log, folder->path, "out of memory");
	ok = record_login(folder, sighting, rules, since, log);
	free(rules);
	return ok;
}

bool a2a_record_clear(const struct a2a_record_folder *folder, const struct a2a_sighting *sighting,
	const struct a2a_log *log)
{
	const struct place place = place_of(sighting->user);
	int fd = open_place(folder, &place, false), error = 0;
	const struct a2a_login_record *old;
	struct a2a_login_record new;
	struct text text;
	bool ok;

	if (fd < 0)
		return errno == ENOENT || complain(log, folder, &place, "cannot be written", errno);
	ok = look_up(folder, fd, &place, &text, &old, log);
	if (ok && old && *old->record.rules) {
		new = advance(old, sighting, "");
		error = write_record(fd, &place, &new, false);
	}
	close(fd);
	return error ? complain(log, folder, &place, "cannot be written", error) : ok;
}

/* ---- The cache of verified files ------------------------------------------------------------- */

static bool is_mark(const char *name)
{
	return *name && strlen(name) < A2A_STAMP_SIZE && !name[strspn(name, hexadecimal)];
}

/* Returns a descriptor of the folder of the marks, or -1. */
static int open_marks(const struct a2a_record_folder *folder, bool make)
{
	return folder->fd < 0 ? -1 : open_folder(folder->fd, "marks", make);
}

static bool has_mark(void *context, const char *stamp)
{
	int fd = is_mark(stamp) ? open_marks(context, false) : -1;
	struct stat status;
	bool has;

	if (fd < 0)
		return false;
	has = fstatat(fd, stamp, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
	close(fd);
	return has;
}

/* Returns the entries of a folder, or NULL with errno. */
static DIR *read_folder(int folder)
{
	/* `folder` is only a path (O_PATH), which cannot be read. */
	int fd = a2a_above_standard(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);

	if (!entries)
		close_any(fd);
	return entries;
}

/* Removes the marks when they are many: most of them belong to files that were replaced. */
static void limit_marks(int folder)
{
	DIR *entries = read_folder(folder);
	const struct dirent *entry;
	size_t count = 0;

	if (!entries)
		return;
	while ((entry = readdir(entries)))
		count += is_mark(entry->d_name);
	rewinddir(entries);
	while (count >= MOST_MARKS && (entry = readdir(entries)))
		if (is_mark(entry->d_name))
			unlinkat(folder, entry->d_name, 0);
	closedir(entries);
}

static void add_mark(void *context, const char *stamp)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = is_mark(stamp) ? open_marks(context, true) : -1;

	if (fd < 0)
		return;
	limit_marks(fd);
	close_any(openat(fd, stamp, flags, 0600));
	close(fd);
}

struct a2a_verified_files a2a_record_verified_files(struct a2a_record_folder *folder)
{
	return (struct a2a_verified_files){has_mark, add_mark, folder};
}

/* ---- For the tools --------------------------------------------------------------------------- */

bool a2a_record_find(const struct a2a_record_folder *folder, const char *user, bool *found,
	const struct a2a_record_reader *reader, const struct a2a_log *log)
{
	const struct place place = place_of(user);
	int fd = open_place(folder, &place, false), error;
	struct text text;

	error = fd < 0 ? errno : read_record(fd, place.name, &text);
	close_any(fd);
	*found = !error;
	if (*found)
		reader->see(reader->context, &text.login);
	return !error || error == ENOENT || complain(log, folder, &place, "cannot be read", error);
}

/* Waits until nobody writes the file of a user. After a second, its writer must have been killed.
 */
static void wait_for_writer(int folder, const struct place *place)
{
	const struct timespec a_while = {.tv_nsec = 10000000};
	struct stat status;
	int tries = 100;

	while (fstatat(folder, place->temporary, &status, AT_SYMLINK_NOFOLLOW) == 0)
		if (tries-- > 0)
			nanosleep(&a_while, NULL);
		else if (unlinkat(folder, place->temporary, 0))
			break;
}

bool a2a_record_add(const struct a2a_record_folder *folder, const struct a2a_login_record *login,
	const struct a2a_log *log)
{
	const struct place place = place_of(login->record.user);
	int fd = open_place(folder, &place, true), error;

	if (fd >= 0)
		wait_for_writer(fd, &place);
	error = fd < 0 ? errno : write_record(fd, &place, login, true);
	close_any(fd);
	return !error || complain(log, folder, &place, "cannot be written", error);
}

bool a2a_record_forget(const struct a2a_record_folder *folder, const char *user, bool *found,
	const struct a2a_log *log)
{
	const struct place place = place_of(user);
	const char *const names[] = {place.name, place.temporary};
	int fd = open_place(folder, &place, false);
	int error = fd < 0 && errno != ENOENT ? errno : 0;

	*found = false;
	for (size_t i = 0; fd >= 0 && i < sizeof(names) / sizeof(names[0]); i++)
		if (unlinkat(fd, names[i], 0) == 0)
			*found = true;
		else if (errno != ENOENT)
			error = errno;
	close_any(fd);
	return !error || complain(log, folder, &place, "cannot be removed", error);
}

/* A walk over all files. */
struct walk {
	const struct a2a_record_folder *folder;
	const struct a2a_record_reader *reader;
	const struct a2a_record_progress *progress;
	const struct a2a_log *log;
	struct place place;    /* where the walk is */
	unsigned done[LEVELS]; /* folders that it has left, of each level */
	size_t records;
	bool is_over;
};

static void see_file(struct walk *walk, int folder, const char *name)
{
	struct text text;
	int error;

	if (*name == '.') {
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && is_abandoned(folder, name))
			unlinkat(folder, name, 0);
		return;
	}
	snprintf(walk->place.name, sizeof(walk->place.name), "%s", name);
	error = read_record(folder, name, &text);
	walk->records++;
	if (!error)
		walk->is_over = !walk->reader->see(walk->reader->context, &text.login);
	else if (error != ENOENT)
		complain(walk->log, walk->folder, &walk->place, "is left out", error);
}

/* The users are spread evenly over the folders, so that those which are left say how many they are.
 */
static void tell(const struct walk *walk)
{
	double share = 0, whole = 1;

	if (!walk->progress)
		return;
	for (int i = 0; i < LEVELS; i++) {
		whole /= FAN;
		share += walk->done[i] * whole;
	}
	walk->progress->tell(walk->progress->context, walk->records, share < 1 ? share : 1);
}

/* Walks over a folder of that level. Returns 0, or the errno value when it cannot be read. */
static int walk_folder(struct walk *walk, int folder, int level)
{
	DIR *entries = read_folder(folder);
	const struct dirent *entry;
	int error;

	if (!entries)
		return errno;
	for (errno = 0; !walk->is_over && (entry = readdir(entries)); errno = 0) {
		int below, wrong;

		if (level == LEVELS) {
			see_file(walk, folder, entry->d_name);
			continue;
		}
		if (strlen(entry->d_name) != 2 || strspn(entry->d_name, hexadecimal) != 2)
			continue;
		memcpy(walk->place.level[level], entry->d_name, 3);
		below = open_folder(folder, entry->d_name, false);
		wrong = below < 0 ? errno : walk_folder(walk, below, level + 1);
		close_any(below);
		for (int i = level + 1; i < LEVELS; i++)
			walk->done[i] = 0;
		walk->done[level]++;
		tell(walk);
		if (wrong) {
			walk->place.name[0] = '\0';
			if (level + 1 < LEVELS)
				walk->place.level[1][0] = '\0';
			complain(walk->log, walk->folder, &walk->place, "is left out", wrong);
		}
	}
	error = walk->is_over ? 0 : errno;
	closedir(entries);
	return error;
}

bool a2a_record_each(const struct a2a_record_folder *folder, const struct a2a_record_reader *reader,
	const struct a2a_record_progress *progress, const struct a2a_log *log)
{
	struct walk walk = {.folder = folder, .reader = reader, .progress = progress, .log = log};
	const int error = folder->fd < 0 ? 0 : walk_folder(&walk, folder->fd, 0);

	return !error || complain(log, folder, NULL, "cannot be read", error);
}
