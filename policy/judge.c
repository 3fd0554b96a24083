/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules: a table of pure functions, and the judge that runs all of them. */
#define _GNU_SOURCE
#include "internal.h"

#include <math.h>
#include <pwquality.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dict/text.h"
#include "guess.h"
#include "second_opinion.h"

enum {
	/* Names longer than this, and more of them, are nobody's; the rest is not looked at. */
	NAME_BYTES = A2A_TEXT_BYTES,
	/* cracklib calls fewer different characters than this too few, whatever the length. */
	DIFFERENT = 5,
	/* Digits that stand alone in a name count from so many on: a room or telephone number. */
	DIGIT_WORD = 4,
};

/*
 * All that the rules look at, made once. It holds the password several times over, so it is
 * allocated as a whole, and wiped as a whole at the judge's one exit.
 */
struct evidence {
	const struct a2a_policy *policy;
	const struct a2a_settings *settings;
	const struct a2a_person *person;
	const struct secret *password;
	const struct a2a_log *log;
	struct a2a_verdict *verdict; /* for what is measured beside the rules */
	bool is_decoded;             /* valid UTF-8 */
	bool is_text;           /* and all of it can be sent: it may be handed on as a string */
	struct a2a_text read;   /* NFC: what is counted */
	struct a2a_text folded; /* what is compared with words */
	char folded_bytes[4 * A2A_TEXT_POINTS + 1];
	char old_folded_bytes[4 * A2A_TEXT_POINTS + 1];
	struct a2a_text word;        /* scratch: a name of the person */
	bool taken[A2A_TEXT_POINTS]; /* positions of `folded` that belong to the person */
	bool has_names;              /* there are such */
	bool failed;                 /* some rule before this one failed */
	bool measured;               /* the verdict has its numbers */
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
	return needs_at_least((long)evidence->read.count, evidence->settings->min_length, finding);
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

	if (!evidence->is_decoded || !a2a_mix_is_asked(evidence->settings, evidence->read.count))
		return PASSED;
	for (size_t i = 0; i < evidence->read.count; i++)
		has += is(evidence->read.point[i]);
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
static void take(struct evidence *evidence, const int32_t *word, size_t length)
{
	const struct a2a_text *folded = &evidence->folded;

	for (size_t i = 0; length && i + length <= folded->count; i++) {
		bool forwards = true, backwards = true;

		for (size_t j = 0; j < length && (forwards || backwards); j++) {
			forwards &= folded->point[i + j] == word[j];
			backwards &= folded->point[i + j] == word[length - 1 - j];
		}
		if (forwards || backwards)
			memset(evidence->taken + i, true, length * sizeof(evidence->taken[0]));
	}
}

/* What stretches of a name are words: letters and digits together, letters alone, digits alone. */
static bool in_name(int32_t point)
{
	return a2a_is_letter(point) || a2a_is_digit(point);
}

static void take_stretches(struct evidence *evidence, bool (*is)(int32_t), size_t shortest)
{
	const struct a2a_text *name = &evidence->word;
	size_t start = 0;

	for (size_t i = 0; i <= name->count; i++) {
		if (i < name->count && is(name->point[i]))
			continue;
		if (i - start >= shortest)
			take(evidence, name->point + start, i - start);
		start = i + 1;
	}
}

/* The whole name without what separates its parts: jan.smet -> jansmet. */
static void take_joined(struct evidence *evidence, size_t shortest)
{
	struct a2a_text *name = &evidence->word;
	size_t count = 0;

	for (size_t i = 0; i < name->count; i++)
		if (in_name(name->point[i]))
			name->point[count++] = name->point[i];
	name->count = count;
	if (count >= shortest)
		take(evidence, name->point, count);
}

/*
 * Names come from files that may be older than UTF-8: what is not UTF-8 is taken for Latin-1, in
 * which each byte is the code point of its number.
 */
static bool fold_name(struct a2a_text *word, const char *name)
{
	size_t length = strnlen(name, NAME_BYTES);
	char utf8[2 * NAME_BYTES];
	size_t count = 0;

	/* Not in the middle of a character. */
	while (length == NAME_BYTES && length && ((unsigned char)name[length] & 0xc0) == 0x80)
		length--;
	if (a2a_text_fold(word, name, length))
		return true;
	for (size_t i = 0; i < length && count + 2 <= NAME_BYTES; i++) {
		unsigned char byte = (unsigned char)name[i];

		if (byte >= 0x80)
			utf8[count++] = (char)(0xc0 | byte >> 6);
		utf8[count++] = (char)(byte < 0x80 ? byte : 0x80 | (byte & 0x3f));
	}
	return a2a_text_fold(word, utf8, count);
}

static void take_name(struct evidence *evidence, const char *name)
{
	size_t shortest = (size_t)evidence->settings->person_word;
	size_t digits = shortest > DIGIT_WORD ? shortest : DIGIT_WORD;

	if (!name || !fold_name(&evidence->word, name))
		return;
	take_stretches(evidence, in_name, shortest);
	take_stretches(evidence, a2a_is_letter, shortest);
	take_stretches(evidence, a2a_is_digit, digits);
	take_joined(evidence, shortest);
}

static enum outcome person(struct evidence *evidence, struct a2a_finding *finding)
{
	size_t left = 0;

