/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The built module, driven through the real libpam. Each change of a password has a service
 * directory of its own; the stack is
 *
 *     [pam_record <front>]  pam_all2all <arguments>  [pam_all2all <behind>]  pam_record into=AFTER
 *
 * with all of them `required`, so that the last one runs, and shows what it finds, even when ours
 * refuses: a password that gets through to it would be stored. The conversation is a list of
 * answers. The test has a syslog() of its own, which collects the log.
 *
 * `test_pam --as-nobody`, started by root, runs everything once more as a user without rights.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <pwd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <security/pam_appl.h>

#include "numbers.h"
#include "paths.h"
#include "stand_in_syslog.h"

enum {
	SKIPPED = 77, /* meson: not run */
	NOBODY = 65534,
	TIME = 120,  /* seconds after which a change counts as hung */
	STEPS = 400, /* prompts and messages in one change */
};

/* Accepted, and of the house guide's kind: arbitrary letters and digits. */
#define GOOD "k7mvtq2xr9"
#define GOOD_TOO "p4wzt8nqk2"
#define GOOD_LONG "w8kzt3vqm5xd"
/* Refused: a dictionary word with a number; too short; without a digit. */
#define WEAK "Wachtwoord1"
#define SHORT "k7m"
#define LETTERS_ONLY "kmvtqwxrzp"
#define USER "user0001"
#define SERVICE "mailbox"

/* In the place of an answer: known by their addresses. */
static const char CONVERSATION_FAILS[] = "PAM_CONV_ERR";
static const char NULL_ANSWER[] = "a response without text";
static const char NO_RESPONSE[] = "success, but no response";
static const char SUGGESTED[] = "what was suggested";
static const char LATER[] = "PAM_CONV_AGAIN";
static const char UNKEPT[] = "a password that is nowhere in this program";

#define ANSWERS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING ((const char *const[]){NULL})

/* ---- The bench ------------------------------------------------------------------------------- */

/* One step of a conversation: `*` hidden prompt, `>` prompt with echo, `!` error, `i` information.
 */
struct talk {
	const char *const *answers;
	char steps[STEPS + 1];
	char *said[STEPS];
	size_t count;
	char *suggested;
	bool tells; /* a message repeated what had been typed */
};

struct bench {
	char *folder;
	char *conf;
	char *dictionary; /* a copy of our own, once a test asked for it */
	char *logged;
	char *accepted; /* what the module behind ours saw, "(none)", or NULL when not run */
	struct talk talk;
};

struct change {
	const char *front;     /* arguments of a pam_record in front of ours */
	const char *arguments; /* ours */
	const char *behind;    /* arguments of a second one of ours */
	const char *const *answers;
	const char *user;    /* USER, unless said otherwise */
	const char *service; /* SERVICE, unless said otherwise */
	int flags;
	bool nobody_knows_the_user;
	bool no_conf; /* leave conf= out */
	bool no_conversation;
	bool not_recorded; /* leave the last pam_record out */
};

/* libpam's syslog() has no context of ours to go by. */
static struct bench *logging;

void keep_logged(const char *format, va_list arguments)
{
	char *line = NULL, *longer = NULL;

	if (!logging || vasprintf(&line, format, arguments) < 0)
		return;
	if (asprintf(&longer, "%s%s\n", logging->logged ? logging->logged : "", line) >= 0) {
		free(logging->logged);
		logging->logged = longer;
	}
	free(line);
}

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...)
{
	char *result = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&result, format, arguments) < 0)
		abort();
	va_end(arguments);
	return result;
}

static char build_link[] = "/tmp/test_pam-build-XXXXXX";

static void forget_build(void)
{
	unlink(build_link);
}

/* The build tree, under a name without spaces: a line of a PAM service has no way to quote them in
 * the path of a module. */
static const char *build(void)
{
	static bool linked;
	const char *folder = getenv("A2A_BUILD");

	if (!folder)
		fail_msg("A2A_BUILD is not set: run this by `meson test`");
	if (!strchr(folder, ' '))
		return folder;
	if (!linked) {
		if (!mkdtemp(build_link) || rmdir(build_link) || symlink(folder, build_link))
			fail_msg("%s cannot be linked to", folder);
		linked = true;
		atexit(forget_build);
	}
	return build_link;
}

static void write_file(const char *path, const char *content, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, length), length);
	assert_int_equal(close(fd), 0);
}

static char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *content = NULL;
	size_t room = 0;
	FILE *copy;
	int byte;

	assert_non_null(file);
	copy = open_memstream(&content, &room);
	assert_non_null(copy);
	while ((byte = getc(file)) != EOF)
		putc(byte, copy);
	fclose(file);
	fclose(copy);
	*length = room;
	return content;
}

/* The build tree's configuration and more lines. */
static void write_conf(struct bench *bench, const char *more)
{
	char *original = text("%s/uninstalled.conf", build());
	size_t length;
	char *content = read_file(original, &length);
	char *all = text("%s%s", content, more);

	write_file(bench->conf, all, strlen(all));
	free(all);
	free(content);
	free(original);
}

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	const char *temporary = getenv("TMPDIR");
	char *other; /* libpam logs its absence */

	assert_non_null(bench);
	bench->folder = text("%s/test_pam.XXXXXX", temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(bench->folder));
	bench->conf = text("%s/all2all.conf", bench->folder);
	write_conf(bench, "");
	other = text("%s/other", bench->folder);
	write_file(other, "", 0);
	free(other);
	*state = bench;
	return 0;
}

static void forget(struct bench *bench)
{
	for (size_t i = 0; i < bench->talk.count; i++)
		free(bench->talk.said[i]);
	free(bench->talk.suggested);
	free(bench->logged);
	free(bench->accepted);
	bench->logged = NULL;
	bench->accepted = NULL;
	bench->talk = (struct talk){0};
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	if (remove(path))
		print_error("%s: %s\n", path, strerror(errno));
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;

	setlocale(LC_ALL, "C");
	nftw(bench->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	logging = NULL;
	forget(bench);
	free(bench->dictionary);
	free(bench->conf);
	free(bench->folder);
	free(bench);
	return 0;
}

/* ---- The conversation ------------------------------------------------------------------------ */

/* A good password that stands in no file: made where libpam will wipe it. */
static char *unkept_password(void)
{
	/* Every character is one before the one that is meant. */
	static const char before[] = "c4igvp7ys1";
	char *password = calloc(1, sizeof(before));

	assert_non_null(password);
	for (size_t i = 0; before[i]; i++)
		password[i] = (char)(before[i] + 1);
	return password;
}

/* What somebody typed as a password: long enough that it would not be met by chance, no sentinel,
 * and not the answer to the question for the user name. */
static bool is_typed(const char *answer)
{
	return answer != CONVERSATION_FAILS && answer != NULL_ANSWER && answer != NO_RESPONSE &&
	       answer != SUGGESTED && answer != LATER && answer != UNKEPT &&
	       strcmp(answer, USER) != 0 && strlen(answer) > 4;
}

static void note(struct talk *talk, char step, const char *said)
{
	assert_true(talk->count < STEPS);
	talk->steps[talk->count] = step;
	talk->said[talk->count++] = text("%s", said);
}

/* The suggestion is the last line of the refusal, indented. */
static void find_suggestion(struct talk *talk, const char *message)
{
	const char *line = strrchr(message, '\n');

	if (!line || strncmp(line, "\n    ", strlen("\n    ")) != 0)
		return;
	free(talk->suggested);
	talk->suggested = text("%s", line + strlen("\n    "));
}

static int answer(struct talk *talk, struct pam_response **responses)
{
	const char *next = *talk->answers;
	struct pam_response *response;

	if (!next || next == CONVERSATION_FAILS)
		return PAM_CONV_ERR;
	talk->answers++;
	if (next == LATER)
		return PAM_CONV_AGAIN;
	if (next == NO_RESPONSE)
		return PAM_SUCCESS;
	response = calloc(1, sizeof(*response));
	assert_non_null(response);
	if (next == UNKEPT)
		response->resp = unkept_password();
	else if (next == SUGGESTED)
		response->resp = text("%s", talk->suggested ? talk->suggested : "");
	else if (next != NULL_ANSWER)
		response->resp = text("%s", next);
	*responses = response;
	return PAM_SUCCESS;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	static const char steps[] = {
		[PAM_PROMPT_ECHO_OFF] = '*',
		[PAM_PROMPT_ECHO_ON] = '>',
		[PAM_ERROR_MSG] = '!',
		[PAM_TEXT_INFO] = 'i',
	};
	struct talk *talk = context;
	const char *said = messages[0]->msg;
	const int style = messages[0]->msg_style;

	assert_int_equal(count, 1);
	*responses = NULL;
	note(talk, steps[style], said);
	if (style == PAM_PROMPT_ECHO_OFF || style == PAM_PROMPT_ECHO_ON)
		return answer(talk, responses);
	if (style == PAM_ERROR_MSG)
		find_suggestion(talk, said);
	return PAM_SUCCESS;
}

static size_t count_of(const char *whole, const char *piece)
{
	size_t count = 0;

	for (const char *at = whole; (at = strstr(at, piece)); at += strlen(piece))
		count++;
	return count;
}

static void assert_in_order(const char *whole, const char *const *pieces, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		whole = strstr(whole, pieces[i]);
		assert_non_null(whole);
	}
}

/* ---- A change of a password ------------------------------------------------------------------ */

static void print_story(const struct bench *bench)
{
	for (size_t i = 0; i < bench->talk.count; i++)
		print_error("  %c %s\n", bench->talk.steps[i], bench->talk.said[i]);
	print_error("  accepted: %s\n", bench->accepted ? bench->accepted : "(not recorded)");
	print_error("  log:\n%s", bench->logged ? bench->logged : "");
}

static bool was_logged(const struct bench *bench, const char *piece)
{
	return bench->logged && strstr(bench->logged, piece);
}

static bool was_said(const struct bench *bench, const char *piece)
{
	for (size_t i = 0; i < bench->talk.count; i++)
		if (strstr(bench->talk.said[i], piece))
			return true;
	return false;
}

