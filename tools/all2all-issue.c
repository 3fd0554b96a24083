/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Issues passwords: makes them under the policy in force, sets them, and hands over the sheets.
 *
 * For each account, in this order: the sheet is written whole under a hidden name; the password is
 * set; the journal says so; the sheet gets its name. Whenever the run is stopped in between, the
 * next one finds out how far it came (issue/outbox.h). Pages and hashes are made by threads beside
 * each other; all else happens in the order of the list.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <search.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <syslog.h>
#include <unistd.h>

#include "backend.h"
#include "folder.h"
#include "generate.h"
#include "language.h"
#include "list.h"
#include "outbox.h"
#include "partial.h"
#include "pool.h"
#include "setup.h"
#include "sheet.h"
#include "command.h"
#include "hash.h"
#include "notice.h"
#include "paths.h"
#include "progress.h"
#include "spelling.h"
#include "spreadsheet.h"

static const char usage[] =
	"usage: all2all-issue [options] USER...\n"
	"       all2all-issue [options] --csv FILE\n"
	"\n"
	"What is handed over:\n"
	"  -o, --out DIR          a sheet for each account, DIR/USER.pdf\n"
	"  -O, --out-csv FILE     the accounts with their passwords, as a table\n"
	"  -S, --show             the sheet on the terminal, once; nothing is written\n"
	"  -f, --format LIST      of the sheets: pdf html text (default: pdf)\n"
	"  -m, --setup            set-up files for mail programs beside the sheets\n"
	"  -t, --sheets DIR       of sheets.conf and of templates of your own\n"
	"For whom:\n"
	"  -i, --csv FILE         a list of accounts; its first row names the columns, such as\n"
	"                         user,name,mail,language; - is standard input\n"
	"  -N, --name NAME        of the person, with one USER\n"
	"  -M, --mail ADDRESS     the account's address, with one USER\n"
	"  -L, --lang LANGUAGE    of those whose language the list does not say: fr nl de en\n"
	"  -A, --again            also those who were issued one into the same place before\n"
	"How:\n"
	"  -P, --service NAME     the PAM service that sets passwords (default: chpasswd)\n"
	"  -F, --force-change     the user must change it at the next login\n"
	"  -H, --hash[=SCHEME]    sets nothing: prints USER:{SCHEME}HASH for Dovecot, by\n"
	"                         yescrypt (default) bcrypt sha512 argon2id\n"
	"  -l, --length LENGTH    characters (default: 12)\n"
	"  -w, --words WORDS      a passphrase of so many words in the user's language, and a "
	"digit\n"
	"  -k, --keyboard-safe    only keys that AZERTY, QWERTY and QWERTZ have in one place\n"
	"  -j, --jobs JOBS        threads that make pages and hashes (default: one a processor)\n"
	"  -n, --dry-run          looks at everything, issues nothing\n"
	"  -c, --config FILE      instead of the system's configuration\n"
	"  -s, --set KEY=VALUE    a setting, over the configuration's; may be given again\n"
	"  -h, --help             this text\n"
	"\n"
	"A run that was stopped is gone on with by the same command. Exit status: 0; 1 when some\n"
	"accounts got none (errors.csv says why); 2 when it could not go on. Manual:\n"
	"all2all-issue(1).\n";

enum {
	MOST_JOBS = 256, /* threads */
	BATCH = 64,      /* accounts of which hashes are made that go to the disk together */
};

/* What a file beside the password can be. */
enum output { TEXT, HTML, PDF, AUTOCONFIG, MOBILECONFIG, OUTPUTS };

static const struct {
	const char *name;   /* as --format has it; NULL: by --setup */
	const char *ending; /* of the file */
} outputs[OUTPUTS] = {
	[TEXT] = {"text", "txt"},
	[HTML] = {"html", "html"},
	[PDF] = {"pdf", "pdf"},
	[AUTOCONFIG] = {NULL, "autoconfig.xml"},
	[MOBILECONFIG] = {NULL, "mobileconfig"},
};

/* A sheet's format is an output of the same number. */
static_assert(
	TEXT == (int)A2A_SHEET_TEXT && HTML == (int)A2A_SHEET_HTML && PDF == (int)A2A_SHEET_PDF,
	"the formats of sheets come first");

