/* SPDX-License-Identifier: BSD-3-Clause */
/* Issues passwords to accounts and writes their sheets: the command line of the room issue/. */
#include <err.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "address.h"
#include "command.h"
#include "hash_line.h"
#include "list.h"
#include "paths.h"
#include "progress.h"
#include "run.h"
#include "spelling.h"
#include "sql_presets.h"
#include "terminal.h"
#include "wrap.h"

static const char usage[] =
	"usage: all2all-issue [options] USER...\n"
	"       all2all-issue [options] --csv FILE\n"
	"\n"
	"Output:\n"
	"  -o, --out DIR          write a sheet for each account, DIR/USER.pdf\n"
	"  -O, --out-csv FILE     write a table of the accounts with their passwords\n"
	"  -S, --show             show user name, password and spelling on the terminal,\n"
	"                         once; write nothing\n"
	"  -f, --format LIST      formats of the sheets: pdf html text (default: pdf)\n"
	"  -m, --setup            also write set-up files for mail programs\n"
	"  -t, --sheets DIR       the folder of sheets.conf and your own templates\n"
	"Accounts:\n"
	"  -i, --csv FILE         a list of accounts; its first row names the columns,\n"
	"                         such as user,name,mail,language; - is standard input\n"
	"  -N, --name NAME        the person's name, with one USER\n"
	"  -M, --mail ADDRESS     the account's mail address, with one USER\n"
	"  -L, --lang LANGUAGE    if the list gives no language: fr nl de en\n"
	"  -A, --again            also accounts that already got a password there\n"
	"Passwords:\n"
	"  -P, --service NAME     the PAM service that sets passwords, instead of what\n"
	"                         accounts.conf says (without that file: chpasswd)\n"
	"  -F, --force-change     the user must change the password at the next login\n"
	"  -H, --hash[=SCHEME]    set nothing: print USER:{SCHEME}HASH for Dovecot, by\n"
	"                         yescrypt (default) bcrypt sha512 argon2id\n"
	"  -a, --hash-as FORM     print the hashes as lines of a passwd-file (default),\n"
	"                         for copy, or as updates of the tables of dovecot\n"
	"                         postfixadmin modoboa iredmail\n"
	"  -b, --bare             print the hashes without {SCHEME}\n"
	"  -l, --length LENGTH    length in characters (default: 12)\n"
	"  -w, --words WORDS      a passphrase of this many words and a digit, in the\n"
	"                         user's language\n"
	"  -k, --keyboard-safe    only keys that AZERTY, QWERTY and QWERTZ share\n"
	"  -j, --jobs JOBS        threads for pages and hashes (default: 1 per processor)\n"
	"  -n, --dry-run          check everything, issue nothing\n"
	"  -c, --config FILE      read FILE instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    change a setting of the configuration; may be repeated\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"If interrupted, run the same command again to resume. Exit status: 0; 1 if some\n"
	"accounts got no password (errors.csv says why); 2 if the run could not continue.\n"
	"Manual: all2all-issue(1).\n";

enum {
	MOST_JOBS = 256,     /* threads */
	SHOW_INDENT = 11,    /* columns of the labels of --show, with a blank */
	COLUMNS_INDENT = 17, /* the same of what is said of the columns of a list */
};

struct issue {
	struct a2a_run_request request;
	const char *service; /* the PAM service; NULL: not given */
	bool show, setup, force_change, has_hash, has_scheme;
	bool has_form; /* --hash-as or --bare was given */
	struct a2a_hash_form form;
	bool has_shown;   /* some account */
	bool has_columns; /* the heading of what is said of columns is printed */
	struct a2a_accounts *accounts;
	struct a2a_setter setter;
	struct command_options options;
	struct command command;
	struct bar bar;
};

