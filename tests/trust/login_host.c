/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that logs users in through libpam, as a mail server does, in surroundings that are as
 * hostile as its options ask for. It tells what became of the logins, how late the later services
 * were behind the first one, and what was changed in the process. tests/trust/surroundings starts
 * it.
 *
 *   login_host [OPTION...] CONFDIR USER SERVICE...
 *
 *   -n TIMES       so many rounds; in each, one login through each SERVICE, by turns
 *   -p PROCESSES   so many hosts at once; -t THREADS: so many threads in each
 *   -d             every login has a user of its own: USER and a number
 *   -e             the limits are set early, before libpam has loaded the modules; without it, each
 *                  service has done one login by then
 *   -l NAME=VALUE  a resource limit, soft and hard; "cpu" counts from now
 *   -s SIGNAL=HOW  the signal is ignored, handled, blocked or pending
 *   -c DIGITS      these descriptors are closed
 *   -m OCTAL       the umask
 *   -w MS          every call that syncs takes so long
 *   -k NAME,...    any other system call kills the host
 *   -r FOLDER      the host's root folder
 *   -x FOLDER,...  these folders are empty
 *   -y             log by the real syslog(3), not into the report
 *   -T SECONDS     a host that takes longer is ended, and counts as hung
 *
 * The report is "KEY VALUE" lines on standard output. The exit status is 0 when there is one.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_appl.h>

#include "system_calls.h"

enum {
	SERVICES = 4,
	ROUNDS = 512,
	SIGNALS = 64,
	DESCRIPTORS = 1024,
	LIMITS = 16,
	LOG_ROOM = 1 << 16,
	OUTPUT_ROOM = 4096,
};

static const char *const signal_names[] = {"default", "ignored", "handled", "blocked", "pending"};

struct options {
	int rounds, processes, threads, timeout;
	bool distinct, early, real_syslog;
	struct {
		int resource;
		rlim_t value;
	} limits[LIMITS];
	int limit_count;
	char how[SIGNALS + 1]; /* index into signal_names */
	const char *closed, *root, *system_calls, *emptied;
	int umask; /* -1: as it is */
	const char *folder, *user;
	char **services;
	int service_count;
};

/* What a host leaves behind for its parent, in memory that both share. */
struct report {
	bool finished;
	int logins[SERVICES], lost[SERVICES];
	int last_status[SERVICES];
	int64_t took[SERVICES][ROUNDS]; /* nanoseconds, of the first thread */
	char changed[512];
};

struct descriptor {
	bool open;
	dev_t device;
	ino_t inode;
	int flags, status;
};

struct surroundings {
	struct descriptor descriptors[DESCRIPTORS];
	struct sigaction actions[SIGNALS + 1];
	sigset_t mask, pending;
	dev_t device;
	ino_t folder;
	mode_t umask;
	char *locale;
	size_t environment;
	struct rlimit limits[RLIM_NLIMITS];
	struct itimerval timers[3];
	stack_t stack;
};

/* The stand-ins below have no context: syslog(3) and fsync(2) are called by the module. */
static struct {
	char *log; /* shared with the hosts */
	size_t *logged;
	int64_t sync_ms;
	bool real_syslog;
	volatile sig_atomic_t handled;
} stage;

/* ---- Stand-ins ------------------------------------------------------------------------------- */

void syslog(int priority, const char *format, ...);
void vsyslog(int priority, const char *format, va_list arguments);
void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

static void keep(int priority, const char *format, va_list arguments)
{
	char line[1024];
	size_t length, at;

	if (stage.real_syslog) {
		void (*real)(int, const char *, va_list) = dlsym(RTLD_NEXT, "vsyslog");

		real(priority, format, arguments);
		return;
	}
	vsnprintf(line, sizeof(line), format, arguments);
	for (char *at_newline = line; (at_newline = strchr(at_newline, '\n'));)
		*at_newline = ' ';
	length = strlen(line);
	at = __atomic_fetch_add(stage.logged, length + 1, __ATOMIC_RELAXED);
	if (at + length + 1 >= LOG_ROOM)
		return;
	memcpy(stage.log + at, line, length);
	stage.log[at + length] = '\n';
}

