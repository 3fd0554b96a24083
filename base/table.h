/* SPDX-License-Identifier: BSD-3-Clause */
/* Text -> a struct, by a table of its keys: the one reader of `key = value` lines. */
#ifndef A2A_TABLE_H
#define A2A_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"

enum a2a_setting_type { A2A_NUMBER, A2A_SWITCH, A2A_TEXT };

/* One row of a table: a key, and the field of a struct that holds its value. */
struct a2a_setting {
	const char *name;
	enum a2a_setting_type type;
	long least, most;     /* numbers only, inclusive */
	const char *fallback; /* the default, as one would write it */
	const char *meaning;  /* one English line */
	bool is_path;         /* texts only: must be absolute, or empty where the default is */
	size_t offset; /* of the field: a long, of a text a char * that is the struct's own */
	/* Texts only, may be NULL: whether the value will do. Reports when it will not. What
	 * is_path says is left to it. */
	bool (*check)(const struct a2a_setting *row, const char *value, const char *where,
		const struct a2a_log *log);
};

/*
 * A table, for what has a configuration file of its own: the engine's settings, the facts on a
 * sheet. The functions below read and write the struct at `base` that the offsets are of, which
 * must be all zero before a2a_table_defaults(). Immutable, and usually static.
 */
struct a2a_table {
	const struct a2a_setting *rows;
	size_t count;
	/* Reports that `name` is not a key of the table, and what to write instead. */
	void (*unknown)(const char *name, const char *where, const struct a2a_log *log);
};

/* Sets every field to its default. False when memory is out; a2a_table_release() in any case. */
bool a2a_table_defaults(const struct a2a_table *table, void *base);

/* Frees the texts; not `base` itself. */
void a2a_table_release(const struct a2a_table *table, void *base);

/* Sets every field of `base`, which has its defaults, as it is in `from`. False without memory. */
bool a2a_table_copy(const struct a2a_table *table, void *base, const void *from);

/* As the functions of the settings below whose names end the same. */
bool a2a_table_read_file(const struct a2a_table *table, void *base, const char *path,
	bool may_be_missing, const struct a2a_log *log);
bool a2a_table_set(const struct a2a_table *table, void *base, const char *assignment,
	const char *where, const struct a2a_log *log);
bool a2a_table_has(const struct a2a_table *table, const char *assignment);
const char *a2a_table_get(
	const struct a2a_table *table, const void *base, const char *name, char buffer[static 24]);

#endif
