/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a judgement costs, ours and the peers' side by side: the same passwords, one run, one
 * machine. Not a test: it prints, and fails only when it cannot measure.
 *
 * Each password is judged in three rounds after one that warms the caches, and the fastest counts:
 * what is left is the cost of the password, not of the machine's other work.
 */
#define _GNU_SOURCE
#include <err.h>
#include <math.h>
#include <pwquality.h>
#include <stdio.h>
#include <stdlib.h>
#include <crack.h> /* takes size_t for granted */
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef BENCH_PASSWDQC
#include <passwdqc.h>
#endif
#ifdef BENCH_ZXCVBN
#include <zxcvbn.h>
#endif

#include "../dict/compile.h"
#include "policy.h"

enum {
	SHORTEST = 8,
	LONGEST = 16,
	MOST = 256, /* characters of the longest */
	ROUNDS = 3,
	SHORT_ONES = 2000,
	LONG_ONES = 60, /* of each length; the slowest peer takes a while */
	OPENINGS = 31,
};

/* ---- Passwords ------------------------------------------------------------------------------- */

struct passwords {
	char (*text)[MOST + 1];
	size_t count; /* the first half looks leaked, the second is random */
};

struct words {
	char **word;
	size_t count;
};

/* Not rand(): the same everywhere. Knuth's MMIX constants. */
static uint64_t state = 2026;

static unsigned draw(unsigned below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((state >> 33) % below);
}

static char *path_in(const char *variable, const char *below)
{
	const char *folder = getenv(variable);
	char *path = NULL;

	if (!folder)
		errx(1, "%s must name the tree: meson test --benchmark sets it", variable);
	if (asprintf(&path, "%s/%s", folder, below) < 0)
		err(1, "%s", below);
	return path;
}

static void add_words(struct words *words, char *path, bool is_required)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file && is_required)
		err(1, "%s", path);
	while (file && (length = getline(&line, &room, file)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if ((words->count & (words->count - 1)) == 0)
			words->word = reallocarray(words->word, words->count ? 2 * words->count : 1,
				sizeof(*words->word));
		if (!words->word)
			err(1, "%s", path);
		words->word[words->count] = strdup(line);
		if (!words->word[words->count++])
			err(1, "%s", path);
	}
	free(line);
	if (file)
		fclose(file);
	free(path);
}

static struct words everyday_words(void)
{
	static const char *const built[] = {
		"dict/fr.txt", "dict/nl.txt", "dict/de.txt", "dict/en.txt"};
	static const char *const own[] = {"dict/words/belgium-first-names.txt",
		"dict/words/belgium-places.txt", "dict/words/keyboard.txt"};
	struct words words = {0};

	for (size_t i = 0; i < sizeof(built) / sizeof(built[0]); i++)
		add_words(&words, path_in("A2A_BUILD", built[i]), true);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		add_words(&words, path_in("A2A_SOURCE", own[i]), true);
	return words;
}

/* A word with a year, digits or a mark, a capital or digits for letters: as they are leaked. */
static size_t append_leaked(const struct words *words, char *text, size_t room)
{
	static const char from[] = "aeiost", to[] = "431057";
	char word[MOST + 1];
	unsigned style = draw(4);

	snprintf(word, sizeof(word), "%s", words->word[draw((unsigned)words->count)]);
	if (draw(3) == 0 && word[0] >= 'a' && word[0] <= 'z')
		word[0] = (char)(word[0] - 'a' + 'A');
	if (draw(8) == 0)
		for (char *letter = word; *letter; letter++) {
			const char *found = strchr(from, *letter);

			*letter = found ? to[found - from] : *letter;
		}
	if (style == 0)
		return (size_t)snprintf(text, room, "%s%u", word, 1940 + draw(87));
	if (style == 1)
		return (size_t)snprintf(text, room, "%s%u!", word, draw(1000));
	return (size_t)snprintf(text, room, "%s%u", word, draw(style == 2 ? 10 : 1000));
}

