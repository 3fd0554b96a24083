/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "recipient.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "address.h"

/* ---- One ------------------------------------------------------------------------------------- */

void issue_recipient_free(struct recipient *recipient)
{
	if (!recipient)
		return;
	a2a_row_free(&recipient->row);
	a2a_secret_wipe(&recipient->password);
	a2a_secret_wipe(&recipient->hashed);
	for (size_t i = 0; i < A2A_OUTPUTS; i++)
		a2a_secret_wipe(&recipient->page[i]);
	a2a_account_free(&recipient->account);
	free(recipient->own_user);
	free(recipient->own_name);
	free(recipient->old_hash);
	free(recipient->partly_why);
	free(recipient->own_problem);
	free(recipient);
}

void issue_refuse(struct recipient *recipient, const char *format, ...)
{
	va_list arguments;

	if (recipient->problem)
		return;
	va_start(arguments, format);
	if (vasprintf(&recipient->own_problem, format, arguments) < 0)
		recipient->own_problem = NULL;
	va_end(arguments);
	recipient->problem = recipient->own_problem ? recipient->own_problem : "out of memory";
}

bool issue_is_due(const struct recipient *recipient)
{
	return !recipient->problem && !recipient->is_before;
}

/* ---- Opening --------------------------------------------------------------------------------- */

static struct a2a_generator *open_generator(
	const struct recipients *recipients, enum a2a_language language)
{
	const struct a2a_run_request *request = recipients->request;
	const struct a2a_recipe recipe = {
		.style = request->words ? A2A_WORDS : A2A_CHARACTERS,
		.length = request->words ? request->words : request->length,
		.keyboard_safe = request->keyboard_safe,
		.language = request->words ? a2a_language_tag(language) : NULL,
	};

	return a2a_generator_open(request->policy, &recipe, recipients->log);
}

bool issue_recipients_open(struct recipients *recipients, const struct a2a_run_request *request,
	const struct a2a_log *log)
{
	const enum a2a_language count = request->words ? A2A_LANGUAGES : 1;

	recipients->request = request;
	recipients->log = log;
	for (enum a2a_language language = 0; language < count; language++) {
		recipients->generator[language] = open_generator(recipients, language);
		if (!recipients->generator[language])
			return false;
	}
	if (request->list)
		recipients->list = a2a_list_open(request->list, log);
	return !request->list || recipients->list;
}

