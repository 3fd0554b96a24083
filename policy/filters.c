/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "filters.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "leaks.h"
#include "settings.h"
#include "text.h"

enum {
	LOGIN_NANOSECONDS = 10000000, /* for opening at a login, and as much for all look-ups */
	LEAST_TYPED = 8,              /* characters of a variant without its end */
	LEAST_SMALL = 9,
	FORMS = 7,
};

struct filter {
	char *path;
	struct a2a_leaks leaks;
};

struct a2a_filters {
	bool at_login, must_answer;
	size_t count;
	struct filter *filter;
};

static struct timespec login_deadline(void)
{
	enum { SECOND = 1000000000 };
	struct timespec deadline = {0};

	if (clock_gettime(CLOCK_MONOTONIC, &deadline))
		return deadline;
	deadline.tv_nsec += LOGIN_NANOSECONDS;
	if (deadline.tv_nsec >= SECOND) {
		deadline.tv_sec++;
		deadline.tv_nsec -= SECOND;
	}
	return deadline;
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* Opens one more filter. */
static bool open_filter(struct a2a_filters *filters, const char *path,
	const struct timespec *deadline, const struct a2a_log *log)
{
	struct filter *filter = &filters->filter[filters->count];
	int error;
	const char *wrong = a2a_leaks_open(&filter->leaks, path, deadline, &error);

	if (wrong) {
		a2a_report(log, filters->must_answer ? A2A_FAULT : A2A_WARNING, path,
			"the filter of leaked passwords (leaks) %s; %s", wrong,
			filters->must_answer
				? "no password is accepted without it (leaks_missing)"
				: "it is left out, and the passwords that only it knows are "
				  "accepted (leaks_missing)");
		return !filters->must_answer;
	}
	filter->path = strdup(path);
	if (!filter->path) {
		a2a_leaks_close(&filter->leaks);
		return a2a_fault(log, NULL, "out of memory");
	}
	filters->count++;
	return true;
}

struct a2a_filters *a2a_filters_open(
	const struct a2a_settings *settings, bool at_login, const struct a2a_log *log)
{
	struct a2a_filters *filters = calloc(1, sizeof(*filters));
	const struct timespec deadline = at_login ? login_deadline() : (struct timespec){0};
	const char *at = settings->leaks;
	bool ok = true;

	if (filters)
		/* There are no more paths than this. */
		filters->filter = calloc(strlen(at) / 2 + 1, sizeof(*filters->filter));
	if (!filters || !filters->filter) {
		a2a_fault(log, NULL, "out of memory");
		goto fail;
	}
	filters->at_login = at_login;
	filters->must_answer = strcmp(settings->leaks_missing, "refuse") == 0;
	while (ok && *(at += strspn(at, A2A_PATH_SEPARATORS))) {
		const size_t length = strcspn(at, A2A_PATH_SEPARATORS);
		char *path = strndup(at, length);

		ok = path ? open_filter(filters, path, at_login ? &deadline : NULL, log)
			  : a2a_fault(log, NULL, "out of memory");
		free(path);
		at += length;
	}
	if (ok)
		return filters;
fail:
	a2a_filters_close(filters);
	return NULL;
}

void a2a_filters_close(struct a2a_filters *filters)
{
	if (!filters)
		return;
	for (size_t i = 0; filters->filter && i < filters->count; i++) {
		a2a_leaks_close(&filters->filter[i].leaks);
		free(filters->filter[i].path);
	}
	free(filters->filter);
	free(filters);
}

size_t a2a_filters_count(const struct a2a_filters *filters)
{
	return filters->count;
}

uint64_t a2a_filters_checksum(const struct a2a_filters *filters, size_t number)
{
	return htole64(filters->filter[number].leaks.format.shards_checksum);
}

/* ---- Variants -------------------------------------------------------------------------------- */

/* Makes a letter of ASCII or Latin-1 small. */
static int32_t make_small(int32_t point)
{
	if ((point >= 'A' && point <= 'Z') || (point >= 0xc0 && point <= 0xde && point != 0xd7))
		return point + 0x20;
	return point;
}

/* The hashes that are looked up; no form is there twice. */
struct forms {
	uint64_t hash[FORMS];
	size_t count;
	struct a2a_text text;
	char bytes[4 * A2A_TEXT_POINTS + 1];
};

static void add_bytes(struct forms *forms, const char *bytes, size_t length)
{
	const uint64_t hash = a2a_leaks_hash(bytes, length);

	for (size_t i = 0; i < forms->count; i++)
		if (forms->hash[i] == hash)
			return;
	forms->hash[forms->count++] = hash;
}

static void add_text(struct forms *forms)
{
	if (a2a_text_write(&forms->text, forms->bytes, sizeof(forms->bytes)))
		add_bytes(forms, forms->bytes, strlen(forms->bytes));
}

/* Lists made before UTF-8 was common have accents in one byte. */
static void add_latin1(struct forms *forms)
{
	const struct a2a_text *text = &forms->text;
	bool is_ascii = true;

	for (size_t i = 0; i < text->count; i++) {
		if (text->point[i] > 0xff)
			return;
		is_ascii &= text->point[i] < 0x80;
		forms->bytes[i] = (char)text->point[i];
	}
	if (!is_ascii)
		add_bytes(forms, forms->bytes, text->count);
}

/* How many characters are left without the digits and marks at the end. */
static size_t without_end(const struct a2a_text *text)
{
	size_t count = text->count;

	while (count && !a2a_is_letter(text->point[count - 1]))
		count--;
	return count;
}

static void make_forms(
	struct forms *forms, const struct secret *password, const struct a2a_text *read, bool whole)
{
	const size_t short_count = without_end(read);
	struct a2a_text *text = &forms->text;

