/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files that somebody rewrites or cuts in place while they are in use. A child opens everything and
 * judges, again and again; whatever is done to its files, no signal ends it, and each answer is
 * right or a fault.
 */
#define _GNU_SOURCE
#include "fixture.h"
#include "generate.h"
#include "message.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compile.h"
#include "packed_write.h"
#include "paths.h"

/* ---- The files ------------------------------------------------------------------------------- */

enum { CONFIGURATION, LEXICON, WORDS, CATALOGUE, WORD_LIST, INDEX, DATA, LETTERS, FILES };

struct site {
	char *folder;
	char *path[FILES];
	unsigned char *bytes[FILES];
	size_t size[FILES];
};

static char *join(const char *folder, const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	return path;
}

static void make_folder(const char *folder, const char *name)
{
	char *path = join(folder, name);

	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
}

static void write_words(const char *path)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	assert_true(a2a_compiler_add(compiler, "kvoltabrix", 2, A2A_OWN, 0));
	assert_true(a2a_compiler_write(compiler, path));
	a2a_compiler_free(compiler);
}

static void open_site(struct site *site)
{
	static const struct {
		const char *name, *source;
	} files[FILES] = {
		[CONFIGURATION] = {"all2all.conf"},
		[LEXICON] = {"lexicon", "dict/words/lexicon"},
		[WORDS] = {"words"},
		[CATALOGUE] = {"nl/LC_MESSAGES/all2all.mo", "po/nl/LC_MESSAGES/all2all.mo"},
		[WORD_LIST] = {"nl.txt", "dict/words/nl.txt"},
		[INDEX] = {"dictionary.pwi", "dict/words/" A2A_DICTIONARY_NAME ".pwi"},
		[DATA] = {"dictionary.pwd", "dict/words/" A2A_DICTIONARY_NAME ".pwd"},
		[LETTERS] = {"dictionary.hwm", "dict/words/" A2A_DICTIONARY_NAME ".hwm"},
	};
	char *text = NULL;

	*site = (struct site){.folder = new_folder()};
	assert_int_equal(chmod(site->folder, 0755), 0);
	make_folder(site->folder, "nl");
	make_folder(site->folder, "nl/LC_MESSAGES");
	for (size_t i = 0; i < FILES; i++) {
		site->path[i] = join(site->folder, files[i].name);
		if (files[i].source) {
			char *source = in_build(files[i].source);

			site->bytes[i] = read_file(source, &site->size[i]);
			write_file(site->path[i], site->bytes[i], site->size[i]);
			free(source);
		}
	}
	write_words(site->path[WORDS]);
	site->bytes[WORDS] = read_file(site->path[WORDS], &site->size[WORDS]);
	/* Without its last line, another password is accepted. */
	assert_true(asprintf(&text,
			    "lexicon = %1$s/lexicon\nwords = %1$s/words\nlocale_dir = %1$s\n"
			    "dictpath = %1$s/dictionary\nword_list_dir = %1$s\nlang = nl\n"
			    "# %2$2000d\nmin_length = 11\n",
			    site->folder, 0) > 0);
	site->bytes[CONFIGURATION] = (unsigned char *)text;
	site->size[CONFIGURATION] = strlen(text);
	write_file(site->path[CONFIGURATION], text, strlen(text));
}

static void close_site(struct site *site)
{
	for (size_t i = 0; i < FILES; i++) {
		free(site->path[i]);
		free(site->bytes[i]);
	}
	remove_folder(site->folder);
}

/* ---- The child ------------------------------------------------------------------------------- */

/* Shared with the parent. */
struct tally {
	volatile sig_atomic_t stop;
	unsigned right, wrong, faults, rounds;
	volatile sig_atomic_t signals;
	bool still_pending;
};

static struct tally *tally;

static void ignore_reports(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	(void)text;
}

static const struct a2a_log quiet = {ignore_reports, NULL};

static void count(bool is_judged, bool is_right)
{
	tally->faults += !is_judged;
	tally->right += is_judged && is_right;
	tally->wrong += is_judged && !is_right;
}

