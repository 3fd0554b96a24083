/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The policy engine: it judges a password of a person under a policy, and returns a verdict.
 *
 * It calls no PAM, no user database and no environment, prints nothing, and keeps nothing between
 * calls. Its caller is a door, which gathers the facts and speaks to the user. A password that
 * cannot be judged is not accepted.
 *
 * The usual order: a2a_settings_new(), a2a_settings_read_file(), a2a_settings_set() ...,
 * a2a_policy_open(), then any number of a2a_judge() or a2a_generator_open().
 */
#ifndef A2A_POLICY_H
#define A2A_POLICY_H

#include "person.h"
#include "settings.h"
#include "verdict.h"

struct a2a_policy;

/*
 * Opens a policy: checks that the settings fit together, and that the lexicon, the site's lists of
 * words and cracklib's dictionary can be opened and are whole, as far as the settings ask for them.
 * One of the site's lists that is missing, or of another version of the format, is reported and
 * left out; so is a filter of leaked passwords that cannot be opened, with leaks_missing = warn.
 * The settings are copied. Returns NULL, having reported why, when something is wrong. The policy
 * is immutable; several threads may use it. Release with a2a_policy_close().
 */
struct a2a_policy *a2a_policy_open(const struct a2a_settings *settings, const struct a2a_log *log);

/* The size of a stamp as text: 32 hexadecimal digits and a NUL. */
enum { A2A_STAMP_SIZE = 33 };

/*
 * Cache of files already verified. The caller keeps it where nobody else can write. A stamp (struct
 * a2a_stamp) is a text that changes when its file is replaced or written to.
 */
struct a2a_verified_files {
	bool (*has)(void *context, const char *stamp);
	void (*add)(void *context, const char *stamp);
	void *context;
};

/*
 * Opens a policy as a2a_policy_open() does, but asks the filters of leaked passwords only as long
 * as a login may wait, and computes the checksum of a lexicon only when its stamp is not in the
 * cache. This is for an observer that opens the policy thousands of times a day. A door that
 * decides about a new password does not trust a cache.
 */
struct a2a_policy *a2a_policy_open_trusting(const struct a2a_settings *settings,
	const struct a2a_verified_files *verified, const struct a2a_log *log);

/*
 * Looking at the lexicon is safe only while its file is held, because it is shared with other
 * processes: somebody who wants to write to it waits meanwhile. a2a_judge() holds it by itself.
 * A caller that judges thousands in a row, and for which the 20 microseconds count, calls these
 * around a2a_judge_held(). Never wait for anything meanwhile, because the kernel lets the writer go
 * on after 45 seconds. Several threads may hold one policy, each of them once. a2a_policy_hold()
 * returns false, having reported, when the lexicon is being written or is another one now; it is
 * then not held.
 */
bool a2a_policy_hold(const struct a2a_policy *policy, const struct a2a_log *log);
void a2a_policy_rest(const struct a2a_policy *policy);

/*
 * Does once what judging does: judges a password, and looks up a word through cracklib itself.
 * Returns false, having reported, when something could not be done. This is for a command that
 * tests a configuration.
 */
bool a2a_policy_try(const struct a2a_policy *policy, const struct a2a_log *log);

/*
 * Opens the filters of leaked passwords (setting `leaks`) and asks them once. Returns false when
 * one of them cannot answer, having reported it, whatever leaks_missing says. This is for a command
 * that needs no policy, but whose reader would not learn of it otherwise.
 */
bool a2a_policy_try_filters(const struct a2a_settings *settings, const struct a2a_log *log);

/* Closes a policy; NULL is allowed. */
void a2a_policy_close(struct a2a_policy *policy);

enum { A2A_DIGEST_SIZE = 33 };

/*
 * Writes the digest that tells one policy from another: XXH3 (128 bits, as 32 hexadecimal digits
 * and a NUL) of the settings in force, except those that are only for messages and folders, and of
 * the checksums of the lexicon, of the site's lists and of the filters of leaked passwords. Of
 * cracklib's dictionary only the path counts. Two machines with the same policy have the same
 * digest. Returns false, with an empty digest, when memory is out.
 */
bool a2a_policy_digest(const struct a2a_policy *policy, char digest[static A2A_DIGEST_SIZE]);

/*
 * Judges a password; `person` may be NULL. Returns whether it could be judged: when false, a fault
 * was reported and the verdict is a refusal. A file that somebody is writing to is a fault. A
 * password of more bytes than PAM carries (511) is too long whatever it holds, so only its length
 * is looked at. The number of guesses of a password that is refused as guessable may be an upper
 * bound: the search ends when the verdict is certain.
 */
bool a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);

/* Does the same while the policy is held. */
bool a2a_judge_held(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);

/* Does the same as a2a_judge(), but searches to the end, for a caller that shows the number. The
 * verdict is the same; the reasons may be more. */
bool a2a_judge_exactly(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);

/*
 * The guesses that a password of so many characters must withstand, as log2, by the setting
 * min_guesses, which must not be 0.
 */
double a2a_guesses_needed(const struct a2a_settings *settings, size_t characters);

/* Returns the settings in force; they belong to the policy. */
const struct a2a_settings *a2a_policy_settings(const struct a2a_policy *policy);

#endif
