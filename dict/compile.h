/* SPDX-License-Identifier: BSD-3-Clause */
/* The lexicon's writer: words and texts in, one file out. For the build and for administrators. */
#ifndef A2A_COMPILE_H
#define A2A_COMPILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lexicon.h"

struct a2a_compiler;

/*
 * Ends the program when memory is out, as all of these do, with exit status 2. `progress`, if not
 * NULL, is told while a lexicon is written how much of that is done, from 0 to 1. Release with
 * a2a_compiler_free().
 */
struct a2a_compiler *a2a_compiler_new(void (*progress)(void *context, double done), void *context);
void a2a_compiler_free(struct a2a_compiler *compiler);

/*
 * Adds a word: UTF-8, folded here. `bits` is log2 of its rank. Of a word that is added twice the
 * cheapest entry counts, and the languages of all. Returns false when the word has no place in the
 * lexicon: fewer than A2A_WORD_SHORTEST or more than A2A_WORD_LONGEST characters, a blank, one of
 * < > { | }, or a character that is not ASCII after folding.
 */
bool a2a_compiler_add(struct a2a_compiler *compiler, const char *word, double bits,
	enum a2a_kind kind, uint8_t languages);

/* Whether a word has a place in the lexicon. */
bool a2a_compiler_takes(const char *word);

/*
 * Adds a password that became public: folded here, with letters and something else, and
 * A2A_LEAKED_SHORTEST bytes at least. Returns false when it is none of these.
 */
bool a2a_compiler_add_leaked(struct a2a_compiler *compiler, const char *password);

/* Teaches the model a word, `weight` times. Without any, the lexicon will have no model. */
void a2a_compiler_train(struct a2a_compiler *compiler, const char *word, unsigned weight);

/* Adds a line, without its newline, to what the file says of its inputs. They will be sorted. */
void a2a_compiler_note(struct a2a_compiler *compiler, const char *line);

/*
 * Gives edges the reach of a lexicon `scale` times twice as large, 0 to A2A_MOST_SCALE, even if
 * that is not needed: what is needed is seen to in any case.
 */
void a2a_compiler_widen(struct a2a_compiler *compiler, uint32_t scale);

/*
 * Writes the lexicon: to a temporary file beside `path`, fsync(), rename(), fsync() of the folder.
 * Meanwhile signals are blocked: those that end the program wait until the temporary file is gone.
 * The same additions, in whatever order, give the same bytes. To be called once. False with errno
 * on failure, and nothing is left behind: ENODATA when there are no words, E2BIG when there are too
 * many.
 */
bool a2a_compiler_write(struct a2a_compiler *compiler, const char *path);

#endif
