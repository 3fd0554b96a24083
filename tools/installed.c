/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "installed.h"

#include <dlfcn.h>
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "pam_stacks.h"
#include "wrap.h"

#define MODULE "pam_all2all.so"

/* Where distributions have the modules of PAM. libpam has one of these folders compiled in, but
 * does not say which. It is the one with its own modules. */
static const char *const folders[] = {
	A2A_PAM_MODULE_DIR,
	"/usr/lib/*/security",
	"/lib/*/security",
	"/usr/lib64/security",
	"/lib64/security",
	"/usr/lib/security",
	"/lib/security",
};

/* ---- The module ------------------------------------------------------------------------------ */

/* The beginning of an ELF file: it says for which machine the file was compiled. */
struct machine {
	unsigned char identity[EI_NIDENT];
	Elf32_Half type, machine; /* the same place in files of 64 bits */
};

static bool read_machine(const char *path, struct machine *machine)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const bool ok = fd >= 0 && read(fd, machine, sizeof(*machine)) == sizeof(*machine) &&
			memcmp(machine->identity, ELFMAG, SELFMAG) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Tells whether a file is code for the machine that this program is for. */
static bool is_of_this_machine(const char *path)
{
	struct machine own, other;

	return read_machine("/proc/self/exe", &own) && read_machine(path, &other) &&
	       own.identity[EI_CLASS] == other.identity[EI_CLASS] &&
	       own.identity[EI_DATA] == other.identity[EI_DATA] && own.machine == other.machine;
}

/* Returns the path of the first file `name` in the folders that is for this machine, without the
 * root, or NULL. The caller frees it. */
static char *find_in_folders(const char *root, const char *name)
{
	char *found = NULL;

	for (size_t i = 0; !found && i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *pattern;
		glob_t paths;

		if (asprintf(&pattern, "%s%s/%s", root, folders[i], name) < 0)
			err(EXIT_FAULT, NULL);
		if (glob(pattern, 0, NULL, &paths) == 0) {
			for (size_t j = 0; !found && j < paths.gl_pathc; j++)
				if (is_of_this_machine(paths.gl_pathv[j]))
					found = strdup(paths.gl_pathv[j] + strlen(root));
			globfree(&paths);
		}
		free(pattern);
	}
	return found;
}

/* The child: says why the module cannot be loaded, if so. */
static void load(const char *path, int answer)
{
	const char *wrong;

	if (!dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
		wrong = dlerror();
		if (write(answer, wrong, strlen(wrong)) < 0)
			_exit(EXIT_FAULT);
	}
	/* What the module registered to run at the end of the program does not matter here. */
	_exit(EXIT_ACCEPTED);
}

/* Returns why libpam could not load a module, or NULL. The caller frees it. A child process loads
 * it, because loading runs code. */
