/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiles the lexicon from word lists, checks it, and looks into it. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "compile.h"
#include "inspect.h"
#include "language.h"
#include "lexicon.h"
#include "paths.h"
#include "text.h"
#include "words.h"
#include "progress.h"

static const char usage[] =
	"usage: all2all-dict build [--sources FILE] [--root DIR] -o OUT\n"
	"       all2all-dict add FILE... -o OUT       a site's own words, one a line\n"
	"       all2all-dict verify [FILE]\n"
	"       all2all-dict stat [FILE]\n"
	"       all2all-dict lookup [--file FILE] WORD...\n"
	"\n"
	"  -s, --sources FILE   which lists go in, instead of the installed sources.conf\n"
	"  -r, --root DIR       where packages were unpacked that are not installed\n"
	"  -o, --output OUT     the lexicon to write\n"
	"  -f, --file FILE      the lexicon to look into, instead of the installed one\n"
	"  -h, --help           this text\n"
	"\n"
	"Exit status: 0 all is well, 1 the word is not there or the lexicon is damaged, 2 it "
	"could\n"
	"not be done. Manual: all2all-dict(1).\n";

enum { EXIT_GOOD = 0, EXIT_NOT_SO = 1, EXIT_FAULT = 2 };

/* What the command line said. */
struct request {
	const char *sources, *root, *output, *file;
	char **argument;
	size_t arguments;
};

