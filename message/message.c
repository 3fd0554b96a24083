/* SPDX-License-Identifier: BSD-3-Clause */
/* Turns verdicts into sentences. This is the only file of the engine with texts for users. */
#define _GNU_SOURCE
#include "message.h"

#include <inttypes.h>
#include <pwquality.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "kinds.h"
#include "language.h"

/* Marks a message for xgettext, which collects them into po/all2all.pot. */
#define N_(message) message

struct a2a_messages {
	size_t count;
	struct {
		enum a2a_language language;
		struct a2a_catalogue catalogue;
	} language[A2A_LANGUAGES];
};

static const char *const sentences[A2A_SENTENCES] = {
	[A2A_SAY_ACCEPTED] = N_("This password is good."),
	[A2A_SAY_REFUSED] = N_("This password is refused:"),
	[A2A_SAY_FAULT] = N_("The password cannot be checked at the moment, so it is not changed. "
			     "Please tell your administrator."),
	[A2A_SAY_SUGGESTION] = N_("You may use this password, which nobody will guess:"),
	[A2A_SAY_ASK] = N_("Password: "),
	[A2A_SAY_ASK_OLD] = N_("Old password: "),
	[A2A_SAY_WRONG_OLD] = N_("The old password is not right."),
	[A2A_SAY_NOT_CHANGED] =
		N_("The password cannot be changed at the moment; the old one stays "
		   "in force. Please try again later, or tell your administrator."),
	[A2A_SAY_LOCKED] = N_("The password of this account cannot be changed for now, after too "
			      "many wrong ones. Please try again later, or ask your "
			      "administrator."),
	[A2A_SAY_EXPIRED] = N_("Your password is weak: sooner or later somebody will guess it. You "
			       "must choose another one now."),
	[A2A_SAY_MAIL_SUBJECT] = N_("Please change your mail password"),
	[A2A_SAY_MAIL_ACCOUNT] = N_("Mail account:"),
	[A2A_SAY_MAIL_WEAK] = N_("The password of this account is weak. Sooner or later somebody "
				 "will guess it, read your mail and send mail in your name. This "
				 "is what is wrong with it:"),
	[A2A_SAY_MAIL_CHANGE] = N_("Please choose another one soon. A good password is made of "
				   "arbitrary letters and digits and is in no dictionary. If you "
				   "need help, ask your administrator."),
	[A2A_SAY_MAIL_RULES] = N_("Please choose another one soon. If you need help, ask your "
				  "administrator. This is what a password needs:"),
	[A2A_SAY_MAIL_WHERE] = N_("You can change it in the webmail:"),
	[A2A_SAY_MAIL_DAYS] = N_("Days until mail programs are no longer let in with the weak "
				 "password:"),
	[A2A_SAY_MAIL_TRUST] = N_("Nobody has read your password: the mail server judged it when "
				  "you logged in, and keeps only what is wrong with it. We never "
				  "ask you to send it to us."),
};

/*
 * Why a rule failed: a clause that continues "This password is refused:". The number that is needed
 * replaces `%ld`. If that is 1, `one` says so without the number.
 */
struct reason {
	const char *many;
	const char *one;
	const char *bare; /* used when the list that follows `many` is not known */
};

