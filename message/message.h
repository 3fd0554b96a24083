/* SPDX-License-Identifier: BSD-3-Clause */
/* What users are told, in their languages. */
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
	/* Of the mail to somebody whose password is weak. */
	A2A_SAY_MAIL_SUBJECT,
	A2A_SAY_MAIL_ACCOUNT, /* the user name follows */
	A2A_SAY_MAIL_WEAK,    /* the reasons follow */
	A2A_SAY_MAIL_CHANGE,
	A2A_SAY_MAIL_WHERE, /* the address follows */
	A2A_SAY_MAIL_DAYS,  /* a number follows */
	A2A_SAY_MAIL_TRUST,
	A2A_SENTENCES
};

/*
 * Opens the messages in the languages that the setting `lang` lists; in English when it is empty.
 * A catalogue that is missing or damaged is reported as a warning, and English stands in for it.
 * Returns NULL when memory is out. Release with a2a_messages_close().
 */
struct a2a_messages *a2a_messages_open(
	const struct a2a_settings *settings, const struct a2a_log *log);
void a2a_messages_close(struct a2a_messages *messages);

/* How many languages, and the tag of one of them: "fr". */
size_t a2a_messages_count(const struct a2a_messages *messages);
const char *a2a_messages_language(const struct a2a_messages *messages, size_t language);

/* One sentence in one language; it belongs to the messages. */
const char *a2a_message_sentence(
	const struct a2a_messages *messages, size_t language, enum a2a_sentence sentence);

/*
 * What a rule asks of a password, in one language, for who has not typed one yet: a sentence
 * without a full stop, and with nothing of a user's. `*text` is NULL when the settings do not ask
 * it, or when nobody can act on it beforehand (second-opinion); otherwise release with free().
 * False when memory is out.
 */
bool a2a_message_requirement(const struct a2a_messages *messages, size_t language,
	const struct a2a_settings *settings, enum a2a_rule rule, char **text);

/* Why a rule failed, in one language: a clause without a full stop. NULL when memory is out;
 * release with free(). */
char *a2a_message_reason(const struct a2a_messages *messages, size_t language,
	const struct a2a_verdict *verdict, const struct a2a_finding *finding);

/*
 * The same when there is no verdict any more, only the rule's id: with what the settings ask for,
 * and without what the password is made of.
 */
char *a2a_message_rule(const struct a2a_messages *messages, size_t language,
	const struct a2a_settings *settings, enum a2a_rule rule);

/* The whole refusal in one language, a line for each reason. NULL when memory is out; release with
 * free(). */
char *a2a_message_refusal(
	const struct a2a_messages *messages, size_t language, const struct a2a_verdict *verdict);

#endif
