/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The guess number of any text, out of a small lexicon: finite, its segments side by side and
 * within the text, and so is its word. The first byte says which places belong to the person.
 *
 * With A2A_FUZZ_LEXICON in the environment, a file that all2all-dict made, it is measured out of
 * both of them too.
 */
#include "fuzz.h"

#include <endian.h>
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lexicon.h"
#include "guess.h"

/* A lexicon of one word, "azerty1", made by hand; its model finds every letter likely. */
static struct a2a_lexicon lexicon_of_one_word(void)
{
	static const char word[] = "azerty1";
	static uint32_t graph[16];
	static uint8_t model[A2A_MODEL_SIZE];
	static const struct a2a_class class = {
		.cost_bytes = {0, 5 * A2A_COST_BIT >> 8}, .kind = A2A_WORD};
	const uint32_t last = sizeof(word) - 2;

	/* Once is enough: it is large. */
	if (!model[0])
		memset(model, 4 * A2A_MODEL_BIT, sizeof(model));
	/* From 1 on upwards; then the number of the class, 0, and the end. */
	for (uint32_t i = 0; i <= last; i++)
		graph[i + 1] = htole32((i == last ? i + 3 : i + 2) << A2A_EDGE_SHIFT |
				       (i == last ? A2A_EDGE_WORD : 0) | A2A_EDGE_LAST |
				       a2a_lexicon_code(word[i]));
	graph[last + 3] = htole32(A2A_EDGE_LAST);
	return (struct a2a_lexicon){
		.classes = &class,
		.graph = graph,
		.model = model,
		.class_count = 1,
		.unit_count = last + 4,
		.root = 1,
	};
}

/* What is made once: the lexicon named in the environment, if one is, and the keyboards. */
static struct a2a_lexicon given;
static bool is_given;
static struct a2a_keyboards keyboards;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *path = getenv("A2A_FUZZ_LEXICON");
	struct stat status;
	unsigned char *bytes;
	FILE *file;

	(void)argc;
	(void)argv;
	a2a_keyboards_fill(&keyboards);
	if (!path)
		return 0;
	file = fopen(path, "re");
	if (!file || fstat(fileno(file), &status))
		err(1, "%s", path);
	bytes = malloc((size_t)status.st_size);
	if (!bytes || fread(bytes, 1, (size_t)status.st_size, file) != (size_t)status.st_size)
		err(1, "%s", path);
	fclose(file);
	if (a2a_lexicon_open(&given, bytes, (size_t)status.st_size))
		errx(1, "%s: is no whole lexicon", path);
	is_given = true;
	return 0;
}

/* Whether it lies in the text, and is of something. */
static bool is_within(const struct a2a_segment *segment, const struct a2a_text *text)
{
	return segment->length > 0 && segment->start <= text->count &&
	       segment->length <= text->count - segment->start && *a2a_segment_name(segment->kind);
}

static void measure(const struct a2a_vocabulary *vocabulary, const struct a2a_text *text)
{
	struct a2a_estimate estimate = {.segments = 0};
	size_t end = 0;

	if (!a2a_guess(vocabulary, text, -INFINITY, &estimate) || !isfinite(estimate.log2_guesses) ||
		estimate.log2_guesses < 0 || estimate.segments > A2A_MOST_SEGMENTS)
		abort();
	for (size_t i = 0; i < estimate.segments; i++) {
		const struct a2a_segment *segment = &estimate.segment[i];

		/* A character that folds to several may be of two; a mark that folds to nothing is
		 * of none. */
		if (!is_within(segment, text) || segment->bits < 0 || segment->start + 1 < end)
			abort();
		end = segment->start + segment->length;
	}
	if (estimate.word.length && !is_within(&estimate.word, text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct a2a_lexicon lexicon = lexicon_of_one_word();
	bool person_mask[A2A_TEXT_POINTS];
	struct a2a_vocabulary vocabulary = {
		.lexicon = &lexicon,
		.lexicons = 1,
		.keyboards = &keyboards,
		.person_mask = person_mask,
	};
	struct a2a_text text, folded;

	if (!size)
		return 0;
	for (size_t i = 0; i < A2A_TEXT_POINTS; i++)
		person_mask[i] = bytes[0] >> i % 8 & 1;
	bytes++;
	size--;
	if (!a2a_text_read(&text, (const char *)bytes, size) ||
		!a2a_text_fold(&folded, (const char *)bytes, size))
		return 0;
	vocabulary.person_mask_length = folded.count;
	measure(&vocabulary, &text);
	if (is_given) {
		const struct a2a_lexicon both[] = {given, lexicon};

		vocabulary.lexicon = both;
		vocabulary.lexicons = 2;
		measure(&vocabulary, &text);
	}
	return 0;
}