static const struct reason reasons[A2A_RULES] = {
	[A2A_NOT_TEXT] = {N_("it holds a character that mail programs cannot send as it is typed"),
		NULL},
	[A2A_TOO_SHORT] = {N_("it is too short: it needs at least %ld characters"), NULL},
	[A2A_TOO_LONG] = {N_("it is too long: at most %ld characters, where a letter with an "
			     "accent counts for two"),
		NULL},
	[A2A_NO_LETTER] = {N_("it has too few letters: it needs at least %ld"),
		N_("it has no letter")},
	[A2A_NO_DIGIT] = {N_("it has too few digits: it needs at least %ld"),
		N_("it has no digit")},
	[A2A_FEW_KINDS] = {N_("it needs at least %ld kinds of characters out of small letters, "
			      "capital letters, digits and others"),
		NULL, N_("it has too few kinds of characters")},
	[A2A_PERSON] = {N_("it is little more than your name, your user name or the name of the "
			   "mail service"),
		NULL},
	[A2A_OLD_PASSWORD] = {N_("it is the old password, or too much like it"), NULL},
	[A2A_DICTIONARY_WORD] = {N_("it is little more than a word from a dictionary:"), NULL,
		N_("it is little more than a word from a dictionary")},
	[A2A_LEAKED] = {N_("it is in a list of passwords that became public, or nearly so"), NULL},
	[A2A_GUESSABLE] = {N_("it is easy to guess, for it is made of:"), NULL,
		N_("it is easy to guess")},
};

/* Of `leaked`, when a filter knows the password, and not the lexicon. */
static const struct reason leaked_by_filter = {
	N_("it is in a list of leaked passwords, or nearly so"), NULL};

/*
 * The headings, which are not translated: cracklib began with "BAD PASSWORD: ", and the password
 * dialogs of desktops wait for these two words (GNOME's, in run-passwd.c) or only for others that
 * cracklib and pam_unix use: "short", "dictionary", "simpl", "similar" (MATE's, in
 * mate-about-me-password.c). They run passwd(1) in the locale C, read 64 bytes at once, and wait
 * for ever when no such word comes. So each heading has such a word in its first 64 bytes, chosen
 * so that the dialog tells its user the nearest truth that it knows: the password is too short, too
 * simple, or too similar to the old one. No heading may contain "assword: " in small letters, which
 * is how these dialogs recognise a prompt, or "successfully".
 */
static const char *const headings[A2A_RULES] = {
	[A2A_NOT_TEXT] = "BAD PASSWORD: only simple characters, please",
	[A2A_TOO_SHORT] = "BAD PASSWORD: too short",
	[A2A_TOO_LONG] = "BAD PASSWORD: too long, a simpler one will do",
	[A2A_NO_LETTER] = "BAD PASSWORD: too simple, too few letters",
	[A2A_NO_DIGIT] = "BAD PASSWORD: too simple, too few digits",
	[A2A_FEW_KINDS] = "BAD PASSWORD: too simple, too few kinds",
	[A2A_PERSON] = "BAD PASSWORD: too simple, based on a name",
	[A2A_OLD_PASSWORD] = "BAD PASSWORD: too similar to the old one",
	[A2A_DICTIONARY_WORD] = "BAD PASSWORD: based on a dictionary word",
	[A2A_LEAKED] = "BAD PASSWORD: too simple, known to others",
	[A2A_GUESSABLE] = "BAD PASSWORD: too simple, easy to guess",
	[A2A_SECOND_OPINION] = "BAD PASSWORD: too simple",
};

/* The demands of the rules, for a user who has not typed a password yet. */
static const struct reason requirements[A2A_RULES] = {
	[A2A_NOT_TEXT] = {N_("Only characters that mail programs can send as they are typed"),
		NULL},
	[A2A_TOO_SHORT] = {N_("At least %ld characters"), NULL},
	[A2A_TOO_LONG] =
		{N_("At most %ld characters, where a letter with an accent counts for two"), NULL},
	[A2A_NO_LETTER] = {N_("At least %ld letters"), N_("At least one letter")},
	[A2A_NO_DIGIT] = {N_("At least %ld digits"), N_("At least one digit")},
	[A2A_FEW_KINDS] = {N_("Kinds of characters:"), NULL},
	[A2A_PERSON] = {N_("Not just your name, your user name or the name of the mail service"),
		NULL},
	[A2A_OLD_PASSWORD] = {N_("Not the old password, nor one much like it"), NULL},
	[A2A_DICTIONARY_WORD] = {N_("No word of a dictionary, not even with digits or symbols "
				    "added to it"),
		NULL},
	[A2A_LEAKED] = {N_("No password that is known from a leak"), NULL},
	[A2A_GUESSABLE] = {N_("Nothing that is easy to guess: years, dates, neighbouring keys, "
			      "repetitions"),
		NULL},
};

