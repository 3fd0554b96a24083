/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "fit.h"

#include <inttypes.h>
#include <math.h>

#include "kinds.h"
#include "policy.h"

enum { SHORTEST_FOR_LIBRARIES = 6, LETTERS_AND_DIGITS = 62 };

static int64_t greater(int64_t one, int64_t other)
{
	return one > other ? one : other;
}

static int64_t smaller(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* Numbers of characters that a password must have at least. */
struct asked {
	/* Of the kinds that libpwquality counts, all of ASCII but the others. */
	int64_t lower, upper, digits, others;
	/* Of any kind and alphabet, beside those. */
	int64_t more_letters, more_digits;
	int64_t kinds;
};

/* Adds what `kinds` asks of a password of so many characters. */
static void add_kinds(struct asked *asked, const char *setting, size_t characters)
{
	const struct a2a_kinds kinds = a2a_kinds_asked(setting, characters, 0);
	const struct {
		enum a2a_character_kind kind;
		int64_t *least;
	} each[] = {
		{A2A_SMALL, &asked->lower},
		{A2A_CAPITAL, &asked->upper},
		{A2A_DIGIT, &asked->digits},
		{A2A_OTHER, &asked->others},
	};

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		if (kinds.each & each[i].kind)
			*each[i].least = greater(*each[i].least, 1);
	asked->kinds = greater(asked->kinds, kinds.least);
}

/* Returns what is asked of a password of so many characters. */
static struct asked ask(const struct a2a_settings *settings, size_t characters)
{
	struct asked asked = {0};

	if (settings->second_opinion)
		asked = (struct asked){
			.lower = -settings->lcredit,
			.upper = -settings->ucredit,
			.digits = -settings->dcredit,
			.others = -settings->ocredit,
			.kinds = settings->minclass,
		};
	add_kinds(&asked, settings->kinds, characters);
	if (a2a_mix_is_asked(settings, characters)) {
		asked.more_letters = greater(settings->min_letters - asked.lower - asked.upper, 0);
		asked.more_digits = greater(settings->min_digits - asked.digits, 0);
	}
	return asked;
}

/*
 * Returns the bytes of the shortest password that has what is asked for. A letter or a digit beyond
 * ASCII has two bytes, each of which libpwquality counts as one of the others: it saves a byte.
 */
static int64_t shortest(const struct asked *asked)
{
	const int64_t more = asked->more_letters + asked->more_digits;
	const int64_t cases = (asked->lower > 0) + (asked->upper > 0);
	const int64_t kinds = cases + smaller(asked->more_letters, 2 - cases) +
			      (asked->digits + asked->more_digits > 0) + (asked->others > 0);

	return asked->lower + asked->upper + asked->digits + asked->others + more -
	       smaller(more, asked->others / 2) + greater(asked->kinds - kinds, 0);
}

/* Returns the bytes that a password must have so that no kind stands more than maxclassrepeat times
 * in a row: others must be between the characters of the kind. */
static int64_t shortest_apart(const struct a2a_settings *settings, const struct asked *asked)
{
	const int64_t most =
		greater(greater(asked->lower, asked->upper), greater(asked->digits, asked->others));
	const int64_t repeat = settings->second_opinion ? settings->maxclassrepeat : 0;

	return repeat && most ? most + (most - 1) / repeat : 0;
}

static int64_t needed_length(const struct a2a_settings *settings, size_t characters)
{
	const struct asked asked = ask(settings, characters);

	return greater(shortest(&asked), shortest_apart(settings, &asked));
}

/* Tells whether a password has room for the characters that are asked for. */
static bool composition_fits(const struct a2a_settings *settings, const struct a2a_log *log)
{
	const int64_t most = settings->max_length;
	int64_t needed;

	/* What is asked depends on the length. */
	for (int64_t length = settings->min_length; length <= most; length++)
		if (needed_length(settings, (size_t)length) <= length)
			return true;
	needed = greater(needed_length(settings, (size_t)settings->min_length),
		needed_length(settings, (size_t)most));
	return a2a_fault(log, NULL,
		"no password could pass: with min_letters, min_digits, kinds, minclass, "
		"maxclassrepeat and "
		"the credits it needs %" PRId64 " bytes, and max_length is %" PRId64
		": write max_length = %" PRId64 " or more, or ask for fewer of them",
		needed, most, needed);
}

/*
 * Tells whether a change of password could pass. If the old password satisfies the policy, it has
 * at most max_length characters, and no more than these can be changed. libpwquality also accepts a
 * new password that is twice as long as the old one.
 */
static bool change_fits(const struct a2a_settings *settings, const struct a2a_log *log)
{
	if (settings->difok <= settings->max_length ||
		2 * settings->min_length <= settings->max_length)
		return true;
	return a2a_fault(log, NULL,
		"difok (%" PRId64 ") is greater than max_length (%" PRId64
		"): no user could change a password; write difok = 4, for example",
		settings->difok, settings->max_length);
}

/*
 * Says when passwords of letters and digits cannot withstand so many guesses. min_guesses has a
 * range in which 8 of all the printable characters of ASCII always can.
 */
static void warn_of_guesses(const struct a2a_settings *settings, const struct a2a_log *log)
{
	const double bits = (double)settings->max_length * log2(LETTERS_AND_DIGITS);

	if (settings->min_guesses &&
		bits < a2a_guesses_needed(settings, (size_t)settings->max_length))
		a2a_report(log, A2A_WARNING, NULL,
			"min_guesses: no password of letters and digits that max_length (%" PRId64
			") allows withstands so many guesses, only one with other characters; "
			"raise max_length or lower min_guesses",
			settings->max_length);
}

bool a2a_settings_fit(const struct a2a_settings *settings, const struct a2a_log *log)
{
	if (settings->min_length > settings->max_length)
		return a2a_fault(log, NULL,
			"min_length (%" PRId64 ") is greater than max_length (%" PRId64
			"): no password could pass",
			settings->min_length, settings->max_length);
	if (settings->second_opinion && settings->min_length < SHORTEST_FOR_LIBRARIES)
		return a2a_fault(log, NULL,
			"min_length (%" PRId64
			"): libpwquality and cracklib judge nothing of fewer than %d "
			"characters; write second_opinion = no, or min_length = %d",
			settings->min_length, SHORTEST_FOR_LIBRARIES, SHORTEST_FOR_LIBRARIES);
	if (settings->maxclassrepeat == 1)
		return a2a_fault(log, NULL,
			"maxclassrepeat = 1 would do nothing in libpwquality: write 0, or 2 or "
			"more");
	if (!composition_fits(settings, log) || !change_fits(settings, log))
		return false;
	warn_of_guesses(settings, log);
	return true;
}
