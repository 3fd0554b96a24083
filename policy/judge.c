/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules: a table of pure functions of the evidence, and the judge that runs all of them. */
#define _GNU_SOURCE
#include <math.h>
#include <pwquality.h>
#include <stdlib.h>
#include <string.h>

#include "filters.h"
#include "guess.h"
#include "kinds.h"
#include "lexicon.h"
#include "name.h"
#include "opened.h"
#include "person_words.h"
#include "policy.h"
#include "second_opinion.h"
#include "text.h"

/* cracklib refuses a password with fewer different characters than this, however long it is. */
enum { DIFFERENT = 5 };

/*
 * The forms of the password that the rules look at. So this structure holds the password several
 * times. wipe() relies on a limit: no form of an ASCII password is longer than the password itself.
 */
struct texts {
	struct a2a_text read;   /* NFC: its characters are counted */
	struct a2a_text folded; /* compared with words */
	struct a2a_text word;   /* scratch: the old password, a name of the person */
	char folded_bytes[4 * A2A_TEXT_POINTS + 1];
	char old_folded_bytes[4 * A2A_TEXT_POINTS + 1];
	bool person_mask[A2A_TEXT_POINTS]; /* the characters of `folded` that a name explains */
};

/* The data that the rules look at. It is gathered before the first rule, and is constant
 * afterwards. */
struct evidence {
	const struct a2a_policy *policy;
	const struct a2a_person *person; /* never NULL */
	const struct secret *password;
	const struct texts *texts;
	bool is_decoded; /* valid UTF-8 */
	bool is_text;    /* and mail programs can send it, so it may be passed on as a string */
	bool has_names;  /* the person's mask is not empty */
	bool is_exact;   /* the number of guesses is wanted, not only the verdict */
	/* The estimate is measured when a rule needs it. Otherwise it has no word, and both numbers
	 * are NAN. */
	const struct a2a_estimate *estimate;
	double log2_needed;
	const struct a2a_log *log; /* of faults; no rule's answer depends on it */
};

enum outcome { PASSED, FAILED, BROKEN };

/* ---- Gathering ------------------------------------------------------------------------------- */

/* Tells whether mail programs send every character as it was typed. */
static bool is_sendable(const struct a2a_text *text)
{
	for (size_t i = 0; i < text->count; i++)
		if (!a2a_is_sendable(text->point[i]))
			return false;
	return true;
}

static void read_texts(struct evidence *evidence, struct texts *texts)
{
	const struct secret *password = evidence->password;
	const struct secret *old = evidence->person->old_password;

	texts->folded.count = 0;
	texts->old_folded_bytes[0] = '\0';
	evidence->is_decoded = a2a_text_read(&texts->read, password->bytes, password->length) &&
			       a2a_text_fold(&texts->folded, password->bytes, password->length);
	evidence->is_text = evidence->is_decoded && is_sendable(&texts->read);
	if (!a2a_text_write(&texts->folded, texts->folded_bytes, sizeof(texts->folded_bytes)))
		texts->folded_bytes[0] = '\0';
	if (old && a2a_text_fold(&texts->word, old->bytes, old->length) &&
		!a2a_text_write(
			&texts->word, texts->old_folded_bytes, sizeof(texts->old_folded_bytes)))
		texts->old_folded_bytes[0] = '\0';
}

/* Finds names in the folded password. */
struct marker {
	struct texts *texts;
	bool found;
};

/* Marks every place where the word stands, forwards or backwards. */
static void mark(void *context, const int32_t *word, size_t length)
{
	struct marker *marker = context;
	const struct a2a_text *folded = &marker->texts->folded;

	for (size_t i = 0; length && i + length <= folded->count; i++) {
		bool forwards = folded->point[i] == word[0];
		bool backwards = folded->point[i] == word[length - 1];

		for (size_t j = 0; j < length && (forwards || backwards); j++) {
			forwards &= folded->point[i + j] == word[j];
			backwards &= folded->point[i + j] == word[length - 1 - j];
		}
		if (!forwards && !backwards)
			continue;
		marker->found = true;
		memset(marker->texts->person_mask + i, true,
			length * sizeof(marker->texts->person_mask[0]));
	}
}

