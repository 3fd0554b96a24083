/* SPDX-License-Identifier: BSD-3-Clause */
/* The passwords in /etc/shadow: compares one, and forces its change. */
#ifndef A2A_UNIX_PASSWORD_H
#define A2A_UNIX_PASSWORD_H

#include "secret.h"

/* Tells whether the account has a line in /etc/shadow, or in what nsswitch.conf(5) names for it. */
bool a2a_unix_password_exists(const char *user);

/* Tells whether this is the account's password there. Also returns false when the account has no
 * line. */
bool a2a_unix_password_is(const char *user, const struct secret *password);

/*
 * Takes the time and the memory that pam_unix takes to verify a password whose hash is of the kind
 * that libcrypt prefers, without an account. For a program whose caller must not learn from these
 * which accounts exist.
 */
void a2a_unix_password_pretend(const struct secret *password);

/* The program that a2a_unix_password_expire() runs. */
#define A2A_CHAGE "/usr/bin/chage"

/*
 * Marks the account's password as expired, so that the user must change it at the next login, by
 * chage(1), which knows how /etc/shadow is locked and written. Returns false when chage(1) failed.
 */
bool a2a_unix_password_expire(const char *user);

#endif
