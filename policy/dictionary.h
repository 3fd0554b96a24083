/* SPDX-License-Identifier: BSD-3-Clause */
/* The dictionary of cracklib, which we check before cracklib reads it. */
#ifndef A2A_DICTIONARY_H
#define A2A_DICTIONARY_H

#include "file.h"
#include "log.h"
#include "packed.h"

enum { A2A_DICTIONARY_FILES = 3 };

/* The files as they were when they were checked; all zero before. Nothing to release. */
struct a2a_dictionary {
	struct a2a_stamp stamp[A2A_DICTIONARY_FILES];
	char word[A2A_PACKED_WORD_ROOM]; /* its first one */
};

/*
 * Tells whether the three files of `dictpath` are there and trusted (a2a_file_read()), without
 * reading them. Returns false, having reported, when one is not.
 */
bool a2a_dictionary_find(const char *dictpath, const struct a2a_log *log);

/*
 * Keeps others from writing to the three files of `dictpath` while cracklib reads them. If they are
 * not the files that were checked last, they are checked first. They are whole if they have the
 * checksums that were taken when they were packed (`dictpath`.sums); everything in files without
 * these, or with others, is checked. Returns false, having reported and with nothing guarded, when
 * one is missing, not trusted or damaged, or when somebody is changing them.
 * a2a_dictionary_unguard() ends it.
 */
bool a2a_dictionary_guard(struct a2a_dictionary *dictionary, const char *dictpath,
	int guard[static A2A_DICTIONARY_FILES], const struct a2a_log *log);
void a2a_dictionary_unguard(int guard[static A2A_DICTIONARY_FILES]);

/* Tells whether the names of `dictpath` still lead to the files that were checked, unchanged. */
bool a2a_dictionary_is_current(const struct a2a_dictionary *dictionary, const char *dictpath);

/*
 * Tells whether that is so but for links to the files, which somebody made or removed, as dpkg does
 * before and after it replaces them. If so, cracklib may be asked again: from now on they are
 * current.
 */
bool a2a_dictionary_renew(struct a2a_dictionary *dictionary, const char *dictpath,
	const int guard[static A2A_DICTIONARY_FILES]);

/*
 * Returns the `dictpath` of the dictionary that the package keeps while the files of this one are
 * replaced one after the other (debian/all2all-data.preinst): it is whole when this one is a
 * mixture. The caller frees it. Returns NULL when memory is out.
 */
char *a2a_dictionary_kept(const char *dictpath);

/*
 * Waits a tenth of a second and returns true, if the dictionary could not be used because somebody
 * may be replacing its files: one of them was written, linked or renamed in the last ten seconds. A
 * site's own dictionary has no kept one beside it, and a user at the prompt must not be turned away
 * meanwhile. Returns false at once otherwise, and when
 * `*tries`, 0 at first, has come to 20. Only changes of passwords wait: no login opens it.
 */
bool a2a_dictionary_wait(const char *dictpath, int *tries);

#endif
