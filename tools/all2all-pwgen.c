/* SPDX-License-Identifier: BSD-3-Clause */
/* Generates strong random passwords that satisfy the policy: the command line of generate/. */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "generate.h"
#include "hash.h"
#include "language.h"
#include "progress.h"
#include "spelling.h"
#include "spreadsheet.h"
#include "terminal.h"
#include "wrap.h"

static const char usage[] =
	"usage: all2all-pwgen [options]\n"
	"\n"
	"  -n, --count COUNT      number of passwords, 1 to 1000000 (default: 1)\n"
	"  -l, --length LENGTH    length in characters (default: 12; pronounceable: 16)\n"
	"  -b, --bits BITS        the shortest length with this many bits of entropy\n"
	"  -y, --symbols[=SET]    also symbols: those of SET, or the usual ones\n"
	"  -C, --characters SET   use these characters instead of letters and digits\n"
	"  -a, --avoid SET        use none of these characters\n"
	"  -k, --keyboard-safe    use only keys that AZERTY, QWERTY and QWERTZ share\n"
	"  -p, --pronounceable    syllables and a number\n"
	"  -w, --words WORDS      a passphrase of this many words and a digit\n"
	"  -S, --separator TEXT   text between the words (default: -)\n"
	"  -P, --per-language     COUNT passphrases in each language of --lang, or of all\n"
	"  -L, --lang LANGUAGE    language of words and spelling: fr nl de en\n"
	"  -e, --entropy          print the bits of entropy of each, counted\n"
	"  -T, --spell[=ALPHABET] print how to spell it: fr fr_FR nl nl_NL de de_DE en\n"
	"  -H, --hash[=SCHEME]    print its hash for Dovecot: yescrypt (default),\n"
	"                         bcrypt, sha512 or argon2id\n"
	"  -J, --jobs JOBS        threads that draw and hash (default: one per processor)\n"
	"  -v, --csv              print comma-separated values, for spreadsheets\n"
	"  -j, --json             print a JSON array\n"
	"  -c, --config FILE      read FILE instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    change a setting of the configuration; may be repeated\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"Without options: 12 letters and digits that cannot be mixed up (no 0 O o 1 l I),\n"
	"or as many as the policy allows.\n"
	"Exit status: 0, or 2 if nothing could be generated. Manual: all2all-pwgen(1).\n";

enum {
	MOST = 1000000,
	MOST_JOBS = 1024,
	INDENT = 8,
	DRAWN_AT_ONCE = 4096, /* passwords between two looks at the progress */
	HASHED_AT_ONCE = 8,   /* by each thread */
};

struct request {
	unsigned count;
	struct a2a_recipe recipe;
	bool per_language, entropy, spell, hash, csv, json;
	const char *spell_language; /* NULL: the language of the words or, without words, of the
				       messages */
	enum hash_scheme scheme;
	unsigned jobs; /* 0: one for each processor */
	struct command_options options;
};

static size_t smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

