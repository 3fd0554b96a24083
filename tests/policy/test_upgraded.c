/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files that are replaced as dpkg replaces them, while passwords are judged: new files beside the
 * old ones, a second link to each old file, one rename after the other, and the maintainer scripts
 * of debian/. There is no moment at which a password cannot be judged, and no judgement is wrong.
 *
 *   usage: test_upgraded [SECONDS]     of each race (default: 3)
 */
#define _GNU_SOURCE
#include "fixture.h"
#include "message.h"

#include <endian.h>
#include <glob.h>
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

/* ---- The files ------------------------------------------------------------------------------- */

/* In the order of the package all2all-data, and two of the site. */
enum { LETTERS, DATA, INDEX, SUMS, LEXICON, CATALOGUE, CONFIGURATION, WORDS, FILES };
enum { FILES_OF_DATA = CONFIGURATION };

static const char *const names[FILES] = {
	[LETTERS] = "dictionary.hwm",
	[DATA] = "dictionary.pwd",
	[INDEX] = "dictionary.pwi",
	[SUMS] = "dictionary.sums",
	[LEXICON] = "lexicon",
	[CATALOGUE] = "nl/LC_MESSAGES/all2all.mo",
	[CONFIGURATION] = "all2all.conf",
	[WORDS] = "site.lexicon",
};

enum { OLD, NEW, VERSIONS };

struct site {
	char *folder;
	char *path[FILES];
	unsigned char *bytes[VERSIONS][FILES];
	size_t size[VERSIONS][FILES];
	/* Is called after each change. */
	void (*changed)(const struct site *site, const char *what);
};

static char *text(const char *format, const char *one, const char *other)
{
	char *result = NULL;

	assert_true(asprintf(&result, format, one, other) >= 0);
	return result;
}

static void make_folder(const struct site *site, const char *name)
{
	char *path = text("%s/%s", site->folder, name);

	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
}

static void write_lexicon(const char *path, const char *word, bool has_model)
{
	struct a2a_compiler *compiler = a2a_compiler_new(NULL, NULL);

	assert_true(a2a_compiler_add(compiler, "plafondvaas", 9, A2A_WORD, 0));
	assert_true(a2a_compiler_add(compiler, word, 9, A2A_WORD, 0));
	if (has_model)
		a2a_compiler_train(compiler, word, 1);
	assert_true(a2a_compiler_write(compiler, path));
	a2a_compiler_free(compiler);
}

/* Another format than that of this program. The checksum does not cover the number. */
static void set_format(unsigned char *bytes, uint32_t version)
{
	const uint32_t number = htole32(version);

	memcpy(bytes + offsetof(struct a2a_lexicon_header, version), &number, sizeof(number));
}

static char *configuration(const struct site *site, const char *comment)
{
	char *result = NULL;

	assert_true(asprintf(&result,
			    "# %2$s\nlexicon = %1$s/lexicon\nwords = %1$s/site.lexicon\n"
			    "locale_dir = %1$s\ndictpath = %1$s/dictionary\nlang = nl\n",
			    site->folder, comment) > 0);
	return result;
}

/* The new dictionary has other words, a new lexicon another format. */
static void make_version(struct site *site, int version)
{
	static const char *const words[VERSIONS] = {"glazenbries", "stromwolk"};
	char *few[] = {(char[]){"kvoltabrix"}};
	char *more[] = {(char[]){"aalglazen"}, (char[]){"kvoltabrix"}, (char[]){"vaasplafond"}};
	char *catalogue = in_build("po/nl/LC_MESSAGES/all2all.mo");
	char *dictionary = text("%s/%s", site->folder, "dictionary");

	assert_true(a2a_packed_write(version == NEW ? more : few, version == NEW ? 3 : 1,
		dictionary, htole16(1) == 1 ? A2A_LITTLE_ENDIAN : A2A_BIG_ENDIAN));
	write_lexicon(site->path[LEXICON], words[version], true);
	write_lexicon(site->path[WORDS], words[version], false);
	for (size_t i = 0; i < FILES; i++) {
		if (i == CONFIGURATION)
			continue;
		site->bytes[version][i] = read_file(
			i == CATALOGUE ? catalogue : site->path[i], &site->size[version][i]);
	}
	if (version == NEW) {
		set_format(site->bytes[NEW][LEXICON], A2A_LEXICON_VERSION + 1);
		set_format(site->bytes[NEW][WORDS], A2A_LEXICON_VERSION + 1);
	}
	site->bytes[version][CONFIGURATION] = (unsigned char *)configuration(
		site, version == NEW ? "the new one" : "the old one");
	site->size[version][CONFIGURATION] = strlen((char *)site->bytes[version][CONFIGURATION]);
	free(dictionary);
	free(catalogue);
}

