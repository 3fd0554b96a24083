/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole PAM door, with a stand-in for libpam that fails at will. An input is
 *
 *     HEAD_SIZE bytes: phases, flags, the host, what fails and when (enum head)
 *     texts, each ended by a NUL (enum field); arguments and answers are parted by newlines
 *
 * What must hold, whatever fails: no password is left in PAM_AUTHTOK unless the module returns
 * PAM_SUCCESS; success means that this password was accepted, or that an argument lets it pass; the
 * audit returns PAM_IGNORE, and with `grace` perhaps PAM_NEW_AUTHTOK_REQD; nothing of a password is
 * in a message or in the log; the first phase asks nobody; PAM_SILENT silences all but the prompts.
 *
 * A marker is put into the passwords, because a password such as "word" may stand in any message.
 * Policies and messages are opened once for each combination of settings, with a small lexicon and
 * without the second opinion: opening them is the subject of other targets.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>

#include "compile.h"
#include "door_record.h"
#include "message.h"
#include "policy.h"
#include "who.h"

static const char MARKER[] = "Zq7vK0x";     /* in what is typed */
static const char OLD_MARKER[] = "Wm4tJ8e"; /* in the old password */

enum head {
	PHASE,
	FLAGS, /* bits: enum flag_bit */
	HOST,  /* bits 0-1 character set, 2-4 locale, 5 root, 6-7 what is known of the user */
	STORE, /* for stand_in_record_set() */
	FIRST_FAILURE,
	FIRST_STATUS,
	SECOND_FAILURE,
	SECOND_STATUS,
	HEAD_SIZE
};

enum flag_bit {
	IS_SILENT = 1,
	IS_EXPIRED = 2,
	IS_SET_BEFORE = 4, /* an earlier module has asked for the first answer */
	NO_CONVERSATION = 8,
	EMPTY_CONVERSATION = 16,
	IS_MARKED = 32,
	MARKER_FIRST = 64,
	IS_LOCAL = 128,
};

enum field { ARGUMENTS, CONFIGURATION, USER, GECOS, SERVICE, HOST_NAME, OLD, ANSWERS, FIELDS };

/* The parts that an input can call for. */
enum phase {
	DO_PRELIMINARY = 1,
	DO_UPDATE = 2,
	DO_AUTHENTICATE = 4,
	DO_ACCOUNT = 8,
	DO_NEITHER = 16
};
static const unsigned phases[] = {DO_UPDATE, DO_PRELIMINARY, DO_PRELIMINARY | DO_UPDATE,
	DO_AUTHENTICATE, DO_AUTHENTICATE | DO_ACCOUNT, DO_ACCOUNT, DO_NEITHER,
	DO_AUTHENTICATE | DO_ACCOUNT | DO_PRELIMINARY | DO_UPDATE};

/* libpam's handle, which its users do not see into. */
struct pam_handle {
	const uint8_t *head;
	char *field[FIELDS];
	char *authtok;
	char *answer; /* the next one, in field[ANSWERS]; NULL: there is no more */
	struct pam_conv conversation;
	void *data;
	void (*release)(pam_handle_t *pamh, void *data, int status);
	unsigned calls;
	bool is_stacked; /* use_authtok or use_first_pass is among the arguments */
	bool may_ask;
	bool is_private, is_private_old; /* the markers */
	unsigned judged;
	struct secret judged_last;
	bool accepted_last;
};

/* The stand-ins that get no handle use this one. */
static pam_handle_t *current;

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "not so: %s\n", what);
	abort();
}

static void require(bool holds, const char *what)
{
	if (!holds)
		fail(what);
}

/* Tells whether a marker stands only in passwords. A marker in another field is public. */
static bool is_private(const pam_handle_t *pamh, const char *marker)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (i != OLD && i != ANSWERS && strstr(pamh->field[i], marker))
			return false;
	return pamh->head[FLAGS] & IS_MARKED;
}

static void require_discreet(const char *text)
{
	require(!current->is_private || !strstr(text, MARKER), "a password is not shown");
	require(!current->is_private_old || !strstr(text, OLD_MARKER), "the old one is not shown");
}

/* Keep little of what is freed, because each run would touch other memory. AddressSanitizer asks.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=4:malloc_context_size=8";
}

/* ---- libpam ---------------------------------------------------------------------------------- */

