/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "second_opinion.h"

#include <crack.h>
#include <ctype.h>
#include <libintl.h>
#include <packer.h>
#include <pthread.h>
#include <pwquality.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * cracklib keeps its open dictionary in static variables, and libpwquality is not documented to be
 * safe in threads. So only one thread of the program asks them at a time. This lock is the only
 * thing that the engine keeps in writable memory.
 */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/*
 * cracklib answers in sentences, in the language of the process. Our own rule covers "too short",
 * and nine characters that look like a British National Insurance number may well be random.
 * cracklib has more sentences, about its own trouble and about the user, whom we do not name;
 * these, and new sentences, do not say what it thinks of the password.
 */
static const struct {
	const char *sentence;
	enum a2a_cracklib meaning;
} sentences[] = {
	{"it is based on a dictionary word", A2A_CRACKLIB_WORD},
	{"it is based on a (reversed) dictionary word", A2A_CRACKLIB_WORD},
	{"it does not contain enough DIFFERENT characters", A2A_CRACKLIB_SIMPLE},
	{"it is too simplistic/systematic", A2A_CRACKLIB_SIMPLE},
	{"it is WAY too short", A2A_CRACKLIB_FINE},
	{"it is too short", A2A_CRACKLIB_FINE},
	{"it is all whitespace", A2A_CRACKLIB_FINE},
	{"it looks like a National Insurance number.", A2A_CRACKLIB_FINE},
};

static enum a2a_cracklib meaning(const char *answer)
{
	if (!answer)
		return A2A_CRACKLIB_FINE;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strcmp(answer, sentences[i].sentence) == 0 ||
			strcmp(answer, dgettext("cracklib", sentences[i].sentence)) == 0)
			return sentences[i].meaning;
	return A2A_CRACKLIB_FAULT;
}

/*
 * cracklib leaves copies of the password in static buffers and on its stack. So it gets another
 * text of the greatest length that it accepts, through the same functions.
 */
static void make_forget(PWDICT *dictionary)
{
	/* These are the kinds of cracklib's rules that a password goes through: lower case,
	 * reverse, letters for digits (the 5), removal of a class of characters (the full stop). */
	static const char *const rules[] = {"l", "r", "/5s5s", "/?p@?p", ":"};
	char nothing[TRUNCSTRINGSIZE];

	FascistLookUser(dictionary, (char[]){""}, "\x01", "");
	memset(nothing, '5', sizeof(nothing));
	nothing[sizeof(nothing) - 2] = '.';
	nothing[sizeof(nothing) - 1] = '\0';
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		Mangle(nothing, (char *)(uintptr_t)rules[i]);
}

/* Asks cracklib, which opens the files of `dictpath` by name and reads them. */
static enum a2a_cracklib ask_by_name(
	const char *dictpath, const char *folded, const struct a2a_log *log)
{
	enum a2a_cracklib result;
	PWDICT *dictionary = PWOpen(dictpath, (char[]){"r"});

	if (!dictionary) {
		a2a_report(log, A2A_FAULT, dictpath, "cracklib cannot open the dictionary");
		return A2A_CRACKLIB_FAULT;
	}
	/* FascistCheck() would look up the caller in the user database, and would end the process
	 * when it cannot read the dictionary. With a user name that no password resembles, this
	 * function looks up nobody. */
	result = meaning(FascistLookUser(dictionary, (char *)(uintptr_t)folded, "\x01", ""));
	make_forget(dictionary);
	PWClose(dictionary);
	if (result == A2A_CRACKLIB_FAULT)
		a2a_report(log, A2A_FAULT, NULL, "cracklib gives an answer that is not known");
	return result;
}

/* Asks until the names have led to the guarded files from the first look to the last. */
static enum a2a_cracklib ask_while_current(struct a2a_dictionary *dictionary, const char *dictpath,
	const int guard[static A2A_DICTIONARY_FILES], const char *folded, const struct a2a_log *log)
{
	enum { MOST_ASKED = 10 };

	for (int i = 0; i < MOST_ASKED; i++) {
		const enum a2a_cracklib result = ask_by_name(dictpath, folded, log);

		if (result == A2A_CRACKLIB_FAULT || a2a_dictionary_is_current(dictionary, dictpath))
			return result;
		if (!a2a_dictionary_renew(dictionary, dictpath, guard))
			break;
	}
	a2a_report(log, A2A_FAULT, dictpath,
		"the dictionary was changed while it was read: try again");
	return A2A_CRACKLIB_FAULT;
}