/* The demand of dictionary-word when only the whole password counts. */
static const char whole_word[] = N_("No word of a dictionary alone");

/* The kinds of characters, as an attribute that a password must have. */
static const struct {
	enum a2a_character_kind kind;
	const char *name;
} kinds[] = {
	{A2A_SMALL, N_("a small letter")},
	{A2A_CAPITAL, N_("a capital letter")},
	{A2A_DIGIT, N_("a digit")},
	{A2A_OTHER, N_("a character that is neither a letter nor a digit")},
};

/* Further texts on kinds. Each may hold a number. */
static const char kinds_between[] = N_("; ");
static const char kinds_missing[] = N_("it lacks:");
static const char kinds_least[] =
	N_("%ld out of small letters, capital letters, digits and others");
static const char kinds_any[] = N_("whichever you like");
static const char kinds_from_characters[] = N_("from %ld characters on:");
static const char kinds_from_words[] = N_("from %ld words on:");

/* The names of segments. A word that has a language is named by the table below. */
static const char *const segments[A2A_SEGMENT_KINDS] = {
	[A2A_SEGMENT_LETTERS] = N_("letters"),
	[A2A_SEGMENT_SYMBOL] = N_("a symbol"),
	[A2A_SEGMENT_PASSWORD] = N_("a common password"),
	[A2A_SEGMENT_WORD] = N_("a common word"),
	[A2A_SEGMENT_BACKWARDS] = N_("a word backwards"),
	[A2A_SEGMENT_NUMBER] = N_("a number"),
	[A2A_SEGMENT_YEAR] = N_("a year"),
	[A2A_SEGMENT_DATE] = N_("a date"),
	[A2A_SEGMENT_KEYBOARD] = N_("neighbouring keys"),
	[A2A_SEGMENT_SEQUENCE] = N_("a sequence"),
	[A2A_SEGMENT_REPEAT] = N_("a repetition"),
	[A2A_SEGMENT_PERSON] = N_("a name of yours or of the mail service"),
};

static const char *const words[A2A_LANGUAGES] = {
	[A2A_FRENCH] = N_("a French word"),
	[A2A_DUTCH] = N_("a Dutch word"),
	[A2A_GERMAN] = N_("a German word"),
	[A2A_ENGLISH] = N_("an English word"),
};

/* The errors of libpwquality in our words. Its own texts are only in the language of the process.
 */
static const struct {
	int error;
	struct reason reason;
} second_opinions[] = {
	{PWQ_ERROR_MIN_DIGITS,
		{N_("it has too few digits: it needs at least %ld"), N_("it has no digit")}},
	{PWQ_ERROR_MIN_UPPERS, {N_("it has too few capital letters: it needs at least %ld"),
				       N_("it has no capital letter")}},
	{PWQ_ERROR_MIN_LOWERS, {N_("it has too few small letters: it needs at least %ld"),
				       N_("it has no small letter")}},
	{PWQ_ERROR_MIN_OTHERS,
		{N_("it has too few characters that are neither letters nor digits: it needs at "
		    "least %ld"),
			N_("it has no character that is neither a letter nor a digit")}},
	{PWQ_ERROR_MIN_CLASSES,
		{N_("it needs at least %ld kinds of characters out of small letters, capital "
		    "letters, digits and others"),
			NULL}},
	{PWQ_ERROR_MAX_CONSECUTIVE, {N_("it has the same character more than %ld times in a row"),
					    N_("it has the same character twice in a row")}},
	{PWQ_ERROR_MAX_CLASS_REPEAT, {N_("it has more than %ld characters of one kind in a row"),
					     N_("it has two characters of one kind in a row")}},
	{PWQ_ERROR_MAX_SEQUENCE,
		{N_("it has more than %ld characters in the order of the alphabet or of counting"),
			N_("it has characters in the order of the alphabet or of counting")}},
	{PWQ_ERROR_PALINDROME, {N_("it reads the same backwards"), NULL}},
	{PWQ_ERROR_BAD_WORDS, {N_("it contains a word that is not allowed here"), NULL}},
	{PWQ_ERROR_CRACKLIB_CHECK, {N_("it is too simple a pattern"), NULL}},
	{A2A_CRACKLIB_KNOWS, {N_("it is made from a word of a dictionary"), NULL}},
};

