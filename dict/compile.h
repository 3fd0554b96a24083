/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes a lexicon: takes words, and makes one file of them. lists.h decides which words it gets.
 */
#ifndef A2A_COMPILE_H
#define A2A_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lexicon_format.h"

struct a2a_compiler;

/*
 * Makes a compiler. While it writes a lexicon, it calls `progress`, if that is not NULL, with the
 * share that is done, from 0 to 1. Returns NULL when memory is out. Release with
 * a2a_compiler_free(), which accepts NULL.
 *
 * When memory is out later, additions are lost and a2a_compiler_write() fails: callers need to
 * check only its result.
 */
struct a2a_compiler *a2a_compiler_new(void (*progress)(void *context, double done), void *context);
void a2a_compiler_free(struct a2a_compiler *compiler);

/*
 * Adds a word: UTF-8, folded here. `bits` is log2 of its rank. If a word is added twice, its
 * cheapest entry counts, with the languages of all. Returns false when the word is not added: it
 * has fewer than A2A_WORD_SHORTEST or more than A2A_WORD_LONGEST characters, a blank, one of
 * < > { | }, or a character that is not ASCII after folding.
 */
bool a2a_compiler_add(struct a2a_compiler *compiler, const char *word, double bits,
	enum a2a_kind kind, uint8_t languages);

/* Tells whether a word has a place in the lexicon. */
bool a2a_compiler_takes(const char *word);

/*
 * Adds a password that became public: UTF-8, folded here. Returns false when it is not added: it
 * has fewer than A2A_LEAKED_SHORTEST bytes, no letter, or nothing but letters.
 */
bool a2a_compiler_add_leaked(struct a2a_compiler *compiler, const char *password);

/* Makes the compiler add the forms of common words (forms.h) when it writes. */
void a2a_compiler_want_forms(struct a2a_compiler *compiler);

/* Trains the model with a word, `weight` times. Without any training, the lexicon has no model. */
void a2a_compiler_train(struct a2a_compiler *compiler, const char *word, unsigned weight);

/* Adds a line about an input, for people to read, without its newline. The file holds these lines
 * sorted. */
void a2a_compiler_note(struct a2a_compiler *compiler, const char *line);

/* Adds a line, without its newline, to the text that is kept beside the lexicon: what a later
 * version of the format can be compiled from. Without any line, no text is written. */
void a2a_compiler_keep(struct a2a_compiler *compiler, const char *line);

/* Returns the path of the text that is kept beside the lexicon at `path`: PATH.source. The caller
 * frees it. Returns NULL with errno when memory is out. */
char *a2a_kept_path(const char *path);

/*
 * Sets the least `scale` of the graph (lexicon_format.h), 0 to A2A_MOST_SCALE. The scale grows by
 * itself when the graph needs it; this function is for tests.
 */
void a2a_compiler_widen(struct a2a_compiler *compiler, uint32_t scale);

/*
 * Writes the lexicon, and the text that is kept beside it, as a2a_replace() does (replace.h). The
 * same additions, in any order, give the same bytes. Call it once. On failure, returns false
 * with errno, and leaves nothing behind: ENODATA when there are no words, E2BIG when there are too
 * many, ENOMEM when memory is or was out.
 */
bool a2a_compiler_write(struct a2a_compiler *compiler, const char *path);

#endif
