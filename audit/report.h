/* SPDX-License-Identifier: BSD-3-Clause */
/* What follows from the records of the audit: days of grace, totals for each rule. */
#ifndef A2A_REPORT_H
#define A2A_REPORT_H

#include "store.h"

/* Whether the password in use is weak. */
bool a2a_record_is_weak(const struct a2a_record *record);

/*
 * How many days of `grace` (days; negative: unlimited) are left at `now` (seconds since 1970),
 * counted from when the password was found weak and rounded up: 0 when none is. Negative when the
 * password is good or the grace unlimited. pam_all2all refuses logins by the same rule.
 */
long a2a_record_days_left(const struct a2a_record *record, long grace, int64_t now);

/* All zero before the first record. */
struct a2a_totals {
	int64_t weak, good;         /* users */
	int64_t by_rule[A2A_RULES]; /* users whose password failed the rule */
};

void a2a_totals_add(struct a2a_totals *totals, const struct a2a_record *record);

/* The largest of `by_rule`. */
int64_t a2a_totals_most(const struct a2a_totals *totals);

/* `part` of `all` in percent, rounded to the nearest; 0 of 0. */
int64_t a2a_percent(int64_t part, int64_t all);

#endif