static void judge(const struct a2a_policy *policy)
{
	static const struct {
		const char *password;
		bool good;
	} passwords[] = {
		{"Welkom2026Welkom", false},
		{"kvoltabrix7", false},
		{"k7hq2mzdw4", false}, /* 10 characters */
		{"k7hq2mzdw4vp", true},
	};

	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++) {
		const struct secret password =
			a2a_secret_borrow(passwords[i].password, strlen(passwords[i].password));
		struct a2a_verdict verdict;
		bool is_judged = a2a_judge(policy, &password, NULL, &verdict, &quiet);

		count(is_judged, verdict.accepted == passwords[i].good);
		/* A fault is a refusal. */
		tally->wrong += !is_judged && verdict.accepted;
	}
}

/* Without the guess number, every verdict depends on cracklib. */
static void ask_cracklib(struct a2a_settings *settings)
{
	static const char good[] = "k7hq2mzdw4vp";
	const struct secret password = a2a_secret_borrow(good, sizeof(good) - 1);
	struct a2a_policy *policy;

	settings->min_guesses = 0;
	policy = a2a_policy_open(settings, &quiet);
	if (!policy)
		count(false, false);
	for (unsigned i = 0; policy && i < 5; i++) {
		struct a2a_verdict verdict;
		const bool is_judged = a2a_judge(policy, &password, NULL, &verdict, &quiet);

		count(is_judged, verdict.accepted);
		tally->wrong += !is_judged && verdict.accepted;
	}
	a2a_policy_close(policy);
}

static void speak(const struct a2a_settings *settings)
{
	struct a2a_messages *messages = a2a_messages_open(settings, &quiet);

	if (messages)
		count(true, strcmp(a2a_message_sentence(messages, 0, A2A_SAY_ASK), "") != 0);
	else
		count(false, false);
	a2a_messages_close(messages);
}

static void generate(const struct a2a_policy *policy)
{
	const struct a2a_recipe recipe = {.style = A2A_WORDS, .language = "nl"};
	struct a2a_generator *generator = a2a_generator_open(policy, &recipe, &quiet);
	struct secret password = {0};

	/* With half a list, the number of bits would be another. */
	if (generator)
		count(true, a2a_generator_bits(generator) > 60);
	else
		count(false, false);
	if (generator && a2a_generate(generator, NULL, &password, &quiet))
		count(true, password.length > 10);
	a2a_secret_wipe(&password);
	a2a_generator_close(generator);
}

static void work(const struct site *site)
{
	while (!tally->stop) {
		struct a2a_settings *settings = a2a_settings_new();
		struct a2a_policy *policy = NULL;

		if (a2a_settings_read_file(settings, site->path[CONFIGURATION], false, &quiet))
			policy = a2a_policy_open(settings, &quiet);
		if (policy) {
			speak(settings);
			generate(policy);
			for (unsigned i = 0; i < 20; i++)
				judge(policy);
			ask_cracklib(settings);
		} else {
			count(false, false);
		}
		a2a_policy_close(policy);
		a2a_settings_free(settings);
		tally->rounds++;
	}
}

/* ---- The host's own use of the signal -------------------------------------------------------- */

static void take_signal(int number)
{
	(void)number;
	tally->signals++;
}

enum host { DEFAULT, HANDLER, PENDING, NOBODY };

static void start_host(enum host host)
{
	const struct sigaction action = {.sa_handler = take_signal};
	sigset_t sigio;

	sigemptyset(&sigio);
	sigaddset(&sigio, SIGIO);
	/* Another user than the owner of the files gets no lease, but a copy. */
	if (host == NOBODY && setuid(65534))
		_exit(1);
	if (host == HANDLER || host == PENDING)
		sigaction(SIGIO, &action, NULL);
	if (host == PENDING) {
		sigprocmask(SIG_BLOCK, &sigio, NULL);
		kill(getpid(), SIGIO);
	}
}

/* What was blocked and pending before must be so afterwards, once. */
static void end_host(enum host host)
{
	const struct timespec now = {0};
	sigset_t sigio, pending;

	sigemptyset(&sigio);
	sigaddset(&sigio, SIGIO);
	if (host != PENDING)
		return;
	sigpending(&pending);
	tally->still_pending = sigismember(&pending, SIGIO) &&
			       sigtimedwait(&sigio, NULL, &now) == SIGIO &&
			       sigtimedwait(&sigio, NULL, &now) == -1;
}

/* ---- The parent ------------------------------------------------------------------------------ */

static void wait_a_little(unsigned microseconds)
{
	const struct timespec time = {0, (long)microseconds * 1000};

	nanosleep(&time, NULL);
}