static bool has_letter_and_digit(const char *text)
{
	return strpbrk(text, "0123456789") &&
	       strpbrk(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* All characters are ASCII, so that lengths mean the same to everybody. */
static void make_leaked(const struct words *words, char *text, size_t least, size_t most)
{
	size_t length;

	do {
		length = append_leaked(words, text, MOST + 1);
		/* Only a long one is several words. */
		while (length < least && least > LONGEST)
			length += append_leaked(words, text + length, MOST + 1 - length);
		if (length > most && least > LONGEST)
			text[length = most] = '\0';
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)text[i] >= 0x80)
				length = 0;
	} while (length < least || length > most || !has_letter_and_digit(text));
}

static void make_random(char *text, size_t length)
{
	static const char alphabet[] =
		"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	do {
		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[draw(sizeof(alphabet) - 1)];
		text[length] = '\0';
	} while (!has_letter_and_digit(text));
}

static struct passwords make_passwords(
	const struct words *words, size_t count, size_t least, size_t most)
{
	struct passwords passwords = {calloc(count, sizeof(*passwords.text)), count};

	if (!passwords.text)
		err(1, "passwords");
	for (size_t i = 0; i < count; i++) {
		size_t length = least + draw((unsigned)(most - least + 1));

		if (i < count / 2)
			make_leaked(words, passwords.text[i], least, most);
		else
			make_random(passwords.text[i], length);
	}
	return passwords;
}

/* ---- Those who judge ------------------------------------------------------------------------- */

struct contender {
	const char *name;
	void (*judge)(void *context, const char *password);
	void *context;
};

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	fprintf(stderr, "bench: %s\n", text);
}

static const struct a2a_log to_stderr = {say, NULL};

/* NULL when the engine has not all of these settings, or does not open with them. */
static struct a2a_policy *open_policy(const char *const *set)
{
	struct a2a_settings *settings = a2a_settings_new();
	char *path = path_in("A2A_BUILD", "uninstalled.conf");
	struct a2a_policy *policy = NULL;
	bool ok = settings && a2a_settings_read_file(settings, path, false, &to_stderr);

	for (; ok && set && *set; set++)
		ok = a2a_settings_set(settings, *set, "bench", &to_stderr);
	if (ok)
		policy = a2a_policy_open(settings, &to_stderr);
	a2a_settings_free(settings);
	free(path);
	return policy;
}

static void judge_ours(void *context, const char *password)
{
	const struct secret secret = a2a_secret_borrow(password, strlen(password));
	struct a2a_verdict verdict;

	if (!a2a_judge(context, &secret, NULL, &verdict, &to_stderr))
		errx(1, "our judge could not judge");
}

static void judge_cracklib(void *context, const char *password)
{
	FascistCheck(password, context);
}

static void judge_pwquality(void *context, const char *password)
{
	void *auxiliary;
	char buffer[PWQ_MAX_ERROR_MESSAGE_LEN];
	int error = pwquality_check(context, password, NULL, NULL, &auxiliary);

	/* The auxiliary is freed by being spoken. */
	if (error < 0)
		pwquality_strerror(buffer, sizeof(buffer), error, auxiliary);
}

static pwquality_settings_t *open_pwquality(const char *dictionary)
{
	pwquality_settings_t *settings = pwquality_default_settings();

	if (!settings || pwquality_set_str_value(settings, PWQ_SETTING_DICT_PATH, dictionary) != 0)
		errx(1, "pwquality");
	return settings;
}

#ifdef BENCH_PASSWDQC
static void judge_passwdqc(void *context, const char *password)
{
	passwdqc_check(context, password, NULL, NULL);
}

static passwdqc_params_qc_t *open_passwdqc(void)
{
	static passwdqc_params_t parameters;

	passwdqc_params_reset(&parameters);
	/* As it comes it looks at no more than 72 characters. */
	parameters.qc.max = 512;
	return &parameters.qc;
}
#endif

#ifdef BENCH_ZXCVBN
static void judge_zxcvbn(void *context, const char *password)
{
	(void)context;
	ZxcvbnMatch(password, NULL, NULL);
}
#endif

