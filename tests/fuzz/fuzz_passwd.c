/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The protocol of all2all-passwd, with stand-ins for libpam, the user database, the clock and the
 * system calls that count a try. An input is a line of arguments, a line of what the stand-ins do,
 * one byte each time that one of them is asked, and the fields. Each '*' or '+' at the start of the
 * second line has the same request served once more, sooner or later: the tries add up.
 *
 * What must hold: exit status 0 only if PAM changed the password; no change before a verification
 * and an accepting judgement; no verification before a count that the disk has; never more than ten
 * failed verifications of a user in 15 minutes; the lines that the manual promises, among them a
 * proposed password that the policy accepts; no password in the log.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "policy.h"
#include "serve.h"
#include "start.h"
#include "tries.h"
#include "unix_password.h"

enum {
	CALLS = 14,
	NAMES = 2, /* canonical ones: that of the field, and another */
	MOST_ARGUMENTS = 4,
	MOST_OUTPUT = 1 << 18,
	UID = 54321,
	INPUT = 1 << 20, /* the descriptor that fields are read from; it is not open */
};

/* What does not change from input to input. */
static struct {
	struct a2a_settings *settings;
	struct a2a_messages *messages;
	struct a2a_policy *policy;
	FILE *output;
	char folder[40], tries[48];
	time_t now;
} world;

static struct {
	/* The input. */
	const char *script, *script_end;
	const char *input; /* what was not read of the fields */
	size_t input_left;
	struct a2a_fields fields;
	bool is_well_formed;
	/* Over all calls: the failed verifications of each name. */
	time_t failed[NAMES][CALLS];
	size_t failures[NAMES];
	/* Of one call. */
	int name;        /* that was found; -1: no mail user */
	bool is_written; /* but not synced */
	bool is_counted, is_verified, is_right, is_asked_new, is_changed, is_setting, waited;
	bool had_messages;
	bool is_locked;
	char output[MOST_OUTPUT];
	size_t length;
	struct pam_conv conversation; /* a copy, as libpam keeps one */
} run;

/* What happens next; '.' is what usually happens. */
static char next(void)
{
	return run.script < run.script_end ? *run.script++ : '.';
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- The system ------------------------------------------------------------------------------ */

int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_getpwnam_r(
	const char *user, struct passwd *entry, char *buffer, size_t size, struct passwd **found);
int __real_poll(struct pollfd *files, nfds_t count, int milliseconds);
int __wrap_poll(struct pollfd *files, nfds_t count, int milliseconds);
ssize_t __real_read(int file, void *bytes, size_t capacity);
ssize_t __wrap_read(int file, void *bytes, size_t capacity);
int __real_flock(int file, int operation);
int __wrap_flock(int file, int operation);
ssize_t __real_pwrite64(int file, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset);
int __wrap_fdatasync(int file);
time_t __wrap_time(time_t *at);
int __wrap_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *until, struct timespec *left);
int __wrap_setresuid(uid_t real, uid_t effective, uid_t saved);
int __wrap_prctl(int option, ...);
void __wrap_syslog(int level, const char *format, ...);
void __wrap___syslog_chk(int level, int flag, const char *format, ...);

int __wrap_access(const char *path, int mode)
{
	if (!strstr(path, "pam.d/"))
		return __real_access(path, mode);
	return next() == 'a' ? -1 : 0;
}

int __wrap_poll(struct pollfd *files, nfds_t count, int milliseconds)
{
	return files->fd == INPUT ? 1 : __real_poll(files, count, milliseconds);
}

ssize_t __wrap_read(int file, void *bytes, size_t capacity)
{
	const size_t length = run.input_left < capacity ? run.input_left : capacity;

	if (file != INPUT)
		return __real_read(file, bytes, capacity);
	memcpy(bytes, run.input, length);
	run.input += length;
	run.input_left -= length;
	return (ssize_t)length;
}

