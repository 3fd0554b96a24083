/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "change.h"
#include "record.h"
#include "rule_ids.h"
#include "who.h"

static bool take_rules(void *context, const struct a2a_login_record *login)
{
	*(unsigned *)context = a2a_rule_ids_bits(login->record.rules);
	return false;
}

unsigned a2a_webmail_weaknesses(
	const struct a2a_fields *fields, const char *store, const struct a2a_log *log)
{
	const char *user = fields->value[A2A_FIELD_USER].bytes;
	struct a2a_account account = {0};
	struct a2a_record_folder folder;
	unsigned rules = 0;
	const struct a2a_record_reader reader = {take_rules, &rules};
	bool found;

	/* A user who cannot be looked up is one of whom nothing is known. */
	if (a2a_record_open(&folder, store, false, log) &&
		a2a_account_find(&account, user) == A2A_FOUND && a2a_account_is_mail_user(&account))
		a2a_record_find(&folder, user, &found, &reader, log);
	a2a_account_free(&account);
	a2a_record_close(&folder);
	return rules;
}
