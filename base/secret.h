/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that holds a password, and its wiping. */
#ifndef A2A_SECRET_H
#define A2A_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A password: `length` bytes at `bytes`, followed by a NUL that is not counted. `capacity` is the
 * size of the allocation in bytes, or 0 when somebody else owns the bytes (libpam, a test).
 */
struct secret {
	char *bytes;
	size_t length;
	size_t capacity;
};

/* Returns a view of `length` bytes. Their owner keeps them: wiping the view does not change them.
 */
struct secret a2a_secret_borrow(const char *bytes, size_t length);

/*
 * Allocates an empty secret, all zero, that can take `length` bytes and a NUL. `secret` must not
 * own anything yet. Returns false when memory is out. Release with a2a_secret_wipe().
 */
bool a2a_secret_reserve(struct secret *secret, size_t length);

/*
 * Appends bytes to an owned or empty secret. When they do not fit, the bytes move to a larger block
 * and the old block is wiped, because realloc() would leave a copy behind. Returns false, with the
 * secret unchanged, when memory is out.
 */
bool a2a_secret_append(struct secret *secret, const char *bytes, size_t length);

/* Overwrites and frees the bytes that the secret owns, and empties it. Safe on an empty one. */
void a2a_secret_wipe(struct secret *secret);

/*
 * Clears the registers that a function may use. memcpy() leaves what it copied in vector registers,
 * and functions with variable arguments, and the dynamic linker, save these on the stack, where
 * they stay. The two functions above do it themselves; call it after other work on a password.
 */
void a2a_secret_clear_registers(void);

/*
 * Overwrites the 512 KiB of stack that functions called from here have used, whatever libraries
 * have left there. For commands, after their work with passwords; a program that loads the module
 * may have a smaller stack.
 */
void a2a_secret_clear_stack(void);

#endif
