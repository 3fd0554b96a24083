/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Damages the lexicon at random, in memory, and judges a fixed list of passwords with what still
 * opens. tests/trust/damage runs it.
 *
 *   damage_lexicon LEXICON TIMES SECONDS [SEED]
 *
 * Each damage is tried twice. With the checksum as it was: the lexicon is refused, or gives the
 * same answers. With a checksum that was made for the damaged bytes: no look-up crashes or hangs. A
 * checksum detects accidents. A person who can forge one can also make a whole lexicon, so the
 * passwords that such a lexicon lets in are counted, but are no failure. The program ends after
 * this many damages or seconds.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <err.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "guess.h"
#include "lexicon.h"
#include "segment.h"

enum {
	BEHIND_CHECKSUM = offsetof(struct a2a_lexicon_header, checksum) + sizeof(uint64_t),
	LONGEST_RUN = 4096,
	HANGS = 60, /* seconds for one damage */
};

static const char *const passwords[] = {"Welkom2026", "Anderlecht2026", "Azerty123!", "Motdepasse1",
	"Motdepasse2026!", "wachtwoord", "Zomer2024!", "qwertz123", "k7hq2mzd", "x4vbn8tr2p",
	"correct horse battery staple", "Brussel1000", "j3anpierre", "tneiratlib", "P@ssw0rd",
	"marie1984marie", "0475123456", "Kerstmis25", "sommer", "l1verpool", "aujourdhui7",
	"Sonnenschein99", "3rt9wq1z", "iloveyou", "bonjour123", "dragon!dragon", "Geheim!2023"};

enum { PASSWORDS = sizeof(passwords) / sizeof(passwords[0]) };

struct answer {
	double guesses;
	bool is_word, is_leaked;
};

/* The whole lexicon, and a copy of it in an allocation of its own that is damaged and mended. */
struct lexicons {
	unsigned char *whole, *damaged;
	size_t size;
	struct a2a_keyboards keyboards;
	struct answer answer[PASSWORDS]; /* of the whole one */
};

/* What a damage touched. */
struct range {
	size_t at, size;
};

struct damage {
	struct range touched[2];
	size_t left; /* the size: less than that of the file if it is cut */
};

static uint64_t state;

/* Marsaglia's xorshift, 64 bits: the same damages come from the same seed. */
static uint64_t draw(uint64_t bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % bound;
}

/* ---- Damages --------------------------------------------------------------------------------- */

/* A quarter of the places are in the header, the classes and the first nodes, where more depends on
 * a byte. */
static struct range choose(const struct lexicons *lexicons, size_t most)
{
	const size_t bound = draw(4) == 0 ? 4096 : lexicons->size;
	const size_t at = draw(bound), size = 1 + draw(most);

	return (struct range){at, size < lexicons->size - at ? size : lexicons->size - at};
}

static void flip_bits(struct lexicons *lexicons, struct damage *damage)
{
	damage->touched[0] = choose(lexicons, 1);
	damage->touched[1] = choose(lexicons, 1);
	lexicons->damaged[damage->touched[0].at] ^= (unsigned char)(1u << draw(8));
	if (draw(2))
		lexicons->damaged[damage->touched[1].at] ^= (unsigned char)(1u << draw(8));
}

static void overwrite(struct lexicons *lexicons, struct damage *damage)
{
	const bool constant = draw(2);
	const unsigned char byte = (unsigned char)(draw(2) ? 0 : draw(256));

	damage->touched[0] = choose(lexicons, LONGEST_RUN);
	for (size_t i = 0; i < damage->touched[0].size; i++)
		lexicons->damaged[damage->touched[0].at + i] =
			constant ? byte : (unsigned char)draw(256);
}

static void cut(struct lexicons *lexicons, struct damage *damage)
{
	damage->left = draw(2) ? draw(lexicons->size) : draw(256);
}

static void exchange(struct lexicons *lexicons, struct damage *damage)
{
	struct range one = choose(lexicons, LONGEST_RUN), other = choose(lexicons, LONGEST_RUN);

	one.size = other.size = one.size < other.size ? one.size : other.size;
	damage->touched[0] = one;
	damage->touched[1] = other;
	memmove(lexicons->damaged + one.at, lexicons->whole + other.at, one.size);
	memmove(lexicons->damaged + other.at, lexicons->whole + one.at, one.size);
}

