/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules: a table of pure functions, and the judge that runs all of them. */
#define _GNU_SOURCE
#include "internal.h"

#include <math.h>
#include <pwquality.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "guess.h"
#include "name.h"
#include "second_opinion.h"

/* cracklib calls fewer different characters than this too few, whatever the length. */
enum { DIFFERENT = 5 };

/*
 * What is made of the password: it holds it several times over. Of ASCII no more is ever written
 * than its length, and then no more is wiped, which costs less than all else: see wipe().
 */
struct texts {
	struct a2a_text read;   /* NFC: what is counted */
	struct a2a_text folded; /* what is compared with words */
	struct a2a_text word;   /* scratch: the old password, a name of the person */
	char folded_bytes[4 * A2A_TEXT_POINTS + 1];
	char old_folded_bytes[4 * A2A_TEXT_POINTS + 1];
	bool taken[A2A_TEXT_POINTS]; /* positions of `folded` that belong to the person */
};

/* All that the rules look at, made once. */
struct evidence {
	const struct a2a_policy *policy;
	const struct a2a_settings *settings;
	const struct a2a_person *person;
	const struct secret *password, *old; /* `old`: NULL when it is not known */
	const struct a2a_log *log;
	struct a2a_verdict *verdict; /* for what is measured beside the rules */
	struct texts *texts;
	bool is_decoded; /* valid UTF-8 */
	bool is_text;    /* and all of it can be sent: it may be handed on as a string */
	bool has_names;  /* some of it belongs to the person */
	bool failed;     /* some rule before this one failed */
	bool measured;   /* the verdict has its numbers */
};

enum outcome { PASSED, FAILED, BROKEN };

static enum outcome needs_at_least(long has, long needs, struct a2a_finding *finding)
{
	finding->has = has;
	finding->needs = needs;
	return has >= needs ? PASSED : FAILED;
}

static enum outcome not_text(struct evidence *evidence, struct a2a_finding *finding)
{
	(void)finding;
	return evidence->is_text ? PASSED : FAILED;
}

static enum outcome too_short(struct evidence *evidence, struct a2a_finding *finding)
{
	if (!evidence->is_decoded)
		return PASSED;
	return needs_at_least(
		(long)evidence->texts->read.count, evidence->settings->min_length, finding);
}

static enum outcome too_long(struct evidence *evidence, struct a2a_finding *finding)
{
	finding->has = (long)evidence->password->length;
	finding->needs = evidence->settings->max_length;
	return finding->has <= finding->needs ? PASSED : FAILED;
}

static enum outcome enough(const struct evidence *evidence, bool (*is)(int32_t), long needs,
	struct a2a_finding *finding)
{
	long has = 0;

	if (!evidence->is_decoded ||
		!a2a_mix_is_asked(evidence->settings, evidence->texts->read.count))
		return PASSED;
	for (size_t i = 0; i < evidence->texts->read.count; i++)
		has += is(evidence->texts->read.point[i]);
	return needs_at_least(has, needs, finding);
}

static enum outcome no_letter(struct evidence *evidence, struct a2a_finding *finding)
{
	return enough(evidence, a2a_is_letter, evidence->settings->min_letters, finding);
}

static enum outcome no_digit(struct evidence *evidence, struct a2a_finding *finding)
{
	return enough(evidence, a2a_is_digit, evidence->settings->min_digits, finding);
}

/* Marks each place of the password where the word stands, forwards or backwards. */
static void take(void *context, const int32_t *word, size_t length)
{
	struct evidence *evidence = context;
	const struct a2a_text *folded = &evidence->texts->folded;

	for (size_t i = 0; length && i + length <= folded->count; i++) {
		bool forwards = folded->point[i] == word[0];
		bool backwards = folded->point[i] == word[length - 1];

		for (size_t j = 0; j < length && (forwards || backwards); j++) {
			forwards &= folded->point[i + j] == word[j];
			backwards &= folded->point[i + j] == word[length - 1 - j];
		}
		if (!forwards && !backwards)
			continue;
		evidence->has_names = true;
		memset(evidence->texts->taken + i, true,
			length * sizeof(evidence->texts->taken[0]));
	}
}

static void take_words(struct evidence *evidence, const char *name)
{
	a2a_name_words(name, (size_t)evidence->settings->person_word, &evidence->texts->word, take,
		evidence);
}

