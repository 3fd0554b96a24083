/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_threads THREADS CHANGES
 *
 * A daemon may change passwords in many threads, each with a PAM handle of its own. Makes all
 * changes one after the other, then in threads at the same time: each change must end as it did
 * before, and the next module must have got this thread's password. Prints how long both took.
 */
#define _GNU_SOURCE
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "conversation.h"
#include "fixture.h"

enum { WEAK_EACH = 10, MOST_THREADS = 64, LENGTH = 10 };

struct change {
	char password[LENGTH + 1];
	int alone, together; /* what PAM answered */
	bool is_kept; /* the next module got the password, in all changes that PAM let pass */
};

struct worker {
	pthread_t thread;
	const char *folder;
	struct change *change;
	size_t count;
};

/* Passwords that are the same in each run. Every tenth is weak. */
static void fill(struct change *changes, size_t count)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	uint64_t state = 20261;

	for (size_t i = 0; i < count; i++) {
		changes[i] = (struct change){.is_kept = true};
		if (i % WEAK_EACH == 0) {
			memcpy(changes[i].password, "Welkom2026", LENGTH);
			continue;
		}
		for (size_t j = 0; j < LENGTH; j++) {
			/* Knuth's linear congruential generator (MMIX) */
			state = state * UINT64_C(6364136223846793005) +
				UINT64_C(1442695040888963407);
			changes[i].password[j] = letters[(state >> 33) % (sizeof(letters) - 1)];
		}
	}
}

static bool answer(void *context, const struct pam_message *message, struct pam_response *response)
{
	if (message->msg_style != PAM_PROMPT_ECHO_OFF)
		return true;
	response->resp = strdup(context);
	return response->resp;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	return a2a_converse(count, messages, responses, answer, context);
}

static int change_one(const char *folder, struct change *change)
{
	const struct pam_conv conversation = {converse, change->password};
	pam_handle_t *pamh = NULL;
	const char *kept;
	int status = pam_start_confdir("test", "nobody", &conversation, folder, &pamh);

	if (status != PAM_SUCCESS)
		return status;
	status = pam_chauthtok(pamh, 0);
	kept = pam_getenv(pamh, "NEW");
	if (status == PAM_SUCCESS && (!kept || strcmp(kept, change->password) != 0))
		change->is_kept = false;
	pam_end(pamh, status);
	return status;
}

static void *work(void *argument)
{
	struct worker *worker = argument;

	for (size_t i = 0; i < worker->count; i++)
		worker->change[i].together = change_one(worker->folder, &worker->change[i]);
	return NULL;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* The service: our module, and the one that shows what it was given. With these settings, every
 * verdict depends on libpwquality and on cracklib, which are not made for threads. */
static void write_service(const char *folder)
{
	char *module = in_build("pam_all2all/pam_all2all.so");
	char *record = in_build("tests/pam_record.so");
	char *configuration = in_build("uninstalled.conf");
	char *path = NULL, *text = NULL;

	if (asprintf(&path, "%s/test", folder) < 0 ||
		asprintf(&text,
			"password requisite %s conf=%s retry=1 min_guesses=0 maxrepeat=8\n"
			"password required %s into=NEW\n",
			module, configuration, record) < 0)
		err(1, NULL);
	write_file(path, text, strlen(text));
	free(module);
	free(record);
	free(configuration);
	free(path);
	free(text);
}

static void run_together(struct worker *workers, size_t threads)
{
	for (size_t i = 0; i < threads; i++)
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			errx(1, "a thread cannot be made");
	for (size_t i = 0; i < threads; i++)
		pthread_join(workers[i].thread, NULL);
}

/* Returns how many changes did not end as they must. */
static size_t count_wrong(const struct change *changes, size_t count)
{
	size_t wrong = 0, passed = 0;

	for (size_t i = 0; i < count; i++) {
		const bool is_weak = i % WEAK_EACH == 0;

		passed += changes[i].alone == PAM_SUCCESS;
		if (changes[i].alone == changes[i].together && changes[i].is_kept &&
			(!is_weak || changes[i].alone == PAM_AUTHTOK_ERR))
			continue;
		wrong++;
		fprintf(stderr, "change %zu: alone %d, together %d%s\n", i, changes[i].alone,
			changes[i].together, changes[i].is_kept ? "" : ", another password");
	}
	/* The policy may refuse one in hundreds of the random ones. */
	if (passed < count * 8 / 10) {
		fprintf(stderr, "only %zu of %zu passwords were set\n", passed, count);
		wrong++;
	}
	return wrong;
}

int main(int argc, char **argv)
{
	const size_t threads = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	const size_t each = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct worker workers[MOST_THREADS];
	struct change *changes;
	double begun, alone;
	size_t wrong;
	char *folder;

	if (threads < 1 || threads > MOST_THREADS || each < 1)
		errx(2, "usage: test_threads THREADS CHANGES");
	changes = calloc(threads * each, sizeof(*changes));
	if (!changes)
		err(1, NULL);
	folder = new_folder();
	write_service(folder);
	fill(changes, threads * each);
	for (size_t i = 0; i < threads; i++)
		workers[i] = (struct worker){
			.folder = folder, .change = changes + i * each, .count = each};

	begun = now();
	for (size_t i = 0; i < threads * each; i++)
		changes[i].alone = change_one(folder, &changes[i]);
	alone = now() - begun;
	begun = now();
	run_together(workers, threads);
	printf("%zu changes: %.2f s one after the other, %.2f s in %zu threads\n", threads * each,
		alone, now() - begun, threads);
	wrong = count_wrong(changes, threads * each);
	remove_folder(folder);
	free(changes);
	return wrong != 0;
}
