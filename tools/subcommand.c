/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "subcommand.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct subcommand *find(const struct subcommand *all, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

static void print_names(const struct subcommand *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", all[i].name);
	fputc('\n', stderr);
}

const struct subcommand *subcommand_find(
	const struct subcommand *all, size_t count, const char *name, const char *given, int fault)
{
	const struct subcommand *found = name ? find(all, count, name) : NULL;
	const char *wrong;

	if (!found) {
		if (name) {
			fprintf(stderr, "%s: %s: there is ", program_invocation_short_name, name);
			print_names(all, count);
		}
		fprintf(stderr, "%s --help says what there is to do.\n",
			program_invocation_short_name);
		exit(fault);
	}
	wrong = given + strspn(given, found->options);
	if (*wrong)
		errx(fault, "%s has no option -%c", found->name, *wrong);
	return found;
}
