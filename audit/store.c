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
#include <time.h>
#include <unistd.h>

#include "trust.h"

enum {
	VERSION = 2,  /* of the schema, in the file's user_version */
	WAIT = 20000, /* for another process, in milliseconds */
	DAY = 24 * 60 * 60,
	PERIOD_SIZE = 16,
	BEGINNINGS = 100, /* tries to make the schema while other processes do the same */
	BATCH = 256,      /* records that are folded in one transaction */
};

static const char schema[] =
	"CREATE TABLE users ("
	" user TEXT PRIMARY KEY NOT NULL,"
	" service TEXT NOT NULL,"
	" policy TEXT NOT NULL,"
	" rules TEXT NOT NULL," /* ids with commas; '': good */
	" since INTEGER NOT NULL,"
	" last_seen INTEGER NOT NULL,"
	" notified INTEGER NOT NULL," /* 0: never */
	/* The last day that is in the counts (since 1970; 0: none), and how. */
	" counted INTEGER NOT NULL DEFAULT 0,"
	" counted_weak INTEGER NOT NULL DEFAULT 0"
	") WITHOUT ROWID;"
	/* Users seen in a day ('2026-11-22') or a month ('2026-11'), UTC. */
	"CREATE TABLE counts ("
	" period TEXT PRIMARY KEY NOT NULL,"
	" weak INTEGER NOT NULL,"
	" good INTEGER NOT NULL"
	") WITHOUT ROWID;"
	"PRAGMA user_version = 2;";

/* In version 1, logins wrote to the database themselves. */
static const char changes[] =
	"ALTER TABLE users ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE users ADD COLUMN counted_weak INTEGER NOT NULL DEFAULT 0;"
	"UPDATE users SET counted = last_seen / 86400, counted_weak = rules <> '';"
	"DROP TABLE IF EXISTS stamps;"
	"PRAGMA user_version = 2;";

struct a2a_store {
	sqlite3 *database;
	char *path;
	struct a2a_record_folder logins;
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
			"a new one is made from the records of the logins",
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
static int open_folder(const char *path, const struct a2a_log *log)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, slash > path ? (size_t)(slash - path) : 1) : NULL;
	const char *wrong = NULL;
	struct stat status;
	int fd;

	if (!folder) {
		a2a_report(log, A2A_FAULT, path, "is not an absolute path");
		return -1;
	}
	fd = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		/* With O_DIRECTORY, the error for a symbolic link is ENOTDIR too. */
		wrong = errno == ENOTDIR ? "is no folder, or a symbolic link"
					 : strerrordesc_np(errno);
	else
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

/* Returns NULL, or why a file of the store must not be used: SQLite itself would wait for the
 * writer of a FIFO. */
static const char *distrust_file(int folder, const char *name)
{
	struct stat status;
	const char *wrong;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? "there is none yet" : strerrordesc_np(errno);
	wrong = distrust(&status);
	if (!wrong && !S_ISREG(status.st_mode))
		wrong = "is not a regular file";
	/* Only root may know who has a weak password. */
	if (!wrong && status.st_mode & (S_IRWXG | S_IRWXO))
		wrong = "may be read by others (chmod go=)";
	return wrong;
}

/* Checks that the database exists, after making it if it may, and that it and SQLite's files
 * beside it can be trusted. */
