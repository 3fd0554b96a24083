/* SPDX-License-Identifier: BSD-3-Clause */
/* How well-known programs keep their users in a database. */
#ifndef A2A_SQL_PRESETS_H
#define A2A_SQL_PRESETS_H

#include "hash.h"

struct a2a_sql_preset {
	const char *name;
	enum hash_scheme scheme; /* that the program itself takes */
	bool has_prefix;         /* whether it keeps {SCHEME} in front of a hash */
	const char *lookup, *update;
};

/* Returns the preset of a name, or NULL. */
const struct a2a_sql_preset *a2a_sql_preset_find(const char *name);

/* The names of all, for a message. */
const char *a2a_sql_preset_names(void);

#endif
