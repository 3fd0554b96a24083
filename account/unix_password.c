/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "unix_password.h"

#include <crypt.h>
#include <shadow.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"

bool a2a_unix_password_exists(const char *user)
{
	return getspnam(user);
}

bool a2a_unix_password_is(const char *user, const struct secret *password)
{
	const struct spwd *entry = getspnam(user);
	struct crypt_data *data = entry ? calloc(1, sizeof(*data)) : NULL;
	const char *hash =
		data ? crypt_rn(password->bytes, entry->sp_pwdp, data, sizeof(*data)) : NULL;
	const bool same = hash && strcmp(hash, entry->sp_pwdp) == 0;

	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
	return same;
}

bool a2a_unix_password_expire(const char *user)
{
	const char *const arguments[] = {A2A_CHAGE, "-d", "0", "--", user, NULL};
	int status;

	return !a2a_process_run(arguments, NULL, 0, &status) && status == 0;
}