static void rewrite(const struct site *site, size_t which)
{
	const size_t half = site->size[which] / 2;
	int fd = open(site->path[which], O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, site->bytes[which], half), half);
	wait_a_little(200);
	assert_int_equal(write(fd, site->bytes[which] + half, site->size[which] - half),
		site->size[which] - half);
	assert_int_equal(close(fd), 0);
}

/* Cuts the file, and writes it again. In between it is at rest, and short. */
static void cut(const struct site *site, size_t which)
{
	assert_int_equal(truncate(site->path[which], (off_t)site->size[which] / 3), 0);
	wait_a_little(300);
	rewrite(site, which);
}

/* As dpkg replaces a file. */
static void rename_over(const char *path, const void *bytes, size_t size)
{
	char *temporary = NULL;

	assert_true(asprintf(&temporary, "%s.dpkg-new", path) > 0);
	write_file(temporary, bytes, size);
	assert_int_equal(rename(temporary, path), 0);
	free(temporary);
}

/* Replaces the dictionary by a small one, or by the one that it was if `which` is DATA: the three
 * files one after the other, as slowly as a busy machine. In between they do not belong together.
 */
static void replace_dictionary(const struct site *site, size_t which)
{
	static const size_t order[] = {LETTERS, DATA, INDEX};
	static const char *const endings[] = {
		[INDEX] = ".pwi", [DATA] = ".pwd", [LETTERS] = ".hwm"};
	char *prefix = join(site->folder, "small");

	assert_true(a2a_packed_write((char *[]){(char[]){"kvoltabrix"}}, 1, prefix,
		htole16(1) == 1 ? A2A_LITTLE_ENDIAN : A2A_BIG_ENDIAN));
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const size_t file = order[i];
		char *path = NULL;
		unsigned char *bytes;
		size_t size;

		assert_true(asprintf(&path, "%s%s", prefix, endings[file]) > 0);
		bytes = read_file(path, &size);
		if (which == DATA)
			rename_over(site->path[file], site->bytes[file], site->size[file]);
		else
			rename_over(site->path[file], bytes, size);
		wait_a_little(100000);
		free(bytes);
		free(path);
	}
	wait_a_little(400000);
	free(prefix);
}

static void assert_nothing_was_written(const char *folder)
{
	char *path = join(folder, "stderr");
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 0);
	free(path);
}

static void attack(enum host host, const size_t *which, size_t files, unsigned times,
	void (*change)(const struct site *site, size_t which), unsigned most_faults)
{
	struct site site;
	unsigned rounds;
	pid_t child;
	int status;

	tally = mmap(
		NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(tally, MAP_FAILED);
	open_site(&site);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char *path = join(site.folder, "stderr");

		/* cmocka would catch them. */
		signal(SIGBUS, SIG_DFL);
		signal(SIGSEGV, SIG_DFL);
		/* cracklib writes there what it does not like. */
		assert_non_null(freopen(path, "we", stderr));
		start_host(host);
		work(&site);
		end_host(host);
		_exit(0);
	}
	for (unsigned i = 0; i < times; i++) {
		change(&site, which[i % files]);
		wait_a_little(500 + 700 * (i % 16));
	}
	/* Let it judge in peace, too. */
	rounds = tally->rounds;
	while (tally->rounds < rounds + 3 && waitpid(child, &status, WNOHANG) == 0)
		wait_a_little(1000);
	tally->stop = 1;
	waitpid(child, &status, 0);
	print_message("%u right, %u faults, %u wrong in %u rounds\n", tally->right, tally->faults,
		tally->wrong, tally->rounds);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fail_msg("the child was ended by signal %d", WTERMSIG(status));
	assert_int_equal(tally->wrong, 0);
	assert_true(tally->faults <= most_faults);
	assert_true(tally->right > 0);
	assert_int_equal(tally->signals, 0);
	if (host == PENDING)
		assert_true(tally->still_pending);
	assert_nothing_was_written(site.folder);
	close_site(&site);
	munmap(tally, sizeof(*tally));
}

#define ATTACK(host, times, change, ...)            \
	attack(host, (const size_t[]){__VA_ARGS__}, \
		sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t), times, change, UINT_MAX)

