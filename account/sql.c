/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table of users in a database. Two statements say how it is asked and changed: the look-up
 * returns the user name and the stored password of one user, perhaps the person's name, and more
 * names of the person; the update sets the stored password.
 *
 * A password is set in one transaction, which is committed only when the update has found exactly
 * one row, and the look-up then finds exactly one, of this name by each byte and with this hash. So
 * no collation, no column that is too short and no wrong statement sets another user's, or half of
 * one.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backend.h"
#include "sql_driver.h"
#include "sql_statement.h"
#include "stored.h"
#include "trust.h"

/* ---- Statements ------------------------------------------------------------------------------ */

/* A statement with the driver's marks, and which parameter is at each. */
struct prepared {
	char *text;
	enum a2a_sql_parameter at[A2A_SQL_PARAMETERS];
	size_t count;
};

struct sql {
	const struct a2a_section *section;
	void *plugin;
	const struct a2a_sql_driver *driver;
	void *connection; /* NULL: none at this moment */
	struct secret password;
	struct prepared lookup, update;
};

/* What the parameters stand for in one call. */
struct values {
	struct secret value[A2A_SQL_NAMES];
};

/* A statement on its way to the server. */
struct preparing {
	struct prepared *prepared;
	const struct a2a_sql_driver *driver;
};

/* Notes a parameter. Returns the number of its mark, from 1; 0 when there are too many. */
static size_t note(struct prepared *prepared, enum a2a_sql_parameter parameter, bool is_numbered)
{
	for (size_t i = 0; is_numbered && i < prepared->count; i++)
		if (prepared->at[i] == parameter)
			return i + 1;
	if (prepared->count == A2A_SQL_PARAMETERS)
		return 0;
	prepared->at[prepared->count++] = parameter;
	return prepared->count;
}

static bool put_mark(void *context, enum a2a_sql_parameter parameter, FILE *out)
{
	struct preparing *preparing = context;
	const struct a2a_sql_driver *driver = preparing->driver;
	const size_t number = note(preparing->prepared, parameter, !driver->hash_mark);

	if (driver->hash_mark)
		fputs(parameter == A2A_SQL_HASH ? driver->hash_mark : driver->name_mark, out);
	else
		fprintf(out, "$%zu", number);
	return number;
}

/* Puts the driver's marks in place of `:user` and the like. Returns false, having reported. */
static bool prepare(struct prepared *prepared, const char *text, const char *key,
	const struct sql *sql, const struct a2a_log *log)
{
	const char *where = sql->section->where;
	struct preparing preparing = {prepared, sql->driver};
	struct a2a_sql_mistake mistake;
	size_t size = 0;
	FILE *out = open_memstream(&prepared->text, &size);
	bool ok;

	if (!out)
		return a2a_fault(log, where, "out of memory");
	ok = a2a_sql_expand(text, put_mark, &preparing, out, &mistake);
	if (!ok && mistake.name)
		a2a_fault(log, where, "%s: \"%.*s\" is none of :user :local :domain :hash", key,
			(int)mistake.length, mistake.name);
	else if (!ok)
		a2a_fault(
			log, where, "%s: it has more than %d parameters", key, A2A_SQL_PARAMETERS);
	if (fclose(out) && ok)
		ok = a2a_fault(log, where, "out of memory");
	return ok;
}

static bool has(const struct prepared *prepared, enum a2a_sql_parameter parameter)
{
	for (size_t i = 0; i < prepared->count; i++)
		if (prepared->at[i] == parameter)
			return true;
	return false;
}

/* Whether a statement says which user is meant. */
static bool is_about_user(const struct prepared *prepared)
{
	return has(prepared, A2A_SQL_USER) ||
	       (has(prepared, A2A_SQL_LOCAL) && has(prepared, A2A_SQL_DOMAIN));
}

