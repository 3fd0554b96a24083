/* SPDX-License-Identifier: BSD-3-Clause */
/* Opens and closes policies: makes an immutable policy from checked settings and verified files. */
#define _GNU_SOURCE
#include "policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "checksum.h"
#include "dictionary.h"
#include "file.h"
#include "filters.h"
#include "fit.h"
#include "keyboard.h"
#include "lexicon.h"
#include "name.h"
#include "opened.h"
#include "second_opinion.h"
#include "text.h"

/* The differences between the lexicon and a site's list. The lexicon is shared between processes;
 * the lists are small, so each process has its own copy. */
struct lexicon_role {
	const char *name, *setting, *remedy;
	/* Both open the bytes; only the first compares the checksum. They return NULL, or what is
	 * wrong. */
	const char *(*verify)(struct a2a_lexicon *lexicon, const void *bytes, size_t size);
	const char *(*trust)(struct a2a_lexicon *lexicon, const void *bytes, size_t size);
	int (*open)(struct a2a_file *file, const char *path, size_t most);
	size_t most;
	bool may_be_left_out; /* when it is missing, or of another version of the format */
	bool has_kept_one;
};

static const struct lexicon_role main_lexicon = {"lexicon", "lexicon", "install it again",
	a2a_lexicon_open, a2a_lexicon_open_again, a2a_file_share, A2A_MOST_LEXICON, false, true};
/* A site without one of its lists is no worse off than before it had the list. */
static const struct lexicon_role site_list = {"list of words", "words",
	"make it again with all2all-dict add", a2a_lexicon_open_words, a2a_lexicon_open_words_again,
	a2a_file_read, A2A_MOST_SITE_LIST, true, false};

/* Opens the lexicon in the file that was opened last. Returns NULL, or what is wrong with it. */
static const char *open_bytes(struct a2a_policy *policy, const struct lexicon_role *role,
	const struct a2a_verified_files *verified)
{
	const struct a2a_file *file = &policy->lexicon_file[policy->lexicons];
	struct a2a_lexicon *lexicon = &policy->lexicon[policy->lexicons++];
	char stamp[A2A_STAMP_SIZE];
	const char *wrong;

	/* A stamp that is too young does not identify the content. */
	if (!verified || !file->is_settled)
		return role->verify(lexicon, file->bytes, file->size);
	a2a_checksum_write(XXH3_128bits(&file->stamp, sizeof(file->stamp)), stamp);
	if (verified->has(verified->context, stamp))
		return role->trust(lexicon, file->bytes, file->size);
	wrong = role->verify(lexicon, file->bytes, file->size);
	if (!wrong)
		verified->add(verified->context, stamp);
	return wrong;
}

/* The field of the header, as its bytes are in the file. */
static uint64_t checksum_of(const struct a2a_file *file)
{
	uint64_t checksum;

	memcpy(&checksum, file->bytes + offsetof(struct a2a_lexicon_header, checksum),
		sizeof(checksum));
	return checksum;
}

/* Tells whether the lexicon that was opened last, in vain, is a whole one of another version. */
static bool is_of_another_version(const struct a2a_policy *policy)
{
	const struct a2a_file *file = &policy->lexicon_file[policy->lexicons - 1];

	return a2a_lexicon_is_of_another_version(file->bytes, file->size);
}

/*
 * While a package is upgraded, the lexicon may be of the new format already and this program still
 * the old one. The package keeps the lexicon of the old format beside it meanwhile
 * (debian/all2all-data.preinst), so that passwords can be changed all the time. Puts that file into
 * the place of the one that was opened last, in vain, to be opened again. Returns false, with
 * nothing changed, if there is none.
 */