/* The words of the service, which were read when the policy was opened. */
static void take_kept(struct evidence *evidence, const struct a2a_name *kept)
{
	const struct a2a_text *folded = &evidence->texts->folded;
	const uint64_t used = a2a_name_characters(folded->point, folded->count);

	for (size_t i = 0; i < kept->count; i++) {
		const struct a2a_name_word *word = &kept->word[i];

		if (!(word->characters & ~used))
			take(evidence, kept->points + word->start, word->length);
	}
}

static enum outcome person(struct evidence *evidence, struct a2a_finding *finding)
{
	size_t left = 0;

	if (!evidence->is_text)
		return PASSED;
	take_kept(evidence, &evidence->policy->site_words);
	for (size_t i = 0; evidence->person && i < evidence->person->name_count; i++)
		take_words(evidence, evidence->person->names[i]);
	if (!evidence->has_names)
		return PASSED;
	for (size_t i = 0; i < evidence->texts->folded.count; i++)
		left += !evidence->texts->taken[i];
	return needs_at_least((long)left, evidence->settings->person_rest, finding);
}

static enum outcome out_of_memory(const struct evidence *evidence)
{
	a2a_report(evidence->log, A2A_FAULT, NULL, "out of memory");
	return BROKEN;
}

static enum outcome old_password(struct evidence *evidence, struct a2a_finding *finding)
{
	const struct secret *old = evidence->old;
	struct a2a_pwquality answer;

	if (!old || !old->length)
		return PASSED;
	if (old->length == evidence->password->length &&
		memcmp(old->bytes, evidence->password->bytes, old->length) == 0)
		return FAILED;
	if (!evidence->is_text || !*evidence->texts->old_folded_bytes ||
		evidence->settings->difok == 0)
		return PASSED;
	answer = a2a_ask_variant(evidence->settings, evidence->texts->folded_bytes,
		evidence->texts->old_folded_bytes);
	if (answer.error == PWQ_ERROR_MEM_ALLOC)
		return out_of_memory(evidence);
	finding->needs = evidence->settings->difok;
	return answer.error ? FAILED : PASSED;
}

/* Measures how many guesses it withstands, once. False, having reported, when memory is out. */
static bool measure(struct evidence *evidence)
{
	const struct a2a_policy *policy = evidence->policy;
	const struct a2a_vocabulary vocabulary = {
		.lexicon = policy->lexicon,
		.lexicons = policy->lexicons,
		.keyboards = policy->keyboards,
		.person_mask = evidence->texts->taken,
		.person_mask_length = evidence->has_names ? evidence->texts->folded.count : 0,
	};

	if (!evidence->measured &&
		!a2a_guess(&vocabulary, &evidence->texts->read, &evidence->verdict->estimate)) {
		out_of_memory(evidence);
		return false;
	}
	evidence->measured = true;
	return true;
}

static enum outcome dictionary_word(struct evidence *evidence, struct a2a_finding *finding)
{
	(void)finding;
	if (!evidence->is_text || !evidence->settings->dictcheck)
		return PASSED;
	if (!measure(evidence))
		return BROKEN;
	return evidence->verdict->estimate.word.length ? FAILED : PASSED;
}