void vsyslog(int priority, const char *format, va_list arguments)
{
	keep(priority, format, arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	(void)flag;
	keep(priority, format, arguments);
}

void syslog(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	keep(priority, format, arguments);
	va_end(arguments);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	(void)flag;
	va_start(arguments, format);
	keep(priority, format, arguments);
	va_end(arguments);
}

static int pretend_to_sync(void)
{
	const struct timespec wait = {stage.sync_ms / 1000, stage.sync_ms % 1000 * 1000000};

	nanosleep(&wait, NULL);
	return 0;
}

int fsync(int fd)
{
	return stage.sync_ms ? pretend_to_sync() : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return stage.sync_ms ? pretend_to_sync() : (int)syscall(SYS_fdatasync, fd);
}

int syncfs(int fd)
{
	return stage.sync_ms ? pretend_to_sync() : (int)syscall(SYS_syncfs, fd);
}

void sync(void)
{
	stage.sync_ms ? pretend_to_sync() : (int)syscall(SYS_sync);
}

int msync(void *address, size_t length, int flags)
{
	if (stage.sync_ms && flags & MS_SYNC)
		return pretend_to_sync();
	return (int)syscall(SYS_msync, address, length, flags);
}

int sync_file_range(int fd, off64_t from, off64_t length, unsigned flags)
{
	return stage.sync_ms ? pretend_to_sync()
			     : (int)syscall(SYS_sync_file_range, fd, from, length, flags);
}

/* ---- What the process is like ---------------------------------------------------------------- */

static void count_signal(int number)
{
	(void)number;
	stage.handled++;
}

static void look(struct surroundings *now)
{
	struct stat status;

	memset(now, 0, sizeof(*now));
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		if (!fstat(fd, &status))
			now->descriptors[fd] = (struct descriptor){true, status.st_dev,
				status.st_ino, fcntl(fd, F_GETFD), fcntl(fd, F_GETFL)};
	for (int i = 1; i <= SIGNALS; i++)
		sigaction(i, NULL, &now->actions[i]);
	pthread_sigmask(SIG_BLOCK, NULL, &now->mask);
	sigpending(&now->pending);
	if (!stat(".", &status)) {
		now->device = status.st_dev;
		now->folder = status.st_ino;
	}
	now->umask = umask(0);
	umask(now->umask);
	now->locale = strdup(setlocale(LC_ALL, NULL));
	for (char **one = environ; *one; one++)
		now->environment = now->environment * 31 + strlen(*one) + (size_t) * *one;
	for (int i = 0; i < (int)RLIM_NLIMITS; i++)
		getrlimit((__rlimit_resource_t)i, &now->limits[i]);
	/* The time that is left goes by itself; what counts is whether the timer is set. */
	for (int i = 0; i < 3; i++) {
		getitimer((__itimer_which_t)i, &now->timers[i]);
		now->timers[i].it_value = (struct timeval){timerisset(&now->timers[i].it_value), 0};
	}
	sigaltstack(NULL, &now->stack);
}

__attribute__((format(printf, 2, 3))) static void tell(
	struct report *report, const char *format, ...)
{
	size_t length = strlen(report->changed);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(report->changed + length, sizeof(report->changed) - length, format, arguments);
	va_end(arguments);
}

static bool same_set(const sigset_t *one, const sigset_t *other)
{
	for (int i = 1; i <= SIGNALS; i++)
		if (sigismember(one, i) != sigismember(other, i))
			return false;
	return true;
}

static void compare_descriptors(
	struct report *report, const struct descriptor *before, const struct descriptor *after)
{
	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		if (before[fd].open != after[fd].open)
			tell(report, " descriptor %d %s;", fd,
				after[fd].open ? "left open" : "closed");
		else if (before[fd].open && memcmp(&before[fd], &after[fd], sizeof(*before)))
			tell(report, " descriptor %d changed;", fd);
	}
}

