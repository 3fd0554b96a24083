/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Measures the cost of a judgement, by our policy and by its peers: with the same passwords, in one
 * run, on one machine. It is not a test: it prints its figures and which targets they reach, and
 * fails only when it cannot measure.
 *
 * All contenders take turns in each of five rounds, so that a busy minute of the machine affects
 * all of them. In its turn a contender judges all passwords twice. The second time counts, because
 * the first finds the caches full of another contender's data; a column of its own shows the first.
 * For each password the fastest round counts, because everything above it is other work of the
 * machine.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <pwquality.h>
#include <stdatomic.h>
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

#include "compile.h"
#include "inspect.h"
#include "words.h"
#include "file.h"
#include "policy.h"

enum {
	SHORTEST = 8,
	LONGEST = 16,
	MOST = 256, /* characters of the longest */
	ROUNDS = 5,
	SHORT_ONES = 2000,
	LONG_ONES = 60, /* of each length; the slowest peer takes a while */
	OPENINGS = 51,
};

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

/* ---- Passwords ------------------------------------------------------------------------------- */

struct passwords {
	char (*text)[MOST + 1];
	size_t count; /* the first half looks leaked, the second is random */
};

/* The words from which passwords are made; these passwords look like leaked ones. */
struct leaks {
	struct words words;  /* to be decorated */
	struct words leaked; /* a list of the lexicon's own, those of the rule's shape */
};

/* A linear congruential generator with Knuth's MMIX constants. rand() differs between C libraries.
 */
static uint64_t state = 2026;

static unsigned draw(size_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((state >> 33) % below);
}

static bool is_ascii(const char *text)
{
	while (*text > 0)
		text++;
	return !*text;
}

