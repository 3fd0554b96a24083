/* SPDX-License-Identifier: BSD-3-Clause */
/* The frame of a conversation with PAM modules, for who answers their messages one by one. */
#ifndef A2A_CONVERSATION_H
#define A2A_CONVERSATION_H

#include <security/pam_appl.h>
#include <stdbool.h>

/*
 * What pam_conv(3) asks of a conversation function, with answer(context, message, response) for
 * each message. The answers are allocated, and libpam's to wipe and free. When one of them fails,
 * those before it are wiped and freed, and PAM_CONV_ERR is returned.
 */
int a2a_converse(int count, const struct pam_message **messages, struct pam_response **responses,
	bool (*answer)(
		void *context, const struct pam_message *message, struct pam_response *response),
	void *context);

#endif
