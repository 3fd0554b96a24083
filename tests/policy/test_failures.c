/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One allocation or one system call fails, each in its turn, until none is left to fail: whatever
 * happens, a weak password is never accepted, nothing crashes, and a fault is reported.
 *
 * The allocator's functions are this program's own, so that the libraries' calls fail as well; the
 * system calls are those of our own objects, wrapped by the linker (--wrap), under the names that
 * meson's _FILE_OFFSET_BITS=64 gives them.
 */
#define _GNU_SOURCE
#include "fixture.h"
#include "generate.h"
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

/* ---- What fails ------------------------------------------------------------------------------ */

/* Counts down the calls while armed; the one that reaches 0 fails. */
static struct {
	bool armed;
	long left;
	bool hit;
} allocation, call;

static bool fails(bool *armed, long *left, bool *hit)
{
	if (!*armed || (*left)-- != 0)
		return false;
	*hit = true;
	return true;
}

static bool allocation_fails(void)
{
	return fails(&allocation.armed, &allocation.left, &allocation.hit);
}

static bool call_fails(int error)
{
	if (!fails(&call.armed, &call.left, &call.hit))
		return false;
	errno = error;
	return true;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __real_fstat64(int fd, struct stat *status);
int __wrap_fstat64(int fd, struct stat *status);
void *__real_mmap64(void *at, size_t size, int access, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *at, size_t size, int access, int flags, int fd, off_t offset);
ssize_t __real_getrandom(void *bytes, size_t size, unsigned flags);
ssize_t __wrap_getrandom(void *bytes, size_t size, unsigned flags);

void *malloc(size_t size)
{
	return allocation_fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return allocation_fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return allocation_fails() ? NULL : __libc_realloc(block, size);
}

int __wrap_open64(const char *path, int flags, ...)
{
	return call_fails(EMFILE) ? -1 : __real_open64(path, flags);
}

int __wrap_fstat64(int fd, struct stat *status)
{
	return call_fails(EIO) ? -1 : __real_fstat64(fd, status);
}

void *__wrap_mmap64(void *at, size_t size, int access, int flags, int fd, off_t offset)
{
	return call_fails(ENOMEM) ? MAP_FAILED : __real_mmap64(at, size, access, flags, fd, offset);
}

/* Fails, or brings less than was asked for. */
ssize_t __wrap_getrandom(void *bytes, size_t size, unsigned flags)
{
	if (call_fails(EAGAIN))
		return -1;
	return call_fails(0) ? 1 : __real_getrandom(bytes, size, flags);
}

/* ---- What is done meanwhile ------------------------------------------------------------------ */

/* Kept out of the heap: what is reported must not fail for the lack of it. */
static struct {
	unsigned faults;
	bool leaked;
} said;

static void count_reports(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	said.faults += level == A2A_FAULT;
	said.leaked |= strstr(text, "Welkom") != NULL || strstr(text, "k7hq") != NULL;
}

static const struct a2a_log log_to_count = {count_reports, NULL};

enum outcome { NO_POLICY, NOT_JUDGED, REFUSED, ACCEPTED };

/* What is set, too: the second row makes the verdict depend on libpwquality and on cracklib. */
enum { SETS = 2, MOST_SET = 3 };
static const char *const sets[SETS][MOST_SET] = {
	{"lang=fr,nl"},
	{"lang=fr,nl", "maxrepeat=8", "min_guesses=0"},
};

static bool set_all(struct a2a_settings *settings, const char *const set[static MOST_SET])
{
	bool ok = true;

	for (size_t i = 0; ok && i < MOST_SET && set[i]; i++)
		ok = a2a_settings_set(settings, set[i], "test", &log_to_count);
	return ok;
}

/* Opens everything from nothing, and judges; as a door does. */
static enum outcome judge_from_nothing(const char *configuration,
	const char *const set[static MOST_SET], const char *typed, const char *old)
{
	const struct secret password = a2a_secret_borrow(typed, strlen(typed));
	const struct secret before = a2a_secret_borrow(old, strlen(old));
	const struct a2a_person person = {
		.names = (const char *const[]){"user0001"},
		.name_count = 1,
		.old_password = &before,
	};
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_messages *messages = NULL;
	struct a2a_policy *policy = NULL;
	struct a2a_verdict verdict = {.accepted = true};
	enum outcome outcome = NO_POLICY;

	/* The one place where the door has to say it. */
	said.faults += settings == NULL;
	if (settings && a2a_settings_read_file(settings, configuration, false, &log_to_count) &&
		set_all(settings, set))
		policy = a2a_policy_open(settings, &log_to_count);
	if (!policy)
		goto out;
	messages = a2a_messages_open(settings, &log_to_count);
	outcome = NOT_JUDGED;
	if (!a2a_judge(policy, &password, &person, &verdict, &log_to_count)) {
		assert_false(verdict.accepted);
		goto out;
	}
	outcome = verdict.accepted ? ACCEPTED : REFUSED;
	if (messages && verdict.count) {
		free(a2a_message_refusal(messages, 0, &verdict));
		free(a2a_message_refusal(messages, 1, &verdict));
	}
out:
	a2a_messages_close(messages);
	a2a_policy_close(policy);
	a2a_settings_free(settings);
	return outcome;
}

/* A generated password is whole and good, or there is none. */
static enum outcome generate_from_nothing(
	const char *configuration, const struct a2a_recipe *recipe)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_policy *policy = NULL;
	struct a2a_generator *generator = NULL;
	struct secret password = {0};
	enum outcome outcome = NO_POLICY;

	if (settings && a2a_settings_read_file(settings, configuration, false, &log_to_count))
		policy = a2a_policy_open(settings, &log_to_count);
	if (policy)
		generator = a2a_generator_open(policy, recipe, &log_to_count);
	if (!generator)
		goto out;
	outcome = NOT_JUDGED;
	if (a2a_generate(generator, NULL, &password, &log_to_count)) {
		assert_true(password.length >= 8);
		outcome = ACCEPTED;
	} else {
		assert_null(password.bytes);
	}
out:
	a2a_secret_wipe(&password);
	a2a_generator_close(generator);
	a2a_policy_close(policy);
	a2a_settings_free(settings);
	return outcome;
}

