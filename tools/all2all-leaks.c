/* SPDX-License-Identifier: BSD-3-Clause */
/* Fetches lists of leaked passwords, builds filters of them, checks these, and looks passwords up.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "leaks_fetch.h"
#include "leaks_inspect.h"
#include "leaks_install.h"
#include "number.h"
#include "progress.h"
#include "subcommand.h"

static const char usage[] =
	"usage: all2all-leaks build [options] LIST -o OUT    make a filter out of a list\n"
	"       all2all-leaks fetch -c ADDRESS -o OUT        fetch a list, make a filter\n"
	"       all2all-leaks update -c ADDRESS FILE         fetch what has changed\n"
	"       all2all-leaks install FILE -o OUT            check it, put it into place\n"
	"       all2all-leaks verify [--against LIST] FILE   check a filter\n"
	"       all2all-leaks stat FILE                      print what a filter has\n"
	"       all2all-leaks look FILE...                   look a password up\n"
	"       all2all-leaks merge FILE... -o OUT           make one filter of several\n"
	"\n"
	"  -o, --output OUT       the filter to write\n"
	"  -r, --rate RATE        build, fetch: false positives, at most (1e-5)\n"
	"  -l, --least-count N    build, fetch: leave out what leaked less often\n"
	"  -p, --plain            build, --against: the lines of the list are passwords\n"
	"  -s, --sort             build: the hashes of the list are in no order\n"
	"  -e, --entries N        build: how many entries there will be about\n"
	"  -a, --against LIST     verify: also look up each line of this list\n"
	"  -c, --contact ADDRESS  fetch, update: whom the service may write to\n"
	"  -k, --check            update: only ask whether anything is new\n"
	"  -S, --streams N        fetch, update: questions at a time; 1 to 128 (64)\n"
	"  -t, --tries N          fetch, update: how often a range is asked for (8)\n"
	"  -w, --wait SECONDS     fetch, update: how long for a silent service (30)\n"
	"  -u, --url URL          fetch, update: of another service, without the prefix\n"
	"  -C, --certificates FILE  fetch, update: whom to trust, not those of the system\n"
	"  -R, --ranges RANGES    fetch: only these, such as 00000-003FF\n"
	"  -j, --jobs N           threads; 1 to 8, as many as there are processors\n"
	"  -P, --progress         show the progress even if standard error is no terminal\n"
	"  -h, --help             print this text\n"
	"  -V, --version          print the version\n"
	"\n"
	"LIST is a file of lines HASH or HASH:COUNT (SHA-1), sorted; a folder with a file\n"
	"for each of the ranges 00000 to FFFFF; or - for standard input. gzip, bzip2, xz\n"
	"and zstd are known. look asks for the password, or reads it from a pipe. fetch\n"
	"and update do not run as root.\n"
	"\n"
	"Exit status: 0 success; look: the password is there; 1 verify: the filter is\n"
	"damaged, or has not all of the list; look: it is not there; update --check:\n"
	"there is something new; 2 any other error.\n"
	"Manual: all2all-leaks(8).\n";

enum { EXIT_GOOD = 0, EXIT_NOT_SO = 1 };

static const char SERVICE[] = "https://api.pwnedpasswords.com/range/";

enum {
	MOST_CONTACT = 200,
	MOST_TRIES = 20,
	MOST_WAIT = 600, /* seconds */
};

/* What the command line said. */
struct request {
	const char *output, *against, *contact, *url, *certificates;
	double rate;
	int64_t least_count, entries, jobs, streams, tries, wait;
	uint32_t first_range, last_range;
	bool is_plain, is_unsorted, only_checks, shows_progress;
	char **argument;
	size_t arguments;
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"rate", required_argument, NULL, 'r'},
	{"least-count", required_argument, NULL, 'l'},
	{"plain", no_argument, NULL, 'p'},
	{"sort", no_argument, NULL, 's'},
	{"entries", required_argument, NULL, 'e'},
	{"against", required_argument, NULL, 'a'},
	{"contact", required_argument, NULL, 'c'},
	{"check", no_argument, NULL, 'k'},
	{"streams", required_argument, NULL, 'S'},
	{"tries", required_argument, NULL, 't'},
	{"wait", required_argument, NULL, 'w'},
	{"url", required_argument, NULL, 'u'},
	{"certificates", required_argument, NULL, 'C'},
	{"ranges", required_argument, NULL, 'R'},
	{"jobs", required_argument, NULL, 'j'},
	{"progress", no_argument, NULL, 'P'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{0},
};

