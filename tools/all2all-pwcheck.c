/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks passwords against the policy. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "import.h"
#include "installed.h"
#include "language.h"
#include "progress.h"
#include "wrap.h"

static const char usage[] =
	"usage: all2all-pwcheck [options]           check one password, typed or piped\n"
	"       all2all-pwcheck [options] --batch   check many, one on each line\n"
	"       all2all-pwcheck [--config FILE] [--root DIR] -t\n"
	"       all2all-pwcheck [--config FILE] --show-config\n"
	"       all2all-pwcheck --import FILE\n"
	"\n"
	"  -u, --user NAME        the user that the password is for\n"
	"  -P, --person WORD      a word of the person, such as a name; may be repeated\n"
	"  -o, --old              also ask for the old password, or read a second line\n"
	"  -b, --batch            for each line: accept or refuse, log2(guesses), rules\n"
	"  -e, --explain          show how an attacker would compose it, and the bits\n"
	"  -j, --json             print the verdict as JSON\n"
	"  -L, --lang LANGUAGES   languages of the reasons: fr nl de en, or some: fr,nl\n"
	"  -c, --config FILE      read FILE instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    change a setting of the configuration; may be repeated\n"
	"  -t, --test             report every mistake in the configuration, and what\n"
	"                         PAM does with the module; check no password\n"
	"      --root DIR         with -t: look at PAM below DIR, not at this system\n"
	"      --show-config      print the settings in force, as a configuration file\n"
	"      --import FILE      translate pwquality.conf, passwdqc.conf or a PAM line\n"
	"                         with their modules into all2all.conf;\n"
	"                         -: standard input\n"
	"      --color WHEN       colours: auto (default), always or never\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"Exit status: 0 accepted, 1 refused, 2 could not judge. The password is never\n"
	"shown and never an argument. Manual: all2all-pwcheck(1).\n";

enum { SEEN_AT_ONCE = 64 }; /* passwords between two looks at the progress */

enum mode { CHECK, BATCH, TEST, SHOW_CONFIG, IMPORT };

struct request {
	enum mode mode;
	bool json;
	bool explain;
	bool with_old;
	const char **names;
	size_t name_count;
	const char *root;   /* --root; NULL: this system */
	const char *import; /* the file to translate */
	struct command_options options;
};

enum { OPTION_SHOW_CONFIG = 256, OPTION_IMPORT, OPTION_ROOT };

static const struct option long_options[] = {
	{"user", required_argument, NULL, 'u'},
	{"person", required_argument, NULL, 'P'},
	{"old", no_argument, NULL, 'o'},
	{"batch", no_argument, NULL, 'b'},
	{"explain", no_argument, NULL, 'e'},
	{"json", no_argument, NULL, 'j'},
	{"lang", required_argument, NULL, 'L'},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"test", no_argument, NULL, 't'},
	{"root", required_argument, NULL, OPTION_ROOT},
	{"show-config", no_argument, NULL, OPTION_SHOW_CONFIG},
	{"import", required_argument, NULL, OPTION_IMPORT},
	{"color", required_argument, NULL, OPTION_COLOR},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

static void add_name(struct request *request, const char *name)
{
	request->names =
		reallocarray(request->names, request->name_count + 1, sizeof(*request->names));
	if (!request->names)
		err(EXIT_FAULT, "--person");
	request->names[request->name_count++] = name;
}

static void parse(struct request *request, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "u:P:obejL:c:s:thV", long_options, NULL)) != -1) {
		switch (option) {
		case 'u':
		case 'P':
			add_name(request, optarg);
			break;
		case 'o':
			request->with_old = true;
			break;
		case 'b':
			request->mode = BATCH;
			break;
		case 'e':
			request->explain = true;
			break;
		case 'j':
			request->json = true;
			break;
		case 't':
			request->mode = TEST;
			break;
		case OPTION_SHOW_CONFIG:
			request->mode = SHOW_CONFIG;
			break;
		case OPTION_IMPORT:
			request->mode = IMPORT;
			request->import = optarg;
			break;
		case OPTION_ROOT:
			request->root = optarg;
			break;
		default:
			command_take_option(&request->options, option, optarg, usage);
		}
	}
	if (optind < argc)
		errx(EXIT_FAULT,
			"a password must not be an argument, because other users could read it: "
			"leave it out, and type it when asked");
	if (request->mode == BATCH && (request->json || request->explain || request->with_old))
		errx(EXIT_FAULT, "--batch cannot be used with --json, --explain or --old");
	if (request->root && request->mode != TEST)
		errx(EXIT_FAULT, "--root needs --test");
	if (request->json && request->explain)
		errx(EXIT_FAULT, "--json includes the explanation: leave --explain out");
}

