/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads sources.conf, which says which lists of words are compiled, and how. words.h explains the
 * reports. */
#ifndef A2A_SOURCES_H
#define A2A_SOURCES_H

#include <stdbool.h>

#include "language.h"
#include "lexicon_format.h"
#include "log.h"

/* The kind of a list is the kind of its words (enum a2a_kind), or this one. */
enum { A2A_LEAKED_LIST = A2A_KINDS, A2A_LIST_KINDS };

/* One line of sources.conf, whose heading explains the columns. */
struct source {
	enum a2a_language language; /* A2A_LANGUAGES: `*`, no language in particular */
	unsigned kind;              /* enum a2a_kind or A2A_LEAKED_LIST */
	bool is_required;
	double bits;
	/* How often the model of characters learns each word: the `first` ones, and the others. */
	unsigned first, first_times, other_times;
	const char *package; /* Debian's, or "-" for our own lists */
	const char *name;    /* the path as it stands in the file */
	const char *path;    /* where the list is */
	bool is_missing;     /* the list is not there, and is not required */
};

/* Returns the word of sources.conf for a kind of list. It is also the name of that kind of word. */
const char *source_kind_name(unsigned kind);

/* Returns the word of sources.conf for a language: its tag or "*". */
const char *source_language_name(enum a2a_language language);

/*
 * Calls `each` for every source in the file; stops when `each` returns false. The source is valid
 * only during that call. Our own lists are below the folder of sources.conf; a list whose package
 * is not installed is searched for below `root`, if that is not NULL. Returns whether all went
 * well; every mistake is reported with file and line.
 */
bool sources_read(const char *path, const char *root, bool (*each)(const struct source *, void *),
	void *context, const struct a2a_log *log);

#endif
