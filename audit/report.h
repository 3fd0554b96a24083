/* SPDX-License-Identifier: BSD-3-Clause */
/* Calculations on the records of the audit: days of grace, and totals for each rule. */
#ifndef A2A_REPORT_H
#define A2A_REPORT_H

#include "record.h"

/* Tells whether the password in use is weak. */
bool a2a_record_is_weak(const struct a2a_record *record);

/*
 * Returns how many days of `grace` (days; negative: unlimited) are left at `now` (seconds since
 * 1970), counted from the time when the password was found weak, and rounded up; 0 when no day is
 * left. Returns a negative number when the password is good or the grace is unlimited. pam_all2all
 * refuses logins by the same rule.
 */
long a2a_record_days_left(const struct a2a_record *record, long grace, int64_t now);

/* Totals of the records. All fields must be 0 before the first record is added. */
struct a2a_totals {
	int64_t weak, good;         /* users */
	int64_t by_rule[A2A_RULES]; /* users whose password failed the rule */
};

void a2a_totals_add(struct a2a_totals *totals, const struct a2a_record *record);

/* Returns the largest number in `by_rule`. */
int64_t a2a_totals_most(const struct a2a_totals *totals);

/* Returns `part` of `all` in percent, rounded to the nearest whole number; 0 when `all` is 0. */
int64_t a2a_percent(int64_t part, int64_t all);

#endif