static const struct option long_options[] = {
	{"count", required_argument, NULL, 'n'},
	{"length", required_argument, NULL, 'l'},
	{"bits", required_argument, NULL, 'b'},
	{"symbols", optional_argument, NULL, 'y'},
	{"characters", required_argument, NULL, 'C'},
	{"avoid", required_argument, NULL, 'a'},
	{"keyboard-safe", no_argument, NULL, 'k'},
	{"pronounceable", no_argument, NULL, 'p'},
	{"words", required_argument, NULL, 'w'},
	{"separator", required_argument, NULL, 'S'},
	{"per-language", no_argument, NULL, 'P'},
	{"lang", required_argument, NULL, 'L'},
	{"entropy", no_argument, NULL, 'e'},
	{"spell", optional_argument, NULL, 'T'},
	{"hash", optional_argument, NULL, 'H'},
	{"jobs", required_argument, NULL, 'J'},
	{"csv", no_argument, NULL, 'v'},
	{"json", no_argument, NULL, 'j'},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

static void check_request(const struct request *request, bool length_given)
{
	const struct a2a_recipe *recipe = &request->recipe;

	if (length_given && recipe->bits)
		errx(EXIT_FAULT, "--length and --bits: use only one of them");
	if (recipe->style == A2A_WORDS && (length_given || recipe->bits))
		errx(EXIT_FAULT, "--words sets the length of a passphrase: leave --length and "
				 "--bits out");
	if (recipe->style != A2A_CHARACTERS && (recipe->symbols || recipe->characters))
		errx(EXIT_FAULT, "--symbols and --characters cannot be used with --words or "
				 "--pronounceable");
	if (recipe->style != A2A_WORDS && recipe->separator)
		errx(EXIT_FAULT, "--separator needs --words");
	if (recipe->style != A2A_WORDS && request->per_language)
		errx(EXIT_FAULT, "--per-language needs --words");
	if (request->csv && request->json)
		errx(EXIT_FAULT, "--csv and --json: use only one of them");
}

static void take_spelling(struct request *request, const char *language)
{
	request->spell = true;
	request->spell_language = language;
	if (language && !a2a_spelling_is_tag(language)) {
		char list[A2A_SPELLING_LIST_SIZE];

		errx(EXIT_FAULT, "--spell: \"%s\" is not one of %s", language,
			a2a_spelling_list(list));
	}
}

static void take_scheme(struct request *request, const char *name)
{
	request->hash = true;
	request->scheme = HASH_YESCRYPT;
	if (name && !hash_find(name, &request->scheme))
		errx(EXIT_FAULT, "--hash: \"%s\" is none of %s", name, hash_names());
}

/* Returns the optional value of an option, or NULL. The value may also be the next word, as in
 * "--spell nl", because this command line has no other words. */
static const char *optional_value(int argc, char **argv)
{
	if (optarg || optind >= argc || argv[optind][0] == '-')
		return optarg;
	return argv[optind++];
}

static void parse(struct request *request, int argc, char **argv)
{
	struct a2a_recipe *recipe = &request->recipe;
	bool pronounceable = false;
	unsigned words = 0;
	int option;

	request->count = 1;
	while ((option = getopt_long(argc, argv, "n:l:b:y::C:a:kpw:S:PL:eT::H::J:vjc:s:hV",
			long_options, NULL)) != -1) {
		switch (option) {
		case 'n':
			request->count = command_number("--count", optarg, MOST);
			break;
		case 'l':
			recipe->length = command_number("--length", optarg, 511);
			break;
		case 'b':
			recipe->bits = command_number("--bits", optarg, 512);
			break;
		case 'y':
			recipe->symbols = optarg ? optarg : "";
			break;
		case 'C':
			recipe->characters = optarg;
			break;
		case 'a':
			recipe->avoid = optarg;
			break;
		case 'k':
			recipe->keyboard_safe = true;
			break;
		case 'p':
			pronounceable = true;
			break;
		case 'w':
			words = command_number("--words", optarg, 64);
			break;
		case 'S':
			recipe->separator = optarg;
			break;
		case 'e':
			request->entropy = true;
			break;
		case 'T':
			take_spelling(request, optional_value(argc, argv));
			break;
		case 'P':
			request->per_language = true;
			break;
		case 'H':
			take_scheme(request, optional_value(argc, argv));
			break;
		case 'J':
			request->jobs = command_number("--jobs", optarg, MOST_JOBS);
			break;
		case 'v':
			request->csv = true;
			break;
		case 'j':
			request->json = true;
			break;
		default:
			command_take_option(&request->options, option, optarg, usage);
		}
	}
	if (optind < argc)
		errx(EXIT_FAULT, "%s: no argument was expected (a length is given with -l)",
			argv[optind]);
	if (pronounceable && words)
		errx(EXIT_FAULT, "--pronounceable and --words: only one of them");
	recipe->style = words ? A2A_WORDS : pronounceable ? A2A_PRONOUNCEABLE : A2A_CHARACTERS;
	check_request(request, recipe->length != 0);
	if (words)
		recipe->length = words;
}

/* A password's properties. */
struct row {
	const char *language; /* of its words; NULL: it has none */
	double bits;
	bool is_exact;
	struct secret spelled;
};

/* All passwords. The passwords and their hashes are separate arrays, because hash_all() needs them
 * so. */
struct rows {
	size_t count; /* passwords so far */
	struct row *row;
	struct secret *password, *hashed;
};

static void rows_wipe(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		a2a_secret_wipe(&rows->row[i].spelled);
		a2a_secret_wipe(&rows->password[i]);
		a2a_secret_wipe(&rows->hashed[i]);
	}
	free(rows->row);
	free(rows->password);
	free(rows->hashed);
}