int __wrap_getpwnam_r(
	const char *user, struct passwd *entry, char *buffer, size_t size, struct passwd **found)
{
	static char other[] = "jan", gecos[] = "Jan Peeters,,,", nothing[] = "";
	const char kind = next();

	*found = NULL;
	run.name = -1;
	if (kind == 'e')
		return EIO;
	if (kind == 'u')
		return 0;
	if (kind == 'g' || strlen(user) >= size)
		return ERANGE;
	strcpy(buffer, user);
	*entry = (struct passwd){
		.pw_name = kind == 'c' ? other : buffer,
		.pw_uid = kind == 'r' ? 0 : UID,
		.pw_gecos = gecos,
		.pw_dir = nothing,
	};
	*found = entry;
	if (kind != 'r')
		run.name = kind == 'c' && strcmp(user, other) != 0;
	return 0;
}

int __wrap_flock(int file, int operation)
{
	const char what = next();

	errno = what == 'i' ? EINTR : ENOLCK;
	if (what == 'i' || what == 'l')
		return -1;
	run.is_locked = true;
	return __real_flock(file, operation);
}

ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset)
{
	const char what = next();

	must(run.is_locked);
	run.is_written = false;
	if (what == 'w') {
		errno = ENOSPC;
		return -1;
	}
	run.is_written = what != 'h';
	return __real_pwrite64(file, bytes, what == 'h' ? length / 2 : length, offset);
}

int __wrap_fdatasync(int file)
{
	(void)file;
	if (next() == 'd') {
		errno = EIO;
		return -1;
	}
	run.is_counted = run.is_written;
	return 0;
}

time_t __wrap_time(time_t *at)
{
	(void)at;
	return world.now;
}

int __wrap_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
	(void)left;
	must(clock == CLOCK_MONOTONIC && flags == TIMER_ABSTIME && until->tv_sec == 3);
	run.waited = true;
	return 0;
}

int __wrap_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	must(real == UID && effective == 0 && saved == 0);
	errno = EAGAIN;
	return next() == 'f' ? -1 : 0;
}

/* The runtime of clang's coverage calls it too, with other options. */
int __wrap_prctl(int option, ...)
{
	(void)option;
	return 0;
}

/* No password of eight characters or more that is not the name too. */
static void look_for_passwords(const char *text)
{
	const char *user = run.fields.value[A2A_FIELD_USER].bytes;
	const char *host = run.fields.value[A2A_FIELD_HOST].bytes;

	for (int field = A2A_FIELD_OLD; field <= A2A_FIELD_NEW; field++) {
		const struct secret *password = &run.fields.value[field];

		if (run.is_well_formed && password->length >= 8 && !strstr(user, password->bytes) &&
			!strstr(host, password->bytes) && strcmp(password->bytes, "password"))
			must(!strstr(text, password->bytes));
	}
}

static void log_line(const char *format, va_list arguments)
{
	char *text = NULL;

	must(vasprintf(&text, format, arguments) >= 0);
	look_for_passwords(text);
	free(text);
}

void __wrap_syslog(int level, const char *format, ...)
{
	va_list arguments;

	(void)level;
	va_start(arguments, format);
	log_line(format, arguments);
	va_end(arguments);
}

void __wrap___syslog_chk(int level, int flag, const char *format, ...)
{
	va_list arguments;

	(void)level;
	(void)flag;
	va_start(arguments, format);
	log_line(format, arguments);
	va_end(arguments);
}

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	look_for_passwords(text);
}

/* ---- The rest of the program ----------------------------------------------------------------- */

bool a2a_end_within(unsigned seconds)
{
	(void)seconds;
	return next() != 't';
}

void a2a_unix_password_pretend(const struct secret *password)
{
	must(password->bytes && run.is_counted);
}

/* What issues passwords through PAM needs these, and nothing here does. */
bool a2a_unix_password_exists(const char *user)
{
	(void)user;
	abort();
}

bool a2a_unix_password_is(const char *user, const struct secret *password)
{
	(void)user;
	(void)password;
	abort();
}

bool a2a_unix_password_expire(const char *user)
{
	(void)user;
	abort();
}

unsigned a2a_webmail_weaknesses(const struct a2a_fields *fields, const char *store,
	const char *accounts, const struct a2a_log *log)
{
	(void)fields;
	(void)store;
	(void)accounts;
	(void)log;
	return next() == 'k' ? 1u << A2A_TOO_SHORT : 0;
}