struct request {
	const char *list, *folder, *table, *sheets, *service, *name, *mail;
	char *const *users;
	size_t user_count;
	unsigned outputs; /* a bit for each, 1 << PDF */
	bool show, setup, again, force_change, has_hash, dry_run, keyboard_safe;
	enum hash_scheme scheme;
	unsigned length, words, jobs;
	struct command_options options;
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
	{"length", required_argument, NULL, 'l'},
	{"words", required_argument, NULL, 'w'},
	{"keyboard-safe", no_argument, NULL, 'k'},
	{"jobs", required_argument, NULL, 'j'},
	{"dry-run", no_argument, NULL, 'n'},
	{"config", required_argument, NULL, 'c'},
	{"set", required_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* ---- The command line ------------------------------------------------------------------------ */

static unsigned take_formats(const char *list)
{
	unsigned taken = 0;

	for (list += strspn(list, " ,"); *list; list += strspn(list, " ,")) {
		const size_t length = strcspn(list, " ,");
		size_t output = 0;

		while (output < OUTPUTS &&
			!(outputs[output].name && strlen(outputs[output].name) == length &&
				memcmp(outputs[output].name, list, length) == 0))
			output++;
		if (output == OUTPUTS)
			errx(EXIT_FAULT, "--format: \"%.*s\" is none of pdf html text", (int)length,
				list);
		taken |= 1u << output;
		list += length;
	}
	if (!taken)
		errx(EXIT_FAULT, "--format: name some of pdf html text");
	return taken;
}

static void take_scheme(struct request *request, const char *name)
{
	request->has_hash = true;
	if (name && !hash_find(name, &request->scheme))
		errx(EXIT_FAULT, "--hash: \"%s\" is none of %s", name, hash_names());
}

static const char *named(const char *option, const char *path)
{
	if (!*path)
		errx(EXIT_FAULT, "%s: the name is empty", option);
	return path;
}

/* Of somebody who is to be written to from anywhere, not only on this machine. */
static bool is_address(const char *text)
{
	return notice_is_address(text) && strchr(text, '@');
}

static void check_request(const struct request *request)
{
	if (!request->list == !request->user_count)
		errx(EXIT_FAULT, "for whom? Name accounts, or a list of them with --csv");
	if (!request->folder && !request->table && !request->show && !request->dry_run)
		errx(EXIT_FAULT, "where do the passwords go? --out DIR writes sheets, --out-csv "
				 "FILE a table, --show prints to the terminal");
	if (request->show && (request->folder || request->table || request->list))
		errx(EXIT_FAULT, "--show is for accounts named on the command line, and writes "
				 "nothing");
	if (request->show && !isatty(STDOUT_FILENO))
		errx(EXIT_FAULT, "--show prints to a terminal, and standard output is none: --out "
				 "writes a file that only you can read");
	if ((request->name || request->mail) && request->user_count != 1)
		errx(EXIT_FAULT, "--name and --mail go with one USER; a list has columns for them");
	if (request->setup && !request->folder)
		errx(EXIT_FAULT, "--setup writes files beside the sheets: say where with --out");
	if (request->has_hash && (request->force_change || request->service))
		errx(EXIT_FAULT, "--hash sets no password: --service and --force-change go without "
				 "it");
	if (request->length && request->words)
		errx(EXIT_FAULT, "--length and --words: only one of them can decide");
	if (request->mail && !is_address(request->mail))
		errx(EXIT_FAULT, "--mail: \"%s\" is no mail address", request->mail);
}

static void parse(struct request *request, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "o:O:Sf:mt:i:N:M:L:AP:FH::l:w:kj:nc:s:h",
			long_options, NULL)) != -1) {
		switch (option) {
		case 'o':
			request->folder = named("--out", optarg);
			break;
		case 'O':
			request->table = named("--out-csv", optarg);
			break;
		case 'S':
			request->show = true;
			break;
		case 'f':
			request->outputs = take_formats(optarg);
			break;
		case 'm':
			request->setup = true;
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
			request->service = optarg;
			break;
		case 'F':
			request->force_change = true;
			break;
		case 'H':
			take_scheme(request, optarg);
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
			command_take_option(&request->options, option, optarg, usage);
		}
	}
	request->users = argv + optind;
	request->user_count = (size_t)(argc - optind);
	check_request(request);
	if (!request->outputs)
		request->outputs = 1u << PDF;
	if (!request->folder)
		request->outputs = 0;
	if (request->show)
		request->outputs = 1u << TEXT;
	if (request->setup)
		request->outputs |= 1u << AUTOCONFIG | 1u << MOBILECONFIG;
}

/* ---- A run ----------------------------------------------------------------------------------- */

struct run {
	const struct request *request;
	struct command command;
	struct a2a_service service;
	struct a2a_sheets *sheets; /* NULL: none are made */
	struct a2a_backend *backend;
	struct a2a_list *list;
	struct a2a_outbox *outbox;
	struct a2a_journal *journal; /* the outbox's, or of the table alone */
	bool owns_journal;
	struct a2a_partial *table, *errors;
	char *errors_path, *table_path; /* the table's: absolute */
	struct a2a_generator
		*generator[A2A_LANGUAGES]; /* of passphrases, one a language; else the first */
	struct a2a_pool *pool;
	char host[256];
	void *seen; /* a tree of the names that the list had so far */
	size_t next_user;
	struct bar bar;
	struct timespec begun;
	char *doubtful; /* whose row in the table an earlier run did not finish */
	size_t issued, before, problems;
	bool is_lacking; /* something else than a password */
	bool has_fault;
};

/* An account on its way through. */
struct job {
	struct a2a_row row;
	double share; /* of the list, up to here */
	const char *user, *name, *mail, *language;
	char *gecos;
	char id[A2A_ISSUE_ID_SIZE];
	bool is_issued; /* it has this password */
	bool is_before; /* it has its password from an earlier run */
	char *hash;     /* of which this is the hash */
	struct secret password, hashed, page[OUTPUTS];
	char *problem; /* why it gets none */
};

static const struct a2a_log *log_of(const struct run *run)
{
	return &run->command.log;
}

/* In front of anything that is said: the bar shares the terminal with it. */
static void say(void *context, enum a2a_level level, const char *text)
{
	struct run *run = context;

	bar_clear(&run->bar);
	warnx("%s%s", level == A2A_WARNING ? "warning: " : "", text);
}

static void free_job(struct job *job)
{
	if (!job)
		return;
	a2a_row_free(&job->row);
	a2a_secret_wipe(&job->password);
	a2a_secret_wipe(&job->hashed);
	for (size_t i = 0; i < OUTPUTS; i++)
		a2a_secret_wipe(&job->page[i]);
	free(job->gecos);
	free(job->hash);
	free(job->problem);
	free(job);
}

/* The first problem of a job is the one that is told. */
__attribute__((format(printf, 2, 3))) static void refuse(struct job *job, const char *format, ...)
{
	va_list arguments;

	if (job->problem)
		return;
	va_start(arguments, format);
	if (vasprintf(&job->problem, format, arguments) < 0)
		job->problem = strdup("out of memory");
	va_end(arguments);
	if (!job->problem)
		err(EXIT_FAULT, NULL);
}