/* Nothing typed may ever be in the log, or be shown again. Holds for every change of every test. */
static void assert_discreet(const struct bench *bench, const char *const *answers)
{
	for (; *answers; answers++)
		if (is_typed(*answers) &&
			(was_logged(bench, *answers) || was_said(bench, *answers))) {
			print_story(bench);
			fail_msg("what was typed is in the log or in a message");
		}
	if (bench->talk.suggested && *bench->talk.suggested)
		assert_false(was_logged(bench, bench->talk.suggested));
}

static const char *service_of(const struct change *change)
{
	return change->service ? change->service : SERVICE;
}

static void write_service(const struct bench *bench, const struct change *change)
{
	char *path = text("%s/%s", bench->folder, service_of(change));
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	if (change->front)
		fprintf(file, "password required %s/tests/pam_record.so %s\n", build(),
			change->front);
	fprintf(file, "password required %s/pam_all2all/pam_all2all.so %s%s %s\n", build(),
		change->no_conf ? "" : "conf=", change->no_conf ? "" : bench->conf,
		change->arguments ? change->arguments : "");
	if (change->behind)
		fprintf(file, "password required %s/pam_all2all/pam_all2all.so conf=%s %s\n",
			build(), bench->conf, change->behind);
	if (change->not_recorded)
		fprintf(file, "password required pam_permit.so\n");
	else
		fprintf(file, "password required %s/tests/pam_record.so into=AFTER\n", build());
	assert_int_equal(fclose(file), 0);
	free(path);
}

static pam_handle_t *start(struct bench *bench, const struct change *change)
{
	const struct pam_conv conversation = {
		change->no_conversation ? NULL : converse,
		&bench->talk,
	};
	const char *user = change->user ? change->user : USER;
	pam_handle_t *pamh = NULL;

	forget(bench);
	bench->talk.answers = change->answers ? change->answers : NOTHING;
	write_service(bench, change);
	logging = bench;
	assert_int_equal(
		pam_start_confdir(service_of(change), change->nobody_knows_the_user ? NULL : user,
			&conversation, bench->folder, &pamh),
		PAM_SUCCESS);
	return pamh;
}

static void end(struct bench *bench, pam_handle_t *pamh, int status)
{
	const char *accepted = pam_getenv(pamh, "AFTER");

	bench->accepted = accepted ? text("%s", accepted) : NULL;
	assert_int_equal(pam_end(pamh, status), PAM_SUCCESS);
	logging = NULL;
}

static int run(struct bench *bench, const struct change *change)
{
	pam_handle_t *pamh = start(bench, change);
	int status;

	alarm(TIME);
	status = pam_chauthtok(pamh, change->flags);
	alarm(0);
	end(bench, pamh, status);
	assert_discreet(bench, change->answers ? change->answers : NOTHING);
	return status;
}

struct expectation {
	int status;
	const char *steps;
	const char *accepted; /* "(none)": the module behind ours finds no password */
	const char *said;     /* NULL: not looked at */
	const char *logged;   /* NULL: not looked at */
};

static void check(struct bench *bench, const char *name, const struct change *change,
	const struct expectation *expected)
{
	int status = run(bench, change);
	const char *accepted = bench->accepted ? bench->accepted : "(not run)";
	const char *wrong = NULL;

	if (status != expected->status)
		wrong = "status";
	else if (expected->steps && strcmp(bench->talk.steps, expected->steps))
		wrong = "conversation";
	else if (expected->accepted && strcmp(accepted, expected->accepted))
		wrong = "password that the next module sees";
	else if (expected->said && !was_said(bench, expected->said))
		wrong = "messages";
	else if (expected->logged && !was_logged(bench, expected->logged))
		wrong = "log";
	if (!wrong)
		return;
	print_story(bench);
	fail_msg("%s: the %s: status %d where %d was expected, steps \"%s\" where \"%s\"", name,
		wrong, status, expected->status, bench->talk.steps,
		expected->steps ? expected->steps : "anything");
}

/* A fault, after these steps: nothing accepted, and the log says what. */
static void check_fault_after(struct bench *bench, const char *name, const struct change *change,
	const char *steps, const char *accepted, const char *logged)
{
	check(bench, name, change,
		&(struct expectation){
			.status = PAM_SERVICE_ERR,
			.steps = steps,
			.accepted = accepted,
			.logged = logged,
		});
}

/* A fault that is found at once: nobody is asked, and there is one sentence for the user. */
static void check_fault(
	struct bench *bench, const char *name, const struct change *change, const char *logged)
{
	check_fault_after(bench, name, change, "!", "(not run)", logged);
}

/* A fault that is found when the password is judged. */
static void check_late_fault(
	struct bench *bench, const char *name, const struct change *change, const char *logged)
{
	check_fault_after(bench, name, change, "*!", "(none)", logged);
}

/* ---- Return codes, phases, options ----------------------------------------------------------- */

struct scene {
	const char *name;
	struct change change;
	struct expectation expected;
};

static void play(struct bench *bench, const struct scene *scenes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(bench, scenes[i].name, &scenes[i].change, &scenes[i].expected);
}

#define PLAY(state, scenes) play(*(state), scenes, sizeof(scenes) / sizeof((scenes)[0]))