static bool has_letter_and_digit(const char *text)
{
	return strpbrk(text, "0123456789") &&
	       strpbrk(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static void read_words(struct words *words, char *path, bool has_comments)
{
	if (!words_read(words, path, has_comments ? COMMENTED_LINES : WORD_LINES, NULL))
		errx(1, "%s is needed", path);
	free(path);
}

/* Where its package was unpacked, or installed. */
static char *leaked_list(void)
{
	static const char list[] = "/usr/share/ncrack/top50000.pwd";
	const char *root = getenv("A2A_PACKAGE_ROOT");
	char *path = NULL;

	if (asprintf(&path, "%s%s", root ? root : "", list) < 0)
		err(1, "%s", list);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return strdup(list);
}

/* Out of what the lexicon is compiled from. The lists that the model is measured with have no part
 * in it. */
static struct leaks read_leaks(void)
{
	static const char *const built[] = {
		"dict/words/fr.txt", "dict/words/nl.txt", "dict/words/de.txt", "dict/words/en.txt"};
	static const char *const own[] = {"dict/words/belgium-first-names.txt",
		"dict/words/belgium-places.txt", "dict/words/keyboard.txt"};
	struct words passwords = {0};
	struct leaks leaks = {0};

	for (size_t i = 0; i < sizeof(built) / sizeof(built[0]); i++)
		read_words(&leaks.words, path_in("A2A_BUILD", built[i]), true);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		read_words(&leaks.words, path_in("A2A_SOURCE", own[i]), true);
	read_words(&passwords, leaked_list(), true);
	for (size_t i = 0; i < passwords.count; i++) {
		const char *text = passwords.word[i];
		size_t length = strlen(text);

		if (length >= SHORTEST && length <= LONGEST && has_letter_and_digit(text))
			words_add(&leaks.leaked, text, length);
	}
	words_free(&passwords);
	if (!leaks.leaked.count)
		errx(1, "of the leaked passwords, none has the rule's shape");
	return leaks;
}

/* As they were leaked; or a word with a year, digits or a mark, a capital or digits for letters. */
static size_t append_leaked(const struct leaks *leaks, char *text, size_t room)
{
	static const char from[] = "aeiost", to[] = "431057";
	char word[MOST + 1];
	unsigned style = draw(4);

	if (draw(3) == 0)
		return (size_t)snprintf(
			text, room, "%s", leaks->leaked.word[draw(leaks->leaked.count)]);
	snprintf(word, sizeof(word), "%s", leaks->words.word[draw(leaks->words.count)]);
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

/* All characters are ASCII, so that lengths mean the same to everybody. */
static void make_leaked(const struct leaks *leaks, char *text, size_t least, size_t most)
{
	size_t length;

	do {
		length = append_leaked(leaks, text, MOST + 1);
		/* Only a long one is several words. */
		while (length < least && least > LONGEST)
			length += append_leaked(leaks, text + length, MOST + 1 - length);
		if (length > most && least > LONGEST)
			text[length = most] = '\0';
	} while (length < least || length > most || !is_ascii(text) || !has_letter_and_digit(text));
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
	const struct leaks *leaks, size_t count, size_t least, size_t most)
{
	struct passwords passwords = {calloc(count, sizeof(*passwords.text)), count};

	if (!passwords.text)
		err(1, "passwords");
	for (size_t i = 0; i < count; i++) {
		size_t length = least + draw(most - least + 1);

		if (i < count / 2)
			make_leaked(leaks, passwords.text[i], least, most);
		else
			make_random(passwords.text[i], length);
	}
	return passwords;
}

/* ---- Those who judge ------------------------------------------------------------------------- */

struct contender {
	const char *name;
	void (*judge)(void *context, const char *password); /* NULL: left out */
	void *context;
};

/* Our own first. */
enum {
	OURS,
	WITHOUT_WORDS,
	WITH_SECOND_OPINION,
	OUR_OWN,
	CRACKLIB = OUR_OWN,
	PWQUALITY,
	PASSWDQC,
	ZXCVBN,
	CONTENDERS
};

enum { MOST_SETTINGS = 4 };

static const struct {
	const char *name;
	const char *set[MOST_SETTINGS];
} variants[OUR_OWN] = {
	[OURS] = {"ours", {"second_opinion=no"}},
	[WITHOUT_WORDS] = {"ours, dictcheck=no", {"second_opinion=no", "dictcheck=no"}},
	[WITH_SECOND_OPINION] = {"ours, with second opinion", {NULL}},
};

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	fprintf(stderr, "bench: %s\n", text);
}

static const struct a2a_log to_stderr = {say, NULL};

/* The defaults on the build's own files, with a variant's settings and, if not NULL, one more. */
static struct a2a_settings *read_settings(size_t variant, const char *more)
{
	struct a2a_settings *settings = a2a_settings_new();
	char *path = path_in("A2A_BUILD", "uninstalled.conf");
	const char *const *set = variants[variant].set;
	bool ok = settings && a2a_settings_read_file(settings, path, false, &to_stderr);

	for (; ok && *set; set++)
		ok = a2a_settings_set(settings, *set, "bench", &to_stderr);
	if (ok && more)
		ok = a2a_settings_set(settings, more, "bench", &to_stderr);
	if (!ok)
		errx(1, "%s: these are no settings", variants[variant].name);
	free(path);
	return settings;
}

static struct a2a_policy *open_policy(size_t variant, const char *more)
{
	struct a2a_settings *settings = read_settings(variant, more);
	struct a2a_policy *policy = a2a_policy_open(settings, &to_stderr);

	if (!policy)
		errx(1, "%s: it does not open", variants[variant].name);
	a2a_settings_free(settings);
	/* What holding costs is not a part of a judgement: nobody judges so many in a row. */
	if (!a2a_policy_hold(policy, &to_stderr))
		errx(1, "%s: it cannot be held", variants[variant].name);
	return policy;
}

/* The path of one of the files that a setting names; the caller frees it. */
static char *path_of(const char *setting)
{
	struct a2a_settings *settings = read_settings(WITH_SECOND_OPINION, NULL);
	char buffer[24], *path = strdup(a2a_settings_get(settings, setting, buffer));

	a2a_settings_free(settings);
	return path;
}

static void judge_ours(void *context, const char *password)
{
	const struct secret secret = a2a_secret_borrow(password, strlen(password));
	struct a2a_verdict verdict;

	if (!a2a_judge_held(context, &secret, NULL, &verdict, &to_stderr))
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

static struct contender open_passwdqc(void)
{
	static passwdqc_params_t parameters;

	passwdqc_params_reset(&parameters);
	/* As it comes it looks at no more than 72 characters. */
	parameters.qc.max = 512;
	return (struct contender){"passwdqc_check", judge_passwdqc, &parameters.qc};
}
#else
static struct contender open_passwdqc(void)
{
	puts("left out: passwdqc_check (no libpasswdqc-dev when this was built)");
	return (struct contender){0};
}
#endif

#ifdef BENCH_ZXCVBN
static void judge_zxcvbn(void *context, const char *password)
{
	(void)context;
	ZxcvbnMatch(password, NULL, NULL);
}

static struct contender open_zxcvbn(void)
{
	return (struct contender){"ZxcvbnMatch", judge_zxcvbn, NULL};
}
#else
static struct contender open_zxcvbn(void)
{
	puts("left out: ZxcvbnMatch (no libzxcvbn-dev when this was built)");
	return (struct contender){0};
}
#endif

/* `dictionary` is that of four languages, and must stay. */
static void gather(struct contender contenders[CONTENDERS], char *dictionary)
{
	for (size_t i = 0; i < OUR_OWN; i++)
		contenders[i] =
			(struct contender){variants[i].name, judge_ours, open_policy(i, NULL)};
	contenders[CRACKLIB] =
		(struct contender){"cracklib FascistCheck", judge_cracklib, dictionary};
	contenders[PWQUALITY] =
		(struct contender){"pwquality_check", judge_pwquality, open_pwquality(dictionary)};
	contenders[PASSWDQC] = open_passwdqc();
	contenders[ZXCVBN] = open_zxcvbn();
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
	double median, p99, leaked, random; /* microseconds; the last two: medians of the halves */
	double after_others;                /* median where another contender had the caches */
};

static struct timing summarize(double *times, double *first_times, size_t count)
{
	size_t half = count / 2;
	struct timing timing;

	/* The halves first: sorting mixes them. */
	timing.leaked = quantile(times, half, 0.5);
	timing.random = quantile(times + half, count - half, 0.5);
	timing.median = quantile(times, count, 0.5);
	timing.p99 = quantile(times, count, 0.99);
	timing.after_others = quantile(first_times, count, 0.5);
	return timing;
}

/*
 * Between the medians of the halves. A judge that is done early with one half and late with the
 * other has its median at the edge between them, where a single password moves it far.
 */
static double typical(const struct timing *timing)
{
	return (timing->leaked + timing->random) / 2;
}

/* Judges all passwords, and keeps what each took if that is less than ever. */
static void take_turn(
	const struct contender *contender, const struct passwords *passwords, double *fastest)
{
	for (size_t i = 0; contender->judge && i < passwords->count; i++) {
		double start = now_in_microseconds();

		contender->judge(contender->context, passwords->text[i]);
		fastest[i] = fmin(fastest[i], now_in_microseconds() - start);
	}
}

static void measure(const struct contender *contenders, size_t count,
	const struct passwords *passwords, struct timing *timings)
{
	const size_t all = count * passwords->count;
	double *times = calloc(2 * all, sizeof(*times)), *first_times;

	if (!times)
		err(1, "times");
	first_times = times + all;
	for (size_t i = 0; i < 2 * all; i++)
		times[i] = INFINITY;
	for (size_t n = 0; n < ROUNDS * count; n++) {
		const size_t place = n % count * passwords->count;

		take_turn(&contenders[n % count], passwords, first_times + place);
		take_turn(&contenders[n % count], passwords, times + place);
	}
	for (size_t i = 0; i < count; i++)
		timings[i] = summarize(times + i * passwords->count,
			first_times + i * passwords->count, passwords->count);
	free(times);
}

/* ---- What is found --------------------------------------------------------------------------- */

/* What the targets are about; NAN: not measured. Of our own judges, each. */
struct results {
	double than_cracklib[OUR_OWN], than_zxcvbn[OUR_OWN]; /* times faster */
	double than_cracklib_after_others[OUR_OWN], than_zxcvbn_after_others[OUR_OWN];
	double growth[OUR_OWN]; /* 256 : 8 characters */
	double private_kb[OUR_OWN];
	double lexicon_mb, lexicon_ms;
	double speed_up[2], cpu_growth[2]; /* of MOST_THREADS: judging held, and by itself */
};

/* A figure in a column, or a dash where there is none. */
static void print_figure(int width, int decimals, double figure)
{
	if (isfinite(figure))
		printf(" %*.*f", width, decimals, figure);
	else
		printf(" %*s", width, "-");
}

static double times_faster(const struct contender *peer, double of_peer, double of_ours)
{
	return peer->judge ? of_peer / of_ours : NAN;
}

static void print_comparison(const struct contender contenders[CONTENDERS],
	const struct timing timings[CONTENDERS], const char *heading)
{
	printf("\n%-28s %10s %10s %10s %10s %12s %12s %10s\n%-28s %43s %12s %12s %10s\n", heading,
		"median us", "p99", "leaked", "random", "after others", "times faster", "than", "",
		"", "", "FascistCheck", "zxcvbn");
	for (size_t i = 0; i < CONTENDERS; i++) {
		const struct timing *timing = &timings[i];

		if (!contenders[i].judge)
			continue;
		printf("%-28s %10.2f %10.2f %10.2f %10.2f %12.2f", contenders[i].name,
			timing->median, timing->p99, timing->leaked, timing->random,
			timing->after_others);
		print_figure(12, 2,
			times_faster(
				&contenders[CRACKLIB], timings[CRACKLIB].median, timing->median));
		print_figure(10, 2,
			times_faster(&contenders[ZXCVBN], timings[ZXCVBN].median, timing->median));
		puts("");
	}
	fflush(stdout);
}

static void compare(const struct contender contenders[CONTENDERS],
	const struct passwords *passwords, struct results *results)
{
	struct timing timings[CONTENDERS];

	measure(contenders, CONTENDERS, passwords, timings);
	print_comparison(contenders, timings, "8 to 16 characters");
	for (size_t i = 0; i < OUR_OWN; i++) {
		const struct timing *timing = &timings[i];

		results->than_cracklib[i] = times_faster(
			&contenders[CRACKLIB], timings[CRACKLIB].median, timing->median);
		results->than_zxcvbn[i] =
			times_faster(&contenders[ZXCVBN], timings[ZXCVBN].median, timing->median);
		results->than_cracklib_after_others[i] = times_faster(&contenders[CRACKLIB],
			timings[CRACKLIB].after_others, timing->after_others);
		results->than_zxcvbn_after_others[i] = times_faster(
			&contenders[ZXCVBN], timings[ZXCVBN].after_others, timing->after_others);
	}
}

static void compare_lengths(const struct contender contenders[CONTENDERS],
	const struct leaks *leaks, struct results *results)
{
	static const size_t lengths[] = {8, 16, 32, 64, 128, 256};
	enum { LENGTHS = sizeof(lengths) / sizeof(lengths[0]), PRINTED_FROM = 64 };
	struct timing timings[LENGTHS][CONTENDERS];

	for (size_t i = 0; i < LENGTHS; i++) {
		struct passwords passwords =
			make_passwords(leaks, LONG_ONES, lengths[i], lengths[i]);
		char heading[32];

		measure(contenders, CONTENDERS, &passwords, timings[i]);
		snprintf(heading, sizeof(heading), "%zu characters", lengths[i]);
		if (lengths[i] >= PRINTED_FROM)
			print_comparison(contenders, timings[i], heading);
		free(passwords.text);
	}
	printf("\n%-28s", "us, by characters");
	for (size_t i = 0; i < LENGTHS; i++)
		printf(" %9zu", lengths[i]);
	printf(" %9s\n", "256 : 8");
	for (size_t i = 0; i < CONTENDERS; i++) {
		double growth = typical(&timings[LENGTHS - 1][i]) / typical(&timings[0][i]);

		if (!contenders[i].judge)
			continue;
		printf("%-28s", contenders[i].name);
		for (size_t j = 0; j < LENGTHS; j++)
			printf(" %9.2f", typical(&timings[j][i]));
		printf(" %9.1f\n", growth);
		if (i < OUR_OWN)
			results->growth[i] = growth;
	}
	puts("between the medians of the leaked-looking and the random ones");
	if (contenders[ZXCVBN].judge)
		puts("ZxcvbnMatch takes apart no more than the first 100 characters");
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* Opens and checks a lexicon as the policy does. */
static void open_lexicon(struct a2a_file *file, struct a2a_lexicon *lexicon, const char *path)
{
	const char *wrong;
	int error = a2a_file_share(file, path, A2A_MOST_LEXICON);

	if (error)
		errx(1, "%s %s", path, a2a_file_reason(error));
	wrong = a2a_lexicon_open(lexicon, file->bytes, file->size);
	if (wrong)
		errx(1, "%s %s", path, wrong);
}

/* Median microseconds. */
static double time_lexicon(const char *path)
{
	double times[OPENINGS];

	for (size_t i = 0; i < OPENINGS; i++) {
		struct a2a_lexicon lexicon;
		struct a2a_file file;

		times[i] = now_in_microseconds();
		open_lexicon(&file, &lexicon, path);
		times[i] = now_in_microseconds() - times[i];
		a2a_file_close(&file);
	}
	return quantile(times, OPENINGS, 0.5);
}

static double time_policy(size_t variant)
{
	struct a2a_settings *settings = read_settings(variant, NULL);
	double times[OPENINGS];

	for (size_t i = 0; i < OPENINGS; i++) {
		struct a2a_policy *policy;

		times[i] = now_in_microseconds();
		policy = a2a_policy_open(settings, &to_stderr);
		times[i] = now_in_microseconds() - times[i];
		if (!policy)
			errx(1, "%s: it does not open", variants[variant].name);
		a2a_policy_close(policy);
	}
	a2a_settings_free(settings);
	return quantile(times, OPENINGS, 0.5);
}

static void compare_openings(struct results *results)
{
	char *path = path_of("lexicon");
	double lexicon = time_lexicon(path);
	struct stat status;

	if (stat(path, &status))
		err(1, "%s", path);
	results->lexicon_mb = (double)status.st_size / 1e6;
	results->lexicon_ms = lexicon / 1e3;
	printf("\n%-28s %10s\n", "to open", "median us");
	printf("%-28s %10.0f\n", "lexicon alone", lexicon);
	printf("%-28s %10.0f\n", "policy, dictcheck=no", time_policy(WITHOUT_WORDS));
	printf("%-28s %10.0f\n", "policy, second_opinion=no", time_policy(OURS));
	printf("%-28s %10.0f\n", "policy, whole", time_policy(WITH_SECOND_OPINION));
	fflush(stdout);
	free(path);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

enum { MOST_DATA = 8 };

/* KB, of a process. */
struct memory {
	long resident, private;
	struct data {
		char name[32];
		long mapped, resident, private;
	} data[MOST_DATA]; /* the mapped files that are data, not programs or libraries */
	size_t data_count;
};

static void add_line(struct memory *memory, struct data *data, const char *line)
{
	char field[64];
	long value;

	if (sscanf(line, "%63[^:]: %ld kB", field, &value) != 2)
		return;
	if (strcmp(field, "Size") == 0 && data)
		data->mapped += value;
	if (strcmp(field, "Rss") == 0) {
		memory->resident += value;
		if (data)
			data->resident += value;
	}
	if (strcmp(field, "Private_Dirty") == 0) {
		memory->private += value;
		if (data)
			data->private += value;
	}
}

/* What /proc/self/smaps says of this process. Its file has its buffer on the stack. */
static struct memory read_memory(void)
{
	struct memory memory = {0};
	struct data *data = NULL;
	char line[1024], buffer[4096];
	FILE *file = fopen("/proc/self/smaps", "re");

	if (!file)
		err(1, "/proc/self/smaps");
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	while (fgets(line, sizeof(line), file)) {
		char *slash = strchr(line, '/');
		unsigned long start, end;

		if (sscanf(line, "%lx-%lx", &start, &end) != 2) {
			add_line(&memory, data, line);
			continue;
		}
		data = NULL;
		if (slash && strstr(slash, "/dict/words/") && memory.data_count < MOST_DATA) {
			slash[strcspn(slash, "\n")] = '\0';
			data = &memory.data[memory.data_count++];
			snprintf(data->name, sizeof(data->name), "%s", strrchr(slash, '/') + 1);
		}
	}
	fclose(file);
	return memory;
}

/* The file's pages that the build wrote and the disk has not yet would count as private. */
static void settle(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/*
 * The part of a process of its own: judges the passwords that come in, a line each, by a variant of
 * ours, or by nobody when it is OUR_OWN, and writes what memory it then has.
 */
static int run_memory(size_t variant)
{
	struct a2a_policy *policy = variant < OUR_OWN ? open_policy(variant, NULL) : NULL;
	char line[MOST + 2];
	struct memory memory;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (policy)
			judge_ours(policy, line);
	}
	memory = read_memory();
	return fwrite(&memory, sizeof(memory), 1, stdout) != 1;
}

/* Runs this program once more, which has opened nothing else. */
static struct memory memory_of(size_t variant, FILE *passwords)
{
	char number[24];
	struct memory memory;
	int answer[2], status;
	FILE *stream;
	pid_t child;

	rewind(passwords);
	snprintf(number, sizeof(number), "%zu", variant);
	if (pipe2(answer, O_CLOEXEC))
		err(1, "pipe");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		if (dup2(fileno(passwords), STDIN_FILENO) < 0 || dup2(answer[1], STDOUT_FILENO) < 0)
			_exit(1);
		execl("/proc/self/exe", "bench", "--memory", number, (char *)NULL);
		_exit(1);
	}
	close(answer[1]);
	stream = fdopen(answer[0], "r");
	if (!stream || fread(&memory, sizeof(memory), 1, stream) != 1)
		errx(1, "memory could not be measured");
	fclose(stream);
	if (waitpid(child, &status, 0) != child || status != 0)
		errx(1, "memory could not be measured");
	return memory;
}

static void compare_memory(const struct passwords *passwords, struct results *results)
{
	static const char *const endings[] = {".pwd", ".pwi", ".hwm"};
	FILE *lines = tmpfile();
	char *lexicon = path_of("lexicon"), *dictionary = path_of("dictpath");
	struct memory empty;

	if (!lines)
		err(1, "passwords");
	for (size_t i = 0; i < passwords->count; i++)
		fprintf(lines, "%s\n", passwords->text[i]);
	if (fflush(lines))
		err(1, "passwords");
	settle(lexicon);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char *path = NULL;

		if (asprintf(&path, "%s%s", dictionary, endings[i]) > 0)
			settle(path);
		free(path);
	}
	empty = memory_of(OUR_OWN, lines);
	printf("\n%-28s %10s %10s %10s\n", "memory of a process, KB", "mapped", "resident",
		"private");
	printf("%-28s %10s %10ld %10ld\n", "that judges nothing", "", empty.resident,
		empty.private);
	for (size_t i = 0; i < OUR_OWN; i++) {
		struct memory memory = memory_of(i, lines);

		results->private_kb[i] = (double)(memory.private - empty.private);
		printf("%-28s %10s %+10ld %+10ld\n", variants[i].name, "",
			memory.resident - empty.resident, memory.private - empty.private);
		for (size_t j = 0; j < memory.data_count; j++)
			printf("    %-24s %10ld %10ld %10ld\n", memory.data[j].name,
				memory.data[j].mapped, memory.data[j].resident,
				memory.data[j].private);
	}
	puts("private: dirty pages that no other process shares, the allocator's among them");
	fflush(stdout);
	fclose(lines);
	free(lexicon);
	free(dictionary);
}

/* ---- Threads --------------------------------------------------------------------------------- */

enum { MOST_THREADS = 64, THREAD_COUNTS = 7, WAYS = 2, THREAD_ROUNDS = 3 };

/* How long a number of threads judges in a round, microseconds. */
static const long turn_of_threads = 200000;

/* Threads that judge under one policy. */
struct crowd {
	const struct a2a_policy *policy;
	const struct passwords *passwords;
	bool is_held; /* each thread holds the policy once, instead of for each judgement */
	pthread_barrier_t start;
	atomic_bool is_over;
};

struct member {
	struct crowd *crowd;
	pthread_t thread;
	size_t number, judged;
};

static void *judge_in_a_crowd(void *argument)
{
	struct member *member = argument;
	struct crowd *crowd = member->crowd;
	const struct passwords *passwords = crowd->passwords;
	bool (*judge)(const struct a2a_policy *, const struct secret *, const struct a2a_person *,
		struct a2a_verdict *, const struct a2a_log *) =
		crowd->is_held ? a2a_judge_held : a2a_judge;
	/* So that no two are at the same password. */
	size_t next = member->number * passwords->count / MOST_THREADS;

	pthread_barrier_wait(&crowd->start);
	if (crowd->is_held && !a2a_policy_hold(crowd->policy, &to_stderr))
		errx(1, "the policy cannot be held");
	while (!atomic_load_explicit(&crowd->is_over, memory_order_relaxed)) {
		const char *text = passwords->text[next++ % passwords->count];
		const struct secret secret = a2a_secret_borrow(text, strlen(text));
		struct a2a_verdict verdict;

		if (!judge(crowd->policy, &secret, NULL, &verdict, &to_stderr))
			errx(1, "our judge could not judge");
		member->judged++;
	}
	if (crowd->is_held)
		a2a_policy_rest(crowd->policy);
	return NULL;
}

static double cpu_in_microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

struct pace {
	double per_second; /* judgements of all threads; the most of the rounds */
	double cpu;        /* microseconds of a judgement; the least of the rounds */
};

static void take_turn_of_threads(struct crowd *crowd, size_t threads, struct pace *pace)
{
	struct member members[MOST_THREADS];
	double start, cpu, judged = 0;

	crowd->is_over = false;
	if (pthread_barrier_init(&crowd->start, NULL, (unsigned)threads + 1))
		errx(1, "barrier");
	for (size_t i = 0; i < threads; i++) {
		members[i] = (struct member){.crowd = crowd, .number = i};
		if (pthread_create(&members[i].thread, NULL, judge_in_a_crowd, &members[i]))
			errx(1, "thread");
	}
	cpu = cpu_in_microseconds();
	pthread_barrier_wait(&crowd->start);
	start = now_in_microseconds();
	usleep((useconds_t)turn_of_threads);
	atomic_store(&crowd->is_over, true);
	for (size_t i = 0; i < threads; i++) {
		pthread_join(members[i].thread, NULL);
		judged += (double)members[i].judged;
	}
	pace->per_second = fmax(pace->per_second, judged * 1e6 / (now_in_microseconds() - start));
	pace->cpu = fmin(pace->cpu, (cpu_in_microseconds() - cpu) / judged);
	pthread_barrier_destroy(&crowd->start);
}

static void compare_threads(const struct passwords *passwords, struct results *results)
{
	static const size_t counts[THREAD_COUNTS] = {1, 2, 4, 8, 16, 32, MOST_THREADS};
	static const char *const ways[WAYS] = {"held by each thread once", "for each judgement"};
	struct a2a_policy *policy = open_policy(OURS, NULL);
	struct pace paces[WAYS][THREAD_COUNTS];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	a2a_policy_rest(policy);
	for (size_t i = 0; i < WAYS * THREAD_COUNTS; i++)
		paces[i / THREAD_COUNTS][i % THREAD_COUNTS] = (struct pace){0, INFINITY};
	for (size_t n = 0; n < THREAD_ROUNDS * WAYS * THREAD_COUNTS; n++) {
		size_t way = n % WAYS, place = n / WAYS % THREAD_COUNTS;
		struct crowd crowd = {policy, passwords, .is_held = way == 0};

		take_turn_of_threads(&crowd, counts[place], &paces[way][place]);
	}
	printf("\n%-28s", "threads on one policy");
	for (size_t i = 0; i < WAYS; i++)
		printf(" %36s", ways[i]);
	printf("\n%-28s", "");
	for (size_t i = 0; i < WAYS; i++)
		printf(" %14s %10s %10s", "judgements/s", "speed-up", "CPU us");
	puts("");
	for (size_t i = 0; i < THREAD_COUNTS; i++) {
		printf("%-28zu", counts[i]);
		for (size_t j = 0; j < WAYS; j++)
			printf(" %14.0f %10.2f %10.2f", paces[j][i].per_second,
				paces[j][i].per_second / paces[j][0].per_second, paces[j][i].cpu);
		puts("");
	}
	printf("on %ld cores, shared with what else runs; without the second opinion\n", cores);
	for (size_t i = 0; i < WAYS; i++) {
		const struct pace *most = &paces[i][THREAD_COUNTS - 1];

		results->speed_up[i] =
			100 * most->per_second / paces[i][0].per_second / (double)cores;
		results->cpu_growth[i] = most->cpu / paces[i][0].cpu;
	}
	fflush(stdout);
	a2a_policy_close(policy);
}

/* ---- Lexicons of other sizes ----------------------------------------------------------------- */

struct entry {
	char *word;
	struct a2a_class class;
};

struct entries {
	struct entry *entry;
	size_t count;
};

static void take_entry(void *context, const char *word, const struct a2a_class *class)
{
	struct entries *entries = context;
	struct entry *entry = &entries->entry[entries->count++];

	entry->word = strdup(word);
	if (!entry->word)
		err(1, "words");
	entry->class = *class;
}

static int by_rank(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a2a_class_cost(&a->class) != a2a_class_cost(&b->class))
		return a2a_class_cost(&a->class) < a2a_class_cost(&b->class) ? -1 : 1;
	return strcmp(a->word, b->word);
}

/* All words of the real lexicon, the commonest first. */
static struct entries read_entries(const char *path)
{
	struct entries entries = {0};
	struct a2a_lexicon lexicon;
	struct a2a_file file;

	open_lexicon(&file, &lexicon, path);
	entries.entry = calloc(lexicon.word_count, sizeof(*entries.entry));
	if (!entries.entry)
		err(1, "words");
	a2a_lexicon_each(&lexicon, take_entry, &entries);
	a2a_file_close(&file);
	qsort(entries.entry, entries.count, sizeof(*entries.entry), by_rank);
	return entries;
}

/* A character some places on in its row, which goes round. */
static char turn(const char *row, char character, size_t places)
{
	const char *found = character ? strchr(row, character) : NULL;

	return found ? row[((size_t)(found - row) + places) % strlen(row)] : character;
}

/*
 * A word that is none, spelled like one: another vowel for each vowel, another consonant for each
 * consonant, by one table for each copy, so that different words stay different and share their
 * beginnings and endings as real ones do.
 */
static void disguise(char *word, unsigned copy)
{
	for (; *word; word++) {
		*word = turn("aeiou", *word, copy);
		*word = turn("bcdfghjklmnpqrstvwxyz", *word, 2 * (size_t)copy);
		*word = turn("0123456789", *word, copy);
	}
}

/* Every so many words, as many times: the first time as they are. False when they are too many. */
static bool write_lexicon(
	const struct entries *entries, size_t every, unsigned times, const char *path)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);
	bool ok;

	for (size_t i = 0; i < entries->count; i += every) {
		const struct entry *entry = &entries->entry[i];
		char word[A2A_WORD_LONGEST + 1];

		a2a_compiler_train(compiler, entry->word, 1);
		for (unsigned copy = 0; copy < times; copy++) {
			snprintf(word, sizeof(word), "%s", entry->word);
			disguise(word, copy);
			a2a_compiler_add(compiler, word,
				(double)a2a_class_cost(&entry->class) / A2A_COST_BIT,
				entry->class.kind, entry->class.languages);
		}
	}
	ok = a2a_compiler_write(compiler, path);
	if (!ok && errno != E2BIG)
		err(1, "%s", path);
	a2a_compiler_free(compiler);
	return ok;
}

