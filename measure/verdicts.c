/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints everything that the engine says about each password, on one line, so that measure/same can
 * compare two builds byte for byte. It uses only what all2all-pwcheck uses of the engine.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static const char usage[] =
	"usage: verdicts [options] <passwords\n"
	"\n"
	"  -u, --user NAME        the user whose passwords they are to be\n"
	"  -P, --person WORD      a word of theirs; may be given again\n"
	"  -L, --lang LANGUAGES   of the sentences\n"
	"  -c, --config FILE      instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    a setting, over the configuration's; may be given again\n"
	"  -h, --help             this text\n"
	"\n"
	"Reads one password a line. Writes one line for each, of fields with a TAB between them:\n"
	"accept, refuse or fault; log2(guesses); log2(needed); the word; the segments; the rules "
	"with\n"
	"what the password has and needs; a refusal for each language. A word or segment is\n"
	"KIND:START:LENGTH:LANGUAGES:BITS. Exit status: 0 all judged, 2 a fault.\n";

static const struct option long_options[] = {
	{"user", required_argument, NULL, 'u'},
	{"person", required_argument, NULL, 'P'},
	{"lang", required_argument, NULL, 'L'},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

enum { MOST_NAMES = 16 };

/* Costs are multiples of 1/256, which eight decimals show exactly. */
static void print_bits(double bits)
{
	if (isnan(bits))
		fputs("-", stdout);
	else
		printf("%.8f", bits);
}

static void print_segment(const struct a2a_segment *segment)
{
	printf("%s:%zu:%zu:%x:", a2a_segment_name(segment->kind), segment->start, segment->length,
		segment->languages);
	print_bits(segment->bits);
}

/* Prints a text of several lines on one line. */
static void print_on_one_line(const char *text)
{
	for (; *text; text++)
		putchar(*text == '\n' ? '|' : *text);
}

static void print_verdict(const struct command *command, const struct a2a_verdict *verdict)
{
	fputs(verdict->accepted ? "accept\t" : "refuse\t", stdout);
	print_bits(verdict->estimate.log2_guesses);
	putchar('\t');
	print_bits(verdict->log2_needed);
	putchar('\t');
	if (verdict->estimate.word.length)
		print_segment(&verdict->estimate.word);
	putchar('\t');
	for (size_t i = 0; i < verdict->estimate.segments; i++) {
		fputs(i ? " " : "", stdout);
		print_segment(&verdict->estimate.segment[i]);
	}
	putchar('\t');
	for (size_t i = 0; i < verdict->count; i++)
		printf("%s%s:%zu:%zu", i ? " " : "", a2a_rule_name(verdict->finding[i].rule),
			(size_t)verdict->finding[i].has, (size_t)verdict->finding[i].needs);
	for (size_t i = 0; i < a2a_messages_count(command->messages); i++) {
		char *text = verdict->accepted ? NULL
					       : a2a_message_refusal(command->messages, i, verdict);

		putchar('\t');
		print_on_one_line(text ? text : "");
		free(text);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct command_options options = {0};
	struct command command = {0};
	const char *names[MOST_NAMES];
	struct a2a_person person = {.names = names};
	static struct lines lines;
	struct secret password = {0};
	int option, status = EXIT_SUCCESS;
	enum line line;

	while ((option = getopt_long(argc, argv, "u:P:L:c:s:h", long_options, NULL)) != -1)
		if (option != 'u' && option != 'P')
			command_take_option(&options, option, optarg, usage);
		else if (person.name_count < MOST_NAMES)
			names[person.name_count++] = optarg;
	command_start();
	if (optind < argc)
		errx(EXIT_FAULT, "passwords are read from standard input");
	if (!command_open(&command, &options))
		return EXIT_FAULT;
	while ((line = lines_next(&lines, &password)) == LINE_READ) {
		struct a2a_verdict verdict;

		if (a2a_judge_exactly(command.policy, &password, &person, &verdict, &command.log)) {
			print_verdict(&command, &verdict);
		} else {
			puts("fault");
			status = EXIT_FAULT;
		}
	}
	if (line == LINE_FAILED || fflush(stdout)) {
		warn("input or output");
		status = EXIT_FAULT;
	}
	a2a_secret_wipe(&password);
	lines_wipe(&lines);
	command_close(&command);
	free(options.set);
	return status;
}
