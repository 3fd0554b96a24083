/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changes a mail user's password for the webmail, which runs it as root through sudo(8).
 *
 * Whoever calls it may be an intruder in the web server: what comes from there is fields on
 * standard input, and one word as argument, which chooses what is done and cannot change by what
 * rule. The old password is verified as at a login before anything else is said of the account.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "conversation.h"
#include "command.h"
#include "fields.h"
#include "language.h"

#define SERVICE "all2all-passwd"
#define LOCK "/run/all2all-passwd.lock"
#define PATH "/usr/sbin:/usr/bin:/sbin:/bin"

static const char usage[] =
	"usage: all2all-passwd               change a password, as root\n"
	"       all2all-passwd --check       what the policy says of a password\n"
	"       all2all-passwd --rules       what the policy asks of one\n"
	"       all2all-passwd --status      what the audit found of the one in use, as root\n"
	"\n"
	"      --check    judges the field new, changes nothing\n"
	"      --rules    says what a password needs, before one is typed\n"
	"      --status   says what all2all-audit knows of the user's password\n"
	"      --help     this text\n"
	"\n"
	"For programs: user, passwords and languages come as netstrings of NAME=VALUE on standard\n"
	"input (user lang host old new), never as arguments. Exit status: 0 changed, good, or\n"
	"nothing known; 1 too weak; 2 could not be done; 3 wrong old password; 4 not understood;\n"
	"5 not allowed for now. Manual: all2all-passwd(8).\n";

enum outcome {
	DONE = 0,
	WEAK = 1,
	BROKEN = 2,
	WRONG_OLD = 3,
	MALFORMED = 4,
	LOCKED = 5,
};

enum {
	LEAST_UID = 1000,      /* mail users; below it are root and the system's own */
	SECONDS_TO_WRITE = 10, /* that the caller has for the fields */
	SECONDS_TO_VERIFY = 60,
	SECONDS_OF_FAILURE = 3, /* after which a failure is answered, whatever the reason */
	SECONDS_TO_AUDIT = 5,
	MOST_PROMPTS = 16,
};

struct account {
	uid_t uid;
	char *gecos;
	char host[256]; /* this machine's name */
	const char *names[4];
	struct a2a_person person;
};

/* One call of the program. */
struct request {
	struct fields fields;
	struct command command;
	struct account account;
};

/* ---- To the administrator -------------------------------------------------------------------- */

/* On standard error the web server's log has it too. None of it is for users. */
__attribute__((format(printf, 2, 3))) static void report(int level, const char *format, ...)
{
	va_list arguments, again;

	va_start(arguments, format);
	va_copy(again, arguments);
	vsyslog(level, format, arguments);
	if (level <= LOG_WARNING)
		vwarnx(format, again);
	va_end(again);
	va_end(arguments);
}

static void say(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	report(level == A2A_FAULT ? LOG_ERR : LOG_WARNING, "%s", text);
}

static const char *value_of(const struct request *request, enum field field)
{
	return request->fields.value[field].bytes;
}

/* ---- To the user ----------------------------------------------------------------------------- */

static void print_sentence(const struct request *request, enum a2a_sentence sentence)
{
	const struct a2a_messages *messages = request->command.messages;

	for (size_t i = 0; messages && i < a2a_messages_count(messages); i++)
		puts(a2a_message_sentence(messages, i, sentence));
}

static bool print_reasons(const struct request *request, const struct a2a_verdict *verdict)
{
	const struct a2a_messages *messages = request->command.messages;

	for (size_t i = 0; i < a2a_messages_count(messages); i++) {
		for (size_t j = 0; j < verdict->count; j++) {
			char *reason =
				a2a_message_reason(messages, i, verdict, &verdict->finding[j]);

			if (!reason)
				return false;
			puts(reason);
			free(reason);
		}
	}
	return true;
}

