/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For LD_PRELOAD: at the A2A_SQL_AT-th step something happens. A step is a call that asks a
 * database; before it and after it are two, unless A2A_SQL_DO=kill, which ends the process by
 * SIGKILL, as a power cut would: after one call is then before the next. A2A_SQL_DO=lose cuts the
 * connection, and after a call its answer is lost too, as when the server commits and the network
 * breaks. The number of steps that were made is written to the file A2A_SQL_COUNT, when the process
 * ends by itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static long steps;
static pid_t process;

__attribute__((constructor)) static void begin(void)
{
	process = getpid();
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("A2A_SQL_COUNT");
	FILE *file = path && getpid() == process ? fopen(path, "w") : NULL;

	if (file) {
		fprintf(file, "%ld\n", steps);
		fclose(file);
	}
}

static bool is_to_kill(void)
{
	const char *what = getenv("A2A_SQL_DO");

	return what && strcmp(what, "kill") == 0;
}

/* Returns whether the connection is to be cut here. */
static bool step(void)
{
	const char *at = getenv("A2A_SQL_AT");
	const char *what = getenv("A2A_SQL_DO");

	if (!at || !what || getpid() != process || ++steps != atol(at))
		return false;
	if (is_to_kill())
		kill(getpid(), SIGKILL);
	return true;
}

/* The step after a call. That behind the last one is the COMMIT's. */
static bool step_after(const char *command)
{
	return (!is_to_kill() || strcmp(command, "COMMIT") == 0) && step();
}

/* The libraries are loaded with a plugin, so they are not among those behind this one. */
static void *find(const char *library, const char *name)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_NOLOAD);
	void *found = handle ? dlsym(handle, name) : NULL;

	if (!found)
		abort();
	dlclose(handle);
	return found;
}

#define PQ "libpq.so.5"
#define MY "libmariadb.so.3"
#define REAL(library, type, name, arguments) ((type(*) arguments)(size_t)find(library, #name))

/* ---- PostgreSQL ------------------------------------------------------------------------------ */

int PQsendQueryParams(void *connection, const char *command, int count, const unsigned *types,
	const char *const *values, const int *lengths, const int *formats, int format);
void *PQgetResult(void *connection);

/* The command whose answer is to come. */
static const char *last_command;

static void cut_pq(void *connection)
{
	shutdown(REAL(PQ, int, PQsocket, (const void *))(connection), SHUT_RDWR);
}

int PQsendQueryParams(void *connection, const char *command, int count, const unsigned *types,
	const char *const *values, const int *lengths, const int *formats, int format)
{
	if (step())
		cut_pq(connection);
	last_command = command;
	return REAL(PQ, int, PQsendQueryParams,
		(void *, const char *, int, const unsigned *, const char *const *, const int *,
			const int *, int))(
		connection, command, count, types, values, lengths, formats, format);
}

void *PQgetResult(void *connection)
{
	void *result = REAL(PQ, void *, PQgetResult, (void *))(connection);
	const char *command = last_command;

	last_command = NULL;
	if (!command || !step_after(command))
		return result;
	REAL(PQ, void, PQclear, (void *))(result);
	cut_pq(connection);
	return NULL;
}

/* ---- MariaDB --------------------------------------------------------------------------------- */

int mysql_real_query(void *connection, const char *command, unsigned long length);
int mysql_stmt_execute(void *statement);

/* A statement knows its connection only inside; the last command had the same one. */
static void *last_connection;

static void cut_my(void)
{
	shutdown(REAL(MY, int, mysql_get_socket, (const void *))(last_connection), SHUT_RDWR);
}

int mysql_real_query(void *connection, const char *command, unsigned long length)
{
	int status;

	last_connection = connection;
	if (step())
		cut_my();
	status = REAL(MY, int, mysql_real_query, (void *, const char *, unsigned long))(
		connection, command, length);
	if (!step_after(command))
		return status;
	cut_my();
	return 1;
}

void *mysql_stmt_init(void *connection);

void *mysql_stmt_init(void *connection)
{
	last_connection = connection;
	return REAL(MY, void *, mysql_stmt_init, (void *))(connection);
}

int mysql_stmt_execute(void *statement)
{
	int status;

	if (step())
		cut_my();
	status = REAL(MY, int, mysql_stmt_execute, (void *))(statement);
	if (!step_after(""))
		return status;
	cut_my();
	return 1;
}
