/* SPDX-License-Identifier: BSD-3-Clause */
#include "send.h"

#include <string.h>

#include "process.h"

bool a2a_mail_send(const char *sendmail, const char *mail, const struct a2a_log *log)
{
	/* -t: the recipient is in the mail, so that no user name can be taken for an option.
	 * -i: a line with nothing but a dot does not end the mail. */
	const char *const arguments[] = {sendmail, "-t", "-i", NULL};
	int status;
	const char *wrong = a2a_process_run(arguments, mail, strlen(mail), &status);

	if (wrong)
		return a2a_fault(log, sendmail, "%s", wrong);
	return status == 0 ||
	       a2a_fault(log, sendmail, "did not take the mail (exit status %d)", status);
}
