/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "pam_stacks.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

/* Files that include one another: how deep, as in libpam, and how many in one stack. */
enum { DEEPEST = 16, MOST_FILES = 256 };

static const char *const facility_names[FACILITIES] = {
	[FACILITY_PASSWORD] = "password",
	[FACILITY_AUTH] = "auth",
	[FACILITY_ACCOUNT] = "account",
};

static const char *const folders[] = {"/etc/pam.d", "/usr/lib/pam.d"};

enum { FOLDERS = sizeof(folders) / sizeof(folders[0]) };

/* Names. All zero is empty. */
struct names {
	char **name;
	size_t count;
};

struct reader {
	const char *root;
	void (*each)(void *context, const struct stack_line *line);
	void *context;
	const struct a2a_log *log;
	struct names included; /* that some file includes */
	/* While the stacks are read: */
	const char *service;
	enum facility facility;
	bool is_fragment;
	unsigned files;      /* read for this stack */
	const char *endless; /* the last service that was reported as such */
};

static char *format_path(const char *root, const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s%s%s", root, folder, *name ? "/" : "", name) < 0)
		err(EXIT_FAULT, NULL);
	return path;
}

static bool has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

static void add_name(struct names *names, const char *name)
{
	if (has_name(names, name))
		return;
	names->name = reallocarray(names->name, names->count + 1, sizeof(*names->name));
	if (!names->name || !(names->name[names->count++] = strdup(name)))
		err(EXIT_FAULT, NULL);
}

static void free_names(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

char *stacks_next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t\r\n");
	const bool is_bracket = *word == '[';
	size_t length;

	if (!*word)
		return NULL;
	word += is_bracket;
	length = strcspn(word, is_bracket ? "]" : " \t\r\n");
	*rest = word + length + (word[length] != '\0');
	word[length] = '\0';
	return word;
}

bool stacks_read_line(FILE *file, char **line, unsigned long *number, unsigned long *lines)
{
	char *part = NULL;
	size_t room = 0, length;
	bool goes_on = true, is_first = true;

	free(*line);
	*line = strdup("");
	while (*line && goes_on && getline(&part, &room, file) >= 0) {
		char *joined;

		++*lines;
		if (is_first)
			*number = *lines;
		is_first = false;
		part[strcspn(part, "#\n")] = '\0';
		length = strlen(part);
		goes_on = length && part[length - 1] == '\\';
		if (goes_on)
			part[length - 1] = '\0';
		if (asprintf(&joined, "%s%s ", *line, part) < 0)
			err(EXIT_FAULT, NULL);
		free(*line);
		*line = joined;
	}
	free(part);
	if (!*line)
		err(EXIT_FAULT, NULL);
	return !is_first;
}

/* The words of a line. */
struct parsed {
	const char *include; /* what @include, include or substack names; or NULL */
	const char *type, *control, *module, *arguments;
};

/* Takes a line apart, in its place. Returns false when there is nothing in it. */
static bool parse_line(struct parsed *parsed, char *line)
{
	*parsed = (struct parsed){0};
	parsed->type = stacks_next_word(&line);
	if (!parsed->type)
		return false;
	if (strcmp(parsed->type, "@include") == 0) {
		parsed->include = stacks_next_word(&line);
		return parsed->include;
	}
	/* A module that is missing is then not logged. */
	parsed->type += *parsed->type == '-';
	parsed->control = stacks_next_word(&line);
	parsed->module = parsed->control ? stacks_next_word(&line) : NULL;
	parsed->arguments = line;
	if (parsed->module && (strcasecmp(parsed->control, "include") == 0 ||
				      strcasecmp(parsed->control, "substack") == 0))
		parsed->include = parsed->module;
	return parsed->module;
}

/* ---- Files ----------------------------------------------------------------------------------- */

/* Returns the path of the file that a service, or an include, names; or NULL. The caller frees it.
 */
