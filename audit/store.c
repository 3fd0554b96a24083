/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trust.h"

enum {
	VERSION = 1, /* of the schema, in the file's user_version */
	/* Pages of the log after which a writer checkpoints it. The first process that opens the
	 * store reads the whole log, so it is kept short. */
	LOG_PAGES = 128,
	DAY = 24 * 60 * 60,
	PERIOD_SIZE = 16,
	BEGINNINGS = 4, /* tries to make the schema while other processes do the same */
};

/* A login changes one row but writes whole pages, so the pages are small. */
static const char beginning[] = "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL";

static const char schema[] = "CREATE TABLE users ("
			     " user TEXT PRIMARY KEY NOT NULL,"
			     " service TEXT NOT NULL,"
			     " policy TEXT NOT NULL,"
			     " rules TEXT NOT NULL," /* ids with commas; '': good */
			     " since INTEGER NOT NULL,"
			     " last_seen INTEGER NOT NULL,"
			     " notified INTEGER NOT NULL" /* 0: never */
			     ") WITHOUT ROWID;"
			     /* Users seen in a day ('2026-11-22') or a month ('2026-11'), UTC. */
			     "CREATE TABLE counts ("
			     " period TEXT PRIMARY KEY NOT NULL,"
			     " weak INTEGER NOT NULL,"
			     " good INTEGER NOT NULL"
			     ") WITHOUT ROWID;"
			     /* Files of the policy that were verified. */
			     "CREATE TABLE stamps ("
			     " stamp TEXT PRIMARY KEY NOT NULL,"
			     " learnt INTEGER NOT NULL"
			     ") WITHOUT ROWID;";

/*
 * SQLite's default VFS with a limit on all sleeps of a connection together. The busy timeout does
 * not limit them all: when the index of the log is unreadable and its locks are taken, SQLite tries
 * for 10 seconds whatever the timeout is (walTryBeginRead()). Once the limit is used up, a sleep
 * returns at once, so that SQLite comes to the end of its tries.
 */
struct patience {
	sqlite3_vfs vfs; /* the first member: SQLite passes a pointer to it */
	sqlite3_vfs *original;
	int left; /* microseconds */
	char name[32];
};

struct a2a_store {
	sqlite3 *database;
	char *path;
	enum a2a_purpose purpose;
	struct patience patience;
};

static const struct {
	int wait;     /* for a lock, in milliseconds */
	int patience; /* for all locks together, in milliseconds */
	bool make;
	bool leave_log; /* no checkpoint on closing: it would cost time */
} purposes[] = {
	[A2A_AT_LOGIN] = {20, 40, true, true},
	[A2A_AT_CHANGE] = {1000, 2000, false, true},
	[A2A_TO_LOOK_UP] = {5000, 5000, false, true},
	[A2A_FOR_TOOL] = {5000, 20000, false, false},
};

/* ---- Reports --------------------------------------------------------------------------------- */

static bool is_busy(int error)
{
	return (error & 0xff) == SQLITE_BUSY || (error & 0xff) == SQLITE_LOCKED ||
	       (error & 0xff) == SQLITE_PROTOCOL;
}

/* Always false. */
static bool complain(const struct a2a_store *store, const struct a2a_log *log)
{
	int error = sqlite3_extended_errcode(store->database);
	const char *text = sqlite3_errmsg(store->database);

	if (is_busy(error))
		a2a_report(log, A2A_WARNING, store->path, "the audit's store is busy (%s)", text);
	else if (error == SQLITE_NOTADB || (error & 0xff) == SQLITE_CORRUPT)
		a2a_report(log, A2A_FAULT, store->path,
			"the audit's store is damaged (%s): move it away, with -wal and -shm, and "
			"a new one is begun",
			text);
	else
		a2a_report(log, A2A_FAULT, store->path, "the audit's store: %s", text);
	return false;
}

