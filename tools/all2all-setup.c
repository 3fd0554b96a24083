/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes the set-up files of a domain, for a web server to publish: a command line for setup.h. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "folder.h"
#include "language.h"
#include "paths.h"
#include "setup.h"
#include "sign.h"

static const char usage[] =
	"usage: all2all-setup [options] --out DIR [DOMAIN...]\n"
	"\n"
	"Makes the files from which mail programs set themselves up, for a web server to\n"
	"publish, and prints the DNS records of the domain. Without DOMAIN, for the\n"
	"domain of sheets.conf.\n"
	"\n"
	"  -o, --out DIR          write the files into DIR/DOMAIN\n"
	"  -t, --sheets DIR       the folder of sheets.conf\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"Exit status: 0; 2 if a file could not be made.\n"
	"Manual: all2all-setup(1).\n";

static const struct option long_options[] = {
	{"out", required_argument, NULL, 'o'},
	{"sheets", required_argument, NULL, 't'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

struct setup {
	const char *out, *sheets;
	char *const *domains; /* none: that of the service */
	size_t count;
	struct a2a_service service;
	struct a2a_signer *signer;
	struct a2a_log log;
};

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	warnx("%s%s", level == A2A_WARNING ? "warning: " : "", text);
}

static void parse(struct setup *setup, int argc, char **argv)
{
	struct command_options options = {0};
	int option;

	while ((option = getopt_long(argc, argv, "o:t:hV", long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			setup->out = optarg;
			break;
		case 't':
			setup->sheets = optarg;
			break;
		default:
			command_take_option(&options, option, optarg, usage);
		}
	}
	if (!setup->out || !*setup->out)
		errx(EXIT_FAULT, "no folder is named: --out DIR, which the web server reads");
	setup->domains = argv + optind;
	setup->count = (size_t)(argc - optind);
}

/* ---- Files ----------------------------------------------------------------------------------- */

/* Opens a folder within another one; makes it when it does not exist. Everybody may read it.
 * Returns -1, having reported. */
static int open_folder(int parent, const char *name, const struct a2a_log *log)
{
	const bool is_made = mkdirat(parent, name, 0755) == 0;
	int folder = is_made || errno == EEXIST
			     ? openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
			     : -1;

	/* The umask of the commands lets nobody else read. */
	if (folder >= 0 && is_made && fchmod(folder, 0755)) {
		close(folder);
		folder = -1;
	}
	if (folder < 0)
		a2a_fault(log, name, "the folder cannot be made: %s", strerror(errno));
	return folder;
}

/* Writes a file that everybody may read, under another name first, so that nobody reads half of it.
 */
static bool write_file(
	int folder, const char *name, const struct secret *bytes, const struct a2a_log *log)
{
	char *hidden = NULL;
	int file, error;

	if (asprintf(&hidden, ".%s.new", name) < 0)
		return a2a_fault(log, name, "out of memory");
	unlinkat(folder, hidden, 0);
	file = openat(folder, hidden, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	error = file < 0 ? errno : a2a_folder_write(file, bytes->bytes, bytes->length, 0);
	if (!error && (fchmod(file, 0644) || fsync(file)))
		error = errno;
	if (file >= 0 && close(file) && !error)
		error = errno;
	if (!error && renameat(folder, hidden, folder, name))
		error = errno;
	if (error)
		unlinkat(folder, hidden, 0);
	free(hidden);
	return !error || a2a_fault(log, name, "cannot be written: %s", strerror(error));
}

/* ---- The files of a domain ------------------------------------------------------------------- */

typedef bool make(const struct a2a_service *service, const char *domain, struct secret *bytes,
	const struct a2a_log *log);

/* The files where programs look for them, below the host's root. */
static const struct {
	const char *folder, *name;
	make *make;
} published[] = {
	{"mail", "config-v1.1.xml", a2a_setup_domain_autoconfig},
	{"autodiscover", "autodiscover.xml", a2a_setup_autodiscover},
};

static bool publish(const struct setup *setup, int root, const char *domain, size_t which)
{
	struct secret bytes = {0};
	int folder = -1;
	bool ok = published[which].make(&setup->service, domain, &bytes, &setup->log);

	if (ok)
		folder = open_folder(root, published[which].folder, &setup->log);
	ok = folder >= 0 && write_file(folder, published[which].name, &bytes, &setup->log);
	if (folder >= 0)
		close(folder);
	a2a_secret_wipe(&bytes);
	return ok;
}

/* Apple's profile, in each language: "fr.mobileconfig". */
static bool publish_profiles(const struct setup *setup, int root, const char *domain)
{
	bool ok = true;

	for (enum a2a_language language = 0; ok && language < A2A_LANGUAGES; language++) {
		const char *tag = a2a_language_tag(language);
		struct secret bytes = {0};
		char *name = NULL;

		if (asprintf(&name, "%s.mobileconfig", tag) < 0)
			return a2a_fault(&setup->log, domain, "out of memory");
		ok = a2a_setup_domain_mobileconfig(
			     &setup->service, domain, tag, &bytes, &setup->log) &&
		     a2a_sign(setup->signer, &bytes, &setup->log) &&
		     write_file(root, name, &bytes, &setup->log);
		free(name);
		a2a_secret_wipe(&bytes);
	}
	return ok;
}

static bool print_records(const struct setup *setup, const char *domain)
{
	struct secret records = {0};
	const bool ok = a2a_setup_records(&setup->service, domain, &records, &setup->log) &&
			write_all(records.bytes, records.length);

	a2a_secret_wipe(&records);
	return ok;
}

static bool make_domain(const struct setup *setup, int out, const char *domain)
{
	struct secret trial = {0};
	/* Before its name is that of a folder. */
	bool ok = a2a_setup_autodiscover(&setup->service, domain, &trial, &setup->log);
	const int root = ok ? open_folder(out, domain, &setup->log) : -1;

	a2a_secret_wipe(&trial);
	ok = root >= 0;
	for (size_t i = 0; ok && i < sizeof(published) / sizeof(published[0]); i++)
		ok = publish(setup, root, domain, i);
	ok = ok && publish_profiles(setup, root, domain) && print_records(setup, domain);
	if (root >= 0)
		close(root);
	return ok;
}

/* Opens the folder of all domains. Returns -1, having reported. */
static int open_out(const struct setup *setup)
{
	const bool is_new = access(setup->out, F_OK) != 0;
	const int out = a2a_folder_open(setup->out, &setup->log);

	if (out >= 0 && is_new && fchmod(out, 0755)) {
		warn("%s", setup->out);
		close(out);
		return -1;
	}
	return out;
}

static bool run(struct setup *setup)
{
	char *const *domains = setup->count ? setup->domains : &setup->service.domain;
	const size_t count = setup->count ? setup->count : 1;
	bool ok = true;
	int out;

	if (!a2a_service_read(&setup->service, setup->sheets, &setup->log) ||
		!a2a_signer_open(&setup->signer, &setup->service, &setup->log))
		return false;
	if (!setup->count && !*setup->service.domain)
		return a2a_fault(&setup->log, NULL,
			"no domain is named: name one, or set domain in sheets.conf");
	out = open_out(setup);
	if (out < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		ok = make_domain(setup, out, domains[i]) && ok;
	close(out);
	return ok;
}

int main(int argc, char **argv)
{
	struct setup setup = {.sheets = A2A_SHEETS_CONFIGURATION, .log = {say, NULL}};
	bool ok;

	command_start();
	parse(&setup, argc, argv);
	a2a_setup_start();
	ok = run(&setup);
	a2a_signer_close(setup.signer);
	a2a_service_free(&setup.service);
	return ok ? EXIT_ACCEPTED : EXIT_FAULT;
}
