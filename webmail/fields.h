/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fields that a program hands to all2all-passwd on its standard input.
 *
 * Each is a netstring, LENGTH:NAME=VALUE, with the length in bytes of NAME=VALUE: "9:user=jan1,".
 * So a value may hold any byte, and none of them can begin another field. The format is
 * D. J. Bernstein's (cr.yp.to/proto/netstrings.txt).
 */
#ifndef A2A_FIELDS_H
#define A2A_FIELDS_H

#include "secret.h"

enum field { FIELD_USER, FIELD_LANG, FIELD_HOST, FIELD_OLD, FIELD_NEW, FIELDS };

/* The bytes of all fields together; beyond that, nothing is read. */
enum { FIELDS_MOST_BYTES = 1 << 16 };

/* All zero before fields_parse(); release with fields_wipe(). */
struct fields {
	struct secret value[FIELDS]; /* copies, each ending in a NUL that is not counted */
	bool given[FIELDS];
};

/*
 * Reads `fd` up to its end into `input`, which must own nothing. Returns NULL, or what is wrong in
 * English: too many bytes, no end after `seconds`, an error.
 */
const char *fields_read(int fd, unsigned seconds, struct secret *input);

/*
 * Takes the fields out of an input. `needed` has a bit, 1 << FIELD_OLD, for each field that must be
 * there; the others may be. Returns NULL, or what is wrong in English, without anything of a value:
 * not the format, an unknown name, a field twice, one missing, a value that cannot be one.
 */
const char *fields_parse(struct fields *fields, const struct secret *input, unsigned needed);

void fields_wipe(struct fields *fields);

#endif