/* ---- The folder and the file ----------------------------------------------------------------- */

/* Returns NULL, or why the file or folder must not be trusted. */
static const char *distrust(const struct stat *status)
{
	if (S_ISLNK(status->st_mode))
		return "is a symbolic link";
	switch (a2a_trust(status)) {
	case A2A_TRUSTED:
		break;
	case A2A_OWNED_BY_OTHERS:
		return "belongs to neither root nor this program's user";
	case A2A_WRITABLE_BY_OTHERS:
		return "may be written by others (chmod go-w)";
	}
	return NULL;
}

/* Returns a descriptor of the folder that the file is in, or -1, having reported. */
static int open_folder(const char *path, bool make, const struct a2a_log *log)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, slash > path ? (size_t)(slash - path) : 1) : NULL;
	const char *wrong = NULL;
	struct stat status;
	int fd = -1;

	if (!folder) {
		a2a_report(log, A2A_FAULT, path, "is not an absolute path");
		return -1;
	}
	if (make && mkdir(folder, 0700) && errno != EEXIST)
		wrong = strerrordesc_np(errno);
	else
		fd = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (!wrong && fd < 0)
		/* With O_DIRECTORY, the error for a symbolic link is ENOTDIR too. */
		wrong = errno == ENOTDIR ? "is no folder, or a symbolic link"
					 : strerrordesc_np(errno);
	else if (!wrong)
		wrong = fstat(fd, &status) ? strerrordesc_np(errno) : distrust(&status);
	if (wrong) {
		a2a_report(log, A2A_FAULT, folder, "the folder of the audit's store: %s", wrong);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	free(folder);
	return fd;
}

/*
 * Checks that the file exists, after making it if it may, and can be trusted. The file is not
 * opened: closing it would release the locks that another thread of this process has on it.
 */
static bool prepare_file(int folder, const char *path, bool make, const struct a2a_log *log)
{
	const char *name = strrchr(path, '/') + 1;
	const char *wrong = NULL;
	struct stat status;

	if (make && mknodat(folder, name, S_IFREG | 0600, 0) && errno != EEXIST)
		wrong = strerrordesc_np(errno);
	else if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW))
		wrong = errno == ENOENT ? "there is none yet" : strerrordesc_np(errno);
	else
		wrong = distrust(&status);
	if (!wrong && !S_ISREG(status.st_mode))
		wrong = "is not a regular file";
	if (wrong)
		a2a_report(log, A2A_FAULT, path, "the audit's store: %s", wrong);
	return !wrong;
}

bool a2a_store_exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

/* ---- Statements ------------------------------------------------------------------------------ */

static bool run(struct a2a_store *store, const char *statements)
{
	return sqlite3_exec(store->database, statements, NULL, NULL, NULL) == SQLITE_OK;
}

/* Returns NULL when it cannot be prepared; release with sqlite3_finalize(). */
static sqlite3_stmt *prepare(struct a2a_store *store, const char *statement)
{
	sqlite3_stmt *prepared = NULL;

	sqlite3_prepare_v2(store->database, statement, -1, &prepared, NULL);
	return prepared;
}

static bool bind_text(sqlite3_stmt *statement, int place, const char *text)
{
	return sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC) == SQLITE_OK;
}

/* Runs a statement without results, and releases it. Returns false when it failed or is NULL. */
static bool finish(sqlite3_stmt *statement, bool is_bound)
{
	bool ok = statement && is_bound && sqlite3_step(statement) == SQLITE_DONE;

	/* The connection keeps the error of the step. */
	sqlite3_finalize(statement);
	return ok;
}

static const char *text_of(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (const char *)text : "";
}

/* ---- Open and close -------------------------------------------------------------------------- */

static int version_of(struct a2a_store *store)
{
	sqlite3_stmt *statement = prepare(store, "PRAGMA user_version");
	int version = -1;

	if (statement && sqlite3_step(statement) == SQLITE_ROW)
		version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return version;
}