void issue_recipients_close(struct recipients *recipients)
{
	tdestroy(recipients->seen, free);
	for (size_t i = 0; i < A2A_LANGUAGES; i++)
		a2a_generator_close(recipients->generator[i]);
	a2a_list_close(recipients->list);
	*recipients = (struct recipients){0};
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Dovecot turns user names into small letters. */
static int by_name(const void *one, const void *other)
{
	return strcasecmp(one, other);
}

/* Adds the user to those seen. Returns false when memory is out; `*again` if it was there. */
static bool see(struct recipients *recipients, const char *user, bool *again)
{
	char *copy = strdup(user);
	char *const *place = copy ? tsearch(copy, &recipients->seen, by_name) : NULL;

	*again = place && *place != copy;
	if (!place || *again)
		free(copy);
	return place;
}

/* What the list says of the account. Returns false when memory is out. */
static bool read_row(const struct recipients *recipients, struct recipient *recipient)
{
	const struct a2a_list *list = recipients->list;

	recipient->share = a2a_list_share(list);
	recipient->user = a2a_row_value(list, &recipient->row, A2A_USER);
	recipient->name = recipient->own_name = a2a_row_person(list, &recipient->row);
	recipient->mail = a2a_row_value(list, &recipient->row, A2A_MAIL);
	if (recipient->row.problem)
		issue_refuse(recipient, "%s", recipient->row.problem);
	return recipient->name;
}

/* What the request says of its next user. */
static void read_user(struct recipients *recipients, struct recipient *recipient)
{
	const struct a2a_run_request *request = recipients->request;
	const char *problem;

	recipient->user = request->users[recipients->next_user++];
	recipient->share = (double)recipients->next_user / (double)request->user_count;
	recipient->name = request->name ? request->name : "";
	recipient->mail = request->mail ? request->mail : "";
	problem = a2a_user_problem(recipient->user);
	if (problem)
		issue_refuse(recipient, "%s", problem);
}

/* The domain that the list gives the account in a column of its own; "" if none. */
static const char *domain_of(const struct a2a_list *list, const struct recipient *recipient)
{
	for (size_t i = 0; list && i < recipient->row.count; i++)
		if (strcmp(a2a_list_field(list, i), "domain") == 0 && a2a_list_is_copied(list, i))
			return recipient->row.cell[i];
	return "";
}

/*
 * Gives the recipient the one name of its user, by which it is compared, journalled and written
 * from here on. A user of whom only a hash is made is a virtual one. Returns false when memory is
 * out.
 */
static bool take_name(const struct recipients *recipients, struct recipient *recipient)
{
	const struct a2a_setter *setter = recipients->request->setter;
	const char *domain = domain_of(recipients->list, recipient);

	recipient->own_user = setter ? setter->name(setter->context, recipient->user, domain)
				     : a2a_virtual_name(recipient->user, domain);
	if (recipient->own_user)
		recipient->user = recipient->own_user;
	return recipient->own_user;
}

/* Refuses an address that is none: the list's, or a user name with an @ that has to be one. Returns
 * false when memory is out. */
static bool check_address(struct recipient *recipient)
{
	const char *user = strchr(recipient->user, '@') ? recipient->user : "";
	const char *address = *recipient->mail ? recipient->mail : user;
	char *problem = *address ? a2a_mail_address_problem(address) : NULL;
	const bool ok = !problem || *problem;

	if (problem)
		issue_refuse(recipient, "%s", problem);
	free(problem);
	return ok;
}

/* Refuses an account whose sheet would have an address that is made of the user name, while the
 * list has one under a heading that is not known. */
static void check_stray_address(const struct recipients *recipients, struct recipient *recipient)
{
	const struct a2a_list *list = recipients->list;
	const char *heading;

	if (!list || !recipients->request->outputs || *recipient->mail ||
		strchr(recipient->user, '@') || a2a_list_place(list, A2A_MAIL) != SIZE_MAX)
		return;
	heading = a2a_row_stray_address(list, &recipient->row);
	if (heading)
		issue_refuse(recipient,
			"the column \"%s\" has a mail address: call it \"mail\" if it is that of "
			"the account, or take it out",
			heading);
}

/* Checks user, address and language. Returns false when memory is out. */
static bool describe(struct recipients *recipients, struct recipient *recipient, const char *tag)
{
	enum a2a_language language;
	bool again;

	if (!take_name(recipients, recipient) || !see(recipients, recipient->user, &again))
		return false;
	if (again)
		issue_refuse(recipient, "the user name is there twice");
	if (!check_address(recipient))
		return false;
	check_stray_address(recipients, recipient);
	recipient->spelling = *tag ? tag : recipients->request->language;
	language = a2a_language_find(recipient->spelling);
	if (language < A2A_LANGUAGES) {
		recipient->language = a2a_language_tag(language);
	} else {
		char list[A2A_LANGUAGE_LIST_SIZE];

		issue_refuse(recipient, "there are no sheets in the language \"%s\": %s", tag,
			a2a_language_list(list));
	}
	return true;
}

/* What the place of its password says of it. Returns false, having reported, when it says nothing
 * of anybody. */
static bool look_up(const struct recipients *recipients, struct recipient *recipient)
{
	const struct a2a_setter *setter = recipients->request->setter;
	char *problem = NULL;
	const bool ok = !setter || setter->find(setter->context, recipient->user,
					   &recipient->account, &problem, recipients->log);

	if (problem)
		issue_refuse(recipient, "%s", *problem ? problem : "out of memory");
	free(problem);
	return ok;
}

/* ---- Warnings -------------------------------------------------------------------------------- */

/* Warns of a line of the list, or of a user who is named on the command line. */
__attribute__((format(printf, 3, 4))) static void warn(const struct recipients *recipients,
	const struct recipient *recipient, const char *format, ...)
{
	const char *list = recipients->request->list;
	char *where = NULL, *what = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&what, format, arguments) < 0)
		what = NULL;
	va_end(arguments);
	if (list && asprintf(&where, "%s:%lu", list, recipient->row.line) < 0)
		where = NULL;
	if (what)
		a2a_report(recipients->log, A2A_WARNING, where, "%s", what);
	free(where);
	free(what);
}