/* Makes both versions, and leaves the files of the old one. */
static void open_site(struct site *site)
{
	*site = (struct site){.folder = new_folder()};
	assert_int_equal(chmod(site->folder, 0755), 0);
	make_folder(site, "nl");
	make_folder(site, "nl/LC_MESSAGES");
	for (size_t i = 0; i < FILES; i++)
		site->path[i] = text("%s/%s", site->folder, names[i]);
	make_version(site, NEW);
	make_version(site, OLD);
	for (size_t i = 0; i < FILES; i++)
		write_file(site->path[i], site->bytes[OLD][i], site->size[OLD][i]);
}

static void close_site(struct site *site)
{
	for (size_t i = 0; i < FILES; i++) {
		free(site->path[i]);
		for (size_t j = 0; j < VERSIONS; j++)
			free(site->bytes[j][i]);
	}
	remove_folder(site->folder);
}

/* ---- What dpkg does -------------------------------------------------------------------------- */

static void did(const struct site *site, const char *what)
{
	if (site->changed)
		site->changed(site, what);
}

static void move(const struct site *site, size_t which, const char *ending)
{
	char *from = text("%s%s", site->path[which], ending);
	char *what = text("%s is renamed from *%s", names[which], ending);

	assert_int_equal(rename(from, site->path[which]), 0);
	did(site, what);
	free(what);
	free(from);
}

static void make_link(const struct site *site, size_t which, const char *ending)
{
	char *other = text("%s%s", site->path[which], ending);
	char *what = text("%s has a link *%s", names[which], ending);

	unlink(other);
	assert_int_equal(link(site->path[which], other), 0);
	did(site, what);
	free(what);
	free(other);
}

static void remove_link(const struct site *site, size_t which, const char *ending)
{
	char *other = text("%s%s", site->path[which], ending);
	char *what = text("%s has no link *%s", names[which], ending);

	assert_int_equal(unlink(other), 0);
	did(site, what);
	free(what);
	free(other);
}

static void write_beside(const struct site *site, int version, size_t which, const char *ending)
{
	char *other = text("%s%s", site->path[which], ending);

	write_file(other, site->bytes[version][which], site->size[version][which]);
	free(other);
}

/* dpkg, tar_deferred_extract(): all files are extracted before the first gets its name. */
static void unpack_data(const struct site *site, int version)
{
	for (size_t i = 0; i < FILES_OF_DATA; i++) {
		write_beside(site, version, i, ".dpkg-new");
		make_link(site, i, ".dpkg-tmp");
	}
	for (size_t i = 0; i < FILES_OF_DATA; i++)
		move(site, i, ".dpkg-new");
	for (size_t i = 0; i < FILES_OF_DATA; i++)
		remove_link(site, i, ".dpkg-tmp");
}

/* A configuration that the administrator lets dpkg replace, and all2all-dict upgrade. */
static void configure(const struct site *site, int version)
{
	write_beside(site, version, CONFIGURATION, ".dpkg-new");
	make_link(site, CONFIGURATION, ".dpkg-old");
	move(site, CONFIGURATION, ".dpkg-new");
	write_beside(site, version, WORDS, ".XXXXXX");
	move(site, WORDS, ".XXXXXX");
}

/* Runs a maintainer script of debian/ on the site's folder. It must not touch this machine. */
static void run_script(const struct site *site, const char *script, const char *argument)
{
	static const char format[] =
		"mkdir -p '%1$s/bin' && for name in pam-auth-update all2all-pwcheck; do "
		"printf '#!/bin/sh\\n' >'%1$s/bin'/$name && chmod 755 '%1$s/bin'/$name || exit 1; "
		"done && "
		"PATH='%1$s/bin':$PATH && [ ! -e '%2$s/debian/%3$s' ] || "
		"sed 's,/usr/share/all2all,%1$s,g; /^#DEBHELPER#/d' '%2$s/debian/%3$s' | "
		"sh -s -- %4$s 0.1.0";
	const char *source = getenv("A2A_SOURCE");
	char *command = NULL;

	assert_non_null(source);
	assert_true(asprintf(&command, format, site->folder, source, script, argument) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	did(site, script);
}

/* ---- What a program does meanwhile ----------------------------------------------------------- */

/* Judges one password. Returns false, having reported, when it cannot. */
static bool judge(const struct a2a_settings *settings, const char *password, bool good,
	const struct a2a_log *log)
{
	const struct secret secret = a2a_secret_borrow(password, strlen(password));
	struct a2a_policy *policy = a2a_policy_open(settings, log);
	struct a2a_verdict verdict = {0};
	const bool is_judged = policy && a2a_judge(policy, &secret, NULL, &verdict, log);

	a2a_policy_close(policy);
	if (is_judged && verdict.accepted != good)
		a2a_fault(log, NULL, "%s has the wrong verdict", password);
	return is_judged && verdict.accepted == good;
}

/* Reads what the module reads first. */
static bool speak(const struct site *site, const struct a2a_log *log)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_messages *messages = NULL;
	bool ok = a2a_settings_read_file(settings, site->path[CONFIGURATION], false, log);

	if (ok)
		messages = a2a_messages_open(settings, log);
	a2a_messages_close(messages);
	a2a_settings_free(settings);
	return ok && messages;
}

