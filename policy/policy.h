/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The policy engine: (policy, password, person) -> verdict.
 *
 * It asks nobody: no PAM, no user database, no environment, no output, and it keeps nothing
 * between calls. Whoever calls it, a door, gathers the facts and speaks to the user. What cannot
 * be judged is not accepted.
 *
 * Usual order: a2a_settings_new(), a2a_settings_read_file(), a2a_settings_set() ...,
 * a2a_policy_open(), then a2a_judge() or a2a_generator_open() as often as wanted.
 */
#ifndef A2A_POLICY_H
#define A2A_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "secret.h"

/* ---- Faults ---------------------------------------------------------------------------------- */

enum a2a_level {
	A2A_FAULT,   /* nothing can be judged until it is mended */
	A2A_WARNING, /* something is left out, the rest works */
};

/*
 * Where the engine reports to the administrator. `text` is one English sentence that says what,
 * where (FILE:LINE) and what to do; it never holds a password or anything of one, and belongs to
 * the engine. `say` may be NULL.
 */
struct a2a_log {
	void (*say)(void *context, enum a2a_level level, const char *text);
	void *context;
};

/*
 * Reports one sentence, formatted, of `where` (a file, FILE:LINE, an argument; may be NULL), which
 * goes before it with a colon. `log` may be NULL.
 */
__attribute__((format(printf, 4, 5))) void a2a_report(const struct a2a_log *log,
	enum a2a_level level, const char *where, const char *format, ...);

/* The same of a fault. Always false, so that a function can end with it. */
__attribute__((format(printf, 3, 4))) bool a2a_fault(
	const struct a2a_log *log, const char *where, const char *format, ...);

/* ---- Tables of settings ---------------------------------------------------------------------- */

enum a2a_setting_type { A2A_NUMBER, A2A_SWITCH, A2A_TEXT };

/* One row of a table: a key, and the field of a struct that holds its value. */
struct a2a_setting {
	const char *name;
	enum a2a_setting_type type;
	long least, most;     /* numbers only, inclusive */
	const char *fallback; /* the default, as one would write it */
	const char *meaning;  /* one English line */
	bool is_path;         /* texts only: must be absolute, or empty where the default is */
	size_t offset; /* of the field: a long, of a text a char * that is the struct's own */
	/* Texts only, may be NULL: whether the value will do. Reports when it will not. What
	 * is_path says is left to it. */
	bool (*check)(const struct a2a_setting *row, const char *value, const char *where,
		const struct a2a_log *log);
};

/*
 * A table, for what has a configuration file of its own: the engine's settings, the facts on a
 * sheet. The functions below read and write the struct at `base` that the offsets are of, which
 * must be all zero before a2a_table_defaults(). Immutable, and usually static.
 */
struct a2a_table {
	const struct a2a_setting *rows;
	size_t count;
	/* Reports that `name` is not a key of the table, and what to write instead. */
	void (*unknown)(const char *name, const char *where, const struct a2a_log *log);
};

/* Sets every field to its default. False when memory is out; a2a_table_release() in any case. */
bool a2a_table_defaults(const struct a2a_table *table, void *base);

/* Frees the texts; not `base` itself. */
void a2a_table_release(const struct a2a_table *table, void *base);

/* Sets every field of `base`, which has its defaults, as it is in `from`. False without memory. */
bool a2a_table_copy(const struct a2a_table *table, void *base, const void *from);

/* As the functions of the settings below whose names end the same. */
bool a2a_table_read_file(const struct a2a_table *table, void *base, const char *path,
	bool may_be_missing, const struct a2a_log *log);
bool a2a_table_set(const struct a2a_table *table, void *base, const char *assignment,
	const char *where, const struct a2a_log *log);
bool a2a_table_has(const struct a2a_table *table, const char *assignment);
const char *a2a_table_get(
	const struct a2a_table *table, const void *base, const char *name, char buffer[static 24]);

/* ---- Settings -------------------------------------------------------------------------------- */

struct a2a_settings;

/* The table: `*count` rows, static. */
const struct a2a_setting *a2a_settings_table(size_t *count);

/* All settings at their defaults, or NULL when memory is out. Release with a2a_settings_free(). */
struct a2a_settings *a2a_settings_new(void);
void a2a_settings_free(struct a2a_settings *settings);

/*
 * Reads `key = value` lines from a file. `#` begins a comment at the start of a line or after
 * white space. A key written twice in one file is a mistake, as is an unknown one or a value out
 * of range: each is reported with file and line, all of them, and then false is returned. With
 * `may_be_missing`, a file that does not exist is not a mistake.
 */
