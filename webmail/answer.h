/* SPDX-License-Identifier: BSD-3-Clause */
/* What all2all-passwd answers: an exit status, and sentences for the user on standard output. */
#ifndef A2A_ANSWER_H
#define A2A_ANSWER_H

#include "message.h"

/* The exit statuses of all2all-passwd(8). The driver for the webmail knows them. */
enum a2a_answer {
	A2A_ANSWER_DONE = 0, /* changed, good, or nothing known */
	A2A_ANSWER_WEAK = 1, /* its reasons are printed */
	A2A_ANSWER_BROKEN = 2,
	A2A_ANSWER_WRONG_OLD = 3,
	A2A_ANSWER_MALFORMED = 4, /* the input */
	A2A_ANSWER_LOCKED = 5,    /* too many failures, or the account is closed */
};

/* Prints a sentence in each language of the messages; nothing when `messages` is NULL. */
void a2a_answer_sentence(const struct a2a_messages *messages, enum a2a_sentence sentence);

/* Prints why the password was refused, a line for each rule. False when memory is out. */
bool a2a_answer_reasons(const struct a2a_messages *messages, const struct a2a_verdict *verdict);

/* Prints what the policy asks of a password, in few lines. False when memory is out. */
bool a2a_answer_requirements(
	const struct a2a_messages *messages, const struct a2a_settings *settings);

/*
 * Prints why a password is weak of which only the rules are known that it failed, a line each.
 * `rules` has a bit, 1 << A2A_TOO_SHORT, for each of them. False when memory is out.
 */
bool a2a_answer_weaknesses(
	const struct a2a_messages *messages, const struct a2a_settings *settings, unsigned rules);

/*
 * Prints a password, and a line for each of its characters: how it is said in the alphabet of a tag
 * or locale (spelling.h). Its bytes, ASCII, stay in the buffer of standard output. False when
 * memory is out.
 */
bool a2a_answer_proposal(const struct secret *password, const char *tag);

/* Prints what the modules of a PAM stack said, a2a_pam_said(), without the marks of a list. */
void a2a_answer_said(const struct secret *said);

#endif
