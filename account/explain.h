/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef A2A_EXPLAIN_H
#define A2A_EXPLAIN_H

#include <stdbool.h>

/* Replaces the text at `*why`, which is NULL or allocated, by a new one; NULL when memory is out.
 * Always returns false, so that a function can end with it. */
__attribute__((format(printf, 2, 3))) bool a2a_explain(char **why, const char *format, ...);

#endif