/*
 * cracklib trusts whatever is in the files, and complains on the standard error of its host. So it
 * is asked only when its files were checked, and are kept from being written meanwhile. Its answer
 * counts only if the names still lead to them afterwards.
 */
static enum a2a_cracklib ask_guarded(struct a2a_dictionary *dictionary, const char *dictpath,
	const char *folded, const struct a2a_log *log)
{
	int guard[A2A_DICTIONARY_FILES];
	enum a2a_cracklib result = A2A_CRACKLIB_FAULT;

	pthread_mutex_lock(&one_at_a_time);
	if (a2a_dictionary_guard(dictionary, dictpath, guard, log)) {
		result = ask_while_current(dictionary, dictpath, guard, folded, log);
		a2a_dictionary_unguard(guard);
	}
	pthread_mutex_unlock(&one_at_a_time);
	return result;
}

/* Asks the dictionary, or the one that is kept while that is replaced. */
static enum a2a_cracklib ask_either(
	struct a2a_dictionary *dictionary, const char *dictpath, const char *folded)
{
	enum a2a_cracklib result = ask_guarded(dictionary, dictpath, folded, NULL);
	char *kept = result == A2A_CRACKLIB_FAULT ? a2a_dictionary_kept(dictpath) : NULL;

	if (kept)
		result = ask_guarded(dictionary, kept, folded, NULL);
	free(kept);
	return result;
}

enum a2a_cracklib a2a_ask_cracklib(struct a2a_dictionary *dictionary, const char *dictpath,
	const char *folded, const struct a2a_log *log)
{
	enum a2a_cracklib result;
	int tries = 0;

	do
		result = ask_either(dictionary, dictpath, folded);
	while (result == A2A_CRACKLIB_FAULT && a2a_dictionary_wait(dictpath, &tries));
	/* The last time with a report. */
	return result == A2A_CRACKLIB_FAULT ? ask_guarded(dictionary, dictpath, folded, log)
					    : result;
}

/* The first word has the number 0. cracklib gives a word that it does not find another number. */
static bool find_by_name(const char *dictpath, const char *word, const struct a2a_log *log)
{
	PWDICT *dictionary = PWOpen(dictpath, (char[]){"r"});
	unsigned found;

	if (!dictionary)
		return a2a_fault(log, dictpath, "cracklib cannot open the dictionary");
	found = FindPW(dictionary, (char *)(uintptr_t)word);
	PWClose(dictionary);
	if (found != 0)
		return a2a_fault(log, dictpath,
			"cracklib does not find a word that is in the dictionary: is it for this "
			"machine?");
	return true;
}

bool a2a_try_cracklib(
	struct a2a_dictionary *dictionary, const char *dictpath, const struct a2a_log *log)
{
	int guard[A2A_DICTIONARY_FILES];
	bool ok;

	pthread_mutex_lock(&one_at_a_time);
	ok = a2a_dictionary_guard(dictionary, dictpath, guard, log);
	if (ok) {
		ok = find_by_name(dictpath, dictionary->word, log);
		a2a_dictionary_unguard(guard);
	}
	pthread_mutex_unlock(&one_at_a_time);
	return ok;
}

