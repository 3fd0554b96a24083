/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "keyboard.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "costs.h"

enum {
	ROWS = 4,
	MOST_IN_COLUMNS = 2 * ROWS,
};

/* The keyboards: rows from the top, keys from the left. `others` are the keys of the digit row with
 * Shift, or without it on AZERTY, where digits need Shift. */
static const struct {
	const wchar_t *row[ROWS], *others[2];
} layouts[A2A_KEYBOARDS] = {
	/* AZERTY, French and Belgian */
	{{L"1234567890", L"azertyuiop", L"qsdfghjklm", L"wxcvbn,;:="},
		{L"&é\"'(-è_çà", L"&é\"'(§è!çà"}},
	/* QWERTY and QWERTZ */
	{{L"1234567890", L"qwertyuiop", L"asdfghjkl;", L"zxcvbnm,./"}, {L"!@#$%^&*()", L""}},
	{{L"1234567890", L"qwertzuiop", L"asdfghjkl", L"yxcvbnm,.-"}, {L"!\"§$%&/()=", L""}},
	/* the keypad */
	{{L"789", L"456", L"123", L"0"}, {L"", L""}},
};

/* The number of a character; 0 when no key has it. */
static uint8_t number_of(const struct a2a_keyboards *keyboards, int32_t point)
{
	if (a2a_is_ascii(point))
		return a2a_lexicon_code((char)point);
	for (uint8_t i = 0; i < keyboards->others; i++)
		if (keyboards->other[i] == point)
			return (uint8_t)(A2A_CODES + i);
	return 0;
}

/* Stores the key of a character. A2A_OTHER_KEYS are enough for the layouts above. */
static void put_key(
	struct a2a_keyboards *keyboards, size_t keyboard, int32_t point, struct a2a_key key)
{
	if (!number_of(keyboards, point) && keyboards->others < A2A_OTHER_KEYS)
		keyboards->other[keyboards->others++] = point;
	keyboards->key[number_of(keyboards, point)][keyboard] = key;
}

static void put_row(struct a2a_keyboards *keyboards, size_t keyboard, int8_t y, const wchar_t *row)
{
	for (int8_t x = 0; row[x]; x++) {
		bool edge = x == 0 || !(a2a_is_small(row[x + 1]) || a2a_is_figure(row[x + 1]));

		put_key(keyboards, keyboard, row[x], (struct a2a_key){x, y, true, edge});
	}
}

struct offset {
	int x, y;
};

static struct offset offset_between(struct a2a_key from, struct a2a_key to)
{
	return (struct offset){to.x - from.x, to.y - from.y};
}

static bool is_same(struct offset one, struct offset other)
{
	return one.x == other.x && one.y == other.y;
}

static bool is_near(struct offset offset)
{
	return abs(offset.x) <= 1 && abs(offset.y) <= 1 && (offset.x || offset.y);
}

/* Returns an entry of `pair`. */
static uint8_t look_at_pair(const struct a2a_key *one, const struct a2a_key *other)
{
	uint8_t bits = 0;

	for (unsigned i = 0; i < A2A_KEYBOARDS; i++) {
		struct offset offset = offset_between(one[i], other[i]);

		if (!one[i].there || !other[i].there || abs(offset.x) > 1)
			continue;
		bits |= (uint8_t)(1u << i);
		if (is_near(offset))
			bits |= (uint8_t)(1u << (A2A_KEYBOARDS + i));
	}
	return bits;
}

static void fill_pairs(struct a2a_keyboards *keyboards)
{
	for (size_t one = 1; one < A2A_KEYS; one++)
		for (size_t other = 1; other < A2A_KEYS; other++)
			keyboards->pair[one][other] =
				look_at_pair(keyboards->key[one], keyboards->key[other]);
}