/* Makes the tables in an empty file, unless another process has made them meanwhile. */
static bool begin_schema(struct a2a_store *store)
{
	char version[64];

	snprintf(version, sizeof(version), "PRAGMA user_version = %d; COMMIT", VERSION);
	if (!run(store, beginning) || !run(store, "BEGIN IMMEDIATE"))
		return false;
	if (version_of(store) != 0)
		return run(store, "COMMIT");
	return run(store, schema) && run(store, version);
}

static bool check_schema(struct a2a_store *store, bool make, const struct a2a_log *log)
{
	int version = version_of(store);

	/* When two processes begin at once, waiting could be a deadlock, so SQLite returns "busy"
	 * without waiting. */
	for (int i = 0; i < BEGINNINGS && make && version == 0; i++) {
		const struct timespec a_while = {.tv_nsec = 3000000};

		if (!begin_schema(store)) {
			if (!is_busy(sqlite3_extended_errcode(store->database)))
				return complain(store, log);
			if (!sqlite3_get_autocommit(store->database))
				run(store, "ROLLBACK");
			nanosleep(&a_while, NULL);
		}
		version = version_of(store);
	}
	if (version < 0)
		return complain(store, log);
	if (version > VERSION)
		a2a_report(log, A2A_FAULT, store->path,
			"the audit's store is of a newer version (%d) than this program knows (%d)",
			version, VERSION);
	else if (version == 0 && make)
		a2a_report(log, A2A_WARNING, store->path, "the audit's store is busy (being made)");
	else if (version == 0)
		a2a_report(log, A2A_FAULT, store->path,
			"the audit's store: there is nothing in it yet");
	return version == VERSION;
}

static int sleep_less(sqlite3_vfs *vfs, int microseconds)
{
	struct patience *patience = (struct patience *)(void *)vfs;
	const int less = microseconds < patience->left ? microseconds : patience->left;

	patience->left -= less;
	if (less > 0)
		patience->original->xSleep(patience->original, less);
	return microseconds;
}

/* The VFS is registered only while the file is opened; the connection keeps a pointer to it. */
static int open_with_patience(struct a2a_store *store, enum a2a_purpose purpose)
{
	struct patience *patience = &store->patience;
	int error = sqlite3_initialize();

	patience->original = error == SQLITE_OK ? sqlite3_vfs_find(NULL) : NULL;
	if (!patience->original)
		return SQLITE_ERROR;
	patience->left = 1000 * purposes[purpose].patience;
	patience->vfs = *patience->original;
	patience->vfs.pNext = NULL;
	patience->vfs.xSleep = sleep_less;
	snprintf(patience->name, sizeof(patience->name), "a2a-%p", (void *)patience);
	patience->vfs.zName = patience->name;
	if (sqlite3_vfs_register(&patience->vfs, 0) != SQLITE_OK)
		return SQLITE_ERROR;
	error = sqlite3_open_v2(store->path, &store->database,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
		patience->name);
	sqlite3_vfs_unregister(&patience->vfs);
	return error;
}

/*
 * After a commit: checkpoints and empties the log when it is long, unless another process reads it.
 * SQLite's automatic checkpoint (sqlite3_wal_autocheckpoint()) does not empty the log; the next
 * writer would begin the log anew, but it knows that it may do so only while some process keeps the
 * store open. Here mostly no process does, so the log would grow for ever.
 */
static int empty_log(void *context, sqlite3 *database, const char *name, int pages)
{
	const enum a2a_purpose *purpose = context;

	if (pages < LOG_PAGES)
		return SQLITE_OK;
	sqlite3_busy_timeout(database, 0);
	sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(database, purposes[*purpose].wait);
	/* A checkpoint that failed does not undo the commit. */
	return SQLITE_OK;
}

