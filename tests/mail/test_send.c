/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests how a mail is handed to sendmail. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "send.h"

static void write_program(const char *path, const char *script)
{
	write_file(path, script, strlen(script));
	assert_int_equal(chmod(path, 0755), 0);
}

static void sendmail_gets_the_mail(void **state)
{
	char *folder = new_folder(), *program = NULL, *script = NULL, *copy = NULL;
	unsigned char *sent;
	struct reports reports;
	size_t size;

	(void)state;
	reports_start(&reports);
	assert_true(asprintf(&program, "%s/sendmail", folder) > 0);
	assert_true(asprintf(&copy, "%s/copy", folder) > 0);
	assert_true(
		asprintf(&script, "#!/bin/sh\necho \"$*\" >'%s'\ncat >>'%s'\n", copy, copy) > 0);
	write_program(program, script);
	assert_true(a2a_mail_send(program, "To: a@b\n\n.\ntext\n", &reports.log));
	sent = read_file(copy, &size);
	assert_int_equal(size, 6 + 16);
	assert_memory_equal(sent, "-t -i\nTo: a@b\n\n.\ntext\n", size);
	free(sent);
	assert_int_equal(reports.faults, 0);
	/* These programs do not take the mail; one says so, the other does not. */
	write_program(program, "#!/bin/sh\nexit 75\n");
	assert_false(a2a_mail_send(program, "To: a@b\n\ntext\n", &reports.log));
	assert_non_null(strstr(reports.text, "did not take the mail (exit status 75)"));
	write_program(program, "#!/bin/sh\nkill -9 $$\n");
	assert_false(a2a_mail_send(program, "To: a@b\n\ntext\n", &reports.log));
	assert_false(a2a_mail_send("/nonexistent/sendmail", "To: a@b\n\ntext\n", &reports.log));
	assert_non_null(strstr(reports.text, "/nonexistent/sendmail: No such file"));
	assert_int_equal(reports.faults, 3);
	free(script);
	free(copy);
	free(program);
	remove_folder(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sendmail_gets_the_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