static const char *const alone[] = {"second_opinion=no", NULL};
static const char *const without_words[] = {"second_opinion=no", "dictcheck=no", NULL};

enum { MOST_CONTENDERS = 8 };

struct contest {
	struct contender contender[MOST_CONTENDERS];
	size_t count; /* the first is ours, against whom the others are measured */
	char *dictionary;
};

static void add(struct contest *contest, const char *name,
	void (*judge)(void *context, const char *password), void *context)
{
	contest->contender[contest->count++] = (struct contender){name, judge, context};
}

static void add_ours(struct contest *contest, const char *name, const char *const *set)
{
	struct a2a_policy *policy = open_policy(set);

	if (policy)
		add(contest, name, judge_ours, policy);
	else
		printf("left out: %s, which does not open\n", name);
}

static struct contest gather(void)
{
	struct contest contest = {.dictionary = path_in("A2A_BUILD", "dict/dictionary")};

	add_ours(&contest, "ours", alone);
	if (!contest.count)
		errx(1, "without our own judge there is nothing to compare");
	add_ours(&contest, "ours, dictcheck=no", without_words);
	add_ours(&contest, "ours, with second opinion", NULL);
	add(&contest, "cracklib FascistCheck", judge_cracklib, contest.dictionary);
	add(&contest, "pwquality_check", judge_pwquality, open_pwquality(contest.dictionary));
#ifdef BENCH_PASSWDQC
	add(&contest, "passwdqc_check", judge_passwdqc, open_passwdqc());
#else
	puts("left out: passwdqc_check (no libpasswdqc-dev when this was built)");
#endif
#ifdef BENCH_ZXCVBN
	add(&contest, "ZxcvbnMatch", judge_zxcvbn, NULL);
#else
	puts("left out: ZxcvbnMatch (no libzxcvbn-dev when this was built)");
#endif
	return contest;
}

/* ---- Time ------------------------------------------------------------------------------------ */

static double now_in_microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* What share of them is cheaper: 0.5 is the median. Sorts them. */
static double quantile(double *times, size_t count, double share)
{
	qsort(times, count, sizeof(*times), ascending);
	return times[(size_t)(share * (double)(count - 1))];
}

struct timing {
	double median, p99, leaked, random; /* microseconds; medians of the halves */
};

static struct timing measure(const struct contender *contender, const struct passwords *passwords)
{
	size_t half = passwords->count / 2;
	double *times = calloc(passwords->count, sizeof(*times));
	struct timing timing;

	if (!times)
		err(1, "times");
	for (unsigned round = 0; round <= ROUNDS; round++) {
		for (size_t i = 0; i < passwords->count; i++) {
			double start = now_in_microseconds();

			contender->judge(contender->context, passwords->text[i]);
			start = now_in_microseconds() - start;
			if (round <= 1 || start < times[i])
				times[i] = start;
		}
	}
	/* The halves first: sorting mixes them. */
	timing.leaked = quantile(times, half, 0.5);
	timing.random = quantile(times + half, passwords->count - half, 0.5);
	timing.median = quantile(times, passwords->count, 0.5);
	timing.p99 = quantile(times, passwords->count, 0.99);
	free(times);
	return timing;
}

static void compare(
	const struct contest *contest, const char *heading, const struct passwords *passwords)
{
	double ours = 0;

	printf("\n%-28s %10s %10s %10s %10s %10s\n", heading, "median us", "p99", "leaked",
		"random", "x ours");
	for (size_t i = 0; i < contest->count; i++) {
		struct timing timing = measure(&contest->contender[i], passwords);

		if (i == 0)
			ours = timing.median;
		printf("%-28s %10.2f %10.2f %10.2f %10.2f %10.2f\n", contest->contender[i].name,
			timing.median, timing.p99, timing.leaked, timing.random,
			timing.median / ours);
		fflush(stdout);
	}
}

