/* SPDX-License-Identifier: BSD-3-Clause */
#include "word.h"

#include <string.h>

#include "costs.h"
#include "small_lexicon.h"

/*
 * The fewest letters of a word that is reported as dictionary-word. Indexed by the number of its
 * changes (leet, backwards, inserted characters: none, one, more), and by the number of letters
 * around it. Random passwords seldom contain a word of this many letters. 0: such a word is never
 * reported.
 */
static const uint8_t shortest_alone[3][AROUND_MOST + 1] = {
	{ALONE_SHORTEST, ALONE_SHORTEST_BESIDE_ONE, ALONE_SHORTEST_BESIDE_TWO},
	{ALONE_CHANGED_SHORTEST, ALONE_CHANGED_SHORTEST_BESIDE_ONE, 0},
	{ALONE_CHANGED_TWICE_SHORTEST, 0, 0},
};

/* Indexed by a character: the letters that people replace by it. */
static const char leet[0x80][3] = {
	['0'] = "o",
	['1'] = "il",
	['2'] = "z",
	['3'] = "e",
	['4'] = "a",
	['5'] = "s",
	['6'] = "bg",
	['7'] = "t",
	['8'] = "b",
	['9'] = "g",
	['@'] = "a",
	['$'] = "s",
	['!'] = "i",
	['|'] = "l",
	['+'] = "t",
	['('] = "c",
};

/* A search for words in the lexicon, along the password in one direction from `start`. */
struct search {
	const struct a2a_lexicon *lexicon;
	struct a2a_lattice *lattice;
	size_t start;
	size_t available; /* characters from `start` on, in the direction of the search */
	bool backwards;   /* the word stands backwards: its first letter is at `start` */
	bool leet;        /* variants in leet are searched for */
	bool inside;      /* variants with inserted characters are searched for */
	unsigned steps;   /* steps through the lexicon so far */
};

/* How far a search has come. It is small, because each variant copies it. */
struct progress {
	struct a2a_walk place;
	uint8_t passed;  /* characters of the password */
	uint8_t length;  /* characters of the word */
	uint8_t letters; /* of these, written as letters */
	uint8_t changed; /* of these, written in leet */
	uint8_t digits;  /* of those in leet, digits, which random passwords contain too */
	uint8_t inside;  /* inserted characters */
};

/* Returns the cost of characters in leet. People who write some letters in leet mostly write all of
 * them so: after LEET_MOST characters there is nothing left to guess. */
static uint32_t leet_cost(unsigned changed)
{
	if (changed == 0)
		return 0;
	return LEET_ANY + (changed < LEET_MOST ? changed : LEET_MOST) * LEET_EACH;
}

static size_t first_character(const struct search *search, const struct progress *progress)
{
	return search->backwards ? search->start + 1 - progress->passed : search->start;
}

/* Returns how many times the character before `place` is repeated from there on; 0 when that is too
 * few. */
static size_t more_at(const struct a2a_lattice *lattice, size_t place)
{
	size_t more = 0;

	/* The column behind the last character holds 0, which is not a character of a word. */
	while (lattice->column[place + more].character.point ==
		lattice->column[place - 1].character.point)
		more++;
	return more >= STRETCHED_LEAST ? more : 0;
}

/* Tells whether the letters are an ending of one of the languages, which lists of words may lack.
 */
static bool is_ending(const char *text, size_t letters)
{
	enum { ENDING_SHORTEST = 2, ENDING_LONGEST = 5 };
	/* Indexed by the number of letters. */
	static const char *const endings[ENDING_LONGEST + 1][20] = {
		[2] = {"ed", "en", "er", "es", "in", "je", "ly", "ne", "nt", "st", "te", "de",
			"ke"},
		[3] = {"ant", "ent", "ing", "ion", "ons", "eur", "ers", "est", "tje", "ung", "kes",
			"ske", "ois", "ais", "ien", "aar", "ner"},
		[4] = {"chen", "heid", "heit", "lein", "ment", "ness", "oise", "aise", "iens",
			"naar"},
		[5] = {"ienne", "enaar"},
	};

	if (letters < ENDING_SHORTEST || letters > ENDING_LONGEST)
		return false;
	for (const char *const *ending = endings[letters]; *ending; ending++)
		if (text[0] == (*ending)[0] && memcmp(text, *ending, letters) == 0)
			return true;
	return false;
}