	if (!evidence->is_text)
		return PASSED;
	take_name(evidence, evidence->settings->site_words);
	for (size_t i = 0; evidence->person && i < evidence->person->name_count; i++)
		take_name(evidence, evidence->person->names[i]);
	for (size_t i = 0; i < evidence->folded.count; i++)
		left += !evidence->taken[i];
	evidence->has_names = left < evidence->folded.count;
	if (!evidence->has_names)
		return PASSED;
	return needs_at_least((long)left, evidence->settings->person_rest, finding);
}

static enum outcome out_of_memory(const struct evidence *evidence)
{
	a2a_report(evidence->log, A2A_FAULT, NULL, "out of memory");
	return BROKEN;
}

static enum outcome old_password(struct evidence *evidence, struct a2a_finding *finding)
{
	const struct secret *old = evidence->person ? evidence->person->old_password : NULL;
	struct a2a_pwquality answer;

	if (!old || !old->length)
		return PASSED;
	if (old->length == evidence->password->length &&
		memcmp(old->bytes, evidence->password->bytes, old->length) == 0)
		return FAILED;
	if (!evidence->is_text || !*evidence->old_folded_bytes || evidence->settings->difok == 0)
		return PASSED;
	answer = a2a_ask_variant(
		evidence->settings, evidence->folded_bytes, evidence->old_folded_bytes);
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
		.taken = evidence->taken,
		.places = evidence->has_names ? evidence->folded.count : 0,
	};

	if (!evidence->measured && !a2a_guess(&vocabulary, &evidence->read, evidence->verdict)) {
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
	return evidence->verdict->word.length ? FAILED : PASSED;
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
	return is_leaked(&policy->lexicon[0].leaked, evidence->folded_bytes) ? FAILED : PASSED;
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
	const struct a2a_text *folded = &evidence->folded;
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
 * twice as many, up to 16 characters.
 */
static double guesses_needed(const struct evidence *evidence)
{
	const double shortest = 8, longest = 16;
	double characters = fmin(fmax((double)evidence->read.count, shortest), longest);

	return log2((double)evidence->settings->min_guesses) + characters - shortest;
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
	return evidence->verdict->log2_guesses < evidence->verdict->log2_needed ? FAILED : PASSED;
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
	if (verdict->log2_guesses >= verdict->log2_needed + margin)
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
		said = a2a_ask_cracklib(evidence->policy, evidence->folded_bytes, evidence->log);
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

const char *a2a_segment_name(enum a2a_segment_kind kind)
{
	static const char *const names[A2A_SEGMENT_KINDS] = {
		[A2A_SEGMENT_LETTERS] = "letters",
		[A2A_SEGMENT_SYMBOL] = "symbol",
		[A2A_SEGMENT_PASSWORD] = "password",
		[A2A_SEGMENT_WORD] = "word",
		[A2A_SEGMENT_BACKWARDS] = "backwards",
		[A2A_SEGMENT_NUMBER] = "number",
		[A2A_SEGMENT_YEAR] = "year",
		[A2A_SEGMENT_DATE] = "date",
		[A2A_SEGMENT_KEYBOARD] = "keyboard",
		[A2A_SEGMENT_SEQUENCE] = "sequence",
		[A2A_SEGMENT_REPEAT] = "repeat",
		[A2A_SEGMENT_PERSON] = "person",
	};

	return names[kind];
}

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

static void take_evidence(struct evidence *evidence)
{
	const struct secret *password = evidence->password;
	const struct secret *old = evidence->person ? evidence->person->old_password : NULL;

	evidence->is_decoded = a2a_text_read(&evidence->read, password->bytes, password->length) &&
			       a2a_text_fold(&evidence->folded, password->bytes, password->length);
	evidence->is_text = evidence->is_decoded && is_sendable(&evidence->read);
	a2a_text_write(&evidence->folded, evidence->folded_bytes, sizeof(evidence->folded_bytes));
	if (old && a2a_text_fold(&evidence->word, old->bytes, old->length))
		a2a_text_write(&evidence->word, evidence->old_folded_bytes,
			sizeof(evidence->old_folded_bytes));
}

bool a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *who, struct a2a_verdict *verdict, const struct a2a_log *log)
{
	struct evidence *evidence;
	bool judged = false;

	*verdict = (struct a2a_verdict){.accepted = false, .log2_guesses = NAN, .log2_needed = NAN};
	if (!password->bytes) {
		a2a_report(log, A2A_FAULT, NULL, "there is no password to judge");
		return false;
	}
	if (is_oversized(password)) {
		refuse_oversized(policy, password, verdict);
		return true;
	}
	evidence = calloc(1, sizeof(*evidence));
	if (!evidence) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return false;
	}
	evidence->policy = policy;
	evidence->settings = policy->settings;
	evidence->log = log;
	evidence->verdict = verdict;
	evidence->person = who;
	evidence->password = password;
	take_evidence(evidence);
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
			a2a_report(log, A2A_FAULT, NULL, "%s could not be judged", rules[i].name);
			goto out;
		}
	}
	verdict->accepted = verdict->count == 0;
	judged = true;
out:
	explicit_bzero(evidence, sizeof(*evidence));
	free(evidence);
	return judged;
}
