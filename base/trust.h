/* SPDX-License-Identifier: BSD-3-Clause */
/* Which files and folders are trusted: one rule for every room that opens one. */
#ifndef A2A_TRUST_H
#define A2A_TRUST_H

#include <stdbool.h>

#include <sys/stat.h>

/* Why a file or a folder is not trusted. */
enum a2a_trust {
	A2A_TRUSTED,
	A2A_OWNED_BY_OTHERS,    /* it belongs neither to root nor to the effective user */
	A2A_WRITABLE_BY_OTHERS, /* its group or everybody may write to it */
};

/*
 * Tells whether only root and the effective user could have written a file, or could have put a
 * file into a folder. `status` must come from the open descriptor, or from a descriptor of the
 * folder with AT_SYMLINK_NOFOLLOW: a path may name something else a moment later. A sticky bit
 * changes nothing, because others can still add to such a folder. The caller checks the kind of
 * file.
 */
enum a2a_trust a2a_trust(const struct stat *status);

/*
 * Tells whether a file may hold a secret: it must be a regular file of the effective user, with one
 * name, that nobody else may read or write. A file of root's is not private for another user.
 */
bool a2a_is_private(const struct stat *status);

#endif
