/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the lists of rule ids that a2a_verdict_rules() writes: "too-short,no-digit". */
#ifndef A2A_RULE_IDS_H
#define A2A_RULE_IDS_H

#include "verdict.h"

/*
 * Finds the first id of a list: returns where the id begins, sets `*length` to its number of bytes
 * and `*rule` to its rule, and moves `*list` behind it. `*rule` is A2A_RULES for an id that this
 * version does not know. Returns NULL at the end of the list.
 */
const char *a2a_rule_ids_next(const char **list, size_t *length, enum a2a_rule *rule);

/* Returns the rules of a list as bits, such as 1 << A2A_TOO_SHORT. Leaves out ids that this version
 * does not know. */
unsigned a2a_rule_ids_bits(const char *list);

#endif