/* Does what the module does, and judges a password by cracklib alone. */
static bool work(const struct site *site, const struct a2a_log *log)
{
	struct a2a_settings *settings = a2a_settings_new();
	bool ok = speak(site, log) &&
		  a2a_settings_read_file(settings, site->path[CONFIGURATION], false, log);

	ok = ok && judge(settings, "Plafondvaas1", false, log) &&
	     judge(settings, "k7hq2mzdw4vp", true, log);
	/* Without the guess number, every verdict depends on cracklib. */
	settings->min_guesses = 0;
	ok = ok && judge(settings, "kvoltabrix1", false, log);
	a2a_settings_free(settings);
	return ok;
}

/* ---- Step by step ---------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* However long dpkg takes for the next step, a program can judge, and does not wait for it. */
static void can_judge(const struct site *site, const char *what)
{
	const double begun = now();
	struct reports reports;

	reports_start(&reports);
	if (!work(site, &reports.log))
		fail_msg("%s: %s", what, reports.text);
	/* a2a_dictionary_wait() would take two seconds. */
	if (now() - begun > 1.9)
		fail_msg("%s: a judgement took %.1f s", what, now() - begun);
}

static void upgrade(const struct site *site, int version)
{
	run_script(site, "all2all-data.preinst", "upgrade");
	unpack_data(site, version);
	run_script(site, "all2all-data.postinst", "configure");
	run_script(site, "libpam-all2all.postinst", "configure");
	configure(site, version);
}

/* Says which lexicons and which dictionary are kept beside the others. The caller frees it. */
static char *kept_files(const struct site *site)
{
	char *lexicons = text("%s/%s", site->folder, "lexicon.[0-9]*");
	char *dictionary = text("%s/%s", site->folder, "dictionary.kept.*");
	char *kept = text("%s%s", "", "");
	glob_t found = {0};

	glob(lexicons, 0, NULL, &found);
	glob(dictionary, GLOB_APPEND, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *longer = text("%s %s", kept, strrchr(found.gl_pathv[i], '/') + 1);

		free(kept);
		kept = longer;
	}
	globfree(&found);
	free(dictionary);
	free(lexicons);
	return kept;
}

static void assert_kept(const struct site *site, const char *expected)
{
	char *kept = kept_files(site);

	assert_string_equal(kept, expected);
	free(kept);
}

/* Checks that the lexicon of a format is kept, and nothing else. */
static void assert_kept_format(const struct site *site, unsigned format)
{
	char expected[32];

	snprintf(expected, sizeof(expected), " lexicon.%u", format);
	assert_kept(site, expected);
}

static void in_each_step_of_an_upgrade_it_can_judge(void **state)
{
	struct site site;

	(void)state;
	open_site(&site);
	site.changed = can_judge;
	can_judge(&site, "before");
	/* At the end, this program is one that began before the upgrade and was not restarted. */
	upgrade(&site, NEW);
	assert_kept_format(&site, A2A_LEXICON_VERSION);
	/* Back, to a format that this program reads; the other one is kept now. */
	upgrade(&site, OLD);
	assert_kept_format(&site, A2A_LEXICON_VERSION + 1);
	/* Nothing is kept for an upgrade to the same format. */
	upgrade(&site, OLD);
	assert_kept_format(&site, A2A_LEXICON_VERSION + 1);
	run_script(&site, "all2all-data.postrm", "remove");
	assert_kept(&site, "");
	close_site(&site);
}