/* ---- Progress -------------------------------------------------------------------------------- */

static volatile sig_atomic_t is_interrupted;

static void interrupt(int number)
{
	(void)number;
	is_interrupted = 1;
}

/* A terminal has a bar; a file or a pipe gets a line from time to time. */
struct display {
	struct bar bar;
	bool has_lines;
	double begun, shown; /* seconds */
	/* How much there was at the beginning: what an earlier run had done. */
	uint64_t count_before;
	double done_before;
	const char *what;
};

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say(void *context, enum a2a_level level, const char *text)
{
	struct display *display = context;

	bar_clear(&display->bar);
	warnx("%s%s", level == A2A_WARNING ? "warning: " : "", text);
}

/* "1.5 million hashes, 0.75 million a second"; ranges are not so many. */
static void write_label(
	char label[static 128], const char *what, uint64_t count, uint64_t new, double passed)
{
	const double rate = passed > 0 ? (double)new / passed : 0;

	if (strcmp(what, "ranges") == 0)
		snprintf(label, 128, "%llu %s, %.0f a second", (unsigned long long)count, what,
			rate);
	else
		snprintf(label, 128, "%.1f million %s, %.2f million a second", (double)count / 1e6,
			what, rate / 1e6);
}

static bool show(void *context, const char *what, uint64_t count, double done)
{
	enum { LINE_EVERY = 10 };
	struct display *display = context;
	const double now = seconds();
	double passed;
	char label[128], left[32] = "";

	if (is_interrupted)
		return false;
	/* Another work has begun. */
	if (!display->what || strcmp(display->what, what) != 0) {
		display->what = what;
		display->begun = display->shown = now;
		display->count_before = count;
		display->done_before = display->bar.done_before = done;
		display->bar.begun = (struct timespec){0};
	}
	passed = now - display->begun;
	if (!display->bar.is_shown && !(display->has_lines && now - display->shown >= LINE_EVERY))
		return true;
	write_label(label, what, count, count - display->count_before, passed);
	bar_draw(&display->bar, label, done > 0 ? done : -1);
	if (display->bar.is_shown)
		return true;
	if (done > display->done_before && done < 1)
		snprintf(left, sizeof(left), ", %.0f s left",
			passed / (done - display->done_before) * (1 - done));
	warnx("%3.0f %%, %s%s", 100 * done, label, left);
	display->shown = now;
	return true;
}

static struct display make_display(const struct request *request)
{
	const bool has_bar = bar_is_possible();

	return (struct display){
		.bar.is_shown = has_bar,
		.has_lines = request->shows_progress && !has_bar,
	};
}

/* ---- Filters --------------------------------------------------------------------------------- */

static void print_format(const struct a2a_leaks_format *format)
{
	const double entries = (double)format->entries;

	printf("entries          %llu\n", (unsigned long long)format->entries);
	printf("false positives  %.3g\n", entries / (double)a2a_leaks_universe(format));
	printf("size             %llu bytes", (unsigned long long)format->size);
	if (format->entries)
		printf(", %.3f bits an entry", 8 * (double)format->size / entries);
	printf("\nleast count      %u\n", format->least_count);
	printf("merged           %llu\n", (unsigned long long)format->merged);
	printf("blocks           %llu in %llu shards\n",
		(unsigned long long)a2a_leaks_blocks(format),
		(unsigned long long)a2a_leaks_shards(format));
}

/* Opens a filter, or ends the program with what is wrong. */
static void open_filter(struct a2a_leaks *leaks, const char *path, int status_if_damaged)
{
	int error;
	const char *wrong = a2a_leaks_open(leaks, path, NULL, &error);

	if (wrong)
		errx(error ? EXIT_FAULT : status_if_damaged, "%s %s", path, wrong);
}

static const char *only_argument(const struct request *request, const char *what)
{
	if (request->arguments != 1)
		errx(EXIT_FAULT, "%s is wanted, and one alone", what);
	return request->argument[0];
}

static const char *wanted_output(const struct request *request)
{
	if (!request->output)
		errx(EXIT_FAULT, "-o OUT is wanted: the filter to write");
	return request->output;
}

/* ---- Building -------------------------------------------------------------------------------- */