/* One size of lexicon, with two of our judges on it. */
struct size {
	double words, kb, opening;
};

enum { TENTH, ALL, MANY, SIZES, JUDGES = 2 };

/* Takes the figures of a lexicon, opens policies on it, and removes the file, which stays mapped.
 */
static struct size adopt(char *path, struct contender judges[JUDGES])
{
	struct a2a_lexicon lexicon;
	struct a2a_file file;
	char *assignment = NULL;
	struct size size;

	open_lexicon(&file, &lexicon, path);
	size.words = lexicon.word_count;
	size.kb = (double)file.size / 1024;
	a2a_file_close(&file);
	size.opening = time_lexicon(path);
	if (asprintf(&assignment, "lexicon=%s", path) < 0)
		err(1, "%s", path);
	for (size_t i = 0; i < JUDGES; i++)
		judges[i] = (struct contender){variants[i].name, judge_ours,
			open_policy(i == 0 ? OURS : WITHOUT_WORDS, assignment)};
	free(assignment);
	unlink(path);
	return size;
}

static void print_sizes(const struct size sizes[SIZES], const struct timing timings[SIZES][JUDGES])
{
	printf("\n%-18s %10s %8s %8s %31s %31s\n", "", "", "", "", "ours",
		variants[WITHOUT_WORDS].name);
	printf("%-18s %10s %8s %8s", "lexicon of", "words", "KB", "open us");
	for (size_t i = 0; i < JUDGES; i++)
		printf(" %11s %9s %9s", "median us", "p99", "x real");
	puts("");
	for (size_t i = 0; i < SIZES; i++) {
		printf("%4.1f x the real one %9.0f %8.0f %8.0f", sizes[i].words / sizes[ALL].words,
			sizes[i].words, sizes[i].kb, sizes[i].opening);
		for (size_t j = 0; j < JUDGES; j++)
			printf(" %11.2f %9.2f %9.2f", timings[i][j].median, timings[i][j].p99,
				timings[i][j].median / timings[ALL][j].median);
		puts("");
	}
}

