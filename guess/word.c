/* SPDX-License-Identifier: BSD-3-Clause */
#include "word.h"

#include "costs.h"

/*
 * How many letters a word must have to be all there is to a password, by what was done to it (in
 * leet, backwards, something inside: nothing, one of these, more) and by how many letters stand
 * around it: so many that a random password seldom has such a word. 0: it never is.
 */
static const uint8_t shortest_alone[3][AROUND_MOST + 1] = {
	{ALONE_SHORTEST, ALONE_SHORTEST_BESIDE_ONE, ALONE_SHORTEST_BESIDE_TWO},
	{ALONE_CHANGED_SHORTEST, ALONE_CHANGED_SHORTEST_BESIDE_ONE, 0},
	{ALONE_CHANGED_TWICE_SHORTEST, 0, 0},
};

/* What people write for letters. */
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

/* A walk through the lexicon along the password, in one direction from `start`. */
struct stroll {
	const struct a2a_lexicon *lexicon;
	struct a2a_lattice *lattice;
	size_t start;
	size_t available; /* characters from `start` on, in the direction of the search */
	bool backwards;   /* the word stands backwards: `start` is its end */
	bool leet;        /* characters may stand for letters */
	bool inside;      /* something may stand in it */
	unsigned steps;
};

/* How far it has come; small, for it is copied wherever the way parts. */
struct progress {
	struct a2a_walk walk;
	uint8_t passed;  /* characters of the password */
	uint8_t length;  /* characters of the word */
	uint8_t letters; /* of them, those that are letters as they are written */
	uint8_t changed; /* those that are leet */
	uint8_t digits;  /* of these, the digits, which a random password has as well */
	uint8_t inside;  /* characters that are none of the word */
};

/* Who writes some letters so mostly writes all of them so: after a few there is no more to guess.
 */
static uint32_t leet_cost(unsigned changed)
{
	if (changed == 0)
		return 0;
	return LEET_ANY + (changed < LEET_MOST ? changed : LEET_MOST) * LEET_EACH;
}

static size_t first_of(const struct stroll *stroll, const struct progress *progress)
{
	return stroll->backwards ? stroll->start + 1 - progress->passed : stroll->start;
}

/* How often the last character before a place is written once more there. */
static size_t more_at(const struct a2a_lattice *lattice, size_t place)
{
	size_t more = 0;

	/* Behind all of them is a 0. */
	while (lattice->cell[place + more].point == lattice->cell[place - 1].point)
		more++;
	return more >= STRETCHED_LEAST ? more : 0;
}

/* How many letters behind the word are an ending of some language, which lists of words may not
 * have, or its last letter stretched. */
static unsigned ending_at(const struct a2a_lattice *lattice, size_t place)
{
	static const char *const endings[] = {"ed", "en", "er", "es", "in", "je", "ly", "ne", "nt",
		"st", "te", "de", "ant", "ent", "ing", "ion", "ons", "eur", "ers", "est", "tje",
		"ung", "chen", "heid", "heit", "lein", "ment", "ness",
		/* of Flanders and Brabant */
		"ke", "kes", "ske"};
	unsigned letters = 0;

	while (place + letters < lattice->count && lattice->cell[place + letters].point >= 'a' &&
		lattice->cell[place + letters].point <= 'z')
		letters++;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		unsigned same = 0;

		while (same < letters && lattice->cell[place + same].point == endings[i][same])
			same++;
		if (same == letters && !endings[i][same])
			return letters;
	}
	return letters == more_at(lattice, place) ? letters : 0;
}

/* Whether the lists of words have it as one, and not for a password alone. */
static bool is_dictionary_word(const struct a2a_class *class)
{
	return class->languages || class->kind == A2A_NAME || class->kind == A2A_OWN;
}

/* A name from the list of leaked ones; commoner passwords are guessable without this. */
static bool is_long_password(const struct progress *progress, const struct a2a_class *class)
{
	return progress->letters >= LEAKED_WORD_SHORTEST &&
	       a2a_class_cost(class) >= LEAKED_WORD_RARE;
}

/* Notes the word if nothing but decoration stands around it, and none that says more was noted. */
static void note(
	const struct stroll *stroll, const struct progress *progress, const struct a2a_class *class)
{
	struct a2a_lattice *lattice = stroll->lattice;
	const unsigned done = stroll->backwards + (progress->changed ? 1u : 0) + progress->inside;
	/* A word as it is says more than one that is somewhat longer with something done to it. */
	const unsigned weight = progress->length + (done ? 0 : AS_IT_IS_WEIGHT);
	const size_t start = first_of(stroll, progress), end = start + progress->passed;
	unsigned around = lattice->cell[lattice->count].letters - lattice->cell[end].letters +
			  lattice->cell[start].letters;
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
	/* Short leet with hardly a letter left could be anything. */
	if (progress->length < HARDLY_LETTERS_BELOW && progress->letters < HARDLY_LETTERS_LEAST)
		return;
	lattice->word = (struct a2a_word){
		.start = (uint16_t)start,
		.length = (uint16_t)progress->passed,
		.letters = (uint16_t)progress->length,
		.weight = (uint16_t)weight,
		.languages = class->languages,
		.is_changed = done > 0,
		.kind = stroll->backwards           ? A2A_SEGMENT_BACKWARDS
			: is_dictionary_word(class) ? A2A_SEGMENT_WORD
						    : A2A_SEGMENT_PASSWORD,
	};
}