/* ---- One password ---------------------------------------------------------------------------- */

static json_t *finding_to_json(const struct command *command, const struct a2a_verdict *verdict,
	const struct a2a_finding *finding)
{
	json_t *reasons = json_object();

	for (size_t i = 0; i < a2a_messages_count(command->messages); i++) {
		char *reason = a2a_message_reason(command->messages, i, verdict, finding);

		json_object_set_new(reasons, a2a_messages_language(command->messages, i),
			json_string(reason ? reason : ""));
		free(reason);
	}
	return json_pack("{s:s, s:I, s:I, s:o}", "rule", a2a_rule_name(finding->rule), "has",
		(json_int_t)finding->has, "needs", (json_int_t)finding->needs, "reason", reasons);
}

static json_t *segment_to_json(const struct a2a_segment *segment)
{
	json_t *tags = json_array();

	for (unsigned i = 0; i < A2A_LANGUAGES; i++)
		if (segment->languages >> i & 1)
			json_array_append_new(
				tags, json_string(a2a_language_tag((enum a2a_language)i)));
	return json_pack("{s:s, s:I, s:I, s:f, s:o}", "kind", a2a_segment_name(segment->kind),
		"start", (json_int_t)segment->start, "length", (json_int_t)segment->length, "bits",
		segment->bits, "languages", tags);
}

static json_t *bits_to_json(double bits)
{
	return isnan(bits) ? json_null() : json_real(bits);
}

static bool print_json(const struct command *command, const struct a2a_verdict *verdict)
{
	json_t *rules = json_array(), *segments = json_array();
	json_t *word = verdict->estimate.word.length ? segment_to_json(&verdict->estimate.word)
						     : json_null();
	json_t *document;
	bool ok;

	for (size_t i = 0; i < verdict->count; i++)
		json_array_append_new(
			rules, finding_to_json(command, verdict, &verdict->finding[i]));
	for (size_t i = 0; i < verdict->estimate.segments; i++)
		json_array_append_new(segments, segment_to_json(&verdict->estimate.segment[i]));
	/* The word that the password consists of has no bits of its own. */
	json_object_del(word, "bits");
	document = json_pack("{s:b, s:o, s:o, s:o, s:o, s:o}", "accepted", verdict->accepted,
		"log2_guesses", bits_to_json(verdict->estimate.log2_guesses), "log2_needed",
		bits_to_json(verdict->log2_needed), "word", word, "segments", segments, "rules",
		rules);
	ok = document && json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0;
	puts("");
	json_decref(document);
	return ok;
}

/* Prints a text of several lines in the width of the terminal. The first line is short, and has a
 * style. */
static void print_lines(const struct request *request, enum style style, const char *text)
{
	const bool has_color = terminal_has_color(STDOUT_FILENO, request->options.color);
	const size_t first = strcspn(text, "\n");

	printf("%s%.*s%s\n", terminal_style(has_color, style), (int)first, text,
		terminal_plain(has_color, style));
	if (text[first])
		wrap_print(stdout, text + first + 1, 0, terminal_width(STDOUT_FILENO));
}

/* The spelling as an administrator wants to see it, in one language. */
static bool explain(
	const struct command *command, size_t language, const struct a2a_verdict *verdict)
{
	char *text = a2a_message_explanation(command->messages, language, verdict);

	if (!text) {
		warn("explanation");
		return false;
	}
	wrap_print(stdout, text, 2, terminal_width(STDOUT_FILENO));
	free(text);
	return true;
}

static bool print_text(const struct command *command, const struct request *request,
	const struct a2a_verdict *verdict)
{
	for (size_t i = 0; i < a2a_messages_count(command->messages); i++) {
		char *text = verdict->accepted ? strdup(a2a_message_sentence(
							 command->messages, i, A2A_SAY_ACCEPTED))
					       : a2a_message_refusal(command->messages, i, verdict);

		if (!text) {
			warn("reasons");
			return false;
		}
		print_lines(request, verdict->accepted ? STYLE_GOOD : STYLE_BAD, text);
		free(text);
		if (request->explain && !explain(command, i, verdict))
			return false;
	}
	return true;
}

