/* SPDX-License-Identifier: BSD-3-Clause */
/* The person whom a password is for. */
#ifndef A2A_PERSON_H
#define A2A_PERSON_H

#include "secret.h"

/*
 * Who the password is for. `names` are texts of any form (user name, GECOS field, mail address,
 * host name): the engine takes the words out of them. `old_password` may be NULL. All of it stays
 * the caller's.
 */
struct a2a_person {
	const char *const *names;
	size_t name_count;
	const struct secret *old_password;
};

#endif
