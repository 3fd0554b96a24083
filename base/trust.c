/* SPDX-License-Identifier: BSD-3-Clause */
#include "trust.h"

#include <unistd.h>

enum a2a_trust a2a_trust(const struct stat *status)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return A2A_OWNED_BY_OTHERS;
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return A2A_WRITABLE_BY_OTHERS;
	return A2A_TRUSTED;
}

bool a2a_is_private(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       !(status->st_mode & (S_IRWXG | S_IRWXO)) && status->st_nlink == 1;
}
