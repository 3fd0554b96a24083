/* SPDX-License-Identifier: BSD-3-Clause */
/* Open and close: checked settings and whole dictionaries make an immutable policy. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "dictionary.h"
#include "keyboard.h"

enum { SHORTEST_FOR_LIBRARIES = 6 };

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

/* How the lexicon and the site's lists are opened: for the first time, and again. */
struct kind {
	const char *name, *setting, *remedy;
	const char *(*first)(struct a2a_lexicon *lexicon, const void *bytes, size_t size);
	const char *(*again)(struct a2a_lexicon *lexicon, const void *bytes, size_t size);
	bool may_be_missing;
};

static const struct kind main_lexicon = {
	"lexicon", "lexicon", "install it again", a2a_lexicon_open, a2a_lexicon_open_again, false};
/* Without one of its lists a site is no worse off than before it had it. */
static const struct kind site_list = {"list of words", "words",
	"make it again with all2all-dict add", a2a_lexicon_open_words, a2a_lexicon_open_words_again,
	true};

static void make_stamp(const struct a2a_stamp *stamp, char text[static A2A_STAMP_SIZE])
{
	/* Without the holes that a structure may have. */
	const uint64_t numbers[] = {stamp->device, stamp->inode, (uint64_t)stamp->size,
		(uint64_t)stamp->modified.tv_sec, (uint64_t)stamp->modified.tv_nsec,
		(uint64_t)stamp->changed.tv_sec, (uint64_t)stamp->changed.tv_nsec};
	XXH128_hash_t hash = XXH3_128bits(numbers, sizeof(numbers));

	snprintf(text, A2A_STAMP_SIZE, "%016llx%016llx", (unsigned long long)hash.high64,
		(unsigned long long)hash.low64);
}

/* NULL, or what is wrong with the file that was opened last. */
static const char *open_file(
	struct a2a_policy *policy, const struct kind *kind, const struct a2a_memory *memory)
{
	const struct a2a_file *file = &policy->lexicon_file[policy->lexicons];
	struct a2a_lexicon *lexicon = &policy->lexicon[policy->lexicons++];
	char stamp[A2A_STAMP_SIZE];
	const char *wrong;

	if (!memory)
		return kind->first(lexicon, file->bytes, file->size);
	make_stamp(&file->stamp, stamp);
	if (memory->knows(memory->context, stamp))
		return kind->again(lexicon, file->bytes, file->size);
	wrong = kind->first(lexicon, file->bytes, file->size);
	if (!wrong)
		memory->learn(memory->context, stamp);
	return wrong;
}

/* Opens one more. */
static bool open_lexicon(struct a2a_policy *policy, const char *path, const struct kind *kind,
	const struct a2a_memory *memory, const struct a2a_log *log)
{
	const char *wrong;
	int error = a2a_file_open(&policy->lexicon_file[policy->lexicons], path);

	if (kind->may_be_missing && error == ENOENT) {
		a2a_report(log, A2A_WARNING, path,
			"this list of words (words) is not there and is left out");
		return true;
	}
	if (error) {
		a2a_report(log, A2A_FAULT, path, "the %s %s (%s says where it is looked for)",
			kind->name, a2a_file_reason(error), kind->setting);
		return false;
	}
	wrong = open_file(policy, kind, memory);
	if (!wrong)
		return true;
	a2a_report(log, A2A_FAULT, path, "the %s %s; %s", kind->name, wrong, kind->remedy);
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

static bool open_lists(
	struct a2a_policy *policy, const struct a2a_memory *memory, const struct a2a_log *log)
{
	const char *at = policy->settings->words;

	while (*(at += strspn(at, A2A_PATH_SEPARATORS))) {
		size_t length = strcspn(at, A2A_PATH_SEPARATORS);
		char *path = strndup(at, length);
		bool ok = path && open_lexicon(policy, path, &site_list, memory, log);

		if (!path)
			a2a_report(log, A2A_FAULT, NULL, "out of memory");
		free(path);
		if (!ok)
			return false;
		at += length;
	}
	return true;
}

static bool open_lexicons(
	struct a2a_policy *policy, const struct a2a_memory *memory, const struct a2a_log *log)
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
	return open_lexicon(policy, policy->settings->lexicon, &main_lexicon, memory, log) &&
	       open_lists(policy, memory, log);
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

struct a2a_policy *a2a_policy_open_again(const struct a2a_settings *settings,
	const struct a2a_memory *memory, const struct a2a_log *log)
{
	struct a2a_policy *policy = NULL;

	if (!settings_fit(settings, log))
		return NULL;
	policy = calloc(1, sizeof(*policy));
	if (policy)
		policy->settings = a2a_settings_copy(settings);
	if (!policy || !policy->settings ||
		!a2a_name_keep(
			&policy->site_words, settings->site_words, (size_t)settings->person_word)) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		goto fail;
	}
	if ((settings->min_guesses || settings->dictcheck) && !open_lexicons(policy, memory, log))
		goto fail;
	if (settings->second_opinion && !open_dictionary(policy, log))
		goto fail;
	return policy;
fail:
	a2a_policy_close(policy);
	return NULL;
}

struct a2a_policy *a2a_policy_open(const struct a2a_settings *settings, const struct a2a_log *log)
{
	return a2a_policy_open_again(settings, NULL, log);
}

const struct a2a_settings *a2a_policy_settings(const struct a2a_policy *policy)
{
	return policy->settings;
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
	a2a_name_free(&policy->site_words);
	a2a_settings_free(policy->settings);
	free(policy);
}

/* No verdict depends on these. */
static bool is_of_speaking(const char *name)
{
	static const char *const names[] = {"word_list_dir", "sheets_dir", "locale_dir", "lang"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void add_text(XXH3_state_t *state, const char *text)
{
	XXH3_128bits_update(state, text, strlen(text));
}

static void add_identity(XXH3_state_t *state, const struct a2a_policy *policy)
{
	size_t rows;
	const struct a2a_setting *table = a2a_settings_table(&rows);

	for (size_t i = 0; i < rows; i++) {
		char buffer[24];

		if (is_of_speaking(table[i].name))
			continue;
		add_text(state, table[i].name);
		add_text(state, "=");
		add_text(state, a2a_settings_get(policy->settings, table[i].name, buffer));
		add_text(state, "\n");
	}
	/* As it stands in the file, so that it is the same on a machine of the other byte order. */
	for (size_t i = 0; i < policy->lexicons; i++)
		XXH3_128bits_update(state,
			policy->lexicon_file[i].bytes +
				offsetof(struct a2a_lexicon_header, checksum),
			sizeof(uint64_t));
}

bool a2a_policy_digest(const struct a2a_policy *policy, char digest[static A2A_DIGEST_SIZE])
{
	XXH3_state_t *state = XXH3_createState();
	XXH128_hash_t hash;

	digest[0] = '\0';
	if (!state)
		return false;
	XXH3_128bits_reset(state);
	add_identity(state, policy);
	hash = XXH3_128bits_digest(state);
	XXH3_freeState(state);
	snprintf(digest, A2A_DIGEST_SIZE, "%016llx%016llx", (unsigned long long)hash.high64,
		(unsigned long long)hash.low64);
	return true;
}
