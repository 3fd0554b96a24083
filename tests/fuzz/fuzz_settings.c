/* SPDX-License-Identifier: BSD-3-Clause */
/* A configuration file of any bytes: taken or refused with a reason, and if taken, shown and read
 * again the same. */
#define _GNU_SOURCE
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy.h"

/* A configuration that looks cut is a warning, and is taken. */
static void count(void *context, enum a2a_level level, const char *text)
{
	if (!*text || (level != A2A_FAULT && level != A2A_WARNING))
		abort();
	*(unsigned *)context += level == A2A_FAULT;
}

/* Writes the bytes to a file of this process's own. */
static void write_file(const char *path, const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) || chmod(path, 0600))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct a2a_settings *settings = a2a_settings_new();
	unsigned faults = 0;
	const struct a2a_log log = {count, &faults};
	size_t rows;
	const struct a2a_setting *table = a2a_settings_table(&rows);
	char path[64];
	bool taken;

	snprintf(path, sizeof(path), A2A_FUZZ_FOLDER "/all2all-fuzz-%d", (int)getpid());
	write_file(path, bytes, size);
	taken = a2a_settings_read_file(settings, path, false, &log);
	unlink(path);
	if (taken != (faults == 0))
		abort();
	for (size_t i = 0; taken && i < rows; i++) {
		char buffer[24], again[24];
		const char *value = a2a_settings_get(settings, table[i].name, buffer);
		struct a2a_settings *other = a2a_settings_new();
		char *assignment = NULL;

		if (asprintf(&assignment, "%s=%s", table[i].name, value) < 0 ||
			!a2a_settings_set(other, assignment, "fuzz", &log) ||
			strcmp(a2a_settings_get(other, table[i].name, again), value) != 0)
			abort();
		free(assignment);
		a2a_settings_free(other);
	}
	a2a_settings_free(settings);
	return 0;
}
