/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keeps others from writing to a file while it is looked at.
 *
 * A program that touches a mapped page behind the end of its file gets SIGBUS and dies. So a file
 * that somebody cuts short would kill the daemons that have it mapped. Under a read lease
 * (fcntl(2), F_SETLEASE) the kernel lets whoever opens the file for writing or cuts it wait until
 * the lease is given back, for 45 seconds at most (/proc/sys/fs/lease-break-time).
 *
 * These were the alternatives. A private copy of the lexicon (12 MB) costs 2 to 50 milliseconds for
 * each process, depending on the cost of new pages on the machine, and its memory. A pread(2) for
 * each step of a look-up makes a judgement a hundred times as slow. A handler of SIGBUS would
 * belong to the host's process, not to us. A lease costs 10 to 20 microseconds.
 */
#ifndef A2A_LEASE_H
#define A2A_LEASE_H

#include <stdbool.h>

/*
 * Takes a read lease on a regular file that is open for reading. Returns 0 or an errno value:
 * EAGAIN when somebody has the file open for writing, EACCES when the file belongs to another user
 * and the caller lacks CAP_LEASE, EINVAL when the file system has no leases. No signal is delivered
 * to the process: neither when the lease is taken nor when somebody wants to write. The host's
 * dispositions, masks and pending signals stay as they were. Do not call it twice for one open
 * file.
 */
int a2a_lease_take(int fd);

/* Tells whether somebody waits for the lease to be given back. */
bool a2a_lease_is_wanted(int fd);

/* Gives the lease back. */
void a2a_lease_return(int fd);

#endif
