/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every constant of the guess number, one row each. Only the files of guess/ include this header.
 *
 * The comment above each row says its kind, the origin of its value, and what it does:
 *
 *   derived  The value is the formula that the comment gives, truncated to whole steps unless the
 *            comment says "rounded". tests/guess/test_costs.c computes the formulas again.
 *   fitted   The value was chosen by trying its neighbours. The chosen value lets in the fewest
 *            made passwords (measure/classes, measure/curve) for the random ones that it keeps out
 *            (measure/random_share). If these do not decide, it orders real passwords best by
 *            frequency. The words in parentheses name the kind of password that shows its effect.
 *   guard    The value bounds time or memory, or keeps chance matches out of random passwords.
 *
 * Costs are in steps of 1/A2A_BIT bit; A2A_BITS(3, 500) is 3.5 bits. Other values are counts of
 * characters, unless their comments say otherwise. measure/sensitivity reads this file: it needs
 * one row on each line, and above each row a comment that begins with the kind.
 */
#ifndef A2A_COSTS_H
#define A2A_COSTS_H

#include "lattice.h"

/* Bits and thousandths of a bit, as a cost. The 1 keeps "050" from being an octal number. */
#define A2A_BITS(whole, thousandths) (((whole)*1000 + 1##thousandths - 1000) * A2A_BIT / 1000)

/* ---- Letters and capitals -------------------------------------------------------------------- */
enum {
	/* derived, log2(26): one letter of the alphabet. */
	ONE_LETTER = A2A_BITS(4, 700),
	/* fitted (random strings): the length of a run of letters. */
	LETTERS_LENGTH = A2A_BITS(1, 000),
	/* fitted (names in no list): the most that the model charges for one letter of a run. */
	LETTER_MOST = A2A_BITS(6, 500),
	/* fitted (words around a mark): a character in a run that is neither a letter nor a digit.
	 */
	LETTER_OTHER = A2A_BITS(3, 500),
	/* fitted (capitals in invented words): a capital that begins the password. */
	UPPER_FIRST = A2A_BITS(1, 000),
	/* fitted (random strings with capitals): a capital elsewhere, in a run of letters. */
	UPPER_LATER = A2A_BITS(2, 000),
	/* fitted (random strings with capitals): a small letter after such a capital. */
	LOWER_AFTER_UPPER = A2A_BITS(1, 000),
	/* fitted (initials): the longest run that may cost ONE_LETTER for each letter. */
	INITIALS_LONGEST = 3,
	/* fitted (word + digits): a segment whose only capital is its first or last character, or
	 * that is all capitals. */
	CAPITALS_USUAL = A2A_BITS(1, 000),
	/* derived, log2(2): one capital of two letters, where neither is at an end. */
	CAPITALS_ONE_OF_TWO = A2A_BITS(1, 000),
	/* derived, log2(3), rounded: one or two capitals of three letters. */
	CAPITALS_SOME_OF_THREE = A2A_BITS(1, 586),
	/* fitted (the person's names): a word of the person. */
	PERSON_WORD = A2A_BITS(2, 000),
};

/* ---- The order of guesses -------------------------------------------------------------------- */
/* An attacker tries the plain words and passwords of lists first. These numbers of them come before
 * the first guess of each other kind. */
enum {
	/* fitted (common passwords by frequency): before the first that is joined. */
	BEFORE_JOINED = A2A_BITS(12, 000),
	/* fitted (common passwords by frequency): before the first with a capital. */
	BEFORE_CAPITALS = A2A_BITS(11, 000),
	/* fitted (common passwords by frequency): before the first with a character that is neither
	 * letter nor digit. */
	BEFORE_MARKS = A2A_BITS(11, 000),
	/* guard: from this cost on, what was tried before is less than a step. */
	BEFORE_COUNTS = A2A_BITS(22, 000),
};

/* ---- Repetition ------------------------------------------------------------------------------ */
enum {
	/* fitted (doubled word): a segment is repeated. log2 of the number of times is added. */
	REPEAT = A2A_BITS(1, 000),
	/* fitted (mirrored word): a segment is followed by the same segment backwards. */
	MIRROR = A2A_BITS(2, 000),
	/* guard: the shortest segment for which the search looks for a backward copy behind it. */
	MIRROR_SHORTEST = 3,
	/* guard: the longest group of any characters for which the search looks for a copy behind
	 * it. One comparison of 64 bits covers this many characters. */
	ROUND_LONGEST = 8,
	/* fitted (oma1934oma): the beginning of the password occurs again later. */
	AGAIN = A2A_BITS(2, 000),
	/* fitted (random strings): the shortest such beginning. */
	AGAIN_SHORTEST = 4,
	/* fitted (random strings): the shortest such beginning if its copy ends the password. */
	AGAIN_SHORTEST_AT_END = 3,
};