static void open_catalogue(struct a2a_catalogue *catalogue, enum a2a_language language,
	const struct a2a_settings *settings, const struct a2a_log *log)
{
	char *path = NULL;
	int error;

	if (language == A2A_ENGLISH)
		return;
	if (asprintf(&path, "%s/%s/LC_MESSAGES/all2all.mo", settings->locale_dir,
		    a2a_language_tag(language)) < 0) {
		a2a_report(log, A2A_WARNING, NULL, "out of memory: messages will be in English");
		return;
	}
	error = a2a_catalogue_open(catalogue, path);
	if (error)
		a2a_report(log, A2A_WARNING, path,
			"the message catalogue %s (locale_dir says where it is looked for); "
			"English "
			"stands in for it",
			a2a_file_reason(error));
	free(path);
}

static void add_language(struct a2a_messages *messages, enum a2a_language language,
	const struct a2a_settings *settings, const struct a2a_log *log)
{
	for (size_t i = 0; i < messages->count; i++)
		if (messages->language[i].language == language)
			return;
	open_catalogue(&messages->language[messages->count].catalogue, language, settings, log);
	messages->language[messages->count++].language = language;
}

struct a2a_messages *a2a_messages_open(
	const struct a2a_settings *settings, const struct a2a_log *log)
{
	struct a2a_messages *messages = calloc(1, sizeof(*messages));
	const char *tag = settings->lang;

	if (!messages) {
		a2a_report(log, A2A_FAULT, NULL, "out of memory");
		return NULL;
	}
	while (*(tag += strspn(tag, " ,\t"))) {
		/* The settings accepted the languages, so each one is known. */
		size_t length = strcspn(tag, " ,\t");
		char one[16] = "";

		memcpy(one, tag, length < sizeof(one) - 1 ? length : sizeof(one) - 1);
		if (a2a_language_find(one) < A2A_LANGUAGES)
			add_language(messages, a2a_language_find(one), settings, log);
		tag += length;
	}
	if (messages->count == 0)
		add_language(messages, A2A_ENGLISH, settings, log);
	return messages;
}

void a2a_messages_close(struct a2a_messages *messages)
{
	if (!messages)
		return;
	for (size_t i = 0; i < messages->count; i++)
		a2a_catalogue_close(&messages->language[i].catalogue);
	free(messages);
}

size_t a2a_messages_count(const struct a2a_messages *messages)
{
	return messages->count;
}

const char *a2a_messages_language(const struct a2a_messages *messages, size_t language)
{
	return a2a_language_tag(messages->language[language].language);
}

static const char *translate(
	const struct a2a_messages *messages, size_t language, const char *message)
{
	return a2a_catalogue_find(&messages->language[language].catalogue, message);
}

const char *a2a_message_sentence(
	const struct a2a_messages *messages, size_t language, enum a2a_sentence sentence)
{
	return translate(messages, language, sentences[sentence]);
}

static const struct reason *find_reason(const struct a2a_finding *finding)
{
	if (finding->rule == A2A_LEAKED && finding->detail == A2A_FILTER_KNOWS)
		return &leaked_by_filter;
	if (finding->rule != A2A_SECOND_OPINION)
		return &reasons[finding->rule];
	for (size_t i = 0; i < sizeof(second_opinions) / sizeof(second_opinions[0]); i++)
		if (second_opinions[i].error == finding->detail)
			return &second_opinions[i].reason;
	return NULL;
}

