/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The messages of one language, from a compiled gettext catalogue.
 *
 * gettext() translates into the language of the process's locale, and does not translate in the
 * locale C, which every mail daemon has. A module in somebody else's process must not change the
 * locale, and the locales of the users need not be installed. So this code reads the .mo file
 * itself.
 */
#ifndef A2A_CATALOGUE_H
#define A2A_CATALOGUE_H

#include "file.h"

/* A catalogue in memory. All zero is an empty one, in which nothing is found. */
struct a2a_catalogue {
	struct a2a_file file;
	bool is_swapped; /* its numbers have the other byte order than this machine's */
};

/* Reads `path` and checks all of it. Returns 0, or an errno value as a2a_file_read(); EBADMSG when
 * it is not a whole catalogue. Release with a2a_catalogue_close(). */
int a2a_catalogue_open(struct a2a_catalogue *catalogue, const char *path);

/* Returns the translation, which belongs to the catalogue, or `message` itself when there is none.
 */
const char *a2a_catalogue_find(const struct a2a_catalogue *catalogue, const char *message);

/*
 * Returns a form of the translation of a message with a plural: the first one is number 0.
 * `message` is the message's singular. Returns `untranslated` when there is no such form. The
 * translation belongs to the catalogue.
 */
const char *a2a_catalogue_find_plural(const struct a2a_catalogue *catalogue, const char *message,
	const char *untranslated, size_t form);

/* Releases the file. Safe on one that is all zero. */
void a2a_catalogue_close(struct a2a_catalogue *catalogue);

#endif
