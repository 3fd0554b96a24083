/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asks a service for ranges of hashes, many at a time, by libcurl. It knows how to ask, and when to
 * ask again, to wait, and to stop; not what a range should have.
 */
#ifndef A2A_LEAKS_WEB_H
#define A2A_LEAKS_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "leaks_ranges.h"

enum {
	A2A_LEAKS_MOST_STREAMS = 128,
	A2A_LEAKS_WRONG = 256, /* bytes of a clause that says what is wrong */
};

struct a2a_leaks_web_order {
	/* The address of a range, without its five digits: https://, and a slash at its end. */
	const char *url;
	const char *agent;        /* the User-Agent, with whom to write to */
	const char *certificates; /* a file of who is trusted; NULL: those of the system */
	unsigned streams;         /* questions at a time, at most A2A_LEAKS_MOST_STREAMS */
	unsigned tries;           /* of each question */
	unsigned patience;        /* seconds without bytes; ten times of it for a whole answer */
};

/* One question. */
struct a2a_leaks_question {
	uint32_t prefix;
	char etag[A2A_LEAKS_MOST_ETAG + 1]; /* of the version that is known; empty: none */
};

/* An answer: it has not changed, or how it is now. */
struct a2a_leaks_reply {
	uint32_t prefix;
	bool is_unchanged;
	const char *etag; /* empty: there was none */
	char *text;       /* A2A_LEAKS_BEHIND_TEXT bytes behind it may be read */
	size_t length;
};

/* The functions that give the questions and take the answers. */
struct a2a_leaks_asker {
	/* Gives the next question. Returns false when there is none now; when none is being asked
	 * either, all is done. */
	bool (*ask)(void *context, struct a2a_leaks_question *question);
	/* Takes an answer. Returns false, with a clause that says why, for it to be asked again. */
	bool (*take)(void *context, const struct a2a_leaks_reply *reply,
		char wrong[static A2A_LEAKS_WRONG]);
	/* Is called often. Returns false to stop. */
	bool (*watch)(void *context);
	void *context;
};

struct a2a_leaks_traffic {
	uint64_t answers;  /* that were good */
	uint64_t failures; /* after which it was asked again */
	uint64_t bytes;    /* of the bodies, as they were sent */
	double seconds;    /* of all of it */
};

/*
 * Asks all questions of the asker. A question that fails is asked again after half a second, then
 * after a second, and so on, up to a minute. A service that is asked too much (429, 503) may send a
 * time to wait (Retry-After): nothing is asked until then. The function stops when the service
 * forbids the questions (403), sends no such time or one of more than ten minutes, or is asked too
 * much for the fifth time. Returns false, having reported, or because the asker stopped it.
 */
bool a2a_leaks_web_run(const struct a2a_leaks_web_order *order, const struct a2a_leaks_asker *asker,
	struct a2a_leaks_traffic *traffic, const struct a2a_log *log);

#endif
