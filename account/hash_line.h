/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes as lines that an administrator puts into place by hand: into a passwd-file, or into a
 * database, by COPY or as statements. */
#ifndef A2A_HASH_LINE_H
#define A2A_HASH_LINE_H

#include "hash.h"

struct a2a_sql_preset;

/* In what form. All zero: as a passwd-file has it. */
struct a2a_hash_form {
	const struct a2a_sql_preset *preset; /* an UPDATE of its table; NULL: none */
	bool is_copy;                        /* for COPY: user and hash with a tab between them */
	bool is_bare;                        /* without {SCHEME} */
};

/* Finds the form of a name: "passwd-file", "copy", or that of a preset (sql_presets.h). Returns
 * false when there is none. */
bool a2a_hash_form_find(struct a2a_hash_form *form, const char *name);

/* The names of all, for a message. */
const char *a2a_hash_form_names(void);

/*
 * Appends the line of a user to an owned or empty secret: a name of a2a_virtual_name(), and a hash
 * of hash_password(). Returns false when memory is out.
 */
bool a2a_hash_line(
	const struct a2a_hash_form *form, const char *user, const char *hash, struct secret *line);

#endif
