/* SPDX-License-Identifier: BSD-3-Clause */
/* Passwords as Dovecot's passdbs keep them, "{SCHEME}..." or the hash alone. */
#ifndef A2A_STORED_H
#define A2A_STORED_H

#include "backend.h"

/*
 * Compares a password with a stored one: in the schemes of crypt(3), ARGON2ID and ARGON2I, the
 * salted and the plain ones of SHA in base64, and PLAIN. Without {SCHEME}, it is crypt(3)'s
 * or argon2's, by its first characters. A scheme that is not known makes A2A_CANNOT_VERIFY, and
 * `*why` names it.
 */
enum a2a_verified a2a_stored_verify(
	const struct secret *stored, const struct secret *password, char **why);

#endif
