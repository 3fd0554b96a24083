/* SPDX-License-Identifier: BSD-3-Clause */
/* PostgreSQL, by libpq; and whatever else speaks its protocol. */
#define _GNU_SOURCE
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "number.h"
#include "sql_driver.h"

enum { MILLISECONDS = 30000 }; /* more than statement_timeout below */

extern const struct a2a_sql_driver a2a_sql_driver;

/* The first line of a message of the library's, or of the server's. It may quote a value; the
 * caller looks whether it is the hash. */
static void explain(char **why, const char *message)
{
	a2a_explain(why, "PostgreSQL: %.*s", (int)strcspn(message, "\n"), message);
}

static void close_connection(void *connection)
{
	PQfinish(connection);
}

/* The server's notices would go to standard error. */
static void ignore(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

static void *open_connection(const struct a2a_sql_address *address, char **why)
{
	char port[24] = "";
	const char *const password = address->password ? address->password->bytes : "";
	/* An empty value is one that is not given. */
	const char *const keys[] = {"host", "port", "dbname", "user", "password", "sslmode",
		"sslrootcert", "gssencmode", "connect_timeout", "tcp_user_timeout", "options",
		"application_name", "client_encoding", NULL};
	const char *const values[] = {address->host, port, address->database, address->login,
		password, address->tls ? "verify-full" : "disable",
		address->tls ? address->tls_ca : "", "disable", "10", "30000",
		"-c statement_timeout=25000", "all2all", "UTF8", NULL};
	PGconn *connection;

	if (address->port)
		snprintf(port, sizeof(port), "%d", (int)address->port);
	connection = PQconnectdbParams(keys, values, 0);
	if (connection && PQstatus(connection) == CONNECTION_OK) {
		PQsetNoticeReceiver(connection, ignore, NULL);
		return connection;
	}
	explain(why, connection ? PQerrorMessage(connection) : "out of memory");
	PQfinish(connection);
	return NULL;
}

/* Explains a result that is not the wanted one. Returns what it means for the connection. */
static enum a2a_sql_outcome fail(PGconn *connection, const PGresult *result, char **why)
{
	const char *message = result ? PQresultErrorMessage(result) : PQerrorMessage(connection);

	explain(why, *message ? message : "there is no answer");
	return result && PQstatus(connection) == CONNECTION_OK ? A2A_SQL_REFUSED : A2A_SQL_LOST;
}

/* Copies the first row. Returns false when memory is out. */
static bool take_row(const PGresult *result, struct a2a_sql_answer *answer)
{
	const int columns = PQnfields(result);

	for (int i = 0; i < columns && i < A2A_SQL_COLUMNS; i++) {
		answer->columns = (size_t)i + 1;
		if (!a2a_secret_append(&answer->column[i], PQgetvalue(result, 0, i),
			    (size_t)PQgetlength(result, 0, i)))
			return false;
	}
	return true;
}

/* Waits for the answer, for half a minute: libpq itself has no limit. Returns NULL when it does not
 * come, or the connection is lost. */
static PGresult *wait_for(PGconn *connection)
{
	struct pollfd ready = {.fd = PQsocket(connection), .events = POLLIN};
	PGresult *result, *more;

	while (PQisBusy(connection)) {
		const int count = poll(&ready, 1, MILLISECONDS);

		if (count == 0 || (count < 0 && errno != EINTR) ||
			(count > 0 && !PQconsumeInput(connection)))
			return NULL;
	}
	result = PQgetResult(connection);
	/* The end of the answer, after which there can be another statement. */
	while (result && (more = PQgetResult(connection)))
		PQclear(more);
	return result;
}

static PGresult *ask(PGconn *connection, const char *text, size_t count, const char *const *values)
{
	if (!PQsendQueryParams(connection, text, (int)count, NULL, values, NULL, NULL, 0))
		return NULL;
	return wait_for(connection);
}

static enum a2a_sql_outcome run(void *context, const struct a2a_sql_statement *statement,
	struct a2a_sql_answer *answer, char **why)
{
	const char *values[A2A_SQL_PARAMETERS];
	enum a2a_sql_outcome outcome = A2A_SQL_DONE;
	PGresult *result;
	int64_t rows = 0;

	for (size_t i = 0; i < statement->count; i++)
		values[i] = statement->parameter[i]->bytes;
	result = ask(context, statement->text, statement->count, values);
	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
		answer->rows = (uint64_t)PQntuples(result);
		if (answer->rows && !take_row(result, answer)) {
			a2a_explain(why, "out of memory");
			outcome = A2A_SQL_LOST;
		}
		break;
	case PGRES_COMMAND_OK:
		if (a2a_number_parse(PQcmdTuples(result), 0, INT64_MAX, &rows))
			answer->rows = (uint64_t)rows;
		break;
	default:
		outcome = fail(context, result, why);
	}
	PQclear(result);
	return outcome;
}

static enum a2a_sql_outcome begin(void *context, char **why)
{
	PGresult *result = ask(context, "BEGIN", 0, NULL);
	const enum a2a_sql_outcome outcome = PQresultStatus(result) == PGRES_COMMAND_OK
						     ? A2A_SQL_DONE
						     : fail(context, result, why);

	PQclear(result);
	return outcome;
}

static enum a2a_sql_outcome commit(void *context, char **why)
{
	PGresult *result = ask(context, "COMMIT", 0, NULL);
	enum a2a_sql_outcome outcome;

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		outcome = fail(context, result, why);
	else if (strcmp(PQcmdStatus(result), "COMMIT") == 0)
		outcome = A2A_SQL_DONE;
	else {
		/* So the server answers when the transaction has failed before. */
		a2a_explain(why, "PostgreSQL: the transaction was rolled back");
		outcome = A2A_SQL_REFUSED;
	}
	PQclear(result);
	return outcome;
}

static void rollback(void *context)
{
	PQclear(ask(context, "ROLLBACK", 0, NULL));
}

__attribute__((visibility("default"))) const struct a2a_sql_driver a2a_sql_driver = {
	.version = A2A_SQL_DRIVER_VERSION,
	.open = open_connection,
	.close = close_connection,
	.run = run,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
};
