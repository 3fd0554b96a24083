/* SPDX-License-Identifier: BSD-3-Clause */
/* The frame of a conversation with PAM modules: it calls a function for each of their messages. */
#ifndef A2A_CONVERSATION_H
#define A2A_CONVERSATION_H

#include <security/pam_appl.h>
#include <stdbool.h>

/*
 * Does what pam_conv(3) asks of a conversation function. It calls answer(context, message,
 * response) for each message. The responses are allocated, and libpam wipes and frees them. When
 * `answer` returns false, the earlier responses are wiped and freed, and PAM_CONV_ERR is returned.
 */
int a2a_converse(int count, const struct pam_message **messages, struct pam_response **responses,
	bool (*answer)(
		void *context, const struct pam_message *message, struct pam_response *response),
	void *context);

#endif