static bool open_policy(void *context, const char *languages, struct a2a_opened *opened)
{
	const char what = next();

	(void)context;
	must(!languages || *languages);
	*opened = (struct a2a_opened){0};
	run.had_messages = what != 'o';
	if (what == 'o')
		return false;
	opened->settings = world.settings;
	opened->messages = world.messages;
	if (what == 'O')
		return false;
	opened->policy = world.policy;
	return true;
}

/* ---- libpam ---------------------------------------------------------------------------------- */

static int handle;

static bool is_ours(const pam_handle_t *pamh)
{
	return pamh == (const pam_handle_t *)&handle;
}

int pam_start(const char *service, const char *user, const struct pam_conv *conversation,
	pam_handle_t **pamh)
{
	must(strcmp(service, A2A_WEBMAIL_SERVICE) == 0 && *user);
	run.conversation = *conversation;
	*pamh = NULL;
	if (next() == 's')
		return PAM_BUF_ERR;
	*pamh = (pam_handle_t *)&handle;
	return PAM_SUCCESS;
}

int pam_end(pam_handle_t *pamh, int status)
{
	(void)status;
	must(is_ours(pamh));
	return PAM_SUCCESS;
}

int pam_set_item(pam_handle_t *pamh, int type, const void *item)
{
	(void)item;
	must(is_ours(pamh) && (type == PAM_TTY || type == PAM_RHOST || type == PAM_FAIL_DELAY));
	return next() == 's' ? PAM_BUF_ERR : PAM_SUCCESS;
}

const char *pam_strerror(pam_handle_t *pamh, int status)
{
	(void)pamh;
	(void)status;
	return "an error";
}

/* Says or asks one thing. The answer is compared with what is expected, unless that is NULL. False
 * when there is no answer. */
static bool converse(int style, const char *text, const struct secret *expected)
{
	const struct pam_message message = {.msg_style = style, .msg = text};
	const struct pam_message *messages = &message;
	struct pam_response *response = NULL;
	const int status = run.conversation.conv(
		1, (const struct pam_message **)&messages, &response, run.conversation.appdata_ptr);
	bool answered = false;

	must(status == PAM_SUCCESS || !response);
	if (response) {
		answered = response->resp;
		if (answered && expected)
			must(strcmp(response->resp, expected->bytes) == 0);
		free(response->resp);
		free(response);
	}
	return answered;
}

/* What modules do before they decide. Returns what decides. */
static char talk(void)
{
	for (;;) {
		const char what = next();

		switch (what) {
		case 'v':
			converse(PAM_TEXT_INFO, "Your password expires.\n\tsoon\001", NULL);
			break;
		case 'x':
			converse(PAM_ERROR_MSG, "BAD PASSWORD:\n - too old\177", NULL);
			break;
		case 'y':
			converse(PAM_ERROR_MSG, "", NULL);
			break;
		case 'b':
			must(!converse(PAM_PROMPT_ECHO_ON, "Your name: ", NULL));
			break;
		default:
			return what;
		}
	}
}

static int status_of(char what, int usual)
{
	static const int statuses[] = {PAM_SUCCESS, PAM_PERM_DENIED, PAM_MAXTRIES, PAM_USER_UNKNOWN,
		PAM_SERVICE_ERR, PAM_NEW_AUTHTOK_REQD, PAM_ACCT_EXPIRED, PAM_AUTHTOK_EXPIRED,
		PAM_AUTH_ERR, PAM_AUTHTOK_ERR};

	return what >= '0' && what <= '9' ? statuses[what - '0'] : usual;
}

/* The status of authentication or of the account: whether the password is right so far. */
static int conclude(int usual)
{
	const int status = status_of(talk(), usual);

	run.is_right = status == PAM_SUCCESS || status == PAM_NEW_AUTHTOK_REQD;
	return status;
}