bool a2a_settings_read_file(struct a2a_settings *settings, const char *path, bool may_be_missing,
	const struct a2a_log *log);

/*
 * Takes one `key=value` (or the bare name of a switch, which turns it on). `where` names its
 * origin in a report ("argument 2"). Returns false, having reported, when it is no setting.
 */
bool a2a_settings_set(struct a2a_settings *settings, const char *assignment, const char *where,
	const struct a2a_log *log);

/* Whether the text up to its `=` is the name of a setting. */
bool a2a_settings_has(const char *assignment);

/*
 * The value of a setting as one would write it, in `buffer` if it is a number. NULL for an
 * unknown name. The text belongs to the settings or is the buffer.
 */
const char *a2a_settings_get(
	const struct a2a_settings *settings, const char *name, char buffer[static 24]);

/* ---- The policy ------------------------------------------------------------------------------ */

struct a2a_policy;

/*
 * Checks that the settings fit together and that the dictionary can be opened and is whole.
 * Returns NULL, having reported why, when they do not. The settings are copied. The policy is
 * immutable. Release with a2a_policy_close().
 */
struct a2a_policy *a2a_policy_open(const struct a2a_settings *settings, const struct a2a_log *log);

enum { A2A_STAMP_SIZE = 33 };

/*
 * Which files were found whole before, kept by the caller where nobody else can write. A stamp is a
 * text of 32 characters that changes when its file is replaced or written to.
 */
struct a2a_memory {
	bool (*knows)(void *context, const char *stamp);
	void (*learn)(void *context, const char *stamp); /* of a file that was found whole */
	void *context;
};

/*
 * As a2a_policy_open(), for who opens it thousands of times a day: the bytes of a lexicon are only
 * summed when the memory does not know its stamp. For observers; a door that decides about a new
 * password takes nobody's word for it.
 */
struct a2a_policy *a2a_policy_open_again(const struct a2a_settings *settings,
	const struct a2a_memory *memory, const struct a2a_log *log);
void a2a_policy_close(struct a2a_policy *policy);

enum { A2A_DIGEST_SIZE = 33 };

/*
 * What tells one policy from another: XXH3 (128 bits, as 32 hexadecimal digits and a NUL) of the
 * settings in force, but for those that only say where and in which language to speak, and of the
 * checksums of the lexicon and of the site's lists. Of cracklib's dictionary the path alone counts.
 * Two machines with the same policy have the same digest. False when memory is out; the digest is
 * then empty.
 */
bool a2a_policy_digest(const struct a2a_policy *policy, char digest[static A2A_DIGEST_SIZE]);

/*
 * Who the password is for. `names` are texts of any form (user name, GECOS field, mail address,
 * host name): the engine takes the words out of them. `old_password` may be NULL. All of it stays
 * the caller's.
 */
struct a2a_person {
	const char *const *names;
	size_t name_count;
	const struct secret *old_password;
};

/* ---- The verdict ----------------------------------------------------------------------------- */

/* In the order in which they are judged and reported. */
enum a2a_rule {
	A2A_NOT_TEXT,
	A2A_TOO_SHORT,
	A2A_TOO_LONG,
	A2A_NO_LETTER,
	A2A_NO_DIGIT,
	A2A_PERSON,
	A2A_OLD_PASSWORD,
	A2A_DICTIONARY_WORD,
	A2A_LEAKED,
	A2A_GUESSABLE,
	A2A_SECOND_OPINION,
	A2A_RULES
};

/* The rule's id as configuration, log and manuals write it: "too-short". */
const char *a2a_rule_name(enum a2a_rule rule);

/* What one rule found: numbers only, in the rule's own unit. */
struct a2a_finding {
	enum a2a_rule rule;
	long has, needs; /* 0 where the rule does not count */
	int detail;      /* second-opinion: libpwquality's error number; else 0 */
};

/* What a stretch of a password is, to somebody who guesses. */
enum a2a_segment_kind {
	A2A_SEGMENT_LETTERS, /* nothing known: as a model of letters expects them */
	A2A_SEGMENT_SYMBOL,
	A2A_SEGMENT_PASSWORD, /* a common one */
	A2A_SEGMENT_WORD,
	A2A_SEGMENT_BACKWARDS, /* a word, backwards */
	A2A_SEGMENT_NUMBER,
	A2A_SEGMENT_YEAR,
	A2A_SEGMENT_DATE,
	A2A_SEGMENT_KEYBOARD, /* neighbouring keys */
	A2A_SEGMENT_SEQUENCE,
	A2A_SEGMENT_REPEAT,
	A2A_SEGMENT_PERSON, /* of the person's own names, or the service's */
	A2A_SEGMENT_KINDS
};