/* A log whose faults become a job's problem. */
static void say_to_job(void *context, enum a2a_level level, const char *text)
{
	if (level == A2A_FAULT)
		refuse(context, "%s", text);
}

/* ---- Opening --------------------------------------------------------------------------------- */

static bool open_sheets(struct run *run)
{
	const struct request *request = run->request;
	const char *folder = request->sheets ? request->sheets : A2A_SHEETS_CONFIGURATION;
	char buffer[24];

	if (!request->outputs)
		return true;
	if (!a2a_service_read(&run->service, folder, log_of(run)))
		return false;
	a2a_setup_start(); /* there are no threads yet */
	run->sheets = a2a_sheets_open(&run->service, folder,
		a2a_settings_get(run->command.settings, "sheets_dir", buffer), log_of(run));
	return run->sheets;
}

static struct a2a_generator *open_generator(const struct run *run, const char *language)
{
	const struct request *request = run->request;
	const struct a2a_recipe recipe = {
		.style = request->words ? A2A_WORDS : A2A_CHARACTERS,
		.length = request->words ? request->words : request->length,
		.keyboard_safe = request->keyboard_safe,
		.language = request->words ? language : NULL,
	};

	return a2a_generator_open(run->command.policy, &recipe, log_of(run));
}

static bool open_generators(struct run *run)
{
	const size_t count = run->request->words ? A2A_LANGUAGES : 1;

	for (size_t i = 0; i < count; i++)
		if (!(run->generator[i] =
				    open_generator(run, a2a_language_tag((enum a2a_language)i))))
			return false;
	return true;
}

/* Of a file that need not be there, in a folder that must. */
static char *absolute(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	char *real = folder ? realpath(folder, NULL) : NULL;
	char *whole = NULL;

	if (!real)
		warn("%s", path);
	else if (asprintf(&whole, "%s/%s", real, name) < 0)
		err(EXIT_FAULT, NULL);
	free(folder);
	free(real);
	if (whole && strpbrk(whole, "\t\n"))
		errx(EXIT_FAULT, "--out-csv: no tabs and line breaks in a file's name, please");
	return whole;
}

/* "FILE.csv" -> "FILE.errors.csv", or "errors.csv" in the folder of sheets. */
static bool name_tables(struct run *run)
{
	const struct request *request = run->request;
	const size_t length = request->table ? strlen(request->table) : 0;
	const bool ends = length > 4 && strcasecmp(request->table + length - 4, ".csv") == 0;
	int status = 0;

	if (!request->list)
		return true;
	if (request->folder)
		status = asprintf(&run->errors_path, "%s/errors.csv", request->folder);
	else if (request->table)
		status = asprintf(&run->errors_path, "%.*s.errors.csv",
			(int)(ends ? length - 4 : length), request->table);
	if (status < 0)
		err(EXIT_FAULT, NULL);
	return true;
}

/* Where only a table is written, the journal is beside it. */
static bool open_table_journal(struct run *run)
{
	const char *path = run->request->table;
	char *name = NULL, *journal_path = NULL;
	const char *base;
	const int folder = a2a_folder_open_around(path, &base, log_of(run));

	if (folder < 0)
		return false;
	if (asprintf(&name, ".%s.journal", base) < 0 ||
		asprintf(&journal_path, "%.*s%s", (int)(base - path), path, name) < 0)
		err(EXIT_FAULT, NULL);
	run->journal = a2a_journal_open(folder, name, journal_path, log_of(run));
	run->owns_journal = true;
	close(folder);
	free(name);
	free(journal_path);
	return run->journal;
}

/*
 * A table that an earlier run began is completed by the same command, and not forgotten: its
 * rows have passwords that are nowhere else. When it has its name, the run was stopped behind that;
 * when it is nowhere, it was moved away.
 */
static bool check_table(struct run *run)
{
	const char *begun = a2a_journal_table(run->journal);

	if (!begun)
		return true;
	if (!a2a_partial_is_there(begun))
		return a2a_journal_set_table(run->journal, NULL, log_of(run));
	if (!run->table_path || strcmp(begun, run->table_path) != 0)
		return a2a_fault(log_of(run), begun,
			"an earlier run into the same place did not complete this table: add "
			"--out-csv with it");
	if (run->request->again)
		return a2a_fault(log_of(run), begun,
			"an earlier run did not complete this table: the same command without "
			"--again does, and then there can be another");
	return true;
}

/* What both need to be there: the folder of the one may be that of the other. */
static bool check_names(struct run *run)
{
	char *errors = run->errors_path ? absolute(run->errors_path) : NULL;
	bool ok = !run->errors_path || errors;

	if (errors && strcmp(errors, run->table_path) == 0)
		ok = a2a_fault(log_of(run), run->table_path,
			"has the rows that come back: name another file with --out-csv");
	free(errors);
	return ok;
}

static bool open_table(struct run *run);

static bool open_place(struct run *run)
{
	const struct request *request = run->request;

	if (request->dry_run)
		return true;
	if (request->folder) {
		run->outbox = a2a_outbox_open(request->folder, log_of(run));
		if (!run->outbox)
			return false;
		run->journal = a2a_outbox_journal(run->outbox);
		if (a2a_outbox_mended(run->outbox))
			warnx("%s: an earlier run was stopped: %zu files got the names that they "
			      "were to have",
				request->folder, a2a_outbox_mended(run->outbox));
	} else if (request->table && !open_table_journal(run)) {
		return false;
	}
	if (request->table && (!(run->table_path = absolute(request->table)) || !check_names(run)))
		return false;
	if (run->journal && !check_table(run))
		return false;
	if (run->journal && a2a_journal_table(run->journal) && !open_table(run))
		return false;
	return !request->again || !run->journal || a2a_journal_forget(run->journal, log_of(run));
}

