/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "dictionary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const endings[A2A_DICTIONARY_FILES] = {".pwi", ".pwd", ".hwm"};

static char *file_name(const char *dictpath, size_t which)
{
	char *path = NULL;

	return asprintf(&path, "%s%s", dictpath, endings[which]) < 0 ? NULL : path;
}

/* Maps one of the files; reports when it cannot be had. */
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
	const char *wrong;

	*dictionary = (struct a2a_dictionary){0};
	for (size_t i = 0; i < A2A_DICTIONARY_FILES; i++)
		if (!open_one(&dictionary->file[i], dictpath, i, log))
			goto fail;
	dictionary->packed = (struct a2a_packed){
		.index = bytes_of(&dictionary->file[0]),
		.data = bytes_of(&dictionary->file[1]),
		.letters = bytes_of(&dictionary->file[2]),
	};
	wrong = a2a_packed_check(&dictionary->packed);
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
		const struct a2a_stamp *then = &dictionary->file[i].stamp;
		char *path = file_name(dictpath, i);
		struct stat now;
		bool same = path && stat(path, &now) == 0 && now.st_dev == then->device &&
			    now.st_ino == then->inode && now.st_size == then->size &&
			    now.st_mtim.tv_sec == then->modified.tv_sec &&
			    now.st_mtim.tv_nsec == then->modified.tv_nsec;

		free(path);
		if (!same)
			return false;
	}
	return true;
}

/* ---- A password and its decoration ----------------------------------------------------------- */

enum {
	LONGEST = 64, /* letters and digits of a password that may be a word; words have 30 */
	/* The shortest words that are looked for under decoration. Of random passwords of 8 small
	 * letters and digits, 1 in 5,000 is a word of four letters and four digits. */
	SHORTEST = 4,
	SHORTEST_LEET = 5,
};

/* What is written for a letter: the letters meant, the commoner one first. */
static const struct {
	char written;
	const char *meant;
} leet[] = {
	{'0', "oo"},
	{'1', "il"},
	{'3', "ee"},
	{'4', "aa"},
	{'5', "ss"},
	{'7', "tt"},
	{'8', "bb"},
	{'9', "gg"},
	{'@', "aa"},
	{'$', "ss"},
	{'!', "il"},
	{'|', "li"},
	{'+', "tt"},
};

static bool is_small(int32_t point)
{
	return point >= 'a' && point <= 'z';
}

static bool is_figure(int32_t point)
{
	return point >= '0' && point <= '9';
}

/* The letter that a character stands for; itself if for none. */
static char read_leet(char written, size_t reading)
{
	for (size_t i = 0; i < sizeof(leet) / sizeof(leet[0]); i++)
		if (leet[i].written == written)
			return leet[i].meant[reading];
	return written;
}

struct stretch {
	const char *text;
	size_t length;
};

/* From the first letter, or the beginning, to the last letter, or the end. */
static struct stretch cut(const char *text, size_t length, bool front, bool back)
{
	size_t from = 0;

	while (front && from < length && !is_small(text[from]))
		from++;
	while (back && length > from && !is_small(text[length - 1]))
		length--;
	return (struct stretch){text + from, length - from};
}

/* Asks for a stretch, forwards and backwards. Symbols within it are passed over. */
static bool ask(const struct a2a_packed *packed, const char *text, size_t length, size_t shortest)
{
	char word[LONGEST], drow[LONGEST];
	size_t count = 0, letters = 0;
	bool found;

	for (size_t i = 0; i < length; i++) {
		letters += is_small(text[i]);
		if (is_small(text[i]) || is_figure(text[i]))
			word[count++] = text[i];
	}
	for (size_t i = 0; i < count; i++)
		drow[i] = word[count - 1 - i];
	/* The dictionary has numbers too (postcodes), but a number alone is no word. */
	found = letters && count >= shortest &&
		(a2a_packed_find(packed, word, count) || a2a_packed_find(packed, drow, count));
	explicit_bzero(word, sizeof(word));
	explicit_bzero(drow, sizeof(drow));
	return found;
}

/* Asks for a stretch with its digits and symbols read as letters, which must not be most of it. */
static bool ask_leet(const struct a2a_packed *packed, struct stretch stretch)
{
	char read[LONGEST];
	bool found = false;

	for (size_t reading = 0; reading < 2 && !found; reading++) {
		size_t changed = 0;

		for (size_t i = 0; i < stretch.length; i++) {
			read[i] = read_leet(stretch.text[i], reading);
			changed += read[i] != stretch.text[i];
		}
		found = changed && 2 * changed <= stretch.length &&
			ask(packed, read, stretch.length, SHORTEST_LEET);
	}
	explicit_bzero(read, sizeof(read));
	return found;
}

bool a2a_dictionary_knows(const struct a2a_dictionary *dictionary, const struct a2a_text *folded)
{
	char text[LONGEST];
	bool found = false;

	if (!dictionary->packed.index.size || folded->count > LONGEST)
		return false;
	for (size_t i = 0; i < folded->count; i++) {
		/* No word of the dictionary has other letters than these. */
		if (a2a_is_letter(folded->point[i]) && !is_small(folded->point[i]))
			goto out;
		text[i] = folded->point[i] < 0x80 ? (char)folded->point[i] : '.';
	}
	for (int cuts = 0; cuts < 4 && !found; cuts++) {
		struct stretch stretch = cut(text, folded->count, cuts & 1, cuts & 2);

		found = ask(&dictionary->packed, stretch.text, stretch.length, SHORTEST) ||
			ask_leet(&dictionary->packed, stretch);
	}
out:
	explicit_bzero(text, sizeof(text));
	return found;
}
