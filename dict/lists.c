/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "lists.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "compile.h"
#include "file.h"
#include "lexicon.h"
#include "script.h"
#include "sources.h"
#include "text.h"
#include "words.h"

/* The share of reading the lists in the whole progress. Sorting and packing are the rest. */
static const double READING = 0.6;

struct build {
	const struct a2a_lists_observer *observer;
	struct a2a_compiler *compiler;
	const char *output;
	double size, done; /* of the lists, in bytes */
};

/* One list: the list of a source, or a file in a folder of lists. */
struct list {
	const struct source *source;
	const char *path, *name; /* where it is, and its name in the lexicon */
	double size;             /* in bytes */
	size_t taken;            /* words */
	bool has_places;         /* the words that are being read are names of places */
};

/* ---- Progress -------------------------------------------------------------------------------- */

static void show(const struct build *build, const char *label, double done)
{
	if (build->observer->progress)
		build->observer->progress(build->observer->context, label, done);
}

static void show_packing(void *context, double done)
{
	show(context, "packing", READING + (1 - READING) * done);
}

/* Shows the progress after `place` of `count` words of the list. */
static void show_reading(
	const struct build *build, const struct list *list, size_t place, size_t count)
{
	const double done = build->done + list->size * (double)place / (double)count;

	if (place % 1024 == 0)
		show(build, list->source->name, READING * fmin(done / (build->size + 1), 1));
}

static double file_size(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? (double)status.st_size : 0;
}

/* ---- A word ---------------------------------------------------------------------------------- */

static uint8_t languages_of(const struct source *source)
{
	return source->language < A2A_LANGUAGES ? a2a_language_bit(source->language) : 0;
}

static bool add(const struct build *build, const struct list *list, const char *word, double bits)
{
	const struct source *source = list->source;
	const enum a2a_kind kind =
		source->kind == A2A_LEAKED_LIST ? A2A_PASSWORD : (enum a2a_kind)source->kind;

	return a2a_compiler_add(build->compiler, word, bits + source->bits, kind,
		(uint8_t)(languages_of(source) | (list->has_places ? A2A_PLACE_BIT : 0)));
}

/* Spells a word as people type it without its umlauts: Müller -> Mueller. (Folded, it is muller.)
 * Returns false when it has none. */
static bool spell_umlauts(char *word)
{
	static const char *const umlauts[][2] = {
		{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"Ä", "Ae"}, {"Ö", "Oe"}, {"Ü", "Ue"}};
	bool found = false;

	/* Both spellings are two bytes long. */
	for (size_t i = 0; i < sizeof(umlauts) / sizeof(umlauts[0]); i++)
		for (char *at = word; (at = strstr(at, umlauts[i][0])); found = true)
			memcpy(at, umlauts[i][1], 2);
	return found;
}

/* Adds a word, and trains the model with it. `rank` is its number in the list, from 1. */
static void take(
	const struct build *build, struct list *list, const char *word, double bits, size_t rank)
{
	const struct source *source = list->source;

	if (!add(build, list, word, bits))
		return;
	if (source->language == A2A_GERMAN || source->language == A2A_LANGUAGES) {
		/* No word that was added is longer. */
		char spelled[A2A_TEXT_BYTES + 1];

		strcpy(spelled, word);
		if (spell_umlauts(spelled))
			add(build, list, spelled, bits);
	}
	list->taken++;
	a2a_compiler_train(build->compiler, word,
		rank <= source->first ? source->first_times : source->other_times);
}

/* ---- The kinds of lists ---------------------------------------------------------------------- */

/* Reads a list of passwords, the commonest first. */
static bool read_passwords(const struct build *build, struct list *list)
{
	struct words words = {0};
	const bool ok = words_read(&words, list->path, WORD_LINES, build->observer->log);
	size_t rank = 0;

	for (size_t i = 0; ok && i < words.count; i++) {
		show_reading(build, list, i, words.count);
		/* This is a heading: "#!comment: ...". */
		if (strncmp(words.word[i], "#!", 2) == 0)
			continue;
		rank++;
		take(build, list, words.word[i], log2((double)rank), rank);
	}
	words_free(&words);
	return ok;
}

/* Tells whether a word is too short to be worth a place. Long lists have nearly all such words. */
static bool is_scrap(const char *word)
{
	return strlen(word) < 3;
}

