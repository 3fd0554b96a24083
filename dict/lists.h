/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which lines of which lists are words, and what each of them costs: lists in, a lexicon out. See
 * words.h on reports.
 *
 *   password  ranked by their lines; lines that begin with #! are headings
 *   ranked    ranked by the counts of a language model
 *   lexicon, name   unranked: each word costs log2 of the number of lines
 *   own       the same, with hyphens and without; # begins a comment
 *   leaked    5 to 9 letters are an unranked word; other lines are leaked passwords
 *
 * Each word costs the bits of its source besides. Words of one or two bytes are left out of ranked
 * lists, lexicons and names. Words that are German, or of no language, are also added as they are
 * typed without umlauts.
 */
#ifndef A2A_LISTS_H
#define A2A_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "log.h"

/* Where a compilation reports and shows its progress. */
struct a2a_lists_observer {
	const struct a2a_log *log;
	/* May be NULL. `done` is from 0 to 1; `label` says what is being done. */
	void (*progress)(void *context, const char *label, double done);
	void *context;
};

/*
 * Compiles the lists that `sources` (a sources.conf) names into the lexicon `output`. Lists of
 * packages that are not installed are looked for below `root`, which may be NULL. An optional list
 * that is missing is reported and left out. False on failure; nothing is written then.
 */
bool a2a_lists_compile(const char *sources, const char *root, const char *output,
	const struct a2a_lists_observer *observer);

/*
 * Compiles a site's own words from `count` files, one word a line, into a lexicon without a model.
 * Every line that is not a word is reported. False on failure; nothing is written then.
 */
bool a2a_lists_compile_site(char *const *files, size_t count, const char *output,
	const struct a2a_lists_observer *observer);

#endif