/* Marks the words of the service, which were read when the policy was opened. */
static void mark_site_words(struct marker *marker, const struct a2a_name *site_words)
{
	const struct a2a_text *folded = &marker->texts->folded;
	const uint64_t used = a2a_name_characters(folded->point, folded->count);

	for (size_t i = 0; i < site_words->count; i++) {
		const struct a2a_name_word *word = &site_words->word[i];

		if (!(word->characters & ~used))
			mark(marker, site_words->points + word->start, word->length);
	}
}

static void mark_person(struct evidence *evidence, struct texts *texts)
{
	const struct a2a_policy *policy = evidence->policy;
	const struct a2a_person *person = evidence->person;
	struct marker marker = {.texts = texts};

	/* With person_rest = 0, nobody's words are looked for: neither the rule nor the guess
	 * number knows them. */
	if (!evidence->is_text || policy->settings->person_rest == 0)
		return;
	memset(texts->person_mask, 0, texts->folded.count * sizeof(texts->person_mask[0]));
	mark_site_words(&marker, &policy->site_words);
	for (size_t i = 0; i < person->name_count; i++)
		a2a_name_words(person->names[i], (size_t)policy->settings->person_word,
			&texts->word, mark, &marker);
	evidence->has_names = marker.found;
}

/*
 * Returns log2 of the number of guesses that a password must withstand. min_guesses is for the
 * shortest good passwords, of 8 characters; a higher limit would refuse random ones among them. A
 * longer password is more likely made of words, and a random one of its length is far above the
 * limit. So each further character doubles what is needed; each character from the 11th to the 16th
 * multiplies it by four, because random passwords are farther above the limit there.
 */
double a2a_guesses_needed(const struct a2a_settings *settings, size_t characters)
{
	const double shortest = 8, longer = 10, longest = 16;
	const double counted = fmin((double)characters, longest);

	return log2((double)settings->min_guesses) + fmax(counted - shortest, 0) +
	       fmax(counted - longer, 0);
}

/*
 * Finds the words of the person in all the ways in which words are written. `*words` is NULL when
 * the person has none; the caller frees it. Returns false when memory is out.
 */
static bool find_person(
	const struct evidence *evidence, struct texts *texts, struct a2a_small_lexicon **words)
{
	const struct a2a_settings *settings = evidence->policy->settings;

	*words = NULL;
	if (!evidence->person->name_count || settings->person_rest == 0)
		return true;
	*words = malloc(sizeof(**words));
	if (*words)
		a2a_person_words(
			*words, evidence->person, (size_t)settings->person_word, &texts->word);
	return *words;
}

/* Measures the password when a rule needs it. Returns false when memory is out. */
static bool measure(struct evidence *evidence, struct texts *texts, struct a2a_estimate *estimate)
{
	const struct a2a_policy *policy = evidence->policy;
	struct a2a_small_lexicon *words = NULL;
	struct a2a_vocabulary vocabulary = {
		.lexicon = policy->lexicon,
		.lexicons = policy->lexicons,
		.keyboards = policy->keyboards,
		.person_mask = evidence->texts->person_mask,
		.person_mask_length = evidence->has_names ? evidence->texts->folded.count : 0,
	};
	bool is_measured;

	evidence->estimate = estimate;
	evidence->log2_needed = NAN;
	if (!evidence->is_text || !(policy->settings->dictcheck || policy->settings->min_guesses))
		return true;
	if (policy->settings->min_guesses)
		evidence->log2_needed =
			a2a_guesses_needed(policy->settings, evidence->texts->read.count);
	if (!find_person(evidence, texts, &words))
		return false;
	vocabulary.person = words ? &words->lexicon : NULL;
	is_measured = a2a_guess(&vocabulary, &evidence->texts->read,
		evidence->is_exact || isnan(evidence->log2_needed) ? -INFINITY
								   : evidence->log2_needed,
		estimate);
	free(words);
	return is_measured;
}

