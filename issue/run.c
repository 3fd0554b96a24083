/* SPDX-License-Identifier: BSD-3-Clause */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "handover.h"
#include "pool.h"
#include "recipient.h"
#include "tables.h"
#include "transaction.h"

struct a2a_run {
	struct a2a_run_request request;
	struct a2a_run_events events;
	struct a2a_log log;
	struct handover handover;
	struct recipients recipients;
	struct place place;
	struct a2a_pool *pool;
	struct a2a_run_result result;
	bool has_fault;
};

/* ---- Opening --------------------------------------------------------------------------------- */

static bool open_all(struct a2a_run *run)
{
	const struct a2a_run_request *request = &run->request;
	size_t mended;
	bool ok;

	if (!issue_handover_open(&run->handover, request, &run->log) ||
		!issue_recipients_open(&run->recipients, request, &run->log))
		return false;
	run->handover.list = run->recipients.list;
	if (run->recipients.list && !issue_columns_settle(&run->handover, run->recipients.list,
					    &run->events, &run->log))
		return false;
	ok = issue_place_open(&run->place, request, run->recipients.list, &run->log);
	mended = run->place.outbox ? a2a_outbox_mended(run->place.outbox) : 0;
	if (mended)
		run->events.mended(run->events.context, mended);
	return ok;
}

struct a2a_run *a2a_run_open(const struct a2a_run_request *request,
	const struct a2a_run_events *events, const struct a2a_log *log)
{
	struct a2a_run *run = calloc(1, sizeof(*run));

	if (!run) {
		a2a_fault(log, NULL, "out of memory");
		return NULL;
	}
	run->request = *request;
	run->events = *events;
	run->log = *log;
	if (open_all(run))
		return run;
	a2a_run_close(run);
	return NULL;
}

void a2a_run_close(struct a2a_run *run)
{
	if (!run)
		return;
	a2a_pool_free(run->pool);
	issue_place_close(&run->place);
	issue_recipients_close(&run->recipients);
	issue_handover_close(&run->handover);
	free(run);
}

/* Makes the pages and the hash of a job. The threads of the pool run this. */
static void make(void *context, void *job)
{
	const struct a2a_run *run = context;

	issue_handover_make(&run->handover, job);
}

static bool open_pool(struct a2a_run *run)
{
	const unsigned jobs = run->request.jobs ? run->request.jobs : a2a_processors();

	run->pool = a2a_pool_new(jobs, jobs + ISSUE_BATCH, make, run);
	return run->pool || a2a_fault(&run->log, "threads", "%s", strerror(errno));
}

/* ---- Finishing an account -------------------------------------------------------------------- */

/* Gives the row back to the administrator, with the problem. */
static bool give_back(struct a2a_run *run, const struct recipient *recipient)
{
	const char *user = recipient->user;

	run->result.refused += 1 + recipient->row.swallowed;
	if (run->place.errors_path && !run->request.dry_run)
		return issue_errors_add(&run->place, recipient);
	run->events.refused(run->events.context, recipient->row.line,
		*user && a2a_is_showable(user) ? user : "?", recipient->problem);
	return true;
}

static bool finish(struct a2a_run *run, const struct recipient *recipient, bool was_doubtful)
{
	const struct a2a_run_events *events = &run->events;
	const char *hash = recipient->is_before ? recipient->old_hash : recipient->hashed.bytes;

	run->result.before += recipient->is_before && !recipient->problem;
	run->result.issued += recipient->is_issued;
	if (recipient->problem)
		return give_back(run, recipient);
	if (run->request.dry_run || (!recipient->is_issued && !recipient->is_before))
		return true;
	if (recipient->is_issued && run->request.setter)
		events->issued(events->context, recipient->user);
	if (recipient->is_partly_set) {
		events->partly_set(events->context, recipient->user,
			recipient->partly_why ? recipient->partly_why : "out of memory");
		run->result.is_partly_set = true;
	}
	if (was_doubtful)
		events->resolved(events->context, recipient->user);
	return events->handed_over(
		events->context, recipient->user, &recipient->password, recipient->spelling, hash);
}

