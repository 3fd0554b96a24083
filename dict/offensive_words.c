/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Build step. Makes the table of offensive.c, as C on standard output, from words/offensive.txt.
 * The table is part of the program, and not a file beside it, so that no installation lacks it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "text.h"
#include "words.h"

enum { NEEDED = 1000 }; /* with fewer, something is wrong with the list */

/* Adds a line, unless it is several words. Folds it, because generated passwords have no accents.
 */
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
		return words_add(context, folded, length) ||
		       a2a_fault(&complaints, line, "out of memory");
	return true;
}

int main(int argc, char **argv)
{
	struct words words = {0};

	if (argc != 2)
		errx(1, "usage: %s offensive.txt >table.c", argv[0]);
	if (!words_each(argv[1], COMMENTED_LINES, add_folded, &words, &complaints))
		return 1;
	words_sort(&words);
	if (words.count < NEEDED)
		errx(1, "%s: only %zu words are in it", argv[1], words.count);
	puts("/* Made from words/offensive.txt: change it there. */\n"
	     "#include <stddef.h>\n\n"
	     "extern const char *const a2a_offensive_words[];\n"
	     "extern const size_t a2a_offensive_count;\n\n"
	     "const char *const a2a_offensive_words[] = {");
	for (size_t i = 0; i < words.count; i++)
		printf("\t\"%s\",\n", words.word[i]);
	printf("};\nconst size_t a2a_offensive_count = %zu;\n", words.count);
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
	words_free(&words);
	return 0;
}
