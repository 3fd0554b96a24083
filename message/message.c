/* SPDX-License-Identifier: BSD-3-Clause */
/* Turns verdicts into sentences. This is the only file of the engine with texts for users. */
#define _GNU_SOURCE
#include "message.h"

#include <inttypes.h>
#include <math.h>
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
/* Does the same for a message with a plural. */
#define NN_(one, many) one, many

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
	[A2A_SAY_WRONG_OLD] = N_("The old password is wrong."),
	[A2A_SAY_NOT_CHANGED] =
		N_("The password cannot be changed at the moment; the old one stays "
		   "valid. Please try again later, or tell your administrator."),
	[A2A_SAY_LOCKED] =
		N_("Too many wrong passwords were tried, so the password of this account "
		   "cannot be changed at the moment. Please try again later, or ask your "
		   "administrator."),
	[A2A_SAY_EXPIRED] = N_("Your password is weak: sooner or later somebody will guess it. You "
			       "must choose another one now."),
	[A2A_SAY_MAIL_SUBJECT] = N_("Your mail password is too weak: please change it"),
	[A2A_SAY_MAIL_GREETING] = N_("Dear %s,"),
	[A2A_SAY_MAIL_GREETING_BARE] = N_("Hello,"),
	[A2A_SAY_MAIL_ACCOUNT] = N_("This message from %s is about your mail account %s."),
	[A2A_SAY_MAIL_WEAK] = N_("The password of this account is weak. Sooner or later somebody "
				 "will guess it, read your mail and send mail in your name. This "
				 "is what is wrong with it:"),
	[A2A_SAY_MAIL_CHANGE] = N_("Please choose another one soon. A good password is at least "
				   "%ld random letters and digits, and is in no dictionary."),
	[A2A_SAY_MAIL_RULES] = N_("Please choose another one soon. This is what a password needs:"),
	[A2A_SAY_MAIL_WHERE] =
		N_("You change it in the webmail: open Settings, then Password. This is its "
		   "address:"),
	[A2A_SAY_MAIL_WHERE_BARE] =
		N_("You change it in the webmail: open it as you always do, then Settings, then "
		   "Password. For your safety, this message has no link."),
	[A2A_SAY_MAIL_PAGE] = N_("You can change it on this page:"),
	[A2A_SAY_MAIL_TODAY] = N_("From today on, your mail program can no longer log in with this "
				  "password."),
	[A2A_SAY_MAIL_TRUST] = N_("Nobody has read your password: the mail server checked it when "
				  "you logged in, and records only what is wrong with it. We never "
				  "ask you for it, neither by mail nor by telephone."),
	[A2A_SAY_MAIL_CALL] =
		N_("You can check that this message comes from us by calling %s, at the number "
		   "that you know or at %s. You also get help there."),
	[A2A_SAY_MAIL_WRITE] =
		N_("You can check that this message comes from us by asking %s: %s. You also get "
		   "help there."),
	[A2A_SAY_MAIL_REGARDS] = N_("Kind regards,"),
};

/* The days until mail programs are shut out, of which there is at least one. */
static const struct {
	const char *one, *many;
} days_left = {NN_("From tomorrow on, your mail program can no longer log in with this password.",
	"In %ld days your mail program will no longer be able to log in with this password.")};

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
	[A2A_NOT_TEXT] =
		{N_("it contains a character that mail programs cannot send as it is typed"), NULL},
	[A2A_TOO_SHORT] = {N_("it is too short: it needs at least %ld characters"), NULL},
	[A2A_TOO_LONG] = {N_("it is too long: at most %ld characters, where a letter with an "
			     "accent counts for two"),
		NULL},
	[A2A_NO_LETTER] = {N_("it has too few letters: it needs at least %ld"),
		N_("it has no letter: add one")},
	[A2A_NO_DIGIT] = {N_("it has too few digits: it needs at least %ld"),
		N_("it has no digit: add one")},
	[A2A_FEW_KINDS] = {N_("it needs at least %ld kinds of characters out of small letters, "
			      "capital letters, digits and symbols"),
		NULL, N_("it has too few kinds of characters")},
	[A2A_PERSON] = {N_("it is little more than your name, your user name or the name of the "
			   "mail service"),
		NULL},
	[A2A_OLD_PASSWORD] = {N_("it is the old password, or too much like it"), NULL},
	[A2A_DICTIONARY_WORD] = {N_("it is little more than a word from a dictionary:"), NULL,
		N_("it is little more than a word from a dictionary")},
	[A2A_LEAKED] = {N_("it is a password from a public leak, or very close to one"), NULL},
	[A2A_GUESSABLE] = {N_("it is easy to guess:"), NULL, N_("it is easy to guess")},
};

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
	[A2A_GUESSABLE] = {N_("Nothing that is easy to guess: a year, a date, neighbouring keys "
			      "(qwerty), a repetition"),
		NULL},
};