static void compare_lengths(const struct contest *contest, const struct words *words)
{
	static const size_t lengths[] = {8, 16, 32, 64, 128, 256};
	enum { LENGTHS = sizeof(lengths) / sizeof(lengths[0]) };
	struct passwords passwords[LENGTHS];

	printf("\n%-28s", "median us, by characters");
	for (size_t i = 0; i < LENGTHS; i++) {
		printf(" %9zu", lengths[i]);
		passwords[i] = make_passwords(words, LONG_ONES, lengths[i], lengths[i]);
	}
	printf(" %9s\n", "256 : 8");
	for (size_t i = 0; i < contest->count; i++) {
		double first = 0, median = 0;

		printf("%-28s", contest->contender[i].name);
		for (size_t j = 0; j < LENGTHS; j++) {
			median = measure(&contest->contender[i], &passwords[j]).median;
			first = j ? first : median;
			printf(" %9.2f", median);
		}
		printf(" %9.1f\n", median / first);
		fflush(stdout);
	}
	for (size_t i = 0; i < LENGTHS; i++)
		free(passwords[i].text);
}

/* Median microseconds to open and close, and of the first time. */
static double time_opening(const char *const *set, double *first)
{
	double times[OPENINGS];

	for (size_t i = 0; i < OPENINGS; i++) {
		double start = now_in_microseconds();
		struct a2a_policy *policy = open_policy(set);

		times[i] = now_in_microseconds() - start;
		if (!policy)
			return NAN;
		a2a_policy_close(policy);
	}
	*first = times[0];
	return quantile(times, OPENINGS, 0.5);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

/* Sums one line of smaps_rollup, in KB. */
static long rollup(const char *name)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "re");
	char line[256];
	long sum = 0;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			sum += atol(line + strlen(name));
	if (file)
		fclose(file);
	return sum;
}

/* The files that are data, not programs or libraries: what is mapped and never to be executed. */
static void print_mappings(void)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	char line[1024], name[1024] = "";
	bool is_ours = false;

	while (file && fgets(line, sizeof(line), file)) {
		long value;
		char field[64], *slash = strchr(line, '/');
		unsigned long start;

		if (sscanf(line, "%lx-", &start) == 1 && slash) {
			slash[strcspn(slash, "\n")] = '\0';
			is_ours = strstr(slash, "/dict/");
			snprintf(name, sizeof(name), "%s", strrchr(slash, '/') + 1);
		} else if (sscanf(line, "%lx-", &start) == 1) {
			is_ours = false;
		} else if (is_ours && sscanf(line, "%63[^:]: %ld kB", field, &value) == 2) {
			if (strcmp(field, "Size") == 0)
				printf("    %-22s mapped %6ld KB", name, value);
			else if (strcmp(field, "Rss") == 0)
				printf(", touched %6ld KB", value);
			else if (strcmp(field, "Private_Dirty") == 0)
				printf(", private %ld KB\n", value);
		}
	}
	if (file)
		fclose(file);
}

/* In a process of its own, which has opened nothing else. */
static void print_memory(
	const char *name, const char *const *set, const struct passwords *passwords)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child > 0) {
		if (waitpid(child, &status, 0) != child || status != 0)
			warnx("the memory of \"%s\" could not be measured", name);
		return;
	}
	/* The file of /proc takes a buffer from the heap too: once before, so it is not counted. */
	rollup("Private_Dirty:");
	long before = rollup("Private_Dirty:"), mapped = rollup("Rss:");
	struct a2a_policy *policy = open_policy(set);

	if (!policy)
		_exit(1);
	for (size_t i = 0; i < passwords->count; i++)
		judge_ours(policy, passwords->text[i]);
	printf("%-28s private %ld KB, resident %ld KB more than before\n", name,
		rollup("Private_Dirty:") - before, rollup("Rss:") - mapped);
	print_mappings();
	fflush(stdout);
	_exit(0);
}

/* ---- Lexicons of other sizes ----------------------------------------------------------------- */

/* A word that is none, spelled like one: its letters moved on in the alphabet. */
static void shift(char *word, unsigned by)
{
	for (; *word; word++)
		if (*word >= 'a' && *word <= 'z')
			*word = (char)('a' + (unsigned)(*word - 'a' + by) % 26);
}