/* ---- The rules ------------------------------------------------------------------------------- */

static enum outcome needs_at_least(int64_t has, int64_t needs, struct a2a_finding *finding)
{
	finding->has = has;
	finding->needs = needs;
	return has >= needs ? PASSED : FAILED;
}

static enum outcome not_text(const struct evidence *evidence, struct a2a_finding *finding)
{
	(void)finding;
	return evidence->is_text ? PASSED : FAILED;
}

static enum outcome too_short(const struct evidence *evidence, struct a2a_finding *finding)
{
	if (!evidence->is_decoded)
		return PASSED;
	return needs_at_least((int64_t)evidence->texts->read.count,
		evidence->policy->settings->min_length, finding);
}

static enum outcome too_long(const struct evidence *evidence, struct a2a_finding *finding)
{
	finding->has = (int64_t)evidence->password->length;
	finding->needs = evidence->policy->settings->max_length;
	return finding->has <= finding->needs ? PASSED : FAILED;
}

static enum outcome enough(const struct evidence *evidence, bool (*is)(int32_t), int64_t needs,
	struct a2a_finding *finding)
{
	const struct a2a_text *read = &evidence->texts->read;
	int64_t has = 0;

	if (!evidence->is_decoded || !a2a_mix_is_asked(evidence->policy->settings, read->count))
		return PASSED;
	for (size_t i = 0; i < read->count; i++)
		has += is(read->point[i]);
	return needs_at_least(has, needs, finding);
}

static enum outcome no_letter(const struct evidence *evidence, struct a2a_finding *finding)
{
	return enough(evidence, a2a_is_letter, evidence->policy->settings->min_letters, finding);
}

static enum outcome no_digit(const struct evidence *evidence, struct a2a_finding *finding)
{
	return enough(evidence, a2a_is_digit, evidence->policy->settings->min_digits, finding);
}

static enum outcome few_kinds(const struct evidence *evidence, struct a2a_finding *finding)
{
	const struct a2a_text *read = &evidence->texts->read;
	const char *setting = evidence->policy->settings->kinds;
	struct a2a_kinds asked;
	unsigned has = 0;

	if (!*setting || !evidence->is_decoded)
		return PASSED;
	asked = a2a_kinds_asked(setting, read->count, a2a_count_words(read->point, read->count));
	for (size_t i = 0; i < read->count; i++)
		has |= a2a_kind_of(read->point[i]);
	finding->detail = (int)(asked.each & ~has);
	if (asked.each)
		return needs_at_least(
			a2a_kinds_count(has & asked.each), a2a_kinds_count(asked.each), finding);
	return needs_at_least(a2a_kinds_count(has), asked.least, finding);
}

/* Returns how many characters the cheapest spelling leaves to others than words of the person,
 * which may be in leet or have a slip. */
static size_t left_by_spelling(const struct evidence *evidence)
{
	const struct a2a_estimate *estimate = evidence->estimate;
	size_t left = evidence->texts->read.count;

	for (size_t i = 0; i < estimate->segments; i++)
		if (estimate->segment[i].kind == A2A_SEGMENT_PERSON)
			left -= estimate->segment[i].length;
	return left;
}

static enum outcome person(const struct evidence *evidence, struct a2a_finding *finding)
{
	const struct texts *texts = evidence->texts;
	const size_t spelled = left_by_spelling(evidence);
	size_t left = 0;

	if (!evidence->has_names && spelled == texts->read.count)
		return PASSED;
	for (size_t i = 0; i < texts->folded.count; i++)
		left += !(evidence->has_names && texts->person_mask[i]);
	return needs_at_least((int64_t)(spelled < left ? spelled : left),
		evidence->policy->settings->person_rest, finding);
}

static enum outcome out_of_memory(const struct evidence *evidence)
{
	a2a_report(evidence->log, A2A_FAULT, NULL, "out of memory");
	return BROKEN;
}

