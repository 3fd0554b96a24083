/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pam_drive CONFDIR|- SERVICE USER authenticate|chauthtok [HOST]
 *
 * Logs a user in, or changes a password, with the PAM service files of the folder CONFDIR, or with
 * the system's (-). HOST is the address that the user comes from. Prints what the user would see.
 * Reads the answers from standard input, one a line; prints a password as ********. The exit status
 * is PAM's return code.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conversation.h"

enum { USAGE = 64 }; /* EX_USAGE; PAM's own codes end well below */

/* Returns the next line without its newline, which the caller frees, or NULL when there is none. */
static char *read_answer(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getline(&line, &room, stdin);

	if (length < 0) {
		free(line);
		return NULL;
	}
	if (length && line[length - 1] == '\n')
		line[length - 1] = '\0';
	return line;
}

/* Prints a message, and reads the answer if the message asks for one. Returns false when there is
 * none. */
static bool show(void *context, const struct pam_message *message, struct pam_response *response)
{
	const bool hidden = message->msg_style == PAM_PROMPT_ECHO_OFF;
	const char *typed = "(nothing more is typed)";

	(void)context;
	if (message->msg_style == PAM_ERROR_MSG || message->msg_style == PAM_TEXT_INFO) {
		printf("%s\n", message->msg);
		return true;
	}
	response->resp = read_answer();
	if (response->resp)
		typed = hidden ? "********" : response->resp;
	printf("%s%s\n", message->msg, typed);
	return response->resp;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	return a2a_converse(count, messages, responses, show, context);
}

/* pam_unix asks for two seconds after a wrong password, which the program waits, or does not. */
static void do_not_wait(int status, unsigned microseconds, void *context)
{
	(void)status;
	(void)microseconds;
	(void)context;
}

int main(int argc, char **argv)
{
	void (*const fail_delay)(int, unsigned, void *) = do_not_wait;
	const struct pam_conv conversation = {converse, NULL};
	pam_handle_t *pamh = NULL;
	bool changes;
	int status;

	if (argc < 5 || argc > 6 ||
		(strcmp(argv[4], "authenticate") && strcmp(argv[4], "chauthtok"))) {
		fputs("usage: pam_drive CONFDIR|- SERVICE USER authenticate|chauthtok [HOST]\n",
			stderr);
		return USAGE;
	}
	changes = strcmp(argv[4], "chauthtok") == 0;
	/* Write each line at once, so that this output and that of libraries are in the right
	 * order. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	status = pam_start_confdir(
		argv[2], argv[3], &conversation, strcmp(argv[1], "-") ? argv[1] : NULL, &pamh);
	if (status == PAM_SUCCESS)
		status = pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)fail_delay);
	if (status == PAM_SUCCESS && argc == 6)
		status = pam_set_item(pamh, PAM_RHOST, argv[5]);
	if (status != PAM_SUCCESS) {
		fprintf(stderr, "pam_drive: service %s cannot be started: %s\n", argv[2],
			pam_strerror(pamh, status));
		return status;
	}
	status = changes ? pam_chauthtok(pamh, 0) : pam_authenticate(pamh, 0);
	if (status == PAM_SUCCESS)
		puts(changes ? "The password is changed." : "Welcome.");
	else
		printf("%s: %s.\n", changes ? "The password is not changed" : "You are not let in",
			pam_strerror(pamh, status));
	pam_end(pamh, status);
	return status;
}
