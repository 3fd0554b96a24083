/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build step: the commonest words of one language that anybody can spell and type, one a line, on
 * standard output, for passphrases.
 *
 * A word is taken when a model of the written language counts it often, a lexicon knows it, it is
 * of 4 to 8 letters a to z without accents, and nothing in it is offensive.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offensive.h"
#include "words.h"

enum {
	SHORTEST = 4,
	LONGEST = 8,
	WANTED = 4096, /* 12 bits a word */
	NEEDED = 1024, /* fewer, and something is wrong with the sources */
};

struct ranking {
	const char *language;
	struct words lexicon;
	char path[1024];      /* of the ranked source */
	struct counts counts; /* of candidates */
};

static bool read_source(const struct source *source, void *context)
{
	struct ranking *ranking = context;

	if (source->is_missing)
		return true;
	if (strcmp(source->language, ranking->language) != 0)
		return true;
	if (strcmp(source->kind, "lexicon") == 0)
		return words_read(&ranking->lexicon, source->path, WORD_LINES);
	if (strcmp(source->kind, "ranked") == 0)
		memcpy(ranking->path, source->path, sizeof(ranking->path));
	return true;
}

/* Small letters a to z, one capital in front (a German noun) made small. False: something else. */
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
	bool german = strcmp(ranking->language, "de") == 0;
	struct counts all = {0};
	bool ok = counts_read(&all, ranking->path);

	for (size_t i = 0; i < all.count; i++) {
		char *word = all.counted[i].word;

		if (!words_have(&ranking->lexicon, word))
			continue;
		if (!german && word[0] >= 'A' && word[0] <= 'Z')
			continue;
		if (make_plain(word) && !a2a_is_offensive(word, strlen(word), A2A_PART_OF_WORDS))
			counts_add(&ranking->counts, all.counted[i].count, word);
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

		/* A German verb and noun of one spelling. */
		for (size_t j = 0; j < printed.count && !again; j++)
			again = strcmp(printed.word[j], word) == 0;
		if (again)
			continue;
		puts(word);
		words_add(&printed, word, strlen(word));
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
	ranking.language = argv[2];
	if (!sources_read(argv[1], argv[3], read_source, &ranking))
		return 1;
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
	return 0;
}
