/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "dictionary.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum {
	YOUNG = 10, /* seconds */
	MOST_TRIES = 20,
};

static const char *const endings[A2A_DICTIONARY_FILES] = {".pwi", ".pwd", ".hwm"};

static char *file_name(const char *dictpath, size_t which)
{
	char *path = NULL;

	return asprintf(&path, "%s%s", dictpath, endings[which]) < 0 ? NULL : path;
}

/* Opens one of the files. Returns false, having reported, on failure. */
static bool open_one(
	struct a2a_file *file, const char *dictpath, size_t which, const struct a2a_log *log)
{
	char *path = file_name(dictpath, which);
	int error;

	if (!path) {
		a2a_report(log, A2A_FAULT, dictpath, "out of memory");
		return false;
	}
	error = a2a_file_share(file, path, A2A_MOST_LEXICON);
	if (error)
		a2a_report(log, A2A_FAULT, path,
			"the dictionary %s (dictpath says where it is looked for)",
			a2a_file_reason(error));
	free(path);
	return error == 0;
}

static struct a2a_bytes bytes_of(const struct a2a_file *file)
{
	return (struct a2a_bytes){(const unsigned char *)file->bytes, file->size};
}

/* Tells whether the files have the checksums that lie beside them. */
static bool have_sums(const struct a2a_packed *packed, const char *dictpath)
{
	struct a2a_file sums = {0};
	char *path = NULL;
	bool have = false;

	if (asprintf(&path, "%s" A2A_PACKED_SUMS, dictpath) < 0)
		return false;
	if (!a2a_file_read(&sums, path, A2A_MOST_TEXT))
		have = a2a_packed_have_sums(packed, sums.bytes, sums.size);
	a2a_file_close(&sums);
	free(path);
	return have;
}

/* Checks the files, and keeps what identifies them. */
static bool check(struct a2a_dictionary *dictionary, const struct a2a_file *file,
	const char *dictpath, const struct a2a_log *log)
{
	const struct a2a_packed packed = {
		.index = bytes_of(&file[0]),
		.data = bytes_of(&file[1]),
		.letters = bytes_of(&file[2]),
	};
	const char *wrong = NULL;

	/* Reading each word takes forty times as long. */
	if (have_sums(&packed, dictpath))
		a2a_packed_first(&packed, dictionary->word);
	else
		wrong = a2a_packed_check(&packed, dictionary->word);
	if (wrong)
		return a2a_fault(
			log, dictpath, "the dictionary is damaged: %s; install it again", wrong);
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++)
		dictionary->stamp[i] = file[i].stamp;
	return true;
}

bool a2a_dictionary_find(const char *dictpath, const struct a2a_log *log)
{
	bool ok = true;

	for (size_t i = 0; ok && i < A2A_DICTIONARY_FILES; i++) {
		struct a2a_file file = {0};

		ok = open_one(&file, dictpath, i, log);
		a2a_file_close(&file);
	}
	return ok;
}

/* Guards the files that have the stamps. Returns false, with nothing guarded, if one has not. */
static bool guard_known(const struct a2a_dictionary *dictionary, const char *dictpath,
	int guard[static A2A_DICTIONARY_FILES])
{
	bool ok = true;

	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++) {
		char *path = ok ? file_name(dictpath, i) : NULL;

		guard[i] = path ? a2a_file_guard(path, &dictionary->stamp[i]) : -1;
		ok = guard[i] >= 0;
		free(path);
	}
	if (!ok)
		a2a_dictionary_unguard(guard);
	return ok;
}

/* Goes on guarding the files that were checked. */
static bool keep_guards(const struct a2a_dictionary *dictionary, const char *dictpath,
	struct a2a_file *file, int guard[static A2A_DICTIONARY_FILES])
{
	bool are_copies = false;

	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++) {
		guard[i] = a2a_file_keep_guard(&file[i]);
		are_copies |= guard[i] < 0;
	}
	if (!are_copies)
		return true;
	a2a_dictionary_unguard(guard);
	return guard_known(dictionary, dictpath, guard);
}

bool a2a_dictionary_guard(struct a2a_dictionary *dictionary, const char *dictpath,
	int guard[static A2A_DICTIONARY_FILES], const struct a2a_log *log)
{
	/* They are held meanwhile. */
	struct a2a_file file[A2A_DICTIONARY_FILES] = {0};
	bool ok = true;

	if (guard_known(dictionary, dictpath, guard))
		return true;
	*dictionary = (struct a2a_dictionary){0};
	for (size_t i = 0; ok && i < A2A_DICTIONARY_FILES; i++)
		ok = open_one(&file[i], dictpath, i, log);
	ok = ok && check(dictionary, file, dictpath, log);
	if (ok && !keep_guards(dictionary, dictpath, file, guard))
		ok = a2a_fault(
			log, dictpath, "the dictionary is being written at this moment: try again");
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++)
		a2a_file_close(&file[i]);
	return ok;
}

void a2a_dictionary_unguard(int guard[static A2A_DICTIONARY_FILES])
{
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++)
		a2a_file_unguard(guard[i]);
}

bool a2a_dictionary_is_current(const struct a2a_dictionary *dictionary, const char *dictpath)
{
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++) {
		char *path = file_name(dictpath, i);
		const bool is_current = path && a2a_stamp_is_current(&dictionary->stamp[i], path);

		free(path);
		if (!is_current)
			return false;
	}
	return true;
}

bool a2a_dictionary_renew(struct a2a_dictionary *dictionary, const char *dictpath,
	const int guard[static A2A_DICTIONARY_FILES])
{
	bool ok = true;

	for (size_t i = 0; ok && i < A2A_DICTIONARY_FILES; i++) {
		char *path = file_name(dictpath, i);

		ok = path && a2a_stamp_renew(&dictionary->stamp[i], guard[i], path);
		free(path);
	}
	return ok;
}

char *a2a_dictionary_kept(const char *dictpath)
{
	char *kept = NULL;

	return asprintf(&kept, "%s.kept", dictpath) < 0 ? NULL : kept;
}

static bool is_young(const char *dictpath)
{
	const time_t now = time(NULL);
	bool young = false;

	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++) {
		char *path = file_name(dictpath, i);
		struct stat status;

		young |= path && stat(path, &status) == 0 &&
			 llabs((long long)now - status.st_ctime) <= YOUNG;
		free(path);
	}
	return young;
}

bool a2a_dictionary_wait(const char *dictpath, int *tries)
{
	const struct timespec pause = {0, 100 * 1000 * 1000};

	if (*tries >= MOST_TRIES || !is_young(dictpath))
		return false;
	++*tries;
	nanosleep(&pause, NULL);
	return true;
}