static void compare(
	struct report *report, const struct surroundings *before, const struct surroundings *after)
{
	compare_descriptors(report, before->descriptors, after->descriptors);
	for (int i = 1; i <= SIGNALS; i++)
		if (before->actions[i].sa_handler != after->actions[i].sa_handler ||
			before->actions[i].sa_flags != after->actions[i].sa_flags ||
			!same_set(&before->actions[i].sa_mask, &after->actions[i].sa_mask))
			tell(report, " disposition of %s;", strsignal(i));
	if (!same_set(&before->mask, &after->mask))
		tell(report, " signal mask;");
	if (!same_set(&before->pending, &after->pending))
		tell(report, " pending signals;");
	if (before->device != after->device || before->folder != after->folder)
		tell(report, " working directory;");
	if (before->umask != after->umask)
		tell(report, " umask;");
	if (strcmp(before->locale, after->locale))
		tell(report, " locale;");
	if (before->environment != after->environment)
		tell(report, " environment;");
	if (memcmp(before->limits, after->limits, sizeof(before->limits)))
		tell(report, " limits;");
	if (memcmp(before->timers, after->timers, sizeof(before->timers)))
		tell(report, " timers;");
	if (memcmp(&before->stack, &after->stack, sizeof(before->stack)))
		tell(report, " signal stack;");
	if (stage.handled)
		tell(report, " %d signals reached the host's handler;", (int)stage.handled);
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		tell(report, " a child was left;");
}

/* ---- Logins ---------------------------------------------------------------------------------- */

struct lane {
	const struct options *options;
	struct report *report;
	pam_handle_t *handles[SERVICES];
	int process, thread;
	int schedule; /* /proc/thread-self/schedstat, or -1 */
};

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	(void)count;
	(void)messages;
	(void)responses;
	(void)context;
	return PAM_CONV_ERR;
}

/* Nanoseconds that the thread was kept from a processor by others: they are not the login's fault.
 */
