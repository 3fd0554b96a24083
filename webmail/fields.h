/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The fields that all2all-passwd reads from its standard input.
 *
 * Each is a netstring: the length of NAME=VALUE in bytes, a colon, NAME=VALUE, a comma, such as
 * "9:user=jan1,". So a value may hold any byte, and no byte of a value can begin another field. The
 * format is D. J. Bernstein's (cr.yp.to/proto/netstrings.txt).
 */
#ifndef A2A_FIELDS_H
#define A2A_FIELDS_H

#include "secret.h"

enum a2a_field {
	A2A_FIELD_USER,
	A2A_FIELD_LANG,
	A2A_FIELD_HOST,
	A2A_FIELD_OLD,
	A2A_FIELD_NEW,
	A2A_FIELDS
};

/* The most bytes that an input may have. */
enum { A2A_FIELDS_MOST_BYTES = 1 << 16 };

/* All zero before a2a_fields_parse(); release with a2a_fields_wipe(). */
struct a2a_fields {
	struct secret value[A2A_FIELDS]; /* copies, each followed by a NUL that is not counted */
	bool given[A2A_FIELDS];
};

/*
 * Reads `fd` to its end, for at most `seconds`, into `input`, which must own nothing yet. Release
 * it with a2a_secret_wipe(), also after a failure. Returns NULL, or in English why it failed: more
 * than A2A_FIELDS_MOST_BYTES, no end in time, no memory, an error.
 */
const char *a2a_fields_read(int fd, unsigned seconds, struct secret *input);

/*
 * Takes the fields out of an input. `needed` has a bit, 1 << A2A_FIELD_OLD, for each field that
 * must be there; the others may be missing. Returns NULL, or in English what is wrong, without any
 * part of a value: not the format, an unknown name, a field twice, one missing, a value with a
 * character or a length that it cannot have.
 */
const char *a2a_fields_parse(
	struct a2a_fields *fields, const struct secret *input, unsigned needed);

void a2a_fields_wipe(struct a2a_fields *fields);

#endif