static void compare_sizes(const struct passwords *passwords)
{
	char folder[] = "/tmp/all2all-bench-XXXXXX", path[64], *real = path_of("lexicon");
	struct entries entries = read_entries(real);
	struct contender judges[SIZES][JUDGES];
	struct timing timings[SIZES][JUDGES];
	struct size sizes[SIZES];
	unsigned times = 10;

	if (!mkdtemp(folder))
		err(1, "%s", folder);
	snprintf(path, sizeof(path), "%s/lexicon", folder);
	write_lexicon(&entries, 10, 1, path);
	sizes[TENTH] = adopt(path, judges[TENTH]);
	if (!write_lexicon(&entries, 1, 1, path))
		errx(1, "the real lexicon does not fit into one");
	sizes[ALL] = adopt(path, judges[ALL]);
	/* Ten times may be more than a lexicon holds: then what it does hold. */
	while (!write_lexicon(&entries, 1, times, path))
		times--;
	sizes[MANY] = adopt(path, judges[MANY]);
	rmdir(folder);
	measure(judges[0], SIZES * JUDGES, passwords, timings[0]);
	print_sizes(sizes, timings);
	puts("a tenth: every tenth word by rank; the largest: the real words, and made ones "
	     "spelled\n"
	     "like them, with another vowel for each vowel and another consonant for each "
	     "consonant");
	if (times < 10)
		printf("ten times does not fit into a lexicon: %u times is what does\n", times);
	for (size_t i = 0; i < SIZES * JUDGES; i++)
		a2a_policy_close(judges[i / JUDGES][i % JUDGES].context);
	for (size_t i = 0; i < entries.count; i++)
		free(entries.entry[i].word);
	free(entries.entry);
	free(real);
}

