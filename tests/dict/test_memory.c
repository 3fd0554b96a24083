/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Compiles lists without memory: whichever allocation fails, the library reports it, returns false
 * and leaves nothing behind. The linker redirects the allocations of our code to the functions
 * __wrap_*.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile.h"
#include "lists.h"
#include "words.h"

/* The number of the allocation since arm() that fails; 0: none fails. */
static size_t failing, allocations;
static bool is_for_good; /* those after it fail, too */

static void arm(size_t number, bool for_good)
{
	failing = number;
	allocations = 0;
	is_for_good = for_good;
}

static bool is_out_of_memory(void)
{
	const bool is_out =
		failing && (++allocations == failing || (is_for_good && allocations > failing));

	if (is_out)
		errno = ENOMEM;
	return is_out;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_reallocarray(void *block, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
FILE *__real_open_memstream(char **text, size_t *size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);
FILE *__wrap_open_memstream(char **text, size_t *size);
int __wrap_asprintf(char **text, const char *format, ...);
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...);

void *__wrap_malloc(size_t size)
{
	return is_out_of_memory() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return is_out_of_memory() ? NULL : __real_calloc(count, size);
}

void *__wrap_reallocarray(void *block, size_t count, size_t size)
{
	return is_out_of_memory() ? NULL : __real_reallocarray(block, count, size);
}

char *__wrap_strdup(const char *text)
{
	return is_out_of_memory() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
	return is_out_of_memory() ? NULL : __real_strndup(text, length);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	return is_out_of_memory() ? NULL : __real_open_memstream(text, size);
}

/* glibc leaves `*text` undefined when it fails. */
static int print(char **text, const char *format, va_list arguments)
{
	*text = (char *)1;
	return is_out_of_memory() ? -1 : vasprintf(text, format, arguments);
}

int __wrap_asprintf(char **text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = print(text, format, arguments);
	va_end(arguments);
	return length;
}

int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
	va_list arguments;
	int length;

	(void)flag;
	va_start(arguments, format);
	length = print(text, format, arguments);
	va_end(arguments);
	return length;
}

/* ---- Lists of every kind --------------------------------------------------------------------- */

static char *folder, *sources, *lists[2];

static char *in_folder(const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	return path;
}

static void put(const char *name, const char *text)
{
	char *path = in_folder(name);

	write_file(path, text, strlen(text));
	free(path);
}

static int make_lists(void **state)
{
	char *own;

	(void)state;
	folder = new_folder();
	own = in_folder("own");
	assert_int_equal(mkdir(own, 0755), 0);
	free(own);
	put("passwords", "#! a heading\nsecret\nazerty\n");
	put("model", "\\1-grams:\n9 <s>\n5 bonjour\n7 maison\n\\2-grams:\n");
	put("lexicon", "Maison\nMüller\n");
	put("leaked", "thx-1138\ndragonfly\nfour-1138\n");
	put("own/one.txt", "# ours\nSint-Gillis\n");
	put("own/two.txt", "pompelmoes\n");
	put("sources.conf", "* password required 0 1:3:1 - passwords\n"
			    "fr ranked required 2 2:1 - model\n"
			    "de lexicon required 0 - - lexicon\n"
			    "* leaked required 0 1 - leaked\n"
			    "* password optional 0 - ncrack /nowhere\n"
			    "* own required 1 1 - own\n");
	sources = in_folder("sources.conf");
	lists[0] = in_folder("own/one.txt");
	lists[1] = in_folder("own/two.txt");
	return 0;
}

static int remove_lists(void **state)
{
	(void)state;
	free(sources);
	free(lists[0]);
	free(lists[1]);
	remove_folder(folder);
	return 0;
}

static bool compile(const char *output, const struct a2a_lists_observer *observer)
{
	return a2a_lists_compile(sources, "/nonexistent", output, observer);
}

static bool compile_site(const char *output, const struct a2a_lists_observer *observer)
{
	return a2a_lists_compile_site(lists, 2, output, observer);
}

/* Returns the number of files directly in the folder. */
static size_t count_files(void)
{
	char *pattern = in_folder("*");
	glob_t found;
	size_t count;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	count = found.gl_pathc;
	globfree(&found);
	free(pattern);
	return count;
}

static bool says_why(const struct reports *reports)
{
	return reports->faults &&
	       (strstr(reports->text, "out of memory") || strstr(reports->text, strerror(ENOMEM)));
}

/* Lets the first allocation fail, then the second and so on, until there are no more. */
static void fail_each(
	bool (*work)(const char *output, const struct a2a_lists_observer *observer), bool for_good)
{
	char *output = in_folder("lexicon.out"), *kept;
	const size_t files = count_files();
	size_t number = 0;
	bool ok = false;

	while (!ok) {
		struct reports reports;
		const struct a2a_lists_observer observer = {.log = &reports.log};

		reports_start(&reports);
		arm(++number, for_good);
		ok = work(output, &observer);
		failing = 0;
		if (ok != (access(output, F_OK) == 0))
			fail_msg("allocation %zu: there is a file, or none", number);
		if (ok != !says_why(&reports))
			fail_msg("allocation %zu: %s", number, reports.text);
		if (!ok && count_files() != files)
			fail_msg("allocation %zu: something is left", number);
	}
	print_message("%zu allocations\n", number - 1);
	assert_true(number > 20);
	unlink(output);
	kept = a2a_kept_path(output);
	unlink(kept);
	free(kept);
	free(output);
}

static void an_allocation_that_fails_is_reported(void **state)
{
	(void)state;
	fail_each(compile, false);
	fail_each(compile_site, false);
}

static void so_are_all_that_fail_from_then_on(void **state)
{
	(void)state;
	fail_each(compile, true);
	fail_each(compile_site, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_allocation_that_fails_is_reported),
		cmocka_unit_test(so_are_all_that_fail_from_then_on),
	};

	return cmocka_run_group_tests(tests, make_lists, remove_lists);
}
