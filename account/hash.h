/* SPDX-License-Identifier: BSD-3-Clause */
/* Password hashes as Dovecot's passdbs and crypt(5) take them. */
#ifndef A2A_HASH_H
#define A2A_HASH_H

#include "secret.h"

enum hash_scheme { HASH_YESCRYPT, HASH_BCRYPT, HASH_SHA512, HASH_ARGON2ID, HASH_SCHEMES };

/* Finds the scheme of a name: "yescrypt", "bcrypt", "sha512" or "argon2id". Returns false when
 * there is none. */
bool hash_find(const char *name, enum hash_scheme *scheme);

/* Return the name of a scheme, as hash_find() takes it, and a list of all names for a message. */
const char *hash_name(enum hash_scheme scheme);
const char *hash_names(void);

/* Tells whether a text that hash_password() made is of this scheme. */
bool hash_is_of(enum hash_scheme scheme, const char *hashed);

/*
 * Hashes a password with a fresh random salt, and appends "{SCHEME}hash", with Dovecot's name of
 * the scheme, to an owned secret. Returns NULL; or a text that says in English what is wrong,
 * without a full stop and without the password. The secret is then unchanged. Thread-safe. One hash
 * takes a hundredth (yescrypt) to a seventh (argon2id) of a second, on purpose, and 16 or 64 MiB of
 * memory.
 *
 * A password that crypt(3) would cut is refused: one that holds a NUL, one of more than 511 bytes
 * (PAM would not accept it at a login either), and for bcrypt one of more than 72 bytes.
 */
const char *hash_password(
	enum hash_scheme scheme, const struct secret *password, struct secret *hashed);

/*
 * Hashes `count` passwords into as many secrets, in `jobs` threads; 0 means one thread for each
 * processor that this process may run on. Returns NULL, or a text that says what is wrong with the
 * password at `*which`; the other passwords may be hashed or not.
 */
const char *hash_all(enum hash_scheme scheme, size_t count, const struct secret *passwords,
	struct secret *hashed, unsigned jobs, size_t *which);

#endif
