/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lattice of a password: a column for each character, and in each column the cheapest way to
 * spell everything before it, by the class of the last segment. Words, patterns and walks add
 * candidates, segments with a cost; the columns keep the cheapest of them, and backpointers lead
 * along the cheapest spelling (the Viterbi algorithm, as morphological analysers such as MeCab use
 * it: the cost of a spelling is the sum of its segments' costs and of the transition costs between
 * their classes).
 */
#ifndef A2A_LATTICE_H
#define A2A_LATTICE_H

#include "lexicon.h"
#include "segment.h"
#include "text.h"

enum {
	A2A_BIT = A2A_COST_BIT, /* costs are in steps of 1/256 bit, as those of the lexicon */
};

static inline uint32_t a2a_cheaper(uint32_t one, uint32_t other)
{
	return one < other ? one : other;
}

/* Letters and digits of ASCII, folded. isw...() would depend on the caller's locale. */
static inline bool a2a_is_small(int32_t point)
{
	return point >= 'a' && point <= 'z';
}

static inline bool a2a_is_figure(int32_t point)
{
	return point >= '0' && point <= '9';
}

/* Classes of segments. Between two of them there is a transition cost. */
enum a2a_segment_class {
	A2A_CLASS_WORD,   /* and everything that is in no other class */
	A2A_CLASS_NUMBER, /* digits alone */
	A2A_CLASS_SYMBOL,
	A2A_CLASS_LETTERS, /* characters under the model */
	A2A_CLASSES
};

/* The last segment of a cheapest spelling, and which spelling it continues. */
struct a2a_backpointer {
	uint8_t kind;      /* enum a2a_segment_kind */
	uint8_t languages; /* of a word */
	uint8_t before;    /* enum a2a_segment_class of the segment before it */
	uint16_t start;
	uint32_t cost; /* of the segment, with the transition to it */
};

/* One character of the password. */
struct a2a_character {
	int32_t point;   /* folded */
	int32_t typed;   /* as it was typed */
	uint16_t origin; /* its place among the typed characters */
	bool upper;      /* it was a capital */
	uint8_t key;     /* its number on the keyboards */
};

/* Sums over all characters before one; the difference of two columns is the sum over a stretch. */
struct a2a_sums {
	uint16_t uppers, letters, digits; /* how many there are */
	uint32_t model;                   /* what they cost under the model */
};

struct a2a_column {
	struct a2a_character character;
	struct a2a_sums before;
	/* The cheapest spelling of everything before the column, by the class of its last segment.
	 */
	uint32_t best[A2A_CLASSES];
	/* The cheapest spelling with the transition to the segment that begins here, by the class
	 * of that segment; and the class of the last segment of that spelling. */
	uint32_t entry[A2A_CLASSES];
	uint32_t entry_class[A2A_CLASSES];
	struct a2a_backpointer backpointer[A2A_CLASSES];
};

/* A dictionary word with nothing but decoration around it. */
struct a2a_word {
	uint16_t start, length;
	uint16_t letters; /* 0: no word was found */
	uint16_t weight;  /* of several words, the greatest is kept */
	uint8_t languages;
	uint8_t kind;     /* enum a2a_segment_kind */
	bool is_changed;  /* in leet, backwards, or with something inside */
	bool is_inserted; /* something is inside */
};

/* The number of bytes behind the last character that may be read, because comparisons take 8 bytes
 * at once. */
enum { A2A_LATTICE_MARGIN = 8, A2A_READING_MOST = 48 };

struct a2a_lattice {
	size_t size, count; /* in bytes; in characters */
	bool is_allocated;
	bool is_improved; /* a candidate made something cheaper; whoever asks resets it before */
	/* The folded characters, with 1 for each that is not ASCII, and A2A_LATTICE_MARGIN zeros
	 * behind them; `code` has their codes in the lexicon in the same form. Nothing may be read
	 * before them. */
	char *text;
	uint8_t *code;
	/* Scratch: the codes of letters, or the digits, that the characters may stand for. */
	uint8_t reading[A2A_READING_MOST];
	struct a2a_word
		word; /* the weightiest of the words that may be reported as dictionary-word */
	/* `count` columns, and one behind the last character. */
	struct a2a_column column[];
};

/* Memory on the stack for passwords of usual lengths. */
struct a2a_lattice_buffer {
	_Alignas(struct a2a_lattice) unsigned char bytes[4096];
};

/*
 * Makes a lattice of the characters (NFC), which it folds, without candidates. It is in the
 * caller's buffer or, if that is too small, in allocated memory. Returns NULL when memory is out.
 * The lattice holds the password: release it with a2a_lattice_free(), which wipes it.
 */
struct a2a_lattice *a2a_lattice_new(
	const struct a2a_text *password, struct a2a_lattice_buffer *buffer);
void a2a_lattice_free(struct a2a_lattice *lattice);

/* Forgets all candidates. */
void a2a_lattice_clear(struct a2a_lattice *lattice);