/* `rules` has a bit, 1 << A2A_TOO_SHORT, for each rule whose requirement is to be said. */
static bool print_requirements(const struct request *request, unsigned rules)
{
	const struct a2a_messages *messages = request->command.messages;

	for (size_t i = 0; i < a2a_messages_count(messages); i++) {
		for (unsigned rule = 0; rule < A2A_RULES; rule++) {
			char *text = NULL;

			if (!(rules & 1u << rule))
				continue;
			if (!a2a_message_requirement(messages, i, request->command.settings,
				    (enum a2a_rule)rule, &text))
				return false;
			if (text)
				puts(text);
			free(text);
		}
	}
	return true;
}

/* ---- The account ----------------------------------------------------------------------------- */

/* Whether getpwnam(3) could not tell, rather than that there is no such user: as its manual has it.
 */
static bool is_trouble(int error)
{
	return error && error != ENOENT && error != ESRCH && error != EBADF && error != EPERM;
}

/*
 * DONE when it is a mail user, WRONG_OLD when there is none of that name, BROKEN when that cannot
 * be told. Whatever it is, the person is the one whose name was given.
 */
static enum outcome find_account(struct request *request)
{
	struct account *account = &request->account;
	const struct passwd *entry;
	bool found;
	int error;

	errno = 0;
	entry = getpwnam(value_of(request, FIELD_USER));
	error = entry ? 0 : errno;
	if (is_trouble(error))
		report(LOG_ERR, "users cannot be looked up: %s", strerror(error));
	found = entry && entry->pw_uid >= LEAST_UID;
	account->uid = found ? entry->pw_uid : (uid_t)-1;
	account->gecos = strdup(found && entry->pw_gecos ? entry->pw_gecos : "");
	if (!account->gecos)
		err(BROKEN, NULL);
	if (gethostname(account->host, sizeof(account->host) - 1))
		account->host[0] = '\0';
	/* What pam_all2all compares with too. */
	account->names[0] = value_of(request, FIELD_USER);
	account->names[1] = account->gecos;
	account->names[2] = account->host;
	account->names[3] = SERVICE;
	account->person = (struct a2a_person){
		.names = account->names,
		.name_count = sizeof(account->names) / sizeof(account->names[0]),
		.old_password =
			request->fields.given[FIELD_OLD] ? &request->fields.value[FIELD_OLD] : NULL,
	};
	if (is_trouble(error))
		return BROKEN;
	return found ? DONE : WRONG_OLD;
}

/*
 * The caller's languages, as far as there are messages in them; without any, the configuration's.
 * The caller's environment has no say.
 */
static bool open_policy(struct request *request)
{
	struct command_options options = {.ignore_environment = true};
	char *copy = strdup(value_of(request, FIELD_LANG));
	char *known = calloc(1, request->fields.value[FIELD_LANG].length + 2);
	char *rest = NULL;
	bool ok = copy && known;

	if (!ok)
		report(LOG_ERR, "out of memory");
	for (char *tag = ok ? strtok_r(copy, ", ", &rest) : NULL; tag;
		tag = strtok_r(NULL, ", ", &rest)) {
		if (a2a_language_find(tag) == A2A_LANGUAGES)
			continue;
		strcat(strcat(known, tag), ",");
		options.lang = known;
	}
	request->command.log = (struct a2a_log){say, NULL};
	ok = ok && command_open(&request->command, &options);
	free(copy);
	free(known);
	return ok;
}

/* DONE, WEAK with its reasons, or BROKEN. */
static enum outcome judge(const struct request *request)
{
	struct a2a_verdict verdict;

	if (!a2a_judge(request->command.policy, &request->fields.value[FIELD_NEW],
		    &request->account.person, &verdict, &request->command.log))
		return BROKEN;
	if (verdict.accepted)
		return DONE;
	return print_reasons(request, &verdict) ? WEAK : BROKEN;
}

/* ---- PAM ------------------------------------------------------------------------------------- */

/* What happens between the modules of the stack and us. */
struct conversation {
	const struct fields *fields;
	bool verifying; /* every question is for the old password */
	bool asked;     /* there was a question */
	bool refused;   /* a module has said that something is wrong */
	bool over;      /* and asked again: there is nothing more to say */
	unsigned prompts;
	struct secret said; /* the lines since then: pam_all2all may suggest a password */
};

/* As libpam wants it: allocated, and its to wipe and free. */
static char *answer(const struct secret *value)
{
	return strdup(value->bytes);
}

