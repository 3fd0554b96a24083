/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One language's messages, out of a compiled gettext catalogue.
 *
 * gettext() itself answers in the language of the process's locale, and in none when that is C, as
 * in every mail daemon; the locale may not be changed from inside somebody else's process, and the
 * locales of the users' languages need not be installed. So the .mo file is looked into directly.
 */
#ifndef A2A_CATALOGUE_H
#define A2A_CATALOGUE_H

#include "file.h"

/* A mapped catalogue. All zero is an empty one, in which nothing is found. */
struct a2a_catalogue {
	struct a2a_file file;
};

/* Maps `path`. Returns 0 or as a2a_file_open(); EBADMSG when it is no catalogue. */
int a2a_catalogue_open(struct a2a_catalogue *catalogue, const char *path);

/* The translation, or `message` itself when there is none. Belongs to the catalogue. */
const char *a2a_catalogue_find(const struct a2a_catalogue *catalogue, const char *message);

void a2a_catalogue_close(struct a2a_catalogue *catalogue);

#endif
