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

void a2a_unix_password_pretend(const struct secret *password)
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data = calloc(1, sizeof(*data));

	/* Linux-PAM's pam_unix hashes a password twice, up to version 1.6.1 at least. */
	if (data && crypt_gensalt_rn(NULL, 0, NULL, 0, salt, sizeof(salt)))
		for (int i = 0; i < 2; i++)
			crypt_rn(password->bytes, salt, data, sizeof(*data));
	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
}

bool a2a_unix_password_expire(const char *user)
{
	const char *const arguments[] = {A2A_CHAGE, "-d", "0", "--", user, NULL};
	int status;

	return !a2a_process_run(arguments, NULL, 0, &status) && status == 0;
}
