/* SPDX-License-Identifier: BSD-3-Clause */
#include "complain.h"

#include <err.h>

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	warnx("%s", text);
}

const struct a2a_log complaints = {.say = say};