/* The demand of dictionary-word when only the whole password counts. */
static const char whole_word[] = N_("No word of a dictionary alone");

/* What several rules ask for together. The number is that of too-short. */
static const struct {
	unsigned rules; /* bits: all of them must be on, as they usually are */
	const char *text;
} summaries[] = {
	{1u << A2A_TOO_SHORT | 1u << A2A_NO_LETTER | 1u << A2A_NO_DIGIT,
		N_("At least %ld characters, with at least one letter and one digit")},
	{1u << A2A_PERSON | 1u << A2A_DICTIONARY_WORD | 1u << A2A_GUESSABLE,
		N_("Not just a word, a name, a date, neighbouring keys (qwerty) or a repetition, "
		   "not even with digits or symbols added to it")},
	{1u << A2A_OLD_PASSWORD | 1u << A2A_LEAKED,
		N_("Not the old password or one much like it, and none that is known from a leak")},
};

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
	N_("%ld out of small letters, capital letters, digits and symbols");
static const char kinds_any[] = N_("whichever you like");
static const char kinds_from_characters[] = N_("from %ld characters on:");
static const char kinds_from_words[] = N_("from %ld words on:");

/* The names of segments. A word that has a language is named by the table below. */
static const char *const segments[A2A_SEGMENT_KINDS] = {
	[A2A_SEGMENT_LETTERS] = N_("letters"),
	[A2A_SEGMENT_SYMBOL] = N_("a symbol"),
	[A2A_SEGMENT_ADDITION] = N_("a usual addition"),
	[A2A_SEGMENT_PASSWORD] = N_("a common password"),
	[A2A_SEGMENT_WORD] = N_("a common word"),
	[A2A_SEGMENT_BACKWARDS] = N_("a word backwards"),
	[A2A_SEGMENT_NUMBER] = N_("a number"),
	[A2A_SEGMENT_YEAR] = N_("a year"),
	[A2A_SEGMENT_DATE] = N_("a date"),
	[A2A_SEGMENT_KEYBOARD] = N_("neighbouring keys"),
	[A2A_SEGMENT_SEQUENCE] = N_("a sequence"),
	[A2A_SEGMENT_REPEAT] = N_("a repetition"),
	[A2A_SEGMENT_PERSON] = N_("your name, or that of the mail service"),
};

static const char *const words[A2A_LANGUAGES] = {
	[A2A_FRENCH] = N_("a French word"),
	[A2A_DUTCH] = N_("a Dutch word"),
	[A2A_GERMAN] = N_("a German word"),
	[A2A_ENGLISH] = N_("an English word"),
};
static const char place_name[] = N_("a place name");

/* Where a segment stands, and texts about guesses and bits. Numbers with decimals replace `%ld`
 * too. */
static const char one_character[] = N_("character %ld");
static const char characters[] = N_("characters %ld to %ld");
static const char not_measured[] = N_("The number of guesses was not measured.");
static const char guesses[] = N_("2^%ld guesses");
static const char guesses_needed[] = N_("2^%ld guesses; 2^%ld are needed");
static const char guesses_enough[] =
	N_("2^%ld guesses are enough (2^%ld); it is refused for another reason");
static const char guesses_of_word[] =
	N_("2^%ld guesses; a password of little more than one word is always refused");