static void a_configuration_is_rewritten(void **state)
{
	(void)state;
	ATTACK(DEFAULT, 400, rewrite, CONFIGURATION);
}

static void a_lexicon_is_rewritten(void **state)
{
	(void)state;
	ATTACK(DEFAULT, 100, rewrite, LEXICON);
}

static void a_lexicon_is_cut(void **state)
{
	(void)state;
	ATTACK(DEFAULT, 100, cut, LEXICON);
}

static void other_files_are_cut(void **state)
{
	(void)state;
	ATTACK(DEFAULT, 200, cut, WORDS, CATALOGUE, WORD_LIST);
}

static void a_dictionary_is_cut(void **state)
{
	(void)state;
	ATTACK(DEFAULT, 60, cut, INDEX, DATA, LETTERS);
}

/* A package that is upgraded turns nobody away. */
static void a_dictionary_is_replaced(void **state)
{
	(void)state;
	attack(DEFAULT, (const size_t[]){INDEX, DATA}, 2, 8, replace_dictionary, 0);
}

static void a_handler_of_the_host_is_not_called(void **state)
{
	(void)state;
	ATTACK(HANDLER, 100, cut, LEXICON, WORDS);
}

static void a_pending_signal_of_the_host_stays(void **state)
{
	(void)state;
	ATTACK(PENDING, 100, cut, LEXICON, WORDS);
}

static void without_a_lease_there_is_a_copy(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	ATTACK(NOBODY, 100, cut, LEXICON, WORDS, CATALOGUE);
}

/* A judgement that is never over would keep a writer waiting: 16 threads judge all the time. */
static void *judge_on(void *policy)
{
	while (!tally->stop) {
		const struct secret password = a2a_secret_borrow("Welkom2026Welkom", 16);
		struct a2a_verdict verdict;

		if (a2a_judge(policy, &password, NULL, &verdict, &quiet) && verdict.accepted)
			abort();
	}
	return NULL;
}

/* Draws passwords of which one in 200,000 is taken. */
static void *draw_on(void *policy)
{
	enum { COUNT = 20 };
	struct secret passwords[COUNT] = {{0}};
	struct a2a_generator *generator =
		a2a_generator_open(policy, &(struct a2a_recipe){.length = 12}, &quiet);

	if (!generator)
		abort();
	while (!tally->stop) {
		/* A fault, when it meets the writer. */
		tally->rounds += a2a_generate_many(generator, passwords, COUNT, 1, &quiet);
		for (size_t i = 0; i < COUNT; i++)
			a2a_secret_wipe(&passwords[i]);
	}
	a2a_generator_close(generator);
	return NULL;
}

