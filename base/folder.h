/* SPDX-License-Identifier: BSD-3-Clause */
/* Folders and files that hold passwords: the caller's own, which nobody else may write or read. */
#ifndef A2A_FOLDER_H
#define A2A_FOLDER_H

#include <sys/types.h>

#include "log.h"

/*
 * Opens a folder; creates it (0700) when it does not exist. Returns its descriptor, which the
 * caller closes, or -1, having reported. Refuses a folder that a2a_trust() does not trust: others
 * could put files into it.
 */
int a2a_folder_open(const char *path, const struct a2a_log *log);

/*
 * Opens the folder that holds the file at `path`, as a2a_folder_open() does, but does not create
 * it. `*name` becomes the last part of the path, within `path`.
 */
int a2a_folder_open_around(const char *path, const char **name, const struct a2a_log *log);

/*
 * Opens a file of the folder for reading and writing; creates it (0600) when it does not exist.
 * With `fresh`, it must not exist. Returns its descriptor, which the caller closes, or -1, having
 * reported. Refuses a symbolic link and a file that is not private (a2a_is_private()). `path` is
 * for reports only.
 */
int a2a_folder_open_file(
	int folder, const char *name, bool fresh, const char *path, const struct a2a_log *log);

/*
 * Writes the bytes at an offset, without waiting for the disk. Returns 0 or an errno value; after
 * an error the file is cut at the offset, where that is possible.
 */
int a2a_folder_write(int file, const char *bytes, size_t length, off_t place);

#endif