void a2a_keyboards_fill(struct a2a_keyboards *keyboards)
{
	*keyboards = (struct a2a_keyboards){0};
	for (size_t i = 0; i < A2A_KEYBOARDS; i++) {
		for (size_t other = 0; other < 2; other++)
			put_row(keyboards, i, 0, layouts[i].others[other]);
		for (int8_t y = 0; y < ROWS; y++)
			put_row(keyboards, i, y, layouts[i].row[y]);
	}
	fill_pairs(keyboards);
}

void a2a_find_keys(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice)
{
	for (size_t i = 0; i < lattice->count; i++) {
		struct a2a_column *column = &lattice->column[i];

		/* The key is that of the folded character, but accented letters have keys of their
		 * own on AZERTY. */
		column->character.key = column->character.typed < 0x80
						? lattice->code[i]
						: number_of(keyboards, column->character.typed);
	}
}

/*
 * A walk over the keys consists of strokes, and a stroke of keys in one direction. The next stroke
 * begins beside the beginning of this one (azer qsdf, 1q 2w, zaq1 xsw2) or beside its end (yhn ju
 * ik), turns where it ends (qwertgb), or begins at the end of a row.
 */
struct walk {
	struct a2a_key key;      /* the last one */
	struct a2a_key start;    /* of the stroke */
	struct offset direction; /* of the stroke, or of the one before it while it has one key */
	struct offset jump;      /* from where the stroke before began to where this one did */
	struct offset link;      /* from where the stroke before ended to where this one began */
	unsigned strokes, keys;  /* `keys` of the stroke */
};

/* Returns the cost of the second key of a stroke, which gives the stroke its direction; 0: this is
 * not a stroke. */
static uint32_t second_key_cost(struct walk *walk, struct offset offset)
{
	struct offset back = {-walk->direction.x, -walk->direction.y};
	uint32_t cost = 0;

	if (walk->strokes && is_same(offset, walk->direction))
		cost = STROKE_SAME;
	else if (walk->strokes && is_same(offset, back))
		cost = STROKE_BACK;
	else if (is_near(offset))
		cost = walk->strokes ? STROKE_OTHER : STROKE_DIRECTION;
	walk->direction = offset;
	walk->keys = 2;
	return cost;
}

/* Returns the cost of beginning the next stroke with this key; 0: a walk does not continue in this
 * way. */
static uint32_t begin_stroke_cost(
	const struct walk *walk, struct a2a_key key, struct offset jump, struct offset link)
{
	if (walk->strokes && (is_same(jump, walk->jump) || is_same(link, walk->link)))
		return STROKE_SAME_JUMP;
	if (is_near(jump) || is_near(link))
		return STROKE_JUMP;
	return walk->keys > 2 && key.edge ? STROKE_EDGE : 0;
}

/* Returns the cost of one more key; `next` is the key after it. 0: the walk ends before this key.
 */
static uint32_t walk_cost(struct walk *walk, struct a2a_key key, struct a2a_key next)
{
	struct offset offset = offset_between(walk->key, key);
	struct offset jump = offset_between(walk->start, key);
	uint32_t cost;

	if (walk->keys == 1) {
		walk->key = key;
		return second_key_cost(walk, offset);
	}
	if (is_same(offset, walk->direction)) {
		walk->key = key;
		walk->keys++;
		return STROKE_KEY;
	}
	/* The key after the turn is in the new direction too. */
	if (is_near(offset) && next.there && is_same(offset, offset_between(key, next))) {
		walk->jump = offset_between(walk->start, walk->key);
		walk->link = (struct offset){0, 0};
		walk->start = walk->key;
		walk->key = key;
		walk->direction = offset;
		walk->keys = 2;
		walk->strokes++;
		return STROKE_TURN;
	}
	cost = begin_stroke_cost(walk, key, jump, offset);
	walk->key = walk->start = key;
	walk->jump = jump;
	walk->link = offset;
	walk->keys = 1;
	walk->strokes++;
	return cost;
}

/* Tells whether the offsets repeat with a period of two, three or four (aq1 zsw2 xde3). */
static bool in_rounds(const struct offset *offsets, size_t count)
{
	for (size_t period = 2; period <= 4; period++)
		if (count > period && is_same(offsets[count - 1], offsets[count - 1 - period]))
			return true;
	return false;
}