static char *why_not_loaded(const char *path)
{
	char *wrong = NULL;
	char text[512];
	size_t length = 0;
	ssize_t got;
	int ends[2], status;
	pid_t child;

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC))
		err(EXIT_FAULT, "pipe");
	child = fork();
	if (child < 0)
		err(EXIT_FAULT, "fork");
	if (child == 0)
		load(path, ends[1]);
	close(ends[1]);
	while (length < sizeof(text) - 1 &&
		(got = read(ends[0], text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(ends[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!length && (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_ACCEPTED))
		strcpy(text, "the program that loads it dies");
	if (*text && asprintf(&wrong, "cannot be loaded: %s", text) < 0)
		err(EXIT_FAULT, NULL);
	return wrong;
}

/* Returns what is wrong with the module at `path`, as half a sentence, or NULL. The caller frees
 * it. */
static char *check_module(const char *root, const char *path)
{
	char *whole, *wrong = NULL;

	if (asprintf(&whole, "%s%s", root, path) < 0)
		err(EXIT_FAULT, NULL);
	if (access(whole, F_OK))
		wrong = strdup("is not there");
	else if (access(whole, R_OK))
		wrong = strdup("cannot be read");
	else if (!is_of_this_machine(whole))
		wrong = strdup("is no module for this machine");
	else if (!*root)
		wrong = why_not_loaded(whole);
	free(whole);
	return wrong;
}

/* ---- The stacks ------------------------------------------------------------------------------ */

/* A line that names the module, and the services whose stacks have it. */
struct use {
	enum facility facility;
	char *path;
	unsigned long number;
	char *services; /* separated by ", " */
	bool is_trial;  /* refuses nothing */
};

struct check {
	const char *root;
	const struct a2a_log *log;
	char *path;  /* where libpam looks for the module */
	char *wrong; /* with the module at that path; NULL: nothing */
	struct use *use;
	size_t uses;
	char *last; /* service whose password stack has named the module */
	bool is_broken;
};

static bool has_word(const char *text, const char *word)
{
	char *copy = strdup(text), *rest = copy;
	const char *next;
	bool found = false;

	while (copy && !found && (next = stacks_next_word(&rest)))
		found = strcmp(next, word) == 0;
	free(copy);
	return found;
}

static struct use *find_use(struct check *check, const struct stack_line *line)
{
	struct use *use;

	for (size_t i = 0; i < check->uses; i++) {
		use = &check->use[i];
		if (use->facility == line->facility && use->number == line->number &&
			strcmp(use->path, line->path) == 0)
			return use;
	}
	check->use = reallocarray(check->use, check->uses + 1, sizeof(*check->use));
	if (!check->use)
		err(EXIT_FAULT, NULL);
	use = &check->use[check->uses++];
	*use = (struct use){line->facility, strdup(line->path), line->number, strdup(""),
		has_word(line->arguments, "dry_run")};
	return use;
}

static void add_service(struct use *use, const char *service)
{
	char *services;

	if (asprintf(&services, "%s%s%s", use->services, *use->services ? ", " : "", service) < 0)
		err(EXIT_FAULT, NULL);
	free(use->services);
	use->services = services;
}

/* Tells whether a stack goes on when libpam cannot load the module of a line. */
static bool goes_on_without(const char *control)
{
	if (strcasestr(control, "module_unknown="))
		return strcasestr(control, "module_unknown=ignore");
	return strcasecmp(control, "optional") == 0 || strcasestr(control, "default=ignore");
}

static void report_missing(struct check *check, const struct stack_line *line)
{
	const bool goes_on = line->facility != FACILITY_PASSWORD && goes_on_without(line->control);
	char *where, *wrong;

	if (asprintf(&where, "%s:%lu", line->path, line->number) < 0)
		err(EXIT_FAULT, NULL);
	/* A line may name another file than the one that libpam would find. */
	wrong = *line->module == '/' ? check_module(check->root, line->module)
				     : (check->wrong ? strdup(check->wrong) : NULL);
	if (wrong)
		a2a_report(check->log, goes_on ? A2A_WARNING : A2A_FAULT, where, "%s %s, so %s",
			*line->module == '/' ? line->module : check->path, wrong,
			goes_on                               ? "this line does nothing"
			: line->facility == FACILITY_PASSWORD ? "no password can be changed"
							      : "nobody can log in");
	check->is_broken |= wrong && !goes_on;
	free(wrong);
	free(where);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_reported(const struct check *check, const struct stack_line *line)
{
	for (size_t i = 0; i < check->uses; i++)
		if (check->use[i].number == line->number &&
			strcmp(check->use[i].path, line->path) == 0)
			return true;
	return false;
}

static void take_line(void *context, const struct stack_line *line)
{
	struct check *check = context;
	const char *module = file_name(line->module);

	if (strcmp(module, MODULE) == 0) {
		const bool is_new = !is_reported(check, line);
		struct use *use = find_use(check, line);

		if (!line->is_fragment)
			add_service(use, line->service);
		if (is_new)
			report_missing(check, line);
		if (line->facility == FACILITY_PASSWORD) {
			free(check->last);
			check->last = strdup(line->service);
		}
	} else if (line->facility == FACILITY_PASSWORD && check->last &&
		   strcmp(check->last, line->service) == 0 && strcmp(module, "pam_unix.so") == 0 &&
		   !has_word(line->arguments, "use_authtok") && !is_reported(check, line)) {
		/* A use without services: it only notes that the line was reported. */
		find_use(check, line);
		a2a_report(check->log, A2A_WARNING, NULL,
			"%s:%lu: pam_unix.so comes after " MODULE
			" without use_authtok, so it asks for a password of its own, which is not "
			"checked: add use_authtok",
			line->path, line->number);
	}
}

static void print_use(const char *what, const struct use *use)
{
	char *text;

	if (asprintf(&text, "%s: %s, %s %s:%lu%s", what, use->services,
		    strcmp(file_name(use->path), use->services) == 0 ? "in" : "through", use->path,
		    use->number, use->is_trial ? " (on trial: dry_run refuses nothing)" : "") < 0)
		err(EXIT_FAULT, NULL);
	wrap_print(stdout, text, 2, terminal_width(STDOUT_FILENO));
	free(text);
}

static void print_uses(const struct check *check)
{
	static const char *const names[FACILITIES] = {
		[FACILITY_PASSWORD] = "passwords",
		[FACILITY_AUTH] = "logins (auth)",
		[FACILITY_ACCOUNT] = "logins (account)",
	};

	for (size_t i = 0; i < FACILITIES * check->uses; i++) {
		const struct use *use = &check->use[i % check->uses];

		if (use->facility == i / check->uses && *use->services)
			print_use(names[use->facility], use);
	}
}

static bool is_used(const struct check *check, enum facility facility)
{
	for (size_t i = 0; i < check->uses; i++)
		if (check->use[i].facility == facility && *check->use[i].services)
			return true;
	return false;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static void find_module(struct check *check)
{
	char *peer = find_in_folders(check->root, "pam_unix.so");
	const int folder = peer ? (int)(strlen(peer) - strlen("/pam_unix.so")) : 0;
	char *elsewhere, *wrong;

	if (asprintf(&check->path, "%.*s/%s", peer ? folder : (int)strlen(A2A_PAM_MODULE_DIR),
		    peer ? peer : A2A_PAM_MODULE_DIR, MODULE) < 0)
		err(EXIT_FAULT, NULL);
	if (!peer)
		a2a_report(check->log, A2A_WARNING, NULL,
			"pam_unix.so was not found, so the folder of PAM's modules is unknown: "
			"assuming %s",
			A2A_PAM_MODULE_DIR);
	check->wrong = check_module(check->root, check->path);
	elsewhere = find_in_folders(check->root, MODULE);
	if (check->wrong && elsewhere && strcmp(elsewhere, check->path) != 0) {
		if (asprintf(&wrong, "%s (libpam does not look at %s: install it again)",
			    check->wrong, elsewhere) < 0)
			err(EXIT_FAULT, NULL);
		free(check->wrong);
		check->wrong = wrong;
	}
	if (!check->wrong)
		printf("The module is %s%s.\n", check->path,
			*check->root ? "" : " and can be loaded");
	free(elsewhere);
	free(peer);
}

bool installed_check(const char *root, const struct a2a_log *log)
{
	struct check check = {.root = root, .log = log};

	find_module(&check);
	stacks_each(root, take_line, &check, log);
	print_uses(&check);
	/* A stack that names it has reported it with its line. */
	if (check.wrong && !check.is_broken)
		a2a_report(log, A2A_WARNING, check.path, "the module %s", check.wrong);
	if (!is_used(&check, FACILITY_PASSWORD))
		a2a_report(log, A2A_WARNING, NULL,
			"no PAM stack checks new passwords with " MODULE
			": enable it with pam-auth-update --enable all2all");
	for (size_t i = 0; i < check.uses; i++) {
		free(check.use[i].path);
		free(check.use[i].services);
	}
	free(check.use);
	free(check.last);
	free(check.path);
	free(check.wrong);
	return !check.is_broken;
}