/* Opens libpwquality with our settings under its names; every check of our own rules is off. */
static pwquality_settings_t *pwquality_open(const struct a2a_settings *settings)
{
	const struct {
		int setting;
		int64_t value;
	} numbers[] = {
		{PWQ_SETTING_DIFF_OK, settings->difok},
		{PWQ_SETTING_MIN_LENGTH, 0}, /* min_length counts characters, this one bytes */
		{PWQ_SETTING_DIG_CREDIT, settings->dcredit},
		{PWQ_SETTING_UP_CREDIT, settings->ucredit},
		{PWQ_SETTING_LOW_CREDIT, settings->lcredit},
		{PWQ_SETTING_OTH_CREDIT, settings->ocredit},
		{PWQ_SETTING_MIN_CLASS, settings->minclass},
		{PWQ_SETTING_MAX_REPEAT, settings->maxrepeat},
		{PWQ_SETTING_MAX_CLASS_REPEAT, settings->maxclassrepeat},
		{PWQ_SETTING_MAX_SEQUENCE, settings->maxsequence},
		{PWQ_SETTING_DICT_CHECK, 0},  /* would call FascistCheck() */
		{PWQ_SETTING_USER_CHECK, 0},  /* our rule "person" */
		{PWQ_SETTING_GECOS_CHECK, 0}, /* would look up users */
	};
	pwquality_settings_t *pwquality = pwquality_default_settings();

	for (size_t i = 0; pwquality && i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (pwquality_set_int_value(pwquality, numbers[i].setting, (int)numbers[i].value))
			goto fail;
	if (pwquality &&
		pwquality_set_str_value(pwquality, PWQ_SETTING_BAD_WORDS, settings->badwords))
		goto fail;
	return pwquality;
fail:
	pwquality_free_settings(pwquality);
	return NULL;
}

/*
 * libpwquality 1.4.5 copies the passwords, and gcc removed the memset() before each free(). The
 * allocator hands out again the block that was freed last, so blocks of the same sizes are taken
 * and wiped. Nothing guarantees that this wipe works; test_traces.c sees that it does.
 */
static void wipe_freed(size_t size)
{
	void *block[7]; /* glibc keeps this many in its cache of one size */

	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++) {
		block[i] = malloc(size);
		if (block[i])
			explicit_bzero(block[i], size);
	}
	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++)
		free(block[i]);
}

static struct a2a_pwquality ask(
	const struct a2a_settings *settings, const char *password, const char *old)
{
	int answer = PWQ_ERROR_MEM_ALLOC;
	pwquality_settings_t *pwquality;
	void *aux = NULL;

	pthread_mutex_lock(&one_at_a_time);
	pwquality = pwquality_open(settings);
	/* An answer of 0 or more is a score. If libpwquality got a user, it would look that user
	 * up. */
	if (pwquality)
		answer = pwquality_check(pwquality, password, old, NULL, &aux);
	pwquality_free_settings(pwquality);
	pthread_mutex_unlock(&one_at_a_time);
	/* libpwquality made copies in lower case: of the password, of the old one, and of the old
	 * one twice in a row. */
	wipe_freed(strlen(password) + 1);
	if (old) {
		wipe_freed(strlen(old) + 1);
		wipe_freed(2 * strlen(old) + 1);
	}
	return (struct a2a_pwquality){
		.error = answer < 0 ? answer : 0,
		.needs = (intptr_t)aux,
	};
}

struct a2a_pwquality a2a_ask_variant(
	const struct a2a_settings *settings, const char *folded, const char *folded_old)
{
	/* Its other checks are off: they could answer first, and folding has changed what they
	 * count. */
	const struct a2a_settings alone = {.difok = settings->difok, .badwords = (char[]){""}};
	struct a2a_pwquality answer = ask(&alone, folded, folded_old);

	switch (answer.error) {
	case PWQ_ERROR_SAME_PASSWORD:
	case PWQ_ERROR_CASE_CHANGES_ONLY:
	case PWQ_ERROR_TOO_SIMILAR:
	case PWQ_ERROR_ROTATED:
	case PWQ_ERROR_MEM_ALLOC:
		return answer;
	default:
		return (struct a2a_pwquality){0};
	}
}

static bool is_palindrome(const char *password, size_t length)
{
	for (size_t i = 0; i < length / 2; i++)
		if (tolower((unsigned char)password[i]) !=
			tolower((unsigned char)password[length - 1 - i]))
			return false;
	return true;
}

bool a2a_pwquality_could_refuse(
	const struct a2a_settings *settings, const char *password, size_t length)
{
	enum { SHORTEST = 6 };

	return settings->minclass || settings->dcredit || settings->ucredit || settings->lcredit ||
	       settings->ocredit || settings->maxrepeat || settings->maxclassrepeat ||
	       settings->maxsequence || *settings->badwords || length < SHORTEST ||
	       is_palindrome(password, length);
}

struct a2a_pwquality a2a_ask_pwquality(const struct a2a_settings *settings, const char *password)
{
	struct a2a_pwquality answer = ask(settings, password, NULL);

	/* libpwquality's lower limit of 6 bytes cannot be switched off; our limit is min_length. */
	if (answer.error == PWQ_ERROR_MIN_LENGTH)
		return (struct a2a_pwquality){0};
	return answer;
}