static bool rows_reserve(struct rows *rows, size_t count)
{
	rows->row = calloc(count, sizeof(*rows->row));
	rows->password = calloc(count, sizeof(*rows->password));
	rows->hashed = calloc(count, sizeof(*rows->hashed));
	return rows->row && rows->password && rows->hashed;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static bool append(struct secret *output, const char *text)
{
	return a2a_secret_append(output, text, strlen(text));
}

static bool append_secret(struct secret *output, const struct secret *text)
{
	return a2a_secret_append(output, text->bytes, text->length);
}

static bool write_text(
	const struct request *request, const struct rows *rows, size_t at, struct secret *output)
{
	const struct row *row = &rows->row[at];
	char entropy[64];

	snprintf(entropy, sizeof(entropy), "\t%s%.2f bits", row->is_exact ? "" : "at most ",
		row->bits);
	return (!request->per_language ||
		       (append(output, row->language) && append(output, "\t"))) &&
	       append_secret(output, &rows->password[at]) &&
	       (!request->entropy || append(output, entropy)) &&
	       (!request->hash ||
		       (append(output, "\t") && append_secret(output, &rows->hashed[at]))) &&
	       (!request->spell ||
		       (append(output, "\n\t") &&
			       wrap_append(output, row->spelled.bytes, row->spelled.length, INDENT,
				       terminal_width(STDOUT_FILENO)))) &&
	       append(output, "\n");
}

/* A column of the CSV, and the cell of one password in it. */
struct column {
	const char *name;
	bool is_asked;
	struct secret cell; /* borrowed */
};

static struct secret borrow(const char *text)
{
	return a2a_secret_borrow(text ? text : "", text ? strlen(text) : 0);
}

static const char *write_bits(double bits, char text[static 32])
{
	snprintf(text, 32, "%.2f", bits);
	return text;
}

static bool write_csv(
	const struct request *request, const struct rows *rows, size_t at, struct secret *output)
{
	const struct row *row = &rows->row[at];
	char bits[32];
	const struct column columns[] = {
		{"language", request->per_language, borrow(row->language)},
		{"password", true, rows->password[at]},
		{"bits", request->entropy, borrow(write_bits(row->bits, bits))},
		{"spelled", request->spell, row->spelled},
		{"hash", request->hash, rows->hashed[at]},
	};
	struct secret heading = {0}, line = {0};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(columns) / sizeof(columns[0]); i++) {
		const struct column *column = &columns[i];

		if (column->is_asked)
			ok = a2a_cell_append(&heading, ',', column->name, strlen(column->name)) &&
			     a2a_cell_append(&line, ',', column->cell.bytes, column->cell.length);
	}
	ok = ok && a2a_row_end(&heading) && a2a_row_end(&line) &&
	     (at != 0 || append_secret(output, &heading)) && append_secret(output, &line);
	a2a_secret_wipe(&heading);
	a2a_secret_wipe(&line);
	return ok;
}

/* For jansson, which frees copies of the passwords without wiping them. */
static void wipe_and_free(void *block)
{
	if (block)
		explicit_bzero(block, malloc_usable_size(block));
	free(block);
}

static bool set(json_t *object, const char *key, const struct secret *text)
{
	return json_object_set_new(object, key, json_stringn(text->bytes, text->length)) == 0;
}

static bool write_json(
	const struct request *request, const struct rows *rows, size_t at, struct secret *output)
{
	const struct row *row = &rows->row[at];
	const struct secret *password = &rows->password[at];
	json_t *object = json_pack("{s:s%, s:f, s:b}", "password", password->bytes,
		password->length, "bits", row->bits, "exact", row->is_exact);
	char *text = NULL;
	bool ok = object &&
		  (!row->language || json_object_set_new(object, "language",
					     json_string(row->language)) == 0) &&
		  (!request->spell || set(object, "spelled", &row->spelled)) &&
		  (!request->hash || set(object, "hash", &rows->hashed[at]));

	if (ok)
		text = json_dumps(object, JSON_REAL_PRECISION(8));
	ok = text && append(output, at == 0 ? "[" : ",\n") && append(output, text) &&
	     (at + 1 < rows->count || append(output, "]\n"));
	wipe_and_free(text);
	json_decref(object);
	return ok;
}

/* Everything is formatted before anything is written, so that nobody hands out half a list. */
static bool write_rows(const struct request *request, const struct rows *rows)
{
	bool (*write)(const struct request *, const struct rows *, size_t, struct secret *) =
		request->json  ? write_json
		: request->csv ? write_csv
			       : write_text;
	struct secret output = {0};
	bool ok = true;

	for (size_t i = 0; ok && i < rows->count; i++)
		ok = write(request, rows, i, &output);
	if (!ok)
		warnx("out of memory");
	else
		ok = write_all(output.bytes, output.length);
	a2a_secret_wipe(&output);
	return ok;
}

/* ---- Making ---------------------------------------------------------------------------------- */