static unsigned processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

static void make_pages(void *context, void *job);

/* Signals that end the program wait until an account is finished: see is_stopped(). */
static void block_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
}

static bool open_pool(struct run *run)
{
	const unsigned jobs = run->request->jobs ? run->request->jobs : processors();

	/* The threads inherit it. */
	block_signals();

	run->pool = a2a_pool_new(jobs, jobs + BATCH, make_pages, run);
	if (!run->pool)
		warn("threads");
	return run->pool;
}

static bool open_run(struct run *run)
{
	const struct request *request = run->request;

	run->command.log = (struct a2a_log){say, run};
	run->bar.is_shown = request->list && isatty(STDERR_FILENO);
	if (gethostname(run->host, sizeof(run->host) - 1))
		run->host[0] = '\0';
	if (!command_open(&run->command, &request->options) || !open_sheets(run) ||
		!open_generators(run))
		return false;
	if (!request->has_hash) {
		run->backend = a2a_backend_open(request->service ? request->service : "chpasswd",
			request->force_change, log_of(run));
		if (!run->backend)
			return false;
	}
	if (request->list && !(run->list = a2a_list_open(request->list, log_of(run))))
		return false;
	return name_tables(run) && open_place(run) && open_pool(run);
}

static void close_run(struct run *run)
{
	a2a_pool_free(run->pool);
	tdestroy(run->seen, free);
	for (size_t i = 0; i < sizeof(run->generator) / sizeof(run->generator[0]); i++)
		a2a_generator_close(run->generator[i]);
	a2a_partial_close(run->table);
	a2a_partial_close(run->errors);
	if (run->owns_journal)
		a2a_journal_close(run->journal);
	a2a_outbox_close(run->outbox);
	a2a_list_close(run->list);
	a2a_backend_close(run->backend);
	a2a_sheets_close(run->sheets);
	a2a_service_free(&run->service);
	command_close(&run->command);
	free(run->errors_path);
	free(run->table_path);
	free(run->doubtful);
}

/* ---- An account's data ----------------------------------------------------------------------- */

/* Dovecot makes small letters of all in a user's name. */
static int by_name(const void *one, const void *other)
{
	return strcasecmp(one, other);
}

/* Whether the list had the user before. */
static bool was_seen(struct run *run, const char *user)
{
	char *copy = strdup(user);
	char *const *place = copy ? tsearch(copy, &run->seen, by_name) : NULL;

	if (!place)
		err(EXIT_FAULT, NULL);
	if (*place == copy)
		return false;
	free(copy);
	return true;
}

/* "NL-be" -> "nl", and an empty tag is the language of the messages; NULL when there are no sheets
 * in it. */
static const char *find_language(const struct run *run, const char *tag)
{
	enum a2a_language language;

	if (!*tag)
		tag = a2a_messages_language(run->command.messages, 0);
	language = a2a_language_find(tag);
	if (language == A2A_LANGUAGES)
		return NULL;
	tag = a2a_language_tag(language);
	return !run->sheets || a2a_sheets_know(run->sheets, tag) ? tag : NULL;
}

/* What a list, or the command line, says of the account. */
static void describe(struct run *run, struct job *job)
{
	const struct request *request = run->request;
	const char *tag = "";

	if (run->list) {
		job->user = a2a_row_value(run->list, &job->row, A2A_USER);
		job->name = a2a_row_value(run->list, &job->row, A2A_NAME);
		job->mail = a2a_row_value(run->list, &job->row, A2A_MAIL);
		tag = a2a_row_value(run->list, &job->row, A2A_LANGUAGE);
		if (job->row.problem)
			refuse(job, "%s", job->row.problem);
	} else {
		const char *problem;

		job->user = request->users[run->next_user++];
		job->name = request->name ? request->name : "";
		job->mail = request->mail ? request->mail : "";
		if ((problem = a2a_user_problem(job->user)))
			refuse(job, "%s", problem);
	}
	if (job->problem)
		return;
	if (was_seen(run, job->user))
		refuse(job, "the user name is there twice");
	if (*job->mail && !is_address(job->mail))
		refuse(job, "\"%s\" is no mail address", job->mail);
	job->language = find_language(run, tag);
	if (!job->language)
		refuse(job, "there are no sheets in the language \"%s\": fr nl de en", tag);
}

/* What the system says of it. */
static void look_up(const struct run *run, struct job *job)
{
	char *problem = run->backend ? a2a_backend_problem(run->backend, job->user) : NULL;

	if (problem)
		refuse(job, "%s", *problem ? problem : "out of memory");
	free(problem);
	job->gecos = run->backend ? a2a_backend_gecos(job->user) : strdup("");
	if (!job->gecos)
		err(EXIT_FAULT, NULL);
}

/* The part of a GECOS field that is the name: to its first comma. */
static void name_from_gecos(struct job *job)
{
	if (!*job->name && *job->gecos) {
		job->gecos[strcspn(job->gecos, ",")] = '\0';
		job->name = job->gecos;
	}
}

/* Whether an earlier run was stopped while it was at the account. */
static bool is_doubtful(const struct run *run, const char *user)
{
	return (run->outbox && a2a_outbox_is_doubtful(run->outbox, user)) ||
	       (run->doubtful && strcmp(run->doubtful, user) == 0);
}

/* Whether an earlier run issued one, so that this one leaves it; the journal's hash is taken over.
 */
