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
	struct table *table;
	json_t *periods;
};

static bool see_count(void *context, const struct a2a_count *count)
{
	struct stats *stats = context;
	const int64_t all = count->weak + count->good;
	char percent[24];

	switch (stats->format) {
	case TABLE:
		snprintf(percent, sizeof(percent), "%lld%%",
			(long long)a2a_percent(count->weak, all));
		table_add(stats->table, STYLE_PLAIN, count->period);
		table_add_number(stats->table, count->weak);
		table_add_number(stats->table, count->good);
		table_add(stats->table, STYLE_PLAIN, percent);
		table_add_bar(stats->table, STYLE_BAD, count->weak, all);
		stats->printed++;
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
	static const struct table_column columns[] = {
		{"SEEN", CELLS_WORD},
		{"WEAK", CELLS_NUMBER},
		{"GOOD", CELLS_NUMBER},
		{"", CELLS_NUMBER},
		{"", CELLS_BAR},
	};
	struct stats stats = {
		.format = request->format,
		.table = table_new(columns, sizeof(columns) / sizeof(columns[0])),
		.periods = json_array(),
	};
	bool ok = !store || a2a_store_count(store, request->monthly ? A2A_MONTHS : A2A_DAYS,
				    request->monthly ? MONTHS_SHOWN : DAYS_SHOWN, see_count, &stats,
				    &command->log);

	if (ok && request->format == JSON)
		ok = audit_print_document(json_incref(stats.periods));
	if (ok && !stats.printed && !json_array_size(stats.periods))
		audit_say_nothing(request, &command->log);
	if (stats.printed && request->format == TABLE)
		audit_print_table(request, stats.table, 0);
	else
		table_free(stats.table);
	json_decref(stats.periods);
	return ok ? EXIT_ACCEPTED : EXIT_FAULT;
}
