/* SPDX-License-Identifier: BSD-3-Clause */
/* The members of an opened policy: policy.c opens it, and judge.c reads it. */
#ifndef A2A_OPENED_H
#define A2A_OPENED_H

#include <pthread.h>
#include <stddef.h>

#include "name.h"

struct a2a_dictionary;
struct a2a_file;
struct a2a_filters;
struct a2a_keyboards;
struct a2a_lexicon;
struct a2a_settings;

/* Counts the threads that look at the lexicon, because its file has one lease for all of them. */
struct a2a_hold {
	pthread_mutex_t lock;
	pthread_cond_t nobody; /* looks any more */
	unsigned count;
};

struct a2a_policy {
	struct a2a_settings *settings;
	/* cracklib's, NULL when no setting asks for it. It is checked when a verdict depends on it
	 * for the first time; second_opinion.c has a lock for that. */
	struct a2a_dictionary *dictionary;
	/* The lexicon, then the site's own lists of words, with their files. If no setting asks for
	 * them, `lexicons` is 0. */
	struct a2a_lexicon *lexicon;
	struct a2a_file *lexicon_file;
	uint64_t *lexicon_checksum; /* of each, as its bytes are in the file */
	size_t lexicons;
	struct a2a_hold *hold; /* of lexicon_file[0], if that is shared; else NULL */
	struct a2a_keyboards *keyboards;
	struct a2a_filters *filters; /* NULL: the setting `leaks` is empty */
	struct a2a_name site_words; /* the words of the service, from the setting of that name */
};

#endif