/* ---- One failure at a time ------------------------------------------------------------------- */

static void disarm(void)
{
	allocation.armed = call.armed = false;
}

/* Arms one of the two for its n-th time. */
static void arm(bool allocations, long n)
{
	said.faults = 0;
	said.leaked = false;
	allocation.hit = call.hit = false;
	allocation.left = call.left = n;
	allocation.armed = allocations;
	call.armed = !allocations;
}

static void weak(const char *configuration, const char *const set[static MOST_SET])
{
	for (int allocations = 0; allocations < 2; allocations++)
		for (long n = 0;; n++) {
			enum outcome outcome;

			arm(allocations, n);
			outcome = judge_from_nothing(configuration, set, "Welkom01", "x4mvt8qa");
			disarm();
			if (!allocation.hit && !call.hit) {
				assert_int_equal(outcome, REFUSED);
				print_message("%ld %s failed in turn\n", n,
					allocations ? "allocations" : "calls");
				assert_true(n >= (allocations ? 50 : 15));
				break;
			}
			assert_int_not_equal(outcome, ACCEPTED);
			assert_false(said.leaked);
		}
}

static void a_weak_password_never_gets_in(void **state)
{
	char *configuration = in_build("uninstalled.conf");

	(void)state;
	for (size_t i = 0; i < SETS; i++)
		weak(configuration, sets[i]);
	free(configuration);
}

static void strong(const char *configuration, const char *const set[static MOST_SET])
{
	for (int allocations = 0; allocations < 2; allocations++)
		for (long n = 0;; n++) {
			enum outcome outcome;

			arm(allocations, n);
			outcome = judge_from_nothing(configuration, set, "k7hq9ab2", "x4mvt8qa");
			disarm();
			if (!allocation.hit && !call.hit) {
				assert_int_equal(outcome, ACCEPTED);
				break;
			}
			if (outcome != ACCEPTED && said.faults == 0)
				fail_msg("%s %ld: outcome %d and nothing said",
					allocations ? "allocation" : "call", n, (int)outcome);
			assert_int_not_equal(outcome, REFUSED);
		}
}

/* A strong one is accepted, or there is a fault and it is said: never a silent refusal. */
static void a_strong_password_is_accepted_or_a_fault_is_said(void **state)
{
	char *configuration = in_build("uninstalled.conf");

	(void)state;
	for (size_t i = 0; i < SETS; i++)
		strong(configuration, sets[i]);
	free(configuration);
}

static void a_generated_password_is_whole_or_none(void **state)
{
	static const struct a2a_recipe recipes[] = {
		{0},
		{.style = A2A_PRONOUNCEABLE},
		{.style = A2A_WORDS, .language = "fr"},
	};
	char *configuration = in_build("uninstalled.conf");

	(void)state;
	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
		for (int allocations = 0; allocations < 2; allocations++) {
			/* The thousands of words fail alike: after the first hundred, some of
			 * them. */
			for (long n = 0;; n += n < 150 ? 1 : 97) {
				enum outcome outcome;

				arm(allocations, n);
				outcome = generate_from_nothing(configuration, &recipes[i]);
				disarm();
				if (!allocation.hit && !call.hit) {
					assert_int_equal(outcome, ACCEPTED);
					break;
				}
			}
		}
	free(configuration);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_weak_password_never_gets_in),
		cmocka_unit_test(a_strong_password_is_accepted_or_a_fault_is_said),
		cmocka_unit_test(a_generated_password_is_whole_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