/* ---- Targets --------------------------------------------------------------------------------- */

/* `is_least`: at least the aim, not at most. */
static void print_target(
	const char *what, bool is_least, double aim, const double *found, int count)
{
	printf("%-42s %8s %5.3g", what, is_least ? "at least" : "at most", aim);
	for (int i = 0; i < count; i++) {
		bool reached = is_least ? found[i] >= aim : found[i] <= aim;

		print_figure(10, 2, found[i]);
		printf(" %-8s", !isfinite(found[i]) ? "" : reached ? "reached" : "not");
	}
	puts("");
}

static void print_targets(const struct results *results)
{
	printf("\n%-42s %14s %10s %8s %s\n", "targets", "", "ours", "", "dictcheck=no");
	print_target("times faster than FascistCheck", true, 100, results->than_cracklib, 2);
	print_target(
		"  both right after others", true, 100, results->than_cracklib_after_others, 2);
	print_target("times faster than zxcvbn", true, 4, results->than_zxcvbn, 2);
	print_target("  both right after others", true, 4, results->than_zxcvbn_after_others, 2);
	print_target("256 characters, in times of 8", false, 40, results->growth, 2);
	print_target("private memory, KB", false, 200, results->private_kb, 2);
	printf("%-42s %14s %10s %8s %s\n", "64 threads on one policy", "", "held once", "",
		"  held each time");
	print_target("  percent of the cores' speed-up", true, 80, results->speed_up, WAYS);
	print_target("  CPU, in times of one thread", false, 1.5, results->cpu_growth, WAYS);
	puts("");
	print_target("lexicon, MB", false, 12, &results->lexicon_mb, 1);
	print_target("opening the lexicon, ms", false, 1, &results->lexicon_ms, 1);
}

int main(int argc, char **argv)
{
	struct contender contenders[CONTENDERS];
	struct results results;
	struct passwords passwords;
	struct leaks leaks;
	char *dictionary;

	if (argc == 3 && strcmp(argv[1], "--memory") == 0)
		return run_memory(strtoul(argv[2], NULL, 10));
	leaks = read_leaks();
	passwords = make_passwords(&leaks, SHORT_ONES, SHORTEST, LONGEST);
	dictionary = path_of("dictpath");
	gather(contenders, dictionary);
	compare(contenders, &passwords, &results);
	compare_lengths(contenders, &leaks, &results);
	compare_openings(&results);
	compare_memory(&passwords, &results);
	compare_threads(&passwords, &results);
	compare_sizes(&passwords);
	print_targets(&results);
	return 0;
}