/* Writes units of the graph that lead somewhere else in the file, or to its ends. */
static void mislead(struct lexicons *lexicons, struct damage *damage)
{
	struct range range = choose(lexicons, LONGEST_RUN / 16);

	range.at &= ~(size_t)3;
	range.size = range.size / 4 * 4;
	damage->touched[0] = range;
	for (size_t i = 0; i < range.size; i += 4) {
		const uint32_t unit = htole32((uint32_t)draw(UINT64_C(1) << 32));

		memcpy(lexicons->damaged + range.at + i, &unit, sizeof(unit));
	}
}

static const struct {
	const char *name;
	void (*damage)(struct lexicons *lexicons, struct damage *damage);
} kinds[] = {
	{"bits flipped", flip_bits},
	{"bytes overwritten", overwrite},
	{"cut short", cut},
	{"pieces exchanged", exchange},
	{"numbers written", mislead},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static void mend(struct lexicons *lexicons, const struct damage *damage)
{
	for (size_t i = 0; i < 2; i++)
		memcpy(lexicons->damaged + damage->touched[i].at,
			lexicons->whole + damage->touched[i].at, damage->touched[i].size);
	memcpy(lexicons->damaged, lexicons->whole, sizeof(struct a2a_lexicon_header));
}

/* Makes the header agree with the size and the bytes. */
static void forge(unsigned char *bytes, size_t size)
{
	const uint32_t file_size = htole32((uint32_t)size);
	uint64_t checksum;

	if (size < sizeof(struct a2a_lexicon_header))
		return;
	memcpy(bytes + offsetof(struct a2a_lexicon_header, file_size), &file_size,
		sizeof(file_size));
	checksum = htole64(XXH3_64bits(bytes + BEHIND_CHECKSUM, size - BEHIND_CHECKSUM));
	memcpy(bytes + BEHIND_CHECKSUM - sizeof(checksum), &checksum, sizeof(checksum));
}

/* ---- Judging --------------------------------------------------------------------------------- */

/* Needs no memory of its own that could hide a look behind the end: the bytes are the allocation.
 */
static bool answer(const struct lexicons *lexicons, unsigned char *bytes, size_t size,
	struct answer answers[static PASSWORDS])
{
	struct a2a_lexicon lexicon;
	const struct a2a_vocabulary vocabulary = {
		.lexicon = &lexicon, .lexicons = 1, .keyboards = &lexicons->keyboards};

	if (a2a_lexicon_open(&lexicon, bytes, size))
		return false;
	for (size_t i = 0; i < PASSWORDS; i++) {
		const size_t length = strlen(passwords[i]);
		struct a2a_estimate estimate;
		struct a2a_text text;

		if (!a2a_text_read(&text, passwords[i], length) ||
			!a2a_guess(&vocabulary, &text, -INFINITY, &estimate))
			errx(1, "%s: not judged", passwords[i]);
		answers[i] = (struct answer){
			.guesses = estimate.log2_guesses,
			.is_word = estimate.word.length != 0,
			.is_leaked = a2a_leaked_have(&lexicon.leaked, passwords[i], length),
		};
	}
	return true;
}

/* Where a cut must be seen by a sanitizer, the bytes get an allocation of exactly their size. */
static bool answer_cut(const struct lexicons *lexicons, size_t size,
	struct answer answers[static PASSWORDS], bool forged)
{
	unsigned char *copy = malloc(size ? size : 1);
	bool opened;

	if (!copy)
		err(1, NULL);
	memcpy(copy, lexicons->whole, size);
	if (forged)
		forge(copy, size);
	opened = answer(lexicons, copy, size, answers);
	free(copy);
	return opened;
}

static bool same(const struct answer *one, const struct answer *other)
{
	return one->guesses == other->guesses && one->is_word == other->is_word &&
	       one->is_leaked == other->is_leaked;
}

/* Tells whether a damaged lexicon makes a password better. */
static bool lets_in_more(const struct answer *now, const struct answer *before)
{
	return now->guesses > before->guesses || (before->is_word && !now->is_word) ||
	       (before->is_leaked && !now->is_leaked);
}

struct tally {
	unsigned long refused, opened, forged_opened, forged_other, forged_more;
};

/* Returns false when a damaged lexicon with its old checksum gives another answer. */
static bool try(struct lexicons *lexicons, size_t kind, struct tally *tally)
{
	struct damage damage = {.left = lexicons->size};
	struct answer answers[PASSWORDS];
	bool opened, good = true;

	alarm(HANGS);
	kinds[kind].damage(lexicons, &damage);
	opened = damage.left < lexicons->size
			 ? answer_cut(lexicons, damage.left, answers, false)
			 : answer(lexicons, lexicons->damaged, lexicons->size, answers);
	tally->refused += !opened;
	tally->opened += opened;
	for (size_t i = 0; opened && i < PASSWORDS; i++)
		good &= same(&answers[i], &lexicons->answer[i]);
	if (damage.left < lexicons->size) {
		opened = answer_cut(lexicons, damage.left, answers, true);
	} else {
		forge(lexicons->damaged, lexicons->size);
		opened = answer(lexicons, lexicons->damaged, lexicons->size, answers);
	}
	tally->forged_opened += opened;
	if (opened) {
		bool other = false, more = false;

		for (size_t i = 0; i < PASSWORDS; i++) {
			other |= !same(&answers[i], &lexicons->answer[i]);
			more |= lets_in_more(&answers[i], &lexicons->answer[i]);
		}
		tally->forged_other += other;
		tally->forged_more += more;
	}
	mend(lexicons, &damage);
	return good;
}

/* ---- The program ----------------------------------------------------------------------------- */

static void load(struct lexicons *lexicons, const char *path)
{
	FILE *file = fopen(path, "re");
	long size;

	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) <= 0 ||
		fseek(file, 0, SEEK_SET))
		err(1, "%s", path);
	lexicons->size = (size_t)size;
	lexicons->whole = malloc(lexicons->size);
	lexicons->damaged = malloc(lexicons->size);
	if (!lexicons->whole || !lexicons->damaged ||
		fread(lexicons->whole, 1, lexicons->size, file) != lexicons->size)
		err(1, "%s", path);
	fclose(file);
	memcpy(lexicons->damaged, lexicons->whole, lexicons->size);
	a2a_keyboards_fill(&lexicons->keyboards);
	if (!answer(lexicons, lexicons->damaged, lexicons->size, lexicons->answer))
		errx(1, "%s: it does not open", path);
}

