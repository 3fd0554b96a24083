/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * secret_host CONFDIR SERVICE USER authenticate|chauthtok
 *
 * A program that logs in or changes a password through libpam, and keeps no trace of the passwords
 * itself: it reads them from standard input with every byte XORed with 0x55, one a line, and
 * unveils each only into the answer that libpam wipes. tests/trust/secrets searches its memory at
 * its exit, after pam_end(). The exit status is PAM's return code.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_appl.h>

enum { VEIL = 0x55, ROOM = 4096, USAGE = 64 };

struct answers {
	char veiled[ROOM];
	size_t length, at;
};

/* The next answer, which libpam wipes and frees. */
static char *next_answer(struct answers *answers)
{
	const char *begin = answers->veiled + answers->at;
	const char *end = memchr(begin, '\n' ^ VEIL, answers->length - answers->at);
	const size_t length = end ? (size_t)(end - begin) : 0;
	char *answer = end ? malloc(length + 1) : NULL;

	if (!answer)
		return NULL;
	for (size_t i = 0; i < length; i++)
		answer[i] = (char)(begin[i] ^ VEIL);
	answer[length] = '\0';
	answers->at += length + 1;
	return answer;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	struct pam_response *all = calloc((size_t)count, sizeof(*all));

	if (!all)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++) {
		const struct pam_message *message = messages[i];

		if (message->msg_style == PAM_PROMPT_ECHO_OFF ||
			message->msg_style == PAM_PROMPT_ECHO_ON) {
			all[i].resp = next_answer(context);
			if (!all[i].resp) {
				while (i--)
					free(all[i].resp);
				free(all);
				return PAM_CONV_ERR;
			}
		}
	}
	*responses = all;
	return PAM_SUCCESS;
}

int main(int argc, char **argv)
{
	struct answers answers = {0};
	const struct pam_conv conversation = {converse, &answers};
	pam_handle_t *handle = NULL;
	ssize_t got;
	int status;

	if (argc != 5)
		return USAGE;
	while ((got = read(0, answers.veiled + answers.length, ROOM - answers.length)) > 0)
		answers.length += (size_t)got;
	status = pam_start_confdir(argv[2], argv[3], &conversation, argv[1], &handle);
	if (status != PAM_SUCCESS)
		return status;
	status = strcmp(argv[4], "chauthtok") == 0 ? pam_chauthtok(handle, 0)
						   : pam_authenticate(handle, 0);
	pam_end(handle, status);
	return status;
}
