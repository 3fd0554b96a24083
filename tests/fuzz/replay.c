/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs a fuzz target as an ordinary test: with every file of its corpus, whole and cut short. */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Not every target has it. */
#pragma weak LLVMFuzzerInitialize

enum { MOST = 1 << 20 };

/* Copies the input into an allocation of exactly its size, so that a sanitizer sees a read past the
 * end. */
static void give(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		err(1, NULL);
	memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void replay(const char *folder, const char *name)
{
	static uint8_t bytes[MOST];
	char *path = NULL;
	FILE *file;
	size_t size, step;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		err(1, NULL);
	file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	free(path);
	step = 1 + size / 512;
	for (size_t length = 0; length < size; length += step)
		give(bytes, length);
	give(bytes, size);
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		struct dirent *entry;

		if (!folder)
			err(1, "%s", argv[i]);
		while ((entry = readdir(folder)))
			if (entry->d_name[0] != '.') {
				replay(argv[i], entry->d_name);
				count++;
			}
		closedir(folder);
	}
	if (!count)
		errx(1, "there is no corpus");
	printf("%u inputs, and each cut short\n", count);
	return 0;
}
