/* SPDX-License-Identifier: BSD-3-Clause */
/* The pages and the hash that are handed over with a password. */
#ifndef A2A_ISSUE_HANDOVER_H
#define A2A_ISSUE_HANDOVER_H

#include "recipient.h"
#include "service.h"

/* All fields must be zero before it is opened. It does not change after that, so that several
 * threads may use it. */
struct handover {
	const struct a2a_run_request *request;
	const struct a2a_list *list; /* NULL: there is no list */
	struct a2a_service service;
	struct a2a_sheets *sheets; /* NULL: no pages are made */
	struct a2a_signer *signer; /* of profiles; NULL: they are not signed */
};

/* Reads sheets.conf and the templates. Returns false, having reported. Call issue_handover_close()
 * in any case. Call this function before any thread is started. */
bool issue_handover_open(struct handover *handover, const struct a2a_run_request *request,
	const struct a2a_log *log);
void issue_handover_close(struct handover *handover);

/* Makes the pages and the hash of a recipient that has a password; otherwise does nothing. A
 * failure becomes the recipient's problem. */
void issue_handover_make(const struct handover *handover, struct recipient *recipient);

#endif