static bool take_kept_lexicon(struct a2a_policy *policy, const char *path)
{
	struct a2a_file *file = &policy->lexicon_file[policy->lexicons - 1];
	struct a2a_file kept;
	char *kept_path = NULL;
	int error;

	if (!is_of_another_version(policy) ||
		asprintf(&kept_path, "%s.%d", path, A2A_LEXICON_VERSION) < 0)
		return false;
	error = a2a_file_share(&kept, kept_path, A2A_MOST_LEXICON);
	free(kept_path);
	if (error)
		return false;
	a2a_file_close(file);
	*file = kept;
	policy->lexicons--;
	return true;
}

/* Adds the lexicon at `path` to the policy. */
static bool open_lexicon(struct a2a_policy *policy, const char *path,
	const struct lexicon_role *role, const struct a2a_verified_files *verified,
	const struct a2a_log *log)
{
	const char *wrong;
	int error = role->open(&policy->lexicon_file[policy->lexicons], path, role->most);

	if (role->may_be_left_out && error == ENOENT) {
		a2a_report(log, A2A_WARNING, path,
			"this list of words (words) is missing and left out");
		return true;
	}
	if (error) {
		a2a_report(log, A2A_FAULT, path, "the %s %s (%s says where it is looked for)",
			role->name, a2a_file_reason(error), role->setting);
		return false;
	}
	wrong = open_bytes(policy, role, verified);
	if (wrong && role->has_kept_one && take_kept_lexicon(policy, path))
		wrong = open_bytes(policy, role, verified);
	if (!wrong) {
		const size_t last = policy->lexicons - 1;

		policy->lexicon_checksum[last] = checksum_of(&policy->lexicon_file[last]);
		return true;
	}
	if (role->may_be_left_out && is_of_another_version(policy)) {
		a2a_report(log, A2A_WARNING, path,
			"the %s %s; it is left out until all2all-dict upgrade has compiled it "
			"again",
			role->name, wrong);
		a2a_file_close(&policy->lexicon_file[--policy->lexicons]);
		return true;
	}
	a2a_report(log, A2A_FAULT, path, "the %s %s; %s", role->name, wrong, role->remedy);
	return false;
}

/* ---- Holding the lexicon --------------------------------------------------------------------- */

/* The lexicon was held since it was opened. */
static bool prepare_hold(struct a2a_policy *policy, const struct a2a_log *log)
{
	if (!policy->lexicon_file[0].is_shared)
		return true;
	policy->hold = calloc(1, sizeof(*policy->hold));
	if (!policy->hold || pthread_mutex_init(&policy->hold->lock, NULL)) {
		free(policy->hold);
		policy->hold = NULL;
		return a2a_fault(log, NULL, "out of memory");
	}
	pthread_cond_init(&policy->hold->nobody, NULL);
	a2a_file_rest(&policy->lexicon_file[0]);
	return true;
}

/* Tells whether the bytes of the lexicon are those that were opened, whose checksum is known. */
static bool is_lexicon_whole(const struct a2a_policy *policy)
{
	const struct a2a_file *file = &policy->lexicon_file[0];
	struct a2a_lexicon *scratch = malloc(sizeof(*scratch));
	bool is_whole = scratch && !main_lexicon.verify(scratch, file->bytes, file->size) &&
			checksum_of(file) == policy->lexicon_checksum[0];

	free(scratch);
	return is_whole;
}

/* Returns 0, or an errno value that a2a_file_reason() knows. */
static int hold_first(const struct a2a_policy *policy)
{
	const struct a2a_file *file = &policy->lexicon_file[0];
	bool is_same;
	int error = a2a_file_hold(file, &is_same);

	/* A link to the file, or a package that replaces it, changes its stamp too. */
	if (error || is_same || is_lexicon_whole(policy))
		return error;
	a2a_file_rest(file);
	return ESTALE;
}