static bool look_before(struct run *run, struct job *job)
{
	const struct request *request = run->request;
	struct a2a_issued issued = {0};
	bool found = false;

	if (!run->journal)
		return true;
	if (!a2a_journal_find(run->journal, job->user, &found, &issued, log_of(run)))
		return false;
	/* Who is named on the command line is to have a new one, but not a second row in a table
	 * that was begun. What a run set last, and did not come to note, is on no sheet. */
	if (!request->list)
		found = found && issued.in_table;
	else if (run->backend && is_doubtful(run, job->user))
		found = false;
	if (!found) {
		a2a_issued_free(&issued);
		return true;
	}
	job->is_before = true;
	if (request->has_hash && !issued.hash)
		refuse(job,
			"it has a password of %s that was set, without a hash: --again makes a new "
			"one",
			issued.when);
	if (!request->has_hash && issued.hash)
		refuse(job,
			"it has a password of %s of which only a hash was made: --again makes a "
			"new one",
			issued.when);
	job->hash = issued.hash;
	issued.hash = NULL;
	a2a_issued_free(&issued);
	return true;
}

static bool make_password(struct run *run, struct job *job)
{
	const char *const names[] = {job->user, job->name, job->mail, job->gecos, run->host};
	const struct a2a_person person = {names, sizeof(names) / sizeof(names[0]), NULL};
	const size_t language = run->request->words ? a2a_language_find(job->language) : 0;
	uint64_t id;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id)) {
		warn("getrandom");
		return false;
	}
	snprintf(job->id, sizeof(job->id), "%016" PRIx64, id);
	return a2a_generate(run->generator[language], &person, &job->password, log_of(run));
}

/* ---- Pages, in the pool's threads ------------------------------------------------------------ */

static size_t collect_fields(
	const struct run *run, const struct job *job, struct a2a_sheet_field *field)
{
	size_t count = 0;

	for (size_t i = 0; run->list && i < a2a_list_width(run->list); i++)
		if (a2a_list_field(run->list, i) && *a2a_list_field(run->list, i))
			field[count++] = (struct a2a_sheet_field){
				a2a_list_field(run->list, i), job->row.cell[i]};
	return count;
}

static bool make_page(const struct run *run, struct job *job, enum output output,
	const struct a2a_handover *handover, const struct a2a_log *log)
{
	const struct a2a_setup_account account = {
		.user = job->user,
		.name = job->name,
		.mail = job->mail,
		.language = job->language,
	};

	switch (output) {
	case AUTOCONFIG:
		return a2a_setup_autoconfig(&run->service, &account, &job->page[output], log);
	case MOBILECONFIG:
		return a2a_setup_mobileconfig(&run->service, &account, &job->page[output], log);
	default:
		return a2a_sheet_make(run->sheets, handover, (enum a2a_sheet_format)output,
			&job->page[output], log);
	}
}

static void make_pages(void *context, void *argument)
{
	const struct run *run = context;
	struct job *job = argument;
	const struct a2a_log log = {say_to_job, job};
	struct a2a_sheet_field *field = NULL;
	struct secret spelled = {0};
	struct a2a_handover handover;
	const char *problem;

	if (job->problem || job->is_before || !job->password.length)
		return;
	field = calloc(run->list ? a2a_list_width(run->list) : 1, sizeof(*field));
	if (!field || !spell(&job->password, job->language, &spelled)) {
		refuse(job, "out of memory");
		goto out;
	}
	handover = (struct a2a_handover){
		.language = job->language,
		.user = job->user,
		.name = job->name,
		.mail = job->mail,
		.password = &job->password,
		.spelled = &spelled,
		.issued = time(NULL),
		.fields = field,
		.field_count = collect_fields(run, job, field),
	};
	for (unsigned output = 0; output < OUTPUTS; output++)
		if (run->request->outputs & 1u << output &&
			!make_page(run, job, (enum output)output, &handover, &log)) {
			refuse(job, "the sheet could not be made");
			goto out;
		}
	problem = run->request->has_hash
			  ? hash_password(run->request->scheme, &job->password, &job->hashed)
			  : NULL;
	if (problem)
		refuse(job, "%s", problem);
out:
	free(field);
	a2a_secret_wipe(&spelled);
}

/* ---- Tables ---------------------------------------------------------------------------------- */

static bool add_cell(const struct run *run, struct secret *row, const char *text)
{
	return a2a_cell_append(row, a2a_list_delimiter(run->list), text, strlen(text));
}

/* The columns of the list, or of what the command line says, without that of errors. */
static bool add_columns(const struct run *run, struct secret *row)
{
	bool ok = true;

	if (!run->list)
		return add_cell(run, row, "user") && add_cell(run, row, "name") &&
		       add_cell(run, row, "mail") && add_cell(run, row, "language");
	for (size_t i = 0; i < a2a_list_width(run->list); i++)
		if (i != a2a_list_place(run->list, A2A_ERROR))
			ok = ok && add_cell(run, row, a2a_list_heading(run->list, i));
	return ok;
}

static bool add_cells(const struct run *run, const struct job *job, struct secret *row)
{
	bool ok = true;

	if (!run->list)
		return add_cell(run, row, job->user) && add_cell(run, row, job->name) &&
		       add_cell(run, row, job->mail) && add_cell(run, row, job->language);
	for (size_t i = 0; i < job->row.count; i++)
		if (i != a2a_list_place(run->list, A2A_ERROR))
			ok = ok && add_cell(run, row, job->row.cell[i]);
	return ok;
}

