/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build step: the list of offensive words as a table in C, on standard output. In the program and
 * not in a file beside it, so that no installation is without it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "words.h"

enum { NEEDED = 1000 }; /* fewer, and something is wrong with the list */

/* Folded, since what is generated has no accents; what is more than a word is left out. */
static bool add_folded(const char *line, size_t number, void *context)
{
	struct a2a_text text;
	char folded[4 * A2A_TEXT_POINTS + 1];
	size_t length;

	if (!a2a_text_fold(&text, line, strlen(line)) ||
		!a2a_text_write(&text, folded, sizeof(folded))) {
		warnx("line %zu: %s cannot be folded", number, line);
		return false;
	}
	length = strlen(folded);
	if (strspn(folded, "abcdefghijklmnopqrstuvwxyz") == length)
		words_add(context, folded, length);
	return true;
}

int main(int argc, char **argv)
{
	struct words words = {0};
	size_t longest = 0;

	if (argc != 2)
		errx(1, "usage: %s offensive.txt >table.c", argv[0]);
	if (!words_each(argv[1], COMMENTED_LINES, add_folded, &words))
		return 1;
	words_sort(&words);
	if (words.count < NEEDED)
		errx(1, "%s: only %zu words are in it", argv[1], words.count);
	puts("/* Made of words/offensive.txt: change it there. */\n"
	     "#include <stddef.h>\n\n"
	     "extern const char *const a2a_offensive_words[];\n"
	     "extern const size_t a2a_offensive_count, a2a_offensive_longest;\n\n"
	     "const char *const a2a_offensive_words[] = {");
	for (size_t i = 0; i < words.count; i++) {
		if (strlen(words.word[i]) > longest)
			longest = strlen(words.word[i]);
		printf("\t\"%s\",\n", words.word[i]);
	}
	printf("};\nconst size_t a2a_offensive_count = %zu, a2a_offensive_longest = %zu;\n",
		words.count, longest);
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
	words_free(&words);
	return 0;
}
