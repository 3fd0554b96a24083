/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "words.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

bool words_add(struct words *words, const char *word, size_t length)
{
	if (words->count == words->capacity) {
		const size_t capacity = words->capacity ? 2 * words->capacity : 1024;
		char **larger = reallocarray(words->word, capacity, sizeof(*larger));

		if (!larger)
			return false;
		words->word = larger;
		words->capacity = capacity;
	}
	words->word[words->count] = strndup(word, length);
	if (!words->word[words->count])
		return false;
	words->count++;
	return true;
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

/* Reads the contents of the archive's current file, NUL-terminated, which the caller frees. Returns
 * NULL, having reported, on failure. */
static char *read_contents(
	struct archive *archive, const char *path, size_t *size, const struct a2a_log *log)
{
	char bytes[1 << 16];
	char *text = NULL;
	FILE *stream = open_memstream(&text, size);
	la_ssize_t got = 0;
	bool is_whole = true;

	if (!stream) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	while (is_whole && (got = archive_read_data(archive, bytes, sizeof(bytes))) > 0)
		is_whole = fwrite(bytes, 1, (size_t)got, stream) == (size_t)got;
	is_whole = fclose(stream) == 0 && is_whole;
	if (is_whole && got == 0)
		return text;
	if (got < 0)
		a2a_fault(log, path, "%s", archive_error_string(archive));
	else
		a2a_fault(log, path, "out of memory");
	free(text);
	return NULL;
}

/* Opens a list: a plain file, a compressed one, or one in an archive. Returns NULL, having
 * reported, on failure. */
static struct archive *open_list(const char *path, const struct a2a_log *log)
{
	struct archive *archive = archive_read_new();

	if (!archive) {
		a2a_fault(log, path, "out of memory");
		return NULL;
	}
	archive_read_support_filter_all(archive);
	archive_read_support_format_empty(archive);
	archive_read_support_format_zip(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_raw(archive);
	if (archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK)
		return archive;
	/* libarchive's own error numbers are below those of the system. */
	a2a_fault(log, path, "%s",
		archive_errno(archive) > 0 ? strerror(archive_errno(archive))
					   : archive_error_string(archive));
	archive_read_free(archive);
	return NULL;
}

/* Returns why a line is not text, or NULL. */
static const char *check_text(const char *line, size_t length)
{
	if (strlen(line) != length)
		return "there is a NUL in it: this is no list of words";
	return is_utf8(line, length) ? NULL : "not UTF-8";
}

/* The state of reading a list. */
struct list {
	const char *path;
	enum word_lines lines;
	bool (*each)(const char *line, size_t number, void *context);
	void *context;
	const struct a2a_log *log;
};

/* For a line that begins with `#`. */
static bool is_comment(const struct list *list, const char *line)
{
	return list->lines == COMMENTED_LINES ||
	       (list->lines == MARKED_LINES && strncmp(line, LIST_MARK, strlen(LIST_MARK)) != 0) ||
	       (list->lines == PLACED_LINES && strcmp(line, PLACES_MARK) != 0 &&
		       strcmp(line, WORDS_MARK) != 0);
}

static bool take_line(const struct list *list, const char *line, size_t length, size_t number)
{
	const char *wrong = check_text(line, length);

	if (wrong && list->lines == FOUND_LINES)
		return true;
	if (wrong)
		return a2a_fault(list->log, NULL, "%s:%zu: %s", list->path, number, wrong);
	if (length == 0 || (line[0] == '#' && is_comment(list, line)))
		return true;
	return list->each(line, number, list->context);
}

/* Cuts the text into lines, in its place. */
static bool take_lines(const struct list *list, char *text, size_t size)
{
	bool ok = true;

	for (size_t number = 1, at = 0; at < size; number++) {
		char *line = text + at, *end = memchr(line, '\n', size - at);
		size_t length = end ? (size_t)(end - line) : size - at;

		at += length + 1;
		while (length && line[length - 1] == '\r')
			length--;
		line[length] = '\0';
		ok &= take_line(list, line, length, number);
	}
	return ok;
}

bool words_each(const char *path, enum word_lines lines,
	bool (*each)(const char *line, size_t number, void *context), void *context,
	const struct a2a_log *log)
{
	const struct list list = {path, lines, each, context, log};
	struct archive *archive = open_list(path, log);
	struct archive_entry *entry;
	int next = ARCHIVE_OK;
	bool ok = archive != NULL;

	while (ok && (next = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		size_t size = 0;
		char *text = read_contents(archive, path, &size, log);

		ok = text && take_lines(&list, text, size);
		free(text);
	}
	if (ok && next != ARCHIVE_EOF)
		ok = a2a_fault(log, path, "%s", archive_error_string(archive));
	archive_read_free(archive);
	return ok;
}

struct addition {
	struct words *words;
	bool is_out_of_memory;
};

static bool add_line(const char *line, size_t number, void *context)
{
	struct addition *addition = context;

	(void)number;
	addition->is_out_of_memory |= !words_add(addition->words, line, strlen(line));
	return !addition->is_out_of_memory;
}

bool words_read(
	struct words *words, const char *path, enum word_lines lines, const struct a2a_log *log)
{
	struct addition addition = {.words = words};
	const bool ok = words_each(path, lines, add_line, &addition, log);

	if (addition.is_out_of_memory)
		a2a_fault(log, path, "out of memory");
	return ok;
}

static int is_list(const struct dirent *entry)
{
	const char *ending = strrchr(entry->d_name, '.');

	return ending && strcmp(ending, ".txt") == 0;
}

bool words_find_lists(struct words *lists, const char *folder, const struct a2a_log *log)
{
	struct dirent **entry = NULL;
	const int count = scandir(folder, &entry, is_list, NULL);
	bool ok = true;

	if (count <= 0)
		a2a_fault(log, folder, "no lists here");
	for (int i = 0; i < count; i++) {
		char *path = NULL;
		const int length = asprintf(&path, "%s/%s", folder, entry[i]->d_name);

		ok = ok && length >= 0 && words_add(lists, path, (size_t)length);
		if (length >= 0)
			free(path);
		free(entry[i]);
	}
	free(entry);
	words_sort(lists);
	if (!ok)
		a2a_fault(log, folder, "out of memory");
	return ok && count > 0;
}

bool words_read_folder(struct words *words, const char *folder, const struct a2a_log *log)
{
	struct words lists = {0};
	bool ok = words_find_lists(&lists, folder, log);

	for (size_t i = 0; i < lists.count; i++)
		ok &= words_read(words, lists.word[i], COMMENTED_LINES, log);
	words_free(&lists);
	return ok;
}

/* ---- Counts ---------------------------------------------------------------------------------- */

bool counts_add(struct counts *counts, unsigned long count, const char *word)
{
	char *copy = strdup(word);

	if (!copy)
		return false;
	/* The array is full when the count is 0 or a power of two. */
	if ((counts->count & (counts->count - 1)) == 0) {
		struct counted *larger = reallocarray(
			counts->counted, counts->count ? 2 * counts->count : 1, sizeof(*larger));

		if (!larger) {
			free(copy);
			return false;
		}
		counts->counted = larger;
	}
	counts->counted[counts->count++] = (struct counted){count, copy};
	return true;
}

bool counts_read(struct counts *counts, const char *path, const struct a2a_log *log)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0, before = counts->count;
	bool is_unigrams = false, ok = true;

	if (!file)
		return a2a_fault(log, path, "%s", strerror(errno));
	while (ok && getline(&line, &size, file) >= 0) {
		unsigned long count;
		char word[512];

		if (line[0] == '\\')
			is_unigrams = strncmp(line, "\\1-grams", 8) == 0;
		if (is_unigrams && sscanf(line, "%lu %511s", &count, word) == 2 && word[0] != '<')
			ok = counts_add(counts, count, word);
	}
	if (!ok)
		a2a_fault(log, path, "out of memory");
	else if (!feof(file))
		ok = a2a_fault(log, path, "%s", strerror(errno));
	else if (counts->count == before)
		ok = a2a_fault(log, path, "no unigram counts of a language model are in it");
	free(line);
	fclose(file);
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
