/* SPDX-License-Identifier: BSD-3-Clause */
/* What is handed over with a password: the pages of an account, and the hash. */
#ifndef A2A_ISSUE_HANDOVER_H
#define A2A_ISSUE_HANDOVER_H

#include "recipient.h"
#include "service.h"

/* All zero before. Not changed after it was opened, so that several threads may use it. */
struct handover {
	const struct a2a_run_request *request;
	const struct a2a_list *list; /* NULL: without one */
	struct a2a_service service;
	struct a2a_sheets *sheets; /* NULL: no pages are made */
};

/* Reads sheets.conf and the templates. Returns false, having reported; issue_handover_close() in
 * any case. To be called before there are threads. */
bool issue_handover_open(struct handover *handover, const struct a2a_run_request *request,
	const struct a2a_log *log);
void issue_handover_close(struct handover *handover);

/* Makes the pages and the hash of a recipient that has a password; otherwise does nothing. A
 * failure becomes the recipient's problem. */
void issue_handover_make(const struct handover *handover, struct recipient *recipient);

#endif