/* From the terminal, or the next line of a pipe or file. */
static bool get_password(const struct command *command, struct lines *lines,
	enum a2a_sentence prompt, struct secret *password)
{
	if (isatty(STDIN_FILENO)) {
		if (ask_hidden(a2a_message_sentence(command->messages, 0, prompt), password))
			return true;
		warnx("the password could not be read from the terminal");
		return false;
	}
	switch (lines_next(lines, password)) {
	case LINE_READ:
		return true;
	case LINE_END:
		warnx("standard input ends before the password: one line is needed, and with "
		      "--old a second one");
		return false;
	case LINE_FAILED:
		break;
	}
	warn("standard input");
	return false;
}

static int check(struct command *command, const struct request *request)
{
	struct secret password = {0}, old = {0};
	struct lines lines = {.fd = STDIN_FILENO};
	struct a2a_person person = {.names = request->names, .name_count = request->name_count};
	struct a2a_verdict verdict;
	int status = EXIT_FAULT;

	if (!get_password(command, &lines, A2A_SAY_ASK, &password))
		goto out;
	if (request->with_old) {
		if (!get_password(command, &lines, A2A_SAY_ASK_OLD, &old))
			goto out;
		person.old_password = &old;
	}
	if (!a2a_judge_exactly(command->policy, &password, &person, &verdict, &command->log))
		goto out;
	if (!(request->json ? print_json(command, &verdict)
			    : print_text(command, request, &verdict)))
		goto out;
	status = verdict.accepted ? EXIT_ACCEPTED : EXIT_REFUSED;
out:
	a2a_secret_wipe(&password);
	a2a_secret_wipe(&old);
	lines_wipe(&lines);
	return status;
}

/* ---- Many ------------------------------------------------------------------------------------ */

/* The guess number is `-` when it was not measured. */
static void print_line(const struct a2a_verdict *verdict)
{
	fputs(verdict->accepted ? "accept\t" : "refuse\t", stdout);
	if (isnan(verdict->estimate.log2_guesses))
		fputs("-\t", stdout);
	else
		printf("%.3f\t", verdict->estimate.log2_guesses);
	for (size_t i = 0; i < verdict->count; i++)
		printf("%s%s", i ? "," : "", a2a_rule_name(verdict->finding[i].rule));
	puts(verdict->count ? "" : "-");
}

/* Returns the bytes of standard input, or 0 if it is no file. */
static off_t size_of_input(void)
{
	struct stat status;

	return fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode) ? status.st_size : 0;
}

