/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "change.h"
#include "rule_ids.h"
#include "store.h"
#include "who.h"

static bool take_rules(void *context, const struct a2a_record *record)
{
	*(unsigned *)context = a2a_rule_ids_bits(record->rules);
	return false;
}

unsigned a2a_webmail_weaknesses(
	const struct a2a_fields *fields, const char *store_path, const struct a2a_log *log)
{
	const char *user = fields->value[A2A_FIELD_USER].bytes;
	struct a2a_account account = {0};
	struct a2a_store *store = NULL;
	unsigned rules = 0;
	const struct a2a_reader reader = {take_rules, &rules};
	bool found;

	/* A user who cannot be looked up is one of whom nothing is known. */
	/* Without an audit there is nothing to report either. */
	if (a2a_store_exists(store_path) && a2a_account_find(&account, user) == A2A_FOUND &&
		a2a_account_is_mail_user(&account))
		store = a2a_store_open(store_path, A2A_TO_LOOK_UP, log);
	if (store)
		a2a_store_find(store, user, &found, &reader, log);
	a2a_store_close(store);
	a2a_account_free(&account);
	return rules;
}
