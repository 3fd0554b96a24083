/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of passwords, and the file of errors with the rows that are refused. */
#ifndef A2A_TABLES_H
#define A2A_TABLES_H

#include "place.h"

/*
 * Opens the table, and cuts off everything behind the last row that the journal knows. The user of
 * a row that was cut off becomes `doubtful`. Returns false, having reported.
 */
bool issue_table_open(struct place *place);

/* Opens the table, if the request asks for one and it is not open yet. So a new table is made only
 * when there is a row for it. */
bool issue_table_need(struct place *place);

/* Adds the recipient's row with the password. Returns false, having reported. */
bool issue_table_add(struct place *place, const struct recipient *recipient);

/* Adds the recipient's row to the file of errors, with the problem before it. Returns false, having
 * reported. */
bool issue_errors_add(struct place *place, const struct recipient *recipient);

#endif
