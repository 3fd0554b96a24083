/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The policy engine: (policy, password, person) -> verdict.
 *
 * It asks nobody: no PAM, no user database, no environment, no output, and it keeps nothing
 * between calls. Whoever calls it, a door, gathers the facts and speaks to the user. What cannot
 * be judged is not accepted.
 *
 * Usual order: a2a_settings_new(), a2a_settings_read_file(), a2a_settings_set() ...,
 * a2a_policy_open(), then a2a_judge() or a2a_generator_open() as often as wanted.
 */
#ifndef A2A_POLICY_H
#define A2A_POLICY_H

#include "person.h"
#include "settings.h"
#include "verdict.h"

struct a2a_policy;

/*
 * Checks that the settings fit together and that the dictionary can be opened and is whole.
 * Returns NULL, having reported why, when they do not. The settings are copied. The policy is
 * immutable. Release with a2a_policy_close().
 */
struct a2a_policy *a2a_policy_open(const struct a2a_settings *settings, const struct a2a_log *log);

enum { A2A_STAMP_SIZE = 33 };

/*
 * Which files were found whole before, kept by the caller where nobody else can write. A stamp is a
 * text of 32 characters that changes when its file is replaced or written to.
 */
struct a2a_memory {
	bool (*knows)(void *context, const char *stamp);
	void (*learn)(void *context, const char *stamp); /* of a file that was found whole */
	void *context;
};

/*
 * As a2a_policy_open(), for who opens it thousands of times a day: the bytes of a lexicon are only
 * summed when the memory does not know its stamp. For observers; a door that decides about a new
 * password takes nobody's word for it.
 */
struct a2a_policy *a2a_policy_open_again(const struct a2a_settings *settings,
	const struct a2a_memory *memory, const struct a2a_log *log);
void a2a_policy_close(struct a2a_policy *policy);

enum { A2A_DIGEST_SIZE = 33 };

/*
 * What tells one policy from another: XXH3 (128 bits, as 32 hexadecimal digits and a NUL) of the
 * settings in force, but for those that only say where and in which language to speak, and of the
 * checksums of the lexicon and of the site's lists. Of cracklib's dictionary the path alone counts.
 * Two machines with the same policy have the same digest. False when memory is out; the digest is
 * then empty.
 */
bool a2a_policy_digest(const struct a2a_policy *policy, char digest[static A2A_DIGEST_SIZE]);

/*
 * Judges a password; `person` may be NULL. Returns whether it could be judged: when false, a fault
 * was reported and the verdict is a refusal. A password of more bytes than PAM carries (511)
 * is only measured, since nothing would be gained by looking further.
 */
bool a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);

/* The settings in force; they belong to the policy. */
const struct a2a_settings *a2a_policy_settings(const struct a2a_policy *policy);

#endif