static bool read_ranked(const struct build *build, struct list *list)
{
	struct counts counts = {0};
	const bool ok = counts_read(&counts, list->path, build->observer->log);
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

static bool read_unranked(const struct build *build, struct list *list)
{
	struct words words = {0};
	const bool ok = words_read(&words, list->path, WORD_LINES, build->observer->log);

	for (size_t i = 0; ok && i < words.count; i++) {
		show_reading(build, list, i, words.count);
		if (!is_scrap(words.word[i]))
			take(build, list, words.word[i], log2((double)words.count), i + 1);
	}
	words_free(&words);
	return ok;
}

/* Copies a word without its hyphens. A word that does not fit is cut; it is still too long for a
 * lexicon. */
static void join(char joined[static A2A_TEXT_BYTES + 2], const char *word)
{
	size_t length = 0;

	for (; *word && length <= A2A_TEXT_BYTES; word++)
		if (*word != '-')
			joined[length++] = *word;
	joined[length] = '\0';
}

/* Spells a word of another script with the keys of QWERTY that type it there, as people do at a
 * foreign keyboard. Returns false when it has no such letter, or does not fit. */
static bool press_keys(char keys[static A2A_TEXT_BYTES + 1], const char *word)
{
	struct a2a_text text, pressed;

	return a2a_text_read(&text, word, strlen(word)) && a2a_script_press(&text, &pressed) &&
	       a2a_text_write(&pressed, keys, A2A_TEXT_BYTES + 1) > 0;
}

/* Tells whether a line is no word, but says whether the words after it are places. */
static bool is_mark(const char *line)
{
	return strcmp(line, PLACES_MARK) == 0 || strcmp(line, WORDS_MARK) == 0;
}

static size_t count_marks(const struct words *words)
{
	size_t count = 0;

	for (size_t i = 0; i < words->count; i++)
		count += is_mark(words->word[i]);
	return count;
}

/* People also type a word with hyphens without them. The model learns the word without them. */
static void take_own(const struct build *build, struct list *list, const struct words *words)
{
	const double bits = log2((double)(words->count - count_marks(words)));

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->word[i];
		char joined[A2A_TEXT_BYTES + 2], keys[A2A_TEXT_BYTES + 1];

		if (is_mark(word)) {
			list->has_places = strcmp(word, PLACES_MARK) == 0;
			continue;
		}
		join(joined, word);
		if (press_keys(keys, joined))
			add(build, list, keys, bits);
		take(build, list, joined, bits, i + 1);
		if (strcmp(word, joined) != 0)
			add(build, list, word, bits);
	}
}

static bool read_own(const struct build *build, struct list *list)
{
	struct words words = {0};
	const bool ok = words_read(&words, list->path, PLACED_LINES, build->observer->log);

	if (ok)
		take_own(build, list, &words);
	words_free(&words);
	return ok;
}

/* Tells whether a leaked password is probably a name or a word of some language: it has only
 * letters, and a usual number of them. Longer ones are sentences; shorter ones can be anything. */
static bool is_leaked_word(const char *line)
{
	enum { SHORTEST = 5, LONGEST = 9 };
	const size_t length = strlen(line);

	return length >= SHORTEST && length <= LONGEST &&
	       strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == length;
}

static bool read_leaked(const struct build *build, struct list *list)
{
	struct words lines = {0};
	const bool ok = words_read(&lines, list->path, FOUND_LINES, build->observer->log);
	size_t words = 0, rank = 0;

	for (size_t i = 0; i < lines.count; i++)
		words += is_leaked_word(lines.word[i]);
	for (size_t i = 0; ok && i < lines.count; i++) {
		const char *line = lines.word[i];

		show_reading(build, list, i, lines.count);
		if (is_leaked_word(line))
			take(build, list, line, log2((double)words), ++rank);
		else
			list->taken += a2a_compiler_add_leaked(build->compiler, line);
	}
	words_free(&lines);
	return ok;
}

static bool (*const read_kind[A2A_LIST_KINDS])(const struct build *build, struct list *list) = {
	[A2A_PASSWORD] = read_passwords,
	[A2A_WORD] = read_ranked,
	[A2A_LEXICON] = read_unranked,
	[A2A_NAME] = read_unranked,
	[A2A_OWN] = read_own,
	[A2A_LEAKED_LIST] = read_leaked,
};

/* ---- A list ---------------------------------------------------------------------------------- */

static bool hash_file(const char *path, XXH128_canonical_t *hash, const struct a2a_log *log)
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
		a2a_fault(log, path, "%s", strerror(errno));
	XXH3_freeState(state);
	if (file)
		fclose(file);
	return ok;
}

/* Adds the line about a list to the lexicon: name, package, kind, language, words, XXH128. The name
 * is the path of sources.conf: the file is the same wherever packages were unpacked. */