/* ---- Random characters ----------------------------------------------------------------------- */
enum {
	/* derived, letters from a to z: the small letters, or the capitals. A count. */
	ALPHABET_LETTERS = 26,
	/* derived, digits from 0 to 9. A count. */
	ALPHABET_DIGITS = 10,
	/* derived, 95 - 26 - 26 - 10: the other printable characters of ASCII, the blank included.
	 * A count. */
	ALPHABET_SYMBOLS = 33,
	/* fitted (accented words): the characters beyond ASCII that people have on a key. A count.
	 */
	ALPHABET_OTHERS = 100,
	/* guard: fewer different characters than this are a repetition. */
	FEW_DIFFERENT_LEAST = 2,
	/* fitted (random strings): up to this many different characters, it may be cheaper to
	 * choose them first. */
	FEW_DIFFERENT_MOST = 6,
};

/* ---- Transitions ----------------------------------------------------------------------------- */
/* The cost of the class of a segment after the class of the segment before it. The names have both
 * classes. BEGIN is the beginning of the password. */
enum {
	/* fitted (two words): */
	WORD_TO_WORD = A2A_BITS(2, 500),
	/* fitted (word + digits): */
	WORD_TO_NUMBER = A2A_BITS(1, 500),
	/* fitted (word + separator + year): */
	WORD_TO_SYMBOL = A2A_BITS(1, 500),
	/* fitted (random strings): */
	WORD_TO_LETTERS = A2A_BITS(5, 000),
	/* fitted (digits + word): */
	NUMBER_TO_WORD = A2A_BITS(2, 500),
	/* fitted (dates, telephone numbers): */
	NUMBER_TO_NUMBER = A2A_BITS(4, 000),
	/* fitted (word + year + !): */
	NUMBER_TO_SYMBOL = A2A_BITS(2, 000),
	/* fitted (random strings): */
	NUMBER_TO_LETTERS = A2A_BITS(3, 500),
	/* fitted (word, mark, word): */
	SYMBOL_TO_WORD = A2A_BITS(1, 000),
	/* fitted (word + separator + year): */
	SYMBOL_TO_NUMBER = A2A_BITS(2, 000),
	/* fitted (word + digits + !!): */
	SYMBOL_TO_SYMBOL = A2A_BITS(2, 000),
	/* fitted (random strings with symbols): */
	SYMBOL_TO_LETTERS = A2A_BITS(5, 000),
	/* fitted (random strings): */
	LETTERS_TO_WORD = A2A_BITS(5, 000),
	/* fitted (random strings): */
	LETTERS_TO_NUMBER = A2A_BITS(2, 500),
	/* fitted (random strings with symbols): */
	LETTERS_TO_SYMBOL = A2A_BITS(3, 000),
	/* guard: two runs of letters in a row are one run. */
	LETTERS_TO_LETTERS = A2A_BITS(31, 875),
	/* fitted (word + digits): */
	BEGIN_TO_WORD = A2A_BITS(0, 000),
	/* fitted (digits + word): */
	BEGIN_TO_NUMBER = A2A_BITS(0, 000),
	/* fitted (!word1): */
	BEGIN_TO_SYMBOL = A2A_BITS(2, 000),
	/* fitted (random strings): */
	BEGIN_TO_LETTERS = A2A_BITS(1, 000),
	/* guard: more than any password costs. It says that no segment ends at a place yet. */
	UNREACHED = 1 << 28,
};

