/* SPDX-License-Identifier: BSD-3-Clause */
/* The guess number of any text, out of a small lexicon: finite, its segments side by side and
 * within the text. */
#include "fuzz.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../dict/lexicon.h"
#include "../../policy/guess.h"

/* A lexicon of one word, "azerty1", made by hand; its model finds every letter likely. */
static struct a2a_lexicon lexicon_of_one_word(void)
{
	static const char word[] = "azerty1";
	static uint32_t graph[16];
	static uint8_t model[A2A_MODEL_SIZE];
	static const struct a2a_class class = {
		.cost_bytes = {0, 5 * A2A_COST_BIT >> 8}, .kind = A2A_WORD};
	const uint32_t last = sizeof(word) - 2;

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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct a2a_lexicon lexicon = lexicon_of_one_word();
	static struct a2a_keyboards keyboards;
	const struct a2a_vocabulary vocabulary = {
		.lexicon = &lexicon, .lexicons = 1, .keyboards = &keyboards};
	struct a2a_verdict verdict = {.count = 0};
	struct a2a_text text;
	size_t end = 0;

	a2a_keyboards_fill(&keyboards);
	if (!a2a_text_read(&text, (const char *)bytes, size))
		return 0;
	if (!a2a_guess(&vocabulary, &text, &verdict))
		abort();
	if (!isfinite(verdict.log2_guesses) || verdict.log2_guesses < 0 ||
		verdict.segments > A2A_MOST_SEGMENTS)
		abort();
	for (size_t i = 0; i < verdict.segments; i++) {
		const struct a2a_segment *segment = &verdict.segment[i];

		if (!a2a_segment_name(segment->kind) || segment->length == 0 ||
			segment->start + segment->length > text.count || segment->bits < 0 ||
			segment->start + 1 < end)
			abort();
		end = segment->start + segment->length;
	}
	return 0;
}
