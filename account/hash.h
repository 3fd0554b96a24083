/* SPDX-License-Identifier: BSD-3-Clause */
/* Password hashes as Dovecot's passdbs and crypt(5) take them. */
#ifndef A2A_HASH_H
#define A2A_HASH_H

#include "secret.h"

enum hash_scheme { HASH_YESCRYPT, HASH_BCRYPT, HASH_SHA512, HASH_ARGON2ID, HASH_SCHEMES };

/* Finds "yescrypt", "bcrypt", "sha512" or "argon2id". False: it is none of these. */
bool hash_find(const char *name, enum hash_scheme *scheme);

/* The name of one, as hash_find() takes it; and all of them for a message. */
const char *hash_name(enum hash_scheme scheme);
const char *hash_names(void);

/*
 * Appends "{SCHEME}hash", with the prefix that Dovecot has for it and a fresh random salt, to an
 * owned secret. Returns NULL, or what is wrong in English (a sentence without a full stop and
 * without the password), and the secret is then as it was. May be called in several threads at
 * once. One takes a hundredth (yescrypt) to a seventh (argon2id) of a second by intention, and
 * meanwhile 16 and 64 MiB of memory.
 *
 * What crypt(3) would cut is refused: a password with a NUL, one of more than 511 bytes (nobody
 * could log in with it by PAM either), and for bcrypt one of more than 72.
 */
const char *hash_password(
	enum hash_scheme scheme, const struct secret *password, struct secret *hashed);

/*
 * Hashes `count` passwords into as many secrets, in `jobs` threads; 0: one for each processor that
 * this process may run on. Returns NULL, or what is wrong with one of them, whose place is then in
 * `*which` (the others may be hashed or not).
 */
const char *hash_all(enum hash_scheme scheme, size_t count, const struct secret *passwords,
	struct secret *hashed, unsigned jobs, size_t *which);

#endif
