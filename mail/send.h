/* SPDX-License-Identifier: BSD-3-Clause */
/* Handing a mail to the mail server. */
#ifndef A2A_SEND_H
#define A2A_SEND_H

#include "log.h"

/*
 * Gives a whole mail, headers first, lines ended by LF, to `sendmail` (an absolute path), and waits
 * until that program has taken it. The header To names the recipient. Returns false, having
 * reported, when the program cannot be run or did not take the mail.
 */
bool a2a_mail_send(const char *sendmail, const char *mail, const struct a2a_log *log);

#endif