int pam_authenticate(pam_handle_t *pamh, int flags)
{
	const struct secret *old = &run.fields.value[A2A_FIELD_OLD];
	char what;

	must(is_ours(pamh) && flags == PAM_DISALLOW_NULL_AUTHTOK && run.name >= 0 &&
		!run.is_verified);
	must(run.is_counted && run.is_locked);
	what = talk();
	run.is_verified = true;
	if (what == 'n')
		return PAM_AUTH_ERR; /* as pam_faillock: nobody was asked */
	converse(PAM_PROMPT_ECHO_OFF, "Password: ", old);
	return conclude(strcmp(old->bytes, "right") == 0 ? PAM_SUCCESS : PAM_AUTH_ERR);
}

int pam_acct_mgmt(pam_handle_t *pamh, int flags)
{
	must(is_ours(pamh) && flags == 0 && run.is_right);
	return conclude(PAM_SUCCESS);
}

int pam_chauthtok(pam_handle_t *pamh, int flags)
{
	const struct secret *new = &run.fields.value[A2A_FIELD_NEW];
	const struct a2a_person nobody = {0};
	struct a2a_verdict verdict;
	int status;

	must(is_ours(pamh) && flags == 0 && run.is_right && !run.is_setting);
	run.is_setting = true;
	must(a2a_judge(world.policy, new, &nobody, &verdict, NULL) && verdict.accepted);
	if (talk() == 'n')
		return PAM_AUTHTOK_ERR;
	converse(PAM_PROMPT_ECHO_OFF, "Current password: ", &run.fields.value[A2A_FIELD_OLD]);
	run.is_asked_new = converse(PAM_PROMPT_ECHO_OFF, "New password: ", new);
	status = status_of(talk(), run.is_asked_new ? PAM_SUCCESS : PAM_AUTHTOK_ERR);
	run.is_changed = status == PAM_SUCCESS;
	return status;
}

/* ---- One call -------------------------------------------------------------------------------- */

static ssize_t take_output(void *context, const char *bytes, size_t length)
{
	(void)context;
	must(length < sizeof(run.output) - run.length);
	memcpy(run.output + run.length, bytes, length);
	run.length += length;
	return (ssize_t)length;
}

static size_t count_lines(void)
{
	size_t lines = 0;

	must(!run.length || run.output[run.length - 1] == '\n');
	for (size_t i = 0; i < run.length; i++) {
		const unsigned char byte = (unsigned char)run.output[i];

		must(byte == '\n' ? i && run.output[i - 1] != '\n' : byte >= ' ' && byte != '\177');
		lines += byte == '\n';
	}
	return lines;
}

/* More than ten tries that were not right, in a window. */
static void check_failures(void)
{
	time_t *failed = run.failed[run.name];
	size_t *count = &run.failures[run.name];

	failed[(*count)++] = world.now;
	must(*count <= A2A_TRIES_MOST ||
		failed[*count - 1] - failed[*count - 1 - A2A_TRIES_MOST] >= A2A_TRIES_SECONDS);
}

/* A password that the policy accepts, and a line for each of its characters. */
static void check_proposal(size_t lines)
{
	const char *end = memchr(run.output, '\n', run.length);
	const struct a2a_person nobody = {0};
	struct a2a_verdict verdict;
	struct secret password;

	must(end);
	password = a2a_secret_borrow(run.output, (size_t)(end - run.output));
	must(lines == password.length + 1);
	must(a2a_judge(world.policy, &password, &nobody, &verdict, NULL) && verdict.accepted);
}

static void check_answer(enum a2a_answer answer, const char *mode)
{
	const size_t lines = count_lines();

	must(!run.is_changed || run.is_right);
	if (run.is_verified && answer != A2A_ANSWER_DONE && !run.is_right)
		check_failures();
	switch (answer) {
	case A2A_ANSWER_DONE:
		must(*mode ? !run.is_verified : run.is_changed && run.is_right);
		if (strcmp(mode, "--propose") == 0)
			check_proposal(lines);
		else
			must(lines == 0 || strcmp(mode, "--rules") == 0);
		break;
	case A2A_ANSWER_WEAK:
		must(lines > 0 && !run.is_changed);
		break;
	case A2A_ANSWER_BROKEN:
		must(lines <= 1);
		must(lines == 1 || !run.had_messages || *mode);
		break;
	case A2A_ANSWER_WRONG_OLD:
	case A2A_ANSWER_LOCKED:
		must(!*mode && lines == 1 && run.waited && !run.is_changed);
		break;
	case A2A_ANSWER_MALFORMED:
		must(lines == 0 && !run.is_verified);
		break;
	default:
		abort();
	}
}

