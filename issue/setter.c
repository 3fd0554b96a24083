/* SPDX-License-Identifier: BSD-3-Clause */
#include "setter.h"

#include <stdlib.h>
#include <string.h>

static char *name(void *context, const char *user, const char *domain)
{
	return a2a_accounts_name(context, user, domain);
}

static bool find(void *context, const char *user, struct a2a_account *account, char **problem,
	const struct a2a_log *log)
{
	char *why = NULL;
	const enum a2a_lookup lookup = a2a_accounts_find(context, user, account, &why);
	const bool is_broken = lookup == A2A_CANNOT_TELL;

	if (is_broken)
		a2a_fault(log, user, "%s", why ? why : "out of memory");
	*problem = NULL;
	if (lookup == A2A_NO_SUCH_USER)
		*problem = why ? why : strdup("");
	else
		free(why);
	return !is_broken;
}

static bool lock(void *context, const char *user, const struct a2a_log *log)
{
	return a2a_accounts_lock(context, user, log);
}

static void unlock(void *context, const char *user)
{
	a2a_accounts_unlock(context, user);
}

static enum a2a_set set(void *context, const char *user, const struct secret *password, char **why)
{
	return a2a_accounts_set(context, user, password, why);
}

struct a2a_setter a2a_setter_make(struct a2a_accounts *accounts)
{
	return (struct a2a_setter){
		.context = accounts,
		.service = a2a_accounts_service(accounts),
		.name = name,
		.find = find,
		.lock = lock,
		.unlock = unlock,
		.set = set,
	};
}
