/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build step. Writes the words of one language for passphrases to standard output, one on each
 * line, the commonest first. It takes them from the language's ranked list and its lexicon in
 * sources.conf.
 *
 * Everybody must be able to spell and type the words: they are in the lexicon, have 4 to 8 letters
 * a to z without accents, and hold nothing offensive.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "language.h"
#include "offensive.h"
#include "sources.h"
#include "words.h"

enum {
	SHORTEST = 4,
	LONGEST = 8,
	WANTED = 4096, /* 12 bits a word */
	NEEDED = 1024, /* with fewer, something is wrong with the sources */
};

struct ranking {
	enum a2a_language language;
	struct words lexicon;
	char *path;           /* of the ranked source */
	struct counts counts; /* of candidates */
};

static bool read_source(const struct source *source, void *context)
{
	struct ranking *ranking = context;

	if (source->is_missing || source->language != ranking->language)
		return true;
	if (source->kind == A2A_LEXICON)
		return words_read(&ranking->lexicon, source->path, WORD_LINES, &complaints);
	if (source->kind == A2A_WORD) {
		free(ranking->path);
		ranking->path = strdup(source->path);
		if (!ranking->path)
			err(1, "%s", source->path);
	}
	return true;
}

/* Makes a capital at the beginning small: German nouns have one. Returns false when the word does
 * not have the letters and the length that are wanted. */
static bool make_plain(char *word)
{
	size_t length = strlen(word);

	if (length < SHORTEST || length > LONGEST)
		return false;
	if (word[0] >= 'A' && word[0] <= 'Z')
		word[0] = (char)(word[0] - 'A' + 'a');
	return strspn(word, "abcdefghijklmnopqrstuvwxyz") == length;
}

static bool find_candidates(struct ranking *ranking)
{
	struct counts all = {0};
	bool ok = counts_read(&all, ranking->path, &complaints);

	for (size_t i = 0; ok && i < all.count; i++) {
		char *word = all.counted[i].word;

		if (!words_have(&ranking->lexicon, word))
			continue;
		/* This is a name. */
		if (ranking->language != A2A_GERMAN && word[0] >= 'A' && word[0] <= 'Z')
			continue;
		if (make_plain(word) && !a2a_is_offensive(word, strlen(word), A2A_PART_OF_WORDS))
			ok = counts_add(&ranking->counts, all.counted[i].count, word) ||
			     a2a_fault(&complaints, ranking->path, "out of memory");
	}
	counts_free(&all);
	return ok;
}

static size_t print_best(const struct ranking *ranking)
{
	struct words printed = {0};
	size_t count = 0;

	for (size_t i = 0; i < ranking->counts.count && count < WANTED; i++) {
		const char *word = ranking->counts.counted[i].word;
		bool again = false;

		/* Skip a noun with the same letters as a verb, as German has them. */
		for (size_t j = 0; j < printed.count && !again; j++)
			again = strcmp(printed.word[j], word) == 0;
		if (again)
			continue;
		puts(word);
		if (!words_add(&printed, word, strlen(word)))
			err(1, "%s", word);
		count++;
	}
	words_free(&printed);
	return count;
}

int main(int argc, char **argv)
{
	struct ranking ranking = {0};
	size_t count;

	if (argc != 3 && argc != 4)
		errx(1, "usage: %s sources.conf LANGUAGE [ROOT] >words", argv[0]);
	ranking.language = a2a_language_find(argv[2]);
	if (!sources_read(argv[1], argv[3], read_source, &ranking, &complaints))
		return 1;
	if (!ranking.path)
		errx(1, "%s: no ranked list of the language %s", argv[1], argv[2]);
	words_sort(&ranking.lexicon);
	if (!find_candidates(&ranking))
		return 1;
	counts_sort(&ranking.counts);
	count = print_best(&ranking);
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
	if (count < NEEDED)
		errx(1, "%s: only %zu words are left for passphrases", ranking.path, count);
	counts_free(&ranking.counts);
	words_free(&ranking.lexicon);
	free(ranking.path);
	return 0;
}