/* `tenths` of the words of the dictionary: 1, 10, or more with made-up ones. */
static bool write_lexicon(const struct words *words, unsigned tenths, const char *path)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);
	double bits = log2((double)words->count * tenths / 10);
	bool ok;

	for (size_t i = 0; i < words->count; i++) {
		if (tenths < 10 && i % 10 >= tenths)
			continue;
		for (unsigned copy = 0; copy < (tenths < 10 ? 1 : tenths / 10); copy++) {
			char *word = strdup(words->word[i]);

			if (!word)
				err(1, "%s", path);
			shift(word, copy);
			a2a_compiler_add(compiler, word, bits, A2A_LEXICON, A2A_FRENCH);
			if (copy == 0)
				a2a_compiler_train(compiler, word, 1);
			free(word);
		}
	}
	ok = a2a_compiler_write(compiler, path);
	a2a_compiler_free(compiler);
	return ok;
}

static void compare_sizes(const struct passwords *passwords)
{
	/* Ten times may be more than the format holds: then what it does hold. */
	static const unsigned sizes[] = {1, 10, 100, 50, 20};
	char folder[] = "/tmp/all2all-bench-XXXXXX", path[64], assignment[80];
	const char *const set[] = {"second_opinion=no", assignment, NULL};
	struct words words = {0};

	if (!a2a_settings_has("lexicon")) {
		puts("\nleft out: how the cost grows with the lexicon; no setting names one yet");
		return;
	}
	add_words(&words, path_in("A2A_BUILD", "dict/dictionary.words"), true);
	if (!mkdtemp(folder))
		err(1, "%s", folder);
	snprintf(path, sizeof(path), "%s/lexicon", folder);
	snprintf(assignment, sizeof(assignment), "lexicon=%s", path);
	printf("\n%-28s %10s %10s %10s %10s %10s\n", "lexicon of", "KB", "median us", "p99",
		"open us", "open first");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct a2a_policy *policy;
		struct contender ours = {"", judge_ours, NULL};
		struct stat status;
		struct timing timing;
		double opening, first = 0;

		printf("%4.1f x %-21zu", sizes[i] / 10.0, words.count);
		fflush(stdout);
		if (!write_lexicon(&words, sizes[i], path) || stat(path, &status) != 0) {
			puts(" cannot be written");
			continue;
		}
		chmod(path, 0644);
		policy = open_policy(set);
		if (!policy)
			errx(1, "a lexicon just written does not open");
		ours.context = policy;
		timing = measure(&ours, passwords);
		opening = time_opening(set, &first);
		printf(" %10lld %10.2f %10.2f %10.2f %10.2f\n", (long long)status.st_size / 1024,
			timing.median, timing.p99, opening, first);
		fflush(stdout);
		a2a_policy_close(policy);
		if (sizes[i] > 10)
			break;
	}
	unlink(path);
	rmdir(folder);
}

static void print_openings(void)
{
	double first, median = time_opening(alone, &first);

	printf("\nto open a policy: ours %.0f us (the first time %.0f)", median, first);
	median = time_opening(NULL, &first);
	printf(", with second opinion %.0f us\n", median);
}

int main(void)
{
	static const size_t lengths[] = {64, 128, 256};
	struct words words = everyday_words();
	struct passwords passwords = make_passwords(&words, SHORT_ONES, SHORTEST, LONGEST);
	struct contest contest;

	/* Before anything else is opened, so that nothing of it is counted. */
	print_memory("memory of ours", alone, &passwords);
	print_memory("with second opinion", NULL, &passwords);
	print_openings();
	contest = gather();
	compare(&contest, "8 to 16 characters", &passwords);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct passwords longer = make_passwords(&words, LONG_ONES, lengths[i], lengths[i]);
		char heading[32];

		snprintf(heading, sizeof(heading), "%zu characters", lengths[i]);
		compare(&contest, heading, &longer);
		free(longer.text);
	}
	compare_lengths(&contest, &words);
	compare_sizes(&passwords);
	return 0;
}
