/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions that tests in C share: files, reports, a policy of the build tree, and its verdicts.
 * Each function fails the test when it cannot do its work. */
#ifndef A2A_FIXTURE_H
#define A2A_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy.h"

/* A log that keeps what is reported. */
struct reports {
	struct a2a_log log; /* to pass on */
	unsigned faults, warnings;
	char text[1 << 16]; /* a line for each report */
};

/* Empties the reports; call it first. The log points into the structure, so it must not be copied.
 */
void reports_start(struct reports *reports);

/* Returns the path of a file in the build tree, which is given from its top. The caller frees it.
 */
char *in_build(const char *below);

/* Makes a folder for the test. remove_folder() removes it with all that is in it, and frees its
 * name.
 */
char *new_folder(void);
void remove_folder(char *folder);

/* Writes a file with mode 0644, whatever the umask is. */
void write_file(const char *path, const void *bytes, size_t size);

/* Reads a whole file, and appends a NUL that is not counted. The caller frees the bytes. */
unsigned char *read_file(const char *path, size_t *size);

/* Returns the settings of the build tree, changed by `set`: strings "key=value", the last one NULL.
 * The caller frees the settings. */
struct a2a_settings *tree_settings(const char *const *set);

/* Opens a policy with those settings; the caller closes it. */
struct a2a_policy *tree_policy(const char *const *set);

/* Judges a password. Returns the ids of the rules that refuse it, separated by commas; "accept" if
 * none does; "fault" if there is no verdict. The text is static: the next call changes it. */
const char *rules_of(
	const struct a2a_policy *policy, const char *password, const struct a2a_person *person);

/* Judges a password and returns the exact verdict. Fails the test if the shorter search of
 * a2a_judge() decides otherwise. */
struct a2a_verdict verdict_of(
	const struct a2a_policy *policy, const char *password, const struct a2a_person *person);

/*
 * Calls `each` with every word of the build tree's four lists for passphrases that has at least
 * `shortest` letters, folded, all of them a to z.
 */
void each_word(size_t shortest, void (*each)(void *context, const char *word), void *context);

#endif
