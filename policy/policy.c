/* SPDX-License-Identifier: BSD-3-Clause */
/* Open and close: checked settings and whole dictionaries make an immutable policy. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "pattern.h"

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

/* Opens one more; `open` is a2a_lexicon_open() or, for a site's list, a2a_lexicon_open_words(). */
static bool open_lexicon(struct a2a_policy *policy, const char *path,
	const char *(*open)(struct a2a_lexicon *, const void *, size_t), const struct a2a_log *log)
{
	const bool is_extra = policy->lexicons > 0;
	struct a2a_file *file = &policy->lexicon_file[policy->lexicons];
	const char *wrong;
	int error = a2a_file_open(file, path);

	/* Without one of its lists a site is no worse off than before it had it. */
	if (is_extra && error == ENOENT) {
		a2a_report(log, A2A_WARNING, path,
			"this list of words (words) is not there and is left out");
		return true;
	}
	if (error) {
		a2a_report(log, A2A_FAULT, path, "the %s %s (%s says where it is looked for)",
			is_extra ? "list of words" : "lexicon", a2a_file_reason(error),
			is_extra ? "words" : "lexicon");
		return false;
	}
	wrong = open(&policy->lexicon[policy->lexicons++], file->bytes, file->size);
	if (!wrong)
		return true;
	a2a_report(log, A2A_FAULT, path, "the %s %s; %s", is_extra ? "list of words" : "lexicon",
		wrong, is_extra ? "make it again with all2all-dict add" : "install it again");
	return false;
}

static size_t count_paths(const char *list)
{
	size_t count = 0;

	while (*(list += strspn(list, A2A_PATH_SEPARATORS))) {
		count++;
		list += strcspn(list, A2A_PATH_SEPARATORS);
	}
	return count;
}

static bool open_lists(struct a2a_policy *policy, const struct a2a_log *log)
{
	const char *at = policy->settings->words;

	while (*(at += strspn(at, A2A_PATH_SEPARATORS))) {
		size_t length = strcspn(at, A2A_PATH_SEPARATORS);
		char *path = strndup(at, length);
		bool ok = path && open_lexicon(policy, path, a2a_lexicon_open_words, log);

		if (!path)
			a2a_report(log, A2A_FAULT, NULL, "out of memory");
		free(path);
		if (!ok)
			return false;
		at += length;
	}
	return true;
}

static bool open_lexicons(struct a2a_policy *policy, const struct a2a_log *log)
{
	size_t most = 1 + count_paths(policy->settings->words);

	policy->lexicon = calloc(most, sizeof(*policy->lexicon));
	policy->lexicon_file = calloc(most, sizeof(*policy->lexicon_file));
	policy->keyboards = calloc(1, sizeof(*policy->keyboards));
	if (!policy->lexicon || !policy->lexicon_file || !policy->keyboards) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	a2a_keyboards_fill(policy->keyboards);
	return open_lexicon(policy, policy->settings->lexicon, a2a_lexicon_open, log) &&
	       open_lists(policy, log);
}

static bool open_dictionary(struct a2a_policy *policy, const struct a2a_log *log)
{
	policy->dictionary = calloc(1, sizeof(*policy->dictionary));
	if (!policy->dictionary) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	return a2a_dictionary_open(policy->dictionary, policy->settings->dictpath, log);
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
	if ((settings->min_guesses || settings->dictcheck) && !open_lexicons(policy, log))
		goto fail;
	if (settings->second_opinion && !open_dictionary(policy, log))
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
	for (size_t i = 0; i < policy->lexicons; i++)
		a2a_file_close(&policy->lexicon_file[i]);
	free(policy->lexicon_file);
	free(policy->lexicon);
	free(policy->keyboards);
	a2a_settings_free(policy->settings);
	free(policy);
}
