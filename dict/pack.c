/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build step: all words of all sources, folded as passwords are, sorted, one a line, on standard
 * output, for cracklib-packer.
 *
 * cracklib-format, which Debian feeds its own dictionary through, deletes every accented letter
 * (`étalonnage` becomes `talonnage`), so it is not used.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "words.h"

enum {
	SHORTEST = 3,
	LONGEST = 30, /* cracklib-packer cuts longer ones in two places and says nothing */
};

struct dictionary {
	struct words raw, folded;
};

static bool read_folder(struct words *words, const char *path)
{
	struct words lists = {0};
	bool ok = words_find_lists(&lists, path);

	for (size_t i = 0; i < lists.count; i++)
		ok &= words_read(words, lists.word[i], COMMENTED_LINES);
	words_free(&lists);
	return ok;
}

static bool read_source(const struct source *source, void *context)
{
	struct dictionary *dictionary = context;

	if (source->is_missing)
		return true;
	if (strcmp(source->kind, "lexicon") == 0)
		return words_read(&dictionary->raw, source->path, WORD_LINES);
	if (strcmp(source->kind, "own") == 0)
		return read_folder(&dictionary->raw, source->path);
	/* Passwords are no words: some are random, and refusing those would refuse their likes. */
	return true;
}

/* English possessives (`cat's`) are no words of their own: the word stands there without. */
static bool is_possessive(const char *word)
{
	size_t length = strlen(word);

	return length > 2 && strcmp(word + length - 2, "'s") == 0;
}

/*
 * Keeps letters and digits only, because cracklib takes punctuation out of a password before it
 * looks it up: aujourd'hui -> aujourdhui.
 */
static void add_folded(struct words *folded, const char *word)
{
	struct a2a_text text;
	char plain[LONGEST + 2];
	size_t length = 0;

	if (is_possessive(word) || !a2a_text_fold(&text, word, strlen(word)))
		return;
	for (size_t i = 0; i < text.count; i++) {
		int32_t point = text.point[i];

		if (point == '-' || point == '\'' || point == '.')
			continue;
		if (point >= 0x80 || !(a2a_is_letter(point) || a2a_is_digit(point)) ||
			length > LONGEST)
			return;
		plain[length++] = (char)point;
	}
	if (length >= SHORTEST && length <= LONGEST)
		words_add(folded, plain, length);
}

int main(int argc, char **argv)
{
	struct dictionary dictionary = {0};

	if (argc != 2 && argc != 3)
		errx(1, "usage: %s sources.conf [ROOT] >words", argv[0]);
	if (!sources_read(argv[1], argv[2], read_source, &dictionary))
		return 1;
	for (size_t i = 0; i < dictionary.raw.count; i++)
		add_folded(&dictionary.folded, dictionary.raw.word[i]);
	words_sort(&dictionary.folded);
	for (size_t i = 0; i < dictionary.folded.count; i++)
		puts(dictionary.folded.word[i]);
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
	words_free(&dictionary.raw);
	words_free(&dictionary.folded);
	return 0;
}