/* The power fails after any of the renames; then dpkg begins again. */
static void an_upgrade_that_was_cut_off_begins_again(void **state)
{
	(void)state;
	for (size_t done = 1; done < FILES_OF_DATA; done++) {
		struct site site;

		open_site(&site);
		run_script(&site, "all2all-data.preinst", "upgrade");
		for (size_t i = 0; i < done; i++) {
			write_beside(&site, NEW, i, ".dpkg-new");
			move(&site, i, ".dpkg-new");
		}
		site.changed = can_judge;
		upgrade(&site, NEW);
		assert_kept_format(&site, A2A_LEXICON_VERSION);
		close_site(&site);
	}
}

/* dpkg puts the old files back, then calls the new script. */
static void an_upgrade_that_is_given_up_leaves_nothing(void **state)
{
	struct site site;

	(void)state;
	open_site(&site);
	site.changed = can_judge;
	run_script(&site, "all2all-data.preinst", "upgrade");
	for (size_t i = 0; i < FILES_OF_DATA; i++) {
		write_beside(&site, NEW, i, ".dpkg-new");
		make_link(&site, i, ".dpkg-tmp");
	}
	for (size_t i = 0; i < FILES_OF_DATA; i++)
		move(&site, i, ".dpkg-new");
	for (size_t i = 0; i < FILES_OF_DATA; i++)
		move(&site, i, ".dpkg-tmp");
	run_script(&site, "all2all-data.postrm", "abort-upgrade");
	assert_kept(&site, "");
	close_site(&site);
}

/* ---- As fast as can be ----------------------------------------------------------------------- */

/* The first one only reads, and so reads the more. */
enum { PROGRAMS = 3 };

/* Shared with the parent. */
struct tally {
	volatile bool stop;
	unsigned rounds[PROGRAMS], faults[PROGRAMS];
	char first[PROGRAMS][512]; /* fault */
};

static void run_program(const struct site *site, struct tally *tally, size_t number)
{
	struct reports reports;

	while (!tally->stop) {
		bool ok;

		reports_start(&reports);
		ok = number == 0 ? speak(site, &reports.log) : work(site, &reports.log);
		if (!ok && tally->faults[number]++ == 0)
			snprintf(tally->first[number], sizeof(tally->first[number]), "%.500s",
				reports.text);
		tally->rounds[number]++;
	}
}

static double seconds = 3;

static unsigned replace_all_the_time(const struct site *site)
{
	unsigned upgrades = 0;

	for (double begun = now(); now() - begun < seconds; upgrades++) {
		const int version = upgrades % 2 ? OLD : NEW;

		unpack_data(site, version);
		configure(site, version);
	}
	return upgrades;
}

static void race(void (*become)(void))
{
	struct tally *tally = mmap(
		NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child[PROGRAMS];
	unsigned upgrades;
	struct site site;

	assert_ptr_not_equal(tally, MAP_FAILED);
	open_site(&site);
	/* What each upgrade begins with: it keeps what programs like these need. */
	run_script(&site, "all2all-data.preinst", "upgrade");
	for (size_t i = 0; i < PROGRAMS; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			become();
			run_program(&site, tally, i);
			_exit(0);
		}
	}
	upgrades = replace_all_the_time(&site);
	tally->stop = true;
	for (size_t i = 0; i < PROGRAMS; i++) {
		int status;

		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	print_message("%u upgrades, %u readings, %u judgements\n", upgrades, tally->rounds[0],
		3 * (tally->rounds[1] + tally->rounds[2]));
	for (size_t i = 0; i < PROGRAMS; i++) {
		if (tally->faults[i])
			fail_msg("%u faults, the first: %s", tally->faults[i], tally->first[i]);
		assert_true(tally->rounds[i] > 0);
	}
	close_site(&site);
	munmap(tally, sizeof(*tally));
}

static void stay(void)
{
}

static void at_full_speed_no_password_is_turned_away(void **state)
{
	(void)state;
	race(stay);
}

static void become_nobody(void)
{
	if (setuid(65534))
		_exit(1);
}

/* Another user than the owner of the files gets no lease, but a copy. */
static void nor_without_a_lease(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	race(become_nobody);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_each_step_of_an_upgrade_it_can_judge),
		cmocka_unit_test(an_upgrade_that_was_cut_off_begins_again),
		cmocka_unit_test(an_upgrade_that_is_given_up_leaves_nothing),
		cmocka_unit_test(at_full_speed_no_password_is_turned_away),
		cmocka_unit_test(nor_without_a_lease),
	};

	if (argc > 1)
		seconds = atof(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
