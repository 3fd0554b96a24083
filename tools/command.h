/* SPDX-License-Identifier: BSD-3-Clause */
/* The common part of the commands: their policy, and reading and writing passwords. */
#ifndef A2A_COMMAND_H
#define A2A_COMMAND_H

#include "message.h"
#include "terminal.h"

/* Exit codes of every command. */
enum { EXIT_ACCEPTED = 0, EXIT_REFUSED = 1, EXIT_FAULT = 2 };

/* --color, of the commands that have it */
enum { OPTION_COLOR = 512 };

/* The options of the command line about the policy. The strings belong to argv. */
struct command_options {
	const char *config; /* --config; NULL: the system's */
	const char **set;   /* --set, in their order */
	size_t set_count;
	const char *lang;        /* --lang; NULL: the policy's, or else the environment's */
	bool ignore_environment; /* never take the language from the environment */
	enum color color;        /* --color */
};

/* A running command. All fields must be zero before command_configure(), except a log of the
 * command's own; the usual log is standard error. */
struct command {
	struct a2a_log log;
	enum color color; /* of the usual log; set by command_configure() */
	struct a2a_settings *settings;
	struct a2a_messages *messages;
	struct a2a_policy *policy;
};

/* Makes the process dump no core, and its new files readable by nobody else. */
void command_start(void);

/*
 * Takes an option that all commands have: L (--lang), c (--config), s (--set), OPTION_COLOR
 * (--color), h (--help, which prints the usage and ends the program), V (--version, which prints
 * that and ends the program). Any other option ends the program and points to --help.
 */
void command_take_option(
	struct command_options *options, int option, const char *argument, const char *usage);

/* Prints the name of the command and the version. Returns false, having reported, on failure. */
bool command_print_version(void);

/* Reads a whole number from 1 to `most`. Ends the program with a message when the text is not such
 * a number. */
unsigned command_number(const char *option, const char *text, unsigned most);

/* Tells whether the program runs from the tree that it was built in. */
bool command_is_uninstalled(void);

/*
 * Reads the settings: the defaults (those of the build tree, when the command runs from it), then
 * --config or the system's configuration, then --set and --lang. Opens the messages. Returns false
 * when anything is wrong, having reported everything on standard error.
 */
bool command_configure(struct command *command, const struct command_options *options);

/* Does what command_configure() does, and opens the policy. */
bool command_open(struct command *command, const struct command_options *options);

/* Closes what the command has opened. */
void command_close(struct command *command);

/* Reads lines into secrets, and leaves no other copy. All fields except `fd` must be zero before.
 * Call lines_wipe() at the end. */
struct lines {
	int fd;
	size_t start, end;
	char buffer[1 << 16];
};

enum line { LINE_READ, LINE_END, LINE_FAILED };

/*
 * Reads the next line, without its newline, into an owned secret, whose memory it uses again. The
 * last line need not have a newline. After LINE_FAILED, errno says why.
 */
enum line lines_next(struct lines *lines, struct secret *line);

/* Wipes the buffer. */
void lines_wipe(struct lines *lines);

/*
 * Asks on the terminal and does not show the answer while it is typed. Returns false when there is
 * no terminal, or when the answer is too long.
 */
bool ask_hidden(const char *prompt, struct secret *answer);

/*
 * Writes everything to standard output. It is not an error if the reader closes the pipe early.
 * Returns false, having reported, on failure.
 */
bool write_all(const char *bytes, size_t length);

#endif