static bool prepare_file(int folder, const char *path, bool make, const struct a2a_log *log)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	const char *wrong = NULL;

	if (make && mknodat(folder, strrchr(path, '/') + 1, S_IFREG | 0600, 0) && errno != EEXIST)
		wrong = strerrordesc_np(errno);
	for (size_t i = 0; !wrong && i < sizeof(endings) / sizeof(endings[0]); i++) {
		char *name = NULL;

		if (asprintf(&name, "%s%s", strrchr(path, '/') + 1, endings[i]) < 0) {
			wrong = "out of memory";
			break;
		}
		if (!*endings[i] || faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			wrong = distrust_file(folder, name);
		if (wrong)
			a2a_report(
				log, A2A_FAULT, path, "the audit's store%s: %s", endings[i], wrong);
		free(name);
	}
	return !wrong;
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

/* Begins a transaction that may write. */
static bool begin(struct a2a_store *store)
{
	return run(store, "BEGIN IMMEDIATE");
}

/* Ends the transaction, by a rollback when it is not `ok`; returns whether it was committed.
 * Reports what went wrong in the database. */
static bool end(struct a2a_store *store, bool ok, const struct a2a_log *log)
{
	if (ok && run(store, "COMMIT"))
		return true;
	/* Report before the rollback, which resets the error. */
	if (sqlite3_errcode(store->database) != SQLITE_OK &&
		sqlite3_errcode(store->database) != SQLITE_ROW &&
		sqlite3_errcode(store->database) != SQLITE_DONE)
		complain(store, log);
	if (!sqlite3_get_autocommit(store->database))
		run(store, "ROLLBACK");
	return false;
}

/* Writes the file of a user whom version 1 knows, so that the days of grace go on. A login that
 * has written one meanwhile keeps it. */
static bool add_record(struct a2a_store *store, sqlite3_stmt *row, const struct a2a_log *log)
{
	const struct a2a_record record = {
		.user = text_of(row, 0),
		.service = text_of(row, 1),
		.policy = text_of(row, 2),
		.rules = text_of(row, 3),
		.since = sqlite3_column_int64(row, 4),
		.last_seen = sqlite3_column_int64(row, 5),
	};
	const struct a2a_login_record login = {
		.record = record,
		.days = 1,
		.day = {{a2a_record_day_of(record.last_seen), *record.rules}},
	};

	return a2a_record_add(&store->logins, &login, log);
}

/* When this is interrupted, the version stays 1, and the next call does it again. */
static bool migrate(struct a2a_store *store, const struct a2a_log *log)
{
	sqlite3_stmt *rows;
	int status = SQLITE_ERROR;
	bool ok = true;

	a2a_record_close(&store->logins);
	if (!a2a_record_open(&store->logins, store->path, true, log))
		return false;
	rows = prepare(store, "SELECT user, service, policy, rules, since, last_seen FROM users");
	while (ok && rows && (status = sqlite3_step(rows)) == SQLITE_ROW)
		ok = add_record(store, rows, log);
	sqlite3_finalize(rows);
	return ok && status == SQLITE_DONE && run(store, changes);
}

/* Makes the tables of this version, or changes them, unless another process has done it. */
static bool update_schema(struct a2a_store *store, const struct a2a_log *log)
{
	bool ok = true;

	if (!begin(store))
		return complain(store, log);
	switch (version_of(store)) {
	case 0:
		ok = run(store, schema);
		break;
	case 1:
		ok = migrate(store, log);
		break;
	}
	return end(store, ok, log);
}

static bool check_schema(struct a2a_store *store, const struct a2a_log *log)
{
	const struct timespec a_while = {.tv_nsec = 10000000};
	int version;

	/* While two processes make the database at once, SQLite returns "busy" without waiting,
	 * because that could be a deadlock. */
	for (int i = 0; i < BEGINNINGS && !run(store, "PRAGMA journal_mode = WAL"); i++) {
		if (!is_busy(sqlite3_extended_errcode(store->database)))
			break;
		nanosleep(&a_while, NULL);
	}
	version = version_of(store);
	if (version == 0 || version == 1) {
		if (!update_schema(store, log))
			return false;
		version = version_of(store);
	}
	if (version < 0)
		return complain(store, log);
	if (version != VERSION)
		a2a_report(log, A2A_FAULT, store->path,
			"the audit's store is of a newer version (%d) than this program knows (%d)",
			version, VERSION);
	return version == VERSION;
}

static bool set_up(struct a2a_store *store)
{
	sqlite3 *database = store->database;

	sqlite3_extended_result_codes(database, 1);
	sqlite3_busy_timeout(database, WAIT);
	/* These protect against a file that was made to attack its reader. */
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	/* In WAL mode, a commit then does not wait for the disk; a power failure costs at most what
	 * can be folded again. A deleted record is overwritten with zeros. */
	return run(store, "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
			  "PRAGMA secure_delete = ON");
}

static bool open_database(struct a2a_store *store, const struct a2a_log *log)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

	if (sqlite3_open_v2(store->path, &store->database, flags, NULL) != SQLITE_OK) {
		if (store->database)
			return complain(store, log);
		return a2a_fault(log, store->path, "out of memory");
	}
	if (!set_up(store))
		return complain(store, log);
	return check_schema(store, log);
}