bool a2a_policy_hold(const struct a2a_policy *policy, const struct a2a_log *log)
{
	struct a2a_hold *hold = policy->hold;
	int error = 0;

	if (!hold)
		return true;
	pthread_mutex_lock(&hold->lock);
	/* Let a writer in, even if other threads always look. */
	while (hold->count && a2a_file_is_wanted(&policy->lexicon_file[0]))
		pthread_cond_wait(&hold->nobody, &hold->lock);
	if (!hold->count)
		error = hold_first(policy);
	hold->count += !error;
	pthread_mutex_unlock(&hold->lock);
	if (error)
		a2a_report(log, A2A_FAULT, policy->settings->lexicon, "the lexicon %s",
			a2a_file_reason(error));
	return !error;
}

void a2a_policy_rest(const struct a2a_policy *policy)
{
	struct a2a_hold *hold = policy->hold;

	if (!hold)
		return;
	pthread_mutex_lock(&hold->lock);
	if (--hold->count == 0) {
		a2a_file_rest(&policy->lexicon_file[0]);
		pthread_cond_broadcast(&hold->nobody);
	}
	pthread_mutex_unlock(&hold->lock);
}

static void free_hold(struct a2a_hold *hold)
{
	if (!hold)
		return;
	pthread_cond_destroy(&hold->nobody);
	pthread_mutex_destroy(&hold->lock);
	free(hold);
}

/* ---- Opening --------------------------------------------------------------------------------- */

static size_t count_paths(const char *list)
{
	size_t count = 0;

	while (*(list += strspn(list, A2A_PATH_SEPARATORS))) {
		count++;
		list += strcspn(list, A2A_PATH_SEPARATORS);
	}
	return count;
}

static bool open_lists(struct a2a_policy *policy, const struct a2a_verified_files *verified,
	const struct a2a_log *log)
{
	const char *at = policy->settings->words;

	while (*(at += strspn(at, A2A_PATH_SEPARATORS))) {
		size_t length = strcspn(at, A2A_PATH_SEPARATORS);
		char *path = strndup(at, length);
		bool ok = path && open_lexicon(policy, path, &site_list, verified, log);

		if (!path)
			a2a_report(log, A2A_FAULT, NULL, "out of memory");
		free(path);
		if (!ok)
			return false;
		at += length;
	}
	return true;
}

static bool open_lexicons(struct a2a_policy *policy, const struct a2a_verified_files *verified,
	const struct a2a_log *log)
{
	size_t most = 1 + count_paths(policy->settings->words);

	policy->lexicon = calloc(most, sizeof(*policy->lexicon));
	policy->lexicon_file = calloc(most, sizeof(*policy->lexicon_file));
	policy->lexicon_checksum = calloc(most, sizeof(*policy->lexicon_checksum));
	policy->keyboards = calloc(1, sizeof(*policy->keyboards));
	if (!policy->lexicon || !policy->lexicon_file || !policy->lexicon_checksum ||
		!policy->keyboards) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	a2a_keyboards_fill(policy->keyboards);
	return open_lexicon(policy, policy->settings->lexicon, &main_lexicon, verified, log) &&
	       prepare_hold(policy, log) && open_lists(policy, verified, log);
}

static bool open_dictionary(struct a2a_policy *policy, const struct a2a_log *log)
{
	const char *dictpath = policy->settings->dictpath;
	int tries = 0;

	policy->dictionary = calloc(1, sizeof(*policy->dictionary));
	if (!policy->dictionary) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	while (!a2a_dictionary_find(dictpath, NULL))
		if (!a2a_dictionary_wait(dictpath, &tries))
			return a2a_dictionary_find(dictpath, log);
	return true;
}

struct a2a_policy *a2a_policy_open_trusting(const struct a2a_settings *settings,
	const struct a2a_verified_files *verified, const struct a2a_log *log)
{
	struct a2a_policy *policy = NULL;

	if (!a2a_settings_fit(settings, log))
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
	if ((settings->min_guesses || settings->dictcheck) && !open_lexicons(policy, verified, log))
		goto fail;
	if (settings->second_opinion && !open_dictionary(policy, log))
		goto fail;
	/* A cache of verified files is what an observer of logins has. */
	if (*settings->leaks) {
		policy->filters = a2a_filters_open(settings, verified != NULL, log);
		if (!policy->filters)
			goto fail;
	}
	return policy;
fail:
	a2a_policy_close(policy);
	return NULL;
}