static int batch(struct command *command, const struct request *request)
{
	const struct a2a_person person = {
		.names = request->names,
		.name_count = request->name_count,
	};
	struct lines lines = {.fd = STDIN_FILENO};
	/* On the terminal, the verdicts themselves show how it goes. */
	struct bar bar = {.is_shown = bar_is_possible() && !isatty(STDOUT_FILENO)};
	const off_t size = size_of_input();
	struct secret password = {0};
	int status = EXIT_ACCEPTED;
	size_t judged = 0, read = 0;
	enum line line;

	/* Write each answer before waiting for the next line. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((line = lines_next(&lines, &password)) == LINE_READ) {
		struct a2a_verdict verdict;

		if (!a2a_judge_exactly(
			    command->policy, &password, &person, &verdict, &command->log))
			status = EXIT_FAULT;
		else if (!verdict.accepted && status == EXIT_ACCEPTED)
			status = EXIT_REFUSED;
		print_line(&verdict);
		if (ferror(stdout))
			break;
		judged++;
		read += password.length + 1;
		if (judged % SEEN_AT_ONCE == 0)
			bar_count(&bar, "password", judged, size ? (double)read / (double)size : 0);
	}
	bar_clear(&bar);
	if (ferror(stdout) && errno != EPIPE) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	if (line == LINE_FAILED) {
		warn("standard input");
		status = EXIT_FAULT;
	}
	a2a_secret_wipe(&password);
	lines_wipe(&lines);
	return status;
}

/* ---- The configuration ----------------------------------------------------------------------- */

/* Says which profile is in force, what it sets, and what was set otherwise by name: only this shows
 * that an earlier line keeps a setting below the standard. */
static void say_profile(const struct a2a_settings *settings)
{
	size_t count;
	const struct a2a_setting *table = a2a_settings_table(&count);
	const size_t width = terminal_width(STDOUT_FILENO);
	const char *separator = "";
	char *items = NULL, *label = NULL;
	size_t length;
	FILE *list = open_memstream(&items, &length);

	if (!list || asprintf(&label, "Profile %s: ", settings->profile) < 0)
		err(EXIT_FAULT, NULL);
	if (a2a_settings_is_house(settings))
		fputs("the defaults", list);
	for (size_t i = 0; i < count; i++) {
		const char *value = a2a_settings_of_profile(settings, table[i].name);

		if (!value)
			continue;
		fprintf(list, "%s%s = %s", separator, table[i].name, value);
		separator = ", ";
	}
	fputc('.', list);
	if (fclose(list))
		err(EXIT_FAULT, NULL);
	wrap_print_items(label, items, 2, width);
	free(label);
	free(items);
	for (size_t i = 0; i < count; i++) {
		const char *value = a2a_settings_of_profile(settings, table[i].name);
		char buffer[24];
		const char *now = a2a_settings_get(settings, table[i].name, buffer);

		if (value && strcmp(now, value) != 0)
			printf("Set otherwise: %s = %s.\n", table[i].name, now);
	}
}

/* Says what PAM does with the module. Returns false when that cannot go well. */
static bool test_installed(const struct command *command, const struct request *request)
{
	char *root = strdup(request->root ? request->root : "");
	bool ok = true;

	if (!root)
		err(EXIT_FAULT, "--root");
	for (size_t length = strlen(root); length && root[length - 1] == '/';)
		root[--length] = '\0';
	/* --config tests a file that is not in force. */
	if (request->root || !(request->options.config || command_is_uninstalled()))
		ok = installed_check(root, &command->log);
	else if (!request->options.config)
		wrap_print(stdout,
			"PAM was not checked, because this program is not installed: --root / "
			"checks this system.",
			0, terminal_width(STDOUT_FILENO));
	free(root);
	return ok;
}

static int test(struct command *command, const struct request *request)
{
	int status = EXIT_ACCEPTED;

	if (command_open(command, &request->options) &&
		a2a_policy_try(command->policy, &command->log)) {
		print_lines(request, STYLE_GOOD, "The configuration is good.");
		say_profile(command->settings);
	} else {
		warnx("the configuration cannot be used: until it is corrected, every password is "
		      "refused");
		status = EXIT_FAULT;
	}
	if (!test_installed(command, request))
		status = EXIT_FAULT;
	return status;
}

static int show_config(struct command *command, struct command_options options)
{
	size_t count;
	const struct a2a_setting *table = a2a_settings_table(&count);

	/* The output may become a configuration for everybody, so the language of the person who
	 * runs the command does not belong in it. */
	options.ignore_environment = true;
	if (!command_configure(command, &options))
		return EXIT_FAULT;
	for (size_t i = 0; i < count; i++) {
		char buffer[24];

		printf("# %s", table[i].meaning);
		if (table[i].type == A2A_NUMBER)
			printf(" [%" PRId64 " to %" PRId64 "]", table[i].least, table[i].most);
		/* A line would set by name what the profile sets. It would hold under every other
		 * profile, too. */
		printf("\n%s%s = %s\n",
			a2a_settings_of_profile(command->settings, table[i].name) &&
					!a2a_settings_is_named(command->settings, table[i].name)
				? "# "
				: "",
			table[i].name, a2a_settings_get(command->settings, table[i].name, buffer));
	}
	return EXIT_ACCEPTED;
}

static int run(struct command *command, const struct request *request)
{
	switch (request->mode) {
	case TEST:
		return test(command, request);
	case IMPORT:
		return import_print(request->import);
	case SHOW_CONFIG:
		return show_config(command, request->options);
	case BATCH:
		return command_open(command, &request->options) ? batch(command, request)
								: EXIT_FAULT;
	case CHECK:
		return command_open(command, &request->options) ? check(command, request)
								: EXIT_FAULT;
	}
	return EXIT_FAULT;
}

int main(int argc, char **argv)
{
	struct request request = {0};
	struct command command = {0};
	int status;

	command_start();
	parse(&request, argc, argv);
	status = run(&command, &request);
	command_close(&command);
	free(request.names);
	free(request.options.set);
	if (fflush(stdout) && errno != EPIPE) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	return status;
}
