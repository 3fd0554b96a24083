/* SPDX-License-Identifier: BSD-3-Clause */
/* The person to whom a password belongs. */
#ifndef A2A_PERSON_H
#define A2A_PERSON_H

#include "secret.h"

/*
 * `names` are texts of any form (user name, GECOS field, mail address, host name), of which each
 * may be NULL; the engine takes the words out of them. `old_password` is NULL when it is not known.
 * All texts belong to the caller.
 */
struct a2a_person {
	const char *const *names;
	size_t name_count;
	const struct secret *old_password;
};

#endif