/* Warns before the account is issued a password that its user could not log in with. */
static void warn_of_name(const struct recipients *recipients, const struct recipient *recipient)
{
	const char *refused = a2a_user_refused(recipient->user);
	int length = 1;

	if (!refused)
		return;
	while ((refused[length] & 0xc0) == 0x80)
		length++;
	warn(recipients, recipient,
		"%s: Dovecot refuses this user name unless its setting auth_username_chars has "
		"\"%.*s\"",
		recipient->user, length, refused);
}

enum a2a_list_step issue_recipients_next(struct recipients *recipients, struct recipient **next)
{
	const struct a2a_run_request *request = recipients->request;
	struct recipient *recipient = calloc(1, sizeof(*recipient));
	enum a2a_list_step step = A2A_LIST_ROW;
	const char *tag = "";

	if (!recipient)
		goto out_of_memory;
	if (recipients->list)
		step = a2a_list_next(recipients->list, &recipient->row, recipients->log);
	else if (recipients->next_user == request->user_count)
		step = A2A_LIST_END;
	if (step != A2A_LIST_ROW) {
		issue_recipient_free(recipient);
		return step;
	}
	if (recipients->list && !read_row(recipients, recipient))
		goto out_of_memory;
	if (recipients->list)
		tag = a2a_row_value(recipients->list, &recipient->row, A2A_LANGUAGE);
	else
		read_user(recipients, recipient);
	if (!recipient->problem && !describe(recipients, recipient, tag))
		goto out_of_memory;
	if (!recipient->problem && !look_up(recipients, recipient)) {
		issue_recipient_free(recipient);
		return A2A_LIST_FAILED;
	}
	if (!recipient->problem)
		warn_of_name(recipients, recipient);
	*next = recipient;
	return A2A_LIST_ROW;
out_of_memory:
	a2a_fault(recipients->log, NULL, "out of memory");
	issue_recipient_free(recipient);
	return A2A_LIST_FAILED;
}

/* ---- The password ---------------------------------------------------------------------------- */

bool issue_recipient_draw(const struct recipients *recipients, struct recipient *recipient)
{
	const struct a2a_setter *setter = recipients->request->setter;
	const struct a2a_facts facts = {
		.user = recipient->user,
		.account = &recipient->account,
		.service = setter ? setter->service : NULL,
		.full_name = recipient->name,
		.mail = recipient->mail,
	};
	struct a2a_names names;
	const struct a2a_person person = a2a_who(&names, &facts);
	const size_t language =
		recipients->request->words ? a2a_language_find(recipient->language) : 0;
	uint64_t id;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id))
		return a2a_fault(recipients->log, "getrandom", "%s", strerror(errno));
	snprintf(recipient->id, sizeof(recipient->id), "%016" PRIx64, id);
	if (!a2a_generate(recipients->generator[language], &person, &recipient->password,
		    recipients->log))
		return false;
	/* It stands in for one that is not given. */
	if (!*recipient->name && recipient->account.full_name)
		recipient->name = recipient->account.full_name;
	return true;
}
