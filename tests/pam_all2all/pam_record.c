/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PAM module for the tests. When passwords are updated, and at login, it does what its arguments
 * say, in order:
 *   set=TEXT     sets the new password, as a module in front of ours would
 *   old=TEXT     sets the old one, as pam_unix does once it has asked for it
 *   remove=FILE  removes a file: what was there in the first phase is gone in the second
 *   into=NAME    shows the new password to the test: NAME in PAM's environment is the password, or
 *                "(none)", which no test takes for one
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv);
int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv);

static int set(pam_handle_t *pamh, const char *text)
{
	return pam_set_item(pamh, PAM_AUTHTOK, text);
}

static int set_old(pam_handle_t *pamh, const char *text)
{
	return pam_set_item(pamh, PAM_OLDAUTHTOK, text);
}

static int remove_file(pam_handle_t *pamh, const char *path)
{
	(void)pamh;
	return unlink(path) ? PAM_SYSTEM_ERR : PAM_SUCCESS;
}

static int record(pam_handle_t *pamh, const char *name)
{
	const void *password = NULL;
	char *assignment = NULL;
	int status;

	status = pam_get_item(pamh, PAM_AUTHTOK, &password);
	if (status != PAM_SUCCESS)
		return status;
	if (asprintf(&assignment, "%s=%s", name, password ? (const char *)password : "(none)") < 0)
		return PAM_BUF_ERR;
	status = pam_putenv(pamh, assignment);
	explicit_bzero(assignment, strlen(assignment));
	free(assignment);
	return status;
}

static const struct {
	const char *name;
	int (*act)(pam_handle_t *pamh, const char *value);
} actions[] = {
	{"set=", set},
	{"old=", set_old},
	{"remove=", remove_file},
	{"into=", record},
};

static int act(pam_handle_t *pamh, int argc, const char **argv)
{
	int status = PAM_SUCCESS;

	for (int i = 0; i < argc && status == PAM_SUCCESS; i++)
		for (size_t j = 0; j < sizeof(actions) / sizeof(actions[0]); j++)
			if (strncmp(argv[i], actions[j].name, strlen(actions[j].name)) == 0)
				status = actions[j].act(pamh, argv[i] + strlen(actions[j].name));
	return status;
}

int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return flags & PAM_UPDATE_AUTHTOK ? act(pamh, argc, argv) : PAM_SUCCESS;
}

int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return act(pamh, argc, argv);
}

int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags;
	return act(pamh, argc, argv);
}
