/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "import.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "number.h"
#include "pam_stacks.h"
#include "settings.h"

enum { MOST_NUMBER = 1000000, SHORTEST_THERE = 6, OLD_CRYPT_LENGTH = 8 };

/* One option as it is written there. */
struct option_there {
	const char *name;
	const char *value; /* NULL: there is none */
	unsigned long line;
};

/* What is printed: a comment, a setting, or both. */
struct entry {
	char *option; /* there */
	char *comment, *setting, *value;
};

struct import {
	const char *path; /* for people */
	const struct source *source;
	struct a2a_settings *scratch; /* takes every setting first, to see whether it fits */
	struct entry *entry;
	size_t entries;
	char *arguments; /* of our module, each with a space before it */
	char *control;   /* of the module's line there; NULL: not known */
	bool is_incomplete;
};

/* What becomes of an option. `to` and the advices are for the function. */
struct translation {
	const char *name;
	void (*take)(struct import *import, const struct translation *row,
		const struct option_there *option);
	const char *to;     /* the setting or the argument here; NULL: it has the same name */
	const char *advice; /* why nothing is set, and what to do */
	const char *advice_if_off; /* the same when the value is 0; NULL: as above */
};

/* A default there that is another one here, if nothing is set for the option. */
struct difference {
	const char *option;
	const char *setting; /* NULL: there is none, `why` says what to do */
	const char *why;
};

struct source {
	const char *name;
	const struct translation *rows;
	size_t count;
	const struct difference *differences;
	size_t difference_count;
	const char *note; /* or NULL */
};

/* ---- The result ------------------------------------------------------------------------------ */

__attribute__((format(printf, 1, 2))) static char *format_text(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		err(EXIT_FAULT, NULL);
	va_end(arguments);
	return text;
}

/* Adds an entry, whose comment begins with the option and its place. The strings become the
 * entry's; each may be NULL. */
static void add_entry(struct import *import, const struct option_there *option, char *advice,
	const char *setting, char *value)
{
	struct entry *entry;

	import->entry = reallocarray(import->entry, import->entries + 1, sizeof(*import->entry));
	if (!import->entry)
		err(EXIT_FAULT, NULL);
	entry = &import->entry[import->entries++];
	entry->comment = format_text("%s:%lu: %s%s%s%s%s", import->path, option->line, option->name,
		option->value ? " = " : "", option->value ? option->value : "", advice ? ": " : "",
		advice ? advice : "");
	entry->option = format_text("%s", option->name);
	entry->setting = setting ? format_text("%s", setting) : NULL;
	entry->value = value;
	free(advice);
}

static void advise(struct import *import, const struct option_there *option, const char *advice)
{
	add_entry(import, option, format_text("%s", advice), NULL, NULL);
}

/* Sets a setting. A value that does not fit becomes a comment. Of several lines about one setting,
 * the last one counts, as there. */
static void set(struct import *import, const struct option_there *option, const char *setting,
	const char *value, char *advice)
{
	char *assignment = format_text("%s=%s", setting, value);
	const bool fits = a2a_settings_set(import->scratch, assignment, NULL, NULL);

	free(assignment);
	if (!fits) {
		free(advice);
		add_entry(import, option,
			format_text("%s takes no such value here, see all2all.conf(5)", setting),
			NULL, NULL);
		import->is_incomplete = true;
		return;
	}
	for (size_t i = 0; i < import->entries; i++) {
		struct entry *entry = &import->entry[i];

		if (entry->setting && strcmp(entry->setting, setting) == 0) {
			char *comment =
				format_text("%s: line %lu counts", entry->comment, option->line);

			free(entry->comment);
			entry->comment = comment;
			free(entry->setting);
			entry->setting = NULL;
		}
	}
	add_entry(import, option, advice, setting, format_text("%s", value));
}

/* Adds an argument of the module, unless it has it already. */
static void add_argument(struct import *import, const char *argument)
{
	char *word = format_text("%s ", argument), *all;
	const bool is_there = strstr(import->arguments, word) != NULL;

	all = format_text("%s%s", import->arguments, is_there ? "" : word);
	free(import->arguments);
	import->arguments = all;
	free(word);
}

static const char *name_here(const struct translation *row)
{
	return row->to ? row->to : row->name;
}