/* Returns the number of letters from `place` on if they are an ending, or if they stretch the last
 * letter of the word; otherwise 0. */
static unsigned ending_at(const struct a2a_lattice *lattice, size_t place)
{
	const char *text = lattice->text + place;
	unsigned letters = 0;

	while (a2a_is_small(text[letters]))
		letters++;
	return letters && (is_ending(text, letters) || letters == more_at(lattice, place)) ? letters
											   : 0;
}

/* Tells whether the word is in a list of words or names, and not only in a list of passwords. */
static bool is_dictionary_word(const struct a2a_class *class)
{
	return class->languages || class->kind == A2A_NAME || class->kind == A2A_OWN;
}

/* Tells whether the word is a long and rare leaked password, which is mostly a name. Commoner ones
 * are refused as guessable in any case. */
static bool is_long_password(const struct progress *progress, const struct a2a_class *class)
{
	return progress->letters >= LEAKED_WORD_SHORTEST &&
	       a2a_class_cost(class) >= LEAKED_WORD_RARE;
}

/* Keeps the word for the reason dictionary-word, if only decoration stands around it and no
 * weightier word was kept. */
static void note_word(
	const struct search *search, const struct progress *progress, const struct a2a_class *class)
{
	struct a2a_lattice *lattice = search->lattice;
	const unsigned done = search->backwards + (progress->changed ? 1u : 0) + progress->inside;
	/* An unchanged word explains a refusal better than a slightly longer changed one. */
	const unsigned weight = progress->length + (done ? 0 : AS_IT_IS_WEIGHT);
	const size_t start = first_character(search, progress), end = start + progress->passed;
	unsigned around = lattice->column[lattice->count].before.letters -
			  lattice->column[end].before.letters +
			  lattice->column[start].before.letters;
	unsigned shortest;

	if (weight <= lattice->word.weight ||
		!(is_dictionary_word(class) || (done == 0 && is_long_password(progress, class))))
		return;
	if (done == 0 && around)
		around -= ending_at(lattice, end);
	shortest = around > AROUND_MOST ? 0 : shortest_alone[done < 2 ? done : 2][around];
	if (!shortest || progress->length < shortest)
		return;
	if (progress->length == shortest && a2a_class_cost(class) > ALONE_COMMON &&
		(progress->inside || progress->digits > ALONE_DIGITS_MOST))
		return;
	/* A short word with hardly a letter left in it could be any word. */
	if (progress->length < HARDLY_LETTERS_BELOW && progress->letters < HARDLY_LETTERS_LEAST)
		return;
	lattice->word = (struct a2a_word){
		.start = (uint16_t)start,
		.length = (uint16_t)progress->passed,
		.letters = (uint16_t)progress->length,
		.weight = (uint16_t)weight,
		.languages = class->languages,
		.is_changed = done > 0,
		.is_inserted = progress->inside > 0,
		.kind = search->backwards           ? A2A_SEGMENT_BACKWARDS
			: is_dictionary_word(class) ? A2A_SEGMENT_WORD
						    : A2A_SEGMENT_PASSWORD,
	};
}

/* Returns the cost of the way in which a word is written, without its capitals and its rank. */
static uint32_t writing_cost(const struct search *search, const struct progress *progress)
{
	uint32_t cost = leet_cost(progress->changed) + progress->inside * INSERTED;

	if (search->backwards)
		cost += BACKWARDS + (progress->changed ? BACKWARDS_IN_LEET : 0);
	if (progress->changed && a2a_chance_cost(search->lattice, first_character(search, progress),
					 progress->passed))
		cost += LEET_BY_CHANCE;
	if (progress->length <= 4 && progress->passed < search->lattice->count &&
		a2a_could_be_random(search->lattice))
		cost += progress->length < 4 ? SHORT_PART : SHORT_PART_OF_FOUR;
	return cost;
}

/* Adds the word together with the letters that people write behind it: its last letter a few more
 * times, an ending, or, behind a name or a password, an initial. */