static struct a2a_key key_at(const struct a2a_keyboards *keyboards,
	const struct a2a_lattice *lattice, size_t place, size_t keyboard)
{
	return keyboards->key[lattice->column[place].character.key][keyboard];
}

static void add_walk(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice,
	size_t start, size_t keyboard)
{
	struct a2a_key key = key_at(keyboards, lattice, start, keyboard);
	struct walk walk = {.key = key, .start = key, .keys = 1};
	uint32_t cost = KEYS_LAYOUT + (key.edge || key.y == 0 ? KEYS_FIRST_EDGE : KEYS_FIRST);
	struct offset offsets[WALK_LONGEST];
	size_t length = 1;

	while (length < WALK_LONGEST && start + length < lattice->count) {
		struct a2a_key next;
		uint32_t more;

		key = key_at(keyboards, lattice, start + length, keyboard);
		next = key_at(keyboards, lattice, start + length + 1, keyboard);
		offsets[length - 1] = offset_between(walk.key, key);
		more = key.there ? walk_cost(&walk, key, next) : 0;
		if (key.there && in_rounds(offsets, length) && (!more || more > STROKE_ROUND))
			more = STROKE_ROUND;
		if (!more)
			return;
		cost += more;
		length++;
		if (length >= WALK_SHORTEST)
			a2a_candidate_add(lattice, start, length,
				cost + a2a_capitals_cost(lattice, start, length),
				A2A_SEGMENT_KEYBOARD, NULL);
	}
}

/* Adds seven or all of the eight keys of two adjacent columns, each once, in any order. */
static void add_columns(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice,
	size_t start, size_t keyboard)
{
	/* Which columns; and as many ways as there are to put eight keys in order. */
	const uint32_t cost = KEYS_LAYOUT + COLUMNS_PLACE + COLUMNS_ORDER;
	int low = INT8_MAX, high = INT8_MIN;
	unsigned seen = 0;
	size_t length = 0;

	for (; length < MOST_IN_COLUMNS && start + length < lattice->count; length++) {
		struct a2a_key key = key_at(keyboards, lattice, start + length, keyboard);
		unsigned bit = 1u << (unsigned)((key.x & 1) * ROWS + key.y);

		low = key.x < low ? key.x : low;
		high = key.x > high ? key.x : high;
		if (!key.there || high - low > 1 || seen & bit)
			break;
		seen |= bit;
	}
	for (size_t i = COLUMNS_SHORTEST; i <= length; i++)
		a2a_candidate_add(lattice, start, i, cost + a2a_capitals_cost(lattice, start, i),
			A2A_SEGMENT_KEYBOARD, NULL);
}

/* At most places no walk begins, and these must be rejected quickly: the first three keys of a walk
 * are near each other, or all in two columns. */
void a2a_add_walks(const struct a2a_keyboards *keyboards, struct a2a_lattice *lattice, size_t start)
{
	const struct a2a_column *column = &lattice->column[start];
	/* The column behind the last character has the key 0. */
	const uint8_t first = keyboards->pair[column[0].character.key][column[1].character.key];
	unsigned walks, columns;
	uint8_t second, across;

	if (!first || start + WALK_SHORTEST > lattice->count)
		return;
	second = keyboards->pair[column[1].character.key][column[2].character.key];
	across = keyboards->pair[column[0].character.key][column[2].character.key];
	walks = (first & (second | across)) >> A2A_KEYBOARDS;
	columns = first & second & across & ((1u << A2A_KEYBOARDS) - 1);
	for (size_t i = 0; walks >> i; i++)
		if (walks >> i & 1)
			add_walk(keyboards, lattice, start, i);
	if (!columns || start + COLUMNS_SHORTEST > lattice->count)
		return;
	for (size_t i = 0; columns >> i; i++)
		if (columns >> i & 1)
			add_columns(keyboards, lattice, start, i);
}
