/* SPDX-License-Identifier: BSD-3-Clause */
/* What the commands share: which policy they work under, and reading and writing passwords. */
#ifndef A2A_COMMAND_H
#define A2A_COMMAND_H

#include "message.h"

/* Exit codes of every command. */
enum { EXIT_ACCEPTED = 0, EXIT_REFUSED = 1, EXIT_FAULT = 2 };

/* What the command line said about the policy; the strings are argv's. */
struct command_options {
	const char *config; /* --config; NULL: the system's */
	const char **set;   /* --set, in their order */
	size_t set_count;
	const char *lang;        /* --lang; NULL: as the policy or else the environment says */
	bool ignore_environment; /* and the environment is not to say it */
};

/* A command at work. All zero before command_configure(), but for a log that is not to be standard
 * error. */
struct command {
	struct a2a_log log;
	struct a2a_settings *settings;
	struct a2a_messages *messages;
	struct a2a_policy *policy;
};

/* Keeps the process from leaving a core behind, and its files from other users. */
void command_start(void);

/*
 * Takes an option that all commands have: L (--lang), c (--config), s (--set), h (--help, prints
 * the usage and ends the program). Ends it with a word about --help when it is none of these.
 */
void command_take_option(
	struct command_options *options, int option, const char *argument, const char *usage);

/* A whole number from 1 to `most`. Ends the program with a word about the option when it is none.
 */
unsigned command_number(const char *option, const char *text, unsigned most);

/*
 * Reads the settings: the defaults (of the build tree, when the command runs out of it), then
 * --config or the system's configuration, then --set and --lang; and opens the messages.
 * Returns false when anything was wrong, after all of it was reported on standard error.
 */
bool command_configure(struct command *command, const struct command_options *options);

/* command_configure(), and opens the policy. */
bool command_open(struct command *command, const struct command_options *options);
void command_close(struct command *command);

/* Lines of an input, without losing track of what was copied where. All zero but `fd`. */
struct lines {
	int fd;
	size_t start, end;
	char buffer[1 << 16];
};

enum line { LINE_READ, LINE_END, LINE_FAILED };

/*
 * Reads the next line, without its newline, into an owned secret whose room is used again. A last
 * line need not have a newline. LINE_FAILED: errno says why.
 */
enum line lines_next(struct lines *lines, struct secret *line);
void lines_wipe(struct lines *lines);

/*
 * Asks on the terminal, without showing what is typed. False when there is no terminal, or the
 * answer is longer than can be asked for.
 */
bool ask_hidden(const char *prompt, struct secret *answer);

/*
 * Writes everything to standard output. A reader who closes the pipe has seen enough: that is not
 * an error. Returns false after having said what is wrong.
 */
bool write_all(const char *bytes, size_t length);

#endif