static bool prepare_both(struct sql *sql, const struct a2a_log *log)
{
	const struct a2a_section *section = sql->section;

	if (!prepare(&sql->lookup, section->lookup, "lookup", sql, log) ||
		!prepare(&sql->update, section->update, "update", sql, log))
		return false;
	if (!is_about_user(&sql->lookup) || !is_about_user(&sql->update))
		return a2a_fault(
			log, section->where, "lookup and update need :user, or :local and :domain");
	if (has(&sql->lookup, A2A_SQL_HASH) || !has(&sql->update, A2A_SQL_HASH))
		return a2a_fault(log, section->where, ":hash belongs into update, and there alone");
	return true;
}

/* ---- Opening --------------------------------------------------------------------------------- */

static void disconnect(struct sql *sql)
{
	if (sql->connection)
		sql->driver->close(sql->connection);
	sql->connection = NULL;
}

static void close_sql(void *context)
{
	struct sql *sql = context;

	disconnect(sql);
	free(sql->lookup.text);
	free(sql->update.text);
	a2a_secret_wipe(&sql->password);
	if (sql->plugin)
		dlclose(sql->plugin);
	free(sql);
}

static bool load_driver(struct sql *sql, const struct a2a_log *log)
{
	const struct a2a_section *section = sql->section;
	char *path = NULL;

	if (asprintf(&path, "%s/sql_%s.so", section->driver_folder, section->driver) < 0)
		return a2a_fault(log, section->where, "out of memory");
	sql->plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (sql->plugin)
		sql->driver = dlsym(sql->plugin, A2A_SQL_DRIVER_SYMBOL);
	if (!sql->plugin)
		a2a_fault(log, section->where,
			"the driver for %s cannot be loaded; the package all2all-%s has it: %s",
			section->driver, section->driver, dlerror());
	else if (!sql->driver || sql->driver->version != A2A_SQL_DRIVER_VERSION)
		a2a_fault(log, path, "is of another version of all2all: install that of this one");
	else {
		free(path);
		return true;
	}
	free(path);
	return false;
}

/* Reads the password for the database: the first line of a file that only its owner can read. */
static bool read_password(struct sql *sql, const struct a2a_log *log)
{
	const char *path = sql->section->password_file;
	char bytes[1024];
	struct stat status;
	ssize_t length = -1;
	bool ok = false;
	int fd;

	if (!*path)
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &status))
		a2a_fault(log, path, "cannot be read: %s", strerror(errno));
	else if (!a2a_is_private(&status))
		a2a_fault(log, path,
			"is not a file of yours that nobody else may read or write (chmod 600)");
	else if ((length = read(fd, bytes, sizeof(bytes) - 1)) < 0)
		a2a_fault(log, path, "cannot be read: %s", strerror(errno));
	else {
		bytes[length] = '\0';
		ok = a2a_secret_append(&sql->password, bytes, strcspn(bytes, "\r\n")) ||
		     a2a_fault(log, path, "out of memory");
	}
	explicit_bzero(bytes, sizeof(bytes));
	if (fd >= 0)
		close(fd);
	return ok;
}

static void *open_sql(const struct a2a_section *section, const struct a2a_log *log)
{
	struct sql *sql;

	if (section->force_change) {
		a2a_fault(log, section->where,
			"no change can be forced on users in a database: leave --force-change out");
		return NULL;
	}
	sql = calloc(1, sizeof(*sql));
	if (!sql) {
		a2a_fault(log, section->where, "out of memory");
		return NULL;
	}
	sql->section = section;
	if (load_driver(sql, log) && prepare_both(sql, log) && read_password(sql, log))
		return sql;
	close_sql(sql);
	return NULL;
}