/* Fills `entry` of the column at `place`. Call it after the last candidate that ends there was
 * added and before the first that begins there. */
void a2a_lattice_enter(struct a2a_lattice *lattice, size_t place);

/* Tells whether `length` characters at two places are the same. */
bool a2a_lattice_same(const struct a2a_lattice *lattice, size_t one, size_t other, size_t length);

/*
 * Adds a candidate: `length` characters from `start` on are a segment of this kind, at this cost.
 * `word` is the lexicon's data about a word, or NULL. If the same characters follow again, or
 * backwards, the repetition is added too.
 */
void a2a_candidate_add(struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost,
	enum a2a_segment_kind kind, const struct a2a_class *word);

/* Returns the cost of the capitals of a stretch that has some; costs.h has the values. */
uint32_t a2a_some_capitals_cost(const struct a2a_lattice *lattice, size_t start, size_t length);

static inline uint32_t a2a_capitals_cost(
	const struct a2a_lattice *lattice, size_t start, size_t length)
{
	const struct a2a_column *from = &lattice->column[start];

	return from[length].before.uppers == from->before.uppers
		       ? 0
		       : a2a_some_capitals_cost(lattice, start, length);
}

/* Returns the class of a segment that is neither a symbol nor letters under the model. */
static inline enum a2a_segment_class a2a_class_between(
	const struct a2a_column *from, const struct a2a_column *to)
{
	return from->before.digits + (to - from) == to->before.digits ? A2A_CLASS_NUMBER
								      : A2A_CLASS_WORD;
}

static inline enum a2a_segment_class a2a_class_of(
	const struct a2a_column *from, const struct a2a_column *to, enum a2a_segment_kind kind)
{
	return kind == A2A_SEGMENT_SYMBOL || kind == A2A_SEGMENT_ADDITION ? A2A_CLASS_SYMBOL
	       : kind == A2A_SEGMENT_LETTERS                              ? A2A_CLASS_LETTERS
					     : a2a_class_between(from, to);
}

/* Adds a candidate without its repetitions. */
static inline void a2a_candidate_add_once(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, enum a2a_segment_kind kind, const struct a2a_class *word)
{
	const struct a2a_column *from = &lattice->column[start];
	struct a2a_column *to = &lattice->column[start + length];
	const enum a2a_segment_class class = a2a_class_of(from, to, kind);
	const uint32_t total = from->entry[class] + cost;

	if (total >= to->best[class])
		return;
	to->best[class] = total;
	lattice->is_improved = true;
	to->backpointer[class] = (struct a2a_backpointer){
		.kind = (uint8_t)kind,
		.languages = word ? word->languages : 0,
		.before = (uint8_t)from->entry_class[class],
		.start = (uint16_t)start,
		.cost = total - from->best[from->entry_class[class]],
	};
}

/*
 * Tells whether a word of at least this cost could be the cheapest candidate of its class for these
 * characters, or may be repeated.
 */
static inline bool a2a_candidate_may_win(
	const struct a2a_lattice *lattice, size_t start, size_t length, uint32_t cost)
{
	const struct a2a_column *from = &lattice->column[start], *to = from + length;
	const enum a2a_segment_class class = a2a_class_between(from, to);

	return from->entry[class] + cost < to->best[class] ||
	       to->character.point == from->character.point ||
	       to->character.point == to[-1].character.point;
}

/*
 * Adds the whole password as one segment if only `most` letters or fewer stand beside the stretch,
 * on one side: the letter that the rule asks for, or initials.
 */
void a2a_candidate_add_with_letters(struct a2a_lattice *lattice, size_t start, size_t length,
	uint32_t cost, size_t most, enum a2a_segment_kind kind);

/* Tells whether the password is as short as random ones are, and has only letters and digits. */
bool a2a_could_be_random(const struct a2a_lattice *lattice);

/* Returns what a disguised word costs more where it may stand by chance; costs.h says where. */
uint32_t a2a_chance_cost(const struct a2a_lattice *lattice, size_t start, size_t length);

/* Returns the kind of segment that a word of the lexicon is. */
static inline enum a2a_segment_kind a2a_segment_of_word(const struct a2a_class *word)
{
	return word->kind == A2A_OF_PERSON  ? A2A_SEGMENT_PERSON
	       : word->kind == A2A_PASSWORD ? A2A_SEGMENT_PASSWORD
					    : A2A_SEGMENT_WORD;
}

/* Tells whether the rest of the password consists of letters, all of them before the stretch or all
 * behind it. */
bool a2a_is_beside_letters(const struct a2a_lattice *lattice, size_t start, size_t length);

/* Returns the place in the password, in typed characters, of the columns from `start` up to `end`.
 */
struct a2a_segment a2a_segment_between(const struct a2a_lattice *lattice, size_t start, size_t end);

/* Fills the estimate's segments with the cheapest spelling of the password, and returns its cost.
 */
uint32_t a2a_lattice_read(const struct a2a_lattice *lattice, struct a2a_estimate *estimate);

#endif