static bool note(const struct build *build, const struct list *list)
{
	const struct source *source = list->source;
	XXH128_canonical_t hash;
	char digits[2 * sizeof(hash.digest) + 1];
	char *line = NULL;

	if (!hash_file(list->path, &hash, build->observer->log))
		return false;
	for (size_t i = 0; i < sizeof(hash.digest); i++)
		snprintf(digits + 2 * i, 3, "%02x", hash.digest[i]);
	if (asprintf(&line, "%s\t%s\t%s\t%s\t%zu\t%s", list->name, source->package,
		    source_kind_name(source->kind), source_language_name(source->language),
		    list->taken, digits) < 0)
		return a2a_fault(build->observer->log, list->name, "out of memory");
	a2a_compiler_note(build->compiler, line);
	free(line);
	return true;
}

static bool read_list(
	struct build *build, const struct source *source, const char *path, const char *name)
{
	struct list list = {.source = source, .path = path, .name = name, .size = file_size(path)};

	if (!read_kind[source->kind](build, &list) || !note(build, &list))
		return false;
	build->done += list.size;
	return true;
}

static bool read_folder(struct build *build, const struct source *source)
{
	struct words lists = {0};
	bool ok = words_find_lists(&lists, source->path, build->observer->log);

	for (size_t i = 0; ok && i < lists.count; i++) {
		const char *below = lists.word[i] + strlen(source->path); /* with its slash */
		char *name = NULL;

		if (asprintf(&name, "%s%s", source->name, below) < 0) {
			ok = a2a_fault(build->observer->log, source->name, "out of memory");
			break;
		}
		ok = read_list(build, source, lists.word[i], name);
		free(name);
	}
	words_free(&lists);
	return ok;
}

static bool read_source(const struct source *source, void *context)
{
	struct build *build = context;

	if (source->is_missing) {
		a2a_report(build->observer->log, A2A_WARNING, NULL,
			"%s is missing and left out; Debian's package %s has it", source->name,
			source->package);
		return true;
	}
	if (source->kind == A2A_OWN)
		return read_folder(build, source);
	return read_list(build, source, source->path, source->name);
}

/* Our own folders are not measured: they are small beside the other lists. */
static bool measure_source(const struct source *source, void *context)
{
	struct build *build = context;

	build->size += file_size(source->path);
	return true;
}

/* ---- The lexicon ----------------------------------------------------------------------------- */

static bool start(
	struct build *build, const char *output, const struct a2a_lists_observer *observer)
{
	*build = (struct build){.output = output, .observer = observer};
	build->compiler = a2a_compiler_new(show_packing, build);
	return build->compiler || a2a_fault(observer->log, output, "out of memory");
}

static bool write_lexicon(const struct build *build)
{
	const struct a2a_log *log = build->observer->log;

	if (a2a_compiler_write(build->compiler, build->output))
		return true;
	if (errno == ENODATA)
		return a2a_fault(
			log, NULL, "there are no words, so %s was not written", build->output);
	if (errno == E2BIG)
		return a2a_fault(log, NULL,
			"there are more words than fit into a lexicon, so %s was not written: "
			"leave lists out",
			build->output);
	return a2a_fault(log, build->output, "%s", strerror(errno));
}

bool a2a_lists_compile(const char *sources, const char *root, const char *output,
	const struct a2a_lists_observer *observer)
{
	struct build build;
	bool ok;

	ok = start(&build, output, observer);
	if (ok)
		a2a_compiler_want_forms(build.compiler);
	ok = ok && sources_read(sources, root, measure_source, &build, observer->log) &&
	     sources_read(sources, root, read_source, &build, observer->log) &&
	     write_lexicon(&build);
	a2a_compiler_free(build.compiler);
	return ok;
}

/* ---- A site's own words ---------------------------------------------------------------------- */

/* One file of words; it may hold several lists. */
struct addition {
	const struct build *build;
	struct list list;
	char *name; /* of the list that is being read */
	struct words words;
	double read; /* bytes of the file */
	bool is_kept;
};

/* Adds the words of the list that is being read, and begins another one. */
static bool begin_list(struct addition *addition, const char *name)
{
	struct a2a_compiler *compiler = addition->build->compiler;
	char *mark = NULL;

	take_own(addition->build, &addition->list, &addition->words);
	if (addition->is_kept && addition->words.count) {
		if (asprintf(&mark, "%s%s", LIST_MARK, addition->name) < 0)
			return false;
		for (char *c = mark; (c = strpbrk(c, "\r\n"));)
			*c = '?';
		a2a_compiler_keep(compiler, mark);
		free(mark);
		for (size_t i = 0; i < addition->words.count; i++)
			a2a_compiler_keep(compiler, addition->words.word[i]);
	}
	words_free(&addition->words);
	free(addition->name);
	addition->name = strdup(name);
	return addition->name != NULL;
}

