/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A rule attack as password crackers do it: each rule of a list changes each word of a list into a
 * guess. This program finds at which guess each of some passwords is found. measure/attack gathers
 * the lists, and asks our judge about the same passwords.
 *
 * The order: the word at place i and the rule at place j, both from 1, are tried by ascending i *
 * j, and by ascending i where the products are equal. So a common word meets rare rules about when
 * a rare word meets common rules. All products up to a limit are tried.
 *
 * A guess that was made before is not counted again, because no attacker tries it twice. To hold
 * all guesses would take gigabytes. So beyond the first ones, only those are held whose hash is a
 * multiple of SAMPLE, and each of them stands for SAMPLE. The program goes through them word by
 * word, and keeps the smallest place of each guess; sorted by place, they show the ranks. The
 * standard error of a rank is at most sqrt(SAMPLE * rank): 0.8 % of a million, and less beyond. Two
 * texts with the same hash of 64 bits count as the same.
 *
 * The rules are hashcat's, as https://hashcat.net/wiki/doku.php?id=rule_based_attack describes
 * them. A function that does not fit a word (a position behind its end) leaves it as it is. Left
 * out are rules that reject words or remember them.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "number.h"
#include "rule.h"

static const char usage[] =
	"usage: attack [options] WORDS RULES [PASSWORDS]\n"
	"\n"
	"  --pairs N   of a word and a rule, about so many [100000000]\n"
	"  --print     only print what each rule makes of each word, as hashcat --stdout\n"
	"\n"
	"Each file has one on each line, in the order in which the attacker takes them.\n"
	"Prints lines of fields with a TAB between them:\n"
	"\n"
	"  run PAIRS RULES LEFT-OUT ANY SHAPED   how many; LEFT-OUT: rules that cannot be\n"
	"                                        applied; ANY, SHAPED: distinct guesses, of any\n"
	"                                        shape, and of 8 characters, a letter, a digit\n"
	"  found ANY SHAPED WORD RULE            for each password, in their order: at which\n"
	"                                        guess, and out of what; or - four times\n"
	"  guess SHAPED GUESS                    some guesses of each octave\n";

enum {
	LONGEST_WORD = 64,
	SAMPLE = 64,
	EXACT = 1 << 17, /* up to this product, all guesses are held */
	SHOWN = 1000,    /* guesses of an octave that are printed */
};

/* ---- Lists ----------------------------------------------------------------------------------- */

/* The lines of a file. */
struct lines {
	char *text;
	char **line;
	size_t count;
};

static struct lines read_lines(const char *path)
{
	struct lines lines = {0};
	size_t size = 0, capacity = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		err(1, "%s", path);
	/* No file of this program has a NUL inside, so this reads all. */
	if (getdelim(&lines.text, &size, '\0', file) < 0 && ferror(file))
		err(1, "%s", path);
	fclose(file);
	for (char *rest = lines.text, *line; rest && *rest;) {
		line = strsep(&rest, "\n");
		if (lines.count == capacity) {
			capacity = capacity ? 2 * capacity : 1024;
			lines.line = reallocarray(lines.line, capacity, sizeof(*lines.line));
			if (!lines.line)
				err(1, "%s", path);
		}
		lines.line[lines.count++] = line;
	}
	return lines;
}

static void free_lines(struct lines *lines)
{
	free(lines->line);
	free(lines->text);
}

struct rule {
	const char *text;
	const struct step *step;
	size_t steps;
};

struct rules {
	struct rule *rule;
	struct step *step;
	size_t count, left_out;
};

static struct rules read_rules(const struct lines *lines)
{
	struct rules rules = {
		.rule = calloc(lines->count, sizeof(*rules.rule)),
		.step = calloc(lines->count * MOST_STEPS, sizeof(*rules.step)),
	};
	struct step *step = rules.step;

	if (lines->count && (!rules.rule || !rules.step))
		err(1, "rules");
	for (size_t i = 0; i < lines->count; i++) {
		size_t steps = rule_read(lines->line[i], step);

		if (!steps) {
			rules.left_out++;
			continue;
		}
		rules.rule[rules.count++] = (struct rule){lines->line[i], step, steps};
		step += steps;
	}
	return rules;
}