static bool open_table(struct run *run)
{
	const off_t end = a2a_journal_table_end(run->journal);
	const bool is_begun = a2a_journal_table(run->journal);
	struct secret header = {0}, cells = {0}, rest = {0};
	const char *mark = a2a_list_mark(run->list);

	if (!add_columns(run, &cells) || !add_cell(run, &cells, "password") ||
		(run->request->has_hash && !add_cell(run, &cells, "hash")) ||
		!a2a_row_end(&cells) || !a2a_secret_append(&header, mark, strlen(mark)) ||
		!a2a_secret_append(&header, cells.bytes, cells.length))
		err(EXIT_FAULT, NULL);
	if (is_begun || a2a_journal_set_table(run->journal, run->table_path, log_of(run)))
		run->table = a2a_partial_open(run->request->table,
			is_begun ? A2A_PARTIAL_BEGUN : A2A_PARTIAL_NEW, end, &header, &rest,
			log_of(run));
	/* A row that the journal does not know: its password may be set. */
	if (run->table && run->backend && rest.length)
		run->doubtful = a2a_row_user(run->list, &rest);
	a2a_secret_wipe(&rest);
	a2a_secret_wipe(&header);
	a2a_secret_wipe(&cells);
	return run->table;
}

/* One that is new is only made when there is something to put into it. */
static bool need_table(struct run *run)
{
	return !run->request->table || run->table || open_table(run);
}

static bool add_to_table(struct run *run, const struct job *job)
{
	struct secret row = {0};
	bool ok;

	if (!add_cells(run, job, &row) ||
		!a2a_cell_append(&row, a2a_list_delimiter(run->list), job->password.bytes,
			job->password.length) ||
		(run->request->has_hash && !a2a_cell_append(&row, a2a_list_delimiter(run->list),
						   job->hashed.bytes, job->hashed.length)) ||
		!a2a_row_end(&row))
		err(EXIT_FAULT, NULL);
	ok = a2a_partial_add(run->table, &row, log_of(run));
	a2a_secret_wipe(&row);
	return ok;
}

/* The row goes back to the administrator, with what is wrong in front of it. */
static bool give_back(struct run *run, const struct job *job)
{
	struct secret row = {0}, header = {0}, cells = {0};
	const char *mark = a2a_list_mark(run->list);
	/* Not every name is one to print. */
	const char *user = *job->user && a2a_is_showable(job->user) ? job->user : "?";
	bool ok = true;

	run->problems++;
	if (!run->errors_path || run->request->dry_run) {
		bar_clear(&run->bar);
		if (run->list)
			warnx("%s:%lu: %s: %s", run->request->list, job->row.line, user,
				job->problem);
		else
			warnx("%s: %s", user, job->problem);
		return true;
	}
	if (!add_cell(run, &cells, "error") || !add_columns(run, &cells) || !a2a_row_end(&cells) ||
		!a2a_secret_append(&header, mark, strlen(mark)) ||
		!a2a_secret_append(&header, cells.bytes, cells.length) ||
		!add_cell(run, &row, job->problem) || !add_cells(run, job, &row) ||
		!a2a_row_end(&row))
		err(EXIT_FAULT, NULL);
	if (!run->errors)
		run->errors = a2a_partial_open(
			run->errors_path, A2A_PARTIAL_REPLACED, 0, &header, NULL, log_of(run));
	ok = run->errors && a2a_partial_add(run->errors, &row, log_of(run));
	a2a_secret_wipe(&row);
	a2a_secret_wipe(&header);
	a2a_secret_wipe(&cells);
	return ok;
}

/* ---- Issuing --------------------------------------------------------------------------------- */

static bool print_line(const char *user, const char *hash)
{
	char *line = NULL;
	const int length = asprintf(&line, "%s:%s\n", user, hash);
	bool ok;

	if (length < 0)
		err(EXIT_FAULT, NULL);
	ok = write_all(line, (size_t)length);
	free(line);
	return ok;
}

/* One file of an account; a sheet of its former password goes, when no new one takes its place. */
static bool put_output(struct run *run, const struct job *job, enum output output)
{
	const char *ending = outputs[output].ending;

	if (run->request->outputs & 1u << output)
		return a2a_outbox_put(
			run->outbox, job->user, job->id, ending, &job->page[output], log_of(run));
	return !outputs[output].name ||
	       a2a_outbox_put_none(run->outbox, job->user, job->id, ending, log_of(run));
}

/* The sheet and the row, under names that nobody takes for the account's. */
static bool put_down(struct run *run, const struct job *job)
{
	for (unsigned i = 0; run->outbox && i < OUTPUTS; i++)
		if (!put_output(run, job, (enum output)i))
			return false;
	return !run->request->table || add_to_table(run, job);
}

/* What was put down is on the disk when this returns true. */
static bool settle(const struct run *run)
{
	return (!run->outbox || a2a_outbox_sync(run->outbox, log_of(run))) &&
	       (!run->table || a2a_partial_sync(run->table, log_of(run)));
}

static void take_back(struct run *run, off_t table_end)
{
	if (run->outbox)
		a2a_outbox_discard(run->outbox);
	if (run->table && !a2a_partial_cut(run->table, table_end, log_of(run)))
		run->has_fault = true;
}

/* The password is the account's: the journal has to know. */
static bool record(const struct run *run, const struct job *job, off_t table_end)
{
	struct a2a_issued issued = {
		.hash = job->hashed.length ? job->hashed.bytes : NULL,
		.table_end = table_end,
	};

	memcpy(issued.id, job->id, sizeof(issued.id));
	return !run->journal || a2a_journal_add(run->journal, job->user, &issued, log_of(run));
}

/* The sheets get their names: also when the journal is broken, for whoever has the password needs
 * the sheet. */
