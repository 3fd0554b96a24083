/* SPDX-License-Identifier: BSD-3-Clause */
/* MariaDB and MySQL, by libmariadb. */
#define _GNU_SOURCE
#include <errmsg.h>
#include <mysql.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "sql_driver.h"

extern const struct a2a_sql_driver a2a_sql_driver;

static void explain(char **why, const char *message)
{
	a2a_explain(why, "MariaDB: %s", message);
}

static void close_connection(void *connection)
{
	mysql_close(connection);
}

static bool set_options(MYSQL *connection, const struct a2a_sql_address *address)
{
	static const unsigned connect_seconds = 10, seconds = 25;
	static const unsigned tcp = MYSQL_PROTOCOL_TCP;
	const my_bool yes = 1, no = 0;
	/* The library would take the name localhost for a socket. */
	const bool is_named = *address->host && *address->host != '/';

	return !mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds) &&
	       !mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &seconds) &&
	       !mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &seconds) &&
	       !mysql_options(connection, MYSQL_OPT_RECONNECT, &no) &&
	       !mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, NULL) &&
	       !mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4") &&
	       (!is_named || !mysql_options(connection, MYSQL_OPT_PROTOCOL, &tcp)) &&
	       (!address->tls ||
		       (!mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes) &&
			       !mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes) &&
			       !mysql_options(connection, MYSQL_OPT_SSL_CA, address->tls_ca)));
}

static const char *text_or_none(const char *text)
{
	return *text ? text : NULL;
}

static void *open_connection(const struct a2a_sql_address *address, char **why)
{
	const bool is_socket = *address->host == '/';
	const char *password = address->password ? address->password->bytes : NULL;
	MYSQL *connection = mysql_init(NULL);

	/* Without CLIENT_FOUND_ROWS the server counts the rows that changed, not those that fit. */
	if (connection && set_options(connection, address) &&
		mysql_real_connect(connection, is_socket ? NULL : text_or_none(address->host),
			text_or_none(address->login), password, text_or_none(address->database),
			(unsigned)address->port, is_socket ? address->host : NULL,
			CLIENT_FOUND_ROWS))
		return connection;
	explain(why, connection ? mysql_error(connection) : "out of memory");
	if (connection)
		mysql_close(connection);
	return NULL;
}

/* Errors of the client library (CR_...) are those of the connection; the server has other numbers.
 * Without a number, nobody can tell. */
static enum a2a_sql_outcome fail(unsigned error, const char *message, char **why)
{
	explain(why, message);
	return !error || (error >= CR_MIN_ERROR && error <= CR_MAX_ERROR) ? A2A_SQL_LOST
									  : A2A_SQL_REFUSED;
}

static enum a2a_sql_outcome send(MYSQL *connection, const char *command, char **why)
{
	if (mysql_real_query(connection, command, strlen(command)) == 0)
		return A2A_SQL_DONE;
	return fail(mysql_errno(connection), mysql_error(connection), why);
}

/* ---- Statements ------------------------------------------------------------------------------ */

static bool bind_parameters(MYSQL_STMT *prepared, const struct a2a_sql_statement *statement)
{
	MYSQL_BIND bind[A2A_SQL_PARAMETERS] = {0};

	for (size_t i = 0; i < statement->count; i++) {
		bind[i].buffer_type = MYSQL_TYPE_STRING;
		bind[i].buffer = statement->parameter[i]->bytes;
		bind[i].buffer_length = statement->parameter[i]->length;
	}
	return !mysql_stmt_bind_param(prepared, bind) && !mysql_stmt_execute(prepared);
}

/* Fetches one column of the row, whose length is known only then. */
static bool take_column(MYSQL_STMT *prepared, unsigned column, struct secret *into)
{
	unsigned long length = 0;
	my_bool is_null = 0;
	MYSQL_BIND bind = {
		.buffer_type = MYSQL_TYPE_STRING, .length = &length, .is_null = &is_null};

	if (mysql_stmt_fetch_column(prepared, &bind, column, 0))
		return false;
	if (is_null || !length)
		return true;
	if (!a2a_secret_reserve(into, length))
		return false;
	bind.buffer = into->bytes;
	bind.buffer_length = length;
	if (mysql_stmt_fetch_column(prepared, &bind, column, 0))
		return false;
	into->length = length;
	return true;
}

/* Copies the first row and counts all of them. Returns false, with an error of the statement. */
static bool take_rows(MYSQL_STMT *prepared, struct a2a_sql_answer *answer)
{
	const unsigned columns = mysql_stmt_field_count(prepared);
	MYSQL_BIND none[A2A_SQL_COLUMNS * 4] = {0};

	if (!columns) {
		answer->rows = mysql_stmt_affected_rows(prepared);
		return true;
	}
	if (columns > sizeof(none) / sizeof(none[0]) || mysql_stmt_bind_result(prepared, none) ||
		mysql_stmt_store_result(prepared))
		return false;
	answer->rows = mysql_stmt_num_rows(prepared);
	if (!answer->rows)
		return true;
	if (mysql_stmt_fetch(prepared) == 1)
		return false;
	for (unsigned i = 0; i < columns && i < A2A_SQL_COLUMNS; i++) {
		answer->columns = i + 1;
		if (!take_column(prepared, i, &answer->column[i]))
			return false;
	}
	return true;
}

static enum a2a_sql_outcome run(void *context, const struct a2a_sql_statement *statement,
	struct a2a_sql_answer *answer, char **why)
{
	MYSQL_STMT *prepared = mysql_stmt_init(context);
	enum a2a_sql_outcome outcome = A2A_SQL_DONE;
	bool ok;

	if (!prepared) {
		a2a_explain(why, "out of memory");
		return A2A_SQL_LOST;
	}
	ok = !mysql_stmt_prepare(prepared, statement->text, strlen(statement->text));
	if (ok && mysql_stmt_param_count(prepared) != statement->count) {
		a2a_explain(why, "MariaDB: a ? in the statement is none of its parameters");
		outcome = A2A_SQL_REFUSED;
	} else {
		ok = ok && bind_parameters(prepared, statement) && take_rows(prepared, answer);
		if (!ok)
			outcome = fail(mysql_stmt_errno(prepared), mysql_stmt_error(prepared), why);
	}
	mysql_stmt_close(prepared);
	return outcome;
}

/* ---- Transactions ---------------------------------------------------------------------------- */

static enum a2a_sql_outcome begin(void *context, char **why)
{
	return send(context, "START TRANSACTION", why);
}

static enum a2a_sql_outcome commit(void *context, char **why)
{
	return send(context, "COMMIT", why);
}

static void rollback(void *context)
{
	mysql_rollback(context);
}

/* When this driver is unloaded. The library keeps its memory until it is told so. */
__attribute__((destructor)) static void end_library(void)
{
	mysql_library_end();
}

__attribute__((visibility("default"))) const struct a2a_sql_driver a2a_sql_driver = {
	.version = A2A_SQL_DRIVER_VERSION,
	/* Else the collation of the column decides, and the usual one takes many names for one. An
	 * index is used all the same. */
	.name_mark = "CAST(? AS BINARY)",
	.hash_mark = "?",
	.open = open_connection,
	.close = close_connection,
	.run = run,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
};