static void print_census(const struct a2a_leaks_census *census)
{
	static const char *const class[A2A_LEAKS_COUNT_CLASSES] = {"0 (padding)", "1", "2 to 9",
		"10 to 99", "100 to 999", "1,000 to 9,999", "10,000 to 99,999",
		"100,000 to 999,999", "1,000,000 and more"};

	printf("lines            %llu\n", (unsigned long long)census->lines);
	printf("taken            %llu\n", (unsigned long long)census->taken);
	puts("\nhow often they leaked           hashes");
	for (size_t i = 0; i < A2A_LEAKS_COUNT_CLASSES; i++)
		if (census->of_count[i])
			printf("%-22s %15llu\n", class[i],
				(unsigned long long)census -> of_count[i]);
	puts("");
}

static int run_build(const struct request *request)
{
	const struct a2a_leaks_order order = {
		.input = only_argument(request, "a LIST"),
		.output = wanted_output(request),
		.lines = request->is_plain ? A2A_LEAKS_PASSWORDS : A2A_LEAKS_HASHES,
		.is_unsorted = request->is_unsorted,
		.rate = request->rate,
		.least_count = (uint32_t)request->least_count,
		.entries = (uint64_t)request->entries,
		.jobs = (unsigned)request->jobs,
	};
	struct display display = make_display(request);
	const struct a2a_log log = {say, &display};
	const struct a2a_leaks_observer observer = {&log, show, &display};
	struct a2a_leaks_result result;
	const bool ok = a2a_leaks_build(&order, &result, &observer);

	bar_clear(&display.bar);
	if (!ok)
		return EXIT_FAULT;
	print_census(&result.census);
	print_format(&result.format);
	return EXIT_GOOD;
}

static int run_merge(const struct request *request)
{
	struct display display = make_display(request);
	const struct a2a_log log = {say, &display};
	const struct a2a_leaks_observer observer = {&log, show, &display};
	const char *output = wanted_output(request);
	struct a2a_leaks leaks[A2A_LEAKS_MOST_MERGED];
	struct a2a_leaks_format format;
	bool ok;

	if (!request->arguments || request->arguments > A2A_LEAKS_MOST_MERGED)
		errx(EXIT_FAULT, "merge takes 1 to %d filters", A2A_LEAKS_MOST_MERGED);
	for (size_t i = 0; i < request->arguments; i++)
		open_filter(&leaks[i], request->argument[i], EXIT_FAULT);
	ok = a2a_leaks_merge(leaks, request->arguments, output, &format, &observer);
	bar_clear(&display.bar);
	for (size_t i = 0; i < request->arguments; i++)
		a2a_leaks_close(&leaks[i]);
	if (!ok)
		return EXIT_FAULT;
	print_format(&format);
	return EXIT_GOOD;
}

/* ---- Fetching -------------------------------------------------------------------------------- */

/* The service is asked for a million ranges: it must know whom to write to when something is wrong.
 */
static char *make_agent(const struct request *request)
{
	const char *contact = request->contact;
	char *agent, *space;
	size_t length;

	if (!contact)
		errx(EXIT_FAULT, "-c ADDRESS is wanted: a mail address or a web address of yours, "
				 "which the service is told");
	length = strlen(contact);
	for (size_t i = 0; i < length; i++)
		if (contact[i] <= ' ' || contact[i] > '~' || strchr("()\\", contact[i]))
			length = 0;
	if (!length || length > MOST_CONTACT ||
		(!strchr(contact, '@') && strncmp(contact, "https://", 8) != 0))
		errx(EXIT_FAULT, "--contact: \"%s\" is neither a mail address nor https://...",
			contact);
	if (asprintf(&agent, "%s (%s)", A2A_VERSION, contact) < 0)
		errx(EXIT_FAULT, "out of memory");
	/* "all2all-leaks 0.1.0" as it is printed, with a slash as HTTP has it. */
	space = strchr(agent, ' ');
	if (space)
		*space = '/';
	return agent;
}

/* The address without the digits of a range, which the caller frees. */
static char *make_url(const struct request *request)
{
	const char *given = request->url ? request->url : SERVICE;
	const size_t length = strlen(given);
	char *url;

	if (strncmp(given, "https://", 8) != 0 || strpbrk(given, " \t\r\n"))
		errx(EXIT_FAULT, "--url: \"%s\" is not https://...", given);
	if (asprintf(&url, "%s%s", given, given[length - 1] == '/' ? "" : "/") < 0)
		errx(EXIT_FAULT, "out of memory");
	return url;
}