static bool connect_to(struct sql *sql, char **why)
{
	const struct a2a_section *section = sql->section;
	const bool is_local = !*section->host || *section->host == '/';
	const struct a2a_sql_address address = {
		.host = section->host,
		.port = section->port,
		.database = section->database,
		.login = section->login,
		.password = sql->password.length ? &sql->password : NULL,
		.tls = !is_local && section->tls,
		.tls_ca = section->tls_ca,
	};

	if (!sql->connection)
		sql->connection = sql->driver->open(&address, why);
	return sql->connection;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* A server quotes a value that does not fit to its column, perhaps only the beginning. */
static bool has_hash(const char *why, const struct secret *hash)
{
	enum { BEGINNING = 8 };

	return hash->length >= BEGINNING &&
	       memmem(why, strlen(why), hash->bytes, BEGINNING) != NULL;
}

static enum a2a_sql_outcome run(struct sql *sql, const struct prepared *prepared,
	const struct values *values, struct a2a_sql_answer *answer, char **why)
{
	struct a2a_sql_statement statement = {.text = prepared->text, .count = prepared->count};
	enum a2a_sql_outcome outcome;

	for (size_t i = 0; i < prepared->count; i++)
		statement.parameter[i] = &values->value[prepared->at[i]];
	*answer = (struct a2a_sql_answer){0};
	outcome = sql->driver->run(sql->connection, &statement, answer, why);
	if (outcome != A2A_SQL_DONE && *why && has_hash(*why, &values->value[A2A_SQL_HASH])) {
		explicit_bzero(*why, strlen(*why));
		a2a_explain(why,
			"the database refuses the hash: its column is not of a type for texts (the "
			"server's message has the hash in it, and is not shown)");
	}
	return outcome;
}

/* The parts are copies, as each ends in a NUL. Returns false when memory is out. */
static bool make_values(struct values *values, const char *user, const struct secret *hash)
{
	const char *at = strchr(user, '@');
	const size_t length = at ? (size_t)(at - user) : strlen(user);

	*values = (struct values){0};
	values->value[A2A_SQL_USER] = a2a_secret_borrow(user, strlen(user));
	values->value[A2A_SQL_DOMAIN] =
		a2a_secret_borrow(at ? at + 1 : "", at ? strlen(at + 1) : 0);
	if (hash)
		values->value[A2A_SQL_HASH] = a2a_secret_borrow(hash->bytes, hash->length);
	return a2a_secret_append(&values->value[A2A_SQL_LOCAL], user, length);
}

/* The text goes to a terminal or into a list, so it has no control characters. */
static void explain_other_name(const struct secret *name, char **why)
{
	char shown[128];
	size_t length = 0;

	for (; length < name->length && length < sizeof(shown); length++)
		shown[length] = name->bytes[length] < ' ' || name->bytes[length] > '~'
					? '?'
					: name->bytes[length];
	a2a_explain(why,
		"the database has \"%.*s\" instead, and names there have to be in small letters",
		(int)length, shown);
}

/* Whether the look-up found this user, and nobody else. */
static enum a2a_lookup judge_answer(
	const struct a2a_sql_answer *answer, const char *user, char **why)
{
	const struct secret *name = &answer->column[0];

	if (!answer->rows) {
		a2a_explain(why, "there is no such user in the database");
		return A2A_NO_SUCH_USER;
	}
	if (answer->rows > 1) {
		a2a_explain(why, "the look-up finds more than one row for it");
		return A2A_NO_SUCH_USER;
	}
	if (answer->columns < 2) {
		a2a_explain(why,
			"the look-up has to return user name and password, and returns one column");
		return A2A_CANNOT_TELL;
	}
	if (name->length == strlen(user) && memcmp(name->bytes, user, name->length) == 0)
		return A2A_FOUND;
	explain_other_name(name, why);
	return A2A_NO_SUCH_USER;
}

/* Looks the user up. A connection that was lost meanwhile is made again, once. */
static enum a2a_lookup look(
	struct sql *sql, const char *user, struct a2a_sql_answer *answer, char **why)
{
	enum a2a_sql_outcome outcome = A2A_SQL_LOST;
	enum a2a_lookup lookup = A2A_CANNOT_TELL;
	struct values values;

	*answer = (struct a2a_sql_answer){0};
	if (!make_values(&values, user, NULL))
		return A2A_CANNOT_TELL;
	for (int tries = 0; tries < 2 && outcome == A2A_SQL_LOST; tries++) {
		if (!connect_to(sql, why))
			break;
		outcome = run(sql, &sql->lookup, &values, answer, why);
		if (outcome == A2A_SQL_LOST) {
			a2a_sql_answer_wipe(answer);
			disconnect(sql);
		}
	}
	if (outcome == A2A_SQL_DONE)
		lookup = judge_answer(answer, user, why);
	a2a_secret_wipe(&values.value[A2A_SQL_LOCAL]);
	return lookup;
}

/* The third column is the person's name; those behind it are more words of the person. */
static bool take_account(
	struct a2a_account *account, const char *user, const struct a2a_sql_answer *answer)
{
	account->uid = A2A_NO_UID;
	account->name = strdup(user);
	for (size_t i = 2; i < answer->columns && account->count < A2A_ACCOUNT_NAMES; i++) {
		const struct secret *column = &answer->column[i];
		char *copy = strdup(column->length ? column->bytes : "");

		if (!copy)
			return false;
		account->names[account->count++] = copy;
	}
	account->full_name = strdup(account->count ? account->names[0] : "");
	return account->name && account->full_name;
}

static enum a2a_lookup find(
	void *context, const char *user, struct a2a_account *account, char **why)
{
	struct a2a_sql_answer answer;
	enum a2a_lookup lookup = look(context, user, &answer, why);

	if (lookup == A2A_FOUND && !take_account(account, user, &answer))
		lookup = A2A_CANNOT_TELL;
	a2a_sql_answer_wipe(&answer);
	return lookup;
}

static enum a2a_verified verify(
	void *context, const char *user, const struct secret *password, char **why)
{
	struct a2a_sql_answer answer;
	const enum a2a_lookup lookup = look(context, user, &answer, why);
	const enum a2a_verified verified =
		lookup == A2A_FOUND ? a2a_stored_verify(&answer.column[1], password, why)
				    : A2A_CANNOT_VERIFY;

	a2a_sql_answer_wipe(&answer);
	return verified;
}

/* ---- Setting --------------------------------------------------------------------------------- */

/* How a transaction ended. */
enum ended {
	COMMITTED,
	NOTHING_DONE,
	AWAY,     /* there is no connection, and nothing is done */
	DOUBTFUL, /* the connection was lost behind COMMIT */
};

/* Whether a statement did what it should; otherwise the connection is closed if it is lost. */
static bool is_done(struct sql *sql, enum a2a_sql_outcome outcome)
{
	if (outcome == A2A_SQL_LOST)
		disconnect(sql);
	return outcome == A2A_SQL_DONE;
}

static bool update_one(struct sql *sql, const struct values *values, char **why)
{
	struct a2a_sql_answer answer;
	const bool ok = is_done(sql, run(sql, &sql->update, values, &answer, why));
	const uint64_t rows = answer.rows;

	a2a_sql_answer_wipe(&answer);
	if (!ok)
		return false;
	return rows == 1 || a2a_explain(why, rows ? "the update would change more than one row"
						  : "the update finds no row for it");
}

/* Whether the row is now this user's, with this hash. */
static bool is_set(struct sql *sql, const struct values *values, char **why)
{
	const struct secret *hash = &values->value[A2A_SQL_HASH];
	struct a2a_sql_answer answer;
	bool ok = is_done(sql, run(sql, &sql->lookup, values, &answer, why)) &&
		  judge_answer(&answer, values->value[A2A_SQL_USER].bytes, why) == A2A_FOUND;

	if (ok && (answer.column[1].length != hash->length ||
			  memcmp(answer.column[1].bytes, hash->bytes, hash->length) != 0))
		ok = a2a_explain(why,
			"the database does not keep the hash as it is given: the column is too "
			"short, or update and lookup have different ones");
	a2a_sql_answer_wipe(&answer);
	return ok;
}

static enum ended transact(struct sql *sql, const struct values *values, char **why)
{
	enum a2a_sql_outcome outcome = A2A_SQL_LOST;

	/* The server may have closed a connection that was not used for some time. */
	for (int tries = 0; tries < 2 && outcome == A2A_SQL_LOST; tries++) {
		if (!connect_to(sql, why))
			return AWAY;
		outcome = sql->driver->begin(sql->connection, why);
		if (!is_done(sql, outcome) && outcome != A2A_SQL_LOST)
			return NOTHING_DONE;
	}
	if (outcome != A2A_SQL_DONE)
		return NOTHING_DONE;
	if (!update_one(sql, values, why) || !is_set(sql, values, why)) {
		if (sql->connection)
			sql->driver->rollback(sql->connection);
		return NOTHING_DONE;
	}
	outcome = sql->driver->commit(sql->connection, why);
	if (is_done(sql, outcome))
		return COMMITTED;
	return outcome == A2A_SQL_LOST ? DOUBTFUL : NOTHING_DONE;
}

/* Looks, without a transaction, whether the hash is there. */
static bool is_there(struct sql *sql, const struct values *values, char **why)
{
	return connect_to(sql, why) && is_set(sql, values, why);
}

/*
 * Sets the hash. A transaction of which nobody knows whether it was committed is made once more:
 * the server may still be at work on the first one, whose lock on the row this one waits for. Only
 * then is it certain what is there.
 */
static enum a2a_set set_hash(struct sql *sql, const struct values *values, char **why)
{
	enum { TRIES = 4 };
	enum ended ended = transact(sql, values, why);
	const bool is_doubtful = ended == DOUBTFUL;

	for (int tries = 1; is_doubtful && ended != COMMITTED && tries < TRIES; tries++) {
		nanosleep(&(const struct timespec){tries, 0}, NULL);
		ended = transact(sql, values, why);
	}
	if (ended == COMMITTED)
		return A2A_SET;
	if (!is_doubtful)
		return ended == AWAY ? A2A_SET_AWAY : A2A_NOT_SET;
	/* The server takes no changes any more, but may tell. */
	return is_there(sql, values, why) ? A2A_SET : A2A_SET_UNKNOWN;
}

/* Makes the hash as the section wants it. Returns NULL, or why it cannot. */
static const char *make_hash(
	const struct a2a_section *section, const struct secret *password, struct secret *hashed)
{
	struct secret whole = {0};
	const char *wrong = hash_password(section->scheme, password, &whole);
	size_t start = 0;

	if (!wrong && !section->has_prefix)
		start = strcspn(whole.bytes, "}") + 1;
	if (!wrong && !a2a_secret_append(hashed, whole.bytes + start, whole.length - start))
		wrong = "out of memory";
	a2a_secret_wipe(&whole);
	return wrong;
}

static enum a2a_set set(void *context, const char *user, const struct secret *password, char **why)
{
	struct sql *sql = context;
	struct secret hashed = {0};
	const char *wrong = make_hash(sql->section, password, &hashed);
	enum a2a_set set = A2A_NOT_SET;
	struct values values = {0};

	if (!wrong && !make_values(&values, user, &hashed))
		wrong = "out of memory";
	if (wrong)
		a2a_explain(why, "%s", wrong);
	else
		set = set_hash(sql, &values, why);
	if (set == A2A_SET) {
		free(*why);
		*why = NULL;
	}
	a2a_secret_wipe(&values.value[A2A_SQL_LOCAL]);
	a2a_secret_wipe(&hashed);
	return set;
}

const struct a2a_backend a2a_sql_backend = {
	.open = open_sql, .close = close_sql, .find = find, .verify = verify, .set = set};
