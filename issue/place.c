/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "folder.h"
#include "tables.h"

/* ---- Names ----------------------------------------------------------------------------------- */

/* Returns the absolute path of a file. The folder must exist, but the file need not. Returns NULL,
 * having reported, on failure. */
static char *absolute(const struct place *place, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	char *real = folder ? realpath(folder, NULL) : NULL;
	char *whole = NULL;

	if (!real)
		a2a_fault(place->log, path, "%s", strerror(errno));
	else if (asprintf(&whole, "%s/%s", real, name) < 0)
		whole = NULL, a2a_fault(place->log, path, "out of memory");
	free(folder);
	free(real);
	/* The journal has lines with tabs, so a path must have neither. */
	if (whole && strpbrk(whole, "\t\n")) {
		a2a_fault(place->log, "--out-csv", "a file name cannot have tabs or line breaks");
		free(whole);
		whole = NULL;
	}
	return whole;
}

/* Names the file of errors: "errors.csv" in the folder of sheets, or "FILE.errors.csv" beside the
 * table "FILE.csv". */
static bool name_errors(struct place *place)
{
	const struct a2a_run_request *request = place->request;
	const char *table = request->table ? request->table : "";
	const size_t length = strlen(table);
	const bool ends = length > 4 && strcasecmp(table + length - 4, ".csv") == 0;
	int status = 0;

	if (!request->list)
		return true;
	if (request->folder)
		status = asprintf(&place->errors_path, "%s/errors.csv", request->folder);
	else if (request->table)
		status = asprintf(&place->errors_path, "%.*s.errors.csv",
			(int)(ends ? length - 4 : length), table);
	if (status >= 0)
		return true;
	place->errors_path = NULL;
	return a2a_fault(place->log, NULL, "out of memory");
}

/* Finds the table's path, which must not be that of the file of errors. Both folders must exist by
 * now. */
