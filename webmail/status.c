/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <stdlib.h>

#include "accounts.h"
#include "change.h"
#include "record.h"
#include "rule_ids.h"
#include "who.h"

static bool take_rules(void *context, const struct a2a_login_record *login)
{
	*(unsigned *)context = a2a_rule_ids_bits(login->record.rules);
	return false;
}

/* The name by which the audit knows a mail user; NULL when it is none, or cannot be told. */
static char *name_of(const char *user, const char *path, const struct a2a_log *log)
{
	struct a2a_accounts *accounts = a2a_accounts_open(path, NULL, log);
	struct a2a_account account = {0};
	char *name = NULL;

	if (accounts && (a2a_accounts_is_virtual(accounts, user) ||
				(a2a_account_find(&account, user) == A2A_FOUND &&
					a2a_account_is_mail_user(&account))))
		name = a2a_accounts_name(accounts, user, NULL);
	a2a_account_free(&account);
	a2a_accounts_close(accounts);
	return name;
}

unsigned a2a_webmail_weaknesses(const struct a2a_fields *fields, const char *store,
	const char *accounts, const struct a2a_log *log)
{
	char *user = NULL;
	struct a2a_record_folder folder;
	unsigned rules = 0;
	const struct a2a_record_reader reader = {take_rules, &rules};
	bool found;

	/* A user who cannot be looked up is one of whom nothing is known. */
	if (a2a_record_open(&folder, store, false, log) &&
		(user = name_of(fields->value[A2A_FIELD_USER].bytes, accounts, log)))
		a2a_record_find(&folder, user, &found, &reader, log);
	free(user);
	a2a_record_close(&folder);
	return rules;
}