static bool set_up(struct a2a_store *store, enum a2a_purpose purpose)
{
	sqlite3 *database = store->database;

	sqlite3_extended_result_codes(database, 1);
	sqlite3_busy_timeout(database, purposes[purpose].wait);
	store->purpose = purpose;
	sqlite3_wal_hook(database, empty_log, &store->purpose);
	sqlite3_db_config(
		database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, (int)purposes[purpose].leave_log, NULL);
	/* This protects against a file that was made to attack its reader. */
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* In WAL mode, no commit then waits for the disk, and a power failure costs at most the
	 * records of the last logins. */
	return run(store, "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
}

static struct a2a_store *open_database(
	const char *path, enum a2a_purpose purpose, const struct a2a_log *log)
{
	struct a2a_store *store = calloc(1, sizeof(*store));

	if (store)
		store->path = strdup(path);
	if (!store || !store->path) {
		a2a_report(log, A2A_FAULT, path, "out of memory");
		goto fail;
	}
	if (open_with_patience(store, purpose) != SQLITE_OK) {
		if (store->database)
			complain(store, log);
		else
			a2a_report(log, A2A_FAULT, path, "out of memory");
		goto fail;
	}
	if (!set_up(store, purpose)) {
		complain(store, log);
		goto fail;
	}
	if (check_schema(store, purposes[purpose].make, log))
		return store;
fail:
	a2a_store_close(store);
	return NULL;
}

struct a2a_store *a2a_store_open(
	const char *path, enum a2a_purpose purpose, const struct a2a_log *log)
{
	const bool make = purposes[purpose].make;
	struct a2a_store *store = NULL;
	int folder = open_folder(path, make, log);

	if (folder < 0)
		return NULL;
	/* By its path: nobody but its owner and root can put another one there. */
	if (prepare_file(folder, path, make, log))
		store = open_database(path, purpose, log);
	close(folder);
	return store;
}

void a2a_store_close(struct a2a_store *store)
{
	if (!store)
		return;
	sqlite3_close(store->database);
	free(store->path);
	free(store);
}

/* ---- The cache of verified files --------------------------------------------------------------
 */

static bool knows(void *context, const char *stamp)
{
	sqlite3_stmt *statement = prepare(context, "SELECT 1 FROM stamps WHERE stamp = ?1");
	bool known = statement && bind_text(statement, 1, stamp) &&
		     sqlite3_step(statement) == SQLITE_ROW;

	sqlite3_finalize(statement);
	return known;
}

static void learn(void *context, const char *stamp)
{
	sqlite3_stmt *statement =
		prepare(context, "INSERT OR REPLACE INTO stamps VALUES (?1, unixepoch('now'))");

	if (!finish(statement, statement && bind_text(statement, 1, stamp)))
		return;
	/* The oldest stamps belong to files that were replaced long ago. */
	run(context, "DELETE FROM stamps WHERE stamp NOT IN"
		     " (SELECT stamp FROM stamps ORDER BY learnt DESC LIMIT 32)");
}

struct a2a_verified_files a2a_store_verified_files(struct a2a_store *store)
{
	return (struct a2a_verified_files){knows, learn, store};
}

/* ---- Recording ------------------------------------------------------------------------------- */

/* The part of a user's record that decides what must be written. */
struct standing {
	bool known;
	bool weak;
	bool same; /* rules and policy are those of the sighting */
	int64_t since, last_seen, notified;
};

static int64_t day_of(int64_t when)
{
	return when >= 0 ? when / DAY : -1;
}

static bool look_up(struct a2a_store *store, const struct a2a_sighting *sighting, const char *rules,
	struct standing *standing)
{
	sqlite3_stmt *statement = prepare(store,
		"SELECT rules, policy, since, last_seen, notified FROM users WHERE user = ?1");
	int status = SQLITE_ERROR;

	*standing = (struct standing){0};
	if (statement && bind_text(statement, 1, sighting->user))
		status = sqlite3_step(statement);
	if (status == SQLITE_ROW)
		*standing = (struct standing){
			.known = true,
			.weak = *text_of(statement, 0),
			.same = strcmp(text_of(statement, 0), rules) == 0 &&
				strcmp(text_of(statement, 1), sighting->policy) == 0,
			.since = sqlite3_column_int64(statement, 2),
			.last_seen = sqlite3_column_int64(statement, 3),
			.notified = sqlite3_column_int64(statement, 4),
		};
	sqlite3_finalize(statement);
	return status == SQLITE_ROW || status == SQLITE_DONE;
}

/* Writes "2026-11-22" or "2026-11". Returns false for a time that the calendar does not have. */
static bool name_period(int64_t when, enum a2a_period period, char name[static PERIOD_SIZE])
{
	const time_t seconds = (time_t)when;
	struct tm date;

	return gmtime_r(&seconds, &date) &&
	       strftime(name, PERIOD_SIZE, period == A2A_DAYS ? "%Y-%m-%d" : "%Y-%m", &date) > 0;
}

/* Counts a user in a period once, and moves the count when a later sighting differs. */
static bool count(struct a2a_store *store, const struct standing *old, bool weak, int64_t when,
	enum a2a_period period)
{
	char now[PERIOD_SIZE], then[PERIOD_SIZE] = "";
	sqlite3_stmt *statement;
	bool again;

	if (!name_period(when, period, now))
		return true;
	again = old->known && name_period(old->last_seen, period, then) && strcmp(now, then) == 0;
	if (again && old->weak == weak)
		return true;
	/* ?2 and ?3 are added to weak and good. */
	statement = prepare(store,
		"INSERT INTO counts VALUES (?1, max(?2, 0), max(?3, 0)) ON CONFLICT (period)"
		" DO UPDATE SET weak = max(weak + ?2, 0), good = max(good + ?3, 0)");
	return finish(statement, statement && bind_text(statement, 1, now) &&
					 !sqlite3_bind_int(statement, 2, weak ? 1 : -again) &&
					 !sqlite3_bind_int(statement, 3, weak ? -again : 1));
}

static bool write_row(struct a2a_store *store, const struct a2a_sighting *sighting,
	const char *rules, const struct standing *standing)
{
	sqlite3_stmt *statement =
		prepare(store, "INSERT OR REPLACE INTO users"
			       " (user, service, policy, rules, since, last_seen, notified)"
			       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	return finish(statement, statement && bind_text(statement, 1, sighting->user) &&
					 bind_text(statement, 2, sighting->service) &&
					 bind_text(statement, 3, sighting->policy) &&
					 bind_text(statement, 4, rules) &&
					 !sqlite3_bind_int64(statement, 5, standing->since) &&
					 !sqlite3_bind_int64(statement, 6, sighting->when) &&
					 !sqlite3_bind_int64(statement, 7, standing->notified));
}

/* Returns the new content of the row. */
static struct standing advance(
	const struct standing *old, const struct a2a_sighting *sighting, bool weak)
{
	const bool goes_on = old->known && old->weak == weak;

	return (struct standing){
		.known = true,
		.weak = weak,
		.since = goes_on ? old->since : sighting->when,
		.notified = goes_on ? old->notified : 0,
	};
}

/* Writes a sighting, inside a transaction. */
static bool write_sighting(struct a2a_store *store, const struct a2a_sighting *sighting,
	const char *rules, int64_t *since)
{
	const bool weak = *rules;
	struct standing old, new;

	/* Read the row again, now under the lock: another process may have written it meanwhile. */
	if (!look_up(store, sighting, rules, &old))
		return false;
	new = advance(&old, sighting, weak);
	*since = new.since;
	return count(store, &old, weak, sighting->when, A2A_DAYS) &&
	       count(store, &old, weak, sighting->when, A2A_MONTHS) &&
	       write_row(store, sighting, rules, &new);
}

static bool write_down(struct a2a_store *store, const struct a2a_sighting *sighting,
	const char *rules, int64_t *since, const struct a2a_log *log)
{
	if (run(store, "BEGIN IMMEDIATE") && write_sighting(store, sighting, rules, since) &&
		run(store, "COMMIT"))
		return true;
	/* Report before the rollback, which resets the error. */
	complain(store, log);
	if (!sqlite3_get_autocommit(store->database))
		run(store, "ROLLBACK");
	return false;
}

bool a2a_store_record(struct a2a_store *store, const struct a2a_sighting *sighting, int64_t *since,
	const struct a2a_log *log)
{
	char *rules = a2a_verdict_rules(sighting->verdict);
	struct standing standing;
	bool ok = false;

	if (!rules) {
		a2a_report(log, A2A_FAULT, store->path, "out of memory");
		return false;
	}
	if (!look_up(store, sighting, rules, &standing))
		complain(store, log);
	else if (standing.same && day_of(standing.last_seen) == day_of(sighting->when)) {
		*since = standing.since;
		ok = true;
	} else
		ok = write_down(store, sighting, rules, since, log);
	free(rules);
	return ok;
}

bool a2a_store_clear(
	struct a2a_store *store, const struct a2a_sighting *sighting, const struct a2a_log *log)
{
	struct standing standing;
	int64_t since;

	if (!look_up(store, sighting, "", &standing))
		return complain(store, log);
	return !standing.weak || write_down(store, sighting, "", &since, log);
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Copies of the records, because the reader may change the store while they are shown. */
struct records {
	struct a2a_record *record;
	size_t count, room;
};

static void free_records(struct records *records)
{
	for (size_t i = 0; i < records->count; i++) {
		free((char *)(size_t)records->record[i].user);
		free((char *)(size_t)records->record[i].service);
		free((char *)(size_t)records->record[i].policy);
		free((char *)(size_t)records->record[i].rules);
	}
	free(records->record);
}

static bool keep(struct records *records, sqlite3_stmt *row)
{
	struct a2a_record *record;

	if (records->count == records->room) {
		size_t room = records->room ? 2 * records->room : 64;
		struct a2a_record *larger = reallocarray(records->record, room, sizeof(*larger));

		if (!larger)
			return false;
		records->record = larger;
		records->room = room;
	}
	record = &records->record[records->count++];
	*record = (struct a2a_record){
		.user = strdup(text_of(row, 0)),
		.service = strdup(text_of(row, 1)),
		.policy = strdup(text_of(row, 2)),
		.rules = strdup(text_of(row, 3)),
		.since = sqlite3_column_int64(row, 4),
		.last_seen = sqlite3_column_int64(row, 5),
		.notified = sqlite3_column_int64(row, 6),
	};
	return record->user && record->service && record->policy && record->rules;
}

/* Runs the statement, shows its rows to the reader, and releases it. */
static bool show(struct a2a_store *store, sqlite3_stmt *statement, bool is_bound,
	const struct a2a_reader *reader, size_t *shown, const struct a2a_log *log)
{
	struct records records = {0};
	int status = SQLITE_ERROR;
	bool ok = statement && is_bound;

	while (ok && (status = sqlite3_step(statement)) == SQLITE_ROW)
		if (!keep(&records, statement)) {
			a2a_report(log, A2A_FAULT, store->path, "out of memory");
			goto out;
		}
	ok = ok && status == SQLITE_DONE;
	if (!ok)
		complain(store, log);
	sqlite3_finalize(statement);
	statement = NULL;
	*shown = records.count;
	for (size_t i = 0; ok && i < records.count; i++)
		if (!reader->see(reader->context, &records.record[i]))
			break;
out:
	if (statement) {
		sqlite3_finalize(statement);
		ok = false;
	}
	free_records(&records);
	return ok;
}

#define COLUMNS "user, service, policy, rules, since, last_seen, notified"

bool a2a_store_each(struct a2a_store *store, enum a2a_which which, const struct a2a_reader *reader,
	const struct a2a_log *log)
{
	static const char *const statements[] = {
		[A2A_EVERYBODY] = "SELECT " COLUMNS " FROM users ORDER BY since, user",
		[A2A_THE_WEAK] =
			"SELECT " COLUMNS " FROM users WHERE rules <> '' ORDER BY since, user",
	};
	size_t shown;

	return show(store, prepare(store, statements[which]), true, reader, &shown, log);
}

bool a2a_store_find(struct a2a_store *store, const char *user, bool *found,
	const struct a2a_reader *reader, const struct a2a_log *log)
{
	sqlite3_stmt *statement = prepare(store, "SELECT " COLUMNS " FROM users WHERE user = ?1");
	size_t shown = 0;
	bool ok = show(
		store, statement, statement && bind_text(statement, 1, user), reader, &shown, log);

	*found = shown > 0;
	return ok;
}

/* ---- Changes by the tool --------------------------------------------------------------------- */

/* Runs and releases a statement; `*changed` tells whether it changed a row. */
static bool change(struct a2a_store *store, sqlite3_stmt *statement, bool is_bound, bool *changed,
	const struct a2a_log *log)
{
	if (!finish(statement, is_bound))
		return complain(store, log);
	*changed = sqlite3_changes(store->database) > 0;
	return true;
}

bool a2a_store_forget(
	struct a2a_store *store, const char *user, bool *found, const struct a2a_log *log)
{
	sqlite3_stmt *statement = prepare(store, "DELETE FROM users WHERE user = ?1");

	return change(store, statement, statement && bind_text(statement, 1, user), found, log);
}

bool a2a_store_take_notice(struct a2a_store *store, const char *user, int64_t when, int64_t before,
	bool *taken, const struct a2a_log *log)
{
	sqlite3_stmt *statement = prepare(store, "UPDATE users SET notified = ?2 WHERE user = ?1"
						 " AND rules <> '' AND notified <= ?3");

	return change(store, statement,
		statement && bind_text(statement, 1, user) &&
			!sqlite3_bind_int64(statement, 2, when) &&
			!sqlite3_bind_int64(statement, 3, before),
		taken, log);
}

bool a2a_store_return_notice(
	struct a2a_store *store, const char *user, int64_t notified, const struct a2a_log *log)
{
	sqlite3_stmt *statement = prepare(store, "UPDATE users SET notified = ?2 WHERE user = ?1");
	bool changed;

	return change(store, statement,
		statement && bind_text(statement, 1, user) &&
			!sqlite3_bind_int64(statement, 2, notified),
		&changed, log);
}

bool a2a_store_count(struct a2a_store *store, enum a2a_period period, unsigned most,
	bool (*see)(void *context, const struct a2a_count *count), void *context,
	const struct a2a_log *log)
{
	static const int lengths[] = {[A2A_DAYS] = 10, [A2A_MONTHS] = 7};
	sqlite3_stmt *statement = prepare(store,
		"SELECT * FROM (SELECT period, weak, good FROM counts WHERE length(period) = ?1"
		" ORDER BY period DESC LIMIT ?2) ORDER BY period");
	int status = SQLITE_ERROR;

	if (statement && !sqlite3_bind_int(statement, 1, lengths[period]) &&
		!sqlite3_bind_int64(statement, 2, most))
		while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
			const struct a2a_count found = {
				.period = text_of(statement, 0),
				.weak = sqlite3_column_int64(statement, 1),
				.good = sqlite3_column_int64(statement, 2),
			};

			if (!see(context, &found)) {
				status = SQLITE_DONE;
				break;
			}
		}
	if (status != SQLITE_DONE)
		complain(store, log);
	sqlite3_finalize(statement);
	return status == SQLITE_DONE;
}
