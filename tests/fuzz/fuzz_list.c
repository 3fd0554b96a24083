/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a list of accounts of any bytes: each row must be usable or have a problem, and the usable
 * rows must be the same after they are written as a table and read again. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "list.h"
#include "spreadsheet.h"

static void count(void *context, enum a2a_level level, const char *text)
{
	if (!*text || level != A2A_FAULT)
		abort();
	++*(unsigned *)context;
}

/* Opens a list of these bytes. Returns NULL when that fails, which counts as a fault. */
static struct a2a_list *open_bytes(const char *bytes, size_t size, const struct a2a_log *log)
{
	int file = memfd_create("list", MFD_CLOEXEC);
	struct a2a_list *list;
	char path[64];

	if (file < 0 || write(file, bytes, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	list = a2a_list_open(path, log);
	close(file);
	return list;
}

/* Nothing uses the last column, if it is not that of users. */
static void ignore_last(struct a2a_list *list)
{
	const size_t last = a2a_list_width(list) - 1;

	if (last != a2a_list_place(list, A2A_USER))
		a2a_list_ignore(list, last);
}

static void add(struct secret *text, const struct a2a_list *list, const char *cell, bool first)
{
	struct secret row = {0};

	/* In a row that is not empty, the delimiter comes first. */
	if (!first && !a2a_secret_append(&row, "x", 1))
		abort();
	if (!a2a_cell_append(&row, a2a_list_delimiter(list), cell, strlen(cell)) ||
		!a2a_secret_append(text, row.bytes + !first, row.length - !first))
		abort();
	a2a_secret_wipe(&row);
}

static void add_row(struct secret *text, const struct a2a_list *list, char *const *cell)
{
	for (size_t i = 0; i < a2a_list_width(list); i++)
		add(text, list, cell ? cell[i] : a2a_list_heading(list, i), i == 0);
	if (!a2a_row_end(text))
		abort();
}

/* Reads the table, writes it again, and compares the bytes. */
static void check_again(const struct secret *text, const struct a2a_list *list)
{
	unsigned faults = 0;
	const struct a2a_log log = {count, &faults};
	struct a2a_list *again = open_bytes(text->bytes, text->length, &log);
	struct secret second = {0};
	struct a2a_row row = {0};

	if (!again || a2a_list_width(again) != a2a_list_width(list))
		abort();
	ignore_last(again);
	add_row(&second, list, NULL);
	while (a2a_list_next(again, &row, &log) == A2A_LIST_ROW) {
		if (row.problem)
			abort();
		add_row(&second, list, row.cell);
		a2a_row_free(&row);
	}
	if (second.length != text->length || memcmp(second.bytes, text->bytes, text->length) != 0)
		abort();
	a2a_secret_wipe(&second);
	a2a_list_close(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	unsigned faults = 0;
	const struct a2a_log log = {count, &faults};
	struct a2a_list *list = open_bytes((const char *)bytes, size, &log);
	struct secret text = {0};
	struct a2a_row row = {0};
	enum a2a_list_step step;

	if (!list != (faults != 0))
		abort();
	if (!list)
		return 0;
	ignore_last(list);
	add_row(&text, list, NULL);
	while ((step = a2a_list_next(list, &row, &log)) == A2A_LIST_ROW) {
		if (!row.problem && (row.count != a2a_list_width(list) ||
					    a2a_user_problem(a2a_row_value(list, &row, A2A_USER))))
			abort();
		if (!row.problem)
			add_row(&text, list, row.cell);
		a2a_row_free(&row);
	}
	if (step != A2A_LIST_END || faults)
		abort();
	check_again(&text, list);
	a2a_secret_wipe(&text);
	a2a_list_close(list);
	return 0;
}
