/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "second_opinion.h"

#include <crack.h>
#include <libintl.h>
#include <packer.h>
#include <pwquality.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dict/packed.h"
#include "file.h"

bool a2a_dictionary_check(const char *dictpath, const struct a2a_log *log)
{
	static const char *const endings[] = {".pwi", ".pwd", ".hwm"};
	struct a2a_file file[3] = {0};
	struct a2a_bytes bytes[3] = {0};
	const char *wrong = NULL;
	uint32_t words = 0;
	bool ok = false;

	for (size_t i = 0; i < 3; i++) {
		char *path = NULL;
		int error;

		if (asprintf(&path, "%s%s", dictpath, endings[i]) < 0) {
			a2a_report(log, A2A_FAULT, dictpath, "out of memory");
			goto out;
		}
		error = a2a_file_open(&file[i], path);
		if (error)
			a2a_report(log, A2A_FAULT, path,
				"the dictionary %s (dictpath says where it is looked for)",
				a2a_file_reason(error));
		free(path);
		if (error)
			goto out;
		bytes[i] = (struct a2a_bytes){(const unsigned char *)file[i].bytes, file[i].size};
	}
	wrong = a2a_packed_check(bytes[0], bytes[1], bytes[2], &words);
	if (wrong)
		a2a_report(log, A2A_FAULT, dictpath,
			"the dictionary is damaged: %s; install it again", wrong);
	ok = !wrong;
out:
	for (size_t i = 0; i < 3; i++)
		a2a_file_close(&file[i]);
	return ok;
}

/*
 * cracklib answers in sentences, in the language of the process. These are the ones that count;
 * of the others, "too short" is our own rule's, a British National Insurance number of nine
 * characters may well be a random password, and there is no user to be derived from.
 */
static const struct {
	const char *sentence;
	enum a2a_cracklib meaning;
} sentences[] = {
	{"it is based on a dictionary word", A2A_CRACKLIB_WORD},
	{"it is based on a (reversed) dictionary word", A2A_CRACKLIB_WORD},
	{"it does not contain enough DIFFERENT characters", A2A_CRACKLIB_SIMPLE},
	{"it is too simplistic/systematic", A2A_CRACKLIB_SIMPLE},
};

static enum a2a_cracklib meaning(const char *answer)
{
	if (!answer)
		return A2A_CRACKLIB_FINE;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strcmp(answer, sentences[i].sentence) == 0 ||
			strcmp(answer, dgettext("cracklib", sentences[i].sentence)) == 0)
			return sentences[i].meaning;
	return A2A_CRACKLIB_FINE;
}

enum a2a_cracklib a2a_ask_cracklib(const struct a2a_settings *settings, const char *folded)
{
	enum a2a_cracklib result;
	/* FascistCheck() would look up the caller in the user database, and ends the process when
	 * the dictionary fails it. With a user name that no password resembles it looks up nobody. */
	PWDICT *dictionary = PWOpen(settings->dictpath, (char[]){"r"});

	if (!dictionary)
		return A2A_CRACKLIB_FAULT;
	result = meaning(FascistLookUser(dictionary, (char *)(uintptr_t)folded, "\x01", ""));
	PWClose(dictionary);
	return result;
}

/* libpwquality with our settings under its names, and everything off that we judge ourselves. */
static pwquality_settings_t *pwquality_open(const struct a2a_settings *settings)
{
	const struct {
		int setting;
		long value;
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
	if (pwquality && pwquality_set_str_value(pwquality, PWQ_SETTING_BAD_WORDS,
				 settings->badwords))
		goto fail;
	return pwquality;
fail:
	pwquality_free_settings(pwquality);
	return NULL;
}

static struct a2a_pwquality ask(const struct a2a_settings *settings, const char *password,
	const char *old)
{
	pwquality_settings_t *pwquality = pwquality_open(settings);
	void *aux = NULL;
	int answer;

	if (!pwquality)
		return (struct a2a_pwquality){.error = PWQ_ERROR_MEM_ALLOC};
	/* Answers of 0 and more are its score. No user: it would look for one. */
	answer = pwquality_check(pwquality, password, old, NULL, &aux);
	pwquality_free_settings(pwquality);
	return (struct a2a_pwquality){
		.error = answer < 0 ? answer : 0,
		.needs = (long)(intptr_t)aux,
	};
}

struct a2a_pwquality a2a_ask_variant(const struct a2a_settings *settings, const char *folded,
	const char *folded_old)
{
	struct a2a_pwquality answer = ask(settings, folded, folded_old);

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

struct a2a_pwquality a2a_ask_pwquality(const struct a2a_settings *settings, const char *password)
{
	struct a2a_pwquality answer = ask(settings, password, NULL);

	/* Its own lower limit of 6 bytes cannot be taken away; ours is min_length. */
	if (answer.error == PWQ_ERROR_MIN_LENGTH)
		return (struct a2a_pwquality){0};
	return answer;
}