static void the_user_is_asked_until_it_is_good_or_enough(void **state)
{
	const struct scene scenes[] = {
		{"good", {.answers = ANSWERS(GOOD, GOOD)}, {PAM_SUCCESS, "**", GOOD}},
		{"refused twice, then good", {.answers = ANSWERS(WEAK, SHORT, GOOD, GOOD)},
			{PAM_SUCCESS, "*!*!**", GOOD}},
		{"refused three times", {.answers = ANSWERS(WEAK, SHORT, LETTERS_ONLY, GOOD, GOOD)},
			{PAM_MAXTRIES, "*!*!*!", "(none)"}},
		{"retry=1", {.arguments = "retry=1", .answers = ANSWERS(WEAK, GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"retry=2", {.arguments = "retry=2", .answers = ANSWERS(WEAK, WEAK, GOOD, GOOD)},
			{PAM_MAXTRIES, "*!*!", "(none)"}},
		{"retry=5",
			{.arguments = "retry=5",
				.answers = ANSWERS(WEAK, WEAK, WEAK, WEAK, GOOD, GOOD)},
			{PAM_SUCCESS, "*!*!*!*!**", GOOD}},
		{"retry=100 is allowed",
			{.arguments = "retry=100", .answers = ANSWERS(WEAK, GOOD, GOOD)},
			{PAM_SUCCESS, "*!**", GOOD}},
		{"mistyped, then right", {.answers = ANSWERS(GOOD, GOOD_TOO, GOOD, GOOD)},
			{PAM_SUCCESS, "**!**", GOOD}},
		{"mistyped is one of the tries",
			{.answers = ANSWERS(WEAK, GOOD, GOOD_TOO, WEAK, GOOD, GOOD)},
			{PAM_MAXTRIES, "*!**!*!", "(none)"}},
		{"mistyped three times",
			{.answers = ANSWERS(GOOD, GOOD_TOO, GOOD, GOOD_TOO, GOOD, GOOD_TOO, GOOD)},
			{PAM_MAXTRIES, "**!**!**!", "(none)"}},
		{"mistyped, retry=1", {.arguments = "retry=1", .answers = ANSWERS(GOOD, GOOD_TOO)},
			{PAM_TRY_AGAIN, "**!", "(none)"}},
		{"weak the second time it is typed",
			{.arguments = "retry=1", .answers = ANSWERS(GOOD, WEAK)},
			{PAM_TRY_AGAIN, "**!", "(none)"}},
		{"empty", {.arguments = "retry=1", .answers = ANSWERS("", "")},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"silent: nothing of ours is shown",
			{.flags = PAM_SILENT, .answers = ANSWERS(WEAK, SHORT, GOOD, GOOD)},
			{PAM_SUCCESS, "****", GOOD}},
		{"silent, refused three times",
			{.flags = PAM_SILENT,
				.arguments = "suggest",
				.answers = ANSWERS(WEAK, WEAK, WEAK)},
			{PAM_MAXTRIES, "***", "(none)"}},
		{"expired, at login",
			{.flags = PAM_CHANGE_EXPIRED_AUTHTOK, .answers = ANSWERS(WEAK, GOOD, GOOD)},
			{PAM_SUCCESS, "*!**", GOOD}},
		{"all reasons at once", {.arguments = "retry=1", .answers = ANSWERS("!;")},
			{PAM_AUTHTOK_ERR, "*!", "(none)",
				"This password is refused:\n"
				" - it is too short: it needs at least 8 characters\n"
				" - it has no letter: add one\n"
				" - it has no digit: add one"}},
	};

	PLAY(state, scenes);
}

static void a_broken_conversation_ends_it(void **state)
{
	/* The `!` is libpam's own: "Password change has been aborted." */
	const struct scene scenes[] = {
		{"fails at once", {.answers = ANSWERS(CONVERSATION_FAILS)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"has no answer", {.answers = ANSWERS(NULL_ANSWER, GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"says success without a response", {.answers = ANSWERS(NO_RESPONSE, GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"fails after a refusal", {.answers = ANSWERS(WEAK, CONVERSATION_FAILS)},
			{PAM_AUTHTOK_ERR, "*!*!", "(none)"}},
		{"fails at the second entry", {.answers = ANSWERS(GOOD, CONVERSATION_FAILS)},
			{PAM_AUTHTOK_ERR, "**!", "(none)"}},
		{"has no second answer", {.answers = ANSWERS(GOOD, NULL_ANSWER, GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "**!", "(none)"}},
		{"says success without a second response",
			{.answers = ANSWERS(GOOD, NO_RESPONSE, GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "**!", "(none)"}},
		{"will answer later, which libpam takes for never", {.answers = ANSWERS(LATER)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"is not there at all", {.no_conversation = true}, {PAM_AUTHTOK_ERR, "", "(none)"}},
	};

	PLAY(state, scenes);
}

/* A program may have no conversation at all when it sets the password by another module. */
static void nobody_to_speak_to_is_no_crash(void **state)
{
	const struct scene scenes[] = {
		{"refused",
			{.no_conversation = true, .front = "set=" WEAK, .arguments = "use_authtok"},
			{PAM_AUTHTOK_ERR, "", "(none)"}},
		{"accepted",
			{.no_conversation = true, .front = "set=" GOOD, .arguments = "use_authtok"},
			{PAM_SUCCESS, "", GOOD}},
		{"a fault", {.no_conversation = true, .arguments = "bogus"},
			{PAM_SERVICE_ERR, "", "(not run)"}},
		{"refused, with a suggestion to nobody",
			{.no_conversation = true,
				.front = "set=" WEAK,
				.arguments = "use_authtok suggest"},
			{PAM_AUTHTOK_ERR, "", "(none)"}},
	};

	PLAY(state, scenes);
}

static void what_was_typed_is_judged_whole(void **state)
{
	static const size_t lengths[] = {257, 512, 600, 1024, 4096, 100000};
	enum { MOST = 256 };
	struct bench *bench = *state;
	char most[MOST + 1] = "";

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char *password = malloc(lengths[i] + 1);

		assert_non_null(password);
		for (size_t j = 0; j < lengths[i]; j++)
			password[j] = GOOD[j * j % strlen(GOOD)];
		password[lengths[i]] = '\0';
		check(bench, "over-long",
			&(struct change){
				.arguments = "retry=1", .answers = ANSWERS(password, password)},
			&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)", "it is too long"});
		free(password);
	}
	/* The longest that is allowed reaches the next module with its last byte. */
	for (size_t i = 0; i < MOST; i++)
		most[i] = GOOD_LONG[i * i % strlen(GOOD_LONG)];
	most[MOST - 1] = 'z';
	check(bench, "longest", &(struct change){.answers = ANSWERS(most, most)},
		&(struct expectation){PAM_SUCCESS, "**", most});
}

static void what_no_mail_program_can_send_is_refused(void **state)
{
	static const char *const passwords[] = {"k7mv\xff\xfetq2x", "\xc3", "k7mvtq2\xc3",
		"k7mv\xed\xa0\x80tq2x", "k7\x01mvtq2x", "k7mv\ttq2x", "k7mv\x7ftq2x",
		"\xf5\x80\x80\x80k7mvtq2x", "\xc0\xafk7mvtq2x", "k7mvtq2x\r", "k7mvtq2x\xe2\x80"};

	for (size_t i = 0; i < sizeof(passwords) / sizeof(passwords[0]); i++)
		check(*state, "not text",
			&(struct change){.arguments = "retry=1",
				.answers = ANSWERS(passwords[i], passwords[i])},
			&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)",
				"a character that mail programs cannot send"});
	check(*state, "accents are letters",
		&(struct change){.answers = ANSWERS("k7éßtq2xñ9", "k7éßtq2xñ9")},
		&(struct expectation){PAM_SUCCESS, "**", "k7éßtq2xñ9"});
}

/* ---- Stacking -------------------------------------------------------------------------------- */

static void a_password_from_the_module_before_is_judged_too(void **state)
{
	const struct scene scenes[] = {
		{"use_authtok, good", {.front = "set=" GOOD, .arguments = "use_authtok"},
			{PAM_SUCCESS, "", GOOD}},
		{"use_authtok, weak", {.front = "set=" WEAK, .arguments = "use_authtok"},
			{PAM_AUTHTOK_ERR, "!", "(none)"}},
		{"use_authtok has no second try",
			{.front = "set=" WEAK,
				.arguments = "use_authtok retry=5 suggest",
				.answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "!", "(none)"}},
		{"use_authtok, nothing set",
			{.arguments = "use_authtok", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "", "(none)"}},
		{"use_authtok, the empty password", {.front = "set=", .arguments = "use_authtok"},
			{PAM_AUTHTOK_ERR, "!", "(none)"}},
		{"use_first_pass, good", {.front = "set=" GOOD, .arguments = "use_first_pass"},
			{PAM_SUCCESS, "", GOOD}},
		{"use_first_pass, weak",
			{.front = "set=" WEAK,
				.arguments = "use_first_pass",
				.answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "!", "(none)"}},
		{"use_first_pass, nothing set",
			{.arguments = "use_first_pass", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "", "(none)"}},
		{"try_first_pass, good, typed again",
			{.front = "set=" GOOD,
				.arguments = "try_first_pass",
				.answers = ANSWERS(GOOD)},
			{PAM_SUCCESS, "*", GOOD}},
		/* Asking for another one would get it round the module before. */
		{"try_first_pass, weak",
			{.front = "set=" WEAK,
				.arguments = "try_first_pass retry=5",
				.answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "!", "(none)"}},
		{"try_first_pass, good, typed wrong",
			{.front = "set=" GOOD,
				.arguments = "try_first_pass retry=5",
				.answers = ANSWERS(GOOD_TOO, GOOD_TOO, GOOD_TOO)},
			{PAM_TRY_AGAIN, "*!", "(none)"}},
		{"try_first_pass, nothing set",
			{.arguments = "try_first_pass", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD}},
		{"no option, weak", {.front = "set=" WEAK, .answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "!", "(none)"}},
		{"two of ours, the second refuses and does not ask",
			{.arguments = "min_length=8",
				.behind = "min_length=12 retry=5",
				.answers = ANSWERS(GOOD, GOOD, GOOD_LONG, GOOD_LONG)},
			{PAM_AUTHTOK_ERR, "**!", "(none)"}},
		{"silent",
			{.front = "set=" WEAK,
				.arguments = "use_authtok suggest",
				.flags = PAM_SILENT},
			{PAM_AUTHTOK_ERR, "", "(none)"}},
		{"two of ours, both agree",
			{.behind = "use_authtok min_length=9", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD}},
		{"a profile", {.arguments = "retry=1 profile=nist", .answers = ANSWERS(GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"a profile, and before it what overrides it",
			{.arguments = "min_length=10 profile=nist", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD}},
		{"two of ours, the second wants more",
			{.behind = "use_authtok min_length=12", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_AUTHTOK_ERR, "**!", "(none)"}},
		{"two of ours, the first refuses, the second has nothing",
			{.arguments = "retry=1", .behind = "use_authtok", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
	};

	PLAY(state, scenes);
}

/*
 * `required`, as here, runs the modules behind ours even when ours fails. Only that there is no
 * PAM_AUTHTOK any more then keeps pam_unix from storing an unjudged password.
 */
static void a_fault_in_the_second_phase_lets_no_password_through(void **state)
{
	struct bench *bench = *state;
	char *with_password = text("remove=%s set=" GOOD, bench->conf);
	char *without = text("remove=%s", bench->conf);
	const struct expectation expected = {
		PAM_SERVICE_ERR, "!", "(none)", "cannot be checked at the moment"};

	check(bench, "nothing set",
		&(struct change){.front = without, .answers = ANSWERS(GOOD, GOOD)}, &expected);
	write_conf(bench, "");
	check(bench, "set, use_authtok",
		&(struct change){.front = with_password, .arguments = "use_authtok"}, &expected);
	write_conf(bench, "");
	check(bench, "set, not asked for",
		&(struct change){.front = with_password, .answers = ANSWERS(GOOD, GOOD)},
		&expected);
	free(with_password);
	free(without);
}

static void a_user_without_a_name_gets_no_password(void **state)
{
	const struct scene scenes[] = {
		{"asked for, and told",
			{.nobody_knows_the_user = true, .answers = ANSWERS(USER, GOOD, GOOD)},
			{PAM_SUCCESS, ">**", GOOD}},
		{"asked for, and the person counts",
			{.nobody_knows_the_user = true,
				.arguments = "retry=1",
				.answers = ANSWERS(USER, "x" USER "x")},
			{PAM_AUTHTOK_ERR, ">*!", "(none)", "little more than your name"}},
		{"asked for in vain",
			{.nobody_knows_the_user = true, .answers = ANSWERS(CONVERSATION_FAILS)},
			{PAM_CONV_ERR, ">", "(none)", NULL, "no user name"}},
		{"asked for in vain, with a password set before",
			{.nobody_knows_the_user = true,
				.front = "set=" GOOD,
				.arguments = "use_authtok",
				.answers = ANSWERS(CONVERSATION_FAILS)},
			{PAM_CONV_ERR, ">", "(none)"}},
	};

	PLAY(state, scenes);
}

static void a_conversation_that_answers_later_is_resumed(void **state)
{
	struct bench *bench = *state;
	const struct change change = {
		.nobody_knows_the_user = true,
		.answers = ANSWERS(LATER, USER, GOOD, GOOD),
	};
	pam_handle_t *pamh = start(bench, &change);
	int status = pam_chauthtok(pamh, 0);

	assert_int_equal(status, PAM_INCOMPLETE);
	status = pam_chauthtok(pamh, 0);
	end(bench, pamh, status);
	assert_int_equal(status, PAM_SUCCESS);
	assert_string_equal(bench->accepted, GOOD);
}

static void the_first_phase_asks_nobody_and_touches_nothing(void **state)
{
	struct bench *bench = *state;

	/* Behind ours, the first phase of a second one fails: so far nobody was asked. */
	check(bench, "second fails in the first phase",
		&(struct change){.behind = "bogus", .answers = ANSWERS(GOOD, GOOD)},
		&(struct expectation){PAM_SERVICE_ERR, "!", "(not run)", NULL, "bogus"});
}

/* ---- Options --------------------------------------------------------------------------------- */

static void options_do_what_the_manual_says(void **state)
{
	const struct scene scenes[] = {
		{"enforce_for_root changes nothing",
			{.arguments = "enforce_for_root retry=1", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"dry_run lets it pass and logs",
			{.arguments = "dry_run", .answers = ANSWERS(WEAK, WEAK)},
			{PAM_SUCCESS, "**", WEAK, NULL,
				"pam_all2all(" SERVICE ":chauthtok): password of user " USER
				": weak: dictionary-word (dry run: it passes)\n"}},
		{"dry_run, use_authtok", {.arguments = "dry_run use_authtok", .front = "set=" WEAK},
			{PAM_SUCCESS, "", WEAK, NULL, "dictionary-word (dry run: it passes)"}},
		{"dry_run logs what is good, too",
			{.arguments = "dry_run", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD, NULL,
				"password of user " USER ": good (dry run: it passes)\n"}},
		{"debug names rules and nothing else",
			{.arguments = "debug retry=1", .answers = ANSWERS("!;")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", NULL,
				"pam_all2all(" SERVICE ":chauthtok): password of user " USER
				": weak: too-short,no-letter,no-digit (refused)\n"}},
		{"debug, good", {.arguments = "debug", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD, NULL, "password of user " USER ": good\n"}},
		{"debug, no password",
			{.arguments = "debug", .answers = ANSWERS(CONVERSATION_FAILS)},
			{PAM_AUTHTOK_ERR, "*!", "(none)", NULL, "no new password"}},
		{"authtok_type=",
			{.arguments = "authtok_type=courriel", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD, "New courriel password: "}},
		{"authtok_type= of the second prompt",
			{.arguments = "authtok_type=courriel", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD, "Retype new courriel password: "}},
		{"authtok_type= may be empty",
			{.arguments = "authtok_type=", .answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD, "New password: "}},
		{"local_users_only, a user of elsewhere",
			{.arguments = "local_users_only", .answers = ANSWERS(WEAK, WEAK)},
			{PAM_SUCCESS, "**", WEAK}},
		{"local_users_only, a local one",
			{.arguments = "local_users_only retry=1",
				.user = "daemon",
				.answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"min_length=12 wins over the file, refused",
			{.arguments = "min_length=12 retry=1", .answers = ANSWERS(GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)", "at least 12 characters"}},
		{"min_length=12 wins over the file, accepted",
			{.arguments = "min_length=12", .answers = ANSWERS(GOOD_LONG, GOOD_LONG)},
			{PAM_SUCCESS, "**", GOOD_LONG}},
		{"a switch by its name alone, and off",
			{.arguments = "dictcheck second_opinion=no",
				.answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD}},
		{"dictcheck=no",
			{.arguments = "dictcheck=no second_opinion=no min_guesses=0",
				.answers = ANSWERS(WEAK, WEAK)},
			{PAM_SUCCESS, "**", WEAK}},
		{"without second_opinion no dictionary is needed",
			{.arguments = "second_opinion=no dictpath=/nonexistent/words",
				.answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD}},
		{"min_guesses=0",
			{.arguments = "min_guesses=0 dictcheck=no lexicon=/nonexistent/lexicon",
				.answers = ANSWERS(GOOD, GOOD)},
			{PAM_SUCCESS, "**", GOOD}},
		{"several",
			{.arguments = "min_digits=3 difok=2 site_words=twig [badwords=kmv xyz]",
				.answers = ANSWERS("k7mvt9qx4r", "k7mvt9qx4r")},
			{PAM_SUCCESS, "**", "k7mvt9qx4r"}},
		{"min_digits=3",
			{.arguments = "retry=1 min_digits=3", .answers = ANSWERS("k7mvtqx4r")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", "it needs at least 3"}},
		{"an argument with a blank in it",
			{.arguments = "retry=1 [badwords=zzz mvtq]", .answers = ANSWERS(GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)", "a word that is not allowed here"}},
	};

	write_conf(*state, "min_length = 9\n");
	PLAY(state, scenes);
}

/* libpam looks for no name that does not fit on a line of its own: then nobody can tell. */
static void a_user_of_whom_it_cannot_be_told_is_bound(void **state)
{
	enum { LENGTH = 10000 };
	char *user = calloc(1, LENGTH + 1);

	assert_non_null(user);
	memset(user, 'u', LENGTH);
	check(*state, "local_users_only, a name too long",
		&(struct change){.arguments = "local_users_only",
			.user = user,
			.answers = ANSWERS(WEAK, WEAK)},
		&(struct expectation){
			PAM_SERVICE_ERR, "*!", "(none)", "cannot be checked at the moment"});
	free(user);
}

/* A helpdesk must be able to say why: the user, the service and the rules, once for each refusal.
 */
static void each_refusal_is_logged_once(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(run(bench, &(struct change){.arguments = "lang=fr,nl suggest",
					    .answers = ANSWERS(WEAK, "!;", GOOD, GOOD)}),
		PAM_SUCCESS);
	assert_string_equal(bench->logged,
		"pam_all2all(" SERVICE ":chauthtok): password of user " USER
		": weak: dictionary-word (refused)\n"
		"pam_all2all(" SERVICE ":chauthtok): password of user " USER
		": weak: too-short,no-letter,no-digit (refused)\n");
	/* Silence is for the user. */
	assert_int_equal(run(bench, &(struct change){.arguments = "retry=1",
					    .flags = PAM_SILENT,
					    .answers = ANSWERS(WEAK)}),
		PAM_AUTHTOK_ERR);
	assert_true(was_logged(bench, "weak: dictionary-word (refused)\n"));
	assert_int_equal(run(bench, &(struct change){.answers = ANSWERS(GOOD, GOOD)}), PAM_SUCCESS);
	assert_null(bench->logged);
}

/* The manual's example is what is logged, to the letter. */
static void the_manual_shows_the_line_of_a_refusal(void **state)
{
	const char *source = getenv("A2A_SOURCE");
	struct bench *bench = *state;
	char *path, *manual;
	size_t length;

	assert_non_null(source);
	path = text("%s/pam_all2all/pam_all2all.8", source);
	manual = read_file(path, &length);
	assert_int_equal(
		run(bench, &(struct change){.arguments = "retry=1", .answers = ANSWERS("kmvtq")}),
		PAM_AUTHTOK_ERR);
	if (!strstr(manual, bench->logged))
		fail_msg("not in the manual: %s", bench->logged);
	free(manual);
	free(path);
}

static void root_is_exempt_only_when_asked_for(void **state)
{
	const struct scene scenes[] = {
		{"root is bound", {.arguments = "retry=1", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"exempt_root: told, logged, accepted",
			{.arguments = "exempt_root suggest", .answers = ANSWERS(WEAK, WEAK)},
			{PAM_SUCCESS, "*!*", WEAK, "This password is refused",
				"weak: dictionary-word (root is exempt: it passes)\n"}},
		{"exempt_root, use_authtok",
			{.arguments = "exempt_root use_authtok", .front = "set=" WEAK},
			{PAM_SUCCESS, "!", WEAK}},
		{"an expired password is changed by the user, whoever runs the login",
			{.arguments = "exempt_root retry=1",
				.flags = PAM_CHANGE_EXPIRED_AUTHTOK,
				.answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
	};

	if (getuid() != 0) {
		print_message("not root: exempt_root can only be seen by root\n");
		skip();
	}
	PLAY(state, scenes);
}

static void exempt_root_exempts_no_user(void **state)
{
	const struct scene scenes[] = {
		{"a user", {.arguments = "exempt_root retry=1", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
		{"a user who changes root's",
			{.arguments = "exempt_root retry=1",
				.user = "root",
				.answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)"}},
	};

	if (getuid() == 0) {
		print_message("root: seen by test_pam --as-nobody\n");
		skip();
	}
	PLAY(state, scenes);
}

static void a_suggestion_is_accepted(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < 10; i++) {
		check(bench, "suggest",
			&(struct change){.arguments = "suggest",
				.answers = ANSWERS(WEAK, SUGGESTED, SUGGESTED)},
			&(struct expectation){PAM_SUCCESS, "*!**"});
		assert_string_equal(bench->accepted, bench->talk.suggested);
		assert_int_equal(strlen(bench->accepted), 12);
	}
	/* A policy that the usual suggestion would not meet. */
	check(bench, "suggest, in French and Dutch",
		&(struct change){.arguments = "suggest lang=fr,nl min_digits=4",
			.answers = ANSWERS(WEAK, SUGGESTED, SUGGESTED)},
		&(struct expectation){PAM_SUCCESS, "*!**"});
	assert_non_null(strstr(bench->talk.said[1], "Vous pouvez utiliser"));
	assert_non_null(strstr(bench->talk.said[1], "U kunt dit wachtwoord"));
	/* None can be made: the refusal stands, the user is asked again. */
	check(bench, "suggest, impossible",
		&(struct change){.arguments = "suggest min_length=128 passphrase_length=0",
			.answers = ANSWERS(WEAK, WEAK, WEAK)},
		&(struct expectation){.status = PAM_MAXTRIES, .accepted = "(none)"});
}

/* ---- The person ------------------------------------------------------------------------------ */

static void the_person_is_looked_for(void **state)
{
	const char *little = "little more than your name";
	const struct scene scenes[] = {
		{"user name", {.arguments = "retry=1", .answers = ANSWERS("user0001x")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", little}},
		{"user name backwards", {.arguments = "retry=1", .answers = ANSWERS("x1000resu")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", little}},
		{"user name in capitals, of a virtual user",
			{.arguments = "retry=1",
				.user = "marie.delvaux@example.be",
				.answers = ANSWERS("7DELVAUX!9")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", little}},
		{"service", {.arguments = "retry=1", .answers = ANSWERS("7" SERVICE "9")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", little}},
		{"site_words", {.arguments = "retry=1", .answers = ANSWERS("maximusconfessor1")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", little}},
		{"enough is left", {.answers = ANSWERS("user0001" GOOD, "user0001" GOOD)},
			{PAM_SUCCESS, "**", "user0001" GOOD}},
	};

	PLAY(state, scenes);
}

static void the_host_is_looked_for(void **state)
{
	static const char name[] = "brievenbus.example.be";
	char host[256] = "";
	char *password;

	/* Root can have a name of its own for this process; otherwise the machine's must do. */
	if (geteuid() == 0 && unshare(CLONE_NEWUTS) == 0)
		assert_int_equal(sethostname(name, strlen(name)), 0);
	assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
	host[strcspn(host, ".")] = '\0';
	if (strlen(host) < 3) {
		print_message("the host's name \"%s\" is too short to count\n", host);
		skip();
	}
	password = text("%s7é%s", host, host);
	check(*state, "host",
		&(struct change){.arguments = "retry=1", .answers = ANSWERS(password)},
		&(struct expectation){
			PAM_AUTHTOK_ERR, "*!", "(none)", "little more than your name"});
	free(password);
}

/* /etc/passwd cannot be written here, so somebody in it has to serve. */
static void the_gecos_field_is_looked_for(void **state)
{
	const struct passwd *list = getpwnam("list");

	if (!list || strcmp(list->pw_gecos, "Mailing List Manager")) {
		print_message("the user \"list\" is not Debian's: not tried\n");
		skip();
	}
	check(*state, "GECOS",
		&(struct change){.arguments = "retry=1",
			.user = "list",
			.answers = ANSWERS("7Mailing9Manager")},
		&(struct expectation){
			PAM_AUTHTOK_ERR, "*!", "(none)", "little more than your name"});
	check(*state, "another's",
		&(struct change){.arguments = "dictcheck=no second_opinion=no min_guesses=0",
			.user = "daemon",
			.answers = ANSWERS("7Mailing9Manager", "7Mailing9Manager")},
		&(struct expectation){PAM_SUCCESS, "**"});
}

static void the_old_password_and_its_variants_are_refused(void **state)
{
	const char *too_like = "the old password, or too much like it";
	const struct scene scenes[] = {
		{"the same",
			{.front = "old=" GOOD, .arguments = "retry=1", .answers = ANSWERS(GOOD)},
			{PAM_AUTHTOK_ERR, "*!", "(none)", too_like}},
		{"one character",
			{.front = "old=" GOOD,
				.arguments = "retry=1",
				.answers = ANSWERS("k7mvtq2xr8")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", too_like}},
		{"capitals",
			{.front = "old=" GOOD,
				.arguments = "retry=1",
				.answers = ANSWERS("K7MVTQ2XR9")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", too_like}},
		{"quite another", {.front = "old=" GOOD, .answers = ANSWERS(GOOD_TOO, GOOD_TOO)},
			{PAM_SUCCESS, "**", GOOD_TOO}},
		{"none", {.answers = ANSWERS(GOOD, GOOD)}, {PAM_SUCCESS, "**", GOOD}},
		{"use_authtok",
			{.front = "old=" GOOD " set=k7mvtq2xr8", .arguments = "use_authtok"},
			{PAM_AUTHTOK_ERR, "!", "(none)", too_like}},
		{"difok=0 asks nothing",
			{.front = "old=" GOOD,
				.arguments = "difok=0",
				.answers = ANSWERS("k7mvtq2xr8", "k7mvtq2xr8")},
			{PAM_SUCCESS, "**", "k7mvtq2xr8"}},
	};

	PLAY(state, scenes);
}

/* ---- A login that asks for a new password ---------------------------------------------------- */

/* `arguments` is for the account type. Returns what the account type says. */
static int log_in_with_a_weak_one(struct bench *bench, const char *arguments, int flags)
{
	const struct pam_conv conversation = {converse, &bench->talk};
	char *path = text("%s/" SERVICE, bench->folder);
	FILE *file = fopen(path, "we");
	pam_handle_t *pamh = NULL;
	int status;

	forget(bench);
	assert_non_null(file);
	fprintf(file, "auth required %s/tests/pam_record.so set=" WEAK "\n", build());
	fprintf(file,
		"auth optional %s/pam_all2all/pam_all2all.so audit conf=%s store=%s/state/audit\n",
		build(), bench->conf, bench->folder);
	fprintf(file, "account required pam_permit.so\n");
	fprintf(file, "account optional %s/pam_all2all/pam_all2all.so audit conf=%s %s\n", build(),
		bench->conf, arguments);
	assert_int_equal(fclose(file), 0);
	free(path);
	assert_int_equal(
		pam_start_confdir(SERVICE, USER, &conversation, bench->folder, &pamh), PAM_SUCCESS);
	assert_int_equal(pam_authenticate(pamh, flags), PAM_SUCCESS);
	status = pam_acct_mgmt(pamh, flags);
	pam_end(pamh, status);
	return status;
}

/* pam_unix says so when a password has expired; without a word, the user sees only a prompt. */
static void a_login_that_asks_for_a_new_password_says_why(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(
		log_in_with_a_weak_one(bench, "grace=0 lang=fr,nl", 0), PAM_NEW_AUTHTOK_REQD);
	assert_string_equal(bench->talk.steps, "i");
	assert_in_order(bench->talk.said[0],
		(const char *const[]){
			"Votre mot de passe est faible", "\n", "Uw wachtwoord is zwak"},
		3);
	assert_int_equal(log_in_with_a_weak_one(bench, "grace=0", 0), PAM_NEW_AUTHTOK_REQD);
	assert_true(was_said(bench, "Your password is weak"));
	/* A mistake elsewhere is no reason to keep quiet. */
	assert_int_equal(
		log_in_with_a_weak_one(bench, "grace=0 min_length=x", 0), PAM_NEW_AUTHTOK_REQD);
	assert_true(was_said(bench, "Your password is weak"));
	assert_int_equal(
		log_in_with_a_weak_one(bench, "grace=0", PAM_SILENT), PAM_NEW_AUTHTOK_REQD);
	assert_string_equal(bench->talk.steps, "");
	assert_int_equal(log_in_with_a_weak_one(bench, "grace=0 dry_run", 0), PAM_SUCCESS);
	assert_string_equal(bench->talk.steps, "");
	assert_int_equal(log_in_with_a_weak_one(bench, "grace=30", 0), PAM_SUCCESS);
	assert_string_equal(bench->talk.steps, "");
}

/* ---- Languages ------------------------------------------------------------------------------- */

/* All of them are one message: a greeter that shows only the last one shows every reason. */
static void messages_come_in_the_languages_asked_for(void **state)
{
	static const struct {
		const char *lang;
		size_t count;
		const char *word[4]; /* in the order in which they are to come */
	} cases[] = {
		{"lang=fr,nl", 2, {"mot de passe", "wachtwoord"}},
		{"lang=nl,fr", 2, {"wachtwoord", "mot de passe"}},
		{"[lang=fr nl]", 2, {"mot de passe", "wachtwoord"}},
		{"lang=de", 1, {"Passwort"}},
		{"lang=en", 1, {"This password"}},
		{"lang=fr,fr", 1, {"mot de passe"}},
		{"lang=fr,nl,de,en", 4, {"mot de passe", "wachtwoord", "Passwort", "password"}},
		{"lang=", 1, {"This password"}},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *arguments = text("retry=1 %s", cases[i].lang);
		char *broken = text("min_length=300 %s", cases[i].lang);

		check(bench, arguments,
			&(struct change){.arguments = arguments, .answers = ANSWERS(WEAK)},
			&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)"});
		assert_in_order(bench->talk.said[1], cases[i].word, cases[i].count);
		assert_int_equal(count_of(bench->talk.said[1], "\n - "), cases[i].count);
		/* A fault is told in these languages as well. */
		check(bench, broken,
			&(struct change){.arguments = broken, .answers = ANSWERS(WEAK)},
			&(struct expectation){PAM_SERVICE_ERR, "!", "(not run)"});
		assert_int_equal(count_of(bench->talk.said[0], "\n"), cases[i].count - 1);
		free(broken);
		free(arguments);
	}
}

static void translations_that_are_missing_are_a_warning(void **state)
{
	check(*state, "no translations",
		&(struct change){.arguments = "retry=1 lang=fr locale_dir=/nonexistent",
			.answers = ANSWERS(WEAK)},
		&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)", "This password is refused",
			"/nonexistent/fr/LC_MESSAGES/all2all.mo"});
}

/* Compiles a locale, "fr_BE.UTF-8", into a folder of our own, as `locale-gen` would; false if that
 * is not to be. */
static bool use_locale(const struct bench *bench, const char *name)
{
	const char *charset = strchr(name, '.') + 1;
	char *command = text("localedef -i %.5s -f %s --no-archive %s/%s >/dev/null 2>&1", name,
		charset, bench->folder, name);
	bool ok;

	/* It may warn, so what counts is whether the result can be used. */
	ok = system(command) != -1 && setenv("LOCPATH", bench->folder, 1) == 0 &&
	     setlocale(LC_ALL, name);
	unsetenv("LOCPATH");
	free(command);
	return ok;
}

/* A program that speaks a language is answered in it, unless lang= says otherwise. */
static void the_program_s_own_language_is_used(void **state)
{
	/* libpam's own prompt comes in French, too: « Nouveau mot de passe ». */
	const struct scene scenes[] = {
		{"French", {.arguments = "retry=1", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)",
				"Ce mot de passe est refusé :\n - c’est à peine plus"}},
		{"French, but German asked for",
			{.arguments = "retry=1 lang=de", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)", "Passwort"}},
	};

	if (!use_locale(*state, "fr_BE.UTF-8")) {
		print_message("localedef (Debian: locales) makes no fr_BE.UTF-8: not tried\n");
		skip();
	}
	PLAY(state, scenes);
	/* No English heading: nobody who drives this program waits for English words. */
	assert_false(was_said(*state, "BAD PASSWORD"));
	setlocale(LC_ALL, "C");
}

/* In and out: what is typed is judged as the characters that it shows, and messages are written in
 * characters that the terminal has. The next module gets what was typed. */
static void a_program_that_is_not_in_utf_8_is_answered_in_its_own(void **state)
{
	static const char accented[] = "k7\351\337tq2x\3619"; /* k7éßtq2xñ9 */
	const struct scene scenes[] = {
		{"messages", {.arguments = "retry=1", .answers = ANSWERS(WEAK)},
			{PAM_AUTHTOK_ERR, "*!", "(none)",
				"Ce mot de passe est refus\351 :\n - c'est \340 peine plus"}},
		{"messages in another language",
			{.arguments = "retry=1 lang=de", .answers = ANSWERS("k\351")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", "enth\344lt"}},
		{"accents are letters", {.answers = ANSWERS(accented, accented)},
			{PAM_SUCCESS, "**", accented}},
		{"a word with an accent",
			{.arguments = "retry=1 debug", .answers = ANSWERS("\351talonnage1")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", NULL, "weak: dictionary-word "}},
		{"the old password has them too",
			{.front = "old=\351\350\340k7mvtq2x",
				.arguments = "retry=1",
				.answers = ANSWERS("\351\350\340k7mvtq2y")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", "ancien"}},
		{"a character of the C1 set",
			{.arguments = "retry=1", .answers = ANSWERS("k7mv\205tq2x")},
			{PAM_AUTHTOK_ERR, "*!", "(none)", NULL, "weak: not-text"}},
	};

	if (!use_locale(*state, "fr_BE.ISO-8859-1")) {
		print_message("localedef (Debian: locales) makes no fr_BE.ISO-8859-1: not tried\n");
		skip();
	}
	PLAY(state, scenes);
	setlocale(LC_ALL, "C");
}

/* Programs that drive passwd(1) wait for English words, whatever language the user reads. */
static void a_refusal_begins_as_programs_expect(void **state)
{
	static const char *const locales[] = {"C", "C.UTF-8"};
	static const char *const languages[] = {"lang=", "lang=fr,nl", "lang=de"};
	struct bench *bench = *state;

	for (size_t i = 0; i < 6; i++) {
		char *arguments = text("retry=1 suggest %s", languages[i % 3]);
		const char *heading = "BAD PASSWORD: too simple, too few digits\n";

		setlocale(LC_ALL, locales[i / 3]);
		check(bench, arguments,
			&(struct change){.service = "passwd",
				.arguments = arguments,
				.answers = ANSWERS(LETTERS_ONLY)},
			&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)"});
		assert_int_equal(strncmp(bench->talk.said[1], heading, strlen(heading)), 0);
		/* Elsewhere only people read it. */
		check(bench, arguments,
			&(struct change){.arguments = arguments, .answers = ANSWERS(LETTERS_ONLY)},
			&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)"});
		assert_false(was_said(bench, "BAD PASSWORD"));
		free(arguments);
	}
	setlocale(LC_ALL, "C");
}

static void without_a_language_it_is_english(void **state)
{
	static const char *const locales[] = {"C", "C.UTF-8"};

	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		setlocale(LC_ALL, locales[i]);
		check(*state, locales[i],
			&(struct change){.arguments = "retry=1", .answers = ANSWERS(WEAK)},
			&(struct expectation){
				PAM_AUTHTOK_ERR, "*!", "(none)", "This password is refused"});
	}
	setlocale(LC_ALL, "C");
}

/* The environment of a setuid program is its caller's: it decides nothing. */
static void the_environment_decides_nothing(void **state)
{
	setenv("LANG", "fr_BE.UTF-8", 1);
	setenv("LANGUAGE", "fr", 1);
	setenv("LC_ALL", "fr_BE.UTF-8", 1);
	check(*state, "LANG without setlocale()",
		&(struct change){.arguments = "retry=1", .answers = ANSWERS(WEAK)},
		&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)", "This password is refused"});
	unsetenv("LC_ALL");
	unsetenv("LANGUAGE");
	unsetenv("LANG");
}

/* ---- Faults of the administrator ------------------------------------------------------------- */

static void an_argument_that_is_wrong_is_a_fault(void **state)
{
	static const char *const cases[][2] = {
		{"retry=0", "argument: retry: \"0\" is not a whole number from 1 to 100"},
		{"retry=-1", "retry: \"-1\" is not"},
		{"retry=101", "retry: \"101\" is not"},
		{"retry=x", "retry: \"x\" is not"},
		{"retry=3x", "retry: \"3x\" is not"},
		{"retry=+3", "retry: \"+3\" is not"},
		{"retry=0x3", "retry: \"0x3\" is not"},
		{"[retry=3 3]", "retry: \"3 3\" is not"},
		{"retry=18446744073709551617", "is not a whole number from 1 to 100"},
		{"retry=", "retry: \"\" is not"},
		{"retry", "retry has no value: write retry=..."},
		{"Retry=3", "Retry"},
		{"debug=1", "argument: debug takes no value"},
		{"debug=", "debug takes no value: write debug alone, or leave it out"},
		{"dry_run=yes", "dry_run takes no value"},
		{"exempt_root=no", "exempt_root takes no value"},
		{"enforce_for_root=1", "enforce_for_root takes no value"},
		{"local_users_only=1", "local_users_only takes no value"},
		{"suggest=12", "suggest takes no value"},
		{"use_authtok=1", "use_authtok takes no value"},
		{"use_first_pass=1", "use_first_pass takes no value"},
		{"try_first_pass=1", "try_first_pass takes no value"},
		{"authtok_type", "authtok_type has no value: write authtok_type=..."},
		{"conf", "conf has no value: write conf=..."},
		{"conf=", "conf: \"\" is not an absolute path"},
		{"conf=all2all.conf", "conf: \"all2all.conf\" is not an absolute path"},
		{"conf=/nonexistent/all2all.conf", "/nonexistent/all2all.conf: "},
		{"bogus", "unknown setting \"bogus\""},
		{"bogus=1", "unknown setting \"bogus\""},
		{"profile=iso", "there are: house, safeonweb, anssi, bsi, cnil, nist"},
		{"profile=anssi max_length=11", "min_length (12) is greater"},
		{"=", "unknown setting"},
		{"minlen=8", "write min_length"},
		{"enforcing=0", "dry_run"},
		{"difok=x", "\"x\" is not a whole number"},
		{"min_length", "min_length has no value"},
		{"min_length=", "min_length"},
		{"min_length=1", "\"1\" is not a whole number from 2"},
		{"min_length=-8", "min_length"},
		{"min_length=8x", "min_length"},
		{"min_length=99999999999999999999", "min_length"},
		{"min_length=100 max_length=50", "no password could pass"},
		{"dictcheck=perhaps", "neither yes nor no"},
		{"dictpath=words", "not an absolute path"},
		{"lang=xx", "no messages in \"xx\""},
		{"lang=fr,xx", "no messages in \"xx\""},
		{"use_authtok bogus", "unknown setting \"bogus\""},
		{"dry_run bogus", "unknown setting \"bogus\""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_fault(*state, cases[i][0],
			&(struct change){.arguments = cases[i][0], .answers = ANSWERS(GOOD, GOOD)},
			cases[i][1]);
}

/* The module's own arguments accept the same texts as numbers as the settings do. */
static void an_argument_takes_the_same_numbers(void **state)
{
	static const char *const names[] = {"retry", "difok"};

	for (size_t i = 0; i < 2 * sizeof(number_texts) / sizeof(number_texts[0]); i++) {
		char argument[128];
		const struct change change = {
			.arguments = argument, .answers = ANSWERS(GOOD, GOOD)};

		snprintf(argument, sizeof(argument), "[%s=%s]", names[i % 2],
			number_texts[i / 2].text);
		if (number_texts[i / 2].is_number)
			check(*state, argument, &change,
				&(struct expectation){PAM_SUCCESS, "**", GOOD});
		else
			check_fault(*state, argument, &change, "is not a whole number from");
	}
	/* White space around the `=` belongs to neither side, as in the file. */
	check(*state, "white space",
		&(struct change){
			.arguments = "[retry = 1] [difok = 4]", .answers = ANSWERS(WEAK, GOOD)},
		&(struct expectation){PAM_AUTHTOK_ERR, "*!", "(none)"});
}

static void nothing_is_said_of_a_fault_when_silent(void **state)
{
	check(*state, "silent fault",
		&(struct change){
			.arguments = "bogus", .flags = PAM_SILENT, .answers = ANSWERS(GOOD, GOOD)},
		&(struct expectation){PAM_SERVICE_ERR, "", "(not run)", NULL, "bogus"});
}

static void dry_run_and_exempt_root_pass_no_fault(void **state)
{
	check_fault(*state, "dry_run, exempt_root",
		&(struct change){
			.arguments = "dry_run exempt_root dictpath=/nonexistent/dictionary",
			.answers = ANSWERS(GOOD, GOOD)},
		"/nonexistent/dictionary.pwi");
}

static void every_mistake_is_logged(void **state)
{
	static const char *const names[] = {
		"no_such_key", "min_digits", "lang", "retry: \"none\"", "bogus"};
	struct bench *bench = *state;

	write_file(bench->conf,
		"no_such_key = 1\n# all is well here\nmin_digits = many\n\nlang = tlh\n",
		strlen("no_such_key = 1\n# all is well here\nmin_digits = many\n\nlang = tlh\n"));
	check_fault(bench, "three mistakes and two",
		&(struct change){.arguments = "retry=none bogus=1", .answers = ANSWERS(GOOD, GOOD)},
		NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(was_logged(bench, names[i]));
	for (int line = 1; line <= 5; line += 2) {
		char *where = text("%s:%d: ", bench->conf, line);

		assert_true(was_logged(bench, where));
		free(where);
	}
}

static void the_usual_configuration_may_be_missing(void **state)
{
	char *arguments =
		text("dictpath=%s/dict/words/" A2A_DICTIONARY_NAME " lexicon=%s/dict/words/lexicon",
			build(), build());

	if (access("/etc/security/all2all.conf", F_OK) == 0) {
		print_message("this machine has its own all2all.conf: not tried\n");
		free(arguments);
		skip();
	}
	check(*state, "no conf=",
		&(struct change){
			.no_conf = true, .arguments = arguments, .answers = ANSWERS(GOOD, GOOD)},
		&(struct expectation){PAM_SUCCESS, "**", GOOD});
	free(arguments);
}

/* ---- Files that are not to be trusted -------------------------------------------------------- */

enum { ENDINGS = 3 };
static const char *const endings[ENDINGS] = {".pwi", ".pwd", ".hwm"};

/* With this, every verdict depends on cracklib, and so on its dictionary. */
#define ASKED "min_guesses=0 "

static void copy_dictionary(struct bench *bench)
{
	if (!bench->dictionary)
		bench->dictionary = text("%s/words", bench->folder);
	for (size_t i = 0; i <= ENDINGS; i++) {
		/* With the checksums beside them, which must not hide a damage. */
		const char *ending = i < ENDINGS ? endings[i] : ".sums";
		char *from = text("%s/dict/words/" A2A_DICTIONARY_NAME "%s", build(), ending);
		char *to = text("%s%s", bench->dictionary, ending);
		size_t length;
		char *content = read_file(from, &length);

		write_file(to, content, length);
		free(content);
		free(to);
		free(from);
	}
}

static void put_nothing(const char *path)
{
	(void)path;
}

static void put_empty(const char *path)
{
	write_file(path, "", 0);
}

static void put_garbage(const char *path)
{
	write_file(path, "not a dictionary, and no setting", 32);
}

static void put_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static void put_fifo(const char *path)
{
	assert_int_equal(mkfifo(path, 0644), 0);
}

static void put_link_to_itself(const char *path)
{
	assert_int_equal(symlink(path, path), 0);
}

static void put_link_to_device(const char *path)
{
	assert_int_equal(symlink("/dev/zero", path), 0);
}

/* What can stand in the place of a file, and what the log says of it. */
static const struct {
	const char *name;
	void (*put)(const char *path);
	const char *logged;
} places[] = {
	{"missing", put_nothing, "is not there"},
	{"empty", put_empty, NULL},
	{"garbage", put_garbage, NULL},
	{"a folder", put_folder, "is not a regular file"},
	{"a FIFO", put_fifo, "is not a regular file"},
	{"a link to itself", put_link_to_itself, "is a symbolic link"},
	{"a link to a device", put_link_to_device, "is a symbolic link"},
};

/* The file itself, but in a state in which others could have written it or it cannot be read. */
static const struct {
	const char *name;
	mode_t mode;
	bool given_away;  /* to a user who is neither root nor the caller: only root can do so */
	bool not_by_root; /* root reads it all the same */
	const char *logged;
} states[] = {
	{"writable by the group", 0664, false, false, "could have been written by others"},
	{"writable by all", 0646, false, false, "could have been written by others"},
	{"another user's", 0644, true, false, "could have been written by others"},
	{"unreadable", 0000, false, true, "may not be read"},
};

/* `change` must be a fault as long as `path` is anything else than what it should be. */
static void check_places(struct bench *bench, const char *path, const struct change *change)
{
	char *aside = text("%s.aside", path);

	assert_int_equal(rename(path, aside), 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		/* An empty configuration is one. */
		if (places[i].put == put_empty && strcmp(path, bench->conf) == 0)
			continue;
		places[i].put(path);
		/* The content of the dictionary is read when a verdict depends on it. */
		if (!places[i].logged && strcmp(path, bench->conf) != 0)
			check_late_fault(bench, places[i].name, change, "damaged");
		else
			check_fault(bench, places[i].name, change, places[i].logged);
		if (places[i].put != put_nothing)
			assert_int_equal(remove(path), 0);
	}
	/* A link, even to the right file: whoever owns the link's folder could turn it. */
	assert_int_equal(symlink(aside, path), 0);
	check_fault(bench, "a link to the right file", change, "is a symbolic link");
	assert_int_equal(remove(path), 0);
	assert_int_equal(rename(aside, path), 0);
	free(aside);
}

static void check_states(struct bench *bench, const char *path, const struct change *change)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (geteuid() == 0 ? states[i].not_by_root : states[i].given_away)
			continue;
		if (states[i].given_away)
			assert_int_equal(chown(path, NOBODY, NOBODY), 0);
		assert_int_equal(chmod(path, states[i].mode), 0);
		check_fault(bench, states[i].name, change, states[i].logged);
		assert_int_equal(chmod(path, 0644), 0);
		if (states[i].given_away)
			assert_int_equal(chown(path, geteuid(), getegid()), 0);
	}
}

static void a_dictionary_that_is_not_to_be_trusted_is_a_fault(void **state)
{
	struct bench *bench = *state;
	char *arguments;
	struct change change = {.answers = ANSWERS(GOOD, GOOD)};

	copy_dictionary(bench);
	arguments = text(ASKED "dictpath=%s", bench->dictionary);
	change.arguments = arguments;
	for (size_t i = 0; i < ENDINGS; i++) {
		char *path = text("%s%s", bench->dictionary, endings[i]);

		check_places(bench, path, &change);
		check_states(bench, path, &change);
		free(path);
	}
	/* And it was the places that were wrong: the copy itself is good. */
	check(bench, "whole again", &change, &(struct expectation){PAM_SUCCESS, "**", GOOD});
	free(arguments);
}

static void a_configuration_that_is_not_to_be_trusted_is_a_fault(void **state)
{
	struct bench *bench = *state;
	const struct change change = {.answers = ANSWERS(GOOD, GOOD)};

	check_places(bench, bench->conf, &change);
	check_states(bench, bench->conf, &change);
	check(bench, "whole again", &change, &(struct expectation){PAM_SUCCESS, "**", GOOD});
	write_file(bench->conf, "min_length = 9\0min_length = 8\n", 30);
	check_fault(bench, "NUL", &change, "NUL");
}

/* Every length near both ends, and some hundred between. */
static size_t next_shorter(size_t length, size_t whole)
{
	enum { EVERY = 64, BETWEEN = 120 };
	size_t step;

	if (length > whole - EVERY || length <= EVERY || whole <= 2 * EVERY + BETWEEN)
		return length - 1;
	step = (whole - 2 * EVERY) / BETWEEN;
	return length > step + EVERY ? length - step : EVERY;
}

static void a_dictionary_cut_short_is_a_fault(void **state)
{
	struct bench *bench = *state;
	char *arguments;

	copy_dictionary(bench);
	arguments = text(ASKED "dictpath=%s", bench->dictionary);
	for (size_t i = 0; i < ENDINGS; i++) {
		char *path = text("%s%s", bench->dictionary, endings[i]);
		struct stat status;

		assert_int_equal(stat(path, &status), 0);
		for (size_t length = (size_t)status.st_size; length > 0;) {
			length = next_shorter(length, (size_t)status.st_size);
			assert_int_equal(truncate(path, (off_t)length), 0);
			check_late_fault(bench, path,
				&(struct change){
					.arguments = arguments, .answers = ANSWERS(GOOD, GOOD)},
				"damaged");
		}
		free(path);
		copy_dictionary(bench);
	}
	free(arguments);
}

static void a_dictionary_with_more_behind_its_end_is_a_fault(void **state)
{
	struct bench *bench = *state;
	char *arguments;

	copy_dictionary(bench);
	arguments = text(ASKED "dictpath=%s", bench->dictionary);
	for (size_t i = 0; i < ENDINGS; i++) {
		char *path = text("%s%s", bench->dictionary, endings[i]);
		struct stat status;

		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(truncate(path, status.st_size + 1), 0);
		check_late_fault(bench, path,
			&(struct change){.arguments = arguments, .answers = ANSWERS(GOOD, GOOD)},
			"damaged");
		assert_int_equal(truncate(path, status.st_size), 0);
		free(path);
	}
	free(arguments);
}

static void flip(const char *path, size_t bit)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)(bit / 8)), 1);
	byte = (unsigned char)(byte ^ 1U << bit % 8);
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
	assert_int_equal(close(fd), 0);
}

/*
 * Header of the index: magic, number of words, words in a block (16 bits), and 16 bits that the
 * packer leaves to chance and nobody reads: these may change nothing. Then the place of the first
 * block. The table of first letters is all numbers.
 */
static void a_dictionary_with_a_flipped_bit_accepts_nothing(void **state)
{
	enum { HEADER = 12, PADDING = 10, FIRST_PLACES = 16 };
	struct bench *bench = *state;
	struct change change;
	char *index, *letters, *arguments;

	copy_dictionary(bench);
	index = text("%s.pwi", bench->dictionary);
	letters = text("%s.hwm", bench->dictionary);
	arguments = text(ASKED "dictpath=%s", bench->dictionary);
	change = (struct change){.arguments = arguments, .answers = ANSWERS(GOOD, GOOD)};
	for (size_t bit = 0; bit < 8 * FIRST_PLACES; bit++) {
		flip(index, bit);
		if (bit / 8 >= PADDING && bit / 8 < HEADER)
			check(bench, index, &change,
				&(struct expectation){PAM_SUCCESS, "**", GOOD});
		else
			check_late_fault(bench, index, &change, "damaged");
		flip(index, bit);
	}
	/* Another bit each time. */
	for (size_t number = 0; number < 256; number += 5) {
		size_t bit = 32 * number + number % 32;

		flip(letters, bit);
		check_late_fault(bench, letters, &change, "damaged");
		flip(letters, bit);
	}
	check(bench, "whole again", &change, &(struct expectation){PAM_SUCCESS, "**", GOOD});
	free(arguments);
	free(letters);
	free(index);
}

/* ---- What a guest leaves behind -------------------------------------------------------------- */

/* All that a module could change in the program that it is a guest of, as text. */
static char *describe_process(void)
{
	char *description = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&description, &length);
	DIR *descriptors = opendir("/proc/self/fd");
	char *folder = get_current_dir_name();
	mode_t mask = umask(0);
	struct dirent *entry;
	sigset_t blocked;

	umask(mask);
	assert_non_null(file);
	assert_non_null(descriptors);
	while ((entry = readdir(descriptors))) {
		char target[4096] = "";

		/* Not the one that we look with. */
		if (!isdigit((unsigned char)entry->d_name[0]) ||
			atoi(entry->d_name) == dirfd(descriptors))
			continue;
		if (readlinkat(dirfd(descriptors), entry->d_name, target, sizeof(target) - 1) > 0)
			fprintf(file, "descriptor %s: %s\n", entry->d_name, target);
	}
	closedir(descriptors);
	for (char **variable = environ; *variable; variable++)
		fprintf(file, "environment: %s\n", *variable);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int signal_number = 1; signal_number < SIGRTMAX; signal_number++) {
		struct sigaction action = {0};

		if (sigaction(signal_number, NULL, &action) == 0)
			fprintf(file, "signal %d: %d %p\n", signal_number,
				sigismember(&blocked, signal_number), (void *)action.sa_sigaction);
	}
	fprintf(file, "locale: %s %p\n", setlocale(LC_ALL, NULL), (void *)uselocale((locale_t)0));
	fprintf(file, "domain: %s\n", textdomain(NULL));
	fprintf(file, "folder: %s\numask: %o\nalarm: %u\n", folder ? folder : "?", mask, alarm(0));
	fprintf(file, "user: %u %u group: %u %u\n", getuid(), geteuid(), getgid(), getegid());
	fclose(file);
	free(folder);
	return description;
}

/* One of each kind: accepted, refused with a suggestion, in translation, a fault, given up. */
static const struct change visits[] = {
	{.answers = (const char *const[]){GOOD, GOOD, NULL}, .arguments = "debug"},
	{.answers = (const char *const[]){WEAK, SHORT, WEAK, NULL}, .arguments = "suggest"},
	{.answers = (const char *const[]){WEAK, SUGGESTED, SUGGESTED, NULL},
		.arguments = "suggest lang=fr,nl debug"},
	{.answers = (const char *const[]){WEAK, WEAK, NULL}, .arguments = "dry_run"},
	{.arguments = "bogus lang=fr"},
	{.arguments = "dictpath=/nonexistent/dictionary"},
	{.arguments = "lexicon=/nonexistent/lexicon"},
	{.arguments = "lexicon=/etc/passwd"},
	{.answers = (const char *const[]){NULL}},
	{.front = "set=" WEAK, .arguments = "use_authtok lang=de"},
	{.front = "old=" GOOD, .answers = (const char *const[]){GOOD, GOOD_TOO, GOOD_TOO, NULL}},
};
enum { VISITS = sizeof(visits) / sizeof(visits[0]) };

static void the_host_program_is_as_it_was(void **state)
{
	static const char *const locales[] = {"C", "C.UTF-8"};

	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		char *before;

		setlocale(LC_ALL, locales[i]);
		before = describe_process();
		for (size_t j = 0; j < VISITS; j++) {
			char *after;

			run(*state, &visits[j]);
			after = describe_process();
			assert_string_equal(before, after);
			free(after);
		}
		free(before);
	}
	setlocale(LC_ALL, "C");
}

/* A descriptor that is open only during the call would be inherited by a child of another thread;
 * one that stays open between the phases would be seen here. */
static void nothing_stays_open_between_the_phases(void **state)
{
	struct bench *bench = *state;
	pam_handle_t *pamh = start(bench, &(struct change){.answers = ANSWERS(GOOD, GOOD)});
	char *before = describe_process();
	int status = pam_chauthtok(pamh, 0);
	char *after = describe_process();

	end(bench, pamh, status);
	assert_int_equal(status, PAM_SUCCESS);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void nothing_is_written_to_standard_output_or_error(void **state)
{
	struct bench *bench = *state;
	char *path = text("%s/output", bench->folder);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int output = dup(STDOUT_FILENO), error = dup(STDERR_FILENO);
	struct stat status;

	assert_true(fd >= 0 && output >= 0 && error >= 0);
	fflush(stdout);
	fflush(stderr);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	for (size_t i = 0; i < VISITS; i++)
		run(bench, &visits[i]);
	/* Also what waits in a buffer. */
	fflush(stdout);
	fflush(stderr);
	dup2(output, STDOUT_FILENO);
	dup2(error, STDERR_FILENO);
	close(output);
	close(error);
	assert_int_equal(fstat(fd, &status), 0);
	close(fd);
	free(path);
	assert_int_equal(status.st_size, 0);
}

static void one_program_can_ask_again_and_again(void **state)
{
	struct bench *bench = *state;
	pam_handle_t *pamh;

	for (size_t i = 0; i < VISITS; i++) {
		run(bench, &visits[i]);
		check(bench, "after anything", &(struct change){.answers = ANSWERS(GOOD, GOOD)},
			&(struct expectation){PAM_SUCCESS, "**", GOOD});
	}
	/* Twice on one handle: what the first refused or accepted is forgotten. */
	pamh = start(bench, &(struct change){.arguments = "retry=1",
				    .answers = ANSWERS(WEAK, GOOD, GOOD, WEAK)});
	assert_int_equal(pam_chauthtok(pamh, 0), PAM_AUTHTOK_ERR);
	assert_string_equal(pam_getenv(pamh, "AFTER"), "(none)");
	assert_int_equal(pam_chauthtok(pamh, 0), PAM_SUCCESS);
	assert_string_equal(pam_getenv(pamh, "AFTER"), GOOD);
	assert_int_equal(pam_chauthtok(pamh, 0), PAM_AUTHTOK_ERR);
	assert_string_equal(pam_getenv(pamh, "AFTER"), "(none)");
	end(bench, pamh, PAM_AUTHTOK_ERR);
}

/*
 * Freed blocks that malloc() keeps at hand for its thread would be counted as used, and blocks that
 * it overwrites, which meson asks it to do, would hide what was not wiped: meson.build tells it to
 * do neither. The sanitizers have an allocator of their own, and their own leak check.
 */
static void need_plain_malloc(void)
{
	const char *tunables = getenv("GLIBC_TUNABLES");
	const char *overwrite = getenv("MALLOC_PERTURB_");

	if (tunables && strstr(tunables, "glibc.malloc.tcache_count=0") &&
		(!overwrite || strcmp(overwrite, "0") == 0))
		return;
	print_message("malloc() is not as meson.build sets it: not tried\n");
	skip();
}

static void memory_is_given_back(void **state)
{
	/* The first rounds fill the caches of libc and libpam. The least that can leak in a round
	 * is one block. */
	enum { FILLING = 3, COUNTED = 6, BLOCK = 32 };
	struct bench *bench = *state;
	size_t before = 0;

	need_plain_malloc();
	for (size_t round = 0; round < FILLING + COUNTED; round++) {
		if (round == FILLING)
			before = mallinfo2().uordblks;
		for (size_t i = 0; i < VISITS; i++)
			run(bench, &visits[i]);
		forget(bench);
	}
	assert_in_range(mallinfo2().uordblks, 0, before + COUNTED * BLOCK - 1);
}

/*
 * How often the bytes of `needle` stand in this process' writable memory, besides there. Not on the
 * stack, where cracklib's own frames lie: what is left of them there is luck.
 */
static size_t count_copies(const char *needle)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	const size_t length = strlen(needle);
	size_t copies = 0;
	char *line = NULL;
	size_t room = 0;

	assert_non_null(maps);
	while (getline(&line, &room, maps) > 0) {
		char *from, *to;
		char rights[5] = "";

		if (sscanf(line, "%p-%p %4s", (void **)&from, (void **)&to, rights) != 3 ||
			strncmp(rights, "rw", 2) || strstr(line, "[stack]"))
			continue;
		while ((from = memmem(from, (size_t)(to - from), needle, length))) {
			copies += from != needle;
			from += length;
		}
	}
	free(line);
	fclose(maps);
	return copies;
}

static void no_copy_of_a_password_is_left_in_memory(void **state)
{
	static const struct {
		const char *arguments;
		int status;
	} cases[] = {
		{"debug", PAM_SUCCESS},
		{"debug dry_run min_length=20", PAM_SUCCESS},
		{"debug suggest retry=1 min_length=20", PAM_AUTHTOK_ERR},
		{"debug retry=1 max_length=9", PAM_AUTHTOK_ERR},
	};
	struct bench *bench = *state;

	need_plain_malloc();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *needle;

		assert_int_equal(run(bench, &(struct change){.arguments = cases[i].arguments,
						    .answers = ANSWERS(UNKEPT, UNKEPT),
						    .not_recorded = true}),
			cases[i].status);
		needle = unkept_password();
		assert_int_equal(count_copies(needle), 0);
		explicit_bzero(needle, strlen(needle));
		free(needle);
	}
}

/* ---- Running --------------------------------------------------------------------------------- */

/* Gives up root's rights and starts again, so that /proc/self is the user's own. */
static void become_nobody(char *program)
{
	char *module = text("%s/pam_all2all/pam_all2all.so", build());

	if (geteuid() != 0) {
		puts("not root: test_pam without --as-nobody has run as a user already");
		exit(SKIPPED);
	}
	if (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY)) {
		puts("root's rights cannot be given up here");
		exit(SKIPPED);
	}
	if (access(module, R_OK)) {
		printf("%s cannot be read by a user without rights\n", module);
		exit(SKIPPED);
	}
	execl("/proc/self/exe", program, (char *)NULL);
	perror("/proc/self/exe");
	exit(EXIT_FAILURE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		/* First, while the module has had no occasion yet to change anything for good. */
		TEST(the_host_program_is_as_it_was),
		TEST(nothing_stays_open_between_the_phases),
		TEST(the_user_is_asked_until_it_is_good_or_enough),
		TEST(a_broken_conversation_ends_it),
		TEST(nobody_to_speak_to_is_no_crash),
		TEST(what_was_typed_is_judged_whole),
		TEST(what_no_mail_program_can_send_is_refused),
		TEST(a_password_from_the_module_before_is_judged_too),
		TEST(a_fault_in_the_second_phase_lets_no_password_through),
		TEST(a_user_without_a_name_gets_no_password),
		TEST(a_conversation_that_answers_later_is_resumed),
		TEST(the_first_phase_asks_nobody_and_touches_nothing),
		TEST(options_do_what_the_manual_says),
		TEST(a_user_of_whom_it_cannot_be_told_is_bound),
		TEST(each_refusal_is_logged_once),
		TEST(the_manual_shows_the_line_of_a_refusal),
		TEST(root_is_exempt_only_when_asked_for),
		TEST(exempt_root_exempts_no_user),
		TEST(a_suggestion_is_accepted),
		TEST(the_person_is_looked_for),
		TEST(the_host_is_looked_for),
		TEST(the_gecos_field_is_looked_for),
		TEST(the_old_password_and_its_variants_are_refused),
		TEST(a_login_that_asks_for_a_new_password_says_why),
		TEST(messages_come_in_the_languages_asked_for),
		TEST(translations_that_are_missing_are_a_warning),
		TEST(the_program_s_own_language_is_used),
		TEST(without_a_language_it_is_english),
		TEST(a_refusal_begins_as_programs_expect),
		TEST(a_program_that_is_not_in_utf_8_is_answered_in_its_own),
		TEST(the_environment_decides_nothing),
		TEST(an_argument_that_is_wrong_is_a_fault),
		TEST(an_argument_takes_the_same_numbers),
		TEST(nothing_is_said_of_a_fault_when_silent),
		TEST(dry_run_and_exempt_root_pass_no_fault),
		TEST(every_mistake_is_logged),
		TEST(the_usual_configuration_may_be_missing),
		TEST(a_dictionary_that_is_not_to_be_trusted_is_a_fault),
		TEST(a_configuration_that_is_not_to_be_trusted_is_a_fault),
		TEST(a_dictionary_cut_short_is_a_fault),
		TEST(a_dictionary_with_more_behind_its_end_is_a_fault),
		TEST(a_dictionary_with_a_flipped_bit_accepts_nothing),
		TEST(nothing_is_written_to_standard_output_or_error),
		TEST(one_program_can_ask_again_and_again),
		TEST(memory_is_given_back),
		TEST(no_copy_of_a_password_is_left_in_memory),
	};

	umask(022);
	if (argc > 1 && strcmp(argv[1], "--as-nobody") == 0)
		become_nobody(argv[0]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
