/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the stacks of PAM as libpam puts them together, to see which modules they name. */
#ifndef A2A_PAM_STACKS_H
#define A2A_PAM_STACKS_H

#include <stdbool.h>
#include <stdio.h>

#include "log.h"

/* The types of lines in a stack that a module of ours can stand in. */
enum facility { FACILITY_PASSWORD, FACILITY_AUTH, FACILITY_ACCOUNT, FACILITIES };

/* A line of a stack. Everything belongs to the reader, and is valid during the call only. */
struct stack_line {
	const char *service;
	enum facility facility;
	const char *path; /* of the file that the line is in */
	unsigned long number;
	const char *control, *module;
	const char *arguments; /* as they are written */
	/* The file is included by others, and is read here as a service of its own. */
	bool is_fragment;
};

/*
 * Calls `each` for the lines of every service's stacks, in the order in which libpam would run
 * them, stack by stack; jumps are not followed. Services are the files in /etc/pam.d and
 * /usr/lib/pam.d below `root` (""; or a folder without a slash at its end); if there is neither
 * folder, those of /etc/pam.conf. What @include, include and substack name is put in their place. A
 * file that cannot be read is reported as a warning, and left out.
 */
void stacks_each(const char *root, void (*each)(void *context, const struct stack_line *line),
	void *context, const struct a2a_log *log);

/*
 * Reads a line and those that continue it, without comments, into `*line`, which the caller frees
 * at the end; NULL at first. `*number` becomes the number of its first line; `*lines`, 0 at first,
 * counts those that were read. Returns false at the end of the file.
 */
bool stacks_read_line(FILE *file, char **line, unsigned long *number, unsigned long *lines);

/* Cuts a line of a stack into words, in its place: [several words] are one, without the brackets.
 * Returns the next word, or NULL at the end of the line; moves `*rest` behind it. */
char *stacks_next_word(char **rest);

#endif
