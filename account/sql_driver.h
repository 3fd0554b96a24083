/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver of a database server: a table of functions in a plugin, sql_NAME.so, which is loaded
 * only where accounts.conf names it. So the client libraries of databases come to no server that
 * has none, and into no program that asks none.
 */
#ifndef A2A_SQL_DRIVER_H
#define A2A_SQL_DRIVER_H

#include <stdint.h>

#include "secret.h"

/* Grows with each change of this file. */
enum { A2A_SQL_DRIVER_VERSION = 1 };

/* Where the server is. A text that is not set is "". */
struct a2a_sql_address {
	const char *host; /* a name; a path is a Unix socket's; "": the library's own default */
	int64_t port;     /* 0: the usual one */
	const char *database, *login;
	const struct secret *password; /* NULL: none */
	bool tls; /* for a host that is no path: encrypted, with a certificate of this name */
	const char *tls_ca; /* a PEM file of the authorities */
};

enum { A2A_SQL_COLUMNS = 8, A2A_SQL_PARAMETERS = 16 };

/* A statement with the driver's own marks in place of the parameters. */
struct a2a_sql_statement {
	const char *text;
	const struct secret *parameter[A2A_SQL_PARAMETERS];
	size_t count;
};

/* What it answered. Release with a2a_sql_answer_wipe(). */
struct a2a_sql_answer {
	uint64_t rows; /* that it returned, or that fit to the condition of an UPDATE */
	struct secret column[A2A_SQL_COLUMNS]; /* of the first row; NULL is empty */
	size_t columns;
};

enum a2a_sql_outcome {
	A2A_SQL_DONE,
	A2A_SQL_REFUSED, /* by the server: nothing was done */
	A2A_SQL_LOST,    /* the connection, or memory is out: close it */
};

/* `*why` is as in struct a2a_backend. */
struct a2a_sql_driver {
	unsigned version; /* A2A_SQL_DRIVER_VERSION */
	/* What stands in a statement for a name, which is compared byte by byte, and for a hash.
	 * NULL: parameters are $1 $2, and compared so by themselves. */
	const char *name_mark, *hash_mark;
	/* Connects, within ten seconds. Returns NULL with `*why`. Release with close(). */
	void *(*open)(const struct a2a_sql_address *address, char **why);
	void (*close)(void *connection);
	/* Each answers within half a minute, or the connection counts as lost. */
	enum a2a_sql_outcome (*run)(void *connection, const struct a2a_sql_statement *statement,
		struct a2a_sql_answer *answer, char **why);
	enum a2a_sql_outcome (*begin)(void *connection, char **why);
	/* REFUSED: it was rolled back. LOST: nobody can tell what the server has done. */
	enum a2a_sql_outcome (*commit)(void *connection, char **why);
	void (*rollback)(void *connection);
};

/* The one symbol that a plugin exports. */
#define A2A_SQL_DRIVER_SYMBOL "a2a_sql_driver"

/* Wipes and frees the columns. */
static inline void a2a_sql_answer_wipe(struct a2a_sql_answer *answer)
{
	for (size_t i = 0; i < answer->columns; i++)
		a2a_secret_wipe(&answer->column[i]);
	*answer = (struct a2a_sql_answer){0};
}

#endif
