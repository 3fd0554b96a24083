/* SPDX-License-Identifier: BSD-3-Clause */
#include "sql_presets.h"

#include <string.h>

/*
 * The tables are those of: the comments in Dovecot's dovecot-sql.conf.ext (2.3); PostfixAdmin's
 * upgrade.php (3.3); Modoboa's core/models.py (2.x); iRedMail's samples/iredmail (1.6). All of it
 * is SQL that PostgreSQL and MariaDB share; `active` is a boolean to one, and a number to the
 * other.
 *
 * PostfixAdmin and Modoboa let their users log in to pages of their own, in PHP and in Python,
 * which do not know yescrypt.
 */
static const struct a2a_sql_preset presets[] = {
	{"dovecot", HASH_YESCRYPT, true,
		"SELECT concat(username, '@', domain), password FROM users "
		"WHERE username = :local AND domain = :domain AND active = 'Y'",
		"UPDATE users SET password = :hash "
		"WHERE username = :local AND domain = :domain AND active = 'Y'"},
	{"postfixadmin", HASH_SHA512, false,
		"SELECT username, password, name FROM mailbox "
		"WHERE username = :user AND active = '1'",
		"UPDATE mailbox SET password = :hash, modified = now() "
		"WHERE username = :user AND active = '1'"},
	{"modoboa", HASH_SHA512, true,
		"SELECT email, password, concat(first_name, ' ', last_name) FROM core_user "
		"WHERE email = :user AND is_active",
		"UPDATE core_user SET password = :hash WHERE email = :user AND is_active"},
	{"iredmail", HASH_BCRYPT, true,
		"SELECT username, password, name FROM mailbox "
		"WHERE username = :user AND active = 1",
		"UPDATE mailbox SET password = :hash, passwordlastchange = now() "
		"WHERE username = :user AND active = 1"},
};

const struct a2a_sql_preset *a2a_sql_preset_find(const char *name)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (strcmp(presets[i].name, name) == 0)
			return &presets[i];
	return NULL;
}

const char *a2a_sql_preset_names(void)
{
	return "dovecot postfixadmin modoboa iredmail";
}