/* Reads a whole number. Returns false, with an entry that says so, when it is none. */
static bool read_number(struct import *import, const struct option_there *option, int64_t *number)
{
	if (option->value && a2a_number_parse(option->value, -MOST_NUMBER, MOST_NUMBER, number))
		return true;
	advise(import, option, "this is no whole number: left out");
	import->is_incomplete = true;
	return false;
}

static void set_number(struct import *import, const struct option_there *option,
	const char *setting, int64_t number, char *advice)
{
	char *value = format_text("%" PRId64, number);

	set(import, option, setting, value, advice);
	free(value);
}

/* ---- What becomes of an option --------------------------------------------------------------- */

static void take_number(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	int64_t number;

	if (read_number(import, option, &number))
		set_number(import, option, name_here(row), number,
			row->advice ? format_text("%s", row->advice) : NULL);
}

static void take_switch(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	int64_t number;

	if (!read_number(import, option, &number))
		return;
	set(import, option, name_here(row), number ? "yes" : "no",
		!number && row->advice_if_off ? format_text("%s", row->advice_if_off) : NULL);
}

static void take_text(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	set(import, option, name_here(row), option->value ? option->value : "", NULL);
}

/* Only advice. */
static void take_advice(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	const bool is_off = option->value && strcmp(option->value, "0") == 0;

	advise(import, option, is_off && row->advice_if_off ? row->advice_if_off : row->advice);
}

static void take_argument(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	char *argument = option->value ? format_text("%s=%s", name_here(row), option->value)
				       : format_text("%s", name_here(row));

	add_argument(import, argument);
	add_entry(import, option,
		format_text("here it is an argument of the module, see the end: %s", argument),
		NULL, NULL);
	free(argument);
}

static void take_credit(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	int64_t number;

	if (!read_number(import, option, &number))
		return;
	if (number > 0)
		add_entry(import, option,
			format_text("there are no credits here, min_length counts characters: "
				    "leave it out. (There, up to %" PRId64
				    " such characters counted twice.)",
				number),
			NULL, NULL);
	else
		set_number(import, option, name_here(row), number, NULL);
}

static void take_minimum(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	int64_t number;

	if (!read_number(import, option, &number))
		return;
	if (number < SHORTEST_THERE)
		set_number(import, option, name_here(row), SHORTEST_THERE,
			format_text("libpwquality takes it as %d, because it checks no shorter "
				    "passwords",
				SHORTEST_THERE));
	else
		set_number(import, option, name_here(row), number, NULL);
}

static void take_class_repeat(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	if (option->value && strcmp(option->value, "1") == 0)
		advise(import, option, "1 does nothing in libpwquality: leave it out");
	else
		take_number(import, row, option);
}

static void take_enforcing(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	if (option->value && strcmp(option->value, "0") == 0)
		add_argument(import, "dry_run");
	take_advice(import, row, option);
}

/* ---- passwdqc -------------------------------------------------------------------------------- */

/* The places of min=N0,N1,N2,N3,N4: the numbers of kinds of characters, and the passphrase. */
enum { ONE_KIND, TWO_KINDS, PASSPHRASE, THREE_KINDS, FOUR_KINDS, LENGTHS };

enum { DISABLED = 0 };

static bool read_lengths(const char *value, int64_t length[static LENGTHS])
{
	char *copy = format_text("%s", value ? value : ""), *rest = copy;
	size_t count = 0;
	bool ok = true;

	for (char *word; ok && (word = strsep(&rest, ","));) {
		ok = count < LENGTHS;
		if (ok && strcmp(word, "disabled") == 0)
			length[count++] = DISABLED;
		else if (ok)
			ok = a2a_number_parse(word, 1, MOST_NUMBER, &length[count++]);
	}
	free(copy);
	return ok && count == LENGTHS;
}

static void take_lengths(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	/* That of three kinds of characters is the length that most passwords had to have. */
	static const unsigned order[] = {THREE_KINDS, FOUR_KINDS, TWO_KINDS, ONE_KIND, PASSPHRASE};
	int64_t length[LENGTHS] = {0};
	size_t i = 0;

	(void)row;
	if (!read_lengths(option->value, length)) {
		advise(import, option,
			"this is not a list of five numbers or \"disabled\": left out");
		import->is_incomplete = true;
		return;
	}
	while (i < LENGTHS - 1 && length[order[i]] == DISABLED)
		i++;
	if (length[order[i]] < SHORTEST_THERE)
		length[order[i]] = SHORTEST_THERE;
	set_number(import, option, "min_length", length[order[i]],
		format_text(
			"there is only one length here; min_guesses sets how many guesses a "
			"password must withstand, whatever its kinds of characters. (minclass = 3 "
			"would require three kinds, but in passphrases too.)"));
	if (length[PASSPHRASE] != DISABLED)
		set_number(import, option, "passphrase_length", length[PASSPHRASE],
			format_text(
				"from this length on, neither a digit nor a letter is required"));
}