/* The languages that a word was found in, as bits; none of them for our own lists. */
enum { A2A_IN_FRENCH = 1, A2A_IN_DUTCH = 2, A2A_IN_GERMAN = 4, A2A_IN_ENGLISH = 8 };

enum { A2A_MOST_SEGMENTS = 16 };

struct a2a_segment {
	enum a2a_segment_kind kind;
	unsigned languages;
	size_t start, length; /* in characters */
	double bits;
};

/* The kind's id: "word". */
const char *a2a_segment_name(enum a2a_segment_kind kind);

/* Ids and numbers only: nothing to free, no piece of the password. */
struct a2a_verdict {
	bool accepted;
	size_t count;
	struct a2a_finding finding[A2A_RULES]; /* every rule that failed */
	double log2_guesses;                   /* NAN when that was not measured */
	double log2_needed; /* what guessable asks of one as long; NAN when it asks nothing */
	size_t segments;    /* of the cheapest spelling, from its beginning */
	struct a2a_segment segment[A2A_MOST_SEGMENTS];
	/* The word that is all there is but for decoration, if there is one; else of length 0. */
	struct a2a_segment word;
};

/*
 * The ids of the rules that failed, in their order, with commas between them; "" when none did.
 * NULL when memory is out; release with free().
 */
char *a2a_verdict_rules(const struct a2a_verdict *verdict);

/*
 * Judges a password; `person` may be NULL. Returns whether it could be judged: when false, a fault
 * was reported and the verdict is a refusal. A password of more bytes than PAM carries (511)
 * is only measured, since nothing would be gained by looking further.
 */
bool a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);

/* ---- Generating ------------------------------------------------------------------------------ */

enum a2a_style { A2A_CHARACTERS, A2A_PRONOUNCEABLE, A2A_WORDS };

/* What to generate. All zero is the house's default: 12 letters and digits that nobody mixes up. */
struct a2a_recipe {
	enum a2a_style style;
	unsigned length;        /* in characters, or in words; 0: the style's default */
	unsigned bits;          /* instead of length: the shortest with at least so many bits */
	const char *characters; /* instead of letters and digits (ASCII); NULL: those */
	const char *symbols;    /* also these (ASCII); "" the usual ones; NULL: none */
	const char *avoid;      /* none of these; NULL: nothing more */
	bool keyboard_safe;     /* only keys that AZERTY, QWERTY and QWERTZ have in one place */
	const char *language;   /* of the words: fr, nl, de, en */
	const char *separator;  /* between words; NULL: "-", with keyboard_safe a space */
};

struct a2a_generator;

/*
 * Prepares to draw. Returns NULL, having reported, when no password can satisfy both recipe and
 * policy. Release with a2a_generator_close(); the policy must stay open until then.
 */
struct a2a_generator *a2a_generator_open(const struct a2a_policy *policy,
	const struct a2a_recipe *recipe, const struct a2a_log *log);
void a2a_generator_close(struct a2a_generator *generator);

/*
 * log2 of the number of passwords that the recipe allows, that do not begin like a formula, and
 * that the policy's rules of length and composition accept: counted, not estimated. What the rules
 * about words and names and the list of offensive words take away from that is not (it cannot be
 * counted without trying all).
 */
double a2a_generator_bits(const struct a2a_generator *generator);

/*
 * Whether those bits are all that there is to say: false under settings that are judged but not
 * counted (maxrepeat, maxsequence, maxclassrepeat, badwords), and for an alphabet so small that the
 * second opinion's five different characters matter. The bits are then an upper bound.
 */
bool a2a_generator_is_exact(const struct a2a_generator *generator);

/*
 * Draws one password into `password` (which must own nothing; release with a2a_secret_wipe()),
 * uniform over all that the recipe allows and the judge accepts: from getrandom(2), without modulo
 * bias, and what the judge refuses is thrown away whole; so is what holds an offensive word
 * (a2a_is_offensive()), and what begins with one of = + - @, which a spreadsheet takes for a
 * formula. `person` may be NULL. Returns false, having reported, on a fault.
 */
bool a2a_generate(const struct a2a_generator *generator, const struct a2a_person *person,
	struct secret *password, const struct a2a_log *log);

/* ---- Words for the user ---------------------------------------------------------------------- */

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

/* Whether there are messages in the language of a tag or locale name: "fr", "fr_BE.UTF-8". */
bool a2a_language_known(const char *tag);

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