static const struct option long_options[] = {
	{"out", required_argument, NULL, 'o'},
	{"out-csv", required_argument, NULL, 'O'},
	{"show", no_argument, NULL, 'S'},
	{"format", required_argument, NULL, 'f'},
	{"setup", no_argument, NULL, 'm'},
	{"sheets", required_argument, NULL, 't'},
	{"csv", required_argument, NULL, 'i'},
	{"name", required_argument, NULL, 'N'},
	{"mail", required_argument, NULL, 'M'},
	{"lang", required_argument, NULL, 'L'},
	{"again", no_argument, NULL, 'A'},
	{"service", required_argument, NULL, 'P'},
	{"force-change", no_argument, NULL, 'F'},
	{"hash", optional_argument, NULL, 'H'},
	{"hash-as", required_argument, NULL, 'a'},
	{"bare", no_argument, NULL, 'b'},
	{"length", required_argument, NULL, 'l'},
	{"words", required_argument, NULL, 'w'},
	{"keyboard-safe", no_argument, NULL, 'k'},
	{"jobs", required_argument, NULL, 'j'},
	{"dry-run", no_argument, NULL, 'n'},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

/* ---- The command line ------------------------------------------------------------------------ */

/* Tells whether the output is the format of this name. */
static bool is_format(enum a2a_output output, const char *name, size_t length)
{
	const char *format = a2a_output_format(output);

	return format && strlen(format) == length && memcmp(format, name, length) == 0;
}

static unsigned take_formats(const char *list)
{
	unsigned taken = 0;

	for (list += strspn(list, " ,"); *list; list += strspn(list, " ,")) {
		const size_t length = strcspn(list, " ,");
		enum a2a_output output = 0;

		while (output < A2A_OUTPUTS && !is_format(output, list, length))
			output++;
		if (output == A2A_OUTPUTS)
			errx(EXIT_FAULT, "--format: \"%.*s\" is none of pdf html text", (int)length,
				list);
		taken |= 1u << output;
		list += length;
	}
	if (!taken)
		errx(EXIT_FAULT, "--format: name some of pdf html text");
	return taken;
}

static void take_scheme(struct issue *issue, const char *name)
{
	issue->has_hash = true;
	issue->has_scheme = name;
	if (name && !hash_find(name, &issue->request.scheme))
		errx(EXIT_FAULT, "--hash: \"%s\" is none of %s", name, hash_names());
}

static void take_form(struct issue *issue, const char *name)
{
	issue->has_form = true;
	if (!a2a_hash_form_find(&issue->form, name))
		errx(EXIT_FAULT, "--hash-as: \"%s\" is none of %s", name, a2a_hash_form_names());
}

static const char *named(const char *option, const char *path)
{
	if (!*path)
		errx(EXIT_FAULT, "%s: the name is empty", option);
	return path;
}

static void check_request(const struct issue *issue)
{
	const struct a2a_run_request *request = &issue->request;

	if (!request->list == !request->user_count)
		errx(EXIT_FAULT, "no account is named: name accounts, or give a list with --csv");
	if (!request->folder && !request->table && !issue->show && !request->dry_run)
		errx(EXIT_FAULT, "no output is chosen: --out DIR writes sheets, --out-csv FILE "
				 "writes a table, --show prints to the terminal");
	if (issue->show && (request->folder || request->table || request->list))
		errx(EXIT_FAULT, "--show writes no file and reads no list: leave --out, "
				 "--out-csv and --csv out");
	if (issue->show && !isatty(STDOUT_FILENO))
		errx(EXIT_FAULT, "--show prints to a terminal, and standard output is none: --out "
				 "writes a file that only you can read");
	if ((request->name || request->mail) && request->user_count != 1)
		errx(EXIT_FAULT,
			"--name and --mail need exactly one USER; a list has columns for them");
	if (issue->setup && !request->folder)
		errx(EXIT_FAULT, "--setup writes files beside the sheets: say where with --out");
	if (issue->has_hash && (issue->force_change || issue->service))
		errx(EXIT_FAULT, "--hash sets no password: leave --service and --force-change "
				 "out");
	if (issue->has_form && !issue->has_hash)
		errx(EXIT_FAULT, "--hash-as and --bare say how --hash prints: add --hash");
	if (request->length && request->words)
		errx(EXIT_FAULT, "--length and --words: use only one of them");
	if (request->mail && !a2a_is_full_mail_address(request->mail))
		errx(EXIT_FAULT, "--mail: %s", a2a_mail_address_problem(request->mail));
}

static void parse(struct issue *issue, int argc, char **argv)
{
	struct a2a_run_request *request = &issue->request;
	int option;

	while ((option = getopt_long(argc, argv, "o:O:Sf:mt:i:N:M:L:AP:FH::a:bl:w:kj:nc:s:hV",
			long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			request->folder = named("--out", optarg);
			break;
		case 'O':
			request->table = named("--out-csv", optarg);
			break;
		case 'S':
			issue->show = true;
			break;
		case 'f':
			request->outputs = take_formats(optarg);
			break;
		case 'm':
			issue->setup = true;
			break;
		case 't':
			request->sheets = optarg;
			break;
		case 'i':
			request->list = optarg;
			break;
		case 'N':
			request->name = optarg;
			break;
		case 'M':
			request->mail = optarg;
			break;
		case 'A':
			request->again = true;
			break;
		case 'P':
			issue->service = optarg;
			break;
		case 'F':
			issue->force_change = true;
			break;
		case 'H':
			take_scheme(issue, optarg);
			break;
		case 'a':
			take_form(issue, optarg);
			break;
		case 'b':
			issue->has_form = issue->form.is_bare = true;
			break;
		case 'l':
			request->length = command_number("--length", optarg, 511);
			break;
		case 'w':
			request->words = command_number("--words", optarg, 64);
			break;
		case 'k':
			request->keyboard_safe = true;
			break;
		case 'j':
			request->jobs = command_number("--jobs", optarg, MOST_JOBS);
			break;
		case 'n':
			request->dry_run = true;
			break;
		default:
			command_take_option(&issue->options, option, optarg, usage);
		}
	}
	request->users = argv + optind;
	request->user_count = (size_t)(argc - optind);
	check_request(issue);
	/* Those who keep the table take that scheme themselves. */
	if (issue->form.preset && !issue->has_scheme)
		request->scheme = issue->form.preset->scheme;
	if (!request->outputs)
		request->outputs = 1u << A2A_OUTPUT_PDF;
	if (!request->folder)
		request->outputs = 0;
	if (issue->setup)
		request->outputs |= 1u << A2A_OUTPUT_AUTOCONFIG | 1u << A2A_OUTPUT_MOBILECONFIG;
}

/* ---- Events ---------------------------------------------------------------------------------- */

/* Prints a text. Clears the progress bar first, because it is on the same terminal. */
static void say(void *context, enum a2a_level level, const char *text)
{
	struct issue *issue = context;

	bar_clear(&issue->bar);
	warnx("%s%s", level == A2A_WARNING ? "warning: " : "", text);
}

static void mended(void *context, size_t files)
{
	struct issue *issue = context;

	bar_clear(&issue->bar);
	warnx("%s: an earlier run was stopped: %zu files got the names that they were to have",
		issue->request.folder, files);
}

static void columns(void *context, const char *what, const char *headings)
{
	struct issue *issue = context;
	const size_t taken = text_columns(what, strlen(what));
	const size_t indent = taken < COLUMNS_INDENT - 4 ? COLUMNS_INDENT : taken + 4;
	struct secret text = {0};

	if (!issue->has_columns)
		warnx("%s: the columns are taken for", issue->request.list);
	issue->has_columns = true;
	if (wrap_append(&text, headings, strlen(headings), indent, terminal_width(STDERR_FILENO)))
		fprintf(stderr, "  %s%*s%.*s\n", what, (int)(indent - 2 - taken), "",
			(int)text.length, text.bytes);
	a2a_secret_wipe(&text);
}

static void refused(void *context, unsigned long line, const char *user, const char *problem)
{
	struct issue *issue = context;

	bar_clear(&issue->bar);
	if (issue->request.list)
		warnx("%s:%lu: %s: %s", issue->request.list, line, user, problem);
	else
		warnx("%s: %s", user, problem);
}

static void issued(void *context, const char *user)
{
	(void)context;
	syslog(LOG_NOTICE, "issued a password to user %s", user);
}

static void partly_set(void *context, const char *user, const char *why)
{
	struct issue *issue = context;

	bar_clear(&issue->bar);
	warnx("%s: the password is issued, but %s", user, why);
}

static void resolved(void *context, const char *user)
{
	struct issue *issue = context;

	bar_clear(&issue->bar);
	warnx("%s: an earlier run was interrupted at this account; it has a new password now",
		user);
}

static bool print_hash(const struct issue *issue, const char *user, const char *hash)
{
	struct secret line = {0};
	bool ok = a2a_hash_line(&issue->form, user, hash, &line);

	if (ok)
		ok = write_all(line.bytes, line.length);
	else
		warnx("out of memory");
	a2a_secret_wipe(&line);
	return ok;
}

/* Prints a text behind its label, and begins new lines between items of the text. */
static bool print_labelled(const char *label, const char *text, size_t length)
{
	struct secret line = {0};
	bool ok = a2a_secret_append(&line, label, strlen(label));

	for (size_t i = strlen(label); ok && i < SHOW_INDENT; i++)
		ok = a2a_secret_append(&line, " ", 1);
	ok = ok && wrap_append(&line, text, length, SHOW_INDENT, terminal_width(STDOUT_FILENO)) &&
	     a2a_secret_append(&line, "\n", 1);
	if (ok)
		ok = write_all(line.bytes, line.length);
	else
		warnx("out of memory");
	a2a_secret_wipe(&line);
	return ok;
}

/* For the desk: what to say to the user on the telephone, and nothing else. */
static bool show(const struct issue *issue, const char *user, const struct secret *password,
	const char *spelling)
{
	struct secret spelled = {0};
	bool ok = a2a_spell_line(password, spelling, issue->request.words > 0, &spelled);

	if (!ok)
		warnx("out of memory");
	ok = ok && print_labelled("User name", user, strlen(user)) &&
	     print_labelled("Password", password->bytes, password->length) &&
	     print_labelled("Spelled", spelled.bytes, spelled.length);
	a2a_secret_wipe(&spelled);
	return ok;
}

static bool handed_over(void *context, const char *user, const struct secret *password,
	const char *spelling, const char *hash)
{
	struct issue *issue = context;
	bool ok = true;

	if (issue->show && issue->has_shown)
		ok = write_all("\n", 1);
	issue->has_shown = true;
	/* The bar is on the same terminal. */
	if (isatty(STDOUT_FILENO))
		bar_clear(&issue->bar);
	ok = ok && (!issue->show || show(issue, user, password, spelling));
	return (!hash || print_hash(issue, user, hash)) && ok;
}

static void progress(void *context, double share, size_t accounts)
{
	struct issue *issue = context;

	bar_count(&issue->bar, "account", accounts, share);
}

/* The signals that ask the program to end. They are blocked, so that the current account is
 * finished. */
static const int ends[] = {SIGINT, SIGTERM, SIGHUP};

static void block_ends(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool is_stopped(void *context)
{
	sigset_t pending;
	bool stopped = false;

	(void)context;
	if (sigpending(&pending))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		stopped |= sigismember(&pending, ends[i]) == 1;
	return stopped;
}

/* ---- The end --------------------------------------------------------------------------------- */

/* "1 account", "2 accounts" */
static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void list_files(const struct a2a_run_request *request)
{
	for (size_t i = 0; request->folder && i < request->user_count; i++)
		for (enum a2a_output output = 0; output < A2A_OUTPUTS; output++)
			if (request->outputs & 1u << output)
				warnx("%s/%s.%s", request->folder, request->users[i],
					a2a_output_ending(output));
}

static void tell(const struct a2a_run_request *request, const struct a2a_run_result *result)
{
	const char *place = request->folder ? request->folder : request->table;

	if (result->is_stopped)
		warnx("stopped after %zu accounts",
			result->issued + result->refused + result->before);
	if (request->dry_run) {
		warnx("%zu account%s would get a password, %zu not; nothing was issued",
			result->issued, plural(result->issued), result->refused);
		return;
	}
	if (!request->list && !result->refused && !result->before && result->is_complete &&
		!result->doubtful && !result->doubtful_user) {
		list_files(request);
		return;
	}
	warnx("%zu password%s issued%s%s", result->issued, plural(result->issued),
		place ? " into " : "", place ? place : "");
	if (result->before)
		warnx("%zu account%s already had a password from an earlier run: --again makes new "
		      "ones",
			result->before, plural(result->before));
	if (result->errors && result->is_complete)
		warnx("%zu account%s got none: %s says why", result->refused,
			plural(result->refused), result->errors);
	else if (result->errors)
		warnx("%zu account%s got none so far: %s will say why, when the run is complete",
			result->refused, plural(result->refused), result->errors);
	if (result->doubtful)
		warnx("%s: an earlier run was interrupted at %zu account%s, not issued yet: the "
		      "password may be the old one, or that of a hidden file there",
			request->folder, result->doubtful, plural(result->doubtful));
	if (result->doubtful_user)
		warnx("%s: an earlier run was interrupted at this account, and its row is removed: "
		      "its password may be a new one that nobody has, so issue another one",
			result->doubtful_user);
	if (!result->is_complete && request->list)
		warnx("run the same command%s again to resume",
			request->again ? ", without --again," : "");
}

/* ---- The command ----------------------------------------------------------------------------- */

static int run(struct issue *issue)
{
	const struct a2a_run_events events = {issue, mended, columns, refused, issued, partly_set,
		resolved, handed_over, progress, is_stopped};
	struct a2a_run_result result = {0};
	struct a2a_run *run = a2a_run_open(&issue->request, &events, &issue->command.log);
	int status = EXIT_FAULT;

	if (!run)
		return EXIT_FAULT;
	/* Do not block them earlier, so that a run that waits for another one can be interrupted.
	 */
	block_ends();
	progress(issue, 0, 0);
	a2a_run_go(run, &result);
	bar_clear(&issue->bar);
	tell(&issue->request, &result);
	if (result.is_complete)
		status = result.refused || result.is_partly_set ? EXIT_REFUSED : EXIT_ACCEPTED;
	a2a_run_close(run);
	return status;
}

/* Opens what sets the passwords. Returns false, having reported. */
static bool open_accounts(struct issue *issue)
{
	struct a2a_run_request *request = &issue->request;

	if (!issue->has_hash)
		issue->accounts = a2a_accounts_open(
			A2A_ACCOUNTS_CONFIGURATION, issue->service, &issue->command.log);
	if (!issue->has_hash &&
		(!issue->accounts || !a2a_accounts_start(issue->accounts, issue->force_change)))
		return false;
	/* Their files are named so. */
	for (size_t i = 0; i < request->user_count; i++)
		if (issue->has_hash || a2a_accounts_is_virtual(issue->accounts, request->users[i]))
			a2a_name_lower(request->users[i]);
	if (issue->has_hash)
		return true;
	issue->setter = a2a_setter_make(issue->accounts);
	request->setter = &issue->setter;
	return true;
}

/* Completes the request from the configuration, and runs it. */
static int open_and_run(struct issue *issue)
{
	struct a2a_run_request *request = &issue->request;
	const char *lang;
	int status = EXIT_FAULT;

	if (!command_open(&issue->command, &issue->options))
		return EXIT_FAULT;
	request->policy = issue->command.policy;
	lang = issue->command.settings->lang;
	/* With its country, "fr_FR", which chooses the spelling alphabet. */
	request->language = *lang && !strpbrk(lang, " ,\t")
				    ? lang
				    : a2a_messages_language(issue->command.messages, 0);
	request->shipped_sheets = issue->command.settings->sheets_dir;
	if (!request->sheets)
		request->sheets = A2A_SHEETS_CONFIGURATION;
	if (open_accounts(issue))
		status = run(issue);
	a2a_accounts_close(issue->accounts);
	return status;
}

int main(int argc, char **argv)
{
	struct issue issue = {0};
	int status;

	command_start();
	parse(&issue, argc, argv);
	openlog("all2all-issue", LOG_PID, LOG_AUTHPRIV);
	issue.command.log = (struct a2a_log){say, &issue};
	issue.bar.is_shown = !issue.show && bar_is_possible();
	status = open_and_run(&issue);
	command_close(&issue.command);
	free(issue.options.set);
	return status;
}