static void take_maximum(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	int64_t number;

	if (!read_number(import, option, &number))
		return;
	if (number == OLD_CRYPT_LENGTH)
		advise(import, option,
			"pam_passwdqc cuts passwords to this length, for the old crypt(3); here "
			"they are never cut. Use another hash, such as yescrypt, and leave it out");
	else
		set_number(import, option, name_here(row), number,
			format_text("in bytes; an accented letter has two"));
}

static void take_passphrase(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	if (option->value && strcmp(option->value, "0") == 0)
		set(import, option, "passphrase_length", "0", NULL);
	else
		take_advice(import, row, option);
}

static void take_similar(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	if (option->value && strcmp(option->value, "permit") == 0)
		set(import, option, "difok", "0", NULL);
	else
		take_advice(import, row, option);
}

static void take_enforce(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	static const struct {
		const char *value, *argument;
	} arguments[] = {{"none", "dry_run"}, {"users", "exempt_root"}};

	for (size_t i = 0; option->value && i < sizeof(arguments) / sizeof(arguments[0]); i++)
		if (strcmp(option->value, arguments[i].value) == 0)
			add_argument(import, arguments[i].argument);
	take_advice(import, row, option);
}

static void take_random(
	struct import *import, const struct translation *row, const struct option_there *option)
{
	if (!option->value || strcmp(option->value, "0") != 0)
		add_argument(import, "suggest");
	take_advice(import, row, option);
}

/* ---- The sources ----------------------------------------------------------------------------- */

#define ASKED_BY_PAM_UNIX "pam_unix asks for the old password: leave it out"
#define USER_NAME "the rule person always searches for the user's name: leave it out"
#define USER_NAME_OFF \
	"the rule person always searches for the user's name; person_rest = 0 switches it off"
#define GECOS "the rule person always searches for the words of the GECOS field: leave it out"
#define DICTIONARY_OFF                                                                      \
	"switches dictionary-word off; easily guessed passwords are still refused, unless " \
	"min_guesses = 0"
#define OTHER_DICTIONARY                                                                        \
	"the dictionary here has four languages and comes with the program: leave it out. For " \
	"words of your own, use all2all-dict add and the setting words"
#define FOR_ROOT "the policy applies to root anyway: leave it out"
#define FILE_OF_WORDS                                                                              \
	"compile it with all2all-dict add FILE -o /etc/security/all2all.words, and write words = " \
	"/etc/security/all2all.words"

/* pwquality.conf, and the arguments of pam_pwquality. */
static const struct translation pwquality_rows[] = {
	{"difok", take_number},
	{"minlen", take_minimum, "min_length"},
	{"dcredit", take_credit},
	{"ucredit", take_credit},
	{"lcredit", take_credit},
	{"ocredit", take_credit},
	{"minclass", take_number},
	{"maxrepeat", take_number},
	{"maxsequence", take_number},
	{"maxclassrepeat", take_class_repeat},
	{"gecoscheck", take_advice, NULL, GECOS},
	{"dictcheck", take_switch, NULL, NULL, DICTIONARY_OFF},
	{"usercheck", take_advice, NULL, USER_NAME, USER_NAME_OFF},
	{"usersubstr", take_advice, NULL,
		"the rule person always searches for parts of the user's name, from person_word "
		"letters on: leave it out"},
	{"enforcing", take_enforcing, NULL, "weak passwords are always refused here: leave it out",
		"here it is the argument dry_run of the module, see the end"},
	{"badwords", take_text},
	{"dictpath", take_advice, NULL, OTHER_DICTIONARY},
	{"retry", take_argument},
	{"enforce_for_root", take_advice, NULL, FOR_ROOT},
	{"local_users_only", take_argument},
	{"debug", take_argument},
	{"authtok_type", take_argument},
	{"type", take_argument, "authtok_type"},
	{"use_authtok", take_argument},
	{"use_first_pass", take_argument},
	{"try_first_pass", take_advice, NULL, "it has no effect, there or here: leave it out"},
	{"reject_username", take_advice, NULL, USER_NAME},
	{"difignore", take_advice, NULL, "it has had no effect for years: leave it out"},
};

