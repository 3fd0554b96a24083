/* SPDX-License-Identifier: BSD-3-Clause */
/* all2all-audit stats: prints how many users had a weak password, by day or month. */
#define _GNU_SOURCE
#include <stdio.h>

#include "audit_command.h"
#include "report.h"

enum { DAYS_SHOWN = 31, MONTHS_SHOWN = 24 };

struct stats {
	enum format format;
	size_t printed;
	json_t *periods;
};

static bool see_count(void *context, const struct a2a_count *count)
{
	struct stats *stats = context;
	const int64_t all = count->weak + count->good;

	switch (stats->format) {
	case TABLE:
		if (!stats->printed++)
			printf("%-10s %6s %6s\n", "SEEN", "WEAK", "GOOD");
		printf("%-10s %6lld %6lld %3lld%% ", count->period, (long long)count->weak,
			(long long)count->good, (long long)a2a_percent(count->weak, all));
		audit_print_bar(count->weak, all);
		putchar('\n');
		break;
	case CSV:
		if (!stats->printed++)
			fputs("period,weak,good\r\n", stdout);
		printf("%s,%lld,%lld\r\n", count->period, (long long)count->weak,
			(long long)count->good);
		break;
	case JSON:
		json_array_append_new(stats->periods,
			json_pack("{s:s, s:I, s:I}", "period", count->period, "weak",
				(json_int_t)count->weak, "good", (json_int_t)count->good));
		break;
	}
	return true;
}

int audit_stats(
	struct command *command, struct a2a_store *store, const struct audit_request *request)
{
	struct stats stats = {.format = request->format, .periods = json_array()};
	bool ok = a2a_store_count(store, request->monthly ? A2A_MONTHS : A2A_DAYS,
		request->monthly ? MONTHS_SHOWN : DAYS_SHOWN, see_count, &stats, &command->log);

	if (ok && request->format == JSON)
		ok = audit_print_document(json_incref(stats.periods));
	json_decref(stats.periods);
	return ok ? EXIT_ACCEPTED : EXIT_FAULT;
}