/* ---- Words ----------------------------------------------------------------------------------- */
enum {
	/* fitted (common passwords): the least that a word costs, whatever its rank. */
	WORD_LEAST = A2A_BITS(1, 000),
	/* fitted (random strings): a word of three letters beside other characters, in a password
	 * of letters and digits that is no longer than SHORT_PART_WITHIN. Such a word may be there
	 * by chance. */
	SHORT_PART = A2A_BITS(3, 000),
	/* fitted (random strings): the same for a word of four letters. */
	SHORT_PART_OF_FOUR = A2A_BITS(1, 500),
	/* fitted (random strings): characters of a password, see SHORT_PART. */
	SHORT_PART_WITHIN = 10,
	/* fitted (reversed word): the word stands backwards. */
	BACKWARDS = A2A_BITS(4, 000),
	/* fitted (random strings): added for a word that stands backwards and has characters in
	 * leet. Hardly anybody does both, and random strings are full of them. */
	BACKWARDS_IN_LEET = A2A_BITS(3, 000),
	/* fitted (leet word): the word has characters in leet. */
	LEET_ANY = A2A_BITS(2, 000),
	/* fitted (leet word): each of the first LEET_MOST characters in leet. */
	LEET_EACH = A2A_BITS(1, 000),
	/* fitted (leet word): further characters in leet cost nothing, because people who write
	 * some letters in leet write most of them so. */
	LEET_MOST = 4,
	/* fitted (random strings): added for a word in leet in a password of letters and digits
	 * that is no longer than SHORT_PART_WITHIN, beside other things than people write behind a
	 * word (DISGUISED_BY_CHANCE). */
	LEET_BY_CHANCE = A2A_BITS(3, 000),
	/* guard: the fewest letters of a word in leet or backwards. */
	CHANGED_SHORTEST = 4,
	/* fitted (word with a mark inside): each inserted character: which character it is, and
	 * where. */
	INSERTED = A2A_BITS(6, 000),
	/* guard: the most inserted characters of one word. */
	INSERTED_MOST = 2,
	/* guard: the fewest letters of the word before the first inserted character. */
	INSERTED_AFTER = 1,
	/* guard: the fewest letters of a word with inserted characters. */
	INSERTED_SHORTEST = 5,
	/* fitted (stretched word): the last letter is written several more times: bisousss. */
	STRETCHED = A2A_BITS(1, 500),
	/* fitted (stretched word): each additional time that the last letter is written. */
	STRETCHED_EACH = A2A_BITS(0, 500),
	/* fitted (random strings): the fewest additional times. */
	STRETCHED_LEAST = 2,
	/* fitted (word, ending of Flanders): an ending that the lists do not have. */
	ENDING = A2A_BITS(5, 000),
	/* fitted (first name + initial): an initial behind a name, in addition to ONE_LETTER. */
	INITIAL_BEHIND = A2A_BITS(1, 000),
	/* guard: the longest word that is searched for. */
	WORD_LONGEST = 32,
	/* guard: steps through the lexicon from one place of a password, variants included. */
	SEARCH_STEPS_MOST = 400,
	/* guard: the most characters in leet behind the last letter where a backward search may
	 * begin. */
	LEET_BEHIND_MOST = 2,
};