/*
 * What a question asks for. No locale was set, so it is in English, and all modules ask for "new"
 * when they mean it ("New password:", "Retype new password:", "Enter new UNIX password:"). If one
 * does not, it gets the old one, which sets nothing that was not there.
 */
static const struct secret *find_answer(
	const struct conversation *conversation, const struct pam_message *message)
{
	if (!conversation->verifying && strcasestr(message->msg, "new"))
		return &conversation->fields->value[FIELD_NEW];
	return &conversation->fields->value[FIELD_OLD];
}

static bool take_message(struct conversation *conversation, const struct pam_message *message)
{
	if (message->msg_style == PAM_ERROR_MSG)
		conversation->refused = true;
	if (!conversation->refused || conversation->over ||
		conversation->said.length > FIELDS_MOST_BYTES)
		return true;
	return a2a_secret_append(&conversation->said, message->msg, strlen(message->msg)) &&
	       a2a_secret_append(&conversation->said, "\n", 1);
}

static bool converse_once(
	void *context, const struct pam_message *message, struct pam_response *response)
{
	struct conversation *conversation = context;

	switch (message->msg_style) {
	case PAM_ERROR_MSG:
	case PAM_TEXT_INFO:
		return take_message(conversation, message);
	case PAM_PROMPT_ECHO_OFF:
		/* Another try: there is one password only. */
		if (conversation->refused || ++conversation->prompts > MOST_PROMPTS)
			conversation->over = true;
		conversation->asked = true;
		if (conversation->over)
			return false;
		response->resp = answer(find_answer(conversation, message));
		return response->resp;
	default:
		return false;
	}
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	return a2a_converse(count, messages, responses, converse_once, context);
}

/* What the modules said, a line each, for the page: no marks of a list, nothing to control with. */
static void print_said(struct conversation *conversation)
{
	char *rest = NULL;

	if (!conversation->said.length)
		return;
	for (char *line = strtok_r(conversation->said.bytes, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " -\t");
		for (char *byte = line; *byte; byte++)
			if ((unsigned char)*byte < ' ' || *byte == '\177')
				*byte = ' ';
		if (*line)
			puts(line);
	}
}

/* The delay after a failure is ours, the same for every reason. */
static void no_delay(int status, unsigned microseconds, void *context)
{
	(void)status;
	(void)microseconds;
	(void)context;
}

/* What a module's answer means to us, while the old password is verified. */
static const struct {
	int status;
	enum outcome outcome;
} verdicts[] = {
	{PAM_SUCCESS, DONE}, {PAM_NEW_AUTHTOK_REQD, DONE}, /* that is what is about to be done */
	{PAM_AUTH_ERR, WRONG_OLD}, {PAM_USER_UNKNOWN, WRONG_OLD}, {PAM_MAXTRIES, LOCKED},
	{PAM_PERM_DENIED, LOCKED}, {PAM_ACCT_EXPIRED, LOCKED},
	{PAM_AUTHTOK_EXPIRED, LOCKED}, /* for so long that the account is closed */
};

static enum outcome outcome_of(pam_handle_t *pamh, const char *what, int status)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (verdicts[i].status == status)
			return verdicts[i].outcome;
	report(LOG_ERR, "%s: %s", what, pam_strerror(pamh, status));
	return BROKEN;
}

/*
 * Without a stack of its own the service would get that of "other", which may let anything pass,
 * or nothing.
 */
static bool has_stack(void)
{
	if (access("/etc/pam.d/" SERVICE, F_OK) == 0 ||
		access("/usr/lib/pam.d/" SERVICE, F_OK) == 0)
		return true;
	report(LOG_ERR,
		"there is no PAM stack /etc/pam.d/" SERVICE ": all2all's folder webmail has one");
	return false;
}

/*
 * One at a time: whoever tries many passwords at once would have tried them before pam_faillock had
 * counted the first. Returns a descriptor whose closing ends the turn, or -1.
 */
