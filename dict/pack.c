/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build step. Writes cracklib's dictionary, for machines of one byte order: the words of the
 * lexicons and of our own lists of sources.conf, folded as passwords are.
 *
 * Debian's tools cannot do this. cracklib-packer writes in the byte order of the machine on which
 * it runs. cracklib-format deletes every accented letter (`étalonnage` becomes `talonnage`).
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "packed_write.h"
#include "sources.h"
#include "text.h"
#include "words.h"

enum {
	SHORTEST = 3,
	LONGEST = 30, /* cracklib-packer would cut longer words, in two places */
};

struct dictionary {
	struct words raw, folded;
};

static bool read_source(const struct source *source, void *context)
{
	struct dictionary *dictionary = context;

	if (source->is_missing)
		return true;
	if (source->kind == A2A_LEXICON)
		return words_read(&dictionary->raw, source->path, WORD_LINES, &complaints);
	if (source->kind == A2A_OWN)
		return words_read_folder(&dictionary->raw, source->path, &complaints);
	/* Lists of passwords are not used: some passwords are random, and cracklib would refuse
	 * every password that is like them. */
	return true;
}

/* English possessives (`cat's`) are left out: the lists have the word itself. */
static bool is_possessive(const char *word)
{
	size_t length = strlen(word);

	return length > 2 && strcmp(word + length - 2, "'s") == 0;
}

/*
 * Adds a word without its punctuation, which cracklib drops from a password before it looks it up:
 * aujourd'hui -> aujourdhui. Words with other characters are left out. Returns false when memory is
 * out.
 */
static bool add_folded(struct words *folded, const char *word)
{
	struct a2a_text text;
	char plain[LONGEST + 2];
	size_t length = 0;

	if (is_possessive(word) || !a2a_text_fold(&text, word, strlen(word)))
		return true;
	for (size_t i = 0; i < text.count; i++) {
		int32_t point = text.point[i];

		if (point == '-' || point == '\'' || point == '.')
			continue;
		if (point >= 0x80 || !(a2a_is_letter(point) || a2a_is_digit(point)) ||
			length > LONGEST)
			return true;
		plain[length++] = (char)point;
	}
	return length < SHORTEST || length > LONGEST || words_add(folded, plain, length);
}

int main(int argc, char **argv)
{
	struct dictionary dictionary = {0};

	const bool is_big = argc > 1 && strcmp(argv[1], "big") == 0;

	if ((argc != 4 && argc != 5) || (!is_big && strcmp(argv[1], "little") != 0))
		errx(1, "usage: %s little|big sources.conf DICTIONARY [ROOT]", argv[0]);
	if (!sources_read(argv[2], argv[4], read_source, &dictionary, &complaints))
		return 1;
	for (size_t i = 0; i < dictionary.raw.count; i++)
		if (!add_folded(&dictionary.folded, dictionary.raw.word[i]))
			err(1, NULL);
	words_sort(&dictionary.folded);
	if (!a2a_packed_write(dictionary.folded.word, dictionary.folded.count, argv[3],
		    is_big ? A2A_BIG_ENDIAN : A2A_LITTLE_ENDIAN))
		err(1, "%s", argv[3]);
	words_free(&dictionary.raw);
	words_free(&dictionary.folded);
	return 0;
}
