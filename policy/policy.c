/* SPDX-License-Identifier: BSD-3-Clause */
/* Open and close: checked settings and a whole dictionary make an immutable policy. */
#include "internal.h"

#include <stdlib.h>

#include "second_opinion.h"

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
	return true;
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
	if ((settings->dictcheck || settings->second_opinion) &&
		!a2a_dictionary_check(settings->dictpath, policy->dictionary, log))
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
	a2a_settings_free(policy->settings);
	free(policy);
}
