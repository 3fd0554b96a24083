/* SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include "rule_ids.h"

enum { DAY = 24 * 60 * 60 };

bool a2a_record_is_weak(const struct a2a_record *record)
{
	return *record->rules;
}

long a2a_record_days_left(const struct a2a_record *record, long grace, int64_t now)
{
	int64_t seconds;

	if (grace < 0 || !a2a_record_is_weak(record))
		return -1;
	seconds = record->since + (int64_t)grace * DAY - now;
	return seconds > 0 ? (long)((seconds + DAY - 1) / DAY) : 0;
}

void a2a_totals_add(struct a2a_totals *totals, const struct a2a_record *record)
{
	const unsigned rules = a2a_rule_ids_bits(record->rules);

	*(a2a_record_is_weak(record) ? &totals->weak : &totals->good) += 1;
	for (unsigned rule = 0; rule < A2A_RULES; rule++)
		totals->by_rule[rule] += rules >> rule & 1;
}

int64_t a2a_totals_most(const struct a2a_totals *totals)
{
	int64_t most = 0;

	for (unsigned rule = 0; rule < A2A_RULES; rule++)
		if (totals->by_rule[rule] > most)
			most = totals->by_rule[rule];
	return most;
}

int64_t a2a_percent(int64_t part, int64_t all)
{
	return all ? (100 * part + all / 2) / all : 0;
}