/* Returns the status with which this call fails; PAM_SUCCESS when it does not. */
static int failure(pam_handle_t *pamh)
{
	pamh->calls++;
	for (size_t i = FIRST_FAILURE; i < HEAD_SIZE; i += 2)
		if (pamh->head[i] == pamh->calls)
			return 1 + pamh->head[i + 1] % (_PAM_RETURN_VALUES - 1);
	return PAM_SUCCESS;
}

static const char *text_or_null(const char *text)
{
	return *text ? text : NULL;
}

int pam_get_item(const pam_handle_t *pamh, int item, const void **value)
{
	int status = failure((pam_handle_t *)pamh);

	*value = NULL;
	if (status != PAM_SUCCESS)
		return status;
	switch (item) {
	case PAM_SERVICE:
		*value = text_or_null(pamh->field[SERVICE]);
		break;
	case PAM_USER:
		*value = text_or_null(pamh->field[USER]);
		break;
	case PAM_RHOST:
		*value = text_or_null(pamh->field[HOST_NAME]);
		break;
	case PAM_OLDAUTHTOK:
		*value = text_or_null(pamh->field[OLD]);
		break;
	case PAM_AUTHTOK:
		*value = pamh->authtok;
		break;
	case PAM_CONV:
		*value = pamh->head[FLAGS] & NO_CONVERSATION ? NULL : &pamh->conversation;
		break;
	default:
		fail("only these items are asked for");
	}
	return PAM_SUCCESS;
}

static void set_authtok(pam_handle_t *pamh, const char *value)
{
	char *copy = value ? strdup(value) : NULL;

	free(pamh->authtok);
	pamh->authtok = copy;
}

int pam_set_item(pam_handle_t *pamh, int item, const void *value)
{
	require(item == PAM_AUTHTOK && !value, "PAM_AUTHTOK is cleared, and nothing else is set");
	pamh->calls++;
	set_authtok(pamh, NULL);
	return PAM_SUCCESS;
}

int pam_set_data(pam_handle_t *pamh, const char *name, void *data,
	void (*release)(pam_handle_t *pamh, void *data, int status))
{
	int status = failure(pamh);

	(void)name;
	if (status != PAM_SUCCESS)
		return status;
	if (pamh->release)
		pamh->release(pamh, pamh->data, PAM_DATA_REPLACE);
	pamh->data = data;
	pamh->release = release;
	return PAM_SUCCESS;
}

int pam_get_data(const pam_handle_t *pamh, const char *name, const void **data)
{
	int status = failure((pam_handle_t *)pamh);

	(void)name;
	*data = status == PAM_SUCCESS ? pamh->data : NULL;
	if (status != PAM_SUCCESS)
		return status;
	return pamh->data ? PAM_SUCCESS : PAM_NO_MODULE_DATA;
}

int pam_get_user(pam_handle_t *pamh, const char **user, const char *prompt)
{
	int status = failure(pamh);

	(void)prompt;
	if (status == PAM_SUCCESS)
		*user = pamh->field[USER];
	return status;
}

const char *pam_strerror(pam_handle_t *pamh, int status)
{
	(void)pamh;
	(void)status;
	return "a status";
}

void pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
	static char line[1 << 17];
	va_list arguments;

	(void)pamh;
	(void)priority;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	require_discreet(line);
}

int pam_modutil_check_user_in_passwd(pam_handle_t *pamh, const char *user, const char *file)
{
	int status = failure(pamh);

	(void)user;
	(void)file;
	if (status != PAM_SUCCESS)
		return status;
	return pamh->head[FLAGS] & IS_LOCAL ? PAM_SUCCESS : PAM_PERM_DENIED;
}

/* Takes the next answer: a copy with its marker. Returns NULL when there is none. */
static char *take_answer(pam_handle_t *pamh)
{
	const uint8_t flags = pamh->head[FLAGS];
	const char *marker = flags & IS_MARKED ? MARKER : "";
	const char *answer = pamh->answer;
	char *text = NULL, *end;

	if (!answer)
		return NULL;
	end = strchr(pamh->answer, '\n');
	pamh->answer = end ? end + 1 : NULL;
	if (asprintf(&text, "%s%.*s%s", flags & MARKER_FIRST ? marker : "",
		    (int)(end ? (size_t)(end - answer) : strlen(answer)), answer,
		    flags & MARKER_FIRST ? "" : marker) < 0)
		abort();
	return text;
}