static enum outcome old_password(const struct evidence *evidence, struct a2a_finding *finding)
{
	const struct a2a_settings *settings = evidence->policy->settings;
	const struct secret *old = evidence->person->old_password;
	const struct secret *password = evidence->password;
	struct a2a_pwquality answer;

	if (!old || !old->length)
		return PASSED;
	if (old->length == password->length &&
		memcmp(old->bytes, password->bytes, old->length) == 0)
		return FAILED;
	if (!evidence->is_text || !*evidence->texts->old_folded_bytes || settings->difok == 0)
		return PASSED;
	answer = a2a_ask_variant(
		settings, evidence->texts->folded_bytes, evidence->texts->old_folded_bytes);
	if (answer.error == PWQ_ERROR_MEM_ALLOC)
		return out_of_memory(evidence);
	finding->needs = settings->difok;
	return answer.error ? FAILED : PASSED;
}

static enum outcome dictionary_word(const struct evidence *evidence, struct a2a_finding *finding)
{
	const struct a2a_settings *settings = evidence->policy->settings;
	const size_t length = evidence->estimate->word.length;

	(void)finding;
	if (!settings->dictcheck || !length)
		return PASSED;
	return settings->whole_password && length < evidence->texts->read.count ? PASSED : FAILED;
}

/* Tells whether a byte of UTF-8 continues a character. */
static bool continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Tells whether the text is a leaked password, with at most so many characters around it. */
static bool is_leaked(const struct a2a_leaked *leaked, const char *text, size_t most_around)
{
	const char *end = text + strlen(text);

	for (size_t before = 0; before <= most_around && *text; before++) {
		const char *last = end;

		for (size_t after = 0; before + after <= most_around && last > text; after++) {
			if (a2a_leaked_have(leaked, text, (size_t)(last - text)))
				return true;
			while (continues(*--last))
				;
		}
		while (continues(*++text))
			;
	}
	return false;
}

static enum outcome leaked(const struct evidence *evidence, struct a2a_finding *finding)
{
	const struct a2a_policy *policy = evidence->policy;
	const bool whole = policy->settings->whole_password;

	if (!evidence->is_text)
		return PASSED;
	if (policy->settings->min_guesses &&
		is_leaked(&policy->lexicon[0].leaked, evidence->texts->folded_bytes, whole ? 0 : 2))
		return FAILED;
	if (!policy->filters)
		return PASSED;
	switch (a2a_filters_ask(policy->filters, evidence->password, &evidence->texts->read, whole,
		evidence->log)) {
	case A2A_FILTERS_KNOW:
		finding->detail = A2A_FILTER_KNOWS;
		return FAILED;
	case A2A_FILTERS_FAIL:
		return BROKEN;
	case A2A_FILTERS_DO_NOT_KNOW:
		break;
	}
	return PASSED;
}

static enum outcome guessable(const struct evidence *evidence, struct a2a_finding *finding)
{
	(void)finding;
	/* If there are no numbers, both are NAN, which is not less than NAN. */
	return evidence->estimate->log2_guesses < evidence->log2_needed ? FAILED : PASSED;
}

/*
 * cracklib counts the characters that are an alphabetic neighbour of the character before them, and
 * calls more than 3 of them simplistic however long the password is (2.9.6: 3 and a tenth of the
 * length). That refuses 1 in 3,000 random passwords of 8 or 10 letters and digits, 1 in 4,000 of
 * 12, and 5 to 27 in 1,000 passphrases of six words. So its veto counts only if neighbours are most
 * of the password: two of three steps. `abcd1234` has six of seven; one random password in a
 * hundred thousand has as many.
 */
static bool is_simple(const struct evidence *evidence)
{
	const struct a2a_text *folded = &evidence->texts->folded;
	size_t different = 0, neighbours = 0;

	for (size_t i = 0; i < folded->count; i++) {
		size_t j = 0;
		int32_t step = i ? folded->point[i] - folded->point[i - 1] : 0;

		while (j < i && folded->point[j] != folded->point[i])
			j++;
		different += j == i;
		neighbours += step == 1 || step == -1;
	}
	return different < DIFFERENT || 3 * neighbours >= 2 * (folded->count - 1);
}