static bool publish(const struct run *run, bool recorded)
{
	bool ok = recorded && (!run->journal || a2a_journal_sync(run->journal, log_of(run)));

	if (run->outbox && !a2a_outbox_publish(run->outbox, log_of(run)))
		ok = false;
	return ok;
}

static void tell_doubtful(struct run *run, const struct job *job)
{
	bar_clear(&run->bar);
	warnx("%s: an earlier run was stopped while it was at this account; it has a new password "
	      "now",
		job->user);
}

/* Returns whether the run can go on; a problem of this account alone is the job's. */
static bool set_and_publish(struct run *run, struct job *job)
{
	const off_t table_end = run->table ? a2a_partial_end(run->table) : 0;
	enum a2a_set set;
	char *why = NULL;
	bool ok;

	if (!put_down(run, job) || !settle(run)) {
		take_back(run, table_end);
		return false;
	}
	set = a2a_backend_set(run->backend, job->user, &job->password, &why);
	if (set == A2A_NOT_SET) {
		take_back(run, table_end);
		refuse(job, "%s", why ? why : "out of memory");
		free(why);
		return true;
	}
	job->is_issued = true;
	if (run->doubtful && strcmp(run->doubtful, job->user) == 0) {
		free(run->doubtful);
		run->doubtful = NULL;
	}
	ok = publish(run, record(run, job, run->table ? a2a_partial_end(run->table) : 0));
	syslog(LOG_NOTICE, "issued a password to user %s", job->user);
	if (set == A2A_SET_ONLY) {
		bar_clear(&run->bar);
		warnx("%s: the password is issued, but %s", job->user, why ? why : "out of memory");
		run->is_lacking = true;
	}
	free(why);
	return ok;
}

static bool issue_one(struct run *run, struct job *job)
{
	bool ok;

	if (!need_table(run) || !a2a_backend_lock(run->backend, job->user, log_of(run)))
		return false;
	ok = set_and_publish(run, job);
	a2a_backend_unlock(run->backend, job->user);
	return ok;
}

static bool is_to_issue(const struct job *job)
{
	return !job->problem && !job->is_before;
}

/* Nothing is set, so that nothing can be half done: they share the time that the disk takes. */
static bool issue_together(struct run *run, struct job *const *job, size_t count)
{
	struct job *taken[BATCH];
	off_t table_end, end[BATCH];
	size_t many = 0;
	bool ok = true;

	for (size_t i = 0; i < count; i++)
		if (is_to_issue(job[i]))
			taken[many++] = job[i];
	if (!many)
		return true;
	if (!need_table(run))
		return false;
	table_end = run->table ? a2a_partial_end(run->table) : 0;
	for (size_t i = 0; ok && i < many; i++) {
		ok = put_down(run, taken[i]);
		end[i] = run->table ? a2a_partial_end(run->table) : 0;
	}
	if (!ok || !settle(run)) {
		take_back(run, table_end);
		return false;
	}
	for (size_t i = 0; i < many; i++) {
		ok = (taken[i]->is_issued = ok && record(run, taken[i], end[i]));
		if (!ok && run->outbox)
			a2a_outbox_discard_user(run->outbox, taken[i]->user);
	}
	return publish(run, ok);
}

static bool issue(struct run *run, struct job *const *job, size_t count)
{
	bool ok = true;

	if (run->request->dry_run)
		for (size_t i = 0; i < count; i++)
			job[i]->is_issued = is_to_issue(job[i]);
	else if (run->backend)
		for (size_t i = 0; ok && i < count; i++)
			ok = !is_to_issue(job[i]) || issue_one(run, job[i]);
	else if (run->journal)
		ok = issue_together(run, job, count);
	else
		for (size_t i = 0; i < count; i++)
			job[i]->is_issued = is_to_issue(job[i]);
	return ok;
}

/* What is said of an account when its way is over. */
static bool finish_job(struct run *run, struct job *job, bool was_doubtful)
{
	const char *hash = job->is_before ? job->hash : job->hashed.bytes;
	bool ok = true;

	run->before += job->is_before && !job->problem;
	run->issued += job->is_issued;
	if (job->problem)
		return give_back(run, job);
	if (!job->is_issued && !job->is_before)
		return true;
	if (was_doubtful)
		tell_doubtful(run, job);
	if (run->request->show && !run->request->dry_run)
		ok = write_all(job->page[TEXT].bytes, job->page[TEXT].length);
	if (hash && !run->request->dry_run)
		ok = print_line(job->user, hash) && ok;
	return ok;
}

/* In the order of the list. */
static bool finish_jobs(struct run *run, struct job *const *job, size_t count)
{
	bool was_doubtful[BATCH];
	bool ok;

	for (size_t i = 0; i < count; i++)
		was_doubtful[i] = is_to_issue(job[i]) && is_doubtful(run, job[i]->user);
	ok = issue(run, job, count);
	for (size_t i = 0; i < count; i++)
		ok = finish_job(run, job[i], was_doubtful[i]) && ok;
	return ok;
}

/* ---- The list from its beginning to its end -------------------------------------------------- */

/* NULL at the end, or when the run cannot go on. */
static struct job *next_job(struct run *run)
{
	struct job *job = calloc(1, sizeof(*job));
	enum a2a_list_step step = A2A_LIST_ROW;

	if (!job)
		err(EXIT_FAULT, NULL);
	if (run->list)
		step = a2a_list_next(run->list, &job->row, log_of(run));
	else if (run->next_user == run->request->user_count)
		step = A2A_LIST_END;
	if (step != A2A_LIST_ROW) {
		run->has_fault |= step == A2A_LIST_FAILED;
		free_job(job);
		return NULL;
	}
	job->share = run->list ? a2a_list_share(run->list) : 0;
	describe(run, job);
	if (!job->problem)
		look_up(run, job);
	if (!job->problem && !look_before(run, job))
		goto failed;
	if (!job->problem && !job->is_before) {
		if (!make_password(run, job))
			goto failed;
		name_from_gecos(job);
	}
	return job;
failed:
	run->has_fault = true;
	free_job(job);
	return NULL;
}

