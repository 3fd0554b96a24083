/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that holds a password, and its wiping. */
#ifndef A2A_SECRET_H
#define A2A_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A password: `length` bytes at `bytes`, followed by a NUL that is not counted. `room` is the
 * size of the allocation, or 0 when the bytes belong to somebody else (libpam, a test's literal).
 */
struct secret {
	char *bytes;
	size_t length;
	size_t room;
};

/* A view of `length` bytes that stay their owner's: wiping the view does not touch them. */
struct secret a2a_secret_borrow(const char *bytes, size_t length);

/*
 * Allocates room for `length` bytes and a NUL, all zero; `secret` must not own anything yet.
 * Returns false when memory is out. Release with a2a_secret_wipe().
 */
bool a2a_secret_reserve(struct secret *secret, size_t length);

/*
 * Appends bytes to an owned secret. When there is no room left, a larger block is taken and the
 * old one wiped (realloc() would leave a copy behind). Returns false when memory is out, and the
 * secret is then as it was.
 */
bool a2a_secret_append(struct secret *secret, const char *bytes, size_t length);

/* Overwrites and frees what the secret owns, and empties it. Safe on an empty one. */
void a2a_secret_wipe(struct secret *secret);

#endif
