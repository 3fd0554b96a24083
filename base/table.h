/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads text into a struct, by a table of its keys. This is the only parser of `key = value`. */
#ifndef A2A_TABLE_H
#define A2A_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"

enum a2a_setting_type {
	A2A_NUMBER, /* a whole number, in an int64_t */
	A2A_SWITCH, /* yes or no, in a bool; the key alone says yes */
	A2A_FLAG,   /* the key alone, without a value, makes a bool true */
	A2A_TEXT,   /* in a char * that the struct owns */
};

/* One row of a table: a key, and the field of a struct that holds its value. */
struct a2a_setting {
	const char *name;
	enum a2a_setting_type type; /* with the offset: one of the macros below */
	size_t offset;
	int64_t least, most;  /* numbers only, inclusive */
	const char *fallback; /* the default as text; NULL: the field keeps its first value */
	const char *meaning;  /* one English line */
	bool is_path; /* for texts only: must be absolute, or may be empty if the default is empty
		       */
	/* For texts only; may be NULL. Accepts the value; or returns false, having reported why
	 * not. It replaces the check that is_path asks for. */
	bool (*check)(const struct a2a_setting *row, const char *value, const char *where,
		const struct a2a_log *log);
};

/*
 * The type and the offset of a row, for a field of a structure. A field of another C type does not
 * compile. Only a macro can check that, because it needs the field's name.
 */
#define A2A_FIELD(structure, field, c_type) \
	(offsetof(structure, field) * _Generic(&((structure *)0)->field, c_type * : (size_t)1))
#define A2A_NUMBER_FIELD(structure, field) A2A_NUMBER, A2A_FIELD(structure, field, int64_t)
#define A2A_SWITCH_FIELD(structure, field) A2A_SWITCH, A2A_FIELD(structure, field, bool)
#define A2A_FLAG_FIELD(structure, field) A2A_FLAG, A2A_FIELD(structure, field, bool)
#define A2A_TEXT_FIELD(structure, field) A2A_TEXT, A2A_FIELD(structure, field, char *)

/*
 * A table of keys: the settings of the policy, the arguments of the PAM module, or the facts on a
 * sheet. The functions below read and write the struct at `base`; the fields of the rows belong to
 * its type. A table is immutable, and usually static.
 */
struct a2a_table {
	const struct a2a_setting *rows;
	size_t count;
	/* Reports that `name` is not a key of the table, and what to write instead. May be NULL if
	 * a2a_table_has() is always called first. */
	void (*unknown)(const char *name, const char *where, const struct a2a_log *log);
	/* Is told of each row that a line or an assignment has set. May be NULL. */
	void (*taken)(void *base, const struct a2a_setting *row);
};

/*
 * Sets every field that has a default to it. The struct must be all zero, except for numbers and
 * bools without a default. Returns false when memory is out. Call a2a_table_release() in any case.
 */
bool a2a_table_defaults(const struct a2a_table *table, void *base);

/* Frees the texts, and sets them to NULL. Does not free `base`. */
void a2a_table_release(const struct a2a_table *table, void *base);

/*
 * Sets every field of `base` to its value in `from`. Both structs must have their defaults, and
 * every row of the table must have one. Returns false when memory is out.
 */
bool a2a_table_copy(const struct a2a_table *table, void *base, const void *from);

/*
 * Reads `key = value` lines from a file that a2a_file_read() trusts. White space around key and
 * value does not count; `#` begins a comment at the start of a line or after white space. An
 * unknown key, a key that stands in the file twice, and a value out of range are mistakes: each one
 * is reported with file and line, and the function then returns false. Every line without a mistake
 * takes effect. With `may_be_missing`, a file that does not exist is no mistake.
 */
bool a2a_table_read_file(const struct a2a_table *table, void *base, const char *path,
	bool may_be_missing, const struct a2a_log *log);

/* Where the keys of a section go. */
struct a2a_table_sections {
	/* Returns the struct of the section of this name, with its defaults; NULL, having reported,
	 * when there can be no section of that name. */
	void *(*begin)(void *context, const char *name, const char *where);
	void *context;
};

/*
 * Does the same for a file of sections: a line `[NAME]` begins one, and the keys behind it are its
 * own. A key before the first section is a mistake, and so is what begin() refuses.
 */
bool a2a_table_read_sections(const struct a2a_table *table,
	const struct a2a_table_sections *sections, const char *path, bool may_be_missing,
	const struct a2a_log *log);

/*
 * Takes one `key=value`, or the key of a switch or a flag alone. `where` is its origin, for reports
 * ("--set"). Returns false, having reported, when the key is unknown or the value does not fit; the
 * field is then as it was.
 */
bool a2a_table_set(const struct a2a_table *table, void *base, const char *assignment,
	const char *where, const struct a2a_log *log);

/* Tells whether the text up to its `=`, or all of it, is a key of the table. */
bool a2a_table_has(const struct a2a_table *table, const char *assignment);

/*
 * Returns the value of a key as text: "yes" or "no" for a bool, decimal digits for a number, NULL
 * for an unknown key. The text is static, or in `buffer`, or belongs to `base`.
 */
const char *a2a_table_get(
	const struct a2a_table *table, const void *base, const char *name, char buffer[static 24]);

#endif