struct a2a_store *a2a_store_open(const char *path, const struct a2a_log *log)
{
	struct a2a_store *store = calloc(1, sizeof(*store));
	int folder = -1;
	bool ok = false;

	if (!store) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	store->logins.fd = -1;
	store->path = strdup(path);
	if (!store->path)
		a2a_fault(log, path, "out of memory");
	else
		folder = open_folder(path, log);
	/* The database is opened by its path: nobody but the folder's owner and root can put
	 * another one there. */
	if (folder >= 0 && a2a_record_open(&store->logins, path, false, log) &&
		prepare_file(folder, path, store->logins.fd >= 0, log))
		ok = open_database(store, log);
	if (folder >= 0)
		close(folder);
	if (ok)
		return store;
	a2a_store_close(store);
	return NULL;
}

static bool is_missing(const char *path)
{
	struct stat status;

	return lstat(path, &status) && errno == ENOENT;
}

bool a2a_store_is_missing(const char *path)
{
	char *logins = NULL;
	bool missing = *path == '/' && asprintf(&logins, "%s.logins", path) >= 0;

	missing = missing && is_missing(path) && is_missing(logins);
	free(logins);
	return missing;
}

void a2a_store_close(struct a2a_store *store)
{
	if (!store)
		return;
	sqlite3_close(store->database);
	a2a_record_close(&store->logins);
	free(store->path);
	free(store);
}

/* ---- Folding the records of logins in -------------------------------------------------------- */

/* The row of a user. */
struct standing {
	bool is_same; /* all that the file says is in it */
	bool weak;
	int64_t since, notified;
	int32_t counted; /* the last day that is in the counts; 0: none */
	bool counted_weak;
};

struct fold {
	struct a2a_store *store;
	const struct a2a_log *log;
	sqlite3_stmt *find, *count, *write;
	int32_t latest; /* a later day comes from a wrong clock, and is not counted */
	size_t folded;
	bool ok;
};

/* Runs a prepared statement without results. */
static bool execute(sqlite3_stmt *statement)
{
	const bool ok = sqlite3_step(statement) == SQLITE_DONE;

	return sqlite3_reset(statement) == SQLITE_OK && ok;
}