static void add_longer(const struct search *search, const struct progress *progress, uint32_t cost,
	const struct a2a_class *class)
{
	struct a2a_lattice *lattice = search->lattice;
	const size_t start = search->start, end = start + progress->passed;
	const size_t more = more_at(lattice, end);
	const unsigned ending = ending_at(lattice, end);
	const bool is_as_it_is = !progress->changed && !progress->inside;

	if (more)
		a2a_candidate_add_once(lattice, start, progress->passed + more,
			cost + STRETCHED + (uint32_t)more * STRETCHED_EACH,
			a2a_segment_of_word(class), class);
	if (!is_as_it_is)
		return;
	if (ending)
		a2a_candidate_add_once(lattice, start, progress->passed + ending, cost + ENDING,
			a2a_segment_of_word(class), class);
	if (class->kind != A2A_WORD && class->kind != A2A_LEXICON && class->kind != A2A_OF_PERSON &&
		a2a_is_small(lattice->text[end]) && !a2a_is_small(lattice->text[end + 1]))
		a2a_candidate_add_once(lattice, start, progress->passed + 1u,
			cost + ONE_LETTER + INITIAL_BEHIND, a2a_segment_of_word(class), class);
}

uint32_t a2a_word_cost(const struct a2a_class *word)
{
	const uint32_t cost = a2a_class_cost(word);

	if (word->kind == A2A_OF_PERSON)
		return PERSON_WORD;
	return cost > WORD_LEAST ? cost : WORD_LEAST;
}

/* A word of the lexicon ends here: adds it if its variant is plausible. */
static void found(const struct search *search, const struct progress *progress)
{
	const struct a2a_class *class = a2a_lexicon_word(search->lexicon, progress->place);
	const bool changed = (progress->changed > 0) | search->backwards;
	const size_t first = first_character(search, progress);
	uint32_t cost;

	/* Digits alone are not a word in leet. */
	if (!class || (changed && progress->length < CHANGED_SHORTEST) ||
		(progress->inside && progress->length < INSERTED_SHORTEST) ||
		(progress->changed && !progress->letters) ||
		((changed || progress->inside) && a2a_class_is_form(class)))
		return;
	if (progress->length >= shortest_alone[0][0])
		note_word(search, progress, class);
	cost = a2a_word_cost(class) + writing_cost(search, progress);
	if (a2a_class_is_form(class) || (class->kind == A2A_OWN && (changed || progress->inside)))
		cost += a2a_chance_cost(search->lattice, first, progress->passed);
	if (!a2a_candidate_may_win(search->lattice, first, progress->passed, cost))
		return;
	cost += a2a_capitals_cost(search->lattice, first, progress->passed);
	a2a_candidate_add(search->lattice, first, progress->passed, cost,
		search->backwards && class->kind != A2A_OF_PERSON ? A2A_SEGMENT_BACKWARDS
								  : a2a_segment_of_word(class),
		class);
	if (!search->backwards && progress->letters >= CHANGED_SHORTEST)
		add_longer(search, progress, cost, class);
}

/* Takes one step through the lexicon. Returns false when no word continues with this character. */
static bool step(struct search *search, struct progress *progress, uint8_t code)
{
	if (search->steps++ >= SEARCH_STEPS_MOST ||
		!a2a_lexicon_step(search->lexicon, &progress->place, code))
		return false;
	progress->passed++;
	progress->length++;
	return true;
}

static void search_on(struct search *search, struct progress progress);

/* Returns the length of the longest word that the search can still find. */
static size_t longest_yet(const struct search *search, const struct progress *progress)
{
	return progress->length + search->available - progress->passed;
}

/* Continues the search with each letter that the character may replace. */
static void search_leet(struct search *search, const struct progress *before, char written)
{
	for (const char *meant = leet[(unsigned char)written]; *meant; meant++) {
		struct progress progress = *before;

		if (!step(search, &progress, a2a_lexicon_code(*meant)))
			continue;
		progress.changed++;
		progress.digits += a2a_is_figure(written);
		if (progress.place.is_word)
			found(search, &progress);
		search_on(search, progress);
	}
}

/* Continues the search behind an inserted character. Inserted characters together with leet could
 * turn anything into a word. */
static void search_inserted(struct search *search, struct progress progress, char next)
{
	if (progress.length < INSERTED_AFTER || progress.inside == INSERTED_MOST ||
		progress.changed || next <= ' ')
		return;
	progress.passed++;
	progress.inside++;
	if (longest_yet(search, &progress) >= INSERTED_SHORTEST)
		search_on(search, progress);
}