static const struct difference pwquality_differences[] = {
	{"difok", "difok = 1", "the default was fewer changes of the old password"},
	{"lcredit", "min_letters = 0", "the default was no letter"},
	{"dcredit", "min_digits = 0", "the default was no digit"},
	{"enforce_for_root", NULL, "root was exempt; here the argument exempt_root does that"},
};

/* pam_cracklib has no configuration file. Its options are among those of pam_pwquality. */
static const struct difference cracklib_differences[] = {
	{"minlen", "min_length = 9", "the default was 9, less one for each kind of characters"},
	{"difok", "difok = 5", "the default was more changes of the old password"},
	{"lcredit", "min_letters = 0", "the default was no letter"},
	{"dcredit", "min_digits = 0", "the default was no digit"},
	{"enforce_for_root", NULL, "root was exempt; here the argument exempt_root does that"},
};

/* passwdqc.conf, and the arguments of pam_passwdqc. */
static const struct translation passwdqc_rows[] = {
	{"config", take_advice, NULL, "translate that file too: all2all-pwcheck --import"},
	{"min", take_lengths},
	{"max", take_maximum, "max_length"},
	{"passphrase", take_passphrase, NULL,
		"words are not counted here: passphrase_length is the number of characters from "
		"which on a password is a passphrase"},
	{"match", take_advice, NULL,
		"the guess number includes the words in a password: leave it out"},
	{"similar", take_similar, NULL,
		"difok says how many changes of the old password are needed: leave it out"},
	{"wordlist", take_advice, NULL, FILE_OF_WORDS},
	{"denylist", take_advice, NULL, FILE_OF_WORDS},
	{"filter", take_advice, NULL,
		"such filters cannot be read here; the rule leaked uses the lexicon, and filters "
		"of all2all-leaks: leave it out"},
	{"random", take_random, NULL,
		"here it is the argument suggest of the module, see the end. Users may always "
		"choose their own passwords; to assign passwords, use all2all-issue",
		"without the argument suggest, no password is suggested: leave it out"},
	{"enforce", take_enforce, NULL,
		"the policy applies to everybody here; the argument dry_run replaces none, "
		"exempt_root replaces users: see the end"},
	{"non-unix", take_advice, NULL,
		"the user's entry in the user database is used if there is one: leave it out"},
	{"retry", take_argument},
	{"ask_oldauthtok", take_advice, NULL, ASKED_BY_PAM_UNIX},
	{"check_oldauthtok", take_advice, NULL, ASKED_BY_PAM_UNIX},
	{"use_first_pass", take_argument},
	{"use_authtok", take_argument},
	{"noaudit", take_advice, NULL,
		"the module here writes no messages to the audit log of the kernel: leave it out"},
};

