/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads a journal of any bytes: it must be refused with a reason, or read. If an account is then
 * added and the journal is opened again, that account and all earlier ones must be there. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"

static void count(void *context, enum a2a_level level, const char *text)
{
	if (!*text || level != A2A_FAULT)
		abort();
	++*(unsigned *)context;
}

static void check_there(const struct a2a_journal *journal, const struct a2a_log *log)
{
	struct a2a_issued issued = {0};
	bool found;

	if (!a2a_journal_find(journal, "somebody", &found, &issued, log) || !found ||
		strcmp(issued.id, "0123456789abcdef") != 0 || strcmp(issued.hash, "{X}y") != 0 ||
		issued.table_end != 77)
		abort();
	a2a_issued_free(&issued);
}

/* After what was read; the folder has nothing but the journal. */
static void add_and_read(int folder, size_t before, const struct a2a_log *log)
{
	const struct a2a_issued issued = {
		.id = "0123456789abcdef", .table_end = 77, .hash = (char[]){"{X}y"}};
	struct a2a_journal *journal = a2a_journal_open(folder, "journal", "journal", log);
	size_t now;

	if (!journal || a2a_journal_count(journal) != before ||
		!a2a_journal_add(journal, "somebody", &issued, log))
		abort();
	check_there(journal, log);
	now = a2a_journal_count(journal);
	a2a_journal_close(journal);
	journal = a2a_journal_open(folder, "journal", "journal", log);
	if (!journal || a2a_journal_count(journal) != now || now > before + 1 ||
		a2a_journal_table_end(journal) != 77)
		abort();
	check_there(journal, log);
	a2a_journal_close(journal);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char path[] = A2A_FUZZ_FOLDER "/all2all-fuzz-XXXXXX";
	unsigned faults = 0;
	const struct a2a_log log = {count, &faults};
	struct a2a_journal *journal;
	int folder, file;

	if (!mkdtemp(path) || (folder = open(path, O_RDONLY | O_DIRECTORY)) < 0)
		abort();
	file = openat(folder, "journal", O_WRONLY | O_CREAT, 0600);
	if (file < 0 || write(file, bytes, size) != (ssize_t)size || close(file))
		abort();
	journal = a2a_journal_open(folder, "journal", path, &log);
	if (!journal != (faults != 0))
		abort();
	if (journal) {
		const size_t before = a2a_journal_count(journal);

		a2a_journal_close(journal);
		add_and_read(folder, before, &log);
	}
	unlinkat(folder, "journal", 0);
	close(folder);
	rmdir(path);
	return 0;
}