/* ---- Words in disguise ----------------------------------------------------------------------- */
enum {
	/* fitted (random strings): the rarest word that is looked for. An attacker does not try all
	 * disguises of rare words. */
	DISGUISED_RAREST = A2A_BITS(14, 500),
	/* fitted (random strings): a disguised word, or a form of one, in a password of letters and
	 * digits that is no longer than SHORT_PART_WITHIN, beside other things than people write
	 * behind a word: 1, 12, 123, 77, a year. */
	DISGUISED_BY_CHANCE = A2A_BITS(4, 000),
	/* fitted (word apart): the letters of a word stand apart, and something is between them. */
	APART = A2A_BITS(3, 000),
	/* guard: the fewest letters of such a word. */
	APART_SHORTEST = 4,
	/* fitted (word apart): the filling is one character again and again. */
	FILLING_SAME = A2A_BITS(4, 000),
	/* fitted (word apart): the filling is a sequence from an end of the alphabet: c1a2s3h4. */
	FILLING_SEQUENCE = A2A_BITS(2, 000),
	/* fitted (word apart): the filling is a sequence from elsewhere. */
	FILLING_SEQUENCE_WITHIN = A2A_BITS(4, 500),
	/* fitted (letters doubled): each letter is written two or three times. */
	FILLING_DOUBLED = A2A_BITS(1, 000),
	/* fitted (word apart): the filling is the word backwards. */
	FILLING_MIRRORED = A2A_BITS(2, 000),
	/* fitted (random strings): the filling is any digits, in addition to these. */
	FILLING_DIGITS = A2A_BITS(4, 000),
	/* fitted (words woven): two words give their letters in turn. */
	WOVEN = A2A_BITS(2, 000),
	/* fitted (random strings): the fewest letters of each. */
	WOVEN_SHORTEST = 3,
	/* fitted (a letter doubled): which letter of a word is written twice by mistake. */
	SLIP = A2A_BITS(4, 500),
	/* guard: the fewest letters of such a word. */
	SLIP_SHORTEST = 4,
	/* fitted (last letter left off): the last letter of a word is missing. */
	CUT = A2A_BITS(4, 000),
	/* fitted (random strings): the fewest letters that are left. */
	CUT_SHORTEST = 5,
	/* fitted (telephone keys): a word is written with the digits of telephone keys. */
	DIALLED = A2A_BITS(3, 000),
	/* fitted (random strings): the fewest letters of such a word. */
	DIALLED_SHORTEST = 5,
	/* fitted (telephone keys): the word stands beside its digits. */
	DIALLED_AGAIN = A2A_BITS(2, 000),
	/* fitted (random strings): the fewest of these digits. */
	DIALLED_AGAIN_SHORTEST = 3,
	/* guard: the most letters of such a word. */
	DIALLED_LONGEST = 14,
	/* guard: steps through the lexicon for one row of digits. */
	DIALLED_STEPS_MOST = 4000,
	/* fitted (random strings): each letter is moved along the alphabet. */
	MOVED_IN_ALPHABET = A2A_BITS(5, 000),
	/* fitted (letters moved): by one, or by half of the alphabet. */
	MOVED_AS_USUAL = A2A_BITS(4, 000),
	/* fitted (keys moved): each letter is typed with the key beside it. */
	MOVED_ON_KEYS = A2A_BITS(4, 500),
	/* fitted (rows of another script): the letters are those that the keys have on the keyboard
	 * of another script. */
	OTHER_KEYS = A2A_BITS(1, 000),
	/* guard: the fewest letters of such a word. */
	MOVED_SHORTEST = 5,
	/* guard: a stretch that costs less otherwise is not searched. */
	MOVED_LEAST = A2A_BITS(10, 000),
};

/* ---- A password that is little more than a word (dictionary-word) -----------------------------
 */
enum {
	/* guard: the most letters that may stand around the word. The rows below say how long the
	 * word must be. */
	AROUND_MOST = 2,
	/* fitted (random strings): the fewest letters of an unchanged word with no letter around
	 * it. */
	ALONE_SHORTEST = 5,
	/* fitted (random strings): the fewest letters of an unchanged word with one letter around
	 * it. */
	ALONE_SHORTEST_BESIDE_ONE = 6,
	/* fitted (random strings): the fewest letters of an unchanged word with two letters around
	 * it. */
	ALONE_SHORTEST_BESIDE_TWO = 8,
	/* fitted (random strings): the fewest letters of a changed word (in leet, backwards or with
	 * a character inserted) with no letter around it. */
	ALONE_CHANGED_SHORTEST = 6,
	/* fitted (random strings): the fewest letters of a changed word with one letter around it.
	 */
	ALONE_CHANGED_SHORTEST_BESIDE_ONE = 8,
	/* fitted (random strings): the fewest letters of a word with two or more of these changes.
	 */
	ALONE_CHANGED_TWICE_SHORTEST = 8,
	/* fitted (word named in the reason): an unchanged word outweighs a changed word that is
	 * less than this many letters longer. */
	AS_IT_IS_WEIGHT = 2,
	/* fitted (random strings): a word of fewer characters than this must have
	 * HARDLY_LETTERS_LEAST characters that are written as letters. */
	HARDLY_LETTERS_BELOW = 8,
	/* fitted (random strings): see HARDLY_LETTERS_BELOW. */
	HARDLY_LETTERS_LEAST = 2,
	/* fitted (random strings): a changed word of its shortest length, if it is rarer than this,
	 * must have no inserted character and at most ALONE_DIGITS_MOST digits in leet. */
	ALONE_COMMON = A2A_BITS(17, 000),
	/* fitted (random strings): see ALONE_COMMON. */
	ALONE_DIGITS_MOST = 2,
	/* fitted (names in no list): an unchanged leaked password of at least this many letters
	 * counts like a word if it is at least as rare as LEAKED_WORD_RARE. */
	LEAKED_WORD_SHORTEST = 8,
	/* fitted (names in no list): see LEAKED_WORD_SHORTEST. */
	LEAKED_WORD_RARE = A2A_BITS(16, 000),
	/* fitted (random strings): an unchanged word of fewer letters than this is not reported in
	 * a password that costs ALONE_COST or more. */
	ALONE_LONG = 8,
	/* fitted (random strings): the same for a changed word. */
	ALONE_CHANGED_LONG = 10,
	/* fitted (random strings): see ALONE_LONG. Random passwords that cost this much or more
	 * contain words by chance. */
	ALONE_COST = A2A_BITS(37, 000),
	/* fitted (random strings): the same for a word with inserted characters. */
	ALONE_INSERTED_COST = A2A_BITS(29, 000),
	/* fitted (random strings): replaces ALONE_COST for a password of small letters and digits
	 * alone, if it is shorter than ALONE_PLAIN_LONG. So short a random one often contains a
	 * word by chance. */
	ALONE_PLAIN_SHORT_COST = A2A_BITS(30, 500),
	/* fitted (random strings): the same for one of ALONE_PLAIN_LONG or more characters. */
	ALONE_PLAIN_LONG_COST = A2A_BITS(33, 000),
	/* fitted (random strings): a count of characters, see ALONE_PLAIN_SHORT_COST. */
	ALONE_PLAIN_LONG = 10,
};

