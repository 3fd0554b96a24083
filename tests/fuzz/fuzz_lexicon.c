/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The input is a count, that many characters, and the bytes of a lexicon. The target corrects its
 * checksum, looks the characters up, and lists all words if the lexicon passes the full check. No
 * step may lead outside of the bytes.
 */
#include "fuzz.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "inspect.h"

enum { BEHIND_CHECKSUM = offsetof(struct a2a_lexicon_header, checksum) + sizeof(uint64_t) };

static void spell(const struct a2a_lexicon *lexicon, const uint8_t *bytes, size_t count)
{
	struct a2a_walk walk = {lexicon->root, false};

	for (size_t i = 0; i < count; i++) {
		const struct a2a_class *class;

		if (a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code((char)bytes[i])) !=
			(walk.node != 0))
			abort();
		class = a2a_lexicon_word(lexicon, walk);
		if (class && (class->kind >= A2A_KINDS ||
				     class->languages & ~(A2A_ALL_LANGUAGES | A2A_PLACE_BIT)))
			abort();
		if (!walk.node)
			walk = (struct a2a_walk){lexicon->root, false};
	}
}

static void look_again(void *context, const char *word, const struct a2a_class *class)
{
	const struct a2a_lexicon *lexicon = context;
	struct a2a_walk walk = {lexicon->root, false};

	for (; *word; word++)
		if (!a2a_lexicon_step(lexicon, &walk, a2a_lexicon_code(*word)))
			abort();
	if (!class || a2a_lexicon_word(lexicon, walk) != class)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	size_t spelled = size ? bytes[0] : 0;
	struct a2a_lexicon lexicon;
	uint64_t checksum;
	unsigned char *copy;

	if (size < 1 + sizeof(struct a2a_lexicon_header) || size < 1 + spelled)
		return 0;
	bytes++;
	size -= 1 + spelled;
	copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, bytes + spelled, size);
	if (!a2a_lexicon_open(&lexicon, copy, size))
		spell(&lexicon, bytes, spelled);
	if (size > BEHIND_CHECKSUM) {
		checksum = htole64(XXH3_64bits(copy + BEHIND_CHECKSUM, size - BEHIND_CHECKSUM));
		memcpy(copy + BEHIND_CHECKSUM - sizeof(checksum), &checksum, sizeof(checksum));
	}
	if (!a2a_lexicon_open_words(&lexicon, copy, size)) {
		spell(&lexicon, bytes, spelled);
		/* A graph of few units can have too many words to list. */
		if (!a2a_lexicon_verify(&lexicon) && lexicon.word_count < 10000)
			a2a_lexicon_each(&lexicon, look_again, &lexicon);
	}
	free(copy);
	return 0;
}