static void apply(const struct rule *rule, const char *word, struct guess *guess)
{
	rule_apply(rule->step, rule->steps, word, strlen(word), guess);
}

/*
 * The shape that a policy of ours asks for: 8 characters, a letter, a digit; and no control
 * character. What is not ASCII counts as letters.
 */
static bool has_shape(const struct guess *guess)
{
	size_t characters = 0;
	bool has_letter = false, has_digit = false;

	if (guess->length < 8)
		return false;
	for (size_t i = 0; i < guess->length; i++) {
		unsigned char c = guess->text[i];

		if (c < ' ' || c == 0x7f)
			return false;
		characters += (c & 0xc0) != 0x80;
		has_digit |= c >= '0' && c <= '9';
		has_letter |= (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		has_letter |= c >= 0x80;
	}
	return characters >= 8 && has_letter && has_digit;
}

/* ---- Guesses that are held ------------------------------------------------------------------- */

/*
 * When a guess is made: the product in the upper bits, the word (from 0) in the lower ones. So
 * places compare as the attacker goes, and tell the word and the rule.
 */
enum { WORD_BITS = 24 };

static const uint64_t never = UINT64_MAX;

static uint64_t place_of(uint64_t product, size_t word)
{
	return product << WORD_BITS | word;
}

static uint64_t product_at(uint64_t place)
{
	return place >> WORD_BITS;
}

static size_t word_at(uint64_t place)
{
	return (size_t)(place & ((1u << WORD_BITS) - 1));
}

struct held {
	uint64_t hash;
	uint64_t first;
	bool has_shape, is_taken;
};

/* Open addressing; `capacity` is a power of two. */
struct table {
	struct held *held;
	size_t capacity, count;
};

static struct table new_table(size_t capacity)
{
	struct table table = {calloc(capacity, sizeof(*table.held)), capacity, 0};

	if (!table.held)
		err(1, "guesses");
	return table;
}

/* Where a hash is, or belongs. The lowest bits of a sampled one are zero. */
static struct held *find(const struct table *table, uint64_t hash)
{
	size_t i = (size_t)(hash >> 20) & (table->capacity - 1);

	while (table->held[i].is_taken && table->held[i].hash != hash)
		i = (i + 1) & (table->capacity - 1);
	return &table->held[i];
}

static struct held *find_or_add(struct table *table, uint64_t hash)
{
	struct held *held;

	if (2 * table->count >= table->capacity) {
		struct table larger = new_table(2 * table->capacity);

		for (size_t i = 0; i < table->capacity; i++)
			if (table->held[i].is_taken)
				*find(&larger, table->held[i].hash) = table->held[i];
		larger.count = table->count;
		free(table->held);
		*table = larger;
	}
	held = find(table, hash);
	if (!held->is_taken) {
		*held = (struct held){.hash = hash, .first = never, .is_taken = true};
		table->count++;
	}
	return held;
}

static struct table table_of_lines(const struct lines *lines)
{
	struct table table = new_table(1024);

	for (size_t i = 0; i < lines->count; i++)
		find_or_add(&table, XXH3_64bits(lines->line[i], strlen(lines->line[i])));
	return table;
}

static int by_place(const void *left, const void *right)
{
	uint64_t a = ((const struct held *)left)->first, b = ((const struct held *)right)->first;

	return (a > b) - (a < b);
}

/* Sorts by place, without what is not taken. It is no table then. */
static void sort_table(struct table *table)
{
	size_t count = 0;

	for (size_t i = 0; i < table->capacity; i++)
		if (table->held[i].is_taken)
			table->held[count++] = table->held[i];
	qsort(table->held, count, sizeof(*table->held), by_place);
}

/* ---- The attack ------------------------------------------------------------------------------ */

struct attack {
	struct lines words;
	struct rules rules;
	struct table targets, held;
	uint64_t product, pairs; /* the limit, and how many there are up to it */
};

static uint64_t rules_for(const struct attack *attack, size_t word, uint64_t product)
{
	uint64_t rules = product / (word + 1);

	return rules < attack->rules.count ? rules : attack->rules.count;
}

static uint64_t pairs_up_to(const struct attack *attack, uint64_t product)
{
	uint64_t pairs = 0;

	for (size_t i = 0; i < attack->words.count; i++)
		pairs += rules_for(attack, i, product);
	return pairs;
}

/* The largest product up to which there are no more than so many pairs. */
static void set_limit(struct attack *attack, uint64_t pairs)
{
	uint64_t least = 0, beyond = (uint64_t)attack->words.count * attack->rules.count + 1;

	while (beyond - least > 1) {
		uint64_t middle = least + (beyond - least) / 2;

		if (pairs_up_to(attack, middle) <= pairs)
			least = middle;
		else
			beyond = middle;
	}
	if (least >> (64 - WORD_BITS))
		errx(1, "too many pairs");
	attack->product = least;
	attack->pairs = pairs_up_to(attack, least);
}

static void note(struct held *held, uint64_t place, bool is_of_shape)
{
	if (place < held->first)
		held->first = place;
	held->has_shape = is_of_shape;
}

static void try_word(struct attack *attack, size_t word)
{
	const char *text = attack->words.line[word];
	uint64_t rules = rules_for(attack, word, attack->product);
	struct guess guess;

	for (uint64_t j = 0; j < rules; j++) {
		uint64_t product = (j + 1) * (word + 1), hash;
		struct held *target;
		bool is_of_shape;

		apply(&attack->rules.rule[j], text, &guess);
		if (!guess.length)
			continue;
		hash = XXH3_64bits(guess.text, guess.length);
		is_of_shape = has_shape(&guess);
		if (product <= EXACT || hash % SAMPLE == 0)
			note(find_or_add(&attack->held, hash), place_of(product, word),
				is_of_shape);
		target = find(&attack->targets, hash);
		if (target->is_taken)
			note(target, place_of(product, word), is_of_shape);
	}
}

/* How many distinct guesses; an estimate beyond EXACT. */
struct ranks {
	uint64_t any, shaped;
};

/* Counts of the sorted guesses: those of each and of all before it. */
static struct ranks *count_ranks(const struct table *held)
{
	struct ranks *ranks = calloc(held->count + 1, sizeof(*ranks)), sum = {0};

	if (!ranks)
		err(1, "guesses");
	for (size_t i = 0; i < held->count; i++) {
		uint64_t weight = product_at(held->held[i].first) <= EXACT ? 1 : SAMPLE;

		sum.any += weight;
		sum.shaped += held->held[i].has_shape ? weight : 0;
		ranks[i] = sum;
	}
	return ranks;
}

/* The guesses up to a place. */
static struct ranks ranks_at(const struct table *held, const struct ranks *ranks, uint64_t place)
{
	size_t least = 0, beyond = held->count;

	while (least < beyond) {
		size_t middle = least + (beyond - least) / 2;

		if (held->held[middle].first <= place)
			least = middle + 1;
		else
			beyond = middle;
	}
	return least ? ranks[least - 1] : (struct ranks){0};
}

static const struct rule *rule_at(const struct attack *attack, uint64_t place)
{
	return &attack->rules.rule[product_at(place) / (word_at(place) + 1) - 1];
}

static void print_found(
	const struct attack *attack, const struct ranks *ranks, const struct lines *passwords)
{
	for (size_t i = 0; i < passwords->count; i++) {
		const char *text = passwords->line[i];
		uint64_t first = find(&attack->targets, XXH3_64bits(text, strlen(text)))->first;
		struct ranks found;

		if (first == never) {
			puts("found\t-\t-\t-\t-");
			continue;
		}
		found = ranks_at(&attack->held, ranks, first);
		/* Before the first one that was sampled, there is itself. */
		printf("found\t%llu\t%llu\t%s\t%s\n",
			(unsigned long long)(found.any ? found.any : 1),
			(unsigned long long)(found.shaped ? found.shaped : 1),
			attack->words.line[word_at(first)], rule_at(attack, first)->text);
	}
}

/* Ranks with the same number of bits are of one octave. */
static int octave_of(uint64_t rank)
{
	return rank ? 64 - __builtin_clzll(rank) : 0;
}

/* Prints SHOWN guesses of the shape of each octave, or all that are held; evenly. */
static void print_guesses(const struct attack *attack, const struct ranks *ranks)
{
	const struct held *held = attack->held.held;
	size_t count = attack->held.count;

	for (size_t start = 0, end; start < count; start = end) {
		size_t shaped = 0, shown = 0, seen = 0;

		for (end = start; end < count &&
				  octave_of(ranks[end].shaped) == octave_of(ranks[start].shaped);
			end++)
			shaped += held[end].has_shape;
		for (size_t i = start; i < end; i++) {
			const char *word = attack->words.line[word_at(held[i].first)];
			struct guess guess;

			if (!held[i].has_shape || seen++ * SHOWN < shown * shaped)
				continue;
			shown++;
			apply(rule_at(attack, held[i].first), word, &guess);
			printf("guess\t%llu\t%.*s\n", (unsigned long long)ranks[i].shaped,
				(int)guess.length, (const char *)guess.text);
		}
	}
}

static void print_all(const struct attack *attack)
{
	for (size_t i = 0; i < attack->words.count; i++)
		for (size_t j = 0; j < attack->rules.count; j++) {
			struct guess guess;

			apply(&attack->rules.rule[j], attack->words.line[i], &guess);
			fwrite(guess.text, 1, guess.length, stdout);
			putchar('\n');
		}
}

static void run(struct attack *attack, const struct lines *passwords, uint64_t pairs)
{
	struct ranks *ranks, last = {0};

	attack->targets = table_of_lines(passwords);
	attack->held = new_table(1 << 20);
	set_limit(attack, pairs);
	for (size_t i = 0; i < attack->words.count; i++)
		try_word(attack, i);
	sort_table(&attack->held);
	ranks = count_ranks(&attack->held);
	if (attack->held.count)
		last = ranks[attack->held.count - 1];
	printf("run\t%llu\t%zu\t%zu\t%llu\t%llu\n", (unsigned long long)attack->pairs,
		attack->rules.count, attack->rules.left_out, (unsigned long long)last.any,
		(unsigned long long)last.shaped);
	print_found(attack, ranks, passwords);
	print_guesses(attack, ranks);
	free(ranks);
	free(attack->held.held);
	free(attack->targets.held);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"pairs", required_argument, NULL, 'n'},
		{"print", no_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct attack attack = {0};
	struct lines rule_lines, passwords = {0};
	bool only_print = false;
	int64_t pairs = 100000000;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		switch (option) {
		case 'n':
			if (!a2a_number_parse(optarg, 1, INT64_C(1) << 40, &pairs))
				errx(1, "--pairs: a number");
			break;
		case 'p':
			only_print = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			return 1;
		}
	if (argc - optind < 2 || argc - optind > 3)
		errx(1, "WORDS RULES [PASSWORDS] are needed; --help says more");
	attack.words = read_lines(argv[optind]);
	rule_lines = read_lines(argv[optind + 1]);
	if (optind + 2 < argc)
		passwords = read_lines(argv[optind + 2]);
	for (size_t i = 0; i < attack.words.count; i++)
		if (strlen(attack.words.line[i]) > LONGEST_WORD)
			errx(1, "a word is longer than %d bytes", LONGEST_WORD);
	if (attack.words.count >> WORD_BITS)
		errx(1, "too many words");
	attack.rules = read_rules(&rule_lines);
	if (only_print)
		print_all(&attack);
	else
		run(&attack, &passwords, (uint64_t)pairs);
	if (fflush(stdout))
		err(1, "output");
	free(attack.rules.rule);
	free(attack.rules.step);
	free_lines(&attack.words);
	free_lines(&rule_lines);
	free_lines(&passwords);
	return 0;
}