	add_bytes(forms, password->bytes, password->length);
	text->count = read->count;
	memcpy(text->point, read->point, read->count * sizeof(read->point[0]));
	add_text(forms);
	add_latin1(forms);
	if (!whole && short_count >= LEAST_TYPED) {
		text->count = short_count;
		add_text(forms);
		text->count = read->count;
	}
	if (text->count)
		text->point[0] = make_small(text->point[0]);
	add_text(forms);
	for (size_t i = 0; i < text->count; i++)
		text->point[i] = make_small(text->point[i]);
	add_text(forms);
	if (!whole && short_count >= LEAST_SMALL) {
		text->count = short_count;
		add_text(forms);
	}
}

/* ---- Asking ---------------------------------------------------------------------------------- */

/* Asks one filter for all forms. */
static enum a2a_filters_answer ask(const struct a2a_filters *filters, const struct filter *filter,
	const struct forms *forms, const struct timespec *deadline, const struct a2a_log *log)
{
	for (size_t i = 0; i < forms->count; i++) {
		const char *wrong = "is damaged";

		switch (a2a_leaks_find(&filter->leaks, forms->hash[i], deadline)) {
		case A2A_LEAKS_PRESENT:
			return A2A_FILTERS_KNOW;
		case A2A_LEAKS_ABSENT:
			continue;
		case A2A_LEAKS_LATE:
			a2a_report(log, A2A_WARNING, filter->path,
				"the filter of leaked passwords (leaks) did not come from its disk "
				"in time: the password of this login was judged without it");
			return A2A_FILTERS_DO_NOT_KNOW;
		case A2A_LEAKS_UNREADABLE:
			wrong = "cannot be read";
			break;
		case A2A_LEAKS_DAMAGED:
			break;
		}
		a2a_report(log, filters->must_answer ? A2A_FAULT : A2A_WARNING, filter->path,
			"the filter of leaked passwords (leaks) %s: all2all-leaks verify says more",
			wrong);
		return filters->must_answer ? A2A_FILTERS_FAIL : A2A_FILTERS_DO_NOT_KNOW;
	}
	return A2A_FILTERS_DO_NOT_KNOW;
}

enum a2a_filters_answer a2a_filters_ask(const struct a2a_filters *filters,
	const struct secret *password, const struct a2a_text *read, bool whole,
	const struct a2a_log *log)
{
	const struct timespec deadline =
		filters->at_login ? login_deadline() : (struct timespec){0};
	enum a2a_filters_answer answer = A2A_FILTERS_DO_NOT_KNOW;
	struct forms forms;

	forms.count = 0;
	make_forms(&forms, password, read, whole);
	for (size_t i = 0; answer == A2A_FILTERS_DO_NOT_KNOW && i < filters->count; i++)
		answer = ask(filters, &filters->filter[i], &forms,
			filters->at_login ? &deadline : NULL, log);
	explicit_bzero(&forms, sizeof(forms));
	a2a_secret_clear_registers();
	return answer;
}
