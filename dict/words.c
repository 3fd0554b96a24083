/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "words.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

void words_add(struct words *words, const char *word, size_t length)
{
	if (words->count == words->room) {
		words->room = words->room ? 2 * words->room : 1024;
		words->word = reallocarray(words->word, words->room, sizeof(*words->word));
		if (!words->word)
			err(1, "%zu words", words->room);
	}
	words->word[words->count] = strndup(word, length);
	if (!words->word[words->count++])
		err(1, "%zu words", words->count);
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
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text,
			(utf8proc_ssize_t)length, &point);

		if (n <= 0)
			return false;
		text += n;
		length -= (size_t)n;
	}
	return true;
}

bool words_read(struct words *words, const char *path, bool has_comments)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	bool ok = true;

	if (!file) {
		warn("%s", path);
		return false;
	}
	for (unsigned number = 1; (length = getline(&line, &room, file)) >= 0; number++) {
		while (length && strchr("\r\n", line[length - 1]))
			line[--length] = '\0';
		if (!is_utf8(line, (size_t)length)) {
			warnx("%s:%u: not UTF-8", path, number);
			ok = false;
		}
		if (length && !(has_comments && line[0] == '#'))
			words_add(words, line, (size_t)length);
	}
	if (ferror(file)) {
		warn("%s", path);
		ok = false;
	}
	free(line);
	fclose(file);
	return ok;
}

static void put_before(struct source *source, const char *folder, int length)
{
	char path[sizeof(source->path)];
	int total = snprintf(path, sizeof(path), "%.*s/%s", length, folder, source->path);

	if (total < 0 || (size_t)total >= sizeof(path))
		errx(1, "%s: the path is too long", source->path);
	memcpy(source->path, path, (size_t)total + 1);
}

/* Our own lists begin where sources.conf lies; the packages' may lie below `root`. */
static void anchor(struct source *source, const char *conf, const char *root)
{
	const char *slash = strrchr(conf, '/');

	if (source->path[0] != '/' && slash)
		put_before(source, conf, (int)(slash - conf));
	else if (root && access(source->path, F_OK))
		put_before(source, root, (int)strlen(root));
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
		int fields = sscanf(line, "%7s %15s %63s %1023s", source.language, source.kind,
			source.package, source.path);

		if (fields <= 0 || source.language[0] == '#')
			continue;
		if (fields != 4) {
			warnx("%s:%u: four fields wanted: language kind package path", path,
				number);
			ok = false;
			break;
		}
		anchor(&source, path, root);
		ok = each(&source, context);
		if (!ok)
			warnx("%s:%u: this source is needed; Debian's package %s brings it", path,
				number, source.package);
	}
	free(line);
	fclose(file);
	return ok;
}
