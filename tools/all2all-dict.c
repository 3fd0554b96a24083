/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiles the lexicon from lists of words, checks it, and looks words up in it. */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect.h"
#include "language.h"
#include "lists.h"
#include "paths.h"
#include "progress.h"
#include "subcommand.h"
#include "settings.h"
#include "sources.h"
#include "text_table.h"

static const char usage[] =
	"usage: all2all-dict build [--sources FILE] [--root DIR] -o OUT\n"
	"       all2all-dict add FILE... -o OUT       a site's own words, one per line\n"
	"       all2all-dict upgrade [--config FILE] [FILE...]\n"
	"       all2all-dict verify [FILE]\n"
	"       all2all-dict stat [FILE]\n"
	"       all2all-dict lookup [--file FILE] WORD...\n"
	"\n"
	"  -s, --sources FILE   the lists to compile, instead of those of sources.conf\n"
	"  -r, --root DIR       where to find lists of packages that are not installed\n"
	"  -o, --output OUT     the lexicon to write\n"
	"  -f, --file FILE      the lexicon to look into, instead of the installed one\n"
	"  -c, --config FILE    upgrade: use this configuration file\n"
	"  -h, --help           print this text\n"
	"  -V, --version        print the version\n"
	"\n"
	"Exit status: 0 success; 1 the word is not there, or the lexicon is damaged;\n"
	"2 any other error. Manual: all2all-dict(1).\n";

/* It lies at the top of a build tree, and is what commands read there. */
#define UNINSTALLED "uninstalled.conf"

enum { EXIT_GOOD = 0, EXIT_NOT_SO = 1, EXIT_FAULT = 2 };

/* What the command line said. */
struct request {
	const char *sources, *root, *output, *file, *config;
	char **argument;
	size_t arguments;
};