int pam_get_authtok_noverify(pam_handle_t *pamh, const char **authtok, const char *prompt)
{
	int status = failure(pamh);
	char *answer;

	(void)prompt;
	require(pamh->may_ask, "only the second phase asks");
	/* A broken libpam may say success without a password. */
	*authtok = NULL;
	if (status == PAM_CONV_AGAIN)
		return PAM_SUCCESS;
	if (status != PAM_SUCCESS)
		return status;
	if (!pamh->authtok) {
		answer = pamh->is_stacked ? NULL : take_answer(pamh);
		if (!answer)
			return PAM_AUTHTOK_ERR;
		set_authtok(pamh, answer);
		free(answer);
	}
	*authtok = pamh->authtok;
	return PAM_SUCCESS;
}

int pam_get_authtok_verify(pam_handle_t *pamh, const char **authtok, const char *prompt)
{
	int status = failure(pamh);
	char *answer = take_answer(pamh);

	(void)prompt;
	require(pamh->authtok != NULL, "what is to be verified is set");
	if (status == PAM_SUCCESS && !answer)
		status = PAM_AUTHTOK_ERR;
	else if (status == PAM_SUCCESS && strcmp(answer, pamh->authtok) != 0)
		status = PAM_TRY_AGAIN;
	free(answer);
	if (status != PAM_SUCCESS)
		set_authtok(pamh, NULL);
	*authtok = pamh->authtok;
	return status;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
	void *context)
{
	pam_handle_t *pamh = context;
	int status = failure(pamh);

	require(count == 1, "there is one message at once");
	require(messages[0]->msg && *messages[0]->msg, "a message has a text");
	require(messages[0]->msg_style == PAM_ERROR_MSG || messages[0]->msg_style == PAM_TEXT_INFO,
		"it is a message");
	require(!(pamh->head[FLAGS] & IS_SILENT), "nothing is said when silent");
	require_discreet(messages[0]->msg);
	/* Some programs answer even a message. */
	if (pamh->calls % 2) {
		*responses = calloc(1, sizeof(**responses));
		if (*responses)
			(*responses)->resp = strdup("an answer");
	}
	return status;
}

/* ---- The host -------------------------------------------------------------------------------- */

char *__real_nl_langinfo(nl_item item);
char *__wrap_nl_langinfo(nl_item item);
uid_t __wrap_getuid(void);
ssize_t __wrap_getrandom(void *bytes, size_t size, unsigned flags);
enum a2a_lookup __wrap_a2a_account_find(struct a2a_account *account, const char *user);

char *__wrap_nl_langinfo(nl_item item)
{
	static char charsets[][16] = {"ANSI_X3.4-1968", "UTF-8", "ISO-8859-1", "EUC-JP"};
	static char locales[][16] = {"C", "C.UTF-8", "POSIX", "fr_BE.UTF-8", "nl_BE", "de_DE.UTF-8",
		"en_GB.UTF-8", "es_ES.UTF-8"};

	return item == CODESET ? charsets[current->head[HOST] & 3]
			       : locales[current->head[HOST] >> 2 & 7];
}

uid_t __wrap_getuid(void)
{
	return current->head[HOST] & 32 ? 0 : 1000;
}

/* The same numbers for the same input. */
ssize_t __wrap_getrandom(void *bytes, size_t size, unsigned flags)
{
	static uint64_t state = 1;
	unsigned char *to = bytes;

	(void)flags;
	for (size_t i = 0; i < size; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		to[i] = (unsigned char)(state >> 56);
	}
	return (ssize_t)size;
}

enum a2a_lookup __wrap_a2a_account_find(struct a2a_account *account, const char *user)
{
	static const enum a2a_lookup lookups[] = {
		A2A_FOUND, A2A_FOUND, A2A_NO_SUCH_USER, A2A_CANNOT_TELL};
	const enum a2a_lookup lookup = lookups[current->head[HOST] >> 6];

	*account = (struct a2a_account){.uid = A2A_NO_UID};
	if (lookup == A2A_FOUND) {
		account->uid = 1000;
		account->name = strdup(user);
		account->names[account->count++] = strdup(current->field[GECOS]);
	}
	return lookup;
}

/* ---- Policies and messages that stay open ---------------------------------------------------- */

struct a2a_policy *__real_a2a_policy_open(
	const struct a2a_settings *settings, const struct a2a_log *log);
struct a2a_policy *__wrap_a2a_policy_open(
	const struct a2a_settings *settings, const struct a2a_log *log);