static int take_turn(void)
{
	int fd = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	report(LOG_ERR, LOCK ": %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static enum outcome verify(pam_handle_t *pamh, struct conversation *conversation)
{
	enum outcome outcome;
	int status;

	conversation->verifying = true;
	status = pam_authenticate(pamh, PAM_DISALLOW_NULL_AUTHTOK);
	/*
	 * Libpam's word when no module's answer counts: of a stack that leaves the failure to
	 * pam_faillock, whose answer to one is "ignore"; or of one that is not right.
	 */
	if (status == PAM_PERM_DENIED)
		status = conversation->asked ? PAM_AUTH_ERR : PAM_SERVICE_ERR;
	outcome = outcome_of(pamh, "pam_authenticate", status);
	/* pam_faillock in front of the module that asks: it does not come to a question. */
	if (outcome == WRONG_OLD && !conversation->asked)
		outcome = LOCKED;
	if (outcome == DONE) {
		outcome = outcome_of(pamh, "pam_acct_mgmt", pam_acct_mgmt(pamh, 0));
		/* The password was right: what is refused is the account. */
		if (outcome == WRONG_OLD)
			outcome = LOCKED;
	}
	conversation->verifying = false;
	return outcome;
}

/*
 * As passwd(1) run by the user: with the user's real uid and the rights of root. So the modules
 * ask for the old password, and with it know what the new one must not be like; and no exception
 * for root holds.
 */
static bool become_like_user(const struct request *request)
{
	if (setresuid(request->account.uid, 0, 0)) {
		report(LOG_ERR, "setresuid: %s", strerror(errno));
		return false;
	}
	prctl(PR_SET_DUMPABLE, 0);
	return true;
}

static enum outcome set_password(
	pam_handle_t *pamh, const struct request *request, struct conversation *conversation)
{
	sigset_t all, before;
	int status;

	if (!become_like_user(request))
		return BROKEN;
	conversation->refused = conversation->over = false;
	a2a_secret_wipe(&conversation->said);
	/* Nobody's hurry may end it between the two halves of a file. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	status = pam_chauthtok(pamh, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (status == PAM_SUCCESS)
		return DONE;
	report(LOG_NOTICE, "password of user %s not changed: %s", value_of(request, FIELD_USER),
		pam_strerror(pamh, status));
	if (status == PAM_PERM_DENIED || status == PAM_ACCT_EXPIRED)
		return LOCKED;
	/* PAM_SERVICE_ERR is pam_all2all's word for "could not judge". */
	if (status == PAM_SERVICE_ERR || !conversation->said.length)
		return BROKEN;
	print_said(conversation);
	return WEAK;
}

static enum outcome change_by_pam(const struct request *request)
{
	struct conversation conversation = {.fields = &request->fields};
	const struct pam_conv converser = {converse, &conversation};
	pam_handle_t *pamh = NULL;
	enum outcome outcome = BROKEN;
	int status, turn;

	if (!has_stack())
		return BROKEN;
	status = pam_start(SERVICE, value_of(request, FIELD_USER), &converser, &pamh);
	if (status == PAM_SUCCESS)
		status = pam_set_item(pamh, PAM_TTY, "webmail");
	if (status == PAM_SUCCESS && *value_of(request, FIELD_HOST))
		status = pam_set_item(pamh, PAM_RHOST, value_of(request, FIELD_HOST));
	if (status == PAM_SUCCESS)
		status = pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)no_delay);
	if (status != PAM_SUCCESS) {
		report(LOG_ERR, "PAM cannot be started: %s", pam_strerror(pamh, status));
		goto out;
	}
	alarm(SECONDS_TO_VERIFY);
	turn = take_turn();
	if (turn < 0)
		goto out;
	outcome = verify(pamh, &conversation);
	close(turn);
	alarm(0);
	/* In the caller's language, and with every reason: what the stack says then comes in the
	 * languages of the configuration. Only after the old password was right. */
	if (outcome == DONE)
		outcome = judge(request);
	if (outcome == DONE)
		outcome = set_password(pamh, request, &conversation);
out:
	if (pamh)
		pam_end(pamh, status);
	a2a_secret_wipe(&conversation.said);
	return outcome;
}

/* ---- Changing -------------------------------------------------------------------------------- */

