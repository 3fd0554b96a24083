/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "conversation.h"

#include <stdlib.h>
#include <string.h>

int a2a_converse(int count, const struct pam_message **messages, struct pam_response **responses,
	bool (*answer)(
		void *context, const struct pam_message *message, struct pam_response *response),
	void *context)
{
	struct pam_response *answers = calloc((size_t)count, sizeof(*answers));
	bool ok = answers;

	for (int i = 0; ok && i < count; i++)
		ok = answer(context, messages[i], &answers[i]);
	if (ok) {
		*responses = answers;
		return PAM_SUCCESS;
	}
	for (int i = 0; answers && i < count; i++) {
		if (answers[i].resp)
			explicit_bzero(answers[i].resp, strlen(answers[i].resp));
		free(answers[i].resp);
	}
	free(answers);
	return PAM_CONV_ERR;
}
