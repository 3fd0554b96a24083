/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "columns.h"
#include "setup.h"
#include "sheet.h"
#include "sign.h"
#include "spelling.h"

bool issue_handover_open(
	struct handover *handover, const struct a2a_run_request *request, const struct a2a_log *log)
{
	handover->request = request;
	if (!request->outputs)
		return true;
	if (!a2a_service_read(&handover->service, request->sheets, log))
		return false;
	a2a_setup_start();
	if (request->outputs & 1u << A2A_OUTPUT_MOBILECONFIG &&
		!a2a_signer_open(&handover->signer, &handover->service, log))
		return false;
	handover->sheets =
		a2a_sheets_open(&handover->service, request->sheets, request->shipped_sheets, log);
	return handover->sheets;
}

void issue_handover_close(struct handover *handover)
{
	a2a_sheets_close(handover->sheets);
	a2a_signer_close(handover->signer);
	a2a_service_free(&handover->service);
	*handover = (struct handover){0};
}

/* The other columns of the list become fields of the sheet. */
static size_t collect_fields(const struct a2a_list *list, const struct recipient *recipient,
	struct a2a_sheet_field *field)
{
	size_t count = 0;

	for (size_t i = 0; list && i < a2a_list_width(list); i++) {
		const char *name = a2a_list_field(list, i);

		if (*name && a2a_list_is_copied(list, i) && !a2a_sheet_owns(name) &&
			!issue_column_is_setting(list, i))
			field[count++] = (struct a2a_sheet_field){name, recipient->row.cell[i]};
	}
	return count;
}

/* Makes the service of the account: that of sheets.conf, with what the list says instead. Returns
 * false, having reported. Release with a2a_service_free() in any case. */
static bool take_settings(const struct handover *handover, const struct recipient *recipient,
	struct a2a_service *service, const struct a2a_log *log)
{
	const struct a2a_list *list = handover->list;
	bool ok = a2a_service_copy(service, &handover->service) ||
		  a2a_fault(log, NULL, "out of memory");

	for (size_t i = 0; ok && list && i < a2a_list_width(list); i++)
		if (issue_column_is_setting(list, i))
			ok = a2a_service_set(
				service, a2a_list_field(list, i), recipient->row.cell[i], log);
	return ok;
}

/* Finds the address of the account: the list's, or else one that is made of the user name. Returns
 * NULL, having given the recipient a problem. Release with free(). */
static char *find_address(const struct a2a_service *service, struct recipient *recipient)
{
	char *address = *recipient->mail ? strdup(recipient->mail)
					 : a2a_service_address(service, recipient->user);
	char *problem = address && *address ? a2a_mail_address_problem(address) : NULL;

	if (address && !problem)
		return address;
	if (problem && *problem)
		issue_refuse(recipient, "%s; --mail or a column \"mail\" gives another", problem);
	else
		issue_refuse(recipient, "out of memory");
	free(address);
	free(problem);
	return NULL;
}

static bool make_page(const struct handover *handover, struct recipient *recipient,
	enum a2a_output output, const struct a2a_handover *account, const struct a2a_log *log)
{
	static const enum a2a_sheet_format formats[] = {
		[A2A_OUTPUT_TEXT] = A2A_SHEET_TEXT,
		[A2A_OUTPUT_HTML] = A2A_SHEET_HTML,
		[A2A_OUTPUT_PDF] = A2A_SHEET_PDF,
	};
	const struct a2a_setup_account setup = {
		.user = recipient->user,
		.name = recipient->name,
		.mail = account->mail,
		.language = recipient->language,
	};
	struct secret *page = &recipient->page[output];

	switch (output) {
	case A2A_OUTPUT_AUTOCONFIG:
		return a2a_setup_autoconfig(account->service, &setup, page, log);
	case A2A_OUTPUT_MOBILECONFIG:
		return a2a_setup_mobileconfig(account->service, &setup, page, log) &&
		       a2a_sign(handover->signer, page, log);
	default:
		return a2a_sheet_make(handover->sheets, account, formats[output], page, log);
	}
}