static void wait_until(const struct timespec *start, time_t seconds)
{
	const struct timespec until = {start->tv_sec + seconds, start->tv_nsec};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

static enum outcome change(struct request *request)
{
	static const char *const words[] = {
		[DONE] = "changed",
		[WEAK] = "not changed: the new one was refused",
		[BROKEN] = "not changed: it could not be done",
		[WRONG_OLD] = "not changed: no such mail user, or not the old password",
		[LOCKED] = "not changed: too many failures, or the account is closed",
	};
	struct timespec start;
	enum outcome outcome;

	if (getuid() != 0 || geteuid() != 0) {
		report(LOG_ERR, "only root can change passwords: run it through sudo");
		return BROKEN;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	/* A policy that cannot be had is told before anybody's password matters. */
	if (!open_policy(request)) {
		print_sentence(request, A2A_SAY_FAULT);
		return BROKEN;
	}
	/* Of root and of whoever does not exist, PAM is not even asked: its modules would take
	 * another time, count, or lock root out. */
	outcome = find_account(request);
	if (outcome == DONE)
		outcome = change_by_pam(request);
	report(outcome == BROKEN ? LOG_ERR : LOG_NOTICE, "password of user %s, from %s: %s",
		value_of(request, FIELD_USER),
		*value_of(request, FIELD_HOST) ? value_of(request, FIELD_HOST) : "?",
		words[outcome]);
	if (outcome == WRONG_OLD || outcome == LOCKED)
		wait_until(&start, SECONDS_OF_FAILURE);
	if (outcome == WRONG_OLD)
		print_sentence(request, A2A_SAY_WRONG_OLD);
	if (outcome == LOCKED)
		print_sentence(request, A2A_SAY_LOCKED);
	if (outcome == BROKEN)
		print_sentence(request, A2A_SAY_NOT_CHANGED);
	return outcome;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static enum outcome check(struct request *request)
{
	enum outcome outcome = BROKEN;

	if (open_policy(request)) {
		find_account(request);
		outcome = judge(request);
	}
	if (outcome == BROKEN)
		print_sentence(request, A2A_SAY_FAULT);
	return outcome;
}

static enum outcome show_rules(struct request *request)
{
	/* What nobody needs to read before anything is typed. */
	const unsigned rare = 1u << A2A_NOT_TEXT | 1u << A2A_TOO_LONG;

	if (!open_policy(request))
		return BROKEN;
	return print_requirements(request, ~rare) ? DONE : BROKEN;
}

/* ---- What the audit knows -------------------------------------------------------------------- */

/* all2all-audit, in this program's folder or where the commands are. NULL when it is not there. */
static char *find_audit(void)
{
	char *path = realpath("/proc/self/exe", NULL);
	char *slash = path ? strrchr(path, '/') : NULL;
	char *beside = NULL;

	if (slash && asprintf(&beside, "%.*s/all2all-audit", (int)(slash - path), path) < 0)
		beside = NULL;
	free(path);
	if (beside && access(beside, X_OK) == 0)
		return beside;
	free(beside);
	return access(A2A_BIN_DIR "/all2all-audit", X_OK) == 0
		       ? strdup(A2A_BIN_DIR "/all2all-audit")
		       : NULL;
}

/* Runs a program and reads what it prints. False when it failed, or took too long. */
static bool run(const char *const *arguments, struct secret *output)
{
	const char *const environment[] = {"PATH=" PATH, "LC_ALL=C.UTF-8", NULL};
	posix_spawn_file_actions_t actions;
	int ends[2], status = -1;
	const char *wrong;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	if (posix_spawn(
		    &child, arguments[0], &actions, NULL, (char **)arguments, (char **)environment))
		child = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	wrong = child > 0 ? fields_read(ends[0], SECONDS_TO_AUDIT, output) : "it cannot be run";
	close(ends[0]);
	if (wrong) {
		report(LOG_WARNING, "%s: what it prints: %s", arguments[0], wrong);
		if (child > 0)
			kill(child, SIGKILL);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	/* As of most of our commands, 1 is a verdict. */
	return !wrong && WIFEXITED(status) && WEXITSTATUS(status) <= 1;
}

/* The rules of the JSON's array "rules", as bits; 0 when there is none, or it is not "weak". */
static unsigned find_rules(const struct secret *output)
{
	json_t *document = json_loadb(output->bytes, output->length, 0, NULL);
	const json_t *rules = json_object_get(document, "rules");
	unsigned found = 0;

	if (!json_is_true(json_object_get(document, "weak")))
		rules = NULL;
	for (size_t i = 0; i < json_array_size(rules); i++) {
		const char *id = json_string_value(json_array_get(rules, i));

		for (unsigned rule = 0; id && rule < A2A_RULES; rule++)
			if (strcmp(id, a2a_rule_name((enum a2a_rule)rule)) == 0)
				found |= 1u << rule;
	}
	json_decref(document);
	return found;
}

static enum outcome show_status(struct request *request)
{
	struct secret output = {0};
	unsigned rules = 0;
	char *audit = find_audit();

	if (audit && find_account(request) == DONE) {
		const char *const arguments[] = {
			audit, "show", "--json", "--", value_of(request, FIELD_USER), NULL};

		if (run(arguments, &output))
			rules = find_rules(&output);
	}
	a2a_secret_wipe(&output);
	free(audit);
	if (!rules)
		return DONE;
	return open_policy(request) && print_requirements(request, rules) ? WEAK : BROKEN;
}

/* ---- Starting -------------------------------------------------------------------------------- */

static const struct mode {
	const char *name;
	unsigned needed; /* fields */
	enum outcome (*act)(struct request *request);
} modes[] = {
	{NULL, 1u << FIELD_USER | 1u << FIELD_OLD | 1u << FIELD_NEW, change},
	{"--check", 1u << FIELD_USER | 1u << FIELD_NEW, check},
	{"--rules", 0, show_rules},
	{"--status", 1u << FIELD_USER, show_status},
};

static const struct mode *find_mode(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].name ? argc == 2 && strcmp(argv[1], modes[i].name) == 0 : argc == 1)
			return &modes[i];
	return NULL;
}

/* Leaves nothing of the caller's: environment, limits, descriptors, signals, folder. */
static void start_clean(void)
{
	const struct rlimit none = {0, 0}, all = {RLIM_INFINITY, RLIM_INFINITY};
	sigset_t nothing;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			_exit(BROKEN);
	closefrom(STDERR_FILENO + 1);
	clearenv();
	setenv("PATH", PATH, 1);
	command_start();
	setrlimit(RLIMIT_CORE, &none);
	/* Who may run this must not choose where the writing of /etc/shadow ends. Where that may
	 * not be raised, as in some containers, writing fails, instead of ending the program. */
	setrlimit(RLIMIT_FSIZE, &all);
	setrlimit(RLIMIT_CPU, &all);
	for (int number = 1; number < NSIG; number++)
		if (number != SIGPIPE && number != SIGKILL && number != SIGSTOP)
			signal(number, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	if (chdir("/"))
		_exit(BROKEN);
	openlog(SERVICE, LOG_PID, LOG_AUTHPRIV);
}

static enum outcome serve(const struct mode *mode, struct request *request)
{
	struct secret input = {0};
	const char *wrong = fields_read(STDIN_FILENO, SECONDS_TO_WRITE, &input);
	enum outcome outcome = MALFORMED;

	if (!wrong)
		wrong = fields_parse(&request->fields, &input, mode->needed);
	a2a_secret_wipe(&input);
	if (wrong)
		report(LOG_ERR, "the input: %s", wrong);
	else
		outcome = mode->act(request);
	return outcome;
}

int main(int argc, char **argv)
{
	const struct mode *mode = find_mode(argc, argv);
	struct request request = {0};
	enum outcome outcome;

	start_clean();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return write_all(usage, strlen(usage)) ? DONE : BROKEN;
	if (!mode) {
		report(LOG_ERR, "a wrong argument: all2all-passwd --help lists the right ones");
		return MALFORMED;
	}
	outcome = serve(mode, &request);
	fields_wipe(&request.fields);
	command_close(&request.command);
	free(request.account.gecos);
	if (fflush(stdout) && errno != EPIPE && outcome != DONE)
		outcome = BROKEN;
	return (int)outcome;
}