/* ---- Sequences ------------------------------------------------------------------------------- */
enum {
	/* fitted (sequences): a sequence that begins where most sequences begin, at one of a 1 z 9
	 * 0 q. log2 of its length is added. */
	SEQUENCE_FROM_END = A2A_BITS(2, 500),
	/* fitted (sequences): a sequence that begins at another letter. log2 of its length is
	 * added. */
	SEQUENCE_FROM_LETTER = A2A_BITS(6, 500),
	/* fitted (sequences): a sequence that begins at another digit. log2 of its length is added.
	 */
	SEQUENCE_FROM_DIGIT = A2A_BITS(5, 500),
	/* fitted (sequences): the sequence goes down by ones. */
	SEQUENCE_DOWN = A2A_BITS(1, 000),
	/* fitted (sequences): the sequence goes up or down by twos or threes. */
	SEQUENCE_WIDE = A2A_BITS(3, 000),
	/* guard: the widest difference between neighbours. A count of code points. */
	SEQUENCE_WIDEST = 3,
	/* fitted (random strings): the shortest sequence by ones. */
	SEQUENCE_SHORTEST = 3,
	/* fitted (random strings): the shortest sequence by twos or threes. */
	SEQUENCE_WIDE_SHORTEST = 4,
};

/* ---- Numbers, dates, telephones -------------------------------------------------------------- */
enum {
	/* derived, log2(10): a digit of any number. */
	NUMBER_DIGIT = A2A_BITS(3, 321),
	/* fitted (random strings): the length of a number. */
	NUMBER_LENGTH = A2A_BITS(0, 500),
	/* guard: the longest number. */
	NUMBER_LONGEST = 24,
	/* fitted (first name + year): the first year. A number. */
	YEAR_FIRST = 1900,
	/* fitted (first name + year): the last year. A number. */
	YEAR_LAST = 2039,
	/* fitted (random strings): the last year amid initials. A number. */
	YEAR_AMID_LAST = 2027,
	/* fitted (first name + year): the first year that costs YEAR_OF_LIFE. A number. */
	YEAR_OF_LIFE_FIRST = 1940,
	/* fitted (first name + year): a year from YEAR_OF_LIFE_FIRST on. */
	YEAR_OF_LIFE = A2A_BITS(6, 500),
	/* fitted (club + founding year): an earlier year. */
	YEAR_EARLIER = A2A_BITS(7, 750),
	/* derived, log2(365), in halves of a bit, rounded down: the day of a date. */
	DATE_DAY = A2A_BITS(8, 500),
	/* fitted (date + letter): a date with separators. */
	DATE_SEPARATOR = A2A_BITS(1, 000),
	/* fitted (date + letter): the year of a date, in two digits. */
	DATE_SHORT_YEAR = A2A_BITS(6, 500),
	/* fitted (date + letter): a date without a year. */
	DATE_NO_YEAR = A2A_BITS(0, 500),
	/* derived, log2(4 * 2): the name of a month, in four languages, in full or short. */
	DATE_NAMED_MONTH = A2A_BITS(3, 000),
	/* derived, log2(100 / 84): a date of birth costs this much less. Of 100 years in two
	 * digits, 84 are years of birth of people now alive. */
	BIRTH_FEWER_YEARS = A2A_BITS(0, 250),
	/* fitted (first name + date): a date of birth beside letters alone costs this much less. */
	BIRTH_BESIDE_NAME = A2A_BITS(2, 000),
	/* fitted (initials + date): the most letters beside a date of birth that count as initials.
	 */
	BIRTH_INITIALS_MOST = 3,
	/* derived, log2(16 million) numbers in use, in whole bits: Belgian mobiles, 04. */
	TELEPHONE_MOBILE_BE = A2A_BITS(24, 000),
	/* derived, log2(32 million) numbers that are possible, in whole bits: Belgian lines, 0. */
	TELEPHONE_LINE_BE = A2A_BITS(25, 000),
	/* derived, log2(80 million) numbers, in whole bits: French and Dutch mobiles, 06. */
	TELEPHONE_MOBILE_06 = A2A_BITS(26, 000),
	/* derived, log2(80 million) numbers, in whole bits: French mobiles, 07. */
	TELEPHONE_MOBILE_07 = A2A_BITS(26, 000),
	/* derived, TELEPHONE_MOBILE_BE + 1: the same, as dialled from abroad, 324. */
	TELEPHONE_ABROAD_BE = A2A_BITS(25, 000),
	/* fitted (telephone number + letter): Dutch mobiles from abroad, 316. */
	TELEPHONE_ABROAD_NL = A2A_BITS(28, 000),
	/* derived, TELEPHONE_MOBILE_06 + 1: French mobiles from abroad, 336. */
	TELEPHONE_ABROAD_FR_6 = A2A_BITS(27, 000),
	/* derived, TELEPHONE_MOBILE_07 + 1: French mobiles from abroad, 337. */
	TELEPHONE_ABROAD_FR_7 = A2A_BITS(27, 000),
	/* fitted (telephone number + letter): the digits stand in groups, with a separator. */
	TELEPHONE_GROUPED = A2A_BITS(2, 000),
	/* fitted (telephone number + letter): the most letters beside a telephone number. */
	TELEPHONE_LETTERS_MOST = 1,
};