static void call(int argc, const char *const *argv, const struct secret *fields)
{
	const struct a2a_log log = {say, NULL};
	const struct a2a_host host = {
		.open = open_policy,
		.log = &log,
		.tries = world.tries,
		.store = "",
		.is_root = next() != 'z',
	};
	FILE *before = stdout;
	enum a2a_answer answer;

	run.name = -1;
	run.is_written = run.is_counted = run.is_verified = run.is_right = run.is_asked_new =
		run.is_changed = run.is_setting = run.waited = run.is_locked = false;
	run.had_messages = true;
	run.length = 0;
	run.input = fields->bytes;
	run.input_left = fields->length;
	stdout = world.output;
	answer = a2a_webmail_serve(&host, argc, argv, INPUT);
	fflush(stdout);
	stdout = before;
	/* Without root nothing is opened, and a message cannot be in any language. */
	if (!host.is_root)
		run.had_messages = false;
	check_answer(answer, argc == 2 ? argv[1] : "");
}

/* ---- Inputs ---------------------------------------------------------------------------------- */

static void remove_files(void)
{
	unlink(world.tries);
	rmdir(world.folder);
}

static void prepare(void)
{
	static const char *const assignments[] = {
		"dictcheck=no", "second_opinion=no", "min_guesses=0", "lang=en"};
	const cookie_io_functions_t functions = {.write = take_output};

	world.settings = a2a_settings_new();
	for (size_t i = 0; i < sizeof(assignments) / sizeof(assignments[0]); i++)
		must(a2a_settings_set(world.settings, assignments[i], "fuzz", NULL));
	world.policy = a2a_policy_open(world.settings, NULL);
	world.messages = a2a_messages_open(world.settings, NULL);
	world.output = fopencookie(NULL, "w", functions);
	must(world.policy && world.messages && world.output);
	strcpy(world.folder, "/dev/shm/fuzz_passwd.XXXXXX");
	must(mkdtemp(world.folder));
	snprintf(world.tries, sizeof(world.tries), "%s/tries", world.folder);
	atexit(remove_files);
}

static const char *take_line(const char **rest, const char *end)
{
	const char *start = *rest;
	const char *newline = memchr(start, '\n', (size_t)(end - start));

	*rest = newline ? newline + 1 : end;
	return newline ? newline : end;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *rest = (const char *)bytes, *end = rest + size, *line = rest;
	const char *argv[MOST_ARGUMENTS + 1] = {"all2all-passwd"};
	struct secret fields = {0};
	char *words, *more = NULL, pause[CALLS];
	size_t calls = 0;
	int argc = 1;

	if (!world.policy)
		prepare();
	memset(&run, 0, offsetof(typeof(run), output));
	/* What was tried in the last input is forgotten. */
	world.now = world.now ? world.now + 2 * A2A_TRIES_SECONDS : 1800000000;
	words = strndup(line, (size_t)(take_line(&rest, end) - line));
	for (char *word = strtok_r(words, " ", &more); word && argc < MOST_ARGUMENTS;
		word = strtok_r(NULL, " ", &more))
		argv[argc++] = word;
	run.script = rest;
	run.script_end = take_line(&rest, end);
	must(a2a_secret_append(&fields, rest, (size_t)(end - rest)));
	run.is_well_formed = !a2a_fields_parse(&run.fields, &fields, 0);
	while (calls < CALLS - 1 && run.script < run.script_end && strchr("*+", *run.script))
		pause[calls++] = next();
	pause[calls++] = '*';
	for (size_t i = 0; i < calls; i++) {
		call(argc, argv, &fields);
		/* Some time passes, but it takes long until the first try is forgotten. */
		world.now += pause[i] == '+' ? A2A_TRIES_SECONDS / 4 : 1;
	}
	a2a_fields_wipe(&run.fields);
	a2a_secret_wipe(&fields);
	free(words);
	return 0;
}
