/* SPDX-License-Identifier: BSD-3-Clause */
#include "setter.h"

static char *problem(void *context, const char *user, struct a2a_account *account)
{
	return a2a_backend_problem(context, user, account);
}

static bool lock(void *context, const char *user, const struct a2a_log *log)
{
	return a2a_backend_lock(context, user, log);
}

static void unlock(void *context, const char *user)
{
	a2a_backend_unlock(context, user);
}

static enum a2a_set set(void *context, const char *user, const struct secret *password, char **why)
{
	return a2a_backend_set(context, user, password, why);
}

bool a2a_setter_open(struct a2a_setter *setter, const char *service, bool force_change,
	const struct a2a_log *log)
{
	*setter = (struct a2a_setter){
		.context = a2a_backend_open(service, force_change, log),
		.problem = problem,
		.lock = lock,
		.unlock = unlock,
		.set = set,
	};
	if (setter->context)
		setter->service = a2a_backend_service(setter->context);
	return setter->context;
}

void a2a_setter_close(struct a2a_setter *setter)
{
	a2a_backend_close(setter->context);
	*setter = (struct a2a_setter){0};
}