static const struct option long_options[] = {
	{"sources", required_argument, NULL, 's'},
	{"root", required_argument, NULL, 'r'},
	{"output", required_argument, NULL, 'o'},
	{"file", required_argument, NULL, 'f'},
	{"config", required_argument, NULL, 'c'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

/* ---- Compiling ------------------------------------------------------------------------------- */

/* The progress bar on standard error. */
struct display {
	struct bar bar;
};

static void show(void *context, const char *label, double done)
{
	struct display *display = context;

	bar_draw(&display->bar, label, done);
}

static void say(void *context, enum a2a_level level, const char *text)
{
	struct display *display = context;

	(void)level;
	bar_clear(&display->bar);
	warnx("%s", text);
}

static bool build(const struct request *request, const struct a2a_lists_observer *observer)
{
	return a2a_lists_compile(request->sources ? request->sources : A2A_SOURCES_FILE,
		request->root, request->output, observer);
}

static bool add(const struct request *request, const struct a2a_lists_observer *observer)
{
	if (!request->arguments)
		errx(EXIT_FAULT, "no list of words is named: all2all-dict add FILE... -o OUT");
	return a2a_lists_compile_site(
		request->argument, request->arguments, request->output, observer);
}

static int compile(const struct request *request,
	bool (*make)(const struct request *request, const struct a2a_lists_observer *observer))
{
	struct display display = {.bar.is_shown = bar_is_possible()};
	const struct a2a_log log = {say, &display};
	bool ok;

	if (!request->output)
		errx(EXIT_FAULT, "-o OUT is missing: it names the lexicon to write");
	ok = make(request, &(struct a2a_lists_observer){&log, show, &display});
	bar_clear(&display.bar);
	return ok ? EXIT_GOOD : EXIT_FAULT;
}

static int run_build(const struct request *request)
{
	return compile(request, build);
}

static int run_add(const struct request *request)
{
	return compile(request, add);
}

/* ---- The file -------------------------------------------------------------------------------- */

/* Cuts the last part off a path. Returns false when there is none. */
static bool cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
	return slash;
}

/* Returns the path of a file of the build tree, given from its top, if this program runs in a build
 * tree; otherwise that of the installed one. The caller frees it. */
static char *find_file(const char *below, const char *installed)
{
	char *tree = realpath("/proc/self/exe", NULL); /* TREE/tools/all2all-dict */
	char *mark = NULL, *path = NULL;

	if (tree && cut_last(tree) && cut_last(tree) &&
		(asprintf(&mark, "%s/%s", tree, UNINSTALLED) < 0 ||
			asprintf(&path, "%s/%s", tree, below) < 0))
		err(EXIT_FAULT, "%s", tree);
	if (!mark || access(mark, F_OK) != 0) {
		free(path);
		path = strdup(installed);
	}
	free(mark);
	free(tree);
	if (!path)
		err(EXIT_FAULT, "%s", installed);
	return path;
}

static char *find_lexicon(void)
{
	return find_file("dict/words/lexicon", A2A_LEXICON_FILE);
}

/* ---- A site's lists -------------------------------------------------------------------------- */

/* Returns whether the list is now of the format that this program reads. */
static bool upgrade(const char *path)
{
	struct display display = {.bar.is_shown = bar_is_possible()};
	const struct a2a_log log = {say, &display};
	const enum a2a_upgrade done =
		a2a_lists_upgrade_site(path, &(struct a2a_lists_observer){&log, show, &display});

	bar_clear(&display.bar);
	switch (done) {
	case A2A_UPGRADE_CURRENT:
		printf("%s is of the current format\n", path);
		return true;
	case A2A_UPGRADE_DONE:
		printf("%s was compiled again\n", path);
		return true;
	case A2A_UPGRADE_FAILED:
		break;
	}
	return false;
}

/* Upgrades the lists that the configuration names. */
static bool upgrade_configured(const char *config)
{
	struct display display = {0};
	const struct a2a_log log = {say, &display};
	char *found = config ? NULL : find_file(UNINSTALLED, A2A_CONFIGURATION);
	struct a2a_settings *settings = a2a_settings_new();
	char *lists = NULL, *rest;
	char buffer[24];
	bool ok;

	if (!settings)
		err(EXIT_FAULT, NULL);
	/* A mistake elsewhere in the file does not keep the lists from being upgraded. */
	ok = a2a_settings_read_file(settings, config ? config : found, !config, &log);
	rest = lists = strdup(a2a_settings_get(settings, "words", buffer));
	if (!lists)
		err(EXIT_FAULT, NULL);
	for (char *path; (path = strsep(&rest, A2A_PATH_SEPARATORS));)
		if (*path)
			ok &= upgrade(path);
	free(lists);
	a2a_settings_free(settings);
	free(found);
	return ok;
}

static int run_upgrade(const struct request *request)
{
	bool ok = true;

	if (request->arguments && request->config)
		errx(EXIT_FAULT, "upgrade takes either lists or --config");
	if (!request->arguments)
		ok = upgrade_configured(request->config);
	for (size_t i = 0; i < request->arguments; i++)
		ok &= upgrade(request->argument[i]);
	return ok ? EXIT_GOOD : EXIT_FAULT;
}

/* ---- Looking into it ------------------------------------------------------------------------- */

/* Returns EXIT_GOOD, or another status, having reported. Call a2a_lexicon_file_close() in any case.
 */
static int open_lexicon(struct a2a_lexicon_file *file, const char *path)
{
	struct display display = {0};
	const struct a2a_log log = {say, &display};
	const char *wrong;

	if (!a2a_lexicon_file_open(file, path, &log))
		return EXIT_FAULT;
	wrong = a2a_lexicon_open_words(&file->lexicon, file->bytes, file->size);
	if (!wrong)
		return EXIT_GOOD;
	warnx("%s %s; all2all-dict build makes a new one", path, wrong);
	return EXIT_NOT_SO;
}

/* Opens a lexicon, verifies it, and calls `print`. */
static int inspect(const struct request *request,
	void (*print)(const struct a2a_lexicon_file *file, const char *path))
{
	char *found = request->arguments ? NULL : find_lexicon();
	const char *path = found ? found : request->argument[0], *wrong;
	struct a2a_lexicon_file file;
	int status;

	if (request->arguments > 1)
		errx(EXIT_FAULT, "one lexicon at a time");
	status = open_lexicon(&file, path);
	if (status != EXIT_GOOD)
		goto out;
	wrong = a2a_lexicon_verify(&file.lexicon);
	if (wrong) {
		warnx("%s %s; all2all-dict build makes a new one", path, wrong);
		status = EXIT_NOT_SO;
		goto out;
	}
	print(&file, path);
out:
	a2a_lexicon_file_close(&file);
	free(found);
	return status;
}

/* ---- Printing -------------------------------------------------------------------------------- */

static void print_whole(const struct a2a_lexicon_file *file, const char *path)
{
	printf("%s is whole: %u words\n", path, file->lexicon.word_count);
}

static int run_verify(const struct request *request)
{
	return inspect(request, print_whole);
}

static void print_table(struct table *table)
{
	table_print(table, 0, terminal_width(STDOUT_FILENO), false);
	table_free(table);
}

static void add_row(
	struct table *table, const char *name, const unsigned long row[static A2A_CENSUS_COLUMNS])
{
	table_add(table, STYLE_PLAIN, name);
	for (size_t i = 0; i < A2A_CENSUS_COLUMNS; i++)
		table_add_number(table, (long long)row[i]);
}

static void print_census(const struct a2a_lexicon *lexicon)
{
	struct table_column columns[1 + A2A_CENSUS_COLUMNS] = {{"words", CELLS_WORD}};
	struct a2a_census census;
	struct table *table;

	for (size_t i = 0; i < A2A_CENSUS_COLUMNS; i++)
		columns[1 + i] = (struct table_column){
			i < A2A_LANGUAGES    ? a2a_language_tag((enum a2a_language)i)
			: i == A2A_LANGUAGES ? "none"
					     : "all",
			CELLS_NUMBER};
	a2a_lexicon_count(lexicon, &census);
	table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	for (unsigned kind = 0; kind < A2A_KINDS; kind++)
		add_row(table, source_kind_name(kind), census.count[kind]);
	add_row(table, "form", census.count[A2A_CENSUS_FORMS]);
	add_row(table, "all", census.count[A2A_KINDS]);
	putchar('\n');
	print_table(table);
}

/* Adds the cells of a line of the inputs, without the last one: the checksum is too wide for a
 * terminal. What is no line with so many cells is left out. */
static void add_input(struct table *table, char *line, size_t cells)
{
	char *rest = line;
	size_t tabs = 0;

	for (const char *c = line; *c; c++)
		tabs += *c == '\t';
	if (tabs != cells)
		return;
	while (cells--)
		table_add(table, STYLE_PLAIN, strsep(&rest, "\t"));
}

/* The lists that it was compiled from: for people at a terminal, otherwise as they stand in it. */
static void print_inputs(const struct a2a_lexicon *lexicon)
{
	static const struct table_column columns[] = {
		{"path", CELLS_TEXT},
		{"package", CELLS_TEXT},
		{"kind", CELLS_WORD},
		{"language", CELLS_WORD},
		{"words", CELLS_NUMBER},
	};
	enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
	struct table *table;
	char *inputs, *rest;

	putchar('\n');
	if (!isatty(STDOUT_FILENO)) {
		printf("path\tpackage\tkind\tlanguage\twords\tXXH128\n%.*s",
			(int)lexicon->input_size, lexicon->inputs);
		return;
	}
	rest = inputs = strndup(lexicon->inputs, lexicon->input_size);
	if (!inputs)
		err(EXIT_FAULT, NULL);
	table = table_new(columns, COLUMNS);
	for (char *line; (line = strsep(&rest, "\n"));)
		add_input(table, line, COLUMNS);
	print_table(table);
	free(inputs);
}

static void print_stat(const struct a2a_lexicon_file *file, const char *path)
{
	const struct a2a_lexicon *lexicon = &file->lexicon;
	const size_t class_size = lexicon->class_count * sizeof(struct a2a_class);
	const size_t graph_size = lexicon->unit_count * sizeof(uint32_t);

	printf("file      %s\n", path);
	printf("size      %zu bytes\n", file->size);
	printf("  header  %10zu\n", sizeof(struct a2a_lexicon_header));
	printf("  classes %10zu  %u of them\n", class_size, lexicon->class_count);
	printf("  graph   %10zu  %.2f bytes a word\n", graph_size,
		(double)graph_size / lexicon->word_count);
	printf("  leaked  %10zu  %u passwords\n", a2a_leaked_size(lexicon->leaked.count),
		lexicon->leaked.count);
	printf("  model   %10d\n", lexicon->model ? A2A_MODEL_SIZE : 0);
	printf("  inputs  %10u\n", lexicon->input_size);
	print_census(lexicon);
	print_inputs(lexicon);
}

static int run_stat(const struct request *request)
{
	return inspect(request, print_stat);
}

static void print_class(const char *word, const struct a2a_class *class, bool is_leaked)
{
	const char *comma = "";

	if (!class) {
		printf("%s\t%s\t-\t-\n", word, is_leaked ? "leaked" : "-");
		return;
	}
	printf("%s\t%s\t", word, source_kind_name(class->kind));
	for (size_t i = 0; i < A2A_LANGUAGES; i++)
		if (class->languages & a2a_language_bit((enum a2a_language)i)) {
			printf("%s%s", comma, a2a_language_tag((enum a2a_language)i));
			comma = ",";
		}
	printf("%s\t%.0f\n", *comma ? "" : "-", exp2((double)a2a_class_cost(class) / A2A_COST_BIT));
}

static int run_lookup(const struct request *request)
{
	char *found = request->file ? NULL : find_lexicon();
	struct a2a_lexicon_file file;
	int status;

	if (!request->arguments)
		errx(EXIT_FAULT, "which word? all2all-dict lookup WORD...");
	status = open_lexicon(&file, found ? found : request->file);
	if (status != EXIT_GOOD) {
		/* EXIT_NOT_SO would mean that the word is not there. */
		status = EXIT_FAULT;
		goto out;
	}
	for (size_t i = 0; i < request->arguments; i++) {
		const char *word = request->argument[i];
		const struct a2a_class *class = a2a_lexicon_find(&file.lexicon, word);
		const bool is_leaked = a2a_lexicon_has_leaked(&file.lexicon, word);

		print_class(word, class, is_leaked);
		if (!class && !is_leaked)
			status = EXIT_NOT_SO;
	}
out:
	a2a_lexicon_file_close(&file);
	free(found);
	return status;
}

/* ---- The command line ------------------------------------------------------------------------ */

/* The commands, and the options that each of them takes. */
static const struct subcommand commands[] = {
	{"build", run_build, "sro"},
	{"add", run_add, "o"},
	{"upgrade", run_upgrade, "c"},
	{"verify", run_verify, ""},
	{"stat", run_stat, ""},
	{"lookup", run_lookup, "f"},
};

static const struct subcommand *parse(struct request *request, int argc, char **argv)
{
	const struct {
		int option;
		const char **value;
	} values[] = {
		{'s', &request->sources},
		{'r', &request->root},
		{'o', &request->output},
		{'f', &request->file},
		{'c', &request->config},
	};
	enum { VALUES = sizeof(values) / sizeof(values[0]) };
	char given[sizeof("srofc")] = "";
	const struct subcommand *command;
	int option;

	while ((option = getopt_long(argc, argv, "s:r:o:f:c:hV", long_options, NULL)) != -1) {
		size_t i = 0;

		if (option == 'h' || option == 'V') {
			fputs(option == 'h' ? usage : A2A_VERSION "\n", stdout);
			exit(fflush(stdout) ? EXIT_FAULT : EXIT_GOOD);
		}
		while (i < VALUES && values[i].option != option)
			i++;
		if (i == VALUES) {
			fputs("all2all-dict --help lists the options.\n", stderr);
			exit(EXIT_FAULT);
		}
		*values[i].value = optarg;
		if (!strchr(given, option))
			given[strlen(given)] = (char)option;
	}
	command = subcommand_find(
		commands, sizeof(commands) / sizeof(commands[0]), argv[optind], given, EXIT_FAULT);
	request->argument = argv + optind + 1;
	request->arguments = (size_t)(argc - optind - 1);
	if (request->arguments && strchr(command->options, 's'))
		errx(EXIT_FAULT, "%s: build takes its lists only from --sources",
			request->argument[0]);
	return command;
}

int main(int argc, char **argv)
{
	struct request request = {0};
	const struct subcommand *command = parse(&request, argc, argv);
	int status = command->run(&request);

	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	return status;
}
