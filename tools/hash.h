/* SPDX-License-Identifier: BSD-3-Clause */
/* Password hashes as Dovecot's passdbs and crypt(5) take them. */
#ifndef A2A_HASH_H
#define A2A_HASH_H

#include "secret.h"

enum hash_scheme { HASH_YESCRYPT, HASH_BCRYPT, HASH_SHA512, HASH_ARGON2ID, HASH_SCHEMES };

/* "yescrypt", "bcrypt", "sha512", "argon2id"; the names of all of them for a message. */
bool hash_find(const char *name, enum hash_scheme *scheme);

/*
 * Appends "{SCHEME}hash", with the prefix that Dovecot has for it and a fresh random salt, to an
 * owned secret. Returns NULL, or what is wrong in English. May be called in several threads at
 * once; it takes a tenth of a second or so by intention.
 */
const char *hash_password(
	enum hash_scheme scheme, const struct secret *password, struct secret *hashed);

#endif
