/* SPDX-License-Identifier: BSD-3-Clause */
/* Open and close: checked settings and a whole dictionary make an immutable policy. */
#include "internal.h"

#include <stdlib.h>

#include "dictionary.h"

enum { SHORTEST_FOR_LIBRARIES = 6 };

bool a2a_mix_is_asked(const struct a2a_settings *settings, size_t characters)
{
	return settings->passphrase_length == 0 || characters < (size_t)settings->passphrase_length;
}

/* What each setting's own range cannot say. */
static bool settings_fit(const struct a2a_settings *settings, const struct a2a_log *log)
{
	if (settings->min_length > settings->max_length) {
		a2a_report(log, A2A_FAULT, NULL,
			"min_length (%ld) is greater than max_length (%ld): no password could pass",
			settings->min_length, settings->max_length);
		return false;
	}
	if (settings->min_letters + settings->min_digits > settings->max_length) {
		a2a_report(log, A2A_FAULT, NULL,
			"min_letters (%ld) and min_digits (%ld) together are greater than "
			"max_length (%ld): no password could pass",
			settings->min_letters, settings->min_digits, settings->max_length);
		return false;
	}
	if (settings->second_opinion && settings->min_length < SHORTEST_FOR_LIBRARIES) {
		a2a_report(log, A2A_FAULT, NULL,
			"min_length (%ld): libpwquality and cracklib judge nothing of fewer than "
			"%d "
			"characters; write second_opinion = no, or min_length = %d",
			settings->min_length, SHORTEST_FOR_LIBRARIES, SHORTEST_FOR_LIBRARIES);
		return false;
	}
	if (settings->maxclassrepeat == 1) {
		a2a_report(log, A2A_FAULT, NULL,
			"maxclassrepeat = 1 would do nothing in libpwquality: write 0, or 2 or "
			"more");
		return false;
	}
	return true;
}

static bool open_lexicon(struct a2a_policy *policy, const struct a2a_log *log)
{
	const char *path = policy->settings->lexicon;
	int error = a2a_file_open(&policy->lexicon_file, path);
	const char *wrong;

	if (error) {
		a2a_report(log, A2A_FAULT, path,
			"the lexicon %s (lexicon says where it is looked for)",
			a2a_file_reason(error));
		return false;
	}
	wrong = a2a_lexicon_open(
		&policy->lexicon, policy->lexicon_file.bytes, policy->lexicon_file.size);
	if (!wrong)
		return true;
	a2a_report(log, A2A_FAULT, path, "the lexicon %s; install it again", wrong);
	return false;
}

struct a2a_policy *a2a_policy_open(const struct a2a_settings *settings, const struct a2a_log *log)
{
	struct a2a_policy *policy = NULL;

	if (!settings_fit(settings, log))
		return NULL;
	policy = calloc(1, sizeof(*policy));
	if (policy)
		policy->settings = a2a_settings_copy(settings);
	if (!policy || !policy->settings) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		goto fail;
	}
	if (settings->min_guesses && !open_lexicon(policy, log))
		goto fail;
	if (!settings->dictcheck && !settings->second_opinion)
		return policy;
	policy->dictionary = calloc(1, sizeof(*policy->dictionary));
	if (!policy->dictionary) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		goto fail;
	}
	if (!a2a_dictionary_open(policy->dictionary, settings->dictpath, log))
		goto fail;
	return policy;
fail:
	a2a_policy_close(policy);
	return NULL;
}

void a2a_policy_close(struct a2a_policy *policy)
{
	if (!policy)
		return;
	if (policy->dictionary)
		a2a_dictionary_close(policy->dictionary);
	free(policy->dictionary);
	a2a_file_close(&policy->lexicon_file);
	a2a_settings_free(policy->settings);
	free(policy);
}
