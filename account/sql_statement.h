/* SPDX-License-Identifier: BSD-3-Clause */
/* Statements of SQL with named parameters, such as :user. */
#ifndef A2A_SQL_STATEMENT_H
#define A2A_SQL_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum a2a_sql_parameter {
	A2A_SQL_USER,   /* the whole address */
	A2A_SQL_LOCAL,  /* what is in front of its @ */
	A2A_SQL_DOMAIN, /* what is behind it; "" */
	A2A_SQL_HASH,
	A2A_SQL_NAMES,
};

/* What is not understood of a statement. */
struct a2a_sql_mistake {
	const char
		*name; /* that is no parameter, within the statement, from its colon on; or NULL */
	size_t length;
};

/*
 * Writes a statement with what put() writes in place of each parameter. What is in quotes stays as
 * it is, and so does a double colon, PostgreSQL's cast. Returns false, with the mistake, when there
 * is another name behind a colon, or when put() returns false.
 */
bool a2a_sql_expand(const char *statement,
	bool (*put)(void *context, enum a2a_sql_parameter parameter, FILE *out), void *context,
	FILE *out, struct a2a_sql_mistake *mistake);

#endif