static void search_on(struct search *search, struct progress progress)
{
	const char *start = search->lattice->text + search->start;
	const uint8_t *codes = search->lattice->code + search->start;
	const ptrdiff_t direction = search->backwards ? -1 : 1;
	const size_t most = search->available < UINT8_MAX ? search->available : UINT8_MAX;

	while (progress.length < WORD_LONGEST && progress.passed < most) {
		const char *at = start + direction * progress.passed;
		const bool small = a2a_is_small(*at);

		if (!small) {
			if (*at <= ' ' || *at == 0x7f)
				return;
			if (search->leet && !progress.inside &&
				longest_yet(search, &progress) >= CHANGED_SHORTEST)
				search_leet(search, &progress, *at);
			if (search->inside && progress.passed + 1u < search->available)
				search_inserted(search, progress, at[direction]);
			/* Only letters are searched for backwards. */
			if (search->backwards)
				return;
		}
		if (!step(search, &progress, codes[direction * progress.passed]))
			return;
		progress.letters += small;
		if (progress.place.is_word)
			found(search, &progress);
	}
}

/* Searches for words without variants. Begins at `place`, which the first `length` characters have
 * reached. */
static void search_plain(const struct search *search, struct a2a_walk place, size_t length)
{
	const struct a2a_column *column = &search->lattice->column[search->start];
	const uint8_t *codes = search->lattice->code + search->start;

	for (;;) {
		if (place.is_word) {
			const struct progress progress = {
				.place = place,
				.passed = (uint8_t)length,
				.length = (uint8_t)length,
				.letters = (uint8_t)(column[length].before.letters -
						     column->before.letters),
			};

			found(search, &progress);
		}
		if (length == WORD_LONGEST ||
			!a2a_lexicon_step(search->lexicon, &place, codes[length++]))
			return;
	}
}

/* Searches for words with variants: a character that is not a letter may replace one, or may be
 * inserted. */
static void search_variants(struct search *search)
{
	const size_t second = search->backwards ? search->start - 1 : search->start + 1;
	const char *text = search->lattice->text;
	const uint8_t *code = search->lattice->code;
	struct progress progress = {.passed = 2, .length = 2, .letters = 2};

	if (!a2a_is_small(text[search->start]) || !a2a_is_small(text[second])) {
		search_on(search, (struct progress){.place = {search->lexicon->root, false}});
		return;
	}
	if (!a2a_lexicon_begin(search->lexicon, &progress.place, code[search->start], code[second]))
		return;
	search->steps = 2;
	if (progress.place.is_word)
		found(search, &progress);
	search_on(search, progress);
}

void a2a_add_words(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const unsigned before = lattice->column[start].before.letters;
	/* Variants are rare. They are searched for only where the word may be reported, which
	 * halves the time for most passwords; and among the few words of a person. */
	struct search search = {
		.lexicon = lexicon,
		.lattice = lattice,
		.start = start,
		.available = lattice->count - start,
		.leet = before <= AROUND_MOST || a2a_is_of_person(lexicon),
		.inside = before < AROUND_MOST,
	};
	const uint8_t *code = lattice->code + start;
	struct a2a_walk place;

	if (search.leet &&
		lattice->column[lattice->count].before.letters - before < lattice->count - start)
		search_variants(&search);
	else if (a2a_lexicon_begin(lexicon, &place, code[0], code[1]))
		search_plain(&search, place, 2);
}

void a2a_add_words_backwards(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const unsigned letters = lattice->column[lattice->count].before.letters;
	const unsigned behind = letters - lattice->column[start + 1].before.letters;
	const bool letter =
		lattice->column[start + 1].before.letters > lattice->column[start].before.letters;
	struct search search = {
		.lexicon = lexicon,
		.lattice = lattice,
		.start = start,
		.available = start + 1,
		.backwards = true,
		.leet = behind == 0,
		.inside = behind < AROUND_MOST,
	};

	/* A word has at least two characters, and nothing may be read before the first. */
	if (start == 0 || behind > AROUND_MOST ||
		(!letter && start > LEET_BEHIND_MOST &&
			lattice->column[start - LEET_BEHIND_MOST].before.letters == letters))
		return;
	search_variants(&search);
}
