/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Compiles lists into a lexicon: decides which lines of which lists are words, and the cost of each
 * word. words.h explains the reports.
 *
 *   password  ranked by their lines; lines that begin with #! are headings
 *   ranked    ranked by the counts of a language model
 *   lexicon, name   unranked: each word costs log2 of the number of lines
 *   own       the same, with hyphens and without; # begins a comment
 *   leaked    5 to 9 letters are an unranked word; other lines are leaked passwords
 *
 * The bits of its source are added to the cost of each word. Words of one or two bytes are left out
 * of ranked lists, lexicons and names. German words, and words of no language, are also added as
 * people type them without umlauts.
 */
#ifndef A2A_LISTS_H
#define A2A_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "log.h"

/* Receives the reports and the progress of a compilation. */
struct a2a_lists_observer {
	const struct a2a_log *log;
	/* May be NULL. `done` is from 0 to 1; `label` says what is being done. */
	void (*progress)(void *context, const char *label, double done);
	void *context;
};

/*
 * Compiles the lists that `sources` (a sources.conf) names into the lexicon `output`. If a package
 * is not installed, its lists are searched for below `root`, which may be NULL. An optional list
 * that is missing is reported and left out. Returns false on failure, and then writes nothing.
 */
bool a2a_lists_compile(const char *sources, const char *root, const char *output,
	const struct a2a_lists_observer *observer);

/*
 * Compiles a site's own words from `count` files, one word a line, into a lexicon without a model.
 * Keeps the words beside it, as a2a_kept_path() says: a text that this function takes, and from
 * which it makes the same words again. Every line that is not a word is reported. Returns false on
 * failure, and then writes nothing.
 */
bool a2a_lists_compile_site(char *const *files, size_t count, const char *output,
	const struct a2a_lists_observer *observer);

enum a2a_upgrade {
	A2A_UPGRADE_FAILED,
	A2A_UPGRADE_CURRENT, /* there was nothing to do */
	A2A_UPGRADE_DONE,
};

/*
 * Compiles a site's list again, from the text that is kept beside it, when the list is of another
 * version of the format or is not there. Both files must be such as a policy trusts (file.h). On
 * failure, has reported, and leaves everything as it was; a list that is damaged is a failure.
 */
enum a2a_upgrade a2a_lists_upgrade_site(
	const char *path, const struct a2a_lists_observer *observer);

#endif