static const struct difference passwdqc_differences[] = {
	{"min", "passphrase_length = 11",
		"from this length on, passphrases of three words needed no digit"},
	{"max", "max_length = 72", "the default maximum was 72"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct source pwquality = {"pwquality.conf", pwquality_rows, COUNT(pwquality_rows),
	pwquality_differences, COUNT(pwquality_differences), NULL};
static const struct source passwdqc = {"passwdqc.conf", passwdqc_rows, COUNT(passwdqc_rows),
	passwdqc_differences, COUNT(passwdqc_differences), NULL};

/* The modules whose lines are translated. */
static const struct source modules[] = {
	{"pam_pwquality", pwquality_rows, COUNT(pwquality_rows), pwquality_differences,
		COUNT(pwquality_differences),
		"pam_pwquality also reads /etc/security/pwquality.conf and pwquality.conf.d: "
		"translate them too."},
	{"pam_cracklib", pwquality_rows, COUNT(pwquality_rows), cracklib_differences,
		COUNT(cracklib_differences), NULL},
	{"pam_passwdqc", passwdqc_rows, COUNT(passwdqc_rows), passwdqc_differences,
		COUNT(passwdqc_differences), NULL},
};

/* ---- Lines ----------------------------------------------------------------------------------- */

static const struct translation *find_row(const struct source *source, const char *name)
{
	for (size_t i = 0; i < source->count; i++)
		if (strcmp(source->rows[i].name, name) == 0)
			return &source->rows[i];
	return NULL;
}

/* Cuts white space from both ends, in place. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t\r\n");
	length = strlen(text);
	while (length && strchr(" \t\r\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Takes "name" or "name = value", in its place. */
static void take_option(struct import *import, char *text, unsigned long line)
{
	char *value = strchr(text, '=');
	struct option_there option = {.line = line};
	const struct translation *row;

	if (value)
		*value++ = '\0';
	option.name = trim(text);
	option.value = value ? trim(value) : NULL;
	row = find_row(import->source, option.name);
	if (row) {
		row->take(import, row, &option);
		return;
	}
	add_entry(import, &option,
		format_text("this is not an option of %s: left out", import->source->name), NULL,
		NULL);
	warnx("%s:%lu: \"%s\" is not an option of %s: left out", import->path, line, option.name,
		import->source->name);
	import->is_incomplete = true;
}

/* Returns the module that a word names, as pam_cracklib.so or with its folder; or NULL. */
static const struct source *find_module(const char *word)
{
	const char *slash = strrchr(word, '/');
	const char *name = slash ? slash + 1 : word;

	for (size_t i = 0; i < COUNT(modules); i++) {
		const size_t length = strlen(modules[i].name);

		if (strncmp(name, modules[i].name, length) == 0 &&
			(!name[length] || strcmp(name + length, ".so") == 0))
			return &modules[i];
	}
	return NULL;
}

/* Translates a line of PAM, in its place. The lines of other modules are passed over. */
static void take_pam_line(struct import *import, char *line, unsigned long number)
{
	const struct source *module = NULL;
	char *before = NULL, *word;

	while (!module && (word = stacks_next_word(&line))) {
		module = find_module(word);
		if (!module)
			before = word;
	}
	if (!module)
		return;
	import->source = module;
	free(import->control);
	import->control = before ? format_text("%s", before) : NULL;
	while ((word = stacks_next_word(&line)))
		take_option(import, word, number);
}

/* ---- The file -------------------------------------------------------------------------------- */

/* Reads everything; the caller frees it. */
static char *read_all(const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file) {
		warn("%s", path);
		return NULL;
	}
	errno = 0;
	length = getdelim(&text, &room, '\0', file);
	if (length < 0 && ferror(file)) {
		warn("%s", path);
		free(text);
		text = NULL;
	} else if (length > 0 && text[length - 1] == '\0') {
		warnx("%s: it has a NUL byte: it is not a text file", path);
		free(text);
		text = NULL;
	} else if (length < 0) {
		free(text);
		text = format_text("%s", "");
	}
	if (file != stdin)
		fclose(file);
	return text;
}

/* Counts the options of a source that stand in a text, one on each line; with `in_comments`, behind
 * a #. */
static size_t count_options(const struct source *source, const char *text, bool in_comments)
{
	char *copy = format_text("%s", text), *rest = copy;
	size_t count = 0;

	for (char *line; (line = strsep(&rest, "\n"));) {
		line = trim(line);
		if (in_comments != (*line == '#'))
			continue;
		line = trim(line + (in_comments ? strspn(line, "#") : 0));
		line[strcspn(line, "= \t#")] = '\0';
		count += find_row(source, line) != NULL;
	}
	free(copy);
	return count;
}

/* Finds out what the text is. Returns NULL when it is none of the configuration files. */
static const struct source *recognise(const char *text)
{
	for (int in_comments = 0; in_comments <= 1; in_comments++) {
		const size_t one = count_options(&pwquality, text, in_comments);
		const size_t other = count_options(&passwdqc, text, in_comments);

		if (one != other)
			return one > other ? &pwquality : &passwdqc;
		if (one)
			return &pwquality;
	}
	return NULL;
}

/* Translates the lines of PAM that name one of the modules; import->source is then set. */
static void take_pam(struct import *import, char *text)
{
	FILE *file = fmemopen(text, strlen(text), "r");
	unsigned long number, lines = 0;
	char *line = NULL;

	if (!file)
		err(EXIT_FAULT, NULL);
	while (stacks_read_line(file, &line, &number, &lines))
		take_pam_line(import, line, number);
	free(line);
	fclose(file);
}

static void take_file(struct import *import, char *text)
{
	unsigned long number = 1;

	for (char *line; (line = strsep(&text, "\n")); number++) {
		line[strcspn(line, "#")] = '\0';
		line = trim(line);
		if (*line)
			take_option(import, line, number);
	}
}

/* ---- Printing -------------------------------------------------------------------------------- */

/* Prints a text as a comment, in lines that a terminal shows whole, without control characters. */
static void print_comment(const char *text)
{
	enum { WIDTH = 98 };
	size_t column = 1;

	putchar('#');
	while (*(text += strspn(text, " \t\r\n"))) {
		const size_t length = strcspn(text, " \t\r\n");

		if (column > 1 && column + 1 + length > WIDTH) {
			fputs("\n#", stdout);
			column = 1;
		}
		putchar(' ');
		for (size_t i = 0; i < length; i++)
			putchar((unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i]);
		column += 1 + length;
		text += length;
	}
	putchar('\n');
}

/* Tells whether an option is there that has an effect. */
static bool is_written(const struct import *import, const struct difference *difference)
{
	for (size_t i = 0; i < import->entries; i++) {
		const struct entry *entry = &import->entry[i];

		if (strcmp(entry->option, difference->option) == 0 &&
			(!difference->setting ||
				(entry->setting && strcmp(entry->value, "0") != 0)))
			return true;
	}
	return false;
}

static void print_differences(const struct import *import)
{
	const struct source *source = import->source;
	bool has_any = false;

	for (size_t i = 0; i < source->difference_count; i++) {
		const struct difference *difference = &source->differences[i];

		if (is_written(import, difference))
			continue;
		if (!has_any)
			print_comment("These settings are not in that file, and have another "
				      "default here. To keep the old default, remove the #:");
		has_any = true;
		if (difference->setting)
			printf("#%s\n", difference->setting);
		printf("#   (%s)\n", difference->why);
	}
}

static void print(const struct import *import)
{
	char *title = format_text("all2all.conf, translated from %s (%s) by all2all-pwcheck "
				  "--import. If an option has another meaning here, or none, its "
				  "comment says what to do.",
		import->path, import->source->name);

	print_comment(title);
	free(title);
	for (size_t i = 0; i < import->entries; i++) {
		const struct entry *entry = &import->entry[i];

		putchar('\n');
		print_comment(entry->comment);
		if (entry->setting)
			printf("%s = %s\n", entry->setting, entry->value);
	}
	putchar('\n');
	if (import->source->note)
		print_comment(import->source->note);
	print_differences(import);
	print_comment("The PAM line, which replaces that of the other module:");
	printf("#   password %s%s%s pam_all2all.so%s%.*s\n",
		import->control && strchr(import->control, '=') ? "[" : "",
		import->control ? import->control : "requisite",
		import->control && strchr(import->control, '=') ? "]" : "",
		*import->arguments ? " " : "",
		*import->arguments ? (int)strlen(import->arguments) - 1 : 0, import->arguments);
}

static void release(struct import *import)
{
	for (size_t i = 0; i < import->entries; i++) {
		free(import->entry[i].option);
		free(import->entry[i].comment);
		free(import->entry[i].setting);
		free(import->entry[i].value);
	}
	free(import->entry);
	free(import->arguments);
	free(import->control);
	a2a_settings_free(import->scratch);
}

int import_print(const char *path)
{
	struct import import = {
		.path = strcmp(path, "-") == 0 ? "standard input" : path,
		.scratch = a2a_settings_new(),
		.arguments = format_text("%s", ""),
	};
	char *text = read_all(path);
	int status = EXIT_FAULT;

	if (!import.scratch)
		err(EXIT_FAULT, NULL);
	if (!text)
		goto out;
	if (*text)
		take_pam(&import, text);
	if (!import.source) {
		import.source = recognise(text);
		if (import.source)
			take_file(&import, text);
	}
	if (!import.source) {
		warnx("%s is not understood: it is neither pwquality.conf nor passwdqc.conf, and "
		      "no line of PAM names pam_pwquality, pam_cracklib or pam_passwdqc",
			import.path);
		goto out;
	}
	print(&import);
	status = import.is_incomplete ? EXIT_REFUSED : EXIT_ACCEPTED;
out:
	free(text);
	release(&import);
	return status;
}