static const char before_it[] = N_("tried before it");
static const char plain_words[] = N_("plain words and passwords");
static const char drawn[] = N_("as if drawn at random");
static const char bits_of[] = N_("%ld bits");

/* The errors of libpwquality in our words. Its own texts are only in the language of the process.
 */
static const struct {
	int error;
	struct reason reason;
} second_opinions[] = {
	{PWQ_ERROR_MIN_DIGITS, {N_("it has too few digits: it needs at least %ld"),
				       N_("it has no digit: add one")}},
	{PWQ_ERROR_MIN_UPPERS, {N_("it has too few capital letters: it needs at least %ld"),
				       N_("it has no capital letter: add one")}},
	{PWQ_ERROR_MIN_LOWERS, {N_("it has too few small letters: it needs at least %ld"),
				       N_("it has no small letter: add one")}},
	{PWQ_ERROR_MIN_OTHERS,
		{N_("it has too few characters that are neither letters nor digits: it needs at "
		    "least %ld"),
			N_("it has only letters and digits: add a symbol")}},
	{PWQ_ERROR_MIN_CLASSES,
		{N_("it needs at least %ld kinds of characters out of small letters, capital "
		    "letters, digits and symbols"),
			NULL}},
	{PWQ_ERROR_MAX_CONSECUTIVE, {N_("it has the same character more than %ld times in a row"),
					    N_("it has the same character twice in a row")}},
	{PWQ_ERROR_MAX_CLASS_REPEAT, {N_("it has more than %ld characters of one kind in a row"),
					     N_("it has two characters of one kind in a row")}},
	{PWQ_ERROR_MAX_SEQUENCE,
		{N_("it has more than %ld characters in a sequence such as abcd or 1234"),
			N_("it has a sequence such as abcd or 1234")}},
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
	if (finding->rule != A2A_SECOND_OPINION)
		return &reasons[finding->rule];
	for (size_t i = 0; i < sizeof(second_opinions) / sizeof(second_opinions[0]); i++)
		if (second_opinions[i].error == finding->detail)
			return &second_opinions[i].reason;
	return NULL;
}

/* Replaces the first `%ld` by a text. No printf() sees a translation, which may be damaged. Returns
 * NULL when memory is out. */
static char *fill_with(const char *format, const char *number)
{
	const char *place = strstr(format, "%ld");
	char *text = NULL;

	if (!place)
		return strdup(format);
	if (asprintf(&text, "%.*s%s%s", (int)(place - format), format, number, place + 3) < 0)
		return NULL;
	return text;
}

/* Replaces the first two `%s` by texts, and looks for no further ones in these. Returns NULL when
 * memory is out. */
static char *fill_texts(const char *format, const char *first, const char *second)
{
	const char *place = strstr(format, "%s");
	const char *behind = place ? place + 2 : format;
	const char *next = place ? strstr(behind, "%s") : NULL;
	char *text = NULL;

	if (asprintf(&text, "%.*s%s%.*s%s%s", place ? (int)(place - format) : 0, format,
		    place ? first : "", next ? (int)(next - behind) : 0, behind, next ? second : "",
		    next ? next + 2 : behind) < 0)
		return NULL;
	return text;
}

static char *fill_in(const char *format, int64_t number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, number);
	return fill_with(format, digits);
}