/* Whether somebody asked for the end: the signals are blocked, so that an account is finished. */
static bool is_stopped(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 &&
	       (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
		       sigismember(&pending, SIGHUP));
}

static void show_progress(struct run *run, double share)
{
	const size_t done = run->issued + run->problems + run->before;
	struct timespec now;
	double seconds;
	char label[96];

	if (!run->bar.is_shown)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = (double)(now.tv_sec - run->begun.tv_sec) +
		  (double)(now.tv_nsec - run->begun.tv_nsec) / 1e9;
	if (share > 0 && seconds > 1)
		snprintf(label, sizeof(label), "%zu accounts, %.1f a second, %.0f s left", done,
			(double)done / seconds, seconds / share * (1 - share));
	else
		snprintf(label, sizeof(label), "%zu accounts", done);
	bar_draw(&run->bar, label, share);
}

/* The next jobs that are done: one where passwords are set, else as many as there are. */
static size_t take_jobs(const struct run *run, struct job *job[static BATCH])
{
	const size_t most = run->backend ? 1 : BATCH;
	size_t count = 0;

	do {
		job[count] = a2a_pool_take(run->pool);
		count += job[count] != NULL;
	} while (count && count < most && a2a_pool_is_ready(run->pool));
	return count;
}

/* Returns whether all of them were gone through. */
static bool go_through(struct run *run)
{
	bool is_over = false, stopped = false;

	clock_gettime(CLOCK_MONOTONIC, &run->begun);
	for (;;) {
		struct job *job[BATCH];
		size_t count;

		while (!is_over && !a2a_pool_is_full(run->pool)) {
			struct job *next = next_job(run);

			is_over = !next;
			if (next)
				a2a_pool_give(run->pool, next);
		}
		count = take_jobs(run, job);
		if (!count)
			break;
		stopped = stopped || is_stopped();
		if (!stopped && !run->has_fault && !finish_jobs(run, job, count))
			run->has_fault = true;
		is_over = is_over || stopped || run->has_fault;
		if (run->list)
			show_progress(run, job[count - 1]->share);
		while (count)
			free_job(job[--count]);
	}
	bar_clear(&run->bar);
	if (stopped)
		warnx("stopped after %zu accounts", run->issued + run->problems + run->before);
	return !stopped && !run->has_fault;
}

/* The tables get their names. */
static bool complete(struct run *run)
{
	bool ok = true;

	if (run->request->dry_run)
		return true;
	if (run->table)
		ok = a2a_partial_complete(run->table, log_of(run)) &&
		     a2a_journal_set_table(run->journal, NULL, log_of(run));
	if (run->errors)
		ok = a2a_partial_complete(run->errors, log_of(run)) && ok;
	else if (run->errors_path)
		a2a_partial_remove(run->errors_path);
	return ok;
}

/* "1 account", "2 accounts" */
static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void tell(const struct run *run, bool complete)
{
	const struct request *request = run->request;
	const char *place = request->folder ? request->folder : request->table;
	const size_t doubtful = run->outbox ? a2a_outbox_doubtful(run->outbox) : 0;

	if (request->dry_run) {
		warnx("%zu account%s would get a password, %zu not; nothing was issued",
			run->issued, plural(run->issued), run->problems);
		return;
	}
	if (!request->list && !run->problems && !run->before && complete && !doubtful &&
		!run->doubtful) {
		for (size_t i = 0; request->folder && i < request->user_count; i++)
			for (size_t j = 0; j < OUTPUTS; j++)
				if (request->outputs & 1u << j)
					warnx("%s/%s.%s", request->folder, request->users[i],
						outputs[j].ending);
		return;
	}
	warnx("%zu password%s issued%s%s", run->issued, plural(run->issued), place ? " into " : "",
		place ? place : "");
	if (run->before)
		warnx("%zu account%s had a password from before: --again makes new ones",
			run->before, plural(run->before));
	if (run->problems && run->errors && complete)
		warnx("%zu account%s got none: %s says why", run->problems, plural(run->problems),
			run->errors_path);
	else if (run->problems && run->errors)
		warnx("%zu account%s got none so far: %s will say why, when the run is complete",
			run->problems, plural(run->problems), run->errors_path);
	if (doubtful)
		warnx("%s: %zu account%s that an earlier run was stopped at still to be issued: "
		      "the password may be the old one, or that of a hidden file there",
			request->folder, doubtful, plural(doubtful));
	if (run->doubtful)
		warnx("%s: an earlier run was stopped while it was at this account, and its row is "
		      "taken away: its password may be a new one that nobody has, so issue it "
		      "another",
			run->doubtful);
	if (!complete && request->list)
		warnx("the same command goes on from here%s",
			request->again ? ", without --again" : "");
}

int main(int argc, char **argv)
{
	struct request request = {0};
	struct run run = {.request = &request};
	int status = EXIT_FAULT;
	bool is_complete;

	command_start();
	parse(&request, argc, argv);
	openlog("all2all-issue", LOG_PID, LOG_AUTHPRIV);
	if (!open_run(&run))
		goto out;
	is_complete = go_through(&run) && complete(&run);
	tell(&run, is_complete);
	if (is_complete)
		status = run.problems || run.is_lacking ? EXIT_REFUSED : EXIT_ACCEPTED;
out:
	close_run(&run);
	free(request.options.set);
	return status;
}