/* Replaces `%ld` by the number. No printf() sees a translation, which may be damaged. */
static char *fill_in(const char *format, int64_t number)
{
	const char *place = strstr(format, "%ld");
	char *text = NULL;

	if (!place)
		return strdup(format);
	if (asprintf(&text, "%.*s%" PRId64 "%s", (int)(place - format), format, number, place + 3) <
		0)
		return NULL;
	return text;
}

/* Appends to an allocated text; frees it and returns NULL when memory is out. */
__attribute__((format(printf, 2, 3))) static char *append(char *text, const char *format, ...)
{
	char *more = NULL, *longer = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (!text || vasprintf(&more, format, arguments) < 0)
		more = NULL;
	va_end(arguments);
	if (more && asprintf(&longer, "%s%s", text, more) < 0)
		longer = NULL;
	free(more);
	free(text);
	return longer;
}

static const char *segment_name(const struct a2a_segment *segment)
{
	for (size_t i = 0; i < A2A_LANGUAGES; i++)
		if (segment->kind == A2A_SEGMENT_WORD && segment->languages >> i & 1 && words[i])
			return words[i];
	return segments[segment->kind];
}

/* "it is easy to guess, for it is made of: a French word (1-6), a year (7-10)" */
static char *list_segments(const struct a2a_messages *messages, size_t language,
	const struct a2a_segment *segments_found, size_t count, char *text)
{
	for (size_t i = 0; i < count; i++) {
		const struct a2a_segment *segment = &segments_found[i];
		const char *name = translate(messages, language, segment_name(segment));

		text = append(text, "%s%s (%zu", i ? ", " : " ", name, segment->start + 1);
		if (segment->length > 1)
			text = append(text, "-%zu", segment->start + segment->length);
		text = append(text, ")");
	}
	return text;
}

/* Returns the number that a rule needs, from its setting; 1 if the rule is on but has no number; 0
 * if the rule is off. */
static int64_t need_of(const struct a2a_settings *settings, enum a2a_rule rule)
{
	switch (rule) {
	case A2A_TOO_SHORT:
		return settings->min_length;
	case A2A_TOO_LONG:
		return settings->max_length;
	case A2A_NO_LETTER:
		return settings->min_letters;
	case A2A_NO_DIGIT:
		return settings->min_digits;
	case A2A_FEW_KINDS:
		return *settings->kinds != 0;
	case A2A_PERSON:
		return settings->person_rest;
	case A2A_OLD_PASSWORD:
		return settings->difok;
	case A2A_DICTIONARY_WORD:
		return settings->dictcheck;
	case A2A_LEAKED:
		return settings->min_guesses || *settings->leaks;
	case A2A_GUESSABLE:
		return settings->min_guesses;
	case A2A_SECOND_OPINION:
		return settings->second_opinion;
	case A2A_NOT_TEXT:
	case A2A_RULES:
		break;
	}
	return 1;
}

/* Appends a sentence with its number. */
static char *append_filled(const struct a2a_messages *messages, size_t language,
	const char *separator, const char *message, size_t number, char *text)
{
	char *filled = fill_in(translate(messages, language, message), (int64_t)number);

	if (!filled) {
		free(text);
		return NULL;
	}
	text = append(text, "%s%s", separator, filled);
	free(filled);
	return text;
}

/* " a capital letter, a digit" */
static char *list_kinds(
	const struct a2a_messages *messages, size_t language, unsigned wanted, char *text)
{
	const char *separator = " ";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!(wanted & kinds[i].kind))
			continue;
		text = append(
			text, "%s%s", separator, translate(messages, language, kinds[i].name));
		separator = ", ";
	}
	return text;
}