/*
 * Tells whether cracklib's answer could count. cracklib refuses 1 in 600 random passwords of 8
 * letters and digits, because four letters are a word of some language, or because there are only
 * four different characters. So its answer counts only if the password withstands fewer than 8
 * times as many guesses as it must. Otherwise it is not asked: that takes a hundred times as long
 * as all rules.
 */
static bool is_cracklib_asked(const struct evidence *evidence)
{
	const double margin = 3;

	/* Without numbers, neither is greater. */
	return !(evidence->estimate->log2_guesses >= evidence->log2_needed + margin);
}

/* Returns 0 if the answer does not count, otherwise an error of libpwquality. */
static int weigh_cracklib(const struct evidence *evidence, enum a2a_cracklib said)
{
	if (said == A2A_CRACKLIB_WORD)
		return evidence->policy->settings->dictcheck ? A2A_CRACKLIB_KNOWS : 0;
	return said == A2A_CRACKLIB_SIMPLE && is_simple(evidence) ? PWQ_ERROR_CRACKLIB_CHECK : 0;
}

static enum outcome second_opinion(const struct evidence *evidence, struct a2a_finding *finding)
{
	const struct a2a_settings *settings = evidence->policy->settings;
	const struct secret *password = evidence->password;
	struct a2a_pwquality answer = {0};

	if (!settings->second_opinion)
		return PASSED;
	if (a2a_pwquality_could_refuse(settings, password->bytes, password->length))
		answer = a2a_ask_pwquality(settings, password->bytes);
	if (answer.error == PWQ_ERROR_MEM_ALLOC)
		return out_of_memory(evidence);
	if (!answer.error && is_cracklib_asked(evidence)) {
		const enum a2a_cracklib said = a2a_ask_cracklib(evidence->policy->dictionary,
			settings->dictpath, evidence->texts->folded_bytes, evidence->log);

		if (said == A2A_CRACKLIB_FAULT)
			return BROKEN;
		answer = (struct a2a_pwquality){.error = weigh_cracklib(evidence, said)};
	}
	finding->detail = answer.error;
	finding->needs = answer.needs;
	return answer.error ? FAILED : PASSED;
}

/*
 * The rules, in the order in which they are run and reported. A rule with `only_if_good` is run
 * only when no rule before it failed: a user who reads that a password is too short or a word need
 * not also read that it is easy to guess, and the second opinion costs the most and adds the least.
 */
static const struct {
	enum outcome (*judge)(const struct evidence *, struct a2a_finding *);
	bool only_if_good;
} rules[A2A_RULES] = {
	[A2A_NOT_TEXT] = {not_text},
	[A2A_TOO_SHORT] = {too_short},
	[A2A_TOO_LONG] = {too_long},
	[A2A_NO_LETTER] = {no_letter},
	[A2A_NO_DIGIT] = {no_digit},
	[A2A_FEW_KINDS] = {few_kinds},
	[A2A_PERSON] = {person},
	[A2A_OLD_PASSWORD] = {old_password},
	[A2A_DICTIONARY_WORD] = {dictionary_word},
	[A2A_LEAKED] = {leaked, true},
	[A2A_GUESSABLE] = {guessable, true},
	[A2A_SECOND_OPINION] = {second_opinion, true},
};

/* ---- The judge ------------------------------------------------------------------------------- */

static bool is_ascii(const struct secret *secret)
{
	unsigned char all = 0;

	for (size_t i = 0; i < secret->length; i++)
		all |= (unsigned char)secret->bytes[i];
	return all < 0x80;
}

static void wipe_text(struct a2a_text *text, size_t points)
{
	explicit_bzero(text, offsetof(struct a2a_text, point) + points * sizeof(text->point[0]));
}

/* Wipes only the bytes that were written, if these are known: wiping everything costs more than all
 * rules do. */