static bool look_up(struct fold *fold, const struct a2a_record *record, struct standing *standing)
{
	sqlite3_stmt *row = fold->find;
	int status;

	*standing = (struct standing){0};
	if (!bind_text(row, 1, record->user))
		return false;
	status = sqlite3_step(row);
	if (status == SQLITE_ROW)
		*standing = (struct standing){
			.is_same = strcmp(text_of(row, 0), record->service) == 0 &&
				   strcmp(text_of(row, 1), record->policy) == 0 &&
				   strcmp(text_of(row, 2), record->rules) == 0 &&
				   sqlite3_column_int64(row, 3) == record->since &&
				   sqlite3_column_int64(row, 4) == record->last_seen,
			.weak = *text_of(row, 2),
			.since = sqlite3_column_int64(row, 3),
			.notified = sqlite3_column_int64(row, 5),
			.counted = sqlite3_column_int(row, 6),
			.counted_weak = sqlite3_column_int(row, 7),
		};
	sqlite3_reset(row);
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

/* Counts a user in a period once, and moves the count when a later result differs. */
static bool count(struct fold *fold, const struct standing *standing,
	const struct a2a_record_day *day, enum a2a_period period)
{
	char now[PERIOD_SIZE], then[PERIOD_SIZE] = "";
	bool again;

	if (!name_period((int64_t)day->day * DAY, period, now))
		return true;
	again = standing->counted && name_period((int64_t)standing->counted * DAY, period, then) &&
		strcmp(now, then) == 0;
	if (again && standing->counted_weak == day->weak)
		return true;
	return bind_text(fold->count, 1, now) &&
	       !sqlite3_bind_int(fold->count, 2, day->weak ? 1 : -again) &&
	       !sqlite3_bind_int(fold->count, 3, day->weak ? -again : 1) && execute(fold->count);
}

/* Counts the days of a file that are not counted yet. Doing it again counts nothing twice. */
static bool count_days(
	struct fold *fold, struct standing *standing, const struct a2a_login_record *login)
{
	for (size_t i = 0; i < login->days; i++) {
		const struct a2a_record_day *day = &login->day[i];

		if (day->day < standing->counted || day->day > fold->latest ||
			(day->day == standing->counted && day->weak == standing->counted_weak))
			continue;
		if (!count(fold, standing, day, A2A_DAYS) ||
			!count(fold, standing, day, A2A_MONTHS))
			return false;
		standing->counted = day->day;
		standing->counted_weak = day->weak;
		standing->is_same = false;
	}
	return true;
}

static bool write_row(
	struct fold *fold, const struct standing *standing, const struct a2a_record *record)
{
	const bool goes_on =
		standing->weak == (*record->rules != '\0') && standing->since == record->since;
	sqlite3_stmt *row = fold->write;

	return bind_text(row, 1, record->user) && bind_text(row, 2, record->service) &&
	       bind_text(row, 3, record->policy) && bind_text(row, 4, record->rules) &&
	       !sqlite3_bind_int64(row, 5, record->since) &&
	       !sqlite3_bind_int64(row, 6, record->last_seen) &&
	       !sqlite3_bind_int64(row, 7, goes_on ? standing->notified : 0) &&
	       !sqlite3_bind_int(row, 8, standing->counted) &&
	       !sqlite3_bind_int(row, 9, standing->counted_weak) && execute(row);
}

/* The file was read in the same transaction, so that of two processes neither writes what is older
 * than what the other has written. */
static bool fold_one(void *context, const struct a2a_login_record *login)
{
	struct fold *fold = context;
	struct standing standing;

	fold->ok = look_up(fold, &login->record, &standing) && count_days(fold, &standing, login) &&
		   (standing.is_same || write_row(fold, &standing, &login->record));
	/* Others get their turn. */
	if (fold->ok && ++fold->folded % BATCH == 0)
		fold->ok = run(fold->store, "COMMIT") && begin(fold->store);
	return fold->ok;
}

static bool prepare_fold(struct fold *fold)
{
	fold->find = prepare(fold->store,
		"SELECT service, policy, rules, since, last_seen, notified, counted, counted_weak"
		" FROM users WHERE user = ?1");
	/* ?2 and ?3 are added to weak and good. */
	fold->count = prepare(fold->store,
		"INSERT INTO counts VALUES (?1, max(?2, 0), max(?3, 0)) ON CONFLICT (period)"
		" DO UPDATE SET weak = max(weak + ?2, 0), good = max(good + ?3, 0)");
	fold->write = prepare(fold->store,
		"INSERT OR REPLACE INTO users (user, service, policy, rules, since, last_seen,"
		" notified, counted, counted_weak) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	return fold->find && fold->count && fold->write;
}

bool a2a_store_fold(struct a2a_store *store, const char *user, int64_t now,
	const struct a2a_record_progress *progress, const struct a2a_log *log)
{
	struct fold fold = {
		.store = store,
		.log = log,
		.latest = a2a_record_day_of(now) + 1,
		.ok = true,
	};
	const struct a2a_record_reader reader = {fold_one, &fold};
	bool ok = false, found;

	if (!begin(store))
		return complain(store, log);
	if (prepare_fold(&fold))
		ok = user ? a2a_record_find(&store->logins, user, &found, &reader, log)
			  : a2a_record_each(&store->logins, &reader, progress, log);
	ok = end(store, ok && fold.ok, log);
	sqlite3_finalize(fold.find);
	sqlite3_finalize(fold.count);
	sqlite3_finalize(fold.write);
	return ok;
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
	sqlite3_stmt *statement;
	bool in_file = false, ok;

	/* In the transaction: otherwise a process that has read the file could fold it in later. */
	if (!begin(store))
		return complain(store, log);
	statement = prepare(store, "DELETE FROM users WHERE user = ?1");
	ok = a2a_record_forget(&store->logins, user, &in_file, log) &&
	     finish(statement, statement && bind_text(statement, 1, user));
	*found = ok && (sqlite3_changes(store->database) > 0 || in_file);
	/* The log of the database still has the row until it is emptied. */
	return end(store, ok, log) && run(store, "PRAGMA wal_checkpoint(TRUNCATE)");
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