/* Whether a byte is inside of a character of UTF-8. */
static bool goes_on(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Whether a password that became public is there, with at most so many characters around it. */
static bool is_leaked(const struct a2a_leaked *leaked, const char *text)
{
	enum { MOST_AROUND = 2 };
	const char *end = text + strlen(text);

	for (size_t before = 0; before <= MOST_AROUND && *text; before++) {
		const char *last = end;

		for (size_t after = 0; before + after <= MOST_AROUND && last > text; after++) {
			if (a2a_leaked_have(leaked, text, (size_t)(last - text)))
				return true;
			while (goes_on(*--last))
				;
		}
		while (goes_on(*++text))
			;
	}
	return false;
}

static enum outcome leaked(struct evidence *evidence, struct a2a_finding *finding)
{
	const struct a2a_policy *policy = evidence->policy;

	(void)finding;
	if (evidence->failed || !evidence->is_text || !evidence->settings->min_guesses)
		return PASSED;
	return is_leaked(&policy->lexicon[0].leaked, evidence->texts->folded_bytes) ? FAILED
										    : PASSED;
}

/*
 * cracklib counts how often a character is the alphabet's neighbour of the one before, and finds
 * more than 3 of them simplistic whatever the length (2.9.6: 3 and a tenth of the length). That
 * costs 1 in 3,000 random passwords of 8 or 10 letters and digits and 1 in 4,000 of 12, and 5 to 27
 * of 1,000 passphrases of six words, so its veto stands only where neighbours make most of the
 * password: two steps of three. `abcd1234` has six of seven; of random passwords, one in a hundred
 * thousand has as many.
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
 * What must be withstood, as log2 of guesses. min_guesses is for the shortest good passwords, of 8
 * characters, where a higher limit would refuse random ones. The longer a password, the more it is
 * made of words, and random ones of its length are far above: so each further character asks for
 * twice as many, and beyond 10, where random ones are farther yet, for four times as many, up to 16
 * characters.
 */
static double guesses_needed(const struct evidence *evidence)
{
	const double shortest = 8, longer = 10, longest = 16;
	double characters = fmin((double)evidence->texts->read.count, longest);

	return log2((double)evidence->settings->min_guesses) + fmax(characters - shortest, 0) +
	       fmax(characters - longer, 0);
}

static enum outcome guessable(struct evidence *evidence, struct a2a_finding *finding)
{
	(void)finding;
	if (!evidence->is_text || !evidence->settings->min_guesses)
		return PASSED;
	if (!measure(evidence))
		return BROKEN;
	evidence->verdict->log2_needed = guesses_needed(evidence);
	/* It is measured in any case; but who is told that a password is too short or a word need
	 * not be told that such a one is easy to guess. */
	if (evidence->failed)
		return PASSED;
	return evidence->verdict->estimate.log2_guesses < evidence->verdict->log2_needed ? FAILED
											 : PASSED;
}

/*
 * What cracklib's answer is worth, as an error of libpwquality: 0 for nothing. Of random passwords
 * of 8 letters and digits it refuses 1 in 600, for four letters that are a word of some language
 * or for four different characters. So its word counts only where ours is not much better: where
 * the password withstands fewer than 8 times as many guesses as it must.
 */
static int weigh_cracklib(const struct evidence *evidence, enum a2a_cracklib said)
{
	const double margin = 3;
	const struct a2a_verdict *verdict = evidence->verdict;

	/* Without numbers, neither is greater. */
	if (verdict->estimate.log2_guesses >= verdict->log2_needed + margin)
		return 0;
	if (said == A2A_CRACKLIB_WORD)
		return evidence->settings->dictcheck ? A2A_CRACKLIB_KNOWS : 0;
	return said == A2A_CRACKLIB_SIMPLE && is_simple(evidence) ? PWQ_ERROR_CRACKLIB_CHECK : 0;
}

static enum outcome second_opinion(struct evidence *evidence, struct a2a_finding *finding)
{
	struct a2a_pwquality answer;
	enum a2a_cracklib said;

	/* It costs the most and has the least to say, so it is asked last, and only when all else
	 * found nothing. */
	if (evidence->failed || !evidence->settings->second_opinion)
		return PASSED;
	answer = a2a_ask_pwquality(evidence->settings, evidence->password->bytes);
	if (answer.error == PWQ_ERROR_MEM_ALLOC)
		return out_of_memory(evidence);
	if (!answer.error) {
		said = a2a_ask_cracklib(evidence->policy->dictionary, evidence->settings->dictpath,
			evidence->texts->folded_bytes, evidence->log);
		if (said == A2A_CRACKLIB_FAULT)
			return BROKEN;
		answer = (struct a2a_pwquality){.error = weigh_cracklib(evidence, said)};
	}
	finding->detail = answer.error;
	finding->needs = answer.needs;
	return answer.error ? FAILED : PASSED;
}

/* In the order in which they are run and reported. */
static const struct {
	const char *name;
	enum outcome (*judge)(struct evidence *, struct a2a_finding *);
} rules[A2A_RULES] = {
	[A2A_NOT_TEXT] = {"not-text", not_text},
	[A2A_TOO_SHORT] = {"too-short", too_short},
	[A2A_TOO_LONG] = {"too-long", too_long},
	[A2A_NO_LETTER] = {"no-letter", no_letter},
	[A2A_NO_DIGIT] = {"no-digit", no_digit},
	[A2A_PERSON] = {"person", person},
	[A2A_OLD_PASSWORD] = {"old-password", old_password},
	[A2A_DICTIONARY_WORD] = {"dictionary-word", dictionary_word},
	[A2A_LEAKED] = {"leaked", leaked},
	[A2A_GUESSABLE] = {"guessable", guessable},
	[A2A_SECOND_OPINION] = {"second-opinion", second_opinion},
};

const char *a2a_rule_name(enum a2a_rule rule)
{
	return rules[rule].name;
}

char *a2a_verdict_rules(const struct a2a_verdict *verdict)
{
	char *ids = strdup("");

	for (size_t i = 0; ids && i < verdict->count; i++) {
		char *longer = NULL;

		if (asprintf(&longer, "%s%s%s", ids, i ? "," : "",
			    a2a_rule_name(verdict->finding[i].rule)) < 0)
			longer = NULL;
		free(ids);
		ids = longer;
	}
	return ids;
}

/* A password for which no evidence can be taken: it is longer than any text is looked into. */
static bool is_oversized(const struct secret *password)
{
	return password->length > A2A_TEXT_BYTES;
}

static void refuse_oversized(
	const struct a2a_policy *policy, const struct secret *password, struct a2a_verdict *verdict)
{
	verdict->finding[verdict->count++] = (struct a2a_finding){
		.rule = A2A_TOO_LONG,
		.has = (long)password->length,
		.needs = policy->settings->max_length,
	};
}

/* Whether every character is one that a mail program sends as it was typed. */
static bool is_sendable(const struct a2a_text *text)
{
	for (size_t i = 0; i < text->count; i++)
		if (!a2a_is_sendable(text->point[i]))
			return false;
	return true;
}

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

static void wipe(const struct evidence *evidence)
{
	struct texts *texts = evidence->texts;
	const struct secret *password = evidence->password, *old = evidence->old;
	size_t longest = password->length;

	if (!is_ascii(password) || (old && !is_ascii(old))) {
		explicit_bzero(texts, sizeof(*texts));
		return;
	}
	/* One that is longer than texts are was not read. */
	if (old && old->length > longest && old->length <= A2A_TEXT_BYTES)
		longest = old->length;
	wipe_text(&texts->read, longest);
	wipe_text(&texts->folded, longest);
	wipe_text(&texts->word, longest);
	explicit_bzero(texts->folded_bytes, longest);
	explicit_bzero(texts->old_folded_bytes, longest);
}

static void take_evidence(struct evidence *evidence)
{
	const struct secret *password = evidence->password, *old = evidence->old;
	struct texts *texts = evidence->texts;

	texts->folded.count = 0;
	texts->old_folded_bytes[0] = '\0';
	evidence->is_decoded = a2a_text_read(&texts->read, password->bytes, password->length) &&
			       a2a_text_fold(&texts->folded, password->bytes, password->length);
	evidence->is_text = evidence->is_decoded && is_sendable(&texts->read);
	if (!a2a_text_write(&texts->folded, texts->folded_bytes, sizeof(texts->folded_bytes)))
		texts->folded_bytes[0] = '\0';
	memset(texts->taken, 0, texts->folded.count * sizeof(texts->taken[0]));
	if (old && a2a_text_fold(&texts->word, old->bytes, old->length) &&
		!a2a_text_write(
			&texts->word, texts->old_folded_bytes, sizeof(texts->old_folded_bytes)))
		texts->old_folded_bytes[0] = '\0';
}

/* Whether it could be judged. */
static bool judge(struct evidence *evidence)
{
	struct a2a_verdict *verdict = evidence->verdict;

	for (size_t i = 0; i < A2A_RULES; i++) {
		struct a2a_finding finding = {.rule = (enum a2a_rule)i};

		switch (rules[i].judge(evidence, &finding)) {
		case PASSED:
			break;
		case FAILED:
			verdict->finding[verdict->count++] = finding;
			evidence->failed = true;
			break;
		case BROKEN:
			a2a_report(evidence->log, A2A_FAULT, NULL, "%s could not be judged",
				rules[i].name);
			return false;
		}
	}
	verdict->accepted = verdict->count == 0;
	return true;
}

bool a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *who, struct a2a_verdict *verdict, const struct a2a_log *log)
{
	struct texts texts;
	struct evidence evidence = {
		.policy = policy,
		.settings = policy->settings,
		.log = log,
		.verdict = verdict,
		.person = who,
		.password = password,
		.old = who ? who->old_password : NULL,
		.texts = &texts,
	};
	bool judged;

	*verdict = (struct a2a_verdict){
		.accepted = false, .estimate.log2_guesses = NAN, .log2_needed = NAN};
	if (!password->bytes) {
		a2a_report(log, A2A_FAULT, NULL, "there is no password to judge");
		return false;
	}
	if (is_oversized(password)) {
		refuse_oversized(policy, password, verdict);
		return true;
	}
	take_evidence(&evidence);
	judged = judge(&evidence);
	wipe(&evidence);
	return judged;
}