static struct a2a_leaks_fetch_order make_order(
	const struct request *request, const char *filter, const char *url, const char *agent)
{
	return (struct a2a_leaks_fetch_order){
		.web =
			{
				.url = url,
				.agent = agent,
				.certificates = request->certificates,
				.streams = (unsigned)request->streams,
				.tries = (unsigned)request->tries,
				.patience = (unsigned)request->wait,
			},
		.filter = filter,
		.first = request->first_range,
		.end = request->last_range + 1,
		.least_count = (uint32_t)request->least_count,
		.rate = request->rate,
		.jobs = (unsigned)request->jobs,
	};
}

static void print_traffic(const struct a2a_leaks_fetch_result *result)
{
	const struct a2a_leaks_traffic *traffic = &result->traffic;

	printf("ranges           %u", result->ranges);
	if (result->kept)
		printf(", of which an earlier run had fetched %u", result->kept);
	printf("\nfetched          %llu in %.1f s", (unsigned long long)traffic->answers,
		traffic->seconds);
	if (traffic->seconds > 0)
		printf(", %.0f a second", (double)traffic->answers / traffic->seconds);
	printf("; %.1f MB\nasked again      %llu\n", (double)traffic->bytes / 1e6,
		(unsigned long long)traffic->failures);
}

/* Runs one of the functions that ask a service. */
static bool ask_service(const struct request *request, const char *filter,
	bool (*run)(const struct a2a_leaks_fetch_order *order,
		struct a2a_leaks_fetch_result *result, const struct a2a_leaks_observer *observer),
	struct a2a_leaks_fetch_result *result)
{
	struct display display = make_display(request);
	const struct a2a_log log = {say, &display};
	const struct a2a_leaks_observer observer = {&log, show, &display};
	char *agent = make_agent(request), *url = make_url(request);
	const struct a2a_leaks_fetch_order order = make_order(request, filter, url, agent);
	bool ok;

	if (geteuid() == 0)
		errx(EXIT_FAULT, "this does not run as root. Be another user; then let root run "
				 "all2all-leaks install");
	ok = run(&order, result, &observer);
	bar_clear(&display.bar);
	if (!ok && result->ranges && !request->only_checks)
		warnx("what was fetched is kept: the same command goes on from there");
	free(agent);
	free(url);
	return ok;
}

static int run_fetch(const struct request *request)
{
	struct a2a_leaks_fetch_result result;

	if (request->arguments)
		errx(EXIT_FAULT, "fetch takes no argument; -o OUT is the filter to write");
	if (!ask_service(request, wanted_output(request), a2a_leaks_fetch, &result))
		return EXIT_FAULT;
	print_traffic(&result);
	print_census(&result.built.census);
	print_format(&result.built.format);
	return EXIT_GOOD;
}

static int run_update(const struct request *request)
{
	const char *filter = only_argument(request, "a FILE");
	struct a2a_leaks_fetch_result result;

	if (!ask_service(request, filter,
		    request->only_checks ? a2a_leaks_ask_for_news : a2a_leaks_update, &result))
		return EXIT_FAULT;
	if (!result.changed)
		printf("nothing is new: none of %u ranges has changed\n", result.ranges);
	else
		printf("%u of %u ranges %s changed\n", result.changed, result.ranges,
			result.changed == 1 ? "has" : "have");
	if (request->only_checks)
		return result.changed ? EXIT_NOT_SO : EXIT_GOOD;
	if (result.changed) {
		print_traffic(&result);
		print_census(&result.built.census);
		print_format(&result.built.format);
	}
	return EXIT_GOOD;
}

static int run_install(const struct request *request)
{
	const char *source = only_argument(request, "a FILE"), *target = wanted_output(request);
	struct display display = make_display(request);
	const struct a2a_log log = {say, &display};
	const struct a2a_leaks_observer observer = {&log, show, &display};
	struct a2a_leaks_format format;
	const bool ok =
		a2a_leaks_install(source, target, (unsigned)request->jobs, &format, &observer);

	bar_clear(&display.bar);
	if (!ok)
		return EXIT_FAULT;
	printf("%s is whole, and is now %s: %llu entries\n", source, target,
		(unsigned long long)format.entries);
	return EXIT_GOOD;
}

/* ---- Looking into it ------------------------------------------------------------------------- */

