/* SPDX-License-Identifier: BSD-3-Clause */
#include "transaction.h"

#include <stdlib.h>
#include <string.h>

#include "tables.h"

/* ---- The steps ------------------------------------------------------------------------------- */

/* Puts down one file of an account. Marks a sheet of the former password for removal if no new
 * sheet replaces it. */
static bool put_output(
	struct place *place, const struct recipient *recipient, enum a2a_output output)
{
	const char *ending = a2a_output_ending(output);

	if (place->request->outputs & 1u << output)
		return a2a_outbox_put(place->outbox, recipient->user, recipient->id, ending,
			&recipient->page[output], place->log);
	return !a2a_output_format(output) || a2a_outbox_put_none(place->outbox, recipient->user,
						     recipient->id, ending, place->log);
}

/* Writes the files and the row under hidden names, so that nobody uses them yet. */
static bool put_down(struct place *place, const struct recipient *recipient)
{
	for (enum a2a_output output = 0; place->outbox && output < A2A_OUTPUTS; output++)
		if (!put_output(place, recipient, output))
			return false;
	return !place->request->table || issue_table_add(place, recipient);
}

/* Returns true when everything that was put down is on the disk. */
static bool settle(const struct place *place)
{
	return (!place->outbox || a2a_outbox_sync(place->outbox, place->log)) &&
	       (!place->table || a2a_partial_sync(place->table, place->log));
}

static off_t end_of_table(const struct place *place)
{
	return place->table ? a2a_partial_end(place->table) : 0;
}

/* Removes what was put down for a password that is not set. */
static bool take_back(struct place *place, off_t table_end)
{
	if (place->outbox)
		a2a_outbox_discard(place->outbox);
	return !place->table || a2a_partial_cut(place->table, table_end, place->log);
}

/* Writes into the journal that the account has the password. */
static bool record(const struct place *place, const struct recipient *recipient, off_t table_end)
{
	struct a2a_issued issued = {
		.hash = recipient->hashed.length ? recipient->hashed.bytes : NULL,
		.table_end = table_end,
	};

	memcpy(issued.id, recipient->id, sizeof(issued.id));
	return !place->journal ||
	       a2a_journal_add(place->journal, recipient->user, &issued, place->log);
}

/* Gives the files their names; also when the journal is broken, because the user needs the sheet of
 * a password that is set. */
static bool publish(const struct place *place, bool recorded)
{
	bool ok = recorded && (!place->journal || a2a_journal_sync(place->journal, place->log));

	if (place->outbox && !a2a_outbox_publish(place->outbox, place->log))
		ok = false;
	return ok;
}

/* ---- A password that is set ------------------------------------------------------------------ */

/* Forgets the doubt about an account: its password is set, so the row of an earlier run is void. */
static void end_doubt(struct place *place, const char *user)
{
	if (!place->doubtful || strcmp(place->doubtful, user) != 0)
		return;
	free(place->doubtful);
	place->doubtful = NULL;
}

/* Ends the account's step when its password is not set, or when that is not known. Frees `why`.
 * Returns whether the run can go on; if not, that has been reported. */
static bool give_up(struct place *place, struct recipient *recipient, enum a2a_set set, char *why,
	off_t table_end)
{
	const char *text = why ? why : "out of memory";
	bool ok = false;

	switch (set) {
	case A2A_SET_UNKNOWN:
		/* What was put down stays, so that the next run sees the doubt and ends it. */
		if (place->outbox)
			a2a_outbox_leave(place->outbox);
		a2a_fault(place->log, recipient->user,
			"nobody can tell whether its password is set: %s", text);
		break;
	case A2A_SET_AWAY:
		take_back(place, table_end);
		a2a_fault(place->log, recipient->user, "%s", text);
		break;
	default:
		issue_refuse(recipient, "%s", text);
		ok = take_back(place, table_end);
	}
	free(why);
	return ok;
}

static bool set_and_publish(struct place *place, struct recipient *recipient)
{
	const struct a2a_setter *setter = place->request->setter;
	const off_t table_end = end_of_table(place);
	enum a2a_set set;
	char *why = NULL;

	if (!put_down(place, recipient) || !settle(place)) {
		take_back(place, table_end);
		return false;
	}
	set = setter->set(setter->context, recipient->user, &recipient->password, &why);
	if (set != A2A_SET && set != A2A_SET_ONLY)
		return give_up(place, recipient, set, why, table_end);
	recipient->is_issued = true;
	recipient->is_partly_set = set == A2A_SET_ONLY;
	recipient->partly_why = why;
	end_doubt(place, recipient->user);
	return publish(place, record(place, recipient, end_of_table(place)));
}

static bool set_one(struct place *place, struct recipient *recipient)
{
	const struct a2a_setter *setter = place->request->setter;
	bool ok;

	if (!issue_table_need(place) || !setter->lock(setter->context, recipient->user, place->log))
		return false;
	ok = set_and_publish(place, recipient);
	setter->unlock(setter->context, recipient->user);
	return ok;
}

/* ---- Passwords of which only hashes are made ------------------------------------------------- */

/* Makes the hashes of a batch together. No password is set, so nothing can be half done, and the
 * batch shares the time of one sync. */
static bool hash_together(struct place *place, struct recipient *const *recipient, size_t count)
{
	off_t table_end, end[ISSUE_BATCH];
	size_t done = 0;
	bool ok = true;

	if (!issue_table_need(place))
		return false;
	table_end = end_of_table(place);
	for (size_t i = 0; ok && i < count; i++) {
		ok = put_down(place, recipient[i]);
		end[i] = end_of_table(place);
	}
	if (!ok || !settle(place)) {
		take_back(place, table_end);
		return false;
	}
	while (done < count && record(place, recipient[done], end[done]))
		recipient[done++]->is_issued = true;
	for (size_t i = done; place->outbox && i < count; i++)
		a2a_outbox_discard_user(place->outbox, recipient[i]->user);
	return publish(place, done == count);
}

bool issue_to(struct place *place, struct recipient *const *recipient, size_t count)
{
	struct recipient *due[ISSUE_BATCH];
	size_t due_count = 0;
	bool ok = true;

	for (size_t i = 0; i < count && i < ISSUE_BATCH; i++)
		if (issue_is_due(recipient[i]))
			due[due_count++] = recipient[i];
	if (place->request->dry_run || (!place->request->setter && !place->journal)) {
		for (size_t i = 0; i < due_count; i++)
			due[i]->is_issued = true;
		return true;
	}
	if (!place->request->setter)
		return !due_count || hash_together(place, due, due_count);
	for (size_t i = 0; ok && i < due_count; i++)
		ok = set_one(place, due[i]);
	return ok;
}
