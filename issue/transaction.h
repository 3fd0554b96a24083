/* SPDX-License-Identifier: BSD-3-Clause */
/* The steps by which a recipient gets the password: put down, settle, set, record, publish. */
#ifndef A2A_TRANSACTION_H
#define A2A_TRANSACTION_H

#include "place.h"

enum { ISSUE_BATCH = 64 }; /* recipients that go to the disk together */

/*
 * Issues passwords to those of these recipients that are due: with a setter one after the other,
 * otherwise in one batch of at most ISSUE_BATCH. Marks those that have the password as issued. A
 * problem with one account becomes the problem of its recipient. Returns false, having reported,
 * when the run cannot go on.
 */
bool issue_to(struct place *place, struct recipient *const *recipient, size_t count);

#endif