static bool name_table(struct place *place)
{
	char *errors;
	bool ok;

	if (!place->request->table)
		return true;
	place->table_path = absolute(place, place->request->table);
	if (!place->table_path || !place->errors_path)
		return place->table_path;
	errors = absolute(place, place->errors_path);
	ok = errors && (strcmp(errors, place->table_path) != 0 ||
			       a2a_fault(place->log, place->table_path,
				       "has the rows that come back: name another file with "
				       "--out-csv"));
	free(errors);
	return ok;
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* Opens the journal beside the table, ".FILE.csv.journal", when there is no folder of sheets. */
static bool open_table_journal(struct place *place)
{
	const char *path = place->request->table;
	char *name = NULL, *journal_path = NULL;
	const char *base;
	const int folder = a2a_folder_open_around(path, &base, place->log);

	if (folder < 0)
		return false;
	if (asprintf(&name, ".%s.journal", base) < 0)
		name = NULL;
	if (!name || asprintf(&journal_path, "%.*s%s", (int)(base - path), path, name) < 0)
		journal_path = NULL;
	if (journal_path)
		place->journal = a2a_journal_open(folder, name, journal_path, place->log);
	else
		a2a_fault(place->log, path, "out of memory");
	place->owns_journal = true;
	close(folder);
	free(name);
	free(journal_path);
	return place->journal;
}

static bool open_journal(struct place *place)
{
	const struct a2a_run_request *request = place->request;

	if (request->folder) {
		place->outbox = a2a_outbox_open(request->folder, place->log);
		place->journal = place->outbox ? a2a_outbox_journal(place->outbox) : NULL;
		return place->outbox;
	}
	return !request->table || open_table_journal(place);
}

/*
 * Checks a table that an earlier run began. The same request must complete it, because the
 * passwords in its rows are nowhere else. If the table has its name already, the earlier run was
 * interrupted after that. If there is no file at all, somebody moved it.
 */
static bool check_table(struct place *place)
{
	const char *begun = a2a_journal_table(place->journal);

	if (!begun)
		return true;
	if (!a2a_partial_is_there(begun))
		return a2a_journal_set_table(place->journal, NULL, place->log);
	if (!place->table_path || strcmp(begun, place->table_path) != 0)
		return a2a_fault(place->log, begun,
			"an earlier run into the same place did not complete this table: add "
			"--out-csv with it");
	if (place->request->again)
		return a2a_fault(place->log, begun,
			"an earlier run did not complete this table: the same command without "
			"--again does, and then there can be another");
	return true;
}

bool issue_place_open(struct place *place, const struct a2a_run_request *request,
	const struct a2a_list *list, const struct a2a_log *log)
{
	place->request = request;
	place->list = list;
	place->log = log;
	if (!name_errors(place))
		return false;
	if (request->dry_run)
		return true;
	if (!open_journal(place) || !name_table(place))
		return false;
	if (!place->journal)
		return true;
	if (!check_table(place))
		return false;
	if (a2a_journal_table(place->journal) && !issue_table_open(place))
		return false;
	return !request->again || a2a_journal_forget(place->journal, log);
}

void issue_place_close(struct place *place)
{
	a2a_partial_close(place->table);
	a2a_partial_close(place->errors);
	if (place->owns_journal)
		a2a_journal_close(place->journal);
	a2a_outbox_close(place->outbox);
	free(place->table_path);
	free(place->errors_path);
	free(place->doubtful);
	*place = (struct place){0};
}

/* ---- An account of an earlier run ------------------------------------------------------------ */

bool issue_place_is_doubtful(const struct place *place, const char *user)
{
	return (place->outbox && a2a_outbox_is_doubtful(place->outbox, user)) ||
	       (place->doubtful && strcmp(place->doubtful, user) == 0);
}

/*
 * Tells whether the recipient keeps the password that the journal knows. A user who is named in the
 * request gets a new password, but not a second row in a table that was begun. If the account is in
 * doubt, a password that was set after the one in the journal may be on no sheet.
 */
static bool keeps(const struct place *place, const char *user, const struct a2a_issued *issued)
{
	if (!place->request->list)
		return issued->in_table;
	return !place->request->setter || !issue_place_is_doubtful(place, user);
}

bool issue_place_look_before(const struct place *place, struct recipient *recipient)
{
	const bool hashes = !place->request->setter;
	struct a2a_issued issued = {0};
	bool found = false;

	if (!place->journal)
		return true;
	if (!a2a_journal_find(place->journal, recipient->user, &found, &issued, place->log))
		return false;
	if (found && keeps(place, recipient->user, &issued)) {
		recipient->is_before = true;
		if (hashes && !issued.hash)
			issue_refuse(recipient,
				"it has a password of %s that was set, without a hash: --again "
				"makes a new one",
				issued.when);
		if (hashes && issued.hash && !hash_is_of(place->request->scheme, issued.hash))
			issue_refuse(recipient,
				"it has a password of %s whose hash is of another scheme than %s: "
				"--again makes a new one",
				issued.when, hash_name(place->request->scheme));
		if (!hashes && issued.hash)
			issue_refuse(recipient,
				"it has a password of %s of which only a hash was made: --again "
				"makes a new one",
				issued.when);
		recipient->old_hash = issued.hash;
		issued.hash = NULL;
	}
	a2a_issued_free(&issued);
	return true;
}

/* ---- The end --------------------------------------------------------------------------------- */

bool issue_place_complete(struct place *place)
{
	bool ok = true;

	if (place->request->dry_run)
		return true;
	if (place->table)
		ok = a2a_partial_complete(place->table, place->log) &&
		     a2a_journal_set_table(place->journal, NULL, place->log);
	if (place->errors)
		ok = a2a_partial_complete(place->errors, place->log) && ok;
	else if (place->errors_path)
		a2a_partial_remove(place->errors_path);
	return ok;
}