/* A log whose faults become the recipient's problem. */
static void say_to_recipient(void *context, enum a2a_level level, const char *text)
{
	if (level == A2A_FAULT)
		issue_refuse(context, "%s", text);
}

/* Spells the password, for a grid and in one line. The cells borrow from the spelling. */
static bool spell_password(const struct handover *handover, const struct recipient *recipient,
	struct a2a_spelling *spelling, struct a2a_sheet_cell **cell, struct secret *line)
{
	if (!a2a_spell(&recipient->password, recipient->spelling, handover->request->words > 0,
		    spelling) ||
		!a2a_spelling_line(spelling, line))
		return false;
	*cell = calloc(spelling->count + 1, sizeof(**cell));
	for (size_t i = 0; *cell && i < spelling->count; i++)
		(*cell)[i] = (struct a2a_sheet_cell){
			.shown = spelling->cell[i].shown,
			.name = spelling->cell[i].name,
			.mark = spelling->cell[i].mark,
			.is_word = spelling->cell[i].is_word,
		};
	return *cell;
}

/* The name of the file that sets up Apple's programs; "" if none is made. NULL when memory is out.
 */
static char *name_setup_file(const struct handover *handover, const struct recipient *recipient)
{
	const struct a2a_run_request *request = handover->request;
	char *name = NULL;

	if (!request->folder || !(request->outputs & 1u << A2A_OUTPUT_MOBILECONFIG))
		return strdup("");
	return asprintf(&name, "%s.%s", recipient->user,
		       a2a_output_ending(A2A_OUTPUT_MOBILECONFIG)) < 0
		       ? NULL
		       : name;
}

static bool make_pages(const struct handover *handover, struct recipient *recipient)
{
	const struct a2a_log log = {say_to_recipient, recipient};
	const struct a2a_list *list = handover->list;
	const struct a2a_settings *settings = a2a_policy_settings(handover->request->policy);
	struct a2a_sheet_field *field = calloc(list ? a2a_list_width(list) : 1, sizeof(*field));
	struct a2a_service service = {0};
	char *setup_file = name_setup_file(handover, recipient);
	struct a2a_spelling spelling = {0};
	struct a2a_sheet_cell *cell = NULL;
	struct secret spelled = {0};
	const bool is_spelled = field && setup_file &&
				spell_password(handover, recipient, &spelling, &cell, &spelled);
	bool ok = take_settings(handover, recipient, &service, &log);
	char *address = ok ? find_address(&service, recipient) : NULL;
	const struct a2a_handover account = {
		.language = recipient->language,
		.user = recipient->user,
		.name = recipient->name,
		.mail = address,
		.password = &recipient->password,
		.spelled = &spelled,
		.cells = cell,
		.cell_count = spelling.count,
		.mobileconfig = setup_file,
		.issued = time(NULL),
		.guide_length = a2a_settings_is_house(settings) ? (long)settings->min_length : 0,
		.service = &service,
		.fields = field,
		.field_count = field ? collect_fields(list, recipient, field) : 0,
	};

	if (!is_spelled)
		issue_refuse(recipient, "out of memory");
	ok = address && !recipient->problem;
	for (enum a2a_output output = 0; ok && output < A2A_OUTPUTS; output++)
		if (handover->request->outputs & 1u << output)
			ok = make_page(handover, recipient, output, &account, &log);
	if (!ok)
		issue_refuse(recipient, "the sheet could not be made");
	free(field);
	free(cell);
	free(setup_file);
	free(address);
	a2a_service_free(&service);
	a2a_secret_wipe(&spelled);
	a2a_spelling_wipe(&spelling);
	return ok;
}

void issue_handover_make(const struct handover *handover, struct recipient *recipient)
{
	const struct a2a_run_request *request = handover->request;
	const char *problem;

	if (!issue_is_due(recipient) || !recipient->password.length ||
		(handover->sheets && !make_pages(handover, recipient)) || request->setter)
		return;
	problem = hash_password(request->scheme, &recipient->password, &recipient->hashed);
	if (problem)
		issue_refuse(recipient, "%s", problem);
}