/* ---- Identifiers ----------------------------------------------------------------------------- */
enum {
	/* derived, log2(2.1 million) numbers, in whole bits: Belgian enterprises and associations
	 * in activity. */
	ENTERPRISE_BE = A2A_BITS(21, 000),
	/* derived, log2(5), rounded up to whole bits: the code of a country before a number. */
	COUNTRY = A2A_BITS(3, 000),
	/* fitted (random strings): the fewest digits of that number. */
	COUNTRY_DIGITS_LEAST = 6,
	/* derived, log2(2): the country stands before the number of an enterprise. */
	IDENTIFIER_COUNTRY = A2A_BITS(1, 000),
	/* derived, log2(100 * 365 * 998), in whole bits: a date of birth, and the three digits that
	 * tell apart those born on one day. */
	RESIDENT_BE = A2A_BITS(25, 000),
	/* derived, log2(100 * 1e7), in whole bits: one of a hundred banks, and seven digits. */
	ACCOUNT_BE = A2A_BITS(30, 000),
	/* derived, log2(16 * 1e9), in whole bits: one of 16 banks, and nine digits. */
	ACCOUNT_NL = A2A_BITS(34, 000),
	/* derived, log2(32 * 1e10), in whole bits: one of 32 banks, and ten digits. */
	ACCOUNT_LU = A2A_BITS(38, 000),
	/* fitted (bank cards): the bank and the kind of the card, and nine digits, which alone are
	 * 30 bits. */
	CARD = A2A_BITS(36, 000),
	/* derived, log2(2 * 26^3 * 999), in whole bits: a Belgian number plate. */
	PLATE_BE = A2A_BITS(25, 000),
	/* fitted (French plates): a French one. 23^4 * 999 can be made: 28.1 bits. Those that begin
	 * with A to H are in use: 26.6 bits. */
	PLATE_FR = A2A_BITS(27, 000),
	/* fitted (Dutch plates): a Dutch one of some series. 14 * 20^3 * 1000 can be made: 26.7
	 * bits. */
	PLATE_NL = A2A_BITS(26, 500),
	/* fitted (German plates): a German one of four digits. 49 million are in use: 26 bits. */
	PLATE_DE = A2A_BITS(26, 500),
	/* fitted (German plates): one with fewer digits. */
	PLATE_DE_SHORT = A2A_BITS(25, 750),
};

