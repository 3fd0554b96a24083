/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "dictionary.h"

#include <stdio.h>
#include <stdlib.h>

#include "packed.h"

static const char *const endings[A2A_DICTIONARY_FILES] = {".pwi", ".pwd", ".hwm"};

static char *file_name(const char *dictpath, size_t which)
{
	char *path = NULL;

	return asprintf(&path, "%s%s", dictpath, endings[which]) < 0 ? NULL : path;
}

/* Maps one of the files. Returns false, having reported, on failure. */
static bool open_one(
	struct a2a_file *file, const char *dictpath, size_t which, const struct a2a_log *log)
{
	char *path = file_name(dictpath, which);
	int error;

	if (!path) {
		a2a_report(log, A2A_FAULT, dictpath, "out of memory");
		return false;
	}
	error = a2a_file_open(file, path);
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

bool a2a_dictionary_open(
	struct a2a_dictionary *dictionary, const char *dictpath, const struct a2a_log *log)
{
	struct a2a_packed packed;
	const char *wrong;

	*dictionary = (struct a2a_dictionary){0};
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++)
		if (!open_one(&dictionary->file[i], dictpath, i, log))
			goto fail;
	packed = (struct a2a_packed){
		.index = bytes_of(&dictionary->file[0]),
		.data = bytes_of(&dictionary->file[1]),
		.letters = bytes_of(&dictionary->file[2]),
	};
	wrong = a2a_packed_check(&packed);
	if (!wrong)
		return true;
	a2a_report(
		log, A2A_FAULT, dictpath, "the dictionary is damaged: %s; install it again", wrong);
fail:
	a2a_dictionary_close(dictionary);
	return false;
}

void a2a_dictionary_close(struct a2a_dictionary *dictionary)
{
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++)
		a2a_file_close(&dictionary->file[i]);
	*dictionary = (struct a2a_dictionary){0};
}

bool a2a_dictionary_is_current(const struct a2a_dictionary *dictionary, const char *dictpath)
{
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++) {
		char *path = file_name(dictpath, i);
		const bool same = path && a2a_file_is_same(&dictionary->file[i], path);

		free(path);
		if (!same)
			return false;
	}
	return true;
}