static int64_t waited(int schedule)
{
	char text[64] = "";
	const char *space;

	if (schedule < 0 || pread(schedule, text, sizeof(text) - 1, 0) <= 0)
		return 0;
	space = strchr(text, ' ');
	return space ? strtoll(space, NULL, 10) : 0;
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int start(const struct lane *lane, int service, const char *user, pam_handle_t **handle)
{
	static const struct pam_conv conversation = {converse, NULL};

	return pam_start_confdir(lane->options->services[service], user, &conversation,
		lane->options->folder, handle);
}

static int log_in(pam_handle_t *handle)
{
	int status = pam_authenticate(handle, PAM_SILENT);

	return status == PAM_SUCCESS ? pam_acct_mgmt(handle, PAM_SILENT) : status;
}

/* One login, and the nanoseconds that it took. */
static int log_in_by(struct lane *lane, int service, const char *user, int64_t *took)
{
	const int64_t begin = now(), begin_waited = waited(lane->schedule);
	pam_handle_t *handle = lane->handles[service];
	int status = PAM_SUCCESS;

	if (handle)
		status = pam_set_item(handle, PAM_USER, user);
	else
		status = start(lane, service, user, &handle);
	if (status == PAM_SUCCESS)
		status = log_in(handle);
	if (handle && handle != lane->handles[service])
		pam_end(handle, status);
	*took = now() - begin - (waited(lane->schedule) - begin_waited);
	return status;
}

static void log_in_all(struct lane *lane)
{
	const struct options *options = lane->options;
	struct report *report = lane->report;
	char user[128];
	int64_t took;

	for (int round = 0; round < options->rounds; round++)
		for (int i = 0; i < options->service_count; i++) {
			int status;

			if (options->distinct)
				snprintf(user, sizeof(user), "%s-%d-%d-%d", options->user,
					lane->process, lane->thread, round);
			else
				snprintf(user, sizeof(user), "%s", options->user);
			status = log_in_by(lane, i, user, &took);
			__atomic_fetch_add(&report->logins[i], 1, __ATOMIC_RELAXED);
			if (status != PAM_SUCCESS) {
				__atomic_fetch_add(&report->lost[i], 1, __ATOMIC_RELAXED);
				report->last_status[i] = status;
			}
			if (!lane->thread && round < ROUNDS)
				report->took[i][round] = took;
		}
}

static void *run_thread(void *argument)
{
	log_in_all(argument);
	return NULL;
}

/* ---- The surroundings ------------------------------------------------------------------------ */

static void refuse(const char *what, const char *value)
{
	fprintf(stderr, "login_host: %s: %s\n", what, value);
	exit(2);
}

static void set_signals(const struct options *options)
{
	sigset_t held;

	sigemptyset(&held);
	for (int i = 1; i <= SIGNALS; i++) {
		const char *how = signal_names[(int)options->how[i]];

		if (strcmp(how, "ignored") == 0)
			signal(i, SIG_IGN);
		else if (strcmp(how, "handled") == 0)
			signal(i, count_signal);
		else if (strcmp(how, "blocked") == 0 || strcmp(how, "pending") == 0)
			sigaddset(&held, i);
	}
	pthread_sigmask(SIG_BLOCK, &held, NULL);
	for (int i = 1; i <= SIGNALS; i++)
		if (strcmp(signal_names[(int)options->how[i]], "pending") == 0)
			raise(i);
}

static bool set_limits(const struct options *options)
{
	bool ok = true;

	for (int i = 0; i < options->limit_count; i++) {
		rlim_t value = options->limits[i].value;
		struct rusage used;

		if (options->limits[i].resource == RLIMIT_CPU) {
			getrusage(RUSAGE_SELF, &used);
			value += (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
		}
		ok &= !setrlimit((__rlimit_resource_t)options->limits[i].resource,
			&(struct rlimit){value, value});
	}
	return ok;
}

/* Kills the process on every system call but those named, and those by which it ends. */
static bool allow_only(const char *names)
{
	struct sock_filter code[2 * 128 + 8] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	size_t length = 1;
	char *copy = strdup(names), *rest = copy;
	const char *name;

	while ((name = strsep(&rest, ", \n"))) {
		int number = *name ? system_call_number(name) : -1;

		if (!*name)
			continue;
		if (number < 0 || length > 2 * 120)
			refuse("no such system call here", name);
		code[length++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	free(copy);
	code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
		       &(struct sock_fprog){(unsigned short)length, code});
}

static bool empty_folders(const char *folders)
{
	char *copy = strdup(folders), *rest = copy;
	const char *folder;
	bool ok = !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);

	while (ok && (folder = strsep(&rest, ",")))
		ok = !mount("a2a", folder, "tmpfs", 0, "mode=755");
	free(copy);
	return ok;
}

static void close_descriptors(const char *digits)
{
	for (; digits && *digits; digits++)
		close(*digits - '0');
}

/* ---- One host -------------------------------------------------------------------------------- */

/* Loads the modules: a login through each service on the handle that is kept. */
static bool load_modules(struct lane *lane)
{
	for (int i = 0; i < lane->options->service_count; i++)
		if (start(lane, i, "warm-up", &lane->handles[i]) != PAM_SUCCESS ||
			log_in(lane->handles[i]) != PAM_SUCCESS)
			return false;
	return true;
}

static void run_threads(const struct options *options, struct lane *first)
{
	pthread_t *threads = calloc((size_t)options->threads, sizeof(*threads));
	struct lane *lanes = calloc((size_t)options->threads, sizeof(*lanes));

	for (int i = 1; i < options->threads; i++) {
		lanes[i] = (struct lane){.options = options,
			.report = first->report,
			.process = first->process,
			.thread = i,
			.schedule = -1};
		pthread_create(&threads[i], NULL, run_thread, &lanes[i]);
	}
	log_in_all(first);
	for (int i = 1; i < options->threads; i++)
		pthread_join(threads[i], NULL);
	free(lanes);
	free(threads);
}

static void be_host(const struct options *options, struct report *report, int process)
{
	struct lane lane = {.options = options, .report = report, .process = process};
	struct surroundings *before = malloc(sizeof(*before)), *after = malloc(sizeof(*after));

	lane.schedule = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	/* Out of the way of the descriptors that a login gets. */
	if (lane.schedule >= 0) {
		int high = fcntl(lane.schedule, F_DUPFD_CLOEXEC, DESCRIPTORS - 24);

		close(lane.schedule);
		lane.schedule = high;
	}
	if (options->system_calls)
		lane.schedule = -1;
	if (options->emptied && !empty_folders(options->emptied))
		_exit(7);
	close_descriptors(options->closed);
	if (options->umask >= 0)
		umask((mode_t)options->umask);
	if (options->root && (chroot(options->root) || chdir("/")))
		_exit(3);
	if (!options->early && !load_modules(&lane))
		_exit(4);
	set_signals(options);
	if (!set_limits(options))
		_exit(5);
	look(before);
	if (options->system_calls && !allow_only(options->system_calls))
		_exit(6);
	if (options->threads > 1)
		run_threads(options, &lane);
	else
		log_in_all(&lane);
	report->finished = true;
	if (!options->system_calls) {
		look(after);
		compare(report, before, after);
	}
	_exit(0);
}

/* ---- The report ------------------------------------------------------------------------------ */

static int by_size(const void *one, const void *other)
{
	const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

	return (a > b) - (a < b);
}

static int64_t median(const int64_t *values, int count)
{
	int64_t sorted[ROUNDS];

	if (!count)
		return 0;
	memcpy(sorted, values, (size_t)count * sizeof(*values));
	qsort(sorted, (size_t)count, sizeof(*sorted), by_size);
	return sorted[count / 2];
}

static void print_report(const struct options *options, const struct report *reports)
{
	const int kept = options->rounds < ROUNDS ? options->rounds : ROUNDS;

	for (int i = 0; i < options->service_count; i++) {
		int logins = 0, lost = 0, status = 0;
		int64_t middle = 0, behind = 0;

		for (int p = 0; p < options->processes; p++) {
			const struct report *report = &reports[p];
			const int timed = report->logins[i] < kept ? report->logins[i] : kept;
			const int64_t first = median(report->took[0], timed);

			logins += report->logins[i];
			lost += report->lost[i];
			status = report->lost[i] ? report->last_status[i] : status;
			middle = median(report->took[i], timed);
			for (int round = 0; round < timed; round++)
				if (report->took[i][round] - first > behind)
					behind = report->took[i][round] - first;
		}
		printf("service %s %d %d %d %.3f %.3f\n", options->services[i], logins, lost,
			status, (double)middle / 1e6, (double)behind / 1e6);
	}
	for (int p = 0; p < options->processes; p++)
		if (*reports[p].changed)
			printf("changed%s\n", reports[p].changed);
}

static void print_lines(const char *key, const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		const size_t line = end ? (size_t)(end - text) - at : length - at;

		printf("%s %.*s\n", key, (int)line, text + at);
		at += line + 1;
	}
}

/* Waits for one host, and ends it when its time is over. */
static void await_host(pid_t host, const struct report *report, int64_t until)
{
	const char *outcome = NULL;
	int status = 0;

	while (waitpid(host, &status, WNOHANG) != host) {
		if (now() > until) {
			kill(host, SIGKILL);
			waitpid(host, &status, 0);
			outcome = "hung";
			break;
		}
		poll(NULL, 0, 2);
	}
	if (outcome)
		printf("host %s\n", outcome);
	else if (WIFSIGNALED(status))
		printf("host killed by %s\n", strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) || !report->finished)
		printf("host exit status %d\n", WEXITSTATUS(status));
}

