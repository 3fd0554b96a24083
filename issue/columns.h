/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run does with each column of the list, and says of it. */
#ifndef A2A_COLUMNS_H
#define A2A_COLUMNS_H

#include "handover.h"
#include "list.h"

enum issue_use {
	ISSUE_MEANING, /* user, name, mail address or language */
	ISSUE_SETTING, /* a key of sheets.conf, for this account */
	ISSUE_FIELD,   /* a field of the sheet's text */
	ISSUE_NOTHING, /* it goes into the tables at most */
};

/* Tells whether a column has values for a key of sheets.conf. */
bool issue_column_is_setting(const struct a2a_list *list, size_t column);

/* Returns what a column is used for. `handover` says which fields the templates have. */
enum issue_use issue_column_use(
	const struct handover *handover, const struct a2a_list *list, size_t column);

/*
 * Tells the list which columns nothing uses, and the events what each column is taken for. Returns
 * false, having reported, when memory is out.
 */
bool issue_columns_settle(const struct handover *handover, struct a2a_list *list,
	const struct a2a_run_events *events, const struct a2a_log *log);

#endif