/* Whether it is as short as random passwords are, and of letters and digits. */
static bool could_be_random(const struct a2a_lattice *lattice)
{
	const struct a2a_cell *end = &lattice->cell[lattice->count];

	return lattice->count <= SHORT_PART_WITHIN &&
	       (size_t)(end->letters + end->digits) == lattice->count;
}

/* What a word costs beyond its class's cost, for how it is written but for capitals. */
static uint32_t writing_cost(const struct stroll *stroll, const struct progress *progress)
{
	uint32_t cost = leet_cost(progress->changed) + progress->inside * INSERTED;

	cost += stroll->backwards ? BACKWARDS : 0;
	if (progress->length <= 4 && progress->passed < stroll->lattice->count &&
		could_be_random(stroll->lattice))
		cost += progress->length < 4 ? SHORT_PART : SHORT_PART_OF_FOUR;
	return cost;
}

/* A word at a cost with what is often written behind it: its last letter a few times more, an
 * ending; behind what is a name or a password, not a word of every day, another name's initial. */
static void offer_longer(const struct stroll *stroll, const struct progress *progress,
	uint32_t cost, const struct a2a_class *class)
{
	struct a2a_lattice *lattice = stroll->lattice;
	const size_t start = stroll->start, end = start + progress->passed;
	const size_t more = more_at(lattice, end);
	const unsigned ending = ending_at(lattice, end);
	const bool is_as_it_is = !progress->changed && !progress->inside;

	if (more)
		a2a_offer_once(lattice, start, progress->passed + more,
			cost + STRETCHED + (uint32_t)more * STRETCHED_EACH, A2A_SEGMENT_WORD,
			class);
	if (!is_as_it_is)
		return;
	if (ending)
		a2a_offer_once(lattice, start, progress->passed + ending, cost + ENDING,
			A2A_SEGMENT_WORD, class);
	if (class->kind != A2A_WORD && class->kind != A2A_LEXICON &&
		a2a_is_small(lattice->text[end]) && !a2a_is_small(lattice->text[end + 1]))
		a2a_offer_once(lattice, start, progress->passed + 1u,
			cost + ONE_LETTER + INITIAL_BEHIND, A2A_SEGMENT_WORD, class);
}

static void meet(const struct stroll *stroll, const struct progress *progress)
{
	const struct a2a_class *class = a2a_lexicon_word(stroll->lexicon, progress->walk);
	const bool changed = (progress->changed > 0) | stroll->backwards;
	const size_t first = first_of(stroll, progress);
	uint32_t cost;

	/* A number alone is no word that was changed. */
	if (!class || (changed && progress->length < CHANGED_SHORTEST) ||
		(progress->inside && progress->length < INSERTED_SHORTEST) ||
		(progress->changed && !progress->letters))
		return;
	if (progress->length >= shortest_alone[0][0])
		note(stroll, progress, class);
	cost = a2a_class_cost(class);
	cost = cost > WORD_LEAST ? cost : WORD_LEAST;
	cost += writing_cost(stroll, progress);
	if (!a2a_may_matter(stroll->lattice, first, progress->passed, cost))
		return;
	cost += a2a_capitals_cost(stroll->lattice, first, progress->passed);
	a2a_offer(stroll->lattice, first, progress->passed, cost,
		stroll->backwards             ? A2A_SEGMENT_BACKWARDS
		: class->kind == A2A_PASSWORD ? A2A_SEGMENT_PASSWORD
					      : A2A_SEGMENT_WORD,
		class);
	if (!stroll->backwards && progress->letters >= CHANGED_SHORTEST)
		offer_longer(stroll, progress, cost, class);
}

/* Goes on by a character of the word; false when no word goes on so. */
static bool go(struct stroll *stroll, struct progress *progress, uint8_t code)
{
	if (stroll->steps++ >= SEARCH_STEPS_MOST ||
		!a2a_lexicon_step(stroll->lexicon, &progress->walk, code))
		return false;
	progress->passed++;
	progress->length++;
	return true;
}

static void walk_on(struct stroll *stroll, struct progress progress);

/* How many characters of a word there may be, with those that are still before it. */
static size_t longest_yet(const struct stroll *stroll, const struct progress *progress)
{
	return progress->length + stroll->available - progress->passed;
}

/* Goes on by each letter that the character is written for. */
static void read_leet(struct stroll *stroll, const struct progress *before, char written)
{
	for (const char *meant = leet[(unsigned char)written]; *meant; meant++) {
		struct progress progress = *before;

		if (!go(stroll, &progress, a2a_lexicon_code(*meant)))
			continue;
		progress.changed++;
		progress.digits += a2a_is_figure(written);
		if (progress.walk.is_word)
			meet(stroll, &progress);
		walk_on(stroll, progress);
	}
}