/* ---- Symbols --------------------------------------------------------------------------------- */
enum {
	/* fitted (word + digits + !): the commonest symbol. log2 of the rank of a symbol is added.
	 */
	SYMBOL_COMMONEST = A2A_BITS(2, 000),
	/* derived, log2(8): a symbol between two letters, one of eight. */
	SYMBOL_JOINING = A2A_BITS(3, 000),
};

/* ---- Between words, and behind them ---------------------------------------------------------- */
enum {
	/* fitted (word + tail): the commonest tail of a password. log2 of the rank is added. */
	TAIL = A2A_BITS(3, 000),
	/* guard: the longest tail. */
	TAIL_LONGEST = 6,
	/* fitted (two names joined): a word that joins two others. */
	JOINING = A2A_BITS(2, 000),
	/* fitted (random strings): the fewest letters of each of the two. */
	JOINED_SHORTEST = 3,
	/* fitted (small word and word): a small word before another. log2 of the rank is added. */
	SMALL_WORD = A2A_BITS(1, 000),
	/* fitted (random strings): the fewest letters of the other. */
	SMALL_WORD_BEFORE = 4,
	/* fitted (street + number): what a street is called beside its name: rue de, straat. */
	STREET = A2A_BITS(2, 000),
	/* fitted (random strings): such a word of so many letters, or fewer, is short; the fewest
	 * letters of the name beside a longer one, and beside a short one. */
	STREET_SHORT = 3,
	STREET_NAME_SHORTEST = 3,
	STREET_NAME_BESIDE_SHORT = 5,
};

/* ---- Keyboard walks -------------------------------------------------------------------------- */
enum {
	/* fitted (keyboard walk): which keyboard it is. */
	KEYS_LAYOUT = A2A_BITS(0, 750),
	/* fitted (keyboard walk): the first key is at the edge of a row or in the row of digits. */
	KEYS_FIRST_EDGE = A2A_BITS(3, 500),
	/* fitted (keyboard stretches): the first key is another one. */
	KEYS_FIRST = A2A_BITS(4, 500),
	/* fitted (keyboard walk): the direction of the first stroke. */
	STROKE_DIRECTION = A2A_BITS(4, 750),
	/* fitted (key pairs and columns): a later stroke goes in the same direction as the stroke
	 * before. */
	STROKE_SAME = A2A_BITS(0, 500),
	/* fitted (keyboard walk): a later stroke goes back. */
	STROKE_BACK = A2A_BITS(1, 000),
	/* fitted (key pairs and columns): a later stroke goes in another direction. */
	STROKE_OTHER = A2A_BITS(7, 000),
	/* fitted (keyboard walk): one more key of a stroke. */
	STROKE_KEY = A2A_BITS(0, 250),
	/* fitted (key pairs and columns): the next stroke begins beside the beginning or the end of
	 * this one. */
	STROKE_JUMP = A2A_BITS(4, 000),
	/* fitted (key pairs and columns): the next stroke begins in the same way as this one did.
	 */
	STROKE_SAME_JUMP = A2A_BITS(0, 250),
	/* fitted (keyboard stretches): the next stroke begins at the edge of a row. */
	STROKE_EDGE = A2A_BITS(6, 000),
	/* fitted (keyboard stretches): the next stroke turns where this one ends. */
	STROKE_TURN = A2A_BITS(6, 000),
	/* fitted (key pairs and columns): the keys repeat in rounds of two to four. The next key
	 * then costs at most this. */
	STROKE_ROUND = A2A_BITS(2, 000),
	/* guard: the fewest keys of a walk. */
	WALK_SHORTEST = 4,
	/* guard: the most keys of a walk. */
	WALK_LONGEST = 48,
	/* derived, log2(10), in tenths of a bit, rounded down: which two adjacent columns. */
	COLUMNS_PLACE = A2A_BITS(3, 300),
	/* derived, log2(8!): the order of their eight keys. */
	COLUMNS_ORDER = A2A_BITS(15, 300),
	/* fitted (key pairs and columns): the fewest of the eight keys. */
	COLUMNS_SHORTEST = 7,
};

#endif