static void wipe(struct texts *texts, const struct secret *password, const struct secret *old)
{
	size_t longest = password->length;

	if (!is_ascii(password) || (old && !is_ascii(old))) {
		explicit_bzero(texts, sizeof(*texts));
		return;
	}
	/* If the old password is longer than a text can be, it was not read. */
	if (old && old->length > longest && old->length <= A2A_TEXT_BYTES)
		longest = old->length;
	wipe_text(&texts->read, longest);
	wipe_text(&texts->folded, longest);
	wipe_text(&texts->word, longest);
	explicit_bzero(texts->folded_bytes, longest);
	explicit_bzero(texts->old_folded_bytes, longest);
}

/* Runs the rules. Returns whether all of them could answer. */
static bool run_rules(const struct evidence *evidence, struct a2a_verdict *verdict)
{
	for (size_t i = 0; i < A2A_RULES; i++) {
		struct a2a_finding finding = {.rule = (enum a2a_rule)i};

		if (rules[i].only_if_good && verdict->count)
			continue;
		switch (rules[i].judge(evidence, &finding)) {
		case PASSED:
			break;
		case FAILED:
			verdict->finding[verdict->count++] = finding;
			break;
		case BROKEN:
			return a2a_fault(evidence->log, NULL, "%s could not be judged",
				a2a_rule_name((enum a2a_rule)i));
		}
	}
	verdict->accepted = verdict->count == 0;
	return true;
}

/* Gathers the evidence and runs the rules. The caller wipes `texts`. */
static bool judge(struct evidence *evidence, struct texts *texts, struct a2a_verdict *verdict)
{
	read_texts(evidence, texts);
	mark_person(evidence, texts);
	if (!measure(evidence, texts, &verdict->estimate))
		return a2a_fault(evidence->log, NULL, "out of memory");
	verdict->log2_needed = evidence->log2_needed;
	return run_rules(evidence, verdict);
}

/* Tells whether a password is too long to be read as a text. */
static bool is_oversized(const struct secret *password)
{
	return password->length > A2A_TEXT_BYTES;
}

static void refuse_oversized(
	const struct a2a_policy *policy, const struct secret *password, struct a2a_verdict *verdict)
{
	verdict->finding[verdict->count++] = (struct a2a_finding){
		.rule = A2A_TOO_LONG,
		.has = (int64_t)password->length,
		.needs = policy->settings->max_length,
	};
}

/* The verdict on what is not judged yet. */
static void refuse(struct a2a_verdict *verdict)
{
	*verdict = (struct a2a_verdict){
		.accepted = false, .estimate.log2_guesses = NAN, .log2_needed = NAN};
}

static bool judge_held(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, bool is_exact, struct a2a_verdict *verdict,
	const struct a2a_log *log)
{
	static const struct a2a_person nobody;
	struct texts texts;
	struct evidence evidence = {
		.policy = policy,
		.person = person ? person : &nobody,
		.password = password,
		.texts = &texts,
		.is_exact = is_exact,
		.log = log,
	};
	bool is_judged;

	refuse(verdict);
	if (!password->bytes)
		return a2a_fault(log, NULL, "there is no password to judge");
	if (is_oversized(password)) {
		refuse_oversized(policy, password, verdict);
		return true;
	}
	is_judged = judge(&evidence, &texts, verdict);
	wipe(&texts, password, evidence.person->old_password);
	return is_judged;
}

static bool judge_and_hold(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, bool is_exact, struct a2a_verdict *verdict,
	const struct a2a_log *log)
{
	bool is_judged;

	if (!a2a_policy_hold(policy, log)) {
		refuse(verdict);
		return false;
	}
	is_judged = judge_held(policy, password, person, is_exact, verdict, log);
	a2a_policy_rest(policy);
	return is_judged;
}

bool a2a_judge_held(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log)
{
	return judge_held(policy, password, person, false, verdict, log);
}

bool a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log)
{
	return judge_and_hold(policy, password, person, false, verdict, log);
}

bool a2a_judge_exactly(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log)
{
	return judge_and_hold(policy, password, person, true, verdict, log);
}
