/* SPDX-License-Identifier: BSD-3-Clause */
/* Puts a filter that another user has made into its place. */
#ifndef A2A_LEAKS_INSTALL_H
#define A2A_LEAKS_INSTALL_H

#include "leaks_build.h"

/*
 * Copies a filter beside the target, so that who has made it cannot write to it any more, checks
 * all of the copy, and puts it into the target's place in one step. The target's folder must be one
 * that a2a_trust() trusts. The new file belongs to the caller; it has the group of the one that it
 * replaces, and of its mode what does not let others write; without such a file, everybody may read
 * it. The ETags go with it. Returns false, having reported, or because the observer stopped it; the
 * target is then as it was.
 */
bool a2a_leaks_install(const char *source, const char *target, unsigned jobs,
	struct a2a_leaks_format *format, const struct a2a_leaks_observer *observer);

#endif
