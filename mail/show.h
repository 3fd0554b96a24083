/* SPDX-License-Identifier: BSD-3-Clause */
/* Showing a mail on a terminal. */
#ifndef A2A_SHOW_H
#define A2A_SHOW_H

/*
 * Returns a mail as its reader sees it: From, To and Subject, and the text behind an empty line,
 * all decoded to UTF-8. What a terminal would obey is replaced by `?`. Returns NULL when it is no
 * mail or memory is out; release with free().
 */
char *a2a_mail_show(const char *mail);

#endif
