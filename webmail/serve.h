/* SPDX-License-Identifier: BSD-3-Clause */
/* The protocol of all2all-passwd(8): an argument and fields come in, an answer goes out. */
#ifndef A2A_SERVE_H
#define A2A_SERVE_H

#include <time.h>

#include "answer.h"

/* What a request is judged by. All of it stays the host's; each may be NULL after a failure. */
struct a2a_opened {
	const struct a2a_settings *settings;
	const struct a2a_messages *messages;
	const struct a2a_policy *policy;
};

/* The program that serves a request. */
struct a2a_host {
	/*
	 * Opens the policy, with messages in the languages of a list with commas, all of which
	 * a2a_language_find() knows; NULL: those of the configuration. Returns false, having
	 * reported, when there is no policy; messages may be open even then.
	 */
	bool (*open)(void *context, const char *languages, struct a2a_opened *opened);
	void *context;
	const struct a2a_log *log;
	const char *tries;     /* the path of the file for a2a_try_begin() */
	const char *store;     /* the path of the audit's */
	const char *accounts;  /* the path of accounts.conf; NULL: all users are the system's */
	bool is_root;          /* real and effective uid */
	struct timespec start; /* of CLOCK_MONOTONIC: when the program began */
};

/*
 * Serves one request: reads the fields from the descriptor `input` and prints the lines of the
 * answer on standard output. Returns the exit status.
 */
enum a2a_answer a2a_webmail_serve(
	const struct a2a_host *host, int argc, const char *const *argv, int input);

#endif