struct a2a_policy *__wrap_a2a_policy_open_trusting(const struct a2a_settings *settings,
	const struct a2a_verified_files *verified, const struct a2a_log *log);
void __real_a2a_policy_close(struct a2a_policy *policy);
void __wrap_a2a_policy_close(struct a2a_policy *policy);
struct a2a_messages *__real_a2a_messages_open(
	const struct a2a_settings *settings, const struct a2a_log *log);
struct a2a_messages *__wrap_a2a_messages_open(
	const struct a2a_settings *settings, const struct a2a_log *log);
void __real_a2a_messages_close(struct a2a_messages *messages);
void __wrap_a2a_messages_close(struct a2a_messages *messages);
bool __real_a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);
bool __wrap_a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log);

enum { PLACES = 256, KEY = 4096, PATH = 64 };

/* What is open, by a key. */
struct place {
	char key[KEY];
	void *thing;
};

static struct place *find_place(struct place *places, const char *key)
{
	size_t hash = 5381;

	for (const char *at = key; *at; at++)
		hash = hash * 33 + (unsigned char)*at;
	return &places[hash % PLACES];
}

static char *own_path(const char *name, char path[static PATH])
{
	const char *folder = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	snprintf(path, PATH, "%s/all2all-fuzz-door-%d-%s", folder, (int)getpid(), name);
	return path;
}

static void remove_files(void)
{
	char path[PATH];

	unlink(own_path("lexicon", path));
	unlink(own_path("conf", path));
}

/* A lexicon of some words of each kind. */
static const char *small_lexicon(void)
{
	static const char *const words[] = {
		"wachtwoord", "motdepasse", "anderlecht", "welkom", "azerty", "zomer", "delvaux"};
	static char path[PATH];
	struct a2a_compiler *compiler;

	if (*path)
		return path;
	compiler = a2a_compiler_new(NULL, NULL);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!a2a_compiler_add(compiler, words[i], (double)(9 + i), A2A_WORD,
			    (uint8_t)(1u << i % A2A_LANGUAGES)))
			abort();
		a2a_compiler_train(compiler, words[i], 1);
	}
	if (!a2a_compiler_add_leaked(compiler, "1q2w3e4r5t") ||
		!a2a_compiler_write(compiler, own_path("lexicon", path)) || chmod(path, 0600))
		abort();
	a2a_compiler_free(compiler);
	atexit(remove_files);
	return path;
}