/* "Kinds of characters: 4 out of ...; from 20 characters on: 2 out of ..." */
static char *list_steps(
	const struct a2a_messages *messages, size_t language, const char *setting, char *text)
{
	const char *separator = " ";
	const char *between = translate(messages, language, kinds_between);
	struct a2a_kinds step;

	while (a2a_kinds_next(&setting, &step)) {
		if (step.from)
			text = append_filled(messages, language, separator,
				step.in_words ? kinds_from_words : kinds_from_characters, step.from,
				text);
		if (step.each)
			text = list_kinds(messages, language, step.each, text);
		else
			text = append_filled(messages, language, " ",
				step.least ? kinds_least : kinds_any, step.least, text);
		separator = between;
	}
	return text;
}

bool a2a_message_requirement(const struct a2a_messages *messages, size_t language,
	const struct a2a_settings *settings, enum a2a_rule rule, char **text)
{
	const struct reason *requirement = &requirements[rule];
	const int64_t number = need_of(settings, rule);
	const bool is_one = requirement->one && number == 1;

	*text = NULL;
	if (!requirement->many || !number)
		return true;
	if (rule == A2A_DICTIONARY_WORD && settings->whole_password)
		*text = strdup(translate(messages, language, whole_word));
	else
		*text = fill_in(translate(messages, language,
					is_one ? requirement->one : requirement->many),
			number);
	if (rule == A2A_FEW_KINDS)
		*text = list_steps(messages, language, settings->kinds, *text);
	return *text;
}

char *a2a_message_reason(const struct a2a_messages *messages, size_t language,
	const struct a2a_verdict *verdict, const struct a2a_finding *finding)
{
	const struct reason *reason = find_reason(finding);
	const char *original;
	char *text;

	if (!reason) {
		/* We have no sentence for an error of a newer libpwquality, but libpwquality has
		 * one. */
		char own[PWQ_MAX_ERROR_MESSAGE_LEN];

		return strdup(pwquality_strerror(own, sizeof(own), finding->detail, NULL));
	}
	if (finding->rule == A2A_FEW_KINDS && finding->detail)
		return list_kinds(messages, language, (unsigned)finding->detail,
			strdup(translate(messages, language, kinds_missing)));
	original = reason->one && finding->needs == 1 ? reason->one : reason->many;
	text = fill_in(translate(messages, language, original), finding->needs);
	if (finding->rule == A2A_GUESSABLE)
		text = list_segments(messages, language, verdict->estimate.segment,
			verdict->estimate.segments, text);
	if (finding->rule == A2A_DICTIONARY_WORD)
		text = list_segments(messages, language, &verdict->estimate.word, 1, text);
	return text;
}

char *a2a_message_rule(const struct a2a_messages *messages, size_t language,
	const struct a2a_settings *settings, enum a2a_rule rule)
{
	const struct a2a_verdict nothing = {0};
	/* Use the vaguest reason of the second opinion, because only the id is known. */
	const struct a2a_finding finding = {
		.rule = rule,
		.needs = need_of(settings, rule),
		.detail = PWQ_ERROR_CRACKLIB_CHECK,
	};

	if (reasons[rule].bare)
		return strdup(translate(messages, language, reasons[rule].bare));
	return a2a_message_reason(messages, language, &nothing, &finding);
}

char *a2a_message_refusal(
	const struct a2a_messages *messages, size_t language, const struct a2a_verdict *verdict)
{
	char *text = strdup(a2a_message_sentence(messages, language, A2A_SAY_REFUSED));

	for (size_t i = 0; text && i < verdict->count; i++) {
		char *reason =
			a2a_message_reason(messages, language, verdict, &verdict->finding[i]);
		char *longer = NULL;

		if (!reason || asprintf(&longer, "%s\n - %s", text, reason) < 0)
			longer = NULL;
		free(reason);
		free(text);
		text = longer;
	}
	return text;
}

const char *a2a_message_heading(const struct a2a_verdict *verdict)
{
	/* A verdict without a finding is no refusal; the vaguest heading is never wrong. */
	return headings[verdict->count ? verdict->finding[0].rule : A2A_SECOND_OPINION];
}
