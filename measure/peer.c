/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asks a similar program about passwords. It reads one password on each line, and writes `accept`
 * or `refuse`, a TAB, and the guesses that the program reports, as `all2all-pwcheck --batch` does.
 * measure/classes (--command) and measure/peers use it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <pwquality.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef BENCH_PASSWDQC
#include <passwdqc.h>
#endif
#ifdef BENCH_ZXCVBN
#include <zxcvbn.h>
#endif

static const char usage[] =
	"usage: peer pwquality DICTIONARY <passwords\n"
	"       peer passwdqc <passwords\n"
	"       peer zxcvbn BITS <passwords\n"
	"\n"
	"pwquality and passwdqc have their defaults; DICTIONARY is cracklib's,\n"
	"without its endings. zxcvbn accepts from BITS on (score 3 of 4: 26.6).\n";

/* Whether the password is accepted; `bits`: what the peer says of its guesses, or 0. */
typedef bool accepts(void *context, const char *password, double *bits);

static bool pwquality_accepts(void *context, const char *password, double *bits)
{
	char buffer[PWQ_MAX_ERROR_MESSAGE_LEN];
	void *auxiliary;
	int error = pwquality_check(context, password, NULL, NULL, &auxiliary);

	*bits = 0;
	/* The auxiliary is freed by being spoken. */
	if (error < 0)
		pwquality_strerror(buffer, sizeof(buffer), error, auxiliary);
	return error >= 0;
}

static void *open_pwquality(const char *dictionary)
{
	pwquality_settings_t *settings = pwquality_default_settings();

	if (!settings || pwquality_set_str_value(settings, PWQ_SETTING_DICT_PATH, dictionary) != 0)
		errx(2, "pwquality");
	return settings;
}

#ifdef BENCH_PASSWDQC
static bool passwdqc_accepts(void *context, const char *password, double *bits)
{
	passwdqc_params_t parameters;

	(void)context;
	*bits = 0;
	passwdqc_params_reset(&parameters);
	return !passwdqc_check(&parameters.qc, password, NULL, NULL);
}
#endif

#ifdef BENCH_ZXCVBN
static bool zxcvbn_accepts(void *context, const char *password, double *bits)
{
	const double *least = context;

	*bits = ZxcvbnMatch(password, NULL, NULL);
	return *bits >= *least;
}
#endif

static void judge_all(accepts *accept, void *context)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, stdin)) > 0) {
		double bits;
		bool accepted;

		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		accepted = accept(context, line, &bits);
		printf("%s\t%.3f\n", accepted ? "accept" : "refuse", bits);
	}
	free(line);
	if (ferror(stdin) || fflush(stdout) != 0)
		err(2, "passwords");
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "pwquality") == 0 && argc == 3) {
		pwquality_settings_t *settings = open_pwquality(argv[2]);

		judge_all(pwquality_accepts, settings);
		pwquality_free_settings(settings);
		return 0;
	}
#ifdef BENCH_PASSWDQC
	if (strcmp(name, "passwdqc") == 0 && argc == 2) {
		judge_all(passwdqc_accepts, NULL);
		return 0;
	}
#endif
#ifdef BENCH_ZXCVBN
	if (strcmp(name, "zxcvbn") == 0 && argc == 3) {
		double least = strtod(argv[2], NULL);

		judge_all(zxcvbn_accepts, &least);
		return 0;
	}
#endif
	fputs(usage, stderr);
	return 2;
}