static char *find_file(const char *root, const char *name)
{
	if (*name == '/')
		return format_path(root, name, "");
	for (size_t i = 0; i < FOLDERS; i++) {
		char *path = format_path(root, folders[i], name);

		if (access(path, F_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

static FILE *open_file(const struct reader *reader, const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		a2a_report(reader->log, A2A_WARNING, path, "%s; it is left out", strerror(errno));
	return file;
}

static void note_includes(struct reader *reader, const char *path)
{
	unsigned long number, lines = 0;
	FILE *file = open_file(reader, path);
	char *line = NULL;

	while (file && stacks_read_line(file, &line, &number, &lines)) {
		struct parsed parsed;

		if (parse_line(&parsed, line) && parsed.include)
			add_name(&reader->included, parsed.include);
	}
	free(line);
	if (file)
		fclose(file);
}

static bool is_of(const struct reader *reader, const char *type)
{
	return strcasecmp(type, facility_names[reader->facility]) == 0;
}

/* Tells whether one more file may be read for the stack. */
static bool may_read(struct reader *reader, const char *path, unsigned depth)
{
	if (depth < DEEPEST && reader->files < MOST_FILES) {
		reader->files++;
		return true;
	}
	if (reader->endless != reader->service)
		a2a_report(reader->log, A2A_WARNING, path,
			"the files of the service %s include one another without end: libpam "
			"refuses it",
			reader->service);
	reader->endless = reader->service;
	return false;
}

/* Reads the lines of a file that belong to the stack. */
static void read_stack(struct reader *reader, const char *name, unsigned depth)
{
	char *path = find_file(reader->root, name);
	FILE *file = path && may_read(reader, path, depth) ? fopen(path, "re") : NULL;
	unsigned long number, lines = 0;
	char *line = NULL;

	while (file && stacks_read_line(file, &line, &number, &lines)) {
		struct parsed parsed;

		if (!parse_line(&parsed, line))
			continue;
		if (strcmp(parsed.type, "@include") != 0 && !is_of(reader, parsed.type))
			continue;
		if (parsed.include)
			read_stack(reader, parsed.include, depth + 1);
		else
			reader->each(reader->context,
				&(struct stack_line){
					.service = reader->service,
					.facility = reader->facility,
					.path = path,
					.number = number,
					.control = parsed.control,
					.module = parsed.module,
					.arguments = parsed.arguments,
					.is_fragment = reader->is_fragment && depth == 0,
				});
	}
	free(line);
	if (file)
		fclose(file);
	free(path);
}

/* /etc/pam.conf: each line begins with the name of its service. */
static void read_single_file(struct reader *reader)
{
	char *path = format_path(reader->root, "/etc/pam.conf", "");
	unsigned long number, lines = 0;
	FILE *file = fopen(path, "re");
	char *line = NULL;

	while (file && stacks_read_line(file, &line, &number, &lines)) {
		struct parsed parsed;
		char *rest = line;
		char *service = stacks_next_word(&rest);

		if (!service || !parse_line(&parsed, rest) || parsed.include)
			continue;
		for (size_t i = 0; i < FACILITIES; i++)
			if (strcasecmp(parsed.type, facility_names[i]) == 0)
				reader->each(reader->context,
					&(struct stack_line){service, (enum facility)i, path,
						number, parsed.control, parsed.module,
						parsed.arguments, false});
	}
	free(line);
	if (file)
		fclose(file);
	free(path);
}

/* Tells whether it is what an editor or a package manager leaves beside a file. No program uses a
 * service of such a name. */
static bool is_left_over(const char *name)
{
	static const char *const marks[] = {
		".dpkg-", ".ucf-", ".rpm", ".bak", ".orig", ".swp", "~"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(name, marks[i]))
			return true;
	return *name == '.';
}

/* Adds the names of the files in a folder. Returns false when the folder is not there. */
static bool find_services(struct names *services, const char *root, const char *folder)
{
	char *path = format_path(root, folder, "");
	DIR *listing = opendir(path);
	struct dirent *entry;

	while (listing && (entry = readdir(listing)))
		if (!is_left_over(entry->d_name))
			add_name(services, entry->d_name);
	free(path);
	return listing && closedir(listing) == 0;
}

void stacks_each(const char *root, void (*each)(void *context, const struct stack_line *line),
	void *context, const struct a2a_log *log)
{
	struct reader reader = {.root = root, .each = each, .context = context, .log = log};
	struct names services = {0};
	bool is_there = false;

	for (size_t i = 0; i < FOLDERS; i++)
		is_there |= find_services(&services, root, folders[i]);
	if (!is_there)
		read_single_file(&reader);
	if (services.count)
		qsort(services.name, services.count, sizeof(*services.name), by_name);
	for (size_t i = 0; i < services.count; i++) {
		char *path = find_file(root, services.name[i]);

		if (path)
			note_includes(&reader, path);
		free(path);
	}
	for (size_t i = 0; i < services.count; i++)
		for (size_t j = 0; j < FACILITIES; j++) {
			reader.service = services.name[i];
			reader.facility = (enum facility)j;
			reader.files = 0;
			reader.is_fragment = has_name(&reader.included, services.name[i]);
			read_stack(&reader, services.name[i], 0);
		}
	free_names(&services);
	free_names(&reader.included);
}