/* Fills in two numbers. Returns NULL when memory is out. */
static char *fill_both(const char *format, const char *first, const char *second)
{
	char *half = fill_with(format, first);
	char *text = half ? fill_with(half, second) : NULL;

	free(half);
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

/* The name of a word: of the reader's language, if the word is known in several. */
static const char *word_name(
	const struct a2a_messages *messages, size_t language, const struct a2a_segment *segment)
{
	const enum a2a_language own = messages->language[language].language;

	if (segment->languages & A2A_PLACE_BIT)
		return place_name;
	if (segment->languages & a2a_language_bit(own) && words[own])
		return words[own];
	for (size_t i = 0; i < A2A_LANGUAGES; i++)
		if (segment->languages >> i & 1 && words[i])
			return words[i];
	return segments[segment->kind];
}

static const char *segment_name(
	const struct a2a_messages *messages, size_t language, const struct a2a_segment *segment)
{
	return translate(messages, language,
		segment->kind == A2A_SEGMENT_WORD ? word_name(messages, language, segment)
						  : segments[segment->kind]);
}

/* "characters 1 to 6"; NULL when memory is out. */
static char *segment_place(
	const struct a2a_messages *messages, size_t language, const struct a2a_segment *segment)
{
	char first[24], last[24];

	snprintf(first, sizeof(first), "%zu", segment->start + 1);
	snprintf(last, sizeof(last), "%zu", segment->start + segment->length);
	return segment->length > 1
		       ? fill_both(translate(messages, language, characters), first, last)
		       : fill_with(translate(messages, language, one_character), first);
}

/* Appends " a French word (characters 1 to 6)". */
static char *append_segment(const struct a2a_messages *messages, size_t language,
	const char *separator, const char *name, const struct a2a_segment *segment, char *text)
{
	char *place = segment_place(messages, language, segment);

	if (!place) {
		free(text);
		return NULL;
	}
	text = append(text, "%s%s (%s)", separator, name, place);
	free(place);
	return text;
}

/* "it is easy to guess: a French word (characters 1 to 6), a year (characters 7 to 10)" */
static char *list_segments(const struct a2a_messages *messages, size_t language,
	const struct a2a_estimate *estimate, char *text)
{
	for (size_t i = 0; i < estimate->segments; i++) {
		const struct a2a_segment *segment = &estimate->segment[i];

		text = append_segment(messages, language, i ? ", " : " ",
			segment_name(messages, language, segment), segment, text);
	}
	return text;
}

/*
 * Returns the pattern that explains the word as well, or NULL: keys beside each other stand in
 * lists of words and passwords, but to the user they are keys.
 */
static const struct a2a_segment *find_pattern(const struct a2a_estimate *estimate)
{
	static const bool is_pattern[A2A_SEGMENT_KINDS] = {
		[A2A_SEGMENT_NUMBER] = true,
		[A2A_SEGMENT_YEAR] = true,
		[A2A_SEGMENT_DATE] = true,
		[A2A_SEGMENT_KEYBOARD] = true,
		[A2A_SEGMENT_SEQUENCE] = true,
		[A2A_SEGMENT_REPEAT] = true,
	};
	const struct a2a_segment *word = &estimate->word;

	for (size_t i = 0; i < estimate->segments; i++) {
		const struct a2a_segment *segment = &estimate->segment[i];

		if (is_pattern[segment->kind] && segment->start <= word->start &&
			segment->start + segment->length >= word->start + word->length)
			return segment;
	}
	return NULL;
}

/* Why the one word is refused: as a word, or as what it is to the user. */
static char *say_word(
	const struct a2a_messages *messages, size_t language, const struct a2a_estimate *estimate)
{
	const struct a2a_segment *word = &estimate->word, *pattern = find_pattern(estimate);
	const bool is_listed = word->kind == A2A_SEGMENT_PASSWORD && !word->languages;
	const enum a2a_rule rule = pattern || is_listed ? A2A_GUESSABLE : A2A_DICTIONARY_WORD;
	const char *name =
		pattern || is_listed || word->kind == A2A_SEGMENT_BACKWARDS
			? segment_name(messages, language, pattern ? pattern : word)
			: translate(messages, language, word_name(messages, language, word));

	return append_segment(messages, language, " ", name, pattern ? pattern : word,
		strdup(translate(messages, language, reasons[rule].many)));
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

/* The rules that a summary can stand for, as bits: those that are on with their usual setting. */
static unsigned usual_rules(const struct a2a_settings *settings)
{
	unsigned rules = 0;

	for (unsigned rule = 0; rule < A2A_RULES; rule++) {
		const int64_t number = need_of(settings, (enum a2a_rule)rule);
		bool is_usual = number != 0;

		if (rule == A2A_NO_LETTER || rule == A2A_NO_DIGIT)
			is_usual = number == 1;
		if (rule == A2A_DICTIONARY_WORD)
			is_usual = number && !settings->whole_password;
		if (is_usual)
			rules |= 1u << rule;
	}
	return rules;
}

/* The text that stands for a rule and others, whose bits it takes out of `left`; NULL if none. */
static const char *find_summary(unsigned usual, unsigned rule, unsigned *left)
{
	for (size_t i = 0; i < sizeof(summaries) / sizeof(summaries[0]); i++) {
		const unsigned rules = summaries[i].rules;

		if (rules & 1u << rule && (rules & usual & *left) == rules) {
			*left &= ~rules;
			return summaries[i].text;
		}
	}
	return NULL;
}

char *a2a_message_requirements(
	const struct a2a_messages *messages, size_t language, const struct a2a_settings *settings)
{
	/* Nobody needs to know these before typing a password. */
	unsigned left = ~(1u << A2A_NOT_TEXT | 1u << A2A_TOO_LONG);
	const unsigned usual = usual_rules(settings);
	char *text = strdup("");

	for (unsigned rule = 0; text && rule < A2A_RULES; rule++) {
		const char *summary = find_summary(usual, rule, &left);
		char *line = NULL;
		bool ok = true;

		if (summary) {
			line = fill_in(
				translate(messages, language, summary), settings->min_length);
			ok = line;
		} else if (left & 1u << rule) {
			ok = a2a_message_requirement(
				messages, language, settings, (enum a2a_rule)rule, &line);
		}
		if (line)
			text = append(text, "%s%s", *text ? "\n" : "", line);
		free(line);
		if (!ok) {
			free(text);
			text = NULL;
		}
	}
	return text;
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
	if (finding->rule == A2A_DICTIONARY_WORD && verdict->estimate.word.length)
		return say_word(messages, language, &verdict->estimate);
	original = reason->one && finding->needs == 1 ? reason->one : reason->many;
	text = fill_in(translate(messages, language, original), finding->needs);
	if (finding->rule == A2A_GUESSABLE)
		text = list_segments(messages, language, &verdict->estimate, text);
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

/* ---- The explanation ------------------------------------------------------------------------- */

/* A row of the explanation: where, what, how many bits. The texts are allocated. */
struct explained {
	char *place, *name, *bits;
};

enum { MOST_ROWS = A2A_MOST_SEGMENTS + 1 };

/* The characters of a text in UTF-8: its columns, as far as our own texts go. */
static int columns_of(const char *text)
{
	int columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

/* "21.4", or "21,4" in the languages that write a comma. */
static void write_decimal(
	const struct a2a_messages *messages, size_t language, double number, char text[static 32])
{
	char *point;

	snprintf(text, 32, "%.1f", number);
	point = strpbrk(text, ".,");
	if (point)
		*point = messages->language[language].language == A2A_ENGLISH ? '.' : ',';
}

static bool is_found(const struct a2a_verdict *verdict, enum a2a_rule rule)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (verdict->finding[i].rule == rule)
			return true;
	return false;
}

/* The line on the guesses. It never says that a refused password has enough of them. */
static char *say_guesses(
	const struct a2a_messages *messages, size_t language, const struct a2a_verdict *verdict)
{
	const double has = verdict->estimate.log2_guesses, needs = verdict->log2_needed;
	const char *format = guesses_needed;
	char first[32], second[32];

	if (isnan(has))
		return strdup(translate(messages, language, not_measured));
	write_decimal(messages, language, has, first);
	write_decimal(messages, language, needs, second);
	if (isnan(needs))
		format = guesses;
	else if (!verdict->accepted && has >= needs)
		format = is_found(verdict, A2A_DICTIONARY_WORD) ? guesses_of_word : guesses_enough;
	return fill_both(translate(messages, language, format), first, second);
}

static bool set_row(const struct a2a_messages *messages, size_t language, char *place,
	const char *name, double bits, struct explained *row)
{
	char number[32];

	write_decimal(messages, language, bits, number);
	row->place = place;
	row->name = strdup(name);
	row->bits = fill_with(translate(messages, language, bits_of), number);
	return row->place && row->name && row->bits;
}

/* Returns all characters as one segment if they cost less drawn at random than spelled, which is
 * then what the guesses count; otherwise one of length 0. */
static struct a2a_segment drawn_at_random(const struct a2a_estimate *estimate)
{
	const double rounding = 0.1;
	struct a2a_segment all = {.bits = estimate->log2_guesses};
	double spelled = 0;

	for (size_t i = 0; i < estimate->segments; i++) {
		spelled += estimate->segment[i].bits;
		all.length += estimate->segment[i].length;
	}
	if (spelled <= estimate->log2_guesses + rounding)
		all.length = 0;
	return all;
}

/* Fills the rows. Returns false when memory is out. */
static bool set_rows(const struct a2a_messages *messages, size_t language,
	const struct a2a_estimate *estimate, struct explained rows[static MOST_ROWS], size_t *count)
{
	const struct a2a_segment all = drawn_at_random(estimate);
	bool ok = true;

	*count = 0;
	if (isnan(estimate->log2_guesses))
		return true;
	if (all.length)
		return set_row(messages, language, segment_place(messages, language, &all),
			translate(messages, language, drawn), all.bits, &rows[(*count)++]);
	if (estimate->log2_before > 0)
		ok = set_row(messages, language, strdup(translate(messages, language, before_it)),
			translate(messages, language, plain_words), estimate->log2_before,
			&rows[(*count)++]);
	for (size_t i = 0; ok && i < estimate->segments; i++) {
		const struct a2a_segment *segment = &estimate->segment[i];

		ok = set_row(messages, language, segment_place(messages, language, segment),
			segment_name(messages, language, segment), segment->bits,
			&rows[(*count)++]);
	}
	return ok;
}

static int widest(const struct explained *rows, size_t count, bool of_name)
{
	int widest = 0;

	for (size_t i = 0; i < count; i++) {
		const int width = columns_of(of_name ? rows[i].name : rows[i].place);

		widest = width > widest ? width : widest;
	}
	return widest;
}

char *a2a_message_explanation(
	const struct a2a_messages *messages, size_t language, const struct a2a_verdict *verdict)
{
	struct explained rows[MOST_ROWS] = {0};
	size_t count;
	char *text = NULL;

	if (set_rows(messages, language, &verdict->estimate, rows, &count)) {
		const int place = widest(rows, count, false), name = widest(rows, count, true);

		text = say_guesses(messages, language, verdict);
		for (size_t i = 0; i < count; i++)
			text = append(text, "\n  %s%*s  %s%*s %*s%s", rows[i].place,
				place - columns_of(rows[i].place), "", rows[i].name,
				name - columns_of(rows[i].name), "", 10 - columns_of(rows[i].bits),
				"", rows[i].bits);
	}
	for (size_t i = 0; i < MOST_ROWS; i++) {
		free(rows[i].place);
		free(rows[i].name);
		free(rows[i].bits);
	}
	return text;
}

char *a2a_message_number(const struct a2a_messages *messages, size_t language,
	enum a2a_sentence sentence, int64_t number)
{
	return fill_in(a2a_message_sentence(messages, language, sentence), number);
}

char *a2a_message_texts(const struct a2a_messages *messages, size_t language,
	enum a2a_sentence sentence, const char *first, const char *second)
{
	return fill_texts(a2a_message_sentence(messages, language, sentence), first, second);
}

char *a2a_message_days_left(const struct a2a_messages *messages, size_t language, int64_t days)
{
	const enum a2a_language spoken = messages->language[language].language;

	if (days < 1)
		return strdup(a2a_message_sentence(messages, language, A2A_SAY_MAIL_TODAY));
	return fill_in(
		a2a_catalogue_find_plural(&messages->language[language].catalogue, days_left.one,
			a2a_language_plural(A2A_ENGLISH, days) ? days_left.many : days_left.one,
			a2a_language_plural(spoken, days)),
		days);
}

const char *a2a_message_heading(const struct a2a_verdict *verdict)
{
	/* A verdict without a finding is no refusal; the vaguest heading is never wrong. */
	return headings[verdict->count ? verdict->finding[0].rule : A2A_SECOND_OPINION];
}
