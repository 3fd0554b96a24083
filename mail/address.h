/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses that are safe to put into a mail. */
#ifndef A2A_ADDRESS_H
#define A2A_ADDRESS_H

#include <stdbool.h>

/*
 * Whether a text may stand in a header as one mail address, USER or USER@DOMAIN, and can be nothing
 * else there: no second address, no header of its own, no option or command of a mail program.
 */
bool a2a_is_mail_address(const char *text);

/* The same of USER@DOMAIN alone: an address that mail from any machine can be sent to. */
bool a2a_is_full_mail_address(const char *text);

/* Whether a text may stand in a mail as the address of a page: https only, printable ASCII. */
bool a2a_is_page_address(const char *text);

/*
 * The address of a user: the name itself when it has an `@` or `domain` is NULL, otherwise
 * USER@DOMAIN. Returns NULL when memory is out; release with free().
 */
char *a2a_mail_address(const char *user, const char *domain);

#endif
