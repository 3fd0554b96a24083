/* SPDX-License-Identifier: BSD-3-Clause */
/* sources.conf: which lists of words are compiled, and how. See words.h on reports. */
#ifndef A2A_SOURCES_H
#define A2A_SOURCES_H

#include <stdbool.h>

#include "language.h"
#include "lexicon_format.h"
#include "log.h"

/* A list has the kind of its words, by enum a2a_kind, or else this one. */
enum { A2A_LEAKED_LIST = A2A_KINDS, A2A_LIST_KINDS };

/* One line of sources.conf, whose heading explains the columns. */
struct source {
	enum a2a_language language; /* A2A_LANGUAGES: `*`, of no language in particular */
	unsigned kind;              /* enum a2a_kind or A2A_LEAKED_LIST */
	bool is_required;
	double bits;
	/* How often the model of characters learns each word: the `first` ones, and the others. */
	unsigned first, first_times, other_times;
	const char *package; /* Debian's, or "-" for our own lists */
	const char *name;    /* the path as it stands in the file */
	const char *path;    /* where the list is */
	bool is_missing;     /* it is not there, and not required */
};

/* The word of sources.conf for a kind of list; it is also the name of that kind of word. */
const char *source_kind_name(unsigned kind);

/* The word of sources.conf for a language: its tag or "*". */
const char *source_language_name(enum a2a_language language);

/*
 * Calls `each` for every source in the file, which lives until `each` returns; stops when that is
 * false. Our own lists are below the folder of sources.conf; a package's list that is not installed
 * is looked for below `root`, if that is not NULL. Returns whether all went well; what did not is
 * reported with file and line.
 */
bool sources_read(const char *path, const char *root, bool (*each)(const struct source *, void *),
	void *context, const struct a2a_log *log);

#endif
