/* SPDX-License-Identifier: BSD-3-Clause */
/* What the engine's tests begin with: a policy of the build tree, and what was reported. */
#ifndef A2A_FIXTURE_H
#define A2A_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy.h"

/* What the engine reported: all texts, a line each. */
struct reports {
	struct a2a_log log;
	unsigned faults, warnings;
	char text[1 << 16];
};

void reports_start(struct reports *reports);

/* The build tree's path with something behind it; the caller frees it. */
char *in_build(const char *below);

/* A new folder of the test's own; the caller frees the name. Removed by remove_folder(). */
char *new_folder(void);
void remove_folder(char *folder);

/* Writes a file of mode 0644, whatever the umask. */
void write_file(const char *path, const void *bytes, size_t size);

/* Reads a whole file; the caller frees the bytes. */
unsigned char *read_file(const char *path, size_t *size);

/* Settings of the build tree, changed by `set`, "key=value" strings ending with NULL. */
struct a2a_settings *tree_settings(const char *const *set);

/* A policy from them; fails the test when it does not open. */
struct a2a_policy *tree_policy(const char *const *set);

/* The ids of the failed rules, with commas, "accept" for none, "fault" for no verdict. The text is
 * static. */
const char *rules_of(
	const struct a2a_policy *policy, const char *password, const struct a2a_person *person);

/* The whole verdict; fails the test when there is none. */
struct a2a_verdict verdict_of(
	const struct a2a_policy *policy, const char *password, const struct a2a_person *person);

/*
 * Calls `each` with every word of the four languages, folded, that the build tree has for
 * passphrases and that has so many letters, all of them a to z.
 */
void each_word(size_t shortest, void (*each)(void *context, const char *word), void *context);

#endif