/* The settings whose files this target does not open, and those of messages. */
static bool is_left_out(const char *name)
{
	static const char *const names[] = {
		"lexicon", "dictpath", "words", "locale_dir", "lang", "second_opinion"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Writes the settings of a policy, a line for each. Returns false when they do not fit. */
static bool write_key(const struct a2a_settings *settings, char key[static KEY])
{
	size_t rows, length = 0;
	const struct a2a_setting *table = a2a_settings_table(&rows);

	for (size_t i = 0; i < rows && length < KEY; i++) {
		char buffer[24];

		if (!is_left_out(table[i].name))
			length += (size_t)snprintf(key + length, KEY - length, "%s=%s\n",
				table[i].name, a2a_settings_get(settings, table[i].name, buffer));
	}
	return length < KEY;
}

static struct a2a_policy *open_policy(const char *key, const struct a2a_log *log)
{
	struct a2a_settings *settings = a2a_settings_new();
	struct a2a_policy *policy = NULL;
	char *assignment = NULL;
	bool ok = settings && asprintf(&assignment, "lexicon=%s", small_lexicon()) > 0 &&
		  a2a_settings_set(settings, assignment, "fuzz", log) &&
		  a2a_settings_set(settings, "second_opinion=no", "fuzz", log);

	free(assignment);
	for (const char *at = key; ok && *at; at = strchr(at, '\n') + 1) {
		assignment = strndup(at, strcspn(at, "\n"));
		ok = assignment && a2a_settings_set(settings, assignment, "fuzz", log);
		free(assignment);
	}
	require(ok, "what was accepted is accepted again");
	policy = __real_a2a_policy_open(settings, log);
	a2a_settings_free(settings);
	return policy;
}

struct a2a_policy *__wrap_a2a_policy_open(
	const struct a2a_settings *settings, const struct a2a_log *log)
{
	static struct place places[PLACES];
	struct place *place;
	char key[KEY];

	if (!write_key(settings, key))
		return NULL;
	place = find_place(places, key);
	if (place->thing && strcmp(place->key, key) == 0)
		return place->thing;
	__real_a2a_policy_close(place->thing);
	strcpy(place->key, key);
	place->thing = open_policy(key, log);
	return place->thing;
}

struct a2a_policy *__wrap_a2a_policy_open_trusting(const struct a2a_settings *settings,
	const struct a2a_verified_files *verified, const struct a2a_log *log)
{
	verified->has(verified->context, "a stamp");
	return __wrap_a2a_policy_open(settings, log);
}

void __wrap_a2a_policy_close(struct a2a_policy *policy)
{
	(void)policy;
}

/* The catalogues are those of the build tree, if there are any. */
struct a2a_messages *__wrap_a2a_messages_open(
	const struct a2a_settings *settings, const struct a2a_log *log)
{
	static struct place places[PLACES];
	struct place *place = find_place(places, settings->lang);
	const char *build = getenv("A2A_BUILD");
	struct a2a_settings *own;
	char *assignment = NULL;

	if (place->thing && strcmp(place->key, settings->lang) == 0)
		return place->thing;
	if (strlen(settings->lang) >= KEY)
		return NULL;
	if (place->thing)
		__real_a2a_messages_close(place->thing);
	strcpy(place->key, settings->lang);
	own = a2a_settings_new();
	if (!own || asprintf(&assignment, "lang=%s", settings->lang) < 0 ||
		!a2a_settings_set(own, assignment, "fuzz", log))
		abort();
	free(assignment);
	if (asprintf(&assignment, "locale_dir=%s/po", build && *build == '/' ? build : "") < 0 ||
		!a2a_settings_set(own, assignment, "fuzz", log))
		abort();
	free(assignment);
	place->thing = __real_a2a_messages_open(own, log);
	a2a_settings_free(own);
	return place->thing;
}

void __wrap_a2a_messages_close(struct a2a_messages *messages)
{
	(void)messages;
}

bool __wrap_a2a_judge(const struct a2a_policy *policy, const struct secret *password,
	const struct a2a_person *person, struct a2a_verdict *verdict, const struct a2a_log *log)
{
	bool judged = __real_a2a_judge(policy, password, person, verdict, log);

	current->judged++;
	a2a_secret_wipe(&current->judged_last);
	if (!a2a_secret_append(&current->judged_last, password->bytes, password->length))
		abort();
	current->accepted_last = judged && verdict->accepted;
	return judged;
}

/* ---- One input ------------------------------------------------------------------------------- */

enum { MOST_ARGUMENTS = 32 };

struct arguments {
	const char *value[MOST_ARGUMENTS + 1];
	int count;
};

static bool has_argument(const struct arguments *arguments, const char *name)
{
	/* White space around a name does not count. */
	for (int i = 0; i < arguments->count; i++)
		if (strncmp(arguments->value[i] + strspn(arguments->value[i], " \t\n\v\f\r"), name,
			    strlen(name)) == 0)
			return true;
	return false;
}

/* Splits the field at its newlines. An argument that names another configuration is left out. */
static struct arguments split(char *field, const char *configuration)
{
	struct arguments arguments = {.count = 0};

	arguments.value[arguments.count++] = configuration;
	for (char *next, *at = field; at && arguments.count < MOST_ARGUMENTS; at = next) {
		next = strchr(at, '\n');
		if (next)
			*next++ = '\0';
		if (*at && !strstr(at, "conf"))
			arguments.value[arguments.count++] = at;
	}
	return arguments;
}

/* Writes the configuration when it is another one than the last time. Returns the argument. */
static const char *write_configuration(const char *text)
{
	static char argument[PATH + 8], path[PATH];
	static char *last;
	FILE *file;

	if (last && strcmp(last, text) == 0)
		return argument;
	free(last);
	last = strdup(text);
	own_path("conf", path);
	snprintf(argument, sizeof(argument), "conf=%s", path);
	file = fopen(path, "we");
	if (!file || fputs(text, file) < 0 || fclose(file) || chmod(path, 0600))
		abort();
	return argument;
}

static void require_good_end(pam_handle_t *pamh, const struct arguments *arguments, int status)
{
	if (status != PAM_SUCCESS) {
		require(!pamh->authtok, "no password that was not accepted is left");
		return;
	}
	require(pamh->authtok != NULL, "success means that there is a password");
	if (has_argument(arguments, "dry_run") || has_argument(arguments, "exempt_root") ||
		has_argument(arguments, "local_users_only"))
		return;
	require(pamh->judged > 0 && pamh->accepted_last, "success means accepted");
	/* 2 and 3 are the character sets that are converted. */
	if ((pamh->head[HOST] & 3) < 2)
		require(strlen(pamh->authtok) == pamh->judged_last.length &&
				memcmp(pamh->authtok, pamh->judged_last.bytes,
					pamh->judged_last.length) == 0,
			"the password that is left is the one that was judged");
}

static void run(pam_handle_t *pamh, const struct arguments *arguments)
{
	const unsigned todo = phases[pamh->head[PHASE] % (sizeof(phases) / sizeof(phases[0]))];
	const int flags = (pamh->head[FLAGS] & IS_SILENT ? (int)PAM_SILENT : 0) |
			  (pamh->head[FLAGS] & IS_EXPIRED ? PAM_CHANGE_EXPIRED_AUTHTOK : 0);
	const int argc = arguments->count;
	const char **argv = (const char **)arguments->value;
	int status;

	if (todo & DO_AUTHENTICATE) {
		status = pam_sm_authenticate(pamh, flags, argc, argv);
		require(status == PAM_IGNORE, "the audit has no part in a login");
		require(pam_sm_setcred(pamh, flags, argc, argv) == PAM_IGNORE, "nor in setcred");
	}
	if (todo & DO_ACCOUNT) {
		status = pam_sm_acct_mgmt(pamh, flags, argc, argv);
		require(status == PAM_IGNORE || (status == PAM_NEW_AUTHTOK_REQD &&
							has_argument(arguments, "grace")),
			"only grace demands a new password");
	}
	if (todo & DO_PRELIMINARY) {
		status = pam_sm_chauthtok(pamh, flags | PAM_PRELIM_CHECK, argc, argv);
		require(status == PAM_SUCCESS || status == PAM_SERVICE_ERR, "ready, or a fault");
	}
	if (todo & DO_NEITHER)
		require(pam_sm_chauthtok(pamh, flags, argc, argv) == PAM_SERVICE_ERR,
			"neither phase is a fault");
	if (todo & DO_UPDATE) {
		pamh->may_ask = true;
		status = pam_sm_chauthtok(pamh, flags | PAM_UPDATE_AUTHTOK, argc, argv);
		require_good_end(pamh, arguments, status);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct pam_handle pamh = {.head = bytes};
	struct arguments arguments;
	char *texts, *at;

	if (size < HEAD_SIZE)
		return 0;
	/* A NUL for each field that the input does not have. */
	texts = calloc(1, size - HEAD_SIZE + FIELDS);
	if (!texts)
		abort();
	memcpy(texts, bytes + HEAD_SIZE, size - HEAD_SIZE);
	at = texts;
	for (size_t i = 0; i < FIELDS; i++) {
		pamh.field[i] = at;
		at += strlen(at) + 1;
	}
	current = &pamh;
	pamh.is_private = is_private(&pamh, MARKER);
	pamh.is_private_old = is_private(&pamh, OLD_MARKER);
	pamh.conversation =
		(struct pam_conv){bytes[FLAGS] & EMPTY_CONVERSATION ? NULL : converse, &pamh};
	pamh.answer = pamh.field[ANSWERS];
	if (*pamh.field[OLD] && bytes[FLAGS] & IS_MARKED &&
		asprintf(&pamh.field[OLD], "%s%s", pamh.field[OLD], OLD_MARKER) < 0)
		abort();
	stand_in_record_set(bytes[STORE]);
	arguments = split(pamh.field[ARGUMENTS], write_configuration(pamh.field[CONFIGURATION]));
	pamh.is_stacked = has_argument(&arguments, "use_authtok") ||
			  has_argument(&arguments, "use_first_pass");
	if (bytes[FLAGS] & IS_SET_BEFORE)
		pamh.authtok = take_answer(&pamh);
	run(&pamh, &arguments);
	if (pamh.release)
		pamh.release(&pamh, pamh.data, PAM_SUCCESS);
	a2a_secret_wipe(&pamh.judged_last);
	if (*pamh.field[OLD] && bytes[FLAGS] & IS_MARKED)
		free(pamh.field[OLD]);
	free(pamh.authtok);
	free(texts);
	return 0;
}
