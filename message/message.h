/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts for users, in their languages. */
#ifndef A2A_MESSAGE_H
#define A2A_MESSAGE_H

#include "policy.h"

struct a2a_messages;

enum a2a_sentence {
	A2A_SAY_ACCEPTED,
	A2A_SAY_REFUSED,
	A2A_SAY_FAULT,
	A2A_SAY_SUGGESTION,
	A2A_SAY_ASK,
	A2A_SAY_ASK_OLD,
	A2A_SAY_WRONG_OLD,
	A2A_SAY_NOT_CHANGED,
	A2A_SAY_LOCKED,
	A2A_SAY_EXPIRED,
	/* The mail to a user whose password is weak. */
	A2A_SAY_MAIL_SUBJECT,
	A2A_SAY_MAIL_GREETING,      /* has the name of the person */
	A2A_SAY_MAIL_GREETING_BARE, /* when the name is not known */
	A2A_SAY_MAIL_ACCOUNT,       /* has the organisation and the user name */
	A2A_SAY_MAIL_WEAK,          /* the reasons follow */
	A2A_SAY_MAIL_CHANGE,     /* what ALL2ALL's guide says a good password is; has the length */
	A2A_SAY_MAIL_RULES,      /* the requirements follow */
	A2A_SAY_MAIL_WHERE,      /* the address of the webmail follows */
	A2A_SAY_MAIL_WHERE_BARE, /* the same without an address */
	A2A_SAY_MAIL_PAGE,       /* the address of a page that changes passwords follows */
	A2A_SAY_MAIL_TODAY,
	A2A_SAY_MAIL_TRUST,
	A2A_SAY_MAIL_CALL,  /* has the organisation and a telephone number */
	A2A_SAY_MAIL_WRITE, /* has the organisation and how else to reach it */
	A2A_SAY_MAIL_REGARDS,
	A2A_SENTENCES
};

/*
 * Opens the messages in the languages that the setting `lang` lists; in English when it is empty. A
 * catalogue that is missing or damaged is reported as a warning, and its language falls back to
 * English. Returns NULL when memory is out. Release with a2a_messages_close().
 */
struct a2a_messages *a2a_messages_open(
	const struct a2a_settings *settings, const struct a2a_log *log);

/* Closes the messages; NULL is allowed. */
void a2a_messages_close(struct a2a_messages *messages);

/* Returns the number of languages. They are numbered from 0, in the order of `lang`. */
size_t a2a_messages_count(const struct a2a_messages *messages);

/* Returns the tag of one language: "fr". Static. */
const char *a2a_messages_language(const struct a2a_messages *messages, size_t language);

/* Returns one sentence in one language; it belongs to the messages. */
const char *a2a_message_sentence(
	const struct a2a_messages *messages, size_t language, enum a2a_sentence sentence);

/* The same, for a sentence with a number in it. Returns NULL when memory is out; release with
 * free().
 */
char *a2a_message_number(const struct a2a_messages *messages, size_t language,
	enum a2a_sentence sentence, int64_t number);

/*
 * The same, for a sentence with one or two texts in it; of one, `second` is not used. The texts are
 * put in as they are. Returns NULL when memory is out; release with free().
 */
char *a2a_message_texts(const struct a2a_messages *messages, size_t language,
	enum a2a_sentence sentence, const char *first, const char *second);

/* Says after how many days, from 0 on, mail programs are shut out. Returns NULL when memory is out;
 * release with free(). */
char *a2a_message_days_left(const struct a2a_messages *messages, size_t language, int64_t days);

/*
 * Says what a rule asks of a password, in one language, for a user who has not typed one yet: a
 * sentence without a full stop and without any data of a user. `*text` becomes NULL when the
 * settings do not ask for the rule, or when nobody can act on it beforehand (second-opinion);
 * otherwise release it with free(). Returns false when memory is out.
 */
bool a2a_message_requirement(const struct a2a_messages *messages, size_t language,
	const struct a2a_settings *settings, enum a2a_rule rule, char **text);

/* Returns why a rule failed, in one language: a clause without a full stop. Returns NULL when
 * memory is out; release with free(). */
char *a2a_message_reason(const struct a2a_messages *messages, size_t language,
	const struct a2a_verdict *verdict, const struct a2a_finding *finding);

/*
 * Returns why a rule failed when only its id is known: with the number that the settings need, and
 * without the words of the password. Returns NULL when memory is out; release with free().
 */
char *a2a_message_rule(const struct a2a_messages *messages, size_t language,
	const struct a2a_settings *settings, enum a2a_rule rule);

/* Returns the whole refusal in one language, with a line for each reason. Returns NULL when memory
 * is out; release with free(). */
char *a2a_message_refusal(
	const struct a2a_messages *messages, size_t language, const struct a2a_verdict *verdict);

/*
 * Returns how an attacker would spell the password, in one language: a line on the guesses, and one
 * for each segment, of at most 80 columns; no newline at the end. It has no character of the
 * password. Returns NULL when memory is out; release with free().
 */
char *a2a_message_explanation(
	const struct a2a_messages *messages, size_t language, const struct a2a_verdict *verdict);

/*
 * Returns the heading of a refusal for programs that drive passwd(1) by what it prints: "BAD
 * PASSWORD: too short", always in English, for the first rule that failed. Static.
 */
const char *a2a_message_heading(const struct a2a_verdict *verdict);

#endif