static int compare(const struct request *request, const struct a2a_leaks *leaks, const char *path,
	const struct a2a_leaks_observer *observer)
{
	const struct a2a_leaks_order order = {
		.input = request->against,
		.lines = request->is_plain ? A2A_LEAKS_PASSWORDS : A2A_LEAKS_HASHES,
		.jobs = (unsigned)request->jobs,
	};
	struct display *display = observer->context;
	uint64_t found, missing;
	const enum a2a_leaks_finding finding =
		a2a_leaks_compare(leaks, path, &order, &found, &missing, observer);

	bar_clear(&display->bar);
	if (finding == A2A_LEAKS_GOOD)
		printf("%s has all %llu hashes of %s\n", path, (unsigned long long)found,
			request->against);
	return (int)finding;
}

static int run_verify(const struct request *request)
{
	const char *path = only_argument(request, "a FILE");
	struct display display = make_display(request);
	const struct a2a_log log = {say, &display};
	const struct a2a_leaks_observer observer = {&log, show, &display};
	struct a2a_leaks leaks;
	int status;

	open_filter(&leaks, path, EXIT_NOT_SO);
	status = (int)a2a_leaks_verify(&leaks, path, (unsigned)request->jobs, &observer);
	bar_clear(&display.bar);
	if (status == EXIT_GOOD)
		printf("%s is whole: %llu entries\n", path,
			(unsigned long long)leaks.format.entries);
	if (status == EXIT_GOOD && request->against)
		status = compare(request, &leaks, path, &observer);
	a2a_leaks_close(&leaks);
	return status;
}

static int run_stat(const struct request *request)
{
	const char *path = only_argument(request, "a FILE");
	struct a2a_leaks leaks;
	struct stat status;
	char day[sizeof("2026-01-01")] = "?";
	struct tm local;

	open_filter(&leaks, path, EXIT_NOT_SO);
	printf("file             %s\n", path);
	if (fstat(leaks.descriptor, &status) == 0 && localtime_r(&status.st_mtim.tv_sec, &local))
		strftime(day, sizeof(day), "%F", &local);
	printf("of               %s\n", day);
	print_format(&leaks.format);
	a2a_leaks_close(&leaks);
	return EXIT_GOOD;
}

/* Reads the password: hidden at a terminal, otherwise the first line of standard input. */
static bool read_password(struct secret *password)
{
	static struct lines lines = {.fd = STDIN_FILENO};
	bool ok;

	if (isatty(STDIN_FILENO))
		return ask_hidden("Password to look up: ", password);
	ok = lines_next(&lines, password) == LINE_READ;
	lines_wipe(&lines);
	return ok;
}

static int run_look(const struct request *request)
{
	struct secret password = {0};
	bool is_there = false;
	uint64_t hash;
	int status = EXIT_GOOD;

	if (!request->arguments)
		errx(EXIT_FAULT, "in which FILE?");
	if (!read_password(&password)) {
		a2a_secret_wipe(&password);
		warnx("there was no password to look up");
		return EXIT_FAULT;
	}
	hash = a2a_leaks_hash(password.bytes, password.length);
	a2a_secret_wipe(&password);
	for (size_t i = 0; i < request->arguments; i++) {
		const char *path = request->argument[i], *wrong;
		struct a2a_leaks leaks;
		int error;

		wrong = a2a_leaks_open(&leaks, path, NULL, &error);
		if (wrong) {
			warnx("%s %s", path, wrong);
			status = EXIT_FAULT;
			continue;
		}
		switch (a2a_leaks_find(&leaks, hash, NULL)) {
		case A2A_LEAKS_PRESENT:
			printf("leaked: %s has it\n", path);
			is_there = true;
			break;
		case A2A_LEAKS_ABSENT:
			printf("not found: %s does not have it\n", path);
			break;
		default:
			warnx("%s is damaged or cannot be read", path);
			status = EXIT_FAULT;
		}
		a2a_leaks_close(&leaks);
	}
	explicit_bzero(&hash, sizeof(hash));
	a2a_secret_clear_stack();
	if (status == EXIT_GOOD && !is_there)
		status = EXIT_NOT_SO;
	return status;
}

/* ---- The command line ------------------------------------------------------------------------ */

/* The commands, and the options that each of them takes. */
static const struct subcommand commands[] = {
	{"build", run_build, "orlpsejP"},
	{"fetch", run_fetch, "orlcStwuCRjP"},
	{"update", run_update, "ckStwuCjP"},
	{"install", run_install, "ojP"},
	{"verify", run_verify, "apjP"},
	{"stat", run_stat, ""},
	{"look", run_look, ""},
	{"merge", run_merge, "oP"},
};