static void run_hosts(const struct options *options, struct report *reports)
{
	pid_t *hosts = calloc((size_t)options->processes, sizeof(*hosts));
	char output[OUTPUT_ROOM];
	int64_t until;
	ssize_t length;
	int ends[2];

	if (!hosts || pipe2(ends, O_NONBLOCK))
		refuse("no pipe", strerror(errno));
	for (int i = 0; i < options->processes; i++) {
		hosts[i] = fork();
		if (hosts[i] == 0) {
			dup2(ends[1], 1);
			dup2(ends[1], 2);
			close(ends[0]);
			close(ends[1]);
			be_host(options, &reports[i], i);
		}
	}
	close(ends[1]);
	until = now() + options->timeout * INT64_C(1000000000);
	for (int i = 0; i < options->processes; i++)
		await_host(hosts[i], &reports[i], until);
	length = read(ends[0], output, sizeof(output));
	if (length > 0)
		print_lines("output", output, (size_t)length);
	close(ends[0]);
	free(hosts);
}

/* ---- Options --------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int resource;
} resources[] = {
	{"as", RLIMIT_AS},
	{"cpu", RLIMIT_CPU},
	{"data", RLIMIT_DATA},
	{"fsize", RLIMIT_FSIZE},
	{"memlock", RLIMIT_MEMLOCK},
	{"nofile", RLIMIT_NOFILE},
	{"nproc", RLIMIT_NPROC},
	{"sigpending", RLIMIT_SIGPENDING},
	{"stack", RLIMIT_STACK},
};

static const struct {
	const char *name;
	int number;
} signals[] = {
	{"ALRM", SIGALRM},
	{"BUS", SIGBUS},
	{"CHLD", SIGCHLD},
	{"IO", SIGIO},
	{"PIPE", SIGPIPE},
	{"TERM", SIGTERM},
	{"XCPU", SIGXCPU},
	{"XFSZ", SIGXFSZ},
};

static void add_limit(struct options *options, const char *text)
{
	const char *equals = strchr(text, '=');

	for (size_t i = 0; equals && i < sizeof(resources) / sizeof(*resources); i++)
		if (strncmp(resources[i].name, text, (size_t)(equals - text)) == 0 &&
			options->limit_count < LIMITS) {
			options->limits[options->limit_count].resource = resources[i].resource;
			options->limits[options->limit_count++].value =
				strtoull(equals + 1, NULL, 10);
			return;
		}
	refuse("no such limit", text);
}

static void add_signal(struct options *options, const char *text)
{
	const char *equals = strchr(text, '=');

	for (size_t i = 0; equals && i < sizeof(signals) / sizeof(*signals); i++) {
		if (strncmp(signals[i].name, text, (size_t)(equals - text)) != 0)
			continue;
		for (size_t j = 0; j < sizeof(signal_names) / sizeof(*signal_names); j++)
			if (strcmp(signal_names[j], equals + 1) == 0) {
				options->how[signals[i].number] = (char)j;
				return;
			}
	}
	refuse("no such signal", text);
}

static struct options read_options(int argc, char **argv)
{
	struct options options = {
		.rounds = 1, .processes = 1, .threads = 1, .timeout = 30, .umask = -1};
	int option;

	while ((option = getopt(argc, argv, "n:p:t:dec:l:s:m:w:k:r:x:yT:")) != -1) {
		switch (option) {
		case 'n':
			options.rounds = atoi(optarg);
			break;
		case 'p':
			options.processes = atoi(optarg);
			break;
		case 't':
			options.threads = atoi(optarg);
			break;
		case 'd':
			options.distinct = true;
			break;
		case 'e':
			options.early = true;
			break;
		case 'c':
			options.closed = optarg;
			break;
		case 'l':
			add_limit(&options, optarg);
			break;
		case 's':
			add_signal(&options, optarg);
			break;
		case 'm':
			options.umask = (int)strtol(optarg, NULL, 8);
			break;
		case 'w':
			stage.sync_ms = atoi(optarg);
			break;
		case 'k':
			options.system_calls = optarg;
			break;
		case 'r':
			options.root = optarg;
			break;
		case 'x':
			options.emptied = optarg;
			break;
		case 'y':
			stage.real_syslog = true;
			break;
		case 'T':
			options.timeout = atoi(optarg);
			break;
		default:
			refuse("usage", "see the top of login_host.c");
		}
	}
	if (argc - optind < 3 || argc - optind - 2 > SERVICES)
		refuse("usage", "[OPTION...] CONFDIR USER SERVICE...");
	options.folder = argv[optind];
	options.user = argv[optind + 1];
	options.services = argv + optind + 2;
	options.service_count = argc - optind - 2;
	return options;
}

static void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		refuse("no memory", strerror(errno));
	return memory;
}

int main(int argc, char **argv)
{
	const struct options options = read_options(argc, argv);
	struct report *reports = shared((size_t)options.processes * sizeof(*reports));
	size_t logged;

	stage.log = shared(LOG_ROOM);
	stage.logged = shared(sizeof(*stage.logged));
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	run_hosts(&options, reports);
	print_report(&options, reports);
	logged = *stage.logged < LOG_ROOM ? *stage.logged : LOG_ROOM;
	print_lines("log", stage.log, logged);
	return fflush(stdout) ? 2 : 0;
}
