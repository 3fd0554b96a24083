/* SPDX-License-Identifier: BSD-3-Clause */
/* Folders and files that hold passwords: the caller's own, and nobody else's to write or read. */
#ifndef A2A_FOLDER_H
#define A2A_FOLDER_H

#include <sys/types.h>

#include "log.h"

/*
 * Opens a folder, which is made (0700) when it is not there. Returns its descriptor, or -1, having
 * reported: also when others than the caller and root could put files of theirs into it.
 */
int a2a_folder_open(const char *path, const struct a2a_log *log);

/*
 * Opens the folder that the file at `path` is in, as a2a_folder_open() does but without making it.
 * `*name` is the part of the path behind it.
 */
int a2a_folder_open_around(const char *path, const char **name, const struct a2a_log *log);

/*
 * Opens a file in the folder for reading and writing (0600), made when it is not there; or only if
 * it is not there, when `fresh`. Returns its descriptor, or -1, having reported: also when it is a
 * link or somebody else's. `path` is for reports.
 */
int a2a_folder_open_file(
	int folder, const char *name, bool fresh, const char *path, const struct a2a_log *log);

/*
 * Writes the bytes at the place, without waiting for the disk. Returns 0 or an errno value; the
 * file then ends at the place again, as far as that can be had.
 */
int a2a_folder_write(int file, const char *bytes, size_t length, off_t place);

#endif