static bool take_site_line(const char *line, size_t number, void *context)
{
	struct addition *addition = context;
	const struct build *build = addition->build;
	const struct a2a_log *log = build->observer->log;

	addition->read += (double)strlen(line) + 1;
	if (number % 1024 == 0)
		show(build, addition->list.path,
			READING * fmin((build->done + addition->read) / (build->size + 1), 1));
	if (line[0] == '#')
		return begin_list(addition, line + strlen(LIST_MARK)) ||
		       a2a_fault(log, addition->list.path, "out of memory");
	if (!a2a_compiler_takes(line))
		return a2a_fault(log, NULL,
			"%s:%zu: this is not a word for a lexicon: write one word on each line, "
			"of %d to %d letters a to z (with or without accents), digits and symbols, "
			"but no blanks and none of < > { | }",
			addition->list.path, number, A2A_WORD_SHORTEST, A2A_WORD_LONGEST);
	return words_add(&addition->words, line, strlen(line)) ||
	       a2a_fault(log, addition->list.path, "out of memory");
}

static bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static bool add_file(const struct build *build, const char *path, bool is_kept)
{
	/* It is read like a list of our own in sources.conf, but the model learns nothing from it.
	 */
	static const struct source site = {
		.language = A2A_LANGUAGES, .kind = A2A_OWN, .package = "-", .bits = 1};
	const struct a2a_log *log = build->observer->log;
	struct addition addition = {
		.build = build,
		.list = {.source = &site, .path = path, .name = path},
		.is_kept = is_kept,
	};
	bool ok = begin_list(&addition, path) || a2a_fault(log, path, "out of memory");

	ok = ok && words_each(path, MARKED_LINES, take_site_line, &addition, log);
	if (is_same_file(path, build->output))
		ok = a2a_fault(
			log, NULL, "%s would be overwritten: name another file behind -o", path);
	if (ok && !begin_list(&addition, path))
		ok = a2a_fault(log, path, "out of memory");
	words_free(&addition.words);
	free(addition.name);
	return ok && note(build, &addition.list);
}

static bool compile_site(char *const *files, size_t count, const char *output, bool is_kept,
	const struct a2a_lists_observer *observer)
{
	struct build build;
	bool ok = start(&build, output, observer);

	for (size_t i = 0; i < count; i++)
		build.size += file_size(files[i]);
	for (size_t i = 0; build.compiler && i < count; i++) {
		ok &= add_file(&build, files[i], is_kept);
		build.done += file_size(files[i]);
	}
	if (!ok)
		a2a_fault(observer->log, NULL, "%s was not written", output);
	ok = ok && write_lexicon(&build);
	a2a_compiler_free(build.compiler);
	return ok;
}

bool a2a_lists_compile_site(char *const *files, size_t count, const char *output,
	const struct a2a_lists_observer *observer)
{
	return compile_site(files, count, output, true, observer);
}

/* Tells whether a site's list is of another version of the format, or is not there. Otherwise sets
 * the result: it is good, or something else is wrong with it, which is reported. */
static bool is_stale(const char *path, enum a2a_upgrade *result, const struct a2a_log *log)
{
	struct a2a_lexicon *lexicon = malloc(sizeof(*lexicon));
	struct a2a_file file = {0};
	const char *wrong = NULL;
	int error = lexicon ? a2a_file_read(&file, path, A2A_MOST_SITE_LIST) : ENOMEM;
	bool is_stale = false;

	*result = A2A_UPGRADE_FAILED;
	if (error && error != ENOENT) {
		a2a_fault(log, path, "the list of words %s", a2a_file_reason(error));
		goto out;
	}
	if (!error)
		wrong = a2a_lexicon_open_words(lexicon, file.bytes, file.size);
	is_stale = error || (wrong && a2a_lexicon_is_of_another_version(file.bytes, file.size));
	if (!is_stale && wrong)
		a2a_fault(log, path, "the list of words %s; make it again with all2all-dict add",
			wrong);
	if (!is_stale && !wrong)
		*result = A2A_UPGRADE_CURRENT;
out:
	a2a_file_close(&file);
	free(lexicon);
	return is_stale;
}

enum a2a_upgrade a2a_lists_upgrade_site(const char *path, const struct a2a_lists_observer *observer)
{
	enum a2a_upgrade result;
	struct a2a_file file = {0};
	char *kept = NULL;
	int error;

	if (!is_stale(path, &result, observer->log))
		return result;
	kept = a2a_kept_path(path);
	error = kept ? a2a_file_read(&file, kept, A2A_MOST_SITE_LIST) : ENOMEM;
	a2a_file_close(&file);
	if (error)
		a2a_fault(observer->log, path,
			"the list of words cannot be compiled again: its text, %s.source, %s; make "
			"it again with all2all-dict add",
			path, a2a_file_reason(error));
	else if (compile_site(&kept, 1, path, false, observer))
		result = A2A_UPGRADE_DONE;
	free(kept);
	return result;
}
