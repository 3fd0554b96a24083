/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Counts the old passwords that are tried through all2all-passwd, so that nobody guesses with it:
 * ten tries of a user in 15 minutes. A try is counted before the password is verified, so nothing
 * that ends or stops the verification prevents the count.
 *
 * The counts are in one file of a fixed size, whose room on the disk is taken when it is made: a
 * full disk does not stop the counting, and invented names do not fill the disk. A name, known or
 * not, has its place by a hash with a secret key. Names that share a place share its ten tries. So
 * a count says nothing about which names exist.
 */
#ifndef A2A_TRIES_H
#define A2A_TRIES_H

#include <sys/types.h>

#include "log.h"

enum {
	A2A_TRIES_MOST = 10,
	A2A_TRIES_SECONDS = 15 * 60, /* of a window that slides: a try counts for so long */
};

enum a2a_tried {
	A2A_TRY_COUNTED,     /* the password may be verified */
	A2A_TRY_TOO_MANY,    /* there were A2A_TRIES_MOST already */
	A2A_TRY_NOT_COUNTED, /* reported: the count cannot be written, so nothing may be verified */
};

/* A try that was counted. */
struct a2a_try {
	int file;      /* locked; -1 when the try was not counted */
	off_t counted; /* where its time is in the file; 0: nowhere */
};

/*
 * Counts a try for the user and waits until the disk has it. `path` is the file, which is made with
 * its folder when it does not exist. Only one process at a time has a try: this waits for its turn.
 * End every try with a2a_try_end(), whatever was returned.
 *
 * The time is that of the system's clock. When it was set back, tries of a later time count from
 * now on; when it was set forward, tries are forgotten early.
 */
enum a2a_tried a2a_try_begin(
	struct a2a_try *attempt, const char *path, const char *user, const struct a2a_log *log);

/*
 * Ends the try, and takes its count back if the password was right. Counts of earlier tries stay:
 * else the owner of the password would give an attacker ten more with each change.
 */
void a2a_try_end(struct a2a_try *attempt, bool was_right);

#endif
