/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks whether PAM on this system uses the module: is it where libpam looks, does it load, and
 * which stacks name it? */
#ifndef A2A_INSTALLED_H
#define A2A_INSTALLED_H

#include <stdbool.h>

#include "log.h"

/*
 * Prints on standard output what PAM does with the module, and reports what is wrong. `root` is the
 * folder that the system is below, without a slash at its end, or "" for the running system. A
 * module below another root is not loaded. Returns false when a stack cannot do its work: it names
 * the module, and libpam does not find it or cannot load it.
 */
bool installed_check(const char *root, const struct a2a_log *log);

#endif