struct a2a_policy *a2a_policy_open(const struct a2a_settings *settings, const struct a2a_log *log)
{
	return a2a_policy_open_trusting(settings, NULL, log);
}

bool a2a_policy_try(const struct a2a_policy *policy, const struct a2a_log *log)
{
	static const char any[] = "k7hq2mzdw4vp";
	const struct secret password = a2a_secret_borrow(any, sizeof(any) - 1);
	struct a2a_verdict verdict;

	return a2a_judge(policy, &password, NULL, &verdict, log) &&
	       (!policy->dictionary ||
		       a2a_try_cracklib(policy->dictionary, policy->settings->dictpath, log));
}

/* Counts the reports, and passes them on. */
struct counter {
	const struct a2a_log *log;
	unsigned count;
};

static void count_report(void *context, enum a2a_level level, const char *text)
{
	struct counter *counter = context;

	counter->count++;
	if (counter->log && counter->log->say)
		counter->log->say(counter->log->context, level, text);
}

bool a2a_policy_try_filters(const struct a2a_settings *settings, const struct a2a_log *log)
{
	static const char any[] = "k7hq2mzdw4vp";
	const struct secret password = a2a_secret_borrow(any, sizeof(any) - 1);
	struct counter counter = {log, 0};
	const struct a2a_log counting = {count_report, &counter};
	struct a2a_filters *filters;
	struct a2a_text *text = calloc(1, sizeof(*text));

	if (!text)
		return a2a_fault(log, NULL, "out of memory");
	filters = a2a_filters_open(settings, false, &counting);
	if (filters && a2a_text_read(text, any, sizeof(any) - 1))
		a2a_filters_ask(filters, &password, text, false, &counting);
	a2a_filters_close(filters);
	free(text);
	return counter.count == 0;
}

const struct a2a_settings *a2a_policy_settings(const struct a2a_policy *policy)
{
	return policy->settings;
}

void a2a_policy_close(struct a2a_policy *policy)
{
	if (!policy)
		return;
	free(policy->dictionary);
	a2a_filters_close(policy->filters);
	for (size_t i = 0; i < policy->lexicons; i++)
		a2a_file_close(&policy->lexicon_file[i]);
	free(policy->lexicon_file);
	free(policy->lexicon_checksum);
	free(policy->lexicon);
	free(policy->keyboards);
	free_hold(policy->hold);
	a2a_name_free(&policy->site_words);
	a2a_settings_free(policy->settings);
	free(policy);
}

/* Tells whether no verdict depends on the setting. The values that a profile sets do count. */
static bool is_for_messages(const char *name)
{
	static const char *const names[] = {
		"profile", "generated_bits", "word_list_dir", "sheets_dir", "locale_dir", "lang"};

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

		if (is_for_messages(table[i].name))
			continue;
		add_text(state, table[i].name);
		add_text(state, "=");
		add_text(state, a2a_settings_get(policy->settings, table[i].name, buffer));
		add_text(state, "\n");
	}
	/* The bytes are those of the file, so that a machine of the other byte order has the same
	 * digest. */
	XXH3_128bits_update(state, policy->lexicon_checksum,
		policy->lexicons * sizeof(*policy->lexicon_checksum));
	for (size_t i = 0; policy->filters && i < a2a_filters_count(policy->filters); i++) {
		const uint64_t checksum = a2a_filters_checksum(policy->filters, i);

		XXH3_128bits_update(state, &checksum, sizeof(checksum));
	}
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
	a2a_checksum_write(hash, digest);
	return true;
}