int main(int argc, char **argv)
{
	static struct lexicons lexicons;
	struct tally tally = {0};
	const time_t start = time(NULL);
	unsigned long times, bad = 0, i;
	uint64_t seed;
	long seconds;

	if (argc != 4 && argc != 5)
		errx(2, "usage: %s LEXICON TIMES SECONDS [SEED]", argv[0]);
	load(&lexicons, argv[1]);
	times = strtoul(argv[2], NULL, 10);
	seconds = strtol(argv[3], NULL, 10);
	if (argc == 5)
		seed = strtoull(argv[4], NULL, 10);
	else if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		err(1, "getrandom");
	state = seed ? seed : 1;
	/* If it crashes, the seed is known. */
	fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
	for (i = 0; i < times && time(NULL) - start < seconds; i++)
		if (!try(&lexicons, i % KINDS, &tally)) {
			bad++;
			fprintf(stderr, "damage %lu (%s): another answer\n", i,
				kinds[i % KINDS].name);
		}
	alarm(0);
	if (memcmp(lexicons.whole, lexicons.damaged, lexicons.size) != 0)
		errx(1, "a damage was not mended");
	printf("%lu damages: %lu refused, %lu changed nothing, %lu gave another answer; with the "
	       "checksum made for them %lu opened, %lu gave other answers, %lu let more in\n",
		i, tally.refused, tally.opened - bad, bad, tally.forged_opened, tally.forged_other,
		tally.forged_more);
	free(lexicons.whole);
	free(lexicons.damaged);
	return bad || i == 0;
}