static const struct option long_options[] = {
	{"sources", required_argument, NULL, 's'},
	{"root", required_argument, NULL, 'r'},
	{"output", required_argument, NULL, 'o'},
	{"file", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* The words of sources.conf, in the order of enum a2a_kind. */
static const char *const kind_names[A2A_KINDS] = {"password", "ranked", "lexicon", "name", "own"};

/* Of a source: "*" is of no language. */
static uint8_t language_bit(const char *name)
{
	const enum a2a_language language = a2a_language_find(name);

	return language < A2A_LANGUAGES ? a2a_language_bit(language) : 0;
}

/* ---- Compiling ------------------------------------------------------------------------------- */

/* Of the whole progress of a build, reading the lists; the rest is sorting and packing. */
static const double READING = 0.6;

struct build {
	struct a2a_compiler *compiler;
	const char *output;
	struct bar bar;
	double size, done; /* of the lists, in bytes */
};

/* One list: a source, or a file in a folder of them. */
struct list {
	const struct source *source;
	enum a2a_kind kind;
	const char *path;
	double size;  /* in bytes */
	size_t taken; /* words */
};

static void show_packing(void *context, double done)
{
	struct build *build = context;

	bar_draw(&build->bar, "packing", READING + (1 - READING) * done);
}

static double file_size(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? (double)status.st_size : 0;
}

/* After `place` of `count` words of the list. */
static void show_reading(struct build *build, const struct list *list, size_t place, size_t count)
{
	double done = build->done + list->size * (double)place / (double)count;

	if (place % 1024 == 0)
		bar_draw(&build->bar, list->source->name,
			READING * fmin(done / (build->size + 1), 1));
}

/* As German is typed without its umlauts: Müller -> Mueller; the folded word is muller. NULL when
 * there are none; the caller frees it. */
static char *spell_umlauts(const char *word)
{
	static const char *const umlauts[][2] = {
		{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"Ä", "Ae"}, {"Ö", "Oe"}, {"Ü", "Ue"}};
	char *spelled = strdup(word);
	bool found = false;

	if (!spelled)
		err(EXIT_FAULT, "%s", word);
	/* Both are two bytes long. */
	for (size_t i = 0; i < sizeof(umlauts) / sizeof(umlauts[0]); i++)
		for (char *at = spelled; (at = strstr(at, umlauts[i][0])); found = true)
			memcpy(at, umlauts[i][1], 2);
	if (found)
		return spelled;
	free(spelled);
	return NULL;
}

static void take(struct build *build, struct list *list, const char *word, double bits, size_t rank)
{
	const struct source *source = list->source;
	const uint8_t language = language_bit(source->language);
	char *spelled;

	if (!a2a_compiler_add(build->compiler, word, bits + source->bits, list->kind, language))
		return;
	spelled = language == 0 || language == a2a_language_bit(A2A_GERMAN) ? spell_umlauts(word)
									    : NULL;
	if (spelled)
		a2a_compiler_add(
			build->compiler, spelled, bits + source->bits, list->kind, language);
	free(spelled);
	list->taken++;
	a2a_compiler_train(build->compiler, word,
		rank <= source->first ? source->first_times : source->other_times);
}

/* Passwords: the commonest first. */
static bool read_passwords(struct build *build, struct list *list)
{
	struct words words = {0};
	bool ok = words_read(&words, list->path, WORD_LINES);
	size_t rank = 0;

	for (size_t i = 0; ok && i < words.count; i++) {
		show_reading(build, list, i, words.count);
		/* Their heading: "#!comment: ...". */
		if (strncmp(words.word[i], "#!", 2) == 0)
			continue;
		rank++;
		take(build, list, words.word[i], log2((double)rank), rank);
	}
	words_free(&words);
	return ok;
}

/* Too short to be worth a place, in lists that know everything. */
static bool is_scrap(const char *word)
{
	return strlen(word) < 3;
}

static bool read_ranked(struct build *build, struct list *list)
{
	struct counts counts = {0};
	bool ok = counts_read(&counts, list->path);
	size_t rank = 0;

	counts_sort(&counts);
	for (size_t i = 0; ok && i < counts.count; i++) {
		show_reading(build, list, i, counts.count);
		if (is_scrap(counts.counted[i].word))
			continue;
		rank++;
		take(build, list, counts.counted[i].word, log2((double)rank), rank);
	}
	counts_free(&counts);
	return ok;
}

static bool read_unranked(struct build *build, struct list *list)
{
	struct words words = {0};
	bool ok = words_read(&words, list->path, WORD_LINES);

	for (size_t i = 0; ok && i < words.count; i++) {
		show_reading(build, list, i, words.count);
		if (!is_scrap(words.word[i]))
			take(build, list, words.word[i], log2((double)words.count), i + 1);
	}
	words_free(&words);
	return ok;
}

/* Our own words with hyphens are typed without as well, and learnt so. */
static void take_own(struct build *build, struct list *list, const struct words *words)
{
	const double bits = log2((double)words->count);

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->word[i];
		char *joined = malloc(strlen(word) + 1), *end = joined;

		if (!joined)
			err(EXIT_FAULT, "%s", list->path);
		for (const char *c = word; *c; c++)
			if (*c != '-')
				*end++ = *c;
		*end = '\0';
		take(build, list, joined, bits, i + 1);
		if (strcmp(word, joined) != 0)
			a2a_compiler_add(build->compiler, word, bits + list->source->bits,
				list->kind, language_bit(list->source->language));
		free(joined);
	}
}

static bool read_own(struct build *build, struct list *list)
{
	struct words words = {0};
	bool ok = words_read(&words, list->path, COMMENTED_LINES);

	if (ok)
		take_own(build, list, &words);
	words_free(&words);
	return ok;
}

/* The letters of a leaked password, which are likely a name or a word of some language: as many as
 * people choose. Longer ones are sentences, shorter ones anything. */
static bool is_leaked_word(const char *line)
{
	enum { SHORTEST = 5, LONGEST = 9 };
	const size_t length = strlen(line);

	return length >= SHORTEST && length <= LONGEST &&
	       strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == length;
}

/* Those that are letters alone are words; the others are kept as they are. */
static bool read_leaked(struct build *build, struct list *list)
{
	struct words lines = {0}, words = {0};
	bool ok = words_read(&lines, list->path, FOUND_LINES);

	for (size_t i = 0; ok && i < lines.count; i++) {
		const char *line = lines.word[i];

		show_reading(build, list, i, lines.count);
		if (is_leaked_word(line))
			words_add(&words, line, strlen(line));
		else
			list->taken += a2a_compiler_add_leaked(build->compiler, line);
	}
	for (size_t i = 0; i < words.count; i++)
		take(build, list, words.word[i], log2((double)words.count), i + 1);
	words_free(&words);
	words_free(&lines);
	return ok;
}

/* The words of sources.conf for a kind of list, of what kind its words are, and how it is read. */
static const struct list_kind {
	const char *name;
	enum a2a_kind kind;
	bool (*read)(struct build *build, struct list *list);
} list_kinds[] = {
	{"password", A2A_PASSWORD, read_passwords},
	{"ranked", A2A_WORD, read_ranked},
	{"lexicon", A2A_LEXICON, read_unranked},
	{"name", A2A_NAME, read_unranked},
	{"own", A2A_OWN, read_own},
	{"leaked", A2A_PASSWORD, read_leaked},
};

static bool hash_file(const char *path, XXH128_canonical_t *hash)
{
	FILE *file = fopen(path, "re");
	XXH3_state_t *state = XXH3_createState();
	char bytes[1 << 14];
	size_t got;
	bool ok = file && state && XXH3_128bits_reset(state) == XXH_OK;

	while (ok && (got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		ok = XXH3_128bits_update(state, bytes, got) == XXH_OK;
	ok = ok && !ferror(file);
	if (ok)
		XXH128_canonicalFromHash(hash, XXH3_128bits_digest(state));
	else
		warn("%s", path);
	XXH3_freeState(state);
	if (file)
		fclose(file);
	return ok;
}

/* The file's own line on the list. Its path is that of sources.conf, so that every build, wherever
 * packages were unpacked, is the same. */
static bool note(struct build *build, const struct list *list, const char *name)
{
	XXH128_canonical_t hash;
	char digits[2 * sizeof(hash.digest) + 1];
	char *line = NULL;

	if (!hash_file(list->path, &hash))
		return false;
	for (size_t i = 0; i < sizeof(hash.digest); i++)
		snprintf(digits + 2 * i, 3, "%02x", hash.digest[i]);
	if (asprintf(&line, "%s\t%s\t%s\t%s\t%zu\t%s", name, list->source->package,
		    list->source->kind, list->source->language, list->taken, digits) < 0)
		err(EXIT_FAULT, "%s", name);
	a2a_compiler_note(build->compiler, line);
	free(line);
	return true;
}

static bool read_list(struct build *build, const struct source *source,
	const struct list_kind *kind, const char *path, const char *name)
{
	struct list list = {
		.source = source,
		.kind = kind->kind,
		.path = path,
		.size = file_size(path),
	};

	/* Reading may complain. */
	bar_clear(&build->bar);
	if (!kind->read(build, &list) || !note(build, &list, name))
		return false;
	build->done += list.size;
	return true;
}

static bool read_folder(
	struct build *build, const struct source *source, const struct list_kind *kind)
{
	struct words lists = {0};
	bool ok = words_find_lists(&lists, source->path);

	for (size_t i = 0; ok && i < lists.count; i++) {
		char *name = NULL;

		/* The path behind the folder's, with its slash. */
		if (asprintf(&name, "%s%s", source->name, lists.word[i] + strlen(source->path)) < 0)
			err(EXIT_FAULT, "%s", source->name);
		ok = read_list(build, source, kind, lists.word[i], name);
		free(name);
	}
	words_free(&lists);
	return ok;
}

/* Reading sources.conf let no other kind pass. */
static const struct list_kind *kind_of(const struct source *source)
{
	const struct list_kind *kind = list_kinds;

	while (strcmp(kind->name, source->kind) != 0)
		kind++;
	return kind;
}

static bool read_source(const struct source *source, void *context)
{
	struct build *build = context;
	const struct list_kind *kind = kind_of(source);

	if (source->is_missing) {
		bar_clear(&build->bar);
		warnx("%s is not there and is left out; Debian's package %s brings it",
			source->name, source->package);
		return true;
	}
	if (kind->kind == A2A_OWN)
		return read_folder(build, source, kind);
	return read_list(build, source, kind, source->path, source->name);
}

static bool measure_source(const struct source *source, void *context)
{
	struct build *build = context;

	/* Our own folders are small beside the others. */
	build->size += file_size(source->path);
	return true;
}

static bool write_lexicon(struct build *build)
{
	bool ok = a2a_compiler_write(build->compiler, build->output);

	bar_clear(&build->bar);
	if (ok)
		return true;
	if (errno == ENODATA)
		warnx("there are no words, so %s was not written", build->output);
	else if (errno == E2BIG)
		warnx("there are more words than fit into a lexicon, so %s was not written: leave "
		      "lists out",
			build->output);
	else
		warn("%s", build->output);
	return false;
}

static void build_start(struct build *build, const struct request *request)
{
	if (!request->output)
		errx(EXIT_FAULT, "-o OUT is wanted: where the lexicon is to be written");
	*build = (struct build){.output = request->output, .bar.is_shown = isatty(STDERR_FILENO)};
	build->compiler = a2a_compiler_new(show_packing, build);
}

static int run_build(const struct request *request)
{
	const char *sources = request->sources ? request->sources : A2A_SOURCES_FILE;
	struct build build;
	bool ok;

	build_start(&build, request);
	ok = sources_read(sources, request->root, measure_source, &build) &&
	     sources_read(sources, request->root, read_source, &build) && write_lexicon(&build);
	bar_clear(&build.bar);
	a2a_compiler_free(build.compiler);
	return ok ? EXIT_GOOD : EXIT_FAULT;
}

/* ---- A site's own words ---------------------------------------------------------------------- */

struct addition {
	const char *path;
	struct words words;
};

static bool check_line(const char *line, size_t number, void *context)
{
	struct addition *addition = context;

	if (!a2a_compiler_takes(line)) {
		warnx("%s:%zu: no word that a lexicon can hold: it takes one a line, of %d to %d "
		      "characters, no blanks and none of < > { | }, in an alphabet that folds to "
		      "a to z",
			addition->path, number, A2A_WORD_SHORTEST, A2A_WORD_LONGEST);
		return false;
	}
	words_add(&addition->words, line, strlen(line));
	return true;
}

static bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static bool add_file(struct build *build, const char *path)
{
	/* As a list of our own in sources.conf, but that it teaches the model nothing. */
	static const struct source site = {
		.language = "*", .kind = "own", .package = "-", .bits = 1};
	struct list list = {.source = &site, .kind = A2A_OWN, .path = path};
	struct addition addition = {.path = path};
	bool ok = words_each(path, COMMENTED_LINES, check_line, &addition);

	if (is_same_file(path, build->output)) {
		warnx("%s would be overwritten: name another file behind -o", path);
		ok = false;
	}
	if (ok)
		take_own(build, &list, &addition.words);
	words_free(&addition.words);
	return ok && note(build, &list, path);
}

static int run_add(const struct request *request)
{
	struct build build;
	bool ok = true;

	build_start(&build, request);
	if (!request->arguments)
		errx(EXIT_FAULT, "which list of words? all2all-dict add FILE... -o OUT");
	for (size_t i = 0; i < request->arguments; i++)
		ok &= add_file(&build, request->argument[i]);
	if (!ok)
		warnx("%s was not written", build.output);
	ok = ok && write_lexicon(&build);
	a2a_compiler_free(build.compiler);
	return ok ? EXIT_GOOD : EXIT_FAULT;
}

/* ---- Looking into one ------------------------------------------------------------------------ */

struct mapped {
	const char *path;
	void *bytes; /* NULL: none */
	size_t size;
	struct a2a_lexicon lexicon;
};

/* Cuts the last part off a path; false when there is none. */
static bool cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
	return slash;
}

/* The tree's own, when this program runs out of one; else the installed one. The caller frees it.
 */
static char *find_lexicon(void)
{
	char *tree = realpath("/proc/self/exe", NULL); /* TREE/tools/all2all-dict */
	char *mark = NULL, *path = NULL;

	if (tree && cut_last(tree) && cut_last(tree) &&
		(asprintf(&mark, "%s/uninstalled.conf", tree) < 0 ||
			asprintf(&path, "%s/dict/words/lexicon", tree) < 0))
		err(EXIT_FAULT, "%s", tree);
	if (!mark || access(mark, F_OK) != 0) {
		free(path);
		path = strdup(A2A_LEXICON_FILE);
	}
	free(mark);
	free(tree);
	if (!path)
		err(EXIT_FAULT, "lexicon");
	return path;
}

static void *map(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	void *bytes = NULL;

	if (fd < 0 || fstat(fd, &status)) {
		warn("%s", path);
	} else if (!S_ISREG(status.st_mode)) {
		warnx("%s: is no regular file", path);
	} else {
		*size = (size_t)status.st_size;
		/* Nothing cannot be mapped; one byte of nothing is no lexicon either. */
		bytes = mmap(NULL, *size ? *size : 1, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes == MAP_FAILED) {
			warn("%s", path);
			bytes = NULL;
		}
	}
	if (fd >= 0)
		close(fd);
	return bytes;
}

/* Opens and says what is wrong; the status is EXIT_GOOD when nothing is. */
static int open_lexicon(struct mapped *mapped, const char *path)
{
	const char *wrong;

	*mapped = (struct mapped){.path = path};
	mapped->bytes = map(path, &mapped->size);
	if (!mapped->bytes)
		return EXIT_FAULT;
	wrong = a2a_lexicon_open_words(&mapped->lexicon, mapped->bytes, mapped->size);
	if (!wrong)
		return EXIT_GOOD;
	warnx("%s %s; all2all-dict build makes a new one", path, wrong);
	return EXIT_NOT_SO;
}

static void close_lexicon(struct mapped *mapped)
{
	if (mapped->bytes)
		munmap(mapped->bytes, mapped->size ? mapped->size : 1);
}

/* Opens, walks through all of it, and gives it to `look`. */
static int inspect(const struct request *request, void (*look)(const struct mapped *mapped))
{
	char *found = request->arguments ? NULL : find_lexicon();
	struct mapped mapped;
	const char *wrong;
	int status;

	if (request->arguments > 1)
		errx(EXIT_FAULT, "one lexicon at a time");
	status = open_lexicon(&mapped, found ? found : request->argument[0]);
	if (status != EXIT_GOOD)
		goto out;
	wrong = a2a_lexicon_verify(&mapped.lexicon);
	if (wrong) {
		warnx("%s %s; all2all-dict build makes a new one", mapped.path, wrong);
		status = EXIT_NOT_SO;
		goto out;
	}
	look(&mapped);
out:
	close_lexicon(&mapped);
	free(found);
	return status;
}

static void say_whole(const struct mapped *mapped)
{
	printf("%s is whole: %u words\n", mapped->path, mapped->lexicon.word_count);
}

static int run_verify(const struct request *request)
{
	return inspect(request, say_whole);
}

/* How many words of each kind there are in each language, in none, and in all. */
struct census {
	unsigned long count[A2A_KINDS + 1][A2A_LANGUAGES + 2];
};

static void count_word(void *context, const char *word, const struct a2a_class *class)
{
	struct census *census = context;
	const size_t rows[] = {class->kind, A2A_KINDS};

	(void)word;
	for (size_t i = 0; i < 2; i++) {
		unsigned long *row = census->count[rows[i]];

		for (size_t language = 0; language < A2A_LANGUAGES; language++)
			row[language] += (class->languages >> language & 1) != 0;
		row[A2A_LANGUAGES] += class->languages == 0;
		row[A2A_LANGUAGES + 1]++;
	}
}

static void print_census(const struct a2a_lexicon *lexicon)
{
	struct census census = {0};

	a2a_lexicon_each(lexicon, count_word, &census);
	printf("\nwords     ");
	for (size_t i = 0; i < A2A_LANGUAGES; i++)
		printf("%10s", a2a_language_tag((enum a2a_language)i));
	printf("%10s%10s\n", "none", "all");
	for (size_t kind = 0; kind <= A2A_KINDS; kind++) {
		printf("%-10s", kind < A2A_KINDS ? kind_names[kind] : "all");
		for (size_t i = 0; i < A2A_LANGUAGES + 2; i++)
			printf("%10lu", census.count[kind][i]);
		puts("");
	}
}

static void print_stat(const struct mapped *mapped)
{
	const struct a2a_lexicon *lexicon = &mapped->lexicon;
	const size_t class_size = lexicon->class_count * sizeof(struct a2a_class);
	const size_t graph_size = lexicon->unit_count * sizeof(uint32_t);

	printf("file      %s\n", mapped->path);
	printf("size      %zu bytes\n", mapped->size);
	printf("  header  %10zu\n", sizeof(struct a2a_lexicon_header));
	printf("  classes %10zu  %u of them\n", class_size, lexicon->class_count);
	printf("  graph   %10zu  %.2f bytes a word\n", graph_size,
		(double)graph_size / lexicon->word_count);
	printf("  leaked  %10zu  %u passwords\n", a2a_leaked_size(lexicon->leaked.count),
		lexicon->leaked.count);
	printf("  model   %10d\n", lexicon->model ? A2A_MODEL_SIZE : 0);
	printf("  inputs  %10u\n", lexicon->input_size);
	print_census(lexicon);
	printf("\npath\tpackage\tkind\tlanguage\twords\tXXH128\n%.*s", (int)lexicon->input_size,
		lexicon->inputs);
}

static int run_stat(const struct request *request)
{
	return inspect(request, print_stat);
}

/* ---- Looking words up ------------------------------------------------------------------------ */

static const struct a2a_class *find(const struct a2a_lexicon *lexicon, const char *word)
{
	struct a2a_walk walk = {lexicon->root, false};
	struct a2a_text text;

	if (!a2a_text_fold(&text, word, strlen(word)))
		return NULL;
	for (size_t i = 0; i < text.count; i++)
		if (text.point[i] <= ' ' || text.point[i] >= 0x7f ||
			!a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code((char)text.point[i])))
			return NULL;
	return a2a_lexicon_word(lexicon, walk);
}

static bool is_leaked(const struct a2a_lexicon *lexicon, const char *word)
{
	struct a2a_text text;
	char folded[4 * A2A_TEXT_POINTS + 1];

	return a2a_text_fold(&text, word, strlen(word)) &&
	       a2a_leaked_have(
		       &lexicon->leaked, folded, a2a_text_write(&text, folded, sizeof(folded)));
}

static void print_class(const char *word, const struct a2a_class *class, bool leaked)
{
	const char *comma = "";

	if (!class) {
		printf("%s\t%s\t-\t-\n", word, leaked ? "leaked" : "-");
		return;
	}
	printf("%s\t%s\t", word, kind_names[class->kind]);
	for (size_t i = 0; i < A2A_LANGUAGES; i++)
		if (class->languages >> i & 1) {
			printf("%s%s", comma, a2a_language_tag((enum a2a_language)i));
			comma = ",";
		}
	printf("%s\t%.0f\n", *comma ? "" : "-", exp2((double)a2a_class_cost(class) / A2A_COST_BIT));
}

static int run_lookup(const struct request *request)
{
	char *found = request->file ? NULL : find_lexicon();
	struct mapped mapped;
	int status;

	if (!request->arguments)
		errx(EXIT_FAULT, "which word? all2all-dict lookup WORD...");
	status = open_lexicon(&mapped, found ? found : request->file);
	if (status != EXIT_GOOD) {
		/* It is not that the word is not there. */
		status = EXIT_FAULT;
		goto out;
	}
	for (size_t i = 0; i < request->arguments; i++) {
		const struct a2a_class *class = find(&mapped.lexicon, request->argument[i]);

		const bool leaked = is_leaked(&mapped.lexicon, request->argument[i]);

		print_class(request->argument[i], class, leaked);
		if (!class && !leaked)
			status = EXIT_NOT_SO;
	}
out:
	close_lexicon(&mapped);
	free(found);
	return status;
}

/* ---- The command line ------------------------------------------------------------------------ */

/* What there is to do, and which options it knows. */
static const struct {
	const char *name;
	int (*run)(const struct request *request);
	const char *options;
} commands[] = {
	{"build", run_build, "sro"},
	{"add", run_add, "o"},
	{"verify", run_verify, ""},
	{"stat", run_stat, ""},
	{"lookup", run_lookup, "f"},
};

static size_t find_command(const char *name)
{
	for (size_t i = 0; name && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return i;
	if (name)
		warnx("%s: there is build, add, verify, stat and lookup", name);
	fputs("all2all-dict --help says what there is to do.\n", stderr);
	exit(EXIT_FAULT);
}

/* Returns the index of the command. */
static size_t parse(struct request *request, int argc, char **argv)
{
	char given[sizeof("srof")] = "";
	size_t command;
	int option;

	while ((option = getopt_long(argc, argv, "s:r:o:f:h", long_options, NULL)) != -1) {
		const struct {
			int option;
			const char **value;
		} values[] = {
			{'s', &request->sources},
			{'r', &request->root},
			{'o', &request->output},
			{'f', &request->file},
		};
		size_t i = 0;

		if (option == 'h') {
			fputs(usage, stdout);
			exit(EXIT_GOOD);
		}
		while (i < 4 && values[i].option != option)
			i++;
		if (i == 4) {
			fputs("all2all-dict --help lists the options.\n", stderr);
			exit(EXIT_FAULT);
		}
		*values[i].value = optarg;
		if (!strchr(given, option))
			given[strlen(given)] = (char)option;
	}
	command = find_command(argv[optind]);
	if (given[strspn(given, commands[command].options)])
		errx(EXIT_FAULT, "%s has no option -%c", commands[command].name,
			given[strspn(given, commands[command].options)]);
	request->argument = argv + optind + 1;
	request->arguments = (size_t)(argc - optind - 1);
	if (request->arguments && strchr(commands[command].options, 's'))
		errx(EXIT_FAULT, "%s: build takes its lists from --sources alone",
			request->argument[0]);
	return command;
}

int main(int argc, char **argv)
{
	struct request request = {0};
	size_t command = parse(&request, argc, argv);
	int status = commands[command].run(&request);

	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	return status;
}