static int64_t read_number(const char *option, const char *text, int64_t most)
{
	int64_t number;

	if (!a2a_number_parse(text, 1, most, &number))
		errx(EXIT_FAULT, "%s: \"%s\" is not a number from 1 to %lld", option, text,
			(long long)most);
	return number;
}

static double read_rate(const char *text)
{
	char *end;
	const double rate = strtod(text, &end);

	if (end == text || *end || !(rate >= 1e-15 && rate <= 0.1))
		errx(EXIT_FAULT, "--rate: \"%s\" is not a number from 1e-15 to 0.1", text);
	return rate;
}

/* Reads "00000-003FF". */
static void read_ranges(const char *text, struct request *request)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	const size_t first = strspn(text, digits);
	const char *second = text + first + 1;

	if (first != 5 || text[first] != '-' || strspn(second, digits) != 5 || second[5])
		errx(EXIT_FAULT, "--ranges: \"%s\" is not like 00000-003FF", text);
	request->first_range = (uint32_t)strtoul(text, NULL, 16);
	request->last_range = (uint32_t)strtoul(second, NULL, 16);
	if (request->first_range > request->last_range)
		errx(EXIT_FAULT, "--ranges: \"%s\" has no ranges", text);
}

static void take_option(struct request *request, int option, const char *argument)
{
	static struct command_options none;

	switch (option) {
	case 'o':
		request->output = argument;
		break;
	case 'a':
		request->against = argument;
		break;
	case 'r':
		request->rate = read_rate(argument);
		break;
	case 'l':
		request->least_count = read_number("--least-count", argument, UINT32_MAX);
		break;
	case 'e':
		request->entries = read_number("--entries", argument, INT64_C(1) << 40);
		break;
	case 'j':
		request->jobs = read_number("--jobs", argument, A2A_LEAKS_MOST_JOBS);
		break;
	case 'c':
		request->contact = argument;
		break;
	case 'k':
		request->only_checks = true;
		break;
	case 'S':
		request->streams = read_number("--streams", argument, A2A_LEAKS_MOST_STREAMS);
		break;
	case 't':
		request->tries = read_number("--tries", argument, MOST_TRIES);
		break;
	case 'w':
		request->wait = read_number("--wait", argument, MOST_WAIT);
		break;
	case 'u':
		request->url = argument;
		break;
	case 'C':
		request->certificates = argument;
		break;
	case 'R':
		read_ranges(argument, request);
		break;
	case 'p':
		request->is_plain = true;
		break;
	case 's':
		request->is_unsorted = true;
		break;
	case 'P':
		request->shows_progress = true;
		break;
	case 'h':
	case 'V':
	case '?':
		command_take_option(&none, option, argument, usage);
		break;
	}
}

static const struct subcommand *parse(struct request *request, int argc, char **argv)
{
	static const char all[] = "orlpseackStwuCRjP";
	char given[sizeof(all)] = "";
	const struct subcommand *command;
	int option;

	while ((option = getopt_long(argc, argv, "o:r:l:pse:a:c:kS:t:w:u:C:R:j:PhV", long_options,
			NULL)) != -1) {
		take_option(request, option, optarg);
		if (!strchr(given, option))
			given[strlen(given)] = (char)option;
	}
	command = subcommand_find(
		commands, sizeof(commands) / sizeof(commands[0]), argv[optind], given, EXIT_FAULT);
	request->argument = argv + optind + 1;
	request->arguments = (size_t)(argc - optind - 1);
	return command;
}

int main(int argc, char **argv)
{
	const struct sigaction stop = {.sa_handler = interrupt, .sa_flags = SA_RESETHAND};
	struct request request = {.rate = 1e-5,
		.least_count = 1,
		.streams = 64,
		.tries = 8,
		.wait = 30,
		.last_range = A2A_LEAKS_RANGES - 1};
	const struct subcommand *command;
	int status;

	command_start();
	/* An ordinary end removes the temporary file; a second signal ends the program at once. */
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	command = parse(&request, argc, argv);
	/* The prompt puts the terminal back by itself. */
	if (command->run == run_look) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
	}
	status = command->run(&request);
	if (is_interrupted)
		warnx("interrupted");
	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		status = EXIT_FAULT;
	}
	return status;
}
