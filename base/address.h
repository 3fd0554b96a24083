/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Addresses of mail, of hosts and of pages. Every room checks addresses with these functions, so
 * that an address that one part takes is not refused by another.
 */
#ifndef A2A_ADDRESS_H
#define A2A_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Tells whether a text is one mail address, USER or USER@DOMAIN, and can be nothing else where it
 * stands: no second address, no header, no option or command of a mail program.
 *
 * USER is a dot-atom (RFC 5322, section 3.4.1) of at most 64 bytes, without the characters that a
 * mail program or a shell may take for something else; DOMAIN is a host name.
 */
bool a2a_is_mail_address(const char *text);

/* Does the same for USER@DOMAIN alone: an address that mail from any machine can be sent to. */
bool a2a_is_full_mail_address(const char *text);

/*
 * Returns NULL if a text is a full mail address; otherwise an English sentence that says why it is
 * none, and for an international domain how to write it. The sentence is "" when memory is out.
 * Release with free().
 */
char *a2a_mail_address_problem(const char *text);

/* Tells whether the bytes are a host name (RFC 1123, section 2.1): labels of letters, digits and
 * inner hyphens, of at most 63 bytes each, 253 in all. */
bool a2a_is_host_name(const char *name, size_t length);

/*
 * Returns an international host name as the DNS knows it, "xn--mnchen-3ya.example" (IDNA 2008).
 * Returns NULL when it is none, or when memory is out. Release with free().
 */
char *a2a_host_name_in_ascii(const char *name);

/*
 * Tells whether a text is the address of a page where passwords may be typed: https:// and a host
 * name; then a port, path, query or fragment of the characters that RFC 3986 allows. No user name.
 */
bool a2a_is_page_address(const char *text);

/*
 * Returns the address of a user: the name itself if it has an `@` or `domain` is NULL, otherwise
 * USER@DOMAIN. Returns NULL when memory is out. Release with free().
 */
char *a2a_mail_address(const char *user, const char *domain);

#endif
