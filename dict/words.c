/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "words.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

#include "number.h"

enum { EXIT_FAULT = 2 }; /* as of all commands */

void words_add(struct words *words, const char *word, size_t length)
{
	if (words->count == words->room) {
		words->room = words->room ? 2 * words->room : 1024;
		words->word = reallocarray(words->word, words->room, sizeof(*words->word));
		if (!words->word)
			err(EXIT_FAULT, "%zu words", words->room);
	}
	words->word[words->count] = strndup(word, length);
	if (!words->word[words->count++])
		err(EXIT_FAULT, "%zu words", words->count);
}

static int by_bytes(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void words_sort(struct words *words)
{
	size_t count = 0;

	if (words->count)
		qsort(words->word, words->count, sizeof(*words->word), by_bytes);
	for (size_t i = 0; i < words->count; i++) {
		if (count && strcmp(words->word[count - 1], words->word[i]) == 0)
			free(words->word[i]);
		else
			words->word[count++] = words->word[i];
	}
	words->count = count;
}

bool words_have(const struct words *words, const char *word)
{
	return words->count &&
	       bsearch(&word, words->word, words->count, sizeof(*words->word), by_bytes);
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
	*words = (struct words){0};
}

static bool is_utf8(const char *text, size_t length)
{
	utf8proc_int32_t point;

	while (length) {
		utf8proc_ssize_t n = utf8proc_iterate(
			(const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &point);

		if (n <= 0)
			return false;
		text += n;
		length -= (size_t)n;
	}
	return true;
}

/* ---- Files ----------------------------------------------------------------------------------- */

/* The next file of the archive, NUL-terminated; NULL at its end, or having complained with `*ok`
 * false. The caller frees it. */
static char *read_file(struct archive *archive, const char *path, size_t *size, bool *ok)
{
	struct archive_entry *entry;
	char *text = NULL;
	FILE *stream;
	char bytes[1 << 16];
	la_ssize_t got = 0;
	int next = archive_read_next_header(archive, &entry);

	if (next == ARCHIVE_EOF)
		return NULL;
	stream = open_memstream(&text, size);
	if (!stream)
		err(EXIT_FAULT, "%s", path);
	while (next == ARCHIVE_OK && (got = archive_read_data(archive, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, (size_t)got, stream);
	if (fclose(stream))
		err(EXIT_FAULT, "%s", path);
	if (next == ARCHIVE_OK && got == 0)
		return text;
	warnx("%s: %s", path, archive_error_string(archive));
	*ok = false;
	free(text);
	return NULL;
}

/* A list as it is, compressed, or in an archive. NULL, having complained, when it is not there. */
static struct archive *open_list(const char *path)
{
	struct archive *archive = archive_read_new();

	if (!archive)
		err(EXIT_FAULT, "%s", path);
	archive_read_support_filter_all(archive);
	archive_read_support_format_empty(archive);
	archive_read_support_format_zip(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK)
		return archive;
	/* It has numbers of its own, below those of the system. */
	warnx("%s: %s", path,
		archive_errno(archive) > 0 ? strerror(archive_errno(archive))
					   : archive_error_string(archive));
	archive_read_free(archive);
	return NULL;
}

static bool is_text(const char *path, size_t number, const char *line, size_t length, bool complain)
{
	const char *wrong = strlen(line) != length
				    ? "there is a NUL in it: this is no list of words"
			    : is_utf8(line, length) ? NULL
						    : "not UTF-8";

	if (wrong && complain)
		warnx("%s:%zu: %s", path, number, wrong);
	return !wrong;
}

/* Cuts the text into lines, and calls `each` for those that count. */
static bool each_line(char *text, size_t size, const char *path, enum word_lines lines,
	bool (*each)(const char *line, size_t number, void *context), void *context)
{
	bool ok = true;

	for (size_t number = 1, at = 0; at < size; number++) {
		char *line = text + at, *end = memchr(line, '\n', size - at);
		size_t length = end ? (size_t)(end - line) : size - at;

		at += length + 1;
		while (length && line[length - 1] == '\r')
			length--;
		line[length] = '\0';
		if (!is_text(path, number, line, length, lines != FOUND_LINES))
			ok &= lines == FOUND_LINES;
		else if (length && !(lines == COMMENTED_LINES && line[0] == '#'))
			ok &= each(line, number, context);
	}
	return ok;
}

bool words_each(const char *path, enum word_lines lines,
	bool (*each)(const char *line, size_t number, void *context), void *context)
{
	struct archive *archive = open_list(path);
	bool ok = archive != NULL;
	char *text;
	size_t size;

	while (ok && (text = read_file(archive, path, &size, &ok))) {
		ok = each_line(text, size, path, lines, each, context);
		free(text);
	}
	archive_read_free(archive);
	return ok;
}

static bool add_line(const char *line, size_t number, void *context)
{
	(void)number;
	words_add(context, line, strlen(line));
	return true;
}

bool words_read(struct words *words, const char *path, enum word_lines lines)
{
	return words_each(path, lines, add_line, words);
}

static int is_list(const struct dirent *entry)
{
	const char *ending = strrchr(entry->d_name, '.');

	return ending && strcmp(ending, ".txt") == 0;
}

bool words_find_lists(struct words *lists, const char *folder)
{
	struct dirent **entry = NULL;
	int count = scandir(folder, &entry, is_list, NULL);

	if (count <= 0)
		warnx("%s: no lists here", folder);
	for (int i = 0; i < count; i++) {
		char *path = NULL;

		if (asprintf(&path, "%s/%s", folder, entry[i]->d_name) < 0)
			err(EXIT_FAULT, "%s", folder);
		words_add(lists, path, strlen(path));
		free(path);
		free(entry[i]);
	}
	free(entry);
	words_sort(lists);
	return count > 0;
}

/* ---- Counts ---------------------------------------------------------------------------------- */

void counts_add(struct counts *counts, unsigned long count, const char *word)
{
	struct counted *counted;

	if ((counts->count & (counts->count - 1)) == 0) {
		size_t room = counts->count ? 2 * counts->count : 1;

		counts->counted = reallocarray(counts->counted, room, sizeof(*counts->counted));
		if (!counts->counted)
			err(EXIT_FAULT, "%zu words", room);
	}
	counted = &counts->counted[counts->count++];
	counted->count = count;
	counted->word = strdup(word);
	if (!counted->word)
		err(EXIT_FAULT, "%s", word);
}

bool counts_read(struct counts *counts, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0, before = counts->count;
	bool unigrams = false, ok;

	if (!file) {
		warn("%s", path);
		return false;
	}
	while (getline(&line, &room, file) >= 0) {
		unsigned long count;
		char word[512];

		if (line[0] == '\\')
			unigrams = strncmp(line, "\\1-grams", 8) == 0;
		if (unigrams && sscanf(line, "%lu %511s", &count, word) == 2 && word[0] != '<')
			counts_add(counts, count, word);
	}
	ok = !ferror(file);
	if (!ok)
		warn("%s", path);
	free(line);
	fclose(file);
	if (ok && counts->count == before) {
		warnx("%s: no unigram counts of a language model are in it", path);
		return false;
	}
	return ok;
}

static int by_count(const void *left, const void *right)
{
	const struct counted *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->word, b->word);
}

void counts_sort(struct counts *counts)
{
	if (counts->count)
		qsort(counts->counted, counts->count, sizeof(*counts->counted), by_count);
}

void counts_free(struct counts *counts)
{
	for (size_t i = 0; i < counts->count; i++)
		free(counts->counted[i].word);
	free(counts->counted);
	*counts = (struct counts){0};
}

/* ---- Sources --------------------------------------------------------------------------------- */

static void put_before(struct source *source, const char *folder, int length)
{
	int total = snprintf(
		source->path, sizeof(source->path), "%.*s/%s", length, folder, source->name);

	if (total < 0 || (size_t)total >= sizeof(source->path))
		errx(EXIT_FAULT, "%s: the path is too long", source->name);
}

/* Our own lists begin where sources.conf lies; the packages' may lie below `root`. */
static void anchor(struct source *source, const char *conf, const char *root)
{
	const char *slash = strrchr(conf, '/');

	memcpy(source->path, source->name, sizeof(source->path));
	if (source->name[0] != '/' && slash)
		put_before(source, conf, (int)(slash - conf));
	else if (root && access(source->path, F_OK))
		put_before(source, root, (int)strlen(root));
	source->is_missing = !source->is_required && access(source->path, F_OK) != 0;
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* How often the model learns the words: `-`, TIMES, FIRST:TIMES or FIRST:TIMES:TIMES. */
static bool parse_lessons(struct source *source, const char *text)
{
	char copy[32], *rest = copy, *one;
	int64_t number[3] = {0};
	size_t count = 0;

	if (strcmp(text, "-") == 0)
		return true;
	snprintf(copy, sizeof(copy), "%s", text);
	while ((one = strsep(&rest, ":")))
		if (count == 3 || !a2a_number_parse(one, 0, 1000000, &number[count++]))
			return false;
	source->first = count > 1 ? (unsigned)number[0] : 0;
	source->first_times = count > 1 ? (unsigned)number[1] : 0;
	source->other_times = count == 2 ? 0 : (unsigned)number[count - 1];
	return true;
}

/* What is wrong with a line; NULL when nothing is. */
static const char *parse(struct source *source, const char *line)
{
	static const char *const languages[] = {"fr", "nl", "de", "en", "*", NULL};
	static const char *const kinds[] = {
		"password", "ranked", "lexicon", "name", "own", "leaked", NULL};
	char need[16], bits[16], lessons[32], more[2], *end;
	int fields = sscanf(line, "%7s %15s %15s %15s %31s %63s %1023s %1s", source->language,
		source->kind, need, bits, lessons, source->package, source->name, more);

	if (fields != 7)
		return "seven fields wanted: language kind need bits lessons package path";
	if (!is_one_of(source->language, languages))
		return "the language is one of fr nl de en *";
	if (!is_one_of(source->kind, kinds))
		return "the kind is one of password ranked lexicon name own leaked";
	source->is_required = strcmp(need, "required") == 0;
	if (!source->is_required && strcmp(need, "optional") != 0)
		return "a list is required or optional";
	source->bits = strtod(bits, &end);
	if (end == bits || *end || !(source->bits >= 0 && source->bits <= 64))
		return "the bits are a number from 0 to 64";
	if (!parse_lessons(source, lessons))
		return "the lessons are -, TIMES, FIRST:TIMES or FIRST:TIMES:TIMES";
	return NULL;
}

bool sources_read(const char *path, const char *root, bool (*each)(const struct source *, void *),
	void *context)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	bool ok = true;

	if (!file) {
		warn("%s", path);
		return false;
	}
	for (unsigned number = 1; ok && getline(&line, &room, file) >= 0; number++) {
		struct source source = {0};
		const char *start = line + strspn(line, " \t\r\n"), *wrong;

		if (!*start || *start == '#')
			continue;
		wrong = parse(&source, start);
		if (wrong) {
			warnx("%s:%u: %s", path, number, wrong);
			ok = false;
			break;
		}
		anchor(&source, path, root);
		ok = each(&source, context);
		if (ok)
			continue;
		if (strcmp(source.package, "-") == 0)
			warnx("%s:%u: this source is needed", path, number);
		else
			warnx("%s:%u: this source is needed; Debian's package %s brings it", path,
				number, source.package);
	}
	if (ferror(file)) {
		warn("%s", path);
		ok = false;
	}
	free(line);
	fclose(file);
	return ok;
}