/* Issues passwords to these recipients, and reports each of them, in the order of the list. */
static bool issue_and_finish(struct a2a_run *run, struct recipient *const *recipient, size_t count)
{
	bool was_doubtful[ISSUE_BATCH];
	bool ok;

	for (size_t i = 0; i < count; i++)
		was_doubtful[i] = issue_is_due(recipient[i]) &&
				  issue_place_is_doubtful(&run->place, recipient[i]->user);
	ok = issue_to(&run->place, recipient, count);
	for (size_t i = 0; i < count; i++)
		ok = finish(run, recipient[i], was_doubtful[i]) && ok;
	return ok;
}

/* ---- Going through the list ------------------------------------------------------------------ */

/* Returns the next recipient, with a new password if it is to get one; NULL at the end, or after a
 * fault. */
static struct recipient *next_recipient(struct a2a_run *run)
{
	struct recipient *recipient = NULL;
	const enum a2a_list_step step = issue_recipients_next(&run->recipients, &recipient);

	if (step == A2A_LIST_ROW &&
		(recipient->problem || issue_place_look_before(&run->place, recipient)) &&
		(!issue_is_due(recipient) || issue_recipient_draw(&run->recipients, recipient)))
		return recipient;
	run->has_fault |= step != A2A_LIST_END;
	issue_recipient_free(recipient);
	return NULL;
}

/* Fills the pool. Returns false when there are no more recipients. */
static bool give_to_pool(struct a2a_run *run)
{
	while (!a2a_pool_is_full(run->pool)) {
		struct recipient *next = next_recipient(run);

		if (!next)
			return false;
		a2a_pool_give(run->pool, next);
	}
	return true;
}

/* Takes the next recipients whose pages and hashes are made: one when passwords are set, otherwise
 * all that are ready. Returns their number. */
static size_t take_from_pool(
	const struct a2a_run *run, struct recipient *recipient[static ISSUE_BATCH])
{
	const size_t most = run->request.setter ? 1 : ISSUE_BATCH;
	size_t count = 0;

	do {
		recipient[count] = a2a_pool_take(run->pool);
		count += recipient[count] != NULL;
	} while (count && count < most && a2a_pool_is_ready(run->pool));
	return count;
}

static void tell_progress(const struct a2a_run *run, double share)
{
	const struct a2a_run_result *result = &run->result;

	run->events.progress(
		run->events.context, share, result->issued + result->refused + result->before);
}

/* Returns whether the whole list was processed. After a fault or a stop, the pool is emptied. */
static bool go_through(struct a2a_run *run)
{
	struct recipient *recipient[ISSUE_BATCH];
	bool is_over = false;
	size_t count;

	for (;;) {
		is_over = is_over || !give_to_pool(run);
		count = take_from_pool(run, recipient);
		if (!count)
			break;
		run->result.is_stopped =
			run->result.is_stopped || run->events.is_stopped(run->events.context);
		if (!run->result.is_stopped && !run->has_fault)
			run->has_fault = !issue_and_finish(run, recipient, count);
		is_over = is_over || run->result.is_stopped || run->has_fault;
		tell_progress(run, recipient[count - 1]->share);
		while (count)
			issue_recipient_free(recipient[--count]);
	}
	return !run->result.is_stopped && !run->has_fault;
}

void a2a_run_go(struct a2a_run *run, struct a2a_run_result *result)
{
	const struct place *place = &run->place;

	run->result.is_complete =
		open_pool(run) && go_through(run) && issue_place_complete(&run->place);
	run->result.errors = place->errors ? place->errors_path : NULL;
	run->result.doubtful = place->outbox ? a2a_outbox_doubtful(place->outbox) : 0;
	run->result.doubtful_user = place->doubtful;
	*result = run->result;
}