static void keep_no_writer_waiting(void *(*judge_or_draw)(void *policy), size_t threads)
{
	enum { MOST_THREADS = 16 };
	pthread_t thread[MOST_THREADS];
	struct a2a_settings *settings;
	struct a2a_policy *policy;
	struct timespec start, end;
	struct tally here = {0};
	struct site site;

	tally = &here;
	open_site(&site);
	settings = a2a_settings_new();
	assert_true(a2a_settings_read_file(settings, site.path[CONFIGURATION], false, &quiet));
	settings->min_digits = 9;
	policy = a2a_policy_open(settings, &quiet);
	assert_non_null(policy);
	for (size_t i = 0; i < threads; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, judge_or_draw, policy), 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned i = 0; i < 20; i++) {
		int fd;

		/* Let them begin again. */
		wait_a_little(50000);
		fd = open(site.path[LEXICON], O_WRONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		close(fd);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	here.stop = 1;
	for (size_t i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	/* The kernel would take the lease away after 45 seconds. */
	assert_true(end.tv_sec - start.tv_sec < 20);
	a2a_policy_close(policy);
	a2a_settings_free(settings);
	close_site(&site);
}

static void threads_do_not_keep_a_writer_waiting(void **state)
{
	(void)state;
	keep_no_writer_waiting(judge_on, 16);
	keep_no_writer_waiting(draw_on, 2);
}

/* Opens a site and the policy of its configuration. */
static struct a2a_policy *open_policy(struct site *site, struct reports *reports)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_policy *policy;

	reports_start(reports);
	open_site(site);
	assert_true(
		a2a_settings_read_file(settings, site->path[CONFIGURATION], false, &reports->log));
	policy = a2a_policy_open(settings, &reports->log);
	assert_non_null(policy);
	a2a_settings_free(settings);
	return policy;
}

/* A link to the lexicon, or a package that replaces it, changes its time, but not its bytes. */
static void a_lexicon_that_is_replaced_stays_in_use(void **state)
{
	const struct secret password = a2a_secret_borrow("Welkom2026Welkom", 16);
	struct a2a_policy *policy;
	struct a2a_verdict verdict;
	struct reports reports;
	struct site site;
	char *other;

	(void)state;
	policy = open_policy(&site, &reports);
	other = join(site.folder, "other");
	write_file(other, "not a lexicon", 13);
	assert_int_equal(rename(other, site.path[LEXICON]), 0);
	assert_true(a2a_judge(policy, &password, NULL, &verdict, &reports.log));
	assert_int_equal(verdict.finding[0].rule, A2A_GUESSABLE);
	assert_int_equal(reports.faults, 0);
	free(other);
	a2a_policy_close(policy);
	close_site(&site);
}

/* In the lexicon in use one bit is another, and nothing tells but its time. */
static void a_changed_lexicon_is_a_fault(void **state)
{
	const struct secret password = a2a_secret_borrow("k7hq2mzdw4vp", 12);
	struct a2a_policy *policy;
	struct a2a_verdict verdict;
	struct reports reports;
	struct site site;
	int fd;

	(void)state;
	policy = open_policy(&site, &reports);
	assert_true(a2a_judge(policy, &password, NULL, &verdict, &reports.log));
	site.bytes[LEXICON][site.size[LEXICON] / 2] ^= 1;
	fd = open(site.path[LEXICON], O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, site.bytes[LEXICON], site.size[LEXICON]), site.size[LEXICON]);
	close(fd);
	assert_false(a2a_judge(policy, &password, NULL, &verdict, &reports.log));
	assert_false(verdict.accepted);
	assert_int_equal(reports.faults, 1);
	assert_non_null(strstr(reports.text, site.path[LEXICON]));
	a2a_policy_close(policy);
	close_site(&site);
}

/* A host may close every descriptor, and open others under their numbers. */
static void a_closed_descriptor_is_a_fault(void **state)
{
	const struct secret password = a2a_secret_borrow("k7hq2mzdw4vp", 12);
	struct a2a_policy *policy;
	struct a2a_verdict verdict;
	struct reports reports;
	struct site site;
	int fd[64];

	(void)state;
	policy = open_policy(&site, &reports);
	for (int i = 3; i < 64; i++)
		close(i);
	for (int i = 3; i < 64; i++)
		fd[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_false(a2a_judge(policy, &password, NULL, &verdict, &reports.log));
	assert_false(verdict.accepted);
	assert_int_equal(reports.faults, 1);
	a2a_policy_close(policy);
	for (int i = 3; i < 64; i++)
		assert_int_equal(close(fd[i]), 0);
	close_site(&site);
}

static void what_is_tried_is_what_judging_does(void **state)
{
	struct a2a_policy *policy;
	struct reports reports;
	struct site site;

	(void)state;
	policy = open_policy(&site, &reports);
	assert_true(a2a_policy_try(policy, &reports.log));
	assert_int_equal(reports.faults, 0);
	unlink(site.path[LETTERS]);
	assert_false(a2a_policy_try(policy, &reports.log));
	assert_true(reports.faults > 0);
	a2a_policy_close(policy);
	close_site(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_configuration_is_rewritten),
		cmocka_unit_test(a_lexicon_is_rewritten),
		cmocka_unit_test(a_lexicon_is_cut),
		cmocka_unit_test(other_files_are_cut),
		cmocka_unit_test(a_dictionary_is_cut),
		cmocka_unit_test(a_dictionary_is_replaced),
		cmocka_unit_test(a_handler_of_the_host_is_not_called),
		cmocka_unit_test(a_pending_signal_of_the_host_stays),
		cmocka_unit_test(without_a_lease_there_is_a_copy),
		cmocka_unit_test(threads_do_not_keep_a_writer_waiting),
		cmocka_unit_test(a_lexicon_that_is_replaced_stays_in_use),
		cmocka_unit_test(a_changed_lexicon_is_a_fault),
		cmocka_unit_test(a_closed_descriptor_is_a_fault),
		cmocka_unit_test(what_is_tried_is_what_judging_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