/* Adds the requested number of rows from one generator. `words` is their language, or NULL. */
static bool add_rows(const struct request *request, const struct a2a_generator *generator,
	const char *words, const char *spelling, struct rows *rows, const struct a2a_log *log)
{
	const size_t first = rows->count;
	struct bar bar = {.is_shown = bar_is_possible()};
	bool ok = true;

	rows->count += request->count;
	for (size_t i = first; i < rows->count; i++)
		rows->row[i] = (struct row){
			.language = words,
			.bits = a2a_generator_bits(generator),
			.is_exact = a2a_generator_is_exact(generator),
		};
	for (size_t done = 0; ok && done < request->count; done += DRAWN_AT_ONCE) {
		bar_count(&bar, "password", done, (double)done / request->count);
		ok = a2a_generate_many(generator, rows->password + first + done,
			smaller(request->count - done, DRAWN_AT_ONCE), request->jobs, log);
	}
	bar_clear(&bar);
	if (!ok)
		return false;
	for (size_t i = first; request->spell && i < rows->count; i++) {
		if (!a2a_spell_line(&rows->password[i], spelling, words, &rows->row[i].spelled)) {
			warnx("out of memory");
			return false;
		}
	}
	return true;
}

static bool add_language(const struct command *command, const struct request *request,
	const char *language, struct rows *rows)
{
	const bool words = request->recipe.style == A2A_WORDS;
	const char *spelling = request->spell_language ? request->spell_language : language;
	struct a2a_recipe recipe = request->recipe;
	struct a2a_generator *generator;
	bool ok;

	if (words)
		recipe.language = language;
	generator = a2a_generator_open(command->policy, &recipe, &command->log);
	if (!generator)
		return false;
	/* The cell is a plain number, so the warning goes to standard error. */
	if (request->csv && request->entropy && !a2a_generator_is_exact(generator))
		warnx("warning: the bits are at most so many, because the policy has rules that "
		      "are not counted: see all2all-pwgen(1)");
	ok = add_rows(request, generator, words ? language : NULL, spelling, rows, &command->log);
	a2a_generator_close(generator);
	return ok;
}

/* Chooses the languages of --lang or of the setting `lang`; all languages if neither names any. */
static size_t choose_languages(
	const struct command *command, const struct request *request, const char **chosen)
{
	size_t count;

	if (!request->per_language) {
		chosen[0] = a2a_messages_language(command->messages, 0);
		return 1;
	}
	if (!*command->settings->lang) {
		for (size_t i = 0; i < A2A_LANGUAGES; i++)
			chosen[i] = a2a_language_tag((enum a2a_language)i);
		return A2A_LANGUAGES;
	}
	count = a2a_messages_count(command->messages);
	for (size_t i = 0; i < count && i < A2A_LANGUAGES; i++)
		chosen[i] = a2a_messages_language(command->messages, i);
	return count < A2A_LANGUAGES ? count : A2A_LANGUAGES;
}

static bool hash_rows(const struct request *request, const struct rows *rows)
{
	struct bar bar = {.is_shown = bar_is_possible()};
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	const size_t at_once = HASHED_AT_ONCE * (request->jobs           ? request->jobs
							: processors > 0 ? (size_t)processors
									 : 1);
	const char *wrong = NULL;
	size_t which;

	for (size_t done = 0; !wrong && done < rows->count; done += at_once) {
		bar_count(&bar, "hashed password", done, (double)done / (double)rows->count);
		wrong = hash_all(request->scheme, smaller(rows->count - done, at_once),
			rows->password + done, rows->hashed + done, request->jobs, &which);
	}
	bar_clear(&bar);
	if (wrong)
		warnx("%s: %s", hash_name(request->scheme), wrong);
	return !wrong;
}

static int generate(const struct command *command, const struct request *request)
{
	const char *chosen[A2A_LANGUAGES];
	const size_t count = choose_languages(command, request, chosen);
	struct rows rows = {0};
	bool ok = rows_reserve(&rows, count * request->count);

	if (!ok)
		warnx("out of memory");
	for (size_t i = 0; ok && i < count; i++)
		ok = add_language(command, request, chosen[i], &rows);
	ok = ok && (!request->hash || hash_rows(request, &rows)) && write_rows(request, &rows);
	rows_wipe(&rows);
	return ok ? EXIT_ACCEPTED : EXIT_FAULT;
}

int main(int argc, char **argv)
{
	struct request request = {0};
	struct command command = {0};
	int status = EXIT_FAULT;

	command_start();
	json_set_alloc_funcs(malloc, wipe_and_free);
	parse(&request, argc, argv);
	/* With several languages, the language of the terminal does not matter. */
	request.options.ignore_environment = request.per_language;
	if (command_open(&command, &request.options))
		status = generate(&command, &request);
	command_close(&command);
	free(request.options.set);
	return status;
}