/* Passes over a character that is put into a word; not in leet as well, where it would be
 * anything. */
static void pass_over(struct stroll *stroll, struct progress progress, char next)
{
	if (progress.length < INSERTED_AFTER || progress.inside == INSERTED_MOST ||
		progress.changed || next <= ' ')
		return;
	progress.passed++;
	progress.inside++;
	if (longest_yet(stroll, &progress) >= INSERTED_SHORTEST)
		walk_on(stroll, progress);
}

static void walk_on(struct stroll *stroll, struct progress progress)
{
	const char *start = stroll->lattice->text + stroll->start;
	const uint8_t *codes = stroll->lattice->code + stroll->start;
	const ptrdiff_t way = stroll->backwards ? -1 : 1;
	const size_t most = stroll->available < UINT8_MAX ? stroll->available : UINT8_MAX;

	while (progress.length < WORD_LONGEST && progress.passed < most) {
		const char *at = start + way * progress.passed;
		const bool small = a2a_is_small(*at);

		if (!small) {
			if (*at <= ' ' || *at == 0x7f)
				return;
			if (stroll->leet && !progress.inside &&
				longest_yet(stroll, &progress) >= CHANGED_SHORTEST)
				read_leet(stroll, &progress, *at);
			if (stroll->inside && progress.passed + 1u < stroll->available)
				pass_over(stroll, progress, at[way]);
			/* Nobody turns round what is no word. */
			if (stroll->backwards)
				return;
		}
		if (!go(stroll, &progress, codes[way * progress.passed]))
			return;
		progress.letters += small;
		if (progress.walk.is_word)
			meet(stroll, &progress);
	}
}

/* Along the characters as they are, from `node` on, which `length` of them lead to. */
static void walk_straight(const struct stroll *stroll, struct a2a_walk walk, size_t length)
{
	const struct a2a_cell *cell = &stroll->lattice->cell[stroll->start];
	const uint8_t *codes = stroll->lattice->code + stroll->start;

	for (;;) {
		if (walk.is_word) {
			const struct progress progress = {
				.walk = walk,
				.passed = (uint8_t)length,
				.length = (uint8_t)length,
				.letters = (uint8_t)(cell[length].letters - cell->letters),
			};

			meet(stroll, &progress);
		}
		if (length == WORD_LONGEST ||
			!a2a_lexicon_step(stroll->lexicon, &walk, codes[length++]))
			return;
	}
}

/* Along the characters and what else they may be: what is no small letter may stand for one, or
 * in a word, and the way parts there. */
static void wander(struct stroll *stroll)
{
	const size_t second = stroll->backwards ? stroll->start - 1 : stroll->start + 1;
	const char *text = stroll->lattice->text;
	const uint8_t *code = stroll->lattice->code;
	struct progress progress = {.passed = 2, .length = 2, .letters = 2};

	if (!a2a_is_small(text[stroll->start]) || !a2a_is_small(text[second])) {
		walk_on(stroll, (struct progress){.walk = {stroll->lexicon->root, false}});
		return;
	}
	if (!a2a_lexicon_begin(stroll->lexicon, &progress.walk, code[stroll->start], code[second]))
		return;
	stroll->steps = 2;
	if (progress.walk.is_word)
		meet(stroll, &progress);
	walk_on(stroll, progress);
}

void a2a_offer_words(const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const unsigned before = lattice->cell[start].letters;
	/* What is rare is looked for only where it may be the one word of a password: most of them
	 * then cost half the time. */
	struct stroll stroll = {
		.lexicon = lexicon,
		.lattice = lattice,
		.start = start,
		.available = lattice->count - start,
		.leet = before <= AROUND_MOST,
		.inside = before < AROUND_MOST,
	};
	const uint8_t *code = lattice->code + start;
	struct a2a_walk walk;

	if (stroll.leet && lattice->cell[lattice->count].letters - before < lattice->count - start)
		wander(&stroll);
	else if (a2a_lexicon_begin(lexicon, &walk, code[0], code[1]))
		walk_straight(&stroll, walk, 2);
}

void a2a_offer_words_backwards(
	const struct a2a_lexicon *lexicon, struct a2a_lattice *lattice, size_t start)
{
	const unsigned letters = lattice->cell[lattice->count].letters;
	const unsigned behind = letters - lattice->cell[start + 1].letters;
	const bool letter = lattice->cell[start + 1].letters > lattice->cell[start].letters;
	struct stroll stroll = {
		.lexicon = lexicon,
		.lattice = lattice,
		.start = start,
		.available = start + 1,
		.backwards = true,
		.leet = behind == 0,
		.inside = behind < AROUND_MOST,
	};

	/* No word has only one character, and nothing may be read before the first. */
	if (start == 0 || behind > AROUND_MOST ||
		(!letter && start > LEET_BEHIND_MOST &&
			lattice->cell[start - LEET_BEHIND_MOST].letters == letters))
		return;
	wander(&stroll);
}
