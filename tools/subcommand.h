/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands within a command: all2all-dict build, all2all-leaks fetch. */
#ifndef A2A_SUBCOMMAND_H
#define A2A_SUBCOMMAND_H

#include <stddef.h>

/* What the command line asks for. Each program has its own. */
struct request;

struct subcommand {
	const char *name;
	int (*run)(const struct request *request); /* returns the exit status */
	const char *options;                       /* the letters of those that it takes */
};

/*
 * Returns the one of `count` subcommands that has this name. Ends the program with `fault`, having
 * said why, if the name is NULL or no name of one, or if it does not take one of the `given`
 * options.
 */
const struct subcommand *subcommand_find(
	const struct subcommand *all, size_t count, const char *name, const char *given, int fault);

#endif
